"""On some thousands of faulty invoices our rules find what the official sheets find, no more.

``make conformance`` does the same on 50,000 per syntax. See ``mutator`` for how they are made.
"""

from __future__ import annotations

import pytest

from chorus_edi.domain.invoice import Invoice
from chorus_edi.domain.official import CII, CII_CODE_LISTS
from tests.conformance.bases import documents, invoices
from tests.conformance.comparison import compare, problems
from tests.conformance.exceptions import differences, unreachable
from tests.conformance.extended_ctc import extended_invoices
from tests.conformance.grouped import KINDS
from tests.conformance.mutator import mutant
from tests.conformance.oracle import Oracle, judge_ours, our_rules
from tests.conformance.scene import bases
from tests.conformance.sheets import assertions, fatal_rules, peculiar, set_of
from tests.outside import needs_saxonche
from tests.unmeasured import unmeasured

pytestmark = needs_saxonche

EXTENSIONS = ("ubl-ext", "cii-ext")
SYNTAXES = ("ubl", "cii", "ubl-fr", "cii-fr", *EXTENSIONS)
SEED = 1
COUNTS = {
    "ubl": 5000, "cii": 2000, "ubl-fr": 2500, "cii-fr": 1500, "ubl-ext": 650, "cii-ext": 1000,
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("syntax", SYNTAXES)
def test_on_mutants_our_verdict_is_that_of_the_official_sheets(syntax: str) -> None:
    # What the extension tests word for word as EN 16931 was proved with it.
    of = peculiar(syntax)
    aimed_at = ",".join(of) if syntax in EXTENSIONS else ""

    with unmeasured():
        whole = compare(syntax, SEED, COUNTS[syntax], aimed_at=aimed_at)

    assert problems(syntax, whole, least=1, entries=False, of=of) == []


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_every_fatal_rule_of_the_sheets_is_in_our_catalogue_or_cannot_be_broken(
    syntax: str,
) -> None:
    ours = our_rules(of=set_of(syntax))

    assert sorted(fatal_rules(syntax).keys() - ours.keys() - unreachable(syntax).keys()) == []


@pytest.mark.parametrize("syntax", ["ubl-fr", "cii-fr"])
def test_every_rule_of_the_french_set_is_one_of_both_sheets(syntax: str) -> None:
    assert our_rules(of="br-fr").keys() == fatal_rules(syntax).keys()


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_the_base_documents_obey_their_schema_and_break_no_rule(syntax: str) -> None:
    oracle, ours = Oracle(syntax), judge_ours(of=set_of(syntax))
    try:
        for base in bases(syntax):
            xml = documents(syntax)[base.name]
            assert base.grammar.valid(base.tree), base.name
            assert oracle.judge(xml).fatal == frozenset(), base.name
            assert ours(xml) == frozenset(), base.name
    finally:
        oracle.close()


@pytest.mark.parametrize("syntax", ["ubl", "cii"])
def test_the_french_base_documents_keep_en16931_too_but_where_lines_are_grouped(
    syntax: str,
) -> None:
    oracle, ours = Oracle(syntax), judge_ours()
    try:
        for base in bases(f"{syntax}-fr"):
            if base.name not in KINDS:
                xml = documents(f"{syntax}-fr")[base.name]
                assert oracle.judge(xml).fatal == frozenset(), base.name
                assert ours(xml) == frozenset(), base.name
    finally:
        oracle.close()


def categories(invoice: Invoice) -> set[str]:
    return {row.category for row in invoice.vat_breakdown if row.category}


def test_the_base_documents_cover_every_vat_category_and_kind_of_invoice() -> None:
    made = invoices().values()

    assert len(made) >= 12
    assert set().union(*map(categories, made)) == {*"SZEKGOLMB", "AE"}
    assert {invoice.type_code for invoice in made} == {"380", "381", "384", "386"}


@pytest.mark.parametrize("syntax", EXTENSIONS)
def test_the_base_documents_of_the_extension_cover_its_kinds_of_lines_in_every_category(
    syntax: str,
) -> None:
    made = extended_invoices().values()
    texts = {one.text for base in bases(syntax) for one in base.tree.iter()}

    assert set().union(*map(categories, made)) == {*"SZEKGOLMB", "AE"}
    assert {invoice.type_code for invoice in made} == {"380", "381", "384", "386"}
    assert {"DETAIL", "GROUP", "INFORMATION"} <= texts


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_the_same_seed_and_number_give_the_same_mutant(syntax: str) -> None:
    first = [mutant(syntax, SEED, number) for number in range(40)]

    assert first == [mutant(syntax, SEED, number) for number in range(40)]
    assert first != [mutant(syntax, SEED + 1, number) for number in range(40)]


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_every_mutant_obeys_its_schema(syntax: str) -> None:
    made = [mutant(syntax, SEED, number) for number in range(40)]

    assert None not in made


def test_every_private_code_list_check_of_the_map_is_one_of_the_sheet() -> None:
    held = {one.fired.id for one in assertions(CII)}

    assert set(CII_CODE_LISTS) <= held


def test_the_tables_of_exceptions_speak_of_rules_that_exist() -> None:
    table = differences()
    for entry in (*table.known, *table.precedence):
        assert entry.rule in fatal_rules(entry.syntax), entry.rule
    for syntax in SYNTAXES:
        assert unreachable(syntax).keys() <= fatal_rules(syntax).keys()
