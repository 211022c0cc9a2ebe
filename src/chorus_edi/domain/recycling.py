"""Recycling: one order for who asks by hand, and for who sends the corrected invoice again."""

from __future__ import annotations

from collections.abc import Sequence

from chorus_edi.domain.actors import Actor, Identity
from chorus_edi.domain.flux import InvoiceSummary, rank_of
from chorus_edi.domain.lifecycle import Event
from chorus_edi.domain.lives import Life, LifeEvent, Rerouting, routing_in
from chorus_edi.domain.orders import Order


def recycling(
    document: str,
    supplier: Identity,
    rerouting: Rerouting | None,
    *,
    comment: str = "",
    source: str = "",
) -> Order:
    """Ask that an invoice goes elsewhere, on the road of a deposit.

    Args:
        document: id of the invoice.
        supplier: who asks.
        rerouting: its whole new routing.
        comment: what he adds.
        source: id of the document that he sent to ask it; empty where he asks otherwise.
    """
    return Order(
        document=document,
        event=Event.RECYCLED,
        actor=supplier,
        rerouting=rerouting,
        comment=comment,
        source=source,
    )


def sent_again(life: Life, summary: InvoiceSummary, source: str) -> Order:
    """Return what a document asks of the invoice to be recycled whose number it bears.

    Args:
        life: the invoice.
        summary: what the document says.
        source: its id.
    """
    asked = routing_in(summary)
    if _place(asked) == _place(life.routing):
        # A name that the directory spells otherwise today sends nothing elsewhere.
        asked = life.routing
    supplier = max(life.held_by(Actor.FOURNISSEUR), key=len, default="")
    flow, rank = rank_of(source) or (source, 0)
    return recycling(
        life.id,
        Identity(Actor.FOURNISSEUR, supplier),
        asked,
        comment=f"Renvoyée par le flux {flow}, rang {rank}.",
        source=source,
    )


def current_document(life: Life, known: Sequence[LifeEvent]) -> str:
    """Return the id of the document that an invoice is since some events: what came last."""
    return next((event.source for event in reversed(known) if event.source), life.id)


def _place(routing: Rerouting) -> tuple[str, str, str]:
    return routing.recipient, routing.code_service, routing.engagement
