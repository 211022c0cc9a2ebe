"""What a document is, by its content."""

from __future__ import annotations

from datetime import date

import pytest

from chorus_edi.domain.dossier import Detected, Document
from chorus_edi.domain.findings import Finding, Outcome, Passed, Refused, Severity, Stage
from chorus_edi.domain.motives import Motive
from chorus_edi.domain.scenarios import ROOTS, Container, Syntax
from chorus_edi.stages.detect import detect
from tests.archives import tar_gz, zipped
from tests.unit.test_facturx import CII, pdf_of

ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-32", "utf-32-be"]


def judged(content: bytes, name: str = "a.xml") -> Outcome[Detected]:
    return detect(Document(content=content, name=name, deposited=date(2026, 11, 21)))


def passed(content: bytes, name: str = "a.xml") -> Passed[Detected]:
    outcome = judged(content, name)
    assert isinstance(outcome, Passed), outcome
    return outcome


def refusal(content: bytes) -> Finding:
    outcome = judged(content)
    assert isinstance(outcome, Refused), "the file passed"
    assert {finding.stage for finding in outcome.findings} == {Stage.DETECT}
    assert outcome.findings[-1].fatal
    assert outcome.findings[-1].conseil
    return outcome.findings[-1]


def root_of(clark: str) -> bytes:
    namespace, _, name = clark[1:].partition("}")
    return f'<p:{name} xmlns:p="{namespace}"/>'.encode()


@pytest.mark.parametrize(("clark", "syntax"), ROOTS.items())
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-32", "utf-32-be"]
)
def test_a_root_gives_the_syntax_in_any_encoding(clark: str, syntax: Syntax, encoding: str) -> None:
    detected = passed(root_of(clark).decode().encode(encoding)).value
    assert (detected.container, detected.syntax) == (Container.XML, syntax)
    assert detected.tree.tag == clark
    assert detected.xml is not None


def test_the_name_of_a_file_says_nothing() -> None:
    assert passed(CII, "facture.pdf").value.container is Container.XML
    assert passed(pdf_of(), "facture.xml").value.container is Container.PDF


@pytest.mark.parametrize("content", [b"<a/>", b"<Invoice/>", b"<Invoice xmlns='urn:other'/>"])
def test_another_root_is_refused_and_named(content: bytes) -> None:
    finding = refusal(content)
    assert (finding.rule, finding.motive) == ("CE-TYPE-01", Motive.IRR_TYPE_F)
    assert finding.found


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (zipped([("a.xml", CII)]), "zip"),
        (tar_gz([("a.xml", CII)]), "gzip"),
        (b"\x89PNG\r\n\x1a\n", "image PNG"),
        (b"MZ\x90\x00", "programme"),
        (b'{"a": 1}', "JSON"),
        (b"facture;montant\n", None),
        (b"\xef\xbb\xbffacture;montant\n", None),
        (b"\x00\x01\x02", None),
    ],
)
def test_other_files_are_refused_by_type(content: bytes, found: str | None) -> None:
    finding = refusal(content)
    assert (finding.rule, finding.motive, finding.found) == ("CE-TYPE-02", Motive.IRR_TYPE_F, found)


@pytest.mark.parametrize("content", [b"", b"\n", b" \t\r\n" * 1000])
def test_an_empty_file_is_empty(content: bytes) -> None:
    assert refusal(content).motive is Motive.IRR_VIDE_F


def test_a_syntax_fault_has_its_place() -> None:
    finding = refusal(b"<a>\n</b>")
    assert (finding.rule, finding.line, finding.column) == ("CE-XML-08", 2, 5)


def test_a_plain_pdf_passes_without_syntax() -> None:
    detected = passed(pdf_of()).value
    assert detected.container is Container.PDF
    assert (detected.syntax, detected.xml, detected.tree) == (None, None, None)


def test_a_pdf_header_may_stand_a_little_later() -> None:
    assert passed(b"\r\n" + pdf_of()).value.container is Container.PDF


def test_a_factur_x_passes_with_its_data() -> None:
    outcome = passed(pdf_of({"factur-x.xml": CII}))
    assert (outcome.value.container, outcome.value.syntax) == (Container.FACTUR_X, Syntax.CII)
    assert (outcome.value.xml, outcome.findings) == (CII, ())


def test_a_name_that_is_not_standard_is_a_warning() -> None:
    outcome = passed(pdf_of({"facture.xml": CII}))
    assert [(finding.rule, finding.severity) for finding in outcome.findings] == [
        ("CE-PDF-06", Severity.WARNING)
    ]


@pytest.mark.parametrize(
    "clark", [clark for clark, syntax in ROOTS.items() if syntax is not Syntax.CII]
)
def test_a_pdf_may_not_carry_ubl(clark: str) -> None:
    assert refusal(pdf_of({"factur-x.xml": root_of(clark)})).rule == "CE-TYPE-01"


def test_the_data_of_a_pdf_are_judged_like_a_file() -> None:
    assert refusal(pdf_of({"factur-x.xml": b"<!DOCTYPE a><a/>"})).rule == "CE-XML-05"
    assert refusal(pdf_of({"factur-x.xml": b""})).motive is Motive.IRR_VIDE_F


def test_a_broken_pdf_is_refused() -> None:
    assert refusal(b"%PDF-1.7").rule == "CE-PDF-01"
