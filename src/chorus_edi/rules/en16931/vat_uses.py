"""How the VAT families judge breakdowns, rates and reasons of exemption."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from operator import attrgetter
from typing import Any

from chorus_edi.domain.invoice import Invoice
from chorus_edi.domain.money import ZERO, below_zero
from chorus_edi.domain.settlement import VatBreakdown
from chorus_edi.rules.en16931.vat_families import Family, Rate
from chorus_edi.rules.figures import Figures, Tally, categories_of, code_of, figures_of, is_vat
from chorus_edi.rules.registry import Breach, Check
from chorus_edi.rules.text import BLANKS, as_written

_EXACT = frozenset({"AF", "AG"})


def breakdown_check(of: Family, cii: bool) -> Check:
    """Make BR-*-01 of a category: it is broken down where it is used."""

    def check(invoice: Invoice, _: Invoice) -> Breach | None:
        figures = figures_of(invoice)
        if _broken_down_in_cii(of, figures) if cii else _broken_down(of, invoice):
            return None
        if not figures.breakdown.every[of.code]:
            return Breach("BG-23", expected=of.code)
        return Breach("BG-23", found=of.code)

    return check


def _uses(of: Family, figures: Figures) -> tuple[Tally, ...]:
    # What has one breakdown counts where it is neither of a line nor of an allowance or charge.
    stray = (tally for where, tally in figures.stray.items() if where or of.once)
    return (figures.lines, figures.allowances, figures.charges, *stray)


def _broken_down(of: Family, invoice: Invoice) -> bool:
    code, figures = of.code, figures_of(invoice)
    uses = _uses(of, figures)
    used = sum(tally.vat[code] for tally in uses)
    broken_down = figures.breakdown.vat[code]
    if of.once:
        return not (used or broken_down) or broken_down == 1
    if of.prefix == "S":
        # The only one whose sheet does not ask the tax to be the VAT.
        used = sum(tally.every[code] for tally in uses)
        broken_down = figures.breakdown.every[code]
    elif of.prefix in _EXACT and used:
        return any(_is_exactly(of, row) for row in invoice.vat_breakdown)
    return bool(used) == bool(broken_down)


def _is_exactly(of: Family, row: VatBreakdown) -> bool:
    """Where these are used, their sheet takes no blanks away, and AF not even asks for the VAT."""
    of_this_tax = of.prefix == "AF" or is_vat(row.tax_scheme)
    return of_this_tax and as_written(row, "category") == of.code


def _broken_down_in_cii(of: Family, figures: Figures) -> bool:
    code = of.code
    lines = figures.lines.every[code]
    others = figures.allowances.every[code] + figures.charges.every[code] + figures.strays[code]
    broken_down = figures.breakdown.every[code]
    if not of.once:
        return (not lines or lines + broken_down > 1) and (not others or others + broken_down > 1)
    if broken_down == 0 and (of.prefix == "O" or not (lines or others)):
        return True
    return broken_down == 1 and bool(lines or others)


def rate_check(term: str, field: str) -> Callable[[Family, bool], Check]:
    """Make BR-*-05, 06 and 07: the rate of a category is one that it allows."""
    rate_of = attrgetter(field)

    def make(of: Family, cii: bool) -> Check:
        demanded = of.rate_cii or of.rate if cii else of.rate
        allowed = _bare_zero if cii and demanded is Rate.ZERO else _ALLOWED[demanded]

        def check(group: Any, _: Invoice) -> Breach | None:
            if group.odd is not None and field == "vat_rate":
                return several(group)
            rate = rate_of(group)
            if allowed(rate) or not (cii or is_vat(group.tax_scheme)):
                return None
            return breach(rate)

        def several(group: Any) -> Breach | None:
            for vat in categories_of(group):
                code = code_of(vat, exact=cii)
                mine = code is not None and (code if cii else code.strip(BLANKS)) == of.code
                if mine and not allowed(vat.rate) and (cii or is_vat(vat.tax_scheme)):
                    return breach(vat.rate)
            return None

        def breach(rate: Decimal | None) -> Breach:
            return Breach(term, found=rate, expected=ZERO if of.rate is Rate.ZERO else None)

        return check

    return make


def _positive(rate: Decimal | None) -> bool:
    return rate is not None and rate > 0


def _not_negative(rate: Decimal | None) -> bool:
    return rate is not None and not below_zero(rate)


def _zero(rate: Decimal | None) -> bool:
    return rate is not None and not rate


def _bare_zero(rate: Decimal | None) -> bool:
    return rate is not None and not rate and not below_zero(rate)


def _absent(rate: Decimal | None) -> bool:
    return rate is None


_ALLOWED: dict[Rate, Callable[[Decimal | None], bool]] = {
    Rate.POSITIVE: _positive,
    Rate.NOT_NEGATIVE: _not_negative,
    Rate.ZERO: _zero,
    Rate.ABSENT: _absent,
}


def reason_check(of: Family, cii: bool) -> Check:
    """Make BR-*-10: a breakdown says why no VAT is due, or has no need to; blank says it."""

    def check(vat: VatBreakdown, _: Invoice) -> Breach | None:
        reason, code = vat.exemption_reason, vat.exemption_code
        given = reason is not None or code is not None
        if given == bool(of.reasoned) or not (cii or is_vat(vat.tax_scheme)):
            return None
        if reason is None and code is not None:
            return Breach("BT-121", found=code)
        return Breach("BT-120", found=reason)

    return check
