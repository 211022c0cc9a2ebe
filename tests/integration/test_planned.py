"""The table of tasks as the settings plan it, and what a notification needs to begin."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from chorus_edi.bootstrap.installation import check_config
from chorus_edi.bootstrap.planning import planned, tasks
from chorus_edi.bootstrap.watching import notification_of
from chorus_edi.domain.schedules import cron_of
from chorus_edi.errors import ConfigurationError
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
    assert {one.name for one in found if one.schedule is None} == {"metriques"}


def test_settings_plan_a_task_otherwise_or_turn_it_off() -> None:
    settings = Settings(planning={"bilan": "0 6 * * *", "silence": ""})

    found = {one.name: one.schedule for one in planned(settings, CLOCK)}

    assert found["bilan"] == cron_of("0 6 * * *")
    assert found["silence"] is None


def test_a_task_that_there_is_none_of_is_told_with_those_that_there_are() -> None:
    with pytest.raises(ConfigurationError, match=r"inconnue : bilans \(silence, espace, bilan"):
        planned(Settings(planning={"bilans": "0 6 * * *"}), CLOCK)


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
