"""What an invoice uses and adds up by VAT category and rate: computed once, asked by many rules.

Ten thousand VAT breakdowns on a hundred thousand lines must not be compared pair by pair, so the
sums are indexed. Only those of the last invoice are kept, for as long as its rules run.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import chain
from typing import Any

from chorus_edi.domain.invoice import Group, Invoice, InvoiceLine, LineVat, VatBreakdown
from chorus_edi.domain.money import EXACT, ZERO
from chorus_edi.rules.text import BLANKS, as_written, every

VAT = "VAT"
_SEVERAL = 2

INDICATOR = "indicator"
"""Odd field of an allowance or charge whose indicator the CII sheet does not recognise."""


def is_vat(scheme: str | None) -> bool:
    """True where a tax scheme is the value added tax, no matter the case."""
    return scheme == VAT or (scheme is not None and scheme.strip(BLANKS).upper() == VAT)


def is_written_vat(group: Any) -> bool:
    """The same of a group's scheme as it is written, blanks included."""
    scheme = group.tax_scheme
    if scheme == VAT and group.odd is None:
        return True
    if scheme is None or group.odd is None:
        return scheme == VAT or (scheme is not None and scheme.upper() == VAT)
    return (as_written(group, "tax_scheme") or "").upper() == VAT


def categories_of(group: Any) -> tuple[LineVat, ...]:
    """Return the VAT categories of an allowance or charge; EN 16931 knows one."""
    first = LineVat(group.tax_scheme, group.vat_category, group.vat_rate)
    further = group.odd["vat_category"].further if group.odd and "vat_category" in group.odd else ()
    return (first, *(one for one in further if isinstance(one, LineVat)))


def codes_of(group: Any, *, exact: bool) -> tuple[str | None, ...]:
    """Return every VAT category code of a group, the one that the model shows first.

    Args:
        group: an allowance, a charge, a breakdown or the VAT of a line.
        exact: as they are written; else as the model has them.
    """
    field = "vat_category" if hasattr(group, "vat_category") else "category"
    first: str | None = as_written(group, field) if exact else getattr(group, field)
    further = every(group, field)[1:]
    return (first, *(one.category if isinstance(one, LineVat) else one for one in further))


@dataclass(slots=True)
class Tally:
    """The VAT categories of the lines, allowances, charges or breakdowns of an invoice.

    A category that is absent counts under None.

    Attributes:
        every: category → how many, whatever their tax scheme.
        vat: category → how many whose tax scheme is VAT.
        by_category: category → sum of their amounts.
        by_rate: (category, rate) → sum of their amounts.
    """

    every: Counter[str | None] = field(default_factory=Counter)
    vat: Counter[str | None] = field(default_factory=Counter)
    by_category: dict[str | None, Decimal] = field(default_factory=dict)
    by_rate: dict[tuple[str | None, Decimal | None], Decimal] = field(default_factory=dict)


@dataclass(slots=True)
class Figures:
    """What an invoice uses and adds up.

    Attributes:
        lines: of its lines.
        allowances: of its document level allowances.
        charges: of its document level charges.
        breakdown: of its VAT breakdown; its amounts are not added up.
        categories: every category it uses anywhere.
    """

    lines: Tally
    allowances: Tally
    charges: Tally
    breakdown: Tally
    categories: frozenset[str]


class _Slot:
    """Holds the figures of one invoice, and how categories are read: a process judges one at a time."""

    held: tuple[Invoice, Figures] | None = None
    exact = False


def begin(*, exact: bool) -> None:
    """Say how categories are read from now on.

    Args:
        exact: as they are written; else without the blanks around them.
    """
    _Slot.held, _Slot.exact = None, exact


def figures_of(invoice: Invoice) -> Figures:
    """Return the figures of an invoice; the last ones made are kept until ``forget``."""
    held = _Slot.held
    if held is not None and held[0] is invoice:
        return held[1]
    made = _figures(invoice, exact=_Slot.exact)
    _Slot.held = (invoice, made)
    return made


def forget() -> None:
    """Let go of the last invoice."""
    begin(exact=False)


def _figures(invoice: Invoice, *, exact: bool) -> Figures:
    def bare(code: str | None) -> str | None:
        return code if exact or code is None else code.strip(BLANKS)

    lines = _tally(_of_lines(invoice.lines, exact), _odd_lines(invoice.lines), bare)
    allowances, charges = (
        _tally(_of_header(groups, exact), _odd_header(groups), bare)
        for groups in (invoice.allowances, invoice.charges)
    )
    breakdown = _tally(_of_breakdown(invoice.vat_breakdown, exact), (), bare)
    used = chain(lines.every, allowances.every, charges.every, breakdown.every)
    return Figures(
        lines, allowances, charges, breakdown, frozenset(code for code in used if code is not None)
    )


_Use = tuple[str | None, Decimal | None, str | None, Decimal | None]
"""Category, rate, tax scheme, amount."""

_Several = tuple[tuple[LineVat, ...], Decimal | None]
"""The VAT categories of something that has several, and its amount."""


def _of_lines(lines: tuple[InvoiceLine, ...], exact: bool) -> Iterator[_Use]:
    for line in lines:
        vat = line.vat
        if vat is not None and (line.odd is None or "vat" not in line.odd):
            category = vat.category if vat.odd is None else _category(vat, "category", exact)
            yield category, vat.rate, vat.tax_scheme, line.net_amount


def _of_breakdown(breakdown: tuple[VatBreakdown, ...], exact: bool) -> Iterator[_Use]:
    for vat in breakdown:
        category = vat.category if vat.odd is None else _category(vat, "category", exact)
        yield category, vat.rate, vat.tax_scheme, None


def _category(group: Group, field: str, exact: bool) -> str | None:
    """Return a category; written with blanks it is none that a sheet knows which is exact."""
    code: str | None = getattr(group, field)
    return as_written(group, field) if exact else code


def _odd_lines(lines: tuple[InvoiceLine, ...]) -> Iterator[_Several]:
    for line in lines:
        if line.odd is not None and "vat" in line.odd:
            yield every(line, "vat"), line.net_amount


def _of_header(groups: Iterable[Any], exact: bool) -> Iterator[_Use]:
    for group in groups:
        if len(every(group, "vat_category")) < _SEVERAL:
            category = _category(group, "vat_category", exact)
            yield category, group.vat_rate, group.tax_scheme, group.amount


def _odd_header(groups: Iterable[Any]) -> Iterator[_Several]:
    for group in groups:
        if len(every(group, "vat_category")) >= _SEVERAL:
            yield categories_of(group), group.amount


def _tally(
    uses: Iterable[_Use], odd: Iterable[_Several], bare: Callable[[str | None], str | None]
) -> Tally:
    cells: dict[tuple[str | None, Decimal | None, str | None], list[Any]] = {}
    add = EXACT.add
    for category, rate, scheme, amount in uses:
        key = (category, rate, scheme)
        cell = cells.get(key)
        if cell is None:
            cells[key] = [1, ZERO if amount is None else amount]
        else:
            cell[0] += 1
            if amount is not None:
                cell[1] = add(cell[1], amount)
    tally = Tally()
    for (written, rate, scheme), (count, amount) in cells.items():
        category = bare(written)
        _count(tally, category, scheme, count)
        _add(tally, {category}, {rate}, amount)
    for several, amount in odd:
        for vat in several:
            _count(tally, bare(vat.category), vat.tax_scheme, 1)
        # The sheets look for a category and for a rate apart, and take the amount once.
        categories, rates = {bare(vat.category) for vat in several}, {vat.rate for vat in several}
        _add(tally, categories, rates, ZERO if amount is None else amount)
    return tally


def _count(tally: Tally, category: str | None, scheme: str | None, count: int) -> None:
    tally.every[category] += count
    if is_vat(scheme):
        tally.vat[category] += count


def _add(
    tally: Tally, categories: set[str | None], rates: set[Decimal | None], amount: Decimal
) -> None:
    for category in categories:
        known = tally.by_category.get(category, ZERO)
        tally.by_category[category] = EXACT.add(known, amount)
        for rate in rates:
            known = tally.by_rate.get((category, rate), ZERO)
            tally.by_rate[category, rate] = EXACT.add(known, amount)
