"""The installed command watches: tasks beside the flows, the list of events, metrics, the bilan."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from chorus_edi import bootstrap
from chorus_edi.domain.legal_time import paris
from tests.builders import ubl
from tests.crash.conftest import DataFolder, data_folder
from tests.crash.nights import RECIPIENTS
from tests.e2e.test_night import COMMAND, chorus_edi
from tests.e2e.test_service import PATIENCE, delivered, until
from tests.mail import Mailbox, Server
from tests.unit.test_metrics import parsed


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def server(mailbox: Mailbox) -> Iterator[Server]:
    server = Server(mailbox)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def folder(tmp_path: Path, server: Server) -> DataFolder:
    """An installation that expected a deposit of PDP777 two minutes ago, more or less one."""
    made = data_folder(tmp_path / "data", "")
    made.config.write_text(
        made.config.read_text("utf-8")
        + f"""
[scan]
interval = 0.3
[planning]
silence = "1 s"
notification = "1 s"
[notification.smtp]
hote = "127.0.0.1"
port = {server.port}
de = "edi@exemple.fr"
a = ["garde@exemple.fr"]
""",
        encoding="utf-8",
    )
    missed = paris(datetime.now(UTC) - timedelta(minutes=2))  # noqa: TID251
    partners = made.root / "partenaires.toml"
    code = 'code = "PDP777"\n'
    slot = f'attendu = {{ cron = "{missed:%-M %-H * * *}", tolerance = 1 }}\n'
    partners.write_text(
        partners.read_text("utf-8").replace(code, f"{code}arrivee = {{ calme = 1 }}\n{slot}"),
        encoding="utf-8",
    )
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


def listed(folder: DataFolder, *command: str) -> list[dict[str, Any]]:
    done = chorus_edi(*command, "--format", "json", "--config", str(folder.config), cwd=folder.root)
    assert done.returncode == 0, done.stderr
    rows: list[dict[str, Any]] = json.loads(done.stdout)
    return rows


def mails_about(mailbox: Mailbox, words: str) -> list[str]:
    return [mail["Subject"] for mail in mailbox.mails if words in mail["Subject"]]


def test_a_missed_slot_reaches_people_and_so_does_the_late_deposit(
    folder: DataFolder, mailbox: Mailbox, service: subprocess.Popen[str]
) -> None:
    until(lambda: mails_about(mailbox, "non reçu") != [])
    (event,) = listed(folder, "evenements", "--genre", "SILENCE")
    assert event["sujet"] == "PDP777"
    until(lambda: listed(folder, "evenements", "--genre", "SILENCE")[0]["notifie"] is not None)

    file = folder.root / "inbox" / "PDP777" / "un.xml"
    file.write_bytes(ubl(number=1, recipient=RECIPIENTS[0]))
    until(lambda: mails_about(mailbox, "en retard") != [])
    until(lambda: delivered(folder) != [])

    service.send_signal(signal.SIGTERM)
    assert service.wait(PATIENCE) == 0
    assert mails_about(mailbox, "PDP777") == [
        "[chorus-edi] Dépôt attendu non reçu : PDP777",
        "[chorus-edi] Dépôt attendu reçu en retard : PDP777",
    ]


def test_a_task_that_hangs_is_cut_off_when_the_limit_to_stop_has_passed(
    folder: DataFolder, service: subprocess.Popen[str]
) -> None:
    service.kill()
    service.wait()
    begun = folder.root / "begun"
    hook = folder.root / "hook.sh"
    hook.write_text(
        f"#!/bin/sh\necho $$ > {begun}.part\nmv {begun}.part {begun}\nexec sleep 600\n",
        encoding="utf-8",
    )
    hook.chmod(0o755)
    text = folder.config.read_text("utf-8")
    smtp = text.index("[notification.smtp]")
    folder.config.write_text(
        f'{text[:smtp]}[notification]\ncommande = ["{hook}"]\ndelai = 600\n[service]\narret = 1\n',
        encoding="utf-8",
    )
    hung = subprocess.Popen([COMMAND, "run", "--config", str(folder.config)])
    until(begun.exists)

    hung.send_signal(signal.SIGTERM)

    assert hung.wait(PATIENCE) == 75
    os.kill(int(begun.read_text("utf-8")), signal.SIGKILL)


def test_tasks_are_listed_with_their_last_run_and_the_figures_are_written(
    folder: DataFolder, mailbox: Mailbox, service: subprocess.Popen[str]
) -> None:
    until(lambda: mails_about(mailbox, "Bilan") != [])
    service.send_signal(signal.SIGTERM)
    assert service.wait(PATIENCE) == 0

    tasks = {row["tache"]: row for row in listed(folder, "planning")}
    idle = {"releve", "envoi", "sauvegarde", "metriques"}
    busy = {"silence", "espace", "bilan", "notification", "tacite", "purge"}
    assert set(tasks) == busy | idle
    assert tasks["silence"]["resultat"] == "1 partenaire attendu, 1 sans dépôt."
    assert tasks["bilan"]["resultat"].endswith("aucun dépôt.")
    assert tasks["bilan"]["prochaine"].endswith(("T07:00:00+01:00", "T07:00:00+02:00"))
    assert (tasks["metriques"]["quand"], tasks["metriques"]["derniere"]) == ("non planifiée", None)

    target = folder.root / "metrics.prom"
    done = chorus_edi(
        "metrics", "--sortie", str(target), "--config", str(folder.config), cwd=folder.root
    )
    assert done.returncode == 0, done.stderr
    families = parsed(target.read_text("utf-8"))
    assert families["chorus_edi_open_alarms"]['kind="silence"'] == 1
    assert families["chorus_edi_task_failed"] == {
        f'task="{name}"': 0 for name in sorted(set(tasks) - idle)
    }
    assert [path.name for path in folder.root.glob("*.tmp")] == []


def test_a_single_run_tells_what_is_pending_and_plans_nothing(
    folder: DataFolder, mailbox: Mailbox
) -> None:
    first = chorus_edi("run", "--once", "--config", str(folder.config), cwd=folder.root)
    assert first.returncode == 0, first.stderr
    assert mailbox.mails == []
    settings = bootstrap.load_settings(folder.config)
    with bootstrap.open_memory(settings) as memory:
        assert memory.journal.runs() == {}
        bootstrap.watching.silence(settings, bootstrap.system_clock())

    done = chorus_edi("run", "--once", "--config", str(folder.config), cwd=folder.root)

    assert done.returncode == 0, done.stderr
    assert mails_about(mailbox, "PDP777") == ["[chorus-edi] Dépôt attendu non reçu : PDP777"]


def test_a_mail_server_that_is_down_stops_no_run_and_loses_nothing(
    folder: DataFolder, mailbox: Mailbox, server: Server
) -> None:
    chorus_edi("run", "--once", "--config", str(folder.config), cwd=folder.root)
    settings = bootstrap.load_settings(folder.config)
    bootstrap.watching.silence(settings, bootstrap.system_clock())
    server.stop()

    done = chorus_edi("run", "--once", "--config", str(folder.config), cwd=folder.root)

    assert done.returncode == 0, done.stderr
    assert "connexion refusée" in done.stderr
    server.start()
    chorus_edi("run", "--once", "--config", str(folder.config), cwd=folder.root)
    assert len(mails_about(mailbox, "PDP777")) == 1


def test_the_bilan_of_a_night_ends_with_1_where_there_is_a_gap(folder: DataFolder) -> None:
    inbox = folder.root / "inbox" / "PDP777"
    (inbox / "un.xml").write_bytes(ubl(number=1, recipient=RECIPIENTS[0]))
    chorus_edi("run", "--once", "--config", str(folder.config), cwd=folder.root)
    settings = bootstrap.load_settings(folder.config)
    with bootstrap.open_store(settings) as store:
        (flux,) = store.suivi()
    # A night begins at seven.
    day = paris(flux.date_depot - timedelta(hours=7)).date().isoformat()

    (row,) = listed(folder, "bilan", "--date", day)
    assert (row["emetteur"], row["fichiers"], row["integrees"]) == ("PDP777", 1, 1)
    assert row["ecart"] is None

    (kept,) = (folder.root / "var" / "archive").rglob("un.xml")
    kept.unlink()
    done = chorus_edi("bilan", "--date", day, "--config", str(folder.config), cwd=folder.root)
    assert done.returncode == 1
    assert "1 fichier reçu introuvable" in done.stdout


@pytest.mark.parametrize(
    ("section", "told"),
    [
        ('[planning]\nbilan = "7 h du matin"\n', "planning.bilan : '7 h du matin' : cinq champs"),
        ('[planning]\nbilans = "0 7 * * *"\n', "tâche inconnue : bilans"),
        ('[planning]\nmetriques = "5 min"\n', "demande metriques.fichier"),
        ('[scan]\nfenetre = "20h-6h"\n', "scan.fenetre : '20h-6h' : une plage est attendue"),
        ('[espace]\nminimum = "5 GB"\n', "espace.minimum : '5 GB' : une taille est attendue"),
    ],
)
def test_a_mistake_in_the_planning_is_told_before_anything_starts(
    tmp_path: Path, section: str, told: str
) -> None:
    made = data_folder(tmp_path / "data", "")
    made.config.write_text(made.config.read_text("utf-8") + section, encoding="utf-8")

    done = chorus_edi("run", "--config", str(made.config), cwd=made.root)

    assert done.returncode == 2, done.stderr
    assert told in done.stderr
    assert not (made.root / "var" / "chorus_edi.db").exists()
