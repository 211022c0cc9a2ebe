"""Which rules are in force: sets, their versions side by side, and since when each holds."""

from __future__ import annotations

from datetime import date
from functools import cache

import msgspec

from chorus_edi.domain.scenarios import RuleSet, Syntax
from chorus_edi.errors import Defect
from chorus_edi.rules import en16931
from chorus_edi.rules.plan import Plan
from chorus_edi.rules.registry import Rule, registered_in


class RuleSetVersion(msgspec.Struct, frozen=True, kw_only=True):
    """One version of a rule set.

    Attributes:
        name: the set.
        version: the version of the official sheets, then ``-`` and our own count: how much of
            them is built grows, and a verdict must say by how much it was reached.
        valid_from: first day of deposit it judges.
        valid_to: last day of deposit it judges; None while nothing replaces it.
        rules: in the order they are run. A rule is a value, so that a circuit that weighs one
            otherwise has a set of its own, holding that rule with another severity.
    """

    name: RuleSet
    version: str
    valid_from: date
    valid_to: date | None = None
    rules: tuple[Rule, ...]

    @property
    def label(self) -> str:
        """``name@version``, as it is recorded with every verdict."""
        return f"{self.name}@{self.version}"

    def in_force(self, on: date) -> bool:
        """True where it judges what is deposited on a day."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


@cache
def versions() -> tuple[RuleSetVersion, ...]:
    """Return every version of every set that is built, oldest first within a set."""
    return (
        # The oldest version kept judges all that came before it, back to the day the reference
        # of EN 16931-1 was published (OJEU L 266, 2017-10-17).
        RuleSetVersion(
            name=RuleSet.EN16931,
            version="1.3.16-1",
            valid_from=date(2017, 10, 17),
            rules=registered_in(en16931.__name__),
        ),
    )


def built() -> frozenset[RuleSet]:
    """Return the sets that exist."""
    return frozenset(version.name for version in versions())


def in_force(name: RuleSet, on: date) -> RuleSetVersion | None:
    """Return the version of a set that judges what is deposited on a day."""
    return next((v for v in versions() if v.name is name and v.in_force(on)), None)


def labelled(label: str) -> RuleSetVersion:
    """Return a version by its ``name@version``.

    Raises:
        Defect: there is none; labels come from us.
    """
    found = next((v for v in versions() if v.label == label), None)
    if found is None:
        raise Defect(f"no rule set is called {label}")
    return found


def labels_for(sets: tuple[RuleSet, ...], on: date) -> tuple[str, ...]:
    """Return ``name@version`` of the sets that are built and in force on a day, in order."""
    return tuple(version.label for name in sets if (version := in_force(name, on)) is not None)


@cache
def plan_of(labels: tuple[str, ...], syntax: Syntax | None = None) -> Plan:
    """Return the compiled rules of some versions, for documents of one syntax.

    Raises:
        Defect: a label names no version.
    """
    rules = [rule for label in labels for rule in labelled(label).rules]
    return Plan(rules, syntax)


def plan_for(sets: tuple[RuleSet, ...], on: date, syntax: Syntax | None = None) -> Plan:
    """Return the compiled rules of the sets in force on a day; sets not built are left out."""
    return plan_of(labels_for(sets, on), syntax)
