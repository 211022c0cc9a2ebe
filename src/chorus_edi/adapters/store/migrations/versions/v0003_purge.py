"""What was purged, and the only way in which lines of a history are ever deleted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

HISTORIES = ("flux_event", "status_event")
UNLOCKED = (
    "EXISTS (SELECT 1 FROM purge WHERE purge.numero_flux = OLD.numero_flux AND purge.unlocked = 1)"
)


def upgrade() -> None:
    """Make the table, and let the guards of the histories look at it."""
    op.create_table(
        "purge",
        sa.Column("numero_flux", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("file_at", sa.DateTime(timezone=True)),
        sa.Column("rows_at", sa.DateTime(timezone=True)),
        sa.Column("unlocked", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("numero_flux", name="pk_purge"),
        sa.ForeignKeyConstraint(["numero_flux"], ["flux.numero_flux"], name="fk_purge_flux"),
        sa.CheckConstraint("rows_at IS NULL OR file_at IS NOT NULL", name=op.f("ck_purge_order")),
        sa.CheckConstraint("unlocked IN (0, 1)", name=op.f("ck_purge_unlocked")),
    )
    if op.get_bind().dialect.name == "sqlite":
        for table in HISTORIES:
            op.execute(f"DROP TRIGGER {table}_no_delete")
            op.execute(
                f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} WHEN NOT {UNLOCKED} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
        return
    op.execute(
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN IF TG_OP = 'DELETE' AND {UNLOCKED} THEN RETURN OLD; END IF; "
        "RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    )
