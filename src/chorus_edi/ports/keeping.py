"""What the end of keeping needs: which flows are due, what lies on disk, and how it goes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from chorus_edi.domain.flux import Flux


class Lying(msgspec.Struct, frozen=True, kw_only=True):
    """A file, or a folder of files, that lies where somebody fetches it.

    Attributes:
        path: absolute.
        numero_flux: the flow that it is of.
        since: when it was put there, aware, UTC.
        size: bytes.
    """

    path: str
    numero_flux: str
    since: datetime
    size: int


class Keeping(Protocol):
    """Durable memory of what was purged; one transaction per verb, and safe to repeat.

    A flow goes in three steps: it is told that its file goes; the file is gone; its rows go.
    """

    def due(self, before: datetime) -> Sequence[Flux]:
        """Return the ended flows whose stored file is to go, in claim order.

        Their last state and the last status of each of their invoices are from before an instant.
        Those that wait for an operator are not ended.
        """
        ...

    def forgettable(self, before: datetime) -> Sequence[Flux]:
        """Return the ended flows whose rows are to go, in claim order: see ``due``."""
        ...

    def dismiss(self, numero_flux: str, at: datetime) -> None:
        """Say in the history of a flow that its stored file goes."""
        ...

    def dismissed(self, numero_flux: str) -> bool:
        """True where the stored file of a flow is gone because its time was over, or goes."""
        ...

    def gone(self, numero_flux: str, at: datetime) -> None:
        """Record that the stored file of a dismissed flow is gone."""
        ...

    def forget(self, numero_flux: str, at: datetime) -> None:
        """Delete what is known of a flow whose file is gone, all but what keeps things unique.

        What stays: the flow with its numbers and digest, the documents that hold an invoice
        number, without what was read in them, and one line of history that says so.

        Raises:
            Defect: its file is not gone.
        """
        ...

    def settled(self, before: datetime) -> int:
        """Return how many events of the installation are to go, those told to somebody."""
        ...

    def drop_settled(self, before: datetime) -> None:
        """Delete those."""
        ...


class Shelves(Protocol):
    """Where the stored files of flows lie."""

    def weight(self, flux: Flux) -> int:
        """Return the bytes of the stored copy of a flow, and of what came with it."""
        ...

    def remove(self, flux: Flux) -> None:
        """Remove the stored copy of a flow, durably; nothing where it is gone."""
        ...


class Fetched(Protocol):
    """A place from which others fetch."""

    def lying(self) -> Iterator[Lying]:
        """Yield what lies there of ours, in path order."""
        ...

    def take_away(self, lying: Lying) -> None:
        """Remove it, unless it was put there anew since it was looked at; nothing if it is gone."""
        ...
