"""Tasks run when they are due, are caught up once, and fail without harm; on both databases."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import Engine

from chorus_edi.adapters.store.journal import SqlJournal
from chorus_edi.domain.operations import OperationKind
from chorus_edi.domain.schedules import schedule_of
from chorus_edi.errors import ConfigurationError, Incident
from chorus_edi.services.planning import Planned, perform
from tests.watch import HandClock, local


class Killed(BaseException):
    """Stands for the end of the process."""


def done() -> str:
    return "Fait."


class Work:
    """Counts how often it was done, and does what it is told."""

    def __init__(self, how: Callable[[], str] = done) -> None:
        self.times = 0
        self.how = how

    def __call__(self) -> str:
        self.times += 1
        return self.how()


@pytest.fixture
def journal(engine: Engine) -> SqlJournal:
    return SqlJournal(engine)


@pytest.fixture
def clock() -> HandClock:
    return HandClock(local("2026-11-21T12:00"))


def nightly(work: Callable[[], str], when: str | None = "0 3 * * *") -> Planned:
    schedule = schedule_of(when) if when else None
    return Planned(name="purge", label="Purge", schedule=schedule, work=work)


def failing(error: BaseException) -> Callable[[], str]:
    def fail() -> str:
        raise error

    return fail


def test_a_task_runs_once_for_each_of_its_times(journal: SqlJournal, clock: HandClock) -> None:
    work = Work()
    clock.at = local("2026-11-21T03:00")
    for _ in range(3 * 24 * 60):
        perform(nightly(work), journal, clock)
        clock.forward(minutes=1)

    assert work.times == 3
    run = journal.runs()["purge"]
    assert (run.due, run.result) == (local("2026-11-23T03:00"), "Fait.")
    assert journal.operations() == []


def test_runs_missed_while_the_service_was_down_are_caught_up_by_one(
    journal: SqlJournal, clock: HandClock
) -> None:
    work = Work()
    perform(nightly(work), journal, clock)
    clock.forward(days=20)

    perform(nightly(work), journal, clock)
    perform(nightly(work), journal, clock)

    assert work.times == 2
    assert journal.runs()["purge"].due == local("2026-12-11T03:00")


def test_a_task_that_died_running_is_run_again_by_the_next_start(
    journal: SqlJournal, clock: HandClock
) -> None:
    work = Work(failing(Killed()))
    with pytest.raises(Killed):
        perform(nightly(work), journal, clock)
    assert journal.runs()["purge"].ended is None
    clock.forward(minutes=1)

    work.how = done
    perform(nightly(work), journal, clock)

    assert work.times == 2
    assert journal.runs()["purge"].result == "Fait."


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (Incident("serveur muet"), "Échec : serveur muet"),
        (ConfigurationError("clé absente"), "Échec : clé absente"),
        (PermissionError(13, "no", "/x"), "Échec : droit refusé : /x"),
        (KeyError("x"), "Échec : défaut du programme, à signaler : KeyError: 'x'"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_task_that_fails_is_told_and_tried_at_its_next_time(
    journal: SqlJournal, clock: HandClock, error: Exception, told: str
) -> None:
    work = Work(failing(error))
    perform(nightly(work), journal, clock)
    perform(nightly(work), journal, clock)
    assert work.times == 1
    assert journal.runs()["purge"].result == told

    (event,) = journal.operations()
    assert (event.kind, event.subject) == (OperationKind.TACHE_ECHOUEE, "purge")
    assert told in event.detail

    clock.forward(days=1)
    work.how = done
    perform(nightly(work), journal, clock)
    assert journal.runs()["purge"].result == "Fait."


def test_a_task_that_fails_all_day_is_told_once_a_day(
    journal: SqlJournal, clock: HandClock
) -> None:
    work = Work(failing(Incident("muet")))
    clock.at = local("2026-11-21T23:57")
    for _ in range(6):
        perform(nightly(work, "1 min"), journal, clock)
        clock.forward(minutes=1)

    assert work.times == 6
    assert [one.key for one in journal.operations()] == [
        "tache:purge:2026-11-21",
        "tache:purge:2026-11-22",
    ]


def test_a_task_that_nobody_planned_never_runs(journal: SqlJournal, clock: HandClock) -> None:
    work = Work()

    perform(nightly(work, None), journal, clock)

    assert work.times == 0
    assert journal.runs() == {}
