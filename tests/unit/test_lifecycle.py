"""The tables of flows and invoices: complete, unambiguous, and what they say of a flow's end."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import pytest

from chorus_edi.domain.lifecycle import (
    FLUX_TRANSITIONS,
    TRANSITIONS,
    Actor,
    Event,
    after,
    flux_state_of,
)
from chorus_edi.domain.motives import LABELS, Motive
from chorus_edi.domain.partners import Mode
from chorus_edi.domain.statuses import (
    DOCUMENT_LABELS,
    FLUX_LABELS,
    INVOICE_STATUSES,
    DocumentState,
    FluxState,
    InvoiceStatus,
)
from chorus_edi.errors import Defect

S, F, D = InvoiceStatus, FluxState, DocumentState


def reachable(steps: Iterable[tuple[object, object]]) -> set[object]:
    """Return every state that some path from nothing leads to."""
    known: set[object] = {None}
    rows = list(steps)
    for _ in rows:
        known |= {target for source, target in rows if source in known}
    return known - {None}


def test_an_invoice_goes_from_deposit_to_being_made_available() -> None:
    deposited = after(None, Event.INTEGRATED, Actor.SYSTEM)
    routed = after(deposited, Event.ROUTED, Actor.SYSTEM)

    assert (deposited, routed) == (S.DEPOSEE, S.EN_COURS_ACHEMINEMENT)
    assert after(routed, Event.DELIVERED, Actor.SYSTEM) is S.MISE_A_DISPOSITION


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
        after(status, event, Actor.SYSTEM)


def test_no_two_rows_answer_one_question() -> None:
    questions = [(row.source, row.event, row.actor) for row in TRANSITIONS]

    assert len(set(questions)) == len(questions)
    assert len(set(FLUX_TRANSITIONS)) == len(FLUX_TRANSITIONS)


def test_every_status_and_every_state_can_be_reached_from_nothing() -> None:
    assert reachable((row.source, row.target) for row in TRANSITIONS) == set(InvoiceStatus)
    assert reachable(FLUX_TRANSITIONS) == set(FluxState)


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
    ],
    ids=["flows", "documents", "motives", "invoices"],
)
def test_every_code_has_a_label_of_its_own_in_both_languages(
    table: Mapping[object, object], codes: Callable[[], Iterable[object]]
) -> None:
    assert list(table) == list(codes)
    french = [label.fr for label in table.values()]
    assert len(set(french)) == len(french)
    assert all(label.fr and label.en for label in table.values())


def test_the_official_numbers_of_invoice_statuses_are_given_once() -> None:
    rows = INVOICE_STATUSES.values()

    assert len({row.edi for row in rows}) == len(rows)
    assert [row.afnor for row in rows] == [200, 202, 203]


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
