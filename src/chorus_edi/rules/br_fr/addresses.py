"""BR-FR-12, 13 and 21 to 26: where the parties are reached, and their routing codes."""

from __future__ import annotations

import re
from collections.abc import Callable
from operator import attrgetter
from typing import Any

from chorus_edi.domain.identifiers import SELF_BILLED
from chorus_edi.domain.invoice import Invoice
from chorus_edi.domain.scenarios import Syntax
from chorus_edi.rules.br_fr.codes import ADDRESS, ROUTING, SOURCE
from chorus_edi.rules.br_fr.reading import (
    Names,
    Parties,
    Party,
    Written,
    folded,
    parties,
    texts,
    treatments,
    under,
)
from chorus_edi.rules.registry import Breach, Breaches, rule, variant

_PLAIN = re.compile(r"[A-Za-z0-9+\-_.]+").fullmatch
_LONGEST_ADDRESS, _LONGEST_ROUTING = 125, 100


def _reached(party: Party, *, exact: bool) -> bool:
    return any(one.text if exact else folded(one.text) for one in party.endpoints)


def _reach_rule(
    rule_id: str, term: str, of: Callable[[Parties], Party], who: str, whom: str
) -> None:
    """Register the rule that a party has an electronic address."""
    register: Callable[..., Any] = rule(
        rule_id,
        term,
        fr=f"L'adresse électronique {who} ({term}) est absente.",
        en=f"The electronic address of the {whom} ({term}) is missing.",
        conseil=f"Indiquez en {term} l'adresse de facturation électronique {who}, schéma 0225 en "
        "France.",
        source=SOURCE,
        name=f"the {whom} has an electronic address",
    )

    def reached(invoice: Invoice, _: Invoice) -> Breaches:
        return None if _reached(of(parties(invoice)), exact=False) else Breach(term)

    def reached_in_cii(invoice: Invoice, _: Invoice) -> Breaches:
        return None if _reached(of(parties(invoice)), exact=True) else Breach(term)

    register(reached)
    variant(rule_id, Syntax.CII, why="La feuille CII admet une adresse faite de blancs.")(
        reached_in_cii
    )


_SELLER, _BUYER = attrgetter("seller"), attrgetter("buyer")
_reach_rule("BR-FR-12", "BT-49", _BUYER, "de l'acheteur", "buyer")
_reach_rule("BR-FR-13", "BT-34", _SELLER, "du vendeur", "seller")


def _is_at(party: Party, siren: str | None) -> bool:
    """True where a party is reached at its own SIREN, under scheme 0225."""
    endpoints = party.endpoints
    # In CII an address may stand there without its text, beside one that has it.
    text = next((one.text for one in endpoints if one.text), "")
    return text.startswith(siren or "") and any(one.scheme == ADDRESS for one in endpoints)


def _any_registration(party: Party) -> str | None:
    """Return the registration of a party, under whatever scheme."""
    return party.registrations[0].text if party.registrations else None


def _b2b_rule(
    rule_id: str, term: str, of: Callable[[Parties], Party], *, self_billed: bool
) -> None:
    """Register the rule that one of the parties is reached at its SIREN."""
    who, whom = ("du vendeur", "seller") if self_billed else ("de l'acheteur", "buyer")
    which = " autofacturée" if self_billed else ""
    asked = f"L'adresse électronique {who} ({term}) d'une facture B2B{which} doit"

    def judge(invoice: Invoice, *, cii: bool) -> Breach | None:
        if "B2B" not in treatments(invoice, cii=cii):
            return None
        if SELF_BILLED.isdisjoint(texts(invoice, "type_code")) is self_billed:
            return None
        party = of(parties(invoice))
        siren = _any_registration(party) if cii else party.siren
        if _is_at(party, siren):
            return None
        held = party.endpoints
        return Breach(term, found=held[0].text if held else None, expected=siren)

    rule(
        rule_id,
        term,
        fr=f"{asked} commencer par son SIREN et porter le schéma 0225.",
        en=f"The electronic address of the {whom} ({term}) must begin with its SIREN and have "
        "scheme 0225.",
        conseil=f"Indiquez en {term} l'adresse de l'annuaire, SIREN en tête, schéma 0225.",
        source=SOURCE,
        name=f"the {whom} of a B2B invoice is reached at its SIREN",
    )(lambda invoice, _: judge(invoice, cii=False))
    variant(
        rule_id,
        Syntax.CII,
        why="La feuille CII compare avec l'identifiant légal, quel qu'en soit le schéma.",
    )(lambda invoice, _: judge(invoice, cii=True))


_b2b_rule("BR-FR-21", "BT-49", _BUYER, self_billed=False)
_b2b_rule("BR-FR-22", "BT-34", _SELLER, self_billed=True)


def _addresses(invoice: Invoice) -> list[tuple[Names, Written]]:
    """Return every electronic address of seller and buyer."""
    return [(party.names, one) for party in parties(invoice).all for one in party.endpoints]


@rule(
    "BR-FR-23",
    "BT-34",
    "BT-49",
    "EXT-FR-FE-12",
    "EXT-FR-FE-29",
    "EXT-FR-FE-52",
    "EXT-FR-FE-75",
    "EXT-FR-FE-98",
    "EXT-FR-FE-121",
    fr="L'adresse électronique (BT-34, BT-49) de schéma 0225 contient un caractère interdit.",
    en="The electronic address of scheme 0225 holds a character that is not allowed.",
    conseil="N'utilisez que lettres sans accent, chiffres, point, tiret et tiret bas, sans espace.",
    source=SOURCE,
    apart=True,
)
def an_address_is_of_plain_characters(invoice: Invoice, _: Invoice) -> Breaches:
    """The sheets also let ``+`` pass."""
    return (
        tuple(
            Breach(names.endpoint, found=one.text, at=names.at)
            for names, one in _addresses(invoice)
            if one.scheme == ADDRESS and not _PLAIN(one.text)
        )
        or None
    )


@rule(
    "BR-FR-25",
    "BT-34",
    "BT-49",
    "EXT-FR-FE-12",
    "EXT-FR-FE-29",
    "EXT-FR-FE-52",
    "EXT-FR-FE-75",
    "EXT-FR-FE-98",
    "EXT-FR-FE-121",
    fr="L'adresse électronique (BT-34, BT-49) a plus de 125 caractères.",
    en="The electronic address has more than 125 characters.",
    conseil="Indiquez l'adresse telle qu'elle figure dans l'annuaire, 125 caractères au plus.",
    source=SOURCE,
    apart=True,
)
def an_address_has_at_most_125_characters(invoice: Invoice, _: Invoice) -> Breaches:
    """Of whatever scheme."""
    return (
        tuple(
            Breach(names.endpoint, found=one.text, at=names.at)
            for names, one in _addresses(invoice)
            if len(one.text) > _LONGEST_ADDRESS
        )
        or None
    )


def _routings(invoice: Invoice) -> list[tuple[Names, int, str]]:
    """Return the routing codes of seller and buyer: identifiers of scheme 0224."""
    held = parties(invoice)
    if ROUTING not in held.schemes:
        return []
    return [
        (party.names, n, text)
        for party in (held.seller, held.buyer)
        for n, text in under(ROUTING, party.identifiers)
    ]


@rule(
    "BR-FR-24",
    "BT-29",
    "BT-46",
    fr="Le code de routage (BT-29, BT-46, schéma 0224) contient un caractère interdit.",
    en="The routing code (scheme 0224) holds a character that is not allowed.",
    conseil="N'utilisez que lettres sans accent, chiffres, point, tiret et tiret bas, sans espace.",
    source=SOURCE,
    apart=True,
)
def a_routing_code_is_of_plain_characters(invoice: Invoice, _: Invoice) -> Breaches:
    """The sheets also let ``+`` pass."""
    return (
        tuple(
            Breach(names.identifiers, found=text, at=names.at, index=n)
            for names, n, text in _routings(invoice)
            if not _PLAIN(text)
        )
        or None
    )


@rule(
    "BR-FR-26",
    "BT-29",
    "BT-46",
    fr="Le code de routage (BT-29, BT-46, schéma 0224) a plus de 100 caractères.",
    en="The routing code (scheme 0224) has more than 100 characters.",
    conseil="Indiquez le code de routage de l'annuaire, 100 caractères au plus.",
    source=SOURCE,
    apart=True,
)
def a_routing_code_has_at_most_100_characters(invoice: Invoice, _: Invoice) -> Breaches:
    """Of seller and buyer."""
    return (
        tuple(
            Breach(names.identifiers, found=text, at=names.at, index=n)
            for names, n, text in _routings(invoice)
            if len(text) > _LONGEST_ROUTING
        )
        or None
    )
