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

from decimal import Decimal
from typing import Annotated, Any

import msgspec

from chorus_edi.domain.seen import SeenCodes, SeenValues


class BT(msgspec.Struct, frozen=True):
    """The business term a field carries."""

    id: str


class BG(msgspec.Struct, frozen=True):
    """The business group a field opens."""

    id: str


class Odd(msgspec.Struct, frozen=True):
    """What the model does not show of a value that is not written once and bare.

    The model holds a value without the blanks around it, and the first of several; the official
    sheets test the text itself, and every occurrence.

    Attributes:
        written: the text as it stands there, where there are blanks around it; of a CII date also
            where it is not one of eight digits, of a number where its value does not show how it
            is written (plus sign, leading zeros), of a UBL note that does not begin with its code.
        further: values (or groups) of the further occurrences, in the document's order; codes as
            they are written.
        spelled: the texts of further numbers, where their values do not show how they are written.
        format: what a CII date says of its format, where that is not 102; empty where nothing.
    """

    written: str | None = None
    further: tuple[Any, ...] = ()
    spelled: tuple[str, ...] = ()
    format: str | None = None


OTHERS = "others"
"""Odd field of a group that holds elements, but none of its terms: of a period, for instance."""


class Group(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """Base of every business group.

    ``odd`` says by field what is particular about the way some values are written; None in a
    regular group.
    """

    odd: dict[str, Odd] | None = None


class Identifier(Group, frozen=True, gc=False):
    """An identifier with its scheme: ``value`` is the term itself, ``scheme`` its ``-1`` sub-term.

    ``scheme_name`` is UBL's ``@schemeName``: the historic Chorus formats write the kind of a party
    identifier there (1 SIRET … 7 particulier).
    """

    value: str | None = None
    scheme: str | None = None
    scheme_version: str | None = None
    scheme_name: str | None = None


class Attachment(Group, frozen=True, gc=False):
    """An attached file (BT-125), judged on its decoded, unzipped content.

    ``mime`` and ``filename`` are what the sender declared; ``media_type`` is what the bytes are;
    ``name`` is the name it is delivered under; ``fault`` is a ``Motive`` code, empty when sound.
    """

    mime: str | None = None
    filename: str | None = None
    name: str = ""
    media_type: str = ""
    size: int = 0
    sha256: str = ""
    fault: str = ""


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


class SellerAddress(Group, frozen=True, gc=False):
    """BG-5 Seller postal address."""

    line_1: Annotated[str | None, BT("BT-35")] = None
    line_2: Annotated[str | None, BT("BT-36")] = None
    line_3: Annotated[str | None, BT("BT-162")] = None
    city: Annotated[str | None, BT("BT-37")] = None
    post_code: Annotated[str | None, BT("BT-38")] = None
    subdivision: Annotated[str | None, BT("BT-39")] = None
    country: Annotated[str | None, BT("BT-40")] = None


class SellerContact(Group, frozen=True, gc=False):
    """BG-6 Seller contact."""

    name: Annotated[str | None, BT("BT-41")] = None
    telephone: Annotated[str | None, BT("BT-42")] = None
    email: Annotated[str | None, BT("BT-43")] = None


class Seller(Group, frozen=True, gc=False):
    """BG-4 Seller."""

    name: Annotated[str | None, BT("BT-27")] = None
    trading_name: Annotated[str | None, BT("BT-28")] = None
    identifiers: Annotated[tuple[Identifier, ...], BT("BT-29")] = ()
    legal_registration: Annotated[Identifier | None, BT("BT-30")] = None
    vat_identifier: Annotated[str | None, BT("BT-31")] = None
    tax_registration: Annotated[str | None, BT("BT-32")] = None
    legal_information: Annotated[str | None, BT("BT-33")] = None
    electronic_address: Annotated[Identifier | None, BT("BT-34")] = None
    address: Annotated[SellerAddress | None, BG("BG-5")] = None
    contact: Annotated[SellerContact | None, BG("BG-6")] = None


class BuyerAddress(Group, frozen=True, gc=False):
    """BG-8 Buyer postal address."""

    line_1: Annotated[str | None, BT("BT-50")] = None
    line_2: Annotated[str | None, BT("BT-51")] = None
    line_3: Annotated[str | None, BT("BT-163")] = None
    city: Annotated[str | None, BT("BT-52")] = None
    post_code: Annotated[str | None, BT("BT-53")] = None
    subdivision: Annotated[str | None, BT("BT-54")] = None
    country: Annotated[str | None, BT("BT-55")] = None


class BuyerContact(Group, frozen=True, gc=False):
    """BG-9 Buyer contact."""

    name: Annotated[str | None, BT("BT-56")] = None
    telephone: Annotated[str | None, BT("BT-57")] = None
    email: Annotated[str | None, BT("BT-58")] = None


class Buyer(Group, frozen=True, gc=False):
    """BG-7 Buyer. EN 16931 knows one BT-46; French flows carry several (SIRET, code service)."""

    name: Annotated[str | None, BT("BT-44")] = None
    trading_name: Annotated[str | None, BT("BT-45")] = None
    identifiers: Annotated[tuple[Identifier, ...], BT("BT-46")] = ()
    legal_registration: Annotated[Identifier | None, BT("BT-47")] = None
    vat_identifier: Annotated[str | None, BT("BT-48")] = None
    electronic_address: Annotated[Identifier | None, BT("BT-49")] = None
    address: Annotated[BuyerAddress | None, BG("BG-8")] = None
    contact: Annotated[BuyerContact | None, BG("BG-9")] = None


class Payee(Group, frozen=True, gc=False):
    """BG-10 Payee."""

    name: Annotated[str | None, BT("BT-59")] = None
    identifiers: Annotated[tuple[Identifier, ...], BT("BT-60")] = ()
    legal_registration: Annotated[Identifier | None, BT("BT-61")] = None
    electronic_address: Annotated[Identifier | None, BT("EXT-FR-FE-29")] = None


class TaxRepresentativeAddress(Group, frozen=True, gc=False):
    """BG-12 Seller tax representative postal address."""

    line_1: Annotated[str | None, BT("BT-64")] = None
    line_2: Annotated[str | None, BT("BT-65")] = None
    line_3: Annotated[str | None, BT("BT-164")] = None
    city: Annotated[str | None, BT("BT-66")] = None
    post_code: Annotated[str | None, BT("BT-67")] = None
    subdivision: Annotated[str | None, BT("BT-68")] = None
    country: Annotated[str | None, BT("BT-69")] = None


class TaxRepresentative(Group, frozen=True, gc=False):
    """BG-11 Seller tax representative party."""

    name: Annotated[str | None, BT("BT-62")] = None
    vat_identifier: Annotated[str | None, BT("BT-63")] = None
    address: Annotated[TaxRepresentativeAddress | None, BG("BG-12")] = None


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


class CreditTransfer(Group, frozen=True, gc=False):
    """BG-17 Credit transfer."""

    account: Annotated[Identifier | None, BT("BT-84")] = None
    account_name: Annotated[str | None, BT("BT-85")] = None
    provider: Annotated[str | None, BT("BT-86")] = None


class PaymentCard(Group, frozen=True, gc=False):
    """BG-18 Payment card information."""

    account: Annotated[str | None, BT("BT-87")] = None
    holder: Annotated[str | None, BT("BT-88")] = None


class DirectDebit(Group, frozen=True, gc=False):
    """BG-19 Direct debit. BT-89 and BT-90 sit elsewhere in both syntaxes: see ``Invoice``."""

    debited_account: Annotated[str | None, BT("BT-91")] = None


class PaymentInstructions(Group, frozen=True, gc=False):
    """BG-16 Payment instructions. EN 16931 knows one; both syntaxes repeat it."""

    means_code: Annotated[str | None, BT("BT-81")] = None
    means_text: Annotated[str | None, BT("BT-82")] = None
    credit_transfers: Annotated[tuple[CreditTransfer, ...], BG("BG-17")] = ()
    card: Annotated[PaymentCard | None, BG("BG-18")] = None
    direct_debit: Annotated[DirectDebit | None, BG("BG-19")] = None


class DocumentAllowance(Group, frozen=True, gc=False):
    """BG-20 Document level allowance."""

    amount: Annotated[Decimal | None, BT("BT-92")] = None
    base_amount: Annotated[Decimal | None, BT("BT-93")] = None
    percentage: Annotated[Decimal | None, BT("BT-94")] = None
    tax_scheme: Annotated[str | None, BT("BT-95-0")] = None
    vat_category: Annotated[str | None, BT("BT-95")] = None
    vat_rate: Annotated[Decimal | None, BT("BT-96")] = None
    reason: Annotated[str | None, BT("BT-97")] = None
    reason_code: Annotated[str | None, BT("BT-98")] = None
    exemption_reason: Annotated[str | None, BT("BT-173")] = None
    exemption_code: Annotated[str | None, BT("BT-174")] = None


class DocumentCharge(Group, frozen=True, gc=False):
    """BG-21 Document level charge."""

    amount: Annotated[Decimal | None, BT("BT-99")] = None
    base_amount: Annotated[Decimal | None, BT("BT-100")] = None
    percentage: Annotated[Decimal | None, BT("BT-101")] = None
    tax_scheme: Annotated[str | None, BT("BT-102-0")] = None
    vat_category: Annotated[str | None, BT("BT-102")] = None
    vat_rate: Annotated[Decimal | None, BT("BT-103")] = None
    reason: Annotated[str | None, BT("BT-104")] = None
    reason_code: Annotated[str | None, BT("BT-105")] = None
    exemption_reason: Annotated[str | None, BT("BT-175")] = None
    exemption_code: Annotated[str | None, BT("BT-176")] = None


class ServiceCharge(Group, frozen=True, gc=False):
    """BG-X-42 Logistics service charge. EXTENDED repeats its tax; further ones are ``odd``."""

    description: Annotated[str | None, BT("BT-X-271")] = None
    amount: Annotated[Decimal | None, BT("BT-X-272")] = None
    tax_scheme: Annotated[str | None, BT("BT-X-273-0")] = None
    vat_category: Annotated[str | None, BT("BT-X-273")] = None
    vat_rate: Annotated[Decimal | None, BT("BT-X-274")] = None
    exemption_reason: Annotated[str | None, BT("BT-X-591")] = None
    exemption_code: Annotated[str | None, BT("BT-X-592")] = None


class ThirdPartyAmount(Group, frozen=True, gc=False):
    """BG-34 Amount collected on behalf of a third party: due with the invoice, no part of it."""

    amount: Annotated[Decimal | None, BT("BT-179")] = None
    reason: Annotated[str | None, BT("BT-180")] = None


class Totals(Group, frozen=True, gc=False):
    """BG-22 Document totals."""

    line_net: Annotated[Decimal | None, BT("BT-106")] = None
    allowances: Annotated[Decimal | None, BT("BT-107")] = None
    charges: Annotated[Decimal | None, BT("BT-108")] = None
    without_vat: Annotated[Decimal | None, BT("BT-109")] = None
    vat: Annotated[Decimal | None, BT("BT-110")] = None
    vat_in_accounting_currency: Annotated[Decimal | None, BT("BT-111")] = None
    with_vat: Annotated[Decimal | None, BT("BT-112")] = None
    paid: Annotated[Decimal | None, BT("BT-113")] = None
    rounding: Annotated[Decimal | None, BT("BT-114")] = None
    due: Annotated[Decimal | None, BT("BT-115")] = None


class VatTotal(msgspec.Struct, frozen=True, gc=False):
    """A total VAT amount as it stands there; a regular one is BT-110 or BT-111.

    Attributes:
        amount: None where it cannot be read.
        currency: as written; None where none is given.
        breakdowns: how many of the invoice's VAT breakdowns stand with it, in UBL.
        spelled: its text, where the amount does not show how it is written.
    """

    amount: Decimal | None
    currency: str | None
    breakdowns: int = 0
    spelled: str = ""


class VatBreakdown(Group, frozen=True, gc=False):
    """BG-23 VAT breakdown."""

    taxable_amount: Annotated[Decimal | None, BT("BT-116")] = None
    tax_amount: Annotated[Decimal | None, BT("BT-117")] = None
    tax_scheme: Annotated[str | None, BT("BT-118-0")] = None
    category: Annotated[str | None, BT("BT-118")] = None
    rate: Annotated[Decimal | None, BT("BT-119")] = None
    exemption_reason: Annotated[str | None, BT("BT-120")] = None
    exemption_code: Annotated[str | None, BT("BT-121")] = None


class SupportingDocument(Group, frozen=True, gc=False):
    """BG-24 Additional supporting document."""

    reference: Annotated[str | None, BT("BT-122")] = None
    description: Annotated[str | None, BT("BT-123")] = None
    uri: Annotated[str | None, BT("BT-124")] = None
    attachment: Annotated[Attachment | None, BT("BT-125")] = None
    kind: Annotated[str | None, BT("CE-TYPE-PJ")] = None


class LinePeriod(Group, frozen=True, gc=False):
    """BG-26 Invoice line period."""

    start: Annotated[str | None, BT("BT-134")] = None
    end: Annotated[str | None, BT("BT-135")] = None


class LineAllowance(Group, frozen=True, gc=False):
    """BG-27 Invoice line allowance."""

    amount: Annotated[Decimal | None, BT("BT-136")] = None
    base_amount: Annotated[Decimal | None, BT("BT-137")] = None
    percentage: Annotated[Decimal | None, BT("BT-138")] = None
    reason: Annotated[str | None, BT("BT-139")] = None
    reason_code: Annotated[str | None, BT("BT-140")] = None


class LineCharge(Group, frozen=True, gc=False):
    """BG-28 Invoice line charge."""

    amount: Annotated[Decimal | None, BT("BT-141")] = None
    base_amount: Annotated[Decimal | None, BT("BT-142")] = None
    percentage: Annotated[Decimal | None, BT("BT-143")] = None
    reason: Annotated[str | None, BT("BT-144")] = None
    reason_code: Annotated[str | None, BT("BT-145")] = None


class Price(Group, frozen=True, gc=False):
    """BG-29 Price details."""

    net: Annotated[Decimal | None, BT("BT-146")] = None
    discount: Annotated[Decimal | None, BT("BT-147")] = None
    gross: Annotated[Decimal | None, BT("BT-148")] = None
    base_quantity: Annotated[Decimal | None, BT("BT-149")] = None
    base_unit: Annotated[str | None, BT("BT-150")] = None


class LineVat(Group, frozen=True, gc=False):
    """BG-30 Line VAT information."""

    tax_scheme: Annotated[str | None, BT("BT-151-0")] = None
    category: Annotated[str | None, BT("BT-151")] = None
    rate: Annotated[Decimal | None, BT("BT-152")] = None
    exemption_reason: Annotated[str | None, BT("BT-X-96")] = None
    exemption_code: Annotated[str | None, BT("BT-X-97")] = None


class StrayVat(msgspec.Struct, frozen=True, gc=False):
    """A VAT category of a UBL document in a place that the model has none for.

    Attributes:
        where: what the sheet counts it among: ``lines``, ``allowances``, ``charges``, ``others``
            for an allowance or charge that does not say which it is, else empty.
        category: its code as written; None where it has none.
        tax_scheme: the tax it is of.
        rate: its rate, where it can be read.
    """

    where: str
    category: str | None
    tax_scheme: str | None
    rate: Decimal | None


class StrayLine(msgspec.Struct, frozen=True, gc=False):
    """A line of a UBL document in a place that the model has none for: in an extension.

    Attributes:
        other: it is a line of a credit note in an invoice, or the other way round.
        net_amount: its net amount, where it can be read.
        categories: its VAT categories as written.
        rates: their rates.
        reasons: why they are exempt, as text and as code.
        counts: False where it says that it is a subtotal or an information of this invoice.
    """

    other: bool
    net_amount: Decimal | None
    categories: tuple[str | None, ...]
    rates: tuple[Decimal | None, ...]
    reasons: tuple[tuple[str | None, str | None], ...] = ()
    counts: bool = True


class ItemAttribute(Group, frozen=True, gc=False):
    """BG-32 Item attribute."""

    name: Annotated[str | None, BT("BT-160")] = None
    value: Annotated[str | None, BT("BT-161")] = None
    code: Annotated[str | None, BT("BT-X-11")] = None
    measure: Annotated[Decimal | None, BT("BT-X-12")] = None
    measure_unit: Annotated[str | None, BT("BT-X-12-0")] = None


class Item(Group, frozen=True, gc=False):
    """BG-31 Item information."""

    name: Annotated[str | None, BT("BT-153")] = None
    description: Annotated[str | None, BT("BT-154")] = None
    seller_identifier: Annotated[str | None, BT("BT-155")] = None
    buyer_identifier: Annotated[str | None, BT("BT-156")] = None
    standard_identifier: Annotated[Identifier | None, BT("BT-157")] = None
    classifications: Annotated[tuple[Identifier, ...], BT("BT-158")] = ()
    origin_country: Annotated[str | None, BT("BT-159")] = None
    attributes: Annotated[tuple[ItemAttribute, ...], BG("BG-32")] = ()


class LinePrecedingInvoice(Group, frozen=True, gc=False):
    """EXT-FR-FE-BG-06 Preceding invoice reference of a line.

    UBL also writes there, as a reference to the invoice itself, what ``kind`` of line it is and
    which ``parent`` it stands below; CII has both on the line.
    """

    number: Annotated[str | None, BT("EXT-FR-FE-136")] = None
    type_code: Annotated[str | None, BT("EXT-FR-FE-137")] = None
    issue_date: Annotated[str | None, BT("EXT-FR-FE-138")] = None
    kind: Annotated[str | None, BT("EXT-FR-FE-163")] = None
    parent: Annotated[str | None, BT("EXT-FR-FE-162")] = None


class LineDelivery(Group, frozen=True, gc=False):
    """EXT-FR-FE-BG-10 Deliver to, of a line; with the date of EXT-FR-FE-BG-11."""

    location: Annotated[Identifier | None, BT("EXT-FR-FE-146")] = None
    date: Annotated[str | None, BT("EXT-FR-FE-158")] = None


class InvoiceLine(Group, frozen=True, gc=False):
    """BG-25 Invoice line.

    ``kind`` is DETAIL, GROUP (a subtotal of the lines below it) or INFORMATION; without one a line
    is a DETAIL. ``parent`` is the BT-126 of the line it stands below.
    """

    identifier: Annotated[str | None, BT("BT-126")] = None
    note: Annotated[str | None, BT("BT-127")] = None
    invoiced_object: Annotated[Identifier | None, BT("BT-128")] = None
    quantity: Annotated[Decimal | None, BT("BT-129")] = None
    unit: Annotated[str | None, BT("BT-130")] = None
    net_amount: Annotated[Decimal | None, BT("BT-131")] = None
    order_line: Annotated[str | None, BT("BT-132")] = None
    accounting_reference: Annotated[str | None, BT("BT-133")] = None
    period: Annotated[LinePeriod | None, BG("BG-26")] = None
    allowances: Annotated[tuple[LineAllowance, ...], BG("BG-27")] = ()
    charges: Annotated[tuple[LineCharge, ...], BG("BG-28")] = ()
    price: Annotated[Price | None, BG("BG-29")] = None
    vat: Annotated[LineVat | None, BG("BG-30")] = None
    item: Annotated[Item | None, BG("BG-31")] = None
    kind: Annotated[str | None, BT("BT-X-8")] = None
    parent: Annotated[str | None, BT("BT-X-304")] = None
    preceding_invoices: Annotated[tuple[LinePrecedingInvoice, ...], BG("EXT-FR-FE-BG-06")] = ()
    delivery: Annotated[LineDelivery | None, BG("EXT-FR-FE-BG-10")] = None
    order: Annotated[str | None, BT("EXT-FR-FE-135")] = None


class BuyerAgent(Group, frozen=True, gc=False):
    """EXT-FR-FE-BG-01 Buyer agent."""

    name: Annotated[str | None, BT("EXT-FR-FE-03")] = None
    identifiers: Annotated[tuple[Identifier, ...], BT("EXT-FR-FE-06")] = ()
    legal_registration: Annotated[Identifier | None, BT("EXT-FR-FE-08")] = None
    electronic_address: Annotated[Identifier | None, BT("EXT-FR-FE-12")] = None


class Payer(Group, frozen=True, gc=False):
    """EXT-FR-FE-BG-02 Payer."""

    name: Annotated[str | None, BT("EXT-FR-FE-43")] = None
    identifiers: Annotated[tuple[Identifier, ...], BT("EXT-FR-FE-46")] = ()
    legal_registration: Annotated[Identifier | None, BT("EXT-FR-FE-48")] = None
    electronic_address: Annotated[Identifier | None, BT("EXT-FR-FE-52")] = None


class SellerAgent(Group, frozen=True, gc=False):
    """EXT-FR-FE-BG-03 Seller agent."""

    name: Annotated[str | None, BT("EXT-FR-FE-66")] = None
    identifiers: Annotated[tuple[Identifier, ...], BT("EXT-FR-FE-69")] = ()
    legal_registration: Annotated[Identifier | None, BT("EXT-FR-FE-71")] = None
    electronic_address: Annotated[Identifier | None, BT("EXT-FR-FE-75")] = None


class Invoicee(Group, frozen=True, gc=False):
    """EXT-FR-FE-BG-04 Invoicee: whom the invoice is addressed to, where it is not the buyer."""

    name: Annotated[str | None, BT("EXT-FR-FE-89")] = None
    identifiers: Annotated[tuple[Identifier, ...], BT("EXT-FR-FE-92")] = ()
    legal_registration: Annotated[Identifier | None, BT("EXT-FR-FE-94")] = None
    electronic_address: Annotated[Identifier | None, BT("EXT-FR-FE-98")] = None


class Invoicer(Group, frozen=True, gc=False):
    """EXT-FR-FE-BG-05 Invoicer: who writes the invoice, where it is not the seller."""

    name: Annotated[str | None, BT("EXT-FR-FE-112")] = None
    identifiers: Annotated[tuple[Identifier, ...], BT("EXT-FR-FE-115")] = ()
    legal_registration: Annotated[Identifier | None, BT("EXT-FR-FE-117")] = None
    electronic_address: Annotated[Identifier | None, BT("EXT-FR-FE-121")] = None


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
