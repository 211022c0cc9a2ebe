"""On the samples our set br-fr finds what the French sheets of flow 2 find, by base ids."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from chorus_edi.domain.scenarios import ROOTS, Syntax
from chorus_edi.formats.facturx import PdfContent, open_pdf
from chorus_edi.formats.svrl import published_id
from chorus_edi.formats.xml import XmlDocument, parse
from tests.conformance.oracle import Oracle, judge_ours
from tests.outside import SAMPLES, manifest, needs_samples, needs_saxonche

COLUMNS = ("brfr-ubl", "brfr-cii")

pytestmark = needs_samples


def invoice_in(path: Path) -> bytes | None:
    """Return the invoice of a file, taken out of its PDF where it is one."""
    data = path.read_bytes()
    if not data.startswith(b"%PDF"):
        return data
    content = open_pdf(data)
    return content.xml if isinstance(content, PdfContent) else None


def judged() -> Iterator[Any]:
    """The samples that a French sheet was run on, each with the base ids it found fatal."""
    for row in manifest():
        for column in COLUMNS:
            found = (row["fatal_rules"] or {}).get(column)
            if found is not None:
                ids = {published_id(one, "") for one in found}
                yield pytest.param(SAMPLES / row["path"], ids, id=row["path"])


def samples() -> Iterator[Any]:
    """Every invoice among the samples, French or not, with the syntax of its sheet."""
    for folder in ("ubl", "cii", "xml", "aife", "pdf"):
        for path in sorted((SAMPLES / folder).glob("*.*")):
            xml = invoice_in(path)
            document = parse(xml) if xml is not None else None
            syntax = ROOTS.get(document.tree.tag) if isinstance(document, XmlDocument) else None
            if syntax is not None:
                sheets = "cii-fr" if syntax is Syntax.CII else "ubl-fr"
                yield pytest.param(xml, sheets, id=f"{folder}/{path.name}")


@pytest.fixture(scope="module")
def ours() -> Callable[[bytes], frozenset[str]]:
    return judge_ours(of="br-fr")


@pytest.fixture(scope="module")
def oracles() -> Iterator[dict[str, Oracle]]:
    oracles = {sheets: Oracle(sheets) for sheets in ("ubl-fr", "cii-fr")}
    yield oracles
    for oracle in oracles.values():
        oracle.close()


def test_the_sheets_were_run_on_samples_that_pass_and_on_samples_that_fail() -> None:
    found = [one.values[1] for one in judged()]

    assert len(found) >= 15
    assert {bool(ids) for ids in found} == {True, False}


@pytest.mark.parametrize(("path", "fatal"), list(judged()))
def test_a_sample_breaks_what_the_sheet_found_broken(
    ours: Callable[[bytes], frozenset[str]], path: Path, fatal: set[str]
) -> None:
    xml = invoice_in(path)

    assert xml is not None
    assert ours(xml) == fatal


@needs_saxonche
@pytest.mark.parametrize(("xml", "sheets"), list(samples()))
def test_a_sample_breaks_what_the_sheet_finds_broken_now(
    ours: Callable[[bytes], frozenset[str]], oracles: dict[str, Oracle], xml: bytes, sheets: str
) -> None:
    official = oracles[sheets].judge(xml)

    if official.fatal is not None:
        assert ours(xml) == official.fatal
