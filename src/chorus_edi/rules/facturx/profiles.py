"""The rules of each profile of Factur-X: those of EN 16931 that it keeps, and its own table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import NamedTuple

from chorus_edi.domain.scenarios import Profile
from chorus_edi.domain.usages import Usage
from chorus_edi.rules.facturx import (
    basic_table,
    basic_wl_table,
    en16931_table,
    extended_agreement,
    extended_delivery,
    extended_document,
    extended_lines,
    extended_settlement,
    further,
    kept,
    minimum_table,
)
from chorus_edi.rules.facturx.cards import cards
from chorus_edi.rules.facturx.table import read_table
from chorus_edi.rules.registry import Rule, registered_in

_EN16931 = "urn:cen.eu:en16931:2017"
_EXTENDED = "".join(
    (
        extended_document.TABLE,
        "  rsm:SupplyChainTradeTransaction",
        extended_agreement.TABLE,
        extended_delivery.TABLE.lstrip("\n"),
        extended_settlement.TABLE.lstrip("\n"),
        extended_lines.TABLE.lstrip("\n"),
    )
)


class _Source(NamedTuple):
    """What a profile is made of; ``guidelines`` are the values of BT-24 that claim it."""

    name: str
    table: str
    kept: str
    guidelines: tuple[str, ...]


def _both(start: str, end: str) -> tuple[str, ...]:
    """Return the guideline under its name of today and that of ZUGFeRD 2.0."""
    return (f"{start}urn:factur-x.eu:1p0:{end}", f"{start}urn:zugferd.de:2p0:{end}")


_SOURCES: Mapping[Profile, _Source] = {
    Profile.MINIMUM: _Source("MINIMUM", minimum_table.TABLE, kept.MINIMUM, _both("", "minimum")),
    Profile.BASIC_WL: _Source(
        "BASIC WL", basic_wl_table.TABLE, kept.BASIC_WL, _both("", "basicwl")
    ),
    Profile.BASIC: _Source(
        "BASIC", basic_table.TABLE, kept.BASIC, _both(f"{_EN16931}#compliant#", "basic")
    ),
    Profile.EN16931: _Source("EN 16931", en16931_table.TABLE, kept.EN16931, (_EN16931,)),
    Profile.EXTENDED: _Source(
        "EXTENDED", _EXTENDED, kept.EXTENDED, _both(f"{_EN16931}#conformant#", "extended")
    ),
}

__all__ = ["PROFILES", "UNBUILT", "further", "kept_of", "own_rules", "usage_of"]

UNBUILT: Mapping[Profile, str] = {
    Profile.EXTENDED: "Les règles que seul le profil EXTENDED ajoute (BR-FXEXT) ne sont pas encore "
    "disponibles.",
}
"""What is not judged yet of a profile, in French."""

PROFILES = tuple(_SOURCES)
"""Profiles that have rules here, the smallest first."""


@cache
def usage_of(profile: Profile) -> Usage:
    """Return the table of a profile."""
    source = _SOURCES[profile]
    return read_table(source.table.replace("=GUIDELINES:", f"={'|'.join(source.guidelines)}:"))


@cache
def own_rules(profile: Profile) -> tuple[Rule, ...]:
    """Return the rules of a profile's table."""
    return cards(usage_of(profile), _SOURCES[profile].name, __name__)


def kept_of(profile: Profile, rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """Return those rules that a profile keeps: of EN 16931, in the order given, and further ones.

    Args:
        profile: the profile.
        rules: those of EN 16931.
    """
    ids = frozenset(_SOURCES[profile].kept.split())
    held = (*rules, *registered_in(__package__ or ""))
    return tuple(rule for rule in held if rule.id in ids)
