"""What is to be paid, and how: allowances, charges, totals, VAT, payment (BG-16 to BG-23).

See ``invoice`` for the conventions of the model.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

import msgspec

from chorus_edi.domain.groups import BG, BT, Group, Identifier


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
