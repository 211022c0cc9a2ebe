"""Rules BR-FR-CPRO that no document is judged by: what is known of them, and why not."""

from __future__ import annotations

from typing import NamedTuple

from chorus_edi.domain.labels import Label
from chorus_edi.rules.chorus_b2g.sources import GOBL, NOTE


class Unjudged(NamedTuple):
    """A rule that is counted among those of the State and is none of this set.

    Attributes:
        id: the published id.
        about: what is known of it, in both languages.
        why: why no document is judged by it, one French sentence.
        source: where that was read.
    """

    id: str
    about: Label
    why: str
    source: str


_FIRST_UNSEEN, _LAST_UNSEEN = 45, 50
_OF_NO_USE = "La norme elle-même la déclare « non vérifiable » : aucun programme ne peut en juger."

UNJUDGED = (
    Unjudged(
        "BR-FR-CPRO-16",
        Label(
            "Règle du secteur public dont le contenu n'est pas public.",
            "A rule on invoices to public bodies whose content is not public.",
        ),
        _OF_NO_USE,
        GOBL,
    ),
    Unjudged(
        "BR-FR-CPRO-19",
        Label(
            "Une facture au secteur public a 999 999 lignes au plus.",
            "An invoice to a public body has at most 999,999 lines.",
        ),
        "Aucune facture d'une taille admise (120 Mo) ne peut en avoir davantage : une telle "
        "facture est refusée pour sa taille.",
        GOBL,
    ),
    Unjudged(
        "BR-FR-CPRO-22",
        Label(
            "Règle du secteur public sur l'agent du vendeur (EXT-FR-FE-BG-03) ; son contenu n'est "
            "pas public.",
            "A rule on the agent of the seller (EXT-FR-FE-BG-03) of an invoice to a public body; "
            "its content is not public.",
        ),
        _OF_NO_USE,
        GOBL,
    ),
    *(
        Unjudged(
            f"BR-FR-CPRO-{number}",
            Label(
                "Règle du secteur public dont le contenu n'est pas public.",
                "A rule on invoices to public bodies whose content is not public.",
            ),
            "La note de la FNFE la compte, mais personne n'en a montré le texte.",
            NOTE,
        )
        for number in range(_FIRST_UNSEEN, _LAST_UNSEEN + 1)
    ),
)
"""In the order of their ids."""
