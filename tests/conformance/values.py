"""Draws the texts that stand in mutants: of the kind that stood there, mostly."""

from __future__ import annotations

import random
import re
from decimal import Decimal

CATEGORIES = ("S", "Z", "E", "AE", "K", "G", "O", "L", "M", "B")
CODES = (
    *CATEGORIES, "X", "s", "VAT", "VA", "FC", "130", "50", "916", "380", "381", "384", "386",
    "389", "751", "326", "84", "30", "58", "59", "48", "49", "10", "ZZZ", "1", "EUR", "USD", "XXX",
    "GBP", "FR", "DE", "IT", "ES", "XX", "EL", "GR", "1A", "C62", "HUR", "XPP", "95", "PC", "AAA",
    "AAI", "0002", "0009", "0225", "0088", "9999", "SEPA", "5", "29", "72", "3", "35", "432",
    "application/pdf", "text/csv", "text/html", "VATEX-EU-O", "VATEX-EU-AE", "VATEX-EU-IC",
    "VATEX-FR-FRANCHISE", "VATEX-X", "102", "203", "STI", "ZZ", "true", "false", "1153", "eur",
)  # fmt: skip
_DATES = (
    "2026-10-01", "2026-09-30", "2020-01-01", "2025-01-01", "2027-12-31", "2030-06-30",
    "20261001", "20260930", "20200101", "20271231", "20260230", "2026", "20261301",
)  # fmt: skip
_AMOUNTS = ("0", "0.00", "1.00", "-1.00", "10.001", "0.005", "12.5", "100000000.00", "-0.00", "1.")
_STEPS = ("0.01", "-0.01", "1", "-1", "0.001", "-0.004", "0.005", "0.5", "100", "-0.5", "0.99")
_RATES = ("-5", "0", "0.00", "20", "20.00", "5.5", "10", "21", "-1", "7", "100", "0.001")
_TEXTS = (
    "", " ", "\n", "X", "été", "FR12999901231", "DE123456789", "XX1", "12", "#AAI#x", "#QQQ#x",
)  # fmt: skip
_NUMBER = re.compile(r"[+-]?\d+(\.\d*)?")
_DATE = re.compile(r"\d{4}-\d\d-\d\d|\d{8}")
_NUMBERS = ("Amount", "Quantity", "Numeric")
_SHORTEST = 6


def another(chance: random.Random, old: str, name: str) -> str:
    """Draw a text for an element.

    Args:
        chance: source of chance.
        old: what stands there.
        name: local name of the element.
    """
    drawn = chance.random()
    if drawn < 0.1:
        return chance.choice(_TEXTS + CODES)
    if name.endswith("Percent"):
        return chance.choice(_RATES)
    if _DATE.fullmatch(old):
        return chance.choice([one for one in _DATES if ("-" in one) == ("-" in old)])
    if name.endswith(_NUMBERS) and _NUMBER.fullmatch(old):
        return _number(chance, old)
    if len(old) <= _SHORTEST and drawn < 0.8:
        return chance.choice(CODES)
    others = (*_TEXTS, old[:3], f"{old}0", f"{old}0123456789", old.lower(), f"{old} {old}")
    return chance.choice(others)


def _number(chance: random.Random, old: str) -> str:
    drawn = chance.random()
    if drawn < 0.2:
        return f"{old}{'' if '.' in old else '.00'}1"
    if drawn < 0.3:
        return f"-{old}".replace("--", "")
    if drawn < 0.5:
        return chance.choice(_AMOUNTS)
    return format(Decimal(old) + Decimal(chance.choice(_STEPS)), "f")
