"""Partners: who may push flows, under which application code."""

from __future__ import annotations

import re

import msgspec

from chorus_edi.domain.scenarios import Circuit

CODE = re.compile(r"[A-Z0-9]{6}")
"""A code application (facts: chorus-pro 1.4)."""

PLATFORM_CODE = "CPP001"
"""Chorus Pro's own code: it numbers the flows that arrive under no official name."""


class Partner(msgspec.Struct, frozen=True, kw_only=True):
    """One sender of flows; its inbox is ``inbox/<code>/``."""

    code: str
    name: str
    sirets: tuple[str, ...] = ()
    default_circuit: Circuit | None = None
