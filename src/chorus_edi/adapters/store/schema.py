"""The version of a database: brings it up to date, or refuses one that is later.

A change of the schema is: ``tables.py``, its ``SCHEMA``, and one module in ``migrations/versions``.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from chorus_edi.adapters.store.engine import writing
from chorus_edi.adapters.store.tables import SCHEMA
from chorus_edi.errors import ConfigurationError

_SCRIPTS = Path(__file__).parent / "migrations"
_LOCK = 20_260_901
"""Key of the PostgreSQL advisory lock under which one process at a time migrates."""


def migrate(engine: Engine) -> None:
    """Bring an empty or older database to the schema of this program; nothing where it is there.

    Raises:
        ConfigurationError: the database belongs to a later version of this program.
        Incident: the database failed; it is as it was before.
    """
    with writing(engine) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        version = _version(connection)
        if version != SCHEMA:
            _upgrade(connection, version)


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


def _upgrade(connection: Connection, version: str | None) -> None:
    if version is not None and version > SCHEMA:
        raise _later(version)
    # Here and not above: most commands only compare two versions, and need no Alembic.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    command.upgrade(config, "head")
