"""What a worker process does: examine the chunks that it is sent, and answer.

Nothing of a document gets past it: what our own code raises loses that document alone, and what the
environment fails is told as such.
"""

from __future__ import annotations

import ctypes
import gc
import logging
import resource
import signal
from collections.abc import Callable
from multiprocessing.connection import Connection

import msgspec

from chorus_edi.domain.flux import Examination
from chorus_edi.errors import Incident, said
from chorus_edi.pipeline.tasks import Chunk, Task

log = logging.getLogger(__name__)

MEMORY_BASE = 768 * 1024 * 1024
MEMORY_PER_BYTE = 15
_PR_SET_PDEATHSIG = 1
_YOUNG = 20_000
"""New objects after which the collector of circles looks at them: a document makes thousands."""


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


encode_tasks = msgspec.msgpack.Encoder()
_decode_tasks = msgspec.msgpack.Decoder(tuple[Task, ...])
_encode_answers = msgspec.msgpack.Encoder()
decode_answers = msgspec.msgpack.Decoder(list[Answered | Failed | Stopped])


def _die_with_parent() -> None:
    """Ask Linux to kill this process when its parent dies; elsewhere the closed pipe ends it."""
    try:
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    except (OSError, AttributeError):
        log.debug("prctl is not available")


def serve(connection: Connection, build: Callable[[], Callable[[Task], Examination]]) -> None:
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


def _answer(examine: Callable[[Task], Examination], task: Task) -> Answered | Failed | Stopped:
    try:
        return Answered(examine(task))
    except (OSError, Incident) as error:
        return Stopped(said(error))
    except Exception as error:  # the one broad except of the worker: a defect loses one document
        log.exception("examining %s rank %d", task.flux, task.entry.rank)
        return Failed(task.entry.rank, f"{type(error).__name__}: {error}")
