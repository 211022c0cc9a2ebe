"""Where each syntax has what the rules on grouped lines compare (see ``subinvoices``)."""

from __future__ import annotations

from typing import NamedTuple

from chorus_edi.domain.demands import Key
from chorus_edi.rules.br_fr.codes import SOURCE
from chorus_edi.rules.br_fr.syntax import one_of
from chorus_edi.rules.inspection import CII, UBL, Ask, Text, ask

_UBL_FRAMEWORK = "normalize-space(cbc:ProfileID)"
_CII_FRAMEWORK = (
    "normalize-space(rsm:ExchangedDocumentContext"
    "/ram:BusinessProcessSpecifiedDocumentContextParameter/ram:ID)"
)


class Syntax(NamedTuple):
    """Where a syntax has what the rules compare, from a line.

    Attributes:
        root: the invoice, with a place for the condition on its framework.
        framework: BT-23, from the invoice.
        lines: from the invoice.
        type: BT-3, from the invoice.
        number: BT-1.
        seller: legal registration of the seller, and of the buyer.
        status: kind of the line (EXT-FR-FE-163).
        group: condition that it is a GROUP line below no other.
        beside: whatever stands beside lines, from the document.
        kept: the number of the line above, of a line that is no line of information.
        counted: the same, of a DETAIL or GROUP line.
        parent: number of the line above.
        own: number of the line.
        item: the seller of the line's item: name, registration, country.
        object: its BT-128 of a scheme, for ``format``.
        net: BT-131; ``vat``, its VAT in a currency, for ``format``; ``gross``, with VAT.
        reason: BT-X-96, reason of exemption.
        earlier: number and date of an earlier invoice.
        rows: of the VAT breakdown; ``row_reason`` and ``row_vat`` from there.
    """

    root: str
    framework: str
    lines: str
    type: str
    number: str
    seller: str
    buyer: str
    currency: str
    accounting: str
    status: str
    group: str
    beside: str
    kept: str
    counted: str
    parent: str
    own: str
    item_name: str
    item_seller: str
    item_country: str
    object: str
    net: str
    vat: str
    gross: str
    reason: str
    earlier: tuple[str, str]
    rows: str
    row_reason: str
    row_vat: str
    detail: str


# Each line asks for it: looking for a second one would look through all lines for each of them.
_NUMBER = "/*/cbc:ID[1]"
_REFERENCE = f"cac:BillingReference[cac:InvoiceDocumentReference/cbc:ID = {_NUMBER}]"
_OTHER = f"cac:BillingReference[cac:InvoiceDocumentReference/cbc:ID != {_NUMBER}]"
_CODE = "cac:InvoiceDocumentReference/cbc:DocumentStatusCode"
_ABOVE = "cac:BillingReferenceLine/cbc:ID"
_MAKER = "cac:Item/cac:ManufacturerParty"
UBL_PLACES = Syntax(
    root="/*[cbc:ProfileID]",
    framework=_UBL_FRAMEWORK,
    lines="*[self::cac:InvoiceLine or self::cac:CreditNoteLine]",
    type="*[self::cbc:InvoiceTypeCode or self::cbc:CreditNoteTypeCode]",
    number=_NUMBER,
    seller="/*/cac:AccountingSupplierParty[1]/cac:Party/cac:PartyLegalEntity/cbc:CompanyID",
    buyer="/*/cac:AccountingCustomerParty[1]/cac:Party/cac:PartyLegalEntity/cbc:CompanyID",
    currency="/*/cbc:DocumentCurrencyCode[1]",
    accounting="/*/cbc:TaxCurrencyCode[1]",
    status=f"{_REFERENCE}/{_CODE}",
    group=f"{_REFERENCE}[{_CODE}='GROUP' and not({_ABOVE})]",
    beside="/*/*",
    kept=f"{_REFERENCE}[{_CODE} != 'INFORMATION']/{_ABOVE}",
    counted=f"{_REFERENCE}[{_CODE}='DETAIL' or {_CODE}='GROUP']/{_ABOVE}",
    parent=f"{_REFERENCE}/{_ABOVE}",
    own="cbc:ID",
    item_name=f"{_MAKER}/cac:PartyLegalEntity/cbc:RegistrationName",
    item_seller=f"{_MAKER}/cac:PartyLegalEntity/cbc:CompanyID",
    item_country=f"{_MAKER}/cac:PostalAddress/cac:Country/cbc:IdentificationCode",
    object="cac:DocumentReference[cbc:DocumentTypeCode='130']/cbc:ID[@schemeID='{}']",
    net="cbc:LineExtensionAmount",
    vat="cac:TaxTotal/cbc:TaxAmount[@currencyID={}]",
    gross="cbc:TaxInclusiveLineExtensionAmount",
    reason="cac:Item/cac:ClassifiedTaxCategory/cbc:TaxExemptionReason",
    earlier=(
        f"{_OTHER}/cac:InvoiceDocumentReference/cbc:ID",
        f"{_OTHER}/cac:InvoiceDocumentReference/cbc:IssueDate",
    ),
    rows="/*/cac:TaxTotal/cac:TaxSubtotal[cac:TaxCategory/cac:TaxScheme/cbc:ID='VAT']",
    row_reason="cac:TaxCategory/cbc:TaxExemptionReason",
    row_vat="cbc:TaxAmount",
    detail=f"{_REFERENCE}/{_CODE}='DETAIL'",
)
_LINE = "ram:AssociatedDocumentLineDocument"
STATUS = f"{_LINE}/ram:LineStatusReasonCode"
_PARENT = f"{_LINE}/ram:ParentLineID"
_AGREED = "ram:SpecifiedLineTradeAgreement/ram:ItemSellerTradeParty"
SETTLED = "ram:SpecifiedLineTradeSettlement"
_SUMMED = f"{SETTLED}/ram:SpecifiedTradeSettlementLineMonetarySummation"
_TRADE = "/*/rsm:SupplyChainTradeTransaction"
_AGREEMENT = f"{_TRADE}/ram:ApplicableHeaderTradeAgreement"
_HEADER = f"{_TRADE}/ram:ApplicableHeaderTradeSettlement"
CII_PLACES = Syntax(
    root="/*[rsm:ExchangedDocumentContext]",
    framework=_CII_FRAMEWORK,
    lines="rsm:SupplyChainTradeTransaction/ram:IncludedSupplyChainTradeLineItem",
    type="rsm:ExchangedDocument/ram:TypeCode",
    number="/*/rsm:ExchangedDocument/ram:ID",
    seller=f"{_AGREEMENT}/ram:SellerTradeParty/ram:SpecifiedLegalOrganization/ram:ID",
    buyer=f"{_AGREEMENT}/ram:BuyerTradeParty/ram:SpecifiedLegalOrganization/ram:ID",
    currency=f"{_HEADER}/ram:InvoiceCurrencyCode",
    accounting=f"{_HEADER}/ram:TaxCurrencyCode",
    status=STATUS,
    group=f"{STATUS}='GROUP' and not({_PARENT})",
    beside=f"{_TRADE}/*",
    kept=f"self::*[{STATUS} != 'INFORMATION']/{_PARENT}",
    counted=f"self::*[{STATUS}='DETAIL' or {STATUS}='GROUP']/{_PARENT}",
    parent=_PARENT,
    own=f"{_LINE}/ram:LineID",
    item_name=f"{_AGREED}/ram:Name",
    item_seller=f"{_AGREED}/ram:SpecifiedLegalOrganization/ram:ID",
    item_country=f"{_AGREED}/ram:PostalTradeAddress/ram:CountryID",
    object=f"{SETTLED}/ram:AdditionalReferencedDocument[ram:ReferenceTypeCode='{{}}' and "
    "ram:TypeCode='130']/ram:IssuerAssignedID",
    net=f"{_SUMMED}/ram:LineTotalAmount",
    vat=f"{_SUMMED}/ram:TaxTotalAmount[@currencyID={{}}]",
    gross=f"{_SUMMED}/ram:GrandTotalAmount",
    reason=f"{SETTLED}/ram:ApplicableTradeTax/ram:ExemptionReason",
    earlier=(
        f"{SETTLED}/ram:InvoiceReferencedDocument/ram:IssuerAssignedID",
        f"{SETTLED}/ram:InvoiceReferencedDocument/ram:FormattedIssueDateTime/qdt:DateTimeString",
    ),
    rows=f"{_HEADER}/ram:ApplicableTradeTax[ram:TypeCode='VAT']",
    row_reason="ram:ExemptionReason",
    row_vat="ram:CalculatedAmount",
    detail=f"{STATUS}='DETAIL'",
)

CALL = ("ProfileID", "BusinessProcessSpecifiedDocumentContextParameter")
SEVERAL, MUTUAL = ("B8", "S8", "M8"), ("B9", "S9", "M9")
BOTH = (*SEVERAL, *MUTUAL)
SYNTAXES = (UBL_PLACES, CII_PLACES)


def root_of(syntax: Syntax, codes: tuple[str, ...]) -> str:
    """Return the invoice, where its framework is one of some."""
    return f"{syntax.root}[{one_of(codes, syntax.framework)}]"


def each_of(syntax: Syntax, codes: tuple[str, ...], condition: str = "") -> str:
    """Return the lines of invoices of some frameworks, those that meet a condition."""
    return f"{root_of(syntax, codes)}/{syntax.lines}{f'[{condition}]' if condition else ''}"


def wrong(each: str, condition: str, *keys: Key, **given: str) -> Ask:
    """Ask that a condition may not hold of some elements."""
    return Ask(
        each=each,
        counted=f"self::*[{condition}]",
        most=0,
        given=tuple(given.items()),
        keys=keys,
        suspects=CALL,
    )


def lacks(each: str, *paths: str) -> tuple[Ask, ...]:
    """Ask that some texts are not blank, of each of some elements."""
    return tuple(wrong(each, f"normalize-space({path})=''") for path in paths)


def grouped_rule(rule: str, *terms: str, asks: tuple[Ask, ...], **text: str) -> None:
    """Register a rule on grouped lines, in both syntaxes; see ``ask``."""
    ask(
        rule,
        *terms,
        asks=asks,
        syntaxes=UBL | CII,
        text=Text(**text),
        source=SOURCE,
        module=f"{__package__}.subinvoices",
    )


def groups_of(codes: tuple[str, ...]) -> tuple[tuple[Syntax, str], ...]:
    """Return, by syntax, the GROUP lines that stand below no other."""
    return tuple((syntax, each_of(syntax, codes, syntax.group)) for syntax in SYNTAXES)
