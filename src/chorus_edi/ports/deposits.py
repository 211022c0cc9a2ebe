"""What certificates need of durable memory: integrated invoices as they were deposited."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from chorus_edi.domain.deposits import Deposit


class Deposits(Protocol):
    """Integrated invoices; refused and waiting documents are none."""

    def deposit(self, numero_flux: str, rank: int) -> Deposit | None:
        """Return one invoice."""
        ...

    def deposits(self, *, sha256: str | None = None) -> Iterator[Deposit]:
        """Yield invoices by claim order and rank, those of some bytes only where they are named."""
        ...
