"""The VAT categories that have a family of rules, and what each demands (EN 16931-1, 6.4.3)."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple


class Rate(Enum):
    """What the rate of a category may be: how it is said that it is not, and what to do."""

    POSITIVE = (
        "n'est pas supérieur à zéro",
        "is not greater than zero",
        "Indiquez le taux appliqué, supérieur à 0,",
    )
    NOT_NEGATIVE = (
        "est absent ou négatif",
        "is missing or negative",
        "Indiquez le taux appliqué, 0 ou plus,",
    )
    ZERO = ("n'est pas 0", "is not 0", "Indiquez le taux 0")
    ABSENT = ("est donné", "is given", "Supprimez le taux")

    def __init__(self, fr: str, en: str, conseil: str) -> None:
        self.fr = fr
        self.en = en
        self.conseil = conseil


class Parties(Enum):
    """Which tax identifiers a category needs: how it is said that they are not there."""

    SELLER = (
        "le vendeur n'a ni numéro de TVA (BT-31), ni numéro fiscal (BT-32), ni représentant "
        "fiscal (BT-63)",
        "the seller has no VAT identifier (BT-31), no tax registration (BT-32) and no tax "
        "representative (BT-63)",
        "Indiquez le numéro de TVA du vendeur en BT-31, ou son numéro fiscal en BT-32.",
    )
    SELLER_VAT = (
        "le vendeur n'a pas de numéro de TVA (BT-31), ni de représentant fiscal (BT-63)",
        "the seller has no VAT identifier (BT-31) and no tax representative (BT-63)",
        "Indiquez le numéro de TVA du vendeur en BT-31.",
    )
    SELLER_AND_BUYER = (
        "il manque un identifiant fiscal du vendeur (BT-31, BT-32 ou BT-63) ou de l'acheteur "
        "(BT-48 ou BT-47)",
        "a tax identifier of the seller (BT-31, BT-32 or BT-63) or of the buyer (BT-48 or BT-47) "
        "is missing",
        "Indiquez le numéro de TVA du vendeur en BT-31 et celui de l'acheteur en BT-48.",
    )
    SELLER_VAT_AND_BUYER_VAT = (
        "il manque le numéro de TVA du vendeur (BT-31 ou BT-63) ou de l'acheteur (BT-48)",
        "the VAT identifier of the seller (BT-31 or BT-63) or of the buyer (BT-48) is missing",
        "Indiquez le numéro de TVA du vendeur en BT-31 et celui de l'acheteur en BT-48.",
    )
    NONE = (
        "la facture donne un numéro de TVA (BT-31, BT-63 ou BT-48)",
        "the invoice gives a VAT identifier (BT-31, BT-63 or BT-48)",
        "Supprimez les numéros de TVA BT-31, BT-63 et BT-48, ou corrigez la catégorie de TVA.",
    )

    def __init__(self, fr: str, en: str, conseil: str) -> None:
        self.fr = fr
        self.en = en
        self.conseil = conseil


class Family(NamedTuple):
    """A VAT category and what it demands.

    Attributes:
        prefix: middle of its ids.
        code: its code (UNTDID 5305).
        fr: its name, French.
        en: its name, English.
        rate: what its rate may be.
        rate_cii: the same, as the CII sheet has it.
        parties: the tax identifiers it needs.
        reasoned: an example of the exemption reason it needs; empty where it takes none.
        taxed: its VAT is its base times its rate; else zero.
        by_rate: it is broken down by rate.
        once: it must have exactly one breakdown.
    """

    prefix: str
    code: str
    fr: str
    en: str
    rate: Rate
    parties: Parties
    reasoned: str = ""
    taxed: bool = False
    rate_cii: Rate | None = None

    @property
    def by_rate(self) -> bool:
        """Only what is taxed has rates to tell apart."""
        return self.taxed

    @property
    def once(self) -> bool:
        """Without rates to tell apart there is one breakdown."""
        return not self.taxed


FAMILIES = (
    Family(
        "S", "S", "taux normal (S)", "standard rate (S)",
        Rate.POSITIVE, Parties.SELLER, taxed=True,
    ),
    Family("Z", "Z", "taux zéro (Z)", "zero rate (Z)", Rate.ZERO, Parties.SELLER),
    Family(
        "E", "E", "exonération (E)", "exempt from VAT (E)",
        Rate.ZERO, Parties.SELLER, "Exonération de TVA, article 261 du CGI",
    ),
    Family(
        "AE", "AE", "autoliquidation (AE)", "reverse charge (AE)",
        Rate.ZERO, Parties.SELLER_AND_BUYER, "Autoliquidation",
    ),
    Family(
        "IC", "K", "livraison intracommunautaire (K)", "intra-community supply (K)",
        Rate.ZERO, Parties.SELLER_VAT_AND_BUYER_VAT, "Livraison intracommunautaire",
    ),
    Family(
        "G", "G", "exportation hors de l'Union (G)", "export outside the EU (G)",
        Rate.ZERO, Parties.SELLER_VAT, "Exportation hors de l'Union européenne",
    ),
    Family(
        "O", "O", "hors du champ de la TVA (O)", "not subject to VAT (O)",
        Rate.ABSENT, Parties.NONE, "Hors du champ de la TVA",
    ),
    Family(
        "AF", "L", "IGIC des Canaries (L)", "IGIC of the Canary Islands (L)",
        Rate.NOT_NEGATIVE, Parties.SELLER, taxed=True, rate_cii=Rate.POSITIVE,
    ),
    Family(
        "AG", "M", "IPSI de Ceuta et Melilla (M)", "IPSI of Ceuta and Melilla (M)",
        Rate.NOT_NEGATIVE, Parties.SELLER, taxed=True,
    ),
)  # fmt: skip
"""Every category with a family, in the order of the norm."""
