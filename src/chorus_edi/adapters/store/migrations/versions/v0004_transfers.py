"""Files fetched from and pushed to partners' servers, and how these servers do."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

FETCH_STATES = ("VU", "TELECHARGE", "DEPOSE", "TERMINE")
SEND_STATES = ("A_ENVOYER", "MONTE", "ENVOYE")
LANES = ("connexion", "releve", "envoi")


def upgrade() -> None:
    """Make the three tables."""
    _make_fetch()
    _make_sending()
    _make_server_health()


def _make_fetch() -> None:
    op.create_table(
        "fetched",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("modified", sa.BigInteger(), nullable=False),
        sa.Column("state", _code("state", FETCH_STATES), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.Text()),
        sa.Column("local", sa.Text()),
        sa.Column("after", sa.BigInteger()),
        sa.Column("owner", sa.Text()),
        sa.Column("until", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("source", "path", "size", "modified", name="pk_fetched"),
        sa.CheckConstraint(
            "state = 'VU' OR (sha256 IS NOT NULL AND local IS NOT NULL AND after IS NOT NULL)",
            name=op.f("ck_fetched_here"),
        ),
        sa.CheckConstraint("(owner IS NULL) = (until IS NULL)", name=op.f("ck_fetched_held")),
    )
    op.create_index("ix_fetched_source_state", "fetched", ["source", "state"])


def _make_sending() -> None:
    op.create_table(
        "sending",
        sa.Column("server", sa.Text(), nullable=False),
        sa.Column("partner", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("state", _code("state", SEND_STATES), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True)),
        sa.Column("owner", sa.Text()),
        sa.Column("until", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("server", "partner", "name", "sha256", name="pk_sending"),
        sa.CheckConstraint(
            "(state = 'ENVOYE') = (sent_at IS NOT NULL)", name=op.f("ck_sending_sent")
        ),
        sa.CheckConstraint("(owner IS NULL) = (until IS NULL)", name=op.f("ck_sending_held")),
    )


def _make_server_health() -> None:
    op.create_table(
        "server_health",
        sa.Column("server", sa.Text(), nullable=False),
        sa.Column("lane", _code("lane", LANES), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("outage", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True)),
        sa.Column("retry_at", sa.DateTime(timezone=True)),
        sa.Column("down", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("server", "lane", name="pk_server_health"),
        sa.CheckConstraint(
            "(failures > 0) = (since IS NOT NULL)", name=op.f("ck_server_health_since")
        ),
        sa.CheckConstraint("failures >= 0", name=op.f("ck_server_health_failures")),
    )


def _code(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, length=40, native_enum=False, create_constraint=True)
