"""Lives of invoices in the store: orders obeyed once, refusals recorded, what is owed since."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import timedelta

import pytest
from msgspec.structs import replace
from sqlalchemy import Engine

from chorus_edi.adapters.store.lifecycle import SqlLives
from chorus_edi.adapters.store.store import SqlStore
from chorus_edi.domain.actors import Actor, Identity
from chorus_edi.domain.delays import tacit_at
from chorus_edi.domain.flux import Decision, Deliverable
from chorus_edi.domain.lifecycle import Event
from chorus_edi.domain.lives import Life, Nature, Piece, Rerouting, last_of
from chorus_edi.domain.orders import AnswerCode, Granted, Order, Recycling, Refusal, judge
from chorus_edi.domain.processing_motives import ProcessingMotive
from chorus_edi.domain.scenarios import Circuit
from chorus_edi.domain.statuses import InvoiceStatus
from chorus_edi.ports.lifecycle import Answer
from tests.integration.flows import AT, SHA, TOWN, accepted, duplicate, later, registered

S = InvoiceStatus
SELLER, VALIDEUR = "73282932000074", "35600000000048"
RECIPIENT = Identity(Actor.DESTINATAIRE, TOWN)
SUPPLIER = Identity(Actor.FOURNISSEUR, SELLER)
VALIDATOR = Identity(Actor.VALIDEUR, VALIDEUR)
FILE = Deliverable(name="facture.xml", kind="original", size=1, sha256=SHA)
PIECE = Piece(name="bon.pdf", size=3, sha256=SHA)
ELSEWHERE = Rerouting(recipient="21070042900018", recipient_name="Ailleurs", code_service="RH")


@pytest.fixture
def lives(engine: Engine) -> SqlLives:
    return SqlLives(engine)


def of(cadre: str, rank: int = 1) -> Decision:
    """Return an accepted document of the historic circuit."""
    decision = accepted(rank, f"F{rank}")
    found = decision.examination.summary
    assert found is not None
    said = replace(found, seller=SELLER, cadre=cadre, valideur=VALIDEUR)
    examined = replace(decision.examination, summary=said, circuit=Circuit.HISTORIQUE)
    return replace(decision, examination=examined)


def decided(store: SqlStore, *cadres: str) -> str:
    """Decide a flow of one document per cadre; return its number."""
    numero = registered(store, len(cadres))
    decisions = [of(cadre, rank) for rank, cadre in enumerate(cadres, 1)]
    store.decide(numero, decisions, duplicate, AT)
    return numero


def delivered(store: SqlStore, *cadres: str) -> str:
    """Decide and deliver a flow; return the id of its first invoice."""
    numero = decided(store, *(cadres or ("A1",)))
    store.deliver(numero, [one.path for one in store.intents(numero, pending=True)], later(1))
    return f"{numero}-0001"


def obey(lives: SqlLives, order: Order, minute: int) -> Answer:
    at = later(minute)
    return lives.obey(order, at, lambda life: judge(life, order, at, Recycling.ACCEPTED))


def order(document: str, event: Event, actor: Identity = RECIPIENT, **said: object) -> Order:
    return Order(document=document, event=event, actor=actor, **said)  # type: ignore[arg-type]


def life_of(lives: SqlLives, document: str) -> Life:
    life = lives.life(document)
    assert life is not None
    return life


def statuses(life: Life) -> list[InvoiceStatus]:
    return [event.statut for event in life.history]


def test_an_order_writes_its_event_and_the_copy_of_the_status(
    store: SqlStore, lives: SqlLives
) -> None:
    document = delivered(store)
    asked = order(document, Event.MANDATED, mandate="M-7", comment="Mandaté.")

    answer = obey(lives, asked, 5)

    life = life_of(lives, document)
    event = life.history[-1]
    assert (answer.code, answer.statut) == (AnswerCode.FAIT, S.MANDATEE)
    assert (life.statut, life.date_statut) == (S.MANDATEE, later(5))
    assert (event.seq, event.actor, event.mandate, event.comment) == (
        4,
        RECIPIENT,
        "M-7",
        "Mandaté.",
    )
    assert next(iter(store.factures())).statut is S.MANDATEE


def test_every_order_is_recorded_with_its_answer(store: SqlStore, lives: SqlLives) -> None:
    document = delivered(store)
    suspend = order(document, Event.SUSPENDED, motif=ProcessingMotive.JUSTIF_ABS)
    unmotivated = order(document, Event.SUSPENDED)
    before = life_of(lives, document)

    answers = [obey(lives, one, n) for n, one in enumerate((unmotivated, suspend, suspend), 2)]

    codes = [AnswerCode.MOTIF_ABSENT, AnswerCode.FAIT, AnswerCode.DEJA_FAIT]
    requests = lives.requests(document)
    assert [answer.code for answer in answers] == codes
    assert [(one.code, one.order, one.at) for one in requests] == [
        (codes[0], unmotivated, later(2)),
        (codes[1], suspend, later(3)),
        (codes[2], suspend, later(4)),
    ]
    assert all(one.sentence for one in requests)
    assert len(life_of(lives, document).history) == len(before.history) + 1


@pytest.mark.parametrize("document", ["", "zz", "AAA9990000000000000000001-0001", "x-0001"])
def test_what_is_asked_of_no_invoice_is_refused_and_recorded(
    store: SqlStore, lives: SqlLives, document: str
) -> None:
    delivered(store)

    answer = obey(lives, order(document, Event.PAID), 2)

    assert (answer.code, answer.statut) == (AnswerCode.FACTURE_INCONNUE, None)
    assert [one.code for one in lives.requests(document)] == [AnswerCode.FACTURE_INCONNUE]
    assert lives.life(document) is None


def test_a_status_of_before_enters_at_its_own_time(store: SqlStore, lives: SqlLives) -> None:
    document = delivered(store)
    obey(lives, order(document, Event.MANDATED), 10)

    answer = obey(lives, order(document, Event.SERVICE_DONE, dated=later(5)), 20)

    life = life_of(lives, document)
    assert (answer.code, life.statut, life.date_statut) == (AnswerCode.FAIT, S.MANDATEE, later(10))
    assert (life.history[-1].date, life.history[-1].recorded_at) == (later(5), later(20))


def test_an_invoice_to_be_validated_is_owed_nothing_until_it_is(
    store: SqlStore, lives: SqlLives
) -> None:
    numero = decided(store, "A9", "A1")
    held = f"{numero}-0001"

    assert {one.rank for one in store.intents(numero)} == {2}
    store.deliver(numero, [one.path for one in store.intents(numero)], later(1))
    assert life_of(lives, held).statut is S.A_VALIDER_1
    obey(lives, order(held, Event.APPROVED, VALIDATOR), 2)

    owed = lives.owed()
    assert [(one.rank, one.nature, one.recipient) for one in owed] == [(1, Nature.VALIDATION, TOWN)]
    lives.shipped(owed[0], [FILE], later(3))
    lives.shipped(owed[0], [FILE], later(4))
    life = life_of(lives, held)
    assert (life.statut, life.date_statut) == (S.MISE_A_DISPOSITION, later(3))
    assert lives.owed() == []
    assert [one.files for one in lives.shipments(held)] == [(FILE,)]


def test_an_invoice_on_its_way_anew_is_not_made_available_by_its_old_flow(
    store: SqlStore, lives: SqlLives
) -> None:
    document = delivered(store)
    asked = order(document, Event.RECYCLING_ASKED, motif=ProcessingMotive.SE_ERR)
    obey(lives, asked, 2)
    obey(lives, order(document, Event.RECYCLED, SUPPLIER, rerouting=ELSEWHERE), 3)
    numero = document[:25]

    store.deliver(numero, [one.path for one in store.intents(numero)], later(4))

    assert life_of(lives, document).statut is S.EN_COURS_ACHEMINEMENT
    row = next(iter(store.factures()))
    assert (row.summary.recipient, row.summary.code_service) == (ELSEWHERE.recipient, "RH")
    assert row.summary.number == "F1"
    lives.shipped(lives.owed()[0], [FILE], later(5))
    assert life_of(lives, document).statut is S.MISE_A_DISPOSITION


def test_pieces_added_are_owed_and_change_no_status_when_they_arrive(
    store: SqlStore, lives: SqlLives
) -> None:
    document = delivered(store)
    obey(lives, order(document, Event.SUSPENDED, motif=ProcessingMotive.JUSTIF_ABS), 2)
    obey(lives, order(document, Event.COMPLETED, SUPPLIER, pieces=(PIECE,)), 3)

    (owed,) = lives.owed()
    lives.shipped(owed, [FILE], later(4))

    life = life_of(lives, document)
    assert owed.nature is Nature.COMPLEMENT
    assert (life.statut, life.history[-1].pieces) == (S.COMPLETEE, (PIECE,))


def test_a_silent_valideur_is_settled_once_at_the_instant_that_was_due(
    store: SqlStore, lives: SqlLives
) -> None:
    numero = decided(store, "A9", "A12", "A1")
    due = tacit_at(AT)
    early = due - timedelta(microseconds=1)

    assert list(lives.overdue(early)) == []
    assert not lives.settle(f"{numero}-0001", early)
    at = due + timedelta(hours=3)
    settled = [lives.settle(document, at) for document in lives.overdue(at)]

    assert settled == [True, True]
    assert not lives.settle(f"{numero}-0001", at)
    for rank in (1, 2):
        life = life_of(lives, f"{numero}-{rank:04d}")
        assert statuses(life)[-2:] == [
            S.ABSENCE_VALIDATION_1_HORS_DELAI,
            S.EN_COURS_ACHEMINEMENT,
        ]
        assert (life.date_statut, life.deadline) == (due, None)
    assert [one.rank for one in lives.owed()] == [1, 2]


def test_more_invoices_than_a_page_are_settled(store: SqlStore, lives: SqlLives) -> None:
    decided(store, *["A9"] * 130)
    at = tacit_at(AT)

    assert sum(lives.settle(document, at) for document in lives.overdue(at)) == 130


def test_a_wrong_valideur_is_replaced(store: SqlStore, lives: SqlLives) -> None:
    document = f"{decided(store, 'A9')}-0001"
    motif = ProcessingMotive.ERR_VALIDEUR
    obey(lives, order(document, Event.WRONG_VALIDEUR, VALIDATOR, motif=motif), 2)
    assert list(lives.overdue(tacit_at(AT))) == []

    obey(lives, order(document, Event.VALIDEUR_CORRECTED, SUPPLIER, valideur=SELLER), 3)

    life = life_of(lives, document)
    assert (life.valideur, life.deadline) == (SELLER, tacit_at(later(3)))


def test_two_people_at_once_are_answered_one_after_the_other(
    store: SqlStore, lives: SqlLives
) -> None:
    document = delivered(store)
    inside, waited = threading.Event(), threading.Event()
    answers: list[Answer] = []

    def slow(life: Life) -> Granted | Refusal:
        inside.set()
        waited.wait(0.1)
        return judge(life, paid, later(2), Recycling.ACCEPTED)

    paid, rejected = (
        order(document, Event.PAID),
        order(document, Event.REJECTED, motif=ProcessingMotive.AUTRE),
    )
    first = threading.Thread(target=lambda: answers.append(lives.obey(paid, later(2), slow)))
    first.start()
    inside.wait()
    answers.append(obey(lives, rejected, 3))
    first.join()

    assert {answer.code for answer in answers} == {AnswerCode.FAIT, AnswerCode.STATUT_FINAL}
    assert life_of(lives, document).statut is S.MISE_EN_PAIEMENT


def test_the_status_is_that_of_the_last_event_in_the_order_of_their_dates(
    store: SqlStore, lives: SqlLives
) -> None:
    document = delivered(store)
    orders: Sequence[Order] = (
        order(document, Event.MANDATED),
        order(document, Event.SERVICE_DONE, dated=later(3)),
        order(document, Event.BOOKED),
    )
    for minute, one in enumerate(orders, 5):
        obey(lives, one, minute)

    life = life_of(lives, document)
    last = last_of(life.history)
    assert last is not None
    assert (
        (life.statut, life.date_statut) == (last.statut, last.date) == (S.COMPTABILISEE, later(7))
    )
