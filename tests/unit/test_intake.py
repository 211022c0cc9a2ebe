"""Claimed flows are read: what is refused unopened, what is handed out, what has vanished."""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Sequence
from datetime import UTC, date, datetime
from io import BufferedReader
from pathlib import Path
from typing import Any

import msgspec
import pytest

from chorus_edi.adapters.antivirus import NoAntivirus
from chorus_edi.domain.flux import (
    Arrival,
    DocumentEntry,
    DocumentRow,
    Flux,
    FluxEvent,
    Intent,
)
from chorus_edi.domain.interfaces import Format
from chorus_edi.domain.motives import Motive
from chorus_edi.domain.partners import Arriving, Completeness, Mode, Partner
from chorus_edi.domain.scenarios import Circuit
from chorus_edi.domain.statuses import DocumentState, FluxState
from chorus_edi.errors import Defect, Delayed, Incident
from chorus_edi.formats.archive import Limits
from chorus_edi.pipeline.closing import Closing
from chorus_edi.pipeline.intake import FlowRead, Intake
from chorus_edi.pipeline.tasks import CHUNK_BYTES, Chunk, Mark, Task
from chorus_edi.ports import Scan
from chorus_edi.stages.envelope import judge_virus
from tests.archives import tar_gz
from tests.unit import night

AT = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)
EARLIER = datetime(2026, 11, 19, tzinfo=UTC)
CONTENT = b"<Invoice/>"
SIRET = "99990001200017"
PARTNERS = {
    "AAA999": Partner(
        code="AAA999", name="Éditeur", default_circuit=Circuit.AFNOR, free_names=True
    ),
    "BBB999": Partner(code="BBB999", name="Autre", free_names=True),
    "DDD999": Partner(
        code="DDD999",
        name="Témoin",
        free_names=True,
        arriving=Arriving(rule=Completeness.DONE_FILE),
    ),
    "MMM999": Partner(
        code="MMM999",
        name="Manifeste",
        free_names=True,
        arriving=Arriving(rule=Completeness.MANIFEST),
    ),
    "QQQ999": Partner(
        code="QQQ999", name="Essai", free_names=True, mode=Mode.QUALIFICATION, sirets=(SIRET,)
    ),
}
TERMS: Any = {"partners": PARTNERS, "limits": Limits(), "antivirus": NoAntivirus()}
FLUX = msgspec.structs.replace(night.FLUX, nom_fichier="flux.xml", etat=FluxState.IN_RECU)
AGAIN = msgspec.structs.replace(
    FLUX,
    numero_flux="CPP0010000000000000000002",
    sequence=2,
    premier_flux=FLUX.numero_flux,
)


class StandingClock:
    def now(self) -> datetime:
        return AT


class MemoryStore:
    """The verbs of the store that reading a flow uses, over rows in memory."""

    def __init__(self, *fluxes: Flux) -> None:
        self.fluxes = {flux.numero_flux: flux for flux in fluxes}
        self.known: dict[str, Sequence[DocumentRow]] = {}
        self.pending: list[Intent] = []
        self.history: list[FluxEvent] = []
        self.same: dict[str, Sequence[Flux]] = {}
        self.registered: list[dict[str, Any]] = []
        self.closed: list[dict[str, Any]] = []
        self.claimed: list[tuple[Sequence[Arrival], datetime]] = []

    def claim(self, arrivals: Sequence[Arrival], at: datetime) -> Sequence[Flux]:
        self.claimed.append((arrivals, at))
        return list(self.fluxes.values())

    def flux(self, numero_flux: str) -> Flux | None:
        return self.fluxes.get(numero_flux)

    def repeated(self, flux: Flux, sha256: str) -> Sequence[Flux]:
        held = [self.fluxes[flux.premier_flux]] if flux.premier_flux else []
        return [*held, *self.same.get(sha256, ())]

    def documents(self, numero_flux: str) -> Sequence[DocumentRow]:
        return self.known.get(numero_flux, ())

    def events(self, _: str) -> Sequence[FluxEvent]:
        return self.history

    def intents(self, numero_flux: str, *, pending: bool = False) -> Sequence[Intent]:
        owned = [intent for intent in self.pending if intent.numero_flux == numero_flux]
        return [intent for intent in owned if not (pending and intent.delivered)]

    def register(self, numero_flux: str, **values: Any) -> None:
        self.registered.append({"numero_flux": numero_flux, **values})

    def close(self, numero_flux: str, **values: Any) -> None:
        self.closed.append({"numero_flux": numero_flux, **values})


class WorkFiles:
    """Stored copies in one folder, by flow number; what is not there has vanished."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def take(self, flux: Flux) -> bool:
        return Path(self.path(flux)).exists()

    def path(self, flux: Flux) -> str:
        return str(self.root / flux.numero_flux)

    def witness(self, flux: Flux) -> bytes | None:
        path = Path(f"{self.path(flux)}.temoin")
        return path.read_bytes() if path.exists() else None

    def scratch(self, flux: Flux) -> str:
        return str(self.root / f"{flux.numero_flux}-scratch")

    def open(self, flux: Flux) -> BufferedReader:
        return Path(self.path(flux)).open("rb")


@pytest.fixture
def files(tmp_path: Path) -> WorkFiles:
    return WorkFiles(tmp_path)


def documents(
    store: MemoryStore,
    files: WorkFiles,
    flux: Flux,
    content: bytes | None = CONTENT,
    **terms: Any,
) -> tuple[list[Task], FlowRead]:
    """Read a claimed flow to its end: the tasks handed out, and the closing mark."""
    if content is not None:
        Path(files.path(flux)).write_bytes(content)
    intake: Any = Intake
    *chunks, mark = intake(store, files, StandingClock(), **{**TERMS, **terms}).documents(flux)
    assert isinstance(mark, Mark)
    assert isinstance(mark.value, FlowRead)
    assert all(isinstance(chunk, Chunk) for chunk in chunks)
    return [task for chunk in chunks for task in chunk.tasks], mark.value


def entry(rank: int, name: str, content: bytes) -> DocumentEntry:
    sha256 = hashlib.sha256(content).hexdigest()
    return DocumentEntry(rank=rank, name=name, size=len(content), sha256=sha256)


def test_arrivals_are_claimed_together_at_one_time(files: WorkFiles) -> None:
    store = MemoryStore(FLUX)
    arrivals = [Arrival(partner="AAA999", filename="flux.xml", path="flux.xml")]
    intake: Any = Intake

    fluxes = intake(store, files, StandingClock(), **TERMS).claim(arrivals)

    assert fluxes == [FLUX]
    assert store.claimed == [(arrivals, AT)]


def test_a_flow_hands_out_its_document_with_what_its_examination_needs(files: WorkFiles) -> None:
    tasks, read = documents(MemoryStore(FLUX), files, FLUX)

    assert read == FlowRead(flux=FLUX, scratch=files.scratch(FLUX))
    assert tasks == [
        Task(
            flux=FLUX.numero_flux,
            entry=entry(1, "flux.xml", CONTENT),
            deposited=date(2026, 11, 21),
            data=CONTENT,
            interface="FSO1116A",
            default_circuit=Circuit.AFNOR,
            partner="AAA999",
            formats=frozenset({Format.CII}),
            stage=files.scratch(FLUX),
        )
    ]


def test_a_flow_is_registered_with_its_own_hash_and_all_its_documents(files: WorkFiles) -> None:
    store = MemoryStore(FLUX)
    archive = tar_gz([("a.xml", CONTENT), ("b.xml", b"<CreditNote/>")])

    documents(store, files, FLUX, archive)

    assert store.registered == [
        {
            "numero_flux": FLUX.numero_flux,
            "sha256": hashlib.sha256(archive).hexdigest(),
            "size": len(archive),
            "documents": [entry(1, "a.xml", CONTENT), entry(2, "b.xml", b"<CreditNote/>")],
            "first": None,
            "detail": "Antivirus : aucun n'est configuré.",
            "at": AT,
        }
    ]


def test_a_large_file_is_handed_out_by_its_path(files: WorkFiles) -> None:
    (task,), _ = documents(MemoryStore(FLUX), files, FLUX, b" " * (CHUNK_BYTES + 1))

    assert (task.data, task.path) == (None, os.fsencode(files.path(FLUX)))


def test_what_was_promised_before_a_crash_is_staged_whatever_the_verdict(files: WorkFiles) -> None:
    store = MemoryStore(FLUX)
    store.pending = [
        Intent(
            numero_flux=FLUX.numero_flux, rank=2, path="218/b", kind="original", size=1, sha256=""
        )
    ]

    tasks, _ = documents(store, files, FLUX, tar_gz([("a.xml", CONTENT), ("b.xml", CONTENT)]))

    assert [task.stage_always for task in tasks] == [False, True]


def test_a_faulty_archive_counts_no_document_and_is_registered_all_the_same(
    files: WorkFiles,
) -> None:
    store = MemoryStore(FLUX)

    _, read = documents(store, files, FLUX, tar_gz([("a.xml", CONTENT), ("../b", CONTENT)]))

    assert [finding.motive for finding in read.findings] == [Motive.IRR_NOM_F]
    assert store.registered[0]["documents"] == []


def test_a_flow_under_an_unknown_code_is_refused_unopened(files: WorkFiles) -> None:
    flux = msgspec.structs.replace(FLUX, emetteur="ZZZ999")
    store = MemoryStore(flux)

    tasks, read = documents(store, files, flux, b"\x1f\x8bbroken")

    (finding,) = read.findings
    assert tasks == []
    assert (finding.motive, finding.found, finding.fatal) == (Motive.IRR_CODE_APP, "ZZZ999", True)
    assert store.registered[0]["size"] == 8


@pytest.mark.parametrize(
    "etat",
    [
        FluxState.IN_RECU,
        FluxState.IN_EN_COURS_TRAITEMENT_CPP,
        FluxState.IN_INTEGRE,
        FluxState.IN_EN_ATTENTE_RETRAITEMENT_CPP,
    ],
)
def test_a_flow_number_sent_again_is_refused_with_the_number_of_the_first(
    files: WorkFiles, etat: FluxState
) -> None:
    store = MemoryStore(msgspec.structs.replace(FLUX, etat=etat), AGAIN)

    tasks, read = documents(store, files, AGAIN)

    (finding,) = read.findings
    assert tasks == []
    assert (finding.motive, finding.found) == (Motive.IRR_UNICITE, FLUX.numero_flux)
    assert store.registered[0]["first"] == FLUX.numero_flux


@pytest.mark.parametrize(
    "etat", [FluxState.IN_REJETE, FluxState.IN_INTEGRE_PARTIEL, FluxState.IN_INCIDENTE]
)
def test_a_flow_number_sent_again_after_a_refusal_is_examined_anew(
    files: WorkFiles, etat: FluxState
) -> None:
    store = MemoryStore(msgspec.structs.replace(FLUX, etat=etat, date_etat=EARLIER), AGAIN)

    tasks, read = documents(store, files, AGAIN)

    assert read.findings == ()
    assert [task.flux for task in tasks] == [AGAIN.numero_flux]


def test_a_flow_number_sent_again_before_the_first_was_refused_is_refused_whenever_it_is_read(
    files: WorkFiles,
) -> None:
    store = MemoryStore(msgspec.structs.replace(FLUX, etat=FluxState.IN_REJETE, date_etat=AT))
    again = msgspec.structs.replace(AGAIN, date_depot=EARLIER)
    store.fluxes[again.numero_flux] = again

    tasks, read = documents(store, files, again)

    assert tasks == []
    assert [finding.motive for finding in read.findings] == [Motive.IRR_UNICITE]


def test_the_same_bytes_under_another_name_are_the_same_flow(files: WorkFiles) -> None:
    store = MemoryStore(FLUX)
    first = msgspec.structs.replace(AGAIN, etat=FluxState.IN_INTEGRE, premier_flux=None)
    store.same = {hashlib.sha256(CONTENT).hexdigest(): [first]}

    tasks, read = documents(store, files, FLUX)

    (finding,) = read.findings
    assert tasks == []
    assert (finding.motive, finding.found) == (Motive.IRR_UNICITE, first.numero_flux)
    assert store.registered[0]["first"] == first.numero_flux


def test_the_same_bytes_as_a_refused_flow_are_examined_anew_and_linked_to_it(
    files: WorkFiles,
) -> None:
    store = MemoryStore(FLUX)
    first = msgspec.structs.replace(
        AGAIN, etat=FluxState.IN_INTEGRE_PARTIEL, premier_flux=None, date_etat=EARLIER
    )
    store.same = {hashlib.sha256(CONTENT).hexdigest(): [first]}

    tasks, read = documents(store, files, FLUX)

    assert (len(tasks), read.findings) == (1, ())
    assert store.registered[0]["first"] == first.numero_flux


def test_in_qualification_nothing_is_made_ready_for_a_recipient(files: WorkFiles) -> None:
    flux = msgspec.structs.replace(FLUX, emetteur="QQQ999", mode=Mode.QUALIFICATION)

    (task,), _ = documents(MemoryStore(flux), files, flux)

    assert (task.stage, task.senders) == (None, (SIRET,))


MANIFEST = f"{hashlib.sha256(CONTENT).hexdigest()} {len(CONTENT)} flux.xml\n".encode()


@pytest.mark.parametrize(
    ("partner", "witness", "faults"),
    [
        ("DDD999", b"", []),
        ("DDD999", None, ["CE-FLUX-11"]),
        ("MMM999", MANIFEST, []),
        ("MMM999", MANIFEST.upper(), []),
        ("MMM999", MANIFEST.replace(b" 10 ", b" 11 "), ["CE-FLUX-12"]),
        ("MMM999", b"\xff", ["CE-FLUX-12"]),
        ("MMM999", b"", ["CE-FLUX-12"]),
        ("MMM999", None, ["CE-FLUX-11"]),
        ("AAA999", None, []),
    ],
)
def test_a_file_that_was_not_declared_whole_as_agreed_is_refused(
    files: WorkFiles, partner: str, witness: bytes | None, faults: list[str]
) -> None:
    flux = msgspec.structs.replace(FLUX, emetteur=partner)
    if witness is not None:
        Path(f"{files.path(flux)}.temoin").write_bytes(witness)

    _, read = documents(MemoryStore(flux), files, flux)

    assert [finding.rule for finding in read.findings] == faults


class FailingFiles(WorkFiles):
    """Stored copies that cannot be read, for the reason given."""

    def __init__(self, root: Path, error: Exception) -> None:
        super().__init__(root)
        self._error = error

    def open(self, _: Flux) -> BufferedReader:
        raise self._error


@pytest.mark.parametrize(
    ("error", "told", "ours"),
    [
        (OSError(errno.EIO, "Input/output error", "recu"), "Input/output error: 'recu'", False),
        (Delayed("l'antivirus ne répond pas"), "l'antivirus ne répond pas", False),
        (Defect("registered with another content"), "registered with another content", True),
        (IndexError("string"), "IndexError: string", True),
    ],
    ids=["the system", "a scanner", "our own code", "our own code, unforeseen"],
)
def test_what_fails_while_a_flow_is_read_delays_it_and_nothing_is_registered(
    files: WorkFiles, error: Exception, told: str, *, ours: bool
) -> None:
    store = MemoryStore(FLUX)

    tasks, read = documents(store, FailingFiles(files.root, error), FLUX)

    assert (tasks, store.registered) == ([], [])
    assert told in str(read.failed)
    assert isinstance(read.failed, Defect) is ours


def test_a_database_that_fails_while_a_flow_is_read_stops_the_run(files: WorkFiles) -> None:
    with pytest.raises(Incident):
        documents(MemoryStore(FLUX), FailingFiles(files.root, Incident("base")), FLUX)


def test_a_file_that_vanished_is_neither_read_nor_registered(files: WorkFiles) -> None:
    store = MemoryStore(FLUX)

    tasks, read = documents(store, files, FLUX, content=None)

    assert (tasks, store.registered) == ([], [])
    assert read == FlowRead(flux=FLUX, found=False)


def test_a_flow_whose_file_vanished_is_closed_as_an_incident_with_what_to_do() -> None:
    store = MemoryStore(FLUX)
    closing: Any = Closing

    closing(store, None, None, StandingClock()).vanish(FLUX)

    (closed,) = store.closed
    assert (closed["numero_flux"], closed["etat"]) == (FLUX.numero_flux, FluxState.IN_INCIDENTE)
    assert "Déposez-le de nouveau" in closed["detail"]


# -- a flow that an earlier run let in ------------------------------------------------------------

LET_IN = msgspec.structs.replace(FLUX, emetteur="QQQ999", sha256="", nom_fichier="flux.tar.gz")
THREE = tar_gz([(f"{rank}.xml", CONTENT) for rank in (1, 2, 3)])
INTEGRE, IRRECEVABLE = DocumentState.INTEGRE, DocumentState.IRRECEVABLE
WAITED = FluxState.IN_EN_ATTENTE_RETRAITEMENT_CPP


class Infected:
    """An antivirus that finds something in everything."""

    def scan(self, _: str) -> Scan:
        return Scan("Eicar", "Antivirus : Eicar.")


def let_in(*states: DocumentState | None, flux: Flux = LET_IN) -> MemoryStore:
    store = MemoryStore(flux)
    store.known[flux.numero_flux] = [
        DocumentRow(
            numero_flux=flux.numero_flux,
            rank=rank,
            name=f"{rank}.xml",
            size=len(CONTENT),
            sha256="",
            state=state,
        )
        for rank, state in enumerate(states, 1)
    ]
    return store


CHANGES: list[tuple[dict[str, Any], Motive]] = [
    ({"partners": {}}, Motive.IRR_CODE_APP),
    ({"limits": Limits(documents=2)}, Motive.IRR_TAILLE),
    ({"antivirus": Infected()}, Motive.IRR_ANTIVIRUS),
]
NAMES = ["no partner any more", "tighter limits", "a virus"]


@pytest.mark.parametrize("change", [change for change, _ in CHANGES], ids=NAMES)
@pytest.mark.parametrize("state", [INTEGRE, DocumentState.REJETE, DocumentState.EN_ATTENTE])
def test_a_flow_some_of_which_is_decided_waits_and_is_not_refused(
    files: WorkFiles, change: dict[str, Any], state: DocumentState
) -> None:
    store = let_in(state, None, None)

    _, read = documents(store, files, LET_IN, THREE, **change)

    assert isinstance(read.failed, Delayed)
    assert "déjà décidés" in str(read.failed)
    assert (read.findings, store.registered) == ((), [])


@pytest.mark.parametrize(("change", "motive"), CHANGES, ids=NAMES)
@pytest.mark.parametrize("state", [None, IRRECEVABLE, DocumentState.ACCOMPAGNEMENT])
def test_a_flow_nothing_of_which_was_accepted_can_still_be_refused(
    files: WorkFiles, change: dict[str, Any], motive: Motive, state: DocumentState | None
) -> None:
    _, read = documents(let_in(state, None, None), files, LET_IN, THREE, **change)

    assert [finding.motive for finding in read.findings] == [motive]
    assert read.failed is None


@pytest.mark.parametrize(
    ("states", "history", "judged"),
    [
        ((INTEGRE, None, None), [], []),
        ((None, None, None), [], [1, 2, 3]),
        ((IRRECEVABLE, None, None), [], [1, 2, 3]),
        ((INTEGRE, None, INTEGRE), [WAITED], [2]),
    ],
    ids=["some decided", "none decided", "refused as a whole", "one resumed"],
)
def test_who_may_send_what_is_asked_once_of_each_document(
    files: WorkFiles,
    states: Sequence[DocumentState | None],
    history: Sequence[FluxState],
    judged: list[int],
) -> None:
    store = let_in(*states)
    store.history = [
        FluxEvent(numero_flux=LET_IN.numero_flux, seq=seq, etat=etat, date=AT)
        for seq, etat in enumerate(history, 1)
    ]

    tasks, _ = documents(store, files, LET_IN, THREE)

    assert [task.entry.rank for task in tasks if task.senders] == judged
    assert [task.entry.rank for task in tasks if task.formats] == judged


def test_a_flow_with_an_invoice_is_never_ended_as_refused() -> None:
    store = let_in(INTEGRE, IRRECEVABLE, flux=FLUX)
    documents = store.documents(FLUX.numero_flux)
    closing: Any = Closing

    etat = closing(store, None, None, StandingClock()).close(FLUX, documents, judge_virus("Eicar"))

    assert etat is FluxState.IN_INTEGRE_PARTIEL
    assert [finding.rule for finding in store.closed[0]["findings"]] == ["CE-FLUX-15"]
