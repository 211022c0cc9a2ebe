"""The account of a night: what each partner deposited, and what became of it, from two sources.

One side of each sum is what was counted when a file came in or a flow was closed, the other is what
the rows say today. They differ only where something was lost, doubled or changed by hand.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import msgspec

from chorus_edi.domain.statuses import FluxState


class Night(msgspec.Struct, frozen=True):
    """From one instant on, until another: aware, UTC."""

    begin: datetime
    end: datetime


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """What one partner deposited in one night.

    Attributes:
        emetteur: code of the partner.
        seen: files that the history says came in.
        flows: flows by the state in their row, but for the duplicates.
        duplicates: flows refused because they had come before.
        astray: flows whose row has another state than the end of their history.
        invoices: what their flows counted when they were closed; documents of those still open.
        integrated: invoices with a status, and documents that continued an earlier one.
        rejected: documents refused, those of irrecevable flows included.
        waiting: documents that wait for an operator.
        undecided: documents of flows in progress.
        trial: documents sent in qualification, whatever became of them.
        unkept: closed flows whose stored copy is nowhere; 0 where nobody looked.
    """

    emetteur: str
    seen: int = 0
    flows: Mapping[FluxState, int] = {}
    duplicates: int = 0
    astray: int = 0
    invoices: int = 0
    integrated: int = 0
    rejected: int = 0
    waiting: int = 0
    undecided: int = 0
    trial: int = 0
    unkept: int = 0

    @property
    def accepted(self) -> int:
        """Flows that were not refused, those that wait for an operator included."""
        return sum(map(self._of, _ACCEPTED))

    @property
    def refused(self) -> int:
        """Flows that were refused, but for the duplicates."""
        return sum(map(self._of, _REFUSED))

    @property
    def in_progress(self) -> int:
        """Flows that are not closed."""
        return sum(count for state, count in self.flows.items() if not state.closed)

    @property
    def vanished(self) -> int:
        """Flows whose file was gone before it was taken."""
        return self._of(FluxState.IN_INCIDENTE)

    @property
    def files_gap(self) -> int:
        """Files seen less the flows there are; 0 in a sound night."""
        return self.seen - sum(self.flows.values()) - self.duplicates

    @property
    def invoices_gap(self) -> int:
        """Invoices counted less those that are accounted for; 0 in a sound night."""
        told = self.integrated + self.rejected + self.waiting + self.undecided + self.trial
        return self.invoices - told

    @property
    def sound(self) -> bool:
        """True where nothing is missing, doubled or astray."""
        return not (self.files_gap or self.invoices_gap or self.astray or self.unkept)

    def _of(self, state: FluxState) -> int:
        return self.flows.get(state, 0)


_ACCEPTED = (
    FluxState.IN_INTEGRE,
    FluxState.IN_INTEGRE_PARTIEL,
    FluxState.IN_EN_ATTENTE_RETRAITEMENT_CPP,
    FluxState.QP_RECEVABLE,
    FluxState.QP_RECEVABLE_AVEC_ERREUR,
)
_REFUSED = (FluxState.IN_REJETE, FluxState.QP_IRRECEVABLE)
