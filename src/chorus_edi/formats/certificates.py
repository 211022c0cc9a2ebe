"""Reads a certificate of deposit back: what it claims, and whether its page is the one we draw."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import pikepdf
from pikepdf import Dictionary

from chorus_edi.domain.deposits import Deposit
from chorus_edi.formats.facturx import BROKEN, bytes_of, opened
from chorus_edi.formats.writers.certificate import IDENTITY, MARK, to_certificate

LARGEST = 1 << 20
"""Bytes of a certificate at most: ours have some thousand."""

_PLAIN = frozenset(
    {"/Contents", "/MediaBox", "/Parent", "/Resources", "/Rotate", "/Trans", "/Type"}
)
"""What a page of ours is made of; notes, for one, are not."""

_PAGE = 1 << 18
"""Bytes that a page may unpack to: ours has some thousand."""


class Claim(NamedTuple):
    """What a PDF says of itself: the number of a certificate and the id of an invoice."""

    number: str
    identity: str


def claim_of(content: bytes) -> Claim | None:
    """Return what a PDF says that it certifies; None where it is no certificate of ours."""
    if len(content) > LARGEST or MARK.encode() not in content:
        return None
    try:
        with opened(content, _PAGE) as pdf:
            info: Any = pdf.trailer.get("/Info", Dictionary())
            number, identity = info.get(MARK), info.get(IDENTITY)
    except BROKEN:
        return None
    return None if number is None or identity is None else Claim(str(number), str(identity))


def shows(content: bytes, deposit: Deposit) -> bool:
    """True where a PDF shows what the certificate of a deposit shows, and nothing else.

    Its bytes may have been written anew, by another version of a library too: the page is what
    counts. Further pages, pictures and notes are a change.
    """
    ours = to_certificate(deposit)
    if content == ours:
        return True
    try:
        return list(_seen(content)) == list(_seen(ours))
    except BROKEN:
        return False


def _seen(content: bytes) -> Iterator[str]:
    """Yield what draws each page, operator by operator, and what else stands on it."""
    with opened(content, _PAGE) as pdf:
        yield str(sorted(set(pdf.Root.keys()) & {"/AcroForm", "/OCProperties", "/OpenAction"}))
        for page in pdf.pages:
            yield f"page {[str(side) for side in page.mediabox]}"
            yield str(sorted(set(page.obj.keys()) - _PLAIN))
            turned, change = page.obj.get("/Rotate", 0), page.obj.get("/Trans", Dictionary())
            yield f"turned {turned}, shown by {sorted(change.keys())}"
            resources: Any = page.obj.get("/Resources", Dictionary())
            yield str(sorted(set(resources.keys()) - {"/Font", "/ProcSet"}))
            for name, font in sorted(resources.get("/Font", Dictionary()).items()):
                # All of it: a font that draws other letters would show another amount.
                yield f"{name} {sorted((key, str(value)) for key, value in font.items())}"
            # A page in several parts, or one that is larger, is not as we draw it.
            drawn = bytes_of(page.obj.Contents, _PAGE) or b""
            yield from map(_drawn, pikepdf.parse_content_stream(pdf.make_stream(drawn)))


def _drawn(operation: Any) -> str:
    operands = [
        bytes(operand) if isinstance(operand, pikepdf.String) else str(operand)
        for operand in operation.operands
    ]
    return f"{operands} {operation.operator}"
