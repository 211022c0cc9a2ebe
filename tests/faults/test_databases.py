"""A database that is locked, restarted or gone in the middle of a night."""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from chorus_edi.adapters.store import engine
from chorus_edi.adapters.store.engine import open_engine
from chorus_edi.bootstrap.wishes import Wishes
from chorus_edi.errors import Incident
from tests.faults.nights import RENAMED, Clock, Installation, Left
from tests.postgresql import Server

MOMENTS = [0, 9, 21]
"""Readings of the clock, which comes before each commit."""


# -- SQLite --------------------------------------------------------------------------------------


class OtherProgram:
    """Another program that holds the database of an installation."""

    def __init__(self, database: Path) -> None:
        self._database = database
        self._held: list[sqlite3.Connection] = []

    def lock(self) -> None:
        self._held.append(sqlite3.connect(self._database, isolation_level=None))
        self._held[-1].execute("BEGIN IMMEDIATE")

    def release(self) -> None:
        while self._held:
            self._held.pop().close()


@pytest.fixture
def other(installation: Installation) -> Iterator[OtherProgram]:
    made = OtherProgram(installation.folder.root / "var" / "chorus_edi.db")
    yield made
    made.release()


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_database_locked_for_too_long_stops_the_run_and_the_next_one_ends_it(
    installation: Installation,
    undisturbed: Left,
    other: OtherProgram,
    monkeypatch: pytest.MonkeyPatch,
    moment: int,
) -> None:
    monkeypatch.setattr(engine, "open_engine", partial(engine.open_engine, patience=0.05))

    with pytest.raises(Incident, match="occupée trop longtemps par un autre programme"):
        installation.run(Clock(moment, other.lock))

    other.release()
    installation.run()
    assert installation.left() == undisturbed


# -- PostgreSQL ----------------------------------------------------------------------------------


@pytest.fixture
def on_a_server(
    tmp_path: Path, postgresql: Server, postgresql_template: str
) -> Iterator[Installation]:
    name = f"night{tmp_path.name}"
    yield Installation(tmp_path / "data", postgresql.create(name, postgresql_template))
    postgresql.drop(name)


@pytest.mark.postgresql
def test_a_server_restarted_between_two_commits_is_not_even_noticed(
    on_a_server: Installation, undisturbed: Left, postgresql: Server
) -> None:
    assert on_a_server.run(Clock(9, postgresql.restart)).delayed == {}

    assert on_a_server.left() == undisturbed


@pytest.mark.postgresql
@pytest.mark.parametrize("moment", [0, 14])
def test_a_server_that_died_stops_the_run_and_the_next_one_ends_it(
    on_a_server: Installation, undisturbed: Left, postgresql: Server, moment: int
) -> None:
    try:
        with pytest.raises(Incident, match="base de données indisponible"):
            on_a_server.run(Clock(moment, postgresql.stop))
    finally:
        postgresql.start()

    on_a_server.run()
    assert on_a_server.left() == undisturbed


@pytest.mark.postgresql
@pytest.mark.parametrize("statement", [12, 90])
def test_a_server_that_dies_within_a_transaction_keeps_nothing_of_it(
    on_a_server: Installation,
    undisturbed: Left,
    postgresql: Server,
    monkeypatch: pytest.MonkeyPatch,
    statement: int,
) -> None:
    executed = itertools.count(1)

    def die(*_: object) -> None:
        if next(executed) == statement:
            postgresql.restart()

    def opened(url: str) -> Engine:
        made = open_engine(url)
        event.listen(made, "before_cursor_execute", die)
        return made

    with monkeypatch.context() as dying:
        dying.setattr(engine, "open_engine", opened)
        with pytest.raises(Incident, match="base de données"):
            on_a_server.run()

    on_a_server.run()
    assert on_a_server.left() == undisturbed


@pytest.mark.postgresql
def test_the_service_outlives_a_server_that_comes_back(
    on_a_server: Installation,
    undisturbed: Left,
    postgresql: Server,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    pauses: list[float] = []

    def come_back(_: Wishes, seconds: float) -> None:
        pauses.append(seconds)
        postgresql.start()

    monkeypatch.setattr(Wishes, "pause", come_back)

    on_a_server.agree(RENAMED)
    on_a_server.serve(Clock(9, postgresql.stop))

    assert pauses == [10]
    assert "nouvel essai dans 10 s : base de données indisponible" in caplog.text
    assert on_a_server.left() == undisturbed
