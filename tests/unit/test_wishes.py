"""What a service waits for, and what ends its waiting."""

from __future__ import annotations

from chorus_edi.bootstrap.wishes import Wishes

LONG = 3600.0


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
