"""The codes of a document as written, wherever the official sheets look: the model has one each."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import msgspec
from typing_extensions import override


class SeenCodes(msgspec.Struct, frozen=True, eq=False):
    """Distinct codes by the rule that judges them.

    It travels with an invoice but says nothing of it: invoices of the same terms are equal
    whatever was seen, so any two of these are equal.

    Attributes:
        by_rule: id of the rule (``BR-CL-14``) → the values to judge, in the order they were met.
    """

    by_rule: Mapping[str, Collection[str]]

    @override
    def __eq__(self, other: object) -> bool:
        """True for any other."""
        return other is None or isinstance(other, SeenCodes)

    @override
    def __hash__(self) -> int:
        """All alike, as they are equal."""
        return 0
