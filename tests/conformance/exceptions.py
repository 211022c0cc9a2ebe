"""What the proof does not demand, with its reasons: two tables, written by people.

``unreachable.toml``: fatal rules that no document of the right grammar can make speak.
``known_differences.toml``: where we knowingly do not agree with a sheet, and on which documents.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from lxml import etree

_HERE = Path(__file__).parent
MOST_DIFFERENCES = 10
MOST_SHARE = 0.002
"""Known differences: entries, and share of the mutants that they may explain together."""

NAMESPACES = {
    "inv": "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2",
    "cn": "urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2",
    "cac": "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
    "cbc": "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
    "rsm": "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100",
    "ram": "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100",
    "qdt": "urn:un:unece:uncefact:data:standard:QualifiedDataType:100",
    "udt": "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100",
}


class Unreachable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Fatal rules of a syntax that nothing can fire, and why."""

    syntax: str
    rules: tuple[str, ...]
    reason: str


class KnownDifference(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A difference that we mean.

    Attributes:
        syntax: ``ubl`` or ``cii``.
        rule: the rule on which the sides differ.
        side: which side alone finds it broken: ``ours`` or ``official``.
        when: XPath 1.0 that is true of the documents concerned (prefixes: ``NAMESPACES``).
        defect: what is wrong in the sheet.
    """

    syntax: str
    rule: str
    side: str
    when: str
    defect: str

    def explains(self, rule: str, side: str, document: bytes) -> bool:
        """Say whether a difference is this one."""
        if (rule, side) != (self.rule, self.side):
            return False
        return bool(
            etree.fromstring(document).xpath(f"boolean({self.when})", namespaces=NAMESPACES)
        )


class Precedence(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A rule that two sheets hold and judge otherwise: the one that decides, and why."""

    syntax: str
    rule: str
    decides: str
    reason: str


class Differences(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``known_differences.toml``."""

    known: tuple[KnownDifference, ...] = ()
    precedence: tuple[Precedence, ...] = ()


@cache
def _unreachable() -> tuple[Unreachable, ...]:
    return msgspec.convert(_read("unreachable.toml")["unreachable"], tuple[Unreachable, ...])


@cache
def unreachable(syntax: str) -> dict[str, str]:
    """Return the rules of a syntax that nothing fires, each with its reason."""
    return {r: one.reason for one in _unreachable() if one.syntax == syntax for r in one.rules}


@cache
def differences() -> Differences:
    """Return the known differences."""
    return msgspec.convert(_read("known_differences.toml"), Differences)


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((_HERE / name).read_text("utf-8"))
