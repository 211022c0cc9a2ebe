"""The table of tasks as the settings plan it, and what a notification needs to begin."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NoReturn

import pytest

from chorus_edi.bootstrap import watching
from chorus_edi.bootstrap.installation import check_config
from chorus_edi.bootstrap.planning import _Runner, planned, scheduled, tasks
from chorus_edi.bootstrap.triggers import Wakes
from chorus_edi.bootstrap.watching import notification_of, open_memory
from chorus_edi.domain.legal_time import PARIS
from chorus_edi.domain.operations import OperationKind
from chorus_edi.domain.schedules import cron_of, schedule_of
from chorus_edi.errors import ConfigurationError, Incident
from chorus_edi.services.planning import FAILED, Planned
from chorus_edi.settings import Settings
from tests.watch import HandClock, local

CLOCK = HandClock(local("2026-11-21T12:00"))


def smtp(**values: Any) -> Settings:
    server = {"hote": "mail", "de": "a@b", "a": ["c@d"], **values}
    return Settings(notification={"smtp": server})


def test_every_task_has_a_schedule_that_can_be_read_and_a_label() -> None:
    found = planned(Settings(), CLOCK)

    assert [one.name for one in found] == [one.name for one in tasks(Settings())]
    assert all(one.label for one in found)
    assert {one.name for one in found if one.schedule is None} == {
        "releve",
        "envoi",
        "sauvegarde",
        "metriques",
    }


def test_settings_plan_a_task_otherwise_or_turn_it_off() -> None:
    settings = Settings(planning={"bilan": "0 6 * * *", "silence": ""})

    found = {one.name: one.schedule for one in planned(settings, CLOCK)}

    assert found["bilan"] == cron_of("0 6 * * *")
    assert found["silence"] is None


def test_a_task_that_there_is_none_of_is_told_with_those_that_there_are() -> None:
    with pytest.raises(ConfigurationError, match=r"inconnue : bilans \(silence, espace, bilan"):
        planned(Settings(planning={"bilans": "0 6 * * *"}), CLOCK)


def test_servers_are_looked_at_where_there_are_any() -> None:
    server = {"nom": "banque", "hote": "h", "utilisateur": "u", "cle": "k", "known_hosts": "kh"}
    settings = Settings(sftp=[{**server, "envoi": {"dossier": "in"}}])

    found = {one.name: one.schedule for one in planned(settings, CLOCK)}

    assert found["releve"] == found["envoi"] == schedule_of("5 min")


def test_backups_cannot_be_planned_without_a_folder(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"sauvegarde\.dossier"):
        planned(Settings(planning={"sauvegarde": "0 4 * * *"}), CLOCK)

    where = {"dossier": tmp_path / "sauvegardes"}
    settings = Settings(planning={"sauvegarde": "0 4 * * *"}, sauvegarde=where)
    found = {one.name: one.schedule for one in planned(settings, CLOCK)}
    assert found["sauvegarde"] == cron_of("0 4 * * *")


def test_metrics_cannot_be_planned_without_a_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"metriques\.fichier"):
        planned(Settings(planning={"metriques": "1 min"}), CLOCK)

    settings = Settings(planning={"metriques": "1 min"}, metriques={"fichier": tmp_path / "x.prom"})
    assert planned(settings, CLOCK)[-1].schedule is not None


def test_a_secret_comes_from_its_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    with pytest.raises(ConfigurationError, match="fichier_secret illisible : fichier ou dossier"):
        notification_of(smtp(fichier_secret=secret))

    secret.write_text("un secret\n", encoding="utf-8")
    assert notification_of(smtp(fichier_secret=secret)).configured

    secret.write_text("été\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="doivent être en ASCII"):
        notification_of(smtp(fichier_secret=secret))


def test_the_check_of_the_configuration_tells_a_mistake_in_the_planning(tmp_path: Path) -> None:
    settings = Settings(
        planning={"bilans": "0 6 * * *"},
        folders={name: tmp_path / name for name in ("inbox", "outbox", "data")},
    )

    assert any("bilans" in fault for fault in check_config(settings))


def test_the_check_of_the_configuration_tells_commands_that_are_not_there(tmp_path: Path) -> None:
    settings = Settings(
        antivirus={"commande": [str(tmp_path / "absent")]},
        notification={"commande": ["true"]},
        folders={name: tmp_path / name for name in ("inbox", "outbox", "data")},
    )

    (told,) = (fault for fault in check_config(settings) if ".commande" in fault)
    assert told.startswith(f"antivirus.commande : {tmp_path / 'absent'} est introuvable")


@pytest.fixture
def installed(tmp_path: Path, database_url: str) -> Settings:
    """An installation with nothing in it but one partner."""
    partners = tmp_path / "partenaires.toml"
    partners.write_text(
        'defaut = "ABC123"\n[[partenaire]]\ncode = "ABC123"\nnom = "X"\n'
        'attendu = { cron = "0 11 * * *", tolerance = 5 }\n',
        encoding="utf-8",
    )
    return Settings(
        folders={name: tmp_path / "data" / name for name in ("inbox", "outbox", "data")},
        database={"url": database_url},
        partenaires={"file": partners},
        metriques={"fichier": tmp_path / "chorus.prom"},
        sauvegarde={"dossier": tmp_path / "sauvegardes"},
        planning={"metriques": "1 min", "sauvegarde": "0 4 * * *"},
    )


def test_beside_the_flows_every_task_that_is_due_runs_once(installed: Settings) -> None:
    clock = HandClock(at := local("2026-11-21T12:00"))
    with scheduled(installed, clock):
        pass
    clock.forward(seconds=50)
    with scheduled(installed, clock):
        pass

    with open_memory(installed) as (journal, _):
        runs = journal.runs()
        kinds = sorted(one.kind for one in journal.operations())
    assert set(runs) == {task.name for task in tasks(installed)} - {"releve", "envoi"}
    assert all(run.ended == at and not run.result.startswith(FAILED) for run in runs.values())
    assert kinds == [OperationKind.BILAN, OperationKind.SILENCE]
    assert installed.metriques.fichier is not None
    assert "chorus_edi_flows" in installed.metriques.fichier.read_text("utf-8")
    assert installed.sauvegarde.dossier is not None
    assert len([*installed.sauvegarde.dossier.glob("*/base.sqlite")]) == 1


def test_a_file_in_the_inbox_is_heard_of_its_partner_whoever_may_take_it(
    installed: Settings,
) -> None:
    now = HandClock(datetime.now(UTC))  # noqa: TID251 - the kernel dates the file
    slot = f"{now.now().astimezone(PARIS) - timedelta(minutes=5):%-M %-H} * * *"
    file = installed.partenaires.file
    file.write_text(file.read_text("utf-8").replace("0 11 * * *", slot), encoding="utf-8")
    installed.folders.inbox.mkdir(parents=True)
    half = installed.folders.inbox / "lente.xml.part"
    half.write_bytes(b"x")

    assert watching.silence(installed, now) == "1 partenaire attendu, 1 sans dépôt."

    half.rename(installed.folders.inbox / "lente.xml")
    assert watching.silence(installed, now) == "1 partenaire attendu, 0 sans dépôt."


def test_a_broken_partners_file_fails_one_task_and_no_other(installed: Settings) -> None:
    installed.partenaires.file.write_text("defaut = 3", encoding="utf-8")
    upkeep = {"purge": "", "sauvegarde": ""}

    with scheduled(installed.model_copy(update={"planning": upkeep}), CLOCK):
        pass

    with open_memory(installed) as (journal, _):
        failed = [name for name, run in journal.runs().items() if run.result.startswith(FAILED)]
        (told,) = journal.operations(kind=OperationKind.TACHE_ECHOUEE)
    assert failed == ["silence"]
    assert told.subject == "silence"


def test_what_could_not_begin_for_want_of_the_database_is_made_good_within_a_minute(
    installed: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    clock = HandClock(local("2026-11-21T07:00"))
    nightly = Planned(name="x", label="X", schedule=cron_of("0 7 * * *"), work=lambda: "Fait.")
    assert nightly.schedule is not None
    runner = _Runner(nightly, nightly.schedule, installed, clock)
    wakes = Wakes(nightly.schedule)
    with monkeypatch.context() as broken:
        broken.setattr(watching, "open_memory", _no_database)
        runner.wake()
        runner.join()
    assert "tâche x : base arrêtée" in caplog.text

    assert wakes.get_next_fire_time(None, clock.now()) == local("2026-11-21T07:01")
    clock.forward(minutes=1)
    runner.wake()
    runner.join()

    with open_memory(installed) as (journal, _):
        (run,) = journal.runs().values()
    assert (run.due, run.result) == (local("2026-11-21T07:00"), "Fait.")


def _no_database(*_: object, **__: object) -> NoReturn:
    raise Incident("base arrêtée")


def test_a_wake_at_which_nothing_is_due_does_not_even_open_the_database(
    installed: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    clock = HandClock(local("2026-11-21T07:00"))
    nightly = Planned(name="x", label="X", schedule=cron_of("0 7 * * *"), work=lambda: "Fait.")
    assert nightly.schedule is not None
    runner = _Runner(nightly, nightly.schedule, installed, clock)
    runner.wake()
    runner.join()

    monkeypatch.setattr(watching, "open_memory", _no_database)
    clock.forward(hours=23)
    runner.wake()
    runner.join()
    assert caplog.text == ""

    clock.forward(hours=1)
    runner.wake()
    runner.join()
    assert "base arrêtée" in caplog.text
