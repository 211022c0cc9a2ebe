"""Killed at each of its moments and started again, a night ends as if nothing had happened."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from chorus_edi.pipeline.crashpoints import POINTS
from tests.crash.conftest import DataFolder, data_folder
from tests.crash.nights import batch, deposit_night


@pytest.fixture
def folder(tmp_path: Path, database_url: str) -> DataFolder:
    return data_folder(tmp_path / "data", database_url)


@pytest.fixture
def alone(tmp_path: Path, database_url: str) -> DataFolder:
    """An installation with one worker: what it leaves is what two of them leave."""
    return data_folder(tmp_path / "data", database_url, workers=1)


@pytest.mark.parametrize("point", POINTS)
def test_a_night_killed_at_a_point_ends_byte_for_byte_as_an_undisturbed_one(
    alone: DataFolder, undisturbed: dict[str, bytes], point: str
) -> None:
    deposit_night(alone.root / "inbox")

    assert alone.run_killed(f"{point}:1") == -signal.SIGKILL
    alone.run()

    assert alone.left() == undisturbed
    assert alone.under_way() == []


@pytest.mark.parametrize("point", ["registered", "decided", "delivering", "delivered", "closed"])
def test_a_night_killed_again_and_again_ends_as_an_undisturbed_one(
    folder: DataFolder, undisturbed: dict[str, bytes], point: str
) -> None:
    deposit_night(folder.root / "inbox")

    deaths = [folder.run_killed(f"{point}:{passage}") for passage in (2, 1, 3)]
    folder.run()

    assert deaths == [-signal.SIGKILL] * 3
    assert folder.left() == undisturbed


def test_running_again_on_the_emptied_inbox_changes_nothing(
    folder: DataFolder, undisturbed: dict[str, bytes]
) -> None:
    deposit_night(folder.root / "inbox")
    folder.run()

    folder.run()

    assert folder.left() == undisturbed


@pytest.mark.parametrize("crash_at", [None, "screened:1"])
def test_a_flow_of_500_whose_last_file_is_invalid_delivers_nothing(
    tmp_path: Path, crash_at: str | None
) -> None:
    folder = data_folder(tmp_path / "data", "")
    inbox = folder.root / "inbox" / "ABC123"
    inbox.mkdir(parents=True)
    (inbox / "lot.tar.gz").write_bytes(batch(500, seed=5, broken=500))

    if crash_at:
        assert folder.run_killed(crash_at) == -signal.SIGKILL
        assert not list((folder.root / "outbox").rglob("*.*"))
    folder.run()

    left = folder.left()
    assert [name for name in left if name.startswith("outbox/") and "ABC123" not in name] == []
    assert any(name.startswith("var/rejets/") and name.endswith("lot.tar.gz") for name in left)
