"""What each part of the VAT breakdown of an invoice in UBL is made of: computed once.

A part is a category and a rate, and once more with the reason of the exemption. O has no rate.
Category, rate and reason must be those of one VAT category of the line, allowance or charge.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import chain
from typing import Any, NamedTuple, TypeAlias

from chorus_edi.domain.binary import binary_hundredths
from chorus_edi.domain.invoice import Invoice
from chorus_edi.domain.settlement import VatBreakdown
from chorus_edi.rules.extended_ctc_fr.kinds import counted, strays_of
from chorus_edi.rules.extended_ctc_fr.sums import Sums
from chorus_edi.rules.facturx.kinds import normalized
from chorus_edi.rules.figures import once
from chorus_edi.rules.text import BLANKS, every

_NO_RATE = "O"
_LINES, _ALLOWANCES, _CHARGES = range(3)

_Part: TypeAlias = tuple[str, Decimal | None, tuple[str, str] | None]
"""Category, rate and reasons; without reasons, whatever they are."""

_EMPTY: tuple[list[Decimal | None], ...] = ([], [], [])


class _Tax(NamedTuple):
    """One VAT category as it is written on a line, an allowance or a charge."""

    code: str | None
    rate: Decimal | None
    reasons: tuple[str, str]


def shares_of(vat: VatBreakdown, code: str, invoice: Invoice) -> tuple[Sums, Sums]:
    """Return what a row of the breakdown is made of: by its reasons as well, and without them.

    Args:
        vat: the row.
        code: its category.
        invoice: its invoice, in UBL.
    """
    rate = None if code == _NO_RATE else vat.rate
    if rate is None and code != _NO_RATE:
        return _sums(_EMPTY), _sums(_EMPTY)
    parts = once(invoice, _parts)
    narrow, wide = ((code, rate, reasons) for reasons in (_reasons(vat), None))
    return parts.get(narrow) or _sums(_EMPTY), parts.get(wide) or _sums(_EMPTY)


def used_in(invoice: Invoice) -> frozenset[str]:
    """Return the categories that lines that count, allowances and charges have, of any tax."""
    return once(invoice, _used)


def _used(invoice: Invoice) -> frozenset[str]:
    codes = (tax.code for _, taxes, _ in _uses(invoice) for tax in taxes)
    return frozenset(code for code in codes if code)


def _parts(invoice: Invoice) -> dict[_Part, Sums]:
    held: dict[_Part, tuple[list[Decimal | None], ...]] = {}
    for kind, taxes, amount in chain(_of_strays(invoice), _uses(invoice)):
        for part in {part for tax in taxes for part in _parts_of(tax)}:
            held.setdefault(part, ([], [], []))[kind].append(amount)
    return {part: _sums(amounts) for part, amounts in held.items()}


def _parts_of(tax: _Tax) -> Iterator[_Part]:
    if tax.code is None:
        return
    rate = None if tax.code == _NO_RATE else tax.rate
    if rate is not None or tax.code == _NO_RATE:
        yield (tax.code, rate, tax.reasons)
        yield (tax.code, rate, None)


def _sums(amounts: tuple[list[Decimal | None], ...]) -> Sums:
    lines, less, more = ([one for one in held if one is not None] for held in amounts)
    lines_sum, less_sum, more_sum = map(binary_hundredths, (lines, less, more))
    return Sums(lines_sum, less_sum, more_sum, len(lines), len(less), len(more))


def _uses(invoice: Invoice) -> Iterator[tuple[int, list[_Tax], Decimal | None]]:
    for line in counted(invoice):
        taxes = [_Tax(_bare(one.category), one.rate, _reasons(one)) for one in every(line, "vat")]
        yield _LINES, taxes, line.net_amount
    yield from _of_groups(_ALLOWANCES, invoice.allowances)
    yield from _of_groups(_CHARGES, invoice.charges)


def _of_strays(invoice: Invoice) -> Iterator[tuple[int, list[_Tax], Decimal | None]]:
    for line in strays_of(invoice):
        held = zip(line.categories, line.rates, line.reasons, strict=True)
        taxes = [
            _Tax(_bare(code), rate, (normalized(reason), normalized(reason_code)))
            for code, rate, (reason, reason_code) in held
        ]
        yield _LINES, taxes, line.net_amount


def _of_groups(
    kind: int, groups: Iterable[Any]
) -> Iterator[tuple[int, list[_Tax], Decimal | None]]:
    for one in groups:
        taxes = [_Tax(_bare(one.vat_category), one.vat_rate, _reasons(one))]
        # Further categories are kept as those of a line, or as a bare code.
        for further in every(one, "vat_category")[1:]:
            if isinstance(further, str):
                taxes.append(_Tax(_bare(further), None, ("", "")))
            else:
                taxes.append(_Tax(_bare(further.category), further.rate, _reasons(further)))
        yield kind, taxes, one.amount


def _bare(code: str | None) -> str | None:
    return None if code is None else code.strip(BLANKS)


def _reasons(vat: Any) -> tuple[str, str]:
    return normalized(vat.exemption_reason), normalized(vat.exemption_code)
