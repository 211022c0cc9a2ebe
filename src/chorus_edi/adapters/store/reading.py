"""Questions to the store: the statement of each, and how a row becomes a value of the domain."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from msgspec.structs import asdict, replace
from sqlalchemy import (
    Column,
    ColumnElement,
    Row,
    ScalarSelect,
    Select,
    Table,
    and_,
    case,
    or_,
    select,
)

from chorus_edi.adapters.store.invoice_tables import facture, recyclage
from chorus_edi.adapters.store.tables import document, finding, flux, flux_event, intent
from chorus_edi.domain.findings import Severity
from chorus_edi.domain.flux import (
    DocumentRow,
    Flux,
    FluxEvent,
    Intent,
    InvoiceRow,
    Rejection,
    document_id,
)
from chorus_edi.domain.legal_time import PARIS
from chorus_edi.domain.lives import Rerouting
from chorus_edi.domain.statuses import DocumentState, FluxState

_CLOSED = tuple(state for state in FluxState if state.closed)
_REFUSED = (DocumentState.REJETE, DocumentState.IRRECEVABLE)
_DOCUMENT_FIELDS = tuple(f for f in DocumentRow.__struct_fields__ if f != "continues")


def _of_document(column: Column[Any], of: Table) -> ScalarSelect[Any]:
    """Return a column of the document that a row of another table speaks of; NULL for rank 0.

    A subquery and not a join: for a flow newer than its statistics, PostgreSQL may join by the
    flow alone and compare every rank with every other.
    """
    same = and_(document.c.numero_flux == of.c.numero_flux, document.c.rank == of.c.rank)
    return select(column).where(same).correlate(of).scalar_subquery()


def unfinished() -> Select[Any]:
    """Flows that the pipeline has not closed, in claim order."""
    return select(flux).where(flux.c.etat.not_in(_CLOSED)).order_by(flux.c.sequence)


def one_flux(numero_flux: str) -> Select[Any]:
    """One flow."""
    return select(flux).where(flux.c.numero_flux == numero_flux)


def repeated(of: Flux, sha256: str) -> Select[Any]:
    """The flows of the same sender and mode claimed before one that it repeats, oldest first."""
    same = [flux.c.sha256 == sha256]
    if of.premier_flux is not None:
        # The holder of its number, and what was sent under that number since.
        same += [flux.c.numero_flux == of.premier_flux, flux.c.premier_flux == of.premier_flux]
    return (
        select(flux)
        .where(
            flux.c.emetteur == of.emetteur,
            flux.c.mode == of.mode,
            flux.c.sequence < of.sequence,
            or_(*same),
        )
        .order_by(flux.c.sequence)
    )


def suivi(etat: FluxState | None, emetteur: str | None, depuis: datetime | None) -> Select[Any]:
    """Flows, newest claim first."""
    statement = select(flux).order_by(flux.c.sequence.desc())
    if etat is not None:
        statement = statement.where(flux.c.etat == etat)
    if emetteur is not None:
        statement = statement.where(flux.c.emetteur == emetteur)
    if depuis is not None:
        statement = statement.where(flux.c.date_depot >= depuis)
    return statement


def flux_of(row: Row[Any]) -> Flux:
    """Read a flow."""
    return Flux(**row._mapping)


def events(numero_flux: str) -> Select[Any]:
    """History of a flow."""
    return (
        select(flux_event).where(flux_event.c.numero_flux == numero_flux).order_by(flux_event.c.seq)
    )


def event_of(row: Row[Any]) -> FluxEvent:
    """Read a line of a flow's history."""
    return FluxEvent(**row._mapping)


def documents(numero_flux: str) -> Select[Any]:
    """Documents of a flow, by rank."""
    columns = (document.c[name] for name in _DOCUMENT_FIELDS)
    return select(*columns).where(document.c.numero_flux == numero_flux).order_by(document.c.rank)


def document_of(row: Row[Any], recycled: Mapping[int, str]) -> DocumentRow:
    """Read a document of a flow; ``recycled`` are the invoices that its documents continue."""
    judged = {"rule_sets": row.rule_sets or (), "not_checked": row.not_checked or ()}
    return DocumentRow(**{**row._mapping, **judged, "continues": recycled.get(row.rank)})


def recycled(numero_flux: str) -> Select[Any]:
    """The documents of a flow that continue invoices, and which.

    A question of its own: joined, PostgreSQL may compare every rank with every other.
    """
    return select(recyclage).where(recyclage.c.numero_flux == numero_flux)


def recycled_of(row: Row[Any]) -> tuple[int, str]:
    """Read the rank of a document, and the id of the invoice that it continues."""
    return row.rank, document_id(row.of_flux, row.of_rank)


def intents(numero_flux: str, *, pending: bool) -> Select[Any]:
    """Files of a flow that the outbox must hold; order is left to the caller.

    PostgreSQL orders text by the language of its server: it would not be the same everywhere.
    """
    statement = select(intent).where(intent.c.numero_flux == numero_flux)
    return statement.where(intent.c.delivered_at.is_(None)) if pending else statement


def intent_of(row: Row[Any]) -> Intent:
    """Read a file that the outbox must hold."""
    return Intent(
        numero_flux=row.numero_flux,
        rank=row.rank,
        path=row.path,
        kind=row.kind,
        size=row.size,
        sha256=row.sha256,
        delivered=row.delivered_at is not None,
    )


def factures(numero_flux: str | None, statut: str | None) -> Select[Any]:
    """Invoices, by flow in claim order and by rank."""
    statement = (
        select(
            facture.c.numero_flux,
            facture.c.rank,
            _of_document(document.c.summary, facture).label("summary"),
            facture.c.statut,
            facture.c.date_statut,
            facture.c.routing,
            flux.c.date_depot,
            flux.c.emetteur,
        )
        .join_from(facture, flux, flux.c.numero_flux == facture.c.numero_flux)
        .order_by(flux.c.sequence, facture.c.rank)
    )
    if numero_flux is not None:
        statement = statement.where(facture.c.numero_flux == numero_flux)
    if statut is not None:
        statement = statement.where(facture.c.statut == statut)
    return statement


def invoice_of(row: Row[Any]) -> InvoiceRow:
    """Read an invoice; one that was recycled goes where it was sent last."""
    values = dict(row._mapping)
    routing: Rerouting | None = values.pop("routing")
    if routing is not None:
        values["summary"] = replace(values["summary"], **asdict(routing))
    return InvoiceRow(id=document_id(row.numero_flux, row.rank), **values)


def findings(numero_flux: str) -> Select[Any]:
    """Every finding of a flow, by rank and order."""
    return _rejections().where(finding.c.numero_flux == numero_flux)


def rejets(jour: date | None, emetteur: str | None) -> Select[Any]:
    """Fatal findings of refused documents and refused flows, by claim order, rank and order."""
    refused = or_(
        _of_document(document.c.state, finding).in_(_REFUSED),
        and_(finding.c.rank == 0, flux.c.etat == FluxState.IN_REJETE),
    )
    statement = _rejections().where(finding.c.severity == Severity.FATAL, refused)
    if jour is not None:
        statement = statement.where(_deposited_on(jour))
    if emetteur is not None:
        statement = statement.where(flux.c.emetteur == emetteur)
    return statement


def rejection_of(row: Row[Any]) -> Rejection:
    """Read a line of the rejects."""
    return Rejection(**{**row._mapping, "document": row.document or ""})


def _rejections() -> Select[Any]:
    motive = case(
        (finding.c.rank == 0, flux.c.motif), else_=_of_document(document.c.motive, finding)
    )
    return (
        select(
            finding.c.numero_flux,
            finding.c.rank,
            _of_document(document.c.name, finding).label("document"),
            flux.c.emetteur,
            flux.c.nom_fichier,
            flux.c.date_depot,
            _of_document(document.c.summary, finding).label("summary"),
            motive.label("motive"),
            finding.c.body.label("finding"),
        )
        .join_from(finding, flux, flux.c.numero_flux == finding.c.numero_flux)
        .order_by(flux.c.sequence, finding.c.rank, finding.c.ordinal)
    )


def _deposited_on(jour: date) -> ColumnElement[bool]:
    """A day of Paris lasts 23, 24 or 25 hours."""
    begin = datetime.combine(jour, time(), PARIS)
    end = datetime.combine(jour + timedelta(days=1), time(), PARIS)
    return and_(flux.c.date_depot >= begin, flux.c.date_depot < end)
