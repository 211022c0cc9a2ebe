"""``run`` that stays up: takes files as they come, and ends on SIGTERM when its work is done."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from chorus_edi import bootstrap
from tests.builders import ubl
from tests.crash.conftest import DataFolder, data_folder
from tests.crash.nights import RECIPIENTS
from tests.e2e.test_night import COMMAND, chorus_edi

PATIENCE = 60


def until(condition: Callable[[], bool]) -> None:
    """Wait for a condition; the service under test has its own clock."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.1)


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    made = data_folder(tmp_path / "data", "")
    with made.config.open("a", encoding="utf-8") as file:
        file.write("[scan]\ninterval = 0.3\n")
    partners = made.root / "partenaires.toml"
    code = 'code = "PDP777"\n'
    quiet = partners.read_text("utf-8").replace(code, f"{code}arrivee = {{ calme = 1 }}\n")
    partners.write_text(quiet, "utf-8")
    (made.root / "inbox" / "PDP777").mkdir(parents=True)
    return made


@pytest.fixture
def service(folder: DataFolder) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [COMMAND, "run", "--config", str(folder.config)], stderr=subprocess.PIPE, text=True
    )
    yield process
    process.kill()
    process.communicate()


def delivered(folder: DataFolder) -> list[str]:
    return sorted(p.parts[-3] for p in (folder.root / "outbox").glob("*/*/livraison.json"))


def test_a_file_is_taken_once_nobody_writes_it_any_more(
    folder: DataFolder, service: subprocess.Popen[str]
) -> None:
    inbox = folder.root / "inbox" / "PDP777"
    (inbox / "un.xml").write_bytes(ubl(number=1, recipient=RECIPIENTS[0]))
    (inbox / "deux.xml.part").write_bytes(ubl(number=2, recipient=RECIPIENTS[0]))

    until(lambda: delivered(folder) == [RECIPIENTS[0].siret])

    assert [p.name for p in inbox.iterdir()] == ["deux.xml.part"]
    (inbox / "deux.xml.part").rename(inbox / "deux.xml")
    until(lambda: len(delivered(folder)) == 2)


def test_sigterm_ends_the_service_with_its_work_done(
    folder: DataFolder, service: subprocess.Popen[str]
) -> None:
    until((folder.root / "var" / "chorus_edi.lock").exists)
    inbox = folder.root / "inbox" / "PDP777"
    (inbox / "un.xml").write_bytes(ubl(number=1, recipient=RECIPIENTS[0]))
    until(lambda: delivered(folder) != [])

    service.send_signal(signal.SIGTERM)

    assert service.wait(PATIENCE) == 0
    assert folder.under_way() == []


def test_sighup_reloads_the_partners_and_keeps_the_old_ones_where_the_file_is_broken(
    folder: DataFolder, service: subprocess.Popen[str]
) -> None:
    until((folder.root / "var" / "chorus_edi.db").exists)
    file = folder.root / "partenaires.toml"
    sound = file.read_text(encoding="utf-8")
    file.write_text('defaut = "RIEN"\n', encoding="utf-8")

    service.send_signal(signal.SIGHUP)

    assert service.stderr is not None
    said = next(line for line in service.stderr if "not reloaded" in line)
    assert str(file) in said
    inbox = folder.root / "inbox"
    (inbox / "PDP777" / "un.xml").write_bytes(ubl(number=1, recipient=RECIPIENTS[0]))
    until(lambda: len(delivered(folder)) == 1)

    file.write_text(sound.replace("PDP777", "NEW123"), encoding="utf-8")
    service.send_signal(signal.SIGHUP)
    (inbox / "NEW123").mkdir()
    (inbox / "NEW123" / "deux.xml").write_bytes(ubl(number=2, recipient=RECIPIENTS[0]))
    until(lambda: len(delivered(folder)) == 2)


def test_a_new_directory_serves_from_the_reload_on_and_one_that_is_lost_changes_nothing(
    folder: DataFolder, service: subprocess.Popen[str]
) -> None:
    until((folder.root / "var" / "annuaire" / "current").exists)
    until((folder.root / "var" / "chorus_edi.db").exists)
    inbox, town = folder.root / "inbox" / "PDP777", RECIPIENTS[0].siret
    structures = folder.root / "structures.csv"
    rows = structures.read_text(encoding="utf-8").splitlines()
    others = [row for row in rows if f";{town};" not in row]
    structures.write_text("\n".join(others), encoding="utf-8")

    imported = chorus_edi("annuaire", "import", "--config", str(folder.config), cwd=folder.root)
    assert f"  - {town} SIRET" in imported.stdout
    (inbox / "un.xml").write_bytes(ubl(number=1, recipient=RECIPIENTS[0]))
    until(lambda: len(delivered(folder)) == 1)

    service.send_signal(signal.SIGHUP)
    (inbox / "deux.xml").write_bytes(ubl(number=2, recipient=RECIPIENTS[0]))
    until(lambda: len(refusals(folder)) == 1)

    (folder.root / "var" / "annuaire" / "current").write_text("perdu\n", encoding="utf-8")
    service.send_signal(signal.SIGHUP)
    assert service.stderr is not None
    next(line for line in service.stderr if "not reloaded" in line)
    (inbox / "trois.xml").write_bytes(ubl(number=3, recipient=RECIPIENTS[0]))
    until(lambda: len(refusals(folder)) == 2)
    assert len(delivered(folder)) == 1


def refusals(folder: DataFolder) -> list[str]:
    """The flows that were refused so far, for a recipient that the directory does not have."""
    told = chorus_edi("rejets", "--format", "json", "--config", str(folder.config), cwd=folder.root)
    return [row["numero_flux"] for row in json.loads(told.stdout) if row["rule"] == "CE-DEST-03"]


def test_a_second_instance_on_the_same_data_is_refused_as_an_incident(
    folder: DataFolder, service: subprocess.Popen[str]
) -> None:
    until((folder.root / "var" / "chorus_edi.db").exists)

    second = chorus_edi("run", "--once", "--config", str(folder.config), cwd=folder.root)

    assert second.returncode == 75
    assert "un autre processus" in second.stderr


def test_reading_commands_work_while_the_service_runs(
    folder: DataFolder, service: subprocess.Popen[str]
) -> None:
    until((folder.root / "var" / "chorus_edi.db").exists)

    with bootstrap.open_store(bootstrap.load_settings(folder.config)) as store:
        assert list(store.suivi()) == []
