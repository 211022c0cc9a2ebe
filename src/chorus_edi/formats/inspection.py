"""Checks demands on the XML of a document: only those that something suspect in it may break.

The reader meets every element once and notes the names of those that do not stand as the binding
foresees (``Reading.suspects``): most documents have none, and cost nothing here. A demand says
which names may break it; it is checked, exactly, where one of them is suspect. That the notes
never hide a breach is held by a property test, which checks everything on documents changed at
random.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from lxml import etree

from chorus_edi.domain.demands import Demand, Demands, Distinct
from chorus_edi.domain.dossier import Offence
from chorus_edi.formats.locate import Locator
from chorus_edi.formats.mapping import cii, ubl
from chorus_edi.formats.suspects import ANY
from chorus_edi.formats.usages import Misuse, misuses

LONGEST = 200
"""Characters kept of a value found."""

_NAMESPACES = {**ubl.PREFIXES, **cii.PREFIXES, "re": "http://exslt.org/regular-expressions"}


class Fault(NamedTuple):
    """A demand that is not met.

    Attributes:
        demand: what was asked.
        element: the element too many, else the one where something is missing.
        found: the value that is too many, if it has one.
    """

    demand: Demand
    element: Any
    found: str | None


def inspect(locator: Locator, suspects: Collection[str], demands: Demands) -> tuple[Offence, ...]:
    """Check demands on a document, and find the places of what does not meet them.

    Args:
        locator: the document.
        suspects: names of what stands otherwise than the binding foresees.
        demands: what is asked.
    """
    faults: list[Fault | Misuse] = []
    if suspects:
        faults += faults_in(locator.root, suspects, demands)
    if demands.usage is not None:
        faults += misuses(locator.root, demands.usage)
    if not faults:
        return ()
    elements = [fault.element for fault in faults]
    places, addresses = locator.of_elements(elements), locator.addresses(elements)
    return tuple(
        Offence(fault.demand, place, address, fault.found)
        for fault, place, address in zip(faults, places, addresses, strict=True)
    )


def faults_in(root: Any, suspects: Collection[str], demands: Demands) -> list[Fault]:
    """Return what a document does not meet of the demands that suspect names may break."""
    return [fault for check in _compiled(demands).of(suspects) for fault in check.faults(root)]


class _Check:
    """A demand, its two paths compiled."""

    def __init__(self, demand: Demand) -> None:
        self._demand = demand
        self._each = etree.XPath(demand.each, namespaces=_NAMESPACES)
        self._counted = etree.XPath(demand.counted, namespaces=_NAMESPACES)

    def faults(self, root: Any) -> Iterator[Fault]:
        """Yield each element of the document that does not meet it."""
        demand = self._demand
        for element in self._each(root):
            counted = self._distinct(self._counted(element))
            if len(counted) < demand.least:
                yield Fault(demand, element, None)
            elif demand.most is not None and len(counted) > demand.most:
                yield Fault(demand, *_too_many(counted[demand.most]))

    def _distinct(self, nodes: list[Any]) -> list[Any]:
        """Keep the first node of each value, where values are counted."""
        if self._demand.distinct is None:
            return nodes
        folded = self._demand.distinct is Distinct.FOLDED
        first: dict[str, Any] = {}
        for node in nodes:
            value = _value(node)
            first.setdefault(_fold(value) if folded else value, node)
        return list(first.values())


class _Checks:
    """Demands by what may break them."""

    def __init__(self, demands: Demands) -> None:
        self._checks = [_Check(demand) for demand in demands.all]
        self._named: dict[str, set[int]] = {}
        self._ending: list[tuple[str, int]] = []
        for number, demand in enumerate(demands.all):
            for name in demand.suspects:
                if name[0] == "*":
                    self._ending.append((name[1:], number))
                else:
                    self._named.setdefault(name, set()).add(number)

    def of(self, suspects: Collection[str]) -> list[_Check]:
        """Return the checks that names (Clark names, ``@name``) call for, in order."""
        if ANY in suspects:
            return self._checks
        called: set[int] = set()
        for name in suspects:
            local = name.rpartition("}")[2]
            called |= self._named.get(local, set())
            called.update(number for ending, number in self._ending if local.endswith(ending))
        return [self._checks[number] for number in sorted(called)]


@lru_cache(maxsize=32)
def _compiled(demands: Demands) -> _Checks:
    return _Checks(demands)


def _too_many(node: Any) -> tuple[Any, str | None]:
    if isinstance(node, str):
        return node.getparent(), _short(node)  # type: ignore[attr-defined]  # an attribute's value
    return node, None if len(node) else _short(node.text or "")


def _value(node: Any) -> str:
    return node if isinstance(node, str) else str(_STRING(node))


def _fold(value: str) -> str:
    return " ".join(part for part in value.translate(_BLANKS).split(" ") if part)


def _short(value: str) -> str:
    return value if len(value) <= LONGEST else f"{value[:LONGEST]}…"


_STRING = etree.XPath("string()", smart_strings=False)
_BLANKS = str.maketrans("\t\r\n", "   ")
