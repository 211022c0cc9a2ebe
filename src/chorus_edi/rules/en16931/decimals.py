"""BR-DEC-01…BR-DEC-28: amounts have at most two decimals. One table, a rule per amount."""

from __future__ import annotations

from decimal import Decimal
from operator import attrgetter
from typing import Any, NamedTuple, TypedDict

from chorus_edi.domain.groups import Group
from chorus_edi.domain.invoice import Invoice, vat_totals_of
from chorus_edi.domain.lines import InvoiceLine, LineAllowance, LineCharge
from chorus_edi.domain.money import CENT, ZERO, decimals, round_half_up
from chorus_edi.domain.scenarios import Syntax
from chorus_edi.domain.settlement import (
    DocumentAllowance,
    DocumentCharge,
    Totals,
    VatBreakdown,
    VatTotal,
)
from chorus_edi.domain.terms import TERMS
from chorus_edi.rules.registry import Breach, rule, unjudged
from chorus_edi.rules.text import as_written

_SOURCE = "EN 16931-1:2017, 6.5.2 ; artefacts EN 16931 1.3.16"
_MOST = 2


class _Amount(NamedTuple):
    id: str
    each: type[Group]
    term: str


_AMOUNTS = (
    _Amount("BR-DEC-01", DocumentAllowance, "BT-92"),
    _Amount("BR-DEC-02", DocumentAllowance, "BT-93"),
    _Amount("BR-DEC-05", DocumentCharge, "BT-99"),
    _Amount("BR-DEC-06", DocumentCharge, "BT-100"),
    _Amount("BR-DEC-09", Totals, "BT-106"),
    _Amount("BR-DEC-10", Totals, "BT-107"),
    _Amount("BR-DEC-11", Totals, "BT-108"),
    _Amount("BR-DEC-12", Totals, "BT-109"),
    _Amount("BR-DEC-14", Totals, "BT-112"),
    _Amount("BR-DEC-16", Totals, "BT-113"),
    _Amount("BR-DEC-17", Totals, "BT-114"),
    _Amount("BR-DEC-18", Totals, "BT-115"),
    _Amount("BR-DEC-19", VatBreakdown, "BT-116"),
    _Amount("BR-DEC-20", VatBreakdown, "BT-117"),
    _Amount("BR-DEC-23", InvoiceLine, "BT-131"),
    _Amount("BR-DEC-24", LineAllowance, "BT-136"),
    _Amount("BR-DEC-25", LineAllowance, "BT-137"),
    _Amount("BR-DEC-27", LineCharge, "BT-141"),
    _Amount("BR-DEC-28", LineCharge, "BT-142"),
)


class _Texts(TypedDict):
    fr: str
    en: str
    conseil: str
    source: str
    name: str


def _texts(term: str) -> _Texts:
    label = TERMS[term].label
    return {
        "fr": f"Un montant a plus de deux décimales : {label.fr} ({term}).",
        "en": f"An amount has more than two decimals: {label.en} ({term}).",
        "conseil": f"Arrondissez {term} au centime, puis recalculez les totaux qui en dépendent.",
        "source": _SOURCE,
        "name": f"{label.en} has at most two decimals",
    }


def _register(card: _Amount) -> None:
    field = TERMS[card.term].field
    amount_of = attrgetter(field)

    def check(group: Any, _: Invoice) -> Breach | None:
        amount: Decimal = amount_of(group)
        # Whoever writes cents is the rule: comparing exponents is cheaper than taking them apart.
        if group.odd is None and (amount.same_quantum(CENT) or decimals(amount) <= _MOST):
            return None
        if _digits(group, field, amount) <= _MOST:
            return None
        return Breach(card.term, found=amount, expected=round_half_up(amount))

    judged: Any = {"each": card.each, "given": (card.term,), "amounts_only": True}
    rule(card.id, card.term, **judged, **_texts(card.term))(check)


def _digits(group: Any, field: str, amount: Decimal) -> int:
    """Count what is written after the point; blanks after the number count as well."""
    odd = group.odd.get(field) if group.odd is not None else None
    if odd is None or odd.written is None:
        return decimals(amount)
    return len(str(as_written(group, field)).partition(".")[2])


for _amount in _AMOUNTS:
    _register(_amount)


def _in_cents(total: VatTotal) -> bool:
    return total.amount is not None and total.amount == round_half_up(total.amount)


def _coarse(totals: tuple[VatTotal, ...], term: str) -> Breach:
    amount = next((total.amount for total in totals if not _in_cents(total)), None)
    return Breach(term, found=amount, expected=round_half_up(amount or ZERO))


@rule("BR-DEC-13", "BT-110", "BT-5", **_texts("BT-110"))
def a_vat_total_in_the_invoice_currency_has_two_decimals(
    invoice: Invoice, _: Invoice
) -> Breach | None:
    """Broken where every total is in the invoice currency, and none is in cents."""
    totals, currency = vat_totals_of(invoice), as_written(invoice, "currency")
    if not totals or any(one.currency != currency or _in_cents(one) for one in totals):
        return None
    return _coarse(totals, "BT-110")


@rule("BR-DEC-15", "BT-111", "BT-6", given=("BT-6",), **_texts("BT-111"))
def a_vat_total_in_the_accounting_currency_has_two_decimals(
    invoice: Invoice, _: Invoice
) -> Breach | None:
    """Broken where there is a total, but none in the accounting currency and in cents."""
    totals, currency = vat_totals_of(invoice), as_written(invoice, "accounting_currency")
    if not totals or any(one.currency == currency and _in_cents(one) for one in totals):
        return None
    mine = tuple(one for one in totals if one.currency == currency)
    return _coarse(mine, "BT-111") if mine else Breach("BT-111")


for _id in ("BR-DEC-13", "BR-DEC-15"):
    unjudged(
        _id,
        Syntax.UBL_INVOICE,
        Syntax.UBL_CREDIT_NOTE,
        why="La feuille UBL cherche le code de devise dans le montant, où il n'est jamais.",
    )
