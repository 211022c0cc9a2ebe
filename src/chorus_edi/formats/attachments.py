"""Takes attached files out of an invoice: decoded, unzipped, judged on their bytes, safely named.

Source: facts chorus-pro 1.6 (accepted types, 10 MB). A zip of one file under any declared type is
the habit of the historic circuit: the official sample FSO1116A_P01 declares ``application/pdf``,
calls it ``aa.pdf`` and holds a zip.
"""

from __future__ import annotations

import binascii
import hashlib
import io
import re
import struct
import unicodedata
import zipfile
import zlib
from typing import NamedTuple

from chorus_edi.domain.groups import Attachment
from chorus_edi.domain.motives import Motive

MAX_BYTES = 10 * 1024 * 1024
"""Size of one attachment, decoded and unzipped."""

MAX_NAME = 120
"""Characters of a delivered name. ``MAX_NAME_BYTES`` keeps it under what file systems take."""

MAX_NAME_BYTES = 200

ACCEPTED = frozenset(
    "BMP GIF FAX ODT PPT TIFF XLS BZ2 GZ JPEG P7S RTF TXT XML CSV GZIP JPG PDF SVG XHTML XLSX DOC "
    "HTM ODP PNG TGZ XLC ZIP DOCX HTML ODS PPS TIF XLM PPTX".lower().split()
)
"""Extensions that Chorus Pro takes."""

# A zip with more members than this is not looked into: the attachment stays a zip.
_MAX_MEMBERS = 1_000
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 0x1
# What zipfile and zlib raise on bytes that are no sound zip.
_UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    ValueError,
    RuntimeError,
    OverflowError,
    IndexError,
)


class Kind(NamedTuple):
    """What bytes are.

    ``telling`` is False where several types share one signature, or have none: there the declared
    extension has its say.
    """

    media_type: str
    extension: str
    telling: bool = True


_ZIP = Kind("application/zip", "zip", telling=False)
_OLE = Kind("application/x-ole-storage", "doc", telling=False)
_TEXT = Kind("text/plain", "txt", telling=False)

_SIGNATURES: tuple[tuple[bytes, Kind], ...] = (
    (b"%PDF-", Kind("application/pdf", "pdf")),
    (b"\x89PNG\r\n\x1a\n", Kind("image/png", "png")),
    (b"\xff\xd8\xff", Kind("image/jpeg", "jpg")),
    (b"GIF87a", Kind("image/gif", "gif")),
    (b"GIF89a", Kind("image/gif", "gif")),
    (b"II*\x00", Kind("image/tiff", "tif")),
    (b"MM\x00*", Kind("image/tiff", "tif")),
    (b"\x1f\x8b\x08", Kind("application/gzip", "gz")),
    (b"BZh", Kind("application/x-bzip2", "bz2")),
    (b"{\\rtf", Kind("application/rtf", "rtf")),
    (b"-----BEGIN PKCS7-----", Kind("application/pkcs7-signature", "p7s")),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", _OLE),
    (b"PK\x03\x04", _ZIP),
    (b"PK\x05\x06", _ZIP),
)
_OFFICE_MEDIA = {
    "doc": "application/msword",
    "xls": "application/vnd.ms-excel",
    "xlc": "application/vnd.ms-excel",
    "xlm": "application/vnd.ms-excel",
    "ppt": "application/vnd.ms-powerpoint",
    "pps": "application/vnd.ms-powerpoint",
}
_OOXML = (
    (
        "word/",
        Kind("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"),
    ),
    ("xl/", Kind("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx")),
    (
        "ppt/",
        Kind("application/vnd.openxmlformats-officedocument.presentationml.presentation", "pptx"),
    ),
)
_ODF = {
    b"application/vnd.oasis.opendocument.text": "odt",
    b"application/vnd.oasis.opendocument.spreadsheet": "ods",
    b"application/vnd.oasis.opendocument.presentation": "odp",
}
_MARKUP = (
    (re.compile(rb"<svg[\s>]", re.IGNORECASE), Kind("image/svg+xml", "svg")),
    (
        re.compile(rb"<html[^>]*http://www\.w3\.org/1999/xhtml", re.IGNORECASE),
        Kind("application/xhtml+xml", "xhtml"),
    ),
    (re.compile(rb"<(?:html[\s>]|!doctype\s+html)", re.IGNORECASE), Kind("text/html", "html")),
    (re.compile(rb"\A<\?xml|\A<[a-z_]", re.IGNORECASE), Kind("application/xml", "xml")),
)
# signedData of PKCS #7, 1.2.840.113549.1.7.2, in DER.
_SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")
_BLANKS = b" \t\r\n\f\v"
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\r\f\x1b"))
_EXTENSION = re.compile(r"\.([A-Za-z][A-Za-z0-9]{0,4}|[Bb][Zz]2)\Z")
_FORBIDDEN = re.compile(r'[\\/:*?"<>|]')
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|\Z)", re.IGNORECASE)


class _Unpacked(NamedTuple):
    """What an attachment holds once unzipped; ``inner`` is the member's name, "" where no zip."""

    content: bytes
    kind: Kind | None
    inner: str = ""
    fault: Motive | None = None


def take(encoded: str, *, filename: str | None, mime: str | None) -> tuple[Attachment, bytes]:
    """Take one attachment out of its base64 text.

    Args:
        encoded: base64, blanks allowed.
        filename: declared name, or None.
        mime: declared media type, or None; it only tells CSV from other text.

    Returns:
        The attachment and its bytes, unzipped. ``fault`` is ``IRR_SYNTAX`` where the text is not
        base64 (what the XSD also says of it), ``IRR_VID_PJ`` where nothing is in it,
        ``IRR_TAILLE_PJ`` above 10 MB, ``IRR_EXTRAC`` for a zip that cannot be read,
        ``IRR_EXT_DOC`` for a type that is not accepted. Bytes are empty where there are none to
        give: not base64, too large, unreadable.
    """
    got = _unpack(encoded)
    declared = (filename or "").strip()
    fault, kind = got.fault, got.kind
    if fault is None and not got.content:
        fault = Motive.IRR_VID_PJ
    elif fault is None:
        kind = _settled(kind, _extension(declared) or _extension(got.inner), mime)
        fault = None if kind else Motive.IRR_EXT_DOC
    attachment = Attachment(
        mime=mime,
        filename=filename,
        name=_delivered_name(declared, got.inner, kind),
        media_type=kind.media_type if kind else "application/octet-stream",
        size=len(got.content),
        sha256=hashlib.sha256(got.content).hexdigest(),
        fault=fault or "",
    )
    return attachment, got.content


def kind_of(content: bytes) -> Kind | None:
    """Say what bytes are by their signature; None where they are nothing that is accepted."""
    for signature, kind in _SIGNATURES:
        if content.startswith(signature):
            return _inside_zip(content) if kind is _ZIP else kind
    if content.startswith(b"BM") and len(content) > 26 and content[6:10] == bytes(4):
        return Kind("image/bmp", "bmp")
    if content[:1] == b"\x30" and _SIGNED_DATA in content[:64]:
        return Kind("application/pkcs7-signature", "p7s")
    return _text_kind(content)


def safe_name(name: str) -> str:
    """Return a name that any file system takes and that stays in its folder; may be empty."""
    last = re.split(r"[\\/]", unicodedata.normalize("NFC", name))[-1]
    shown = "".join(c for c in last if unicodedata.category(c)[0] != "C")
    safe = _FORBIDDEN.sub("_", shown).strip(". ")
    return f"_{safe}" if _RESERVED.match(safe) else safe


def _unpack(encoded: str) -> _Unpacked:
    text = encoded.encode("ascii", "replace").translate(None, _BLANKS)
    if len(text) > (MAX_BYTES + 2) // 3 * 4:
        return _Unpacked(b"", None, fault=Motive.IRR_TAILLE_PJ)
    try:
        content = binascii.a2b_base64(text, strict_mode=True)
    except binascii.Error:
        return _Unpacked(b"", None, fault=Motive.IRR_SYNTAX)
    kind = kind_of(content)
    if len(content) > MAX_BYTES:
        return _Unpacked(b"", kind, fault=Motive.IRR_TAILLE_PJ)
    return _unzipped(content) if kind is _ZIP else _Unpacked(content, kind)


def _members(content: bytes) -> list[zipfile.ZipInfo] | None:
    """List the files of a zip; None where it cannot be read, or holds too many to be looked at."""
    # Each entry that zipfile would build starts with this signature: the count bounds its memory.
    if content.count(b"PK\x01\x02") > _MAX_MEMBERS:
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return [info for info in archive.infolist() if not info.is_dir()]
    except _UNREADABLE:
        return None


def _inside_zip(content: bytes) -> Kind:
    members = _members(content) or []
    names = [info.filename for info in members]
    if "[Content_Types].xml" in names:
        for folder, kind in _OOXML:
            if any(name.startswith(folder) for name in names):
                return kind
    # ODF stores its media type as its first member, uncompressed, at a fixed place.
    if content[30:38] == b"mimetype":
        for media_type, extension in _ODF.items():
            if content.startswith(media_type, 38):
                return Kind(media_type.decode(), extension)
    return _ZIP


def _unzipped(content: bytes) -> _Unpacked:
    members = _members(content)
    if members is None and content.count(b"PK\x01\x02") <= _MAX_MEMBERS:
        return _Unpacked(b"", None, fault=Motive.IRR_EXTRAC)
    if members is None or len(members) > 1:
        return _Unpacked(content, _ZIP)
    if not members:
        return _Unpacked(b"", None, fault=Motive.IRR_VID_PJ)
    return _only_member(content, members[0])


def _only_member(content: bytes, info: zipfile.ZipInfo) -> _Unpacked:
    unreadable = _Unpacked(b"", None, info.filename, Motive.IRR_EXTRAC)
    if info.flag_bits & _ENCRYPTED or info.compress_type not in _METHODS:
        return unreadable
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive, archive.open(info) as member:
            inner = member.read(MAX_BYTES + 1)
    except _UNREADABLE:
        return unreadable
    if len(inner) > MAX_BYTES:
        return _Unpacked(b"", None, info.filename, Motive.IRR_TAILLE_PJ)
    return _Unpacked(inner, kind_of(inner), info.filename)


def _text_kind(content: bytes) -> Kind | None:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _TEXT if _decodes_as_utf16(content) else None
    body = content.removeprefix(b"\xef\xbb\xbf")
    if len(body.translate(None, _CONTROLS)) != len(body):
        return None
    head = body[:4096].lstrip()
    if head.startswith(b"<"):
        return next((kind for mark, kind in _MARKUP if mark.search(head)), _TEXT)
    return _TEXT


def _decodes_as_utf16(content: bytes) -> bool:
    try:
        content.decode("utf-16")
    except UnicodeDecodeError:
        return False
    return True


def _settled(kind: Kind | None, extension: str, mime: str | None) -> Kind | None:
    """Let the declared extension speak where the bytes do not say enough; None is not accepted."""
    if kind is None:
        # A raw fax page (ITU-T T.4) has no signature at all.
        return Kind("image/g3fax", "fax") if extension == "fax" else None
    if kind.telling:
        return kind
    if extension and extension not in ACCEPTED:
        return None
    if kind is _OLE:
        return kind._replace(media_type=_OFFICE_MEDIA.get(extension, kind.media_type))
    comma = kind is _TEXT and (extension == "csv" or (mime or "").startswith("text/csv"))
    return Kind("text/csv", "csv") if comma else kind


def _extension(name: str) -> str:
    match = _EXTENSION.search(name)
    return match.group(1).lower() if match else ""


def _delivered_name(declared: str, inner: str, kind: Kind | None) -> str:
    """Choose the name: the declared one, unless it names the zip that is no more."""
    was_zip = bool(inner) and _extension(declared) == "zip"
    name = safe_name(inner if was_zip else declared) or safe_name(inner) or "piece"
    wanted = kind.extension if kind else ""
    misnamed_zip = kind is _ZIP and _extension(name) != "zip"
    if wanted and (not _extension(name) or misnamed_zip):
        name = f"{name}.{wanted}"
    return _shortened(name)


def _shortened(name: str) -> str:
    stem, dot, extension = name.rpartition(".")
    if not dot or len(extension) > 10:
        stem, dot, extension = name, "", ""
    room = MAX_NAME - len(dot + extension)
    budget = MAX_NAME_BYTES - len((dot + extension).encode())
    kept = stem[:room].encode()[:budget].decode("utf-8", "ignore").rstrip(". ")
    return f"{kept or 'piece'}{dot}{extension}"
