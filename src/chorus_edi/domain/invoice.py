"""The semantic model of EN 16931-1: a frozen struct per business group, fields in the norm's order.

Absent is ``None`` (or an empty tuple), present but blank is ``""``. Amounts, quantities and rates
are ``Decimal`` exactly as written; dates are the text ``AAAA-MM-JJ``, which may be a day that does
not exist. ``BT``/``BG`` annotations name the term of each field: the mapping tables, the addresses
of findings and the documentation are derived from them.

Terms ``CE-*`` are the Chorus fields that sit outside EN 16931 in the historic formats
(facts: chorus-pro 5.4). Terms ``BT-X-*``, and those numbered after BT-165, are of the profile
EXTENDED of Factur-X, and stand last in their group: EN 16931 has no such terms, and most invoices
none of them. Nor has it those of the French extension, ``EXT-FR-FE-*`` (AFNOR XP Z12-012).
"""

from __future__ import annotations

from typing import Annotated

from chorus_edi.domain.groups import BG, BT, Attachment, Group, Identifier
from chorus_edi.domain.lines import InvoiceLine, StrayLine
from chorus_edi.domain.parties import (
    Buyer,
    BuyerAgent,
    Invoicee,
    Invoicer,
    Payee,
    Payer,
    Seller,
    SellerAgent,
    TaxRepresentative,
)
from chorus_edi.domain.seen import SeenCodes, SeenValues
from chorus_edi.domain.settlement import (
    DocumentAllowance,
    DocumentCharge,
    PaymentInstructions,
    ServiceCharge,
    StrayVat,
    ThirdPartyAmount,
    Totals,
    VatBreakdown,
    VatTotal,
)


class Note(Group, frozen=True, gc=False):
    """BG-1 Invoice note."""

    subject_code: Annotated[str | None, BT("BT-21")] = None
    text: Annotated[str | None, BT("BT-22")] = None
    coded_text: Annotated[str | None, BT("BT-X-5")] = None


class ProcessControl(Group, frozen=True, gc=False):
    """BG-2 Process control."""

    business_process: Annotated[str | None, BT("BT-23")] = None
    specification: Annotated[str | None, BT("BT-24")] = None


class PrecedingInvoice(Group, frozen=True, gc=False):
    """BG-3 Preceding invoice reference."""

    number: Annotated[str | None, BT("BT-25")] = None
    issue_date: Annotated[str | None, BT("BT-26")] = None
    type_code: Annotated[str | None, BT("EXT-FR-FE-02")] = None


class InvoicingPeriod(Group, frozen=True, gc=False):
    """BG-14 Delivery or invoice period."""

    start: Annotated[str | None, BT("BT-73")] = None
    end: Annotated[str | None, BT("BT-74")] = None


class DeliverToAddress(Group, frozen=True, gc=False):
    """BG-15 Deliver to address."""

    line_1: Annotated[str | None, BT("BT-75")] = None
    line_2: Annotated[str | None, BT("BT-76")] = None
    line_3: Annotated[str | None, BT("BT-165")] = None
    city: Annotated[str | None, BT("BT-77")] = None
    post_code: Annotated[str | None, BT("BT-78")] = None
    subdivision: Annotated[str | None, BT("BT-79")] = None
    country: Annotated[str | None, BT("BT-80")] = None


class Delivery(Group, frozen=True, gc=False):
    """BG-13 Delivery information."""

    name: Annotated[str | None, BT("BT-70")] = None
    location: Annotated[Identifier | None, BT("BT-71")] = None
    date: Annotated[str | None, BT("BT-72")] = None
    period: Annotated[InvoicingPeriod | None, BG("BG-14")] = None
    address: Annotated[DeliverToAddress | None, BG("BG-15")] = None


class SupportingDocument(Group, frozen=True, gc=False):
    """BG-24 Additional supporting document."""

    reference: Annotated[str | None, BT("BT-122")] = None
    description: Annotated[str | None, BT("BT-123")] = None
    uri: Annotated[str | None, BT("BT-124")] = None
    attachment: Annotated[Attachment | None, BT("BT-125")] = None
    kind: Annotated[str | None, BT("CE-TYPE-PJ")] = None


class ChorusFields(Group, frozen=True, gc=False):
    """Chorus data that has no term of its own in EN 16931 (historic formats, facts 5.4)."""

    cadre: Annotated[str | None, BT("CE-CADRE")] = None
    code_service: Annotated[str | None, BT("CE-SERVICE")] = None
    contract_type: Annotated[str | None, BT("CE-TYPE-MARCHE")] = None
    valideur: Annotated[Identifier | None, BT("CE-VALIDEUR")] = None
    vat_regime: Annotated[str | None, BT("CE-REGIME-TVA")] = None


class Invoice(Group, frozen=True, gc=False):
    """The whole invoice or credit note (BG-0).

    What is no term: ``codes`` and ``values``, what the reader saw of codes, numbers and dates, None
    for an invoice that was not read; ``stray_categories``, VAT categories of allowances and charges
    of a CII document that are none of BG-20 and BG-21, which its sheet counts; ``stray_vat``, the
    same of a UBL document, whose sheet also counts those of lines; ``stray_currencies``, those of
    its total VAT amounts of lines; ``stray_lines``, its lines that are no BG-25;
    ``stray_identifiers``, the terms that a seller, a buyer or a tax representative elsewhere has an
    identifier for (BT-31, BT-32, BT-47, BT-48, BT-63); ``vat_totals``, the total VAT amounts as
    they stand there, empty where BT-110 and BT-111 say all of them (``vat_totals_of``).
    """

    number: Annotated[str | None, BT("BT-1")] = None
    issue_date: Annotated[str | None, BT("BT-2")] = None
    type_code: Annotated[str | None, BT("BT-3")] = None
    currency: Annotated[str | None, BT("BT-5")] = None
    accounting_currency: Annotated[str | None, BT("BT-6")] = None
    tax_point_date: Annotated[str | None, BT("BT-7")] = None
    tax_point_code: Annotated[str | None, BT("BT-8")] = None
    due_date: Annotated[str | None, BT("BT-9")] = None
    buyer_reference: Annotated[str | None, BT("BT-10")] = None
    project: Annotated[str | None, BT("BT-11")] = None
    contract: Annotated[str | None, BT("BT-12")] = None
    purchase_order: Annotated[str | None, BT("BT-13")] = None
    sales_order: Annotated[str | None, BT("BT-14")] = None
    receiving_advice: Annotated[str | None, BT("BT-15")] = None
    despatch_advice: Annotated[str | None, BT("BT-16")] = None
    tender_or_lot: Annotated[str | None, BT("BT-17")] = None
    invoiced_object: Annotated[Identifier | None, BT("BT-18")] = None
    buyer_accounting_reference: Annotated[str | None, BT("BT-19")] = None
    payment_terms: Annotated[str | None, BT("BT-20")] = None
    notes: Annotated[tuple[Note, ...], BG("BG-1")] = ()
    process: Annotated[ProcessControl | None, BG("BG-2")] = None
    preceding_invoices: Annotated[tuple[PrecedingInvoice, ...], BG("BG-3")] = ()
    seller: Annotated[Seller | None, BG("BG-4")] = None
    buyer: Annotated[Buyer | None, BG("BG-7")] = None
    payee: Annotated[Payee | None, BG("BG-10")] = None
    tax_representative: Annotated[TaxRepresentative | None, BG("BG-11")] = None
    delivery: Annotated[Delivery | None, BG("BG-13")] = None
    payment: Annotated[tuple[PaymentInstructions, ...], BG("BG-16")] = ()
    remittance_information: Annotated[str | None, BT("BT-83")] = None
    mandate: Annotated[str | None, BT("BT-89")] = None
    creditor_identifier: Annotated[str | None, BT("BT-90")] = None
    allowances: Annotated[tuple[DocumentAllowance, ...], BG("BG-20")] = ()
    charges: Annotated[tuple[DocumentCharge, ...], BG("BG-21")] = ()
    totals: Annotated[Totals | None, BG("BG-22")] = None
    vat_breakdown: Annotated[tuple[VatBreakdown, ...], BG("BG-23")] = ()
    supporting_documents: Annotated[tuple[SupportingDocument, ...], BG("BG-24")] = ()
    lines: Annotated[tuple[InvoiceLine, ...], BG("BG-25")] = ()
    service_charges: Annotated[tuple[ServiceCharge, ...], BG("BG-X-42")] = ()
    third_party_amounts: Annotated[tuple[ThirdPartyAmount, ...], BG("BG-34")] = ()
    buyer_agent: Annotated[BuyerAgent | None, BG("EXT-FR-FE-BG-01")] = None
    payer: Annotated[Payer | None, BG("EXT-FR-FE-BG-02")] = None
    seller_agent: Annotated[SellerAgent | None, BG("EXT-FR-FE-BG-03")] = None
    invoicee: Annotated[Invoicee | None, BG("EXT-FR-FE-BG-04")] = None
    invoicer: Annotated[Invoicer | None, BG("EXT-FR-FE-BG-05")] = None
    chorus: Annotated[ChorusFields | None, BG("CE-CHORUS")] = None
    codes: SeenCodes | None = None
    values: SeenValues | None = None
    vat_totals: tuple[VatTotal, ...] = ()
    stray_categories: tuple[str, ...] = ()
    stray_vat: tuple[StrayVat, ...] = ()
    stray_currencies: tuple[str, ...] = ()
    stray_lines: tuple[StrayLine, ...] = ()
    stray_identifiers: tuple[str, ...] = ()


def vat_totals_of(invoice: Invoice) -> tuple[VatTotal, ...]:
    """Return every total VAT amount of an invoice, in the document's order."""
    return invoice.vat_totals or regular_vat_totals(invoice)


def regular_vat_totals(invoice: Invoice) -> tuple[VatTotal, ...]:
    """Return the totals that BT-110 and BT-111 stand for; the breakdown belongs to the first."""
    totals = invoice.totals
    if totals is None:
        return ()
    both = (
        (totals.vat, invoice.currency),
        (totals.vat_in_accounting_currency, invoice.accounting_currency),
    )
    present = [total for total in both if total[0] is not None]
    breakdowns = (len(invoice.vat_breakdown), 0)
    return tuple(VatTotal(*total, n) for total, n in zip(present, breakdowns, strict=False))
