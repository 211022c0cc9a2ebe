"""The tables of the installation itself: its events and tasks, and exchanges with servers."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
)

from chorus_edi.adapters.store.columns import FileName, Kind, UtcDateTime, code
from chorus_edi.adapters.store.metadata import metadata
from chorus_edi.domain.operations import OperationKind
from chorus_edi.domain.transfers import FetchState, Lane, SendState

operation = Table(
    "operation",
    metadata,
    # The order in which events were told.
    Column("sequence", BigInteger, autoincrement=False),
    Column("key", Text, nullable=False),
    # A code of ``OperationKind``, without a CHECK: kinds are added more often than schemas change.
    Column("kind", Kind(OperationKind), nullable=False),
    Column("subject", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("notified_at", UtcDateTime),
    # Forbids two events at one place in the order.
    PrimaryKeyConstraint("sequence"),
    # Forbids to tell one event twice.
    UniqueConstraint("key"),
    # Forbids an event before the first.
    CheckConstraint("sequence >= 1", name="sequence"),
)
Index("ix_operation_at", operation.c.at)

task_run = Table(
    "task_run",
    metadata,
    Column("task", Text),
    Column("due", UtcDateTime, nullable=False),
    Column("began", UtcDateTime, nullable=False),
    Column("ended", UtcDateTime),
    Column("result", Text, nullable=False),
    # Forbids two last runs of one task.
    PrimaryKeyConstraint("task"),
)

fetched = Table(
    "fetched",
    metadata,
    Column("source", Text),
    Column("path", FileName),
    Column("size", BigInteger),
    Column("modified", BigInteger),
    Column("state", code(FetchState, "state"), nullable=False),
    Column("since", UtcDateTime, nullable=False),
    Column("received", BigInteger, nullable=False, default=0),
    Column("sha256", Text),
    Column("local", FileName),
    Column("after", BigInteger),
    Column("owner", Text),
    Column("until", UtcDateTime),
    # Forbids to fetch the same content of a name twice.
    PrimaryKeyConstraint("source", "path", "size", "modified"),
    # Forbids a file that is here and of which nobody knows what it holds and where it goes.
    CheckConstraint(
        "state = 'VU' OR (sha256 IS NOT NULL AND local IS NOT NULL AND after IS NOT NULL)",
        name="here",
    ),
    # Forbids a holder for ever.
    CheckConstraint("(owner IS NULL) = (until IS NULL)", name="held"),
)
Index("ix_fetched_source_state", fetched.c.source, fetched.c.state)

sending = Table(
    "sending",
    metadata,
    Column("server", Text),
    Column("partner", Text),
    Column("name", FileName),
    Column("sha256", Text),
    Column("state", code(SendState, "state"), nullable=False),
    Column("since", UtcDateTime, nullable=False),
    Column("sent_at", UtcDateTime),
    Column("owner", Text),
    Column("until", UtcDateTime),
    # Forbids to send the same content of a name twice.
    PrimaryKeyConstraint("server", "partner", "name", "sha256"),
    # Forbids a file that was sent at no time, and one that is owed and was.
    CheckConstraint("(state = 'ENVOYE') = (sent_at IS NOT NULL)", name="sent"),
    # Forbids a holder for ever.
    CheckConstraint("(owner IS NULL) = (until IS NULL)", name="held"),
)

server_health = Table(
    "server_health",
    metadata,
    Column("server", Text),
    Column("lane", code(Lane, "lane")),
    Column("failures", Integer, nullable=False),
    Column("outage", Integer, nullable=False),
    Column("since", UtcDateTime),
    Column("retry_at", UtcDateTime),
    Column("down", Boolean, nullable=False),
    Column("reason", Text, nullable=False),
    # Forbids two states of one lane.
    PrimaryKeyConstraint("server", "lane"),
    # Forbids an outage that nobody knows the beginning of, and the beginning of none.
    CheckConstraint("(failures > 0) = (since IS NOT NULL)", name="since"),
    # Forbids less than no failure.
    CheckConstraint("failures >= 0", name="failures"),
)
