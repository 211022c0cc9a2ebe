"""The B2G set as a whole: what it holds, what it leaves out, and that a defect breaks one rule."""

from pathlib import Path

import pytest

from chorus_edi.domain.findings import Severity
from chorus_edi.domain.motives import Motive
from chorus_edi.domain.scenarios import RuleSet
from chorus_edi.rules import chorus_b2g
from chorus_edi.rules.cases import read_cases
from chorus_edi.rules.chorus_b2g import UNJUDGED
from chorus_edi.rules.plan import Plan
from chorus_edi.rules.registry import Confidence, registered_in
from chorus_edi.rules.sets import versions
from chorus_edi.services.explain import explain
from chorus_edi.services.specimens import Style, specimen
from tests.builders import TOWN

RULES = registered_in(chorus_b2g.__name__)
FOLDER = Path(chorus_b2g.__path__[0])
CASES = [
    case
    for path in sorted(FOLDER.glob("cases/*.toml"))
    for case in read_cases(path.read_text(encoding="utf-8"))
]


def test_the_set_holds_every_rule_gathered_and_says_which_it_leaves_out() -> None:
    held = {rule.id for rule in RULES}
    left = {rule.id for rule in UNJUDGED}

    assert held.isdisjoint(left)
    ours = {rule for rule in held if not rule.startswith("BR-FR-CPRO-")}
    assert ours == {"CE-B2G-01", "CE-B2G-02", "CE-B2G-03"}
    assert (held - ours) | left == {f"BR-FR-CPRO-{n:02d}" for n in range(51)}


@pytest.mark.parametrize("rule", UNJUDGED, ids=lambda rule: rule.id)
def test_a_rule_that_is_left_out_is_explained_with_the_reason(rule) -> None:
    told = explain(rule.id.lower())

    assert told is not None
    assert told.code == rule.id
    assert told.title == rule.about.fr
    assert ("Pourquoi", rule.why) in told.details


def test_the_version_in_force_runs_all_of_them() -> None:
    (version,) = (version for version in versions() if version.name is RuleSet.CHORUS_B2G)

    assert version.rules == RULES


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_no_rule_of_the_annex_is_published_and_what_is_concluded_only_warns(rule) -> None:
    assert rule.motive is Motive.REJ_CONT_B2G
    assert rule.source
    inferred = rule.confidence is Confidence.INFERRED
    if rule.confidence is Confidence.PUBLISHED:
        assert rule.id.startswith("CE-B2G-")
    assert (rule.severity is Severity.WARNING) is inferred


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.rule}: {case.name}")
def test_a_single_defect_breaks_exactly_one_rule(case) -> None:
    broken = {hit.rule.id for hit in Plan(RULES).examine(case.invoice())}

    assert broken == (set() if case.passes else {case.rule})


@pytest.mark.parametrize("number", range(1, 61))
def test_what_our_generator_makes_for_the_afnor_circuit_breaks_none_of_them(number) -> None:
    invoice = specimen(number, [TOWN], style=Style.AFNOR).invoice

    assert Plan(RULES).examine(invoice) == ()
