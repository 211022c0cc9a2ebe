"""What an identifier of each kind looks like, and whether its key is right.

The form is what may be asked of anybody. A key is told and never refused: the SIRETs of the
qualification platform have wrong ones (facts: chorus-pro 5.3).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

from stdnum.eu import vat
from stdnum.fr import siren

from chorus_edi.domain.identifiers import IdentifierKind, compact, is_siret


class Form(NamedTuple):
    """The form of a kind: what matches it, and how it is said to people (French)."""

    pattern: re.Pattern[str]
    told: str


FORMS: Mapping[IdentifierKind, Form] = {
    IdentifierKind.SIRET: Form(re.compile(r"[0-9]{14}"), "14 chiffres"),
    IdentifierKind.SIREN: Form(re.compile(r"[0-9]{9}"), "9 chiffres"),
    IdentifierKind.UE_HORS_FRANCE: Form(
        re.compile(r"[A-Za-z]{2}.{1,16}"), "numéro de TVA avec son pays, 18 caractères au plus"
    ),
    IdentifierKind.HORS_UE: Form(
        re.compile(r"[A-Za-z]{2}.{1,16}"), "code du pays, puis 16 premiers caractères du nom"
    ),
    IdentifierKind.RIDET: Form(re.compile(r"[0-9A-Za-z.-]{9,10}"), "9 ou 10 caractères"),
    IdentifierKind.TAHITI: Form(re.compile(r"[0-9A-Za-z-]{9}"), "9 caractères"),
    IdentifierKind.PARTICULIER: Form(re.compile(r".{1,80}"), "80 caractères au plus"),
}
"""Annex 7, G2.19, and the official samples. AUTRE, an entry still being registered, has none."""

_KEYS: Mapping[IdentifierKind, Callable[[str], bool]] = {
    IdentifierKind.SIRET: is_siret,
    IdentifierKind.SIREN: siren.is_valid,
    IdentifierKind.UE_HORS_FRANCE: lambda text: not text.startswith("FR") and vat.is_valid(text),
}
"""Kinds that have a key. A RIDET and a TAHITI number have none that is published."""


def canonical(text: str) -> str:
    """Return an identifier as the directory holds it: without blanks, in capitals."""
    return compact(text).upper()


def form_missed(kind: IdentifierKind, identifier: str) -> str | None:
    """Return the form of a kind (French) where an identifier has not got it, else None.

    Blanks in a SIRET or SIREN do not count.
    """
    form = FORMS.get(kind)
    numeric = kind in (IdentifierKind.SIRET, IdentifierKind.SIREN)
    written = compact(identifier) if numeric else identifier
    return form.told if form is not None and form.pattern.fullmatch(written) is None else None


def key_is_wrong(kind: IdentifierKind, identifier: str) -> bool:
    """True where a kind has a key and this identifier, of the right form, breaks it.

    La Poste's SIRETs follow their own sum: the digits of all together make a multiple of five.
    """
    check = _KEYS.get(kind)
    return check is not None and not check(identifier)
