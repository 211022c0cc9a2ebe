"""Lines and columns of elements, exact in files of any size.

libxml2 keeps a line in 16 bits and guesses beyond, and it has no columns. expat knows both: one
pass over the same bytes meets the elements in the same order as the tree.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from typing import Any
from xml.parsers import expat

Position = tuple[int | None, int | None]
"""Line and column from 1, the column in characters; the column is None where unknown."""


class _Enough(Exception):
    """The last wanted element is behind, or a DTD is ahead; never leaves this module."""


def positions(root: Any, xml: bytes, wanted: set[Any]) -> Mapping[Any, Position]:
    """Return the position of each wanted element.

    Args:
        root: root element of the tree that was parsed from ``xml``.
        xml: its bytes, in UTF-8 whatever their XML declaration says.
        wanted: elements of that tree.

    Where the second parser cannot follow, the line is what libxml2 says.
    """
    if not wanted:
        return {}
    # No further than the last of them, most of which stand in the head of an invoice.
    ordered = ((order, e) for order, e in enumerate(root.iter("*")) if e in wanted)
    by_order = dict(islice(ordered, len(wanted)))
    met = _met(xml, set(by_order), "UTF-8")
    if len(met) < len(by_order):
        met = max(met, _met(xml, set(by_order), None), key=len)
    return {
        element: met.get(order, (element.sourceline, None)) for order, element in by_order.items()
    }


def _met(xml: bytes, orders: set[int], encoding: str | None) -> dict[int, Position]:
    parser = expat.ParserCreate(encoding)
    parser.ordered_attributes = True
    met: dict[int, Position] = {}
    last = max(orders)
    order = -1

    def start(_name: str, _attributes: Any) -> None:
        nonlocal order
        order += 1
        if order in orders:
            met[order] = (parser.CurrentLineNumber, parser.CurrentColumnNumber + 1)
            if order == last:
                raise _Enough

    def doctype(*_: Any) -> None:
        # Nothing is expanded or loaded on the way to a line number.
        raise _Enough

    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = doctype
    try:
        parser.Parse(xml, True)
    except (_Enough, expat.ExpatError):
        return met
    return met
