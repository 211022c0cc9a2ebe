"""Whatever people ask and in whatever order, every status can be rebuilt from the log alone."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from sqlalchemy import select

from chorus_edi.adapters.store.engine import open_engine, reading
from chorus_edi.adapters.store.invoice_tables import facture
from chorus_edi.adapters.store.lifecycle import SqlLives
from chorus_edi.adapters.store.store import SqlStore
from chorus_edi.domain.actors import Actor, Identity
from chorus_edi.domain.flux import Decision
from chorus_edi.domain.lifecycle import EVENTS, TRANSITIONS, Event, after, is_final
from chorus_edi.domain.lives import Life, LifeEvent, Rerouting, last_of
from chorus_edi.domain.orders import AnswerCode, Order, Recycling, judge
from chorus_edi.domain.processing_motives import ProcessingMotive
from chorus_edi.domain.scenarios import Circuit
from chorus_edi.domain.statuses import InvoiceStatus
from tests.integration.flows import AT, TOWN, arrival, duplicate, entry
from tests.integration.test_lives import SELLER, VALIDEUR, of

SECOND, OTHER = "21070042900018", "13000000000016"
PEOPLE = (TOWN, OTHER, SELLER, VALIDEUR, SECOND)

orders = st.builds(
    Order,
    document=st.just(""),
    event=st.sampled_from(
        [event for event, row in EVENTS.items() if Actor.SYSTEM not in row.actors]
    ),
    actor=st.builds(
        Identity,
        st.sampled_from([a for a in Actor if a is not Actor.SYSTEM]),
        st.sampled_from(PEOPLE),
    ),
    motif=st.none() | st.sampled_from(ProcessingMotive),
    comment=st.sampled_from(["", "Voici."]),
    mandate=st.sampled_from(["", "M-1"]),
    dated=st.none() | st.integers(-60, 600).map(lambda m: AT + timedelta(minutes=m)),
    rerouting=st.none() | st.builds(Rerouting, recipient=st.sampled_from([TOWN, OTHER])),
    valideur=st.sampled_from(["", SECOND, VALIDEUR]),
)
"""Anything that anybody may ask."""


NUMBERS = count(1)


def numbered(decision: Decision, number: int, circuit: Circuit) -> Decision:
    """Return a decision on an invoice of another number, in a circuit."""
    found = decision.examination.summary
    assert found is not None
    said = replace(found, number=f"W{number}")
    examined = replace(decision.examination, summary=said, circuit=circuit)
    return replace(decision, examination=examined)


class Walk:
    """One invoice, and what is asked of it."""

    def __init__(self, url: str, cadre: str, circuit: Circuit) -> None:
        self.engine = open_engine(url)
        number = next(NUMBERS)
        self.lives, store = SqlLives(self.engine), SqlStore(self.engine)
        numero = store.claim([arrival(f"{number}.xml")], AT)[0].numero_flux
        store.register(numero, sha256=f"{number:064d}", size=1, documents=[entry(1)], at=AT)
        store.decide(numero, [numbered(of(cadre), number, circuit)], duplicate, AT)
        store.deliver(numero, [one.path for one in store.intents(numero, pending=True)], AT)
        self.document = f"{numero}-0001"

    def life(self) -> Life:
        life = self.lives.life(self.document)
        assert life is not None
        return life

    def likely(self, draw: st.DataObject, life: Life) -> Order:
        """Draw an order that may well be granted: one that the table has, by who may give it."""
        rows = [
            row
            for row in TRANSITIONS[life.circuit]
            if row.source is life.statut and Actor.SYSTEM not in row.actors
        ]
        if not rows:
            return draw.draw(orders)
        event = draw.draw(st.sampled_from(rows)).event
        role = draw.draw(st.sampled_from(EVENTS[event].actors))
        use = EVENTS[event].motive
        held = sorted(life.held_by(role)) or ["claire"]
        return Order(
            document=self.document,
            event=event,
            actor=Identity(role, held[0]),
            motif=ProcessingMotive.AUTRE if use else None,
            comment=draw.draw(st.text("abc", max_size=3)) or "x",
            rerouting=Rerouting(recipient=draw.draw(st.sampled_from([TOWN, OTHER])))
            if event is Event.RECYCLED
            else None,
            valideur=SECOND if "valideur-corrected" in event else "",
        )

    def ask(self, asked: Order, at: datetime) -> AnswerCode:
        order = replace(asked, document=self.document)
        return self.lives.obey(
            order, at, lambda life: judge(life, order, at, Recycling.ACCEPTED)
        ).code


def agree(before: Life, life: Life, code: AnswerCode) -> None:
    """Check what must hold after any order."""
    last = last_of(life.history)
    assert last is not None
    assert (life.statut, life.date_statut) == (last.statut, last.date)
    assert [event.seq for event in life.history] == list(range(1, len(life.history) + 1))
    assert life.history[: len(before.history)] == before.history
    if code is not AnswerCode.FAIT:
        assert life == before
    elif life.date_statut >= before.date_statut and before.statut is not life.statut:
        assert not is_final(before.circuit, before.demand, before.statut)
    waits = life.statut in (InvoiceStatus.A_VALIDER_1, InvoiceStatus.A_VALIDER_2)
    assert (life.deadline is not None) == waits


def late(event: LifeEvent) -> bool:
    """True where an event was told after it happened: it may stand between any two others."""
    return event.date < event.recorded_at


def replayed(life: Life) -> InvoiceStatus:
    """Walk the log by the table alone, in the order of its dates; return where it ends."""
    statut: InvoiceStatus | None = None
    for event in sorted(life.history, key=lambda one: (one.date, one.seq)):
        before = statut
        statut = after(life.circuit, life.demand, before, event.event)
        assert statut is event.statut, f"{event.event} in {before}"
    assert statut is not None
    return statut


@pytest.mark.parametrize(
    ("cadre", "circuit"),
    [
        ("A1", Circuit.HISTORIQUE),
        ("A9", Circuit.HISTORIQUE),
        ("A12", Circuit.HISTORIQUE),
        ("S1", Circuit.AFNOR),
        ("S6", Circuit.AFNOR),
    ],
)
@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_any_walk_is_rebuilt_from_its_log(
    database_url: str, cadre: str, circuit: Circuit, data: st.DataObject
) -> None:
    walk = Walk(database_url, cadre, circuit)
    try:
        for minute in range(1, data.draw(st.integers(1, 12)) + 1):
            _one_step(walk, data, AT + timedelta(minutes=10 * minute))
        life = walk.life()
        if all(event.actor.role is Actor.SYSTEM or not late(event) for event in life.history):
            assert replayed(life) is life.statut
        with reading(walk.engine) as connection:
            numero = walk.document[:25]
            row = connection.execute(select(facture).where(facture.c.numero_flux == numero)).one()
        assert (row.statut, row.date_statut) == (life.statut, life.date_statut)
    finally:
        walk.engine.dispose()


def _one_step(walk: Walk, data: st.DataObject, at: datetime) -> None:
    before = walk.life()
    pending = [one for one in walk.lives.owed() if one.numero_flux == walk.document[:25]]
    if pending and data.draw(st.booleans()):
        walk.lives.shipped(pending[0], (), at)
        agree(before, walk.life(), AnswerCode.FAIT)
        return
    if before.deadline and data.draw(st.integers(0, 3)) == 0:
        assert walk.lives.settle(walk.document, before.deadline)
        agree(before, walk.life(), AnswerCode.FAIT)
        return
    asked = walk.likely(data, before) if data.draw(st.booleans()) else data.draw(orders)
    code = walk.ask(asked, at)
    agree(before, walk.life(), code)
