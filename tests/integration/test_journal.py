"""Events of the installation and runs of its tasks, remembered on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from chorus_edi.adapters.store.engine import open_engine
from chorus_edi.adapters.store.journal import SqlJournal
from chorus_edi.domain.operations import Operation, OperationKind
from chorus_edi.ports.operations import TaskRun
from tests.integration.flows import AT, later

SILENCE = Operation(
    key="silence:ABC123:2026-10-01T22:00",
    kind=OperationKind.SILENCE,
    subject="ABC123",
    detail="Aucun dépôt depuis 22:00.",
    at=AT,
)
PANNE = Operation(
    key="sftp:banque:1",
    kind=OperationKind.SFTP_PANNE,
    subject="banque",
    detail="Connexion refusée.",
    at=later(5),
)


@pytest.fixture
def journal(engine: Engine) -> SqlJournal:
    return SqlJournal(engine)


def test_events_are_told_in_the_order_in_which_they_came(journal: SqlJournal) -> None:
    assert journal.signal(PANNE)
    assert journal.signal(SILENCE)

    assert journal.operations() == [PANNE, SILENCE]


def test_an_event_told_again_is_the_same_event(journal: SqlJournal) -> None:
    journal.signal(SILENCE)

    again = journal.signal(
        Operation(
            key=SILENCE.key, kind=SILENCE.kind, subject="ABC123", detail="Autre.", at=later(9)
        )
    )

    assert not again
    assert journal.operations() == [SILENCE]


def test_events_are_found_by_kind_subject_and_time(journal: SqlJournal) -> None:
    journal.signal(SILENCE)
    journal.signal(PANNE)

    assert journal.operations(kind=OperationKind.SFTP_PANNE) == [PANNE]
    assert journal.operations(subject="ABC123") == [SILENCE]
    assert journal.operations(since=AT + timedelta(seconds=1)) == [PANNE]


def test_who_was_told_once_is_not_told_again(journal: SqlJournal) -> None:
    journal.signal(SILENCE)
    journal.signal(PANNE)

    journal.notified(SILENCE.key, later(1))
    journal.notified(SILENCE.key, later(2))

    assert journal.operations(pending=True) == [PANNE]
    assert journal.operations()[0].notified_at == later(1)


def test_the_last_run_of_a_task_is_remembered(journal: SqlJournal) -> None:
    journal.began("bilan", AT, later(1))
    assert journal.runs() == {"bilan": TaskRun(due=AT, began=later(1))}

    journal.ended("bilan", later(2), "3 partenaires.")
    journal.began("purge", later(3), later(3))

    assert journal.runs()["bilan"] == TaskRun(
        due=AT, began=later(1), ended=later(2), result="3 partenaires."
    )
    journal.began("bilan", later(9), later(9))
    assert journal.runs()["bilan"] == TaskRun(due=later(9), began=later(9))


def test_the_last_event_of_each_subject_says_what_is_open(journal: SqlJournal) -> None:
    journal.signal(PANNE)
    journal.signal(SILENCE)
    back = Operation(
        key="sftp:banque:2",
        kind=OperationKind.SFTP_RETABLI,
        subject="banque",
        detail="Connecté.",
        at=later(9),
    )
    kinds = (OperationKind.SFTP_PANNE, OperationKind.SFTP_RETABLI)
    assert journal.latest(kinds) == {"banque": PANNE}

    journal.signal(back)

    assert journal.latest(kinds) == {"banque": back}
    assert journal.latest((OperationKind.SILENCE,)) == {"ABC123": SILENCE}
    assert journal.latest((OperationKind.BILAN,)) == {}


def test_events_that_several_tasks_tell_at_once_are_all_kept(database_url: str) -> None:
    engine = open_engine(database_url)
    journal = SqlJournal(engine)

    def signal(number: int) -> bool:
        return journal.signal(
            Operation(
                key=f"{number}",
                kind=OperationKind.TACHE_ECHOUEE,
                subject="x",
                detail="",
                at=AT,
            )
        )

    with ThreadPoolExecutor(6) as threads:
        assert all(threads.map(signal, range(60)))

    assert {one.key for one in journal.operations()} == {f"{number}" for number in range(60)}
    engine.dispose()
