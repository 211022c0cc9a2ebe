"""How EXTENDED-CTC-FR judges rules that keep their id of EN 16931, or of another profile."""

from __future__ import annotations

from chorus_edi.rules.registry import Rule


def as_in_extended_ctc(rule: Rule) -> Rule:
    """Return a rule as the extension judges it; the same where nothing changes."""
    return rule
