"""The first rules give each sample the fatal ids that the official sheets gave it."""

import json
from pathlib import Path
from typing import Any

import pytest

from chorus_edi.domain.scenarios import ROOTS
from chorus_edi.formats.facturx import PdfContent, open_pdf
from chorus_edi.formats.reader import read
from chorus_edi.formats.xml import XmlDocument, parse
from chorus_edi.rules.plan import Plan
from chorus_edi.rules.sets import versions

SAMPLES = Path(__file__).parents[3] / "shared" / "samples"
MANIFEST = SAMPLES / "manifest.jsonl"
SHEETS = ("en16931-ubl", "en16931-cii")
RULES = [rule for version in versions() for rule in version.rules]
OURS = {rule.id for rule in RULES}

pytestmark = [
    pytest.mark.samples,
    pytest.mark.skipif(not MANIFEST.exists(), reason="../shared/samples is not there"),
]


def judged() -> list[Any]:
    """Samples that the official sheets were run on, each with the ids they found fatal."""
    if not MANIFEST.exists():
        return [pytest.param("", set(), id="no samples")]
    rows = [json.loads(line) for line in MANIFEST.read_text(encoding="utf-8").splitlines()]
    return [
        pytest.param(row["path"], set(row["fatal_rules"][sheet]), id=row["path"])
        for row in rows
        for sheet in SHEETS
        if sheet in (row["fatal_rules"] or {})
    ]


def xml_of(path: str) -> bytes:
    content = (SAMPLES / path).read_bytes()
    if not path.endswith(".pdf"):
        return content
    pdf = open_pdf(content)
    assert isinstance(pdf, PdfContent)
    assert pdf.xml is not None
    return pdf.xml


@pytest.mark.parametrize(("path", "fatal"), judged())
def test_a_sample_breaks_the_rules_that_the_official_sheet_says(path: str, fatal: set[str]) -> None:
    document = parse(xml_of(path))
    assert isinstance(document, XmlDocument)
    syntax = ROOTS[document.tree.tag]

    hits = Plan(RULES, syntax).examine(read(document.tree, syntax).invoice)

    assert {hit.rule.id for hit in hits} == fatal & OURS
