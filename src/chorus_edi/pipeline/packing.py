"""Deliveries in archives: which archive a document goes into, and the archive itself.

Commit 3 says of each file where it will be, so a crash or another setting changes nothing of what
was begun. An archive holds what was decided together: what an operator puts back to work later goes
into another one, because the first may have been fetched.
"""

from __future__ import annotations

import hashlib
import os
import tarfile
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from msgspec.structs import replace

from chorus_edi.domain.flux import Decision, Intent, archive_name, archive_path_of

_BLOCK = 512
_PIECE = 1 << 20


def archive_for(numero_flux: str, intents: Iterable[Intent]) -> str:
    """Return the archive for what is decided now of a flow that has these intents."""
    held = {
        path.rpartition("/")[2]: intent.delivered
        for intent in intents
        if (path := archive_path_of(intent.path)) is not None
    }
    pending = (name for name, delivered in held.items() if not delivered)
    return next(pending, archive_name(numero_flux, len(held) + 1))


def packed(decisions: Sequence[Decision], archive: str) -> tuple[Decision, ...]:
    """Say of every file that it will be in an archive."""
    return tuple(_in_archive(decision, archive) for decision in decisions)


def _in_archive(decision: Decision, archive: str) -> Decision:
    files = decision.examination.deliverables
    if not files:
        return decision
    inside = tuple(replace(file, archive=archive) for file in files)
    return replace(decision, examination=replace(decision.examination, deliverables=inside))


def write_archive(target: str, members: Sequence[str], at: datetime) -> tuple[int, str]:
    """Write an archive of files, in their order and under their own names.

    The same files and time give the same bytes.

    Args:
        target: absolute path of the archive.
        members: absolute paths of the files.
        at: the time that they bear.

    Returns:
        Size and SHA-256 of the archive.
    """
    with Path(target).open("wb") as file:
        out = _Digested(file)
        for path in members:
            _write_member(out, path, int(at.timestamp()))
        out.write(bytes(2 * _BLOCK))
    return out.size, out.digest.hexdigest()


def _write_member(out: _Digested, path: str, mtime: int) -> None:
    with Path(path).open("rb") as file:
        entry = tarfile.TarInfo(path.rpartition("/")[2])
        entry.size, entry.mtime = os.fstat(file.fileno()).st_size, mtime
        out.write(entry.tobuf(tarfile.PAX_FORMAT))
        while piece := file.read(_PIECE):
            out.write(piece)
    out.write(bytes(-entry.size % _BLOCK))


class _Digested:
    """A file that is being written, with the size and the SHA-256 of what is in it so far."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.size = 0
        self.digest = hashlib.sha256()

    def write(self, content: bytes) -> None:
        self._file.write(content)
        self.digest.update(content)
        self.size += len(content)
