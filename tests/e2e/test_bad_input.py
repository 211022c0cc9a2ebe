"""Bad input: each a refused flow with its official motive, nothing lost, the rest goes on."""

from __future__ import annotations

import hashlib
import random
from pathlib import Path
from typing import NamedTuple

import pytest

from chorus_edi import bootstrap
from chorus_edi.domain.flux import Flux
from chorus_edi.domain.groups import Attachment
from chorus_edi.domain.invoice import SupportingDocument
from chorus_edi.domain.statuses import FluxState
from chorus_edi.formats.writers import to_ubl
from tests.builders import an_invoice, ubl
from tests.crash.conftest import data_folder
from tests.crash.nights import RECIPIENTS
from tests.e2e.hostile import HOSTILE, hostile_files
from tests.e2e.measured_run import run_measured

ATTACHMENT = random.Random(7).randbytes(9_900_000)


class Aftermath(NamedTuple):
    """What a run over the hostile files left."""

    root: Path
    flows: dict[str, Flux]
    deposited: dict[str, str]
    main_kib: int
    worker_kib: int


def deposit(inbox: Path, name: str, content: bytes, hashes: dict[str, str]) -> None:
    (inbox / name).write_bytes(content)
    hashes[name] = hashlib.sha256(content).hexdigest()


def with_attachment() -> bytes:
    """Return an invoice with a legal attachment of 9.9 MB."""
    content = b"%PDF-1.7\n" + ATTACHMENT[9:]
    document = SupportingDocument(
        reference="plan.pdf",
        attachment=Attachment(mime="application/pdf", filename="plan.pdf", name="plan.pdf"),
    )
    invoice = an_invoice(2, recipient=RECIPIENTS[0], supporting_documents=(document,))
    return to_ubl(invoice, {"plan.pdf": content})


@pytest.fixture(scope="module")
def after(tmp_path_factory: pytest.TempPathFactory) -> Aftermath:
    root = tmp_path_factory.mktemp("hostile") / "data"
    folder = data_folder(root, "")
    inbox = root / "inbox" / "PDP777"
    inbox.mkdir(parents=True)
    deposited: dict[str, str] = {}
    deposit(inbox, "00-bonne.xml", ubl(number=1, recipient=RECIPIENTS[0]), deposited)
    for name, content in hostile_files():
        deposit(inbox, name, content, deposited)
    deposit(inbox, "zz-piece-jointe.xml", with_attachment(), deposited)
    own, workers = run_measured(folder.config)
    with bootstrap.open_store(bootstrap.load_settings(folder.config)) as store:
        flows = {flux.nom_fichier: flux for flux in store.suivi()}
    return Aftermath(root, flows, deposited, own, workers)


@pytest.mark.slow
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_becomes_a_refused_flow_with_its_official_motive(
    after: Aftermath, name: str
) -> None:
    flux = after.flows[name]

    assert (flux.etat, flux.motif) == (FluxState.IN_REJETE, HOSTILE[name][0])


@pytest.mark.slow
def test_the_good_files_between_them_go_on(after: Aftermath) -> None:
    assert after.flows["00-bonne.xml"].etat is FluxState.IN_INTEGRE
    assert after.flows["zz-piece-jointe.xml"].etat is FluxState.IN_INTEGRE


@pytest.mark.slow
def test_a_legal_attachment_of_9_9_megabytes_is_delivered_as_a_file(after: Aftermath) -> None:
    delivered = list((after.root / "outbox").rglob("*_PJ01_plan.pdf"))

    assert [p.read_bytes()[9:] for p in delivered] == [ATTACHMENT[9:]]


@pytest.mark.slow
def test_no_file_is_lost_each_lies_byte_for_byte_on_a_shelf(after: Aftermath) -> None:
    shelved = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for shelf in ("archive", "rejets")
        for path in (after.root / "var" / shelf).rglob("*")
        if path.is_file()
    }

    assert shelved == after.deposited
    assert {name: flux.sha256 for name, flux in after.flows.items()} == after.deposited


@pytest.mark.slow
def test_nothing_is_written_outside_the_data_and_outbox_folders(after: Aftermath) -> None:
    names = {p.name for p in after.root.parent.rglob("*evade*")}

    assert names == set()
    assert not Path("/tmp/evade.xml").exists()
    assert {path.name for path in after.root.iterdir()} == {
        "chorus_edi.toml",
        "partenaires.toml",
        "structures.csv",
        "services.csv",
        "inbox",
        "outbox",
        "var",
    }


@pytest.mark.slow
def test_memory_stays_within_its_bounds(after: Aftermath) -> None:
    largest = 100_000_000

    assert after.main_kib <= 300 * 1024
    assert after.worker_kib * 1024 <= 200 * 1024 * 1024 + 10 * largest
