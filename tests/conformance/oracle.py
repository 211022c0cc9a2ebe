"""What the official sheets find fatal in a document, and what our rules find."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import NamedTuple

from chorus_edi.adapters.official import OfficialSheets
from chorus_edi.domain.findings import Severity
from chorus_edi.domain.official import SheetVerdict
from chorus_edi.domain.scenarios import ROOTS, Profile, RuleSet
from chorus_edi.formats import xml
from chorus_edi.formats.inspection import faults_in
from chorus_edi.formats.reader import read
from chorus_edi.rules.plan import Plan
from chorus_edi.rules.registry import Rule
from chorus_edi.rules.sets import labelled, labels_for, versions
from tests.conformance.sheets import (
    EXTENSION,
    SHEETS,
    fatal_rules,
    fatal_share,
    paths,
    warned,
)

_DAY = date(2026, 11, 20)


class Official(NamedTuple):
    """What the sheets say.

    Attributes:
        fatal: the rules broken; None where a sheet gave no report.
        split: rules that two sheets hold and judge otherwise on this document.
        reason: why it is undecided.
        warnings: the rules broken that only warn; none where it is undecided.
    """

    fatal: frozenset[str] | None
    split: frozenset[str] = frozenset()
    reason: str = ""
    warnings: frozenset[str] = frozenset()


class Oracle:
    """The official sheets of one syntax (``ubl``, ``cii``, ``ubl-fr``…)."""

    def __init__(self, syntax: str) -> None:
        self._syntax = syntax
        self._names = SHEETS[syntax]
        self._sheets = OfficialSheets(paths())
        self._held = {
            name: frozenset(
                rule
                for rule, held in fatal_rules(syntax).items()
                if any(assertion.sheet == name for assertion in held)
            )
            for name in self._names
        }

    def close(self) -> None:
        self._sheets.close()

    def judge(self, document: bytes) -> Official:
        verdicts = self._sheets.judge(document, self._names)
        reasons = [f"{v.sheet}: {v.undecided}" for v in verdicts if v.undecided]
        if reasons:
            return Official(None, reason="; ".join(reasons))
        told = self._combined({v.sheet: self._broken(v) for v in verdicts})
        warnings = frozenset(
            rule
            for v in verdicts
            for fired in v.fired
            if (rule := warned(self._syntax, v.sheet, fired))
        )
        return told._replace(warnings=warnings)

    def _broken(self, verdict: SheetVerdict) -> frozenset[str]:
        rules = (fatal_share(self._syntax, verdict.sheet, fired) for fired in verdict.fired)
        return frozenset(rule for rule in rules if rule is not None)

    def _combined(self, broken: Mapping[str, frozenset[str]]) -> Official:
        """Take each rule from the first sheet that holds it; say where the others differ."""
        fatal: frozenset[str] = frozenset()
        seen: frozenset[str] = frozenset()
        split: frozenset[str] = frozenset()
        for name in self._names:
            held = self._held[name]
            split |= (broken[name] ^ fatal) & held & seen
            fatal |= broken[name] - seen
            seen |= held
        return Official(fatal, split)


def our_rules(severity: Severity = Severity.FATAL, of: str = "en16931") -> dict[str, Rule]:
    """Return the rules of a set that are fatal (or warn), in some syntax, by id."""
    return {
        rule.id: rule
        for rule in rules_of(of)
        if severity in {rule.severity, *(v.severity for v in rule.variants.values())}
    }


def rules_of(of: str) -> tuple[Rule, ...]:
    """Return the rules of a set, or of what the profile EXTENDED-CTC-FR makes of one."""
    if of == EXTENSION:
        labels = labels_for((RuleSet.EN16931,), _DAY, Profile.EXTENDED_CTC_FR)
        return labelled(labels[0]).rules
    return tuple(rule for version in versions() if version.name == of for rule in version.rules)


def judge_ours(
    severity: Severity = Severity.FATAL, of: str = "en16931"
) -> Callable[[bytes], frozenset[str]]:
    """Return what judges a document as ``validate`` does: bytes, tree, model, rules.

    It tells the rules broken of one severity, in one set.
    """
    rules = our_rules(severity, of)
    plans = {syntax: Plan(rules.values(), syntax) for syntax in ROOTS.values()}

    def judge(document: bytes) -> frozenset[str]:
        parsed = xml.parse(document)
        assert isinstance(parsed, xml.XmlDocument)
        syntax = ROOTS[parsed.tree.tag]
        reading = read(parsed.tree, syntax)
        plan = plans[syntax]
        broken = {hit.rule.id for hit in plan.examine(reading.invoice)}
        faults = faults_in(parsed.tree, reading.suspects, plan.demands)
        broken |= {fault.demand.rule for fault in faults}
        return frozenset(
            rule for rule in broken if rules[rule].weighed_in(syntax).severity is severity
        )

    return judge
