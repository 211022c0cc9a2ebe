"""Official motives of irrecevabilité and rejection, one table.

Sources: PPF list 2026 (dossier général v3.2 table 3, A7 G7.18) for ``IRR_*``; specification
Chorus Pro v1.1 §3.2.3.3.2 and list CL-09 of BR-FR-CDV for the rejection of one invoice.
"""

from __future__ import annotations

from enum import StrEnum

from chorus_edi.domain.labels import Label


class Motive(StrEnum):
    """The official code is the member name."""

    IRR_VIDE = "IRR_VIDE"
    IRR_VIDE_F = "IRR_VIDE_F"
    IRR_VID_PJ = "IRR_VID_PJ"
    IRR_TAILLE = "IRR_TAILLE"
    IRR_TAILLE_F = "IRR_TAILLE_F"
    IRR_TAILLE_PJ = "IRR_TAILLE_PJ"
    IRR_TYPE = "IRR_TYPE"
    IRR_TYPE_F = "IRR_TYPE_F"
    IRR_EXT_DOC = "IRR_EXT_DOC"
    IRR_FORM = "IRR_FORM"
    IRR_NOM_F = "IRR_NOM_F"
    IRR_NOM_PJ = "IRR_NOM_PJ"
    IRR_UNICITE = "IRR_UNICITE"
    IRR_ANTIVIRUS = "IRR_ANTIVIRUS"
    IRR_CODE_INTER = "IRR_CODE_INTER"
    IRR_CODE_APP = "IRR_CODE_APP"
    IRR_EXTRAC = "IRR_EXTRAC"
    IRR_SYNTAX = "IRR_SYNTAX"
    REJ_SEMAN = "REJ_SEMAN"
    REJ_COH = "REJ_COH"
    REJ_UNI = "REJ_UNI"
    REJ_ADR = "REJ_ADR"
    ADR_ERR = "ADR_ERR"
    DEST_INC = "DEST_INC"
    REJ_CONT_B2G = "REJ_CONT_B2G"
    REJ_REF_PJ = "REJ_REF_PJ"
    REJ_ASS_PJ = "REJ_ASS_PJ"
    CALCUL_ERR = "CALCUL_ERR"
    MONTANTTOTAL_ERR = "MONTANTTOTAL_ERR"
    CMD_ERR = "CMD_ERR"
    DOUBLON = "DOUBLON"

    @property
    def irrecevable(self) -> bool:
        """True where it refuses a whole flow."""
        return self.value.startswith("IRR_")


LABELS: dict[Motive, Label] = {
    Motive.IRR_VIDE: Label("Flux vide", "Empty flow"),
    Motive.IRR_VIDE_F: Label("Fichier vide", "Empty file"),
    Motive.IRR_VID_PJ: Label("Pièce jointe vide", "Empty attachment"),
    Motive.IRR_TAILLE: Label(
        "Taille ou nombre de fichiers du flux dépassé", "Flow too large or too many files"
    ),
    Motive.IRR_TAILLE_F: Label("Taille de fichier dépassée", "File too large"),
    Motive.IRR_TAILLE_PJ: Label("Taille de pièce jointe dépassée", "Attachment too large"),
    Motive.IRR_TYPE: Label("Type de flux non admis", "Flow type not accepted"),
    Motive.IRR_TYPE_F: Label("Type de fichier non admis", "File type not accepted"),
    Motive.IRR_EXT_DOC: Label(
        "Extension de pièce jointe non admise", "Attachment extension not accepted"
    ),
    Motive.IRR_FORM: Label("Nom de flux non conforme", "Malformed flow name"),
    Motive.IRR_NOM_F: Label("Nom de fichier non conforme", "Malformed file name"),
    Motive.IRR_NOM_PJ: Label("Nom de pièce jointe non conforme", "Malformed attachment name"),
    Motive.IRR_UNICITE: Label("Flux déjà reçu", "Flow already received"),
    Motive.IRR_ANTIVIRUS: Label("Virus détecté", "Virus found"),
    Motive.IRR_CODE_INTER: Label("Code interface inconnu", "Unknown interface code"),
    Motive.IRR_CODE_APP: Label(
        "Aucun raccordement pour ce code application", "No connection for this application code"
    ),
    Motive.IRR_EXTRAC: Label("Archive illisible", "Archive cannot be extracted"),
    Motive.IRR_SYNTAX: Label(
        "Fichier illisible ou non conforme au schéma", "File unreadable or not valid by its schema"
    ),
    Motive.REJ_SEMAN: Label("Règle de gestion non respectée", "Business rule broken"),
    Motive.REJ_COH: Label(
        "Donnée incohérente avec les référentiels", "Inconsistent with reference data"
    ),
    Motive.REJ_UNI: Label("Facture déjà déposée", "Invoice already deposited"),
    Motive.REJ_ADR: Label(
        "Destinataire ou service absent de l'annuaire", "Recipient or service not in directory"
    ),
    Motive.ADR_ERR: Label("Destinataire non renseigné", "Recipient missing"),
    Motive.DEST_INC: Label("Destinataire inconnu", "Unknown recipient"),
    Motive.REJ_CONT_B2G: Label(
        "Donnée exigée par le destinataire public absente ou fausse",
        "Data demanded by the public recipient missing or wrong",
    ),
    Motive.REJ_REF_PJ: Label("Référence de pièce jointe erronée", "Wrong attachment reference"),
    Motive.REJ_ASS_PJ: Label("Pièce jointe non associable", "Attachment cannot be associated"),
    Motive.CALCUL_ERR: Label("Erreur de calcul", "Calculation error"),
    Motive.MONTANTTOTAL_ERR: Label("Montant total erroné", "Wrong total amount"),
    Motive.CMD_ERR: Label(
        "Numéro d'engagement erroné ou absent", "Commitment number wrong or missing"
    ),
    Motive.DOUBLON: Label("Facture en double", "Duplicate invoice"),
}
