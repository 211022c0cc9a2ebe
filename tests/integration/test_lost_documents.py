"""A document that kills or hangs its worker loses exactly itself, and waits for an operator."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from chorus_edi import bootstrap
from chorus_edi.bootstrap import ExaminerSpec, build_examiner
from chorus_edi.domain.flux import Examination
from chorus_edi.domain.statuses import DocumentState, FluxState
from chorus_edi.pipeline.tasks import Task
from chorus_edi.pipeline.worker import Examine
from tests.crash.conftest import data_folder
from tests.crash.nights import batch

KILLS, HANGS = 41, 151


def fragile(spec: ExaminerSpec) -> Examine:
    """Build the real examiner, with two documents it does not survive."""
    examine = build_examiner(spec)

    def fragile_examine(task: Task) -> Examination:
        if task.entry.rank == KILLS:
            os.kill(os.getpid(), signal.SIGKILL)
        if task.entry.rank == HANGS:
            time.sleep(3600)
        return examine(task)

    return fragile_examine


def test_one_killing_and_one_hanging_document_among_200_lose_exactly_themselves(
    tmp_path: Path,
) -> None:
    folder = data_folder(tmp_path / "data", "")
    with folder.config.open("a", encoding="utf-8") as file:
        file.write("deadline = 3\n")
    inbox = folder.root / "inbox" / "ABC123"
    inbox.mkdir(parents=True)
    (inbox / "lot.tar.gz").write_bytes(batch(200, seed=3))
    settings = bootstrap.load_settings(folder.config)

    summary = bootstrap.run(settings, once=True, examiner=fragile)

    assert summary.incidents == 2
    with bootstrap.open_store(settings) as store:
        (flux,) = store.suivi()
        states = {d.rank: d.state for d in store.documents(flux.numero_flux)}
        findings = {f.rank: f.finding for f in store.findings(flux.numero_flux)}
    assert flux.etat is FluxState.IN_EN_ATTENTE_RETRAITEMENT_CPP
    assert {rank for rank, s in states.items() if s is DocumentState.EN_ATTENTE} == {KILLS, HANGS}
    assert sum(s is DocumentState.INTEGRE for s in states.values()) == 198
    assert {rank: f.found for rank, f in findings.items() if f.rule == "CE-EXAM-01"} == {
        KILLS: "worker",
        HANGS: "deadline",
    }
    delivered = list((folder.root / "outbox").glob("[0-9]*/*/*-[0-9][0-9][0-9][0-9].xml"))
    assert len(delivered) == 198
