"""Tells whether a file ends as its kind ends: what a sender stopped half way does not.

Only the first and the last bytes are looked at, so it is a doubt that this raises, never a verdict:
the file is judged when it is read.
"""

from __future__ import annotations

import re
import tarfile
import zlib

HEAD = 4096
TAIL = 66_000
"""Bytes to look at; the end of a zip archive may have a comment of 65,535 bytes behind it."""

_BLOCK = tarfile.BLOCKSIZE
_ROOT = re.compile(rb"<([A-Za-z_][\w.:-]*)")
_PROLOG = re.compile(rb"<\?.*?\?>|<!--.*?-->|<!.*?>", re.DOTALL)
_AFTER_ROOT = ((b"-->", b"<!--"), (b"?>", b"<?"))
"""What may stand behind the root element: its end, and its beginning."""


def ends(head: bytes, tail: bytes) -> bool:
    """True where a file ends as its kind does, or is of a kind whose end cannot be told.

    Args:
        head: its first ``HEAD`` bytes, or all of it.
        tail: its last ``TAIL`` bytes, or all of it.
    """
    if head.startswith(b"%PDF-"):
        return b"%%EOF" in tail[-1024:]
    if head.startswith(b"PK\x03\x04"):
        return b"PK\x05\x06" in tail
    if head.startswith(b"\x1f\x8b"):
        return _gzip_ends(head, tail)
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    return _xml_ends(start, tail) if start.startswith(b"<") else bool(head)


def _gzip_ends(head: bytes, tail: bytes) -> bool:
    """A tar is a whole number of blocks, and gzip ends by the length of what it holds (RFC 1952).

    One truncated tar in 512 ends like a whole one by chance.
    """
    stream = zlib.decompressobj(wbits=31)
    try:
        block = stream.decompress(head, _BLOCK)
    except zlib.error:
        return True
    if len(block) < _BLOCK:
        return stream.eof
    try:
        tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
    except (tarfile.TarError, ValueError):
        return True  # nobody knows how another content ends
    end = tail.rstrip(b"\0")  # zeros may pad the file, and are the high bytes of the length too
    padding = len(tail) - len(end)
    lengths = ((end + bytes(n))[-4:] for n in range(min(padding, 3) + 1))
    return any(int.from_bytes(length, "little") % _BLOCK == 0 for length in lengths)


def _xml_ends(head: bytes, tail: bytes) -> bool:
    root = _ROOT.search(_PROLOG.sub(b"", head))
    if root is None:
        return False
    bare = _without_trailing(tail)
    closing = re.compile(rb"</" + re.escape(root[1]) + rb"\s*>\Z")
    return closing.search(bare) is not None or (bare.endswith(b"/>") and bare.count(b"<") == 1)


def _without_trailing(tail: bytes) -> bytes:
    """Return the tail without the blanks, comments and instructions behind the root element."""
    while True:
        tail = tail.rstrip()
        starts = [tail.rfind(start) for end, start in _AFTER_ROOT if tail.endswith(end)]
        if not starts or starts[0] < 0:
            return tail
        tail = tail[: starts[0]]
