"""The rules of each profile of Factur-X: those of EN 16931 that it keeps, and its own table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import NamedTuple

from chorus_edi.domain.demands import Demand
from chorus_edi.domain.scenarios import Profile
from chorus_edi.domain.usages import Usage
from chorus_edi.rules.facturx import (
    added_lines,
    added_syntax,
    added_totals,
    added_vat,
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
from chorus_edi.rules.facturx.cards import cards, demands_by_rule
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

FURTHER = (further, added_lines, added_syntax, added_totals, added_vat)
"""Modules of the rules that profiles add to those of EN 16931."""

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


class Meaning(NamedTuple):
    """What an id of the tables means in one profile.

    Attributes:
        profile: its name, as people write it.
        rule: the card it has there.
        demands: what it asks there.
    """

    profile: str
    rule: Rule
    demands: tuple[Demand, ...]


@cache
def meanings() -> Mapping[str, tuple[Meaning, ...]]:
    """Return every id of the tables, and what it means in each profile that has it."""
    found: dict[str, tuple[Meaning, ...]] = {}
    for profile, source in _SOURCES.items():
        demands = demands_by_rule(usage_of(profile))
        for rule in own_rules(profile):
            meaning = Meaning(source.name, rule, tuple(demands[rule.id]))
            found[rule.id] = (*found.get(rule.id, ()), meaning)
    return found


def names_of(rule_id: str) -> tuple[str, ...]:
    """Return the names of the profiles that keep or add a rule of the catalogue."""
    return tuple(source.name for source in _SOURCES.values() if rule_id in source.kept.split())


def kept_of(profile: Profile, rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """Return those rules that a profile keeps: of EN 16931, in the order given, and further ones.

    Args:
        profile: the profile.
        rules: those of EN 16931.
    """
    ids = frozenset(_SOURCES[profile].kept.split())
    held = (*rules, *registered_in(__package__ or ""))
    return tuple(rule for rule in held if rule.id in ids)
