"""Names what the demands on the syntax have to be checked for, that the walk itself does not tell.

The reader notes names on its way (``Reading.suspects``): what stands there again, what is not
mapped, what is empty or badly written. Here is what only the whole invoice shows. A name too many
costs time; a name too few would hide a breach, and a property test watches for that.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from chorus_edi.domain.invoice import Invoice, PaymentInstructions
from chorus_edi.domain.scenarios import Syntax
from chorus_edi.formats.mapping import ubl

ANY = "*"
"""A suspect that stands for all: there are too many to name."""

_TRANSFERS = frozenset({"30", "58"})
_SEPA = "SEPA"
_VAT = ("VAT", None)
_DUE_DATE = f"{{{ubl.PREFIXES['cbc']}}}DueDate"


def suspects_in(root: Any, invoice: Invoice, syntax: Syntax) -> Iterator[str]:
    """Yield local names of elements, and ``@name`` of attributes."""
    if syntax is Syntax.CII:
        yield from (f"@{name}" for name in root.attrib)
        yield from _cii(invoice)
    else:
        yield from _ubl(invoice)
        yield from _mapped_but_unused(root, invoice, syntax)
        if syntax is Syntax.UBL_CREDIT_NOTE and invoice.project is not None:
            yield "AdditionalDocumentReference"


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
            break


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
    if invoice.supporting_documents or invoice.tender_or_lot is not None:
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
    yield from _cii_lines(invoice)


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
