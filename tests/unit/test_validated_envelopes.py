"""``validate`` judges a file before it opens it, as the intake would, and deposits nothing."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from chorus_edi.domain.flux import DocumentEntry, Examination, Verdict
from chorus_edi.domain.interfaces import INTERFACES, Format
from chorus_edi.domain.partners import Bounds, Partner, Partners
from chorus_edi.domain.scenarios import Circuit, Container, Syntax
from chorus_edi.formats.archive import Limits
from chorus_edi.pipeline.tasks import Task
from chorus_edi.services.envelopes import deposit_of, subject_of
from chorus_edi.services.nights import flow_name
from chorus_edi.services.verification import Subject, verify
from tests.archives import tar_gz
from tests.unit.test_verification import InProcess

ON = date(2026, 11, 20)
SIRET = "99990001200017"
PARTNER = Partner(
    code="ABC123",
    name="Éditeur",
    default_circuit=Circuit.AFNOR,
    sirets=(SIRET,),
    interfaces=frozenset({"FSO1150A"}),
    formats=frozenset({Format.UBL}),
    bounds=Bounds(documents=2),
    active_to=date(2026, 12, 31),
)
PARTNERS = Partners({PARTNER.code: PARTNER}, PARTNER)
NAME = flow_name("FSO1150A", "ABC123", 1)
SHEET = b'<xsl:stylesheet xmlns:xsl="http://www.w3.org/1999/XSL/Transform" version="1.0"/>'


def deposit(path: Path, code: str = "ABC123", judged_by: date | None = None) -> Subject:
    return deposit_of(
        path,
        deposited=ON,
        judged_by=judged_by,
        code=code,
        partners=PARTNERS,
        interfaces=INTERFACES,
        limits=Limits(),
    )


def named(subject: Subject) -> list[str]:
    return [finding.rule for finding in subject.faults]


def by_content(asked: Task) -> Examination:
    """Take what begins with S for a style sheet, with C for CII, and the rest for UBL."""
    entry: DocumentEntry = asked.entry
    head = (asked.data or b"")[:1]
    companion = asked.data == SHEET
    return Examination(
        rank=entry.rank,
        name=entry.name,
        size=entry.size,
        sha256=entry.sha256,
        verdict=Verdict.COMPANION if companion else Verdict.ACCEPTED,
        container=Container.COMPANION if companion else Container.XML,
        syntax=None if companion else Syntax.CII if head == b"C" else Syntax.UBL_INVOICE,
    )


def rows(subject: Subject, **options: Any) -> list[dict[str, Any]]:
    workers: Any = InProcess(by_content)
    scratch = str(Path(subject.path).parent)
    return list(verify([subject], workers, limits=Limits(), scratch=scratch, **options))


def told(found: list[dict[str, Any]]) -> list[tuple[str, str | None]]:
    return [(row["verdict"], row["motif"]) for row in found]


@pytest.mark.parametrize(
    ("name", "rules"),
    [
        ("facture.xml", []),
        (NAME, []),
        ("facture n°1 & 2.xml", ["CE-FLUX-09"]),
        (flow_name("FSO9999A", "ABC123", 1), ["CE-FLUX-06"]),
        (flow_name("FSO1102A", "ABC123", 1), ["CE-FLUX-06"]),
        (flow_name("FSO1113A", "ABC123", 1), ["CE-FLUX-16"]),
        ("FSO1150A_ABC123_DEF4561150000000000000001", ["CE-FLUX-05"]),
    ],
)
def test_of_a_name_that_nobody_sends_what_holds_for_everybody_is_judged(
    name: str, rules: list[str]
) -> None:
    assert named(subject_of(Path(name), ON, None)) == rules


@pytest.mark.parametrize(
    ("name", "code", "rules"),
    [
        (NAME, "ABC123", []),
        (NAME, "ZZZ999", ["CE-FLUX-02"]),
        ("facture.xml", "ABC123", ["CE-FLUX-08"]),
        (flow_name("FSO1150A", "DEF456", 1), "ABC123", ["CE-FLUX-04"]),
        (flow_name("FSO1106A", "ABC123", 1), "ABC123", ["CE-FLUX-07", "CE-FLUX-17"]),
    ],
)
def test_as_a_deposit_the_rights_of_its_partner_are_judged_too(
    name: str, code: str, rules: list[str]
) -> None:
    assert named(deposit(Path(name), code)) == rules


def test_rights_are_those_of_the_day_that_is_asked_for() -> None:
    assert named(deposit(Path(NAME), judged_by=date(2027, 1, 1))) == ["CE-FLUX-03"]


def test_documents_are_examined_as_those_of_their_partner(tmp_path: Path) -> None:
    path = tmp_path / NAME
    path.write_bytes(b"<Invoice/>")
    workers = InProcess(by_content)
    supervisor: Any = workers

    list(verify([deposit(path)], supervisor, limits=Limits(), scratch=str(tmp_path)))

    (asked,) = workers.asked
    assert (asked.partner, asked.senders) == ("ABC123", (SIRET,))
    assert (asked.default_circuit, asked.interface) == (Circuit.AFNOR, "FSO1150A")
    assert asked.formats == {Format.UBL}


def test_a_file_refused_for_its_envelope_is_not_opened_unless_it_is_asked_for(
    tmp_path: Path,
) -> None:
    path = tmp_path / "facture.xml"
    path.write_bytes(b"<Invoice/>")

    (row,) = rows(deposit(path))

    assert told([row]) == [("invalid", "IRR_FORM")]
    assert row["not_checked"][0]["rule"] == "*"
    both = rows(deposit(path), open_all=True)
    assert told(both) == [("invalid", "IRR_FORM"), ("valid", None)]
    assert both[0]["not_checked"] == []


@pytest.mark.parametrize(
    ("files", "motif"),
    [
        ([("a.xml", b"<a/>"), ("v.xsl", SHEET)], None),
        ([("a.xml", b"<a/>"), ("b.xml", b"C")], "IRR_TYPE"),
        ([("v.xsl", SHEET)], "IRR_VIDE"),
        ([(f"{n}.xml", b"<a/>") for n in range(3)], "IRR_TAILLE"),
        ([], "IRR_VIDE"),
    ],
)
def test_an_archive_is_held_to_the_limits_and_the_one_format_of_a_flow(
    tmp_path: Path, files: list[tuple[str, bytes]], motif: str | None
) -> None:
    path = tmp_path / NAME
    path.write_bytes(tar_gz(files))

    found = rows(deposit(path))

    of_the_flow = [row for row in found if row["path"] == str(path)]
    assert told(of_the_flow) == ([("invalid", motif)] if motif else [])


def test_a_style_sheet_alone_is_refused_as_a_flow_without_an_invoice(tmp_path: Path) -> None:
    path = tmp_path / NAME
    path.write_bytes(SHEET)

    assert told(rows(deposit(path))) == [("companion", None), ("invalid", "IRR_VIDE")]


def test_each_file_is_judged_alone(tmp_path: Path) -> None:
    workers: Any = InProcess(by_content)
    contents = {flow_name("FSO1150A", "ABC123", n): c for n, c in enumerate((b"<a/>", b"C", SHEET))}
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    subjects = [deposit(tmp_path / name) for name in contents]

    found = list(verify(subjects, workers, limits=Limits(), scratch=str(tmp_path)))

    assert [row["verdict"] for row in found] == ["valid", "valid", "companion", "invalid"]
