"""Events of the installation, and the last run of each of its tasks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make both tables."""
    op.create_table(
        "operation",
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("notified_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("sequence", name="pk_operation"),
        sa.UniqueConstraint("key", name="uq_operation_key"),
        sa.CheckConstraint("sequence >= 1", name=op.f("ck_operation_sequence")),
    )
    op.create_index("ix_operation_at", "operation", ["at"])
    op.create_table(
        "task_run",
        sa.Column("task", sa.Text(), nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=False),
        sa.Column("began", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended", sa.DateTime(timezone=True)),
        sa.Column("result", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("task", name="pk_task_run"),
    )
