"""A disk that fills up or turns read-only: told, nothing lost, and ended by the next run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from chorus_edi import bootstrap
from chorus_edi.adapters.files import disk
from chorus_edi.errors import Incident
from tests.faults.nights import FLOWS, Clock, Installation, Left
from tests.faults.volumes import Volume

OnAVolume = Callable[[Path], Volume]

MOMENTS = [0, 3, 14]
"""Readings of the clock: before the claim, in the first flows, in the middle."""


def seen(installation: Installation) -> int:
    with bootstrap.open_store(installation.settings) as store:
        return len(list(store.suivi()))


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize(
    ("fault", "told"),
    [("fill", "disque plein"), ("crowd", "disque plein"), ("freeze", "lecture seule")],
)
def test_an_outbox_that_takes_nothing_more_stops_deliveries_and_not_the_intake(
    installation: Installation,
    undisturbed: Left,
    on_a_volume: OnAVolume,
    fault: str,
    told: str,
    moment: int,
) -> None:
    outbox = on_a_volume(installation.folder.root / "outbox")

    summary = installation.run(Clock(moment, getattr(outbox, fault)))

    assert summary.delayed
    assert all(told in reason for reason in summary.delayed.values())
    assert seen(installation) == FLOWS
    assert [path for path in installation.inbox.rglob("*") if path.is_file()] == []

    outbox.mend()
    assert installation.run().delayed == {}
    assert installation.left() == undisturbed


def test_a_file_that_a_full_disk_cuts_short_leaves_its_room_to_others(
    tmp_path: Path, on_a_volume: OnAVolume
) -> None:
    outbox = on_a_volume(tmp_path / "outbox")
    staged = tmp_path / "large"
    staged.write_bytes(b"x" * 300_000)
    for number in (1, 2, 3):
        (outbox.folder / f"{number}").write_bytes(b"x" * 50_000)
    outbox.fill()
    (outbox.folder / "1").unlink()

    with pytest.raises(OSError, match="No space"):
        disk.move(staged, outbox.folder / "delivered")
    with pytest.raises(OSError, match="No space"):
        disk.write_whole(outbox.folder / "report", b"x" * 300_000)

    assert sorted(path.name for path in outbox.folder.iterdir() if path.name != "filler") == [
        "2",
        "3",
    ]
    assert staged.stat().st_size == 300_000


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_full_data_folder_stops_the_run_and_the_next_one_ends_it(
    installation: Installation, undisturbed: Left, on_a_volume: OnAVolume, moment: int
) -> None:
    data = on_a_volume(installation.folder.root / "var")

    try:
        delayed = set(installation.run(Clock(moment, data.fill)).delayed.values())
    except Incident as incident:
        delayed = {str(incident)}
    assert delayed
    assert all("disque plein" in reason for reason in delayed)

    data.mend()
    assert installation.run().delayed == {}
    assert installation.left() == undisturbed
