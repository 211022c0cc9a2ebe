"""Total VAT amounts as the official sheets add them up, where the semantic model has fewer."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from chorus_edi.domain.invoice import Invoice, regular_vat_totals
from chorus_edi.domain.money import amount
from chorus_edi.domain.settlement import VatTotal
from chorus_edi.formats.mapping import ubl
from chorus_edi.formats.texts import text_of

_SUBTOTAL = f"{{{ubl.PREFIXES['cac']}}}TaxSubtotal"


def vat_totals(elements: list[Any], invoice: Invoice) -> tuple[VatTotal, ...]:
    """Return the total VAT amounts as they stand there; none where BT-110 and BT-111 say it all.

    In CII the breakdown stands with none of them, and is taken for the first's.
    """
    if len(elements) == 1 and elements[0].get("currencyID") == invoice.currency:
        return ()
    regular = regular_vat_totals(invoice)
    # Ten thousand of them may stand in one parent.
    parents = [element.getparent() for element in elements]
    broken_down = {
        parent: sum(1 for one in parent if one.tag == _SUBTOTAL) for parent in set(parents)
    }
    totals = tuple(
        _total(element, broken_down[parent])
        for element, parent in zip(elements, parents, strict=True)
    )
    if totals and not any(total.breakdowns for total in totals):
        totals = (replace(totals[0], breakdowns=len(invoice.vat_breakdown)), *totals[1:])
    return () if totals == regular else totals


def _total(element: Any, breakdowns: int) -> VatTotal:
    text = text_of(element)
    value = amount(text.strip())
    spelled = text if value is not None and f"{value:f}" != text else ""
    return VatTotal(value, element.get("currencyID"), breakdowns, spelled)
