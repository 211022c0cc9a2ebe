"""Killed at random moments, a night ends as one that nobody disturbed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.crash.random_kills import trials

SEED = 20_261_121


def test_a_night_killed_at_random_moments_ends_as_an_undisturbed_one(
    tmp_path: Path, new_database: Callable[[], str]
) -> None:
    databases = [new_database() for _ in range(4)]

    done = trials(tmp_path, databases, kills=4, invoices=40, seed=SEED)

    assert sum(trial.kills for trial in done) >= 1, done
    assert [trial for trial in done if not trial.same] == []
