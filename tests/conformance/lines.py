"""The lines of an invoice as XML, in both syntaxes: found, grown, and put below GROUP lines."""

from __future__ import annotations

from typing import Any

from lxml import etree

from tests.conformance.aims import PREFIXES
from tests.conformance.grammar import Grammar, grammar

_DECLARED = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in PREFIXES.items())


class UblLines:
    """The lines of a UBL document; each attribute is where something stands in it."""

    line = "//cac:InvoiceLine | //cac:CreditNoteLine"
    line_id = "cbc:ID"
    line_net = "cbc:LineExtensionAmount"
    line_tax = "cac:Item/cac:ClassifiedTaxCategory"
    billed = (
        "cbc:InvoicedQuantity | cbc:CreditedQuantity | cac:Price | cac:AllowanceCharge"
        f" | {line_tax}"
    )
    breakdown = "//cac:TaxSubtotal/cac:TaxCategory"
    header_tax = "/*/cac:AllowanceCharge/cac:TaxCategory"
    reason, reason_code = "cbc:TaxExemptionReason", "cbc:TaxExemptionReasonCode"
    number_path = "cbc:ID"
    net_path = "//cac:LegalMonetaryTotal/cbc:LineExtensionAmount"
    vat_path = "//cac:TaxTotal/cbc:TaxAmount"

    def __init__(self, tree: Any) -> None:
        self.tree = tree
        self.grammar: Grammar = grammar(etree.QName(tree).localname)
        self.number = self.text(tree, self.number_path)

    def text(self, element: Any, path: str) -> str:
        """Return the text of the first element at the end of a path."""
        return str(self.found(element, path)[0].text)

    def found(self, element: Any, path: str) -> list[Any]:
        """Return what stands at the end of a path."""
        found: list[Any] = element.xpath(path, namespaces=PREFIXES)
        return found

    def put(self, parent: Any, xml: str) -> None:
        """Put elements into a parent, where the schema has them; others are left as they are."""
        for child in etree.fromstring(f"<x {_DECLARED}>{xml}</x>"):
            self.grammar.insert(parent, child)

    def own(self, line: Any, status: str, parent: str = "") -> None:
        """Say the subtype of a line, and the line above it."""
        above = f"<cac:BillingReferenceLine><cbc:ID>{parent}</cbc:ID></cac:BillingReferenceLine>"
        self.put(
            line,
            f"<cac:BillingReference><cac:InvoiceDocumentReference><cbc:ID>{self.number}</cbc:ID>"
            f"<cbc:DocumentStatusCode>{status}</cbc:DocumentStatusCode>"
            f"</cac:InvoiceDocumentReference>{above if parent else ''}</cac:BillingReference>",
        )


class CiiLines(UblLines):
    """The lines of a CII document."""

    line = "//ram:IncludedSupplyChainTradeLineItem"
    line_id = "ram:AssociatedDocumentLineDocument/ram:LineID"
    line_net = (
        "ram:SpecifiedLineTradeSettlement/ram:SpecifiedTradeSettlementLineMonetarySummation/"
        "ram:LineTotalAmount"
    )
    line_tax = "ram:SpecifiedLineTradeSettlement/ram:ApplicableTradeTax"
    billed = (
        "ram:SpecifiedLineTradeDelivery/ram:BilledQuantity | ram:SpecifiedLineTradeAgreement/*"
        f" | ram:SpecifiedLineTradeSettlement/ram:SpecifiedTradeAllowanceCharge | {line_tax}"
    )
    breakdown = "//ram:ApplicableHeaderTradeSettlement/ram:ApplicableTradeTax"
    header_tax = (
        "//ram:ApplicableHeaderTradeSettlement/ram:SpecifiedTradeAllowanceCharge"
        "/ram:CategoryTradeTax"
    )
    reason, reason_code = "ram:ExemptionReason", "ram:ExemptionReasonCode"
    number_path = "rsm:ExchangedDocument/ram:ID"
    net_path = "//ram:SpecifiedTradeSettlementHeaderMonetarySummation/ram:LineTotalAmount"
    vat_path = "//ram:SpecifiedTradeSettlementHeaderMonetarySummation/ram:TaxTotalAmount"

    def own(self, line: Any, status: str, parent: str = "") -> None:
        """Say the subtype of a line, and the line above it."""
        above = f"<ram:ParentLineID>{parent}</ram:ParentLineID>" if parent else ""
        self.put(
            self.found(line, "ram:AssociatedDocumentLineDocument")[0],
            f"{above}<ram:LineStatusReasonCode>{status}</ram:LineStatusReasonCode>",
        )


def lines_of(tree: Any) -> UblLines:
    """Return the lines of a document, by its root."""
    cii = etree.QName(tree).localname == "CrossIndustryInvoice"
    return CiiLines(tree) if cii else UblLines(tree)
