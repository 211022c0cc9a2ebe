"""Commit 4: what was promised to recipients gets its final name in the outbox.

A crash between the files and the commit repeats the same names with the same bytes. The delivery
note of a recipient is written after his files: it tells him that the delivery is complete.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from itertools import groupby

from chorus_edi.domain.flux import (
    Deliverable,
    Flux,
    Intent,
    archive_path_of,
    delivery_note_path,
)
from chorus_edi.formats.reports import Delivered, delivery_note
from chorus_edi.pipeline.crashpoints import reach
from chorus_edi.pipeline.packing import write_archive
from chorus_edi.ports import Clock, Outbox, Store

NOTE = "note"
ARCHIVE = "archive"
_OF_FLOW = (NOTE, ARCHIVE)
"""Kinds of files that belong to a flow and to none of its documents."""


class Dispatch:
    """Delivers the integrated invoices of a flow."""

    def __init__(self, store: Store, outbox: Outbox, clock: Clock) -> None:
        self._store = store
        self._outbox = outbox
        self._clock = clock

    def deliver(self, flux: Flux, staged: str) -> None:
        """Deliver what is pending of a flow.

        Args:
            flux: a flow whose documents are all decided.
            staged: folder that holds the pending files under their final names.
        """
        pending = self._store.intents(flux.numero_flux, pending=True)
        if not pending:
            return
        archives = self._pack(flux, pending, staged)
        if archives:
            # Before the first has its name: what stands in the outbox is always known.
            self._store.plan(flux.numero_flux, list(archives.values()))
        alone = {
            f"{staged}/{_name(intent)}": intent
            for intent in pending
            if intent.kind not in _OF_FLOW and not _archive(intent)
        }
        self._adopt(archives | alone)
        self._outbox.settle(intent.path for intent in (archives | alone).values())
        reach("delivering")
        notes = self._write_notes(flux)
        self._outbox.settle(intent.path for intent in notes)
        reach("noted")
        paths = [intent.path for intent in (*pending, *archives.values(), *notes)]
        self._store.deliver(flux.numero_flux, paths, self._clock.now())
        reach("delivered")

    def _pack(self, flux: Flux, pending: Sequence[Intent], staged: str) -> dict[str, Intent]:
        """Write the archives of what is to leave in one; return them by staged path."""
        planned = {intent.path: intent for intent in pending if intent.kind == ARCHIVE}
        archives: dict[str, Intent] = {}
        packed = sorted((i for i in pending if _archive(i)), key=_by_archive)
        for path, inside in groupby(packed, key=_archive):
            target = f"{staged}/{path.replace('/', '_')}"
            known = planned.get(path)
            if known is None or not self._is_there(known):
                members = [f"{staged}/{_name(intent)}" for intent in inside]
                size, digest = write_archive(target, members, flux.date_depot)
                known = _of_flow(flux, path, ARCHIVE, size, digest)
            archives[target] = known
        return archives

    def _adopt(self, files: Mapping[str, Intent]) -> None:
        """Make staged files durable, all together, then move each to its place.

        What a run before a crash put there stays there.
        """
        fresh = {path: intent for path, intent in files.items() if not self._is_there(intent)}
        self._outbox.secure(fresh)
        for path, intent in fresh.items():
            self._outbox.adopt(path, intent.path)

    def _is_there(self, intent: Intent) -> bool:
        return self._outbox.has(intent.path, intent.size, intent.sha256)

    def _write_notes(self, flux: Flux) -> list[Intent]:
        documents = {d.rank: d for d in self._store.documents(flux.numero_flux)}
        intents = [i for i in self._store.intents(flux.numero_flux) if i.kind != NOTE]
        notes: list[Intent] = []
        for recipient, owned in groupby(sorted(intents, key=_by_recipient), key=_recipient):
            of_flow, files = _apart(list(owned))
            rows = [
                Delivered(documents[rank], tuple(map(_deliverable, group)))
                for rank, group in groupby(files, key=lambda intent: intent.rank)
            ]
            content = delivery_note(flux, recipient, rows, [*map(_deliverable, of_flow)])
            path = delivery_note_path(recipient, flux.numero_flux)
            self._outbox.write(path, content)
            digest = hashlib.sha256(content).hexdigest()
            notes.append(_of_flow(flux, path, NOTE, len(content), digest))
        self._store.plan(flux.numero_flux, notes)
        return notes


def _apart(intents: Sequence[Intent]) -> tuple[list[Intent], list[Intent]]:
    """Tell archives from the files of invoices."""
    archives = [intent for intent in intents if intent.kind == ARCHIVE]
    return archives, [intent for intent in intents if intent.kind != ARCHIVE]


def _recipient(intent: Intent) -> str:
    return intent.path.partition("/")[0]


def _name(intent: Intent) -> str:
    return intent.path.rpartition("/")[2]


def _by_recipient(intent: Intent) -> tuple[str, int, str]:
    return _recipient(intent), intent.rank, intent.path


def _archive(intent: Intent) -> str:
    return archive_path_of(intent.path) or ""


def _by_archive(intent: Intent) -> tuple[str, int, str]:
    return _archive(intent), intent.rank, intent.path


def _deliverable(intent: Intent) -> Deliverable:
    return Deliverable(
        name=_name(intent),
        kind=intent.kind,
        size=intent.size,
        sha256=intent.sha256,
        archive=_archive(intent).rpartition("/")[2],
    )


def _of_flow(flux: Flux, path: str, kind: str, size: int, sha256: str) -> Intent:
    return Intent(
        numero_flux=flux.numero_flux, rank=0, path=path, kind=kind, size=size, sha256=sha256
    )
