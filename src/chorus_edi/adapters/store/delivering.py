"""Commits 4 and 5: what the outbox owes is delivered, invoices become available, flows end.

Every function runs inside the transaction of its caller.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, case, func, literal, select, update

from chorus_edi.adapters.store.columns import UtcDateTime
from chorus_edi.adapters.store.deciding import ROUTED, by_platform
from chorus_edi.adapters.store.invoice_tables import envoi, facture, status_event
from chorus_edi.adapters.store.rows import add, add_findings, chunks, enter, hold, upsert
from chorus_edi.adapters.store.tables import document, flux, intent
from chorus_edi.domain.findings import Findings
from chorus_edi.domain.flux import Intent
from chorus_edi.domain.lifecycle import Event, step
from chorus_edi.domain.motives import Motive
from chorus_edi.domain.statuses import DocumentState, FluxState
from chorus_edi.errors import Defect

_AVAILABLE = step(ROUTED, Event.DELIVERED)
_REFUSED = (DocumentState.REJETE, DocumentState.IRRECEVABLE)


def plan(connection: Connection, numero_flux: str, intents: Sequence[Intent]) -> None:
    """Add files that the outbox must hold; one whose content has changed is owed again.

    Raises:
        Defect: another document writes onto the same name, or the flow does not exist.
    """
    if not intents:
        return
    statement = upsert(connection, intent)
    new = statement.excluded
    rows = [
        {
            "numero_flux": numero_flux,
            "rank": planned.rank,
            "path": planned.path,
            "kind": planned.kind,
            "size": planned.size,
            "sha256": planned.sha256,
        }
        for planned in intents
    ]
    same = intent.c.sha256 == new.sha256
    changed = {"kind": new.kind, "size": new.size, "sha256": new.sha256}
    kept = {"delivered_at": case((same, intent.c.delivered_at), else_=None)}
    on_conflict = statement.on_conflict_do_update(
        index_elements=list(intent.primary_key), set_={**changed, **kept}
    )
    connection.execute(on_conflict, rows)


def deliver(connection: Connection, numero_flux: str, paths: Sequence[str], at: datetime) -> None:
    """Mark intents delivered; invoices that are owed nothing more become available.

    Raises:
        Defect: a path that the flow does not owe.
    """
    hold(connection, numero_flux)
    first_time = func.coalesce(intent.c.delivered_at, literal(at, UtcDateTime()))
    for chunk in chunks(sorted(set(paths))):
        marked = connection.execute(
            update(intent)
            .where(intent.c.numero_flux == numero_flux, intent.c.path.in_(chunk))
            .values(delivered_at=first_time)
        )
        if marked.rowcount != len(chunk):
            raise Defect(f"flow {numero_flux} was delivered a file that nobody is owed")
    _make_available(connection, numero_flux, at)


def _make_available(connection: Connection, numero_flux: str, at: datetime) -> None:
    ready = _owed_nothing(connection, numero_flux)
    if not ready:
        return
    last = _last_events(connection, numero_flux)
    # Never before the status that it follows, whatever the clock did meanwhile.
    dates = {rank: max(at, before) for rank, before in ready.items()}
    key = {"numero_flux": numero_flux, "statut": _AVAILABLE, "event": Event.DELIVERED}
    events = [
        {**key, "rank": rank, "seq": last[rank] + 1, **by_platform(at), "date": date}
        for rank, date in dates.items()
    ]
    add(connection, status_event, events)
    copy = (
        update(facture)
        .where(facture.c.numero_flux == numero_flux, facture.c.rank == bindparam("of_rank"))
        .values(statut=_AVAILABLE, date_statut=bindparam("of_date"))
    )
    rows = [{"of_rank": rank, "of_date": date} for rank, date in dates.items()]
    connection.execute(copy, rows)


def _owed_nothing(connection: Connection, numero_flux: str) -> dict[int, datetime]:
    """Return the invoices under way that wait for no file: rank → since when they are under way.

    Plain questions: joined, PostgreSQL answers them row by row for a flow so new that it has no
    statistics, and 10,000 invoices took it a minute and a half.
    """
    waiting = {
        rank
        for table in (intent, envoi)
        for rank in connection.scalars(
            select(table.c.rank).where(
                table.c.numero_flux == numero_flux, table.c.delivered_at.is_(None)
            )
        )
    }
    under_way = select(facture.c.rank, facture.c.date_statut).where(
        facture.c.numero_flux == numero_flux, facture.c.statut == ROUTED
    )
    found = {row.rank: row.date_statut for row in connection.execute(under_way)}
    return {rank: found[rank] for rank in sorted(found.keys() - waiting)}


def _last_events(connection: Connection, numero_flux: str) -> dict[int, int]:
    """Return the number of the last event of each invoice of a flow."""
    rows = connection.execute(
        select(status_event.c.rank, func.max(status_event.c.seq))
        .where(status_event.c.numero_flux == numero_flux)
        .group_by(status_event.c.rank)
    )
    return {row[0]: row[1] for row in rows}


def close(
    connection: Connection,
    numero_flux: str,
    *,
    etat: FluxState,
    motif: Motive | None,
    detail: str,
    findings: Findings,
    at: datetime,
) -> None:
    """Write a flow's last state, once; its counts come from its documents.

    Raises:
        Defect: the table of transitions does not let the flow go there.
    """
    held = hold(connection, numero_flux)
    if held.etat is etat:
        return
    enter(connection, held, etat, at, detail)
    states = _states(connection, numero_flux)
    connection.execute(
        update(flux)
        .where(flux.c.numero_flux == numero_flux)
        .values(
            etat=etat,
            date_etat=at,
            motif=motif,
            factures=sum(states.values()) - states.get(DocumentState.ACCOMPAGNEMENT, 0),
            integrees=states.get(DocumentState.INTEGRE, 0),
            rejetees=sum(states.get(state, 0) for state in _REFUSED),
        )
    )
    add_findings(connection, numero_flux, ((0, findings),))


def _states(connection: Connection, numero_flux: str) -> dict[DocumentState | None, int]:
    rows = connection.execute(
        select(document.c.state, func.count())
        .where(document.c.numero_flux == numero_flux)
        .group_by(document.c.state)
    )
    return {row[0]: row[1] for row in rows}
