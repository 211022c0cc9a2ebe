"""Writes an invoice as CII (UN/CEFACT Cross Industry Invoice D22B).

Every term of the model that CII knows is written, in the order of the schema. Source of the places:
EN 16931-3-3, and facts chorus-pro 5.4 for the Chorus fields.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence

from chorus_edi.domain.groups import Attachment, Identifier
from chorus_edi.domain.invoice import (
    Delivery,
    Invoice,
    InvoicingPeriod,
    PrecedingInvoice,
    SupportingDocument,
)
from chorus_edi.domain.lines import (
    InvoiceLine,
    LineDelivery,
    LinePeriod,
    LinePrecedingInvoice,
    LineVat,
)
from chorus_edi.domain.parties import Invoicee
from chorus_edi.domain.settlement import VatBreakdown
from chorus_edi.formats.writers.cii_groups import (
    DAY,
    NAMESPACES,
    QDT,
    RAM,
    RSM,
    UDT,
    account,
    address,
    buyer,
    charge,
    compact,
    electronic,
    extension_party,
    identifiers,
    line_agreement,
    means,
    note_of,
    payee,
    product,
    project,
    reference,
    representative,
    scheme,
    seller,
    service,
    third_party,
    typed,
)
from chorus_edi.formats.writers.emit import Node, document
from chorus_edi.formats.writers.parts import charges_of, payload


def to_cii(
    invoice: Invoice, files: Mapping[str, bytes] | None = None, *, historic: bool = False
) -> bytes:
    """Write an invoice or credit note as CII.

    Args:
        invoice: what to write.
        files: bytes of the attachments, by the file name the sender declares (BT-125).
        historic: dates carry no ``format``, as in the official samples of 2018.

    Raises:
        Defect: an attachment has no bytes in ``files``.
    """
    return _Cii(invoice, files or {}, historic=historic).document()


class _Cii:
    def __init__(self, invoice: Invoice, files: Mapping[str, bytes], *, historic: bool) -> None:
        self.invoice = invoice
        self.files = files
        self.format = None if historic else DAY

    def document(self) -> bytes:
        return document(
            "rsm:CrossIndustryInvoice",
            NAMESPACES,
            self._context(),
            self._exchanged(),
            RSM.group(
                "SupplyChainTradeTransaction",
                [self._line(line) for line in self.invoice.lines],
                self._agreement(),
                self._delivery() or Node("ram:ApplicableHeaderTradeDelivery", (), ()),
                self._settlement(),
            ),
        )

    # -- header ----------------------------------------------------------------------------------

    def _context(self) -> Node | None:
        process = self.invoice.process
        if process is None:
            return Node("rsm:ExchangedDocumentContext", (), ())
        return RSM.group(
            "ExchangedDocumentContext",
            RAM.group(
                "BusinessProcessSpecifiedDocumentContextParameter",
                RAM.leaf("ID", process.business_process),
            ),
            RAM.group(
                "GuidelineSpecifiedDocumentContextParameter",
                RAM.leaf("ID", process.specification),
            ),
        )

    def _exchanged(self) -> Node | None:
        return RSM.group(
            "ExchangedDocument",
            RAM.leaf("ID", self.invoice.number),
            RAM.leaf("TypeCode", self.invoice.type_code),
            self._moment("IssueDateTime", self.invoice.issue_date),
            [note_of(note) for note in self.invoice.notes],
        )

    def _agreement(self) -> Node | None:
        it = self.invoice
        contract_type = it.chorus.contract_type if it.chorus else None
        return RAM.group(
            "ApplicableHeaderTradeAgreement",
            RAM.leaf("BuyerReference", it.buyer_reference),
            seller(it.seller),
            buyer(it.buyer),
            extension_party("SalesAgentTradeParty", it.seller_agent),
            representative(it.tax_representative),
            reference("SellerOrderReferencedDocument", it.sales_order),
            reference("BuyerOrderReferencedDocument", it.purchase_order),
            RAM.group(
                "ContractReferencedDocument",
                RAM.leaf("IssuerAssignedID", it.contract),
                RAM.leaf("ReferenceTypeCode", contract_type),
            ),
            [self._supporting(one) for one in it.supporting_documents],
            typed("50", Identifier(value=it.tender_or_lot)),
            typed("130", it.invoiced_object),
            extension_party("BuyerAgentTradeParty", it.buyer_agent),
            project(it.project),
        )

    def _supporting(self, it: SupportingDocument) -> Node | None:
        return RAM.group(
            "AdditionalReferencedDocument",
            RAM.leaf("IssuerAssignedID", it.reference),
            RAM.leaf("URIID", it.uri),
            RAM.leaf("TypeCode", "916"),
            RAM.leaf("Name", it.description),
            self._binary(it.attachment),
        )

    def _binary(self, attachment: Attachment | None) -> Node | None:
        if attachment is None:
            return None
        return RAM.leaf(
            "AttachmentBinaryObject",
            base64.b64encode(payload(attachment, self.files)).decode(),
            mimeCode=attachment.mime,
            filename=attachment.filename,
        )

    def _delivery(self) -> Node | None:
        it = self.invoice
        place = it.delivery or Delivery()
        return RAM.group(
            "ApplicableHeaderTradeDelivery",
            RAM.group(
                "ShipToTradeParty",
                identifiers((place.location,) if place.location else ()),
                RAM.leaf("Name", place.name),
                address(place.address),
            ),
            RAM.group(
                "ActualDeliverySupplyChainEvent",
                self._moment("OccurrenceDateTime", place.date),
            ),
            reference("DespatchAdviceReferencedDocument", it.despatch_advice),
            reference("ReceivingAdviceReferencedDocument", it.receiving_advice),
        )

    # -- settlement ------------------------------------------------------------------------------

    def _settlement(self) -> Node | None:
        it = self.invoice
        return RAM.group(
            "ApplicableHeaderTradeSettlement",
            RAM.leaf("CreditorReferenceID", it.creditor_identifier),
            RAM.leaf("PaymentReference", it.remittance_information),
            RAM.leaf("TaxCurrencyCode", it.accounting_currency),
            RAM.leaf("InvoiceCurrencyCode", it.currency),
            extension_party("InvoicerTradeParty", it.invoicer),
            self._invoicee(),
            payee(it.payee),
            extension_party("PayerTradeParty", it.payer),
            [node for payment in it.payment for node in means(payment)],
            [self._vat(row) for row in it.vat_breakdown],
            self._period(it.delivery.period if it.delivery else None),
            [charge(one) for one in charges_of(it)],
            [service(one) for one in it.service_charges],
            self._terms(),
            self._totals(),
            [third_party(one) for one in it.third_party_amounts],
            self._preceding(it.preceding_invoices),
            account(it.buyer_accounting_reference),
        )

    def _invoicee(self) -> Node | None:
        """Write EXT-FR-FE-BG-04; the historic format has the valideur there."""
        it = self.invoice.invoicee or Invoicee()
        valideur = self.invoice.chorus.valideur if self.invoice.chorus else None
        return RAM.group(
            "InvoiceeTradeParty",
            identifiers(it.identifiers),
            RAM.leaf("Name", it.name),
            RAM.group("SpecifiedLegalOrganization", scheme(valideur)),
            electronic(it.electronic_address),
        )

    def _vat(self, row: VatBreakdown) -> Node | None:
        it = self.invoice
        return RAM.group(
            "ApplicableTradeTax",
            RAM.leaf("CalculatedAmount", row.tax_amount),
            RAM.leaf("TypeCode", "VAT"),
            RAM.leaf("ExemptionReason", row.exemption_reason),
            RAM.leaf("BasisAmount", row.taxable_amount),
            RAM.leaf("CategoryCode", row.category),
            RAM.leaf("ExemptionReasonCode", row.exemption_code),
            RAM.group(
                "TaxPointDate",
                UDT.leaf("DateString", compact(it.tax_point_date), format=DAY),
            ),
            RAM.leaf("DueDateTypeCode", it.tax_point_code),
            RAM.leaf("RateApplicablePercent", row.rate),
        )

    def _terms(self) -> Node | None:
        return RAM.group(
            "SpecifiedTradePaymentTerms",
            RAM.leaf("Description", self.invoice.payment_terms),
            self._moment("DueDateDateTime", self.invoice.due_date),
            RAM.leaf("DirectDebitMandateID", self.invoice.mandate),
        )

    def _totals(self) -> Node | None:
        it, totals = self.invoice, self.invoice.totals
        if totals is None:
            return None
        in_accounting = totals.vat_in_accounting_currency
        return RAM.group(
            "SpecifiedTradeSettlementHeaderMonetarySummation",
            RAM.leaf("LineTotalAmount", totals.line_net),
            RAM.leaf("ChargeTotalAmount", totals.charges),
            RAM.leaf("AllowanceTotalAmount", totals.allowances),
            RAM.leaf("TaxBasisTotalAmount", totals.without_vat),
            RAM.leaf("TaxTotalAmount", totals.vat, currencyID=it.currency),
            RAM.leaf("TaxTotalAmount", in_accounting, currencyID=it.accounting_currency),
            RAM.leaf("RoundingAmount", totals.rounding),
            RAM.leaf("GrandTotalAmount", totals.with_vat),
            RAM.leaf("TotalPrepaidAmount", totals.paid),
            RAM.leaf("DuePayableAmount", totals.due),
        )

    def _preceding(
        self, references: Sequence[PrecedingInvoice | LinePrecedingInvoice]
    ) -> list[Node | None]:
        return [
            RAM.group(
                "InvoiceReferencedDocument",
                RAM.leaf("IssuerAssignedID", one.number),
                RAM.leaf("TypeCode", one.type_code),
                RAM.group(
                    "FormattedIssueDateTime",
                    QDT.leaf("DateTimeString", compact(one.issue_date), format=DAY),
                ),
            )
            for one in references
        ]

    # -- lines -----------------------------------------------------------------------------------

    def _line(self, line: InvoiceLine) -> Node | None:
        return RAM.group(
            "IncludedSupplyChainTradeLineItem",
            RAM.group(
                "AssociatedDocumentLineDocument",
                RAM.leaf("LineID", line.identifier),
                RAM.leaf("ParentLineID", line.parent),
                RAM.leaf("LineStatusReasonCode", line.kind),
                RAM.group("IncludedNote", RAM.leaf("Content", line.note)),
            ),
            product(line),
            line_agreement(line),
            RAM.group(
                "SpecifiedLineTradeDelivery",
                RAM.leaf("BilledQuantity", line.quantity, unitCode=line.unit),
                *self._line_delivery(line.delivery or LineDelivery()),
            ),
            self._line_settlement(line),
        )

    def _line_delivery(self, it: LineDelivery) -> tuple[Node | None, ...]:
        """Write EXT-FR-FE-BG-10."""
        return (
            RAM.group("ShipToTradeParty", identifiers((it.location,) if it.location else ())),
            RAM.group(
                "ActualDeliverySupplyChainEvent", self._moment("OccurrenceDateTime", it.date)
            ),
        )

    def _line_settlement(self, line: InvoiceLine) -> Node | None:
        vat = line.vat or LineVat()
        return RAM.group(
            "SpecifiedLineTradeSettlement",
            RAM.group(
                "ApplicableTradeTax",
                RAM.leaf("TypeCode", "VAT" if line.vat else None),
                RAM.leaf("ExemptionReason", vat.exemption_reason),
                RAM.leaf("CategoryCode", vat.category),
                RAM.leaf("ExemptionReasonCode", vat.exemption_code),
                RAM.leaf("RateApplicablePercent", vat.rate),
            ),
            self._period(line.period),
            [charge(one) for one in charges_of(line)],
            RAM.group(
                "SpecifiedTradeSettlementLineMonetarySummation",
                RAM.leaf("LineTotalAmount", line.net_amount),
            ),
            self._preceding(line.preceding_invoices),
            typed("130", line.invoiced_object),
            account(line.accounting_reference),
        )

    # -- dates -----------------------------------------------------------------------------------

    def _moment(self, name: str, day: str | None) -> Node | None:
        return RAM.group(name, UDT.leaf("DateTimeString", compact(day), format=self.format))

    def _period(self, period: InvoicingPeriod | LinePeriod | None) -> Node | None:
        if period is None:
            return None
        return RAM.group(
            "BillingSpecifiedPeriod",
            self._moment("StartDateTime", period.start),
            self._moment("EndDateTime", period.end),
        )
