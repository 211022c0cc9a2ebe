"""Recycling by EDI: the number of an invoice that waits to be recycled comes again.

The same invoice but for its routing continues the first one; anything else is refused, and told
what it changed. Both were accepted by a worker before, so both are read here, one by one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from chorus_edi.domain.dossier import Document
from chorus_edi.domain.findings import Passed
from chorus_edi.domain.flux import Decision, Flux, InvoiceSummary, rank_of
from chorus_edi.domain.invoice import Invoice
from chorus_edi.domain.legal_time import paris
from chorus_edi.domain.sameness import differing
from chorus_edi.domain.scenarios import Circuit
from chorus_edi.domain.statuses import DocumentState
from chorus_edi.errors import Defect, Delayed
from chorus_edi.formats.archive import Limits
from chorus_edi.pipeline.decision import not_the_same
from chorus_edi.pipeline.reading import Piece, bytes_of, piece_of
from chorus_edi.ports import FlowFiles, Store
from chorus_edi.ports.lifecycle import Lives
from chorus_edi.stages.detect import detect
from chorus_edi.stages.parse import parse


@dataclass(frozen=True, slots=True, kw_only=True)
class Continuing:
    """Recognises invoices that come again to be recycled."""

    lives: Lives
    store: Store
    files: FlowFiles
    limits: Limits

    def recognise(
        self, flux: Flux, decisions: Sequence[Decision], scratch: str
    ) -> tuple[Decision, ...]:
        """Say of each decision whether it continues an invoice; refuse what changes too much.

        Args:
            flux: the flow that is being decided.
            decisions: of its documents.
            scratch: absolute path of its scratch folder.
        """
        asked = {key for decision in decisions if (key := _key(decision)) is not None}
        waiting = self.lives.to_be_recycled(asked) if asked else {}
        if not waiting:
            return tuple(decisions)
        return tuple(
            self._recognised(flux, one, waiting[key], scratch)
            if (key := _key(one)) in waiting and key is not None
            else one
            for one in decisions
        )

    def _recognised(self, flux: Flux, decision: Decision, first: str, scratch: str) -> Decision:
        numero, rank = rank_of(first) or ("", 0)
        origin = self.store.flux(numero)
        if origin is None:
            raise Defect(f"no flow of {first}")
        changed = differing(
            self._invoice(origin, rank, scratch), self._invoice(flux, decision.rank, scratch)
        )
        if changed:
            return not_the_same(decision, first, changed)
        return replace(decision, continues=first)

    def _invoice(self, flux: Flux, rank: int, scratch: str) -> Invoice:
        piece = piece_of(self.files, flux, rank, self.limits, scratch)
        read = _read(flux, piece) if piece else None
        if read is None:
            raise Delayed(f"le document {rank} du flux {flux.numero_flux} n'a pas pu être relu")
        return read


def _read(flux: Flux, piece: Piece) -> Invoice | None:
    document = Document(
        content=bytes_of(piece), name=piece.entry.name, deposited=paris(flux.date_depot).date()
    )
    detected = detect(document)
    if not isinstance(detected, Passed):
        return None
    parsed = parse(detected.value)
    return parsed.value.invoice if isinstance(parsed, Passed) else None


def _key(decision: Decision) -> tuple[int, str, str] | None:
    """Return what the number of an accepted invoice of the historic circuit is unique under."""
    said = decision.examination.summary or InvoiceSummary()
    historic = decision.examination.circuit is Circuit.HISTORIQUE
    if decision.state is not DocumentState.INTEGRE or not historic:
        return None
    if said.year is None or not said.seller_key or not said.number or said.may_come_again:
        return None
    return said.year, said.seller_key, said.number
