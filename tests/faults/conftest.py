"""Nights, the volumes they may be on, and what an undisturbed one leaves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from chorus_edi.bootstrap import running
from tests.faults.nights import Examiners, Installation, Left
from tests.faults.volumes import Volume, volume


@pytest.fixture(scope="session")
def examiners(tmp_path_factory: pytest.TempPathFactory) -> Examiners:
    return Examiners(tmp_path_factory.mktemp("directory"))


@pytest.fixture(autouse=True)
def _examined_here(examiners: Examiners, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "supervised", examiners.supervised)


@pytest.fixture(scope="session")
def undisturbed(tmp_path_factory: pytest.TempPathFactory, examiners: Examiners) -> Left:
    """What a night leaves that meets no fault."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(running, "supervised", examiners.supervised)
        installation = Installation(tmp_path_factory.mktemp("undisturbed") / "data")
        assert installation.run().delayed == {}
    return installation.left()


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    return Installation(tmp_path / "data")


@pytest.fixture
def on_a_volume() -> Iterator[Callable[[Path], Volume]]:
    """Puts a folder on a volume of its own until the end of the test."""
    mounted: list[Volume] = []

    def mount(folder: Path) -> Volume:
        mounted.append(volume(folder))
        return mounted[-1]

    yield mount
    for one in mounted:
        one.close()
