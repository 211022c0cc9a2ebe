"""What a Factur-X profile makes of the elements of CII: a tree of uses, each with its demands.

A use says of an element where it stands, under which condition it is meant, and what its profile
asks there: how often its children may stand, which attributes it needs or may not have, which codes
it may hold. Each of these is a demand of a rule; ``formats`` walks tree and document together.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import msgspec

from chorus_edi.domain.demands import Demand


class Count(NamedTuple):
    """How often a child may stand: ``condition`` narrows the children that count."""

    name: str
    condition: str
    demand: Demand


class Attribute(NamedTuple):
    """An attribute that must be there, or (``demand.most`` 0) must not."""

    name: str
    demand: Demand


class Codes(NamedTuple):
    """The codes that an attribute may hold, or the text where ``attribute`` is empty."""

    attribute: str
    codes: frozenset[str]
    demand: Demand


class Use(msgspec.Struct, frozen=True, kw_only=True):
    """The use of an element.

    Attributes:
        name: ``ram:ID``.
        condition: which elements of that name are meant; empty for all. ``path=value``,
            ``!@attribute``, ``@currencyID=BT-5`` (the invoice currency beside it; with ``!`` at
            the end that of the invoice), ``else a b`` (none of these).
        unused: the profile does not use it at all.
        counts: of its children.
        attributes: needed or forbidden.
        codes: allowed.
        below: uses of its children; where several mean one element, the first that asks something
            judges it.
    """

    name: str
    condition: str = ""
    unused: Demand | None = None
    counts: tuple[Count, ...] = ()
    attributes: tuple[Attribute, ...] = ()
    codes: tuple[Codes, ...] = ()
    below: tuple[Use, ...] = ()

    def demands(self) -> tuple[Demand, ...]:
        """Return what it asks itself."""
        unused = () if self.unused is None else (self.unused,)
        return (
            *unused,
            *(one.demand for one in self.counts),
            *(one.demand for one in self.attributes),
            *(one.demand for one in self.codes),
        )


@dataclass(frozen=True, eq=False, slots=True)
class Usage:
    """The uses of a whole profile, from the root element; equal to itself alone."""

    root: Use
