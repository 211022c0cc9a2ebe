"""Documents that could not be decided: listed, examined again, or refused by an operator."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from chorus_edi import bootstrap
from chorus_edi.bootstrap import ExaminerSpec, build_examiner
from chorus_edi.domain.flux import Examination, Flux
from chorus_edi.domain.statuses import DocumentState, FluxState
from chorus_edi.errors import ConfigurationError
from chorus_edi.formats.writers import to_plain_pdf
from chorus_edi.pipeline.tasks import Task
from chorus_edi.pipeline.worker import Examine
from chorus_edi.services import attente
from tests.crash.conftest import DataFolder, folder_with_a_lot

KILLS = 2


def fragile(spec: ExaminerSpec) -> Examine:
    """Build the real examiner, with a document it does not survive."""
    examine = build_examiner(spec)

    def fragile_examine(task: Task) -> Examination:
        if task.entry.rank == KILLS:
            os.kill(os.getpid(), signal.SIGKILL)
        return examine(task)

    return fragile_examine


Run = Callable[..., Flux]


@pytest.fixture
def folder(tmp_path: Path, database_url: str) -> DataFolder:
    return folder_with_a_lot(tmp_path / "data", database_url)


@pytest.fixture
def run(folder: DataFolder) -> Run:
    def once(examiner: Callable[[ExaminerSpec], Examine] = build_examiner) -> Flux:
        settings = bootstrap.load_settings(folder.config)
        bootstrap.run(settings, once=True, examiner=examiner)
        with bootstrap.open_store(settings) as store:
            return next(iter(store.suivi()))

    return once


def states(folder: DataFolder, flux: Flux) -> list[DocumentState | None]:
    with bootstrap.open_store(bootstrap.load_settings(folder.config)) as store:
        return [document.state for document in store.documents(flux.numero_flux)]


def test_a_document_that_kills_its_worker_is_listed_with_its_cause(
    folder: DataFolder, run: Run
) -> None:
    flux = run(fragile)

    with bootstrap.open_store(bootstrap.load_settings(folder.config)) as store:
        (row,) = attente.rows(store)
    assert (row["numero_flux"], row["rang"], row["nom"]) == (flux.numero_flux, 2, "002.xml")
    assert row["cause"] == "le processus d'examen a été perdu trois fois"
    assert tuple(row) == attente.COLUMNS


def test_a_resumed_document_is_examined_again_and_its_flow_ends(
    folder: DataFolder, run: Run
) -> None:
    waiting = run(fragile)
    assert waiting.etat is FluxState.IN_EN_ATTENTE_RETRAITEMENT_CPP

    with bootstrap.open_store(bootstrap.load_settings(folder.config)) as store:
        count = attente.resume(store, bootstrap.system_clock(), waiting.numero_flux)
    ended = run()

    assert count == 1
    assert (ended.etat, ended.integrees) == (FluxState.IN_INTEGRE, 3)
    assert states(folder, ended) == [DocumentState.INTEGRE] * 3
    notes = list((folder.root / "outbox").glob("*/*/livraison.json"))
    delivered = list((folder.root / "outbox").glob("[0-9]*/*/*-[0-9][0-9][0-9][0-9].xml"))
    assert (len(delivered), len(notes) > 0) == (3, True)
    assert folder.under_way() == []


def test_a_refused_document_is_told_to_its_sender_and_the_others_stay_integrated(
    folder: DataFolder, run: Run
) -> None:
    waiting = run(fragile)

    with bootstrap.open_store(bootstrap.load_settings(folder.config)) as store:
        attente.refuse(
            store, bootstrap.system_clock(), waiting.numero_flux, "fichier illisible", [KILLS]
        )
    ended = run(fragile)

    assert (ended.etat, ended.integrees, ended.rejetees) == (FluxState.IN_INTEGRE_PARTIEL, 2, 1)
    (report,) = (folder.root / "outbox" / "ABC123").glob("*_compte-rendu.html")
    assert "L&#x27;exploitant a refusé ce document : fichier illisible" in report.read_text("utf-8")
    assert folder.under_way() == []


def test_a_plain_pdf_waits_and_can_be_refused(folder: DataFolder, run: Run) -> None:
    (folder.root / "inbox" / "ABC123" / "lot.tar.gz").unlink()
    (folder.root / "inbox" / "ABC123" / "scan.pdf").write_bytes(to_plain_pdf("Facture"))
    waiting = run()
    with bootstrap.open_store(bootstrap.load_settings(folder.config)) as store:
        (row,) = attente.rows(store)
        attente.refuse(store, bootstrap.system_clock(), waiting.numero_flux, "sans données")

    ended = run()

    assert row["cause"] == "PDF sans données structurées"
    assert ended.etat is FluxState.IN_REJETE


def test_nothing_happens_to_a_flow_that_does_not_wait(folder: DataFolder, run: Run) -> None:
    flux = run()

    with (
        bootstrap.open_store(bootstrap.load_settings(folder.config)) as store,
        pytest.raises(ConfigurationError, match="aucun document"),
    ):
        attente.resume(store, bootstrap.system_clock(), flux.numero_flux)


@pytest.mark.parametrize("reason", ["", "  ", "x" * 501])
def test_a_refusal_needs_a_reason_of_one_sentence(
    folder: DataFolder, run: Run, reason: str
) -> None:
    flux = run(fragile)

    with (
        bootstrap.open_store(bootstrap.load_settings(folder.config)) as store,
        pytest.raises(ConfigurationError, match="une phrase"),
    ):
        attente.refuse(store, bootstrap.system_clock(), flux.numero_flux, reason)


def test_a_flow_that_there_is_none_of_has_nothing_to_resume_or_refuse(
    folder: DataFolder, run: Run
) -> None:
    run()
    with bootstrap.open_store(bootstrap.load_settings(folder.config)) as store:
        with pytest.raises(ConfigurationError, match="NOPE"):
            attente.resume(store, bootstrap.system_clock(), "NOPE")
        with pytest.raises(ConfigurationError, match="NOPE"):
            attente.refuse(store, bootstrap.system_clock(), "NOPE", "Raison.")
