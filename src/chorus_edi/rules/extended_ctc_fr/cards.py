"""What the cards of these rules have in common: their source, and how a syntax is left out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chorus_edi.domain.invoice import Invoice
from chorus_edi.domain.scenarios import Syntax
from chorus_edi.rules.registry import Breaches, Check, unjudged

SOURCE = "AFNOR XP Z12-012, schematron EXTENDED-CTC-FR-UBL/-CII V1.4.0.03"
UBL = (Syntax.UBL_INVOICE, Syntax.UBL_CREDIT_NOTE)

Fault = Callable[[Any, Invoice], Breaches]


def cii_only(rule_id: str) -> None:
    """Say that only the sheet of CII has a rule."""
    unjudged(rule_id, *UBL, why="Seule la feuille CII a cette règle.")


def ubl_only(rule_id: str) -> None:
    """Say that only the sheet of UBL has a rule."""
    unjudged(rule_id, Syntax.CII, why="Seule la feuille UBL a cette règle.")


def same_as(check: Fault) -> Check:
    """Return the check of a rule of another package, as one of the extension's own."""

    def judged(group: Any, invoice: Invoice) -> Breaches:
        return check(group, invoice)

    return judged
