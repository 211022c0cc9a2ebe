"""Everything that is known of one invoice: routing, status, history, validation, orders, files."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from chorus_edi.domain.actors import Identity
from chorus_edi.domain.lifecycle import EVENTS
from chorus_edi.domain.lives import Life
from chorus_edi.domain.orders import possible
from chorus_edi.domain.processing_motives import motives_for
from chorus_edi.domain.statuses import INVOICE_STATUSES
from chorus_edi.errors import Defect
from chorus_edi.services.lives import Desk
from chorus_edi.services.rows import Row

EVENT_COLUMNS = (
    "date",
    "statut",
    "evenement",
    "acteur",
    "motif",
    "commentaire",
    "mandat",
    "routage",
    "valideur",
    "pieces",
    "enregistre_le",
)
TOLD_COLUMNS = ("date", "statut", "evenement", "acteur", "motif", "commentaire", "mandat")
ORDER_COLUMNS = ("date", "acteur", "evenement", "motif", "commentaire", "reponse", "message")
FILE_COLUMNS = ("chemin", "nature", "taille", "sha256", "livre")
POSSIBLE_COLUMNS = ("evenement", "statut", "par", "motif")


class FactureDetail(msgspec.Struct, frozen=True):
    """One invoice: its fields, then its lists; keys are the columns above."""

    facture: Row
    events: tuple[Row, ...]
    orders: tuple[Row, ...]
    files: tuple[Row, ...]


def detail(desk: Desk, document: str) -> FactureDetail | None:
    """Return what is known of an invoice; None where there is none."""
    life = desk.lives.life(document)
    if life is None:
        return None
    return FactureDetail(
        _facture(life), tuple(_events(life)), tuple(order_rows(desk, document)), _files(desk, life)
    )


def longest(desk: Desk) -> tuple[str, list[Row]]:
    """Return the invoice to which most happened, and its history; keys are ``TOLD_COLUMNS``.

    Raises:
        Defect: there is no invoice at all.
    """
    lives = (desk.lives.life(invoice.id) for invoice in desk.store.factures())
    found = max((life for life in lives if life), key=lambda life: len(life.history), default=None)
    if found is None:
        raise Defect("there is no invoice")
    return found.id, [{name: row[name] for name in TOLD_COLUMNS} for row in _events(found)]


def order_rows(desk: Desk, document: str) -> Iterator[Row]:
    """Yield what was asked of an invoice and how it was answered, refusals included."""
    for request in desk.lives.requests(document):
        order = request.order
        yield {
            "date": request.at,
            "acteur": order.actor.told,
            "evenement": EVENTS[order.event].label.fr,
            "motif": order.motif,
            "commentaire": order.comment or None,
            "reponse": request.code.value,
            "message": request.sentence,
        }


def possible_rows(desk: Desk, document: str, actor: Identity | None) -> list[Row] | None:
    """Return what may be done with an invoice now; None where there is none.

    ``actor`` keeps only what he may do.
    """
    life = desk.lives.life(document)
    if life is None:
        return None
    return [
        {
            "evenement": EVENTS[event].label.fr,
            "statut": statut.value,
            "par": ", ".join(role.value for role in roles),
            "motif": ", ".join(motives_for(use)) if use else None,
        }
        for event, statut, roles, use in possible(life, actor, desk.recycling)
    ]


def _facture(life: Life) -> Row:
    summary, routing = life.summary, life.routing
    return {
        "id": life.id,
        "numero_flux": life.numero_flux,
        "numero_facture": summary.number or None,
        "date_facture": summary.issue_date or None,
        "fournisseur": summary.seller or summary.seller_name or None,
        "destinataire": routing.recipient or None,
        "destinataire_nom": routing.recipient_name or None,
        "code_service": routing.code_service or None,
        "engagement": routing.engagement or None,
        "montant_ttc": summary.amount or None,
        "devise": summary.currency or None,
        "cadre": summary.cadre or None,
        "circuit": life.circuit.value,
        "emetteur": life.emetteur,
        "date_depot": life.date_depot,
        "statut": life.statut.value,
        "statut_libelle": INVOICE_STATUSES[life.statut].label.fr,
        "date_statut": life.date_statut,
        "valideur": life.valideur or None,
        "second_valideur": life.second_valideur or None,
        "validation_tacite_le": life.deadline,
    }


def _events(life: Life) -> Iterator[Row]:
    for event in sorted(life.history, key=lambda one: (one.date, one.seq)):
        to = event.rerouting
        yield {
            "date": event.date,
            "statut": event.statut.value,
            "evenement": EVENTS[event.event].label.fr,
            "acteur": event.actor.told,
            "motif": event.motif,
            "commentaire": event.comment or None,
            "mandat": event.mandate or None,
            "routage": " / ".join((to.recipient, to.code_service, to.engagement)) if to else None,
            "valideur": event.valideur or None,
            "pieces": ", ".join(piece.name for piece in event.pieces) or None,
            "enregistre_le": event.recorded_at,
        }


def _files(desk: Desk, life: Life) -> tuple[Row, ...]:
    """Return what its recipients were given of it, at the deposit and since."""
    deposit = (
        (one.path, one.kind, one.size, one.sha256, one.delivered)
        for one in desk.store.intents(life.numero_flux)
        if one.rank == life.rank
    )
    since = (
        (f"{shipment.folder}/{file.name}", file.kind, file.size, file.sha256, True)
        for shipment in desk.lives.shipments(life.id)
        for file in shipment.files
    )
    return tuple(
        {
            "chemin": path,
            "nature": kind,
            "taille": size,
            "sha256": digest,
            "livre": "oui" if delivered else "non",
        }
        for path, kind, size, digest, delivered in (*deposit, *since)
    )
