"""Identifiers of parties: kinds, checks, and which one an invoice gives.

Source: facts chorus-pro 5.3 (kinds 1-7, ISO 6523 schemes) and 5.1 (uniqueness by SIREN).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum

import msgspec
from stdnum.fr import siren as _siren
from stdnum.fr import siret as _siret

from chorus_edi.domain.invoice import Identifier, Invoice


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
    # Words met in the official historic samples.
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

SERVICE_SCHEME = "0224"
"""ISO 6523 scheme of a code service (routing code) in BT-46."""

_FOURTEEN_DIGITS = re.compile(r"[0-9]{14}")


class Party(msgspec.Struct, frozen=True):
    """The identifier a party is known by, and where it stands in the invoice.

    ``key`` is what invoice numbers are unique under: the SIREN where there is one, else
    ``KIND:identifier``.
    """

    kind: IdentifierKind
    identifier: str
    address: str

    @property
    def key(self) -> str:
        """Scope of uniqueness of this party's invoice numbers."""
        if self.kind is IdentifierKind.SIRET:
            return self.identifier[:9]
        if self.kind is IdentifierKind.SIREN:
            return self.identifier
        return f"{self.kind}:{self.identifier}"


def is_siret(text: str) -> bool:
    """True where the text is 14 digits with a right key (La Poste's own key included)."""
    return bool(_siret.is_valid(text))


def is_siren(text: str) -> bool:
    """True where the text is 9 digits with a right key."""
    return bool(_siren.is_valid(text))


def kind_of(identifier: Identifier) -> IdentifierKind | None:
    """Return the kind an identifier's scheme says.

    A 14-digit value under 0002 is a SIRET: the official Factur-X samples P01 and P02 write it so.
    """
    kind = _KIND_BY_SCHEME.get(identifier.scheme_name or "") or _KIND_BY_SCHEME.get(
        identifier.scheme or ""
    )
    if kind is IdentifierKind.SIREN and _FOURTEEN_DIGITS.fullmatch(
        (identifier.value or "").strip()
    ):
        return IdentifierKind.SIRET
    return kind


def seller_of(invoice: Invoice) -> Party | None:
    """Return who issues the invoice: BT-29 or BT-30, a SIRET before anything else."""
    seller = invoice.seller
    if seller is None:
        return None
    return _best("BG-4", "BT-29", seller.identifiers, "BT-30", seller.legal_registration)


def buyer_of(invoice: Invoice) -> Party | None:
    """Return who receives the invoice: BT-46 or BT-47, a SIRET before anything else."""
    buyer = invoice.buyer
    if buyer is None:
        return None
    return _best("BG-7", "BT-46", buyer.identifiers, "BT-47", buyer.legal_registration)


def _best(
    group: str, many: str, identifiers: Sequence[Identifier], one: str, legal: Identifier | None
) -> Party | None:
    found: list[Party] = []
    places = [(f"{group}/{many}[{n}]", i) for n, i in enumerate(identifiers, 1)]
    if legal is not None:
        places.append((f"{group}/{one}", legal))
    for address, identifier in places:
        value = (identifier.value or "").strip()
        kind = kind_of(identifier)
        if kind is None and identifier.scheme is None and _FOURTEEN_DIGITS.fullmatch(value):
            kind = IdentifierKind.SIRET
        if value and kind is not None:
            found.append(Party(kind, value, address))
    order = (IdentifierKind.SIRET, IdentifierKind.SIREN)
    for kind in order:
        for party in found:
            if party.kind is kind:
                return party
    return found[0] if found else None
