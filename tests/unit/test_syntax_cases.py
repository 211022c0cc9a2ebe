"""Every case of a rule on the XML itself says what its rule says, and where."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

import chorus_edi.rules
from chorus_edi.domain.demands import Demand
from chorus_edi.domain.dossier import Offence
from chorus_edi.domain.findings import Severity
from chorus_edi.domain.scenarios import Syntax
from chorus_edi.errors import Defect
from chorus_edi.formats.inspection import inspect
from chorus_edi.formats.locate import Locator
from chorus_edi.formats.reader import read
from chorus_edi.formats.xml import XmlDocument, parse
from chorus_edi.rules.plan import Plan, finding_of
from chorus_edi.rules.registry import CATALOGUE, Rule
from chorus_edi.rules.sets import versions
from chorus_edi.rules.syntax_cases import SyntaxCase, read_syntax_cases
from tests.conformance.bases import documents
from tests.refused import put, refusals
from tests.xml_edits import edit

FILES = sorted(Path(chorus_edi.rules.__path__[0]).rglob("syntax_cases/*.toml"))
CASES = [case for path in FILES for case in read_syntax_cases(path.read_text(encoding="utf-8"))]
RULES = [rule for version in versions() for rule in version.rules if rule.inspection]
REFUSALS = refusals()
AT_ONCE = 30


@cache
def complete(syntax: Syntax) -> Any:
    document = parse(documents("cii" if syntax is Syntax.CII else "ubl")["standard-full"])
    assert isinstance(document, XmlDocument)
    return document.tree


def offences(tree: Any, syntax: Syntax, plan: Plan) -> tuple[Offence, ...]:
    """Check a tree as a deposit would be: from its bytes."""
    xml = etree.tostring(tree)
    document = parse(xml)
    assert isinstance(document, XmlDocument)
    suspects = read(document.tree, syntax).suspects
    return inspect(Locator(document.tree, xml, syntax), suspects, plan.demands)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.rule}: {case.name}")
def test_a_rule_breaks_exactly_where_its_case_says(case: SyntaxCase) -> None:
    plan = Plan([CATALOGUE[case.rule]], case.syntax)
    tree = copy.deepcopy(complete(case.syntax))
    for change in case.edits:
        edit(tree, change)

    found = [finding_of(plan.hit_by(one), one.place) for one in offences(tree, case.syntax, plan)]

    assert bool(found) is (case.breaks is not None)
    if found:
        assert (found[0].address, found[0].found) == (case.breaks, case.found)
        prefixes = {prefix: uri for prefix, uri in tree.nsmap.items() if prefix}
        assert len(tree.xpath(found[0].location, namespaces=prefixes)) == 1


@pytest.mark.parametrize(
    "rule", [rule for rule in RULES if rule.id not in REFUSALS], ids=lambda rule: rule.id
)
def test_every_rule_has_a_passing_and_a_failing_case(rule: Rule) -> None:
    assert {case.breaks is None for case in CASES if case.rule == rule.id} == {True, False}


def some_refusals() -> Iterator[Any]:
    """Yield the warnings on plain paths, some at a time: one document shows them all."""
    for syntax in (Syntax.UBL_INVOICE, Syntax.CII):
        of_syntax = [
            one for one in REFUSALS.values() if (of := one[0].inspection) and syntax in of.syntaxes
        ]
        for start in range(0, len(of_syntax), AT_ONCE):
            some = of_syntax[start : start + AT_ONCE]
            yield pytest.param(syntax, some, id=some[0][0].id)


@pytest.mark.parametrize(("syntax", "some"), list(some_refusals()))
def test_what_warnings_refuse_is_found_where_it_stands_and_only_there(
    syntax: Syntax, some: list[tuple[Rule, Demand]]
) -> None:
    plan = Plan([rule for rule, _ in some], syntax)
    tree = copy.deepcopy(complete(syntax))
    assert offences(tree, syntax, plan) == ()

    for _, demand in some:
        put(tree, demand.counted.partition(" | ")[0])
    found = offences(tree, syntax, plan)

    assert [offence.demand for offence in found] == [demand for _, demand in some]
    prefixes = {prefix: uri for prefix, uri in tree.nsmap.items() if prefix}
    for offence in found:
        finding = finding_of(plan.hit_by(offence), offence.place)
        (element,) = tree.xpath(finding.location, namespaces=prefixes)
        assert finding.severity is Severity.WARNING
        assert etree.QName(element).localname == last_element(offence.demand.counted)


def last_element(paths: str) -> str:
    steps = [step for step in paths.partition(" | ")[0].split("/") if step[:1] != "@"]
    return steps[-1].partition(":")[2]


def test_no_case_is_left_of_a_rule_that_is_gone_and_no_two_are_called_the_same() -> None:
    assert {case.rule for case in CASES} <= set(CATALOGUE)
    assert len({(case.rule, case.name) for case in CASES}) == len(CASES)


@pytest.mark.parametrize("syntax", [Syntax.UBL_INVOICE, Syntax.CII])
def test_the_invoice_that_cases_start_from_keeps_every_rule(syntax: Syntax) -> None:
    found = offences(complete(syntax), syntax, Plan(RULES, syntax))

    # Two attached files are one too many to the sheet, which only warns: EN 16931 allows them.
    assert {offence.demand.rule for offence in found} <= {"CII-SR-476"}


@pytest.mark.parametrize("text", ["not toml", "[[case]]\nrule = 1", "case = 3"])
def test_a_bad_case_file_is_our_defect(text: str) -> None:
    with pytest.raises(Defect, match="bad case file"):
        read_syntax_cases(text)
