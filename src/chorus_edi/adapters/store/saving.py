"""Puts a database into one file, as it is at one moment, and back; and reads flows from that file.

One format for both kinds, so that a backup is restored into either. SQLite copies its own pages;
PostgreSQL is copied row by row in one transaction that sees nothing of what others write:
``pg_dump`` would need the programs of the server's version on this machine.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Engine, MetaData, Table, inspect, select, text

from chorus_edi.adapters.store.copying import copy, table_counts
from chorus_edi.adapters.store.engine import open_engine, reading, writing
from chorus_edi.adapters.store.schema import migrate, version_of
from chorus_edi.adapters.store.tables import flux, purge
from chorus_edi.domain.flux import Flux
from chorus_edi.errors import ConfigurationError, Incident

_APART = 1_000_000
"""Flow numbers that are passed over: those given after the backup are in other people's hands."""


def save(engine: Engine, path: Path) -> str:
    """Write a database into a new file, as it is now; return its revision.

    Raises:
        ConfigurationError: there is no schema in it.
        Incident: the database or the disk failed.
    """
    version = version_of(engine)
    if version is None:
        raise ConfigurationError("cette base est vide : il n'y a rien à sauvegarder")
    if engine.dialect.name == "sqlite":
        _copy_pages(engine, path)
        return version
    target = open_engine(f"sqlite:///{path}")
    try:
        migrate(target, version)
        copy(engine, target)
    finally:
        target.dispose()
    _make_plain(path)
    return version


def flows_in(path: Path) -> Iterator[Flux]:
    """Yield the flows of such a file in claim order, whatever its revision."""
    engine = open_engine(f"sqlite:///{path}")
    try:
        with reading(engine) as connection:
            held = Table("flux", MetaData(), autoload_with=connection)
            known = [column for column in flux.columns if column.name in held.columns]
            statement = select(*known).order_by(flux.c.sequence)
            with connection.execute(statement, execution_options={"yield_per": 500}) as rows:
                for row in rows:
                    yield Flux(**row._mapping)
    finally:
        engine.dispose()


def dismissed_in(path: Path) -> set[str]:
    """Return the flows whose stored file was purged, or is about to be."""
    engine = open_engine(f"sqlite:///{path}")
    try:
        with reading(engine) as connection:
            if not inspect(connection).has_table(purge.name):
                return set()
            return set(connection.scalars(select(purge.c.numero_flux)))
    finally:
        engine.dispose()


def is_empty(engine: Engine) -> bool:
    """True where a database has no schema, or no row.

    Raises:
        Incident: the database failed.
    """
    return version_of(engine) is None or not any(table_counts(engine).values())


def restore(path: Path, engine: Engine, version: str) -> None:
    """Fill an empty database from such a file; all of it or nothing. The file is used up.

    Flow numbers go on far behind those of the file.

    Raises:
        Incident: the database or the disk failed.
    """
    source = open_engine(f"sqlite:///{path}")
    try:
        with writing(source) as connection:
            passed = text("UPDATE counter SET value = value + :apart WHERE name = 'flux'")
            connection.execute(passed, {"apart": _APART})
        if engine.dialect.name != "sqlite":
            migrate(engine, version)
            copy(source, engine)
    finally:
        source.dispose()
    if engine.dialect.name == "sqlite":
        _make_plain(path)
        path.replace(engine.url.database or "")
    else:
        path.unlink()


def _copy_pages(engine: Engine, path: Path) -> None:
    database = sqlite3.connect(engine.url.database or "")
    try:
        target = sqlite3.connect(path)
        try:
            # At one go: a copy in steps begins anew whenever somebody writes in between.
            database.backup(target)
        finally:
            target.close()
    except sqlite3.Error as error:
        raise Incident(f"copie de la base impossible : {error}") from error
    finally:
        database.close()
    _make_plain(path)


def _make_plain(path: Path) -> None:
    """Let a file be all there is of its database: no journal beside it, to be opened anywhere."""
    database = sqlite3.connect(path)
    try:
        database.execute("PRAGMA journal_mode = DELETE").close()
    finally:
        database.close()
