"""How the official sheets see values: white space is XML's, a repeated term is a sequence."""

from __future__ import annotations

from typing import Any

from chorus_edi.domain.groups import Group

BLANKS = " \t\r\n"
"""What XPath ``normalize-space`` removes; a no-break space is a character like any other."""


def has_text(value: str | None) -> bool:
    """True where a term is present and holds more than white space."""
    return value is not None and value.strip(BLANKS) != ""


def as_written(group: Group, field: str) -> str | None:
    """Return the text of a term with the blanks around it; None where it is absent."""
    value: str | None = getattr(group, field)
    if group.odd is None or value is None:
        return value
    odd = group.odd.get(field)
    return value if odd is None or odd.written is None else odd.written


def not_empty(group: Group, field: str) -> bool:
    """True where some occurrence of a term has any character at all, white space included."""
    value = as_written(group, field)
    if value:
        return True
    return group.odd is not None and any(every(group, field))


def every(group: Group, field: str) -> tuple[Any, ...]:
    """Return all occurrences of a single-valued term or group, in the document's order."""
    value = getattr(group, field)
    if group.odd is None or field not in group.odd:
        return () if value is None else (value,)
    return (value, *group.odd[field].further)
