"""Identifiers of parties: kinds, checks, and which one an invoice gives.

Source: facts chorus-pro 5.3 (kinds 1-7, ISO 6523 schemes) and 5.1 (uniqueness by SIREN).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from enum import StrEnum

import msgspec
from stdnum.fr import siret as _siret

from chorus_edi.domain.groups import Identifier
from chorus_edi.domain.invoice import Invoice


class IdentifierKind(StrEnum):
    """TypeIdentifiant of a structure, as the public directory and Chorus name it."""

    SIRET = "SIRET"
    SIREN = "SIREN"
    UE_HORS_FRANCE = "UE_HORS_FRANCE"
    HORS_UE = "HORS_UE"
    RIDET = "RIDET"
    TAHITI = "TAHITI"
    AUTRE = "AUTRE"
    PARTICULIER = "PARTICULIER"


_KIND_BY_SCHEME: dict[str, IdentifierKind] = {
    # Historic numbers, as @schemeName (UBL) or @schemeID (CII).
    "1": IdentifierKind.SIRET,
    "2": IdentifierKind.UE_HORS_FRANCE,
    "3": IdentifierKind.HORS_UE,
    "4": IdentifierKind.RIDET,
    "5": IdentifierKind.TAHITI,
    "6": IdentifierKind.AUTRE,
    "7": IdentifierKind.PARTICULIER,
    # Words met in the official historic samples, read whatever their case.
    "SIRET": IdentifierKind.SIRET,
    "RIDET": IdentifierKind.RIDET,
    "TAHITI": IdentifierKind.TAHITI,
    "ETR": IdentifierKind.HORS_UE,
    # ISO 6523, AFNOR circuit.
    "0009": IdentifierKind.SIRET,
    "0002": IdentifierKind.SIREN,
    "0223": IdentifierKind.UE_HORS_FRANCE,
    "0227": IdentifierKind.HORS_UE,
    "0228": IdentifierKind.RIDET,
    "0229": IdentifierKind.TAHITI,
    "0226": IdentifierKind.PARTICULIER,
}

SIRET_SCHEME = "0009"
"""ISO 6523 scheme of a SIRET."""

SERVICE_SCHEME = "0224"
"""ISO 6523 scheme of a code service (routing code) in BT-46."""

ADDRESS_SCHEME = "0225"
"""ISO 6523 scheme of a French electronic address (BT-34, BT-49)."""

SELF_BILLED = frozenset({"261", "389", "471", "473", "500", "501", "502"})
"""Document types that the buyer issues for the seller (facts: reform-2026 6.1)."""

_BLANKS = re.compile(r"\s+")
_NINE_DIGITS = re.compile(r"[0-9]{9}")
_FOURTEEN_DIGITS = re.compile(r"[0-9]{14}")
_ADDRESS_WITH_SIRET = re.compile(
    r"(?P<siren>[0-9]{9})_(?P<siret>(?P=siren)[0-9]{5})(?:_(?P<code>.+))?"
)
_COMPACTED = (IdentifierKind.SIRET, IdentifierKind.SIREN)


class Party(msgspec.Struct, frozen=True):
    """The identifier a party is known by, and where it stands in the invoice.

    A SIRET or SIREN is written without blanks; whether it has the right number of digits is
    another question (``looks_like_siret``).
    """

    kind: IdentifierKind
    identifier: str
    address: str

    @property
    def key(self) -> str:
        """Scope of uniqueness of this party's invoice numbers (facts: chorus-pro 5.1).

        The SIREN where there is one, else ``KIND:identifier``.
        """
        if self.kind is IdentifierKind.SIRET and looks_like_siret(self.identifier):
            return self.identifier[:9]
        if self.kind is IdentifierKind.SIREN and _NINE_DIGITS.fullmatch(self.identifier):
            return self.identifier
        return f"{self.kind}:{self.identifier}"


class ElectronicAddress(msgspec.Struct, frozen=True):
    """What an electronic address says of its establishment and of its service."""

    siret: str | None = None
    code_service: str | None = None


def compact(text: str) -> str:
    """Return the text without any blank: ``732 829 320 00074`` is how people write a SIRET."""
    return text if text.isalnum() else _BLANKS.sub("", text)


def looks_like_siret(text: str) -> bool:
    """True where the text is 14 digits, whatever its key.

    This is what may be asked of a recipient: the SIRETs of the qualification platform have wrong
    keys (facts: chorus-pro 5.3), and the directory says which exist.
    """
    return _FOURTEEN_DIGITS.fullmatch(text) is not None


def is_siret(text: str) -> bool:
    """True where the text is 14 digits with a right key (La Poste's own key included)."""
    return looks_like_siret(text) and bool(_siret.is_valid(text))


def kind_of(identifier: Identifier) -> IdentifierKind | None:
    """Return the kind an identifier's scheme says; None where no scheme says one.

    14 digits under 0002 are a SIRET (the official Factur-X samples P01 and P02 write it so), and so
    are 14 digits under no scheme at all.
    """
    by_name = _KIND_BY_SCHEME.get((identifier.scheme_name or "").strip().upper())
    kind = by_name or _KIND_BY_SCHEME.get((identifier.scheme or "").strip().upper())
    unsaid = kind is None and not identifier.scheme and not identifier.scheme_name
    if unsaid or kind is IdentifierKind.SIREN:
        return IdentifierKind.SIRET if looks_like_siret(compact(identifier.value or "")) else kind
    return kind


def electronic_address(identifier: Identifier | None) -> ElectronicAddress:
    """Read the SIRET and the code service that an electronic address holds.

    Under 0225 it is ``SIREN``, ``SIREN_SIRET``, ``SIREN_SIRET_CODE`` or ``SIREN_suffix`` (facts:
    reform-2026 5.2), and real files also write a bare SIRET; under 0009, the scheme of the State on
    Peppol, it is the SIRET itself.
    """
    if identifier is None:
        return ElectronicAddress()
    value, scheme = (identifier.value or "").strip(), (identifier.scheme or "").strip()
    if scheme in (ADDRESS_SCHEME, SIRET_SCHEME) and looks_like_siret(value):
        return ElectronicAddress(siret=value)
    match = _ADDRESS_WITH_SIRET.fullmatch(value) if scheme == ADDRESS_SCHEME else None
    if match is None:
        return ElectronicAddress()
    return ElectronicAddress(siret=match["siret"], code_service=match["code"])


def seller_of(invoice: Invoice) -> Party | None:
    """Return who issues the invoice: BT-29 or BT-30, a SIRET before anything else."""
    seller = invoice.seller
    if seller is None:
        return None
    return _best(_parties("BG-4", "BT-29", seller.identifiers, "BT-30", seller.legal_registration))


def buyer_of(invoice: Invoice) -> Party | None:
    """Return who receives the invoice: BT-46 or BT-47, a SIRET before anything else.

    Where neither gives a SIRET, the one in the electronic address (BT-49) is taken.
    """
    buyer = invoice.buyer
    if buyer is None:
        return None
    parties = _parties("BG-7", "BT-46", buyer.identifiers, "BT-47", buyer.legal_registration)
    siret = electronic_address(buyer.electronic_address).siret
    if siret is not None:
        parties.append(Party(IdentifierKind.SIRET, siret, "BG-7/BT-49"))
    return _best(parties)


def issuer_of(invoice: Invoice) -> Party | None:
    """Return who writes the invoice: its seller, or its buyer where it is self-billed."""
    self_billed = (invoice.type_code or "").strip() in SELF_BILLED
    return buyer_of(invoice) if self_billed else seller_of(invoice)


def issued_by(invoice: Invoice, sirets: Collection[str]) -> bool:
    """True where an invoice is issued by one of these establishments or under its SIREN."""
    party = issuer_of(invoice)
    if party is None:
        return False
    if party.kind is IdentifierKind.SIREN:
        return any(siret.startswith(party.identifier) for siret in sirets)
    return party.identifier in sirets


def valideur_of(invoice: Invoice) -> str:
    """Return what identifies who validates an invoice; empty where it names nobody.

    The historic CII names the valideur, the AFNOR circuit a seller's agent (facts chorus-pro 5.4).
    """
    named = invoice.chorus.valideur if invoice.chorus else None
    if named is not None and (named.value or "").strip():
        return compact((named.value or "").strip())
    agent = invoice.seller_agent
    if agent is None:
        return ""
    legal = agent.legal_registration
    best = _best(_parties("EXT-FR-FE-BG-03", "EXT-FR-FE-69", agent.identifiers, "", legal))
    return best.identifier if best else ""


def _parties(
    group: str, many: str, identifiers: Sequence[Identifier], one: str, legal: Identifier | None
) -> list[Party]:
    places = [(f"{group}/{many}[{n}]", i) for n, i in enumerate(identifiers, 1)]
    if legal is not None:
        places.append((f"{group}/{one}", legal))
    found = []
    for address, identifier in places:
        kind = kind_of(identifier)
        value = (identifier.value or "").strip()
        if value and kind is not None:
            found.append(Party(kind, compact(value) if kind in _COMPACTED else value, address))
    return found


def _best(parties: Sequence[Party]) -> Party | None:
    """Return the first of the best kind; a SIRET of 14 digits stands before a broken one."""
    return min(parties, key=_preference, default=None)


def _preference(party: Party) -> int:
    if party.kind is IdentifierKind.SIRET:
        return 0 if looks_like_siret(party.identifier) else 1
    return 2 if party.kind is IdentifierKind.SIREN else 3
