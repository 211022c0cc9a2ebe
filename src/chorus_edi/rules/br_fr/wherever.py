"""What rules judged on the model also ask of the XML: what the model does not show of it."""

from __future__ import annotations

from chorus_edi.rules.br_fr.codes import ALREADY_PAID, DOWN_PAYMENTS, RATES, VAT_CATEGORIES
from chorus_edi.rules.br_fr.syntax import AGREEMENT, SETTLEMENT, one_of
from chorus_edi.rules.inspection import CII, UBL, Ask, ask_also

_LEGAL = "cac:PartyLegalEntity"
_NINE = "re:test(normalize-space(.), '^[0-9]{9}$')"
_DAYS = "number(translate(substring({}, 1, 10), '-', ''))"
_EARLY = f"{_DAYS.format('.')} < {_DAYS.format('/*/cbc:IssueDate')}"
_FREE = (
    f"{one_of(DOWN_PAYMENTS, '(cbc:InvoiceTypeCode | cbc:CreditNoteTypeCode)')} or "
    f"{one_of(ALREADY_PAID, 'cbc:ProfileID')}"
)
# What stands below a line, or below what stands there: the sheets look wherever it may be.
_DEEPER_CATEGORY = (
    "/*/*//cac:AllowanceCharge/cac:TaxCategory | /*/*//cac:TaxTotal/cac:TaxSubtotal/cac:TaxCategory"
)
_SUBLINE_CATEGORY = (
    "//cac:SubInvoiceLine//cac:Item/cac:ClassifiedTaxCategory | "
    "//cac:SubCreditNoteLine//cac:Item/cac:ClassifiedTaxCategory"
)
_CATEGORIES = ("TaxCategory", "ClassifiedTaxCategory")
_LONG = (
    "not(re:test(normalize-space(.), '^-?[0-9]{{1,{0}}}(\\.[0-9]{{1,{1}}})?$')) or "
    "string-length(translate(normalize-space(.), '.', '')) > {2}"
)
_ALSO = (
    (
        "BR-FR-CO-07",
        # The model has the due date of an invoice from its own place alone.
        Ask(
            each=f"/*[local-name()='Invoice'][not({_FREE})]",
            counted=f"cac:PaymentMeans/cbc:PaymentDueDate[{_EARLY}]",
            most=0,
        ),
        UBL,
    ),
    (
        "BR-FR-10",
        Ask(
            each=f"/*/cac:AccountingSupplierParty/cac:Party/{_LEGAL}[position() > 1 or "
            "not(cbc:RegistrationName or cbc:CompanyID or cbc:CompanyLegalForm)]",
            counted=f"cbc:CompanyID[@schemeID='0002'][{_NINE}]",
            least=1,
            suspects=("PartyLegalEntity",),
        ),
        UBL,
    ),
    (
        "BR-FR-CO-10",
        Ask(
            each="/*/cac:AccountingSupplierParty/cac:Party | /*/cac:PayeeParty",
            counted="cac:PartyIdentification/cbc:ID[@schemeID='SEPA']",
            most=1,
            suspects=("PartyIdentification",),
        ),
        UBL,
    ),
    (
        "BR-FR-CO-10",
        Ask(
            each=f"{AGREEMENT}/ram:SellerTradeParty | {AGREEMENT}/ram:BuyerTradeParty | "
            f"{SETTLEMENT}/ram:PayeeTradeParty | //ram:ApplicableHeaderTradeDelivery"
            "/ram:ShipToTradeParty",
            counted="ram:GlobalID[not(@schemeID)]",
            most=0,
        ),
        CII,
    ),
    (
        "BR-FR-15",
        Ask(
            each=f"{_DEEPER_CATEGORY} | {_SUBLINE_CATEGORY}",
            counted=f"cbc:ID[not{one_of(VAT_CATEGORIES)}]",
            most=0,
            suspects=_CATEGORIES,
        ),
        UBL,
    ),
    (
        "BR-FR-16",
        Ask(
            each=_DEEPER_CATEGORY,
            counted=f"cbc:Percent[not{one_of(RATES)}]",
            most=0,
            suspects=_CATEGORIES,
        ),
        UBL,
    ),
    (
        "BR-FR-DEC-01",
        Ask(
            each="/*/*//cac:TaxTotal | /*/*//cac:TaxTotal/cac:TaxSubtotal",
            counted=f"cbc:TaxAmount[{_LONG.format(19, 2, 19)}] | "
            f"cbc:TaxableAmount[{_LONG.format(19, 2, 19)}]",
            most=0,
            suspects=("TaxTotal", "TaxSubtotal"),
        ),
        UBL,
    ),
    (
        "BR-FR-DEC-04",
        Ask(
            each=f"{_DEEPER_CATEGORY} | {_SUBLINE_CATEGORY}",
            counted=f"cbc:Percent[{_LONG.format(4, 2, 4)} or contains(., '-')]",
            most=0,
            suspects=_CATEGORIES,
        ),
        UBL,
    ),
)
for _rule, _asked, _syntaxes in _ALSO:
    ask_also(_rule, _asked, _syntaxes, __name__)
