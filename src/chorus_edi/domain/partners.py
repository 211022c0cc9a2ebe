"""Partners: who may push flows, under which application code."""

from __future__ import annotations

import re
from collections.abc import Mapping

import msgspec

from chorus_edi.domain.findings import Severity
from chorus_edi.domain.scenarios import Circuit

CODE = re.compile(r"[A-Z0-9]{6}")
"""A code application (facts: chorus-pro 1.4)."""

PLATFORM_CODE = "CPP001"
"""Chorus Pro's own code: it numbers the flows that arrive under no official name."""


class Partner(msgspec.Struct, frozen=True, kw_only=True):
    """One sender of flows; its inbox is ``inbox/<code>/``.

    Attributes:
        code: code application, unique.
        name: what people call it.
        sirets: establishments it sends for, 14 digits each.
        default_circuit: that of invoices that do not say theirs.
        severities: rule → how much it weighs for this sender, where not as for others.
    """

    code: str
    name: str
    sirets: tuple[str, ...] = ()
    default_circuit: Circuit | None = None
    severities: Mapping[str, Severity] = {}


class Partners(msgspec.Struct, frozen=True):
    """Every partner by its code, and the one that files directly in ``inbox/`` belong to."""

    by_code: Mapping[str, Partner]
    default: Partner

    def of(self, code: str) -> Partner | None:
        """Return the partner of a code; None where nobody is connected under it."""
        return self.by_code.get(code)
