"""The cadres de facturation (BT-23): what each code of the two circuits stands for.

Sources: facts chorus-pro 4 (historic list), reform-2026 3.2 and 3.6 (list of the reform).
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from chorus_edi.domain.labels import Label


def _of_the_reform() -> dict[str, Label]:
    """Return the codes of the reform: a kind of goods, and what the invoice is."""
    kinds = {
        "B": Label("biens", "goods"),
        "S": Label("services", "services"),
        "M": Label("biens et services", "goods and services"),
    }
    uses = {
        "1": Label("facture", "invoice"),
        "2": Label("facture déjà payée", "invoice already paid"),
        "4": Label("facture définitive après acompte", "final invoice after a down payment"),
        "7": Label(
            "facture dont la TVA a déjà été déclarée (e-reporting)",
            "invoice whose VAT was already reported",
        ),
        "8": Label("facture de plusieurs vendeurs", "invoice of several sellers"),
        "9": Label("autofacturation dans les deux sens", "self-billing both ways"),
    }
    alone = {
        "S3": Label(
            "Demande de paiement direct d'un sous-traitant, à un acheteur public",
            "A subcontractor's demand of direct payment, to a public buyer",
        ),
        "S5": Label(
            "Facture de services d'un sous-traitant, entre entreprises",
            "A subcontractor's invoice of services, between companies",
        ),
        "S6": Label("Facture de services d'un cotraitant", "A co-contractor's invoice of services"),
    }
    combined = {
        f"{kind}{use}": Label(
            f"{what.fr.capitalize()} : {of.fr}", f"{what.en.capitalize()}: {of.en}"
        )
        for use, what in uses.items()
        for kind, of in kinds.items()
        if (kind, use) != ("M", "7")
    }
    return combined | alone


_HISTORIC = {
    "A1": Label("Facture d'un fournisseur", "A supplier's invoice"),
    "A2": Label("Facture d'un fournisseur, déjà payée", "A supplier's invoice, already paid"),
    "A3": Label("Mémoire de frais de justice", "Statement of court fees"),
    "A4": Label("Projet de décompte mensuel (travaux)", "Draft monthly works statement"),
    "A5": Label("État d'acompte (travaux)", "Works payment statement"),
    "A6": Label("État d'acompte validé (travaux)", "Validated works payment statement"),
    "A7": Label("Projet de décompte final (travaux)", "Draft final works statement"),
    "A8": Label("Décompte général et définitif (travaux)", "General and final works statement"),
    "A9": Label("Facture d'un sous-traitant", "A subcontractor's invoice"),
    "A10": Label(
        "Projet de décompte mensuel d'un sous-traitant (travaux)",
        "A subcontractor's draft monthly works statement",
    ),
    "A11": Label(
        "Projet de décompte final d'un sous-traitant (travaux)",
        "A subcontractor's draft final works statement",
    ),
    "A12": Label("Facture d'un cotraitant", "A co-contractor's invoice"),
    "A13": Label(
        "Projet de décompte mensuel d'un cotraitant (travaux)",
        "A co-contractor's draft monthly works statement",
    ),
    "A14": Label(
        "Projet de décompte final d'un cotraitant (travaux)",
        "A co-contractor's draft final works statement",
    ),
    "A15": Label("État d'acompte du maître d'œuvre", "The project manager's payment statement"),
    "A16": Label(
        "État d'acompte validé du maître d'œuvre",
        "The project manager's validated payment statement",
    ),
    "A17": Label(
        "Projet de décompte général du maître d'œuvre",
        "The project manager's draft general statement",
    ),
    "A18": Label("Décompte général du maître d'œuvre", "The project manager's general statement"),
    "A19": Label(
        "État d'acompte validé du maître d'ouvrage", "The owner's validated payment statement"
    ),
    "A20": Label("Décompte général du maître d'ouvrage", "The owner's general statement"),
    "A21": Label(
        "Demande de remboursement de la taxe sur les carburants (TIC)",
        "Claim for a refund of the fuel tax",
    ),
    "A22": Label(
        "Projet de décompte général d'un fournisseur, procédure tacite (travaux)",
        "A supplier's draft general works statement, tacit procedure",
    ),
    "A23": Label(
        "Décompte général et définitif tacite d'un fournisseur (travaux)",
        "A supplier's tacit general and final works statement",
    ),
    "A24": Label(
        "Décompte général et définitif tacite du maître d'œuvre",
        "The project manager's tacit general and final statement",
    ),
    "A25": Label(
        "Décompte général et définitif du maître d'œuvre, procédure tacite",
        "The project manager's general and final statement, tacit procedure",
    ),
}

CADRES: Mapping[str, Label] = {**_HISTORIC, **dict(sorted(_of_the_reform().items()))}
"""Code → what it stands for, historic list first."""


class Demand(StrEnum):
    """An invoice that somebody must validate before, or while, its recipient gets it."""

    SOUS_TRAITANCE = "sous-traitance"
    COTRAITANCE = "cotraitance"


DEMANDS: Mapping[str, Demand] = {
    "A9": Demand.SOUS_TRAITANCE,
    "S3": Demand.SOUS_TRAITANCE,
    "A12": Demand.COTRAITANCE,
    "S6": Demand.COTRAITANCE,
}
"""Cadre → what must be validated, and whether a refusal ends it (facts chorus-pro 3.7).

Cadres of works have a valideur too; they are delivered at once, without a circuit of MOE and MOA.
"""


def demand_of(cadre: str) -> Demand | None:
    """Return what kind of validation a cadre asks for; None where it asks for none."""
    return DEMANDS.get(cadre.strip().upper())
