"""Bilingual text: French first, English second."""

from __future__ import annotations

import msgspec


class Label(msgspec.Struct, frozen=True):
    """What a person reads."""

    fr: str
    en: str


def counted(count: int, one: str, many: str | None = None) -> str:
    """Return a French count: « 0 facture », « 2 factures »; ``many``: a plural that is not in s."""
    return f"{count} {one if count <= 1 else many or f'{one}s'}"
