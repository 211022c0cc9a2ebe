"""Rules BR-FR that no document is judged by, and why not."""

from __future__ import annotations

from chorus_edi.domain.labels import Label
from chorus_edi.rules.chorus_b2g.unjudged import Unjudged

UNJUDGED = (
    Unjudged(
        "BR-FR-19",
        Label("Un fichier a 100 Mo au plus.", "A file has at most 100 MB."),
        "La feuille officielle n'en juge pas ; la plateforme refuse un fichier au-delà de sa "
        "propre limite (120 Mo, réglable).",
        "AFNOR XP Z12-012, rendue par lunatech-pa ; aucun contrôle dans le schematron BR-FR-Flux2",
    ),
)
"""In the order of their ids."""
