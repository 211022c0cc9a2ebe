"""Writes an invoice as UBL 2.1, Invoice or CreditNote by its type code.

Every term of the model that UBL knows is written, in the order of the schema. Source of the places:
EN 16931-3-2, and facts chorus-pro 5.4 for the Chorus fields.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from decimal import Decimal

from chorus_edi.domain.groups import Attachment, Identifier
from chorus_edi.domain.invoice import (
    ChorusFields,
    Invoice,
    InvoicingPeriod,
    ProcessControl,
    SupportingDocument,
)
from chorus_edi.domain.lines import InvoiceLine, LineCharge, LinePeriod, Price
from chorus_edi.domain.parties import Buyer, Seller
from chorus_edi.domain.settlement import (
    CreditTransfer,
    DirectDebit,
    DocumentCharge,
    PaymentInstructions,
    Totals,
    VatBreakdown,
)
from chorus_edi.formats.writers.emit import Child, Node, document
from chorus_edi.formats.writers.parts import AnyCharge, DocumentLevel, charges_of, payload
from chorus_edi.formats.writers.ubl_groups import (
    CAC,
    CBC,
    PREFIXES,
    ROOT,
    address,
    card,
    category,
    contact,
    delivery,
    extension,
    extension_party,
    identifier,
    item,
    line_delivery,
    line_references,
    note_of,
    party_head,
    payee,
    reference,
    representative,
    tax_scheme,
    typed,
)

CREDIT_NOTES = frozenset(
    {"81", "83", "261", "262", "296", "308", "381", "396", "420", "458", "502", "503", "532"}
)
"""Type codes (UNTDID 1001) that UBL writes as a CreditNote (EN 16931-3-2)."""


def to_ubl(invoice: Invoice, files: Mapping[str, bytes] | None = None) -> bytes:
    """Write an invoice or credit note as UBL 2.1.

    The historic Chorus fields are written where the model has them: the CategoryCode extension,
    ``@schemeName`` of party identifiers, the code service in the customer's accounting contact.

    Args:
        invoice: what to write.
        files: bytes of the attachments, by the file name the sender declares (BT-125).

    Raises:
        Defect: an attachment has no bytes in ``files``.
    """
    return _Ubl(invoice, files or {}).document()


class _Ubl:
    def __init__(self, invoice: Invoice, files: Mapping[str, bytes]) -> None:
        self.invoice = invoice
        self.files = files
        self.credit = invoice.type_code in CREDIT_NOTES
        self.kind = "CreditNote" if self.credit else "Invoice"
        self.chorus = invoice.chorus or ChorusFields()

    def document(self) -> bytes:
        it = self.invoice
        charges = [self._charge(one) for one in charges_of(it)]
        return document(
            self.kind,
            {"": f"{ROOT}:{self.kind}-2", **PREFIXES},
            *self._heading(),
            *self._references(),
            self._supplier(),
            self._customer(),
            payee(it.payee),
            representative(it.tax_representative),
            delivery(it.delivery),
            self._payment(),
            CAC.group("PaymentTerms", CBC.leaf("Note", it.payment_terms)),
            charges,
            *self._tax_totals(),
            self._totals(),
            [self._line(line) for line in it.lines],
        )

    # -- header ----------------------------------------------------------------------------------

    def _heading(self) -> tuple[Child, ...]:
        it = self.invoice
        process = it.process or ProcessControl()
        tax_point = CBC.leaf("TaxPointDate", it.tax_point_date)
        notes = [CBC.leaf("Note", note_of(note)) for note in it.notes]
        type_code = CBC.leaf(f"{self.kind}TypeCode", it.type_code)
        return (
            extension(self.chorus.cadre),
            CBC.leaf("CustomizationID", process.specification),
            CBC.leaf("ProfileID", process.business_process),
            CBC.leaf("ID", it.number),
            CBC.leaf("IssueDate", it.issue_date),
            # The two schemas order these differently, and a CreditNote has no DueDate.
            (tax_point, type_code, *notes)
            if self.credit
            else (CBC.leaf("DueDate", it.due_date), type_code, *notes, tax_point),
            CBC.leaf("DocumentCurrencyCode", it.currency),
            CBC.leaf("TaxCurrencyCode", it.accounting_currency),
            CBC.leaf("AccountingCost", it.buyer_accounting_reference),
            CBC.leaf("BuyerReference", it.buyer_reference),
        )

    def _references(self) -> tuple[Child, ...]:
        it = self.invoice
        period = (it.delivery and it.delivery.period) or InvoicingPeriod()
        originator = reference("OriginatorDocumentReference", it.tender_or_lot)
        contract = CAC.group(
            "ContractDocumentReference",
            CBC.leaf("ID", it.contract),
            CBC.leaf("DocumentTypeCode", self.chorus.contract_type),
        )
        additional = [self._supporting(one) for one in it.supporting_documents]
        additional.append(typed("AdditionalDocumentReference", "130", it.invoiced_object))
        project = Identifier(value=it.project)
        return (
            CAC.group(
                "InvoicePeriod",
                CBC.leaf("StartDate", period.start),
                CBC.leaf("EndDate", period.end),
                CBC.leaf("DescriptionCode", it.tax_point_code),
            ),
            CAC.group(
                "OrderReference",
                CBC.leaf("ID", it.purchase_order),
                CBC.leaf("SalesOrderID", it.sales_order),
            ),
            self._preceding(),
            reference("DespatchDocumentReference", it.despatch_advice),
            reference("ReceiptDocumentReference", it.receiving_advice),
            # A CreditNote has no ProjectReference: BT-11 is an additional reference of type 50.
            (
                contract,
                *additional,
                typed("AdditionalDocumentReference", "50", project),
                originator,
            )
            if self.credit
            else (originator, contract, *additional, reference("ProjectReference", it.project)),
        )

    def _preceding(self) -> list[Node | None]:
        return [
            CAC.group(
                "BillingReference",
                CAC.group(
                    "InvoiceDocumentReference",
                    CBC.leaf("ID", one.number),
                    CBC.leaf("IssueDate", one.issue_date),
                    CBC.leaf("DocumentTypeCode", one.type_code),
                ),
            )
            for one in self.invoice.preceding_invoices
        ]

    def _supporting(self, it: SupportingDocument) -> Node | None:
        return CAC.group(
            "AdditionalDocumentReference",
            CBC.leaf("ID", it.reference),
            CBC.leaf("DocumentType", it.kind),
            CBC.leaf("DocumentDescription", it.description),
            CAC.group(
                "Attachment",
                self._binary(it.attachment),
                CAC.group("ExternalReference", CBC.leaf("URI", it.uri)),
            ),
        )

    def _binary(self, attachment: Attachment | None) -> Node | None:
        if attachment is None:
            return None
        return CBC.leaf(
            "EmbeddedDocumentBinaryObject",
            base64.b64encode(payload(attachment, self.files)).decode(),
            mimeCode=attachment.mime,
            filename=attachment.filename,
        )

    # -- parties ---------------------------------------------------------------------------------

    def _supplier(self) -> Node | None:
        it = self.invoice.seller or Seller()
        creditor = Identifier(value=self.invoice.creditor_identifier, scheme="SEPA")
        return CAC.group(
            "AccountingSupplierParty",
            CAC.group(
                "Party",
                party_head(it, creditor),
                address("PostalAddress", it.address),
                tax_scheme(it.vat_identifier, "VAT", self.chorus.vat_regime),
                tax_scheme(it.tax_registration, "LOC"),
                CAC.group(
                    "PartyLegalEntity",
                    CBC.leaf("RegistrationName", it.name),
                    identifier("CompanyID", it.legal_registration),
                    CBC.leaf("CompanyLegalForm", it.legal_information),
                ),
                contact(it.contact),
                extension_party("AgentParty", self.invoice.seller_agent),
                extension_party("Party", self.invoice.invoicer, "ServiceProviderParty"),
            ),
        )

    def _customer(self) -> Node | None:
        it = self.invoice.buyer or Buyer()
        return CAC.group(
            "AccountingCustomerParty",
            CAC.group(
                "Party",
                party_head(it),
                address("PostalAddress", it.address),
                tax_scheme(it.vat_identifier, "VAT"),
                CAC.group(
                    "PartyLegalEntity",
                    CBC.leaf("RegistrationName", it.name),
                    identifier("CompanyID", it.legal_registration),
                ),
                contact(it.contact),
                extension_party("AgentParty", self.invoice.buyer_agent),
                extension_party("Party", self.invoice.invoicee, "ServiceProviderParty"),
            ),
            CAC.group("AccountingContact", CBC.leaf("ID", self.chorus.code_service)),
        )

    # -- payment and amounts ---------------------------------------------------------------------

    def _payment(self) -> list[Node | None]:
        return [node for payment in self.invoice.payment for node in self._means(payment)]

    def _means(self, it: PaymentInstructions) -> Iterator[Node | None]:
        """One element per credit transfer: UBL holds one account in each."""
        invoice, debit = self.invoice, it.direct_debit or DirectDebit()
        for transfer in it.credit_transfers or (CreditTransfer(),):
            yield CAC.group(
                "PaymentMeans",
                CBC.leaf("PaymentMeansCode", it.means_code, name=it.means_text),
                CBC.leaf("PaymentDueDate", invoice.due_date if self.credit else None),
                CBC.leaf("PaymentID", invoice.remittance_information),
                card(it),
                CAC.group(
                    "PayeeFinancialAccount",
                    identifier("ID", transfer.account),
                    CBC.leaf("Name", transfer.account_name),
                    CAC.group("FinancialInstitutionBranch", CBC.leaf("ID", transfer.provider)),
                ),
                CAC.group(
                    "PaymentMandate",
                    CBC.leaf("ID", invoice.mandate),
                    CAC.group(
                        "PayerFinancialAccount",
                        CBC.leaf("ID", debit.debited_account),
                    ),
                ),
            )

    def _amount(self, name: str, value: Decimal | None) -> Node | None:
        return CBC.leaf(name, value, currencyID=self.invoice.currency)

    def _charge(self, it: AnyCharge) -> Node | None:
        is_charge = isinstance(it, DocumentCharge | LineCharge)
        return CAC.group(
            "AllowanceCharge",
            CBC.leaf("ChargeIndicator", "true" if is_charge else "false"),
            CBC.leaf("AllowanceChargeReasonCode", it.reason_code),
            CBC.leaf("AllowanceChargeReason", it.reason),
            CBC.leaf("MultiplierFactorNumeric", it.percentage),
            self._amount("Amount", it.amount),
            self._amount("BaseAmount", it.base_amount),
            category("TaxCategory", it.vat_category, it.vat_rate, it)
            if isinstance(it, DocumentLevel)
            else None,
        )

    def _tax_totals(self) -> tuple[Child, ...]:
        it, totals = self.invoice, self.invoice.totals or Totals()
        in_accounting = totals.vat_in_accounting_currency
        return (
            CAC.group(
                "TaxTotal",
                self._amount("TaxAmount", totals.vat),
                [self._subtotal(row) for row in it.vat_breakdown],
            ),
            CAC.group(
                "TaxTotal",
                CBC.leaf("TaxAmount", in_accounting, currencyID=it.accounting_currency),
            ),
        )

    def _subtotal(self, row: VatBreakdown) -> Node | None:
        return CAC.group(
            "TaxSubtotal",
            self._amount("TaxableAmount", row.taxable_amount),
            self._amount("TaxAmount", row.tax_amount),
            category("TaxCategory", row.category, row.rate, row),
        )

    def _totals(self) -> Node | None:
        totals = self.invoice.totals
        if totals is None:
            return None
        return CAC.group(
            "LegalMonetaryTotal",
            self._amount("LineExtensionAmount", totals.line_net),
            self._amount("TaxExclusiveAmount", totals.without_vat),
            self._amount("TaxInclusiveAmount", totals.with_vat),
            self._amount("AllowanceTotalAmount", totals.allowances),
            self._amount("ChargeTotalAmount", totals.charges),
            self._amount("PrepaidAmount", totals.paid),
            self._amount("PayableRoundingAmount", totals.rounding),
            self._amount("PayableAmount", totals.due),
        )

    # -- lines -----------------------------------------------------------------------------------

    def _line(self, it: InvoiceLine) -> Node | None:
        quantity = "CreditedQuantity" if self.credit else "InvoicedQuantity"
        period = it.period or LinePeriod()
        return CAC.group(
            f"{self.kind}Line",
            CBC.leaf("ID", it.identifier),
            CBC.leaf("Note", it.note),
            CBC.leaf(quantity, it.quantity, unitCode=it.unit),
            self._amount("LineExtensionAmount", it.net_amount),
            CBC.leaf("AccountingCost", it.accounting_reference),
            CAC.group(
                "InvoicePeriod",
                CBC.leaf("StartDate", period.start),
                CBC.leaf("EndDate", period.end),
            ),
            CAC.group(
                "OrderLineReference",
                CBC.leaf("LineID", it.order_line),
                CAC.group("OrderReference", CBC.leaf("ID", it.order)),
            ),
            line_references(it),
            typed("DocumentReference", "130", it.invoiced_object),
            line_delivery(it.delivery),
            [self._charge(one) for one in charges_of(it)],
            item(it),
            self._price(it.price),
        )

    def _price(self, it: Price | None) -> Node | None:
        if it is None:
            return None
        discounted = it.discount is not None or it.gross is not None
        return CAC.group(
            "Price",
            self._amount("PriceAmount", it.net),
            CBC.leaf("BaseQuantity", it.base_quantity, unitCode=it.base_unit),
            CAC.group(
                "AllowanceCharge",
                CBC.leaf("ChargeIndicator", "false" if discounted else None),
                self._amount("Amount", it.discount),
                self._amount("BaseAmount", it.gross),
            ),
        )
