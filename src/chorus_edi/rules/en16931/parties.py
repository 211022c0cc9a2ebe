"""BR-17…BR-20, BR-56, BR-62, BR-63, BR-CO-09 and BR-CO-26: payee, representative, identifiers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from chorus_edi.domain.codelists.countries import COUNTRIES, EXTENDED_CTC_COUNTRIES
from chorus_edi.domain.groups import Identifier
from chorus_edi.domain.invoice import Invoice
from chorus_edi.domain.parties import (
    Buyer,
    Payee,
    Seller,
    TaxRepresentative,
    TaxRepresentativeAddress,
)
from chorus_edi.domain.scenarios import Syntax
from chorus_edi.rules.registry import Breach, rule, variant
from chorus_edi.rules.text import as_written, every, has_text, not_empty

_SOURCE = "EN 16931-1:2017, 6.4.1 ; artefacts EN 16931 1.3.16"
_CONDITIONS = "EN 16931-1:2017, 6.4.2 ; artefacts EN 16931 1.3.16"


def _texts(group: Any, field: str) -> set[str]:
    """Return all texts of a term, as they are written."""
    first = as_written(group, field)
    return set() if first is None else {first, *every(group, field)[1:]}


def _values(identifiers: Iterable[Identifier | None]) -> set[str]:
    return {as_written(one, "value") or "" for one in identifiers if one is not None}


@rule(
    "BR-17",
    "BT-59",
    "BT-60",
    each=Payee,
    fr="Le bénéficiaire (BG-10) n'a pas de nom (BT-59), ou c'est le vendeur lui-même.",
    en="The payee (BG-10) has no name (BT-59), or is the seller himself.",
    conseil="Nommez le bénéficiaire en BT-59, ou supprimez-le si c'est le vendeur.",
    source=_SOURCE,
)
def a_payee_is_named_and_is_not_the_seller(payee: Payee, invoice: Invoice) -> Breach | None:
    """UBL compares with the seller's trading name, and identifiers with identifiers."""
    if payee.name is None:
        return Breach("BT-59")
    seller = invoice.seller
    if seller is None:
        return None
    if _texts(payee, "name") & _texts(seller, "trading_name"):
        return Breach("BT-59", found=payee.name)
    same = _values(payee.identifiers) & _values(seller.identifiers)
    return Breach("BT-60", found=min(same), index=1) if same else None


@variant(
    "BR-17",
    Syntax.CII,
    each=Payee,
    why="La feuille CII cherche le vendeur auprès du bénéficiaire, où il n'est pas : elle ne "
    "demande que le nom.",
)
def a_payee_has_a_name(payee: Payee, _: Invoice) -> Breach | None:
    """Blank is there."""
    return None if payee.name is not None else Breach("BT-59")


@rule(
    "BR-18",
    "BT-62",
    each=TaxRepresentative,
    fr="Le nom du représentant fiscal du vendeur (BT-62) est absent ou vide.",
    en="The name of the seller's tax representative (BT-62) is missing or blank.",
    conseil="Renseignez en BT-62 le nom du représentant fiscal.",
    source=_SOURCE,
)
def a_tax_representative_has_a_name(it: TaxRepresentative, _: Invoice) -> Breach | None:
    """Nothing to say where there is no representative."""
    return None if has_text(it.name) else Breach("BT-62")


@rule(
    "BR-19",
    "BG-12",
    each=TaxRepresentative,
    fr="L'adresse postale du représentant fiscal (BG-12) est absente.",
    en="The postal address of the tax representative (BG-12) is missing.",
    conseil="Ajoutez l'adresse BG-12, avec au moins son code pays (BT-69).",
    source=_SOURCE,
)
def a_tax_representative_has_an_address(it: TaxRepresentative, _: Invoice) -> Breach | None:
    """An empty address is an address here; BR-20 sees to its country."""
    return None if it.address is not None else Breach("BG-12")


@rule(
    "BR-20",
    "BT-69",
    each=TaxRepresentativeAddress,
    fr="Le code pays du représentant fiscal (BT-69) est absent ou vide.",
    en="The country code of the tax representative (BT-69) is missing or blank.",
    conseil="Indiquez en BT-69 le code pays sur deux lettres.",
    source=_SOURCE,
)
def a_tax_representative_address_has_a_country(
    address: TaxRepresentativeAddress, _: Invoice
) -> Breach | None:
    """Nothing to say where there is no address: that is BR-19."""
    return None if has_text(address.country) else Breach("BT-69")


@variant(
    "BR-20",
    Syntax.CII,
    each=TaxRepresentative,
    why="La feuille CII demande le pays même sans adresse.",
)
def a_tax_representative_has_a_country(it: TaxRepresentative, _: Invoice) -> Breach | None:
    """BR-19 and BR-20 break together."""
    return None if it.address and has_text(it.address.country) else Breach("BT-69")


@rule(
    "BR-56",
    "BT-63",
    each=TaxRepresentative,
    fr="Le numéro de TVA du représentant fiscal (BT-63) est absent.",
    en="The VAT identifier of the tax representative (BT-63) is missing.",
    conseil="Renseignez en BT-63 le numéro de TVA du représentant fiscal.",
    source=_SOURCE,
)
def a_tax_representative_has_a_vat_identifier(it: TaxRepresentative, _: Invoice) -> Breach | None:
    """Blank is there."""
    return None if it.vat_identifier is not None else Breach("BT-63")


@variant(
    "BR-56", Syntax.CII, each=TaxRepresentative, why="La feuille CII refuse un identifiant vide."
)
def a_tax_representative_has_a_vat_identifier_that_is_not_empty(
    it: TaxRepresentative, _: Invoice
) -> Breach | None:
    """White space is not empty."""
    return None if not_empty(it, "vat_identifier") else Breach("BT-63")


def _has_no_scheme(term: str, identifier: Identifier | None) -> Breach | None:
    if identifier is None or identifier.scheme is not None:
        return None
    return Breach(term, found=identifier.value)


def _has_blank_scheme(term: str, identifier: Identifier | None) -> Breach | None:
    if identifier is None or has_text(identifier.scheme):
        return None
    return Breach(term, found=identifier.value)


_BLANK_SCHEME = "La feuille CII refuse un schéma fait de blancs."


@rule(
    "BR-62",
    "BT-34",
    each=Seller,
    given=("BT-34",),
    fr="L'adresse électronique du vendeur (BT-34) n'a pas de schéma.",
    en="The seller electronic address (BT-34) has no scheme.",
    conseil="Indiquez le schéma de BT-34, 0225 pour l'annuaire français.",
    source=_SOURCE,
)
def a_seller_electronic_address_has_a_scheme(seller: Seller, _: Invoice) -> Breach | None:
    """Blank is there."""
    return _has_no_scheme("BT-34", seller.electronic_address)


@variant("BR-62", Syntax.CII, each=Seller, given=("BT-34",), why=_BLANK_SCHEME)
def a_seller_electronic_address_names_its_scheme(seller: Seller, _: Invoice) -> Breach | None:
    """An address without identifier has no scheme either."""
    return _has_blank_scheme("BT-34", seller.electronic_address)


@rule(
    "BR-63",
    "BT-49",
    each=Buyer,
    given=("BT-49",),
    fr="L'adresse électronique de l'acheteur (BT-49) n'a pas de schéma.",
    en="The buyer electronic address (BT-49) has no scheme.",
    conseil="Indiquez le schéma de BT-49, 0225 pour l'annuaire français.",
    source=_SOURCE,
)
def a_buyer_electronic_address_has_a_scheme(buyer: Buyer, _: Invoice) -> Breach | None:
    """Blank is there."""
    return _has_no_scheme("BT-49", buyer.electronic_address)


@variant("BR-63", Syntax.CII, each=Buyer, given=("BT-49",), why=_BLANK_SCHEME)
def a_buyer_electronic_address_names_its_scheme(buyer: Buyer, _: Invoice) -> Breach | None:
    """An address without identifier has no scheme either."""
    return _has_blank_scheme("BT-49", buyer.electronic_address)


_GREECE = "EL"
_PREFIXES = " ".join(sorted(COUNTRIES.codes | {_GREECE}))
_CII_PREFIXES = EXTENDED_CTC_COUNTRIES.codes | {_GREECE}


@rule(
    "BR-CO-09",
    "BT-31",
    "BT-48",
    "BT-63",
    fr="Un numéro de TVA (BT-31, BT-48 ou BT-63) ne commence pas par un code pays.",
    en="A VAT identifier (BT-31, BT-48 or BT-63) does not begin with a country code.",
    conseil="Faites précéder le numéro de TVA (BT-31, BT-48, BT-63) du code pays, par exemple FR.",
    source=_CONDITIONS,
)
def vat_identifiers_begin_with_a_country(invoice: Invoice, _: Invoice) -> tuple[Breach, ...] | None:
    """The UBL sheet looks for two characters in a row of codes: one of a code will do, or none."""
    return _not_from(invoice, lambda two: two in _PREFIXES)


@variant(
    "BR-CO-09",
    Syntax.CII,
    why="La feuille CII cherche un code à deux lettres, dans une liste plus ancienne.",
)
def vat_identifiers_begin_with_a_country_code(
    invoice: Invoice, _: Invoice
) -> tuple[Breach, ...] | None:
    """Greece is EL as well as GR."""
    return _not_from(invoice, lambda two: two in _CII_PREFIXES)


def _not_from(invoice: Invoice, known: Callable[[str], bool]) -> tuple[Breach, ...] | None:
    holders = (
        ("BT-31", invoice.seller),
        ("BT-48", invoice.buyer),
        ("BT-63", invoice.tax_representative),
    )
    breaches = [
        Breach(term, found=text)
        for term, party in holders
        if party is not None and party.vat_identifier is not None
        for text in sorted(_texts(party, "vat_identifier"))
        if not known(text[:2])
    ]
    return tuple(breaches) or None


@rule(
    "BR-CO-26",
    "BT-29",
    "BT-30",
    "BT-31",
    fr="Le vendeur n'a ni identifiant (BT-29), ni immatriculation (BT-30), ni numéro de TVA "
    "(BT-31).",
    en="The seller has no identifier (BT-29), no legal registration (BT-30) and no VAT identifier "
    "(BT-31).",
    conseil="Indiquez le SIREN du vendeur en BT-30, ou son numéro de TVA en BT-31.",
    source=_CONDITIONS,
)
def a_seller_can_be_identified(invoice: Invoice, _: Invoice) -> Breach | None:
    """Judged on the invoice: the rule holds where the whole seller is absent."""
    return None if invoice.seller and _identified(invoice.seller) else Breach("BT-30")


@variant(
    "BR-CO-26", Syntax.CII, each=Seller, why="La feuille CII ne le demande qu'à un vendeur présent."
)
def a_seller_that_is_there_can_be_identified(seller: Seller, _: Invoice) -> Breach | None:
    """That there is one is BR-06."""
    return None if _identified(seller) else Breach("BT-30")


def _identified(seller: Seller) -> bool:
    return (
        seller.vat_identifier is not None
        or seller.legal_registration is not None
        or bool(seller.identifiers)
    )
