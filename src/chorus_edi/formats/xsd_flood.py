"""Bounds what a document with very many schema faults costs.

For each fault lxml writes a path, counting the siblings before the element: 200,000 wrong
siblings, a file of 18 MB, take six minutes. Read as a stream there are no paths; the stream is
left as soon as there are more faults than anybody will be told, and only what was read until
then is examined as a tree. A stream without a fault is a valid document: it is not looked at again.
"""

from __future__ import annotations

import contextlib
from typing import Any, NamedTuple

from lxml import etree

SCREENED_BYTES = 256 * 1024
"""Documents up to this size are not screened: at worst they cost a second."""

_CHUNK = 64 * 1024


class _Nothing:
    """A parser target that builds nothing."""

    def close(self) -> None:
        """Return nothing either."""


class Screened(NamedTuple):
    """What a stream showed.

    Attributes:
        valid: True where it shows that there is no fault.
        part: the root of the part of the document that holds too many faults, a tree of its own
            whose last elements are cut short; None where there are not so many.
    """

    valid: bool
    part: Any = None


def screened(xml: bytes, schema: Any, limit: int) -> Screened:
    """Read a document as a stream, until it has more than ``limit`` faults; not a small one.

    Args:
        xml: a document that ``formats.xml`` has parsed: well-formed, without DOCTYPE, in UTF-8.
        schema: a compiled ``lxml.etree.XMLSchema``.
        limit: how many faults are bearable.
    """
    if len(xml) <= SCREENED_BYTES:
        return Screened(valid=False)
    parser = etree.XMLParser(target=_Nothing(), schema=schema, **_OPTIONS)
    try:
        for start in range(0, len(xml), _CHUNK):
            parser.feed(xml[start : start + _CHUNK])
            if len(parser.feed_error_log) > limit:
                return Screened(valid=False, part=_part(xml, start + _CHUNK))
    finally:
        # It refers to its target and that one to it: left open, its input would stay with them.
        # And some faults of the root are told no earlier.
        with contextlib.suppress(etree.XMLSyntaxError):
            parser.close()
    return Screened(valid=not parser.feed_error_log)


def _part(xml: bytes, end: int) -> Any:
    part = xml[: xml.rfind(b">", 0, end) + 1]
    return etree.fromstring(part, etree.XMLParser(recover=True, **_OPTIONS))


_OPTIONS = {
    "encoding": "UTF-8",
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "huge_tree": True,
    "collect_ids": False,
}


def cut_short(part: Any) -> set[str]:
    """Return the paths of the elements of a part that the cut left unfinished."""
    tree, paths = part.getroottree(), set()
    while part is not None:
        paths.add(tree.getpath(part))
        part = next(part.iterchildren("*", reversed=True), None)
    return paths
