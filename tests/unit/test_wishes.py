"""What a service that is up waits for, and what ends its waiting: signals, events, time."""

from __future__ import annotations

import signal

import pytest

from chorus_edi.bootstrap.wishes import Wishes
from chorus_edi.errors import Incident

LONG = 3600.0


@pytest.mark.parametrize("asked", [signal.SIGTERM, signal.SIGINT])
def test_a_wish_to_stop_wakes_who_waits_and_sets_the_limit(asked: signal.Signals) -> None:
    wishes = Wishes()
    with wishes.heeded(patience=3_600):
        signal.raise_signal(asked)

        wishes.wait(3_600)
        assert wishes.stop.is_set()
        assert 0 < signal.alarm(0) <= 3_600


def test_past_the_limit_what_was_begun_is_left_to_the_next_run() -> None:
    with Wishes().heeded(patience=60):
        signal.raise_signal(signal.SIGTERM)

        with pytest.raises(Incident, match="repris au prochain lancement"):
            signal.raise_signal(signal.SIGALRM)

    assert signal.alarm(0) == 0


def test_a_hang_up_asks_for_a_reload_and_stops_nothing() -> None:
    wishes = Wishes()
    with wishes.heeded(patience=60):
        signal.raise_signal(signal.SIGHUP)

    assert (wishes.reload.is_set(), wishes.stop.is_set()) == (True, False)


def test_signals_are_given_back_as_they_were() -> None:
    before = [signal.getsignal(one) for one in (signal.SIGTERM, signal.SIGHUP, signal.SIGALRM)]

    with Wishes().heeded(patience=60):
        pass

    after = [signal.getsignal(one) for one in (signal.SIGTERM, signal.SIGHUP, signal.SIGALRM)]
    assert after == before


def test_the_wish_to_stop_ends_a_pause() -> None:
    wishes = Wishes()
    wishes.stop.set()

    wishes.pause(LONG)


def test_an_event_of_the_inbox_does_not_shorten_a_pause() -> None:
    wishes = Wishes()
    wishes.wake.set()

    wishes.pause(0)

    assert wishes.wake.is_set()


def test_events_that_came_meanwhile_end_a_wait_once() -> None:
    wishes = Wishes()
    wishes.stop.set()
    for _ in range(1000):
        wishes.wake.set()

    wishes.wait(LONG)

    assert not wishes.wake.is_set()
