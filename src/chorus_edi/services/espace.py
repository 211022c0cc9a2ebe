"""Whether the disks have room: told once when it runs short, and once when it is back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

import msgspec

from chorus_edi.domain.operations import Operation, OperationKind
from chorus_edi.domain.sizes import told
from chorus_edi.ports.operations import Journal

KINDS = (OperationKind.ESPACE_DISQUE, OperationKind.ESPACE_RETABLI)
_MARGIN = 10
"""A tenth more than the minimum must be free before a disk counts as mended."""


class Volume(msgspec.Struct, frozen=True):
    """One file system.

    Attributes:
        folders: those of our folders that lie on it, by their names in the settings.
        free: bytes that we may still write there.
    """

    folders: str
    free: int


def look(journal: Journal, volumes: Sequence[Volume], minimum: int, now: datetime) -> str:
    """Tell which disks run short, and which no longer do; return what was seen in one sentence."""
    before = journal.latest(KINDS)
    short = {one.subject for one in before.values() if one.kind is OperationKind.ESPACE_DISQUE}
    for operation in events(volumes, short, minimum, now):
        journal.signal(operation)
    return " ; ".join(f"{one.folders} : {told(one.free)} libres" for one in volumes) + "."


def events(
    volumes: Sequence[Volume], short: set[str], minimum: int, now: datetime
) -> Iterator[Operation]:
    """Yield what is to be told of file systems.

    Args:
        volumes: as they are.
        short: those that ran short when they were looked at before, by ``folders``.
        minimum: bytes that must be free.
        now: the present.
    """
    for volume in volumes:
        if volume.folders not in short and volume.free < minimum:
            yield _event(OperationKind.ESPACE_DISQUE, volume, minimum, now)
        elif volume.folders in short and volume.free >= minimum + minimum // _MARGIN:
            yield _event(OperationKind.ESPACE_RETABLI, volume, minimum, now)


def _event(kind: OperationKind, volume: Volume, minimum: int, now: datetime) -> Operation:
    return Operation(
        key=f"{kind.value.lower()}:{volume.folders}:{now.isoformat()}",
        kind=kind,
        subject=volume.folders,
        detail=f"Disque de {volume.folders} : {told(volume.free)} libres, minimum {told(minimum)}.",
        at=now,
    )
