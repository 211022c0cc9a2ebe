"""BR-FR-DEC-01 to 04: how long amounts, quantities, prices and rates may be."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from operator import attrgetter

from chorus_edi.domain.groups import Group
from chorus_edi.domain.invoice import Invoice, vat_totals_of
from chorus_edi.rules.br_fr.codes import RATES, SOURCE
from chorus_edi.rules.br_fr.header import framework_of
from chorus_edi.rules.br_fr.reading import bad_figure, fit, folded, too_long
from chorus_edi.rules.br_fr.vat import further_categories, rates_are_known
from chorus_edi.rules.registry import Breach, Breaches, rule
from chorus_edi.rules.text import every

_AMOUNT, _QUANTITY, _PRICE, _RATE = 2, 4, 6, 2
_RATE_DIGITS = 4
_MUTUAL = frozenset({"B9", "S9", "M9"})
"""Frameworks of two-way self-billing, whose prices may be negative."""

_SAFE_LENGTH = 16
"""Characters of a number that leave room for a sign and a point."""


class _Numbers:
    """Numbers of one kind of group: their terms, and how to read them all at once."""

    def __init__(self, places: int, **terms: str) -> None:
        """Say which fields hold which terms, and how many decimals they may have."""
        self.places = places
        self.terms = terms
        # With a single name attrgetter would give the bare value, so the first is read twice.
        self._values = attrgetter(*terms, next(iter(terms)))

    def sound(self, group: Group, *, positive: bool = False) -> bool:
        """True where none of a group can be too long, which is quick to see of nearly all."""
        if group.odd is not None:
            return False
        for value in self._values(group):
            if value is not None and not self._short(value, positive=positive):
                return False
        return True

    def bad(self, group: Group, at: str, *, positive: bool = False) -> Iterator[Breach]:
        """Yield those of a group that are too long, or have a sign they may not have."""
        for field, term in self.terms.items():
            if (bad := bad_figure(group, field, self.places, positive=positive)) is not None:
                yield Breach(term, found=bad, at=at)

    def _short(self, value: Decimal, *, positive: bool) -> bool:
        text = str(value)
        if len(text) >= _SAFE_LENGTH or (positive and text[0] == "-"):
            return False
        point = text.find(".")
        if point < 0:
            return "E" not in text
        return len(text) - point - 1 <= self.places


_ALLOWANCE = _Numbers(_AMOUNT, amount="BT-92", base_amount="BT-93")
_CHARGE = _Numbers(_AMOUNT, amount="BT-99", base_amount="BT-100")
_TOTALS = _Numbers(
    _AMOUNT,
    line_net="BT-106",
    allowances="BT-107",
    charges="BT-108",
    without_vat="BT-109",
    with_vat="BT-112",
    paid="BT-113",
    rounding="BT-114",
    due="BT-115",
)
_VAT_TOTALS = _Numbers(_AMOUNT, vat="BT-110", vat_in_accounting_currency="BT-111")
_ROW = _Numbers(_AMOUNT, taxable_amount="BT-116", tax_amount="BT-117")
_LINE = _Numbers(_AMOUNT, net_amount="BT-131")
_LINE_ALLOWANCE = _Numbers(_AMOUNT, amount="BT-136", base_amount="BT-137")
_LINE_CHARGE = _Numbers(_AMOUNT, amount="BT-141", base_amount="BT-142")
_INVOICED = _Numbers(_QUANTITY, quantity="BT-129")
_BASE = _Numbers(_QUANTITY, base_quantity="BT-149")
_PRICES = _Numbers(_PRICE, net="BT-146", discount="BT-147", gross="BT-148")


def _header_amounts(invoice: Invoice) -> Iterator[Breach]:
    """Yield the amounts of the header that are too long, but total VAT."""
    for n, allowance in enumerate(invoice.allowances, 1):
        if not _ALLOWANCE.sound(allowance):
            yield from _ALLOWANCE.bad(allowance, f"BG-20[{n}]")
    for n, charge in enumerate(invoice.charges, 1):
        if not _CHARGE.sound(charge):
            yield from _CHARGE.bad(charge, f"BG-21[{n}]")
    if invoice.totals is not None and not _TOTALS.sound(invoice.totals):
        yield from _TOTALS.bad(invoice.totals, "BG-22")
    for n, row in enumerate(invoice.vat_breakdown, 1):
        if not _ROW.sound(row):
            yield from _ROW.bad(row, f"BG-23[{n}]")


def _line_amounts(invoice: Invoice) -> Iterator[Breach]:
    for n, line in enumerate(invoice.lines, 1):
        if not _LINE.sound(line):
            yield from _LINE.bad(line, f"BG-25[{n}]")
        for k, allowance in enumerate(line.allowances, 1):
            yield from _LINE_ALLOWANCE.bad(allowance, f"BG-25[{n}]/BG-27[{k}]")
        for k, charge in enumerate(line.charges, 1):
            yield from _LINE_CHARGE.bad(charge, f"BG-25[{n}]/BG-28[{k}]")


def _vat_totals(invoice: Invoice) -> Iterator[Breach]:
    """Yield the total VAT amounts that are too long."""
    if not invoice.vat_totals:
        if invoice.totals is not None and not _VAT_TOTALS.sound(invoice.totals):
            yield from _VAT_TOTALS.bad(invoice.totals, "BG-22")
        return
    for total in vat_totals_of(invoice):
        if total.amount is None:
            continue
        if too_long(folded(total.spelled) or f"{total.amount:f}", _AMOUNT):
            yield Breach("BT-110", found=total.amount)


@rule(
    "BR-FR-DEC-01",
    "BT-131",
    "BT-106",
    "BT-112",
    "BT-116",
    fr="Le montant (BT-131, BT-112…) a plus de deux décimales ou plus de 19 caractères, ou "
    "s'écrit avec un signe +.",
    en="The amount has more than two decimals or 19 characters, or is written with a plus sign.",
    conseil="Arrondissez le montant à deux décimales, avec un point et sans signe +.",
    source=SOURCE,
    apart=True,
)
def an_amount_has_at_most_two_decimals(invoice: Invoice, _: Invoice) -> Breaches:
    """Nineteen characters in all, the sign counted and the point not."""
    seen = invoice.values
    if seen is not None and fit(seen.amounts, _AMOUNT) and not invoice.vat_totals:
        return None
    found = (*_header_amounts(invoice), *_line_amounts(invoice), *_vat_totals(invoice))
    return found or None


def _quantities(invoice: Invoice) -> Iterator[Breach]:
    for n, line in enumerate(invoice.lines, 1):
        if not _INVOICED.sound(line):
            yield from _INVOICED.bad(line, f"BG-25[{n}]")
        if line.price is not None and not _BASE.sound(line.price):
            yield from _BASE.bad(line.price, f"BG-25[{n}]/BG-29")


@rule(
    "BR-FR-DEC-02",
    "BT-129",
    "BT-149",
    fr="La quantité (BT-129, BT-149) a plus de quatre décimales ou plus de 19 caractères.",
    en="The quantity has more than four decimals or 19 characters.",
    conseil="Arrondissez la quantité à quatre décimales, avec un point et sans signe +.",
    source=SOURCE,
    apart=True,
)
def a_quantity_has_at_most_four_decimals(invoice: Invoice, _: Invoice) -> Breaches:
    """Nineteen characters in all, the sign counted and the point not."""
    if invoice.values is not None and fit(invoice.values.quantities, _QUANTITY):
        return None
    return tuple(_quantities(invoice)) or None


@rule(
    "BR-FR-DEC-03",
    "BT-146",
    "BT-147",
    "BT-148",
    fr="Le prix (BT-146, BT-148…) est négatif, ou a plus de six décimales ou plus de 19 "
    "caractères.",
    en="The price is negative, or has more than six decimals or 19 characters.",
    conseil="Écrivez un prix positif de six décimales au plus ; pour un avoir ou une remise, "
    "c'est la quantité qui est négative.",
    source=SOURCE,
    apart=True,
)
def a_price_is_positive_and_has_at_most_six_decimals(invoice: Invoice, _: Invoice) -> Breaches:
    """In two-way self-billing a price may be negative."""
    if invoice.values is not None and fit(invoice.values.prices, _PRICE, positive=True):
        return None
    positive = folded(framework_of(invoice) or "") not in _MUTUAL
    found = [
        breach
        for n, line in enumerate(invoice.lines, 1)
        if line.price is not None and not _PRICES.sound(line.price, positive=positive)
        for breach in _PRICES.bad(line.price, f"BG-25[{n}]/BG-29", positive=positive)
    ]
    return tuple(found) or None


def _rates(invoice: Invoice) -> Iterator[tuple[str, str, Group, str]]:
    for n, allowance in enumerate(invoice.allowances, 1):
        yield "BT-96", f"BG-20[{n}]", allowance, "vat_rate"
    for n, charge in enumerate(invoice.charges, 1):
        yield "BT-103", f"BG-21[{n}]", charge, "vat_rate"
    for n, row in enumerate(invoice.vat_breakdown, 1):
        yield "BT-119", f"BG-23[{n}]", row, "rate"
    for n, line in enumerate(invoice.lines, 1):
        for vat in every(line, "vat"):
            if vat is not None:
                yield "BT-152", f"BG-25[{n}]/BG-30", vat, "rate"


def _bad_rate(group: Group, field: str) -> str | None:
    """Return a rate of more than four digits, two of them decimals; None where all fit."""
    value = getattr(group, field)
    if group.odd is None and (value is None or f"{value:f}" in RATES):
        return None
    if (bad := bad_figure(group, field, _RATE, positive=True)) is not None:
        return bad
    texts = (f"{one:f}" for one in every(group, field) if one is not None)
    long = next((text for text in texts if len(text.replace(".", "")) > _RATE_DIGITS), None)
    further = (_bad_rate(one, "rate") for one in further_categories(group))
    return long or next((bad for bad in further if bad is not None), None)


@rule(
    "BR-FR-DEC-04",
    "BT-152",
    "BT-119",
    "BT-96",
    "BT-103",
    fr="Le taux de TVA (BT-152, BT-119…) a plus de quatre chiffres ou plus de deux décimales, ou "
    "est négatif.",
    en="The VAT rate has more than four digits or two decimals, or is negative.",
    conseil="Écrivez le taux avec deux décimales au plus, par exemple 20.00.",
    source=SOURCE,
    apart=True,
)
def a_rate_has_at_most_two_decimals(invoice: Invoice, _: Invoice) -> Breaches:
    """Four digits in all."""
    if rates_are_known(invoice):
        return None
    return (
        tuple(
            Breach(term, found=bad, at=at)
            for term, at, group, field in _rates(invoice)
            if (bad := _bad_rate(group, field)) is not None
        )
        or None
    )
