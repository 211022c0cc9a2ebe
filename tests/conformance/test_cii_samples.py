"""On every real CII and Factur-X file our rules find what the official sheets find.

Two witnesses: what the sheet of the CEN found when the samples were gathered (the manifest), and
what the sheets of our proof find now, on files of every profile and on files no schema accepts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from chorus_edi.domain.scenarios import ROOTS, Syntax
from chorus_edi.formats.facturx import PdfContent, open_pdf
from chorus_edi.formats.xml import XmlDocument, parse
from tests.conformance.oracle import Oracle, judge_ours
from tests.outside import SAMPLES, manifest, needs_samples, needs_saxonche

FOLDERS = ("cii", "pdf", "aife")
COLUMN = "en16931-cii"

pytestmark = needs_samples


def invoice_in(path: Path) -> bytes | None:
    """Return the CII document that a file is or carries; None where there is none."""
    content = path.read_bytes()
    if content.startswith(b"%PDF"):
        pdf = open_pdf(content)
        if not isinstance(pdf, PdfContent) or pdf.xml is None:
            return None
        content = pdf.xml
    document = parse(content)
    cii = isinstance(document, XmlDocument) and ROOTS.get(document.tree.tag) is Syntax.CII
    return content if cii else None


def samples() -> Iterator[Any]:
    """Every file that holds a CII document."""
    for folder in FOLDERS:
        for path in sorted((SAMPLES / folder).glob("*.*")):
            xml = invoice_in(path)
            if xml is not None:
                yield pytest.param(xml, id=f"{folder}/{path.name}")


def judged() -> Iterator[Any]:
    """The samples that the sheet of the CEN was run on, each with the ids it found fatal."""
    for row in manifest():
        found = (row["fatal_rules"] or {}).get(COLUMN)
        if found is not None:
            yield pytest.param(invoice_in(SAMPLES / row["path"]), set(found), id=row["path"])


@pytest.fixture(scope="module")
def ours() -> Callable[[bytes], frozenset[str]]:
    return judge_ours()


@pytest.fixture(scope="module")
def oracle() -> Iterator[Oracle]:
    oracle = Oracle("cii")
    yield oracle
    oracle.close()


def test_the_samples_hold_invoices_of_both_containers() -> None:
    assert len(list(samples())) >= 20
    assert len(list(judged())) >= 20


@pytest.mark.parametrize(("xml", "fatal"), list(judged()))
def test_a_sample_breaks_what_the_sheet_of_the_cen_found_broken(
    ours: Callable[[bytes], frozenset[str]], xml: bytes, fatal: set[str]
) -> None:
    assert ours(xml) == fatal


@needs_saxonche
@pytest.mark.parametrize("xml", list(samples()))
def test_a_sample_breaks_what_the_sheets_of_the_proof_find_broken(
    ours: Callable[[bytes], frozenset[str]], oracle: Oracle, xml: bytes
) -> None:
    official = oracle.judge(xml)

    assert official.reason == ""
    assert ours(xml) == official.fatal
