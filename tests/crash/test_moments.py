"""Killed at each of its moments and started again, a night ends as if nothing had happened."""

from __future__ import annotations

import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from chorus_edi.pipeline.crashpoints import POINTS
from tests.crash.campaign import WORKERS_EFFECTS
from tests.crash.conftest import DataFolder, data_folder
from tests.crash.left import Left, differences
from tests.crash.moments import GAPS
from tests.crash.nights import batch, deposit_mixed

KILLED = -signal.SIGKILL

MOMENTS = (
    "begin>replace:2",
    "begin>CREATE:9",
    "claim",
    "claim>COMMIT",
    "claimed",
    "taken",
    "taken>INSERT document",
    "registered",
    "screened",
    "screened>COMMIT",
    "decided",
    "decided>rename:2",
    "delivering",
    "delivering>write on",
    "noted",
    "noted>UPDATE facture",
    "delivered",
    "delivered>COMMIT",
    "closed",
    "closed>replace:2",
    "reported",
    "reported>rename",
    "shelved",
    "shelved>any",
)
"""Every point, and effects in the gaps behind them, in the order of a flow's life."""

TAKING = (
    "claimed>rename",
    "begin>fsync:2",
    "taken>mkdir:3",
    "decided>fsync:5",
    "delivering>replace",
)
RECOVERIES = (
    "registered>rename",
    "begin>any:1",
    "noted>COMMIT",
    "closed>write on",
    "begin>write on",
    "begin>replace:2",
    "reported>rename",
    "reported>rmdir",
)
"""Deaths, some of them in the recovery from the one before.

What happens while files are claimed happens once in such a night, so there are several nights.
"""


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    """An installation that never ran, of one worker: it leaves what two leave, in less time."""
    return data_folder(tmp_path / "data", "", workers=1)


def test_the_moments_killed_at_are_every_point_and_one_in_every_gap() -> None:
    killed_at = [moment.partition(":")[0] for moment in (*MOMENTS, *TAKING, *RECOVERIES)]

    assert {moment for moment in killed_at if ">" not in moment} == set(POINTS)
    assert {moment.partition(">")[0] for moment in killed_at if ">" in moment} == set(GAPS)


@pytest.mark.parametrize(
    "moments", [MOMENTS, TAKING, RECOVERIES], ids=["moments", "taking", "recoveries"]
)
def test_a_night_killed_again_and_again_ends_byte_for_byte_as_an_undisturbed_one(
    folder: DataFolder, undisturbed: Left, moments: tuple[str, ...]
) -> None:
    deposit_mixed(folder.root / "inbox")

    survived = [moment for moment in moments if folder.run_killed(moment) != KILLED]
    folder.run_killed()
    folder.run_killed()

    assert survived == []
    assert differences(undisturbed, folder.left()) == [], folder.deaths()


@pytest.mark.parametrize("moments", [POINTS, RECOVERIES], ids=["points", "recoveries"])
@pytest.mark.parametrize("new_database", ["postgresql"], indirect=True)
@pytest.mark.postgresql
def test_a_night_killed_on_postgresql_ends_as_an_undisturbed_one_on_sqlite(
    tmp_path: Path,
    new_database: Callable[[], str],
    undisturbed: Left,
    moments: tuple[str, ...],
) -> None:
    folder = data_folder(tmp_path / "data", new_database(), workers=1)
    deposit_mixed(folder.root / "inbox")

    survived = [moment for moment in moments if folder.run_killed(moment) != KILLED]
    folder.run_killed()

    assert survived == []
    assert differences(undisturbed, folder.left()) == [], folder.deaths()


def test_a_night_that_loses_workers_ends_as_an_undisturbed_one(
    folder: DataFolder, undisturbed: Left
) -> None:
    deposit_mixed(folder.root / "inbox")
    dying = [f"worker>{effect}:{nth}" for nth, effect in enumerate(WORKERS_EFFECTS, 2)]

    folder.run_killed("screened:4", workers=tuple(dying[:3]))
    folder.run_killed(workers=tuple(dying[3:]))

    assert {effect for point, effect in folder.deaths() if point == "worker"} == {*WORKERS_EFFECTS}
    assert differences(undisturbed, folder.left()) == [], folder.deaths()


def test_neighbours_of_a_deadly_document_are_not_judged_for_the_crashes_of_others(
    tmp_path: Path,
) -> None:
    calm, folder = (data_folder(tmp_path / name, "", workers=1) for name in ("calm", "killed"))
    for one in (calm, folder):
        deposit_mixed(one.root / "inbox")
        kept = one.root / "inbox/PDP777/mortel.tar.gz"
        for path in (path for path in (one.root / "inbox").rglob("*.*") if path != kept):
            path.unlink()
    calm.run()

    deaths = [folder.run_killed("screened") for _ in range(4)]
    folder.run()

    assert deaths == [KILLED] * 4
    assert differences(calm.left(), folder.left()) == []


def test_a_flow_of_three_batches_whose_last_file_is_invalid_delivers_nothing(
    tmp_path: Path,
) -> None:
    folder = data_folder(tmp_path / "data", "")
    inbox = folder.root / "inbox" / "ABC123"
    inbox.mkdir(parents=True)
    (inbox / "lot.tar.gz").write_bytes(batch(150, seed=5, broken=150))

    assert folder.run_killed("screened") == KILLED
    assert not list((folder.root / "outbox").rglob("*.*"))
    folder.run_killed()

    left = folder.left()
    assert [n for n in left if n.startswith("file outbox/") and "ABC123" not in n] == []
    assert any(n.startswith("file var/rejets/") and n.endswith("lot.tar.gz") for n in left)
