"""CE-FOURN-01, CE-FOURN-02 and G2.19: how supplier and valideur are identified.

The recipient is judged where he is looked up (``stages/resolve.py``).
"""

from __future__ import annotations

from collections.abc import Iterator

from chorus_edi.domain.findings import Severity
from chorus_edi.domain.identifier_checks import form_missed
from chorus_edi.domain.identifiers import (
    IdentifierKind,
    compact,
    is_siret,
    kind_of,
    looks_like_siret,
    seller_of,
)
from chorus_edi.domain.invoice import Invoice
from chorus_edi.domain.motives import Motive
from chorus_edi.rules.registry import Breach, Breaches, Confidence, rule
from chorus_edi.rules.text import BLANKS, has_text


@rule(
    "CE-FOURN-01",
    "BT-30",
    "BT-29",
    fr="Rien n'identifie le fournisseur (BT-29 ou BT-30) comme Chorus Pro le connaît.",
    en="Nothing identifies the supplier (BT-29 or BT-30) in a way that Chorus Pro knows.",
    conseil="Indiquez l'identifiant du fournisseur, en BT-29 en UBL et en BT-30 en CII, avec son "
    "type : 1 SIRET, 2 UE hors France, 3 hors UE, 4 RIDET, 5 Tahiti, 7 particulier.",
    source="Format pivot de Chorus Pro (types 1 à 7) ; spécifications externes V1.1, §3.2.1.1",
    motive=Motive.REJ_COH,
)
def a_supplier_is_identified(invoice: Invoice, _: Invoice) -> Breach | None:
    """A SIREN alone names no structure of Chorus Pro."""
    party = seller_of(invoice)
    if party is None:
        return next(_unknown(invoice), Breach("BT-30", at="BG-4"))
    if party.kind is not IdentifierKind.SIREN:
        return None
    return _breach(party.address, party.identifier, "SIRET, 14 chiffres")


def _unknown(invoice: Invoice) -> Iterator[Breach]:
    """Yield the supplier's identifiers, none of which is of a known kind."""
    if invoice.seller is None:
        return
    legal = invoice.seller.legal_registration
    if legal is not None and has_text(legal.value):
        yield Breach("BT-30", found=legal.value, expected=_typed(legal.value), at="BG-4")
    for n, identifier in enumerate(invoice.seller.identifiers, 1):
        if has_text(identifier.value):
            asked = _typed(identifier.value)
            yield Breach("BT-29", found=identifier.value, expected=asked, at="BG-4", index=n)


def _typed(identifier: str | None) -> str | None:
    """Say the type that is missing, where an identifier itself is a SIRET."""
    return "type 1 (SIRET)" if looks_like_siret(compact(identifier or "")) else None


@rule(
    "CE-FOURN-02",
    "BT-30",
    "BT-29",
    fr="La clé du SIRET du fournisseur (BT-29 ou BT-30) est fausse.",
    en="The check digit of the supplier's SIRET (BT-29 or BT-30) is wrong.",
    conseil="Vérifiez les 14 chiffres du SIRET, en BT-29 en UBL et en BT-30 en CII : l'un d'eux "
    "est sans doute mal recopié.",
    source="Insee, clé du SIRET ; les SIRET du portail de qualification ne la respectent pas tous",
    confidence=Confidence.INFERRED,
    severity=Severity.WARNING,
    motive=Motive.REJ_COH,
    apart=True,
)
def the_siret_of_a_supplier_has_its_key(invoice: Invoice, _: Invoice) -> Breach | None:
    """La Poste has a key of its own."""
    party = seller_of(invoice)
    if party is None or party.kind is not IdentifierKind.SIRET:
        return None
    if not looks_like_siret(party.identifier) or is_siret(party.identifier):
        return None
    return _breach(party.address, party.identifier)


@rule(
    "G2.19",
    "BT-30",
    "BT-29",
    "CE-VALIDEUR",
    fr="L'identifiant du fournisseur (BT-29 ou BT-30) ou du valideur n'a pas la forme de son type.",
    en="The identifier of the supplier (BT-29 or BT-30) or of the validating party has not the "
    "form of its kind.",
    conseil="Corrigez l'identifiant ou son type : un SIRET a 14 chiffres, un RIDET 9 ou 10 "
    "caractères, un numéro Tahiti 9.",
    source="Annexe 7 V1.9, G2.19",
    motive=Motive.REJ_COH,
    apart=True,
)
def an_identifier_has_the_form_of_its_kind(invoice: Invoice, _: Invoice) -> Breaches:
    """Samples: TAHITI 9 digits (P03), a country and a name (P57), RIDET 10 digits (P58)."""
    return tuple(_malformed(invoice)) or None


def _malformed(invoice: Invoice) -> Iterator[Breach]:
    party = seller_of(invoice)
    # A SIREN is no identifier here at all, which CE-FOURN-01 tells.
    judged = party is not None and party.kind is not IdentifierKind.SIREN
    if party is not None and judged and (form := form_missed(party.kind, party.identifier)):
        yield _breach(party.address, party.identifier, form)
    valideur = invoice.chorus.valideur if invoice.chorus else None
    value = (valideur.value or "").strip(BLANKS) if valideur else ""
    kind = kind_of(valideur) if valideur and value else None
    if kind is not None and (form := form_missed(kind, value)):
        yield Breach("CE-VALIDEUR", found=value, expected=form)


def _breach(address: str, found: str, expected: str | None = None) -> Breach:
    """Return a breach at the address of a party's identifier."""
    at, _, last = address.rpartition("/")
    term, _, index = last.rstrip("]").partition("[")
    return Breach(term, found=found, expected=expected, at=at, index=int(index) if index else None)
