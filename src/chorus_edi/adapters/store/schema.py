"""The version of a database: makes a fresh one, refuses another than ours, brings one up to date.

A change of the schema is: a module of tables, ``SCHEMA`` in ``whole.py``, and one module in
``migrations/versions``.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from chorus_edi.adapters.store.engine import reading, writing
from chorus_edi.adapters.store.whole import SCHEMA
from chorus_edi.errors import ConfigurationError

_SCRIPTS = Path(__file__).parent / "migrations"
_LOCK = 20_260_901
"""Key of the PostgreSQL advisory lock under which one process at a time migrates."""


def prepare(engine: Engine) -> None:
    """Make the schema of an empty database; refuse one that has the schema of another program.

    Raises:
        ConfigurationError: the database is of another version; the message says what to do.
        Incident: the database failed; it is as it was before.
    """
    before = version_of(engine)
    if before is None:
        migrate(engine)
    elif before > SCHEMA:
        raise _later(before)
    elif before < SCHEMA:
        raise ConfigurationError(
            f"La base de données est en version {before}, ce programme demande la {SCHEMA}. "
            "Sauvegardez (« chorus-edi sauvegarde DOSSIER »), puis lancez "
            "« chorus-edi base migrer »."
        )


def migrate(engine: Engine, to: str = SCHEMA) -> str | None:
    """Bring an empty or older database to a revision; nothing where it is there.

    Returns:
        The revision that it had before; None where it was empty.

    Raises:
        ConfigurationError: the database belongs to a later version of this program.
        Incident: the database failed; it is as it was before.
    """
    with writing(engine) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        version = _version(connection)
        if version != to:
            _upgrade(connection, version, to)
        return version


def version_of(engine: Engine) -> str | None:
    """Return the revision of a database; None where there is no schema at all.

    Raises:
        Incident: the database failed.
    """
    with reading(engine) as connection:
        return _version(connection)


def _version(connection: Connection) -> str | None:
    """Return the revision of a database; None where there is no schema at all."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    version: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return version


def _later(version: str) -> ConfigurationError:
    return ConfigurationError(
        f"La base de données est en version {version}, plus récente que ce programme ({SCHEMA}). "
        "Installer la version de chorus-edi qui l'a écrite."
    )


def _upgrade(connection: Connection, version: str | None, to: str) -> None:
    if version is not None and version > SCHEMA:
        raise _later(version)
    # Here and not above: most commands only compare two versions, and need no Alembic.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    command.upgrade(config, to)
