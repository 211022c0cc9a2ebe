"""A run over documents of up to 1 MB stays within the memory that an operator plans for."""

from __future__ import annotations

import io
import random
import tarfile
from pathlib import Path

import pytest

from chorus_edi import bootstrap
from chorus_edi.domain.groups import Attachment
from chorus_edi.domain.invoice import SupportingDocument
from chorus_edi.domain.statuses import FluxState
from chorus_edi.formats.writers import to_ubl
from tests.builders import an_invoice
from tests.crash.conftest import data_folder
from tests.crash.nights import RECIPIENTS, batch
from tests.e2e.measured_run import run_measured

MIB = 1024
LARGEST = 1_000_000


def with_attachment(size: int, number: int = 900) -> bytes:
    """Return an invoice with an attachment of so many bytes."""
    content = b"%PDF-1.7\n" + random.Random(11).randbytes(size)
    document = SupportingDocument(
        reference="plan.pdf",
        attachment=Attachment(mime="application/pdf", filename="plan.pdf", name="plan.pdf"),
    )
    invoice = an_invoice(number, recipient=RECIPIENTS[0], supporting_documents=(document,))
    return to_ubl(invoice, {"plan.pdf": content})


@pytest.mark.slow
def test_a_worker_stays_below_200_and_the_main_process_below_300_megabytes(tmp_path: Path) -> None:
    folder = data_folder(tmp_path / "data", "")
    inbox = folder.root / "inbox" / "PDP777"
    inbox.mkdir(parents=True)
    large = with_attachment(700_000)
    (inbox / "grande.xml").write_bytes(large)
    (inbox / "lot.tar.gz").write_bytes(batch(500, seed=21, wrong=250))
    (inbox / "irrecevable.tar.gz").write_bytes(batch(20, seed=22, broken=20))

    main_kib, worker_kib = run_measured(folder.config)

    assert 0.9 * LARGEST < len(large) <= LARGEST
    assert main_kib <= 300 * MIB
    assert worker_kib <= 200 * MIB
    assert folder.under_way() == []


@pytest.mark.heavy
def test_a_flow_of_nearly_a_gigabyte_is_integrated_in_bounded_memory(tmp_path: Path) -> None:
    folder = data_folder(tmp_path / "data", "")
    inbox = folder.root / "inbox" / "PDP777"
    inbox.mkdir(parents=True)
    size = 0
    with tarfile.open(inbox / "lot.tar.gz", "w:gz", compresslevel=1) as lot:
        for number in range(1, 113):
            content = with_attachment(7_000_000, number)
            member = tarfile.TarInfo(f"{number}.xml")
            member.size = len(content)
            size += len(content)
            lot.addfile(member, io.BytesIO(content))

    main_kib, worker_kib = run_measured(folder.config)

    assert 0.97 * 2**30 < size <= 2**30
    assert main_kib <= 300 * MIB
    assert worker_kib <= 300 * MIB
    with bootstrap.open_store(bootstrap.load_settings(folder.config)) as store:
        (flux,) = store.suivi()
    assert (flux.etat, flux.integrees) == (FluxState.IN_INTEGRE, 112)
