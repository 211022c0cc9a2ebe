"""From one received file, alone or an archive, to its documents, as a stream and within bounds."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Iterator
from io import BufferedReader
from pathlib import Path

import msgspec

from chorus_edi.domain.findings import Finding
from chorus_edi.domain.flux import DocumentEntry, Flux
from chorus_edi.formats.archive import HEAD, ArchiveFault, Limits, kind_of
from chorus_edi.formats.companions import looks_like_companion
from chorus_edi.formats.faults import RULES
from chorus_edi.formats.members import archive_fault
from chorus_edi.pipeline.tasks import CHUNK_BYTES
from chorus_edi.ports import FlowFiles
from chorus_edi.stages.unpack import Entry, finding_of, unpack

_TOO_LARGE = "CE-XML-02"
_TOO_MANY = "CE-ARC-04"
_TOO_LONG = "CE-ARC-11"


class Piece(msgspec.Struct, frozen=True, kw_only=True):
    """One document of a received file.

    Attributes:
        entry: rank, name, size, hash.
        archived: True for an entry of an archive.
        data: its bytes, where it is small.
        path: absolute path of a file that holds just it, where it is large; see ``Task``.
    """

    entry: DocumentEntry
    archived: bool
    data: bytes | None = None
    path: bytes | None = None


def pieces_of(
    file: BufferedReader,
    name: str,
    path: str,
    limits: Limits,
    scratch: str,
    spent: Callable[[], float] = time.thread_time,
) -> Iterator[Piece | Finding]:
    """Yield the documents of a file; a finding is the last item and condemns the whole file.

    Args:
        file: open at its start; stays open.
        name: the name it was received under.
        path: absolute path of the same file.
        limits: bounds of a flow.
        scratch: absolute path of a folder for large entries; made when needed.
        spent: seconds of a processor that this thread has taken. A slow disk and workers that lag
            behind take none, so they refuse nobody's flow.
    """
    used = 0.0
    pieces = _pieces(file, name, path, limits, scratch)
    while True:
        began = spent()
        piece = next(pieces, None)
        used += spent() - began
        if piece is None:
            return
        if used > limits.seconds:
            yield finding_of(archive_fault(_TOO_LONG, found=f"{limits.seconds} s"))
            return
        yield piece


def piece_of(files: FlowFiles, flux: Flux, rank: int, limits: Limits, scratch: str) -> Piece | None:
    """Return one document of the stored copy of a flow; None where it is not in it any more."""
    with files.open(flux) as file:
        for item in pieces_of(file, flux.nom_fichier, files.path(flux), limits, scratch):
            if isinstance(item, Piece) and item.entry.rank == rank:
                return item
    return None


def _pieces(
    file: BufferedReader, name: str, path: str, limits: Limits, scratch: str
) -> Iterator[Piece | Finding]:
    size = os.fstat(file.fileno()).st_size
    archived = kind_of(file.read(HEAD)) is not None
    file.seek(0)
    if archived:
        invoices = 0
        for item in unpack(file, limits):
            piece = finding_of(item) if isinstance(item, ArchiveFault) else _piece(item, scratch)
            if isinstance(piece, Piece):
                invoices += not looks_like_companion(piece.data or b"")
                if invoices > limits.documents:
                    piece = finding_of(archive_fault(_TOO_MANY, name=piece.entry.name))
            yield piece
            if isinstance(piece, Finding):
                return
    elif size > limits.entry:
        yield _too_large(size)
    elif size > CHUNK_BYTES:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        entry = DocumentEntry(rank=1, name=name, size=size, sha256=digest)
        yield Piece(entry=entry, archived=False, path=os.fsencode(path))
    else:
        yield _small(1, name, file.read(), archived=False)


def _piece(item: Entry, scratch: str) -> Piece | Finding:
    if item.size > CHUNK_BYTES:
        return _spilled(item, scratch)
    content = item.read()
    if isinstance(content, ArchiveFault):
        return finding_of(content)
    return _small(item.rank, item.name, content, archived=True)


def _small(rank: int, name: str, content: bytes, *, archived: bool) -> Piece:
    digest = hashlib.sha256(content).hexdigest()
    entry = DocumentEntry(rank=rank, name=name, size=len(content), sha256=digest)
    return Piece(entry=entry, archived=archived, data=content)


def _spilled(item: Entry, scratch: str) -> Piece | Finding:
    """Write a large entry to a scratch file, so that it is never whole in this process."""
    target = Path(scratch, f"piece-{item.rank:04d}")
    target.parent.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with target.open("wb") as file:
        for chunk in item.chunks():
            if isinstance(chunk, ArchiveFault):
                return finding_of(chunk)
            digest.update(chunk)
            size += len(chunk)
            file.write(chunk)
    entry = DocumentEntry(rank=item.rank, name=item.name, size=size, sha256=digest.hexdigest())
    return Piece(entry=entry, archived=True, path=os.fsencode(target))


def _too_large(size: int) -> Finding:
    card = RULES[_TOO_LARGE]
    return Finding(
        rule=_TOO_LARGE,
        severity=card.severity,
        stage=card.stage,
        motive=card.motive,
        message=card.message,
        conseil=card.conseil,
        found=f"{size} octets",
    )
