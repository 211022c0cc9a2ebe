"""The supervisor: ordered answers, and a bad document loses exactly itself."""

from __future__ import annotations

import errno
import multiprocessing
import os
import signal
import time
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from unittest.mock import Mock

import pytest
from msgspec.structs import replace

from chorus_edi.domain.flux import DocumentEntry, Examination, Verdict
from chorus_edi.errors import Incident
from chorus_edi.pipeline import worker
from chorus_edi.pipeline.serving import serve
from chorus_edi.pipeline.tasks import CHUNK_BYTES, Chunk, Mark, Task, gathered
from chorus_edi.pipeline.worker import ATTEMPTS, Done, Lost, Supervisor

DAY = date(2026, 11, 21)


def task(rank: int, data: bytes = b"fine", flux: str = "F") -> Task:
    entry = DocumentEntry(rank=rank, name=f"{rank}.xml", size=len(data), sha256="0" * 64)
    return Task(flux=flux, entry=entry, deposited=DAY, data=data)


def build() -> object:
    def examine(task: Task) -> Examination:
        match task.data:
            case b"kill":
                os.kill(os.getpid(), signal.SIGKILL)
            case b"hang":
                time.sleep(3600)
            case b"raise":
                raise ValueError("ours")
            case b"wait":
                while not Path(task.flux).exists():
                    time.sleep(0.01)
            case b"release":
                Path(task.flux).touch()
            case b"full":
                raise OSError(28, "No space left on device")
        entry = task.entry
        return Examination(
            rank=entry.rank,
            name=entry.name,
            size=entry.size,
            sha256=entry.sha256,
            verdict=Verdict.ACCEPTED,
            directory_version=str(time.monotonic_ns()),
        )

    return examine


def build_nothing() -> object:
    os._exit(3)


class Attempts:
    def __init__(self) -> None:
        self.counts: Counter[int] = Counter()

    def __call__(self, task: Task) -> int:
        self.counts[task.entry.rank] += 1
        return self.counts[task.entry.rank]


@pytest.fixture
def attempts() -> Attempts:
    return Attempts()


@pytest.fixture
def supervisor(attempts: Attempts) -> Iterator[Supervisor]:
    made = Supervisor(build, workers=2, deadline=lambda _: 3.0, attempt=attempts)  # type: ignore[arg-type]
    yield made
    made.close()


def answers_of(supervisor: Supervisor, items: list[Task | Mark]) -> list[object]:
    found: list[object] = []
    for item in supervisor.run(gathered(items)):
        if isinstance(item, Done):
            found.extend(item.answers)
        else:
            found.append(item.value)
    return found


def test_answers_and_marks_come_in_the_order_they_went_in(supervisor: Supervisor) -> None:
    items: list[Task | Mark] = []
    for flow in range(30):
        items += [task(flow * 100 + n) for n in range(flow)]
        items.append(Mark(flow))

    found = answers_of(supervisor, items)

    expected = [i.value if isinstance(i, Mark) else i.entry.rank for i in items]
    assert [f.rank if isinstance(f, Examination) else f for f in found] == expected


def test_large_documents_leave_a_worker_to_the_small_ones_behind_them(
    supervisor: Supervisor, tmp_path: Path
) -> None:
    # given: two workers, and large documents that end only once a small one was examined
    flag = str(tmp_path / "released")
    large = [task(rank, b"wait", flag) for rank in (1, 2, 3)]
    waiting = [replace(one, entry=replace(one.entry, size=CHUNK_BYTES + 1)) for one in large]

    found = answers_of(supervisor, [*waiting, task(4, b"release", flag)])

    assert [one.rank for one in found if isinstance(one, Examination)] == [1, 2, 3, 4]


def test_one_killing_and_one_hanging_document_among_200_lose_exactly_themselves(
    supervisor: Supervisor, attempts: Attempts
) -> None:
    tasks: list[Task | Mark] = [task(n) for n in range(200)]
    tasks[40] = task(40, b"kill")
    tasks[150] = task(150, b"hang")

    found = answers_of(supervisor, tasks)

    lost = {n: f.reason for n, f in enumerate(found) if isinstance(f, Lost)}
    assert lost == {40: "worker", 150: "deadline"}
    assert [f.rank for f in found if isinstance(f, Examination)] == [
        n for n in range(200) if n not in lost
    ]
    assert attempts.counts[40] == attempts.counts[150] == ATTEMPTS + 1


def test_chunks_at_hand_behind_a_lost_one_are_examined_as_if_nothing_had_happened(
    attempts: Attempts,
) -> None:
    supervisor = Supervisor(build, workers=1, deadline=lambda _: 3.0, attempt=attempts)  # type: ignore[arg-type]
    # More than the pipe holds: a main process that waited for it would never see the deadline.
    chunks = [Chunk(tuple(task(10 * n + k, b" " * 300_000) for k in range(3))) for n in range(6)]
    chunks[1] = Chunk((task(10), task(11, b"kill"), task(12)))
    chunks[3] = Chunk((task(30), task(31, b"hang"), task(32)))
    attempts.counts[31] = ATTEMPTS  # one deadline is enough here
    try:
        done = [one for one in supervisor.run(chunks) if isinstance(one, Done)]
    finally:
        supervisor.close()

    assert [one.chunk for one in done] == chunks
    lost = {a.task.entry.rank: a.reason for one in done for a in one.answers if isinstance(a, Lost)}
    assert lost == {11: "worker", 31: "deadline"}
    assert set(attempts.counts) == {10, 11, 12, 30, 31, 32}


def test_a_large_document_is_not_overtaken_by_what_came_after_it() -> None:
    supervisor = Supervisor(build, workers=1, deadline=lambda _: 60.0, attempt=lambda _: 1)  # type: ignore[arg-type]
    chunks = [Chunk((task(n),)) for n in range(12)]
    chunks[5] = Chunk((task(5, b" " * (CHUNK_BYTES + 1)),))
    try:
        done = [one for one in supervisor.run(chunks) if isinstance(one, Done)]
    finally:
        supervisor.close()

    ended = {a.rank: a.directory_version for o in done for a in o.answers if type(a) is Examination}
    assert sorted(ended, key=lambda rank: str(ended[rank])) == list(range(12))


def test_workers_go_on_while_their_caller_is_busy(supervisor: Supervisor) -> None:
    results = supervisor.run([Chunk((task(n),)) for n in range(10)])
    next(results)

    while supervisor.heed():
        pass
    supervisor.close()

    # Without a worker left, every answer is there.
    assert [one.answers[0].rank for one in results] == list(range(1, 10))  # type: ignore[union-attr]


def test_what_goes_wrong_while_the_caller_is_busy_is_told_with_the_next_item(
    supervisor: Supervisor,
) -> None:
    results = supervisor.run([Chunk((task(0),)), Chunk((task(1, b"full"),)), Chunk((task(2),))])
    next(results)

    while supervisor.heed():
        pass

    with pytest.raises(Incident, match="disque plein"):
        list(results)


def test_a_worker_that_cannot_be_replaced_is_an_incident_told_with_the_next_item(
    supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    results = supervisor.run([Chunk((task(0),)), Chunk((task(1, b"kill"),)), Chunk((task(2),))])
    next(results)
    full = OSError(errno.EMFILE, os.strerror(errno.EMFILE))
    monkeypatch.setattr(supervisor, "_spawn", Mock(side_effect=full))

    while supervisor.heed():
        pass

    with pytest.raises(Incident, match="n'a pas pu démarrer : trop de fichiers ouverts"):
        list(results)
    supervisor.close()
    assert not [one for one in multiprocessing.active_children() if one.name == "examen"]


def test_the_end_of_the_patience_of_a_stop_is_told_at_once(
    supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given: a signal that comes while the supervisor listens, and comes once
    late = Incident("arrêt demandé : le délai est passé")
    monkeypatch.setattr(worker, "wait", Mock(side_effect=[late]))

    with pytest.raises(Incident, match="le délai est passé"):
        supervisor.heed()


def test_a_document_that_lost_three_workers_before_a_restart_is_not_tried_alone_again(
    supervisor: Supervisor, attempts: Attempts
) -> None:
    attempts.counts[1] = ATTEMPTS

    found = answers_of(supervisor, [task(0), task(1, b"kill"), task(2)])

    assert [type(f) for f in found] == [Examination, Lost, Examination]
    assert attempts.counts[1] == ATTEMPTS + 1


def test_a_defect_of_ours_loses_one_document_and_no_worker(
    supervisor: Supervisor, attempts: Attempts
) -> None:
    found = answers_of(supervisor, [task(0), task(1, b"raise"), task(2)])

    assert [type(f) for f in found] == [Examination, Lost, Examination]
    assert "ValueError" in found[1].reason  # type: ignore[attr-defined]
    assert not attempts.counts


def test_a_failure_of_the_environment_stops_the_run_and_loses_no_document(
    supervisor: Supervisor,
) -> None:
    with pytest.raises(Incident, match="disque plein"):
        answers_of(supervisor, [task(0), task(1, b"full"), task(2)])


def test_the_input_is_drawn_from_as_a_stream(supervisor: Supervisor) -> None:
    drawn: list[int] = []

    def source() -> Iterator[Chunk | Mark]:
        for n in range(1000):
            drawn.append(n)
            yield Chunk((task(n),))

    results = supervisor.run(source())
    next(results)

    assert len(drawn) < 20
    assert sum(1 for _ in results) == 999


def test_a_worker_that_cannot_start_is_an_incident() -> None:
    supervisor = Supervisor(build_nothing, workers=1, deadline=lambda _: 5.0, attempt=lambda _: 1)  # type: ignore[arg-type]
    try:
        with pytest.raises(Incident):
            answers_of(supervisor, [task(0)])
    finally:
        supervisor.close()


def test_a_worker_that_is_ready_after_its_supervisor_left_ends_in_silence() -> None:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    ours.close()
    process = context.Process(target=serve, args=(theirs, build))

    process.start()
    theirs.close()
    process.join()

    assert process.exitcode == 0


def test_a_chunk_holds_at_most_64_documents_and_one_megabyte() -> None:
    small = [task(n) for n in range(130)]
    large = [task(n, b"x" * 600_000) for n in range(3)]

    sizes = [len(c.tasks) for c in gathered([*small, *large]) if isinstance(c, Chunk)]

    assert sizes == [64, 64, 3, 1, 1]
