"""What is delivered after the deposit: by whole runs, on real files."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from chorus_edi import bootstrap
from chorus_edi.bootstrap import ExaminerSpec
from chorus_edi.domain.actors import Actor, Identity
from chorus_edi.domain.delays import tacit_at
from chorus_edi.domain.flux import Examination
from chorus_edi.domain.lifecycle import Event
from chorus_edi.domain.lives import Life
from chorus_edi.domain.motives import Motive
from chorus_edi.domain.orders import AnswerCode
from chorus_edi.domain.processing_motives import ProcessingMotive as M
from chorus_edi.domain.statuses import FluxState, InvoiceStatus
from chorus_edi.formats.writers import to_cii
from chorus_edi.pipeline.tasks import Task
from chorus_edi.services import facture_detail, lives
from chorus_edi.services.nights import tar_gz
from chorus_edi.services.specimens import Style, specimen
from chorus_edi.services.whole_life import demand
from tests.crash.conftest import DataFolder, data_folder
from tests.crash.nights import RECIPIENTS
from tests.crash.one_run import StandingClock

S = InvoiceStatus
NOW = StandingClock().now()
RECIPIENT = next(one for one in RECIPIENTS if not one.code_service and not one.engagement)
ELSEWHERE = next(one for one in RECIPIENTS if one.siret != RECIPIENT.siret and one.code_service)


class Clock:
    """A clock that a test sets."""

    def __init__(self, at: datetime = NOW) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at


class Installation:
    """An installation whose runs and orders happen at a set time."""

    def __init__(self, folder: DataFolder) -> None:
        self.folder = folder
        self.settings = bootstrap.load_settings(folder.config)
        self.clock = Clock()

    def deposit(self, name: str, content: bytes) -> None:
        inbox = self.folder.root / "inbox" / "ABC123"
        inbox.mkdir(parents=True, exist_ok=True)
        (inbox / name).write_bytes(content)

    def run(self) -> Mapping[str, str]:
        summary = bootstrap.run(self.settings, once=True, clock=self.clock)
        return {**summary.delayed, **summary.undelivered}

    @contextmanager
    def desk(self) -> Iterator[lives.Desk]:
        with bootstrap.open_desk(self.settings, self.clock) as desk:
            yield desk

    def life(self, document: str) -> Life:
        with self.desk() as desk:
            life = desk.lives.life(document)
        assert life is not None
        return life

    def outbox(self, pattern: str) -> dict[str, bytes]:
        root = self.folder.root / "outbox"
        found = (path for path in sorted(root.glob(pattern)) if path.is_file())
        return {str(path.relative_to(root)): path.read_bytes() for path in found}


@pytest.fixture
def here(tmp_path: Path, database_url: str) -> Installation:
    return Installation(data_folder(tmp_path / "data", database_url, workers=1))


def plain(number: int) -> bytes:
    """Return an invoice of the historic circuit that goes to its recipient at once."""
    made = specimen(number, [RECIPIENT], style=Style.HISTORIC_CII, plain=True)
    return to_cii(made.invoice, made.files)


def deposited(here: Installation, **files: bytes) -> list[str]:
    """Deposit files and run; return the ids of the invoices."""
    for name, content in files.items():
        here.deposit(f"{name}.xml", content)
    assert here.run() == {}
    with here.desk() as desk:
        return [invoice.id for invoice in desk.store.factures()]


def note(files: Mapping[str, bytes]) -> Any:
    (content,) = (c for name, c in files.items() if name.endswith("livraison.json"))
    return json.loads(content)


def test_a_demand_reaches_its_recipient_once_it_is_approved(here: Installation) -> None:
    (document,) = deposited(here, a9=demand(1, [RECIPIENT]))
    assert here.outbox("[0-9]*/**/*") == {}
    assert here.life(document).statut is S.A_VALIDER_1

    with here.desk() as desk:
        lives.validate(desk, document, None, comment="Bon pour paiement.")
    assert here.run() == {}

    files = here.outbox("[0-9]*/**/*")
    told = note(files)
    assert here.life(document).statut is S.MISE_A_DISPOSITION
    assert len(files) == 2
    assert demand(1, [RECIPIENT]) in files.values()
    assert told["nature"] == "validation"
    assert [one["statut"] for one in told["validation"]] == ["VALIDEE_1"]
    assert told["validation"][0]["commentaire"] == "Bon pour paiement."
    here.run()
    assert here.outbox("[0-9]*/**/*") == files
    assert not any((here.folder.root / "var/work").iterdir())


def test_a_refused_subcontractor_is_delivered_with_the_answer_and_a_co_contractor_is_not(
    here: Installation,
) -> None:
    a9, a12 = deposited(here, a9=demand(1, [RECIPIENT]), b12=demand(2, [RECIPIENT], cadre="A12"))

    with here.desk() as desk:
        for document in (a9, a12):
            answer = lives.decline(desk, document, None, M.MONTANT_ERR, comment="Trop cher.")
            assert answer.code is AnswerCode.FAIT
    here.run()

    told = note(here.outbox("[0-9]*/**/*"))
    assert told["facture"]["id"] == a9
    assert told["validation"][0]["motif"] == "MONTANT_ERR"
    assert here.life(a9).statut is S.MISE_A_DISPOSITION
    assert here.life(a12).statut is S.REFUSEE_1


def test_a_run_settles_what_is_overdue_and_so_does_the_task(here: Installation) -> None:
    first, second = deposited(here, a=demand(1, [RECIPIENT]), b=demand(2, [RECIPIENT], cadre="A12"))
    here.clock.at = tacit_at(NOW) - timedelta(seconds=1)
    assert bootstrap.tacit(here.settings, here.clock) == "Aucune validation tacite."

    here.clock.at = tacit_at(NOW)
    assert bootstrap.tacit(here.settings, here.clock).startswith("2 ")
    here.run()

    for document in (first, second):
        life = here.life(document)
        assert life.statut is S.MISE_A_DISPOSITION
        assert S.ABSENCE_VALIDATION_1_HORS_DELAI in [event.statut for event in life.history]


def test_a_run_alone_settles_what_is_overdue(here: Installation) -> None:
    (document,) = deposited(here, a=demand(1, [RECIPIENT]))
    here.clock.at = tacit_at(NOW)

    here.run()

    assert here.life(document).statut is S.MISE_A_DISPOSITION


def suspended(here: Installation, number: int = 1) -> str:
    (document,) = deposited(here, facture=plain(number))
    with here.desk() as desk:
        lives.set_status(
            desk, document, S.SUSPENDUE, Identity(Actor.DESTINATAIRE, RECIPIENT.siret),
            motif=M.JUSTIF_ABS,
        )  # fmt: skip
    return document


def test_pieces_that_complete_an_invoice_reach_its_recipient(here: Installation) -> None:
    document = suspended(here)
    files = {"bon.pdf": b"%PDF-1.4 bon", "détail.csv": b"a;b\n1;2\n"}

    with here.desk() as desk:
        answer = lives.complete(desk, document, None, files, comment="Voici.")
        again = lives.complete(desk, document, None, files, comment="Voici.")
    here.run()

    sent = here.outbox(f"{RECIPIENT.siret}/*/*-complement/*")
    told = note(sent)
    assert (answer.code, again.code) == (AnswerCode.FAIT, AnswerCode.DEJA_FAIT)
    assert {*files.values()} <= {*sent.values()}
    assert (told["commentaire"], len(told["fichiers"])) == ("Voici.", 2)
    assert {Path(name).name for name in sent} == {
        f"{document}_CPL01_bon.pdf",
        f"{document}_CPL02_détail.csv",
        "livraison.json",
    }
    assert here.life(document).statut is S.COMPLETEE


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("vide.pdf", b""),
        ("programme.exe", b"MZ"),
        ("faux.pdf", b"\x00\x01\x02"),
        (f"{'x' * 50}.pdf", b"%PDF-1.4"),
        ("sans-extension", b"%PDF-1.4"),
    ],
)
def test_a_piece_that_cannot_be_taken_is_refused_and_nothing_is_stored(
    here: Installation, name: str, content: bytes
) -> None:
    document = suspended(here)

    with here.desk() as desk:
        answer = lives.complete(desk, document, None, {name: content})
        requests = desk.lives.requests(document)

    assert answer.code is AnswerCode.PIECE_NON_ADMISE
    assert requests[-1].code is AnswerCode.PIECE_NON_ADMISE
    assert here.life(document).statut is S.SUSPENDUE
    assert not (here.folder.root / "var/complements").exists()


def test_a_piece_for_an_invoice_that_is_not_suspended_is_not_kept(here: Installation) -> None:
    (document,) = deposited(here, facture=plain(1))

    with here.desk() as desk:
        answer = lives.complete(desk, document, None, {"bon.pdf": b"%PDF-1.4"})

    assert answer.code is AnswerCode.TRANSITION_INTERDITE
    assert not (here.folder.root / "var/complements").exists()


def test_a_recycled_invoice_goes_with_its_pieces_to_its_new_recipient(here: Installation) -> None:
    document = suspended(here)
    first = Identity(Actor.DESTINATAIRE, RECIPIENT.siret)
    with here.desk() as desk:
        lives.complete(desk, document, None, {"bon.pdf": b"%PDF-1.4"})
        lives.set_status(desk, document, S.A_RECYCLER, first, motif=M.SE_ERR)
        answer = lives.recycle(
            desk, document, None, recipient=ELSEWHERE.siret, code_service=ELSEWHERE.code_service,
            engagement="4500001",
        )  # fmt: skip
    assert answer.code is AnswerCode.FAIT, answer
    here.run()

    sent = here.outbox(f"{ELSEWHERE.siret}/*/*-recyclage/*")
    told = note(sent)
    assert told["facture"]["destinataire"] == ELSEWHERE.siret
    assert told["facture"]["numero_facture"] == here.life(document).summary.number
    assert told["routage_initial"]["destinataire"] == RECIPIENT.siret
    assert plain(1) in sent.values()
    assert b"%PDF-1.4" in sent.values()
    assert here.life(document).statut is S.MISE_A_DISPOSITION
    with here.desk() as desk:
        denied = lives.set_status(desk, document, S.MANDATEE, first)
        paid = lives.set_status(
            desk, document, S.MANDATEE, Identity(Actor.DESTINATAIRE, ELSEWHERE.siret)
        )
    assert (denied.code, paid.code) == (AnswerCode.SANS_DROIT, AnswerCode.FAIT)


@pytest.mark.parametrize(
    ("routing", "rule"),
    [
        ({"recipient": "13000000000016"}, "CE-DEST-03"),
        ({"recipient": "sans chiffres"}, "CE-DEST-02"),
        ({"recipient": ""}, "CE-DEST-01"),
        ({"recipient": ELSEWHERE.siret, "code_service": "INCONNU"}, "CE-SERV-02"),
    ],
)
def test_recycling_to_where_no_deposit_may_go_is_refused_with_the_rule(
    here: Installation, routing: dict[str, str], rule: str
) -> None:
    (document,) = deposited(here, facture=plain(1))
    with here.desk() as desk:
        first = Identity(Actor.DESTINATAIRE, RECIPIENT.siret)
        lives.set_status(desk, document, S.A_RECYCLER, first, motif=M.SE_ERR)
        before = desk.lives.life(document)

        answer = lives.recycle(desk, document, None, **routing)

        assert answer.code is AnswerCode.ROUTAGE_NON_ADMIS
        assert rule in answer.label.fr
        assert desk.lives.life(document) == before


def recycled(number: int, **changes: Any) -> bytes:
    """Return the same invoice for somebody else, under the same number."""
    made = specimen(number, [RECIPIENT], style=Style.HISTORIC_CII, plain=True).invoice
    other = specimen(number, [ELSEWHERE], style=Style.HISTORIC_CII, plain=True).invoice
    assert made.buyer is not None
    assert other.buyer is not None
    buyer = replace(made.buyer, legal_registration=other.buyer.legal_registration)
    routed = replace(
        made, buyer=buyer, buyer_reference=ELSEWHERE.code_service, purchase_order="4500001"
    )
    return to_cii(replace(routed, **changes))


def to_be_recycled(here: Installation) -> str:
    (document,) = deposited(here, facture=plain(1))
    with here.desk() as desk:
        first = Identity(Actor.DESTINATAIRE, RECIPIENT.siret)
        lives.set_status(desk, document, S.A_RECYCLER, first, motif=M.SE_ERR)
    return document


def test_the_same_invoice_sent_elsewhere_by_edi_continues_the_first(here: Installation) -> None:
    document = to_be_recycled(here)

    here.deposit("renvoi.xml", recycled(1))
    assert here.run() == {}

    life = here.life(document)
    assert [event.event for event in life.history][2:] == [
        Event.DELIVERED,
        Event.RECYCLING_ASKED,
        Event.RECYCLED,
        Event.ROUTED,
        Event.DELIVERED,
    ]
    assert life.statut is S.MISE_A_DISPOSITION
    assert life.routing.recipient == ELSEWHERE.siret
    with here.desk() as desk:
        assert [invoice.id for invoice in desk.store.factures()] == [document]
        assert {flux.etat for flux in desk.store.suivi()} == {FluxState.IN_INTEGRE}
        assert "Renvoyée par le flux" in desk.lives.requests(document)[-1].order.comment
    sent = here.outbox(f"{ELSEWHERE.siret}/*/*-recyclage/*")
    assert recycled(1) in sent.values()
    assert note(sent)["facture"]["id"] == document
    assert here.run() == {}
    assert here.outbox(f"{ELSEWHERE.siret}/**/*") == sent
    here.deposit("encore.xml", recycled(1, payment_terms="À trente jours"))
    here.run()
    assert [one["state"] for one in documents(here)][-1] == "REJETE"


def test_another_invoice_under_the_number_to_be_recycled_is_told_what_it_changes(
    here: Installation,
) -> None:
    document = to_be_recycled(here)

    here.deposit("renvoi.xml", recycled(1, payment_terms="À la saint-glinglin"))
    here.run()

    assert here.life(document).statut is S.A_RECYCLER
    with here.desk() as desk:
        (rejected,) = desk.store.rejets()
    assert rejected.motive is Motive.REJ_UNI
    assert rejected.finding.rule == "CE-UNI-02"
    assert rejected.finding.terms == ("BT-20",)
    assert "BT-20 Conditions de paiement" in rejected.finding.message.fr
    assert document.partition("-")[0] in rejected.finding.message.fr


def test_an_invoice_that_comes_again_unchanged_is_a_duplicate(here: Installation) -> None:
    document = to_be_recycled(here)

    here.deposit("renvoi.xml", plain(1) + b"\n")
    here.run()

    assert here.life(document).statut is S.A_RECYCLER
    with here.desk() as desk:
        (rejected,) = desk.store.rejets()
        refusals = [request.code for request in desk.lives.requests(document)]
    assert "a déjà été déposée" in rejected.finding.message.fr
    assert refusals[-1] is AnswerCode.ROUTAGE_NON_ADMIS


def documents(here: Installation) -> list[dict[str, str]]:
    """Return what became of every document, in the order of claims."""
    with here.desk() as desk:
        flows = reversed(list(desk.store.suivi()))
        rows = (row for flux in flows for row in desk.store.documents(flux.numero_flux))
        return [{"id": row.id, "state": str(row.state)} for row in rows]


def test_a_piece_that_was_lost_makes_its_delivery_wait_and_nothing_else(
    here: Installation,
) -> None:
    document = suspended(here)
    with here.desk() as desk:
        lives.complete(desk, document, None, {"bon.pdf": b"%PDF-1.4"})
    (kept,) = (here.folder.root / "var/complements").rglob("*.pdf")
    content = kept.read_bytes()
    kept.unlink()

    here.deposit("autre.xml", plain(2))
    delayed = here.run()

    assert list(delayed) == [document[:25]]
    assert "rétablissez-la" in delayed[document[:25]]
    with here.desk() as desk:
        assert {flux.etat for flux in desk.store.suivi()} == {FluxState.IN_INTEGRE}
        assert len(list(desk.store.factures())) == 2
    told = [remark.found for remark in bootstrap.doctor(here.settings, dry_run=True)]
    assert any("Livraison à faire (complement)" in found for found in told)
    kept.write_bytes(content)
    assert here.run() == {}
    assert bootstrap.doctor(here.settings, dry_run=True) == []
    assert len(here.outbox("[0-9]*/*/*-complement/*")) == 2


def test_a_worker_that_dies_of_an_invoice_makes_its_delivery_wait_for_the_next_run(
    here: Installation,
) -> None:
    (document,) = deposited(here, a9=demand(1, [RECIPIENT]))
    with here.desk() as desk:
        lives.validate(desk, document, None)

    summary = bootstrap.run(here.settings, once=True, clock=here.clock, examiner=deadly)
    delayed = summary.undelivered

    assert "n'a pas pu être relu" in delayed[document[:25]]
    assert here.life(document).statut is S.EN_COURS_ACHEMINEMENT
    assert here.run() == {}
    assert here.life(document).statut is S.MISE_A_DISPOSITION


def deadly(_: ExaminerSpec) -> Callable[[Task], Examination]:
    """Build an examiner that kills its worker."""

    def die(task: Task) -> Examination:
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError(task)

    return die


def test_one_of_many_invoices_of_an_archive_is_delivered_alone(here: Installation) -> None:
    files = {f"{n}.xml": demand(n, [RECIPIENT]) for n in range(1, 6)}
    here.deposit("lot.tar.gz", tar_gz(files))
    here.run()
    with here.desk() as desk:
        documents = [invoice.id for invoice in desk.store.factures()]
        lives.validate(desk, documents[2], None)
    here.run()

    sent = here.outbox("[0-9]*/**/*")
    assert files["3.xml"] in sent.values()
    assert len(sent) == 2
    assert [here.life(one).statut for one in documents].count(S.A_VALIDER_1) == 4


def test_everything_of_an_invoice_is_shown(here: Installation) -> None:
    (document,) = deposited(here, a9=demand(1, [RECIPIENT]))
    with here.desk() as desk:
        lives.validate(desk, document, None)
    here.run()

    with here.desk() as desk:
        detail = facture_detail.detail(desk, document)
        assert facture_detail.detail(desk, "x-0001") is None
        possible = facture_detail.possible_rows(desk, document, None)

    assert detail is not None
    assert detail.facture["statut"] == "MISE_A_DISPOSITION"
    assert [row["statut"] for row in detail.events][-2:] == [
        "EN_COURS_ACHEMINEMENT",
        "MISE_A_DISPOSITION",
    ]
    assert [row["reponse"] for row in detail.orders] == ["FAIT"]
    assert [str(row["chemin"]).split("/")[0] for row in detail.files] == [RECIPIENT.siret]
    assert possible
    assert {row["statut"] for row in possible} >= {"SUSPENDUE", "MISE_EN_PAIEMENT"}
