"""What whoever watches the installation asks of its memory: counts, never single documents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from chorus_edi.domain.accounts import Account, Night
from chorus_edi.domain.flux import Flux
from chorus_edi.domain.statuses import DocumentState, FluxState, InvoiceStatus


class Tally(msgspec.Struct, frozen=True, kw_only=True):
    """Everything there is, counted.

    Attributes:
        flows: by state; states of no flow are left out, as below.
        documents: by state; None for those that nobody decided.
        invoices: by status.
        oldest: deposit of the oldest flow that is not closed, if any.
        last: deposit of the newest flow, if any.
    """

    flows: Mapping[FluxState, int]
    documents: Mapping[DocumentState | None, int]
    invoices: Mapping[InvoiceStatus, int]
    oldest: datetime | None
    last: datetime | None


class Counts(Protocol):
    """Questions; each sees the memory as it is at one moment."""

    def last_deposit(self, emetteur: str, since: datetime | None = None) -> datetime | None:
        """Return when a partner's newest flow came in; None where none came since an instant."""
        ...

    def accounts(self, night: Night) -> Sequence[Account]:
        """Return the accounts of the partners who deposited in a night, by code."""
        ...

    def closed(self, night: Night) -> Iterator[Flux]:
        """Yield the closed flows of a night that were taken, the oldest claim first."""
        ...

    def tally(self) -> Tally:
        """Count everything."""
        ...
