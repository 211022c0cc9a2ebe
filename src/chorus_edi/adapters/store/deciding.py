"""Commit 3: numbers are reserved, and what was decided of documents is written.

Every function runs inside the transaction of its caller.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

from msgspec.structs import replace
from sqlalchemy import Connection, bindparam, select, update

from chorus_edi.adapters.store.attempts import forget_attempts
from chorus_edi.adapters.store.invoice_tables import facture, status_event
from chorus_edi.adapters.store.lifecycle import hold_invoices, recycled
from chorus_edi.adapters.store.numbers import Number, number_of, reserve, spends
from chorus_edi.adapters.store.rows import add, add_findings, hold
from chorus_edi.adapters.store.tables import document, intent
from chorus_edi.domain.actors import Actor
from chorus_edi.domain.cadres import Demand, demand_of
from chorus_edi.domain.delays import tacit_at
from chorus_edi.domain.flux import (
    Decision,
    Flux,
    Holder,
    InvoiceSummary,
    delivery_path,
)
from chorus_edi.domain.lifecycle import Event, after, goes_on_by, step
from chorus_edi.domain.partners import Mode
from chorus_edi.domain.scenarios import Circuit
from chorus_edi.domain.statuses import (
    DocumentState,
    InvoiceStatus,
)
from chorus_edi.errors import Defect

DEPOSITED = step(None, Event.INTEGRATED)
ROUTED = step(DEPOSITED, Event.ROUTED)


def decide(
    connection: Connection,
    numero_flux: str,
    decisions: Sequence[Decision],
    duplicate: Callable[[Decision, Holder], Decision],
    at: datetime,
) -> tuple[Decision, ...]:
    """Write the decisions that are not written yet; return them as written, ranks ascending.

    Raises:
        Defect: a rank that was not registered, or an integrated document without a recipient.
    """
    if not decisions:
        return ()
    held = hold(connection, numero_flux)
    fresh = _undecided(connection, numero_flux, decisions)
    written = tuple(_with_unique_numbers(connection, held, fresh, duplicate, at))
    _write_documents(connection, numero_flux, written, at)
    add_findings(connection, numero_flux, ((d.rank, d.findings) for d in written))
    _write_invoices(connection, numero_flux, written, at)
    # A run that was killed could not, where a document was examined alone; the next did it at once.
    done = [d.rank for d in written if d.state is not DocumentState.EN_ATTENTE]
    forget_attempts(connection, numero_flux, done)
    return written


def _undecided(
    connection: Connection, numero_flux: str, decisions: Sequence[Decision]
) -> list[Decision]:
    ordered = sorted(decisions, key=lambda decision: decision.rank)
    rows = connection.execute(
        select(document.c.rank, document.c.state).where(
            document.c.numero_flux == numero_flux,
            document.c.rank.between(ordered[0].rank, ordered[-1].rank),
        )
    )
    states = {row.rank: row.state for row in rows}
    unknown = [d.rank for d in ordered if d.rank not in states]
    if unknown:
        raise Defect(f"flow {numero_flux} has no document of rank {unknown[0]}")
    return [decision for decision in ordered if states[decision.rank] is None]


def _with_unique_numbers(
    connection: Connection,
    held: Flux,
    decisions: Sequence[Decision],
    duplicate: Callable[[Decision, Holder], Decision],
    at: datetime,
) -> Iterator[Decision]:
    numero_flux = held.numero_flux
    numbers = {d.rank: number for d in decisions if (number := _number_of(d, held)) is not None}
    holders = reserve(connection, numero_flux, numbers)
    before = {decision.rank: decision.state for decision in decisions}
    hold_invoices(connection, {d.continues for d in decisions if d.continues})
    for decision in decisions:
        holder = holders.get(numbers[decision.rank]) if decision.rank in numbers else None
        own = holder and (holder.numero_flux, holder.rank) == (numero_flux, decision.rank)
        if holder is None or own or decision.state is not DocumentState.INTEGRE:
            yield replace(decision, continues=None)
            continue
        if holder.numero_flux == numero_flux and holder.rank in before:
            # Of this very batch: its document is not written yet.
            holder = replace(holder, refused=before[holder.rank] is DocumentState.REJETE)
        yield _contested(connection, numero_flux, decision, holder, duplicate, at)


def _contested(
    connection: Connection,
    numero_flux: str,
    decision: Decision,
    holder: Holder,
    duplicate: Callable[[Decision, Holder], Decision],
    at: datetime,
) -> Decision:
    """Let a document whose number is held continue the holder, or refuse it."""
    same = decision.continues == holder.id and not decision.differing
    if same and recycled(connection, numero_flux, decision, at):
        return decision
    refused = duplicate(decision, holder)
    if refused.state is DocumentState.INTEGRE:
        raise Defect(f"a duplicate of flow {numero_flux}, rank {decision.rank}, was integrated")
    return refused


def _number_of(decision: Decision, held: Flux) -> Number | None:
    """Return what is to be reserved for a document, or spent by it; None where nothing is."""
    examination = decision.examination
    rejected = decision.state is DocumentState.REJETE
    spent = rejected and held.mode is Mode.PRODUCTION and spends(examination.circuit)
    takes = decision.state is DocumentState.INTEGRE or spent
    return number_of(examination.summary) if takes else None


def _write_documents(
    connection: Connection, numero_flux: str, decisions: Sequence[Decision], at: datetime
) -> None:
    if not decisions:
        return
    statement = update(document).where(
        document.c.numero_flux == numero_flux, document.c.rank == bindparam("of_rank")
    )
    connection.execute(statement, [_document_row(decision, at) for decision in decisions])


def _document_row(decision: Decision, at: datetime) -> dict[str, Any]:
    examination = decision.examination
    return {
        "of_rank": decision.rank,
        "state": decision.state,
        "decided_at": at,
        "motive": decision.motive,
        "container": examination.container,
        "syntax": examination.syntax,
        "profile": examination.profile,
        "circuit": examination.circuit,
        "directory_version": examination.directory_version,
        "rule_sets": examination.rule_sets,
        "not_checked": examination.not_checked,
        "summary": examination.summary,
    }


def _write_invoices(
    connection: Connection, numero_flux: str, decisions: Sequence[Decision], at: datetime
) -> None:
    """Make an invoice of each integrated document: its status, its history, what it is owed.

    Nothing is owed yet of an invoice that somebody must validate: see ``lifecycle``.
    """
    integrated = [
        (decision, demand_of((decision.examination.summary or InvoiceSummary()).cadre))
        for decision in decisions
        # What came again to be recycled makes no invoice: it continues one.
        if decision.state is DocumentState.INTEGRE and decision.continues is None
    ]
    add(connection, facture, [_invoice_row(numero_flux, *one, at) for one in integrated])
    events = [row for one in integrated for row in _event_rows(numero_flux, *one, at)]
    add(connection, status_event, events)
    owed = [decision for decision, demand in integrated if demand is None]
    add(connection, intent, [row for d in owed for row in _intent_rows(numero_flux, d)])


def _begun(demand: Demand | None) -> tuple[Event, InvoiceStatus]:
    """Return what happens to an invoice at once after its deposit."""
    event = goes_on_by(demand, DEPOSITED, validated=False, second=False)
    target = after(Circuit.AFNOR, demand, DEPOSITED, event) if event else None
    if event is None or target is None:
        raise Defect(f"an invoice cannot go on after its deposit ({demand})")
    return event, target


_BEGUN = {demand: _begun(demand) for demand in (None, *Demand)}


def _invoice_row(
    numero_flux: str, decision: Decision, demand: Demand | None, at: datetime
) -> dict[str, Any]:
    summary = decision.examination.summary or InvoiceSummary()
    return {
        "numero_flux": numero_flux,
        "rank": decision.rank,
        "statut": _BEGUN[demand][1],
        "date_statut": at,
        "valideur": summary.valideur or None,
        "deadline": tacit_at(at) if demand else None,
    }


def _event_rows(
    numero_flux: str, decision: Decision, demand: Demand | None, at: datetime
) -> list[dict[str, Any]]:
    key = {"numero_flux": numero_flux, "rank": decision.rank}
    return [
        {**key, "seq": seq, "statut": statut, "event": event, **by_platform(at)}
        for seq, (event, statut) in enumerate(((Event.INTEGRATED, DEPOSITED), _BEGUN[demand]), 1)
    ]


def by_platform(at: datetime) -> dict[str, Any]:
    """Return what an event of the platform itself has in its row, when it happens now."""
    return {"actor": Actor.SYSTEM, "who": "", "date": at, "recorded_at": at}


def _intent_rows(numero_flux: str, decision: Decision) -> list[dict[str, Any]]:
    recipient = (decision.examination.summary or InvoiceSummary()).recipient
    if not recipient:
        raise Defect(f"flow {numero_flux}, rank {decision.rank}: integrated without a recipient")
    return [
        {
            "numero_flux": numero_flux,
            "rank": decision.rank,
            "path": delivery_path(recipient, numero_flux, deliverable.name, deliverable.archive),
            "kind": deliverable.kind,
            "size": deliverable.size,
            "sha256": deliverable.sha256,
        }
        for deliverable in decision.examination.deliverables
    ]
