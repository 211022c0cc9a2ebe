"""The schema: what the database holds, and what it forbids."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Connection,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    event,
    text,
)

from chorus_edi.adapters.store.columns import Encoded, FileName, Kind, UtcDateTime, code
from chorus_edi.domain.actors import Actor
from chorus_edi.domain.findings import Finding, NotChecked, Severity, Stage
from chorus_edi.domain.flux import Canal, Deliverable, InvoiceSummary
from chorus_edi.domain.lifecycle import Event
from chorus_edi.domain.lives import Nature, Piece, Rerouting
from chorus_edi.domain.motives import Motive
from chorus_edi.domain.operations import OperationKind
from chorus_edi.domain.orders import AnswerCode, Order
from chorus_edi.domain.partners import Mode
from chorus_edi.domain.processing_motives import ProcessingMotive
from chorus_edi.domain.scenarios import Circuit, Container, Profile, Syntax
from chorus_edi.domain.statuses import DocumentState, FluxState, InvoiceStatus
from chorus_edi.domain.transfers import FetchState, Lane, SendState

SCHEMA = "0005"
"""Revision of the migrations that makes this schema."""

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

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

facture = Table(
    "facture",
    metadata,
    Column("numero_flux", Text),
    Column("rank", Integer),
    # Copies of what ``status_event`` says, written in the same transaction.
    Column("statut", code(InvoiceStatus, "statut"), nullable=False),
    Column("date_statut", UtcDateTime, nullable=False),
    # Where it goes, once that is not what the invoice says any more.
    Column("routing", Encoded(Rerouting)),
    Column("valideur", Text),
    Column("second_valideur", Text),
    Column("deadline", UtcDateTime),
    # Forbids two invoices out of one document.
    PrimaryKeyConstraint("numero_flux", "rank"),
    # Forbids an invoice without its document.
    ForeignKeyConstraint(["numero_flux", "rank"], [document.c.numero_flux, document.c.rank]),
)
Index("ix_facture_statut", facture.c.statut)
# What the invoices that wait for their valideur are looked for by.
Index(
    "ix_facture_deadline",
    facture.c.deadline,
    sqlite_where=facture.c.deadline.is_not(None),
    postgresql_where=facture.c.deadline.is_not(None),
)

status_event = Table(
    "status_event",
    metadata,
    Column("numero_flux", Text),
    Column("rank", Integer),
    Column("seq", Integer),
    Column("statut", code(InvoiceStatus, "statut"), nullable=False),
    Column("actor", code(Actor, "actor"), nullable=False),
    # The event's own time; ``recorded_at`` is when it was told.
    Column("date", UtcDateTime, nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
    # Codes without a CHECK: events and motives are added more often than schemas change.
    Column("event", Kind(Event), nullable=False),
    Column("who", Text, nullable=False),
    Column("motif", Kind(ProcessingMotive)),
    Column("comment", Text),
    Column("mandate", Text),
    Column("pieces", Encoded(tuple[Piece, ...])),
    Column("routing", Encoded(Rerouting)),
    Column("valideur", Text),
    # Forbids two events at one place in an invoice's history.
    PrimaryKeyConstraint("numero_flux", "rank", "seq"),
    # Forbids the history of an invoice that does not exist.
    ForeignKeyConstraint(["numero_flux", "rank"], [facture.c.numero_flux, facture.c.rank]),
    # Forbids an event before the first.
    CheckConstraint("seq >= 1", name="seq"),
)

demande = Table(
    "demande",
    metadata,
    # The order in which people asked.
    Column("sequence", BigInteger, autoincrement=False),
    # Not a key of ``facture``: what was asked of an invoice that does not exist is kept too.
    # The flow is the beginning of the document's id.
    Column("numero_flux", Text, nullable=False),
    Column("document", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("body", Encoded(Order), nullable=False),
    Column("code", Kind(AnswerCode), nullable=False),
    Column("sentence", Text, nullable=False),
    # Forbids two orders at one place.
    PrimaryKeyConstraint("sequence"),
    # Forbids an order before the first.
    CheckConstraint("sequence >= 1", name="sequence"),
)
Index("ix_demande_document", demande.c.document)

envoi = Table(
    "envoi",
    metadata,
    Column("numero_flux", Text),
    Column("rank", Integer),
    Column("seq", Integer),
    Column("nature", Kind(Nature), nullable=False),
    Column("recipient", Text, nullable=False),
    Column("files", Encoded(tuple[Deliverable, ...])),
    Column("delivered_at", UtcDateTime),
    # Forbids to owe twice because of one event.
    PrimaryKeyConstraint("numero_flux", "rank", "seq"),
    # Forbids a delivery that no event asks for.
    ForeignKeyConstraint(
        ["numero_flux", "rank", "seq"],
        [status_event.c.numero_flux, status_event.c.rank, status_event.c.seq],
    ),
)
# What is still owed.
Index(
    "ix_envoi_owed",
    envoi.c.numero_flux,
    sqlite_where=envoi.c.delivered_at.is_(None),
    postgresql_where=envoi.c.delivered_at.is_(None),
)

recyclage = Table(
    "recyclage",
    metadata,
    # The document that came again.
    Column("numero_flux", Text),
    Column("rank", Integer),
    # The event of the invoice that it continues.
    Column("of_flux", Text, nullable=False),
    Column("of_rank", Integer, nullable=False),
    Column("of_seq", Integer, nullable=False),
    # Forbids a document to continue two invoices, or one of them twice.
    PrimaryKeyConstraint("numero_flux", "rank"),
    # Forbids two documents to be one event.
    UniqueConstraint("of_flux", "of_rank", "of_seq"),
    # Forbids a recycling by a document that does not exist.
    ForeignKeyConstraint(["numero_flux", "rank"], [document.c.numero_flux, document.c.rank]),
    # Forbids a recycling that no history tells.
    ForeignKeyConstraint(
        ["of_flux", "of_rank", "of_seq"],
        [status_event.c.numero_flux, status_event.c.rank, status_event.c.seq],
    ),
)

numero_reserve = Table(
    "numero_reserve",
    metadata,
    Column("annee", Integer),
    Column("emetteur_cle", Text),
    Column("numero", Text),
    Column("numero_flux", Text, nullable=False),
    Column("rank", Integer, nullable=False),
    # Forbids a second invoice of one number, by one issuer, in one year.
    PrimaryKeyConstraint("annee", "emetteur_cle", "numero"),
    # Forbids a document to hold two numbers.
    UniqueConstraint("numero_flux", "rank"),
    # Forbids a number held by a document that does not exist.
    ForeignKeyConstraint(["numero_flux", "rank"], [document.c.numero_flux, document.c.rank]),
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
