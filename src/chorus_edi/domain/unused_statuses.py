"""Official states and statuses that this platform does not use, and why: listed, never given.

Source: facts chorus-pro 2.1, 3.1 and 3.2.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from chorus_edi.domain.labels import Label


class Unused(msgspec.Struct, frozen=True):
    """Why a code is not given, and its EDI number where a source tells one."""

    reason: Label
    edi: str | None = None


_TYPED = Unused(
    Label(
        "Saisie et brouillons : le portail, qui n'existe pas encore ici.",
        "Typing and drafts: the portal, which is not here yet.",
    )
)
_INSIDE = Unused(
    Label(
        "Étape interne de Chorus Pro, sans équivalent ici.",
        "An inner step of Chorus Pro, without a counterpart here.",
    )
)
_UNTOLD = Unused(
    Label(
        "Vu dans une liste de codes, sans explication publique.",
        "Seen in a list of codes, with no public explanation.",
    )
)
_WORKS = Unused(
    Label(
        "Circuit des travaux (MOE, MOA), qui n'est pas tenu ici.",
        "The circuit of works (MOE, MOA), which is not kept here.",
    )
)

_BY_REASON: Mapping[Unused, tuple[str, ...]] = {
    _TYPED: ("BROUILLON", "A_COMPLETER", "SUPPRIMEE", "ABANDONNEE", "INTERPRETEE_OCR"),
    Unused(
        Label(
            "Un document refusé au dépôt n'est pas une facture : voir les rejets.",
            "A document refused on deposit is no invoice: see the rejects.",
        ),
        "37",
    ): ("NON_CONFORME",),
    _INSIDE: (
        "EN_COURS_TRAITEMENT_PIVOT_S",
        "PRISE_EN_COMPTE_DESTINATAIRE",
        "EN_ATTENTE_RECYCLAGE_FOURNISSEUR",
        "TECHNIQUE_INCONNU",
    ),
    _UNTOLD: ("ERREUR_DESTINATAIRE_PD", "ERREUR_DESTINATAIRE_EA", "DUPLIQUE_APRES_REFUS"),
    _WORKS: (
        "REMPLACEE_PAR_A22",
        "A_VALIDER_MOE",
        "REFUSEE_MOE",
        "ABSENCE_VALIDATION_MOE_DELAI_REGLEMENTAIRE",
        "A_ASSOCIER_MOE",
        "A_ASSOCIER_MOA",
        "A_ASSOCIER_FOURNISSEUR",
        "ASSOCIEE",
        "MISE_A_DISPOSITION_MOE",
        "MISE_A_DISPOSITION_MOA",
        "PRISE_EN_COMPTE_MOE",
        "PRISE_EN_COMPTE_MOA",
        "TRANSMISE_MOA",
        "REFUSEE_MOA",
        "REFUSEE_FOURNISSEUR",
        "ERREUR_FOURNISSEUR_SUR_MOE",
        "ERREUR_FOURNISSEUR_SUR_MOA",
        "ERREUR_MOE_SUR_FOURNISSEUR",
        "ERREUR_MOA_SUR_FOURNISSEUR",
        "ERREUR_MOE_SUR_MOA",
        "ERREUR_DE_MOE",
        "ERREUR_DE_MOA",
    ),
}

UNUSED_INVOICE_STATUSES: Mapping[str, Unused] = {
    code: unused for unused, codes in _BY_REASON.items() for code in codes
}
"""Code of the API → why no invoice has it here."""

UNUSED_FLUX_STATES: Mapping[str, Unused] = {
    "IN_DEPOT_PORTAIL_EN_ATTENTE_TRAITEMENT_SE_CPP": _INSIDE,
    "IN_TRAITE_SE_CPP": _INSIDE,
    "IN_EN_ATTENTE_TRAITEMENT_CPP": _INSIDE,
    "IN_A_RELANCER": _UNTOLD,
    "IN_ERREUR_INTERNE": _UNTOLD,
}
"""Code → why no flow has it here."""

UNUSED_EDI_NUMBERS: Mapping[str, str] = {
    "15, 16, 19-31, 33-36, 38-41": "admis par le schéma CPPStatut (facture), sens non publié",
    "91, 92, 94, 95": "états d'un flux sortant, que la plateforme ne suit pas encore",
}
"""Numbers of CPPStatut that we neither write nor read."""
