"""Where the official sheets look for the codes of their lists: elements, and what decides there.

A place is the end of a path, whatever stands above; some depend on what is said beside them.
``codes`` gathers what stands there; judging is for the rules.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

from chorus_edi.domain.scenarios import Syntax
from chorus_edi.formats.mapping import cii, ubl
from chorus_edi.formats.mapping.table import steps
from chorus_edi.formats.texts import text_of

Pick: TypeAlias = Callable[[Any, str], str | None]
"""(element, value) → the value to judge, or None where the rule does not look at this element."""

Beside: TypeAlias = Callable[[Any], bool]
"""(parent) → True where a rule looks at what stands in it: its other children say so."""


class Site(NamedTuple):
    """A place that a rule looks at.

    Attributes:
        slot: number of the rule.
        above: tags of the elements above its parent, the nearest first.
        attribute: the attribute that holds the code; None where it is the text.
        absent: the value of an attribute that is not there; None where it is then not judged.
        beside: what the parent must say.
        pick: what else decides.
    """

    slot: int
    above: tuple[str, ...]
    attribute: str | None
    absent: str | None
    beside: Beside | None
    pick: Pick | None


class Places(NamedTuple):
    """The places of one tag: whatever the parent, and by the tag of the parent (those as well)."""

    anywhere: tuple[Site, ...]
    below: Mapping[str, tuple[Site, ...]]


class Sites(NamedTuple):
    """The places of one syntax: its rules, and where they look, by tag."""

    rules: tuple[str, ...]
    by_tag: Mapping[str, Places]


def place_of(path: Sequence[str]) -> int | tuple[Site, ...]:
    """Say at compile time what a mapped element or attribute is to the rules of code lists.

    Args:
        path: names (Clark, ``@name``) from below the root element of the document.

    Returns:
        The slot of ``Codes.seen`` that its text belongs to, whatever else the document holds; else
        the places it may be one of, for ``Codes.look``: none where no rule looks at it.
    """
    names = list(path)
    attribute = names.pop()[1:] if names[-1].startswith("@") else None
    places = _BY_TAG.get(names[-1], _NOWHERE)
    sites = places.below.get(names[-2], places.anywhere) if len(names) > 1 else places.anywhere
    if attribute is not None:
        sites = tuple(site for site in sites if site.attribute == attribute)
    if len(sites) == 1 and sites[0][1:] == ((), attribute, sites[0].absent, None, None):
        return sites[0].slot
    above = (*names[-3::-1], _CII_ROOT)
    return tuple(_settled(site) for site in sites if _may_be(site, names[-2:], above))


def _may_be(site: Site, here: list[str], above: tuple[str, ...]) -> bool:
    """False where the path says that a place is another one."""
    if here[0] in _NOT_BELOW.get(site.pick, ()):
        return False
    return above[: len(site.above)] == site.above


def _settled(site: Site) -> Site:
    """Leave out what the path has already said."""
    pick = None if site.pick is _no_tax_registration else site.pick
    return site._replace(above=(), pick=pick)


def _has_above(element: Any, *tags: str) -> bool:
    return next(element.iterancestors(*tags), None) is not None


def _texts(element: Any, tag: str) -> Iterator[str]:
    return (text_of(child) for child in element.iterchildren(tag))


_CAC = f"{{{ubl.PREFIXES['cac']}}}"
_CBC = f"{{{ubl.PREFIXES['cbc']}}}"
_RAM = f"{{{cii.PREFIXES['ram']}}}"
_UDT = f"{{{cii.PREFIXES['udt']}}}"
_CII_ROOT = f"{{{cii.PREFIXES['rsm']}}}CrossIndustryInvoice"
_TAX_REGISTRATION = f"{_RAM}SpecifiedTaxRegistration"

_FALSE = frozenset({"false", "0"})
_TRUE = frozenset({"true", "1"})


def _ubl_indicator(wanted: frozenset[str]) -> Beside:
    """Look where the allowance or charge says so, as an ``xs:boolean``."""

    def beside(parent: Any) -> bool:
        return any(text.strip() in wanted for text in _texts(parent, f"{_CBC}ChargeIndicator"))

    return beside


def _ubl_object(parent: Any) -> bool:
    """Look at references of an invoiced object."""
    return "130" in _texts(parent, f"{_CBC}DocumentTypeCode")


def _ubl_party_scheme(element: Any, value: str) -> str | None:
    """SEPA is no scheme of a party, but says that its identifier is BT-90."""
    creditor = (f"{_CAC}AccountingSupplierParty", f"{_CAC}PayeeParty")
    return None if value.strip(" \t\r\n") == "SEPA" and _has_above(element, *creditor) else value


def _ubl_subject(element: Any, value: str) -> str | None:
    """A header note may begin with its subject between two #; only three characters are one."""
    if element.getparent().getparent() is not None:
        return None
    subject, closed, _ = value.partition("#")[2].partition("#")
    return subject if closed and len(subject) == 3 else None


def _no_scheme(element: Any, value: str) -> str | None:
    """An identifier with a scheme is judged by its scheme."""
    return value if element.get("schemeID") is None else None


def _no_tax_registration(element: Any, value: str) -> str | None:
    return None if _has_above(element, _TAX_REGISTRATION) else value


def _cii_document(kind: str) -> Beside:
    def beside(parent: Any) -> bool:
        return kind in _texts(parent, f"{_RAM}TypeCode")

    return beside


def _cii_allowance(parent: Any) -> bool:
    return any(text.strip() in _FALSE for text in _cii_indicators(parent))


def _cii_charge(parent: Any) -> bool:
    """The sheet of the profile compares the word."""
    return "true" in _cii_indicators(parent)


def _no_list(element: Any, value: str) -> str | None:
    """It leaves a code of another list alone."""
    return value if element.get("listID") is None else None


_CHARGES, _TAXES = "7161", "5153"


def _of_charges(element: Any, of: str) -> str | None:
    """Look at the code itself; few codes say their list, and only those are asked."""
    return text_of(element) if of == _CHARGES else None


def _of_no_charges(element: Any, of: str) -> str | None:
    return text_of(element) if of != _CHARGES else None


def _of_taxes(element: Any, of: str) -> str | None:
    return text_of(element) if of == _TAXES else None


def _other_list(_: Any, of: str) -> str | None:
    return None if of in ("", _CHARGES, _TAXES) else of


def _party_scheme(element: Any, value: str) -> str | None:
    """Look at what is neither of an item nor of the place of delivery."""
    return None if _has_above(element, *_NO_PARTY) else value


_NO_PARTY = (f"{_RAM}SpecifiedTradeProduct", f"{_RAM}ShipToTradeParty")
_NOT_BELOW: Mapping[Pick | None, tuple[str, ...]] = {
    _no_tax_registration: (_TAX_REGISTRATION,),
    _party_scheme: _NO_PARTY,
}
"""What a place does not stand below: known at compile time where it is the parent."""


def _cii_true(parent: Any) -> bool:
    return any(text.strip() in _TRUE for text in _cii_indicators(parent))


def _cii_indicators(parent: Any) -> Iterator[str]:
    for indicator in parent.iterchildren(f"{_RAM}ChargeIndicator"):
        yield from _texts(indicator, f"{_UDT}Indicator")


class _Row(NamedTuple):
    """A row of a table: a rule, the end of a path, and what else decides."""

    rule: str
    path: str
    beside: Beside | None = None
    pick: Pick | None = None
    absent: str | None = None


_AMOUNTS = [
    "Amount",
    "BaseAmount",
    "PriceAmount",
    "TaxAmount",
    "TaxableAmount",
    "LineExtensionAmount",
    "TaxExclusiveAmount",
    "TaxInclusiveAmount",
    "AllowanceTotalAmount",
    "ChargeTotalAmount",
    "PrepaidAmount",
    "PayableRoundingAmount",
    "PayableAmount",
]

_ATTRIBUTE = "cac:Item/cac:AdditionalItemProperty/cbc:NameCode"
_LIST_OF_CHARGE = "cac:AllowanceCharge/cbc:AllowanceChargeReasonCode/@listID"

_UBL_ROWS = (
    *(_Row("BR-CL-03", f"cbc:{name}/@currencyID", absent="") for name in _AMOUNTS),
    _Row("BR-CL-04", "cbc:DocumentCurrencyCode"),
    _Row("BR-CL-05", "cbc:TaxCurrencyCode"),
    _Row("BR-CL-06", "cac:InvoicePeriod/cbc:DescriptionCode"),
    _Row("BR-CL-07", "cac:AdditionalDocumentReference/cbc:ID/@schemeID", _ubl_object),
    _Row("BR-CL-07", "cac:DocumentReference/cbc:ID/@schemeID", _ubl_object),
    _Row("BR-CL-08", "cbc:Note", pick=_ubl_subject),
    _Row("BR-CL-10", "cac:PartyIdentification/cbc:ID/@schemeID", pick=_ubl_party_scheme),
    _Row("BR-CL-11", "cac:PartyLegalEntity/cbc:CompanyID/@schemeID"),
    _Row("BR-CL-13", "cac:CommodityClassification/cbc:ItemClassificationCode/@listID"),
    _Row("BR-CL-14", "cac:Country/cbc:IdentificationCode"),
    _Row("BR-CL-15", "cac:OriginCountry/cbc:IdentificationCode"),
    _Row("BR-CL-16", "cac:PaymentMeans/cbc:PaymentMeansCode"),
    _Row("BR-CL-17", "cac:TaxCategory/cbc:ID"),
    _Row("BR-CL-18", "cac:ClassifiedTaxCategory/cbc:ID"),
    _Row("BR-CL-19", "cac:AllowanceCharge/cbc:AllowanceChargeReasonCode", _ubl_indicator(_FALSE)),
    _Row("BR-CL-20", "cac:AllowanceCharge/cbc:AllowanceChargeReasonCode", _ubl_indicator(_TRUE)),
    _Row("BR-CL-21", "cac:StandardItemIdentification/cbc:ID/@schemeID"),
    _Row("BR-CL-22", "cbc:TaxExemptionReasonCode"),
    _Row("BR-CL-23", "cbc:InvoicedQuantity/@unitCode"),
    _Row("BR-CL-23", "cbc:CreditedQuantity/@unitCode"),
    _Row("BR-CL-23", "cbc:BaseQuantity/@unitCode"),
    _Row("BR-CL-24", "cbc:EmbeddedDocumentBinaryObject/@mimeCode"),
    _Row("BR-CL-25", "cbc:EndpointID/@schemeID"),
    _Row("BR-CL-26", "cac:DeliveryLocation/cbc:ID/@schemeID"),
    _Row("BR-FREXT-04", f"cac:InvoiceLine/{_ATTRIBUTE}"),
    _Row("BR-FREXT-04", f"cac:CreditNoteLine/{_ATTRIBUTE}"),
    _Row("BR-FREXT-CL-10", "cac:PartyIdentification/cbc:ID/@schemeID", pick=_ubl_party_scheme),
    # Of the codes of BR-CL-20, those that are not of its list.
    _Row("BR-FREXT-CL-20", _LIST_OF_CHARGE, _ubl_indicator(_TRUE), _of_no_charges),
    _Row("BR-FREXT-CL-20-TAX", _LIST_OF_CHARGE, _ubl_indicator(_TRUE), _of_taxes),
    _Row("BR-FREXT-CL-20-LISTID", _LIST_OF_CHARGE, _ubl_indicator(_TRUE), _other_list),
    _Row("BR-FREXT-CL-24", "cbc:EmbeddedDocumentBinaryObject/@mimeCode"),
    _Row("BR-FREXT-CL-27", "cac:DeliveryTerms/cbc:ID"),
)
"""EN16931-UBL-validation, the contexts of its patterns on codes; but that of the type code, which
each kind of document has an element and a list for (in an extension: ``wherever_extensions``).
Those of BR-FREXT are of EXTENDED-CTC-FR-UBL."""

_TRADE = "rsm:CrossIndustryInvoice/rsm:SupplyChainTradeTransaction"
_AGREEMENT = f"{_TRADE}/ram:ApplicableHeaderTradeAgreement"
_SETTLEMENT = f"{_TRADE}/ram:ApplicableHeaderTradeSettlement"
_LINE_SETTLEMENT = f"{_TRADE}/ram:IncludedSupplyChainTradeLineItem/ram:SpecifiedLineTradeSettlement"
_FURTHER = "ram:AdditionalReferencedDocument"
_REASON = "ram:SpecifiedTradeAllowanceCharge/ram:ReasonCode"
_PRICE = "ram:GrossPriceProductTradePrice/ram:AppliedTradeAllowanceCharge"

_CII_ROWS = (
    _Row("BR-CL-01", "rsm:ExchangedDocument/ram:TypeCode"),
    _Row("BR-CL-03", "ram:TaxTotalAmount/@currencyID"),
    _Row("BR-CL-04", "ram:InvoiceCurrencyCode"),
    _Row("BR-CL-05", "ram:TaxCurrencyCode"),
    _Row("BR-CL-06", "ram:DueDateTypeCode"),
    _Row("BR-CL-07", f"{_AGREEMENT}/{_FURTHER}/ram:ReferenceTypeCode", _cii_document("130")),
    _Row("BR-CL-07", f"{_LINE_SETTLEMENT}/{_FURTHER}/ram:ReferenceTypeCode"),
    _Row("BR-CL-08", "ram:SubjectCode"),
    _Row("BR-CL-10", f"{_AGREEMENT}/ram:SellerTradeParty/ram:GlobalID/@schemeID"),
    _Row("BR-CL-10", f"{_AGREEMENT}/ram:BuyerTradeParty/ram:GlobalID/@schemeID"),
    _Row("BR-CL-10", f"{_SETTLEMENT}/ram:PayeeTradeParty/ram:GlobalID/@schemeID"),
    _Row("BR-CL-11", "ram:ID/@schemeID", pick=_no_tax_registration),
    _Row("BR-CL-13", "ram:ClassCode/@listID"),
    _Row("BR-CL-14", "ram:CountryID"),
    _Row("BR-CL-15", "ram:OriginTradeCountry/ram:ID", pick=_no_scheme),
    _Row("BR-CL-16", "ram:SpecifiedTradeSettlementPaymentMeans/ram:TypeCode"),
    _Row("BR-CL-17", "ram:CategoryTradeTax/ram:CategoryCode"),
    _Row("BR-CL-18", "ram:ApplicableTradeTax/ram:CategoryCode"),
    _Row("BR-CL-19", _REASON, _cii_allowance),
    _Row("BR-CL-20", f"{_SETTLEMENT}/{_REASON}", _cii_charge, _no_list),
    _Row("BR-CL-20", f"{_LINE_SETTLEMENT}/{_REASON}", _cii_charge, _no_list),
    _Row("BR-CL-21", "ram:SpecifiedTradeProduct/ram:GlobalID/@schemeID"),
    _Row("BR-CL-22", "ram:ExemptionReasonCode"),
    _Row("BR-CL-23", "ram:BasisQuantity/@unitCode"),
    _Row("BR-CL-23", "ram:BilledQuantity/@unitCode"),
    _Row(
        "BR-CL-24",
        f"{_AGREEMENT}/{_FURTHER}/ram:AttachmentBinaryObject/@mimeCode",
        _cii_document("916"),
    ),
    _Row("BR-CL-25", "ram:URIUniversalCommunication/ram:URIID/@schemeID"),
    _Row(
        "BR-CL-26",
        "ram:ApplicableHeaderTradeDelivery/ram:ShipToTradeParty/ram:GlobalID/@schemeID",
    ),
    _Row("BR-FREXT-CL-10", "ram:GlobalID/@schemeID", pick=_party_scheme),
    _Row("BR-FREXT-CL-19-GP", f"{_PRICE}/ram:ReasonCode", _cii_allowance),
    # Beside the codes of BR-CL-20, those that say that they are of its list.
    _Row("BR-FREXT-CL-20", f"{_REASON}/@listID", _cii_true, _of_charges),
    _Row("BR-FREXT-CL-20-TAX", f"{_REASON}/@listID", _cii_true, _of_taxes),
    _Row("BR-FREXT-CL-20-LISTID", f"{_REASON}/@listID", _cii_true, _other_list),
    _Row("BR-FREXT-CL-24", "ram:AttachmentBinaryObject/@mimeCode"),
    _Row("BR-FREXT-CL-27", "ram:ApplicableTradeDeliveryTerms/ram:DeliveryTypeCode"),
    _Row("BR-FXEXT-04", "ram:ApplicableProductCharacteristic/ram:TypeCode"),
)
"""EXTENDED-CTC-FR-CII; BR-CL-07, 10, 20 and 24 as FACTUR-X_EN16931 has them (FX-SCH-A-*)."""


def _sites(rows: tuple[_Row, ...], prefixes: Mapping[str, str]) -> Sites:
    rules = tuple(dict.fromkeys(row.rule for row in rows))
    by_tag: dict[str, dict[str, list[Site]]] = {}
    for row in rows:
        *path, last = [step.name for step in steps(row.path, prefixes)]
        attribute = last[1:] if last.startswith("@") else None
        if attribute is not None:
            last = path.pop()
        *above, parent = path or [""]
        further = (attribute, row.absent, row.beside, row.pick)
        site = Site(rules.index(row.rule), tuple(above[::-1]), *further)
        by_tag.setdefault(last, {}).setdefault(parent, []).append(site)
    return Sites(rules, {tag: _places(held) for tag, held in by_tag.items()})


def _places(by_parent: dict[str, list[Site]]) -> Places:
    anywhere = tuple(by_parent.pop("", ()))
    return Places(anywhere, {tag: (*anywhere, *sites) for tag, sites in by_parent.items()})


_UBL_INVOICE, _UBL_CREDIT_NOTE = (
    _sites((_Row("BR-CL-01", f"cbc:{name}"), *_UBL_ROWS), ubl.PREFIXES)
    for name in ("InvoiceTypeCode", "CreditNoteTypeCode")
)
_CII = _sites(_CII_ROWS, cii.PREFIXES)
SITES = {
    Syntax.UBL_INVOICE: _UBL_INVOICE,
    Syntax.UBL_CREDIT_NOTE: _UBL_CREDIT_NOTE,
    Syntax.CII: _CII,
}
"""Where the rules look in each syntax."""

GATHERED_FOR = {"BR-CL-20": "BR-FREXT-CL-20"}
"""Rule of EN 16931 → the rule of the extension that judges what is gathered for it."""

_BY_TAG = {**_UBL_INVOICE.by_tag, **_UBL_CREDIT_NOTE.by_tag, **_CII.by_tag}
_NOWHERE = Places((), {})
