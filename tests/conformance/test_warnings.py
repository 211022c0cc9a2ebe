"""What the official sheets only warn of, we warn of: the same rules, on the same documents.

They are shared between the two sheets of CII as what is fatal is; see ``sheets.warned``.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from lxml import etree

from chorus_edi.domain.findings import Severity
from chorus_edi.domain.scenarios import ROOTS, Syntax
from chorus_edi.formats.xml import XmlDocument, parse
from chorus_edi.rules.registry import Rule
from tests.conformance.bases import documents
from tests.conformance.mutator import mutant
from tests.conformance.oracle import Oracle, judge_ours, our_rules
from tests.conformance.sheets import warning_rules
from tests.outside import SAMPLES, needs_samples, needs_saxonche
from tests.refused import put, refusals

pytestmark = needs_saxonche

SYNTAXES = {"ubl": (Syntax.UBL_INVOICE, Syntax.UBL_CREDIT_NOTE), "cii": (Syntax.CII,)}
SEED = 7
MUTANTS = 300
UNDECIDED = {"CII-SR-339"}
"""No schema allows what it refuses, and the sheet cannot add up what is due with it."""


@pytest.fixture(scope="module", params=SYNTAXES)
def syntax(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def oracle(syntax: str) -> Iterator[Oracle]:
    oracle = Oracle(syntax)
    yield oracle
    oracle.close()


@pytest.fixture(scope="module")
def ours() -> Callable[[bytes], frozenset[str]]:
    return judge_ours(Severity.WARNING)


def weighs(rule: Rule, syntax: Syntax) -> bool:
    asked = rule.inspection is not None and syntax in rule.inspection.syntaxes
    judged = asked or rule.judged_in(syntax) is not None
    return judged and rule.weighed_in(syntax).severity is Severity.WARNING


def refused_in(syntax: Syntax) -> list[tuple[str, str]]:
    """Return each rule that refuses paths, and the first of these paths."""
    return [
        (rule_id, demand.counted.partition(" | ")[0])
        for rule_id, (rule, demand) in refusals().items()
        if weighs(rule, syntax)
    ]


def test_we_warn_by_the_rules_that_the_sheets_warn_by(syntax: str) -> None:
    rules = our_rules(Severity.WARNING).values()

    ours = {rule.id for rule in rules if any(weighs(rule, one) for one in SYNTAXES[syntax])}

    assert ours == warning_rules(syntax).keys()


@pytest.mark.slow
def test_what_a_sheet_does_not_want_there_it_warns_of_and_so_do_we(
    syntax: str, oracle: Oracle, ours: Callable[[bytes], frozenset[str]]
) -> None:
    parsed = parse(documents(syntax)["standard-full"])
    assert isinstance(parsed, XmlDocument)

    for rule, path in refused_in(SYNTAXES[syntax][0]):
        tree = copy.deepcopy(parsed.tree)
        put(tree, path)
        xml = etree.tostring(tree)
        official = oracle.judge(xml)
        if rule in UNDECIDED:
            assert official.fatal is None
            assert rule in ours(xml)
        else:
            assert rule in official.warnings
            assert ours(xml) == official.warnings


@pytest.mark.slow
def test_on_mutants_we_warn_of_what_the_sheets_warn_of(
    syntax: str, oracle: Oracle, ours: Callable[[bytes], frozenset[str]]
) -> None:
    warned = 0
    for number in range(MUTANTS):
        made = mutant(syntax, SEED, number)
        if made is None:
            continue
        official = oracle.judge(made.xml)
        if official.fatal is not None:
            assert ours(made.xml) == official.warnings, (number, made.changes)
            warned += bool(official.warnings)

    assert warned > MUTANTS // 10


def samples() -> Iterator[Any]:
    for folder in ("ubl", "cii", "aife", "xml"):
        for path in sorted((SAMPLES / folder).glob("*.xml")):
            document = parse(path.read_bytes())
            if isinstance(document, XmlDocument) and document.tree.tag in ROOTS:
                yield path


@needs_samples
def test_on_samples_we_warn_of_what_the_sheets_warn_of(
    syntax: str, oracle: Oracle, ours: Callable[[bytes], frozenset[str]]
) -> None:
    compared = 0
    for path in samples():
        xml = path.read_bytes()
        document = parse(xml)
        assert isinstance(document, XmlDocument)
        if ROOTS[document.tree.tag] not in SYNTAXES[syntax]:
            continue
        official = oracle.judge(xml)
        if official.fatal is not None:
            assert ours(xml) == official.warnings, path.name
            compared += 1

    assert compared >= 10
