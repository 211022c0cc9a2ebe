"""Recycling by EDI: the number of an invoice that waits to be recycled comes again.

Before commit 3 both documents are read again from the stored copies, by one worker, which says what
differs beside the routing. Commit 3 decides, once it holds the invoice: it may have gone on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from chorus_edi.domain.flux import Decision, Examination, Flux, InvoiceSummary, rank_of
from chorus_edi.domain.legal_time import paris
from chorus_edi.domain.orders import Recycling
from chorus_edi.domain.scenarios import Circuit
from chorus_edi.domain.statuses import DocumentState
from chorus_edi.errors import Defect, Delayed
from chorus_edi.formats.archive import Limits
from chorus_edi.pipeline.reading import Piece, piece_of
from chorus_edi.pipeline.tasks import Chunk, Earlier, Task
from chorus_edi.pipeline.worker import Done, Supervisor
from chorus_edi.ports import FlowFiles, Store
from chorus_edi.ports.lifecycle import Lives


@dataclass(frozen=True, slots=True, kw_only=True)
class Continuing:
    """Recognises invoices that come again to be recycled.

    Attributes:
        lives: which numbers belong to invoices that wait for it.
        store: their flows.
        files: where the stored copies are.
        supervisor: compares in a worker.
        limits: bounds of a flow.
        recycling: whether « À recycler » is honoured; where it is not, a number comes once.
        dismissed: whether the stored copy of a flow was let go on purpose; one that is missing for
            another reason makes the flow wait.
    """

    lives: Lives
    store: Store
    files: FlowFiles
    supervisor: Supervisor
    limits: Limits
    recycling: Recycling
    dismissed: Callable[[str], bool] = lambda _: False

    def recognise(
        self, flux: Flux, decisions: Sequence[Decision], scratch: str
    ) -> tuple[Decision, ...]:
        """Say of each decision which invoice it may continue, and what it would change of it.

        Args:
            flux: the flow that is being decided.
            decisions: of its documents.
            scratch: absolute path of its scratch folder.

        Raises:
            Delayed: a document could not be read again.
        """
        keys = {one.rank: key for one in decisions if (key := _key(one)) is not None}
        honoured = keys and self.recycling is Recycling.ACCEPTED
        waiting = self.lives.to_be_recycled(set(keys.values())) if honoured else {}
        if not waiting:
            return tuple(decisions)
        return tuple(
            self._recognised(flux, one, first, scratch)
            if (key := keys.get(one.rank)) and (first := waiting.get(key))
            else one
            for one in decisions
        )

    def _recognised(self, flux: Flux, decision: Decision, first: str, scratch: str) -> Decision:
        numero, rank = rank_of(first) or ("", 0)
        origin = self.store.flux(numero)
        if origin is None:
            raise Defect(f"no flow of {first}")
        if self.dismissed(numero):
            # Nobody can say any more what this one changes, so it is what it looks like.
            return decision
        # In folders of their own: large documents of both are spilled under their ranks.
        before = self._piece(origin, rank, f"{scratch}/premier")
        again = self._piece(flux, decision.rank, f"{scratch}/second")
        differing = self._compared(flux, again, origin, before)
        return replace(decision, continues=first, differing=differing)

    def _piece(self, flux: Flux, rank: int, scratch: str) -> Piece:
        piece = piece_of(self.files, flux, rank, self.limits, scratch)
        if piece is None:
            raise _unreadable(flux, rank)
        return piece

    def _compared(self, flux: Flux, again: Piece, origin: Flux, before: Piece) -> tuple[str, ...]:
        earlier = Earlier(
            entry=before.entry,
            data=before.data,
            path=before.path,
            deposited=paris(origin.date_depot).date(),
        )
        task = Task(
            flux=flux.numero_flux,
            entry=again.entry,
            data=again.data,
            path=again.path,
            deposited=paris(flux.date_depot).date(),
            against=earlier,
        )
        for item in self.supervisor.run([Chunk((task,))]):
            answer = item.answers[0] if isinstance(item, Done) else None
            if isinstance(answer, Examination) and answer.differing is not None:
                return answer.differing
        # It was sound just now: whatever took its worker is not held against it by the next run.
        self.store.survived(flux.numero_flux, again.entry.rank)
        raise _unreadable(flux, again.entry.rank)


def _unreadable(flux: Flux, rank: int) -> Delayed:
    return Delayed(
        f"le document {rank} du flux {flux.numero_flux} n'a pas pu être relu pour le recyclage"
    )


def _key(decision: Decision) -> tuple[int, str, str] | None:
    """Return what the number of an accepted invoice of the historic circuit is unique under."""
    said = decision.examination.summary or InvoiceSummary()
    historic = decision.examination.circuit is Circuit.HISTORIQUE
    if decision.state is not DocumentState.INTEGRE or not historic:
        return None
    if said.year is None or not said.seller_key or not said.number or said.may_come_again:
        return None
    return said.year, said.seller_key, said.number
