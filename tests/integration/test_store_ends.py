"""Commits 4 and 5, and the questions that are asked of the store."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Engine, delete, select, update

from chorus_edi.adapters.store.engine import reading, writing
from chorus_edi.adapters.store.invoice_tables import status_event
from chorus_edi.adapters.store.lifecycle import SqlLives
from chorus_edi.adapters.store.store import SqlStore
from chorus_edi.adapters.store.whole import HISTORIES
from chorus_edi.domain.actors import Actor, Identity
from chorus_edi.domain.findings import Severity, Stage
from chorus_edi.domain.flux import Intent
from chorus_edi.domain.lifecycle import Event
from chorus_edi.domain.motives import Motive
from chorus_edi.domain.orders import Order, Recycling, judge
from chorus_edi.domain.statuses import DocumentState, FluxState, InvoiceStatus
from chorus_edi.errors import Defect
from tests.integration.flows import (
    AT,
    SHA,
    TOWN,
    accepted,
    arrival,
    duplicate,
    entry,
    finding,
    later,
    refused,
    registered,
    summary,
)

UNDER_WAY, AVAILABLE = InvoiceStatus.EN_COURS_ACHEMINEMENT, InvoiceStatus.MISE_A_DISPOSITION


def note(numero: str, sha256: str = SHA, path: str = "livraison.json") -> Intent:
    return Intent(
        numero_flux=numero,
        rank=0,
        path=f"{TOWN}/{numero}/{path}",
        kind="note",
        size=9,
        sha256=sha256,
    )


def integrated(store: SqlStore, *files: int) -> str:
    """Decide a flow whose documents deliver so many files each."""
    numero = registered(store, len(files))
    batch = [accepted(rank, f"F{rank}", files=n) for rank, n in enumerate(files, 1)]
    store.decide(numero, batch, duplicate, AT)
    return numero


def statuses(store: SqlStore) -> list[InvoiceStatus]:
    return [invoice.statut for invoice in store.factures()]


# -- commit 4 --------------------------------------------------------------------------------------


def test_an_invoice_is_available_when_all_its_files_are_delivered(store: SqlStore) -> None:
    numero = integrated(store, 2, 1)
    paths = [intent.path for intent in store.intents(numero)]
    store.deliver(numero, paths[:1], later(1))
    assert statuses(store) == [UNDER_WAY, UNDER_WAY]
    store.deliver(numero, paths, later(2))
    assert statuses(store) == [AVAILABLE, AVAILABLE]
    assert {invoice.date_statut for invoice in store.factures()} == {later(2)}
    assert store.intents(numero, pending=True) == []
    assert all(intent.delivered for intent in store.intents(numero))


def test_an_invoice_that_is_owed_no_file_is_available_at_the_next_delivery(
    store: SqlStore,
) -> None:
    numero = integrated(store, 0, 1)
    store.deliver(numero, [], later(1))
    assert statuses(store) == [AVAILABLE, UNDER_WAY]


def test_delivering_twice_gives_what_once_gives(store: SqlStore, engine: Engine) -> None:
    numero = integrated(store, 1)
    paths = [intent.path for intent in store.intents(numero)]
    store.deliver(numero, paths, later(1))
    store.deliver(numero, paths * 2, later(2))
    (invoice,) = store.factures()
    assert invoice.date_statut == later(1)
    with reading(engine) as connection:
        seqs = list(connection.scalars(select(status_event.c.seq).order_by(status_event.c.seq)))
    assert seqs == [1, 2, 3]


def test_delivering_what_nobody_is_owed_is_a_defect(store: SqlStore) -> None:
    numero = integrated(store, 1)
    paths = [intent.path for intent in store.intents(numero)]
    with pytest.raises(Defect, match="nobody"):
        store.deliver(numero, [*paths, "elsewhere"], AT)
    assert statuses(store) == [UNDER_WAY]


def test_planned_files_are_owed_once_and_keep_their_delivery(store: SqlStore) -> None:
    numero = integrated(store, 1)
    store.plan(numero, [note(numero)])
    store.deliver(numero, [note(numero).path], AT)
    store.plan(numero, [note(numero)])
    planned, document = store.intents(numero)
    assert (planned.rank, planned.kind, planned.delivered) == (0, "note", True)
    assert (document.rank, document.delivered) == (1, False)


def test_a_planned_file_whose_content_changed_is_owed_again(store: SqlStore) -> None:
    numero = integrated(store, 0)
    store.plan(numero, [note(numero)])
    store.deliver(numero, [note(numero).path], AT)
    store.plan(numero, [note(numero, sha256="cd" * 32)])
    assert store.intents(numero, pending=True) == [note(numero, sha256="cd" * 32)]


def test_files_are_listed_by_rank_and_by_path_in_the_order_of_code_points(store: SqlStore) -> None:
    numero = registered(store)
    names = ["b", "É", "_a", "a", "B", "a b", "Z"]
    store.plan(numero, [note(numero, path=name) for name in names])
    listed = [intent.path for intent in store.intents(numero)]
    assert listed == sorted(listed)


def test_planning_nothing_writes_nothing(store: SqlStore) -> None:
    numero = registered(store)
    store.plan(numero, [])
    assert store.intents(numero) == []


def test_no_two_flows_write_onto_one_name(store: SqlStore) -> None:
    first, second = registered(store, name="a.xml"), registered(store, name="b.xml")
    store.plan(first, [note(first)])
    with pytest.raises(Defect, match="forbids"):
        store.plan(second, [note(first)])


# -- commit 5 --------------------------------------------------------------------------------------


def test_closing_counts_the_documents_and_writes_the_last_event(store: SqlStore) -> None:
    numero = registered(store, 5)
    batch = [
        accepted(1, "F1"),
        refused(2, finding()),
        refused(3, state=DocumentState.IRRECEVABLE),
        refused(4, state=DocumentState.EN_ATTENTE),
    ]
    store.decide(numero, batch, duplicate, AT)
    store.close(
        numero, etat=FluxState.IN_INTEGRE_PARTIEL, detail="1 intégrée, 2 rejetées", at=later(4)
    )
    flux = store.flux(numero)
    assert flux is not None
    assert (flux.factures, flux.integrees, flux.rejetees) == (5, 1, 2)
    assert (flux.etat, flux.date_etat) == (FluxState.IN_INTEGRE_PARTIEL, later(4))
    last = store.events(numero)[-1]
    assert (last.seq, last.etat, last.detail) == (3, flux.etat, "1 intégrée, 2 rejetées")


def test_closing_twice_gives_what_once_gives(store: SqlStore) -> None:
    numero = registered(store)
    for minutes in (1, 2):
        store.close(
            numero,
            etat=FluxState.IN_REJETE,
            motif=Motive.IRR_EXTRAC,
            findings=(finding(),),
            at=later(minutes),
        )
    flux = store.flux(numero)
    assert flux is not None
    assert flux.date_etat == later(1)
    assert len(store.events(numero)) == 3
    assert len(store.findings(numero)) == 1


def test_a_flow_refused_before_its_documents_are_known_keeps_its_findings_at_rank_0(
    store: SqlStore,
) -> None:
    (flux,) = store.claim([arrival("a.zip")], AT)
    fault = finding("CE-UNPACK", motive=Motive.IRR_EXTRAC, stage=Stage.UNPACK)
    store.close(
        flux.numero_flux,
        etat=FluxState.IN_REJETE,
        motif=Motive.IRR_EXTRAC,
        findings=(fault,),
        at=AT,
    )
    (line,) = store.findings(flux.numero_flux)
    assert (line.rank, line.document, line.summary) == (0, "", None)
    assert (line.motive, line.finding) == (Motive.IRR_EXTRAC, fault)
    assert list(store.rejets()) == [line]


def test_a_state_that_the_life_of_a_flow_does_not_know_is_a_defect(store: SqlStore) -> None:
    numero = registered(store)
    store.close(numero, etat=FluxState.IN_INTEGRE, at=AT)
    with pytest.raises(Defect, match="cannot go"):
        store.close(numero, etat=FluxState.IN_REJETE, at=AT)
    flux = store.flux(numero)
    assert flux is not None
    assert flux.etat is FluxState.IN_INTEGRE


@pytest.mark.parametrize("table", HISTORIES, ids=lambda table: table.name)
@pytest.mark.parametrize("verb", [update, delete])
def test_a_line_of_a_history_is_never_changed_nor_deleted(
    store: SqlStore, engine: Engine, table: object, verb: object
) -> None:
    numero = integrated(store, 1)
    order = Order(
        document=f"{numero}-0001",
        event=Event.PAID,
        actor=Identity(Actor.DESTINATAIRE, TOWN),
    )
    SqlLives(engine).obey(order, AT, lambda life: judge(life, order, AT, Recycling.ACCEPTED))
    statement = verb(table)  # type: ignore[operator]
    if verb is update:
        last = list(table.primary_key)[-1]  # type: ignore[attr-defined]
        statement = statement.values({last: last + 10})
    with pytest.raises(Defect, match="append-only"), writing(engine) as connection:
        connection.execute(statement)


# -- questions -------------------------------------------------------------------------------------


def test_unfinished_flows_come_in_claim_order(store: SqlStore) -> None:
    closed = registered(store, name="a.xml")
    store.close(closed, etat=FluxState.IN_INTEGRE, at=AT)
    under_way = registered(store, name="b.xml")
    (received,) = store.claim([arrival("c.xml")], AT)
    assert [f.numero_flux for f in store.unfinished()] == [under_way, received.numero_flux]


def test_the_suivi_shows_the_newest_first_and_filters(store: SqlStore) -> None:
    store.claim([arrival("a.xml"), arrival("b.xml", "BBB999")], AT)
    store.claim([arrival("c.xml")], later(10))
    closed = registered(store, name="d.xml", at=later(20))
    assert [flux.nom_fichier for flux in store.suivi()] == ["d.xml", "c.xml", "b.xml", "a.xml"]
    assert [flux.nom_fichier for flux in store.suivi(emetteur="BBB999")] == ["b.xml"]
    assert [flux.nom_fichier for flux in store.suivi(depuis=later(10))] == ["d.xml", "c.xml"]
    under_way = store.suivi(etat=FluxState.IN_EN_COURS_TRAITEMENT_CPP)
    assert [flux.numero_flux for flux in under_way] == [closed]


def test_a_question_left_half_way_gives_its_connection_back(
    store: SqlStore, engine: Engine
) -> None:
    store.claim([arrival(f"{n}.xml") for n in range(3)], AT)
    for _ in range(30):
        answers = store.suivi()
        next(answers)
        answers.close()  # type: ignore[attr-defined]
    assert engine.pool.checkedout() == 0  # type: ignore[attr-defined]


def test_times_come_back_aware_and_in_utc(store: SqlStore) -> None:
    at = datetime.fromisoformat("2026-11-21T00:59:59.123456+02:00")
    store.claim([arrival("a.xml")], at)
    (flux,) = store.suivi(depuis=at)
    assert flux.date_depot == AT
    assert flux.date_depot.tzinfo is UTC


def test_invoices_come_by_claim_order_and_rank_and_filter(store: SqlStore) -> None:
    first, second = registered(store, 2, name="a.xml"), registered(store, name="b.xml")
    store.decide(second, [accepted(1, "F3")], duplicate, AT)
    store.decide(first, [accepted(1, "F1"), accepted(2, "F2")], duplicate, AT)
    store.deliver(second, [intent.path for intent in store.intents(second)], AT)
    assert [i.summary for i in store.factures()] == [summary(n) for n in ("F1", "F2", "F3")]
    assert [i.summary.number for i in store.factures(numero_flux=second)] == ["F3"]
    assert [i.summary.number for i in store.factures(statut=UNDER_WAY)] == ["F1", "F2"]
    assert list(store.factures(statut="INCONNU")) == []


def test_rejects_are_fatal_findings_of_what_was_refused(store: SqlStore) -> None:
    numero = registered(store, 3)
    warning = finding("W", severity=Severity.WARNING)
    batch = [
        accepted(1, "F1", findings=(warning,)),
        refused(2, finding("A"), warning, finding("B")),
        refused(3, finding("C"), state=DocumentState.EN_ATTENTE),
    ]
    store.decide(numero, batch, duplicate, AT)
    store.close(
        numero, etat=FluxState.IN_EN_ATTENTE_RETRAITEMENT_CPP, findings=(finding("D"),), at=AT
    )
    assert [(r.rank, r.finding.rule) for r in store.rejets()] == [(2, "A"), (2, "B")]
    assert [r.finding.rule for r in store.findings(numero)] == ["D", "W", "A", "W", "B", "C"]
    (line, _) = store.rejets(emetteur="AAA999")
    assert (line.document, line.nom_fichier, line.summary) == ("f2.xml", "a.xml", summary("R2"))
    assert list(store.rejets(emetteur="BBB999")) == []


@pytest.mark.parametrize(
    ("deposited", "day"),
    [
        # Winter: one hour from UTC. Summer: two. The nights that change in between.
        ("2026-11-20T22:59:59Z", date(2026, 11, 20)),
        ("2026-11-20T23:00:00Z", date(2026, 11, 21)),
        ("2026-07-01T21:59:59Z", date(2026, 7, 1)),
        ("2026-07-01T22:00:00Z", date(2026, 7, 2)),
        ("2026-03-29T21:59:59Z", date(2026, 3, 29)),
        ("2026-10-25T22:59:59Z", date(2026, 10, 25)),
    ],
)
def test_a_day_of_rejects_is_a_day_of_paris(store: SqlStore, deposited: str, day: date) -> None:
    numero = registered(store, at=datetime.fromisoformat(deposited))
    store.decide(numero, [refused(1, finding())], duplicate, AT)
    assert len(list(store.rejets(jour=day))) == 1
    other = date.fromordinal(day.toordinal() + (1 if deposited[17:19] == "59" else -1))
    assert list(store.rejets(jour=other)) == []


# -- waiting -------------------------------------------------------------------------------------


def test_a_flow_that_waits_says_why_once(store: SqlStore) -> None:
    numero = registered(store)

    for minute in (1, 2):
        store.delay(numero, "Disque plein.", later(minute), taken=True)
    store.delay(numero, "Disque en lecture seule.", later(3), taken=True)

    told = [(event.etat, event.detail, event.date) for event in store.events(numero)[2:]]
    assert told == [
        (FluxState.IN_EN_COURS_TRAITEMENT_CPP, "Disque plein.", later(1)),
        (FluxState.IN_EN_COURS_TRAITEMENT_CPP, "Disque en lecture seule.", later(3)),
    ]


@pytest.mark.parametrize("taken", [True, False])
def test_a_flow_that_waits_holds_its_path_only_while_its_file_is_there(
    store: SqlStore, taken: bool
) -> None:
    (first,) = store.claim([arrival("a.xml")], AT)
    store.delay(first.numero_flux, "Antivirus absent.", later(1), taken=taken)

    (second,) = store.claim([arrival("a.xml")], later(2))

    assert (second.numero_flux == first.numero_flux) is not taken


def test_a_flow_that_waited_is_registered_all_the_same(store: SqlStore) -> None:
    (flux,) = store.claim([arrival("a.xml")], AT)
    store.delay(flux.numero_flux, "Antivirus absent.", later(1), taken=True)

    store.register(flux.numero_flux, sha256=SHA, size=1, documents=[entry(1)], at=later(2))

    found = store.flux(flux.numero_flux)
    assert found is not None
    assert (found.sha256, found.etat) == (SHA, FluxState.IN_EN_COURS_TRAITEMENT_CPP)
    assert len(store.documents(flux.numero_flux)) == 1


def test_nothing_more_is_said_of_a_flow_that_is_closed(store: SqlStore) -> None:
    numero = registered(store)
    store.close(numero, etat=FluxState.IN_REJETE, at=later(1))
    before = store.events(numero)

    store.delay(numero, "Disque plein.", later(2), taken=True)

    assert store.events(numero) == before
