"""The Suivi des flux: what became of each flow, and the history of one.

Columns: issue "Command line", facts chorus-pro 2.2. Names and order are a stable contract.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

import msgspec

from chorus_edi.domain.findings import NotChecked
from chorus_edi.domain.flux import DocumentRow, Flux, FluxEvent, InvoiceSummary
from chorus_edi.domain.statuses import DOCUMENT_LABELS, FLUX_LABELS, FluxState
from chorus_edi.ports import Store
from chorus_edi.services.rows import Cell, Row

COLUMNS = (
    "numero_flux",
    "nom_fichier",
    "emetteur",
    "interface",
    "canal",
    "date_depot",
    "etat",
    "etat_libelle",
    "date_etat",
    "factures",
    "integrees",
    "rejetees",
    "sha256",
    "motif",
)
EVENT_COLUMNS = ("date", "etat", "etat_libelle", "detail")
DOCUMENT_COLUMNS = (
    "rang",
    "id",
    "nom",
    "numero_facture",
    "fournisseur",
    "destinataire",
    "etat",
    "etat_libelle",
    "motif",
    "circuit",
    "taille",
    "sha256",
    "jeux_regles",
    "version_annuaire",
    "non_controle",
)
RULE_COLUMNS = ("documents", "jeux_regles", "version_annuaire", "non_controle")


_MOST_RANKS = 5


class Detail(msgspec.Struct, frozen=True):
    """One flow: its row (with ``mode`` and ``premier_flux``), its events, its documents."""

    flux: Row
    events: Sequence[Row]
    documents: Sequence[Row]


def rows(
    store: Store,
    *,
    etat: FluxState | None = None,
    emetteur: str | None = None,
    depuis: datetime | None = None,
) -> Iterator[Row]:
    """Yield one row per flow, newest claim first; ``depuis`` bounds the deposit, included."""
    for flux in store.suivi(etat=etat, emetteur=emetteur, depuis=depuis):
        yield flux_row(flux)


def detail(store: Store, numero_flux: str) -> Detail | None:
    """Return a flow with its events and documents; None where there is no such flow."""
    flux = store.flux(numero_flux)
    if flux is None:
        return None
    return Detail(
        flux={**flux_row(flux), "mode": flux.mode.value, "premier_flux": flux.premier_flux},
        events=[_event_row(event) for event in store.events(numero_flux)],
        documents=[_document_row(document) for document in store.documents(numero_flux)],
    )


def rules_applied(documents: Sequence[Row]) -> list[Row]:
    """Return by which rules documents were judged: one row, of ``RULE_COLUMNS``, for those alike.

    Documents that no rule judged have none.
    """
    ranks: dict[tuple[Cell, ...], list[str]] = {}
    for row in documents:
        applied = tuple(row[column] for column in RULE_COLUMNS[1:])
        if any(applied):
            ranks.setdefault(applied, []).append(str(row["rang"]))
    return [
        dict(zip(RULE_COLUMNS, (_told_ranks(held), *applied), strict=True))
        for applied, held in ranks.items()
    ]


def _told_ranks(ranks: Sequence[str]) -> str:
    """Name a few documents, else how many there are: a flow may hold thousands."""
    shown = ", ".join(ranks[:_MOST_RANKS])
    return shown if len(ranks) <= _MOST_RANKS else f"{shown} … ({len(ranks)} en tout)"


def flux_row(flux: Flux) -> Row:
    """Return the row of one flow; keys are ``COLUMNS``."""
    return {
        "numero_flux": flux.numero_flux,
        "nom_fichier": flux.nom_fichier,
        "emetteur": flux.emetteur,
        "interface": flux.interface,
        "canal": flux.canal.value,
        "date_depot": flux.date_depot,
        "etat": flux.etat.value,
        "etat_libelle": FLUX_LABELS[flux.etat].fr,
        "date_etat": flux.date_etat,
        "factures": flux.factures,
        "integrees": flux.integrees,
        "rejetees": flux.rejetees,
        "sha256": flux.sha256,
        "motif": flux.motif.value if flux.motif else None,
    }


def _event_row(event: FluxEvent) -> Row:
    return {
        "date": event.date,
        "etat": event.etat.value,
        "etat_libelle": FLUX_LABELS[event.etat].fr,
        "detail": event.detail or None,
    }


def _document_row(document: DocumentRow) -> Row:
    summary = document.summary or InvoiceSummary()
    state = document.state
    return {
        "rang": document.rank,
        "id": document.id,
        "nom": document.name,
        "numero_facture": summary.number or None,
        "fournisseur": summary.seller or summary.seller_name or None,
        "destinataire": summary.recipient or summary.recipient_name or None,
        "etat": state.value if state else None,
        "etat_libelle": DOCUMENT_LABELS[state].fr if state else None,
        "motif": document.motive.value if document.motive else None,
        "circuit": document.circuit.value if document.circuit else None,
        "taille": document.size,
        "sha256": document.sha256,
        "jeux_regles": ", ".join(document.rule_sets) or None,
        "version_annuaire": document.directory_version,
        "non_controle": " ; ".join(map(_unchecked, document.not_checked)) or None,
    }


def _unchecked(one: NotChecked) -> str:
    return f"{one.rule} : {one.reason.rstrip('.')}"
