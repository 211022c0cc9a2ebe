"""How the VAT families judge the amounts of a breakdown (BR-*-08 and 09), and BR-CO-17."""

from __future__ import annotations

from decimal import Decimal

from chorus_edi.domain.binary import binary_add, nearest
from chorus_edi.domain.invoice import Invoice
from chorus_edi.domain.lines import StrayLine
from chorus_edi.domain.money import CENT, EXACT, ZERO, alike, below_zero, round_half_up
from chorus_edi.domain.settlement import VatBreakdown
from chorus_edi.rules.en16931.vat_families import Family
from chorus_edi.rules.figures import Figures, Tally, figures_of, is_vat
from chorus_edi.rules.registry import Breach, Check
from chorus_edi.rules.text import BLANKS

_ONE = Decimal(1)
_PLAIN = Decimal(2**52)
"""Below it, one unit more or less is another binary number."""

_KEY = tuple[str, Decimal]
_CHARGED = ("allowances", "charges", "others")
"""Strays that are an allowance or a charge."""


def base_check(of: Family, cii: bool) -> Check | None:
    """Make BR-*-08 of a category: its base is the sum of what it holds."""
    if not cii:
        return _base_by_rate(of) if of.by_rate else _base(of)
    if of.prefix in ("AF", "AG"):
        return None  # the CII sheet looks for the rate where there is none
    return _base_by_rate_in_cii(of) if of.by_rate else _base_in_cii(of)


def _base(of: Family) -> Check:
    def check(vat: VatBreakdown, invoice: Invoice) -> Breach | None:
        if not is_vat(vat.tax_scheme):
            return None
        figures, found = figures_of(invoice), vat.taxable_amount
        expected = _sum(figures, of.code)
        if invoice.lines and found == expected:
            return None
        # Lines of the other kind of document, in an extension: their sum is that of no line here.
        if any(line.other for line in invoice.stray_lines):
            lines = figures.lines.by_category.get(of.code, ZERO)
            if found == EXACT.subtract(expected, lines):
                return None
        return Breach("BT-116", found=found, expected=expected)

    return check


def _base_by_rate(of: Family) -> Check:
    def check(vat: VatBreakdown, invoice: Invoice) -> Breach | None:
        if not is_vat(vat.tax_scheme) or vat.rate is None:
            return None
        figures, key = figures_of(invoice), (of.code, vat.rate)
        expected = _sum_at(figures, key)
        found = vat.taxable_amount
        if found is not None:
            if _used(of, invoice, key, other=False) and _near_in_binary(found, expected):
                return None
            # The sheet also compares with allowances and charges alone: it looks for the lines of
            # the other kind of document.
            if _used(of, invoice, key, other=True):
                lines = figures.lines.by_rate.get(key, ZERO)
                if _near_in_binary(found, EXACT.subtract(expected, lines)):
                    return None
        return Breach("BT-116", found=found, expected=expected)

    return check


def _base_in_cii(of: Family) -> Check:
    def check(vat: VatBreakdown, invoice: Invoice) -> Breach | None:
        expected, found = _sum(figures_of(invoice), of.code, cents=True), vat.taxable_amount
        if alike(found, expected):
            return None
        if found is not None and of.prefix != "O" and _within(found, expected):
            return None
        return Breach("BT-116", found=found, expected=expected)

    return check


def _base_by_rate_in_cii(of: Family) -> Check:
    def check(vat: VatBreakdown, invoice: Invoice) -> Breach | None:
        if vat.rate is None:
            return None
        expected = _sum_at(figures_of(invoice), (of.code, vat.rate), cents=True)
        if alike(vat.taxable_amount, expected):
            return None
        return Breach("BT-116", found=vat.taxable_amount, expected=expected)

    return check


def _near(found: Decimal, expected: Decimal) -> bool:
    """Less than one unit of the currency apart."""
    return EXACT.subtract(found, expected).copy_abs() < _ONE


def _near_in_binary(found: Decimal, expected: Decimal) -> bool:
    """The same, where one unit is added and subtracted in binary: of a huge amount, nothing."""
    if found == expected and found.copy_abs() < _PLAIN:
        return True
    base = nearest(found)
    return binary_add(base, -_ONE) < expected < binary_add(base, _ONE)


def _within(found: Decimal, expected: Decimal) -> bool:
    """One unit more at most, less than one unit less; all of it in binary."""
    base, goal = nearest(found), nearest(expected)
    return binary_add(base, -_ONE) <= goal < binary_add(base, _ONE)


def _sum(figures: Figures, code: str, *, cents: bool = False) -> Decimal:
    def of(tally: Tally) -> Decimal:
        amount = tally.by_category.get(code, ZERO)
        return round_half_up(amount) if cents else amount

    more = EXACT.add(of(figures.lines), of(figures.charges))
    return EXACT.subtract(more, of(figures.allowances))


def _sum_at(figures: Figures, key: _KEY, *, cents: bool = False) -> Decimal:
    def of(tally: Tally) -> Decimal:
        amount = tally.by_rate.get(key, ZERO)
        return round_half_up(amount) if cents else amount

    more = EXACT.add(of(figures.lines), of(figures.charges))
    return EXACT.subtract(more, of(figures.allowances))


def _used(of: Family, invoice: Invoice, key: _KEY, *, other: bool) -> bool:
    """Say if there are lines of a kind of document; for S, of this rate, allowances included."""
    if of.prefix != "S":
        strays = any(line.other is other for line in invoice.stray_lines)
        return strays or (not other and bool(invoice.lines))
    figures = figures_of(invoice)
    used = (figures.allowances, figures.charges, *map(figures.stray.get, _CHARGED))
    if any(tally is not None and key in tally.by_rate for tally in used):
        return True
    if not other and key in figures.lines.by_rate:
        return True
    return any(line.other is other and _is_at(line, key) for line in invoice.stray_lines)


def _is_at(line: StrayLine, key: _KEY) -> bool:
    category, rate = key
    said = (one.strip(BLANKS) for one in line.categories if one is not None)
    return rate in line.rates and category in said


def tax_check(of: Family, cii: bool) -> Check | None:
    """Make BR-*-09 of a category: its VAT follows from its base, or is zero."""
    if cii and of.prefix in ("AF", "AG"):
        return None  # the CII sheet asks nothing
    return _tax(cii=cii) if of.taxed else _no_tax(cii=cii)


def _tax(*, cii: bool) -> Check:
    def check(vat: VatBreakdown, _: Invoice) -> Breach | None:
        if not (cii or is_vat(vat.tax_scheme)):
            return None
        expected, found = tax_on(vat), vat.tax_amount
        if expected is not None and found is not None and _near(found.copy_abs(), expected):
            return None
        return Breach("BT-117", found=found, expected=expected)

    return check


def _no_tax(*, cii: bool) -> Check:
    def check(vat: VatBreakdown, _: Invoice) -> Breach | None:
        tax = vat.tax_amount
        zero = tax is not None and not tax and not (cii and below_zero(tax))
        if zero or not (cii or is_vat(vat.tax_scheme)):
            return None
        return Breach("BT-117", found=vat.tax_amount, expected=ZERO)

    return check


def tax_on(vat: VatBreakdown) -> Decimal | None:
    """Return the VAT on the base of a breakdown, without its sign; None where a term lacks."""
    if vat.taxable_amount is None or vat.rate is None:
        return None
    of_base = EXACT.multiply(vat.taxable_amount.copy_abs(), vat.rate)
    return round_half_up(EXACT.multiply(of_base, CENT))
