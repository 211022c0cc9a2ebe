"""Every case beside the rules says what its rule says."""

from pathlib import Path

import pytest

import chorus_edi.rules
from chorus_edi.domain.dossier import Place
from chorus_edi.domain.groups import Identifier
from chorus_edi.domain.lines import InvoiceLine
from chorus_edi.domain.terms import addresses_of
from chorus_edi.errors import Defect
from chorus_edi.rules.cases import BASE, Case, invoice_of, read_cases
from chorus_edi.rules.plan import Plan, finding_of
from chorus_edi.rules.registry import CATALOGUE
from chorus_edi.rules.sets import versions

FILES = sorted(Path(chorus_edi.rules.__path__[0]).rglob("cases/*.toml"))
CASES = [case for path in FILES for case in read_cases(path.read_text(encoding="utf-8"))]
RULES = [rule for version in versions() for rule in version.rules if rule.judgement]


def named(case: Case) -> str:
    return f"{case.rule}: {case.name}"


@pytest.mark.parametrize("case", CASES, ids=named)
def test_a_rule_breaks_exactly_where_its_case_says(case: Case) -> None:
    plan = Plan([CATALOGUE[case.rule]], case.syntax)

    findings = [finding_of(hit, Place()) for hit in plan.examine(case.invoice())]

    assert [f.address for f in findings] == ([case.breaks] if case.breaks else [])
    for finding in findings:
        assert (finding.found, finding.expected) == (case.found, case.expected)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_rule_has_a_passing_and_a_failing_case_in_each_syntax_it_judges_apart(rule) -> None:
    judged = [syntax for syntax, variant in rule.variants.items() if variant.judgement]
    for syntax in (None, *judged):
        verdicts = {c.passes for c in CASES if c.rule == rule.id and c.syntax is syntax}
        assert verdicts == {True, False}, syntax


def test_no_case_is_left_of_a_rule_that_is_gone_and_no_two_are_called_the_same() -> None:
    assert {case.rule for case in CASES} <= set(CATALOGUE)
    assert len({named(case) for case in CASES}) == len(CASES)


@pytest.mark.parametrize("syntax", [None, "UBL-Invoice", "CII"])
@pytest.mark.parametrize("version", versions(), ids=lambda version: version.label)
def test_the_invoice_cases_start_from_keeps_every_rule_of_its_set(version, syntax) -> None:
    ids = {rule.id for rule in version.rules}
    bases = {str(case.base): case.base for case in CASES if case.rule in ids}

    for base in bases.values():
        assert Plan(version.rules, syntax).examine(invoice_of({**BASE, **base})) == ()


def test_an_invoice_is_built_from_values_by_address() -> None:
    invoice = invoice_of(
        {
            "BT-1": "F1",
            "BG-4/BT-29": ["A", "B"],
            "BG-25[2]/BG-27[1]/BT-136": "1.00",
            "BG-25/BT-131": ["10.00", "20.00"],
            "BG-4/BG-5": "",
        }
    )

    assert [address for address, _ in addresses_of(invoice)] == [
        "BT-1",
        "BG-4/BT-29[1]",
        "BG-4/BT-29[2]",
        "BG-25[1]/BT-131",
        "BG-25[2]/BT-131",
        "BG-25[2]/BG-27[1]/BT-136",
    ]
    assert invoice.seller.identifiers == (Identifier(value="A"), Identifier(value="B"))
    assert invoice.seller.address is not None
    assert isinstance(invoice.lines[0], InvoiceLine)


@pytest.mark.parametrize(
    "values",
    [
        {"BT-999": "x"},
        {"bt-1": "x"},
        {"BG-4/BT-131": "1.00"},
        {"BT-1": ["a", "b"]},
        {"BG-22/BT-106": "ten"},
        {"BG-24/BT-125": "file"},
    ],
)
def test_a_value_the_model_has_no_place_for_is_our_defect(values) -> None:
    with pytest.raises(Defect):
        invoice_of(values)


@pytest.mark.parametrize("text", ["not toml", "[[case]]\nrule = 1", "case = 3", "other = 1"])
def test_a_bad_case_file_is_our_defect(text: str) -> None:
    with pytest.raises(Defect, match="bad case file"):
        read_cases(text)
