"""What is delivered after the deposit: validated, recycled and completed invoices, by event.

At the start of every run. An invoice is read again from the stored copy of its flow, in a worker;
its files, those added since and a note of their own stand in a folder that the event names. A crash
before the row says that it was delivered repeats the same names with the same bytes.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from chorus_edi.domain.flux import Deliverable, Examination, Flux, rank_of
from chorus_edi.domain.legal_time import paris
from chorus_edi.domain.lives import Life, LifeEvent, Nature, Piece, Shipment
from chorus_edi.domain.recycling import current_document
from chorus_edi.errors import Defect, Delayed, said
from chorus_edi.formats.archive import Limits
from chorus_edi.formats.shipments import NOTE, shipment_note
from chorus_edi.pipeline.reading import piece_of
from chorus_edi.pipeline.rests import Rests
from chorus_edi.pipeline.tasks import Chunk, Task
from chorus_edi.pipeline.worker import Done, Supervisor
from chorus_edi.ports import Clock, FlowFiles, Outbox, Store
from chorus_edi.ports.lifecycle import Lives, Pieces

log = logging.getLogger(__name__)

ADDED = "complement"
"""Kind of a file that was added after the deposit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shipping:
    """Settles what is overdue, and delivers what events made owed.

    Attributes:
        lives: the invoices, and what is owed of them.
        store: their flows and documents.
        files: where the stored copies are.
        outbox: where deliveries go.
        pieces: where added files are kept.
        clock: now.
        supervisor: examines in workers.
        limits: bounds of a flow.
    """

    lives: Lives
    store: Store
    files: FlowFiles
    outbox: Outbox
    pieces: Pieces
    clock: Clock
    supervisor: Supervisor
    limits: Limits
    rests: Rests = field(default_factory=Rests)

    def run(self, stopping: Callable[[], bool] = lambda: False) -> dict[str, str]:
        """Settle and deliver all that can be; return why a flow's deliveries wait, by flow."""
        settle(self.lives, self.clock)
        delayed: dict[str, str] = {}
        for shipment in self.lives.owed():
            numero = shipment.numero_flux
            # What one event owes comes before what the next one does.
            if stopping() or numero in delayed or not self.rests.over(numero):
                continue
            flux = self._flux(numero)
            try:
                self._ship(flux, shipment)
            except (OSError, Delayed, Defect) as error:
                delayed[numero] = said(error)
                log.warning("livraison en attente (%s) : %s", shipment.folder, delayed[numero])
                self.rests.put(flux, taken=True)
            else:
                self.rests.end(numero)
        return delayed

    def _flux(self, numero_flux: str) -> Flux:
        flux = self.store.flux(numero_flux)
        if flux is None:
            raise Defect(f"no flow {numero_flux}")
        return flux

    def _ship(self, flux: Flux, shipment: Shipment) -> None:
        life = self.lives.life(_document(shipment))
        if life is None:
            raise Defect(f"no invoice for {shipment.folder}")
        known = [event for event in life.history if event.seq <= shipment.seq]
        source = rank_of(current_document(life, known)) or (flux.numero_flux, shipment.rank)
        files = [*self._original(shipment, *source), *self._added(life, known, shipment)]
        content = shipment_note(flux, life, known, shipment, files)
        self.outbox.settle(f"{shipment.folder}/{file.name}" for file in files)
        # After its files: it tells the recipient that the delivery is complete.
        self.outbox.write(f"{shipment.folder}/{NOTE}", content)
        self.outbox.settle([f"{shipment.folder}/{NOTE}"])
        self.lives.shipped(shipment, files, self.clock.now())

    def _original(self, shipment: Shipment, numero_flux: str, rank: int) -> Sequence[Deliverable]:
        """Deliver the invoice and its attachments, unless only what was added is owed.

        The flow and the rank are those of the document that it is now: it may have come again.
        """
        if shipment.nature is Nature.COMPLEMENT:
            return ()
        flux = self._flux(numero_flux)
        scratch = self.files.scratch(flux)
        files = self._examined(flux, rank, scratch).deliverables
        staged = {f"{scratch}/{file.name}": file for file in files}
        paths = {path: f"{shipment.folder}/{file.name}" for path, file in staged.items()}
        fresh = {
            path: target
            for path, target in paths.items()
            if not self.outbox.has(target, staged[path].size, staged[path].sha256)
        }
        self.outbox.secure(fresh)
        for path, target in fresh.items():
            self.outbox.adopt(path, target)
        self.files.clear(flux)
        return files

    def _examined(self, flux: Flux, rank: int, scratch: str) -> Examination:
        """Read a document again in a worker, which writes its files into the scratch folder.

        Raises:
            Delayed: it cannot be read any more, or is not what it was.
        """
        task = self._task(flux, rank, scratch)
        known = next(d for d in self.store.documents(flux.numero_flux) if d.rank == rank)
        if task is None or task.entry.sha256 != known.sha256:
            raise Delayed(f"le document {known.id} n'est plus dans le fichier reçu")
        for item in self.supervisor.run([Chunk((task,))]):
            answer = item.answers[0] if isinstance(item, Done) else None
            if isinstance(answer, Examination) and answer.deliverables:
                return answer
        # It was sound once: whatever took its worker is not held against it by the next run.
        self.store.survived(flux.numero_flux, rank)
        raise Delayed(f"le document {known.id} n'a pas pu être relu")

    def _task(self, flux: Flux, rank: int, scratch: str) -> Task | None:
        piece = piece_of(self.files, flux, rank, self.limits, scratch)
        if piece is None:
            return None
        return Task(
            flux=flux.numero_flux,
            entry=piece.entry,
            data=piece.data,
            path=piece.path,
            deposited=paris(flux.date_depot).date(),
            interface=flux.interface,
            partner=flux.emetteur,
            stage=scratch,
            stage_always=True,
        )

    def _added(
        self, life: Life, known: Sequence[LifeEvent], shipment: Shipment
    ) -> list[Deliverable]:
        """Deliver the files that were added since: those of the event, or all where it moves."""
        only = shipment.nature is Nature.COMPLEMENT
        files = []
        for seq, name, piece in _numbered(life, known):
            if only and seq != shipment.seq:
                continue
            path = f"{shipment.folder}/{name}"
            if not self.outbox.has(path, piece.size, piece.sha256):
                self.outbox.write(path, self.pieces.read(life.id, piece))
            files.append(Deliverable(name=name, kind=ADDED, size=piece.size, sha256=piece.sha256))
        return files


def settle(lives: Lives, clock: Clock) -> int:
    """Let every invoice whose valideur was silent too long go on; return how many."""
    at = clock.now()
    return sum(lives.settle(document, at) for document in lives.overdue(at))


def _document(shipment: Shipment) -> str:
    return f"{shipment.numero_flux}-{shipment.rank:04d}"


def _numbered(life: Life, known: Sequence[LifeEvent]) -> list[tuple[int, str, Piece]]:
    """Return every added file: the event that added it, its delivered name, itself."""
    pieces = [(event.seq, piece) for event in known for piece in event.pieces]
    return [
        (seq, f"{life.id}_CPL{number:02d}_{piece.name}", piece)
        for number, (seq, piece) in enumerate(pieces, 1)
    ]
