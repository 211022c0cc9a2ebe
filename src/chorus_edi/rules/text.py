"""How the official sheets see text: white space is XML's, not Unicode's."""

from __future__ import annotations

BLANKS = " \t\r\n"
"""What XPath ``normalize-space`` removes; a no-break space is a character like any other."""


def has_text(value: str | None) -> bool:
    """True where a term is present and holds more than white space."""
    return value is not None and value.strip(BLANKS) != ""
