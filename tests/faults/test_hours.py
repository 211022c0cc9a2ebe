"""A service that has its hours takes nothing outside them, and finishes what was begun."""

from __future__ import annotations

from datetime import timedelta

from chorus_edi import bootstrap
from chorus_edi.domain.flux import Arrival
from tests.faults.nights import FLOWS, RENAMED, Installation
from tests.watch import HandClock, local

HALF_PAST_TWO = local("2026-11-21T02:30")


class Moving(HandClock):
    """Goes on by what the service waits."""

    def __init__(self) -> None:
        super().__init__(HALF_PAST_TWO)

    def passed(self, seconds: float) -> None:
        self.at = HALF_PAST_TWO + timedelta(seconds=seconds)


def hold(installation: Installation, hours: str, more: str = "") -> None:
    installation.agree(RENAMED)
    installation.configure(f'[scan]\nfenetre = "{hours}"\n{more}')


def waiting(installation: Installation) -> int:
    return sum(path.is_file() for path in installation.inbox.rglob("*"))


def test_outside_its_hours_a_service_takes_nothing(installation: Installation) -> None:
    hold(installation, "08:00-20:00")
    before = waiting(installation)
    clock = Moving()

    def until_eight(seconds: float) -> bool:
        clock.passed(seconds)
        assert waiting(installation) == before
        return seconds < 3600

    summary = installation.serve(clock, until_eight)

    assert summary.flows == 0


def test_within_its_hours_which_cross_midnight_it_takes_them(installation: Installation) -> None:
    hold(installation, "20:00-06:00")

    assert installation.serve(Moving(), lambda seconds: seconds < 30).flows == FLOWS
    assert waiting(installation) == 0


def test_it_begins_when_its_hours_do_however_seldom_it_looks(installation: Installation) -> None:
    hold(installation, "08:00-20:00", "interval = 86400\n")
    clock = Moving()
    waits: list[float] = []

    def until_all_is_taken(seconds: float) -> bool:
        waits.append(seconds)
        clock.passed(seconds)
        return waiting(installation) > 0

    summary = installation.serve(clock, until_all_is_taken)

    assert summary.flows == FLOWS
    assert waits[0] == timedelta(hours=5, minutes=30).total_seconds()


def test_what_was_begun_is_finished_outside_its_hours(installation: Installation) -> None:
    hold(installation, "08:00-20:00")
    before = waiting(installation)
    first = next(path for path in sorted(installation.inbox.rglob("*")) if path.is_file())
    partner = first.parent.name
    begun = Arrival(partner=partner, filename=first.name, path=f"{partner}/{first.name}")
    with bootstrap.open_store(installation.settings, create=True) as store:
        store.claim([begun], HALF_PAST_TWO)

    summary = installation.serve(Moving(), lambda seconds: seconds < 30)

    assert summary.flows == 1
    assert waiting(installation) == before - 1


def test_a_single_run_has_no_hours(installation: Installation) -> None:
    hold(installation, "08:00-20:00")

    assert installation.run().flows == FLOWS


def test_a_partner_may_have_hours_of_his_own(installation: Installation) -> None:
    hold(installation, "08:00-20:00", "interval = 86400\n")
    partners = installation.folder.root / "partenaires.toml"
    code = 'code = "PDP777"\n'
    text = partners.read_text("utf-8")
    assert code in text
    partners.write_text(text.replace(code, f'{code}fenetre = "03:00-04:00"\n'), "utf-8")
    other = installation.inbox / "PDP777"
    other.mkdir()
    (other / "la-sienne.xml").write_bytes(b"<x/>")
    before = waiting(installation)
    clock = Moving()
    left: list[tuple[float, int]] = []

    def until_all_is_taken(seconds: float) -> bool:
        left.append((seconds, waiting(installation)))
        clock.passed(seconds)
        return waiting(installation) > 0

    installation.serve(clock, until_all_is_taken)

    at_three, at_eight = 30 * 60, 330 * 60
    assert left == [(at_three, before), (at_eight, before - 1), (left[-1][0], 0)]
