"""Each profile of Factur-X finds in a document what its official sheet finds."""

import json
from pathlib import Path
from typing import Any

import pytest

from chorus_edi.adapters.official import OfficialSheets
from chorus_edi.domain.scenarios import Profile
from chorus_edi.formats.facturx import PdfContent, open_pdf
from chorus_edi.rules.facturx.profiles import PROFILES, kept_of, own_rules
from chorus_edi.rules.sets import versions
from tests.conformance.mutator import mutant
from tests.conformance.profiles import claiming, official, ours, sheet_of
from tests.conformance.sheets import CII, assertions

SAMPLES = Path(__file__).parents[3] / "shared" / "samples"
MANIFEST = SAMPLES / "manifest.jsonl"
COLUMNS = {
    "FACTUR-X_MINIMUM": Profile.MINIMUM,
    "FACTUR-X_BASIC-WL": Profile.BASIC_WL,
    "FACTUR-X_BASIC": Profile.BASIC,
    "FACTUR-X_EN16931": Profile.EN16931,
    "FACTUR-X_EXTENDED": Profile.EXTENDED,
}
MUTANTS = 40
NOT_BUILT = "BR-FXEXT-"
"""Rules that only EXTENDED adds to EN 16931; BASIC and MINIMUM hold some no document can break."""


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

            expected = {rule for rule in official(verdict.fired) if NOT_BUILT not in rule}

            assert judge(document) == expected, (number, made.changes)


def judged() -> list[Any]:
    """Samples that the sheet of a profile was run on, each with the ids it found fatal."""
    if not MANIFEST.exists():
        return [pytest.param("", None, set(), id="no samples")]
    rows = [json.loads(line) for line in MANIFEST.read_text(encoding="utf-8").splitlines()]
    return [
        pytest.param(row["path"], profile, row["fatal_rules"][column], id=row["path"])
        for row in rows
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


@pytest.mark.samples
@pytest.mark.skipif(not MANIFEST.exists(), reason="../shared/samples is not there")
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
    (version,) = versions()
    rules = {rule.id for rule in version.rules}
    unreachable = {"BR-CO-05", "BR-CO-06", "BR-CO-07", "BR-CO-08", "CII-SR-464"}

    for profile in PROFILES:
        kept = {rule.id for rule in kept_of(profile, version.rules)}
        assert kept - rules <= {"BR-CO-25", "BR-CO-27"}

    fatal = {a.fired.rule for a in assertions(CII) if a.fired.fatal}
    published = {rule for rule in fatal if rule.startswith(("BR-", "CII-SR-"))}
    kept = {rule.id for rule in kept_of(Profile.EN16931, version.rules)}
    assert kept == published - unreachable


def test_every_id_of_the_table_of_en_16931_is_in_its_sheet_and_none_is_missing() -> None:
    ids = {a.fired.id for a in assertions(CII) if a.fired.id.startswith("FX-SCH-")}

    assert {r.id for r in own_rules(Profile.EN16931)} - {"CE-FX-01", "CE-FX-02"} == ids
