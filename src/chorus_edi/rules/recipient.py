"""Cards of the rules on what the directory says of recipient, supplier and commitment number.

``stages/resolve.py`` judges them.
"""

from __future__ import annotations

from functools import cache

import msgspec

from chorus_edi.domain.findings import Severity
from chorus_edi.domain.labels import Label
from chorus_edi.domain.motives import Motive
from chorus_edi.domain.scenarios import Circuit
from chorus_edi.rules.registry import Confidence


class RecipientRule(msgspec.Struct, frozen=True, kw_only=True):
    """Identity card of a rule that the directory decides.

    Attributes:
        id: our own; the authority publishes no id for these in the historic circuit.
        message: what is wrong.
        conseil: what to change, one French sentence.
        terms: business terms it speaks of, in every syntax.
        motive: the official motive it gives a refusal.
        needs_directory: False where the invoice alone is enough to judge.
        source: where the rule comes from, in words that a reader of a report can follow.
        confidence: how sure we are of it.
        severity: how much it weighs, unless configured otherwise.
        in_afnor: the authority's id in the AFNOR circuit, where it gives one.
        weighable: True where an operator may change its severity.
    """

    id: str
    message: Label
    conseil: str
    terms: tuple[str, ...]
    motive: Motive
    needs_directory: bool = True
    source: str
    confidence: Confidence = Confidence.RENDERED
    severity: Severity = Severity.FATAL
    in_afnor: str = ""
    weighable: bool = False

    def id_in(self, circuit: Circuit | None) -> str:
        """Return the id it has in a circuit."""
        return self.in_afnor if self.in_afnor and circuit is Circuit.AFNOR else self.id


_SPEC = "AIFE, spécifications externes Chorus Pro v1.1 du 30/04/2026"
_DIRECTORY = "Annuaire public de Chorus Pro"
_CLIENTS = "ce qu'elle demande : lu dans deux clients de l'API (OCA, go-choruspro)"
_ACTIVE = "« connu et actif » : lu dans les mêmes clients"

_RECIPIENT = ("BT-46", "BT-47", "BT-49")
_SERVICE = ("BT-46", "BT-10", "CE-SERVICE")
_ENGAGEMENTS = ("BT-13", "EXT-FR-FE-135")
_SUPPLIER = ("BT-29", "BT-30")
_LISTED = (
    "Clients publics de l'API : l'État refuse un engagement qui n'existe pas, les autres n'en "
    "exigent que la présence ; liste des engagements de l'exploitant. Bloquante quand le "
    "destinataire est l'État"
)

RULES: tuple[RecipientRule, ...] = (
    RecipientRule(
        id="CE-DEST-01",
        message=Label(
            "La facture n'indique pas son destinataire.", "The invoice names no recipient."
        ),
        conseil="Indiquez le SIRET de la structure publique destinataire.",
        terms=_RECIPIENT,
        motive=Motive.ADR_ERR,
        needs_directory=False,
        source=f"{_SPEC}, 3.2.3.3 (motif ADR_ERR)",
        confidence=Confidence.PUBLISHED,
    ),
    RecipientRule(
        id="CE-DEST-02",
        message=Label(
            "L'identifiant du destinataire n'est pas un SIRET, ou n'est pas donné comme tel.",
            "The recipient's identifier is not a SIRET, or is not given as one.",
        ),
        conseil="Indiquez le SIRET à 14 chiffres du destinataire, sous le type d'un SIRET : 1 dans "
        "le circuit historique, schéma 0009 dans le circuit AFNOR ; le SIREN ne suffit pas.",
        terms=_RECIPIENT,
        motive=Motive.ADR_ERR,
        needs_directory=False,
        source="Réponses du portail de qualification (14 chiffres, SIREN refusé), lues dans un "
        "client public (invoicerr)",
    ),
    RecipientRule(
        id="CE-DEST-03",
        message=Label(
            "Le SIRET du destinataire n'est pas dans l'annuaire.",
            "The recipient's SIRET is not in the directory.",
        ),
        conseil="Vérifiez le SIRET du destinataire dans l'annuaire, puis corrigez la facture.",
        terms=_RECIPIENT,
        motive=Motive.REJ_ADR,
        source=f"{_SPEC}, 3.2.1.4.2 et 3.2.3.3 (motif REJ_ADR)",
        confidence=Confidence.PUBLISHED,
    ),
    RecipientRule(
        id="CE-DEST-04",
        message=Label(
            "La structure destinataire n'est plus active.",
            "The recipient structure is no longer active.",
        ),
        conseil="Demandez au destinataire le SIRET de la structure qui le remplace.",
        terms=_RECIPIENT,
        motive=Motive.REJ_ADR,
        source=f"{_DIRECTORY}, colonne StructureActive ; {_ACTIVE}",
    ),
    RecipientRule(
        id="CE-SERV-01",
        message=Label(
            "Le destinataire exige un code service et la facture n'en donne pas.",
            "The recipient demands a code service and the invoice gives none.",
        ),
        conseil="Demandez au destinataire le code du service et indiquez-le sur la facture.",
        terms=_SERVICE,
        motive=Motive.REJ_CONT_B2G,
        source=f"{_DIRECTORY}, colonne GestionService ; {_CLIENTS}",
        in_afnor="BR-FR-CPRO-11",
    ),
    RecipientRule(
        id="CE-SERV-02",
        message=Label(
            "Le code service est inconnu chez ce destinataire.",
            "The recipient has no service of this code.",
        ),
        conseil="Vérifiez le code service dans l'annuaire, puis corrigez la facture.",
        terms=_SERVICE,
        motive=Motive.REJ_ADR,
        source=f"{_DIRECTORY} des services, colonne Code ; {_ACTIVE}",
    ),
    RecipientRule(
        id="CE-SERV-03",
        message=Label(
            "Le service destinataire n'est pas actif au jour du dépôt.",
            "The recipient service is not active on the day of deposit.",
        ),
        conseil="Demandez au destinataire le code du service qui le remplace.",
        terms=_SERVICE,
        motive=Motive.REJ_ADR,
        source=f"{_DIRECTORY} des services, colonne ServiceActif ; {_ACTIVE} ; "
        "période de validité de la liste de l'exploitant",
    ),
    RecipientRule(
        id="CE-SERV-04",
        message=Label(
            "Une facture à l'État doit donner un code service, qui seul désigne son destinataire.",
            "An invoice to the State must give a code service, which alone names its recipient.",
        ),
        conseil="Demandez au service de l'État son code service et indiquez-le sur la facture.",
        terms=_SERVICE,
        motive=Motive.REJ_CONT_B2G,
        needs_directory=False,
        source="Échantillon officiel P40 ; tous les ministères ont le même SIRET, 11000201100044",
        confidence=Confidence.INFERRED,
    ),
    RecipientRule(
        id="CE-EJ-01",
        message=Label(
            "Le destinataire exige un numéro d'engagement et la facture n'en donne pas.",
            "The recipient demands a commitment number and the invoice gives none.",
        ),
        conseil="Reportez sur la facture le numéro d'engagement qui figure sur le bon de commande.",
        terms=("BT-13",),
        motive=Motive.REJ_CONT_B2G,
        source=f"{_DIRECTORY}, colonne GestionEngagement ; {_CLIENTS}",
        in_afnor="BR-FR-CPRO-12",
    ),
    RecipientRule(
        id="CE-EJ-02",
        message=Label(
            "Ce service exige un numéro d'engagement et la facture n'en donne pas.",
            "This service demands a commitment number and the invoice gives none.",
        ),
        conseil="Reportez sur la facture le numéro d'engagement que le service vous a donné.",
        terms=("BT-13",),
        motive=Motive.REJ_CONT_B2G,
        source=f"{_DIRECTORY} des services, colonne GestionEGMT ; {_CLIENTS}",
        in_afnor="BR-FR-CPRO-12",
    ),
    RecipientRule(
        id="CE-EJ-03",
        message=Label(
            "Le destinataire exige un code service ou un numéro d'engagement : il n'y a ni l'un "
            "ni l'autre.",
            "The recipient demands a code service or a commitment number: there is neither.",
        ),
        conseil="Indiquez sur la facture le code service ou le numéro d'engagement.",
        terms=("BT-13", *_SERVICE),
        motive=Motive.REJ_CONT_B2G,
        source=f"{_DIRECTORY}, colonne GestionServiceEngagement ; {_CLIENTS}",
        in_afnor="BR-FR-CPRO-13",
    ),
    RecipientRule(
        id="CE-EJ-04",
        message=Label(
            "Le numéro d'engagement est inconnu chez ce destinataire.",
            "The recipient has no commitment of this number.",
        ),
        conseil="Vérifiez le numéro d'engagement sur le bon de commande, puis corrigez la facture.",
        terms=_ENGAGEMENTS,
        motive=Motive.REJ_CONT_B2G,
        source=_LISTED,
        severity=Severity.WARNING,
        weighable=True,
    ),
    RecipientRule(
        id="CE-EJ-05",
        message=Label(
            "Cet engagement est clos chez le destinataire.",
            "This commitment is closed at the recipient's.",
        ),
        conseil="Demandez au destinataire le numéro d'engagement à indiquer.",
        terms=_ENGAGEMENTS,
        motive=Motive.REJ_CONT_B2G,
        source=_LISTED,
        severity=Severity.WARNING,
        weighable=True,
    ),
    RecipientRule(
        id="CE-FOURN-03",
        message=Label(
            "Le fournisseur n'est pas référencé.", "The supplier is not a registered one."
        ),
        conseil="Vérifiez l'identifiant du fournisseur et son type ; s'ils sont justes, faites "
        "d'abord référencer le fournisseur sur la plateforme.",
        terms=_SUPPLIER,
        motive=Motive.REJ_COH,
        source=f"{_SPEC}, 3.2.1.1 et 3.2.3.3 (motif REJ_COH) ; liste des fournisseurs de "
        "l'exploitant, qui peut les accepter tous (fournisseurs_inconnus)",
        confidence=Confidence.PUBLISHED,
    ),
    RecipientRule(
        id="CE-FOURN-04",
        message=Label(
            "Le fournisseur n'est plus actif sur la plateforme.",
            "The supplier is no longer active on the platform.",
        ),
        conseil="Faites réactiver la structure du fournisseur, ou facturez sous celle qui la "
        "remplace.",
        terms=_SUPPLIER,
        motive=Motive.REJ_COH,
        source=f"{_SPEC}, 3.2.1.1 et 3.2.3.3 (motif REJ_COH)",
        confidence=Confidence.PUBLISHED,
    ),
)
"""Every rule, under our own ids; ``rules/chorus_b2g/directory.py`` has the cards of the others."""


@cache
def ids_in(circuit: Circuit | None) -> frozenset[str]:
    """Return the ids of these rules in a circuit."""
    return frozenset(rule.id_in(circuit) for rule in RULES)


@cache
def weighable_in(circuit: Circuit | None) -> frozenset[str]:
    """Return those that may be softened: what a recipient demands, not what delivery needs."""
    return frozenset(rule.id_in(circuit) for rule in RULES if rule.in_afnor or rule.weighable)


def named_in(rule_id: str, circuit: Circuit) -> str | None:
    """Return the id in a circuit of the rule that has an id in any; None where none has it."""
    named = (rule.id_in(circuit) for rule in RULES if rule_id in (rule.id, rule.in_afnor))
    return next(named, None)


NEEDS_DIRECTORY: tuple[str, ...] = tuple(rule.id for rule in RULES if rule.needs_directory)
"""Rules that cannot be judged where there is no directory, under our own ids."""
