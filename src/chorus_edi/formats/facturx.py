"""Opens a PDF and takes the invoice data out of it (Factur-X, ZUGFeRD, order-X-like hybrids).

The attached XML is looked for in the tree of embedded files and among the associated files
(``/AF``), by its normalised names first. Sources: Factur-X 1.07 §6; ISO 32000-1 7.11.4.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import pikepdf
from pikepdf.settings import set_qpdf_limits

from chorus_edi.domain.scenarios import ROOTS, Syntax
from chorus_edi.formats.faults import RULES, Fault, displayed

STANDARD_NAMES = ("factur-x.xml", "zugferd-invoice.xml", "xrechnung.xml")
"""Names that make an attachment the invoice data, the most wanted first, compared in lower case."""

_CII_NAMESPACE = next(
    root[1:].partition("}")[0].encode() for root, syntax in ROOTS.items() if syntax is Syntax.CII
)
# The invoice data may unpack to this much: what a PDF of 10,000 lines needs, and no bomb.
_FLOOR, _PER_BYTE = 4 * 1024 * 1024, 8
# Streams of the PDF's own structure are much smaller: two bytes of one make an object of 136.
_STRUCTURE_FLOOR = 1024 * 1024
# Each object has this word twice (obj, endobj). Measured on a file of a million empty objects and
# no table: 15 microseconds and 350 bytes each, so a bound on them is one on time and memory.
_OBJECTS_FLOOR, _BYTES_PER_OBJECT_WORD = 20_000, 32
_MAX_LZW = 1_000
_MAX_XML = 120 * 1024 * 1024
_MAX_METADATA = 1024 * 1024
_MAX_ATTACHMENTS = 500
_MAX_NODES = 1_000
_MAX_CANDIDATES = 20
# qpdf bounds every decoder but LZW, so that one may not be used for what qpdf reads by itself.
_LZW = re.compile(rb"/(?:L|#4[Cc])(?:Z|#5[Aa])(?:W|#57)")
_STRUCTURE = re.compile(rb"XRef|ObjStm|#[0-9A-Fa-f]{2}")
_LEVEL = re.compile(r"""ConformanceLevel\s*(?:>|=\s*["'])\s*([^<"']*)""")
_FILE_NAME = re.compile(r"""DocumentFileName\s*(?:>|=\s*["'])\s*([^<"']*)""")
_ANNOUNCES = re.compile(r"urn:(?:factur-x|zugferd|ferd):pdfa:", re.IGNORECASE)
_STREAM_NAME = re.compile(r"stream <[^>]*>:? ?")
# Decoders that qpdf holds to the limits, and those that never make a stream longer.
_DECODERS = frozenset({"/FlateDecode", "/ASCII85Decode", "/ASCIIHexDecode"})
_Object = pikepdf.Object


class PdfFault(Fault, frozen=True, kw_only=True):
    """Why a PDF is not read, or a remark on it."""


class PdfContent(NamedTuple):
    """What a PDF holds.

    Attributes:
        xml: the invoice data as embedded; None for a plain PDF.
        name: name of the embedded file.
        relationship: its ``AFRelationship`` without the slash (``Data``, ``Alternative``, …).
        level: ``fx:ConformanceLevel`` of the XMP metadata.
        announced_name: ``fx:DocumentFileName`` of the XMP metadata.
        remarks: what is odd and does not refuse.
    """

    xml: bytes | None
    name: str | None = None
    relationship: str | None = None
    level: str | None = None
    announced_name: str | None = None
    remarks: tuple[PdfFault, ...] = ()


class _Embedded(NamedTuple):
    name: str
    relationship: str | None
    stream: pikepdf.Object


def open_pdf(data: bytes) -> PdfContent | PdfFault:
    """Open a PDF from its bytes.

    Returns:
        Its content, or the fault: damaged, encrypted, announcing invoice data that are not there,
        holding several, or holding some beyond the accepted size.
    """
    if data.count(b"obj") > _OBJECTS_FLOOR + len(data) // _BYTES_PER_OBJECT_WORD:
        return _fault("CE-PDF-01", found="obj")
    if _unbounded(data):
        return _fault("CE-PDF-01", found="LZWDecode")
    _limit_decoders(_STRUCTURE_FLOOR + len(data) // 4)
    limit = min(_MAX_XML, _FLOOR + _PER_BYTE * len(data))
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            return _fault("CE-PDF-02") if pdf.is_encrypted else _content(pdf, limit)
    except pikepdf.PasswordError:
        return _fault("CE-PDF-02")
    except BROKEN as error:
        # The name that pikepdf gives a stream is an address in memory: never twice the same.
        return _fault("CE-PDF-01", found=_STREAM_NAME.sub("", str(error)))


# What pikepdf lets out of a damaged file: its own errors, and those of the conversions it makes.
BROKEN = (
    pikepdf.PikepdfError,
    RuntimeError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    OverflowError,
    NotImplementedError,
)


@contextmanager
def opened(data: bytes, limit: int) -> Iterator[pikepdf.Pdf]:
    """Open any PDF of a stranger, whose streams may unpack to so many bytes each.

    Raises:
        BROKEN: it is damaged, encrypted or made to be large.
    """
    if data.count(b"obj") > _OBJECTS_FLOOR + len(data) // _BYTES_PER_OBJECT_WORD:
        raise ValueError("more objects than bytes to hold them")
    if _unbounded(data):
        raise ValueError("structure coded by LZW")
    _limit_decoders(limit)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        yield pdf


def _limit_decoders(limit: int) -> None:
    """Bound what a stream may unpack to.

    Process-wide in qpdf; this module is the only one that opens PDFs, one at a time.
    """
    set_qpdf_limits(
        flate_max_memory=limit,
        png_max_memory=limit,
        tiff_max_memory=limit,
        run_length_max_memory=limit,
        parser_max_nesting=100,
        doc_max_warnings=1_000,
    )


def _unbounded(data: bytes) -> bool:
    """True where an LZW stream looks like one that qpdf decodes on opening (XRef, ObjStm)."""
    for number, match in enumerate(_LZW.finditer(data)):
        at = match.start()
        start = max(data.rfind(b"obj", max(0, at - 4096), at), 0)
        end = data.find(b"stream", at, at + 4096)
        if number > _MAX_LZW or _STRUCTURE.search(data, start, end if end >= 0 else at + 4096):
            return True
    return False


def _fault(rule: str, found: str | None = None) -> PdfFault:
    row = RULES[rule]
    return PdfFault(
        rule=rule,
        motive=row.motive,
        message=row.message,
        found=None if found is None else displayed(found),
    )


def _content(pdf: pikepdf.Pdf, limit: int) -> PdfContent | PdfFault:
    metadata = _metadata(pdf)
    files = list(_embedded(pdf))
    _limit_decoders(limit)
    chosen = _choose(files, limit)
    if isinstance(chosen, PdfFault):
        return chosen
    if chosen is None:
        if _ANNOUNCES.search(metadata) or _keyword(pdf):
            return _fault("CE-PDF-03", found=_first(_FILE_NAME, metadata))
        return PdfContent(None)
    xml = bytes_of(chosen.stream, limit)
    if xml is None:
        return _fault("CE-PDF-05", found=chosen.name)
    standard = chosen.name.lower() in STANDARD_NAMES
    return PdfContent(
        xml,
        name=chosen.name,
        relationship=chosen.relationship,
        level=_first(_LEVEL, metadata),
        announced_name=_first(_FILE_NAME, metadata),
        remarks=() if standard else (_fault("CE-PDF-06", found=chosen.name),),
    )


def _choose(files: list[_Embedded], limit: int) -> _Embedded | PdfFault | None:
    """Pick the invoice data: a standard name, else the one XML whose root looks like CII."""
    for wanted in STANDARD_NAMES:
        named = [file for file in files if file.name.lower() == wanted]
        if named:
            return named[0] if len(named) == 1 else _fault("CE-PDF-04", found=wanted)
    others = [file for file in files if file.name.lower().endswith(".xml")][:_MAX_CANDIDATES]
    invoices = [
        file for file in others if _CII_NAMESPACE in (bytes_of(file.stream, limit) or b"")[:4096]
    ]
    if len(invoices) > 1:
        return _fault("CE-PDF-04", found=", ".join(file.name for file in invoices))
    return invoices[0] if invoices else None


def _embedded(pdf: pikepdf.Pdf) -> Iterator[_Embedded]:
    """Walk embedded and associated files, each stream once."""
    seen: set[tuple[int, int]] = set()
    names = pdf.Root.get("/Names")
    tree = names.get("/EmbeddedFiles") if isinstance(names, pikepdf.Dictionary) else None
    specs = [*_leaves(tree), *_items(pdf.Root.get("/AF"))]
    for spec in specs[:_MAX_ATTACHMENTS]:
        file = _file_of(spec)
        if file is not None and file.stream.objgen not in seen:
            seen.add(file.stream.objgen)
            yield file


def _leaves(root: object) -> Iterator[_Object]:
    """Return the values of a name tree; one that loops is cut by the number of its nodes."""
    waiting = [root]
    for _ in range(_MAX_NODES):
        node = waiting.pop() if waiting else None
        if not isinstance(node, pikepdf.Dictionary):
            return
        yield from _items(node.get("/Names"))[1::2]
        waiting.extend(_items(node.get("/Kids"))[::-1])


def _items(value: object) -> list[_Object]:
    if not isinstance(value, pikepdf.Array):
        return []
    return [value[n] for n in range(min(len(value), 2 * _MAX_ATTACHMENTS))]


def _file_of(spec: object) -> _Embedded | None:
    if not isinstance(spec, pikepdf.Dictionary):
        return None
    files = spec.get("/EF")
    if not isinstance(files, pikepdf.Dictionary):
        return None
    stream = files.get("/UF", files.get("/F"))
    if not isinstance(stream, pikepdf.Stream):
        return None
    relationship = spec.get("/AFRelationship")
    return _Embedded(
        str(spec.get("/UF", spec.get("/F", ""))),
        str(relationship).removeprefix("/") if isinstance(relationship, pikepdf.Name) else None,
        stream,
    )


def bytes_of(stream: _Object, limit: int) -> bytes | None:
    """Decode a stream within the limits set above; None where it goes beyond them.

    Raises:
        BROKEN: it is damaged, or coded by a filter that is not accepted.
    """
    filters = stream.get("/Filter", pikepdf.Array())
    coded = _items(filters) if isinstance(filters, pikepdf.Array) else [filters]
    if not {str(coding) for coding in coded} <= _DECODERS:
        raise ValueError("the stream is coded by a filter that is not accepted")
    try:
        data = stream.read_bytes()
    except pikepdf.PikepdfError as error:
        if "memory limit" in str(error):
            return None
        raise
    return data if len(data) <= limit else None


def _metadata(pdf: pikepdf.Pdf) -> str:
    stream = pdf.Root.get("/Metadata")
    if not isinstance(stream, pikepdf.Stream):
        return ""
    packet = bytes_of(stream, _MAX_METADATA) or b""
    return packet[:_MAX_METADATA].decode("utf-8", "replace")


def _keyword(pdf: pikepdf.Pdf) -> bool:
    """True where the document information calls the file Factur-X, as its common makers do."""
    information = pdf.trailer.get("/Info")
    keywords = information.get("/Keywords") if isinstance(information, pikepdf.Dictionary) else None
    return isinstance(keywords, pikepdf.String) and "factur-x" in str(keywords).lower()


def _first(pattern: re.Pattern[str], text: str) -> str | None:
    match = pattern.search(text)
    return displayed(match.group(1).strip()) or None if match else None
