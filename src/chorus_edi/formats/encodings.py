"""Finds the encoding of an XML file, holds it to what it declares, and gives it in UTF-8.

Source: XML 1.0, appendix F. Everything behind this point reads UTF-8 only, so that no two parsers
can disagree about what a file says.
"""

from __future__ import annotations

import codecs
import re
from functools import lru_cache
from typing import NamedTuple

_CHUNK = 1024 * 1024
_UTF8 = "utf-8"
# Byte order marks and first characters; UTF-32 stands above UTF-16, whose marks begin its own.
_WIDE: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"<\x00\x00\x00", "utf-32-le"),
    (b"\x00\x00\x00<", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
    (b"<\x00", "utf-16-le"),
    (b"\x00<", "utf-16-be"),
)
_WIDE_STARTS = tuple(mark for mark, _ in _WIDE)
# Encodings of one byte a character that agree with ASCII.
_NARROW = frozenset(
    {"ascii", *(f"iso8859-{n}" for n in (*range(1, 12), 13, 14, 15, 16))}
    | {f"cp125{n}" for n in range(9)}
)
_MULTIBYTE = frozenset({"utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"})
_DECLARATION = re.compile(
    rb"""<\?xml\s[^>]*?\bencoding\s*=\s*(?P<quote>["'])(?P<name>[^"'<>]*)(?P=quote)""",
)


class Utf8(NamedTuple):
    """A file in UTF-8, line for line; the declaration, where there is one, says so."""

    xml: bytes


class UnknownEncoding(NamedTuple):
    """The file declares an encoding that is not accepted."""

    declared: str


class WrongEncoding(NamedTuple):
    """The bytes are not in the encoding announced; place of the first bad byte, from 1."""

    announced: str
    line: int
    column: int


def to_utf8(data: bytes) -> Utf8 | UnknownEncoding | WrongEncoding:
    """Return an XML file in UTF-8.

    Accepted are UTF-8, UTF-16, UTF-32, ASCII, ISO-8859 and Windows-125x. The declaration is held
    against the byte order mark: a file that says one thing and does another is refused, for two
    readers could read two invoices in it.
    """
    if data.startswith(_WIDE_STARTS):
        wide = next(name for mark, name in _WIDE if data.startswith(mark))
        return _from_wide(data, wide)
    match = _DECLARATION.match(data, len(_bom(data)), 1024)
    declared = match["name"].decode("ascii", "replace") if match else "UTF-8"
    encoding = _python_name(declared)
    if encoding == _UTF8:
        return _checked(data, _UTF8, declared) or Utf8(data)
    if encoding in _MULTIBYTE or (encoding in _NARROW and _bom(data)):
        return WrongEncoding(declared, 1, 1)
    if encoding is None or encoding not in _NARROW:
        return UnknownEncoding(declared)
    return _from_narrow(data, encoding, declared)


def _bom(data: bytes) -> bytes:
    return codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""


@lru_cache(maxsize=64)
def _python_name(declared: str) -> str | None:
    try:
        return codecs.lookup(declared).name
    except (LookupError, ValueError):
        return None


def _from_wide(data: bytes, encoding: str) -> Utf8 | UnknownEncoding | WrongEncoding:
    wrong = _checked(data, encoding, encoding[:6].upper())
    if wrong is not None:
        return wrong
    xml = _recoded(data, encoding).removeprefix(codecs.BOM_UTF8)
    match = _DECLARATION.match(xml, 0, 1024)
    declared = match["name"].decode("ascii", "replace") if match else encoding
    name = _python_name(declared)
    if name is None:
        return UnknownEncoding(declared)
    if name not in (encoding, encoding[:6]):
        return WrongEncoding(declared, 1, 1)
    return Utf8(_redeclared(xml))


def _from_narrow(data: bytes, encoding: str, declared: str) -> Utf8 | WrongEncoding:
    if encoding == "ascii" and data.isascii():
        return Utf8(data)
    if _checked(data, _UTF8, declared) is None and not data.isascii():
        # Sequences of UTF-8 throughout: read as announced, every accent would be two characters.
        before = re.match(rb"[\0-\x7f]*", data)
        start = before.end() if before else 0
        return WrongEncoding(declared, *_after(data[:start].decode(), 1, 1))
    return _checked(data, encoding, declared) or Utf8(_redeclared(_recoded(data, encoding)))


def _redeclared(xml: bytes) -> bytes:
    """Make the declaration say UTF-8, padded so that what follows it keeps its column."""
    match = _DECLARATION.match(xml, 0, 1024)
    if match is None:
        return xml
    start, end = match.span("name")
    quote = match["quote"]
    padding = b" " * max(0, end - start - 5)
    return xml[:start] + b"UTF-8" + quote + padding + xml[end + 1 :]


def _recoded(data: bytes, encoding: str) -> bytes:
    decoder = codecs.getincrementaldecoder(encoding)()
    view = memoryview(data)
    # Piece by piece: the text of a whole file would take up to four bytes a character.
    pieces = (
        decoder.decode(view[start : start + _CHUNK], start + _CHUNK >= len(data))
        for start in range(0, len(data), _CHUNK)
    )
    return b"".join(piece.encode() for piece in pieces)


def _checked(data: bytes, encoding: str, announced: str) -> WrongEncoding | None:
    """Return the place of the first byte that is not in the encoding; None where all are."""
    if data.isascii() and (encoding == _UTF8 or encoding in _NARROW):
        return None
    if len(data) <= _CHUNK and _decodes(data, encoding):
        return None
    decoder = codecs.getincrementaldecoder(encoding)()
    line, column = 1, 1
    view = memoryview(data)
    for start in range(0, len(data), _CHUNK):
        pending = decoder.getstate()[0]
        piece = pending + bytes(view[start : start + _CHUNK])
        decoder.reset()
        try:
            text = decoder.decode(piece, start + _CHUNK >= len(data))
        except UnicodeDecodeError as bad:
            return WrongEncoding(
                announced, *_after(piece[: bad.start].decode(encoding), line, column)
            )
        line, column = _after(text, line, column)
    return None


def _decodes(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _after(text: str, line: int, column: int) -> tuple[int, int]:
    """Advance a place over text."""
    newlines = text.count("\n")
    if newlines:
        return line + newlines, len(text) - text.rfind("\n")
    return line, column + len(text)
