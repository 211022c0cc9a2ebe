"""Supervised worker processes: chunks go out, answers come back in order.

Each worker has one chunk in flight and a deadline that grows with the chunk. When a worker dies or
is late it is killed and replaced, and the documents of its chunk are examined one by one, each
attempt recorded before it is made. A document that loses its worker three times is given up; every
other document is answered. (``ProcessPoolExecutor`` cannot do this: one killed worker fails every
pending future.)
"""

from __future__ import annotations

import ctypes
import gc
import logging
import multiprocessing
import resource
import signal
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from typing import Protocol

import msgspec

from chorus_edi.domain.flux import Examination
from chorus_edi.errors import Incident, said
from chorus_edi.pipeline.tasks import CHUNK_BYTES, Chunk, Mark, Task

log = logging.getLogger(__name__)

ATTEMPTS = 3
RETIRE_AFTER = 8_000_000
"""Bytes of a chunk after which its worker is replaced: a large tree leaves a large heap behind."""

START_SECONDS = 120
MEMORY_BASE = 768 * 1024 * 1024
MEMORY_PER_BYTE = 15
FAREWELL_SECONDS = 5
_PR_SET_PDEATHSIG = 1
_YOUNG = 20_000
"""New objects after which the collector of circles looks at them: a document makes thousands."""


class Examine(Protocol):
    """What a worker does with one document; it answers, whatever the document holds."""

    def __call__(self, task: Task) -> Examination:
        """Examine one document."""
        ...


_LOSSES = {"worker": "il s'est arrêté", "deadline": "délai dépassé"}
"""Why a worker was lost, for whoever reads the log: ``validate`` shows it on the screen."""


class Lost(msgspec.Struct, frozen=True):
    """A document that could not be examined; ``reason`` is ``deadline``, ``worker`` or a defect."""

    task: Task
    reason: str


Answer = Examination | Lost


class Failed(msgspec.Struct, frozen=True, tag=True):
    """A worker's answer where our own code raised: the defect, for the log."""

    rank: int
    defect: str


class Stopped(msgspec.Struct, frozen=True, tag=True):
    """A worker's answer where the environment failed (disk full …): no document is at fault."""

    incident: str


class Answered(msgspec.Struct, frozen=True, tag=True):
    """A worker's answer about one document."""

    examination: Examination


_encode_tasks = msgspec.msgpack.Encoder()
_decode_tasks = msgspec.msgpack.Decoder(tuple[Task, ...])
_encode_answers = msgspec.msgpack.Encoder()
_decode_answers = msgspec.msgpack.Decoder(list[Answered | Failed | Stopped])


def _die_with_parent() -> None:
    """Ask Linux to kill this process when its parent dies; elsewhere the closed pipe ends it."""
    try:
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    except (OSError, AttributeError):
        log.debug("prctl is not available")


def _serve(connection: Connection, build: Callable[[], Examine]) -> None:
    """Run a worker: build once, then answer chunks until the pipe closes."""
    _die_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    examine = build()
    # What was built lives as long as this process, and documents leave nothing in circles.
    gc.freeze()
    gc.set_threshold(_YOUNG)
    ready = False
    while True:
        try:
            if not ready:
                # The supervisor may be gone: a short run ends before its last worker starts.
                connection.send_bytes(b"")
                ready = True
            tasks = _decode_tasks.decode(connection.recv_bytes())
            _bound_memory(Chunk(tasks).size)
            connection.send_bytes(_encode_answers.encode([_answer(examine, t) for t in tasks]))
        except (EOFError, BrokenPipeError, ConnectionResetError):
            return


def _bound_memory(size: int) -> None:
    """Let a hostile document fail by itself before it hurts its neighbours on the machine.

    What documents are known to need is far below (200 MB, and ten times a large document).
    """
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    wanted = MEMORY_BASE + MEMORY_PER_BYTE * size
    soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


def _answer(examine: Examine, task: Task) -> Answered | Failed | Stopped:
    try:
        return Answered(examine(task))
    except (OSError, Incident) as error:
        return Stopped(said(error))
    except Exception as error:  # the one broad except of the worker: a defect loses one document
        log.exception("examining %s rank %d", task.flux, task.entry.rank)
        return Failed(task.entry.rank, f"{type(error).__name__}: {error}")


@dataclass(slots=True, eq=False)
class _Worker:
    """One process; ``slot`` and ``sent`` (indices in the slot's chunk) say what it works on."""

    process: multiprocessing.process.BaseProcess
    connection: Connection
    until: float
    ready: bool = False
    slot: _Slot | None = None
    sent: tuple[int, ...] = ()


@dataclass(slots=True, eq=False)
class _Slot:
    """One chunk on its way to the output; ``alone`` are the indices left to examine one by one."""

    tasks: tuple[Task, ...]
    answers: dict[int, Answer] = field(default_factory=dict)
    alone: deque[int] = field(default_factory=deque)
    reason: str = ""

    @property
    def done(self) -> bool:
        return len(self.answers) == len(self.tasks)

    @property
    def large(self) -> bool:
        return self.tasks[0].entry.size > CHUNK_BYTES


@dataclass(frozen=True, slots=True)
class Done:
    """A chunk with one answer per task, in order."""

    chunk: Chunk
    answers: tuple[Answer, ...]


class Supervisor:
    """N spawned workers behind an ordered, lazy map.

    Args:
        build: picklable; makes the examining function inside a worker.
        workers: how many processes.
        deadline: seconds a worker may take for a chunk.
        attempt: counts one more attempt at a lone document and says how many that makes.
        survived: forgets the attempts at a document that was answered, so that no later run holds
            them against it.
    """

    def __init__(
        self,
        build: Callable[[], Examine],
        *,
        workers: int,
        deadline: Callable[[Chunk], float],
        attempt: Callable[[Task], int],
        survived: Callable[[Task], None] = lambda _: None,
    ) -> None:
        self._build = build
        self._deadline = deadline
        self._attempt = attempt
        self._survived = survived
        self._context = multiprocessing.get_context("spawn")
        self._window = 4 * workers
        self._waiting: deque[_Slot] = deque()
        self._workers = [self._spawn() for _ in range(workers)]

    def close(self) -> None:
        """Stop every worker: an idle one ends when its pipe closes, a busy one is killed."""
        for worker in self._workers:
            worker.connection.close()
        for worker in self._workers:
            if worker.slot is None and worker.ready:
                worker.process.join(FAREWELL_SECONDS)
            self._stop(worker)
        self._workers.clear()

    def run(self, work: Iterable[Chunk | Mark]) -> Iterator[Done | Mark]:
        """Yield every chunk with its answers, and every mark, in the order they came in.

        ``work`` is drawn from only as far as the window reaches, so a long input is a stream.

        Raises:
            Incident: a worker does not start, or met a failure of the environment.
        """
        source = iter(work)
        line: deque[_Slot | Mark] = deque()
        item: Chunk | Mark | None = None
        drained = False
        while not drained or line:
            while not drained and len(line) < self._window:
                item = next(source, None)
                if item is None:
                    drained = True
                else:
                    line.append(item if isinstance(item, Mark) else self._enter(item))
                self._hand_out()
            if line and (isinstance(line[0], Mark) or line[0].done):
                yield self._leave(line.popleft())
            elif line:
                self._listen()

    def _enter(self, chunk: Chunk) -> _Slot:
        slot = _Slot(chunk.tasks)
        self._waiting.append(slot)
        return slot

    @staticmethod
    def _leave(entry: _Slot | Mark) -> Done | Mark:
        if isinstance(entry, Mark):
            return entry
        return Done(Chunk(entry.tasks), tuple(entry.answers[n] for n in range(len(entry.tasks))))

    def _hand_out(self) -> None:
        for worker in self._workers:
            while worker.ready and worker.slot is None:
                slot = self._next_slot()
                if slot is None:
                    break
                sent = self._next(slot)
                if sent:
                    self._send(worker, slot, sent)

    def _next_slot(self) -> _Slot | None:
        """Return what is to be examined next; large documents leave one worker to the small."""
        busy = sum(worker.slot is not None and worker.slot.large for worker in self._workers)
        room = busy < max(1, len(self._workers) - 1)
        for place, slot in enumerate(self._waiting):
            if room or not slot.large:
                del self._waiting[place]
                return slot
        return None

    def _next(self, slot: _Slot) -> tuple[int, ...]:
        """Return the whole chunk the first time, then its documents alone, each attempt counted."""
        if not slot.reason:
            return tuple(range(len(slot.tasks)))
        while slot.alone:
            index = slot.alone[0]
            if self._attempt(slot.tasks[index]) <= ATTEMPTS:
                return (index,)
            slot.answers[index] = Lost(slot.tasks[index], slot.reason)
            slot.alone.popleft()
        return ()

    def _send(self, worker: _Worker, slot: _Slot, sent: tuple[int, ...]) -> None:
        tasks = tuple(slot.tasks[index] for index in sent)
        worker.slot, worker.sent = slot, sent
        worker.until = time.monotonic() + self._deadline(Chunk(tasks))
        try:
            worker.connection.send_bytes(_encode_tasks.encode(tasks))
        except OSError:
            self._lose(worker, "worker")

    def _listen(self) -> None:
        """Wait until a worker speaks, dies or is late, and act on it."""
        heeded = [worker for worker in self._workers if worker.slot is not None or not worker.ready]
        patience = max(0.0, min(worker.until for worker in heeded) - time.monotonic())
        heard = wait([worker.connection for worker in heeded], timeout=patience)
        now = time.monotonic()
        for worker in heeded:
            if worker.connection in heard:
                self._hear(worker)
            elif now >= worker.until:
                self._lose(worker, "deadline")
        self._hand_out()

    def _hear(self, worker: _Worker) -> None:
        try:
            blob = worker.connection.recv_bytes()
        except (EOFError, OSError):
            self._lose(worker, "worker")
            return
        if not worker.ready:
            worker.ready = True
        else:
            self._take(worker, _decode_answers.decode(blob))

    def _take(self, worker: _Worker, answers: list[Answered | Failed | Stopped]) -> None:
        slot, sent = worker.slot, worker.sent
        assert slot is not None
        worker.slot, worker.sent = None, ()
        for index, answer in zip(sent, answers, strict=True):
            if isinstance(answer, Stopped):
                raise Incident(answer.incident)
            slot.answers[index] = (
                answer.examination
                if isinstance(answer, Answered)
                else Lost(slot.tasks[index], answer.defect)
            )
        if slot.alone:
            self._survived(slot.tasks[slot.alone.popleft()])
        if slot.alone:
            self._waiting.appendleft(slot)
        if sum(slot.tasks[index].entry.size for index in sent) > RETIRE_AFTER:
            self._replace(worker)

    def _lose(self, worker: _Worker, reason: str) -> None:
        if not worker.ready:
            raise Incident("un processus d'examen n'a pas pu démarrer")
        slot, sent = worker.slot, worker.sent
        assert slot is not None
        shown = slot.tasks[sent[0]].flux
        log.warning("processus d'examen perdu (%s), relancé : %s", _LOSSES[reason], shown)
        if not slot.alone:
            slot.alone.extend(sent)
        slot.reason = reason
        self._waiting.appendleft(slot)
        self._replace(worker)

    def _replace(self, worker: _Worker) -> None:
        self._stop(worker)
        self._workers[self._workers.index(worker)] = self._spawn()

    def _spawn(self) -> _Worker:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(
            target=_serve, args=(theirs, self._build), name="examen", daemon=True
        )
        process.start()
        theirs.close()
        return _Worker(process, ours, until=time.monotonic() + START_SECONDS)

    @staticmethod
    def _stop(worker: _Worker) -> None:
        worker.connection.close()
        worker.process.kill()
        worker.process.join()
        worker.process.close()
