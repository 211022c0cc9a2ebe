"""A disk that runs short of room is told of once, before it is full, and once when it is back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine

from chorus_edi import bootstrap
from chorus_edi.adapters.files.space import free_space
from chorus_edi.adapters.store.engine import open_engine
from chorus_edi.adapters.store.journal import SqlJournal
from chorus_edi.bootstrap import watching
from chorus_edi.domain.operations import OperationKind
from chorus_edi.services.espace import Volume as Room
from chorus_edi.services.espace import look
from tests.faults.nights import Installation
from tests.faults.volumes import MEGABYTES, PretendedVolume, Volume
from tests.outside import missing
from tests.watch import HandClock, local

MINIMUM = 10_000
SHORT, BACK = OperationKind.ESPACE_DISQUE, OperationKind.ESPACE_RETABLI


@pytest.fixture
def engine(database_url: str) -> Engine:
    return open_engine(database_url)


class Disk:
    """A disk whose room is looked at, minute after minute."""

    def __init__(self, engine: Engine) -> None:
        self.journal = SqlJournal(engine)
        self.clock = HandClock(local("2026-11-21T12:00"))

    def look(self, *free: int) -> str:
        rooms = [Room(name, size) for name, size in zip(("inbox", "data"), free, strict=False)]
        said = look(self.journal, rooms, MINIMUM, self.clock.now())
        self.clock.forward(minutes=5)
        return said

    def told(self) -> list[tuple[OperationKind, str]]:
        return [(one.kind, one.subject) for one in self.journal.operations()]


def test_a_disk_that_runs_short_is_told_of_once_per_outage(engine: Engine) -> None:
    disk = Disk(engine)
    for free in (MINIMUM, MINIMUM - 1, 5, 0, MINIMUM * 2, MINIMUM * 2, MINIMUM - 1):
        disk.look(free)

    assert disk.told() == [(SHORT, "inbox"), (BACK, "inbox"), (SHORT, "inbox")]
    engine.dispose()


def test_a_disk_around_its_limit_is_not_told_of_again_and_again(engine: Engine) -> None:
    disk = Disk(engine)
    for free in (MINIMUM - 1, MINIMUM, MINIMUM - 1, MINIMUM + MINIMUM // 10 - 1, MINIMUM - 1):
        disk.look(free)
    assert disk.told() == [(SHORT, "inbox")]

    disk.look(MINIMUM + MINIMUM // 10)

    assert disk.told() == [(SHORT, "inbox"), (BACK, "inbox")]
    engine.dispose()


def test_each_disk_is_told_of_by_itself(engine: Engine) -> None:
    disk = Disk(engine)

    said = disk.look(MINIMUM - 1, MINIMUM * 3)
    disk.look(MINIMUM * 3, MINIMUM - 1)

    assert disk.told() == [(SHORT, "inbox"), (BACK, "inbox"), (SHORT, "data")]
    assert said == "inbox : 9,7 Ko libres ; data : 29,2 Ko libres."
    detail = disk.journal.operations()[0].detail
    assert detail == "Disque de inbox : 9,7 Ko libres, minimum 9,7 Ko."
    engine.dispose()


def test_folders_on_one_file_system_are_one_disk_and_may_not_be_there_yet(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()

    found = free_space({"inbox": tmp_path / "in", "data": tmp_path / "var" / "not" / "yet"})

    assert list(found) == ["inbox, data"]


def test_a_real_disk_that_fills_up_is_told_of_and_then_its_room(
    installation: Installation, on_a_volume: Callable[[Path], Volume]
) -> None:
    volume = on_a_volume(installation.folder.root / "outbox")
    if isinstance(volume, PretendedVolume):
        missing("nobody may mount a file system here")
    installation.configure(f'[espace]\nminimum = "{MEGABYTES // 2} Mo"\n')
    clock = HandClock(local("2026-11-21T12:00"))

    def look() -> list[tuple[OperationKind, str]]:
        clock.forward(minutes=5)
        watching.espace(installation.settings, clock)
        with bootstrap.open_memory(installation.settings) as memory:
            return [(one.kind, one.subject) for one in memory.journal.operations()]

    assert look() == []
    volume.fill()
    assert look() == look() == [(SHORT, "outbox")]
    volume.mend()
    assert look() == look() == [(SHORT, "outbox"), (BACK, "outbox")]
