"""What people ask of an invoice: granted with what follows, or refused with the reason."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from chorus_edi.domain.actors import Actor, Identity, identity_of
from chorus_edi.domain.consequences import Outcome
from chorus_edi.domain.delays import tacit_at
from chorus_edi.domain.groups import Identifier
from chorus_edi.domain.identifiers import valideur_of
from chorus_edi.domain.invoice import ChorusFields, Invoice
from chorus_edi.domain.lifecycle import RECIPIENT_EVENTS, Event
from chorus_edi.domain.lives import Life, Nature, Piece, Rerouting, last_of
from chorus_edi.domain.orders import AnswerCode, Order, Recycling, Refusal, possible
from chorus_edi.domain.parties import SellerAgent
from chorus_edi.domain.processing_motives import ProcessingMotive as M
from chorus_edi.domain.scenarios import Circuit
from chorus_edi.domain.statuses import InvoiceStatus as S
from tests.lives import (
    ACCOUNTANT,
    AT,
    ID,
    NEXT_VALIDATOR,
    OPERATOR,
    RECIPIENT,
    SECOND,
    SUPPLIER,
    VALIDATOR,
    after,
    asked,
    available,
    by_platform,
    deposited,
    grown,
    later,
)

SIRET = "35600000000048"
PIECE = Piece(name="bon.pdf", size=3, sha256="ab" * 32)
ELSEWHERE = Rerouting(recipient="21070042900018", recipient_name="Ailleurs", code_service="RH")


def order(event: Event, actor: Identity = RECIPIENT, **said: object) -> Order:
    return Order(document=ID, event=event, actor=actor, **said)  # type: ignore[arg-type]


SUSPEND = order(Event.SUSPENDED, motif=M.JUSTIF_ABS)
REJECT = order(Event.REJECTED, motif=M.MONTANT_ERR)
RECYCLE = order(Event.RECYCLING_ASKED, motif=M.SE_ERR)
COMPLETE = order(Event.COMPLETED, SUPPLIER, pieces=(PIECE,), comment="Voici.")
MANDATE = order(Event.MANDATED, mandate="M-77")


def code_of(answer: Outcome | Refusal) -> AnswerCode:
    assert isinstance(answer, Refusal), answer
    assert answer.label.fr
    assert answer.label.en
    return answer.code


def outcome_of(answer: Outcome | Refusal) -> Outcome:
    assert isinstance(answer, Outcome), answer
    return answer


# -- the recipient ---------------------------------------------------------------------------------


@pytest.mark.parametrize("statut", RECIPIENT_EVENTS)
def test_a_recipient_sets_each_of_his_statuses(statut: S) -> None:
    motives = {S.SUSPENDUE: M.EJ_ERR, S.REJETEE: M.AUTRE, S.A_RECYCLER: M.AUTRE}

    outcome = outcome_of(
        asked(available(), order(RECIPIENT_EVENTS[statut], motif=motives.get(statut)), later(1))
    )

    assert (outcome.statut, outcome.date_statut, outcome.owed) == (statut, later(1), None)


def test_a_mandate_number_is_kept_with_its_status() -> None:
    life = after(available(), MANDATE)

    assert (life.statut, life.history[-1].mandate) == (S.MANDATEE, "M-77")
    refused = asked(life, order(Event.PAID, mandate="M-78"), later(5))
    assert code_of(refused) is AnswerCode.CONTENU_NON_ADMIS


@pytest.mark.parametrize("event", [Event.SUSPENDED, Event.REJECTED, Event.RECYCLING_ASKED])
def test_what_hurts_the_supplier_needs_a_motive_of_the_list(event: Event) -> None:
    assert code_of(asked(available(), order(event), later(1))) is AnswerCode.MOTIF_ABSENT
    wrong = M.MARCHE_TERM if event is not Event.REJECTED else None
    if wrong:
        refused = asked(available(), order(event, motif=wrong), later(1))
        assert code_of(refused) is AnswerCode.MOTIF_NON_ADMIS


def test_a_motive_is_refused_where_none_is_expected() -> None:
    refused = asked(available(), order(Event.PAID, motif=M.AUTRE), later(1))

    assert code_of(refused) is AnswerCode.MOTIF_NON_ADMIS


def test_a_rejection_for_a_missing_piece_is_a_suspension() -> None:
    outcome = outcome_of(asked(available(), order(Event.REJECTED, motif=M.JUSTIF_ABS), later(1)))

    assert outcome.statut is S.SUSPENDUE
    assert outcome.events[0].event is Event.SUSPENDED


@pytest.mark.parametrize("end", [REJECT, order(Event.PAID)])
def test_nothing_leads_out_of_a_final_status(end: Order) -> None:
    life = after(available(), end)

    for event in RECIPIENT_EVENTS.values():
        motif = {Event.REJECTED: M.AUTRE, Event.SUSPENDED: M.AUTRE, Event.RECYCLING_ASKED: M.AUTRE}
        refused = asked(life, order(event, motif=motif.get(event), comment="x"), later(9))
        assert code_of(refused) is AnswerCode.STATUT_FINAL


@pytest.mark.parametrize(
    "actor",
    [
        SUPPLIER,
        VALIDATOR,
        OPERATOR,
        ACCOUNTANT,
        Identity(Actor.DESTINATAIRE, "21070042900018"),
        Identity(Actor.SYSTEM),
    ],
    ids=str,
)
def test_only_the_recipient_of_this_invoice_sets_his_statuses(actor: Identity) -> None:
    refused = asked(available(), order(Event.SERVICE_DONE, actor), later(1))

    assert code_of(refused) is AnswerCode.SANS_DROIT


def test_the_recipients_accountant_books_and_pays() -> None:
    life = after(available(), MANDATE, order(Event.BOOKED, ACCOUNTANT))

    assert after(life, order(Event.PAID, ACCOUNTANT)).statut is S.MISE_EN_PAIEMENT


def test_the_same_order_twice_is_done_already_and_another_one_is_not() -> None:
    life = after(available(), SUSPEND)

    assert code_of(asked(life, SUSPEND, later(9))) is AnswerCode.DEJA_FAIT
    other = order(Event.SUSPENDED, motif=M.EJ_ERR)
    assert outcome_of(asked(life, other, later(9))).events[0].motif is M.EJ_ERR


def test_what_was_done_before_something_else_may_be_done_again() -> None:
    done = order(Event.SERVICE_DONE)
    life = after(available(), done, MANDATE)

    assert outcome_of(asked(life, done, later(9))).statut is S.SERVICE_FAIT


# -- dates -----------------------------------------------------------------------------------------


def test_a_status_older_than_the_current_one_changes_the_history_only() -> None:
    life = after(available(), MANDATE)
    done = order(Event.SERVICE_DONE, dated=AT + timedelta(minutes=30))

    outcome = outcome_of(asked(life, done, later(9)))
    grew = grown(life, outcome)

    assert (outcome.statut, outcome.date_statut) == (S.MANDATEE, life.date_statut)
    assert (grew.history[-1].date, grew.history[-1].recorded_at) == (done.dated, later(9))
    last = last_of(grew.history)
    assert last is not None
    assert last.statut is S.MANDATEE
    assert code_of(asked(grew, done, later(10))) is AnswerCode.DEJA_FAIT


def test_a_dated_status_must_have_been_possible_at_its_time() -> None:
    life = by_platform(deposited(), Event.DELIVERED, later(5))

    early = order(Event.SERVICE_DONE, dated=later(1))
    assert code_of(asked(life, early, later(9))) is AnswerCode.TRANSITION_INTERDITE
    before = order(Event.SERVICE_DONE, dated=AT - timedelta(days=1))
    assert code_of(asked(life, before, later(9))) is AnswerCode.DATE_NON_ADMISE
    future = order(Event.SERVICE_DONE, dated=later(10))
    assert code_of(asked(life, future, later(9))) is AnswerCode.DATE_NON_ADMISE


def test_the_minute_of_the_deposit_is_none_too_early() -> None:
    """The screen shows minutes: a status of that minute comes after the deposit and delivery."""
    life = at_seconds(available(), 40)

    outcome = outcome_of(asked(life, order(Event.SERVICE_DONE, dated=AT), later(9)))
    again = asked(grown(life, outcome), order(Event.SERVICE_DONE, dated=AT), later(9))

    assert outcome.events[0].date == AT + timedelta(seconds=40)
    assert outcome.statut is S.SERVICE_FAIT
    assert code_of(again) is AnswerCode.DEJA_FAIT


def test_a_minute_in_which_the_platform_did_nothing_is_taken_as_it_is() -> None:
    done = order(Event.SERVICE_DONE, dated=AT + timedelta(minutes=1))

    outcome = outcome_of(asked(at_seconds(available(), 40), done, later(9)))

    assert outcome.events[0].date == done.dated


def test_a_status_before_the_deposit_is_told_when_that_was() -> None:
    before = order(Event.SERVICE_DONE, dated=AT - timedelta(minutes=1))

    answer = asked(at_seconds(available(), 40), before, later(9))

    assert isinstance(answer, Refusal)
    assert "20/11/2026 11:00" in answer.label.fr


def at_seconds(life: Life, seconds: int) -> Life:
    """Return an invoice that was deposited and delivered some seconds later."""
    begun = AT + timedelta(seconds=seconds)
    history = tuple(replace(event, date=begun, recorded_at=begun) for event in life.history)
    return replace(life, date_depot=begun, date_statut=begun, history=history)


def test_only_a_recipient_dates_what_he_says() -> None:
    life = after(available(), SUSPEND)
    dated = order(Event.COMPLETED, SUPPLIER, comment="x", dated=AT)

    assert code_of(asked(life, dated, later(9))) is AnswerCode.DATE_NON_ADMISE


def test_a_clock_that_was_set_back_does_not_turn_the_history_round() -> None:
    life = after(available(), MANDATE)

    outcome = outcome_of(asked(life, order(Event.PAID), AT - timedelta(days=2)))

    assert (outcome.statut, outcome.date_statut) == (S.MISE_EN_PAIEMENT, life.date_statut)


# -- the supplier ----------------------------------------------------------------------------------


def test_a_suspended_invoice_is_completed_and_its_recipient_is_owed_the_pieces() -> None:
    life = after(available(), SUSPEND)

    outcome = outcome_of(asked(life, COMPLETE, later(9)))

    assert outcome.statut is S.COMPLETEE
    assert outcome.owed == (outcome.events[0].seq, Nature.COMPLEMENT)
    assert outcome.events[0].pieces == (PIECE,)


def test_only_a_suspended_invoice_is_completed_and_not_with_nothing() -> None:
    assert code_of(asked(available(), COMPLETE, later(1))) is AnswerCode.TRANSITION_INTERDITE
    empty = order(Event.COMPLETED, SUPPLIER)
    refused = asked(after(available(), SUSPEND), empty, later(9))
    assert code_of(refused) is AnswerCode.CONTENU_NON_ADMIS


def test_recycling_changes_the_routing_and_sends_the_invoice_anew() -> None:
    life = after(available(), RECYCLE)

    outcome = outcome_of(
        asked(life, order(Event.RECYCLED, SUPPLIER, rerouting=ELSEWHERE), later(9))
    )
    grew = grown(life, outcome)

    assert [event.statut for event in outcome.events] == [S.DEPOSEE, S.EN_COURS_ACHEMINEMENT]
    assert outcome.owed == (outcome.events[1].seq, Nature.RECYCLAGE)
    assert grew.held_by(Actor.DESTINATAIRE) == {ELSEWHERE.recipient}
    assert grew.summary == life.summary


def test_recycling_to_the_same_place_is_refused() -> None:
    life = after(available(), RECYCLE)

    for rerouting in (None, life.routing):
        refused = asked(life, order(Event.RECYCLED, SUPPLIER, rerouting=rerouting), later(9))
        assert code_of(refused) is AnswerCode.ROUTAGE_NON_ADMIS


@pytest.mark.parametrize(
    ("circuit", "recycling"),
    [(Circuit.AFNOR, Recycling.ACCEPTED), (Circuit.HISTORIQUE, Recycling.REFUSED)],
)
def test_where_recycling_is_over_asking_for_it_is_a_refusal_with_its_motive(
    circuit: Circuit, recycling: Recycling
) -> None:
    life = available(circuit=circuit)

    outcome = outcome_of(asked(life, RECYCLE, later(1), recycling=recycling))

    assert outcome.statut is S.REJETEE
    assert outcome.events[0].motif is M.SE_ERR
    grew = grown(life, outcome)
    again = asked(grew, RECYCLE, later(2), recycling=recycling)
    assert code_of(again) is AnswerCode.DEJA_FAIT
    offered = {target for _, target, _, _ in possible(life, RECIPIENT, recycling)}
    assert S.A_RECYCLER not in offered


def test_a_rejection_is_acknowledged_then_dealt_with_and_stays_one() -> None:
    known = order(Event.ACKNOWLEDGED, SUPPLIER)
    treated = order(Event.REJECTION_TREATED, SUPPLIER)

    life = after(available(), REJECT, known, treated)

    assert life.statut is S.REJETEE
    assert [event.event for event in life.history[-2:]] == [known.event, treated.event]
    assert code_of(asked(life, treated, later(9))) is AnswerCode.DEJA_FAIT
    refused = asked(available(), known, later(9))
    assert code_of(refused) is AnswerCode.TRANSITION_INTERDITE


# -- the valideur ----------------------------------------------------------------------------------

APPROVE = order(Event.APPROVED, VALIDATOR, comment="Bon à payer.")
DECLINE = order(Event.DECLINED, VALIDATOR, motif=M.MONTANT_ERR)
WRONG = order(Event.WRONG_VALIDEUR, VALIDATOR, motif=M.ERR_VALIDEUR)


def test_a_valideur_is_corrected_only_where_he_is_unknown_or_wrong() -> None:
    def offered(life: Life) -> bool:
        rows = possible(life, None, Recycling.ACCEPTED)
        return Event.VALIDEUR_CORRECTED in [event for event, *_ in rows]

    known = deposited(cadre="A9")

    assert not offered(known)
    assert offered(after(known, WRONG))
    assert offered(deposited(cadre="A9", valideur=""))


@pytest.mark.parametrize("cadre", ["A9", "S3", "A12", "S6"])
def test_a_demand_waits_for_its_valideur_and_is_not_delivered(cadre: str) -> None:
    life = deposited(cadre=cadre)

    assert (life.statut, life.deadline) == (S.A_VALIDER_1, tacit_at(AT))
    assert code_of(asked(life, MANDATE, later(1))) is AnswerCode.TRANSITION_INTERDITE


@pytest.mark.parametrize("cadre", ["A10", "A4", "A22"])
def test_works_are_delivered_at_once(cadre: str) -> None:
    assert deposited(cadre=cadre).statut is S.EN_COURS_ACHEMINEMENT


@pytest.mark.parametrize("cadre", ["A9", "A12"])
def test_an_approved_demand_goes_to_its_recipient(cadre: str) -> None:
    outcome = outcome_of(asked(deposited(cadre=cadre), APPROVE, later(1)))

    assert [event.statut for event in outcome.events] == [S.VALIDEE_1, S.EN_COURS_ACHEMINEMENT]
    assert outcome.owed == (outcome.events[1].seq, Nature.VALIDATION)
    assert outcome.deadline is None


def test_a_declined_subcontractor_goes_on_and_a_declined_co_contractor_does_not() -> None:
    subcontractor = outcome_of(asked(deposited(cadre="A9"), DECLINE, later(1)))
    co_contractor = outcome_of(asked(deposited(cadre="A12"), DECLINE, later(1)))

    assert subcontractor.statut is S.EN_COURS_ACHEMINEMENT
    assert (co_contractor.statut, co_contractor.owed) == (S.REFUSEE_1, None)
    refused = asked(grown(deposited(cadre="A12"), co_contractor), APPROVE, later(2))
    assert code_of(refused) is AnswerCode.STATUT_FINAL


@pytest.mark.parametrize("cadre", ["A9", "A12"])
def test_a_silent_valideur_lets_it_go_on(cadre: str) -> None:
    life = deposited(cadre=cadre)
    assert life.deadline is not None

    grew = by_platform(life, Event.TACIT, life.deadline)

    assert [e.statut for e in grew.history[-2:]] == [
        S.ABSENCE_VALIDATION_1_HORS_DELAI,
        S.EN_COURS_ACHEMINEMENT,
    ]


def test_a_second_valideur_is_asked_where_the_first_names_one() -> None:
    named = order(Event.APPROVED, VALIDATOR, valideur=SECOND)

    life = after(deposited(cadre="A9"), named)

    assert (life.statut, life.deadline) == (S.A_VALIDER_2, tacit_at(life.date_statut))
    assert code_of(asked(life, APPROVE, later(9))) is AnswerCode.SANS_DROIT
    done = after(life, order(Event.APPROVED, NEXT_VALIDATOR))
    assert [e.statut for e in done.history[-2:]] == [S.VALIDEE_2, S.EN_COURS_ACHEMINEMENT]
    third = asked(life, order(Event.APPROVED, NEXT_VALIDATOR, valideur=SECOND), later(9))
    assert code_of(third) is AnswerCode.CONTENU_NON_ADMIS


def test_the_supplier_names_another_valideur_and_the_delay_begins_anew() -> None:
    wrong = after(deposited(cadre="A9"), WRONG)
    assert (wrong.statut, wrong.deadline) == (S.ERREUR_FOURNISSEUR_SUR_VALIDEUR, None)

    right = after(wrong, order(Event.VALIDEUR_CORRECTED, SUPPLIER, valideur=SECOND))

    assert (right.statut, right.valideur) == (S.A_VALIDER_1, SECOND)
    assert right.deadline == tacit_at(right.date_statut)
    assert code_of(asked(right, APPROVE, later(9))) is AnswerCode.SANS_DROIT
    again = after(right, order(Event.APPROVED, NEXT_VALIDATOR))
    assert again.statut is S.EN_COURS_ACHEMINEMENT


def test_the_first_valideur_corrects_the_second() -> None:
    life = after(
        deposited(cadre="A12"),
        order(Event.APPROVED, VALIDATOR, valideur=SECOND),
        order(Event.WRONG_VALIDEUR, NEXT_VALIDATOR, motif=M.ERR_VALIDEUR),
    )
    assert life.statut is S.ERREUR_COTRAITANT_SUR_VALIDEUR

    right = after(life, order(Event.SECOND_VALIDEUR_CORRECTED, VALIDATOR, valideur=ID[:14]))

    assert (right.statut, right.valideur, right.second_valideur) == (
        S.A_VALIDER_2,
        life.valideur,
        ID[:14],
    )


def test_a_valideur_that_is_known_and_right_is_not_replaced() -> None:
    replaced = order(Event.VALIDEUR_CORRECTED, SUPPLIER, valideur=SECOND)

    refused = asked(deposited(cadre="A9"), replaced, later(1))
    assert code_of(refused) is AnswerCode.CONTENU_NON_ADMIS
    unknown = deposited(cadre="A9", valideur="")
    assert after(unknown, replaced).valideur == SECOND
    operator = order(Event.VALIDEUR_CORRECTED, OPERATOR, valideur=SECOND)
    assert after(unknown, operator).valideur == SECOND
    missing = order(Event.VALIDEUR_CORRECTED, OPERATOR)
    assert code_of(asked(unknown, missing, later(1))) is AnswerCode.CONTENU_NON_ADMIS


# -- small things ----------------------------------------------------------------------------------


def test_a_comment_has_a_bound() -> None:
    refused = asked(available(), order(Event.SERVICE_DONE, comment="x" * 2001), later(1))

    assert code_of(refused) is AnswerCode.CONTENU_NON_ADMIS


def test_possible_states_are_those_of_the_one_who_asks() -> None:
    everybody = possible(available(), None, Recycling.ACCEPTED)

    assert {target for _, target, _, _ in everybody} == set(RECIPIENT_EVENTS)
    assert possible(available(), RECIPIENT, Recycling.ACCEPTED) == everybody
    assert {t for _, t, _, _ in possible(available(), ACCOUNTANT, Recycling.ACCEPTED)} == {
        S.MISE_A_DISPOSITION_COMPTABLE,
        S.COMPTABILISEE,
        S.MISE_EN_PAIEMENT,
    }
    assert possible(available(), SUPPLIER, Recycling.ACCEPTED) == ()


@pytest.mark.parametrize(
    "text", ["", "destinataire", "system:x", "maire:1", "fournisseur:", "a:b:"]
)
def test_who_acts_must_be_written_as_a_role_and_somebody(text: str) -> None:
    assert identity_of(text) is None


def test_who_acts_reads_as_it_is_written() -> None:
    assert identity_of(f" {RECIPIENT} ") == RECIPIENT


@pytest.mark.parametrize(
    ("arrived", "tacit"),
    [
        # An ordinary month; the day of arrival does not count, the fifteenth is whole.
        (datetime(2026, 11, 2, 8, tzinfo=UTC), datetime(2026, 11, 17, 23, tzinfo=UTC)),
        # 23:30 UTC is the next day in Paris.
        (datetime(2026, 11, 2, 23, 30, tzinfo=UTC), datetime(2026, 11, 18, 23, tzinfo=UTC)),
        # Across the end of summer time (25/10/2026): midnight is an hour later in UTC.
        (datetime(2026, 10, 12, 8, tzinfo=UTC), datetime(2026, 10, 27, 23, tzinfo=UTC)),
        (datetime(2026, 10, 1, 8, tzinfo=UTC), datetime(2026, 10, 16, 22, tzinfo=UTC)),
        # Across its beginning (28/03/2027).
        (datetime(2027, 3, 20, 8, tzinfo=UTC), datetime(2027, 4, 4, 22, tzinfo=UTC)),
        # February of a leap year.
        (datetime(2028, 2, 20, 8, tzinfo=UTC), datetime(2028, 3, 6, 23, tzinfo=UTC)),
    ],
)
def test_a_valideur_has_fifteen_days_of_paris(arrived: datetime, tacit: datetime) -> None:
    assert tacit_at(arrived) == tacit


@pytest.mark.parametrize(
    ("invoice", "valideur"),
    [
        (Invoice(), ""),
        (Invoice(chorus=ChorusFields(valideur=Identifier(value=" 356 000 000 00048 "))), SIRET),
        (Invoice(chorus=ChorusFields(valideur=Identifier(value=" "))), ""),
        (Invoice(seller_agent=SellerAgent(name="Mandataire")), ""),
        (
            Invoice(
                seller_agent=SellerAgent(
                    identifiers=(Identifier(value=SIRET, scheme="0009"),),
                    legal_registration=Identifier(value=SIRET[:9], scheme="0002"),
                )
            ),
            SIRET,
        ),
    ],
)
def test_a_valideur_is_named_where_its_circuit_names_him(invoice: Invoice, valideur: str) -> None:
    assert valideur_of(invoice) == valideur
