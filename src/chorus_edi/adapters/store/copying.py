"""Copies a whole database into another one, and looks at a database from outside.

Columns are copied as they stand, text as text: what a program of another version wrote is neither
read nor judged, so that a backup of an older database is possible too.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import (
    Column,
    Connection,
    DateTime,
    Engine,
    MetaData,
    Row,
    String,
    Table,
    Text,
    column,
    func,
    insert,
    select,
    table,
    text,
)
from sqlalchemy.types import TypeEngine

from chorus_edi.adapters.store.columns import UtcDateTime
from chorus_edi.adapters.store.engine import reading, snapshot, writing
from chorus_edi.errors import ConfigurationError, Defect

_BATCH = 1000
_MODULUS = 1 << 256
_VERSION = "alembic_version"


class TableCopy(msgspec.Struct, frozen=True):
    """What was copied of one table.

    Attributes:
        name: the table.
        rows: how many.
        digest: the same for the same rows, in whatever order; 64 hexadecimal digits.
    """

    name: str
    rows: int
    digest: str


def table_counts(engine: Engine) -> Mapping[str, int]:
    """Return how many rows each table holds, by name.

    Raises:
        Incident: the database failed.
    """
    with reading(engine) as connection:
        return {
            one.name: connection.scalar(select(func.count()).select_from(one)) or 0
            for one in _tables(connection)
        }


def size_of(engine: Engine) -> int:
    """Return the bytes that a database takes.

    Raises:
        Incident: the database failed.
    """
    with reading(engine) as connection:
        if connection.dialect.name == "postgresql":
            return connection.scalar(text("SELECT pg_database_size(current_database())")) or 0
        pages = connection.scalar(text("PRAGMA page_count")) or 0
        return pages * (connection.scalar(text("PRAGMA page_size")) or 0)


def copy(source: Engine, target: Engine) -> Sequence[TableCopy]:
    """Copy every row into a database of the same version that holds none; all of it or nothing.

    The source is seen as it is when the copy begins, whoever writes in it meanwhile. What was
    written is read again and compared before it is kept.

    Raises:
        ConfigurationError: the target holds rows, or is of another version.
        Incident: a database failed; the target is as it was before.
        Defect: the target does not give back what was written.
    """
    with snapshot(source) as read, writing(target) as written:
        if _version(read) != _version(written):
            raise ConfigurationError("les deux bases ne sont pas de la même version")
        tables = _tables(read)
        _refuse_rows(written, tables)
        for one in tables:
            _fill(written, one, _rows(read, one))
        copies = [_told(read, one) for one in tables]
        for one, told in zip(tables, copies, strict=True):
            if told != _told(written, one):
                raise Defect(f"table {one.name} is not what was copied")
    return copies


def _version(connection: Connection) -> str | None:
    version: str | None = connection.scalar(
        select(column("version_num")).select_from(table(_VERSION))
    )
    return version


def _refuse_rows(connection: Connection, tables: Iterable[Table]) -> None:
    for one in tables:
        if connection.execute(select(one).limit(1)).first() is not None:
            raise ConfigurationError(
                f"la base à remplir n'est pas vide (table {one.name}) ; indiquez une base neuve"
            )


def _tables(connection: Connection) -> Sequence[Table]:
    """Return the tables as they are there, those that others refer to first."""
    held = MetaData()
    held.reflect(connection, only=lambda name, _: name != _VERSION)
    return [_plain(one) for one in held.sorted_tables]


def _plain(reflected: Table) -> Table:
    columns = [
        Column(one.name, _as_it_stands(one.type), primary_key=one.primary_key)
        for one in reflected.columns
    ]
    return Table(reflected.name, MetaData(), *columns)


def _as_it_stands(kind: TypeEngine[Any]) -> TypeEngine[Any]:
    if isinstance(kind, DateTime):
        # The one type that the two databases write otherwise.
        return UtcDateTime()
    return Text() if isinstance(kind, String) else kind


def _rows(connection: Connection, of: Table) -> Iterator[Sequence[Row[Any]]]:
    # A flow may name an earlier one: in the order of claims that one is there already.
    order = [of.c.sequence] if "sequence" in of.c else list(of.primary_key)
    statement = select(of).order_by(*order)
    with connection.execute(statement, execution_options={"yield_per": _BATCH}) as rows:
        yield from rows.partitions()


def _fill(connection: Connection, into: Table, batches: Iterable[Sequence[Row[Any]]]) -> None:
    for batch in batches:
        connection.execute(insert(into), [dict(row._mapping) for row in batch])


def _told(connection: Connection, of: Table) -> TableCopy:
    """Count a table and digest it: the sum of its rows' digests, whatever their order.

    Each database orders texts in its own way.
    """
    count = total = 0
    for batch in _rows(connection, of):
        for row in batch:
            encoded = msgspec.json.encode(tuple(map(_canonical, row)))
            total += int.from_bytes(hashlib.sha256(encoded).digest(), "big")
        count += len(batch)
    return TableCopy(of.name, count, f"{total % _MODULUS:064x}")


def _canonical(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
