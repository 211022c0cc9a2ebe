"""Commit 4: what was promised to recipients gets its final name in the outbox.

A crash between the files and the commit repeats the same names with the same bytes. The delivery
note of a recipient is written after his files: it tells him that the delivery is complete.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from itertools import groupby

from chorus_edi.domain.flux import Deliverable, Flux, Intent, delivery_note_path
from chorus_edi.formats.reports import Delivered, delivery_note
from chorus_edi.pipeline.crashpoints import reach
from chorus_edi.ports import Clock, Outbox, Store

NOTE = "note"


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
        self._adopt([intent for intent in pending if not self._is_there(intent)], staged)
        self._outbox.settle()
        reach("delivering")
        notes = self._write_notes(flux)
        self._outbox.settle()
        reach("noted")
        paths = [intent.path for intent in (*pending, *notes)]
        self._store.deliver(flux.numero_flux, paths, self._clock.now())
        reach("delivered")

    def _is_there(self, intent: Intent) -> bool:
        """True for what needs no staged file: a note, or what a run before a crash put there."""
        return intent.kind == NOTE or self._outbox.has(intent.path, intent.size, intent.sha256)

    def _adopt(self, intents: Sequence[Intent], staged: str) -> None:
        """Make staged files durable, all together, then move each to its place."""
        self._outbox.secure(f"{staged}/{_name(intent)}" for intent in intents)
        for intent in intents:
            self._outbox.adopt(f"{staged}/{_name(intent)}", intent.path)

    def _write_notes(self, flux: Flux) -> list[Intent]:
        documents = {d.rank: d for d in self._store.documents(flux.numero_flux)}
        files = [i for i in self._store.intents(flux.numero_flux) if i.kind != NOTE]
        notes: list[Intent] = []
        for recipient, owned in groupby(sorted(files, key=_by_recipient), key=_recipient):
            rows = [
                Delivered(documents[rank], tuple(map(_deliverable, intents)))
                for rank, intents in groupby(owned, key=lambda intent: intent.rank)
            ]
            content = delivery_note(flux, recipient, rows)
            path = delivery_note_path(recipient, flux.numero_flux)
            self._outbox.write(path, content)
            notes.append(_note(flux, path, content))
        self._store.plan(flux.numero_flux, notes)
        return notes


def _recipient(intent: Intent) -> str:
    return intent.path.partition("/")[0]


def _name(intent: Intent) -> str:
    return intent.path.rpartition("/")[2]


def _by_recipient(intent: Intent) -> tuple[str, int, str]:
    return _recipient(intent), intent.rank, intent.path


def _deliverable(intent: Intent) -> Deliverable:
    return Deliverable(name=_name(intent), kind=intent.kind, size=intent.size, sha256=intent.sha256)


def _note(flux: Flux, path: str, content: bytes) -> Intent:
    return Intent(
        numero_flux=flux.numero_flux,
        rank=0,
        path=path,
        kind=NOTE,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )
