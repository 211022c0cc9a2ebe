"""The moments a crash test may choose: armed for one passage, harmless otherwise."""

from __future__ import annotations

import os
import re
import signal
from pathlib import Path

import pytest

import chorus_edi
from chorus_edi.pipeline import crashpoints
from chorus_edi.pipeline.crashpoints import POINTS, arm, reach


@pytest.fixture
def killed(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """Signals sent instead of dying; whatever was armed is disarmed afterwards."""
    sent: list[tuple[int, int]] = []
    monkeypatch.setattr(crashpoints, "_armed", None)
    monkeypatch.setattr(os, "kill", lambda pid, number: sent.append((pid, number)))
    return sent


def test_in_service_reaching_a_point_does_nothing(killed: list[tuple[int, int]]) -> None:
    for point in POINTS:
        reach(point)

    assert killed == []


def test_the_process_dies_by_sigkill_at_the_passage_it_was_armed_for(
    killed: list[tuple[int, int]],
) -> None:
    arm("decided", 3)

    reach("decided")
    reach("decided")
    assert killed == []
    reach("decided")

    assert killed == [(os.getpid(), signal.SIGKILL)]


def test_the_passages_of_other_points_do_not_count(killed: list[tuple[int, int]]) -> None:
    arm("closed", 1)

    for point in POINTS:
        if point != "closed":
            reach(point)

    assert killed == []


def test_a_point_that_does_not_exist_cannot_be_armed(killed: list[tuple[int, int]]) -> None:
    with pytest.raises(ValueError, match="nowhere"):
        arm("nowhere", 1)

    reach("nowhere")
    assert killed == []


def test_every_point_is_reached_once_in_the_code_and_no_other_is() -> None:
    source = Path(chorus_edi.__file__).parent / "pipeline"
    reached = [
        point
        for path in source.glob("*.py")
        for point in re.findall(r'\breach\("(\w+)"\)', path.read_text("utf-8"))
    ]

    assert sorted(reached) == sorted(POINTS)
