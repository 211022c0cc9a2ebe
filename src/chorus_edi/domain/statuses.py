"""Official states and statuses that we use, one table each. Labels are data.

The member name is the code, which is that of the API of Chorus Pro; EDI and AFNOR numbers are
columns. Those that we do not use are listed in ``unused_statuses``. Sources: facts chorus-pro 2.1
(flows), 2.4 (their numbers), 3.1-3.2 and 3.6 (invoices), reform-2026 1.1 and 5.4 (AFNOR numbers).
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
    A_VALIDER_1 = "A_VALIDER_1"
    VALIDEE_1 = "VALIDEE_1"
    REFUSEE_1 = "REFUSEE_1"
    ABSENCE_VALIDATION_1_HORS_DELAI = "ABSENCE_VALIDATION_1_HORS_DELAI"
    ERREUR_FOURNISSEUR_SUR_VALIDEUR = "ERREUR_FOURNISSEUR_SUR_VALIDEUR"
    A_VALIDER_2 = "A_VALIDER_2"
    VALIDEE_2 = "VALIDEE_2"
    REFUSEE_2 = "REFUSEE_2"
    ABSENCE_VALIDATION_2_HORS_DELAI = "ABSENCE_VALIDATION_2_HORS_DELAI"
    ERREUR_COTRAITANT_SUR_VALIDEUR = "ERREUR_COTRAITANT_SUR_VALIDEUR"
    EN_COURS_ACHEMINEMENT = "EN_COURS_ACHEMINEMENT"
    MISE_A_DISPOSITION = "MISE_A_DISPOSITION"
    A_RECYCLER = "A_RECYCLER"
    SUSPENDUE = "SUSPENDUE"
    COMPLETEE = "COMPLETEE"
    REJETEE = "REJETEE"
    SERVICE_FAIT = "SERVICE_FAIT"
    MANDATEE = "MANDATEE"
    MISE_A_DISPOSITION_COMPTABLE = "MISE_A_DISPOSITION_COMPTABLE"
    COMPTABILISEE = "COMPTABILISEE"
    MISE_EN_PAIEMENT = "MISE_EN_PAIEMENT"


class DocumentState(StrEnum):
    """What became of a document of a flow; an ``INTEGRE`` document is an invoice, or recycles one.

    A ``CONFORME`` one would have been, had it not been sent in qualification.
    ``ACCOMPAGNEMENT`` is no invoice: a style sheet, a signature.
    """

    INTEGRE = "INTEGRE"
    REJETE = "REJETE"
    IRRECEVABLE = "IRRECEVABLE"
    EN_ATTENTE = "EN_ATTENTE"
    CONFORME = "CONFORME"
    ACCOMPAGNEMENT = "ACCOMPAGNEMENT"


class Ends(StrEnum):
    """Whether a status is the last of an invoice."""

    NEVER = "non"
    ALWAYS = "oui"
    IN_COTRAITANCE = "en cotraitance"


class FluxStateRow(msgspec.Struct, frozen=True):
    """One state of a flow: label, number in a CPPStatut and in a CDAR; None where there is none."""

    label: Label
    edi: str | None = None
    afnor: int | None = None


class InvoiceStatusRow(msgspec.Struct, frozen=True):
    """One status: label, EDI number (CPPStatut) and AFNOR number (CDAR), whether it is final.

    ``afnor_cotraitance`` is the number that the invoice of a co-contractor has instead.
    """

    label: Label
    edi: str | None = None
    afnor: int | None = None
    ends: Ends = Ends.NEVER
    afnor_cotraitance: int | None = None


class Choice(msgspec.Struct, frozen=True):
    """Where sources contradict each other: what each says, what we write, what we read, why."""

    status: InvoiceStatus
    said: str
    written: str
    read: tuple[str, ...]
    reason: str


_F = FluxState
FLUX_STATES: dict[FluxState, FluxStateRow] = {
    _F.IN_RECU: FluxStateRow(Label("Reçu", "Received"), "90"),
    _F.IN_EN_COURS_TRAITEMENT_CPP: FluxStateRow(Label("En cours de traitement", "Being processed")),
    _F.IN_EN_ATTENTE_RETRAITEMENT_CPP: FluxStateRow(
        Label("En attente de retraitement", "Waiting for an operator")
    ),
    _F.IN_INCIDENTE: FluxStateRow(Label("Incidenté", "Incident")),
    _F.IN_REJETE: FluxStateRow(Label("Rejeté", "Rejected"), "93", 501),
    _F.IN_INTEGRE: FluxStateRow(Label("Intégré", "Integrated"), None, 500),
    _F.IN_INTEGRE_PARTIEL: FluxStateRow(
        Label("Intégré partiellement", "Partly integrated"), "96", 500
    ),
    _F.QP_RECEVABLE: FluxStateRow(
        Label("Recevable (qualification)", "Receivable (qualification)"), None, 500
    ),
    _F.QP_RECEVABLE_AVEC_ERREUR: FluxStateRow(
        Label("Recevable avec erreur (qualification)", "Receivable with errors (qualification)"),
        None,
        500,
    ),
    _F.QP_IRRECEVABLE: FluxStateRow(
        Label("Irrecevable (qualification)", "Irreceivable (qualification)"), None, 501
    ),
}
"""93 is a fault at reception; 501 is told of a rejected flow that was irrecevable."""

FLUX_LABELS: dict[FluxState, Label] = {state: row.label for state, row in FLUX_STATES.items()}

_S, _R = InvoiceStatus, InvoiceStatusRow
INVOICE_STATUSES: dict[InvoiceStatus, InvoiceStatusRow] = {
    _S.DEPOSEE: _R(Label("Déposée", "Deposited"), "01", 202),
    _S.A_VALIDER_1: _R(Label("À valider par le premier valideur", "To be validated (1)")),
    _S.VALIDEE_1: _R(
        Label("Validée par le premier valideur", "Validated (1)"), "13", 205, Ends.NEVER, 214
    ),
    _S.REFUSEE_1: _R(
        Label("Refusée par le premier valideur", "Refused by the validating party (1)"),
        "14",
        206,
        Ends.IN_COTRAITANCE,
        210,
    ),
    _S.ABSENCE_VALIDATION_1_HORS_DELAI: _R(
        Label("Validation automatique hors délai", "Tacitly validated (1)")
    ),
    _S.ERREUR_FOURNISSEUR_SUR_VALIDEUR: _R(
        Label("Erreur du fournisseur sur le valideur", "Wrong validating party (1)")
    ),
    _S.A_VALIDER_2: _R(Label("À valider par le second valideur", "To be validated (2)")),
    _S.VALIDEE_2: _R(
        Label("Validée par le second valideur", "Validated (2)"), "18", 205, Ends.NEVER, 214
    ),
    _S.REFUSEE_2: _R(
        Label("Refusée par le second valideur", "Refused by the validating party (2)"),
        "17",
        206,
        Ends.IN_COTRAITANCE,
        210,
    ),
    _S.ABSENCE_VALIDATION_2_HORS_DELAI: _R(
        Label("Validation mandataire automatique hors délai", "Tacitly validated (2)")
    ),
    _S.ERREUR_COTRAITANT_SUR_VALIDEUR: _R(
        Label("Erreur du cotraitant sur le valideur", "Wrong validating party (2)")
    ),
    _S.EN_COURS_ACHEMINEMENT: _R(Label("En cours d'acheminement", "Being routed"), "02"),
    _S.MISE_A_DISPOSITION: _R(Label("Mise à disposition", "Made available"), "03", 203),
    _S.A_RECYCLER: _R(Label("À recycler", "To be recycled"), "04"),
    _S.SUSPENDUE: _R(Label("Suspendue", "Suspended"), "06", 208),
    _S.COMPLETEE: _R(Label("Complétée", "Completed"), "32", 209),
    _S.REJETEE: _R(Label("Rejetée", "Rejected"), "05", 210, Ends.ALWAYS),
    _S.SERVICE_FAIT: _R(Label("Service fait", "Service rendered"), "07", 204),
    _S.MANDATEE: _R(Label("Mandatée", "Payment ordered"), "08", 204),
    _S.MISE_A_DISPOSITION_COMPTABLE: _R(
        Label("Mise à disposition du comptable", "Handed to the public accountant"), "09", 204
    ),
    _S.COMPTABILISEE: _R(Label("Comptabilisée", "Entered in the accounts"), "10", 204),
    _S.MISE_EN_PAIEMENT: _R(Label("Mise en paiement", "Being paid"), "11", 211, Ends.ALWAYS),
}

REFUSED_NUMBER = 210
"""AFNOR number of an invoice that was refused for good after its deposit."""


def afnor_number(status: InvoiceStatus, *, cotraitance: bool) -> int | None:
    """Return the AFNOR number of a status; that of a co-contractor's invoice may be another."""
    row = INVOICE_STATUSES[status]
    return (cotraitance and row.afnor_cotraitance) or row.afnor


SHARED_AFNOR: dict[int, str] = {
    204: "Prise en charge : le commentaire dit lequel des statuts du destinataire",
    205: "Approuvée : par le premier ou par le second valideur d'un sous-traitant",
    206: "Approuvée partiellement : le refus d'un valideur n'arrête pas un sous-traitant",
    210: "Refusée : par le destinataire, ou par le valideur d'un cotraitant",
    214: "Visée : par le premier ou par le second valideur d'un cotraitant",
}
"""AFNOR numbers that several statuses share, and what tells them apart."""

CHOICES: tuple[Choice, ...] = (
    Choice(
        _S.COMPLETEE,
        "12 dans le schéma CPPStatut d'un client (PASTELL) ; 32 dans les spécifications du "
        "30/04/2026 (table 12)",
        "32",
        ("32", "12"),
        "Le texte officiel le plus récent l'emporte ; l'ancien numéro se lit encore.",
    ),
    Choice(
        _S.REJETEE,
        "05 dans les spécifications du 30/04/2026 (table 8) et dans le schéma CPPStatut ; « 17 » "
        "au § 2.4.2.1 des mêmes spécifications",
        "05",
        ("05",),
        "La table 9 du même texte donne 17 au refus du second valideur : un numéro, un sens.",
    ),
)
"""Conflicts between sources, one row each."""

DOCUMENT_LABELS: dict[DocumentState, Label] = {
    DocumentState.INTEGRE: Label("Intégrée", "Integrated"),
    DocumentState.REJETE: Label("Rejetée", "Rejected"),
    DocumentState.IRRECEVABLE: Label("Irrecevable", "Not receivable"),
    DocumentState.EN_ATTENTE: Label("En attente", "Waiting"),
    DocumentState.CONFORME: Label("Conforme (qualification)", "Sound (qualification)"),
    DocumentState.ACCOMPAGNEMENT: Label("Pièce d'accompagnement", "Companion file"),
}
