"""Opens the database, SQLite or PostgreSQL, and its transactions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, exc, make_url

from chorus_edi.adapters.mounts import network_type, read_mountinfo
from chorus_edi.adapters.store.faults import translated
from chorus_edi.errors import ConfigurationError, reason

_WRITING = "chorus_edi_writing"


def open_engine(
    url: str, *, patience: float = 30.0, mountinfo: Callable[[], str] = read_mountinfo
) -> Engine:
    """Open a database; nothing is read yet.

    Args:
        url: ``sqlite:///path`` or ``postgresql://user@host/name`` (psycopg 3).
        patience: seconds that a writer waits for another one (SQLite).
        mountinfo: gives the text of ``/proc/self/mountinfo``.

    Raises:
        ConfigurationError: no such kind of database, a driver that is not installed, or SQLite on
            a network file system.
    """
    try:
        parsed = make_url(url)
    except exc.ArgumentError as error:
        raise ConfigurationError("database.url : adresse illisible") from error
    match parsed.get_backend_name():
        case "sqlite":
            return _open_sqlite(parsed, patience, mountinfo)
        case "postgresql":
            return _open_postgresql(parsed)
        case other:
            raise ConfigurationError(
                f"database.url : « {other} » n'est pas pris en charge ; indiquer sqlite:/// ou "
                "postgresql://"
            )


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One transaction that writes: all of it is kept, or nothing.

    Raises:
        Incident: the database failed; nothing was written.
        Defect: the database forbids it; nothing was written.
    """
    with (
        translated(),
        engine.connect().execution_options(**{_WRITING: True}) as connection,
        connection.begin(),
    ):
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One transaction that only reads.

    Raises:
        Incident: the database failed.
    """
    with translated(), engine.connect() as connection, connection.begin():
        yield connection


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """One transaction that sees the database as it is now, whoever writes meanwhile; only reads.

    Raises:
        Incident: the database failed.
    """
    options: dict[str, Any] = {}
    if engine.dialect.name == "postgresql":
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    # SQLite: a transaction sees what was committed before its first read, and nothing later.
    with (
        translated(),
        engine.connect().execution_options(**options) as connection,
        connection.begin(),
    ):
        yield connection


def _open_sqlite(url: URL, patience: float, mountinfo: Callable[[], str]) -> Engine:
    if not url.database or url.database == ":memory:":
        raise ConfigurationError("database.url : SQLite demande un fichier, pas la mémoire")
    folder = Path(url.database).resolve().parent
    _refuse_network(folder, mountinfo())
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigurationError(
            f"database.url : le dossier {folder} ne peut pas être créé ({reason(error)})"
        ) from error
    # isolation_level None: sqlite3 would otherwise open transactions by itself, and not for reads.
    engine = create_engine(
        url.set(drivername="sqlite"),
        connect_args={"timeout": patience, "isolation_level": None},
        hide_parameters=True,
    )
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _refuse_network(folder: Path, mountinfo: str) -> None:
    kind = network_type(folder, mountinfo)
    if kind is not None:
        raise ConfigurationError(
            f"database.url : {folder} est sur un disque réseau ({kind}), où SQLite perd des "
            "données ; choisir un disque local, ou PostgreSQL"
        )


def _set_up_sqlite(connection: Any, _: object) -> None:
    # WAL: readers do not wait for the writer. FULL: a commit outlives a power cut.
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Connection) -> None:
    # A plain BEGIN takes the write lock at the first write, when waiting is too late: another
    # writer in between makes SQLite fail at once, whatever the timeout.
    immediate = connection.get_execution_options().get(_WRITING, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


def _open_postgresql(url: URL) -> Engine:
    # READ COMMITTED is wanted: an INSERT … ON CONFLICT DO NOTHING that waited for another
    # transaction must see in its next statement who holds the number.
    try:
        return create_engine(
            url.set(drivername="postgresql+psycopg"),
            isolation_level="READ COMMITTED",
            pool_pre_ping=True,
            hide_parameters=True,
        )
    except ImportError as error:
        raise ConfigurationError(
            "database.url : PostgreSQL demande psycopg ; l'installer par "
            "pip install 'chorus-edi[postgresql]'"
        ) from error
