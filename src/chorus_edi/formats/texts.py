"""The text of an element, and where to find one by name."""

from __future__ import annotations

from typing import Any

BLANKS = " \t\r\n"
"""White space of XML; a no-break space is a character like any other."""


def text_of(element: Any) -> str:
    """Return all the text of an element; comments in it do not cut it."""
    if len(element):
        return "".join(element.itertext(element.tag))
    return element.text or ""


def find_below(element: Any, local_name: str) -> Any:
    """Return the first descendant of a local name, whatever its namespace; None where none is."""
    return next(element.iterdescendants(f"{{*}}{local_name}"), None)
