"""Sizes in bytes, as an operator writes and reads them: ``5 Go``. A kilo is 1024."""

from __future__ import annotations

import re

_UNITS = ("o", "Ko", "Mo", "Go", "To")
_SIZE = re.compile(r"([0-9]{1,15})(?: ?([KMGT]?o))?", re.ASCII)
_KILO = 1024


def size_of(text: str) -> int:
    """Read a size: bytes, or a whole number of Ko, Mo, Go or To.

    Raises:
        ValueError: it is none; the message is a French sentence.
    """
    match = _SIZE.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"{text!r} : une taille est attendue, par exemple « 5 Go »")
    return int(match[1]) * int(_KILO ** _UNITS.index(match[2] or "o"))


def told(size: int) -> str:
    """Write a size in the largest unit of which it has one, to a tenth, cut off."""
    power = 0
    while power < len(_UNITS) - 1 and size >= _KILO ** (power + 1):
        power += 1
    if not power:
        return f"{size} o"
    whole, tenth = divmod(size * 10 // int(_KILO**power), 10)
    return f"{whole},{tenth} {_UNITS[power]}"
