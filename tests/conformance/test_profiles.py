"""Each profile of Factur-X finds in a document what its official sheet finds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

import chorus_edi.rules.facturx
from chorus_edi.adapters.official import OfficialSheets
from chorus_edi.domain.official import CII
from chorus_edi.domain.scenarios import Profile, RuleSet
from chorus_edi.formats.facturx import PdfContent, open_pdf
from chorus_edi.formats.writers import to_cii
from chorus_edi.rules.cases import Case, read_cases
from chorus_edi.rules.facturx.profiles import PROFILES, kept_of, own_rules
from chorus_edi.rules.sets import versions
from chorus_edi.rules.syntax_cases import SyntaxCase, read_syntax_cases
from tests.conformance.bases import documents
from tests.conformance.extended import extended_bases, extended_mutant
from tests.conformance.mutator import mutant
from tests.conformance.profiles import claiming, official, ours, sheet_of
from tests.conformance.sheets import assertions
from tests.outside import SAMPLES, manifest, needs_samples, needs_saxonche
from tests.xml_edits import edit

pytestmark = needs_saxonche

COLUMNS = {
    "FACTUR-X_MINIMUM": Profile.MINIMUM,
    "FACTUR-X_BASIC-WL": Profile.BASIC_WL,
    "FACTUR-X_BASIC": Profile.BASIC,
    "FACTUR-X_EN16931": Profile.EN16931,
    "FACTUR-X_EXTENDED": Profile.EXTENDED,
}
MUTANTS, EXTENDED_MUTANTS = 40, 250
ADDED = "BR-FXEXT-"
"""Beginning of the ids of the rules that EXTENDED adds."""

OF_MINIMUM = {"BR-FXEXT-G-08"}
"""Of these ids, those that the sheet of MINIMUM alone has."""

BESIDE_THE_RULES = Path(chorus_edi.rules.facturx.__path__[0])
WRITTEN_BY_US = ("BT-151-0", "BT-118-0")
"""Terms that the writer gives a value of its own."""


@pytest.fixture(scope="module")
def extended_sheet() -> Iterator[OfficialSheets]:
    with OfficialSheets({Profile.EXTENDED: sheet_of(Profile.EXTENDED)}) as sheets:
        yield sheets


def sheet_says(sheets: OfficialSheets, document: bytes) -> frozenset[str] | None:
    """Return what the sheet of EXTENDED finds fatal; None where it is undecided."""
    (verdict,) = sheets.judge(document, [Profile.EXTENDED])
    return None if verdict.undecided else official(verdict.fired)


@pytest.mark.parametrize("profile", PROFILES)
def test_a_profile_finds_in_a_mutant_what_its_sheet_finds(profile: Profile) -> None:
    judge = ours(profile)
    with OfficialSheets({profile: sheet_of(profile)}) as sheets:
        for number in range(MUTANTS):
            made = mutant("cii", 31, number)
            if made is None:
                continue
            document = claiming(made.xml, profile)
            (verdict,) = sheets.judge(document, [profile])
            if verdict.undecided:
                continue

            assert judge(document) == official(verdict.fired), (number, made.changes)


def test_an_invoice_with_all_that_extended_adds_keeps_its_rules(
    extended_sheet: OfficialSheets,
) -> None:
    judge = ours(Profile.EXTENDED)

    for base in extended_bases():
        document = bytes(etree.tostring(base.tree, encoding="UTF-8"))

        assert sheet_says(extended_sheet, document) == judge(document) == frozenset(), base.name


def test_extended_finds_in_a_mutant_of_such_an_invoice_what_its_sheet_finds(
    extended_sheet: OfficialSheets,
) -> None:
    judge = ours(Profile.EXTENDED)
    fired: set[str] = set()
    for number in range(EXTENDED_MUTANTS):
        made = extended_mutant(5, number)
        if made is None:
            continue
        document, changes = made
        said = sheet_says(extended_sheet, document)
        if said is None:
            continue
        fired |= said

        assert judge(document) == said, (number, changes)

    assert len([rule for rule in fired if rule.startswith(ADDED)]) >= 30


def model_cases() -> list[Case]:
    """Return the cases of the rules that EXTENDED adds, but those a written CII cannot show."""
    texts = (p.read_text(encoding="utf-8") for p in BESIDE_THE_RULES.glob("cases/added_*.toml"))
    return [
        case
        for text in texts
        for case in read_cases(text)
        if not any(address.endswith(WRITTEN_BY_US) for address in case.set)
    ]


def syntax_cases() -> tuple[SyntaxCase, ...]:
    path = BESIDE_THE_RULES / "syntax_cases" / "added.toml"
    return read_syntax_cases(path.read_text(encoding="utf-8"))


def edited(case: SyntaxCase) -> bytes:
    tree = etree.fromstring(documents("cii")["standard-full"])
    for change in case.edits:
        edit(tree, change)
    return bytes(etree.tostring(tree, encoding="UTF-8"))


def documents_of_cases() -> Iterator[tuple[Case | SyntaxCase, bytes]]:
    for case in model_cases():
        yield case, claiming(to_cii(case.invoice()), Profile.EXTENDED)
    for change in syntax_cases():
        yield change, claiming(edited(change), Profile.EXTENDED)


def test_each_rule_that_extended_adds_is_broken_in_its_sheet_where_its_cases_say(
    extended_sheet: OfficialSheets,
) -> None:
    judge = ours(Profile.EXTENDED)
    broken: set[str] = set()
    kept: set[str] = set()
    for case, document in documents_of_cases():
        said = sheet_says(extended_sheet, document)

        assert judge(document) == said, case.name
        assert said is not None
        if case.rule not in OF_MINIMUM:
            assert (case.rule in said) is (case.breaks not in ("", None)), case.name
            (broken if case.breaks else kept).add(case.rule)

    fatal = {a.fired.rule for a in assertions("facturx-extended-rules") if a.fired.fatal}
    assert broken == kept == {rule for rule in fatal if rule.startswith(ADDED)}


def judged() -> list[Any]:
    """Samples that the sheet of a profile was run on, each with the ids it found fatal."""
    return [
        pytest.param(row["path"], profile, row["fatal_rules"][column], id=row["path"])
        for row in manifest()
        for column, profile in COLUMNS.items()
        if column in (row["fatal_rules"] or {})
    ]


def xml_of(path: str) -> bytes:
    content = (SAMPLES / path).read_bytes()
    if not path.endswith(".pdf"):
        return content
    pdf = open_pdf(content)
    assert isinstance(pdf, PdfContent)
    assert pdf.xml is not None
    return pdf.xml


@needs_samples
@pytest.mark.parametrize(("path", "profile", "fatal"), judged())
def test_a_sample_breaks_the_rules_of_its_profile(
    path: str, profile: Profile, fatal: list[str]
) -> None:
    told = {rule if not rule.startswith("Element ") else "unused" for rule in fatal}

    broken = {
        "unused" if rule.startswith("unused ") else rule for rule in ours(profile)(xml_of(path))
    }

    assert broken == told


def test_what_a_profile_keeps_is_judged_by_the_rules_of_en_16931() -> None:
    (version,) = (held for held in versions() if held.name is RuleSet.EN16931)
    rules = {rule.id for rule in version.rules}
    unreachable = {"BR-CO-05", "BR-CO-06", "BR-CO-07", "BR-CO-08", "CII-SR-464"}

    for profile in PROFILES:
        kept = {rule.id for rule in kept_of(profile, version.rules)}
        added = {rule for rule in kept - rules if not rule.startswith(ADDED)}
        assert added <= {"BR-CO-25", "BR-CO-27"}

    fatal = {a.fired.rule for a in assertions(CII) if a.fired.fatal}
    published = {rule for rule in fatal if rule.startswith(("BR-", "CII-SR-"))}
    kept = {rule.id for rule in kept_of(Profile.EN16931, version.rules)}
    assert kept == published - unreachable


def test_every_id_of_the_table_of_en_16931_is_in_its_sheet_and_none_is_missing() -> None:
    ids = {a.fired.id for a in assertions(CII) if a.fired.id.startswith("FX-SCH-")}

    assert {r.id for r in own_rules(Profile.EN16931)} - {"CE-FX-01", "CE-FX-02"} == ids
