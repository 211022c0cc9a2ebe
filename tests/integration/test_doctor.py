"""``doctor``: what is wrong with an installation is told, with its remedy, or mended."""

from __future__ import annotations

import shutil
import signal
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from chorus_edi import bootstrap
from chorus_edi.adapters.files import disk
from chorus_edi.adapters.files.lock import sole_instance
from chorus_edi.errors import ConfigurationError, Incident
from chorus_edi.services.doctor import COLUMNS, Gravity, Remark, row_of
from tests.crash.conftest import DataFolder, data_folder, folder_with_a_lot
from tests.crash.nights import RECIPIENTS, deposit_night
from tests.crash.one_run import StandingClock


@pytest.fixture
def folder(tmp_path: Path, database_url: str) -> DataFolder:
    return folder_with_a_lot(tmp_path / "data", database_url)


class At(StandingClock):
    """A clock that stands still at another time."""

    def __init__(self, at: datetime) -> None:
        self._at = at

    def now(self) -> datetime:
        return self._at


def told(folder: DataFolder, *, dry_run: bool = True) -> list[Remark]:
    return bootstrap.doctor(bootstrap.load_settings(folder.config), dry_run=dry_run)


def test_a_sound_installation_has_nothing_to_say(folder: DataFolder) -> None:
    folder.run()

    assert told(folder) == []


def test_where_nothing_was_ever_processed_doctor_says_so(tmp_path: Path) -> None:
    folder = data_folder(tmp_path / "data", "")

    with pytest.raises(ConfigurationError, match="aucune donnée"):
        told(folder)


@pytest.mark.parametrize("point", ["claimed", "taken", "registered", "decided", "delivered"])
def test_a_flow_cut_off_is_no_illness_and_the_next_run_ends_it(
    folder: DataFolder, point: str
) -> None:
    assert folder.run_killed(point) == -signal.SIGKILL

    remarks = told(folder)

    assert [remark.gravity for remark in remarks if "commencé" in remark.found] == [Gravity.NORMAL]
    assert Gravity.WRONG not in {remark.gravity for remark in remarks}
    folder.run()
    assert told(folder) == []


def test_documents_that_wait_are_something_to_do(tmp_path: Path) -> None:
    folder = data_folder(tmp_path / "night", "", workers=1)
    deposit_night(folder.root / "inbox")
    folder.run()

    (remark,) = told(folder)

    assert remark.gravity is Gravity.TO_DO
    assert "attente list" in remark.remedy


def test_a_lost_archive_and_a_changed_delivery_are_anomalies(folder: DataFolder) -> None:
    folder.run()
    delivery = next((folder.root / "outbox").glob("[0-9]*/*/*-0001.xml"))
    delivery.write_bytes(b"changed")
    fetched = next((folder.root / "outbox").glob("[0-9]*/*/*-0002.xml"))
    fetched.unlink()
    shutil.rmtree(folder.root / "var" / "archive")

    remarks = told(folder)

    assert [remark.gravity for remark in remarks] == [Gravity.WRONG] * 2
    assert {remark.subject.rpartition("/")[2] for remark in remarks} >= {delivery.name}
    assert any("SHA-256" in remark.remedy for remark in remarks)


def test_of_closed_flows_only_those_of_the_last_days_are_read_unless_all_are_asked_for(
    folder: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.run()
    for delivery in (folder.root / "outbox").glob("[0-9]*/*/*.xml"):
        delivery.write_bytes(b"changed")
    (shelf,) = (folder.root / "var" / "archive").glob("*/*/*/*")
    (shelf / ".0123456789abcdef.tmp").write_bytes(b"half")
    read: list[Path] = []
    digest = disk.digest

    def counted(path: Path) -> str:
        read.append(path)
        return digest(path)

    monkeypatch.setattr(disk, "digest", counted)
    settings = bootstrap.load_settings(folder.config)
    later = At(StandingClock().now() + timedelta(days=8))

    def remarks(days: int | None) -> int:
        told = bootstrap.doctor(settings, dry_run=True, days=days, clock=later)
        return len(told)

    assert (remarks(days=7), read) == (0, [])
    assert remarks(days=9) == remarks(days=None) == 4


def test_a_flow_that_waits_says_why(folder: DataFolder) -> None:
    (folder.root / "outbox").mkdir()
    for siret in {recipient.siret for recipient in RECIPIENTS}:
        (folder.root / "outbox" / siret).write_bytes(b"")
    folder.run()

    (remark,) = told(folder)

    assert remark.gravity is Gravity.NORMAL
    assert "Attente du prochain passage : un fichier est à la place d'un dossier" in remark.found


def test_a_work_folder_that_the_database_does_not_know_is_an_anomaly(folder: DataFolder) -> None:
    folder.run()
    (folder.root / "var" / "work" / "CPP0010000000000000000099").mkdir(parents=True)

    (remark,) = told(folder)

    assert (remark.gravity, remark.subject) == (Gravity.WRONG, "CPP0010000000000000000099")


def test_what_a_crash_left_half_written_is_removed_unless_it_is_only_looked_at(
    folder: DataFolder,
) -> None:
    folder.run()
    left = folder.root / "outbox" / ".0123456789abcdef.tmp"
    left.write_bytes(b"half")
    own = folder.root / "outbox" / ".theirs.tmp"
    own.write_bytes(b"not ours")

    (remark,) = told(folder)
    assert (remark.gravity, left.exists()) == (Gravity.TO_DO, True)

    told(folder, dry_run=False)
    assert (left.exists(), own.exists()) == (False, True)
    assert tuple(row_of(remark, repaired=True)) == COLUMNS
    assert row_of(remark, repaired=True)["remede"] == "Réparé."


def test_what_lies_in_the_inbox_and_is_never_taken_is_told(folder: DataFolder) -> None:
    folder.run()
    inbox = folder.root / "inbox" / "ABC123"
    (inbox / "factures de novembre").mkdir()
    (inbox / "lien.xml").symlink_to(folder.config)
    (inbox / "a.xml.PART").write_bytes(b"<Inv")
    (inbox / ".cache").write_bytes(b"")
    (inbox / "b.xml").write_bytes(b"<Invoice/>")

    remarks = {remark.subject: remark.gravity for remark in told(folder)}

    assert remarks == {
        "inbox/ABC123/factures de novembre": Gravity.TO_DO,
        "inbox/ABC123/lien.xml": Gravity.TO_DO,
        "inbox/ABC123/a.xml.PART": Gravity.NORMAL,
    }


def test_an_installation_at_work_is_left_alone(folder: DataFolder) -> None:

    folder.run()
    with sole_instance(folder.root / "var"), pytest.raises(Incident, match="un autre processus"):
        told(folder)
