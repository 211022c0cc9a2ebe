"""The database of an installation: where it is, and what is opened on it."""

# ruff: noqa: PLC0415 - a worker stays small and starts fast: see the package

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from chorus_edi.errors import ConfigurationError, Incident, said

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from chorus_edi.ports import Store
    from chorus_edi.ports.keeping import Keeping
    from chorus_edi.settings import Settings


RESTORING = "restauration"
"""File of the data folder that is there as long as a restoration is not whole."""


@contextmanager
def environment() -> Iterator[None]:
    """Say every failure of the system (disk full, no right, lost mount) as the incident it is."""
    try:
        yield
    except OSError as error:
        raise Incident(said(error)) from error


@contextmanager
def open_database(settings: Settings, *, create: bool = False) -> Iterator[Engine]:
    """Connect to the database; an empty one gets the schema of this program.

    Args:
        settings: where it is.
        create: make the embedded one where it is missing; who only reads has then come to the
            wrong folder.

    Raises:
        ConfigurationError: there is nothing to read here, or the database is of another version.
    """
    from chorus_edi.adapters.store.engine import open_engine
    from chorus_edi.adapters.store.schema import prepare

    engine = open_engine(database_address(settings, create=create))
    try:
        prepare(engine)
        yield engine
    finally:
        engine.dispose()


@contextmanager
def open_store(settings: Settings, *, create: bool = False) -> Iterator[Store]:
    """Open what the pipeline remembers: see ``open_database``."""
    from chorus_edi.adapters.store.store import SqlStore

    with open_database(settings, create=create) as engine:
        yield SqlStore(engine)


@contextmanager
def open_keeping(settings: Settings) -> Iterator[Keeping]:
    """Open what remembers what was purged: see ``open_database``."""
    from chorus_edi.adapters.store.keeping import SqlKeeping

    with open_database(settings) as engine:
        yield SqlKeeping(engine)


def database_address(settings: Settings, *, create: bool = False) -> str:
    """Return the address of the database: see ``open_database``."""
    embedded = settings.folders.data / "chorus_edi.db"
    if (settings.folders.data / RESTORING).exists():
        raise ConfigurationError(
            "une restauration n'est pas terminée : relancez « chorus-edi restauration »"
        )
    if settings.database.url is None and not create and not embedded.exists():
        raise ConfigurationError(
            f"aucune donnée dans {settings.folders.data} : rien n'y a encore été traité ; "
            "lancez « chorus-edi run », ou indiquez la configuration par --config"
        )
    return written_address(settings)


def written_address(settings: Settings) -> str:
    """Return the address of the database as the settings say it, whatever stands there."""
    url = settings.database.url
    embedded = settings.folders.data / "chorus_edi.db"
    return url.get_secret_value() if url else f"sqlite:///{embedded}"
