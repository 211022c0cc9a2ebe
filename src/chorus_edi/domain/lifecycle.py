"""The life of a flow and of an invoice, one table each: (from, event, to), and who may cause it.

Sources: facts chorus-pro 2.1, 3.3-3.4 (actors, free order of the recipient's statuses), 3.7
(validation), reform-2026 5.3 (end of recycling), 5.4 (AFNOR circuit).
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

import msgspec

from chorus_edi.domain.actors import Actor
from chorus_edi.domain.cadres import Demand
from chorus_edi.domain.labels import Label
from chorus_edi.domain.partners import Mode
from chorus_edi.domain.processing_motives import Use
from chorus_edi.domain.scenarios import Circuit
from chorus_edi.domain.statuses import DocumentState, FluxState, InvoiceStatus
from chorus_edi.errors import Defect


class Event(StrEnum):
    """What can happen to an invoice."""

    INTEGRATED = "integrated"
    TO_VALIDATE = "to-validate"
    APPROVED = "approved"
    DECLINED = "declined"
    WRONG_VALIDEUR = "wrong-valideur"
    VALIDEUR_CORRECTED = "valideur-corrected"
    SECOND_VALIDEUR_CORRECTED = "second-valideur-corrected"
    PASSED_ON = "passed-on"
    TACIT = "tacit"
    ROUTED = "routed"
    DELIVERED = "delivered"
    RECYCLING_ASKED = "recycling-asked"
    SUSPENDED = "suspended"
    REJECTED = "rejected"
    SERVICE_DONE = "service-done"
    MANDATED = "mandated"
    HANDED_TO_ACCOUNTANT = "handed-to-accountant"
    BOOKED = "booked"
    PAID = "paid"
    COMPLETED = "completed"
    RECYCLED = "recycled"
    ACKNOWLEDGED = "acknowledged"
    REJECTION_TREATED = "rejection-treated"


class EventRow(msgspec.Struct, frozen=True):
    """What an event is called, who may cause it, and what its motive must fit, if it needs one."""

    label: Label
    actors: tuple[Actor, ...]
    motive: Use | None = None


def _row(fr: str, en: str, *actors: Actor, motive: Use | None = None) -> EventRow:
    return EventRow(Label(fr, en), actors, motive)


_E, _A = Event, Actor
EVENTS: Mapping[Event, EventRow] = {
    _E.INTEGRATED: _row("intégration", "integrated", _A.SYSTEM),
    _E.TO_VALIDATE: _row("demande de validation", "validation asked", _A.SYSTEM),
    _E.APPROVED: _row("validation", "approved", _A.VALIDEUR),
    _E.DECLINED: _row("refus du valideur", "declined", _A.VALIDEUR, motive=Use.VALIDATION),
    _E.WRONG_VALIDEUR: _row(
        "erreur de valideur", "wrong validating party", _A.VALIDEUR, motive=Use.WRONG_VALIDEUR
    ),
    _E.VALIDEUR_CORRECTED: _row(
        "correction du valideur", "validating party corrected", _A.FOURNISSEUR, _A.EXPLOITANT
    ),
    _E.SECOND_VALIDEUR_CORRECTED: _row(
        "correction du second valideur",
        "second validating party corrected",
        _A.VALIDEUR,
        _A.EXPLOITANT,
    ),
    _E.PASSED_ON: _row("transmission au second valideur", "passed on", _A.SYSTEM),
    _E.TACIT: _row("validation tacite", "tacitly validated", _A.SYSTEM),
    _E.ROUTED: _row("acheminement", "routed", _A.SYSTEM),
    _E.DELIVERED: _row("livraison", "delivered", _A.SYSTEM),
    _E.RECYCLING_ASKED: _row(
        "renvoi à recycler", "recycling asked", _A.DESTINATAIRE, motive=Use.RECYCLING
    ),
    _E.SUSPENDED: _row("suspension", "suspended", _A.DESTINATAIRE, motive=Use.SUSPENSION),
    _E.REJECTED: _row("rejet", "rejected", _A.DESTINATAIRE, motive=Use.REJECTION),
    _E.SERVICE_DONE: _row("service fait", "service rendered", _A.DESTINATAIRE),
    _E.MANDATED: _row("mandatement", "payment ordered", _A.DESTINATAIRE),
    _E.HANDED_TO_ACCOUNTANT: _row(
        "transmission au comptable", "handed to the accountant", _A.DESTINATAIRE, _A.COMPTABLE
    ),
    _E.BOOKED: _row("comptabilisation", "entered in the accounts", _A.DESTINATAIRE, _A.COMPTABLE),
    _E.PAID: _row("mise en paiement", "being paid", _A.DESTINATAIRE, _A.COMPTABLE),
    _E.COMPLETED: _row("complément", "completed", _A.FOURNISSEUR),
    _E.RECYCLED: _row("recyclage", "recycled", _A.FOURNISSEUR),
    _E.ACKNOWLEDGED: _row("acquittement", "acknowledged", _A.FOURNISSEUR),
    _E.REJECTION_TREATED: _row("traitement du rejet", "rejection treated", _A.FOURNISSEUR),
}
"""Rights by role are the ``actors``; each must be a party of the invoice (``orders``)."""


class Transition(NamedTuple):
    """One row; ``source`` is None where the invoice begins to exist.

    ``only`` is the kind of demand it holds for; None for every invoice.
    """

    source: InvoiceStatus | None
    event: Event
    target: InvoiceStatus
    only: Demand | None = None

    @property
    def actors(self) -> tuple[Actor, ...]:
        """Who may cause it."""
        return EVENTS[self.event].actors


_S, _T = InvoiceStatus, Transition
# fmt: off
_DEPOSIT = (
    # from                     event              to
    _T(None,                     _E.INTEGRATED, _S.DEPOSEE),
    _T(_S.DEPOSEE,               _E.ROUTED,     _S.EN_COURS_ACHEMINEMENT),
    _T(_S.EN_COURS_ACHEMINEMENT, _E.DELIVERED,  _S.MISE_A_DISPOSITION),
)
_VALIDATION_OF_ALL = (
    (_S.DEPOSEE,                            _E.TO_VALIDATE,         _S.A_VALIDER_1),
    (_S.A_VALIDER_1,                        _E.APPROVED,            _S.VALIDEE_1),
    (_S.A_VALIDER_1,                        _E.DECLINED,            _S.REFUSEE_1),
    (_S.A_VALIDER_1,                        _E.TACIT,        _S.ABSENCE_VALIDATION_1_HORS_DELAI),
    (_S.A_VALIDER_1,                        _E.WRONG_VALIDEUR,  _S.ERREUR_FOURNISSEUR_SUR_VALIDEUR),
    (_S.A_VALIDER_1,                        _E.VALIDEUR_CORRECTED,  _S.A_VALIDER_1),
    (_S.ERREUR_FOURNISSEUR_SUR_VALIDEUR,    _E.VALIDEUR_CORRECTED,  _S.A_VALIDER_1),
    (_S.VALIDEE_1,                          _E.ROUTED,              _S.EN_COURS_ACHEMINEMENT),
    (_S.ABSENCE_VALIDATION_1_HORS_DELAI,    _E.ROUTED,              _S.EN_COURS_ACHEMINEMENT),
    (_S.VALIDEE_1,                          _E.PASSED_ON,           _S.A_VALIDER_2),
    (_S.A_VALIDER_2,                        _E.APPROVED,            _S.VALIDEE_2),
    (_S.A_VALIDER_2,                        _E.DECLINED,            _S.REFUSEE_2),
    (_S.A_VALIDER_2,                        _E.TACIT,        _S.ABSENCE_VALIDATION_2_HORS_DELAI),
    (_S.A_VALIDER_2,                        _E.WRONG_VALIDEUR,   _S.ERREUR_COTRAITANT_SUR_VALIDEUR),
    (_S.ERREUR_COTRAITANT_SUR_VALIDEUR, _E.SECOND_VALIDEUR_CORRECTED, _S.A_VALIDER_2),
    (_S.VALIDEE_2,                          _E.ROUTED,              _S.EN_COURS_ACHEMINEMENT),
    (_S.ABSENCE_VALIDATION_2_HORS_DELAI,    _E.ROUTED,              _S.EN_COURS_ACHEMINEMENT),
)
# fmt: on
_VALIDATION = (
    *(_T(*row, only=demand) for demand in Demand for row in _VALIDATION_OF_ALL),
    # A subcontractor's demand goes to the public recipient whatever the answer; a co-contractor's
    # ends here (facts chorus-pro 3.7).
    _T(_S.REFUSEE_1, _E.ROUTED, _S.EN_COURS_ACHEMINEMENT, Demand.SOUS_TRAITANCE),
    _T(_S.REFUSEE_2, _E.ROUTED, _S.EN_COURS_ACHEMINEMENT, Demand.SOUS_TRAITANCE),
)

RECIPIENT_EVENTS: Mapping[InvoiceStatus, Event] = {
    _S.A_RECYCLER: _E.RECYCLING_ASKED,
    _S.SUSPENDUE: _E.SUSPENDED,
    _S.REJETEE: _E.REJECTED,
    _S.SERVICE_FAIT: _E.SERVICE_DONE,
    _S.MANDATEE: _E.MANDATED,
    _S.MISE_A_DISPOSITION_COMPTABLE: _E.HANDED_TO_ACCOUNTANT,
    _S.COMPTABILISEE: _E.BOOKED,
    _S.MISE_EN_PAIEMENT: _E.PAID,
}
"""Status that a recipient may set → the event that sets it; in any order among them."""

AWAITED = (
    _S.A_VALIDER_1,
    _S.A_VALIDER_2,
    _S.ERREUR_FOURNISSEUR_SUR_VALIDEUR,
    _S.ERREUR_COTRAITANT_SUR_VALIDEUR,
    _S.SUSPENDUE,
    _S.A_RECYCLER,
)
"""Statuses after which an invoice may still be delivered: what came in is kept as long."""

_ENDS = (_S.REJETEE, _S.MISE_EN_PAIEMENT)
_PROCESSED = (
    _S.MISE_A_DISPOSITION,
    _S.COMPLETEE,
    *(status for status in RECIPIENT_EVENTS if status not in _ENDS),
)
_PROCESSING = tuple(
    _T(source, event, target) for source in _PROCESSED for target, event in RECIPIENT_EVENTS.items()
)
_ANSWERS = (
    _T(_S.SUSPENDUE, _E.COMPLETED, _S.COMPLETEE),
    _T(_S.SUSPENDUE, _E.ACKNOWLEDGED, _S.SUSPENDUE),
    _T(_S.REJETEE, _E.ACKNOWLEDGED, _S.REJETEE),
    _T(_S.REJETEE, _E.REJECTION_TREATED, _S.REJETEE),
    _T(_S.A_RECYCLER, _E.RECYCLED, _S.DEPOSEE),
)


def _recycles(row: Transition) -> bool:
    return _S.A_RECYCLER in (row.source, row.target)


_ALL = (*_DEPOSIT, *_VALIDATION, *_PROCESSING, *_ANSWERS)
TRANSITIONS: Mapping[Circuit, tuple[Transition, ...]] = {
    Circuit.HISTORIQUE: _ALL,
    # An invoice of the reform is immutable: it is refused, never recycled (facts reform-2026 5.3).
    Circuit.AFNOR: tuple(row for row in _ALL if not _recycles(row)),
}

_BY_KEY = {
    (circuit, row.source, row.event, demand): row.target
    for circuit, rows in TRANSITIONS.items()
    for row in rows
    for demand in ((None, *Demand) if row.only is None else (row.only,))
}


def after(
    circuit: Circuit, demand: Demand | None, status: InvoiceStatus | None, event: Event
) -> InvoiceStatus | None:
    """Return the status that follows; None where no row of the table answers."""
    return _BY_KEY.get((circuit, status, event, demand))


def step(status: InvoiceStatus | None, event: Event) -> InvoiceStatus:
    """Return the status that follows in every circuit and for every invoice.

    Raises:
        Defect: no row of the table answers; only our own code asks for these.
    """
    target = after(Circuit.AFNOR, None, status, event)
    if target is None:
        raise Defect(f"{event} in {status}")
    return target


def following(
    circuit: Circuit, demand: Demand | None, status: InvoiceStatus
) -> tuple[tuple[Event, InvoiceStatus], ...]:
    """Return what may happen to an invoice in a status, and where it leads, in table order."""
    return tuple(
        (row.event, row.target)
        for row in TRANSITIONS[circuit]
        if row.source is status and row.only in (None, demand)
    )


def is_final(circuit: Circuit, demand: Demand | None, status: InvoiceStatus) -> bool:
    """True where nothing leads from a status to another one."""
    return all(target is status for _, target in following(circuit, demand, status))


def goes_on_by(
    demand: Demand | None, status: InvoiceStatus, *, validated: bool, second: bool
) -> Event | None:
    """Return what the platform does at once with an invoice in a status; None: it waits.

    Args:
        demand: what kind of demand the invoice is.
        status: where it stands.
        validated: it went through the circuit of its valideur before.
        second: a second valideur was named.
    """
    if status is _S.DEPOSEE:
        return _E.TO_VALIDATE if demand and not validated else _E.ROUTED
    if status is _S.VALIDEE_1:
        return _E.PASSED_ON if second else _E.ROUTED
    answered = status.name.startswith(("VALIDEE_", "REFUSEE_", "ABSENCE_VALIDATION_"))
    goes = after(Circuit.AFNOR, demand, status, _E.ROUTED) if answered else None
    return _E.ROUTED if goes else None


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
