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
from typing import Any, TypeVar

from chorus_edi.domain.groups import Group
from chorus_edi.domain.invoice import Invoice
from chorus_edi.domain.lines import InvoiceLine, LineVat
from chorus_edi.domain.money import EXACT, ZERO
from chorus_edi.domain.settlement import StrayVat, VatBreakdown
from chorus_edi.rules.text import BLANKS, as_written, every

_G = TypeVar("_G", bound=Group)
_T = TypeVar("_T")
_K = TypeVar("_K")

VAT = "VAT"
_SEVERAL = 2
_AS_LINE = {"tax_scheme": "tax_scheme", "vat_category": "category", "vat_rate": "rate"}
"""Fields of the VAT of an allowance or charge, as those of a line."""

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


def indicated(groups: Iterable[_G]) -> list[_G]:
    """Return the allowances or charges that are one to the CII sheet, which compares a word."""
    return [one for one in groups if one.odd is None or INDICATOR not in one.odd]


def categories_of(group: Any) -> tuple[LineVat, ...]:
    """Return the VAT categories of an allowance or charge; EN 16931 knows one."""
    further = (one for one in every(group, "vat_category")[1:] if isinstance(one, LineVat))
    odd = group.odd or {}
    renamed = {own: odd[name] for name, own in _AS_LINE.items() if name in odd}
    first = LineVat(group.tax_scheme, group.vat_category, group.vat_rate, odd=renamed or None)
    return (first, *further)


def codes_of(group: Any, *, exact: bool) -> tuple[str | None, ...]:
    """Return every VAT category code of a group, the one that the model shows first.

    Args:
        group: an allowance, a charge, a breakdown or the VAT of a line.
        exact: as they are written; else as the model has them.
    """
    field = "vat_category" if hasattr(group, "vat_category") else "category"
    first: str | None = as_written(group, field) if exact else getattr(group, field)
    further = every(group, field)[1:]
    return (
        first,
        *(code_of(one, exact=exact) if isinstance(one, LineVat) else one for one in further),
    )


def code_of(vat: LineVat, *, exact: bool) -> str | None:
    """Return the VAT category code of a line: as it is written, or as the model has it."""
    return as_written(vat, "category") if exact else vat.category


class Counts(dict[str | None, int]):
    """How many of each category; none of those that are not there."""

    # A Counter would do, but takes longer to make than all the rest here.
    def __missing__(self, _: str | None) -> int:
        """Count nothing."""
        return 0


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

    every: Counts = field(default_factory=Counts)
    vat: Counts = field(default_factory=Counts)
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
        strays: category → how many allowances and charges have it that are of no group.
        stray: the same of UBL, lines too: where → tally; see ``StrayVat``.
        categories: every category it uses anywhere.
    """

    lines: Tally
    allowances: Tally
    charges: Tally
    breakdown: Tally
    strays: Counter[str]
    stray: dict[str, Tally]
    categories: frozenset[str]


class _Slot:
    """Holds what was made of one invoice, and how categories are read: one is judged at a time."""

    held: tuple[Invoice, dict[Callable[[Invoice], Any], Any]] | None = None
    exact = False


def begin(*, exact: bool) -> None:
    """Say how categories are read from now on.

    Args:
        exact: as they are written; else without the blanks around them.
    """
    _Slot.held, _Slot.exact = None, exact


def once(invoice: Invoice, make: Callable[[Invoice], _T]) -> _T:
    """Return what a function makes of an invoice; of the last invoice it is kept until ``forget``.

    Args:
        invoice: the invoice.
        make: the function; a constant of its module, which it is known by.
    """
    held = _Slot.held
    if held is None or held[0] is not invoice:
        held = _Slot.held = (invoice, {})
    if make not in held[1]:
        held[1][make] = make(invoice)
    made: _T = held[1][make]
    return made


def figures_of(invoice: Invoice) -> Figures:
    """Return the figures of an invoice."""
    return once(invoice, _figures_as_begun)


def _figures_as_begun(invoice: Invoice) -> Figures:
    return _figures(invoice, exact=_Slot.exact)


def forget() -> None:
    """Let go of the last invoice."""
    begin(exact=False)


def _figures(invoice: Invoice, *, exact: bool) -> Figures:
    def bare(code: str | None) -> str | None:
        return code if exact or code is None else code.strip(BLANKS)

    lines = _tally(_of_lines(invoice.lines, exact), _odd_lines(invoice.lines, exact), bare)
    allowances, charges = (
        _tally(_of_header(groups, exact), _odd_header(groups, exact), bare) if groups else _NOTHING
        for groups in (invoice.allowances, invoice.charges)
    )
    breakdown = _tally(_of_breakdown(invoice.vat_breakdown, exact), (), bare)
    strays = Counter(invoice.stray_categories) if invoice.stray_categories else _NO_STRAYS
    stray = _stray(invoice.stray_vat, bare) if invoice.stray_vat else {}
    used = chain(
        lines.every, allowances.every, charges.every, breakdown.every, strays,
        *(tally.every for tally in stray.values()),
    )  # fmt: skip
    categories = frozenset(code for code in used if code is not None)
    return Figures(lines, allowances, charges, breakdown, strays, stray, categories)


def _stray(
    strays: tuple[StrayVat, ...], bare: Callable[[str | None], str | None]
) -> dict[str, Tally]:
    """Count categories that stand where the model has no place; they add up nothing."""
    found: dict[str, list[_Several]] = {}
    for vat in strays:
        found.setdefault(vat.where, []).append(([(vat.category, vat.rate, vat.tax_scheme)], None))
    return {where: _tally((), those, bare) for where, those in found.items()}


def written_categories(invoice: Invoice, *where: str) -> frozenset[str | None]:
    """Return the VAT categories of an invoice as they are written, for a sheet that is exact.

    Args:
        invoice: the invoice.
        where: which strays of UBL to count in (``StrayVat.where``).
    """
    vats = (vat for line in invoice.lines for vat in every(line, "vat"))
    groups = chain(vats, invoice.allowances, invoice.charges, invoice.vat_breakdown)
    of_groups = (code for group in groups for code in codes_of(group, exact=True))
    of_strays = (vat.category for vat in invoice.stray_vat if vat.where in where)
    return frozenset(chain(of_groups, of_strays, invoice.stray_categories))


_NOTHING = Tally()
_NO_STRAYS: Counter[str] = Counter()

_Use = tuple[str | None, Decimal | None, str | None, Decimal | None]
"""Category, rate, tax scheme, amount."""

_Several = tuple[list[tuple[str | None, Decimal | None, str | None]], Decimal | None]
"""Category, rate and tax scheme of something that has several, and its amount."""


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


def _odd_lines(lines: tuple[InvoiceLine, ...], exact: bool) -> Iterator[_Several]:
    for line in lines:
        if line.odd is not None and "vat" in line.odd:
            yield _parts(every(line, "vat"), exact), line.net_amount


def _of_header(groups: Iterable[Any], exact: bool) -> Iterator[_Use]:
    for group in groups:
        if len(every(group, "vat_category")) < _SEVERAL:
            category = _category(group, "vat_category", exact)
            yield category, group.vat_rate, group.tax_scheme, group.amount


def _odd_header(groups: Iterable[Any], exact: bool) -> Iterator[_Several]:
    for group in groups:
        if len(every(group, "vat_category")) >= _SEVERAL:
            yield _parts(categories_of(group), exact), group.amount


def _parts(
    several: tuple[LineVat, ...], exact: bool
) -> list[tuple[str | None, Decimal | None, str | None]]:
    return [(code_of(vat, exact=exact), vat.rate, vat.tax_scheme) for vat in several]


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
        _add_to(tally.by_category, category, amount)
        _add_to(tally.by_rate, (category, rate), amount)
    for several, amount in odd:
        for written, _, scheme in several:
            _count(tally, bare(written), scheme, 1)
        # The sheets look for a category and for a rate apart, and take the amount once.
        categories = {bare(written) for written, _, _ in several}
        _add_each(tally, categories, {rate for _, rate, _ in several}, amount or ZERO)
    return tally


def _count(tally: Tally, category: str | None, scheme: str | None, count: int) -> None:
    tally.every[category] += count
    if is_vat(scheme):
        tally.vat[category] += count


def _add_each(
    tally: Tally, categories: set[str | None], rates: set[Decimal | None], amount: Decimal
) -> None:
    for category in categories:
        _add_to(tally.by_category, category, amount)
        for rate in rates:
            _add_to(tally.by_rate, (category, rate), amount)


def _add_to(sums: dict[_K, Decimal], key: _K, amount: Decimal) -> None:
    known = sums.get(key)
    sums[key] = amount if known is None else EXACT.add(known, amount)
