"""Official states and statuses, one table each. The code is the member name; labels are data.

Sources: facts chorus-pro 2.1 (flows), 3.1-3.2 (invoices), reform-2026 1.1 (AFNOR numbers).
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

from chorus_edi.domain.labels import Label


class FluxState(StrEnum):
    """State of a flow, as the Suivi des flux shows it."""

    IN_RECU = "IN_RECU"
    IN_EN_COURS_TRAITEMENT_CPP = "IN_EN_COURS_TRAITEMENT_CPP"
    IN_EN_ATTENTE_RETRAITEMENT_CPP = "IN_EN_ATTENTE_RETRAITEMENT_CPP"
    IN_INCIDENTE = "IN_INCIDENTE"
    IN_REJETE = "IN_REJETE"
    IN_INTEGRE = "IN_INTEGRE"
    IN_INTEGRE_PARTIEL = "IN_INTEGRE_PARTIEL"
    QP_RECEVABLE = "QP_RECEVABLE"
    QP_RECEVABLE_AVEC_ERREUR = "QP_RECEVABLE_AVEC_ERREUR"
    QP_IRRECEVABLE = "QP_IRRECEVABLE"

    @property
    def closed(self) -> bool:
        """True where the pipeline has nothing left to do by itself."""
        return self not in (FluxState.IN_RECU, FluxState.IN_EN_COURS_TRAITEMENT_CPP)


class InvoiceStatus(StrEnum):
    """Status of an integrated invoice."""

    DEPOSEE = "DEPOSEE"
    EN_COURS_ACHEMINEMENT = "EN_COURS_ACHEMINEMENT"
    MISE_A_DISPOSITION = "MISE_A_DISPOSITION"


class DocumentState(StrEnum):
    """What became of a document of a flow; an ``INTEGRE`` document is an invoice.

    A ``CONFORME`` one would have been, had it not been sent in qualification.
    ``ACCOMPAGNEMENT`` is no invoice: a style sheet, a signature.
    """

    INTEGRE = "INTEGRE"
    REJETE = "REJETE"
    IRRECEVABLE = "IRRECEVABLE"
    EN_ATTENTE = "EN_ATTENTE"
    CONFORME = "CONFORME"
    ACCOMPAGNEMENT = "ACCOMPAGNEMENT"


class InvoiceStatusRow(msgspec.Struct, frozen=True):
    """One status: its label, its EDI number (CPPStatut) and its AFNOR number (CDAR)."""

    label: Label
    edi: str
    afnor: int | None


FLUX_LABELS: dict[FluxState, Label] = {
    FluxState.IN_RECU: Label("Reçu", "Received"),
    FluxState.IN_EN_COURS_TRAITEMENT_CPP: Label("En cours de traitement", "Being processed"),
    FluxState.IN_EN_ATTENTE_RETRAITEMENT_CPP: Label(
        "En attente de retraitement", "Waiting for an operator"
    ),
    FluxState.IN_INCIDENTE: Label("Incidenté", "Incident"),
    FluxState.IN_REJETE: Label("Rejeté", "Rejected"),
    FluxState.IN_INTEGRE: Label("Intégré", "Integrated"),
    FluxState.IN_INTEGRE_PARTIEL: Label("Intégré partiellement", "Partly integrated"),
    FluxState.QP_RECEVABLE: Label("Recevable (qualification)", "Receivable (qualification)"),
    FluxState.QP_RECEVABLE_AVEC_ERREUR: Label(
        "Recevable avec erreur (qualification)", "Receivable with errors (qualification)"
    ),
    FluxState.QP_IRRECEVABLE: Label("Irrecevable (qualification)", "Irreceivable (qualification)"),
}

INVOICE_STATUSES: dict[InvoiceStatus, InvoiceStatusRow] = {
    InvoiceStatus.DEPOSEE: InvoiceStatusRow(Label("Déposée", "Deposited"), "01", 200),
    InvoiceStatus.EN_COURS_ACHEMINEMENT: InvoiceStatusRow(
        Label("En cours d'acheminement", "Being routed"), "02", 202
    ),
    InvoiceStatus.MISE_A_DISPOSITION: InvoiceStatusRow(
        Label("Mise à disposition", "Made available"), "03", 203
    ),
}

DOCUMENT_LABELS: dict[DocumentState, Label] = {
    DocumentState.INTEGRE: Label("Intégrée", "Integrated"),
    DocumentState.REJETE: Label("Rejetée", "Rejected"),
    DocumentState.IRRECEVABLE: Label("Irrecevable", "Not receivable"),
    DocumentState.EN_ATTENTE: Label("En attente", "Waiting"),
    DocumentState.CONFORME: Label("Conforme (qualification)", "Sound (qualification)"),
    DocumentState.ACCOMPAGNEMENT: Label("Pièce d'accompagnement", "Companion file"),
}
