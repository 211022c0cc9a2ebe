"""The note that goes with what is delivered after a deposit: why, of which invoice, which files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from chorus_edi.domain.actors import Actor
from chorus_edi.domain.flux import Deliverable, Flux
from chorus_edi.domain.legal_time import iso
from chorus_edi.domain.lifecycle import Event
from chorus_edi.domain.lives import Life, LifeEvent, Nature, Rerouting, Shipment, routing_in
from chorus_edi.domain.processing_motives import PROCESSING_MOTIVES
from chorus_edi.domain.recycling import current_document
from chorus_edi.domain.statuses import INVOICE_STATUSES
from chorus_edi.formats.reports import VERSION, json_bytes

NOTE = "livraison.json"
"""What it is called, in the folder of its delivery."""

_ANSWERS = (Event.APPROVED, Event.DECLINED, Event.TACIT, Event.PASSED_ON)


def shipment_note(
    flux: Flux,
    life: Life,
    known: Sequence[LifeEvent],
    shipment: Shipment,
    files: Sequence[Deliverable],
) -> bytes:
    """Return the note of one delivery; the same event always gives the same bytes.

    Args:
        flux: the flow that the invoice came in.
        life: the invoice.
        known: its history up to the event that made the delivery owed.
        shipment: what is delivered.
        files: its files.
    """
    cause = known[-1]
    routing = next((e.rerouting for e in reversed(known) if e.rerouting), routing_in(life.summary))
    told: dict[str, Any] = {
        "version": VERSION,
        "nature": shipment.nature.value,
        "numero_flux": flux.numero_flux,
        "destinataire": shipment.recipient,
        "emetteur": flux.emetteur,
        "date_depot": iso(flux.date_depot),
        "date": iso(cause.date),
        "facture": _invoice(life, routing),
    }
    if shipment.nature is Nature.COMPLEMENT:
        told["commentaire"] = cause.comment or None
    document = current_document(life, known)
    if document != life.id:
        told["renvoyee_par"] = document
    if routing != routing_in(life.summary):
        told["routage_initial"] = _routing(routing_in(life.summary))
    answers = [_answer(event) for event in known if event.event in _ANSWERS]
    if answers:
        told["validation"] = answers
    return json_bytes({**told, "fichiers": [_file(file) for file in files]})


def _invoice(life: Life, routing: Rerouting) -> dict[str, str | None]:
    summary = life.summary
    return {
        "id": life.id,
        "numero_facture": summary.number or None,
        "date_facture": summary.issue_date or None,
        "type_facture": summary.type_code or None,
        "fournisseur": summary.seller or None,
        "fournisseur_nom": summary.seller_name or None,
        **_routing(routing),
        "montant_ttc": summary.amount or None,
        "devise": summary.currency or None,
        "cadre": summary.cadre or None,
    }


def _routing(routing: Rerouting) -> dict[str, str | None]:
    return {
        "destinataire": routing.recipient or None,
        "code_service": routing.code_service or None,
        "engagement": routing.engagement or None,
    }


def _answer(event: LifeEvent) -> dict[str, str | None]:
    motif = event.motif
    return {
        "statut": event.statut.value,
        "statut_libelle": INVOICE_STATUSES[event.statut].label.fr,
        "date": iso(event.date),
        "valideur": event.actor.who if event.actor.role is Actor.VALIDEUR else None,
        "motif": motif.value if motif else None,
        "motif_libelle": PROCESSING_MOTIVES[motif].label.fr if motif else None,
        "commentaire": event.comment or None,
    }


def _file(file: Deliverable) -> dict[str, str | int]:
    return {"nom": file.name, "nature": file.kind, "taille": file.size, "sha256": file.sha256}
