"""Draws the lines of a specimen and everything its amounts follow from, by EN 16931 arithmetic."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

import msgspec

from chorus_edi.domain.lines import (
    InvoiceLine,
    Item,
    ItemAttribute,
    LineAllowance,
    LineCharge,
    LinePeriod,
    LineVat,
    Price,
)
from chorus_edi.domain.money import CENT, EXACT, ZERO, round_half_up, total
from chorus_edi.domain.settlement import DocumentAllowance, DocumentCharge, Totals, VatBreakdown

_ITEMS = (
    # name, unit (UN/ECE 20), price, VAT rate
    ("Ramette de papier A4 recyclé", "XPP", "4.85", "20"),
    ("Heure de maintenance", "HUR", "62.50", "20"),
    ("Électricité, heures pleines", "KWH", "0.2134", "20"),
    ("Eau potable", "MTQ", "3.47", "5.5"),
    ("Repas de cantine", "XPP", "5.12", "5.5"),
    ("Travaux d’entretien de logement", "MTK", "38.90", "10"),
    ("Transport de personnes", "KMT", "1.275", "10"),
    ("Abonnement à un quotidien", "ANN", "312.00", "2.1"),
    ("Ordinateur portable", "C62", "874.99", "20"),
    ("Jours de formation", "DAY", "790.00", "0"),
)
_EXEMPTION = "Exonération de TVA, article 261-4-4° du CGI"
_LINE_COUNTS = (1, 1, 1, 2, 2, 3, 4, 5, 6, 8, 12, 18, 40)
_STANDARD, _EXEMPT = "S", "E"


class Draw:
    """A source of chance that repeats itself; a plain one never takes an option."""

    def __init__(self, chance: random.Random, *, plain: bool) -> None:
        self.chance = chance
        self.plain = plain

    def happens(self, one_in: int) -> bool:
        """Return True once in so many calls."""
        return not self.plain and self.chance.randrange(one_in) == 0


class Amounts(msgspec.Struct, frozen=True, kw_only=True):
    """Lines, and what is computed from them."""

    lines: tuple[InvoiceLine, ...]
    allowances: tuple[DocumentAllowance, ...]
    charges: tuple[DocumentCharge, ...]
    vat_breakdown: tuple[VatBreakdown, ...]
    totals: Totals


def draw_amounts(draw: Draw, day: date) -> Amounts:
    """Draw lines, allowances and charges, and add them up (BR-CO-10 to BR-CO-17).

    Args:
        draw: source of chance.
        day: date of the invoice; periods of lines end on it.
    """
    maker = _Maker(draw, day)
    lines = maker.lines()
    allowances, charges = maker.allowances(lines), maker.charges(lines)
    breakdown = _breakdown(lines, allowances, charges)
    return Amounts(
        lines=lines,
        allowances=allowances,
        charges=charges,
        vat_breakdown=breakdown,
        totals=maker.totals(lines, allowances, charges, breakdown),
    )


class _Maker:
    def __init__(self, draw: Draw, day: date) -> None:
        self.draw = draw
        self.chance = draw.chance
        self.day = day

    def lines(self) -> tuple[InvoiceLine, ...]:
        count = 1 if self.draw.plain else self.chance.choice(_LINE_COUNTS)
        return tuple(self.line(n) for n in range(1, count + 1))

    def line(self, n: int) -> InvoiceLine:
        name, unit, price, rate = self.chance.choice(_ITEMS)
        quantity = Decimal(self.chance.randint(1, 250))
        gross = EXACT.multiply(quantity, Decimal(price))
        allowance = self.share_of(gross) if self.draw.happens(9) else None
        charge = self.share_of(gross) if self.draw.happens(15) else None
        net = EXACT.add(gross, EXACT.subtract(charge or ZERO, allowance or ZERO))
        return InvoiceLine(
            identifier=str(n),
            note="Livré en une fois" if self.draw.happens(10) else None,
            quantity=quantity,
            unit=unit,
            net_amount=round_half_up(net),
            period=self.line_period(),
            allowances=(LineAllowance(amount=allowance, reason="Remise de quantité"),)
            if allowance is not None
            else (),
            charges=(LineCharge(amount=charge, reason="Emballage"),) if charge is not None else (),
            price=self.price(Decimal(price)),
            vat=LineVat(
                tax_scheme="VAT", category=_EXEMPT if rate == "0" else _STANDARD, rate=Decimal(rate)
            ),
            item=Item(
                name=name,
                description=f"{name}, article n° {n}" if self.draw.happens(3) else None,
                seller_identifier=f"ART-{self.chance.randrange(10_000):04d}",
                attributes=(ItemAttribute(name="Origine", value="Union européenne"),)
                if self.draw.happens(6)
                else (),
            ),
        )

    def line_period(self) -> LinePeriod | None:
        if not self.draw.happens(8):
            return None
        start = self.day - timedelta(days=10)
        return LinePeriod(start=start.isoformat(), end=self.day.isoformat())

    def price(self, net: Decimal) -> Price:
        if not self.draw.happens(7):
            return Price(net=net)
        discount = Decimal("0.25")
        return Price(net=net, discount=discount, gross=EXACT.add(net, discount))

    def share_of(self, amount: Decimal) -> Decimal:
        return round_half_up(EXACT.multiply(amount, Decimal(self.chance.randint(1, 9)) * CENT))

    def allowances(self, lines: Sequence[InvoiceLine]) -> tuple[DocumentAllowance, ...]:
        category, rate, base = self.part(lines)
        if not self.draw.happens(6):
            return ()
        return (
            DocumentAllowance(
                amount=round_half_up(EXACT.multiply(base, Decimal("0.05"))),
                base_amount=base,
                percentage=Decimal(5),
                tax_scheme="VAT",
                vat_category=category,
                vat_rate=rate,
                reason="Remise commerciale",
                reason_code="95",
            ),
        )

    def charges(self, lines: Sequence[InvoiceLine]) -> tuple[DocumentCharge, ...]:
        category, rate, _ = self.part(lines)
        if not self.draw.happens(7):
            return ()
        return (
            DocumentCharge(
                amount=Decimal("12.50"),
                tax_scheme="VAT",
                vat_category=category,
                vat_rate=rate,
                reason="Frais de port",
                reason_code="FC",
            ),
        )

    def part(self, lines: Sequence[InvoiceLine]) -> tuple[str, Decimal, Decimal]:
        """Draw a line, and return its VAT category, its rate and its net amount."""
        line = self.chance.choice(lines)
        vat = line.vat or LineVat()
        return vat.category or _STANDARD, vat.rate or ZERO, line.net_amount or ZERO

    def totals(
        self,
        lines: Sequence[InvoiceLine],
        allowances: Sequence[DocumentAllowance],
        charges: Sequence[DocumentCharge],
        breakdown: Sequence[VatBreakdown],
    ) -> Totals:
        line_net = total(line.net_amount for line in lines)
        less, more = total(a.amount for a in allowances), total(c.amount for c in charges)
        without_vat = EXACT.add(EXACT.subtract(line_net, less), more)
        vat = total(row.tax_amount for row in breakdown)
        with_vat = EXACT.add(without_vat, vat)
        paid = (
            round_half_up(EXACT.multiply(with_vat, Decimal("0.3")))
            if self.draw.happens(10)
            else None
        )
        return Totals(
            line_net=line_net,
            allowances=less if allowances else None,
            charges=more if charges else None,
            without_vat=without_vat,
            vat=vat,
            with_vat=with_vat,
            paid=paid,
            due=EXACT.subtract(with_vat, paid or ZERO),
        )


def _breakdown(
    lines: Sequence[InvoiceLine],
    allowances: Sequence[DocumentAllowance],
    charges: Sequence[DocumentCharge],
) -> tuple[VatBreakdown, ...]:
    """One row per VAT category and rate; its tax is the base times the rate (BR-CO-17)."""
    bases: dict[tuple[str, Decimal], Decimal] = {}

    def add(category: str | None, rate: Decimal | None, amount: Decimal) -> None:
        key = (category or _STANDARD, rate or ZERO)
        bases[key] = EXACT.add(bases.get(key, ZERO), amount)

    for line in lines:
        vat = line.vat or LineVat()
        add(vat.category, vat.rate, line.net_amount or ZERO)
    for allowance in allowances:
        add(allowance.vat_category, allowance.vat_rate, -(allowance.amount or ZERO))
    for charge in charges:
        add(charge.vat_category, charge.vat_rate, charge.amount or ZERO)
    return tuple(
        VatBreakdown(
            taxable_amount=base,
            tax_amount=round_half_up(EXACT.multiply(EXACT.multiply(base, rate), CENT)),
            tax_scheme="VAT",
            category=category,
            rate=rate,
            exemption_reason=_EXEMPTION if category == _EXEMPT else None,
        )
        for (category, rate), base in bases.items()
    )
