"""Tells archives by their first bytes and opens them; nothing is ever written to disk."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import BinaryIO

from chorus_edi.formats.members import ArchiveFault, Limits, Member, archive_fault
from chorus_edi.formats.tarball import tar_members
from chorus_edi.formats.zipball import zip_members

__all__ = ["HEAD", "ArchiveFault", "ArchiveKind", "Limits", "Member", "kind_of", "members"]

HEAD = 8
"""Bytes that ``kind_of`` needs."""


class ArchiveKind(StrEnum):
    """How several documents travel in one file."""

    TAR_GZ = "tar.gz"
    ZIP = "zip"


_SIGNATURES = (
    (b"\x1f\x8b", ArchiveKind.TAR_GZ),
    (b"PK\x03\x04", ArchiveKind.ZIP),
    # A zip without any file is its end record alone.
    (b"PK\x05\x06", ArchiveKind.ZIP),
)


def kind_of(head: bytes) -> ArchiveKind | None:
    """Say which archive a file is by its first ``HEAD`` bytes; None where it is none."""
    return next((kind for mark, kind in _SIGNATURES if head.startswith(mark)), None)


def members(file: BinaryIO, limits: Limits) -> Iterator[Member | ArchiveFault]:
    """Open an archive from its start; a fault is the last item. ``file`` must be seekable."""
    kind = kind_of(file.read(HEAD))
    file.seek(0)
    if kind is ArchiveKind.TAR_GZ:
        return tar_members(file, limits)
    if kind is ArchiveKind.ZIP:
        return zip_members(file, limits)
    return iter((archive_fault("CE-ARC-01"),))
