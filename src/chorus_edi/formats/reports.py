"""Bytes of what leaves beside the invoices: the sender's integration report, the delivery note.

Nothing here knows the clock: every time comes from the rows, so the same rows give the same bytes.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

import msgspec

from chorus_edi.domain import motives, statuses
from chorus_edi.domain.findings import Finding
from chorus_edi.domain.flux import (
    Deliverable,
    DeliveryFormat,
    DocumentRow,
    Flux,
    InvoiceSummary,
    Rejection,
)
from chorus_edi.domain.legal_time import iso
from chorus_edi.domain.motives import Motive
from chorus_edi.formats.report_page import integration_html
from chorus_edi.formats.term_labels import term_label

__all__ = [
    "Delivered",
    "delivery_note",
    "finding_object",
    "integration_html",
    "integration_json",
    "integration_report",
    "json_bytes",
]

Json: TypeAlias = dict[str, Any]

VERSION = 1
"""Version of both layouts; a key may be added under it, none renamed or removed."""


class Delivered(msgspec.Struct, frozen=True):
    """An invoice of a delivery note, and the files its recipient gets of it."""

    document: DocumentRow
    files: tuple[Deliverable, ...]


def finding_object(finding: Finding) -> Json:
    """Return a finding as the command line and the reports show it; keys in contract order.

    ``term_labels`` are French, one per term; absent texts are null.
    """
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "stage": finding.stage.value,
        "terms": list(finding.terms),
        "term_labels": [term_label(term) for term in finding.terms],
        "address": finding.address or None,
        "location": finding.location or None,
        "line": finding.line,
        "column": finding.column,
        "found": finding.found,
        "expected": finding.expected,
        "message": {"fr": finding.message.fr, "en": finding.message.en},
        "conseil": finding.conseil or None,
    }


def integration_report(
    flux: Flux, documents: Sequence[DocumentRow], findings: Iterable[Rejection]
) -> Json:
    """Return the integration report of one flow, for its sender.

    Args:
        flux: the flow, in its last state.
        documents: its documents by rank.
        findings: every finding of the flow by rank; rank 0 is the flow itself.
    """
    by_rank: dict[int, list[Json]] = defaultdict(list)
    for row in findings:
        by_rank[row.rank].append(_reported(row.finding))
    return {
        "version": VERSION,
        "flux": _flux_object(flux),
        "comptes": _counts(flux, documents),
        "anomalies_flux": by_rank[0],
        "documents": [_document_object(document, by_rank[document.rank]) for document in documents],
    }


def integration_json(
    flux: Flux, documents: Sequence[DocumentRow], findings: Iterable[Rejection]
) -> bytes:
    """Return the integration report as JSON (UTF-8, indented, ends with a newline)."""
    return json_bytes(integration_report(flux, documents, findings))


def delivery_note(
    flux: Flux, recipient: str, rows: Iterable[Delivered], archives: Sequence[Deliverable] = ()
) -> bytes:
    """Return ``livraison.json`` of one flow and recipient: which invoices, in which files.

    Args:
        flux: the flow the invoices came in.
        recipient: SIRET of the structure.
        rows: the invoices delivered to it, by rank.
        archives: what holds their files, where these do not stand alone.
    """
    chosen = DeliveryFormat.TAR if archives else DeliveryFormat.FILES
    held = {"archives": [_file_object(one) for one in archives]}
    return json_bytes(
        {
            "version": VERSION,
            "format": chosen.value,
            "numero_flux": flux.numero_flux,
            "destinataire": recipient,
            "emetteur": flux.emetteur,
            "date_depot": iso(flux.date_depot),
            **(held if archives else {}),
            "factures": [_delivered_object(row) for row in rows],
        }
    )


def json_bytes(value: Json) -> bytes:
    """Write JSON for people and programs alike: keys in their order, accents as they are.

    A file name that is not UTF-8 leaves as JSON escapes of its surrogates, never as an error.
    """
    try:
        # The same bytes as below in a twentieth of the time: a flow has hundreds of invoices.
        return msgspec.json.format(msgspec.json.encode(value), indent=2) + b"\n"
    except UnicodeEncodeError:
        text = json.dumps(value, ensure_ascii=False, indent=2)
        return f"{text}\n".encode(errors="backslashreplace")


def _flux_object(flux: Flux) -> Json:
    return {
        "numero_flux": flux.numero_flux,
        "nom_fichier": flux.nom_fichier,
        "emetteur": flux.emetteur,
        "interface": flux.interface,
        "canal": flux.canal.value,
        "date_depot": iso(flux.date_depot),
        "etat": flux.etat.value,
        "etat_libelle": statuses.FLUX_LABELS[flux.etat].fr,
        "date_etat": iso(flux.date_etat),
        **_motive_object(flux.motif),
        "taille": flux.taille,
        "sha256": flux.sha256,
        "premier_flux": flux.premier_flux,
        "mode": flux.mode.value,
    }


def _counts(flux: Flux, documents: Sequence[DocumentRow]) -> dict[str, int]:
    waiting = sum(d.state is statuses.DocumentState.EN_ATTENTE for d in documents)
    return {
        "factures": flux.factures,
        "integrees": flux.integrees,
        "rejetees": flux.rejetees,
        "en_attente": waiting,
    }


def _motive_object(motive: Motive | None) -> Mapping[str, str | None]:
    return {
        "motif": motive.value if motive else None,
        "motif_libelle": motives.LABELS[motive].fr if motive else None,
    }


def _reported(finding: Finding) -> Json:
    return {**_motive_object(finding.motive), **finding_object(finding)}


def _document_object(document: DocumentRow, findings: list[Json]) -> Json:
    summary = document.summary or InvoiceSummary()
    state = document.state
    return {
        "rang": document.rank,
        "id": document.id,
        "nom": document.name,
        "numero_facture": summary.number or None,
        "fournisseur": summary.seller or None,
        "fournisseur_nom": summary.seller_name or None,
        "destinataire": summary.recipient or None,
        "destinataire_nom": summary.recipient_name or None,
        "etat": state.value if state else None,
        "etat_libelle": statuses.DOCUMENT_LABELS[state].fr if state else None,
        **_motive_object(document.motive),
        **({"recyclage_de": document.continues} if document.continues else {}),
        "sha256": document.sha256,
        "circuit": document.circuit.value if document.circuit else None,
        "jeux_regles": list(document.rule_sets),
        "version_annuaire": document.directory_version,
        "non_controle": [{"regle": n.rule, "raison": n.reason} for n in document.not_checked],
        "anomalies": findings,
    }


def _delivered_object(row: Delivered) -> Json:
    summary = row.document.summary or InvoiceSummary()
    return {
        "id": row.document.id,
        "numero_facture": summary.number or None,
        "date_facture": summary.issue_date or None,
        "type_facture": summary.type_code or None,
        "fournisseur": summary.seller or None,
        "fournisseur_nom": summary.seller_name or None,
        "code_service": summary.code_service or None,
        "engagement": summary.engagement or None,
        "montant_ttc": summary.amount or None,
        "devise": summary.currency or None,
        "cadre": summary.cadre or None,
        "fichier_recu": row.document.name,
        "fichiers": [_file_object(file) for file in row.files],
    }


def _file_object(file: Deliverable) -> Json:
    told = {"nom": file.name, "nature": file.kind, "taille": file.size, "sha256": file.sha256}
    return told | {"archive": file.archive} if file.archive else told
