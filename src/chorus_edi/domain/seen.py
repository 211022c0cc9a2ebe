"""What the reader saw of a document's values as written: the model has one of each, and bare.

It travels with an invoice but says nothing of it: invoices of the same terms are equal whatever was
seen, so any two of these are equal.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

import msgspec
from typing_extensions import override


class _Seen(msgspec.Struct, frozen=True, eq=False):
    @override
    def __eq__(self, other: object) -> bool:
        """True for any other."""
        return other is None or isinstance(other, type(self))

    @override
    def __hash__(self) -> int:
        """All alike, as they are equal."""
        return 0


class SeenCodes(_Seen, frozen=True, eq=False):
    """Distinct codes by the rule that judges them, wherever the official sheets look.

    Attributes:
        by_rule: id of the rule (``BR-CL-14``) → the values to judge, in the order they were met.
    """

    by_rule: Mapping[str, Collection[str]]


class SeenNumbers(msgspec.Struct, frozen=True):
    """Distinct numbers of one data type.

    Attributes:
        regular: those with nothing around or before them but a minus sign.
        others: those that are not regular, whether they can be read or not, and those of more than
            twelve digits before the point or two after it; no more of one than tells it is long.
    """

    regular: Collection[str]
    others: Collection[str]


class SeenValues(_Seen, frozen=True, eq=False, kw_only=True):
    """Distinct numbers and dates: every one that the model has, and some that it has no place for.

    A rule on how they are written looks here first, and at the model only where one is doubtful.
    """

    amounts: SeenNumbers
    prices: SeenNumbers
    quantities: SeenNumbers
    percentages: SeenNumbers
    dates: Collection[str]
