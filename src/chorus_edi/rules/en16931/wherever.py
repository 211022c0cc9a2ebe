"""What some rules also ask where the model has no place: the sheets find their groups anywhere.

A payee may stand in the payment terms of a CII document, a VAT breakdown in a UBL line. Neither
means anything in EN 16931, but the sheets judge them, so the XML is asked there as well. The rules
are registered before (``__init__`` imports this module last).
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from chorus_edi.domain.codelists.countries import COUNTRIES, EXTENDED_CTC_COUNTRIES
from chorus_edi.rules.en16931.vat_families import FAMILIES, Family, Rate
from chorus_edi.rules.inspection import CII, UBL, Ask
from chorus_edi.rules.registry import CATALOGUE, Inspection

_VAT = "[cac:TaxScheme/cbc:ID[translate(normalize-space(.), 'vat', 'VAT') = 'VAT']]"
_BELOW = "[parent::*/parent::*]"
"""Of an element that stands deeper than in the document itself."""

_SUBTOTAL = f"//cac:TaxTotal{_BELOW}/cac:TaxSubtotal"
_CATEGORY = f"cac:TaxCategory{_VAT}"
_RATE = f"{_CATEGORY}/cbc:Percent"
_TAX = "number(translate(cbc:TaxAmount, '-', ''))"
_BASE = "number(translate(cbc:TaxableAmount, '-', ''))"
_PARTY = (
    "[not(parent::cac:TaxRepresentativeParty"
    " or parent::cac:Party[parent::cac:AccountingSupplierParty]"
    " or parent::cac:Party[parent::cac:AccountingCustomerParty])]"
)
_PAYEE = "//ram:PayeeTradeParty[not(parent::ram:ApplicableHeaderTradeSettlement)]"
_REPRESENTATIVE = (
    "//ram:SellerTaxRepresentativeTradeParty[not(parent::ram:ApplicableHeaderTradeAgreement)]"
)
_SELLER = "//ram:SellerTradeParty[not(parent::ram:ApplicableHeaderTradeAgreement)]"
_OF_ANOTHER = (
    "[not(parent::ram:SellerTradeParty or parent::ram:BuyerTradeParty"
    " or parent::ram:SellerTaxRepresentativeTradeParty)]"
)


def _cents(amount: str) -> str:
    return f"self::*[string-length(substring-after({amount}, '.')) <= 2]"


def _country(codes: frozenset[str], text: str) -> str:
    return f"contains(' {' '.join(sorted(codes | {'EL'}))} ', {text})"


def _ask(each: str, counted: str, *names: str) -> Ask:
    return Ask(each=each, counted=counted, least=1, suspects=names)


_ASKS: tuple[tuple[str, Ask], ...] = (
    ("BR-17", _ask(_PAYEE, "ram:Name", "PayeeTradeParty")),
    (
        "BR-18",
        _ask(
            _REPRESENTATIVE,
            "ram:Name[normalize-space(.) != '']",
            "SellerTaxRepresentativeTradeParty",
        ),
    ),
    (
        "BR-19",
        _ask(_REPRESENTATIVE, "ram:PostalTradeAddress", "SellerTaxRepresentativeTradeParty"),
    ),
    (
        "BR-20",
        _ask(
            _REPRESENTATIVE,
            "ram:PostalTradeAddress/ram:CountryID[normalize-space(.) != '']",
            "SellerTaxRepresentativeTradeParty",
        ),
    ),
    ("BR-45", _ask(_SUBTOTAL, "cbc:TaxableAmount", "TaxSubtotal")),
    ("BR-46", _ask(_SUBTOTAL, "cbc:TaxAmount", "TaxSubtotal")),
    ("BR-47", _ask(_SUBTOTAL, f"{_CATEGORY}/cbc:ID", "TaxSubtotal")),
    (
        "BR-48",
        _ask(
            _SUBTOTAL,
            f"{_CATEGORY}[cbc:Percent or normalize-space(cbc:ID) = 'O']",
            "TaxSubtotal",
        ),
    ),
    (
        "BR-51",
        _ask(
            "//ram:ApplicableTradeSettlementFinancialCard"
            "[not(parent::ram:SpecifiedTradeSettlementPaymentMeans)]",
            "self::*[string-length(normalize-space(ram:ID)) <= 10]",
            "ApplicableTradeSettlementFinancialCard",
        ),
    ),
    (
        "BR-52",
        _ask(
            "//ram:AdditionalReferencedDocument[not(parent::ram:ApplicableHeaderTradeAgreement)]",
            "ram:IssuerAssignedID[. != '']",
            "AdditionalReferencedDocument",
        ),
    ),
    (
        "BR-52",
        _ask(
            f"//cac:AdditionalDocumentReference{_BELOW}",
            "cbc:ID[normalize-space(.) != '']",
            "AdditionalDocumentReference",
        ),
    ),
    (
        "BR-54",
        _ask(
            "//ram:ApplicableProductCharacteristic[not(parent::ram:SpecifiedTradeProduct)]",
            "self::*[ram:Description and ram:Value]",
            "ApplicableProductCharacteristic",
        ),
    ),
    (
        "BR-56",
        _ask(
            _REPRESENTATIVE,
            "ram:SpecifiedTaxRegistration/ram:ID[@schemeID = 'VA'][. != '']",
            "SellerTaxRepresentativeTradeParty",
        ),
    ),
    (
        "BR-CO-09",
        _ask(
            f"//cac:PartyTaxScheme{_VAT}{_PARTY}",
            f"self::*[{_country(COUNTRIES.codes, 'substring(cbc:CompanyID, 1, 2)')}]",
            "PartyTaxScheme",
        ),
    ),
    (
        "BR-CO-09",
        _ask(
            f"//ram:SpecifiedTaxRegistration{_OF_ANOTHER}/ram:ID[@schemeID = 'VA']",
            "self::*["
            + _country(EXTENDED_CTC_COUNTRIES.codes, "concat(' ', substring(., 1, 2), ' ')")
            + "]",
            "SpecifiedTaxRegistration",
        ),
    ),
    (
        "BR-CO-17",
        _ask(
            _SUBTOTAL,
            f"self::*[(not({_RATE}) or round({_RATE}) = 0) and round(cbc:TaxAmount) = 0"
            f" or round({_RATE}) != 0 and {_TAX} - 1 < round({_BASE} * {_RATE}) div 100"
            f" and {_TAX} + 1 > round({_BASE} * {_RATE}) div 100]",
            "TaxSubtotal",
        ),
    ),
    (
        "BR-CO-26",
        _ask(
            _SELLER,
            "ram:ID | ram:GlobalID | ram:SpecifiedLegalOrganization/ram:ID"
            " | ram:SpecifiedTaxRegistration/ram:ID[@schemeID = 'VA']",
            "SellerTradeParty",
        ),
    ),
    ("BR-DEC-19", _ask(_SUBTOTAL, _cents("cbc:TaxableAmount"), "TaxSubtotal")),
    ("BR-DEC-20", _ask(_SUBTOTAL, _cents("cbc:TaxAmount"), "TaxSubtotal")),
)

_RATES = {
    Rate.POSITIVE: "self::*[{} > 0]",
    Rate.NOT_NEGATIVE: "self::*[{} >= 0]",
    Rate.ZERO: "self::*[{} = 0]",
    Rate.ABSENT: "self::*[not({})]",
}


def _of_lines(of: Family) -> Iterator[tuple[str, Ask]]:
    """Ask the rates of allowances and charges of lines, which have no VAT category of their own."""
    for number, said in (("06", "false"), ("07", "true")):
        other = {"false": "0", "true": "1"}[said]
        indicator = f"[cbc:ChargeIndicator[. = '{said}' or . = '{other}']]"
        yield (
            f"BR-{of.prefix}-{number}",
            _ask(
                f"//cac:AllowanceCharge{_BELOW}{indicator}/{_CATEGORY}"
                f"[normalize-space(cbc:ID) = '{of.code}']",
                _RATES[of.rate].format("cbc:Percent"),
                "TaxCategory",
            ),
        )
        yield (
            f"BR-{of.prefix}-{number}",
            _ask(
                "//ram:SpecifiedTradeAllowanceCharge"
                "[not(parent::ram:ApplicableHeaderTradeSettlement)]"
                f"[ram:ChargeIndicator/udt:Indicator = '{said}']"
                f"/ram:CategoryTradeTax[ram:CategoryCode = '{of.code}']",
                _RATES[of.rate_cii or of.rate].format("ram:RateApplicablePercent"),
                "CategoryTradeTax",
            ),
        )


def _register() -> None:
    """Add what is asked of the XML to the rules, which are judged on the model as well."""
    asks = [*_ASKS, *(one for of in FAMILIES for one in _of_lines(of))]
    for rule_id, asked in asks:
        card = CATALOGUE[rule_id]
        held = card.inspection or Inspection((), frozenset(), __name__)
        syntaxes = held.syntaxes | (UBL if "cac:" in asked.each else CII)
        inspection = Inspection((*held.demands, asked.of(rule_id)), syntaxes, __name__)
        CATALOGUE[rule_id] = msgspec.structs.replace(card, inspection=inspection)


_register()
