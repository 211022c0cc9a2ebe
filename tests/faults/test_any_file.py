"""Whatever is put into an inbox ends in a recorded verdict, and no name leaves its folder."""

from __future__ import annotations

import gzip
import os
import tarfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chorus_edi import bootstrap
from chorus_edi.adapters.files.names import recorded
from chorus_edi.domain.flux import Flux
from chorus_edi.domain.groups import Attachment
from chorus_edi.domain.invoice import SupportingDocument
from chorus_edi.domain.statuses import FluxState
from chorus_edi.formats.writers import to_ubl
from tests.archives import gzip_of_zeros, member, tar_of, zipped
from tests.builders import an_invoice, cii, ubl
from tests.crash.nights import RECIPIENTS
from tests.faults.nights import Clock, Installation
from tests.properties.test_any_bytes import SEEDS, mutants

UNJUDGED = frozenset(
    {FluxState.IN_RECU, FluxState.IN_EN_COURS_TRAITEMENT_CPP, FluxState.IN_INCIDENTE}
)
"""States that are no verdict."""

CUNNING = (
    "../../../evade.xml", "/tmp/evade.xml", "..", ".", "", "a/../../evade.xml", "..\\evade.xml",
    "C:\\evade.xml", "a\0b.xml", "lot/", "\udce9t\udce9.xml", "-rf", "~", "$(touch evade)",
    "a" * 300, "nul", "livraison.json", ".cache", "a.xml", "a.xml", "A.XML", "été.xml",
    "\U00100000\U0010d800\U0010e000.xml", "e\u0301t\u00e9.xml",
)  # fmt: skip
KINDS = (tarfile.REGTYPE, tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE, tarfile.CHRTYPE,
         tarfile.FIFOTYPE, tarfile.CONTTYPE, b"Z")  # fmt: skip

names = st.sampled_from(CUNNING) | st.text(
    st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60
)


@st.composite
def invoices(draw: st.DrawFn) -> bytes:
    """A sound invoice, perhaps with an attachment whose name is chosen by somebody cunning."""
    number = draw(st.integers(1, 10_000))
    plain = ubl(number=number, recipient=RECIPIENTS[0])
    name = draw(names)
    if not draw(st.booleans()) or not name.isprintable():
        return draw(st.sampled_from([plain, cii(number=number, recipient=RECIPIENTS[0])]))
    attachment = Attachment(mime="application/pdf", filename=name, name=name)
    document = SupportingDocument(reference="1", attachment=attachment)
    invoice = an_invoice(number, recipient=RECIPIENTS[0], supporting_documents=(document,))
    return to_ubl(invoice, {name: b"%PDF-1.7\n%%EOF\n"})


@st.composite
def archives(draw: st.DrawFn, contents: st.SearchStrategy[bytes]) -> bytes:
    """An archive of members of any name and kind."""
    files = draw(st.lists(st.tuples(names, contents), max_size=4))
    if draw(st.booleans()):
        return zipped([(name.encode("utf-8", "replace").decode(), data) for name, data in files])
    members = []
    for name, content in files:
        kind = draw(st.sampled_from(KINDS)) if draw(st.integers(0, 3)) == 0 else tarfile.REGTYPE
        held = content if kind in (tarfile.REGTYPE, tarfile.CONTTYPE) else b""
        members.append((member(name.replace("\0", "\\0"), len(held), kind), held))
    tar = tar_of(members, format=draw(st.sampled_from([tarfile.PAX_FORMAT, tarfile.GNU_FORMAT])))
    # A zero cannot be written into a name, only be there.
    return gzip.compress(tar.replace(b"a\\0b", b"a\0b\0"), 1, mtime=0)


damaged = st.binary(max_size=500) | mutants() | st.sampled_from(SEEDS)
bombs = st.integers(1, 4).map(
    lambda size: gzip_of_zeros(size << 20, member("a.xml", size << 20).tobuf())
)
flat = archives(invoices() | damaged)
contents = invoices() | damaged | flat | archives(flat) | bombs


def _is_left(name: bytes) -> bool:
    """Whether a scan leaves a file of that name where it is, as one still being sent."""
    unfinished = (b".tmp", b".part", b".filepart")
    return (
        b"/" in name or b"\0" in name or name.startswith(b".") or name.lower().endswith(unfinished)
    )


filenames = (st.binary(min_size=1, max_size=255) | names.map(os.fsencode)).filter(
    lambda name: 0 < len(name) <= 255 and not _is_left(name)
)
nights = st.dictionaries(
    filenames, st.tuples(st.sampled_from(["", "PDP777", "ABC123", "ZZZ999"]), contents), max_size=5
)


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    made = Installation(tmp_path_factory.mktemp("any") / "alone" / "data")
    for path in made.inbox.rglob("*"):
        if path.is_file():
            path.unlink()
    return made


@settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(nights)
def test_any_files_end_in_recorded_verdicts_and_their_names_stay_in_their_folders(
    installation: Installation, deposited: dict[bytes, tuple[str, bytes]]
) -> None:
    root = installation.folder.root
    with bootstrap.open_store(installation.settings, create=True) as store:
        before = {flux.numero_flux for flux in store.suivi()}
    for name, (partner, content) in deposited.items():
        path = installation.inbox / partner / os.fsdecode(name)
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)

    assert installation.run(Clock()).delayed == {}

    with bootstrap.open_store(installation.settings) as store:
        flows = [flux for flux in store.suivi() if flux.numero_flux not in before]
        documents = [d for flux in flows for d in store.documents(flux.numero_flux)]
    prefixed = (
        os.fsdecode(n) if not p else f"{p}/{os.fsdecode(n)}" for n, (p, _) in deposited.items()
    )
    assert sorted(flux.chemin for flux in flows) == sorted(map(recorded, prefixed))
    assert not {flux.etat for flux in flows} & UNJUDGED
    refused = [flux for flux in flows if flux.etat is FluxState.IN_REJETE]
    assert all(flux.motif is not None for flux in refused)
    assert all(document.state is not None for document in documents)
    assert installation.folder.under_way() == []
    _nothing_left_its_folder(root, flows)


def _nothing_left_its_folder(root: Path, flows: list[Flux]) -> None:
    places = {"inbox", "outbox", "var"}
    config = {"chorus_edi.toml", "partenaires.toml", "structures.csv", "services.csv"}
    assert {path.name for path in root.parent.iterdir()} == {root.name}
    assert {path.name for path in root.iterdir()} == places | config
    assert not Path("/tmp/evade.xml").exists()
    assert not any(path.is_symlink() for path in root.rglob("*"))
    kept = {path.parent.name for path in (root / "var").glob("[ar]*/*/*/*/*/*") if path.is_file()}
    assert {flux.numero_flux for flux in flows} <= kept
    for path in (root / "outbox").rglob("*"):
        assert len(path.relative_to(root / "outbox").parts) <= 3
