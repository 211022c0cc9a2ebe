"""Partners who deposit nothing when they should are told of, once a slot; on both databases."""

from __future__ import annotations

from datetime import date, datetime
from itertools import count

import pytest
from msgspec.structs import replace
from sqlalchemy import Engine

from chorus_edi.adapters.store.counting import SqlCounts
from chorus_edi.adapters.store.journal import SqlJournal
from chorus_edi.adapters.store.store import SqlStore
from chorus_edi.domain.operations import Operation, OperationKind
from chorus_edi.domain.partners import Expected, Partner
from chorus_edi.domain.schedules import cron_of
from chorus_edi.services.silence import look
from tests.integration.flows import arrival
from tests.watch import HandClock, local

ABC = Partner(code="ABC123", name="Papier", expected=Expected(cron=cron_of("0 22 * * *")))
FREE = Partner(code="FAC001", name="Libre")


class Watch:
    """An installation whose partners are watched."""

    def __init__(self, engine: Engine) -> None:
        self.journal, self.counts = SqlJournal(engine), SqlCounts(engine)
        self.store = SqlStore(engine)
        self.clock = HandClock(local("2026-11-20T12:00"))
        self.partners = {one.code: one for one in (ABC, FREE)}
        self.waiting: dict[str, datetime] = {}
        self._names = count(1)

    def deposit(self, at: str, partner: str = "ABC123") -> None:
        self.store.claim([arrival(f"{next(self._names)}.xml", partner)], local(at))

    def look(self, at: str) -> str:
        self.clock.at = local(at)
        return look(self.journal, self.counts, self.partners, self.waiting, self.clock.now())

    def told(self) -> list[tuple[OperationKind, str]]:
        return [(one.kind, one.key) for one in self.journal.operations()]

    def only(self, kind: OperationKind) -> Operation:
        (found,) = self.journal.operations(kind=kind)
        return found


@pytest.fixture
def watch(engine: Engine) -> Watch:
    return Watch(engine)


SILENT = (OperationKind.SILENCE, "silence:ABC123:2026-11-21T22:00+01:00")
OVER = (OperationKind.SILENCE_FINI, "silence:ABC123:2026-11-21T22:00+01:00:fini")


def test_a_slot_without_a_deposit_is_told_as_soon_as_its_tolerance_is_over(watch: Watch) -> None:
    watch.deposit("2026-11-20T22:10")

    watch.look("2026-11-21T22:59")
    assert watch.told() == []

    said = watch.look("2026-11-21T23:00")
    assert watch.told() == [SILENT]
    assert said == "1 partenaire attendu, 1 sans dépôt."
    assert watch.only(OperationKind.SILENCE).detail == (
        "Rien reçu de Papier pour le créneau du 21/11/2026 22:00 (± 60 min) ; "
        "dernier dépôt le 20/11/2026 22:10."
    )


def test_a_silence_is_told_once(watch: Watch) -> None:
    for minute in range(5):
        watch.look(f"2026-11-21T23:0{minute}")
    watch.look("2026-11-22T12:00")

    assert watch.told() == [SILENT]


@pytest.mark.parametrize("at", ["21:00", "22:00", "22:59"])
def test_a_deposit_from_the_tolerance_on_serves_the_slot(watch: Watch, at: str) -> None:
    watch.deposit(f"2026-11-21T{at}")

    watch.look("2026-11-21T23:00")

    assert watch.told() == []


def test_a_deposit_before_the_tolerance_serves_it_not(watch: Watch) -> None:
    watch.deposit("2026-11-21T20:59")

    watch.look("2026-11-21T23:00")

    assert watch.told() == [SILENT]


def test_another_partner_s_deposit_serves_it_not(watch: Watch) -> None:
    watch.deposit("2026-11-21T22:00", "FAC001")

    watch.look("2026-11-21T23:00")

    assert watch.told() == [SILENT]


def test_a_late_deposit_ends_the_silence_once(watch: Watch) -> None:
    watch.look("2026-11-21T23:00")
    watch.deposit("2026-11-22T05:00")

    watch.look("2026-11-22T05:01")
    watch.look("2026-11-22T05:02")

    assert watch.told() == [SILENT, OVER]
    assert watch.only(OperationKind.SILENCE_FINI).detail == (
        "Papier a déposé le 22/11/2026 05:00 ; son silence avait été signalé le 21/11/2026 23:00."
    )


def test_a_file_that_still_lies_in_the_inbox_is_a_deposit(watch: Watch) -> None:
    watch.waiting["ABC123"] = local("2026-11-21T22:30")

    watch.look("2026-11-21T23:00")
    assert watch.told() == []

    watch.waiting["ABC123"] = local("2026-11-21T22:30")
    watch.look("2026-11-22T23:00")
    assert len(watch.told()) == 1, "yesterday's file serves no slot of today"


def test_each_missed_slot_is_told_with_those_before_it(watch: Watch) -> None:
    watch.deposit("2026-11-18T22:00")

    watch.look("2026-11-19T23:00")
    watch.look("2026-11-20T23:00")

    details = [one.detail for one in watch.journal.operations()]
    assert [("manqué" in detail) for detail in details] == [False, True]
    assert details[1].endswith("dernier dépôt le 18/11/2026 22:00 ; 1 créneau manqué avant "
                               "celui-ci.")  # fmt: skip


def test_after_a_stop_only_the_last_missed_slot_is_told(watch: Watch) -> None:
    watch.deposit("2026-11-01T22:00")
    watch.look("2026-11-01T23:00")

    watch.look("2026-11-22T08:00")

    assert watch.told() == [SILENT]
    assert "19 créneaux manqués avant celui-ci" in watch.only(OperationKind.SILENCE).detail


def test_after_a_stop_a_silence_that_ended_meanwhile_is_told_as_over(watch: Watch) -> None:
    watch.look("2026-11-19T23:00")
    watch.deposit("2026-11-20T22:00")
    watch.deposit("2026-11-21T22:00")

    watch.look("2026-11-22T08:00")

    assert [kind for kind, _ in watch.told()] == [
        OperationKind.SILENCE,
        OperationKind.SILENCE_FINI,
    ]


def test_a_deposit_between_two_missed_slots_ends_the_first(watch: Watch) -> None:
    watch.look("2026-11-20T23:00")
    watch.deposit("2026-11-21T05:00")

    watch.look("2026-11-21T23:00")

    assert [kind for kind, _ in watch.told()] == [
        OperationKind.SILENCE,
        OperationKind.SILENCE_FINI,
        OperationKind.SILENCE,
    ]


def test_a_partner_is_not_expected_on_days_on_which_it_may_not_deposit(watch: Watch) -> None:
    watch.partners["ABC123"] = replace(ABC, active_from=date(2026, 11, 22))

    watch.look("2026-11-21T23:00")
    assert watch.told() == []

    watch.look("2026-11-22T23:00")
    assert len(watch.told()) == 1


def test_slots_follow_working_days_and_legal_time(watch: Watch) -> None:
    weekly = Expected(cron=cron_of("0 22 * * 1-5"), tolerance=30)
    watch.partners["ABC123"] = replace(ABC, expected=weekly)
    watch.deposit("2026-10-23T22:00")  # the Friday before clocks went back

    watch.look("2026-10-26T22:29")
    assert watch.told() == []

    watch.look("2026-10-26T22:30")
    assert watch.told() == [(OperationKind.SILENCE, "silence:ABC123:2026-10-26T22:00+01:00")]


def test_who_was_never_heard_is_told_of_too(watch: Watch) -> None:
    watch.look("2026-11-21T23:00")

    assert watch.only(OperationKind.SILENCE).detail.endswith("aucun dépôt à ce jour.")
