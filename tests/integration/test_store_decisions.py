"""Commit 3: decisions, and invoice numbers held once."""

from __future__ import annotations

import msgspec
import pytest
from sqlalchemy import Engine, event, select

from chorus_edi.adapters.store.engine import reading
from chorus_edi.adapters.store.invoice_tables import facture, status_event
from chorus_edi.adapters.store.store import SqlStore
from chorus_edi.adapters.store.tables import document, finding
from chorus_edi.domain.findings import NotChecked, Severity
from chorus_edi.domain.flux import Arrival, Decision, Holder, Intent
from chorus_edi.domain.motives import Motive
from chorus_edi.domain.partners import Mode
from chorus_edi.domain.scenarios import Circuit, Container, Syntax
from chorus_edi.domain.statuses import DocumentState, InvoiceStatus
from chorus_edi.errors import Defect
from tests.integration.flows import (
    AT,
    SHA,
    TOWN,
    accepted,
    arrival,
    duplicate,
    entry,
    later,
    refused,
    registered,
    states,
    summary,
)
from tests.integration.flows import finding as a_finding

INTEGRE, REJETE = DocumentState.INTEGRE, DocumentState.REJETE


def history(engine: Engine, numero: str) -> list[tuple[int, int, str]]:
    columns = (status_event.c.rank, status_event.c.seq, status_event.c.statut)
    statement = select(*columns).where(status_event.c.numero_flux == numero)
    with reading(engine) as connection:
        return [tuple(row) for row in connection.execute(statement.order_by(*columns[:2]))]


def test_a_decision_writes_the_document_and_its_findings(store: SqlStore) -> None:
    numero = registered(store)
    warning = a_finding("BR-02", severity=Severity.WARNING)
    written = store.decide(numero, [refused(1, a_finding(), warning)], duplicate, later(1))
    assert states(written) == [REJETE]
    (row,) = store.documents(numero)
    assert (row.state, row.motive) == (REJETE, Motive.REJ_SEMAN)
    assert (row.container, row.syntax, row.circuit) == (
        Container.XML,
        Syntax.CII,
        Circuit.AFNOR,
    )
    assert (row.rule_sets, row.directory_version) == (("en16931@1",), "2026-11")
    assert row.summary == summary("R1")
    found = store.findings(numero)
    assert [line.finding for line in found] == [a_finding(), warning]
    assert {(line.rank, line.document, line.motive) for line in found} == {
        (1, "f1.xml", Motive.REJ_SEMAN)
    }


def test_what_people_filter_findings_by_stands_in_columns(store: SqlStore, engine: Engine) -> None:
    numero = registered(store)
    store.decide(numero, [refused(1, a_finding())], duplicate, AT)
    with reading(engine) as connection:
        row = connection.execute(select(finding)).one()
        not_checked = connection.scalar(select(document.c.not_checked))
    assert (row.rule, row.severity, row.motive) == ("BR-01", Severity.FATAL, Motive.REJ_SEMAN)
    assert not_checked == (NotChecked("BR-FR-12", "Règle pas encore écrite."),)


def test_an_integrated_document_becomes_an_invoice_under_way(
    store: SqlStore, engine: Engine
) -> None:
    numero = registered(store)
    store.decide(numero, [accepted(1, "F1", files=2)], duplicate, later(1))
    (invoice,) = store.factures()
    assert (invoice.id, invoice.statut, invoice.date_statut) == (
        f"{numero}-0001",
        InvoiceStatus.EN_COURS_ACHEMINEMENT,
        later(1),
    )
    assert (invoice.summary, invoice.date_depot, invoice.emetteur) == (
        summary("F1"),
        AT,
        "AAA999",
    )
    assert history(engine, numero) == [
        (1, 1, InvoiceStatus.DEPOSEE),
        (1, 2, InvoiceStatus.EN_COURS_ACHEMINEMENT),
    ]
    assert store.intents(numero) == [
        Intent(
            numero_flux=numero,
            rank=1,
            path=f"{TOWN}/{numero}/0001_{n}.xml",
            kind="original",
            size=1,
            sha256=SHA,
        )
        for n in (1, 2)
    ]


def test_a_document_that_is_not_integrated_is_no_invoice(store: SqlStore, engine: Engine) -> None:
    numero = registered(store, 3)
    decisions = [
        refused(1, a_finding()),
        refused(2, state=DocumentState.EN_ATTENTE),
        refused(3, state=DocumentState.IRRECEVABLE),
    ]
    store.decide(numero, decisions, duplicate, AT)
    assert list(store.factures()) == []
    assert history(engine, numero) == []
    assert store.intents(numero) == []


def test_deciding_twice_gives_what_once_gives(store: SqlStore, engine: Engine) -> None:
    numero = registered(store, 2)
    decisions = [accepted(1, "F1"), refused(2, a_finding())]
    store.decide(numero, decisions, duplicate, AT)
    before = (store.documents(numero), store.findings(numero), history(engine, numero))
    assert list(store.decide(numero, decisions, duplicate, later(9))) == []
    assert (store.documents(numero), store.findings(numero), history(engine, numero)) == before


def test_only_documents_not_decided_yet_are_written_and_returned_by_rank(store: SqlStore) -> None:
    numero = registered(store, 3)
    store.decide(numero, [accepted(2, "F2")], duplicate, AT)
    written = store.decide(
        numero, [accepted(3, "F3"), accepted(2, "X"), accepted(1, "F1")], duplicate, AT
    )
    assert [decision.rank for decision in written] == [1, 3]
    assert [i.summary.number for i in store.factures()] == ["F1", "F2", "F3"]


def test_attempts_are_forgotten_with_the_decision_unless_the_document_waits(
    store: SqlStore,
) -> None:
    numero = registered(store, 3)
    for rank in (1, 2, 3):
        store.attempt(numero, rank)
    waiting = refused(3, state=DocumentState.EN_ATTENTE)

    store.decide(numero, [accepted(1, "F1"), refused(2), waiting], duplicate, AT)

    assert [store.attempt(numero, rank) for rank in (1, 2, 3)] == [1, 1, 2]


def test_deciding_nothing_writes_nothing(store: SqlStore) -> None:
    assert list(store.decide(registered(store), [], duplicate, AT)) == []


def test_a_number_twice_in_one_batch_belongs_to_the_lowest_rank(store: SqlStore) -> None:
    numero = registered(store, 3)
    batch = [accepted(3, "F1"), accepted(2, "F1"), accepted(1, "F1")]
    assert states(store.decide(numero, batch, duplicate, AT)) == [INTEGRE, REJETE, REJETE]
    held = [line.finding.found for line in store.findings(numero)]
    assert held == [f"{numero}/1/{AT.isoformat()}"] * 2
    assert [row.motive for row in store.documents(numero)] == [None, Motive.REJ_UNI, Motive.REJ_UNI]


def test_a_number_held_by_an_earlier_flow_makes_every_later_one_a_duplicate(
    store: SqlStore,
) -> None:
    first = registered(store, name="a.xml")
    store.decide(first, [accepted(1, "F1")], duplicate, AT)
    second = registered(store, 3, name="b.xml", at=later(5))
    batch = [accepted(1, "F1"), accepted(2, "F2"), accepted(3, "F1")]
    assert states(store.decide(second, batch, duplicate, later(6))) == [REJETE, INTEGRE, REJETE]
    held = [line.finding.found for line in store.findings(second)]
    assert held == [f"{first}/1/{AT.isoformat()}"] * 2


def test_a_number_held_by_an_earlier_batch_of_the_flow_makes_a_duplicate(store: SqlStore) -> None:
    numero = registered(store, 2)
    store.decide(numero, [accepted(1, "F1")], duplicate, AT)
    assert states(store.decide(numero, [accepted(2, "F1")], duplicate, AT)) == [REJETE]


def test_a_number_is_unique_by_year_and_seller_only(store: SqlStore) -> None:
    numero = registered(store, 3)
    batch = [
        accepted(1, "F1"),
        accepted(2, "F1", year=2025),
        accepted(3, "F1", seller="AUTRE:F1"),
    ]
    assert states(store.decide(numero, batch, duplicate, AT)) == [INTEGRE] * 3


@pytest.mark.parametrize(
    ("number", "year", "seller"),
    [("", 2026, "732829320"), ("F1", None, "732829320"), ("F1", 2026, None)],
)
def test_a_number_with_a_missing_part_is_not_reserved(
    store: SqlStore, number: str, year: int | None, seller: str | None
) -> None:
    numero = registered(store, 2)
    batch = [accepted(rank, number, year=year, seller=seller) for rank in (1, 2)]
    assert states(store.decide(numero, batch, duplicate, AT)) == [INTEGRE, INTEGRE]


def demand(rank: int, number: str, cadre: str = "S3") -> Decision:
    """An accepted document of a cadre."""
    decision = accepted(rank, number)
    summary = decision.examination.summary
    assert summary is not None
    replace = msgspec.structs.replace
    examination = replace(decision.examination, summary=replace(summary, cadre=cadre))
    return replace(decision, examination=examination)


def test_a_demand_of_direct_payment_comes_again_and_takes_no_number_of_an_invoice(
    store: SqlStore,
) -> None:
    first = registered(store, name="a.xml")
    store.decide(first, [demand(1, "F1")], duplicate, AT)
    second = registered(store, 3, name="b.xml")
    batch = [demand(1, "F1", cadre=" S3 "), accepted(2, "F1"), demand(3, "F1", cadre="S1")]
    assert states(store.decide(second, batch, duplicate, AT)) == [INTEGRE, INTEGRE, REJETE]


def of_circuit(decision: Decision, circuit: Circuit) -> Decision:
    replace = msgspec.structs.replace
    return replace(decision, examination=replace(decision.examination, circuit=circuit))


@pytest.mark.parametrize(
    ("circuit", "becomes"), [(Circuit.HISTORIQUE, INTEGRE), (Circuit.AFNOR, REJETE)]
)
def test_a_refusal_spends_the_number_in_the_afnor_circuit_only(
    store: SqlStore, circuit: Circuit, becomes: DocumentState
) -> None:
    numero = registered(store, 3)
    store.decide(numero, [of_circuit(refused(1, a_finding()), circuit)], duplicate, AT)
    again = [of_circuit(accepted(rank, "R1"), circuit) for rank in (2, 3)]
    assert states(store.decide(numero, again, duplicate, AT)) == [becomes, REJETE]


@pytest.mark.parametrize("together", [True, False])
def test_who_comes_after_a_refusal_learns_that_the_number_is_spent(
    store: SqlStore, *, together: bool
) -> None:
    numero = registered(store, 2)
    told: list[Holder] = []

    def refusing(decision: Decision, holder: Holder) -> Decision:
        told.append(holder)
        return duplicate(decision, holder)

    batch = [refused(1, a_finding()), accepted(2, "R1")]
    for part in [batch] if together else [[one] for one in batch]:
        store.decide(numero, part, refusing, AT)

    assert [(holder.rank, holder.refused) for holder in told] == [(1, True)]


def test_a_refusal_keeps_its_own_reason_where_its_number_is_held(store: SqlStore) -> None:
    numero = registered(store, 2)
    batch = [accepted(1, "R2"), refused(2, a_finding())]
    assert states(store.decide(numero, batch, duplicate, AT)) == [INTEGRE, REJETE]
    assert [line.finding.rule for line in store.findings(numero)] == [a_finding().rule]


def test_a_refusal_in_qualification_spends_nothing(store: SqlStore) -> None:
    trial = store.claim([replace_mode(arrival("essai.xml"))], AT)[0].numero_flux
    store.register(trial, sha256=SHA, size=1, documents=[entry(1)], at=AT)
    store.decide(trial, [refused(1, a_finding())], duplicate, AT)
    numero = registered(store)
    assert states(store.decide(numero, [accepted(1, "R1")], duplicate, AT)) == [INTEGRE]


def replace_mode(one: Arrival) -> Arrival:
    return msgspec.structs.replace(one, mode=Mode.QUALIFICATION)


def test_a_number_of_any_length_is_held_and_told_apart(store: SqlStore) -> None:
    # PostgreSQL indexes no text of this size, when it cannot be compressed.
    long = "".join(f"{n * n * 2_654_435_761 % 2**64:x}" for n in range(1, 600))
    numero = registered(store, 3)
    batch = [accepted(1, long), accepted(2, f"{long}A"), accepted(3, long)]
    assert states(store.decide(numero, batch, duplicate, AT)) == [INTEGRE, INTEGRE, REJETE]


def test_a_rank_that_was_not_registered_is_a_defect(store: SqlStore) -> None:
    numero = registered(store)
    with pytest.raises(Defect, match="no document of rank 2"):
        store.decide(numero, [accepted(1, "F1"), accepted(2, "F2")], duplicate, AT)
    assert [row.state for row in store.documents(numero)] == [None]


def test_a_duplicate_that_would_be_integrated_is_a_defect(store: SqlStore) -> None:
    numero = registered(store, 2)

    def careless(decision: Decision, _: Holder) -> Decision:
        return decision

    with pytest.raises(Defect, match="duplicate"):
        store.decide(numero, [accepted(1, "F1"), accepted(2, "F1")], careless, AT)
    assert list(store.factures()) == []


def test_an_integrated_document_without_recipient_is_a_defect(store: SqlStore) -> None:
    numero = registered(store)
    lost = accepted(1, "F1")
    nowhere = Decision(
        rank=1,
        state=INTEGRE,
        examination=type(lost.examination)(
            rank=1, name="f1.xml", size=1, sha256=SHA, verdict=lost.examination.verdict
        ),
    )
    with pytest.raises(Defect, match="recipient"):
        store.decide(numero, [nowhere], duplicate, AT)
    assert [row.state for row in store.documents(numero)] == [None]


def test_two_documents_that_would_write_onto_one_name_are_a_defect(store: SqlStore) -> None:
    numero = registered(store, 2)
    first, second = accepted(1, "F1"), accepted(1, "F2")
    clash = Decision(rank=2, state=INTEGRE, examination=second.examination)
    with pytest.raises(Defect, match="forbids"):
        store.decide(numero, [first, clash], duplicate, AT)
    assert list(store.factures()) == []


def test_a_batch_costs_the_same_number_of_statements_whatever_its_size(
    store: SqlStore, engine: Engine
) -> None:
    numero = registered(store, 201)
    executed: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *call: executed.append(call[2]))
    store.decide(numero, [accepted(201, "F-201", findings=(a_finding(),))], duplicate, AT)
    one = len(executed)
    executed.clear()
    batch = [accepted(n, f"F-{n}", findings=(a_finding(),)) for n in range(1, 201)]
    store.decide(numero, batch, duplicate, AT)
    assert len(executed) == one <= 10


def test_the_status_of_an_invoice_is_a_copy_of_its_last_event(
    store: SqlStore, engine: Engine
) -> None:
    numero = registered(store, 2)
    store.decide(numero, [accepted(1, "F1"), accepted(2, "F2")], duplicate, AT)
    store.deliver(numero, [f"{TOWN}/{numero}/0002_1.xml"], later(3))
    with reading(engine) as connection:
        copies = {(r.rank, r.statut, r.date_statut) for r in connection.execute(select(facture))}
        events = connection.execute(select(status_event).order_by(status_event.c.seq))
        last = {row.rank: (row.rank, row.statut, row.date) for row in events}
    assert copies == set(last.values())
