"""Translates what a database raises into our own exceptions, by one table."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from sqlalchemy import exc

from chorus_edi.errors import ChorusEdiError, ConfigurationError, Defect, Incident


def _always(_: exc.SQLAlchemyError) -> bool:
    return True


def _sqlite_code(code: int) -> Callable[[exc.SQLAlchemyError], bool]:
    """Compare with the primary code of SQLite (the low byte of what it gives)."""

    def matches(error: exc.SQLAlchemyError) -> bool:
        given = getattr(getattr(error, "orig", None), "sqlite_errorcode", None)
        return isinstance(given, int) and given & 0xFF == code

    return matches


def _sqlstate(*classes: str) -> Callable[[exc.SQLAlchemyError], bool]:
    """Compare with the class of the SQLSTATE that PostgreSQL gives (its first two characters)."""

    def matches(error: exc.SQLAlchemyError) -> bool:
        given = getattr(getattr(error, "orig", None), "sqlstate", None)
        return isinstance(given, str) and given[:2] in classes

    return matches


def _lost(error: exc.SQLAlchemyError) -> bool:
    return isinstance(error, exc.DBAPIError) and error.connection_invalidated


class _Row(NamedTuple):
    foreign: type[exc.SQLAlchemyError]
    where: Callable[[exc.SQLAlchemyError], bool]
    ours: type[ChorusEdiError]
    says: str


_TABLE: tuple[_Row, ...] = (
    # First match wins: the most specific stands first.
    _Row(exc.DBAPIError, _lost, Incident, "connexion à la base de données perdue"),
    _Row(exc.DBAPIError, _sqlite_code(sqlite3.SQLITE_NOTADB), ConfigurationError,
         "ce fichier n'est pas une base de chorus-edi"),
    _Row(exc.DBAPIError, _sqlite_code(sqlite3.SQLITE_CORRUPT), Incident,
         "base de données endommagée, à restaurer d'une sauvegarde"),
    _Row(exc.DBAPIError, _sqlite_code(sqlite3.SQLITE_FULL), Incident, "disque plein"),
    _Row(exc.DBAPIError, _sqlite_code(sqlite3.SQLITE_BUSY), Incident,
         "base de données occupée trop longtemps par un autre programme"),
    # SQLITE_ERROR is a wrong statement (no such column): ours.
    _Row(exc.OperationalError, _sqlite_code(sqlite3.SQLITE_ERROR), Defect, "wrong statement"),
    # Insufficient resources, operator intervention, system error.
    _Row(exc.DBAPIError, _sqlstate("53", "57", "58"), Incident, "serveur de base de données"),
    # Read-only transaction: a standby server.
    _Row(exc.InternalError, _sqlstate("25"), Incident, "base de données en lecture seule"),
    # Program limit exceeded: a value that we ought to have bounded.
    _Row(exc.OperationalError, _sqlstate("54"), Defect, "value too large"),
    _Row(exc.OperationalError, _always, Incident, "base de données indisponible"),
    _Row(exc.InterfaceError, _always, Incident, "base de données indisponible"),
    _Row(exc.TimeoutError, _always, Incident, "aucune connexion libre à la base de données"),
    _Row(exc.IntegrityError, _always, Defect, "the database forbids it"),
    _Row(exc.SQLAlchemyError, _always, Defect, "database"),
)  # fmt: skip


def translate(error: exc.SQLAlchemyError) -> ChorusEdiError:
    """Return our exception for one of SQLAlchemy's; only the first line, which holds no data."""
    cause = getattr(error, "orig", None) or error
    if isinstance(cause, ChorusEdiError):
        return cause
    row = next(row for row in _TABLE if isinstance(error, row.foreign) and row.where(error))
    return row.ours(f"{row.says} : {(str(cause).splitlines() or [type(cause).__name__])[0]}")


@contextmanager
def translated() -> Iterator[None]:
    """Let no exception of a database out.

    Raises:
        Incident: the database or its disk failed; trying again may work.
        Defect: we asked for something wrong.
        ConfigurationError: the file is no database.
    """
    try:
        yield
    except exc.SQLAlchemyError as error:
        raise translate(error) from error
