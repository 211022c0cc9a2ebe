"""Invoices of several sellers and two-way ones: lines gathered below GROUP lines, one per seller.

They are made from one plain invoice, whose lines become the details of the seller's own
sub-invoice. They keep the French rules; those of EN 16931 know no GROUP lines, so that these
bases, unlike the others, do not keep them.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any, NamedTuple

from lxml import etree

from tests.conformance.lines import CiiLines, UblLines

_SELLER, _BUYER, _OTHER = "999901231", "218000198", "999907779"


class Kind(NamedTuple):
    """An invoice to make: its framework and type, and the seller of its second sub-invoice."""

    framework: str
    type_code: str
    other: str
    corrects: bool = False


KINDS = {
    "several-sellers": Kind("S8", "380", _OTHER),
    "several-corrective": Kind("M8", "384", _OTHER, corrects=True),
    "two-way": Kind("S9", "389", _BUYER),
    "two-way-corrective": Kind("M9", "471", _BUYER, corrects=True),
}


def grouped(xml: bytes, kind: Kind) -> bytes:
    """Return a plain invoice with its lines below GROUP lines.

    Args:
        xml: an invoice of one currency; a corrective one refers to an earlier invoice.
        kind: what to make of it.
    """
    tree = etree.fromstring(xml, etree.XMLParser(remove_blank_text=True))
    cii = etree.QName(tree).localname == "CrossIndustryInvoice"
    (_Cii if cii else _Ubl)(tree, kind).gather()
    return bytes(etree.tostring(tree, encoding="UTF-8"))


class _Ubl(UblLines):
    """Gathers the lines of a UBL invoice."""

    def __init__(self, tree: Any, kind: Kind) -> None:
        super().__init__(tree)
        self.kind = kind
        self.net = self.text(tree, self.net_path)
        self.vat = self.text(tree, self.vat_path)

    def gather(self) -> None:
        """Change the invoice: framework, type, lines, and the reasons of its VAT breakdown."""
        lines = self.found(self.tree, self.line)
        first, last = copy.deepcopy(lines[0]), copy.deepcopy(lines[0])
        lines[0].addprevious(first)
        lines[-1].addnext(last)
        for line in lines:
            self.detail(line)
        self.group(first, "G1", self.net, self.vat, _SELLER, self.number)
        self.group(last, "G2", "0.00", "0.00", self.kind.other, f"{self.number}0")
        self.head()

    def head(self) -> None:
        self.found(self.tree, "cbc:ProfileID")[0].text = self.kind.framework
        self.found(self.tree, "cbc:InvoiceTypeCode")[0].text = self.kind.type_code
        for row in self.found(self.tree, "cac:TaxTotal/cac:TaxSubtotal/cac:TaxCategory"):
            self.put(row, f"<cbc:TaxExemptionReason>#{self.number}#TVA</cbc:TaxExemptionReason>")

    def common(self, line: Any, seller: str, object_: str) -> None:
        self.put(
            line,
            "<cac:DocumentReference><cbc:ID schemeID='AFL'>"
            f"{object_}</cbc:ID><cbc:DocumentTypeCode>130</cbc:DocumentTypeCode>"
            "</cac:DocumentReference>",
        )
        item = self.found(line, "cac:Item")[0]
        self.put(
            item,
            "<cac:ManufacturerParty><cac:PostalAddress><cac:Country><cbc:IdentificationCode>FR"
            "</cbc:IdentificationCode></cac:Country></cac:PostalAddress><cac:PartyLegalEntity>"
            "<cbc:RegistrationName>Fictif</cbc:RegistrationName><cbc:CompanyID schemeID='0002'>"
            f"{seller}</cbc:CompanyID></cac:PartyLegalEntity></cac:ManufacturerParty>",
        )

    def detail(self, line: Any) -> None:
        self.own(line, "DETAIL", "G1")
        self.common(line, _SELLER, self.number)
        category = self.found(line, "cac:Item/cac:ClassifiedTaxCategory")[0]
        self.put(category, f"<cbc:TaxExemptionReason>#{self.number}#TVA</cbc:TaxExemptionReason>")

    def group(self, line: Any, name: str, net: str, vat: str, seller: str, object_: str) -> None:
        self.found(line, "cbc:ID")[0].text = name
        self.found(line, "cbc:LineExtensionAmount")[0].text = net
        self.own(line, "GROUP")
        if self.kind.corrects:
            self.put(
                line,
                "<cac:BillingReference><cac:InvoiceDocumentReference><cbc:ID>F2025-1</cbc:ID>"
                "<cbc:IssueDate>2026-08-01</cbc:IssueDate></cac:InvoiceDocumentReference>"
                "</cac:BillingReference>",
            )
        self.common(line, seller, object_)
        self.put(
            line,
            "<cac:DocumentReference><cbc:ID schemeID='AVV'>S1</cbc:ID><cbc:DocumentTypeCode>130"
            "</cbc:DocumentTypeCode></cac:DocumentReference><cac:TaxTotal>"
            f"<cbc:TaxAmount currencyID='EUR'>{vat}</cbc:TaxAmount></cac:TaxTotal>",
        )


class _Cii(CiiLines, _Ubl):
    """Gathers the lines of a CII invoice."""

    def head(self) -> None:
        framework = "//ram:BusinessProcessSpecifiedDocumentContextParameter/ram:ID"
        self.found(self.tree, framework)[0].text = self.kind.framework
        self.found(self.tree, "rsm:ExchangedDocument/ram:TypeCode")[0].text = self.kind.type_code
        for row in self.found(
            self.tree, "//ram:ApplicableHeaderTradeSettlement/ram:ApplicableTradeTax"
        ):
            self.put(row, f"<ram:ExemptionReason>#{self.number}#TVA</ram:ExemptionReason>")

    def common(self, line: Any, seller: str, object_: str) -> None:
        self._refer(line, "AFL", object_)
        agreement = self.found(line, "ram:SpecifiedLineTradeAgreement")[0]
        self.put(
            agreement,
            "<ram:ItemSellerTradeParty><ram:Name>Fictif</ram:Name><ram:SpecifiedLegalOrganization>"
            f"<ram:ID schemeID='0002'>{seller}</ram:ID></ram:SpecifiedLegalOrganization>"
            "<ram:PostalTradeAddress><ram:CountryID>FR</ram:CountryID></ram:PostalTradeAddress>"
            "</ram:ItemSellerTradeParty>",
        )

    def _refer(self, line: Any, scheme: str, number: str) -> None:
        self.put(
            self._settlement(line),
            f"<ram:AdditionalReferencedDocument><ram:IssuerAssignedID>{number}"
            "</ram:IssuerAssignedID><ram:TypeCode>130</ram:TypeCode><ram:ReferenceTypeCode>"
            f"{scheme}</ram:ReferenceTypeCode></ram:AdditionalReferencedDocument>",
        )

    def _settlement(self, line: Any) -> Any:
        return self.found(line, "ram:SpecifiedLineTradeSettlement")[0]

    def detail(self, line: Any) -> None:
        self.own(line, "DETAIL", "G1")
        self.common(line, _SELLER, self.number)
        tax = self.found(line, "ram:SpecifiedLineTradeSettlement/ram:ApplicableTradeTax")[0]
        self.put(tax, f"<ram:ExemptionReason>#{self.number}#TVA</ram:ExemptionReason>")

    def group(self, line: Any, name: str, net: str, vat: str, seller: str, object_: str) -> None:
        self.found(line, "ram:AssociatedDocumentLineDocument/ram:LineID")[0].text = name
        totals = self.found(
            self._settlement(line), "ram:SpecifiedTradeSettlementLineMonetarySummation"
        )[0]
        self.found(totals, "ram:LineTotalAmount")[0].text = net
        self.own(line, "GROUP")
        self.common(line, seller, object_)
        self._refer(line, "AVV", "S1")
        self.put(totals, f"<ram:TaxTotalAmount currencyID='EUR'>{vat}</ram:TaxTotalAmount>")
        if name == "G2":
            self.put(totals, "<ram:GrandTotalAmount>0.00</ram:GrandTotalAmount>")
        if self.kind.corrects:
            self.put(
                self._settlement(line),
                "<ram:InvoiceReferencedDocument><ram:IssuerAssignedID>F2025-1"
                "</ram:IssuerAssignedID><ram:FormattedIssueDateTime><qdt:DateTimeString "
                "format='102'>20260801</qdt:DateTimeString></ram:FormattedIssueDateTime>"
                "</ram:InvoiceReferencedDocument>",
            )


def grouped_documents(plain: bytes, corrective: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield each kind by name, made from a plain invoice or from a corrective one."""
    for name, kind in KINDS.items():
        yield name, grouped(corrective if kind.corrects else plain, kind)
