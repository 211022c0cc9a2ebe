"""Which documents are compared with an invoice to be recycled, and which are not."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, cast

import pytest
from msgspec.structs import replace

from chorus_edi.domain.flux import Decision, DocumentEntry, Examination, Flux, Verdict
from chorus_edi.domain.orders import Recycling
from chorus_edi.domain.scenarios import Circuit
from chorus_edi.domain.statuses import DocumentState
from chorus_edi.errors import Delayed
from chorus_edi.formats.archive import Limits
from chorus_edi.pipeline import continuing
from chorus_edi.pipeline.continuing import Continuing
from chorus_edi.pipeline.reading import Piece
from chorus_edi.pipeline.tasks import Chunk
from chorus_edi.pipeline.worker import Done, Lost
from tests.unit.night import FLUX, NUMERO, summary

FIRST = f"{NUMERO}-0004"
ENTRY = DocumentEntry(rank=1, name="a.xml", size=1, sha256="ab")
Number = tuple[int, str, str]
HELD: Number = (2026, "123456782", "F-1")


class Memory:
    """What the store and the lives answer; remembers what was asked."""

    def __init__(self) -> None:
        self.asked: list[Collection[Number]] = []
        self.forgiven: list[tuple[str, int]] = []

    def to_be_recycled(self, numbers: Collection[Number]) -> Mapping[Number, str]:
        self.asked.append(numbers)
        return {number: FIRST for number in numbers if number == HELD}

    def flux(self, numero_flux: str) -> Flux:
        return replace(FLUX, numero_flux=numero_flux)

    def survived(self, numero_flux: str, rank: int) -> None:
        self.forgiven.append((numero_flux, rank))


class Worker:
    """Answers every comparison alike, or is lost."""

    def __init__(self, differing: tuple[str, ...] | None) -> None:
        self.differing = differing

    def run(self, work: list[Chunk]) -> list[Done]:
        (chunk,) = work
        (task,) = chunk.tasks
        if self.differing is None:
            return [Done(chunk, (Lost(task, "worker"),))]
        answer = examined(Verdict.UNDECIDED)
        return [Done(chunk, (replace(answer, differing=self.differing),))]


def examined(verdict: Verdict = Verdict.ACCEPTED) -> Examination:
    return Examination(
        rank=1,
        name="a.xml",
        size=1,
        sha256="ab",
        verdict=verdict,
        circuit=Circuit.HISTORIQUE,
        summary=summary("F-1"),
    )


def decision(state: DocumentState = DocumentState.INTEGRE, **changes: Any) -> Decision:
    return Decision(rank=1, state=state, examination=replace(examined(), **changes))


def recogniser(memory: Memory, *differing: str, **changes: Any) -> Continuing:
    given: dict[str, Any] = {
        "lives": memory,
        "store": memory,
        "files": None,
        "supervisor": Worker(differing),
        "limits": Limits(),
        "recycling": Recycling.ACCEPTED,
    }
    return Continuing(**{**given, **changes})


@pytest.fixture(autouse=True)
def stored(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every document is where it was stored; returns the scratch folders it was read through."""
    scratch: list[str] = []

    def piece_of(*call: object) -> Piece:
        scratch.append(cast("str", call[-1]))
        return Piece(entry=ENTRY, archived=False, data=b"<a/>")

    monkeypatch.setattr(continuing, "piece_of", piece_of)
    return scratch


def test_a_number_to_be_recycled_is_compared_and_told_with_what_differs(stored: list[str]) -> None:
    (one,) = recogniser(Memory(), "BT-20").recognise(FLUX, [decision()], "/scratch")

    assert (one.continues, one.differing, one.state) == (FIRST, ("BT-20",), DocumentState.INTEGRE)
    assert len(set(stored)) == 2


@pytest.mark.parametrize(
    "other",
    [
        decision(DocumentState.REJETE),
        decision(DocumentState.CONFORME),
        decision(circuit=Circuit.AFNOR),
        decision(circuit=None),
        decision(summary=None),
        decision(summary=replace(summary("F-1"), year=None)),
        decision(summary=replace(summary("F-1"), cadre="S3")),
    ],
)
def test_what_holds_no_number_of_the_historic_circuit_is_asked_about_nothing(
    other: Decision,
) -> None:
    memory = Memory()

    assert recogniser(memory).recognise(FLUX, [other], "") == (other,)
    assert memory.asked == []


def test_a_batch_is_one_question() -> None:
    memory = Memory()
    batch = [decision(), decision(summary=summary("F-2"))]
    batch[1] = replace(batch[1], rank=2)

    first, second = recogniser(memory).recognise(FLUX, batch, "")

    assert (first.continues, second.continues) == (FIRST, None)
    assert len(memory.asked) == 1


def test_nothing_is_asked_where_recycling_is_not_honoured() -> None:
    memory = Memory()
    refusing = recogniser(memory, recycling=Recycling.REFUSED)

    assert refusing.recognise(FLUX, [decision()], "") == (decision(),)
    assert memory.asked == []


def test_an_invoice_whose_copy_was_let_go_on_purpose_is_compared_with_nothing(
    stored: list[str],
) -> None:
    purged = recogniser(Memory(), dismissed=lambda numero: numero == NUMERO)

    assert purged.recognise(FLUX, [decision()], "") == (decision(),)
    assert stored == []


def test_a_comparison_that_loses_its_worker_waits_and_is_not_held_against_the_document() -> None:
    memory = Memory()

    with pytest.raises(Delayed, match="recyclage"):
        recogniser(memory, supervisor=Worker(None)).recognise(FLUX, [decision()], "")

    assert memory.forgiven == [(NUMERO, 1)]


def test_a_document_that_is_gone_from_its_file_makes_the_flow_wait(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(continuing, "piece_of", lambda *_: None)

    with pytest.raises(Delayed, match="document 4 du flux"):
        recogniser(Memory()).recognise(FLUX, [decision()], "")
