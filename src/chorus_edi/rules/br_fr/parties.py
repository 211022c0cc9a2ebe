"""BR-FR-09 to 11, 32 and BR-FR-CO-10: who the parties are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from chorus_edi.domain.invoice import Invoice
from chorus_edi.domain.scenarios import Syntax
from chorus_edi.rules.br_fr.codes import (
    SINGLE_TAXABLE,
    SIREN,
    SIRET,
    SOURCE,
)
from chorus_edi.rules.br_fr.reading import (
    FOURTEEN_DIGITS,
    NINE_DIGITS,
    Party,
    Written,
    folded,
    parties,
    treatments,
    under,
    written,
)
from chorus_edi.rules.registry import Breach, Breaches, rule, variant
from chorus_edi.rules.text import every

_UBL = (Syntax.UBL_INVOICE, Syntax.UBL_CREDIT_NOTE)
_SIREN_DIGITS = 9


# -- SIREN and SIRET ---------------------------------------------------------------------------


def _bad_siret(held: list[tuple[int, str]], siren: str | None, *, lenient: bool) -> bool:
    """Judge the first SIRET of a party; without a SIREN, some parties may do with it alone."""
    siret = held[0][1]
    if lenient and not siren:
        siren = siret[:_SIREN_DIGITS]
    return not FOURTEEN_DIGITS(siret) or siret[:_SIREN_DIGITS] != siren


def _locations(invoice: Invoice) -> tuple[Written, ...]:
    """Return the identifiers of the place of delivery (BT-71)."""
    delivery = invoice.delivery
    if delivery is None or delivery.location is None:
        return ()
    return written(every(delivery, "location"))


@rule(
    "BR-FR-09",
    "BT-29",
    "BT-46",
    "BT-60",
    "BT-71",
    "EXT-FR-FE-06",
    "EXT-FR-FE-46",
    "EXT-FR-FE-69",
    "EXT-FR-FE-92",
    "EXT-FR-FE-115",
    "EXT-FR-FE-146",
    fr="Le SIRET (BT-29, BT-46…) n'a pas 14 chiffres, ou ne commence pas par le SIREN de la "
    "même partie.",
    en="The SIRET has not 14 digits, or does not begin with the SIREN of the same party.",
    conseil="Indiquez le SIRET de 14 chiffres (schéma 0009) de l'établissement, et en regard le "
    "SIREN (schéma 0002) de la même entreprise.",
    source=SOURCE,
    apart=True,
)
def a_siret_begins_with_the_siren(invoice: Invoice, _: Invoice) -> Breaches:
    """Payee and place of delivery need not have a SIREN beside it."""
    found = []
    for party in parties(invoice).all:
        held, siren, names = under(SIRET, party.identifiers), party.siren, party.names
        if held and _bad_siret(held, siren, lenient=names.at == "BG-10"):
            index, siret = held[0]
            found.append(Breach(names.identifiers, siret, siren, at=names.at, index=index))
    held = under(SIRET, _locations(invoice))
    if held and _bad_siret(held, None, lenient=True):
        found.append(Breach("BT-71", found=held[0][1]))
    return tuple(found) or None


def _is_siren(text: str | None) -> bool:
    return text is not None and (NINE_DIGITS(text) or NINE_DIGITS(folded(text))) is not None


def _no_siren(invoice: Invoice) -> Breach | None:
    siren = parties(invoice).seller.siren
    return None if _is_siren(siren) else Breach("BT-30", found=siren)


@rule(
    "BR-FR-10",
    "BT-30",
    fr="Le SIREN du vendeur (BT-30, schéma 0002) est absent ou n'a pas 9 chiffres.",
    en="The SIREN of the seller (BT-30, scheme 0002) is missing or has not 9 digits.",
    conseil="Indiquez en BT-30 le SIREN du vendeur, 9 chiffres, avec le schéma 0002.",
    source=SOURCE,
)
def the_seller_has_a_siren(invoice: Invoice, _: Invoice) -> Breaches:
    """Blanks around it do not matter."""
    return _no_siren(invoice)


@variant(
    "BR-FR-10",
    *_UBL,
    why="La feuille UBL ne le demande qu'à un vendeur qui a un bloc PartyLegalEntity.",
)
def a_seller_with_a_legal_entity_has_a_siren(invoice: Invoice, _: Invoice) -> Breaches:
    """The block holds name, registration or legal information."""
    seller = invoice.seller
    if seller is None:
        return None
    held = (seller.name, seller.legal_registration, seller.legal_information)
    return _no_siren(invoice) if any(one is not None for one in held) else None


@rule(
    "BR-FR-11",
    "BT-47",
    fr="La facture est entre entreprises françaises (note BAR : B2B), mais le SIREN de l'acheteur "
    "(BT-47, schéma 0002) est absent ou n'a pas 9 chiffres.",
    en="The invoice is between French companies (note BAR: B2B), but the SIREN of the buyer "
    "(BT-47, scheme 0002) is missing or has not 9 digits.",
    conseil="Indiquez en BT-47 le SIREN de l'acheteur, 9 chiffres, avec le schéma 0002.",
    source=SOURCE,
)
def a_buyer_in_france_has_a_siren(invoice: Invoice, _: Invoice) -> Breaches:
    """Blanks around it do not matter."""
    siren = parties(invoice).buyer.siren
    if _is_siren(siren) or "B2B" not in treatments(invoice, cii=False):
        return None
    return Breach("BT-47", found=siren)


@variant("BR-FR-11", Syntax.CII, why="La feuille CII n'admet pas de blancs autour du SIREN.")
def a_buyer_in_france_has_a_bare_siren(invoice: Invoice, _: Invoice) -> Breaches:
    """As it is written."""
    siren = parties(invoice).buyer.siren
    if (siren and NINE_DIGITS(siren)) or "B2B" not in treatments(invoice, cii=True):
        return None
    return Breach("BT-47", found=siren)


_NINE = frozenset({SIREN, SINGLE_TAXABLE})


def _bad_sirens(invoice: Invoice) -> Iterator[Breach]:
    """Yield the identifiers of the parties that have not nine digits and should.

    A registration is one under scheme 0002 only.
    """
    for party in parties(invoice).all:
        names = party.names
        for n, one in enumerate(party.identifiers, 1):
            if _not_nine(one):
                yield Breach(names.identifiers, found=one.text, at=names.at, index=n)
        for one in party.registrations:
            if one.scheme == SIREN and _not_nine(one):
                yield Breach(names.registration, found=one.text, at=names.at)


def _not_nine(one: Written) -> bool:
    """True for what its scheme says is an identifier of nine digits, and is not."""
    return one.scheme in _NINE and not _is_siren(one.text)


@rule(
    "BR-FR-32",
    "BT-30",
    "BT-47",
    "BT-61",
    "BT-29",
    "BT-46",
    "BT-60",
    "EXT-FR-FE-06",
    "EXT-FR-FE-46",
    "EXT-FR-FE-69",
    "EXT-FR-FE-92",
    "EXT-FR-FE-115",
    "EXT-FR-FE-08",
    "EXT-FR-FE-48",
    "EXT-FR-FE-71",
    "EXT-FR-FE-94",
    "EXT-FR-FE-117",
    fr="L'identifiant (BT-30, BT-47…) de schéma 0002 (SIREN) ou 0231 (assujetti unique) n'a pas "
    "9 chiffres.",
    en="The identifier of scheme 0002 (SIREN) or 0231 (single taxable person) has not 9 digits.",
    conseil="Écrivez 9 chiffres sans espace, ou corrigez le schéma de l'identifiant.",
    source=SOURCE,
    apart=True,
)
def a_siren_has_nine_digits(invoice: Invoice, _: Invoice) -> Breaches:
    """Blanks around it do not matter."""
    return tuple(_bad_sirens(invoice)) or None


def _global_identifiers(invoice: Invoice) -> Iterator[tuple[str, str, Written]]:
    """Yield those that CII writes as GlobalID outside the parties: of place and of items."""
    for one in _locations(invoice):
        yield "BG-13", "BT-71", one
    for n, line in enumerate(invoice.lines, 1):
        if line.item is not None and line.item.standard_identifier is not None:
            for one in written(every(line.item, "standard_identifier")):
                yield f"BG-25[{n}]/BG-31", "BT-157", one


@variant(
    "BR-FR-32",
    Syntax.CII,
    why="La feuille CII lit tout identifiant GlobalID, du lieu de livraison et des articles aussi.",
)
def a_siren_of_cii_has_nine_digits(invoice: Invoice, _: Invoice) -> Breaches:
    """Whatever carries the scheme."""
    found = [
        Breach(term, found=one.text, at=at)
        for at, term, one in _global_identifiers(invoice)
        if _not_nine(one)
    ]
    return (*_bad_sirens(invoice), *found) or None


# -- schemes -----------------------------------------------------------------------------------


def _repeated(party: Party) -> Iterator[Breach]:
    """Yield the identifiers of a party whose scheme another has taken."""
    seen: Counter[str] = Counter()
    for n, one in enumerate(party.identifiers, 1):
        scheme = one.scheme
        if scheme is not None:
            seen[scheme] += 1
            if seen[scheme] > 1:
                names = party.names
                yield Breach(names.identifiers, found=scheme, at=names.at, index=n)


def _repeated_schemes(invoice: Invoice) -> Iterator[Breach]:
    for party in parties(invoice).all:
        if len(party.identifiers) > 1:
            yield from _repeated(party)


@rule(
    "BR-FR-CO-10",
    "BT-29",
    "BT-46",
    "BT-60",
    "BT-71",
    "EXT-FR-FE-06",
    "EXT-FR-FE-46",
    "EXT-FR-FE-69",
    "EXT-FR-FE-92",
    "EXT-FR-FE-115",
    "EXT-FR-FE-146",
    fr="L'identifiant (BT-29, BT-46…) n'a pas de schéma, ou la partie a deux identifiants du même "
    "schéma.",
    en="The identifier has no scheme, or the party has two identifiers of one scheme.",
    conseil="Donnez un schéma à chaque identifiant (0009 pour un SIRET, 0224 pour un code de "
    "routage) et ne gardez qu'un identifiant par schéma.",
    source=SOURCE,
    apart=True,
)
def each_identifier_has_a_scheme_of_its_own(invoice: Invoice, _: Invoice) -> Breaches:
    """Schemes are compared as they are written."""
    found = [
        Breach(party.names.identifiers, found=one.text, at=party.names.at, index=n)
        for party in parties(invoice).all
        for n, one in enumerate(party.identifiers, 1)
        if one.scheme is None
    ]
    found += [Breach("BT-71", found=one.text) for one in _locations(invoice) if one.scheme is None]
    return (*found, *_repeated_schemes(invoice)) or None


@variant(
    "BR-FR-CO-10",
    Syntax.CII,
    why="Un identifiant sans schéma a un élément à lui, que la feuille ne regarde pas.",
)
def each_global_identifier_has_a_scheme_of_its_own(invoice: Invoice, _: Invoice) -> Breaches:
    """Two schemes of one party; those that are missing are asked of the XML."""
    found = list(_repeated_schemes(invoice))
    places = Counter(one.scheme for one in _locations(invoice))
    found += [Breach("BT-71", found=scheme) for scheme, n in places.items() if scheme and n > 1]
    return tuple(found) or None
