"""BR-FR-CPRO on identifiers: how seller, payee and buyer must be known to Chorus Pro."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from chorus_edi.domain.groups import Identifier
from chorus_edi.domain.identifiers import SIRET_SCHEME
from chorus_edi.domain.invoice import Invoice
from chorus_edi.domain.motives import Motive
from chorus_edi.domain.parties import Buyer, Payee, Seller
from chorus_edi.rules.chorus_b2g.sources import DOLIBARR, GOBL
from chorus_edi.rules.figures import once
from chorus_edi.rules.registry import Breach, Confidence, rule
from chorus_edi.rules.text import every

_SIREN_SCHEME = "0002"


class _Format(NamedTuple):
    """A row: how an identifier of the seller is written under a scheme.

    ``called`` and ``asked`` say scheme and form in French, ``asked_en`` the form in English;
    ``note`` adds to the source.
    """

    rule: str
    scheme: str
    called: str
    pattern: re.Pattern[str]
    asked: str
    asked_en: str
    note: str


_NUMBERED = "le numéro de règle par schéma n'est pas public : ils sont pris dans leur ordre"
_EIGHTEEN = "« moins de 18 » chez GOBL, « 18 » dans l'annexe 7 de la DGFiP : 18 admis"

_FORMATS = (
    _Format(
        "BR-FR-CPRO-04",
        "0223",
        "entreprise de l'Union européenne",
        re.compile(r".{1,18}", re.DOTALL),
        "18 caractères au plus",
        "at most 18 characters",
        f"{_EIGHTEEN} ; {_NUMBERED}",
    ),
    _Format(
        "BR-FR-CPRO-05",
        "0226",
        "particulier",
        re.compile(r"[0-9]{10}.{0,70}", re.DOTALL),
        "10 chiffres, puis 70 caractères au plus",
        "10 digits, then at most 70 characters",
        _NUMBERED,
    ),
    _Format(
        "BR-FR-CPRO-06",
        "0227",
        "entreprise hors de l'Union européenne",
        re.compile(r".{1,18}", re.DOTALL),
        "18 caractères au plus",
        "at most 18 characters",
        f"{_EIGHTEEN} ; {_NUMBERED}",
    ),
    _Format(
        "BR-FR-CPRO-07",
        "0228",
        "RIDET",
        re.compile(r".{9,10}", re.DOTALL),
        "9 ou 10 caractères",
        "9 or 10 characters",
        _NUMBERED,
    ),
    _Format(
        "BR-FR-CPRO-08",
        "0229",
        "TAHITI",
        re.compile(r".{9,10}", re.DOTALL),
        "9 ou 10 caractères",
        "9 or 10 characters",
        f"« 9 » dans l'annexe 7 de la DGFiP, « 9 ou 10 » chez GOBL : 10 admis ; {_NUMBERED}",
    ),
)
_SELLER_SCHEMES = (SIRET_SCHEME, *(one.scheme for one in _FORMATS))


def _bare(text: str | None) -> str:
    return (text or "").strip()


def _under(identifiers: Iterable[Identifier], *schemes: str) -> bool:
    """True where one of the identifiers has a value under one of the schemes."""
    return any(_bare(one.scheme) in schemes and _bare(one.value) for one in identifiers)


@rule(
    "BR-FR-CPRO-03",
    "BT-29",
    each=Seller,
    fr="Le vendeur n'a pas d'identifiant (BT-29) que Chorus Pro connaisse.",
    en="The seller has no identifier (BT-29) that Chorus Pro knows.",
    conseil="Indiquez en BT-29 le SIRET du vendeur, schéma 0009 (0223, 0226, 0227, 0228 ou 0229 "
    "pour un vendeur sans SIRET).",
    source=GOBL,
    motive=Motive.REJ_CONT_B2G,
    confidence=Confidence.RENDERED,
)
def the_seller_is_identified_as_chorus_pro_knows_him(seller: Seller, _: Invoice) -> Breach | None:
    """Ask for one identifier among those of the schemes of structures."""
    if _under(seller.identifiers, *_SELLER_SCHEMES):
        return None
    return Breach("BT-29", expected=f"schéma {', '.join(_SELLER_SCHEMES)}")


def _schemes_of_sellers(invoice: Invoice) -> frozenset[str]:
    """Return the schemes of their identifiers; several sellers are a fault, but are all judged."""
    sellers = (one for one in every(invoice, "seller") if one is not None)
    return frozenset(_bare(one.scheme) for seller in sellers for one in seller.identifiers)


def _register(form: _Format) -> None:
    @rule(
        form.rule,
        "BT-29",
        each=Seller,
        fr=f"L'identifiant du vendeur (BT-29) de schéma {form.scheme} ({form.called}) n'a pas la "
        f"forme attendue : {form.asked}.",
        en=f"The identifier of the seller (BT-29) under scheme {form.scheme} has not the form "
        f"expected: {form.asked_en}.",
        conseil=f"Corrigez l'identifiant du vendeur sous le schéma {form.scheme} : {form.asked}.",
        source=f"{GOBL} ; {form.note}",
        name=f"an identifier of the seller under {form.scheme} is well formed",
        motive=Motive.REJ_CONT_B2G,
        confidence=Confidence.RENDERED,
    )
    def _is_well_formed(seller: Seller, invoice: Invoice) -> tuple[Breach, ...] | None:
        # Most sellers have a SIRET and nothing else.
        if form.scheme not in once(invoice, _schemes_of_sellers):
            return None
        faults = [
            Breach("BT-29", found=one.value, expected=form.asked, index=n)
            for n, one in enumerate(seller.identifiers, 1)
            if _bare(one.scheme) == form.scheme and not form.pattern.fullmatch(_bare(one.value))
        ]
        return tuple(faults) or None


for _form in _FORMATS:
    _register(_form)


def _siret_with_siren(
    identifiers: tuple[Identifier, ...], legal: Identifier | None
) -> tuple[bool, str | None]:
    """Tell whether a party known by a SIREN lacks its SIRET, and the SIREN."""
    held = identifiers if legal is None else (*identifiers, legal)
    siren = next((one.value for one in held if _bare(one.scheme) == _SIREN_SCHEME), None)
    return bool(_bare(siren)) and not _under(identifiers, SIRET_SCHEME), siren


@rule(
    "BR-FR-CPRO-09",
    "BT-29",
    "BT-30",
    each=Seller,
    fr="Le vendeur donne son SIREN sans son SIRET (BT-29, schéma 0009).",
    en="The seller gives a SIREN without a SIRET (BT-29, scheme 0009).",
    conseil="Ajoutez en BT-29 le SIRET de l'établissement vendeur, schéma 0009.",
    source=GOBL,
    motive=Motive.REJ_CONT_B2G,
    confidence=Confidence.RENDERED,
)
def a_seller_with_a_siren_gives_his_siret(seller: Seller, _: Invoice) -> Breach | None:
    """Take the SIREN where it stands, in BT-29 or BT-30."""
    lacks, siren = _siret_with_siren(seller.identifiers, seller.legal_registration)
    return Breach("BT-29", expected=f"SIRET du SIREN {siren}") if lacks else None


@rule(
    "BR-FR-CPRO-17",
    "BT-60",
    "BT-61",
    each=Payee,
    fr="Le bénéficiaire donne son SIREN sans son SIRET (BT-60, schéma 0009).",
    en="The payee gives a SIREN without a SIRET (BT-60, scheme 0009).",
    conseil="Ajoutez en BT-60 le SIRET de l'établissement bénéficiaire, schéma 0009.",
    source=GOBL,
    motive=Motive.REJ_CONT_B2G,
    confidence=Confidence.RENDERED,
)
def a_payee_with_a_siren_gives_his_siret(payee: Payee, _: Invoice) -> Breach | None:
    """Take the SIREN where it stands, in BT-60 or BT-61."""
    lacks, siren = _siret_with_siren(payee.identifiers, payee.legal_registration)
    return Breach("BT-60", expected=f"SIRET du SIREN {siren}") if lacks else None


@rule(
    "BR-FR-CPRO-10",
    "BT-46",
    each=Buyer,
    fr="L'acheteur public n'est pas désigné par son SIRET (BT-46, schéma 0009).",
    en="The public buyer is not named by its SIRET (BT-46, scheme 0009).",
    conseil="Indiquez en BT-46 le SIRET de la structure publique, schéma 0009 : le SIREN ne "
    "suffit pas.",
    source=f"{GOBL} ; {DOLIBARR}",
    motive=Motive.REJ_CONT_B2G,
    confidence=Confidence.RENDERED,
)
def the_buyer_is_named_by_its_siret(buyer: Buyer, _: Invoice) -> Breach | None:
    """Ask for the identifier under 0009; BR-FR-09 says how it is written."""
    if _under(buyer.identifiers, SIRET_SCHEME):
        return None
    return Breach("BT-46", expected="SIRET (schéma 0009)")
