"""File names as they are recorded and shown: any name the system allows, and back."""

from __future__ import annotations

import os
from urllib.parse import quote_from_bytes, unquote_to_bytes

# Printable ASCII stays as it is in a recorded path; ``%`` itself and everything else is quoted,
# so that any file name the system allows is recorded exactly and found again.
_READABLE = "".join(chr(code) for code in range(0x20, 0x7F) if chr(code) != "%")


def recorded(relative: str) -> str:
    """Return the text a relative path is recorded under: always UTF-8, always reversible."""
    try:
        relative.encode()
    except UnicodeEncodeError:
        return quote_from_bytes(os.fsencode(relative), safe=_READABLE)
    return relative.replace("%", "%25")


def actual(path: str) -> str:
    """Return the path that was recorded."""
    return os.fsdecode(unquote_to_bytes(path))


def shown(name: str) -> str:
    """Return a file name as people read it: control and undecodable characters replaced."""
    if name.isprintable():
        return name
    text = os.fsencode(name).decode("utf-8", "replace")
    return "".join(character if character.isprintable() else "�" for character in text)
