"""Amounts that the official sheets read and the semantic model has no term for."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from msgspec.structs import replace

from chorus_edi.domain.invoice import Invoice, VatTotal, regular_vat_totals
from chorus_edi.domain.money import amount
from chorus_edi.formats.mapping import cii, ubl
from chorus_edi.formats.texts import text_of

_SUBTOTAL = f"{{{ubl.PREFIXES['cac']}}}TaxSubtotal"
_RAM = f"{{{cii.PREFIXES['ram']}}}"
_SETTLEMENT = f"{_RAM}ApplicableHeaderTradeSettlement"
_SERVICE_CHARGE = f"{_RAM}SpecifiedLogisticsServiceCharge"
_APPLIED = f"{_RAM}AppliedAmount"


def service_charges(element: Any) -> list[Decimal]:
    """Return the amounts of an element that is a logistics service charge of a CII document."""
    if element.tag != _SERVICE_CHARGE or element.getparent().tag != _SETTLEMENT:
        return []
    texts = (text_of(child).strip() for child in element.iterchildren(_APPLIED))
    return [value for text in texts if (value := amount(text)) is not None]


def vat_totals(elements: list[Any], invoice: Invoice) -> tuple[VatTotal, ...]:
    """Return the total VAT amounts as they stand there; none where BT-110 and BT-111 say it all.

    In CII the breakdown stands with none of them, and is taken for the first's.
    """
    if len(elements) == 1 and elements[0].get("currencyID") == invoice.currency:
        return ()
    regular = regular_vat_totals(invoice)
    totals = tuple(
        VatTotal(
            amount(text_of(element).strip()),
            element.get("currencyID"),
            sum(1 for beside in element.getparent() if beside.tag == _SUBTOTAL),
        )
        for element in elements
    )
    if totals and not any(total.breakdowns for total in totals):
        totals = (replace(totals[0], breakdowns=len(invoice.vat_breakdown)), *totals[1:])
    return () if totals == regular else totals
