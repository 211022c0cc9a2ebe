"""Supervised worker processes: chunks go out, answers come back in order.

Each worker has a chunk at work, with a deadline that grows with the chunk, and some more at hand,
so that it goes on while the main process commits. When a worker dies or is late it is killed and
replaced, and the documents of the chunk at work are examined one by one, each attempt recorded
before it is made. A document that loses its worker three times is given up; every other document
is answered. (``ProcessPoolExecutor`` cannot do this: one killed worker fails every
pending future.)
"""

from __future__ import annotations

import logging
import multiprocessing
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from typing import Protocol

import msgspec

from chorus_edi.domain.flux import Examination
from chorus_edi.errors import Incident, said
from chorus_edi.pipeline.serving import (
    Answered,
    Failed,
    Stopped,
    decode_answers,
    encode_tasks,
    serve,
)
from chorus_edi.pipeline.tasks import CHUNK_BYTES, Chunk, Mark, Task

log = logging.getLogger(__name__)

ATTEMPTS = 3
RETIRE_AFTER = 8_000_000
"""Bytes of a chunk after which its worker is replaced: a large tree leaves a large heap behind."""

AHEAD = 4
"""Chunks that a worker holds, the one at work included."""

START_SECONDS = 120
FAREWELL_SECONDS = 5


class Examine(Protocol):
    """What a worker does with one document; it answers, whatever the document holds."""

    def __call__(self, task: Task) -> Examination:
        """Examine one document."""
        ...


_LOSSES = {"worker": "il s'est arrêté", "deadline": "délai dépassé"}
"""Why a worker was lost, for whoever reads the log: ``validate`` shows it on the screen."""

_NO_START = "un processus d'examen n'a pas pu démarrer"


class Lost(msgspec.Struct, frozen=True):
    """A document that could not be examined; ``reason`` is ``deadline``, ``worker`` or a defect."""

    task: Task
    reason: str


Answer = Examination | Lost


@dataclass(slots=True, eq=False)
class _Worker:
    """One process, and what it was sent: slots, and indices in the chunk of each.

    ``post`` sends: it waits until the worker takes what does not fit into the pipe, and the main
    process must not, or a hanging document would keep it from the deadline.
    """

    process: multiprocessing.process.BaseProcess
    connection: Connection
    post: ThreadPoolExecutor
    until: float
    ready: bool = False
    sent: deque[tuple[_Slot, tuple[int, ...]]] = field(default_factory=deque)

    @property
    def takes_more(self) -> bool:
        """True where another chunk may wait behind: not behind a large or a suspect one."""
        return len(self.sent) < AHEAD and all(slot.ordinary for slot, _ in self.sent)


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

    @property
    def ordinary(self) -> bool:
        return not self.large and not self.reason


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
        self._window = (AHEAD + 2) * workers
        self._waiting: deque[_Slot] = deque()
        self._incident: Incident | None = None
        self._workers = [self._spawn() for _ in range(workers)]

    def close(self) -> None:
        """Stop every worker: an idle one ends when its pipe closes, a busy one is killed."""
        idle = [worker for worker in self._workers if worker.ready and not worker.sent]
        for worker in idle:
            worker.connection.close()
        for worker in idle:
            worker.process.join(FAREWELL_SECONDS)
        while self._workers:
            self._stop(self._workers.pop())

    def run(self, work: Iterable[Chunk | Mark]) -> Iterator[Done | Mark]:
        """Yield every chunk with its answers, and every mark, in the order they came in.

        ``work`` is drawn from only as far as the window reaches, so a long input is a stream.

        Raises:
            Incident: a worker does not start, or met a failure of the environment. No flow is to
                blame, so it is never an OSError, which would delay one.
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
            if self._incident is not None:
                raise self._incident
            if line and (isinstance(line[0], Mark) or line[0].done):
                yield self._leave(line.popleft())
            elif line:
                self._listen()

    def heed(self) -> bool:
        """Take what workers have answered meanwhile and give them more; wait for nothing.

        For a caller who is busy between two items. What goes wrong with a worker is told with the
        next item: the caller's own work has no part in it, and may be finished.

        Returns:
            True while an answer is awaited.
        """
        while self._incident is None and self._listen(patience=0):
            pass
        return self._incident is None and any(worker.sent for worker in self._workers)

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
        """Give every idle worker a chunk, then every one a second, and so on."""
        for held in range(AHEAD):
            for worker in self._workers:
                if worker.ready and len(worker.sent) == held and worker.takes_more:
                    self._give(worker)

    def _give(self, worker: _Worker) -> None:
        while (slot := self._next_slot(behind=bool(worker.sent))) is not None:
            if indices := self._next(slot):
                self._send(worker, slot, indices)
                return

    def _next_slot(self, *, behind: bool) -> _Slot | None:
        """Return what is to be examined next; large documents leave one worker to the small.

        Only what is ordinary waits ``behind`` another chunk, and nothing does while something else
        asks for a worker of its own: it would never find one empty.
        """
        busy = sum(any(slot.large for slot, _ in worker.sent) for worker in self._workers)
        room = busy < max(1, len(self._workers) - 1)
        ripe = [slot for slot in self._waiting if room or not slot.large]
        if not ripe or (behind and not all(slot.ordinary for slot in ripe)):
            return None
        self._waiting.remove(ripe[0])
        return ripe[0]

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

    def _send(self, worker: _Worker, slot: _Slot, indices: tuple[int, ...]) -> None:
        tasks = tuple(slot.tasks[index] for index in indices)
        worker.sent.append((slot, indices))
        if len(worker.sent) == 1:
            self._begin(worker)
        # Where the worker is gone, its connection says so to ``_listen``.
        worker.post.submit(worker.connection.send_bytes, encode_tasks.encode(tasks))

    def _begin(self, worker: _Worker) -> None:
        slot, indices = worker.sent[0]
        chunk = Chunk(tuple(slot.tasks[index] for index in indices))
        worker.until = time.monotonic() + self._deadline(chunk)

    def _listen(self, patience: float | None = None) -> bool:
        """Wait until a worker speaks, dies or is late, and act on it; True where one spoke.

        Args:
            patience: seconds to wait at most; None: as long as a worker may take.
        """
        heeded = [worker for worker in self._workers if worker.sent or not worker.ready]
        if patience is None:
            patience = max(0.0, min(worker.until for worker in heeded) - time.monotonic())
        heard = wait([worker.connection for worker in heeded], timeout=patience)
        now = time.monotonic()
        for worker in heeded:
            if worker.connection in heard:
                self._hear(worker)
            elif now >= worker.until:
                self._lose(worker, "deadline")
        self._hand_out()
        return bool(heard)

    def _hear(self, worker: _Worker) -> None:
        try:
            blob = worker.connection.recv_bytes()
        except (EOFError, OSError):
            self._lose(worker, "worker")
            return
        if not worker.ready:
            worker.ready = True
        else:
            self._take(worker, decode_answers.decode(blob))

    def _take(self, worker: _Worker, answers: list[Answered | Failed | Stopped]) -> None:
        slot, indices = worker.sent.popleft()
        if worker.sent:
            self._begin(worker)
        for index, answer in zip(indices, answers, strict=True):
            if isinstance(answer, Stopped):
                self._incident = Incident(answer.incident)
                return
            slot.answers[index] = (
                answer.examination
                if isinstance(answer, Answered)
                else Lost(slot.tasks[index], answer.defect)
            )
        if slot.alone:
            self._survived(slot.tasks[slot.alone.popleft()])
        if slot.alone:
            self._waiting.appendleft(slot)
        if sum(slot.tasks[index].entry.size for index in indices) > RETIRE_AFTER:
            self._replace(worker)

    def _lose(self, worker: _Worker, reason: str) -> None:
        if not worker.ready:
            self._incident = Incident(_NO_START)
            return
        slot, indices = worker.sent.popleft()
        shown = slot.tasks[indices[0]].flux
        log.warning("processus d'examen perdu (%s), relancé : %s", _LOSSES[reason], shown)
        # What it had not begun is as fresh as before.
        self._waiting.extendleft(behind for behind, _ in reversed(worker.sent))
        if not slot.alone:
            slot.alone.extend(indices)
        slot.reason = reason
        self._waiting.appendleft(slot)
        self._replace(worker)

    def _replace(self, worker: _Worker) -> None:
        # Taken out first: nothing can be asked of a worker that was stopped.
        self._workers.remove(worker)
        self._stop(worker)
        try:
            self._workers.append(self._spawn())
        except OSError as error:
            self._incident = Incident(f"{_NO_START} : {said(error)}")

    def _spawn(self) -> _Worker:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(
            target=serve, args=(theirs, self._build), name="examen", daemon=True
        )
        process.start()
        theirs.close()
        post = ThreadPoolExecutor(max_workers=1, thread_name_prefix="envoi")
        return _Worker(process, ours, post, until=time.monotonic() + START_SECONDS)

    @staticmethod
    def _stop(worker: _Worker) -> None:
        worker.process.kill()
        worker.process.join()
        # Nobody reads any more: what is still being sent fails, and the connection is free.
        worker.post.shutdown(cancel_futures=True)
        worker.connection.close()
        worker.process.close()
