"""What an operator does with documents that could not be decided: resumed, or refused.

Either way their flow is under way again, and the next run ends it. Every function runs inside the
transaction of its caller.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from chorus_edi.adapters.store.numbers import number_of, reserve, spends
from chorus_edi.adapters.store.rows import add_findings, enter, hold
from chorus_edi.adapters.store.tables import attempt, document, finding, flux
from chorus_edi.domain.findings import Finding
from chorus_edi.domain.flux import Flux
from chorus_edi.domain.partners import Mode
from chorus_edi.domain.statuses import DocumentState, FluxState


def resume(
    connection: Connection,
    numero_flux: str,
    ranks: Collection[int],
    refusal: Finding | None,
    at: datetime,
    detail: str,
) -> int:
    """Put waiting documents of a flow back to work, or refuse them; return how many.

    Args:
        connection: of the caller's transaction.
        numero_flux: the flow.
        ranks: which of its waiting documents; none means all of them.
        refusal: why they are refused; None where they are to be examined again.
        at: now.
        detail: what the history of the flow says of it.
    """
    if not _waiting(connection, numero_flux):
        return 0
    held = hold(connection, numero_flux)
    waiting = _waiting(connection, numero_flux)
    chosen = [rank for rank in waiting if not ranks or rank in ranks]
    if held.etat is not FluxState.IN_EN_ATTENTE_RETRAITEMENT_CPP or not chosen:
        return 0
    etat = FluxState.IN_EN_COURS_TRAITEMENT_CPP
    enter(connection, held, etat, at, detail)
    connection.execute(
        update(flux).where(flux.c.numero_flux == numero_flux).values(etat=etat, date_etat=at)
    )
    _forget(connection, numero_flux, chosen)
    state: dict[str, object] = {"state": None, "decided_at": None, "motive": None}
    if refusal is not None:
        state = {"state": DocumentState.REJETE, "decided_at": at, "motive": refusal.motive}
        _spend(connection, held, chosen)
        add_findings(connection, numero_flux, ((rank, (refusal,)) for rank in chosen))
    connection.execute(
        update(document)
        .where(document.c.numero_flux == numero_flux, document.c.rank.in_(chosen))
        .values(**state)
    )
    return len(chosen)


def _waiting(connection: Connection, numero_flux: str) -> list[int]:
    statement = select(document.c.rank).where(
        document.c.numero_flux == numero_flux, document.c.state == DocumentState.EN_ATTENTE
    )
    return sorted(connection.scalars(statement))


def _spend(connection: Connection, held: Flux, ranks: Collection[int]) -> None:
    """Spend the numbers of documents that are refused, as a rejection on deposit does."""
    if held.mode is not Mode.PRODUCTION:
        return
    rows = connection.execute(
        select(document.c.rank, document.c.circuit, document.c.summary)
        .where(document.c.numero_flux == held.numero_flux, document.c.rank.in_(ranks))
        .order_by(document.c.rank)
    )
    numbers = {row.rank: number_of(row.summary) for row in rows if spends(row.circuit)}
    reserve(connection, held.numero_flux, {n: number for n, number in numbers.items() if number})


def _forget(connection: Connection, numero_flux: str, ranks: Collection[int]) -> None:
    """Drop what was found of documents and how often they were tried."""
    for table in (finding, attempt):
        connection.execute(
            delete(table).where(table.c.numero_flux == numero_flux, table.c.rank.in_(ranks))
        )
