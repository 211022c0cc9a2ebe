"""What an invoice uses and adds up by VAT category and rate: computed once, asked by many rules.

Ten thousand VAT breakdowns on a hundred thousand lines must not be compared pair by pair, so the
sums are indexed. Only those of the last invoice are kept, for as long as its rules run.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import chain
from typing import Any

from chorus_edi.domain.invoice import Invoice, InvoiceLine, LineVat
from chorus_edi.domain.money import EXACT, ZERO
from chorus_edi.rules.text import BLANKS, as_written, every

VAT = "VAT"


def is_vat(scheme: str | None) -> bool:
    """True where a tax scheme is the value added tax, no matter the case."""
    return scheme == VAT or (scheme is not None and scheme.strip(BLANKS).upper() == VAT)


def is_written_vat(group: Any) -> bool:
    """The same of a group's scheme as it is written, blanks included."""
    scheme = group.tax_scheme
    if scheme is None or group.odd is None:
        return scheme == VAT or (scheme is not None and scheme.upper() == VAT)
    return (as_written(group, "tax_scheme") or "").upper() == VAT


def categories_of(group: Any) -> tuple[LineVat, ...]:
    """Return the VAT categories of an allowance or charge; EN 16931 knows one."""
    first = LineVat(group.tax_scheme, group.vat_category, group.vat_rate)
    further = group.odd["vat_category"].further if group.odd and "vat_category" in group.odd else ()
    return (first, *(one for one in further if isinstance(one, LineVat)))


def categories_beside(group: Any) -> tuple[str | None, ...]:
    """Return the VAT category codes that stand in a group beside the one the model shows."""
    odd = group.odd.get("vat_category") or group.odd.get("category")
    if odd is None:
        return ()
    return tuple(one.category if isinstance(one, LineVat) else one for one in odd.further)


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
    """Holds the figures of one invoice."""

    held: tuple[Invoice, Figures] | None = None


def figures_of(invoice: Invoice) -> Figures:
    """Return the figures of an invoice; the last ones made are kept until ``forget``."""
    held = _Slot.held
    if held is not None and held[0] is invoice:
        return held[1]
    made = _figures(invoice)
    _Slot.held = (invoice, made)
    return made


def forget() -> None:
    """Let go of the last invoice."""
    _Slot.held = None


def _figures(invoice: Invoice) -> Figures:
    lines = _tally(_of_lines(invoice.lines), _odd_lines(invoice.lines))
    allowances = _tally(_of_header(invoice.allowances), _odd_header(invoice.allowances))
    charges = _tally(_of_header(invoice.charges), _odd_header(invoice.charges))
    breakdown = _tally((b.category, b.rate, b.tax_scheme, None) for b in invoice.vat_breakdown)
    used = chain(lines.every, allowances.every, charges.every, breakdown.every)
    return Figures(
        lines, allowances, charges, breakdown, frozenset(code for code in used if code is not None)
    )


_Use = tuple[str | None, Decimal | None, str | None, Decimal | None]
"""Category, rate, tax scheme, amount."""

_Several = tuple[tuple[LineVat, ...], Decimal | None]
"""The VAT categories of something that has several, and its amount."""


def _of_lines(lines: tuple[InvoiceLine, ...]) -> Iterator[_Use]:
    for line in lines:
        vat = line.vat
        if vat is not None and (line.odd is None or "vat" not in line.odd):
            yield vat.category, vat.rate, vat.tax_scheme, line.net_amount


def _odd_lines(lines: tuple[InvoiceLine, ...]) -> Iterator[_Several]:
    for line in lines:
        if line.odd is not None and "vat" in line.odd:
            yield every(line, "vat"), line.net_amount


def _of_header(groups: Iterable[Any]) -> Iterator[_Use]:
    for group in groups:
        if group.odd is None or "vat_category" not in group.odd:
            yield group.vat_category, group.vat_rate, group.tax_scheme, group.amount


def _odd_header(groups: Iterable[Any]) -> Iterator[_Several]:
    for group in groups:
        if group.odd is not None and "vat_category" in group.odd:
            yield categories_of(group), group.amount


def _tally(uses: Iterable[_Use], odd: Iterable[_Several] = ()) -> Tally:
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
        category = _bare(written)
        _count(tally, category, scheme, count)
        _add(tally, {category}, {rate}, amount)
    for several, amount in odd:
        for vat in several:
            _count(tally, _bare(vat.category), vat.tax_scheme, 1)
        # The sheets look for a category and for a rate apart, and take the amount once.
        categories, rates = {_bare(vat.category) for vat in several}, {vat.rate for vat in several}
        _add(tally, categories, rates, ZERO if amount is None else amount)
    return tally


def _bare(category: str | None) -> str | None:
    return None if category is None else category.strip(BLANKS)


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
