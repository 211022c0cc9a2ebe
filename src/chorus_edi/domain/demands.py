"""What the official sheets ask of the XML itself, beyond its schema: counts, as data.

Nearly every assertion of the sheets on the syntax says how often something may stand somewhere:
at most once, at least once, never. A demand is that sentence; ``formats`` knows how to count.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from chorus_edi.domain.usages import Usage


class Distinct(StrEnum):
    """How values are told apart, where values are counted and not elements."""

    EXACT = "exact"
    FOLDED = "folded"
    """White space around them aside, each run of it within as one blank."""


class Key(msgspec.Struct, frozen=True, kw_only=True):
    """Some elements of a document by texts of theirs, looked through once (as ``xsl:key``).

    Attributes:
        name: the demand calls ``$name`` those of which a text is one of the asking element.
        match: which elements there are (XPath 1.0, from the document).
        use: their texts (from such an element): elements, or one text.
        value: the texts of the element that asks (from there): elements, or one text.
        first: True to keep of each text only the element that stands first.
        totals: names and XPaths of numbers over ``$name``, which the demand has in its place:
            where many elements ask by the same text, each is computed once. They may speak of
            what the demand is given.
    """

    name: str
    match: str
    use: str
    value: str
    first: bool = False
    totals: tuple[tuple[str, str], ...] = ()


class Demand(msgspec.Struct, frozen=True, kw_only=True):
    """How often something may stand in each of some elements.

    Attributes:
        rule: id of the rule that asks it.
        each: the elements it speaks of (XPath 1.0, from the document).
        counted: what is counted (XPath 1.0, from such an element).
        least: how many there must be.
        most: how many there may be; None for any number.
        distinct: counts the different values among them instead.
        given: names and XPaths (from such an element) of texts that ``counted`` calls ``$name``.
        keys: what ``counted`` calls by names too, found by texts.
        suspects: local names (``@name`` for attributes, ``*Amount`` for all names that end so,
            ``//name`` for elements in parts of the document that are not read) which, met
            otherwise than the binding foresees, may break it: ``Reading.suspects``.
    """

    rule: str
    each: str
    counted: str
    least: int = 0
    most: int | None = None
    distinct: Distinct | None = None
    given: tuple[tuple[str, str], ...] = ()
    keys: tuple[Key, ...] = ()
    suspects: tuple[str, ...]


@dataclass(frozen=True, eq=False, slots=True)
class Demands:
    """Demands that are checked together.

    Equal to itself alone, so that what is compiled from it is found again without comparing.

    Attributes:
        all: those that are checked where something is suspect.
        usage: the table of a Factur-X profile, whose demands are checked all together.
    """

    all: tuple[Demand, ...]
    usage: Usage | None = None
