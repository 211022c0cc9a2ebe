"""The tables of flows: what came in, what became of it, and what is still to be delivered."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
)

from chorus_edi.adapters.store.columns import Encoded, FileName, UtcDateTime, code
from chorus_edi.adapters.store.metadata import metadata
from chorus_edi.domain.findings import Finding, NotChecked, Severity, Stage
from chorus_edi.domain.flux import Canal, InvoiceSummary
from chorus_edi.domain.motives import Motive
from chorus_edi.domain.partners import Mode
from chorus_edi.domain.scenarios import Circuit, Container, Profile, Syntax
from chorus_edi.domain.statuses import DocumentState, FluxState

counter = Table(
    "counter",
    metadata,
    Column("name", Text),
    Column("value", BigInteger, nullable=False),
    # Forbids two counters of one name.
    PrimaryKeyConstraint("name"),
    # Forbids a counter that was set back below its start.
    CheckConstraint("value >= 0", name="value"),
)

flux = Table(
    "flux",
    metadata,
    Column("numero_flux", Text),
    Column("sequence", BigInteger, nullable=False),
    Column("nom_fichier", FileName, nullable=False),
    Column("emetteur", Text, nullable=False),
    Column("interface", Text),
    Column("canal", code(Canal, "canal"), nullable=False),
    Column("chemin", FileName, nullable=False),
    Column("date_depot", UtcDateTime, nullable=False),
    Column("etat", code(FluxState, "etat"), nullable=False),
    Column("date_etat", UtcDateTime, nullable=False),
    Column("sha256", Text),
    Column("taille", BigInteger),
    Column("motif", code(Motive, "motif")),
    Column("factures", Integer, nullable=False, default=0),
    Column("integrees", Integer, nullable=False, default=0),
    Column("rejetees", Integer, nullable=False, default=0),
    Column("premier_flux", Text),
    Column("mode", code(Mode, "mode"), nullable=False),
    # Forbids two flows of one number.
    PrimaryKeyConstraint("numero_flux"),
    # Forbids two flows at one place in the order of claims.
    UniqueConstraint("sequence"),
    # Forbids a "first flow" that does not exist.
    ForeignKeyConstraint(["premier_flux"], ["flux.numero_flux"]),
    # Forbids a flow number of another length than the official one (25).
    CheckConstraint("length(numero_flux) = 25", name="numero_flux"),
    # Forbids counts that speak of more documents than there are.
    CheckConstraint("integrees + rejetees <= factures", name="counts"),
)
# Forbids two flows that wait for the same file of the inbox.
Index(
    "uq_flux_chemin_claimed",
    flux.c.chemin,
    unique=True,
    sqlite_where=flux.c.etat == FluxState.IN_RECU,
    postgresql_where=flux.c.etat == FluxState.IN_RECU,
)
Index("ix_flux_etat", flux.c.etat)
Index("ix_flux_date_depot", flux.c.date_depot)
# What a file of the same bytes is looked for by.
Index("ix_flux_emetteur_sha256", flux.c.emetteur, flux.c.sha256)

flux_event = Table(
    "flux_event",
    metadata,
    # Forbids the history of a flow that does not exist.
    Column("numero_flux", ForeignKey(flux.c.numero_flux)),
    Column("seq", Integer),
    Column("etat", code(FluxState, "etat"), nullable=False),
    Column("date", UtcDateTime, nullable=False),
    Column("detail", Text, nullable=False),
    # Forbids two events at one place in a flow's history.
    PrimaryKeyConstraint("numero_flux", "seq"),
    # Forbids an event before the first.
    CheckConstraint("seq >= 1", name="seq"),
)

document = Table(
    "document",
    metadata,
    # Forbids a document of a flow that does not exist.
    Column("numero_flux", ForeignKey(flux.c.numero_flux)),
    Column("rank", Integer),
    Column("name", FileName, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("state", code(DocumentState, "state")),
    Column("decided_at", UtcDateTime),
    Column("motive", code(Motive, "motive")),
    Column("container", code(Container, "container")),
    Column("syntax", code(Syntax, "syntax")),
    Column("profile", code(Profile, "profile")),
    Column("circuit", code(Circuit, "circuit")),
    Column("directory_version", Text),
    Column("rule_sets", Encoded(tuple[str, ...])),
    Column("not_checked", Encoded(tuple[NotChecked, ...])),
    Column("summary", Encoded(InvoiceSummary)),
    # Forbids two documents at one rank of a flow.
    PrimaryKeyConstraint("numero_flux", "rank"),
    # Forbids rank 0, which is the flow itself.
    CheckConstraint("rank >= 1", name="rank"),
    # Forbids a state that nobody decided, and a decision without state.
    CheckConstraint("(state IS NULL) = (decided_at IS NULL)", name="decided"),
)

attempt = Table(
    "attempt",
    metadata,
    # Forbids attempts at a flow that does not exist.
    Column("numero_flux", ForeignKey(flux.c.numero_flux)),
    Column("rank", Integer),
    Column("count", Integer, nullable=False),
    # Forbids two counts for one document.
    PrimaryKeyConstraint("numero_flux", "rank"),
    # Forbids a count of nothing.
    CheckConstraint("count >= 1", name="count"),
)

finding = Table(
    "finding",
    metadata,
    # Forbids a finding on a flow that does not exist (rank 0 is the flow: no document to name).
    Column("numero_flux", ForeignKey(flux.c.numero_flux)),
    Column("rank", Integer),
    Column("ordinal", Integer),
    # Copies, to filter by; ``body`` is the finding.
    Column("rule", Text, nullable=False),
    Column("severity", code(Severity, "severity"), nullable=False),
    Column("stage", code(Stage, "stage"), nullable=False),
    Column("motive", code(Motive, "motive"), nullable=False),
    Column("body", Encoded(Finding), nullable=False),
    # Forbids two findings at one place of a document's list.
    PrimaryKeyConstraint("numero_flux", "rank", "ordinal"),
    # Forbids a finding on nothing.
    CheckConstraint("rank >= 0", name="rank"),
)

intent = Table(
    "intent",
    metadata,
    # Forbids a file owed to nobody (rank 0 is the flow: no document to name).
    Column("numero_flux", ForeignKey(flux.c.numero_flux)),
    Column("rank", Integer),
    Column("path", FileName),
    Column("kind", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("delivered_at", UtcDateTime),
    # Forbids the same file twice for one document.
    PrimaryKeyConstraint("numero_flux", "rank", "path"),
    # Forbids two documents to write onto the same name of the outbox.
    UniqueConstraint("path"),
    # Forbids a file of nothing.
    CheckConstraint("rank >= 0", name="rank"),
)

sighting = Table(
    "sighting",
    metadata,
    Column("path", FileName),
    Column("size", BigInteger, nullable=False),
    Column("modified", BigInteger, nullable=False),
    Column("since", UtcDateTime, nullable=False),
    # Forbids two looks of one file.
    PrimaryKeyConstraint("path"),
)

purge = Table(
    "purge",
    metadata,
    # Forbids to purge a flow that does not exist.
    Column("numero_flux", ForeignKey(flux.c.numero_flux)),
    Column("decided_at", UtcDateTime, nullable=False),
    # When the stored file was gone, then the rows; NULL: not yet.
    Column("file_at", UtcDateTime),
    Column("rows_at", UtcDateTime),
    # 1 inside the transaction that deletes the flow's histories, never outside.
    Column("unlocked", Integer, nullable=False, default=0),
    # Forbids to purge a flow twice.
    PrimaryKeyConstraint("numero_flux"),
    # Forbids to forget a flow whose file is still there.
    CheckConstraint("rows_at IS NULL OR file_at IS NOT NULL", name="order"),
    # Forbids histories that stay unlocked for anything else.
    CheckConstraint("unlocked IN (0, 1)", name="unlocked"),
)
