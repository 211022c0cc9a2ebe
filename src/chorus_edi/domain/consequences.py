"""What follows from something that happened to an invoice: its events, its status, what is owed."""

from __future__ import annotations

from datetime import datetime

import msgspec

from chorus_edi.domain.actors import SYSTEM
from chorus_edi.domain.delays import tacit_at
from chorus_edi.domain.lifecycle import Event, after, goes_on_by
from chorus_edi.domain.lives import Life, LifeEvent, Nature, Rerouting
from chorus_edi.domain.orders import Granted, Order
from chorus_edi.domain.statuses import InvoiceStatus
from chorus_edi.errors import Defect

_WAITING = (InvoiceStatus.A_VALIDER_1, InvoiceStatus.A_VALIDER_2)


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be written of an invoice.

    Attributes:
        events: to be added to its history, in their order.
        statut: its status from now on.
        date_statut: since when.
        routing: where it goes.
        valideur: who validates it first.
        second_valideur: who validates it next.
        deadline: when it counts as validated.
        owed: (seq of the event, why) where its recipient is to get something.
    """

    events: tuple[LifeEvent, ...]
    statut: InvoiceStatus
    date_statut: datetime
    routing: Rerouting
    valideur: str
    second_valideur: str
    deadline: datetime | None
    owed: tuple[int, Nature] | None = None


def by_system(life: Life, event: Event, date: datetime) -> Granted:
    """Return what the platform itself does with an invoice.

    Raises:
        Defect: the table does not let it.
    """
    target = after(life.circuit, life.demand, life.statut, event)
    if target is None:
        raise Defect(f"{event} in {life.statut} of {life.id}")
    order = Order(document=life.id, event=event, actor=SYSTEM)
    return Granted(order, target, max(date, life.date_statut))


def consequences(life: Life, granted: Granted, at: datetime) -> Outcome:
    """Return what follows from something granted, and what the platform does with it at once.

    An event dated before the current status enters the history and changes nothing else.
    """
    first = _event(life, granted, at)
    if granted.date < life.date_statut:
        return _unchanged(life, first)
    valideur, second = _valideurs(life, granted.order)
    events, statut = [first], granted.statut
    while event := goes_on_by(
        life.demand, statut, validated=life.validated, second=second != life.second_valideur
    ):
        target = after(life.circuit, life.demand, statut, event)
        assert target is not None, f"{event} in {statut}"
        statut = target
        seq = events[-1].seq + 1
        more = LifeEvent(seq=seq, event=event, statut=statut, date=granted.date, recorded_at=at)
        events.append(more)
    return Outcome(
        events=tuple(events),
        statut=statut,
        date_statut=granted.date,
        routing=granted.order.rerouting or life.routing,
        valideur=valideur,
        second_valideur=second,
        deadline=tacit_at(granted.date) if statut in _WAITING else None,
        owed=_owed(events),
    )


def _event(life: Life, granted: Granted, at: datetime) -> LifeEvent:
    order = granted.order
    return LifeEvent(
        seq=len(life.history) + 1,
        event=order.event,
        statut=granted.statut,
        date=granted.date,
        recorded_at=at,
        actor=order.actor,
        motif=order.motif,
        comment=order.comment,
        mandate=order.mandate,
        pieces=order.pieces,
        rerouting=order.rerouting,
        valideur=order.valideur,
        source=order.source,
    )


def _unchanged(life: Life, event: LifeEvent) -> Outcome:
    return Outcome(
        events=(event,),
        statut=life.statut,
        date_statut=life.date_statut,
        routing=life.routing,
        valideur=life.valideur,
        second_valideur=life.second_valideur,
        deadline=life.deadline,
    )


def _valideurs(life: Life, order: Order) -> tuple[str, str]:
    """Return the first and the second valideur, as an order leaves them."""
    if not order.valideur:
        return life.valideur, life.second_valideur
    if order.event is Event.VALIDEUR_CORRECTED:
        return order.valideur, life.second_valideur
    return life.valideur, order.valideur


def _owed(events: list[LifeEvent]) -> tuple[int, Nature] | None:
    first = events[0]
    if first.event is Event.COMPLETED:
        return first.seq, Nature.COMPLEMENT
    routed = next((event.seq for event in events if event.event is Event.ROUTED), None)
    if routed is None:
        return None
    return routed, Nature.RECYCLAGE if first.event is Event.RECYCLED else Nature.VALIDATION
