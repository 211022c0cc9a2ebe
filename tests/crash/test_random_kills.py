"""Killed at random moments, a night ends as one that nobody disturbed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.crash.campaign import Nights, Tally, kill_at_random

SEED = 20_261_121


def test_a_night_killed_at_random_moments_ends_as_an_undisturbed_one(
    tmp_path: Path, new_database: Callable[[], str]
) -> None:
    nights, tally = Nights(tmp_path, new_database, invoices=40), Tally()

    kill_at_random(nights, nights.calm(), kills=4, seed=SEED, tally=tally)

    assert tally.random >= 4
    assert tally.faults == []
