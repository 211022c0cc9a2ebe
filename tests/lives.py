"""Short makers of lives of invoices, and of what is asked of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from chorus_edi.domain.actors import Actor, Identity
from chorus_edi.domain.cadres import demand_of
from chorus_edi.domain.consequences import Outcome, by_system, consequences
from chorus_edi.domain.flux import InvoiceSummary
from chorus_edi.domain.lifecycle import Event
from chorus_edi.domain.lives import Life, LifeEvent, routing_in
from chorus_edi.domain.orders import Order, Recycling, Refusal, judge
from chorus_edi.domain.scenarios import Circuit
from chorus_edi.domain.statuses import InvoiceStatus

AT = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
NUMERO = "AAA9990000000000000000001"
ID = f"{NUMERO}-0001"
TOWN, SELLER, VALIDEUR, SECOND = (
    "21800019800018",
    "73282932000074",
    "35600000000048",
    "21070042900018",
)
RECIPIENT = Identity(Actor.DESTINATAIRE, TOWN)
ACCOUNTANT = Identity(Actor.COMPTABLE, TOWN)
SUPPLIER = Identity(Actor.FOURNISSEUR, SELLER)
VALIDATOR = Identity(Actor.VALIDEUR, VALIDEUR)
NEXT_VALIDATOR = Identity(Actor.VALIDEUR, SECOND)
OPERATOR = Identity(Actor.EXPLOITANT, "claire")


def later(hours: int) -> datetime:
    return AT + timedelta(hours=hours)


def summary(cadre: str = "A1", *, valideur: str = VALIDEUR) -> InvoiceSummary:
    return InvoiceSummary(
        number="F-1",
        year=2026,
        seller_key=SELLER[:9],
        seller=SELLER,
        recipient=TOWN,
        recipient_name="Commune de Valbourg",
        code_service="FIN",
        engagement="4500001",
        cadre=cadre,
        valideur=valideur if demand_of(cadre) else "",
    )


def deposited(
    *, cadre: str = "A1", circuit: Circuit = Circuit.HISTORIQUE, valideur: str = VALIDEUR
) -> Life:
    """Return an invoice as the deposit leaves it: under way, or with its valideur."""
    said = summary(cadre, valideur=valideur)
    begun = InvoiceStatus.DEPOSEE
    event = LifeEvent(seq=1, event=Event.INTEGRATED, statut=begun, date=AT, recorded_at=AT)
    life = Life(
        numero_flux=NUMERO,
        rank=1,
        circuit=circuit,
        summary=said,
        date_depot=AT,
        emetteur="AAA999",
        statut=begun,
        date_statut=AT,
        routing=routing_in(said),
        valideur=said.valideur,
        history=(event,),
    )
    return by_platform(life, Event.TO_VALIDATE if life.demand else Event.ROUTED, AT)


def available(*, circuit: Circuit = Circuit.HISTORIQUE) -> Life:
    """Return an invoice that its recipient has."""
    return by_platform(deposited(circuit=circuit), Event.DELIVERED, AT)


def by_platform(life: Life, event: Event, at: datetime) -> Life:
    return grown(life, consequences(life, by_system(life, event, at), at))


def grown(life: Life, outcome: Outcome) -> Life:
    """Return an invoice after something happened to it."""
    return replace(
        life,
        statut=outcome.statut,
        date_statut=outcome.date_statut,
        routing=outcome.routing,
        valideur=outcome.valideur,
        second_valideur=outcome.second_valideur,
        deadline=outcome.deadline,
        history=(*life.history, *outcome.events),
    )


def asked(
    life: Life, order: Order, at: datetime, *, recycling: Recycling = Recycling.ACCEPTED
) -> Outcome | Refusal:
    """Judge an order; return what follows from it, or why nothing does."""
    verdict = judge(life, order, at, recycling)
    return verdict if isinstance(verdict, Refusal) else consequences(life, verdict, at)


def after(life: Life, *orders: Order) -> Life:
    """Return an invoice after orders that are all granted, an hour apart."""
    for hour, order in enumerate(orders, 1):
        outcome = asked(life, order, max(life.date_statut, AT) + timedelta(hours=hour))
        assert isinstance(outcome, Outcome), outcome
        life = grown(life, outcome)
    return life
