"""Bounds what a document with very many schema faults costs.

For each fault lxml writes a path, counting the siblings before the element: 200,000 wrong
siblings, a file of 18 MB, take six minutes. Read as a stream there are no paths; the stream is
left as soon as there are more faults than anybody will be told, and only what was read until
then is examined as a tree.
"""

from __future__ import annotations

import contextlib
from typing import Any

from lxml import etree

SCREENED_BYTES = 256 * 1024
"""Documents up to this size are not screened: at worst they cost a second."""

_CHUNK = 64 * 1024


class _Nothing:
    """A parser target that builds nothing."""

    def close(self) -> None:
        """Return nothing either."""


def flooded_part(xml: bytes, schema: Any, limit: int) -> Any:
    """Return the root of the part of a document that holds more than ``limit`` faults.

    Args:
        xml: a document that ``formats.xml`` has parsed: well-formed, without DOCTYPE, in UTF-8.
        schema: a compiled ``lxml.etree.XMLSchema``.
        limit: how many faults are bearable.

    Returns:
        A tree of its own, whose last elements are cut short; None where there is no flood.
    """
    if len(xml) <= SCREENED_BYTES:
        return None
    end = _flooded_at(xml, schema, limit)
    if end is None:
        return None
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


def _flooded_at(xml: bytes, schema: Any, limit: int) -> int | None:
    """Return how many bytes were read when the faults became too many."""
    parser = etree.XMLParser(target=_Nothing(), schema=schema, **_OPTIONS)
    try:
        for start in range(0, len(xml), _CHUNK):
            parser.feed(xml[start : start + _CHUNK])
            if len(parser.feed_error_log) > limit:
                return min(start + _CHUNK, len(xml))
        return None
    finally:
        # It refers to its target and that one to it: left open, its input would stay with them.
        with contextlib.suppress(etree.XMLSyntaxError):
            parser.close()


def cut_short(part: Any) -> set[str]:
    """Return the paths of the elements of a part that the cut left unfinished."""
    tree, paths = part.getroottree(), set()
    while part is not None:
        paths.add(tree.getpath(part))
        part = next(part.iterchildren("*", reversed=True), None)
    return paths
