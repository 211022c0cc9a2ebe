"""What a certificate of deposit certifies, and its number.

The number is computed from what never changes, and is stored nowhere: anybody who has the invoice
can compute it again.
"""

from __future__ import annotations

import base64
import hashlib
import re
from datetime import UTC, datetime

import msgspec

from chorus_edi.domain.flux import InvoiceSummary, document_id

_RECIPE = "chorus-edi/certificat-de-depot/1"
"""First line of what is digested: another recipe would have another one."""

_NUMBER = re.compile(r"[A-Za-z0-9+/]{43}=")
_ID = re.compile(r"(?P<numero>[A-Z0-9]{25})-(?P<rank>[0-9]{4,6})")


class Deposit(msgspec.Struct, frozen=True, kw_only=True):
    """An integrated invoice as it was deposited.

    Attributes:
        numero_flux: its flow.
        rank: its rank in it.
        name: what its file is called there.
        size: bytes of the original.
        sha256: digest of the original, 64 digits.
        date_depot: when its flow was taken in charge, UTC.
        emetteur: code of the partner that sent it.
        summary: what it says.
    """

    numero_flux: str
    rank: int
    name: str
    size: int
    sha256: str
    date_depot: datetime
    emetteur: str
    summary: InvoiceSummary

    @property
    def id(self) -> str:
        """Id of the invoice."""
        return document_id(self.numero_flux, self.rank)

    @property
    def certificate(self) -> str:
        """Number of its certificate, 44 characters."""
        return certificate_number(self.recipe)

    @property
    def recipe(self) -> tuple[str, str, str, str]:
        """What its number is computed from, line by line."""
        return recipe_of(self.id, self.sha256, self.date_depot)


def recipe_of(identity: str, sha256: str, at: datetime) -> tuple[str, str, str, str]:
    """Return the four lines of a recipe: its name, the id, the bytes, the deposit.

    The bytes are told by the SHA-256 of the original in 64 lower-case digits, the deposit in UTC to
    the second with a ``Z``.
    """
    return _RECIPE, identity, sha256, instant(at)


def certificate_number(recipe: tuple[str, ...]) -> str:
    """Return the base64 of the SHA-256 over the lines of a recipe, a line feed after each."""
    text = "".join(f"{line}\n" for line in recipe)
    return base64.b64encode(hashlib.sha256(text.encode("ascii")).digest()).decode("ascii")


def instant(at: datetime) -> str:
    """Write a deposit as it is digested: ``2026-11-21T06:42:00Z``."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def looks_like_certificate(text: str) -> bool:
    """True for 44 characters of base64."""
    return _NUMBER.fullmatch(text) is not None


def place_of(identity: str) -> tuple[str, int] | None:
    """Return the flow and the rank that an id names; None where it is none."""
    match = _ID.fullmatch(identity.strip().upper())
    return (match["numero"], int(match["rank"])) if match else None
