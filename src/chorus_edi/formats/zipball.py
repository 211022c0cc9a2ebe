"""Reads a ``.zip`` in bounded memory, and believes nothing its directory says.

Source: PKWARE APPNOTE 6.3. ``zipfile`` finds the directory; what it reads of it is bounded here.
"""

from __future__ import annotations

import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from itertools import pairwise
from typing import IO, BinaryIO, cast

from chorus_edi.formats.members import CHUNK, ArchiveFault, Limits, archive_fault, is_bomb

# 500 documents with names of 256 characters and extra fields need a fifth of it; zipfile makes
# of it at most 23,000 records, some 20 MB.
_MAX_DIRECTORY = 1024 * 1024
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 0x1 | 0x40
_UNIX = 3
_LOCAL_HEADER = 30
# What zipfile and zlib raise on bytes that are no sound zip (RuntimeError: encrypted).
_UNREADABLE = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    struct.error,
    EOFError,
    ValueError,
    RuntimeError,
    OverflowError,
    IndexError,
)


class _Window:
    """The archive as zipfile sees it; it refuses to read more at once than a directory may be."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.seek = file.seek
        self.tell = file.tell
        self.seekable = file.seekable
        self.exceeded = False

    def read(self, size: int = -1, /) -> bytes:
        bounded = _MAX_DIRECTORY + 1 if size < 0 else min(size, _MAX_DIRECTORY + 1)
        data = self._file.read(bounded)
        if len(data) > _MAX_DIRECTORY:
            self.exceeded = True
            raise zipfile.BadZipFile("directory too large")
        return data


class ZipMember:
    """A file of a zip archive."""

    def __init__(self, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> None:
        self.name = info.orig_filename
        self.size = info.file_size
        self._archive = archive
        self._info = info

    def chunks(self) -> Iterator[bytes | ArchiveFault]:
        """Read piece by piece; a fault is the last piece: damaged, or not of the declared size."""
        left = self.size
        try:
            with self._archive.open(self._info) as stream:
                while piece := stream.read(CHUNK):
                    left -= len(piece)
                    yield piece
        except _UNREADABLE:
            left = -1
        if left:
            yield archive_fault("CE-ARC-01", name=self.name)


def zip_members(file: BinaryIO, limits: Limits) -> Iterator[ZipMember | ArchiveFault]:
    """Yield the files of a zip; a fault is the last item. Folders are passed over.

    The whole directory is judged before the first file is given: encryption, methods, links,
    places that overlap, sizes.
    """
    window = _Window(file)
    try:
        archive = zipfile.ZipFile(cast("IO[bytes]", window))
    except _UNREADABLE:
        yield archive_fault("CE-ARC-04" if window.exceeded else "CE-ARC-01")
        return
    with archive:
        # Not is_dir(): Python 3.11 fails there on an empty name.
        files = [info for info in archive.infolist() if not info.filename.endswith("/")]
        fault = _fault_of(archive, files, limits)
        if fault is not None:
            yield fault
            return
        yield from (ZipMember(archive, info) for info in files)


def _fault_of(
    archive: zipfile.ZipFile, files: list[zipfile.ZipInfo], limits: Limits
) -> ArchiveFault | None:
    if len(files) > limits.files:
        return archive_fault("CE-ARC-04", found=str(len(files)))
    for info in files:
        rule = _rule_against(info)
        if rule is not None:
            return archive_fault(rule, name=info.orig_filename)
    return _misplaced(archive)


def _rule_against(info: zipfile.ZipInfo) -> str | None:
    if info.flag_bits & _ENCRYPTED:
        return "CE-ARC-02"
    mode = stat.S_IFMT(info.external_attr >> 16) if info.create_system == _UNIX else 0
    if mode not in (0, stat.S_IFREG):
        return "CE-ARC-09"
    if info.compress_type not in _METHODS:
        return "CE-ARC-01"
    return "CE-ARC-05" if is_bomb(info.file_size, info.compress_size) else None


def _misplaced(archive: zipfile.ZipFile) -> ArchiveFault | None:
    """Refuse entries that share bytes (the bomb of overlapping files), or an archive before."""
    infos = sorted(archive.infolist(), key=lambda info: info.header_offset)
    starts = [*(info.header_offset for info in infos), archive.start_dir]
    if starts[0] != 0 and infos:
        return archive_fault("CE-ARC-10" if starts[0] > 0 else "CE-ARC-01")
    for info, (start, following) in zip(infos, pairwise(starts), strict=True):
        if start + _LOCAL_HEADER + info.compress_size > following:
            return archive_fault("CE-ARC-01", name=info.orig_filename)
    return None
