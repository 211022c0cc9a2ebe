"""What the amounts of an invoice in UBL add up to, as its sheet adds: in binary, to the cent.

The sheet holds the sum of lines as a binary64 number, and those of allowances and charges as the
decimals that such numbers are. Where there is a line, all it computes with them is binary; where
there is none, decimal.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, NamedTuple

from chorus_edi.domain.binary import binary_add, binary_hundredths, in_cents, nearest
from chorus_edi.domain.invoice import Invoice
from chorus_edi.domain.money import CENT, EXACT, round_half_up
from chorus_edi.rules.extended_ctc_fr.kinds import counted, strays_of
from chorus_edi.rules.figures import once
from chorus_edi.rules.text import every


class Sums(NamedTuple):
    """Sums of an invoice, or of one part of its VAT breakdown, and how many amounts are in.

    Attributes:
        lines: of the lines that count.
        allowances: of the document.
        charges: of the document.
        of_lines: how many lines.
        of_allowances: how many allowances.
        of_charges: how many charges.
    """

    lines: Decimal
    allowances: Decimal
    charges: Decimal
    of_lines: int
    of_allowances: int
    of_charges: int

    @property
    def amounts(self) -> int:
        """Each of them may be a cent off."""
        return self.of_lines + self.of_allowances + self.of_charges

    @property
    def slack(self) -> Decimal:
        """One cent for each amount."""
        return self.amounts * CENT

    @property
    def net(self) -> Decimal:
        """Lines less allowances plus charges, to the cent, as people add."""
        less, more = round_half_up(self.allowances), round_half_up(self.charges)
        return EXACT.subtract(EXACT.add(round_half_up(self.lines), more), less)

    def apart(self, found: Decimal) -> Decimal:
        """Return how far an amount is from lines less allowances plus charges."""
        terms = (self.lines.copy_negate(), self.allowances, self.charges.copy_negate())
        if not self.of_lines:
            return abs_sum(found, *terms)
        rest = nearest(found)
        for term in terms:
            rest = binary_add(rest, term)
        return rest.copy_abs()

    def is_near(self, found: Decimal) -> bool:
        """True where an amount is within a cent per amount, to the last digit."""
        limit = nearest(self.slack) if self.of_lines else self.slack
        return self.apart(found) <= limit

    def is_near_to_the_cent(self, found: Decimal) -> bool:
        """The same, where the difference is rounded to the cent before."""
        return in_cents(self.apart(found)) <= self.amounts


def abs_sum(*terms: Decimal) -> Decimal:
    """Add up in decimals, and return the sum without its sign."""
    result = terms[0]
    for term in terms[1:]:
        result = EXACT.add(result, term)
    return result.copy_abs()


def sums_of(invoice: Invoice) -> Sums:
    """Return the sums of an invoice in UBL."""
    return once(invoice, _sums)


def _sums(invoice: Invoice) -> Sums:
    # The sheet adds lines in extensions, which stand first.
    strays = [line.net_amount for line in strays_of(invoice)]
    lines = [line.net_amount for line in counted(invoice)]
    amounts = [amount for amount in (*strays, *lines) if amount is not None]
    return Sums(
        binary_hundredths(amounts),
        binary_hundredths(_amounts(invoice.allowances)),
        binary_hundredths(_amounts(invoice.charges)),
        len(amounts),
        len(invoice.allowances),
        len(invoice.charges),
    )


def _amounts(groups: Iterable[Any]) -> Iterable[Decimal | None]:
    return (amount for one in groups for amount in every(one, "amount"))
