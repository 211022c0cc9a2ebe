"""The ``Lives`` port over a database: orders are judged and obeyed while their invoice is held."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, Select, and_, select, tuple_, update

from chorus_edi.adapters.store.engine import reading, writing
from chorus_edi.adapters.store.invoice_tables import (
    demande,
    envoi,
    facture,
    numero_reserve,
    recyclage,
)
from chorus_edi.adapters.store.invoice_tables import status_event as history
from chorus_edi.adapters.store.rows import add, bounded, chunks, upsert
from chorus_edi.adapters.store.tables import counter, document, flux
from chorus_edi.domain.actors import Identity
from chorus_edi.domain.consequences import Outcome, by_system, consequences
from chorus_edi.domain.flux import Decision, Deliverable, document_id, rank_of
from chorus_edi.domain.labels import Label
from chorus_edi.domain.lifecycle import EVENTS, Event
from chorus_edi.domain.lives import Life, LifeEvent, Nature, Shipment, routing_in
from chorus_edi.domain.orders import (
    AnswerCode,
    Granted,
    Order,
    Recycling,
    Refusal,
    judge,
    unknown,
)
from chorus_edi.domain.recycling import sent_again
from chorus_edi.domain.scenarios import Circuit
from chorus_edi.domain.statuses import INVOICE_STATUSES, InvoiceStatus
from chorus_edi.ports.lifecycle import Answer, Judge, Request

_SEQUENCE = "demande"
_PAGE = 100


class SqlLives:
    """Lives of invoices on SQLite or PostgreSQL; what each verb promises is written in the port."""

    def __init__(self, engine: Engine) -> None:
        """``engine`` comes from ``open_engine`` and has the schema of this program."""
        self._engine = engine

    def life(self, document: str) -> Life | None:
        """Return an invoice with its history: see the port."""
        with reading(self._engine) as connection:
            return _life(connection, document)

    def requests(self, document: str) -> Sequence[Request]:
        """Return what was asked of an invoice: see the port."""
        statement = select(demande).where(demande.c.document == document)
        with reading(self._engine) as connection:
            rows = connection.execute(statement.order_by(demande.c.sequence))
            return [_request_of(row) for row in rows]

    def obey(self, order: Order, at: datetime, judge: Judge) -> Answer:
        """Judge an order and write what follows: see the port."""
        with writing(self._engine) as connection:
            life = _life(connection, order.document, held=True)
            verdict = judge(life) if life else unknown(order.document)
            answer = _refused(life, verdict, order)
            if life is not None and isinstance(verdict, Granted):
                outcome = consequences(life, verdict, at)
                _write(connection, life, outcome)
                answer = _granted(life, order, outcome)
            _record(connection, order, answer, at)
            return answer

    def to_be_recycled(
        self, numbers: Collection[tuple[int, str, str]]
    ) -> Mapping[tuple[int, str, str], str]:
        """Return which numbers invoices hold that wait to be recycled: see the port."""
        key = list(numero_reserve.primary_key)
        asked = {
            (year, bounded(who), bounded(number)): (year, who, number)
            for year, who, number in numbers
        }
        same = and_(
            numero_reserve.c.numero_flux == facture.c.numero_flux,
            numero_reserve.c.rank == facture.c.rank,
        )
        statement = (
            select(*key, facture.c.numero_flux, facture.c.rank)
            .join_from(facture, numero_reserve, same)
            .where(facture.c.statut == InvoiceStatus.A_RECYCLER)
        )
        found: dict[tuple[int, str, str], str] = {}
        with reading(self._engine) as connection:
            for chunk in chunks(sorted(asked)):
                for row in connection.execute(statement.where(tuple_(*key).in_(chunk))):
                    number = asked[row.annee, row.emetteur_cle, row.numero]
                    found[number] = document_id(row.numero_flux, row.rank)
        return found

    def overdue(self, at: datetime) -> Iterator[str]:
        """Yield the invoices that count as validated by now: see the port."""
        statement = select(facture.c.numero_flux, facture.c.rank).where(facture.c.deadline <= at)
        ordered = statement.order_by(facture.c.deadline, facture.c.numero_flux, facture.c.rank)
        seen: set[str] = set()
        while True:
            with reading(self._engine) as connection:
                page = [document_id(*row) for row in connection.execute(ordered.limit(_PAGE))]
            fresh = [document for document in page if document not in seen]
            if not fresh:
                return
            seen.update(fresh)
            yield from fresh

    def settle(self, document: str, at: datetime) -> bool:
        """Let an overdue invoice be validated tacitly: see the port."""
        with writing(self._engine) as connection:
            life = _life(connection, document, held=True)
            if life is None or life.deadline is None or life.deadline > at:
                return False
            granted = by_system(life, Event.TACIT, life.deadline)
            _write(connection, life, consequences(life, granted, at))
            return True

    def owed(self) -> Sequence[Shipment]:
        """Return what is to be delivered because of an event: see the port."""
        return self._shipments(select(envoi).where(envoi.c.delivered_at.is_(None)))

    def shipments(self, document: str) -> Sequence[Shipment]:
        """Return what was, and is to be, delivered of an invoice: see the port."""
        numero, rank = rank_of(document) or ("", 0)
        return self._shipments(
            select(envoi).where(envoi.c.numero_flux == numero, envoi.c.rank == rank)
        )

    def _shipments(self, statement: Select[Any]) -> Sequence[Shipment]:
        with reading(self._engine) as connection:
            rows = connection.execute(statement)
            found = [Shipment(**{**row._mapping, "files": row.files or ()}) for row in rows]
        return sorted(found, key=lambda one: (one.numero_flux, one.rank, one.seq))

    def shipped(self, shipment: Shipment, files: Sequence[Deliverable], at: datetime) -> None:
        """Record a delivery, once: see the port."""
        key = and_(
            envoi.c.numero_flux == shipment.numero_flux,
            envoi.c.rank == shipment.rank,
            envoi.c.seq == shipment.seq,
        )
        with writing(self._engine) as connection:
            life = _life(connection, document_id(shipment.numero_flux, shipment.rank), held=True)
            done = update(envoi).where(key, envoi.c.delivered_at.is_(None))
            marked = connection.execute(done.values(delivered_at=at, files=tuple(files)))
            on_its_way = life is not None and life.statut is InvoiceStatus.EN_COURS_ACHEMINEMENT
            if life and marked.rowcount and on_its_way and shipment.nature is not Nature.COMPLEMENT:
                granted = by_system(life, Event.DELIVERED, at)
                _write(connection, life, consequences(life, granted, at))


def hold_invoices(connection: Connection, identifiers: Collection[str]) -> None:
    """Keep other writers away from invoices until the transaction ends.

    All of them before the log of orders is written, and in one order: whoever gives an order holds
    his invoice first and that log last, and each would wait for the other on PostgreSQL.
    """
    for place in sorted(filter(None, map(rank_of, identifiers))):
        own = and_(facture.c.numero_flux == place[0], facture.c.rank == place[1])
        connection.execute(select(facture.c.rank).where(own).with_for_update(key_share=True))


def recycled(connection: Connection, numero_flux: str, decision: Decision, at: datetime) -> bool:
    """Let a document that came again continue its invoice; False where that may not be.

    Inside the transaction of the caller, as everything of commit 3.
    """
    summary = decision.examination.summary
    life = _life(connection, decision.continues or "", held=True)
    if life is None or summary is None:
        return False
    order = sent_again(life, summary, document_id(numero_flux, decision.rank))
    # Whoever was told to recycle may do it, whatever is honoured of new demands.
    verdict = judge(life, order, at, Recycling.ACCEPTED)
    answer = _refused(life, verdict, order)
    if isinstance(verdict, Granted):
        outcome = consequences(life, verdict, at)
        _write(connection, life, outcome)
        answer = _granted(life, order, outcome)
    _record(connection, order, answer, at)
    return isinstance(verdict, Granted)


def _life(connection: Connection, identifier: str, *, held: bool = False) -> Life | None:
    """Read an invoice; ``held`` keeps other writers away from it until the transaction ends."""
    place = rank_of(identifier)
    if place is None:
        return None
    statement = _invoice(*place)
    row = connection.execute(
        statement.with_for_update(of=facture, key_share=True) if held else statement
    ).one_or_none()
    if row is None:
        return None
    events = select(history).where(history.c.numero_flux == place[0], history.c.rank == place[1])
    rows = connection.execute(events.order_by(history.c.seq)).all()
    sources = _sources(connection, *place)
    return _life_of(row, tuple(_event_of(one, sources.get(one.seq, "")) for one in rows))


def _sources(connection: Connection, numero_flux: str, rank: int) -> dict[int, str]:
    """Return the documents that continue an invoice: number of the event → id."""
    rows = connection.execute(
        select(recyclage).where(recyclage.c.of_flux == numero_flux, recyclage.c.of_rank == rank)
    )
    return {row.of_seq: document_id(row.numero_flux, row.rank) for row in rows}


def _invoice(numero_flux: str, rank: int) -> Select[Any]:
    same = and_(document.c.numero_flux == facture.c.numero_flux, document.c.rank == facture.c.rank)
    return (
        select(facture, document.c.summary, document.c.circuit, flux.c.date_depot, flux.c.emetteur)
        .join_from(facture, document, same)
        .join(flux, flux.c.numero_flux == facture.c.numero_flux)
        .where(facture.c.numero_flux == numero_flux, facture.c.rank == rank)
    )


def _life_of(row: Row[Any], events: tuple[LifeEvent, ...]) -> Life:
    values = dict(row._mapping)
    return Life(
        **{
            **values,
            "circuit": row.circuit or Circuit.HISTORIQUE,
            "routing": row.routing or routing_in(row.summary),
            "valideur": row.valideur or "",
            "second_valideur": row.second_valideur or "",
            "history": events,
        }
    )


def _event_of(row: Row[Any], source: str) -> LifeEvent:
    return LifeEvent(
        seq=row.seq,
        event=row.event,
        statut=row.statut,
        date=row.date,
        recorded_at=row.recorded_at,
        actor=Identity(row.actor, row.who),
        motif=row.motif,
        comment=row.comment or "",
        mandate=row.mandate or "",
        pieces=row.pieces or (),
        rerouting=row.routing,
        valideur=row.valideur or "",
        source=source,
    )


def _write(connection: Connection, life: Life, outcome: Outcome) -> None:
    """Write the events, the copy of the status, and what is owed."""
    key = {"numero_flux": life.numero_flux, "rank": life.rank}
    add(connection, history, [{**key, **_event_row(event)} for event in outcome.events])
    add(connection, recyclage, [row for event in outcome.events for row in _source(life, event)])
    moved = outcome.routing != routing_in(life.summary)
    connection.execute(
        update(facture)
        .where(facture.c.numero_flux == life.numero_flux, facture.c.rank == life.rank)
        .values(
            statut=outcome.statut,
            date_statut=outcome.date_statut,
            routing=outcome.routing if moved else None,
            valideur=outcome.valideur or None,
            second_valideur=outcome.second_valideur or None,
            deadline=outcome.deadline,
        )
    )
    if outcome.owed is not None:
        seq, nature = outcome.owed
        to = {"recipient": outcome.routing.recipient}
        add(connection, envoi, [{**key, "seq": seq, "nature": nature, **to}])


def _source(life: Life, event: LifeEvent) -> Iterator[dict[str, Any]]:
    """Yield the row that says by which document an event came, if by one."""
    place = rank_of(event.source)
    if place is not None:
        of = {"of_flux": life.numero_flux, "of_rank": life.rank, "of_seq": event.seq}
        yield {"numero_flux": place[0], "rank": place[1], **of}


def _event_row(event: LifeEvent) -> dict[str, Any]:
    return {
        "seq": event.seq,
        "statut": event.statut,
        "actor": event.actor.role,
        "who": event.actor.who,
        "date": event.date,
        "recorded_at": event.recorded_at,
        "event": event.event,
        "motif": event.motif,
        "comment": event.comment or None,
        "mandate": event.mandate or None,
        "pieces": event.pieces or None,
        "routing": event.rerouting,
        "valideur": event.valideur or None,
    }


_ENTERED = {
    Event.ACKNOWLEDGED: Label("Fait : acquittement enregistré.", "Done: acknowledgement entered."),
    Event.REJECTION_TREATED: Label("Fait : rejet traité.", "Done: rejection treated."),
}
"""What is answered to orders that leave the status as it is."""


def _granted(life: Life, order: Order, outcome: Outcome) -> Answer:
    label = INVOICE_STATUSES[outcome.statut].label
    said = Label(f"Fait : « {label.fr} ».", f"Done: '{label.en}'.")
    if order.event in _ENTERED:
        said = _ENTERED[order.event]
    if outcome.events[0].event is not order.event:
        asked = EVENTS[order.event].label
        said = Label(
            f"Fait : « {label.fr} », ce que vaut ici ce {asked.fr}.",
            f"Done: '{label.en}', which is what '{asked.en}' means here.",
        )
    if outcome.events[0].date < life.date_statut:
        said = Label(
            f"Inscrit à sa date ; la facture reste « {label.fr} ».",
            f"Entered at its date; the invoice stays '{label.en}'.",
        )
    return Answer(document=life.id, code=AnswerCode.FAIT, label=said, statut=outcome.statut)


def _refused(life: Life | None, verdict: Granted | Refusal, order: Order) -> Answer:
    refusal = verdict if isinstance(verdict, Refusal) else unknown(order.document)
    return Answer(
        document=order.document,
        code=refusal.code,
        label=refusal.label,
        statut=life.statut if life else None,
    )


def _record(connection: Connection, order: Order, answer: Answer, at: datetime) -> None:
    """Add an order to the log, granted or not."""
    first = {"name": _SEQUENCE, "value": 1}
    statement = upsert(connection, counter).on_conflict_do_update(
        index_elements=["name"], set_={"value": counter.c.value + 1}
    )
    sequence = connection.execute(statement.returning(counter.c.value), first).scalar_one()
    row = {
        "sequence": sequence,
        "numero_flux": order.document.rpartition("-")[0],
        "document": order.document,
        "at": at,
        "body": order,
        "code": answer.code,
        "sentence": answer.label.fr,
    }
    add(connection, demande, [row])


def _request_of(row: Row[Any]) -> Request:
    return Request(
        sequence=row.sequence,
        document=row.document,
        at=row.at,
        order=row.body,
        code=row.code,
        sentence=row.sentence,
    )
