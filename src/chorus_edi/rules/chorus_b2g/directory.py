"""BR-FR-CPRO-11, -12 and -13: what the recipient's entry in the directory demands.

Cards only: ``stages/resolve.py``, which asks the directory, judges them, and judges the same under
ids of ours for the historic circuit.
"""

from __future__ import annotations

from chorus_edi.domain.findings import Severity
from chorus_edi.domain.labels import Label
from chorus_edi.domain.motives import Motive
from chorus_edi.rules.chorus_b2g.sources import DOLIBARR, GOBL
from chorus_edi.rules.registry import Confidence, Rule, enter

CARDS: dict[str, Rule] = {}
"""Id → card, for whoever judges them."""

_SERVICE = ("BT-46", "BT-49")
_ENGAGEMENT = "BT-13"


def _card(rule_id: str, *terms: str, name: str, message: Label, conseil: str) -> None:
    CARDS[rule_id] = Rule(
        id=rule_id,
        name=name,
        terms=terms,
        severity=Severity.FATAL,
        motive=Motive.REJ_CONT_B2G,
        message=message,
        conseil=conseil,
        source=f"{GOBL} ; {DOLIBARR}",
        confidence=Confidence.RENDERED,
        module=__name__,
    )
    enter(CARDS[rule_id])


_card(
    "BR-FR-CPRO-11",
    *_SERVICE,
    name="the code service is given where the recipient demands it",
    message=Label(
        "Le destinataire exige un code service (BT-46, schéma 0224) et la facture n'en donne pas.",
        "The recipient demands a code service (BT-46, scheme 0224) and the invoice gives none.",
    ),
    conseil="Demandez au destinataire le code du service et indiquez-le en BT-46, schéma 0224.",
)
_card(
    "BR-FR-CPRO-12",
    _ENGAGEMENT,
    name="the commitment number is given where the recipient demands it",
    message=Label(
        "Le destinataire exige un numéro d'engagement (BT-13) et la facture n'en donne pas.",
        "The recipient demands a commitment number (BT-13) and the invoice gives none.",
    ),
    conseil="Reportez en BT-13 le numéro d'engagement qui figure sur le bon de commande.",
)
_card(
    "BR-FR-CPRO-13",
    _ENGAGEMENT,
    *_SERVICE,
    name="a code service or a commitment number is given where the recipient demands one of them",
    message=Label(
        "Le destinataire exige un code service ou un numéro d'engagement : il n'y a ni l'un "
        "ni l'autre.",
        "The recipient demands a code service or a commitment number: there is neither.",
    ),
    conseil="Indiquez le code service (BT-46, schéma 0224) ou le numéro d'engagement (BT-13).",
)
