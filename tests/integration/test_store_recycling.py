"""Commit 3 of a document that recycles an invoice, and numbers that are spent."""

from __future__ import annotations

from functools import partial

import pytest
from msgspec.structs import replace
from sqlalchemy import Engine, event, select

from chorus_edi.adapters.store.engine import reading
from chorus_edi.adapters.store.invoice_tables import recyclage
from chorus_edi.adapters.store.lifecycle import SqlLives
from chorus_edi.adapters.store.store import SqlStore
from chorus_edi.domain.actors import Actor, Identity
from chorus_edi.domain.flux import Decision, Holder, document_id
from chorus_edi.domain.lifecycle import Event, flux_state_of
from chorus_edi.domain.lives import Life, Nature
from chorus_edi.domain.orders import AnswerCode, Order, Recycling, judge
from chorus_edi.domain.partners import Mode
from chorus_edi.domain.processing_motives import ProcessingMotive
from chorus_edi.domain.scenarios import Circuit
from chorus_edi.domain.statuses import DocumentState, FluxState, InvoiceStatus
from tests.integration.flows import (
    AT,
    TOWN,
    accepted,
    duplicate,
    finding,
    later,
    refused,
    registered,
    states,
)

S, E = InvoiceStatus, Event
INTEGRE, REJETE = DocumentState.INTEGRE, DocumentState.REJETE
CITY = "21070042900018"
RECIPIENT = Identity(Actor.DESTINATAIRE, TOWN)


def of_circuit(decision: Decision, circuit: Circuit) -> Decision:
    return replace(decision, examination=replace(decision.examination, circuit=circuit))


def historic(rank: int, number: str) -> Decision:
    return of_circuit(accepted(rank, number), Circuit.HISTORIQUE)


def again(
    rank: int,
    first: str,
    *,
    number: str = "F1",
    to: str = CITY,
    differing: tuple[str, ...] = (),
) -> Decision:
    """Return a document that bears the number of an invoice, and goes to somebody."""
    decision = historic(rank, number)
    summary = decision.examination.summary
    assert summary is not None
    examination = replace(decision.examination, summary=replace(summary, recipient=to))
    return replace(decision, examination=examination, continues=first, differing=differing)


def told(lives: SqlLives, document: str, event: Event, motif: ProcessingMotive) -> None:
    order = Order(document=document, event=event, actor=RECIPIENT, motif=motif)
    answer = partial(judge, order=order, at=later(2), recycling=Recycling.ACCEPTED)
    assert lives.obey(order, later(2), answer).code is AnswerCode.FAIT


@pytest.fixture
def lives(engine: Engine) -> SqlLives:
    return SqlLives(engine)


@pytest.fixture
def delivered(store: SqlStore) -> str:
    """The id of an invoice that its recipient has."""
    numero = registered(store, name="premier.xml")
    store.decide(numero, [historic(1, "F1")], duplicate, AT)
    store.deliver(numero, [one.path for one in store.intents(numero)], later(1))
    store.close(numero, etat=FluxState.IN_INTEGRE, at=later(1))
    return document_id(numero, 1)


@pytest.fixture
def waiting(delivered: str, lives: SqlLives) -> str:
    """The id of an invoice that waits to be recycled."""
    told(lives, delivered, E.RECYCLING_ASKED, ProcessingMotive.SE_ERR)
    return delivered


def life_of(lives: SqlLives, document: str) -> Life:
    life = lives.life(document)
    assert life is not None
    return life


def test_a_document_that_recycles_an_invoice_is_an_event_of_it_and_no_second_one(
    store: SqlStore, lives: SqlLives, waiting: str
) -> None:
    numero = registered(store, name="renvoi.xml", at=later(3))

    (written,) = store.decide(numero, [again(1, waiting)], duplicate, later(4))

    assert (written.state, written.continues) == (INTEGRE, waiting)
    assert [invoice.id for invoice in store.factures()] == [waiting]
    life = life_of(lives, waiting)
    assert [event.event for event in life.history][-2:] == [E.RECYCLED, E.ROUTED]
    assert life.history[-2].source == document_id(numero, 1)
    assert life.history[-2].actor.role is Actor.FOURNISSEUR
    assert (life.statut, life.routing.recipient) == (S.EN_COURS_ACHEMINEMENT, CITY)
    assert store.intents(numero) == []
    (owed,) = lives.owed()
    assert (owed.nature, owed.recipient) == (Nature.RECYCLAGE, CITY)
    (row,) = store.documents(numero)
    assert (row.state, row.continues) == (INTEGRE, waiting)
    assert flux_state_of({INTEGRE: 1}, Mode.PRODUCTION) is FluxState.IN_INTEGRE
    store.close(numero, etat=FluxState.IN_INTEGRE, at=later(5))
    flux = store.flux(numero)
    assert flux is not None
    assert (flux.factures, flux.integrees, flux.rejetees) == (1, 1, 0)


def test_all_invoices_are_held_before_the_log_of_orders_is_written(
    store: SqlStore, lives: SqlLives, engine: Engine
) -> None:
    numero = registered(store, 2, name="premier.xml")
    store.decide(numero, [historic(1, "F1"), historic(2, "F2")], duplicate, AT)
    store.deliver(numero, [one.path for one in store.intents(numero)], later(1))
    invoices = [document_id(numero, rank) for rank in (1, 2)]
    for invoice in invoices:
        told(lives, invoice, E.RECYCLING_ASKED, ProcessingMotive.SE_ERR)
    renewed = registered(store, 2, name="renvoi.xml", at=later(3))
    batch = [again(1, invoices[0]), again(2, invoices[1], number="F2")]
    executed: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *call: executed.append(call[2]))

    assert states(store.decide(renewed, batch, duplicate, later(4))) == [INTEGRE, INTEGRE]

    held = [n for n, sql in enumerate(executed) if sql.startswith("SELECT facture.rank")]
    logged = [n for n, sql in enumerate(executed) if "INTO counter" in sql]
    assert (len(held), len(logged)) == (2, 2)
    assert max(held) < min(logged)


def test_recycling_twice_is_recycling_once(
    store: SqlStore, lives: SqlLives, waiting: str, engine: Engine
) -> None:
    numero = registered(store, 2, name="renvoi.xml", at=later(3))
    batch = [again(1, waiting), again(2, waiting)]

    assert states(store.decide(numero, batch, duplicate, later(4))) == [INTEGRE, REJETE]
    before = life_of(lives, waiting)
    assert list(store.decide(numero, batch, duplicate, later(5))) == []

    assert life_of(lives, waiting) == before
    with reading(engine) as connection:
        assert len(connection.execute(select(recyclage)).all()) == 1


def test_what_is_not_to_be_recycled_any_more_at_commit_3_makes_a_duplicate(
    store: SqlStore, lives: SqlLives, waiting: str
) -> None:
    decision = again(1, waiting)
    told(lives, waiting, E.REJECTED, ProcessingMotive.MONTANT_ERR)
    before = life_of(lives, waiting)
    numero = registered(store, name="renvoi.xml", at=later(3))
    holders: list[Holder] = []

    def refusing(one: Decision, holder: Holder) -> Decision:
        holders.append(holder)
        return duplicate(one, holder)

    assert states(store.decide(numero, [decision], refusing, later(4))) == [REJETE]

    assert life_of(lives, waiting) == before
    assert [(one.id, one.statut, one.refused) for one in holders] == [(waiting, S.REJETEE, True)]


@pytest.mark.parametrize(("to", "differing"), [(CITY, ("BT-20",)), (TOWN, ()), (TOWN, ("BT-20",))])
def test_what_changes_more_than_routing_or_nothing_at_all_is_refused(
    store: SqlStore, lives: SqlLives, waiting: str, to: str, differing: tuple[str, ...]
) -> None:
    before = life_of(lives, waiting)
    numero = registered(store, name="renvoi.xml", at=later(3))
    decision = again(1, waiting, to=to, differing=differing)
    holders: list[Holder] = []

    def refusing(one: Decision, holder: Holder) -> Decision:
        holders.append(holder)
        return duplicate(one, holder)

    assert states(store.decide(numero, [decision], refusing, later(4))) == [REJETE]

    assert life_of(lives, waiting) == before
    assert [(one.statut, one.refused) for one in holders] == [(S.A_RECYCLER, False)]
    assert store.documents(numero)[0].continues is None


def test_a_document_whose_number_is_free_is_an_invoice_whatever_was_thought(
    store: SqlStore, waiting: str
) -> None:
    numero = registered(store, name="autre.xml", at=later(3))
    decision = replace(historic(1, "F2"), continues=waiting)

    (written,) = store.decide(numero, [decision], duplicate, later(4))

    assert written.continues is None
    assert [invoice.summary.number for invoice in store.factures()] == ["F1", "F2"]


def test_numbers_to_be_recycled_are_found_by_all_their_parts(
    lives: SqlLives, store: SqlStore, waiting: str
) -> None:
    numero = registered(store, name="autre.xml", at=later(3))
    store.decide(numero, [historic(1, "F2")], duplicate, later(4))
    asked = [(2026, "732829320", "F1"), (2025, "732829320", "F1"), (2026, "732829320", "F2")]

    assert lives.to_be_recycled(asked) == {(2026, "732829320", "F1"): waiting}


@pytest.mark.parametrize("circuit", Circuit)
def test_an_invoice_that_its_recipient_refused_keeps_its_number(
    store: SqlStore, lives: SqlLives, circuit: Circuit
) -> None:
    numero = registered(store, name="premier.xml")
    store.decide(numero, [of_circuit(accepted(1, "F1"), circuit)], duplicate, AT)
    store.deliver(numero, [one.path for one in store.intents(numero)], later(1))
    told(lives, document_id(numero, 1), E.REJECTED, ProcessingMotive.MONTANT_ERR)
    following = registered(store, name="second.xml", at=later(3))
    holders: list[Holder] = []

    def refusing(one: Decision, holder: Holder) -> Decision:
        holders.append(holder)
        return duplicate(one, holder)

    assert states(store.decide(following, [accepted(1, "F1")], refusing, AT)) == [REJETE]
    assert [(one.statut, one.refused) for one in holders] == [(S.REJETEE, True)]


@pytest.mark.parametrize(
    ("circuit", "becomes"), [(Circuit.HISTORIQUE, INTEGRE), (Circuit.AFNOR, REJETE)]
)
def test_a_refusal_by_the_operator_spends_a_number_as_a_rejection_does(
    store: SqlStore, circuit: Circuit, becomes: DocumentState
) -> None:
    numero = registered(store, name="attente.xml")
    waits = of_circuit(refused(1, state=DocumentState.EN_ATTENTE), circuit)
    store.decide(numero, [waits], duplicate, AT)
    store.close(numero, etat=FluxState.IN_EN_ATTENTE_RETRAITEMENT_CPP, at=AT)

    assert store.resume(numero, refusal=finding(), detail="Refusé.", at=later(1)) == 1

    following = registered(store, name="suite.xml", at=later(2))
    assert states(store.decide(following, [accepted(1, "R1")], duplicate, AT)) == [becomes]


def test_a_document_that_nobody_could_read_spends_nothing(store: SqlStore) -> None:
    numero = registered(store, name="attente.xml")
    waits = refused(1, state=DocumentState.EN_ATTENTE)
    unread = replace(waits, examination=replace(waits.examination, summary=None, circuit=None))
    store.decide(numero, [unread], duplicate, AT)
    store.close(numero, etat=FluxState.IN_EN_ATTENTE_RETRAITEMENT_CPP, at=AT)

    assert store.resume(numero, refusal=finding(), detail="Refusé.", at=later(1)) == 1
    assert store.documents(numero)[0].state is REJETE
