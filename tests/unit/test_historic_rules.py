"""What the rules of the historic circuit have in common, and what they leave to others."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from chorus_edi.domain.dossier import Checked, Document, Place, Resolved
from chorus_edi.domain.findings import Outcome, Passed, Severity
from chorus_edi.domain.recipients import routing_of
from chorus_edi.domain.scenarios import Circuit, RuleSet
from chorus_edi.rules import chorus_historique
from chorus_edi.rules.cases import Case, read_cases
from chorus_edi.rules.plan import Plan, finding_of
from chorus_edi.rules.registry import CATALOGUE, Confidence
from chorus_edi.rules.sets import in_force
from chorus_edi.services.explain import explain
from chorus_edi.stages.check import checker
from chorus_edi.stages.detect import detect
from chorus_edi.stages.parse import parse
from tests.builders import an_invoice, cii
from tests.historic import historic, siret, supplier, written

FOLDER = Path(chorus_historique.__path__[0]) / "cases"
CASES = [one for path in FOLDER.glob("*.toml") for one in read_cases(path.read_text("utf-8"))]
FAILING = [case for case in CASES if not case.passes]
VERSION = in_force(RuleSet.CHORUS_HISTORIQUE, date(2026, 11, 21))
NUMBERED_BY_THE_AUTHORITY = {
    "G1.01", "G1.05", "G1.09", "G1.10", "G1.24", "G1.36", "G2.13", "G2.19", "S2.05",
}  # fmt: skip


def named(case: Case) -> str:
    return f"{case.rule}: {case.name}"


@pytest.mark.parametrize("case", FAILING, ids=named)
def test_what_breaks_a_rule_breaks_no_other_of_its_set(case: Case) -> None:
    assert VERSION is not None

    hits = Plan(VERSION.rules, case.syntax).examine(case.invoice())

    assert {hit.rule.id for hit in hits} == {case.rule}


def test_an_id_is_the_authority_s_or_ours() -> None:
    assert VERSION is not None
    ids = {rule.id for rule in VERSION.rules}

    assert ids >= NUMBERED_BY_THE_AUTHORITY
    assert all(rule.startswith("CE-") for rule in ids - NUMBERED_BY_THE_AUTHORITY)


def test_no_rule_that_we_concluded_alone_refuses_what_a_sample_does() -> None:
    """A published rule that an official sample breaks must not refuse either."""
    broken_by_samples = ("G1.24", "CE-AVOIR-01", "CE-AVOIR-02")

    assert {CATALOGUE[rule].severity for rule in broken_by_samples} == {Severity.WARNING}
    assert CATALOGUE["CE-FOURN-02"].confidence is Confidence.INFERRED
    assert CATALOGUE["CE-FOURN-02"].severity is Severity.WARNING


def test_a_number_too_long_is_told_by_its_own_term() -> None:
    (case,) = (one for one in CASES if one.name == "a discount")

    (hit,) = Plan([CATALOGUE[case.rule]]).examine(case.invoice())
    told = finding_of(hit, Place())

    assert told.terms == ("BT-147",)
    assert told.message.fr == "Ce nombre (BT-147) a plus de 19 chiffres ou plus de six décimales."


# -- a day to come -------------------------------------------------------------------------------


def check(
    content: bytes, deposited: date, requested: tuple[RuleSet, ...] | None = None
) -> Outcome[Checked]:
    """Take a file through the steps before, and check it as deposited on a day."""
    detected = detect(Document(content=content, name="f.xml", deposited=deposited))
    assert isinstance(detected, Passed)
    parsed = parse(detected.value)
    assert isinstance(parsed, Passed)
    routing = routing_of(parsed.value.invoice, Circuit.HISTORIQUE)
    return checker(requested, lambda _: ())(Resolved(parsed=parsed.value, routing=routing))


def future(outcome: Outcome[Checked]) -> list[tuple[str | None, str | None]]:
    return [(f.found, f.expected) for f in outcome.findings if f.rule == "G1.07"]


TODAY = date(2026, 11, 21)


@pytest.mark.parametrize("requested", [None, (RuleSet.CHORUS_HISTORIQUE,)])
def test_an_invoice_dated_after_its_deposit_is_refused(
    requested: tuple[RuleSet, ...] | None,
) -> None:
    outcome = check(written(historic(issue_date="2026-11-22")), TODAY, requested)

    assert future(outcome) == [("2026-11-22", "2026-11-21 au plus tard")]
    (finding,) = outcome.findings
    assert (finding.address, finding.terms, finding.fatal) == ("BT-2", ("BT-2",), True)
    assert finding.line is not None


@pytest.mark.parametrize("day", ["2026-11-21", "2026-11-20", "2018-01-01"])
def test_an_invoice_dated_the_day_of_its_deposit_or_before_passes(day: str) -> None:
    outcome = check(written(historic(issue_date=day)), TODAY)

    assert isinstance(outcome, Passed)
    assert outcome.findings == ()


def test_what_is_no_day_is_not_to_come() -> None:
    outcome = check(written(historic(issue_date="demain")), TODAY)

    assert future(outcome) == []
    assert [finding.rule for finding in outcome.findings] == ["CE-ID-01"]


def test_another_circuit_may_invoice_ahead() -> None:
    outcome = check(cii(an_invoice(issue_date="2027-01-01")), TODAY, (RuleSet.EN16931,))

    assert future(outcome) == []


# -- what the qualification platform has ---------------------------------------------------------


def test_a_siret_whose_key_is_wrong_only_warns_for_qualification_has_such() -> None:
    wrong_key = supplier(siret("99990017800017"))

    outcome = check(written(historic(seller=wrong_key)), TODAY)

    assert isinstance(outcome, Passed)
    assert [(f.rule, f.severity) for f in outcome.findings] == [("CE-FOURN-02", Severity.WARNING)]


# -- explained -----------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", sorted(NUMBERED_BY_THE_AUTHORITY | {"G1.07", "CE-CADRE-04"}))
def test_a_rule_is_explained_under_its_published_id(rule: str) -> None:
    told = explain(rule.lower())

    assert told is not None
    details = dict(told.details)
    assert told.code == rule
    assert details["Que faire"]
    assert "Source" in details


def test_how_sure_we_are_is_said_of_what_is_not_published() -> None:
    told = explain("S2.05")

    assert told is not None
    assert dict(told.details)["Certitude"] == "lue chez un tiers, texte officiel non vu"
