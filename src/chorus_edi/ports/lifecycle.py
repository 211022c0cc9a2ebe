"""What processing invoices needs to remember: their lives, what was asked, what is owed since."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from chorus_edi.domain.flux import Deliverable
from chorus_edi.domain.labels import Label
from chorus_edi.domain.lives import Life, Piece, Shipment
from chorus_edi.domain.orders import AnswerCode, Granted, Order, Refusal
from chorus_edi.domain.statuses import InvoiceStatus


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """How an order ended; ``statut`` is the invoice's afterwards, None where there is none."""

    document: str
    code: AnswerCode
    label: Label
    statut: InvoiceStatus | None = None


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """An order as it was received, and how it was answered; refused ones too."""

    sequence: int
    document: str
    at: datetime
    order: Order
    code: AnswerCode
    sentence: str


Judge = Callable[[Life], Granted | Refusal]
"""Answers an order, given the invoice as it stands."""


class Lives(Protocol):
    """Durable memory of the lives of invoices; one transaction per verb, and safe to repeat."""

    def life(self, document: str) -> Life | None:
        """Return an invoice with its history."""
        ...

    def requests(self, document: str) -> Sequence[Request]:
        """Return what was asked of an invoice, in order; of one that does not exist too."""
        ...

    def obey(self, order: Order, at: datetime, judge: Judge) -> Answer:
        """Judge an order while nobody else changes the invoice, and write what follows.

        What is granted is written with the copy of the status and with what is owed since; every
        order is recorded with its answer.
        """
        ...

    def to_be_recycled(
        self, numbers: Collection[tuple[int, str, str]]
    ) -> Mapping[tuple[int, str, str], str]:
        """Return which numbers (year, seller key, number) invoices hold that wait to be recycled.

        Number → id of the invoice.
        """
        ...

    def overdue(self, at: datetime) -> Iterator[str]:
        """Yield the ids of the invoices that count as validated by a time, the longest due first.

        Whoever settles them may do it while they are yielded.
        """
        ...

    def settle(self, document: str, at: datetime) -> bool:
        """Let an overdue invoice be validated tacitly; False where it is not overdue any more."""
        ...

    def owed(self) -> Sequence[Shipment]:
        """Return what is to be delivered because of an event, by flow, rank and event."""
        ...

    def shipments(self, document: str) -> Sequence[Shipment]:
        """Return what was delivered of an invoice because of events, and what is owed."""
        ...

    def shipped(self, shipment: Shipment, files: Sequence[Deliverable], at: datetime) -> None:
        """Record a delivery, once; an invoice on its way becomes available."""
        ...


class Pieces(Protocol):
    """Where the files that suppliers add are kept."""

    def keep(self, document: str, piece: Piece, content: bytes) -> bool:
        """Store a file durably; False where it was there already."""
        ...

    def drop(self, document: str, piece: Piece) -> None:
        """Remove a file that no event names."""
        ...

    def read(self, document: str, piece: Piece) -> bytes:
        """Return the content of a file.

        Raises:
            Delayed: it is not there, or not what it was.
        """
        ...
