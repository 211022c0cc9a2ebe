"""The life of a flow and of an invoice, one table each: (from, event, to, actor).

Source: facts chorus-pro 2.1 and 3.3-3.4. This is the part of the life that the deposit covers;
what recipients and suppliers do afterwards adds rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from chorus_edi.domain.partners import Mode
from chorus_edi.domain.statuses import DocumentState, FluxState, InvoiceStatus
from chorus_edi.errors import Defect


class Event(StrEnum):
    """What can happen to an invoice."""

    INTEGRATED = "integrated"
    ROUTED = "routed"
    DELIVERED = "delivered"


class Actor(StrEnum):
    """Who may cause it."""

    SYSTEM = "system"


class Transition(NamedTuple):
    """One row; ``source`` is None where the invoice begins to exist."""

    source: InvoiceStatus | None
    event: Event
    target: InvoiceStatus
    actor: Actor


_S = InvoiceStatus
# fmt: off
TRANSITIONS: tuple[Transition, ...] = (
    #          from                      event              to                        by
    Transition(None,                     Event.INTEGRATED,  _S.DEPOSEE,               Actor.SYSTEM),
    Transition(_S.DEPOSEE,               Event.ROUTED,      _S.EN_COURS_ACHEMINEMENT, Actor.SYSTEM),
    Transition(_S.EN_COURS_ACHEMINEMENT, Event.DELIVERED,   _S.MISE_A_DISPOSITION,    Actor.SYSTEM),
)
# fmt: on

_BY_KEY = {(t.source, t.event, t.actor): t.target for t in TRANSITIONS}


def after(status: InvoiceStatus | None, event: Event, actor: Actor) -> InvoiceStatus:
    """Return the status that follows.

    Raises:
        Defect: no row of the table answers; only our own code asks at this stage.
    """
    target = _BY_KEY.get((status, event, actor))
    if target is None:
        raise Defect(f"{event} by {actor} in {status}")
    return target


_F = FluxState
FLUX_TRANSITIONS: tuple[tuple[FluxState | None, FluxState], ...] = (
    (None, _F.IN_RECU),
    (_F.IN_RECU, _F.IN_EN_COURS_TRAITEMENT_CPP),
    (_F.IN_RECU, _F.IN_INCIDENTE),
    (_F.IN_RECU, _F.IN_REJETE),
    (_F.IN_EN_COURS_TRAITEMENT_CPP, _F.IN_INTEGRE),
    (_F.IN_EN_COURS_TRAITEMENT_CPP, _F.IN_INTEGRE_PARTIEL),
    (_F.IN_EN_COURS_TRAITEMENT_CPP, _F.IN_REJETE),
    (_F.IN_EN_COURS_TRAITEMENT_CPP, _F.IN_EN_ATTENTE_RETRAITEMENT_CPP),
    (_F.IN_EN_COURS_TRAITEMENT_CPP, _F.IN_INCIDENTE),
    (_F.IN_EN_ATTENTE_RETRAITEMENT_CPP, _F.IN_EN_COURS_TRAITEMENT_CPP),
    (_F.IN_EN_COURS_TRAITEMENT_CPP, _F.QP_RECEVABLE),
    (_F.IN_EN_COURS_TRAITEMENT_CPP, _F.QP_RECEVABLE_AVEC_ERREUR),
    (_F.IN_EN_COURS_TRAITEMENT_CPP, _F.QP_IRRECEVABLE),
)
"""(from, to) of a flow; an operator alone takes one out of its wait, the rest is the system's."""


def flux_state_of(documents: Mapping[DocumentState, int], mode: Mode) -> FluxState:
    """Return the state a flow ends in, recomputed from the count of its documents per state.

    A waiting document outweighs everything: the flow is not finished. An irrecevable flow has
    only irrecevable documents. A flow whose invoices were all refused integrated nothing.
    """
    if documents.get(DocumentState.EN_ATTENTE):
        return FluxState.IN_EN_ATTENTE_RETRAITEMENT_CPP
    if mode is Mode.QUALIFICATION:
        return _qualified(documents)
    refused = documents.get(DocumentState.REJETE, 0) + documents.get(DocumentState.IRRECEVABLE, 0)
    if not documents.get(DocumentState.INTEGRE):
        return FluxState.IN_REJETE
    return FluxState.IN_INTEGRE_PARTIEL if refused else FluxState.IN_INTEGRE


def _qualified(documents: Mapping[DocumentState, int]) -> FluxState:
    """Return what a flow sent in qualification would have been."""
    if documents.get(DocumentState.REJETE):
        return FluxState.QP_RECEVABLE_AVEC_ERREUR
    sound = documents.get(DocumentState.CONFORME)
    return FluxState.QP_RECEVABLE if sound else FluxState.QP_IRRECEVABLE
