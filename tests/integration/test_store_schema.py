"""The schema: made by migrations, the same as ``tables.py``, and refused when it is another."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text

from chorus_edi.adapters.store import schema
from chorus_edi.adapters.store.engine import open_engine, reading, writing
from chorus_edi.adapters.store.metadata import metadata
from chorus_edi.adapters.store.schema import migrate
from chorus_edi.adapters.store.whole import SCHEMA
from chorus_edi.errors import ConfigurationError


@contextmanager
def opened(url: str) -> Iterator[Engine]:
    engine = open_engine(url)
    try:
        yield engine
    finally:
        engine.dispose()


def _index(index: Any) -> str:
    options = {name: str(value) for name, value in index.get("dialect_options", {}).items()}
    return repr((index["name"], index["column_names"], index["unique"], options))


def described(engine: Engine) -> dict[str, Any]:
    """Say everything of a database that the two ways of making it must agree on."""
    triggers = {
        "sqlite": "SELECT sql FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": (
            "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal "
            "UNION ALL SELECT prosrc FROM pg_proc WHERE proname = 'refuse_change'"
        ),
    }
    inspector = inspect(engine)
    tables = sorted(set(inspector.get_table_names()) - {"alembic_version"})
    said: dict[str, Any] = {}
    for table in tables:
        said[table] = {
            "columns": [
                (column["name"], str(column["type"]), column["nullable"])
                for column in inspector.get_columns(table)
            ],
            "checks": {c["name"]: c["sqltext"] for c in inspector.get_check_constraints(table)},
            "indexes": sorted(map(_index, inspector.get_indexes(table))),
            "foreign keys": sorted(map(repr, inspector.get_foreign_keys(table))),
            "unique": sorted(map(repr, inspector.get_unique_constraints(table))),
            "primary key": inspector.get_pk_constraint(table)["constrained_columns"],
        }
    with reading(engine) as connection:
        said["triggers"] = sorted(connection.scalars(text(triggers[engine.dialect.name])))
    return said


def test_the_migrated_schema_is_that_of_the_tables(database_url: str) -> None:
    with opened(database_url) as engine, reading(engine) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_the_migrated_schema_forbids_what_the_tables_forbid(
    new_database: Callable[[], str],
) -> None:
    with opened(new_database()) as migrated, opened(new_database()) as created:
        migrate(migrated)
        with writing(created) as connection:
            metadata.create_all(connection)
        assert described(migrated) == described(created)


def test_every_check_has_a_name(database_url: str) -> None:
    with opened(database_url) as engine:
        said = described(engine)
    assert said["flux"]["checks"].keys() >= {"ck_flux_etat", "ck_flux_motif", "ck_flux_canal"}
    assert len(said["triggers"]) >= 2


def test_migrating_twice_gives_what_once_gives(new_database: Callable[[], str]) -> None:
    with opened(new_database()) as engine:
        migrate(engine)
        before = described(engine)
        migrate(engine)
        assert described(engine) == before


def test_invoices_of_the_second_schema_keep_their_history(
    new_database: Callable[[], str],
) -> None:
    with opened(new_database()) as engine:
        _upgraded(engine, "0002")
        with writing(engine) as connection:
            for statement in _SECOND:
                connection.execute(text(statement))
        migrate(engine)
        with reading(engine) as connection:
            rows = connection.execute(
                text("SELECT seq, statut, actor, event, who FROM status_event ORDER BY seq")
            ).all()
            kept = connection.execute(text("SELECT statut, deadline FROM facture")).all()
            dates = connection.execute(text("SELECT date, recorded_at FROM status_event")).all()
    assert [tuple(row) for row in rows] == [
        (1, "DEPOSEE", "system", "integrated", ""),
        (2, "EN_COURS_ACHEMINEMENT", "system", "routed", ""),
        (3, "MISE_A_DISPOSITION", "system", "delivered", ""),
    ]
    assert [tuple(row) for row in kept] == [("MISE_A_DISPOSITION", None)]
    assert all(date == recorded for date, recorded in dates)


_NUMERO = "CPP0010000000000000000001"
_DAY = "'2026-11-20 22:59:59.123456'"
_SECOND = (
    "INSERT INTO flux (numero_flux, sequence, nom_fichier, emetteur, canal, chemin, date_depot, "
    "etat, date_etat, factures, integrees, rejetees, mode) VALUES "
    f"('{_NUMERO}', 1, 'a.xml', 'ABC123', 'EDI', 'a.xml', {_DAY}, 'IN_INTEGRE', {_DAY}, 1, 1, 0, "
    "'production')",
    "INSERT INTO document (numero_flux, rank, name, size, sha256, state, decided_at) VALUES "
    f"('{_NUMERO}', 1, 'a.xml', 1, 'ab', 'INTEGRE', {_DAY})",
    "INSERT INTO facture (numero_flux, rank, statut, date_statut) VALUES "
    f"('{_NUMERO}', 1, 'MISE_A_DISPOSITION', {_DAY})",
    *(
        "INSERT INTO status_event (numero_flux, rank, seq, statut, actor, date) VALUES "
        f"('{_NUMERO}', 1, {seq}, '{statut}', 'system', {_DAY})"
        for seq, statut in enumerate(("DEPOSEE", "EN_COURS_ACHEMINEMENT", "MISE_A_DISPOSITION"), 1)
    ),
)


def _upgraded(engine: Engine, revision: str) -> None:
    with writing(engine) as connection:
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", str(schema._SCRIPTS))
        command.upgrade(config, revision)


def test_a_migration_that_fails_leaves_the_database_as_it_was(
    new_database: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = schema._upgrade

    def broken(*arguments: Any) -> None:
        whole(*arguments)
        raise KeyboardInterrupt

    monkeypatch.setattr(schema, "_upgrade", broken)
    with opened(new_database()) as engine:
        with pytest.raises(KeyboardInterrupt):
            migrate(engine)
        assert inspect(engine).get_table_names() == []


def test_a_later_database_is_refused_with_what_to_do(database_url: str) -> None:
    with opened(database_url) as engine:
        with writing(engine) as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        with pytest.raises(ConfigurationError, match=r"plus récente .* Installer"):
            migrate(engine)


def test_the_schema_named_in_tables_is_the_last_revision() -> None:
    config = Config()
    config.set_main_option("script_location", str(schema._SCRIPTS))
    script = ScriptDirectory.from_config(config)
    assert script.get_current_head() == SCHEMA
    assert not any(hasattr(revision.module, "downgrade") for revision in script.walk_revisions())
