"""The tables of invoices: where each stands, what happened to it, what was asked, its number."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
)

from chorus_edi.adapters.store.columns import Encoded, Kind, UtcDateTime, code
from chorus_edi.adapters.store.metadata import metadata
from chorus_edi.adapters.store.tables import document
from chorus_edi.domain.actors import Actor
from chorus_edi.domain.flux import Deliverable
from chorus_edi.domain.lifecycle import Event
from chorus_edi.domain.lives import Nature, Piece, Rerouting
from chorus_edi.domain.orders import AnswerCode, Order
from chorus_edi.domain.processing_motives import ProcessingMotive
from chorus_edi.domain.statuses import InvoiceStatus

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
