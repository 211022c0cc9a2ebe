"""Every shared sample is told for what its manifest says it is."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from chorus_edi.domain.dossier import Detected, Document
from chorus_edi.domain.findings import Outcome, Passed, Refused
from chorus_edi.domain.scenarios import Container, Syntax
from chorus_edi.formats.archive import Limits, kind_of
from chorus_edi.formats.facturx import PdfContent, open_pdf
from chorus_edi.stages.detect import detect
from chorus_edi.stages.unpack import Entry, unpack
from tests.outside import SAMPLES, manifest, needs_samples

pytestmark = needs_samples


def documents(path: Path) -> Iterator[bytes]:
    data = path.read_bytes()
    if kind_of(data) is None:
        yield data
        return
    for item in unpack(io.BytesIO(data), Limits()):
        assert isinstance(item, Entry)
        content = item.read()
        assert isinstance(content, bytes)
        yield content


def judged(content: bytes) -> Outcome[Detected]:
    return detect(Document(content=content, name="", deposited=date(2026, 11, 21)))


@pytest.mark.parametrize("row", manifest(), ids=lambda row: row["path"])
def test_a_sample_is_what_the_manifest_says(row: dict[str, Any]) -> None:
    for content in documents(SAMPLES / row["path"]):
        outcome = judged(content)
        if row["syntax"] in set(Syntax):
            assert isinstance(outcome, Passed)
            assert outcome.value.syntax == row["syntax"]
            embedded = outcome.value.container is Container.FACTUR_X
            assert embedded is (Path(row["path"]).suffix == ".pdf")
        elif isinstance(outcome, Passed):
            assert row["kind"] == "plain-pdf"
            assert outcome.value.container is Container.PDF


@pytest.mark.parametrize(
    ("path", "rule"),
    [
        ("xml/kosit-validator--xxe.xml", "CE-XML-05"),
        ("pdf/facturx-cas-limites--PDF-001--facture.pdf", "CE-PDF-03"),
        ("pdf/facturx-cas-limites--XML-001--facture.pdf", "CE-XML-08"),
        ("pdf/mustang--corrupt-factur-x-waytoosmall.pdf", "CE-PDF-01"),
    ],
)
def test_a_bad_sample_is_refused_for_what_is_wrong(path: str, rule: str) -> None:
    outcome = judged((SAMPLES / path).read_bytes())
    assert isinstance(outcome, Refused)
    assert outcome.findings[-1].rule == rule


def test_a_sample_under_another_name_passes_with_a_remark() -> None:
    path = SAMPLES / "pdf" / "facturx-cas-limites--PDF-002--facture.pdf"
    outcome = judged(path.read_bytes())
    assert isinstance(outcome, Passed)
    assert [finding.rule for finding in outcome.findings] == ["CE-PDF-06"]


@pytest.mark.parametrize(
    "row",
    [row for row in manifest() if row.get("xmp_level") and row["attachments"]],
    ids=lambda r: r["path"],
)
def test_the_level_and_relationship_of_a_sample_are_read(row: dict[str, Any]) -> None:
    opened = open_pdf((SAMPLES / row["path"]).read_bytes())
    assert isinstance(opened, PdfContent)
    assert opened.level == row["xmp_level"]
    relationships = {name: relationship for name, _, relationship in row["attachments"]}
    assert relationships[opened.name] == f"/{opened.relationship}"
