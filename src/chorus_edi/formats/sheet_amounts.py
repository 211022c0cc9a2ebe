"""Amounts and categories that the official sheets read and the semantic model has no term for."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from chorus_edi.domain.invoice import Invoice, StrayVat, VatTotal, regular_vat_totals
from chorus_edi.domain.money import amount
from chorus_edi.formats.mapping import cii, ubl
from chorus_edi.formats.mapping.conditions import child_text
from chorus_edi.formats.texts import text_of

_CAC, _CBC = (f"{{{ubl.PREFIXES[prefix]}}}" for prefix in ("cac", "cbc"))
_SUBTOTAL = f"{_CAC}TaxSubtotal"
_TOTAL, _TAX = f"{_CAC}TaxTotal", f"{_CBC}TaxAmount"
_OF_LINE = f"{_CAC}ClassifiedTaxCategory"
_OF_OTHERS = f"{_CAC}TaxCategory"
_INDICATED = {"true": "charges", "1": "charges", "false": "allowances", "0": "allowances"}
_RAM = f"{{{cii.PREFIXES['ram']}}}"
_CATEGORY_TAX = f"{_RAM}CategoryTradeTax"
_CATEGORY = f"{_RAM}CategoryCode"


def stray_categories(element: Any) -> list[str]:
    """Return the VAT categories, as written, of the allowances and charges in a part of a CII tree.

    On a line they have no place in the model, nor where nothing tells a charge from an allowance.
    """
    return [
        code
        for tax in element.iter(_CATEGORY_TAX)
        for code in {text_of(child) for child in tax.iterchildren(_CATEGORY)}
    ]


def stray_vat(element: Any) -> list[StrayVat]:
    """Return the VAT categories in a part of a UBL tree that no term is mapped on."""
    return [_stray(category) for category in element.iter(_OF_LINE, _OF_OTHERS)]


def _stray(category: Any) -> StrayVat:
    rate = child_text(category, (f"{_CBC}Percent",))
    return StrayVat(
        "lines" if category.tag == _OF_LINE else _indicated(category.getparent()),
        child_text(category, (f"{_CBC}ID",)),
        child_text(category, (f"{_CAC}TaxScheme", f"{_CBC}ID")),
        amount(rate.strip()) if rate is not None else None,
    )


def _indicated(parent: Any) -> str:
    """Say what an element is that has a tax: one of the allowances, of the charges, or neither."""
    said = child_text(parent, (f"{_CBC}ChargeIndicator",)) or ""
    return _INDICATED.get(said.strip(), "") if parent.tag == f"{_CAC}AllowanceCharge" else ""


def stray_currencies(element: Any) -> set[str]:
    """Return the currencies of the total VAT amounts in a part of a UBL tree."""
    taxes = (tax for total in element.iter(_TOTAL) for tax in total.iterchildren(_TAX))
    return {tax.get("currencyID", "") for tax in taxes}


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
        VatTotal(amount(text_of(element).strip()), element.get("currencyID"), broken_down[parent])
        for element, parent in zip(elements, parents, strict=True)
    )
    if totals and not any(total.breakdowns for total in totals):
        totals = (replace(totals[0], breakdowns=len(invoice.vat_breakdown)), *totals[1:])
    return () if totals == regular else totals
