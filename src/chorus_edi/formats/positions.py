"""Lines and columns of elements, exact in files of any size.

libxml2 keeps a line in 16 bits and guesses beyond, and it has no columns. In a file that it has
read, without DOCTYPE, every ``<`` that begins no closing tag, comment, instruction or CDATA section
begins an element: they are counted off against the tree.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice, pairwise
from typing import Any

Position = tuple[int | None, int | None]
"""Line and column from 1, the column in characters; the column is None where unknown."""

_MARKUP = re.compile(rb"<(?:([^/!?])|!--.*?-->|!\[CDATA\[.*?\]\]>|\?.*?\?>)", re.DOTALL)
_BOM = b"\xef\xbb\xbf"


def positions(root: Any, xml: bytes, wanted: set[Any]) -> Mapping[Any, Position]:
    """Return the position of each wanted element.

    Args:
        root: root element of the tree that was parsed from ``xml``.
        xml: its bytes, in UTF-8 whatever their XML declaration says.
        wanted: elements of that tree.

    Where the bytes are not those of the tree after all, the line is what libxml2 says.
    """
    if not wanted:
        return {}
    # No further than the last of them, most of which stand in the head of an invoice.
    ordered = ((order, e) for order, e in enumerate(root.iter("*")) if e in wanted)
    by_order = dict(islice(ordered, len(wanted)))
    met = dict(zip(by_order, _places(xml.removeprefix(_BOM), list(by_order)), strict=False))
    return {
        element: met.get(order, (element.sourceline, None)) for order, element in by_order.items()
    }


def _places(xml: bytes, orders: Sequence[int]) -> Iterator[Position]:
    """Yield where the elements of some ranks, in ascending order, begin."""
    starts = (markup.start() for markup in _MARKUP.finditer(xml) if markup.lastindex)
    line, column, behind = 1, 1, 0
    for before, order in pairwise((-1, *orders)):
        start = next(islice(starts, order - before - 1, None), None)
        if start is None:
            return
        passed = xml[behind:start]
        if b"\r" in passed:
            passed = passed.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        newlines = passed.count(b"\n")
        if newlines:
            line, column = line + newlines, 1
            passed = passed[passed.rfind(b"\n") + 1 :]
        column += len(passed.decode(errors="replace"))
        behind = start
        yield line, column
