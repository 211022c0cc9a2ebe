"""Bilingual text: French first, English second."""

from __future__ import annotations

import msgspec


class Label(msgspec.Struct, frozen=True):
    """What a person reads."""

    fr: str
    en: str
