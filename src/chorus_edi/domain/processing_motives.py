"""Motives of those who process an invoice: suspend, reject, send back to be recycled, not validate.

Source: specifications of Chorus Pro v1.1, tables 3 and 4; annexe 7 V1.9, sheet 5 (facts chorus-pro
3.5, reform-2026 1.2 and 5.4). The sources give one list; which motive fits which act is told of
JUSTIF_ABS alone, and for the rest read from what the motive says and from list CL-09 (208).
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

from chorus_edi.domain.labels import Label


class Use(StrEnum):
    """What a motive may be given for."""

    REJECTION = "rejet"
    SUSPENSION = "suspension"
    RECYCLING = "recyclage"
    VALIDATION = "refus du valideur"
    WRONG_VALIDEUR = "erreur de valideur"


class ProcessingMotive(StrEnum):
    """The official code is the member name."""

    AUTRE = "AUTRE"
    AUT_MOTIF_ERR_VALIDEUR = "AUT_MOTIF_ERR_VALIDEUR"
    CONTACT_ACHTR = "CONTACT_ACHTR"
    COORD_BANC_ERR = "COORD_BANC_ERR"
    CREANCIER_ERR = "CREANCIER_ERR"
    DOUBLE_FACT = "DOUBLE_FACT"
    ERREUR_DONNEE_EJ = "ERREUR_DONNEE_EJ"
    EJ_ERR = "EJ_ERR"
    ERR_VALIDEUR = "ERR_VALIDEUR"
    FACT_NON_CONFORME = "FACT_NON_CONFORME"
    HONORER_LA_COMMANDE = "HONORER_LA_COMMANDE"
    JUSTIF_ABS = "JUSTIF_ABS"
    LIVR_INCOMP = "LIVR_INCOMP"
    MARCHE_TERM = "MARCHE_TERM"
    MONTANT_ERR = "MONTANT_ERR"
    RETRAIT_MAN_SERV = "RETRAIT_MAN_SERV"
    SE_ERR = "SE_ERR"
    ST_CT_NON_DECLAR = "ST_CT_NON_DECLAR"
    SUPPR_COMP_AVOIR = "SUPPR_COMP_AVOIR"
    SUPPR_MASSE = "SUPPR_MASSE"
    TRANSF_PMNT_REGIE = "TRANSF_PMNT_REGIE"
    TX_TVA_ERR = "TX_TVA_ERR"


class ProcessingMotiveRow(msgspec.Struct, frozen=True):
    """One motive: its label, what it may be given for, its code in the AFNOR circuit."""

    label: Label
    uses: frozenset[Use]
    afnor: str


def _row(fr: str, en: str, afnor: str, *uses: Use) -> ProcessingMotiveRow:
    return ProcessingMotiveRow(Label(fr, en), frozenset(uses), afnor)


_M = ProcessingMotive
_REJECT, _SUSPEND, _RECYCLE, _DECLINE, _WRONG = Use
# fmt: off
PROCESSING_MOTIVES: dict[ProcessingMotive, ProcessingMotiveRow] = {
    _M.AUTRE: _row("Autre motif", "Other", "AUTRE", _REJECT, _SUSPEND, _RECYCLE, _DECLINE),
    _M.AUT_MOTIF_ERR_VALIDEUR: _row(
        "Autre erreur sur le valideur", "Other fault of the validating party", "DEST_ERR",
        _REJECT, _WRONG,
    ),
    _M.CONTACT_ACHTR: _row(
        "Contacter l'acheteur", "Contact the buyer", "CONTACT_ACHTR", _REJECT, _SUSPEND
    ),
    _M.COORD_BANC_ERR: _row(
        "Coordonnées bancaires erronées", "Wrong bank details", "COORD_BANC_ERR", _REJECT, _SUSPEND
    ),
    _M.CREANCIER_ERR: _row(
        "Créancier inconnu ou autre que celui de l'engagement",
        "Creditor unknown, or not that of the commitment", "DEST_ERR", _REJECT,
    ),
    _M.DOUBLE_FACT: _row(
        "Facturation en double", "Invoiced twice", "DOUBLE_FACT", _REJECT, _DECLINE
    ),
    _M.ERREUR_DONNEE_EJ: _row(
        "Donnée d'engagement erronée", "Wrong data of the commitment", "CMD_ERR",
        _REJECT, _SUSPEND, _RECYCLE,
    ),
    _M.EJ_ERR: _row(
        "Engagement erroné ou absent", "Commitment wrong or missing", "CMD_ERR",
        _REJECT, _SUSPEND, _RECYCLE,
    ),
    _M.ERR_VALIDEUR: _row(
        "Erreur de valideur", "Wrong validating party", "DEST_ERR", _REJECT, _WRONG
    ),
    _M.FACT_NON_CONFORME: _row(
        "Facture non conforme", "Invoice not in order", "FACT_NON_CONFORME", _REJECT, _DECLINE
    ),
    _M.HONORER_LA_COMMANDE: _row(
        "Commande non honorée", "Order not fulfilled", "LIVR_INCOMP", _REJECT, _DECLINE
    ),
    _M.JUSTIF_ABS: _row(
        "Pièce justificative absente", "Supporting document missing", "JUSTIF_ABS",
        _REJECT, _SUSPEND,
    ),
    _M.LIVR_INCOMP: _row(
        "Livraison incomplète", "Incomplete delivery", "LIVR_INCOMP", _REJECT, _DECLINE
    ),
    _M.MARCHE_TERM: _row(
        "Marché terminé", "Contract ended", "CONTRAT_TERM", _REJECT, _DECLINE
    ),
    _M.MONTANT_ERR: _row(
        "Montant erroné", "Wrong amount", "MONTANTTOTAL_ERR", _REJECT, _DECLINE
    ),
    _M.RETRAIT_MAN_SERV: _row(
        "Retrait du mandatement par le service", "Withdrawn by the service", "AUTRE", _REJECT
    ),
    _M.SE_ERR: _row(
        "Service exécutant erroné", "Wrong service", "DEST_ERR", _REJECT, _RECYCLE
    ),
    _M.ST_CT_NON_DECLAR: _row(
        "Sous-traitant ou cotraitant non déclaré", "Subcontractor or co-contractor not declared",
        "ST_CT_NON_DECLAR", _REJECT, _DECLINE,
    ),
    _M.SUPPR_COMP_AVOIR: _row(
        "Suppression, compensée par un avoir", "Removed, made up for by a credit note",
        "SUPPR_COMP_AVOIR", _REJECT,
    ),
    _M.SUPPR_MASSE: _row("Suppression en masse", "Removed with many others", "AUTRE", _REJECT),
    _M.TRANSF_PMNT_REGIE: _row(
        "Paiement transféré à une régie", "Payment handed to an imprest", "TRANSF_PMNT_REGIE",
        _REJECT,
    ),
    _M.TX_TVA_ERR: _row("Taux de TVA erroné", "Wrong VAT rate", "TX_TVA_ERR", _REJECT, _DECLINE),
}
# fmt: on


def motives_for(use: Use) -> tuple[ProcessingMotive, ...]:
    """Return the motives that may be given for something, in the order of the list."""
    return tuple(motive for motive, row in PROCESSING_MOTIVES.items() if use in row.uses)
