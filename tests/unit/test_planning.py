"""What is due, decided from the last run and the present alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from chorus_edi.domain.schedules import cron_of, schedule_of
from chorus_edi.ports.operations import TaskRun
from chorus_edi.services.planning import COLUMNS, Planned, due, rows
from tests.watch import local

NIGHTLY = cron_of("30 2 * * *")


def ran(planned: datetime, *, ended: bool = True) -> TaskRun:
    return TaskRun(due=planned, began=planned, ended=planned if ended else None)


def test_a_task_that_never_ran_is_due():
    assert due(NIGHTLY, None, local("2026-11-21T12:00")) == local("2026-11-21T02:30")


def test_a_task_is_not_due_before_its_next_time():
    last = ran(local("2026-11-21T02:30"))

    assert due(NIGHTLY, last, local("2026-11-22T02:29")) is None
    assert due(NIGHTLY, last, local("2026-11-22T02:30")) == local("2026-11-22T02:30")


def test_of_all_the_times_missed_only_the_last_is_caught_up():
    last = ran(local("2026-11-01T02:30"))
    now = local("2026-11-21T12:00")

    planned = due(NIGHTLY, last, now)

    assert planned == local("2026-11-21T02:30")
    assert due(NIGHTLY, ran(planned), now) is None


def test_a_run_that_died_is_due_again():
    died = ran(local("2026-11-21T02:30"), ended=False)

    assert due(NIGHTLY, died, local("2026-11-21T02:31")) == local("2026-11-21T02:30")


def test_in_spring_a_skipped_time_is_settled_once():
    last = ran(local("2026-03-28T02:30"))
    sunday = datetime(2026, 3, 29, 1, 30, tzinfo=UTC)  # 03:30 in Paris, which had no 02:30

    assert due(NIGHTLY, last, sunday - timedelta(minutes=1)) is None
    assert due(NIGHTLY, last, sunday) == sunday
    assert due(NIGHTLY, ran(sunday), sunday + timedelta(hours=3)) is None


def test_in_autumn_a_time_that_comes_twice_is_settled_once():
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    second = first + timedelta(hours=1)

    assert due(NIGHTLY, ran(local("2026-10-24T02:30")), first) == first
    assert due(NIGHTLY, ran(first), second) is None


def test_a_task_of_every_five_minutes_misses_nothing_when_clocks_change():
    every, at = schedule_of("5 min"), datetime(2026, 10, 24, 22, tzinfo=UTC)
    settled = []
    run = None
    for minute in range(5 * 60):
        now = at + timedelta(minutes=minute)
        planned = due(every, run, now)
        if planned is not None:
            settled.append(planned)
            run = ran(planned)

    assert settled == [at + timedelta(minutes=m) for m in range(0, 5 * 60, 5)]


def test_a_clock_that_was_far_ahead_does_not_keep_a_task_from_running():
    ahead = ran(local("2031-01-01T02:30"))

    assert due(NIGHTLY, ahead, local("2026-11-21T12:00")) == local("2026-11-21T02:30")


def test_the_list_says_when_each_task_runs_ran_and_what_it_did():
    tasks = [
        Planned(name="bilan", label="Bilan", schedule=cron_of("0 7 * * *"), work=str),
        Planned(name="purge", label="Purge", schedule=None, work=str),
        Planned(name="envoi", label="Envoi", schedule=schedule_of("1 min"), work=str),
    ]
    began = local("2026-11-21T07:00")
    done = TaskRun(due=began, began=began, ended=began + timedelta(seconds=3), result="Fait.")
    died = TaskRun(due=began, began=began)

    found = rows(tasks, {"bilan": done, "envoi": died}, local("2026-11-21T12:00"))

    assert all(tuple(row) == COLUMNS for row in found)
    assert [tuple(row.values())[2:] for row in found] == [
        ("0 7 * * *", local("2026-11-22T07:00"), began, 3, "Fait."),
        ("non planifiée", None, None, None, None),
        ("1 min", local("2026-11-21T12:01"), began, None, "En cours, ou interrompue."),
    ]
