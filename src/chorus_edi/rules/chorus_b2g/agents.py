"""BR-FR-CPRO on the agent of the seller: who holds the contract of a subcontractor."""

from __future__ import annotations

from chorus_edi.domain.findings import Severity
from chorus_edi.domain.groups import Identifier
from chorus_edi.domain.identifiers import SIRET_SCHEME
from chorus_edi.domain.invoice import Invoice
from chorus_edi.domain.motives import Motive
from chorus_edi.domain.parties import SellerAgent
from chorus_edi.rules.chorus_b2g.process import SUBCONTRACTING, is_subcontracting
from chorus_edi.rules.chorus_b2g.sources import GOBL, PAGERO, SPEC
from chorus_edi.rules.registry import Breach, Confidence, rule

_NUMBERS = "18 et 28 parlent de l'agent du vendeur, ce qu'elles en disent n'est pas public"
_CONCLUDED = f"{GOBL} ; {_NUMBERS} ; contenu déduit de {SPEC}, 6"


@rule(
    "BR-FR-CPRO-21",
    "BT-23",
    "EXT-FR-FE-BG-03",
    fr="Sous-traitance (BT-23 = S3) : le titulaire du marché n'est pas indiqué comme agent du "
    "vendeur (EXT-FR-FE-BG-03).",
    en="Subcontracting (BT-23 = S3): the holder of the contract is not given as agent of the "
    "seller (EXT-FR-FE-BG-03).",
    conseil="Indiquez le titulaire du marché comme agent du vendeur : il doit valider la demande.",
    source=f"{PAGERO}, exemple du cas 13 ; {SPEC}, 6 ; seule la présence du titulaire est "
    "contrôlée : l'annuaire public ne dit rien des marchés",
    motive=Motive.REJ_CONT_B2G,
    confidence=Confidence.RENDERED,
)
def a_subcontractor_names_the_holder_of_the_contract(invoice: Invoice, _: Invoice) -> Breach | None:
    """Ask for the agent where the cadre is S3."""
    if not is_subcontracting(invoice) or invoice.seller_agent is not None:
        return None
    return Breach("BT-23", found=SUBCONTRACTING)


@rule(
    "BR-FR-CPRO-18",
    "EXT-FR-FE-71",
    "BT-30",
    each=SellerAgent,
    given=("EXT-FR-FE-71",),
    fr="Sous-traitance (S3) : le titulaire du marché (EXT-FR-FE-71) est le vendeur lui-même.",
    en="Subcontracting (S3): the holder of the contract (EXT-FR-FE-71) is the seller himself.",
    conseil="Indiquez comme agent du vendeur le titulaire du marché, ou changez de cadre.",
    source=_CONCLUDED,
    severity=Severity.WARNING,
    motive=Motive.REJ_CONT_B2G,
    confidence=Confidence.INFERRED,
)
def the_holder_of_the_contract_is_not_the_subcontractor(
    agent: SellerAgent, invoice: Invoice
) -> Breach | None:
    """Compare the legal registrations of agent and seller, where both are given."""
    holder = _value(agent.legal_registration)
    own = _value(invoice.seller.legal_registration) if invoice.seller else ""
    if not is_subcontracting(invoice) or not holder or holder != own:
        return None
    return Breach("EXT-FR-FE-71", found=holder)


@rule(
    "BR-FR-CPRO-28",
    "EXT-FR-FE-69",
    each=SellerAgent,
    fr="Sous-traitance (S3) : le titulaire du marché n'est pas désigné par son SIRET "
    "(EXT-FR-FE-69).",
    en="Subcontracting (S3): the holder of the contract is not named by his SIRET (EXT-FR-FE-69).",
    conseil="Ajoutez à l'agent du vendeur son SIRET, schéma 0009.",
    source=_CONCLUDED,
    severity=Severity.WARNING,
    motive=Motive.REJ_CONT_B2G,
    confidence=Confidence.INFERRED,
)
def the_holder_of_the_contract_is_named_by_his_siret(
    agent: SellerAgent, invoice: Invoice
) -> Breach | None:
    """Ask for an identifier under 0009."""
    known = any((one.scheme or "").strip() == SIRET_SCHEME for one in agent.identifiers)
    if not is_subcontracting(invoice) or known:
        return None
    return Breach("EXT-FR-FE-69", expected="SIRET (schéma 0009)")


def _value(identifier: Identifier | None) -> str:
    return (identifier.value or "").strip() if identifier else ""
