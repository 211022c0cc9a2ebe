"""The whole schema: its revision, and what forbids changing a line of a history."""

from __future__ import annotations

from sqlalchemy import Connection, MetaData, event, text

import chorus_edi.adapters.store.running_tables  # noqa: F401 - its tables are of the schema too
from chorus_edi.adapters.store.invoice_tables import demande, status_event
from chorus_edi.adapters.store.metadata import metadata
from chorus_edi.adapters.store.tables import flux_event

SCHEMA = "0005"
"""Revision of the migrations that makes this schema."""

HISTORIES = (flux_event, status_event, demande)
"""Tables that are only ever added to, until their time of keeping is over."""

_UNLOCKED = (
    "EXISTS (SELECT 1 FROM purge WHERE purge.numero_flux = OLD.numero_flux AND purge.unlocked = 1)"
)


def guards(dialect: str) -> tuple[str, ...]:
    """Return the statements that forbid changing a line of a history, and deleting it but to purge.

    A purge unlocks the histories of one flow inside its own transaction.
    """
    if dialect == "sqlite":
        return tuple(
            f"CREATE TRIGGER {table.name}_no_{verb.lower()} BEFORE {verb} ON {table.name} {unless}"
            f"BEGIN SELECT RAISE(ABORT, '{table.name} is append-only'); END"
            for table in HISTORIES
            for verb, unless in (("UPDATE", ""), ("DELETE", f"WHEN NOT {_UNLOCKED} "))
        )
    return (
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN IF TG_OP = 'DELETE' AND {_UNLOCKED} THEN RETURN OLD; END IF; "
        "RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$",
        *(
            f"CREATE TRIGGER {table.name}_no_change BEFORE UPDATE OR DELETE ON {table.name} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
            for table in HISTORIES
        ),
    )


@event.listens_for(metadata, "after_create")
def _guard_histories(_: MetaData, connection: Connection, **__: object) -> None:
    for statement in guards(connection.dialect.name):
        connection.execute(text(statement))
