"""An invoice with its history, as those who process it know it; its status rebuilt from the log."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

import msgspec

from chorus_edi.domain.actors import SYSTEM, Actor, Identity
from chorus_edi.domain.cadres import Demand, demand_of
from chorus_edi.domain.flux import Deliverable, InvoiceSummary, document_id
from chorus_edi.domain.lifecycle import Event
from chorus_edi.domain.processing_motives import ProcessingMotive
from chorus_edi.domain.scenarios import Circuit
from chorus_edi.domain.statuses import InvoiceStatus


class Piece(msgspec.Struct, frozen=True, kw_only=True):
    """A file that the supplier added after the deposit."""

    name: str
    size: int
    sha256: str


class Rerouting(msgspec.Struct, frozen=True, kw_only=True):
    """Where an invoice goes: the three data that recycling may change, and the recipient's name."""

    recipient: str
    recipient_name: str = ""
    code_service: str = ""
    engagement: str = ""


class LifeEvent(msgspec.Struct, frozen=True, kw_only=True):
    """One line of an invoice's history; ``date`` is its own, ``recorded_at`` when we learnt it.

    ``source`` is the id of the document that it came by, where it came as one.
    """

    seq: int
    event: Event
    statut: InvoiceStatus
    date: datetime
    recorded_at: datetime
    actor: Identity = SYSTEM
    motif: ProcessingMotive | None = None
    comment: str = ""
    mandate: str = ""
    pieces: tuple[Piece, ...] = ()
    rerouting: Rerouting | None = None
    valideur: str = ""
    source: str = ""


def last_of(history: Sequence[LifeEvent]) -> LifeEvent | None:
    """Return the event whose status holds: the latest by its own date, then as recorded."""
    return max(history, key=lambda event: (event.date, event.seq), default=None)


class Life(msgspec.Struct, frozen=True, kw_only=True):
    """An invoice as it stands.

    Attributes:
        numero_flux: its flow.
        rank: its rank in it.
        circuit: whose table it follows; an invoice that shows no circuit follows the historic one.
        summary: what it said when it was deposited.
        date_depot: when.
        emetteur: who deposited it.
        statut: current status, a copy of the history's.
        date_statut: since when.
        routing: where it goes now.
        valideur: first valideur's identifier; empty where none is known.
        second_valideur: the second's, where one was named.
        deadline: when it counts as validated; None where nobody is asked.
        history: its events, as recorded.
    """

    numero_flux: str
    rank: int
    circuit: Circuit
    summary: InvoiceSummary
    date_depot: datetime
    emetteur: str
    statut: InvoiceStatus
    date_statut: datetime
    routing: Rerouting
    valideur: str = ""
    second_valideur: str = ""
    deadline: datetime | None = None
    history: tuple[LifeEvent, ...] = ()

    @property
    def id(self) -> str:
        """Document id."""
        return document_id(self.numero_flux, self.rank)

    @property
    def demand(self) -> Demand | None:
        """What kind of validation it needs."""
        return demand_of(self.summary.cadre)

    @property
    def validated(self) -> bool:
        """True where its valideurs have been asked before."""
        return any(event.event is Event.TO_VALIDATE for event in self.history)

    def statut_at(self, date: datetime) -> InvoiceStatus | None:
        """Return the status that held at a time; None before the deposit."""
        event = last_of([event for event in self.history if event.date <= date])
        return event.statut if event else None

    def held_by(self, role: Actor) -> frozenset[str]:
        """Return the identifiers of those who hold a role in this invoice, as it stands."""
        valideur = self.valideur
        if self.statut is InvoiceStatus.A_VALIDER_2:
            valideur = self.second_valideur
        seller = {self.summary.seller, self.summary.seller_key or ""}
        held = {
            Actor.DESTINATAIRE: {self.routing.recipient},
            Actor.COMPTABLE: {self.routing.recipient},
            Actor.FOURNISSEUR: seller,
            Actor.VALIDEUR: {valideur},
        }
        return frozenset(held.get(role, set()) - {""})


def routing_in(summary: InvoiceSummary) -> Rerouting:
    """Return where an invoice asked to go when it was deposited."""
    return Rerouting(
        recipient=summary.recipient,
        recipient_name=summary.recipient_name,
        code_service=summary.code_service,
        engagement=summary.engagement,
    )


class Nature(StrEnum):
    """Why something of an invoice is delivered after its flow was."""

    VALIDATION = "validation"
    RECYCLAGE = "recyclage"
    COMPLEMENT = "complement"


class Shipment(msgspec.Struct, frozen=True, kw_only=True):
    """What is owed to a recipient because of one event of an invoice (``seq``)."""

    numero_flux: str
    rank: int
    seq: int
    nature: Nature
    recipient: str
    files: tuple[Deliverable, ...] = ()
    delivered_at: datetime | None = None

    @property
    def folder(self) -> str:
        """Where it stands in the outbox."""
        name = f"{document_id(self.numero_flux, self.rank)}_{self.seq:02d}-{self.nature.value}"
        return f"{self.recipient}/{self.numero_flux}/{name}"
