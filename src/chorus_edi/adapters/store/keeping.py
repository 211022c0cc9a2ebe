"""The ``Keeping`` port over a database: which flows are due, and what is left of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Select,
    Table,
    and_,
    delete,
    exists,
    func,
    or_,
    select,
    update,
)

from chorus_edi.adapters.store.engine import reading, writing
from chorus_edi.adapters.store.invoice_tables import (
    demande,
    envoi,
    facture,
    numero_reserve,
    recyclage,
    status_event,
)
from chorus_edi.adapters.store.reading import flux_of
from chorus_edi.adapters.store.rows import hold, remain, upsert
from chorus_edi.adapters.store.running_tables import operation, sending
from chorus_edi.adapters.store.tables import (
    attempt,
    document,
    finding,
    flux,
    flux_event,
    intent,
    purge,
)
from chorus_edi.domain.flux import Flux
from chorus_edi.domain.lifecycle import AWAITED
from chorus_edi.domain.statuses import FluxState
from chorus_edi.errors import Defect

_ENDED = tuple(
    state
    for state in FluxState
    if state.closed and state is not FluxState.IN_EN_ATTENTE_RETRAITEMENT_CPP
)
_FILE_GOES = "Durée de conservation échue : le fichier reçu est supprimé."
_ROWS_GO = "Durée de conservation échue : documents, constats et historique supprimés."
_FORGOTTEN: tuple[Table, ...] = (
    intent,
    finding,
    attempt,
    envoi,
    recyclage,
    demande,
    status_event,
    facture,
    flux_event,
)
"""What goes with a flow, in an order that every reference allows."""


class SqlKeeping:
    """What was purged, on SQLite or PostgreSQL; each verb's promise is written in the port."""

    def __init__(self, engine: Engine) -> None:
        """``engine`` comes from ``open_engine`` and has the schema of this program."""
        self._engine = engine

    def due(self, before: datetime) -> Sequence[Flux]:
        """Return the flows whose stored file is to go: see the port."""
        done = exists().where(
            purge.c.numero_flux == flux.c.numero_flux, purge.c.file_at.is_not(None)
        )
        return self._flows(_ended(before).where(~done))

    def forgettable(self, before: datetime) -> Sequence[Flux]:
        """Return the flows whose rows are to go: see the port."""
        done = exists().where(
            purge.c.numero_flux == flux.c.numero_flux, purge.c.rows_at.is_not(None)
        )
        # What continued an invoice is part of its history: it goes after it, at the next purge.
        part = exists().where(recyclage.c.numero_flux == flux.c.numero_flux)
        return self._flows(_ended(before).where(~done, ~part))

    def dismiss(self, numero_flux: str, at: datetime) -> None:
        """Say that the stored file of a flow goes: see the port."""
        with writing(self._engine) as connection:
            remain(connection, hold(connection, numero_flux), at, _FILE_GOES)
            row = {"numero_flux": numero_flux, "decided_at": at, "unlocked": 0}
            connection.execute(upsert(connection, purge).on_conflict_do_nothing(), row)

    def dismissed(self, numero_flux: str) -> bool:
        """Tell whether the stored file of a flow goes or is gone: see the port."""
        statement = select(purge.c.numero_flux).where(purge.c.numero_flux == numero_flux)
        with reading(self._engine) as connection:
            return connection.execute(statement).one_or_none() is not None

    def gone(self, numero_flux: str, at: datetime) -> None:
        """Record that a stored file is gone: see the port."""
        statement = update(purge).where(
            purge.c.numero_flux == numero_flux, purge.c.file_at.is_(None)
        )
        with writing(self._engine) as connection:
            connection.execute(statement.values(file_at=at))

    def forget(self, numero_flux: str, at: datetime) -> None:
        """Delete what is known of a flow: see the port."""
        own = purge.c.numero_flux == numero_flux
        with writing(self._engine) as connection:
            held = hold(connection, numero_flux)
            kept = connection.execute(select(purge).where(own)).one_or_none()
            if kept is None or kept.file_at is None:
                raise Defect(f"flow {numero_flux} still has its file")
            if kept.rows_at is not None:
                return
            connection.execute(update(purge).where(own).values(unlocked=1))
            _delete(connection, numero_flux)
            remain(connection, held, at, _ROWS_GO)
            connection.execute(update(purge).where(own).values(unlocked=0, rows_at=at))

    def settled(self, before: datetime) -> int:
        """Count the old events of the installation: see the port."""
        statement = select(func.count()).select_from(operation)
        with reading(self._engine) as connection:
            return connection.scalar(statement.where(_settled(before))) or 0

    def drop_settled(self, before: datetime) -> None:
        """Delete the old events of the installation: see the port."""
        with writing(self._engine) as connection:
            connection.execute(delete(operation).where(_settled(before)))

    def _flows(self, statement: Select[tuple[object, ...]]) -> Sequence[Flux]:
        with reading(self._engine) as connection:
            return [flux_of(row) for row in connection.execute(statement)]


def _ended(before: datetime) -> Select[tuple[object, ...]]:
    owed = exists().where(
        envoi.c.numero_flux == facture.c.numero_flux,
        envoi.c.rank == facture.c.rank,
        envoi.c.delivered_at.is_(None),
    )
    # Its last status is young, somebody is awaited, or its recipient is owed something.
    alive = or_(facture.c.date_statut >= before, facture.c.statut.in_(AWAITED), owed)
    own = exists().where(facture.c.numero_flux == flux.c.numero_flux, alive)
    # A document that continued an invoice of another flow is that invoice's file since.
    continued = exists().where(
        recyclage.c.numero_flux == flux.c.numero_flux,
        facture.c.numero_flux == recyclage.c.of_flux,
        facture.c.rank == recyclage.c.of_rank,
        alive,
    )
    return (
        select(flux)
        .where(flux.c.etat.in_(_ENDED), flux.c.date_etat < before, ~own, ~continued)
        .order_by(flux.c.sequence)
    )


def _settled(before: datetime) -> ColumnElement[bool]:
    return and_(operation.c.at < before, operation.c.notified_at.is_not(None))


def _delete(connection: Connection, numero_flux: str) -> None:
    # What says that a document of another flow continued an invoice of this one.
    connection.execute(delete(recyclage).where(recyclage.c.of_flux == numero_flux))
    for table in _FORGOTTEN:
        connection.execute(delete(table).where(table.c.numero_flux == numero_flux))
    # A report that is pushed bears the number of its flow first.
    connection.execute(delete(sending).where(sending.c.name.startswith(numero_flux)))
    own = document.c.numero_flux == numero_flux
    numbered = exists().where(
        numero_reserve.c.numero_flux == numero_flux, numero_reserve.c.rank == document.c.rank
    )
    connection.execute(delete(document).where(own, ~numbered))
    bare = {"summary": None, "rule_sets": None, "not_checked": None}
    connection.execute(update(document).where(own).values(**bare))
