"""Every sample goes through ``validate`` and gets the verdict its oracle or its publisher gave."""

from __future__ import annotations

import gzip
import io
import tarfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from chorus_edi import bootstrap
from chorus_edi.formats.facturx import PdfContent, open_pdf
from chorus_edi.services.verification import VerificationOptions
from tests.outside import SAMPLES, manifest, needs_samples

FOLDERS = ("aife", "cii", "pdf", "ubl", "xml")
Row = dict[str, Any]

pytestmark = needs_samples


def verified(paths: Sequence[Path], rules: str) -> dict[str, Row]:
    """Return the row of every document by its path relative to the samples."""
    rows = bootstrap.verify(paths, VerificationOptions(rules=rules, jobs=1))
    return {row["path"].removeprefix(f"{SAMPLES}/"): row for row in rows}


@pytest.fixture(scope="module")
def unruled() -> dict[str, Row]:
    """Every document without rules."""
    return verified([SAMPLES / folder for folder in FOLDERS], "none")


@pytest.fixture(scope="module")
def ruled(unruled: dict[str, Row]) -> dict[str, Row]:
    """Those that rules may judge at all, by the rules of their scenario."""
    sound = {path.partition("!")[0] for path, row in unruled.items() if row["verdict"] == "valid"}
    return verified([SAMPLES / path for path in sorted(sound)], "auto")


def fatal(row: Row) -> list[str]:
    return [finding["rule"] for finding in row["findings"] if finding["severity"] == "fatal"]


def test_every_file_gets_a_verdict(unruled: dict[str, Row]) -> None:
    files = {
        str(path.relative_to(SAMPLES))
        for folder in FOLDERS
        for path in (SAMPLES / folder).rglob("*")
        if path.is_file()
    }

    assert {path.partition("!")[0] for path in unruled} == files
    assert {row["verdict"] for row in unruled.values()} <= {"valid", "invalid", "undecided"}
    assert all(row["rule_sets"] == [] for row in unruled.values())


def test_without_rules_a_file_is_valid_just_where_the_oracle_says_it_respects_its_schema(
    unruled: dict[str, Row],
) -> None:
    oracle = {
        row["path"]: row["oracle"]["xsd"]
        for row in manifest()
        if (row["oracle"] or {}).get("xsd") is not None
    }
    assert oracle

    ours = {path: unruled[path]["verdict"] for path in oracle}

    assert ours == {
        path: "valid" if verdict == "pass" else "invalid" for path, verdict in oracle.items()
    }


def test_the_official_historic_samples_are_of_the_historic_circuit_without_any_fatal_finding(
    ruled: dict[str, Row],
) -> None:
    official = {path: row for path, row in ruled.items() if path.startswith("aife/")}

    assert len({path.partition("!")[0] for path in official}) == 8
    assert {row["circuit"] for row in official.values()} == {"historique"}
    assert {path: fatal(row) for path, row in official.items() if fatal(row)} == {}
    assert {row["verdict"] for row in official.values()} == {"valid"}


def test_a_refusal_says_what_to_do_and_a_verdict_comes_with_its_fatal_findings(
    unruled: dict[str, Row], ruled: dict[str, Row]
) -> None:
    for row in (*unruled.values(), *ruled.values()):
        assert (row["verdict"] == "invalid") is bool(fatal(row)), row["path"]
        assert (row["motif"] is not None) is bool(fatal(row)), row["path"]
        for finding in row["findings"]:
            assert finding["message"], row["path"]


def test_the_xpath_of_every_finding_selects_an_element_of_the_sender_s_own_file(
    ruled: dict[str, Row], unruled: dict[str, Row]
) -> None:
    rows = [*ruled.items(), *unruled.items()]
    placed = [(path, f) for path, row in rows for f in row["findings"] if f["location"]]
    assert placed

    for path, finding in placed:
        xml = xml_of(path)
        missing, element = nearest(etree.fromstring(xml), finding["location"])
        assert begins_on(element, xml) == finding["line"], (path, finding)
        assert not missing or finding["found"] is None, (path, finding)


def begins_on(element: Any, xml: bytes) -> int:
    """Return the line of an element's "<"; lxml gives the one of the ">" of its start tag."""
    lines = xml.splitlines()
    local = etree.QName(element).localname
    name = f"<{element.prefix}:{local}" if element.prefix else f"<{local}"
    line: int = element.sourceline
    while line > 1 and name.encode() not in lines[line - 1]:
        line -= 1
    return line


def nearest(root: Any, location: str) -> tuple[str, Any]:
    """Return the one element an XPath selects.

    Where it is the absence of an element that is at fault, nothing is selected: then return the
    steps that are missing, and the element they are missing from.
    """
    prefixes = {prefix: uri for prefix, uri in root.nsmap.items() if prefix}
    there = location
    while not (selected := root.xpath(there, namespaces=prefixes)):
        there = there.rpartition("/")[0]
    (element,) = selected
    return location.removeprefix(there), element


def xml_of(path: str) -> bytes:
    """Return the invoice data of a sample: a file, an entry of an archive, or inside a PDF."""
    file, _, entry = path.partition("!")
    content = (SAMPLES / file).read_bytes()
    if entry:
        with tarfile.open(fileobj=io.BytesIO(gzip.decompress(content))) as archive:
            member = archive.extractfile(entry)
            assert member is not None
            return member.read()
    if not path.endswith(".pdf"):
        return content
    pdf = open_pdf(content)
    assert isinstance(pdf, PdfContent)
    assert pdf.xml is not None
    return pdf.xml
