"""What the pipeline hands to its workers: documents, gathered in chunks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

import msgspec

from chorus_edi.domain.flux import DocumentEntry
from chorus_edi.domain.interfaces import Format
from chorus_edi.domain.scenarios import Circuit

CHUNK_DOCUMENTS = 64
CHUNK_BYTES = 1_000_000
"""A chunk holds at most 64 documents and 1 MB, or one larger document."""


class Earlier(msgspec.Struct, frozen=True, kw_only=True):
    """A document that another one is compared with: as in a ``Task``."""

    entry: DocumentEntry
    deposited: date
    data: bytes | None = None
    path: bytes | None = None


class Task(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One document to examine.

    Attributes:
        flux: number of its flow (for ``validate``: the path it was found under).
        entry: rank, name, size and hash.
        data: its bytes; None for a large document, whose bytes are in ``path``.
        path: absolute path of a file that holds just this document, as the system writes it
            (``os.fsencode``): not every file name is UTF-8.
        deposited: day of deposit, whose rules apply.
        judged_by: another day whose rules apply instead.
        partner: code of who sent it; None where ``validate`` is told of nobody.
        formats: formats it may have; none where all are free.
        senders: SIRETs that its sender may deposit for; none means any.
        stage: absolute path of the folder that deliverables are written to; None to write none.
        stage_always: write them whatever the verdict, because they were promised before a crash.
        against: a document to compare it with; nothing else is then asked of it.
    """

    flux: str
    entry: DocumentEntry
    deposited: date
    data: bytes | None = None
    path: bytes | None = None
    interface: str | None = None
    default_circuit: Circuit | None = None
    partner: str | None = None
    formats: frozenset[Format] = frozenset()
    senders: tuple[str, ...] = ()
    judged_by: date | None = None
    stage: str | None = None
    stage_always: bool = False
    against: Earlier | None = None

    @property
    def size(self) -> int:
        """Bytes to be read for it."""
        return self.entry.size + (self.against.entry.size if self.against else 0)


class Chunk(msgspec.Struct, frozen=True):
    """Documents that go to a worker together."""

    tasks: tuple[Task, ...]

    @property
    def size(self) -> int:
        """Bytes of all documents."""
        return sum(task.size for task in self.tasks)


class Mark(msgspec.Struct, frozen=True):
    """Something that travels in order between chunks and needs no worker."""

    value: object


def gathered(items: Iterable[Task | Mark]) -> Iterator[Chunk | Mark]:
    """Gather tasks in order, within the bounds of a chunk; a mark ends the chunk before it."""
    held: list[Task] = []
    size = 0
    for item in items:
        full = isinstance(item, Mark) or (
            len(held) == CHUNK_DOCUMENTS or size + item.entry.size > CHUNK_BYTES
        )
        if held and full:
            yield Chunk(tuple(held))
            held, size = [], 0
        if isinstance(item, Mark):
            yield item
        else:
            held.append(item)
            size += item.entry.size
    if held:
        yield Chunk(tuple(held))
