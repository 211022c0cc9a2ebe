"""The ``Counts`` port over a database: grouping queries, each answer from one moment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Select, Table, and_, exists, func, select

from chorus_edi.adapters.store.engine import snapshot
from chorus_edi.adapters.store.invoice_tables import facture, recyclage
from chorus_edi.adapters.store.reading import flux_of
from chorus_edi.adapters.store.tables import document, flux, flux_event, purge
from chorus_edi.domain.accounts import Account, Night
from chorus_edi.domain.flux import Flux
from chorus_edi.domain.motives import Motive
from chorus_edi.domain.partners import Mode
from chorus_edi.domain.statuses import DocumentState, FluxState
from chorus_edi.ports.counting import Tally

_CLOSED = tuple(state for state in FluxState if state.closed)
_COUNTED = document.c.state.is_distinct_from(DocumentState.ACCOMPAGNEMENT)
_FIELDS = {
    DocumentState.REJETE: "rejected",
    DocumentState.IRRECEVABLE: "rejected",
    DocumentState.EN_ATTENTE: "waiting",
    None: "undecided",
}
"""State of a document → where an account counts it; an integrated one is counted as an invoice."""


# Of a flow whose rows were purged nothing is left to be counted, and its history begins anew.
_FORGOTTEN = exists().where(purge.c.numero_flux == flux.c.numero_flux, purge.c.rows_at.is_not(None))
_DISMISSED = exists().where(purge.c.numero_flux == flux.c.numero_flux)


class SqlCounts:
    """Counts on SQLite or PostgreSQL; what each verb promises is written in the port."""

    def __init__(self, engine: Engine) -> None:
        """``engine`` comes from ``open_engine`` and has the schema of this program."""
        self._engine = engine

    def last_deposit(self, emetteur: str, since: datetime | None = None) -> datetime | None:
        """Return when a partner's newest flow came in: see the port."""
        # Not max(): the index of dates is then read backwards, and left at the first of his.
        statement = select(flux.c.date_depot).where(flux.c.emetteur == emetteur)
        if since is not None:
            statement = statement.where(flux.c.date_depot >= since)
        with snapshot(self._engine) as connection:
            newest: datetime | None = connection.scalar(
                statement.order_by(flux.c.date_depot.desc()).limit(1)
            )
        return newest

    def accounts(self, night: Night) -> Sequence[Account]:
        """Return the accounts of a night: see the port."""
        drafts: dict[str, dict[str, Any]] = {}
        with snapshot(self._engine) as connection:
            _count_files(connection, night, drafts)
            _count_invoices(connection, night, drafts)
        return [Account(emetteur=code, **drafts[code]) for code in sorted(drafts)]

    def closed(self, night: Night) -> Iterator[Flux]:
        """Yield the closed flows of a night: see the port."""
        statement = select(flux).where(
            _deposited(night),
            flux.c.etat.in_(_CLOSED),
            flux.c.etat != FluxState.IN_INCIDENTE,
            flux.c.sha256.is_not(None),
            ~_DISMISSED,
        )
        with snapshot(self._engine) as connection:
            rows = connection.execute(statement.order_by(flux.c.sequence)).all()
        return map(flux_of, rows)

    def tally(self) -> Tally:
        """Count everything: see the port."""
        not_closed = flux.c.etat.not_in(_CLOSED)
        with snapshot(self._engine) as connection:
            return Tally(
                flows=_grouped(connection, flux.c.etat),
                documents=_grouped(connection, document.c.state),
                invoices=_grouped(connection, facture.c.statut),
                oldest=connection.scalar(select(func.min(flux.c.date_depot)).where(not_closed)),
                last=connection.scalar(select(func.max(flux.c.date_depot))),
            )


def _grouped(connection: Connection, column: ColumnElement[Any]) -> dict[Any, int]:
    rows = connection.execute(select(column, func.count()).group_by(column))
    return {row[0]: row[1] for row in rows}


def _deposited(night: Night) -> ColumnElement[bool]:
    return and_(flux.c.date_depot >= night.begin, flux.c.date_depot < night.end, ~_FORGOTTEN)


def _count_files(connection: Connection, night: Night, drafts: dict[str, dict[str, Any]]) -> None:
    """Count what came in by the history, and what there is by the rows."""
    for code, count in connection.execute(_seen(night)):
        drafts.setdefault(code, {})["seen"] = count
    for code, state, motive, count in connection.execute(_flows(night)):
        draft = drafts.setdefault(code, {})
        if motive is Motive.IRR_UNICITE:
            draft["duplicates"] = draft.get("duplicates", 0) + count
        else:
            by_state = draft.setdefault("flows", {})
            by_state[state] = by_state.get(state, 0) + count
    for code, count in connection.execute(_astray(night)):
        drafts.setdefault(code, {})["astray"] = count


def _count_invoices(
    connection: Connection, night: Night, drafts: dict[str, dict[str, Any]]
) -> None:
    """Count invoices as their flows did, as documents, and as invoices."""

    def add(code: str, field: str, count: int) -> None:
        draft = drafts.setdefault(code, {})
        draft[field] = draft.get(field, 0) + count

    for code, count in connection.execute(_told_by_flows(night)):
        add(code, "invoices", count or 0)
    for code, mode, etat, state, count in connection.execute(_documents(night)):
        if not etat.closed:
            add(code, "invoices", count)
        if mode is Mode.QUALIFICATION:
            add(code, "trial", count)
        elif state in _FIELDS:
            add(code, _FIELDS[state], count)
    for statement in (_of(facture, night), _of(recyclage, night)):
        for code, count in connection.execute(statement):
            add(code, "integrated", count)


def _seen(night: Night) -> Select[Any]:
    """Files that came in, by the first lines of their histories, which nobody can change."""
    return (
        select(flux.c.emetteur, func.count())
        .join_from(flux_event, flux, flux.c.numero_flux == flux_event.c.numero_flux)
        .where(flux_event.c.seq == 1, ~_FORGOTTEN)
        .where(flux_event.c.date >= night.begin, flux_event.c.date < night.end)
        .group_by(flux.c.emetteur)
    )


def _flows(night: Night) -> Select[Any]:
    columns = (flux.c.emetteur, flux.c.etat, flux.c.motif)
    return select(*columns, func.count()).where(_deposited(night)).group_by(*columns)


def _astray(night: Night) -> Select[Any]:
    told = (
        select(flux_event.c.etat)
        .where(flux_event.c.numero_flux == flux.c.numero_flux)
        .order_by(flux_event.c.seq.desc())
        .limit(1)
        .correlate(flux)
        .scalar_subquery()
    )
    return (
        select(flux.c.emetteur, func.count())
        .where(_deposited(night), flux.c.etat.is_distinct_from(told))
        .group_by(flux.c.emetteur)
    )


def _told_by_flows(night: Night) -> Select[Any]:
    """What flows counted when they were closed."""
    return (
        select(flux.c.emetteur, func.sum(flux.c.factures))
        .where(_deposited(night), flux.c.etat.in_(_CLOSED))
        .group_by(flux.c.emetteur)
    )


def _documents(night: Night) -> Select[Any]:
    columns = (flux.c.emetteur, flux.c.mode, flux.c.etat, document.c.state)
    return (
        select(*columns, func.count())
        .join_from(document, flux, flux.c.numero_flux == document.c.numero_flux)
        .where(_deposited(night), _COUNTED)
        .group_by(*columns)
    )


def _of(table: Table, night: Night) -> Select[Any]:
    """Invoices, or documents that continued one, by the flow that they came in."""
    return (
        select(flux.c.emetteur, func.count())
        .join_from(table, flux, flux.c.numero_flux == table.c.numero_flux)
        .where(_deposited(night))
        .group_by(flux.c.emetteur)
    )
