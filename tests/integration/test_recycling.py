"""Invoices that come again by EDI: by whole runs, on real files."""

from __future__ import annotations

import json
import os
import signal
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from sqlalchemy import Engine

from chorus_edi import bootstrap
from chorus_edi.adapters.store.counting import SqlCounts
from chorus_edi.adapters.store.keeping import SqlKeeping
from chorus_edi.bootstrap import ExaminerSpec, build_examiner
from chorus_edi.domain.accounts import Night
from chorus_edi.domain.actors import Actor, Identity
from chorus_edi.domain.findings import Finding
from chorus_edi.domain.flux import Examination
from chorus_edi.domain.lifecycle import Event
from chorus_edi.domain.motives import Motive
from chorus_edi.domain.orders import AnswerCode
from chorus_edi.domain.processing_motives import ProcessingMotive as M
from chorus_edi.domain.statuses import FluxState
from chorus_edi.formats.writers import to_ubl
from chorus_edi.pipeline.tasks import Task
from chorus_edi.pipeline.worker import Examine
from chorus_edi.services import lives
from chorus_edi.services.nights import tar_gz
from chorus_edi.services.specimens import specimen
from tests.crash.conftest import data_folder
from tests.integration.test_shipping import (
    ELSEWHERE,
    NOW,
    RECIPIENT,
    Installation,
    S,
    deposited,
    documents,
    note,
    plain,
    recycled,
    to_be_recycled,
)


@pytest.fixture
def here(tmp_path: Path, database_url: str) -> Installation:
    return Installation(data_folder(tmp_path / "data", database_url, workers=1))


def weak(spec: ExaminerSpec) -> Examine:
    """Build the real examiner, which does not survive a comparison."""
    examine = build_examiner(spec)

    def weak_examine(task: Task) -> Examination:
        if task.against is not None:
            os.kill(os.getpid(), signal.SIGKILL)
        return examine(task)

    return weak_examine


def rejected(here: Installation) -> Finding:
    with here.desk() as desk:
        (row,) = desk.store.rejets()
    assert row.motive is Motive.REJ_UNI
    return row.finding


def report(here: Installation, numero: str) -> tuple[Any, str]:
    """Return the two forms of the report on a flow."""
    found = here.outbox(f"**/{numero}_compte-rendu.*")
    (as_json,) = (content for name, content in found.items() if name.endswith(".json"))
    (as_html,) = (content for name, content in found.items() if name.endswith(".html"))
    return json.loads(as_json), as_html.decode()


def test_the_report_says_which_invoice_was_recycled_and_counts_it_as_integrated(
    here: Installation,
) -> None:
    document = to_be_recycled(here)
    here.deposit("renvoi.tar.gz", tar_gz({"a.xml": plain(2), "b.xml": recycled(1)}))
    assert here.run() == {}

    with here.desk() as desk:
        flux = next(iter(desk.store.suivi()))
        detail = desk.store.events(flux.numero_flux)[-1].detail
    told, page = report(here, flux.numero_flux)
    assert (flux.etat, flux.factures, flux.integrees) == (FluxState.IN_INTEGRE, 2, 2)
    assert detail == "2 intégrées, dont 1 recyclage"
    assert [one.get("recyclage_de") for one in told["documents"]] == [None, document]
    assert f"(flux <code>{document.partition('-')[0]}</code>)" in page
    assert "recyclage de la facture" in page


def test_the_note_of_the_delivery_names_the_document_that_was_sent_again(
    here: Installation,
) -> None:
    document = to_be_recycled(here)
    here.deposit("renvoi.xml", recycled(1))
    here.run()

    told = note(here.outbox(f"{ELSEWHERE.siret}/*/*-recyclage/*"))
    (_, last) = (row["id"] for row in documents(here))
    assert (told["facture"]["id"], told["renvoyee_par"]) == (document, last)
    assert told["routage_initial"]["destinataire"] == RECIPIENT.siret


def test_documents_are_compared_while_other_flows_are_examined_ahead(here: Installation) -> None:
    document = to_be_recycled(here)
    numbers = range(2, 42)
    for number in numbers:
        here.deposit(f"lot-{number:02d}.xml", plain(number))
    here.deposit("lot-20-renvoi.xml", recycled(1))
    assert here.run() == {}

    states = [row["state"] for row in documents(here)]
    assert states == ["INTEGRE"] * (len(numbers) + 2)
    assert here.life(document).routing.recipient == ELSEWHERE.siret
    with here.desk() as desk:
        assert len(list(desk.store.factures())) == len(numbers) + 1


def test_an_invoice_that_is_not_to_be_recycled_comes_once(here: Installation) -> None:
    (document,) = deposited(here, facture=plain(1))
    here.deposit("renvoi.xml", recycled(1))
    here.run()

    assert rejected(here).rule == "CE-UNI-01"
    assert here.life(document).routing.recipient == RECIPIENT.siret


def test_a_number_comes_once_where_recycling_is_not_honoured(here: Installation) -> None:
    document = to_be_recycled(here)
    with here.folder.config.open("a", encoding="utf-8") as config:
        config.write('[cycle_de_vie]\nrecyclage = "refuse-2026"\n')
    later = Installation(here.folder)

    later.deposit("renvoi.xml", recycled(1))
    later.run()

    assert rejected(later).rule == "CE-UNI-01"
    assert later.life(document).statut is S.A_RECYCLER


def test_an_invoice_whose_copy_is_missing_makes_the_other_wait_until_it_is_recycled_by_hand(
    here: Installation,
) -> None:
    document = to_be_recycled(here)
    (stored,) = (p for p in here.folder.root.glob("var/archive/**/*") if p.suffix == ".xml")
    content = stored.read_bytes()
    stored.unlink()
    here.deposit("renvoi.xml", recycled(1))

    assert len(here.run()) == 1
    assert here.life(document).statut is S.A_RECYCLER
    with here.desk() as desk:
        lives.recycle(desk, document, None, engagement="4500009")
    stored.write_bytes(content)
    assert here.run() == {}

    assert rejected(here).rule == "CE-UNI-01"
    assert here.life(document).routing.engagement == "4500009"


def test_recycled_again_by_hand_an_invoice_goes_on_as_what_came_last(here: Installation) -> None:
    document = to_be_recycled(here)
    here.deposit("renvoi.xml", recycled(1))
    here.run()
    with here.desk() as desk:
        second = Identity(Actor.DESTINATAIRE, ELSEWHERE.siret)
        lives.set_status(desk, document, S.A_RECYCLER, second, motif=M.SE_ERR)
        answer = lives.recycle(
            desk, document, None, recipient=RECIPIENT.siret, code_service="", engagement=""
        )
    assert answer.code is AnswerCode.FAIT
    here.run()

    life = here.life(document)
    asked = [event for event in life.history if event.event is Event.RECYCLED]
    assert [bool(event.source) for event in asked] == [True, False]
    assert life.statut is S.MISE_A_DISPOSITION
    sent = here.outbox(f"{RECIPIENT.siret}/*/*-recyclage/*.xml")
    assert list(sent.values()) == [recycled(1)]


def test_an_invoice_recycled_by_edi_is_recycled_by_edi_once_more(here: Installation) -> None:
    document = to_be_recycled(here)
    here.deposit("renvoi.xml", recycled(1))
    here.run()
    with here.desk() as desk:
        second = Identity(Actor.DESTINATAIRE, ELSEWHERE.siret)
        lives.set_status(desk, document, S.A_RECYCLER, second, motif=M.SE_ERR)

    here.deposit("retour.xml", recycled(1, purchase_order="4500002"))
    here.run()

    life = here.life(document)
    assert (life.statut, life.routing.engagement) == (S.MISE_A_DISPOSITION, "4500002")
    assert [row["state"] for row in documents(here)] == ["INTEGRE"] * 3


def test_in_the_afnor_circuit_a_rejected_invoice_does_not_come_again_under_its_number(
    here: Installation,
) -> None:
    made = specimen(3, [RECIPIENT], plain=True).invoice
    assert made.totals is not None
    wrong = replace(made, totals=replace(made.totals, due=Decimal(1)))
    here.deposit("fausse.xml", to_ubl(wrong))
    here.run()
    here.deposit("juste.xml", to_ubl(made))
    here.run()

    with here.desk() as desk:
        rows = list(desk.store.rejets())
        assert list(desk.store.factures()) == []
    (spent,) = (row for row in rows if row.nom_fichier == "juste.xml")
    (first,) = {row.numero_flux for row in rows if row.nom_fichier == "fausse.xml"}
    assert spent.motive is Motive.REJ_UNI
    assert first in spent.finding.message.fr
    assert "ne sert plus" in spent.finding.message.fr


def large(content: bytes) -> bytes:
    """Return the same invoice in more bytes than are kept in memory."""
    return content + b"<!--" + b" " * 1_500_000 + b"-->"


def test_large_documents_of_two_archives_are_compared_and_left_nowhere(
    here: Installation,
) -> None:
    here.deposit("premier.tar.gz", tar_gz({"a.xml": large(plain(1))}))
    here.run()
    (document,) = (row["id"] for row in documents(here))
    with here.desk() as desk:
        town = Identity(Actor.DESTINATAIRE, RECIPIENT.siret)
        lives.set_status(desk, document, S.A_RECYCLER, town, motif=M.SE_ERR)

    other = recycled(1, payment_terms="Paiement à réception")
    here.deposit("autre.tar.gz", tar_gz({"a.xml": large(other)}))
    here.run()
    here.deposit("renvoi.tar.gz", tar_gz({"a.xml": large(recycled(1))}))
    assert here.run() == {}

    assert rejected(here).terms == ("BT-20",)
    assert here.life(document).statut is S.MISE_A_DISPOSITION
    assert not any((here.folder.root / "var/work").iterdir())


def test_an_invoice_that_cannot_be_compared_for_now_waits_for_the_next_run(
    here: Installation,
) -> None:
    document = to_be_recycled(here)
    here.deposit("renvoi.xml", recycled(1))

    delayed = bootstrap.run(here.settings, once=True, clock=here.clock, examiner=weak).delayed
    assert ["pour le recyclage" in reason for reason in delayed.values()] == [True]
    assert here.life(document).statut is S.A_RECYCLER
    assert here.run() == {}

    assert here.life(document).statut is S.MISE_A_DISPOSITION


def test_the_account_of_a_night_balances_with_what_was_recycled(
    here: Installation, engine: Engine
) -> None:
    to_be_recycled(here)
    here.deposit("renvoi.xml", recycled(1))
    here.run()

    night = Night(NOW - timedelta(hours=1), NOW + timedelta(hours=1))
    (account,) = SqlCounts(engine).accounts(night)
    assert (account.invoices, account.integrated, account.invoices_gap) == (2, 2, 0)


def test_an_invoice_whose_copy_was_purged_comes_once(here: Installation, engine: Engine) -> None:
    document = to_be_recycled(here)
    SqlKeeping(engine).dismiss(document.partition("-")[0], NOW)
    here.deposit("renvoi.xml", recycled(1))

    assert here.run() == {}

    assert rejected(here).rule == "CE-UNI-01"
    assert here.life(document).statut is S.A_RECYCLER
