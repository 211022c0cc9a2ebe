"""Names what the demands on the syntax have to be checked for, that the walk itself does not tell.

The reader notes names on its way (``Reading.suspects``): what stands there again, what is not
mapped, what is empty or badly written. Here is what only the whole invoice shows. A name too many
costs time; a name too few would hide a breach, and a property test watches for that.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from chorus_edi.domain.codelists.document_types import UBL_CREDIT_NOTE_TYPES
from chorus_edi.domain.groups import Identifier
from chorus_edi.domain.invoice import Invoice
from chorus_edi.domain.scenarios import Syntax
from chorus_edi.domain.settlement import PaymentInstructions
from chorus_edi.formats.mapping import ubl

ANY = "*"
"""A suspect that stands for all: there are too many to name."""

_TRANSFERS = frozenset({"30", "58"})
_CREDIT_NOTES = frozenset(UBL_CREDIT_NOTE_TYPES.codes)
_SINGLE_TAXABLE = "0231"
_GROUPED = frozenset({"B8", "S8", "M8", "B9", "S9", "M9"})
"""Frameworks whose lines are gathered under those of several invoices."""

_SEPA = "SEPA"
_VAT = ("VAT", None)
_DUE_DATE = f"{{{ubl.PREFIXES['cbc']}}}DueDate"


def suspects_in(root: Any, invoice: Invoice, syntax: Syntax) -> Iterator[str]:
    """Yield local names of elements, and ``@name`` of attributes."""
    if syntax is Syntax.CII:
        yield from (f"@{name}" for name in root.attrib)
        yield from _cii(invoice)
        yield from _french(
            invoice,
            "InvoiceReferencedDocument",
            "SellerTaxRepresentativeTradeParty",
            "BusinessProcessSpecifiedDocumentContextParameter",
        )
    else:
        yield from _ubl(invoice)
        yield from _french(invoice, "BillingReference", "TaxRepresentativeParty", "ProfileID")
        yield from _mapped_but_unused(root, invoice, syntax)
        if syntax is Syntax.UBL_CREDIT_NOTE and invoice.project is not None:
            yield "AdditionalDocumentReference"


def _french(invoice: Invoice, reference: str, taxed_by: str, framework: str) -> Iterator[str]:
    """Yield what French rules look for in some invoices: names of one syntax."""
    if (invoice.type_code or "") in _CREDIT_NOTES and not any(
        one.number is not None and one.issue_date is not None for one in invoice.preceding_invoices
    ):
        yield reference
    identifiers = invoice.seller.identifiers if invoice.seller is not None else ()
    if any(one.scheme == _SINGLE_TAXABLE for one in identifiers):
        yield taxed_by
    process = invoice.process.business_process if invoice.process is not None else None
    if process is not None and process.strip() in _GROUPED:
        yield framework


def _ubl(invoice: Invoice) -> Iterator[str]:
    if len(invoice.payment) > 1:
        yield "PaymentMeans"
    if invoice.payee is not None:
        yield "PayeeParty"
    identifiers = invoice.buyer.identifiers if invoice.buyer is not None else ()
    if len(identifiers) > 1 or any((one.scheme or "").upper() == _SEPA for one in identifiers):
        yield "PartyIdentification"
    if invoice.supporting_documents or invoice.invoiced_object is not None:
        yield "AdditionalDocumentReference"
    references = invoice.preceding_invoices
    if len(references) > 1 or any(one.number is None for one in references):
        yield "InvoiceDocumentReference"
    for line in invoice.lines:
        if line.vat is None:
            yield "ClassifiedTaxCategory"
        if line.invoiced_object is not None and not line.invoiced_object.value:
            yield "DocumentReference"


def _mapped_but_unused(root: Any, invoice: Invoice, syntax: Syntax) -> Iterator[str]:
    """Yield what we read where EN 16931 foresees nothing, most of it for Chorus Pro."""
    if invoice.chorus is not None:
        yield from ("UBLExtensions", "TaxTypeCode", "DocumentTypeCode")
    if any(piece.kind is not None for piece in invoice.supporting_documents):
        yield "DocumentType"
    transfers = (transfer for means in invoice.payment for transfer in means.credit_transfers)
    if any(transfer.account is not None and transfer.account.scheme for transfer in transfers):
        yield "@schemeID"
    if (
        syntax is Syntax.UBL_INVOICE
        and invoice.due_date
        and next(root.iterchildren(_DUE_DATE), None) is None
    ):
        yield "PaymentDueDate"


def _cii(invoice: Invoice) -> Iterator[str]:
    if invoice.process is None or invoice.process.specification is None:
        yield "GuidelineSpecifiedDocumentContextParameter"
    if invoice.type_code is None:
        yield "TypeCode"
    if len(invoice.payment) > 1 or any(_without_account(one) for one in invoice.payment):
        yield "SpecifiedTradeSettlementPaymentMeans"
    further = (invoice.tender_or_lot, invoice.invoiced_object)
    if invoice.supporting_documents or any(one is not None for one in further):
        yield "AdditionalReferencedDocument"
    if invoice.buyer is not None and len(invoice.buyer.identifiers) > 1:
        yield "BuyerTradeParty"
    if invoice.payee is not None and len(invoice.payee.identifiers) > 1:
        yield "PayeeTradeParty"
    if invoice.tax_point_date is not None:
        yield "TaxPointDate"
    schemes = [row.tax_scheme for row in invoice.vat_breakdown]
    schemes += [row.tax_scheme for row in invoice.allowances]
    schemes += [row.tax_scheme for row in invoice.charges]
    if any(scheme not in _VAT for scheme in schemes):
        yield "TypeCode"
    yield from _cii_parties(invoice)
    yield from _cii_lines(invoice)


def _cii_parties(invoice: Invoice) -> Iterator[str]:
    if any(one.scheme is None for one in _identifiers(invoice)):
        yield "GlobalID"
    if invoice.chorus is not None and invoice.chorus.valideur is not None:
        yield from ("InvoiceeTradeParty", "SpecifiedLegalOrganization")


def _identifiers(invoice: Invoice) -> Iterator[Identifier]:
    """Yield those of the parties and of the place of delivery."""
    for party in (invoice.seller, invoice.buyer, invoice.payee):
        if party is not None:
            yield from party.identifiers
    if invoice.delivery is not None and invoice.delivery.location is not None:
        yield invoice.delivery.location


def _cii_lines(invoice: Invoice) -> Iterator[str]:
    for line in invoice.lines:
        vat, item = line.vat, line.item
        if vat is not None and vat.tax_scheme not in _VAT:
            yield "TypeCode"
        if line.unit is None:
            yield "BilledQuantity"
        if line.invoiced_object is not None and not line.invoiced_object.value:
            yield "AdditionalReferencedDocument"
        standard = item.standard_identifier if item is not None else None
        if standard is not None and standard.scheme is None:
            yield "GlobalID"


def _without_account(means: PaymentInstructions) -> bool:
    return means.means_code in _TRANSFERS and not any(
        transfer.account is not None and transfer.account.value
        for transfer in means.credit_transfers
    )
