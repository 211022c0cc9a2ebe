"""The database itself: its version and size, brought up to date, copied into another one."""

# ruff: noqa: PLC0415 - a worker stays small and starts fast: see the package

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from chorus_edi.bootstrap.databases import database_address, environment
from chorus_edi.errors import ConfigurationError

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from chorus_edi.adapters.store.copying import TableCopy
    from chorus_edi.settings import Settings


class BaseState(msgspec.Struct, frozen=True, kw_only=True):
    """What there is to say of a database.

    Attributes:
        kind: ``sqlite`` or ``postgresql``.
        version: the revision of its schema.
        wanted: the revision that this program asks for.
        size: bytes.
        rows: how many rows each table holds.
    """

    kind: str
    version: str
    wanted: str
    size: int
    rows: Mapping[str, int]


@contextmanager
def opened(address: str) -> Iterator[Engine]:
    """Open a database, whatever its version."""
    from chorus_edi.adapters.store.engine import open_engine

    engine = open_engine(address)
    try:
        yield engine
    finally:
        engine.dispose()


def base_state(settings: Settings) -> BaseState:
    """Look at the database, whatever its version.

    Raises:
        ConfigurationError: there is none.
        Incident: it failed.
    """
    from chorus_edi.adapters.store.copying import size_of, table_counts
    from chorus_edi.adapters.store.schema import version_of
    from chorus_edi.adapters.store.whole import SCHEMA

    with environment(), opened(database_address(settings)) as engine:
        version = version_of(engine)
        if version is None:
            raise ConfigurationError("cette base est vide : « chorus-edi run » la prépare")
        return BaseState(
            kind=engine.dialect.name,
            version=version,
            wanted=SCHEMA,
            size=size_of(engine),
            rows=table_counts(engine),
        )


def migrate_base(settings: Settings) -> tuple[str | None, str]:
    """Bring the database to the schema of this program; return its versions before and after.

    Raises:
        ConfigurationError: it belongs to a later program.
        Incident: a process is at work on it, or it failed; it is as it was before.
    """
    from chorus_edi.adapters.files.lock import sole_instance, sole_upkeep
    from chorus_edi.adapters.store.schema import migrate
    from chorus_edi.adapters.store.whole import SCHEMA

    address = database_address(settings, create=True)
    data = settings.folders.data
    with environment(), sole_instance(data), sole_upkeep(data), opened(address) as engine:
        return migrate(engine), SCHEMA


def copy_base(settings: Settings, to: str) -> Sequence[TableCopy]:
    """Copy the database into another one, empty; both hold the same rows afterwards.

    Args:
        settings: which database is copied.
        to: address of the other one, ``sqlite:///path`` or ``postgresql://…``.

    Raises:
        ConfigurationError: the other one holds rows, or one is of another version.
        Incident: a process is at work, or a database failed; the other one is as it was before.
    """
    from chorus_edi.adapters.files.lock import sole_instance, sole_upkeep
    from chorus_edi.adapters.store.copying import copy
    from chorus_edi.adapters.store.schema import prepare

    address = database_address(settings)
    with (
        environment(),
        sole_instance(settings.folders.data),
        sole_upkeep(settings.folders.data),
        opened(address) as source,
        opened(to) as target,
    ):
        if _same(source, target):
            raise ConfigurationError("--vers désigne la base actuelle")
        prepare(source)
        prepare(target)
        return copy(source, target)


def _same(source: Engine, target: Engine) -> bool:
    one, other = source.url, target.url
    if one.get_backend_name() == other.get_backend_name() == "sqlite":
        return Path(one.database or "").resolve() == Path(other.database or "").resolve()
    return one == other
