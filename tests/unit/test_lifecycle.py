"""The tables of flows and invoices: complete, unambiguous, and what they say of a flow's end."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import pytest

from chorus_edi.domain.actors import ACTOR_LABELS, Actor
from chorus_edi.domain.cadres import CADRES, DEMANDS, Demand, demand_of
from chorus_edi.domain.lifecycle import (
    EVENTS,
    FLUX_TRANSITIONS,
    RECIPIENT_EVENTS,
    TRANSITIONS,
    Event,
    after,
    flux_state_of,
    following,
    goes_on_by,
    is_final,
    step,
)
from chorus_edi.domain.motives import LABELS, Motive
from chorus_edi.domain.partners import Mode
from chorus_edi.domain.processing_motives import (
    PROCESSING_MOTIVES,
    ProcessingMotive,
    Use,
    motives_for,
)
from chorus_edi.domain.scenarios import Circuit
from chorus_edi.domain.statuses import (
    CHOICES,
    DOCUMENT_LABELS,
    FLUX_LABELS,
    FLUX_STATES,
    INVOICE_STATUSES,
    SHARED_AFNOR,
    DocumentState,
    Ends,
    FluxState,
    InvoiceStatus,
)
from chorus_edi.domain.unused_statuses import UNUSED_FLUX_STATES, UNUSED_INVOICE_STATUSES
from chorus_edi.errors import Defect

S, F, D = InvoiceStatus, FluxState, DocumentState
DEMANDED = (None, *Demand)
RECYCLING = {S.A_RECYCLER}


def reachable(steps: Iterable[tuple[object, object]]) -> set[object]:
    """Return every state that some path from nothing leads to."""
    known: set[object] = {None}
    rows = list(steps)
    for _ in rows:
        known |= {target for source, target in rows if source in known}
    return known - {None}


def test_an_invoice_goes_from_deposit_to_being_made_available() -> None:
    deposited = step(None, Event.INTEGRATED)
    routed = step(deposited, Event.ROUTED)

    assert (deposited, routed) == (S.DEPOSEE, S.EN_COURS_ACHEMINEMENT)
    assert step(routed, Event.DELIVERED) is S.MISE_A_DISPOSITION


@pytest.mark.parametrize(
    ("status", "event"),
    [
        (None, Event.DELIVERED),
        (S.DEPOSEE, Event.DELIVERED),
        (S.DEPOSEE, Event.INTEGRATED),
        (S.MISE_A_DISPOSITION, Event.ROUTED),
    ],
)
def test_a_step_the_table_does_not_have_is_a_defect(
    status: InvoiceStatus | None, event: Event
) -> None:
    with pytest.raises(Defect, match=event):
        step(status, event)


@pytest.mark.parametrize("circuit", Circuit)
@pytest.mark.parametrize("demand", DEMANDED)
def test_no_two_rows_answer_one_question(circuit: Circuit, demand: Demand | None) -> None:
    questions = [
        (row.source, row.event) for row in TRANSITIONS[circuit] if row.only in (None, demand)
    ]

    assert len(set(questions)) == len(questions)


def test_no_two_rows_of_flows_are_the_same() -> None:
    assert len(set(FLUX_TRANSITIONS)) == len(FLUX_TRANSITIONS)


def test_every_status_and_every_state_can_be_reached_from_nothing() -> None:
    by_circuit = {
        circuit: reachable((row.source, row.target) for row in rows)
        for circuit, rows in TRANSITIONS.items()
    }

    assert by_circuit[Circuit.HISTORIQUE] == set(InvoiceStatus)
    assert by_circuit[Circuit.AFNOR] == set(InvoiceStatus) - RECYCLING
    assert reachable(FLUX_TRANSITIONS) == set(FluxState)


def test_an_invoice_that_nobody_validates_never_waits_for_a_valideur() -> None:
    rows = [row for row in TRANSITIONS[Circuit.HISTORIQUE] if row.only is None]
    met = reachable((row.source, row.target) for row in rows)

    assert not any("VALID" in str(status) for status in met)


@pytest.mark.parametrize("circuit", Circuit)
@pytest.mark.parametrize("demand", DEMANDED)
@pytest.mark.parametrize("status", InvoiceStatus)
def test_a_status_is_final_where_its_row_says_so(
    circuit: Circuit, demand: Demand | None, status: InvoiceStatus
) -> None:
    rows = TRANSITIONS[circuit]
    met = {row.source for row in rows if row.only in (None, demand)}
    ends = INVOICE_STATUSES[status].ends
    final = ends is Ends.ALWAYS or (ends is Ends.IN_COTRAITANCE and demand is Demand.COTRAITANCE)

    assert (status not in met or is_final(circuit, demand, status)) == (final or status not in met)
    assert not any(
        target is not status for _, target in following(circuit, demand, status) if final
    )


def test_a_recipient_goes_from_any_of_his_statuses_to_any_other() -> None:
    ends = {S.REJETEE, S.MISE_EN_PAIEMENT}
    for source in (S.MISE_A_DISPOSITION, S.COMPLETEE, *(set(RECIPIENT_EVENTS) - ends)):
        for target, event in RECIPIENT_EVENTS.items():
            assert after(Circuit.HISTORIQUE, None, source, event) is target


def test_the_platform_causes_what_it_says_it_does_next() -> None:
    for circuit in Circuit:
        for demand in DEMANDED:
            rows = [row for row in TRANSITIONS[circuit] if row.only in (None, demand)]
            for status in {row.target for row in rows}:
                event = goes_on_by(demand, status, validated=False, second=False)
                assert event is None or after(circuit, demand, status, event) is not None


def test_only_the_demand_of_a_subcontractor_goes_on_after_a_refusal() -> None:
    for status in (S.REFUSEE_1, S.REFUSEE_2):
        of = {demand: goes_on_by(demand, status, validated=True, second=False) for demand in Demand}
        assert of == {Demand.SOUS_TRAITANCE: Event.ROUTED, Demand.COTRAITANCE: None}


def test_the_cadres_that_somebody_validates_are_known_ones() -> None:
    assert set(DEMANDS) <= set(CADRES)
    assert demand_of(" a9 ") is Demand.SOUS_TRAITANCE
    assert demand_of("A10") is None


def test_every_event_stands_in_a_table_and_has_somebody_who_causes_it() -> None:
    met = {row.event for rows in TRANSITIONS.values() for row in rows}

    assert met == set(Event) == set(EVENTS)
    assert all(row.actors for row in EVENTS.values())
    assert {actor for row in EVENTS.values() for actor in row.actors} == set(Actor)


def test_every_motive_can_be_given_and_every_use_has_motives() -> None:
    assert all(row.uses for row in PROCESSING_MOTIVES.values())
    assert all(motives_for(use) for use in Use)
    # What asks for recycling must stand as a refusal where recycling is over.
    assert set(motives_for(Use.RECYCLING)) <= set(motives_for(Use.REJECTION))
    # A refusal for a missing piece is a suspension.
    assert {Use.REJECTION, Use.SUSPENSION} <= PROCESSING_MOTIVES[ProcessingMotive.JUSTIF_ABS].uses


def test_the_states_that_lead_nowhere_are_just_the_closed_ones() -> None:
    left = {source for source, _ in FLUX_TRANSITIONS}

    # An operator takes one of them back to work: what waits for him.
    waiting = {F.IN_EN_ATTENTE_RETRAITEMENT_CPP}
    assert {s for s in F if s not in left} == {s for s in F if s.closed} - waiting


@pytest.mark.parametrize(
    ("table", "codes"),
    [
        (FLUX_LABELS, FluxState),
        (DOCUMENT_LABELS, DocumentState),
        (LABELS, Motive),
        ({code: row.label for code, row in INVOICE_STATUSES.items()}, InvoiceStatus),
        ({code: row.label for code, row in PROCESSING_MOTIVES.items()}, ProcessingMotive),
        ({code: row.label for code, row in EVENTS.items()}, Event),
        (ACTOR_LABELS, Actor),
    ],
    ids=["flows", "documents", "motives", "invoices", "processing", "events", "actors"],
)
def test_every_code_has_a_label_of_its_own_in_both_languages(
    table: Mapping[object, object], codes: Callable[[], Iterable[object]]
) -> None:
    assert list(table) == list(codes)
    french = [label.fr for label in table.values()]
    assert len(set(french)) == len(french)
    assert all(label.fr and label.en for label in table.values())


def test_the_official_numbers_are_given_once_or_say_why_not() -> None:
    rows = INVOICE_STATUSES.values()
    edi = [row.edi for row in rows if row.edi]
    afnor = [n for row in rows for n in (row.afnor, row.afnor_cotraitance) if n]

    assert len(set(edi)) == len(edi)
    assert {number for number in afnor if afnor.count(number) > 1} == set(SHARED_AFNOR)


def test_a_number_that_the_sources_dispute_is_read_for_one_status_only() -> None:
    written = {row.edi: status for status, row in INVOICE_STATUSES.items() if row.edi}

    for choice in CHOICES:
        assert INVOICE_STATUSES[choice.status].edi == choice.written
        assert choice.written in choice.read
        assert all(written.get(number, choice.status) is choice.status for number in choice.read)


def test_no_code_is_both_used_and_unused() -> None:
    assert UNUSED_INVOICE_STATUSES.keys().isdisjoint(InvoiceStatus)
    assert UNUSED_FLUX_STATES.keys().isdisjoint(FluxState)
    assert list(FLUX_STATES) == list(FluxState)
    # Every status of the API is either in use or told to be out of use.
    assert len(UNUSED_INVOICE_STATUSES) + len(INVOICE_STATUSES) == 57


@pytest.mark.parametrize(
    ("documents", "state"),
    [
        ({}, F.IN_REJETE),
        ({D.INTEGRE: 3}, F.IN_INTEGRE),
        ({D.INTEGRE: 3, D.REJETE: 0}, F.IN_INTEGRE),
        ({D.INTEGRE: 1, D.REJETE: 9}, F.IN_INTEGRE_PARTIEL),
        ({D.INTEGRE: 1, D.IRRECEVABLE: 1}, F.IN_INTEGRE_PARTIEL),
        ({D.REJETE: 2}, F.IN_REJETE),
        ({D.IRRECEVABLE: 2}, F.IN_REJETE),
        ({D.EN_ATTENTE: 1}, F.IN_EN_ATTENTE_RETRAITEMENT_CPP),
        ({D.EN_ATTENTE: 1, D.INTEGRE: 5}, F.IN_EN_ATTENTE_RETRAITEMENT_CPP),
        ({D.EN_ATTENTE: 1, D.REJETE: 5}, F.IN_EN_ATTENTE_RETRAITEMENT_CPP),
    ],
)
def test_a_flow_ends_as_its_documents_say(
    documents: dict[DocumentState, int], state: FluxState
) -> None:
    assert flux_state_of(documents, Mode.PRODUCTION) is state
    assert (F.IN_EN_COURS_TRAITEMENT_CPP, state) in FLUX_TRANSITIONS
