"""What is compared: our rule sets, the official sheets that say the same, and what is aimed at."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from chorus_edi.domain.scenarios import RuleSet

LONGEST = 10_000
"""Lines of the longest invoice that is measured."""


class Bars(NamedTuple):
    """What a verdict must reach (issues 3 and 4).

    Attributes:
        floor: how many times the floor it may take.
        official: how many times as long the official sheets must take, by syntax.
        longest: the same on the longest invoice; None where nothing is asked.
    """

    floor: float
    official: Mapping[str, float]
    longest: float | None = None


class Stack(NamedTuple):
    """Rule sets that judge together, and the official sheets of each syntax beside them.

    No sheet is published for ``chorus-b2g``: ours judges by one set more.
    """

    name: str
    sets: tuple[RuleSet, ...]
    sheets: Mapping[str, tuple[str, ...]]
    bars: Bars


STACKS = (
    Stack(
        "en16931",
        (RuleSet.EN16931,),
        {"UBL": ("en16931-ubl",), "CII": ("facturx-en16931-rules",)},
        Bars(floor=4, official={"UBL": 12}),
    ),
    # What --rules auto applies to an invoice of the AFNOR circuit to a public recipient.
    Stack(
        "afnor",
        (RuleSet.EN16931, RuleSet.BR_FR, RuleSet.CHORUS_B2G),
        {
            "UBL": ("en16931-ubl", "br-fr-flux2-ubl"),
            "CII": ("facturx-en16931-rules", "br-fr-flux2-cii"),
        },
        Bars(floor=5, official={"UBL": 30, "CII": 25}, longest=50),
    ),
)
SYNTAXES = ("UBL", "CII")
