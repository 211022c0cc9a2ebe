"""The moments a crash test may choose: told to whoever listens, harmless otherwise."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import chorus_edi
from chorus_edi.pipeline.crashpoints import POINTS, listen, reach


@pytest.fixture(autouse=True)
def nobody_listens() -> Iterator[None]:
    yield
    listen(None)


def test_whoever_listens_is_told_every_point_in_its_order() -> None:
    told: list[str] = []
    listen(told.append)

    for point in POINTS:
        reach(point)

    assert tuple(told) == POINTS


def test_who_no_longer_listens_is_told_nothing() -> None:
    told: list[str] = []
    listen(told.append)
    listen(None)

    for point in POINTS:
        reach(point)

    assert told == []


def test_every_point_is_reached_once_in_the_code_and_no_other_is() -> None:
    source = Path(chorus_edi.__file__).parent / "pipeline"
    reached = [
        point
        for path in source.glob("*.py")
        for point in re.findall(r'\breach\("(\w+)"\)', path.read_text("utf-8"))
    ]

    assert sorted(reached) == sorted(POINTS)
