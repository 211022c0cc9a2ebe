"""The text of an element."""

from __future__ import annotations

from typing import Any

BLANKS = " \t\r\n"
"""White space of XML; a no-break space is a character like any other."""


def text_of(element: Any) -> str:
    """Return all the text of an element; comments in it do not cut it."""
    if len(element):
        return "".join(element.itertext(element.tag))
    return element.text or ""
