"""Reads a ``.tar.gz`` as a stream, in bounded memory.

``tarfile`` reads the extension headers of a member (long names, pax records) whole, whatever size
they claim: a few kilobytes of gzip would fill the memory. Here only its header decoder is used.
Source: POSIX.1-2008 pax interchange format; GNU tar.
"""

from __future__ import annotations

import tarfile
import zlib
from collections.abc import Iterator
from typing import Literal, NamedTuple

from chorus_edi.formats.members import (
    CHUNK,
    ArchiveFault,
    Limits,
    Source,
    archive_fault,
    is_bomb,
)

_BLOCK = 512
_MAX_NAME = 8 * 1024
_MAX_PAX = 256 * 1024
_MAX_GZIP_MEMBERS = 1_000
_FILES = frozenset((tarfile.REGTYPE, tarfile.AREGTYPE, tarfile.CONTTYPE))
_PAX = frozenset((tarfile.XHDTYPE, tarfile.SOLARIS_XHDTYPE))
_EXTENSIONS = _PAX | {tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK, tarfile.XGLTYPE}


class Gunzip:
    """Unpacks gzip as it is read; ``fault`` says why it stopped early, None at a sound end."""

    def __init__(self, file: Source, limits: Limits) -> None:
        self._file = file
        # Headers and padding come on top of the files' own bytes.
        self._limit = limits.total + limits.files * 16 * 1024 + _MAX_PAX
        self._inflate = zlib.decompressobj(wbits=31)
        self._members = 1
        self._pending = b""
        self._packed = 0
        self._unpacked = 0
        self._ended = False
        self.fault: ArchiveFault | None = None

    def read(self, size: int, /) -> bytes:
        """Return ``size`` bytes, fewer only at the end or at a fault."""
        pieces = []
        while size > 0 and not self._ended:
            piece = self._step(size)
            pieces.append(piece)
            size -= len(piece)
        return b"".join(pieces)

    def _step(self, size: int) -> bytes:
        if self._inflate.eof:
            self._next_gzip()
            return b""
        if not self._refill():
            return self._stop("CE-ARC-01")
        try:
            piece = self._inflate.decompress(self._pending, size)
        except zlib.error:
            return self._stop("CE-ARC-01")
        self._pending = self._inflate.unused_data or self._inflate.unconsumed_tail
        self._unpacked += len(piece)
        if self._unpacked > self._limit or is_bomb(self._unpacked, self._packed):
            return self._stop("CE-ARC-05")
        return piece

    def _refill(self) -> bool:
        if not self._pending:
            self._pending = self._file.read(CHUNK)
            self._packed += len(self._pending)
        return bool(self._pending)

    def _next_gzip(self) -> None:
        """Gzip files may follow each other; zeros may pad the last one."""
        self._pending = self._pending.lstrip(b"\0")
        while not self._pending and self._refill():
            self._pending = self._pending.lstrip(b"\0")
        self._members += 1
        if not self._pending:
            self._ended = True
        elif self._pending[:1] != b"\x1f":
            self._stop("CE-ARC-10")
        elif self._members > _MAX_GZIP_MEMBERS:
            self._stop("CE-ARC-01")
        else:
            self._inflate = zlib.decompressobj(wbits=31)

    def _stop(self, rule: str) -> Literal[b""]:
        self.fault = archive_fault(rule)
        self._ended = True
        return b""


class TarMember:
    """A file of a tar archive."""

    def __init__(self, source: Gunzip, name: str, size: int) -> None:
        self.name = name
        self.size = size
        self._source = source
        self._left = size

    def chunks(self) -> Iterator[bytes | ArchiveFault]:
        """Read what is left of the member, piece by piece; a fault is the last piece."""
        while self._left:
            wanted = min(CHUNK, self._left)
            piece = self._source.read(wanted)
            self._left -= len(piece)
            if len(piece) < wanted:
                self._left = 0
                yield self._source.fault or archive_fault("CE-ARC-01", name=self.name)
                return
            yield piece

    def skip(self) -> ArchiveFault | None:
        """Pass over what was not read, and the padding."""
        for piece in self.chunks():
            if isinstance(piece, ArchiveFault):
                return piece
        return _padding(self._source, self.size)


class _Header(NamedTuple):
    kind: bytes
    name: str
    size: int


class _Extension(NamedTuple):
    """What the headers before a member said of it."""

    name: str | None = None
    size: int | None = None
    sparse: bool = False


def tar_members(file: Source, limits: Limits) -> Iterator[TarMember | ArchiveFault]:
    """Yield the files of a ``.tar.gz``; a fault is the last item. Folders are passed over."""
    source = Gunzip(file, limits)
    extension = _Extension()
    # Folders and extension headers are no documents, but 500 documents do not need more of them.
    for _ in range(10 * limits.files + 1_000):
        header = _next_header(source)
        if isinstance(header, ArchiveFault):
            yield header
            return
        if header is None:
            yield from _end(source)
            return
        item = _item(source, header, extension)
        if isinstance(item, ArchiveFault):
            yield item
            return
        extension = item if isinstance(item, _Extension) else _Extension()
        if isinstance(item, TarMember):
            yield item
            fault = item.skip()
            if fault is not None:
                yield fault
                return
    yield archive_fault("CE-ARC-04")


def _next_header(source: Gunzip) -> _Header | ArchiveFault | None:
    """Read one header; None at the end mark."""
    block = source.read(_BLOCK)
    if len(block) < _BLOCK:
        return source.fault or archive_fault("CE-ARC-01")
    if not block.strip(b"\0"):
        return None
    try:
        info = tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
    except (tarfile.TarError, ValueError):
        return archive_fault("CE-ARC-01")
    if info.size < 0:
        return archive_fault("CE-ARC-01", name=info.name)
    return _Header(info.type, info.name, info.size)


def _end(source: Gunzip) -> Iterator[ArchiveFault]:
    """Hold what follows the end mark to zeros: a second archive there would be lost in silence."""
    while piece := source.read(CHUNK):
        if piece.strip(b"\0"):
            yield archive_fault("CE-ARC-10")
            return
    if source.fault is not None:
        yield source.fault


def _item(
    source: Gunzip, header: _Header, extension: _Extension
) -> TarMember | _Extension | ArchiveFault | None:
    """Make of a header what it announces; None for a folder."""
    if header.kind in _EXTENSIONS:
        return _extended(source, header, extension)
    if header.kind == tarfile.DIRTYPE:
        return None
    name = header.name if extension.name is None else extension.name
    if header.kind not in _FILES or extension.sparse:
        return archive_fault("CE-ARC-09", name=name)
    return TarMember(source, name, header.size if extension.size is None else extension.size)


def _extended(source: Gunzip, header: _Header, extension: _Extension) -> _Extension | ArchiveFault:
    bound = _MAX_NAME if header.kind not in _PAX and header.kind != tarfile.XGLTYPE else _MAX_PAX
    if header.size > bound:
        return archive_fault("CE-ARC-07" if bound == _MAX_NAME else "CE-ARC-01")
    payload = source.read(header.size)
    if len(payload) < header.size:
        return source.fault or archive_fault("CE-ARC-01")
    fault = _padding(source, header.size)
    if fault is not None:
        return fault
    if header.kind == tarfile.GNUTYPE_LONGLINK:
        return extension
    if header.kind == tarfile.GNUTYPE_LONGNAME:
        name = payload.rstrip(b"\0").decode("utf-8", "surrogateescape")
        return extension._replace(name=name)
    return _pax(payload, extension, everywhere=header.kind == tarfile.XGLTYPE)


def _pax(payload: bytes, extension: _Extension, *, everywhere: bool) -> _Extension | ArchiveFault:
    """Read pax records, each its length, a space, ``key=value``, a newline."""
    at = 0
    while at < len(payload) and payload[at] != 0:
        length, space, _ = payload[at : at + 20].partition(b" ")
        if not space or not length.isdigit() or not len(length) < int(length) <= len(payload) - at:
            return archive_fault("CE-ARC-01")
        record = payload[at + len(length) + 1 : at + int(length)]
        at += int(length)
        key, equals, value = record.removesuffix(b"\n").partition(b"=")
        if not equals or (everywhere and key in (b"path", b"size")):
            return archive_fault("CE-ARC-01")
        extended = _with_record(extension, key, value)
        if extended is None:
            return archive_fault("CE-ARC-01")
        extension = extended
    return extension


def _with_record(extension: _Extension, key: bytes, value: bytes) -> _Extension | None:
    """Apply one pax record; None where its value makes no sense."""
    if key == b"path":
        return extension._replace(name=value.decode("utf-8", "surrogateescape"))
    if key == b"size":
        sound = value.isdigit() and len(value) <= 18
        return extension._replace(size=int(value)) if sound else None
    return extension._replace(sparse=True) if key.startswith(b"GNU.sparse") else extension


def _padding(source: Gunzip, size: int) -> ArchiveFault | None:
    """Pass over what fills a member's last block."""
    wanted = -size % _BLOCK
    if len(source.read(wanted)) == wanted:
        return None
    return source.fault or archive_fault("CE-ARC-01")
