"""Gathers the numbers and dates of a document as written, for the rules on how they are written."""

from __future__ import annotations

from decimal import Decimal

from chorus_edi.domain.money import LONGEST
from chorus_edi.domain.seen import SeenNumbers, SeenValues
from chorus_edi.formats.mapping.dispatch import AMOUNT, MEASURE, NUMBER, PRICE

_KINDS = (MEASURE, NUMBER, PRICE, AMOUNT)


class Values:
    """Those of one document.

    Attributes:
        numbers: regular numbers (``SeenNumbers.regular``) as written → as read, by the kind of
            their operation.
        dates: dates as written.
    """

    def __init__(self) -> None:
        self.numbers: dict[int, dict[str, Decimal]] = {kind: {} for kind in _KINDS}
        self.dates: dict[str, None] = {}
        self._others: dict[int, dict[str, None]] = {kind: {} for kind in _KINDS}

    def take(self, kind: int, text: str) -> None:
        """Gather one of ``SeenNumbers.others``; of one that nobody can read, its beginning."""
        self._others[kind][text[: LONGEST + 1]] = None

    def all(self) -> SeenValues:
        """Return what was gathered."""
        quantities, rates, prices, amounts = (
            SeenNumbers(self.numbers[kind].keys(), self._others[kind].keys()) for kind in _KINDS
        )
        return SeenValues(
            amounts=amounts,
            prices=prices,
            quantities=quantities,
            percentages=rates,
            dates=self.dates.keys(),
        )


def date_of(text: str) -> str:
    """Write eight digits (CII format 102) as ``AAAA-MM-JJ``; anything else stays as it is."""
    if len(text) == 8 and text.isascii() and text.isdigit():
        return f"{text[:4]}-{text[4:6]}-{text[6:]}"
    return text
