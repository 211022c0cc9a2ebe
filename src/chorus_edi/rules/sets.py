"""Which rules are in force: sets, their versions side by side, and since when each holds."""

from __future__ import annotations

from datetime import date
from functools import cache, lru_cache

import msgspec

from chorus_edi.domain.scenarios import FACTUR_X, Profile, RuleSet, Syntax
from chorus_edi.domain.usages import Usage
from chorus_edi.domain.weighing import Weighing
from chorus_edi.errors import Defect
from chorus_edi.rules import br_fr, chorus_b2g, chorus_historique, en16931
from chorus_edi.rules.extended_ctc_fr.profile import rules_of
from chorus_edi.rules.facturx.profiles import kept_of, own_rules, usage_of
from chorus_edi.rules.plan import Plan
from chorus_edi.rules.registry import Rule, id_order, registered_in


class RuleSetVersion(msgspec.Struct, frozen=True, kw_only=True):
    """One version of a rule set.

    Attributes:
        name: the set.
        version: the version of the official sheets, then ``-`` and our own count: how much of
            them is built grows, and a verdict must say by how much it was reached.
        valid_from: first day of deposit it judges.
        valid_to: last day of deposit it judges; None while nothing replaces it.
        rules: in the order they are run. Who weighs one otherwise weighs what it finds
            (``domain/weighing.py``), and ``weighed_labels`` says so.
        profile: the profile it is for; None for the set itself.
        usage: the table of that profile, where it has one.
    """

    name: RuleSet
    version: str
    valid_from: date
    valid_to: date | None = None
    rules: tuple[Rule, ...]
    profile: Profile | None = None
    usage: Usage | None = None

    @property
    def label(self) -> str:
        """``name@version``, as it is recorded with every verdict."""
        return f"{self.name}@{self.version}"

    def in_force(self, on: date) -> bool:
        """True where it judges what is deposited on a day."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


@cache
def versions() -> tuple[RuleSetVersion, ...]:
    """Return every version of every set, oldest first within a set."""
    return (
        # The oldest version kept judges all that came before it, back to the day the reference
        # of EN 16931-1 was published (OJEU L 266, 2017-10-17).
        RuleSetVersion(
            name=RuleSet.EN16931,
            version="1.3.16-2",
            valid_from=date(2017, 10, 17),
            rules=registered_in(en16931.__name__),
        ),
        # Published on 2026-06-30; what is fatal in it binds senders since 2026-09-01
        # (facts: reform-2026 3.1).
        RuleSetVersion(
            name=RuleSet.BR_FR,
            version="1.4.0-1",
            valid_from=date(2026, 9, 1),
            rules=registered_in(br_fr.__name__),
        ),
        # Annex A 1.3 of XP Z12-012, since companies must send by a platform (reform-2026 5.1).
        RuleSetVersion(
            name=RuleSet.CHORUS_B2G,
            version="1.3-1",
            valid_from=date(2026, 9, 1),
            rules=registered_in(chorus_b2g.__name__),
        ),
        # The annexe EDI of 24/12/2021, the last whose changes were read; Chorus Pro is compulsory
        # since 2017-01-01, and its oldest version judges all that came in.
        RuleSetVersion(
            name=RuleSet.CHORUS_HISTORIQUE,
            version="4.21-1",
            valid_from=date(2017, 1, 1),
            rules=registered_in(chorus_historique.__name__),
        ),
    )


_SUFFIXES = {
    **{profile: f"+facturx-{profile}" for profile in FACTUR_X},
    Profile.EXTENDED_CTC_FR: f"+{Profile.EXTENDED_CTC_FR}",
}
_PROFILES = {suffix: profile for profile, suffix in _SUFFIXES.items()}


def profile_label(profile: Profile, label: str) -> str:
    """Return the label of a version of EN 16931 for a profile: ``…+facturx-basic``."""
    return f"{label}{_SUFFIXES[profile]}"


@cache
def profile_version(profile: Profile, label: str) -> RuleSetVersion:
    """Return what a version of EN 16931, by its label, becomes for a profile.

    A profile is not a set of its own: it keeps some rules of EN 16931, word for word, and adds
    rules of its own; those of Factur-X also say what they make of the elements of CII.
    """
    of = labelled(label)
    facturx = profile in FACTUR_X
    return RuleSetVersion(
        name=of.name,
        version=profile_label(profile, of.version),
        valid_from=of.valid_from,
        valid_to=of.valid_to,
        rules=_factur_x_rules(profile, of.rules) if facturx else rules_of(of.rules),
        profile=profile,
        usage=usage_of(profile) if facturx else None,
    )


def _factur_x_rules(profile: Profile, en16931: tuple[Rule, ...]) -> tuple[Rule, ...]:
    return (*kept_of(profile, en16931), *own_rules(profile))


@lru_cache(maxsize=1024)
def in_force(name: RuleSet, on: date) -> RuleSetVersion | None:
    """Return the version of a set that judges what is deposited on a day."""
    return next((v for v in versions() if v.name is name and v.in_force(on)), None)


def labelled(label: str) -> RuleSetVersion:
    """Return a version by its ``name@version``.

    Raises:
        Defect: there is none; labels come from us.
    """
    base, plus, rest = label.partition("+")
    profile = _PROFILES.get(plus + rest)
    found = next((v for v in versions() if v.label == base), None)
    if found is None or (plus and (profile is None or found.name is not RuleSet.EN16931)):
        raise Defect(f"no rule set is called {label}")
    return profile_version(profile, base) if profile else found


@lru_cache(maxsize=1024)
def labels_for(
    sets: tuple[RuleSet, ...], on: date, profile: Profile | None = None
) -> tuple[str, ...]:
    """Return ``name@version`` of the sets that are in force on a day, in order.

    Args:
        sets: the sets.
        on: the day of deposit.
        profile: the profile that takes the place of EN 16931.
    """
    chosen = (version for name in sets if (version := in_force(name, on)) is not None)
    return tuple(
        version.label
        if profile is None or version.name is not RuleSet.EN16931
        else profile_label(profile, version.label)
        for version in chosen
    )


def weighed_labels(
    labels: tuple[str, ...], weighing: Weighing, beside: frozenset[str] = frozenset()
) -> tuple[str, ...]:
    """Return labels that also name each rule that weighs otherwise: ``…+BR-FR-CPRO-02=warning``.

    Args:
        labels: versions that judged a document.
        weighing: what weighed otherwise.
        beside: rules that judged it too, outside the sets; the last label names them, unless a
            set has them.
    """
    if not (weighing.severities and labels):
        return labels
    own = [_ids_of(label) for label in labels]
    own[-1] |= beside - _ids_of_all()
    return tuple(
        f"{label}{_otherwise(ids, weighing)}" for label, ids in zip(labels, own, strict=True)
    )


def _otherwise(ids: frozenset[str], weighing: Weighing) -> str:
    weighed = sorted(ids & weighing.severities.keys(), key=id_order)
    return "".join(f"+{rule}={weighing.severities[rule]}" for rule in weighed)


@cache
def _ids_of_all() -> frozenset[str]:
    return frozenset(rule.id for version in versions() for rule in version.rules)


@cache
def _ids_of(label: str) -> frozenset[str]:
    return frozenset(rule.id for rule in labelled(label).rules)


@cache
def plan_of(labels: tuple[str, ...], syntax: Syntax | None = None) -> Plan:
    """Return the compiled rules of some versions, for documents of one syntax.

    Raises:
        Defect: a label names no version.
    """
    held = [labelled(label) for label in labels]
    usage = next((version.usage for version in held if version.usage is not None), None)
    return Plan([rule for version in held for rule in version.rules], syntax, usage)


def plan_for(sets: tuple[RuleSet, ...], on: date, syntax: Syntax | None = None) -> Plan:
    """Return the compiled rules of the sets in force on a day; the others are left out."""
    return plan_of(labels_for(sets, on), syntax)
