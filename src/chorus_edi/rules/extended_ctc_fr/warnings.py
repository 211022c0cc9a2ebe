"""What the sheets only warn of, and EN 16931 does not know: parts of what the extension uses.

Not here: which half of a rule on a base (``-08ini``, ``-08rev``) a sound base does not meet.
"""

from __future__ import annotations

from typing import NamedTuple

from chorus_edi.domain.findings import Severity
from chorus_edi.domain.scenarios import Syntax
from chorus_edi.rules.extended_ctc_fr.cards import SOURCE
from chorus_edi.rules.inspection import CII, UBL, Ask, Text, ask

_TRADE = "/rsm:CrossIndustryInvoice/rsm:SupplyChainTradeTransaction"
_UBL_LINE = "/*/*[self::cac:InvoiceLine or self::cac:CreditNoteLine]"


def _terms_of(each: str, terms: str, code: str, place: str, name: str) -> Ask:
    """Ask that delivery terms hold nothing but their code and the name of their place."""
    return Ask(
        each=each,
        counted=f"{terms}/*[not(self::{code} or self::{place})] | "
        f"{terms}/{place}/*[not(self::{name})]",
        most=0,
        suspects=(terms.partition(":")[2],),
    )


def _rate_of(each: str, rate: str, *names: str) -> Ask:
    """Ask that an exchange rate holds nothing but some elements."""
    known = " or ".join(f"local-name() = '{name}'" for name in names)
    return Ask(
        each=each,
        counted=f"{rate}/*[not({known})]",
        most=0,
        suspects=(rate.partition(":")[2],),
    )


_UBL_TERMS = ("cac:DeliveryTerms", "cbc:ID", "cac:DeliveryLocation", "cbc:Name")
_CII_TERMS = (
    "ram:ApplicableTradeDeliveryTerms",
    "ram:DeliveryTypeCode",
    "ram:RelevantTradeLocation",
    "ram:Name",
)


def _of_terms(fr: str, en: str) -> Text:
    return Text(
        name=f"the delivery terms of {en} are a code and the name of a place",
        fr=f"Les conditions de livraison {fr} portent plus que leur code et le nom d'un lieu.",
        en=f"The delivery terms of {en} hold more than their code and the name of a place.",
        conseil="Ne gardez que le code Incoterm et le nom du lieu.",
    )


_OF_RATE = Text(
    name="an exchange rate is its currencies, its rate and its day",
    fr="Le taux de change de la TVA (BT-6) porte plus que ses devises, son taux et sa date.",
    en="The exchange rate of the VAT (BT-6) holds more than its currencies, its rate and its day.",
    conseil="Ne gardez que les deux devises, le taux et sa date.",
)
_OF_DOCUMENT = _of_terms("du document (BG-13)", "the document (BG-13)")
_OF_LINE = _of_terms("de la ligne (BG-25)", "a line (BG-25)")


class _Row(NamedTuple):
    """A warning, where it looks, and its sentences."""

    id: str
    term: str
    asked: Ask
    syntaxes: frozenset[Syntax]
    text: Text


_ROWS = (
    _Row("UBL-FREXT-CR-410", "BG-13", _terms_of("/*", *_UBL_TERMS), UBL, _OF_DOCUMENT),
    _Row("UBL-FREXT-CR-645", "BG-25", _terms_of(_UBL_LINE, *_UBL_TERMS), UBL, _OF_LINE),
    _Row(
        "CII-FREXT-CR-490",
        "BT-6",
        _rate_of(
            "/*",
            "cac:TaxExchangeRate",
            "SourceCurrencyCode",
            "TargetCurrencyCode",
            "CalculationRate",
            "Date",
        ),
        UBL,
        _OF_RATE,
    ),
    _Row(
        "CII-FREXT-SR-293",
        "BG-13",
        _terms_of(f"{_TRADE}/ram:ApplicableHeaderTradeAgreement", *_CII_TERMS),
        CII,
        _OF_DOCUMENT,
    ),
    _Row(
        "CII-FREXT-SR-106",
        "BG-25",
        _terms_of(
            f"{_TRADE}/ram:IncludedSupplyChainTradeLineItem/ram:SpecifiedLineTradeAgreement",
            *_CII_TERMS,
        ),
        CII,
        _OF_LINE,
    ),
    _Row(
        "CII-FREXT-SR-366",
        "BT-6",
        _rate_of(
            f"{_TRADE}/ram:ApplicableHeaderTradeSettlement",
            "ram:TaxApplicableTradeCurrencyExchange",
            "SourceCurrencyCode",
            "TargetCurrencyCode",
            "ConversionRate",
            "ConversionRateDateTime",
        ),
        CII,
        _OF_RATE,
    ),
)

for _row in _ROWS:
    ask(
        _row.id,
        _row.term,
        asks=(_row.asked,),
        syntaxes=_row.syntaxes,
        text=_row.text,
        source=SOURCE,
        module=__name__,
        severity=Severity.WARNING,
    )
