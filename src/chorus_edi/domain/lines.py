"""An invoice line and its groups (BG-25 to BG-32).

See ``invoice`` for the conventions of the model.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

import msgspec

from chorus_edi.domain.groups import BG, BT, Group, Identifier


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
