"""EXTENDED-CTC-FR holds the rules that its official sheets hold, and leaves out what they drop."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from chorus_edi import bootstrap
from chorus_edi.domain.findings import Severity
from chorus_edi.domain.official import CTC, CTC_UBL
from chorus_edi.domain.scenarios import Profile, Syntax
from chorus_edi.formats.writers.pdf import embed
from chorus_edi.rules.extended_ctc_fr import kept
from chorus_edi.rules.extended_ctc_fr.changed import as_in_extended_ctc
from chorus_edi.rules.extended_ctc_fr.profile import own_rules
from chorus_edi.rules.registry import Rule
from chorus_edi.services.verification import VerificationOptions
from tests.conformance.bases import documents
from tests.conformance.mutator import mutant
from tests.conformance.oracle import Oracle, judge_ours, our_rules, rules_of
from tests.conformance.sheets import (
    EXTENSION,
    Assertion,
    assertions,
    fatal_rules,
    warning_rules,
)
from tests.outside import needs_saxonche

LEFT_OUT = {"ubl": kept.UBL.split(), "cii": kept.CII.split()}
SHEETS = {"ubl": CTC_UBL, "cii": CTC}
FIRST = {"ubl": Syntax.UBL_INVOICE, "cii": Syntax.CII}
_BRACKETS = str.maketrans("", "", " ()")
FLOW_2 = re.compile(r"BR-FR-")
SEED, MUTANTS = 7, 100
NOT_BUILT = re.compile(r"-08(ini|rev)$|^CII-SR-464$")
"""Warnings that tell which half of a rule -08 will be dropped, and that no text asks for."""

ALIKE = {
    "BR-08": "The schema has no seller elsewhere.",
    "BR-10": "The schema has no buyer elsewhere.",
    "BR-AF-09": "Both test true().",
    "BR-AG-09": "Both test true().",
}
"""Rules that the sheets write otherwise, with why no document tells them apart."""


def usual(syntax: str) -> dict[str, tuple[Assertion, ...]]:
    """Return what EN 16931 asks of a syntax, fatal or not, by rule."""
    return {**warning_rules(syntax), **fatal_rules(syntax)}


def extended(syntax: str) -> dict[str, list[Assertion]]:
    """Return what the sheet of the extension asks, by rule."""
    found: dict[str, list[Assertion]] = {}
    for one in assertions(SHEETS[syntax]):
        found.setdefault(one.fired.rule, []).append(one)
    return found


def said(held: list[Assertion] | tuple[Assertion, ...]) -> set[tuple[str, str, bool]]:
    """Return where and what some assertions ask, blanks and brackets aside."""
    return {
        (one.context.translate(_BRACKETS), one.test.translate(_BRACKETS), one.fired.fatal)
        for one in held
    }


@pytest.mark.parametrize("syntax", ["ubl", "cii"])
def test_the_rules_left_out_are_those_that_the_sheet_has_not(syntax: str) -> None:
    ours = {rule.id for rule in rules_of("en16931")}

    missing = (usual(syntax).keys() & ours) - extended(syntax).keys()

    assert sorted(LEFT_OUT[syntax]) == sorted(missing)


@pytest.mark.parametrize("syntax", ["ubl", "cii"])
def test_a_rule_that_is_kept_is_tested_word_for_word_or_judged_otherwise(syntax: str) -> None:
    held, theirs = usual(syntax), extended(syntax)
    ours = {rule.id: rule for rule in rules_of("en16931")}
    both = [rule for rule in ours.keys() & held.keys() if rule in theirs]

    differing = {rule for rule in both if said(held[rule]) != said(theirs[rule])}

    assert len(both) > 400
    assert {rule for rule in differing if not _changed(ours[rule], FIRST[syntax])} <= ALIKE.keys()


def _changed(rule: Rule, syntax: Syntax) -> bool:
    made = as_in_extended_ctc(rule)
    judged = made.judged_in(syntax) != rule.judged_in(syntax)
    weighs = made.weighed_in(syntax).severity is not rule.weighed_in(syntax).severity
    return judged or weighs or made.inspection != rule.inspection


def test_every_rule_of_the_extension_is_one_of_a_sheet_and_it_adds_what_en_16931_has_not() -> None:
    theirs = extended("ubl").keys() | extended("cii").keys()
    usual_rules = {rule.id for rule in rules_of("en16931")}

    assert {rule.id for rule in rules_of(EXTENSION)} <= theirs
    assert not {rule.id for rule in own_rules()} & usual_rules


# -- from file to verdict ----------------------------------------------------------------------


@needs_saxonche
def test_validate_judges_sub_lines_as_the_sheet_of_the_extension_in_every_container(
    tmp_path: Path,
) -> None:
    sound = {syntax: documents(f"{syntax}-ext")["mixed-grouped"] for syntax in ("ubl", "cii")}
    for syntax, xml in sound.items():
        (tmp_path / f"{syntax}-a.xml").write_bytes(xml)
        (tmp_path / f"{syntax}-b.xml").write_bytes(xml.replace(b"GROUP", b"GROUPE", 1))
    wrong = sound["cii"].replace(b"GROUP", b"GROUPE", 1)
    (tmp_path / "pdf-a.pdf").write_bytes(embed(sound["cii"], Profile.EXTENDED, []))
    (tmp_path / "pdf-b.pdf").write_bytes(embed(wrong, Profile.EXTENDED, []))

    rows = list(bootstrap.verify([tmp_path], VerificationOptions(official=True, jobs=1)))

    assert len(rows) == 6
    for row in rows:
        name = Path(row["path"]).stem
        sheet = SHEETS["ubl" if name.startswith("ubl") else "cii"]
        ours = {one["rule"] for one in row["findings"] if one["severity"] == "fatal"}
        assert row["rule_sets"][0].endswith("+extended-ctc-fr")
        assert row["official"][sheet]["rules"] == (["BR-FREXT-05"] if name[-1] == "b" else [])
        assert {rule for rule in ours if not FLOW_2.match(rule)} == set(
            row["official"][sheet]["rules"]
        )


# -- warnings ----------------------------------------------------------------------------------


@needs_saxonche
@pytest.mark.slow
@pytest.mark.parametrize("syntax", ["ubl-ext", "cii-ext"])
def test_on_mutants_we_warn_of_what_the_sheets_warn_of(syntax: str) -> None:
    oracle, ours = Oracle(syntax), judge_ours(Severity.WARNING, EXTENSION)
    warned = 0
    try:
        for number in range(MUTANTS):
            made = mutant(syntax, SEED, number)
            assert made is not None
            official = oracle.judge(made.xml)
            if official.fatal is not None:
                built = {rule for rule in official.warnings if not NOT_BUILT.search(rule)}
                assert ours(made.xml) == built, (number, made.changes)
                warned += bool(built)
    finally:
        oracle.close()

    assert warned > 5


@pytest.mark.parametrize("syntax", ["ubl", "cii"])
def test_we_have_the_warnings_of_a_sheet_but_those_that_announce_a_change(syntax: str) -> None:
    ours = our_rules(Severity.WARNING, EXTENSION).keys()

    missing = warning_rules(f"{syntax}-ext").keys() - ours

    assert all(NOT_BUILT.search(rule) for rule in missing)
    assert len(missing) < 20
