"""Finds the elements and attributes that demands refuse wherever they stand on a plain path.

There are a thousand such demands. Each alone would be an XPath over the document; together they
are one table of paths, read from their end: an element of a suspect name is looked at once, with
what is above it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from typing import Any, NamedTuple

from chorus_edi.domain.demands import Demand
from chorus_edi.formats.suspects import ANY

_PLAIN = re.compile(r"(?://)?\w+:\w+(?:/\w+:\w+)*(?:/@\w+)?")
_ROOTED = "/"
_ANYWHERE = "//"

_Node = dict[str, Any]
"""Tag of what may stand above → the node there; under the two marks above, the ``_End`` of the
paths that are complete, below the root or anywhere."""


class _End(NamedTuple):
    """The end of a refused path; ``attribute`` is empty where the element itself is refused."""

    number: int
    attribute: str


class Refused(NamedTuple):
    """An element that is refused, or one with an attribute that is.

    Attributes:
        number: which of the demands refuses it.
        element: the element.
        value: of the attribute; None where it is the element.
    """

    number: int
    element: Any
    value: str | None


def is_refusal(demand: Demand) -> bool:
    """True where a demand says no more than that some plain paths may not be there."""
    return (
        demand.each == "/*"
        and (demand.least, demand.most, demand.distinct) == (0, 0, None)
        and all(_PLAIN.fullmatch(path) for path in demand.counted.split(" | "))
    )


class Refusals:
    """Refused paths, by the names they end with."""

    def __init__(self, demands: Mapping[int, Demand], prefixes: Mapping[str, str]) -> None:
        """Read the paths of demands that are refusals, by their numbers."""
        self._ends: dict[str, _Node] = {}
        self._tags: defaultdict[str, set[str]] = defaultdict(set)
        for number, demand in demands.items():
            for path in demand.counted.split(" | "):
                self._add(number, path, prefixes)

    def _add(self, number: int, path: str, prefixes: Mapping[str, str]) -> None:
        above, _, attribute = path.partition("/@")
        steps = [
            f"{{{prefixes[prefix]}}}{name}"
            for prefix, _, name in (
                step.partition(":") for step in above.removeprefix(_ANYWHERE).split("/")
            )
        ]
        node: _Node = self._ends
        for tag in reversed(steps):
            node = node.setdefault(tag, {})
        mark = _ANYWHERE if above.startswith(_ANYWHERE) else _ROOTED
        node.setdefault(mark, []).append(_End(number, attribute))
        self._tags[f"@{attribute}" if attribute else steps[-1].rpartition("}")[2]].add(steps[-1])

    def found(self, root: Any, suspects: Collection[str]) -> Iterator[Refused]:
        """Yield what each demand refuses first in a document, where its name is suspect.

        Args:
            root: the document.
            suspects: as in ``Reading.suspects``.
        """
        tags = self._suspect(suspects)
        met: set[int] = set()
        for element in root.iter(*tags) if tags else ():
            for number, attribute in self._ends_at(element, root):
                value = element.get(attribute) if attribute else None
                if number not in met and (value is not None or not attribute):
                    met.add(number)
                    yield Refused(number, element, value)

    def _suspect(self, suspects: Collection[str]) -> set[str]:
        if ANY in suspects:
            return set(self._ends)
        names = {name.rpartition("}")[2] for name in suspects}
        return {tag for name in names for tag in self._tags.get(name, ())}

    def _ends_at(self, element: Any, root: Any) -> Iterator[_End]:
        """Yield the ends of the refused paths that an element stands on."""
        node = self._ends.get(element.tag)
        while node is not None and element is not root:
            yield from node.get(_ANYWHERE, ())
            element = element.getparent()
            if element is root:
                yield from node.get(_ROOTED, ())
            node = node.get(element.tag)
