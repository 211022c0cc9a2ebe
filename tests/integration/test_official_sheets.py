"""The official sheets through saxonche, in a process of its own that may die alone."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from chorus_edi import bootstrap
from chorus_edi.adapters import official
from chorus_edi.adapters.files.artefacts import load_manifest, sheets
from chorus_edi.adapters.official import OfficialSheets
from chorus_edi.domain.official import SheetOutcome
from chorus_edi.domain.scenarios import Profile
from chorus_edi.errors import ConfigurationError, Incident
from chorus_edi.services.verification import VerificationOptions
from tests.builders import cii, facturx, ubl
from tests.outside import needs_saxonche

pytestmark = needs_saxonche

XSL = 'xmlns:xsl="http://www.w3.org/1999/XSL/Transform" version="2.0"'
SVRL = 'xmlns:s="http://purl.oclc.org/dsdl/svrl"'


def sheet(folder: Path, name: str, body: str) -> Path:
    """Write a sheet whose template of the root has a body."""
    path = folder / f"{name}.xslt"
    path.write_text(
        f'<xsl:stylesheet {XSL} {SVRL}><xsl:template match="/"><s:schematron-output>{body}'
        "</s:schematron-output></xsl:template></xsl:stylesheet>",
        "utf-8",
    )
    return path


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("sheets")
    (folder / "list.xml").write_text("<codes><code>A</code></codes>", "utf-8")
    fails = '<s:failed-assert id="X-1"><s:text>no</s:text></s:failed-assert>'
    unknown = "not(//c = document('list.xml')//code)"
    much = "sum(for $a in 1 to 100000, $b in 1 to 100000 return $a)"
    bodies = {
        "passes": "",
        "list": f'<xsl:if test="{unknown}">{fails}</xsl:if>',
        "error": '<xsl:value-of select="normalize-space(//c)"/>',
        "endless": f'<xsl:value-of select="{much}"/>',
    }
    made = {name: sheet(folder, name, body) for name, body in bodies.items()}
    return made | {"broken": folder / "absent.xslt"}


@pytest.fixture
def running(own: dict[str, Path]) -> Iterator[OfficialSheets]:
    with OfficialSheets(own) as held:
        yield held


def test_a_sheet_finds_the_code_lists_beside_it(running: OfficialSheets) -> None:
    (known,) = running.judge(b"<a><c>A</c></a>", ["list"])
    (unknown,) = running.judge(b"<a><c>B</c></a>", ["list"])

    assert known.outcome is SheetOutcome.VALID
    assert unknown.fatal == {"X-1"}


def test_a_dynamic_error_is_undecided_and_the_next_document_is_judged(
    running: OfficialSheets,
) -> None:
    odd, fine = (
        running.judge(xml, ["error", "passes"]) for xml in (b"<a><c/><c/></a>", b"<a><c/></a>")
    )

    assert [one.outcome for one in odd] == [SheetOutcome.UNDECIDED, SheetOutcome.VALID]
    assert "sequence of more than one item" in odd[0].undecided
    assert [one.outcome for one in fine] == [SheetOutcome.VALID, SheetOutcome.VALID]


def test_a_sheet_that_cannot_be_compiled_is_undecided(running: OfficialSheets) -> None:
    (said,) = running.judge(b"<a/>", ["broken"])

    assert said.outcome is SheetOutcome.UNDECIDED


@pytest.mark.parametrize(
    "content", [b"", b"<a", b"text", b'<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>', b"%PDF-1.7 no"]
)
def test_what_our_own_reader_refuses_is_undecided(running: OfficialSheets, content: bytes) -> None:
    (said,) = running.judge(content, ["passes"])

    assert said.undecided == "no invoice that can be read"


def test_a_process_that_dies_leaves_one_document_undecided(running: OfficialSheets) -> None:
    running.judge(b"<a/>", ["passes"])
    assert running.process_id is not None
    os.kill(running.process_id, signal.SIGKILL)

    (lost,) = running.judge(b"<a/>", ["passes"])
    (after,) = running.judge(b"<a/>", ["passes"])

    assert "died" in lost.undecided
    assert after.outcome is SheetOutcome.VALID


def test_a_sheet_that_takes_too_long_is_stopped(own: dict[str, Path]) -> None:
    with OfficialSheets(own) as impatient:
        impatient.judge(b"<a/>", ["passes"])
        impatient.seconds = 0.5

        (late,) = impatient.judge(b"<a/>", ["endless"])
        impatient.seconds = 60
        (after,) = impatient.judge(b"<a/>", ["passes"])

    assert "no report within" in late.undecided
    assert after.outcome is SheetOutcome.VALID


def test_a_process_that_does_not_start_is_an_incident(
    own: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(official, "START_SECONDS", 0)

    with OfficialSheets(own) as held, pytest.raises(Incident, match="ne démarre pas"):
        held.judge(b"<a/>", ["passes"])


def test_without_the_extra_the_message_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(official, "MODULE", "no_such_module")

    with pytest.raises(ConfigurationError, match=r"pip install 'chorus-edi\[official\]'"):
        OfficialSheets({})


def test_every_official_sheet_compiles_and_reports() -> None:
    known = sheets(load_manifest())
    in_ubl, in_cii = ubl(), cii()
    with OfficialSheets(known) as held:
        said = [
            *held.judge(in_ubl, [name for name in known if name.endswith("-ubl")]),
            *held.judge(in_cii, [name for name in known if not name.endswith("-ubl")]),
        ]

    assert {one.sheet for one in said} == known.keys()
    assert [one for one in said if one.undecided] == []


def test_a_factur_x_file_is_opened_in_the_other_process() -> None:
    known = sheets(load_manifest())
    with OfficialSheets(known) as held:
        (sound,) = held.judge(facturx(profile=Profile.EN16931), ["facturx-en16931-rules"])
        (faulty,) = held.judge(
            facturx(profile=Profile.EN16931, lines=()), ["facturx-en16931-rules"]
        )

    assert sound.outcome is SheetOutcome.VALID
    assert "BR-16" in faulty.fatal


# -- validate --official -----------------------------------------------------------------------


def test_validate_shows_their_verdict_beside_ours_and_ours_decides(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_bytes(ubl())
    (tmp_path / "b.xml").write_bytes(ubl(currency="ZZZ"))
    asked = VerificationOptions(rules="none", official=True)
    judged = VerificationOptions(rules="en16931", official=True)

    (unjudged, _) = bootstrap.verify([tmp_path], asked)
    (sound, faulty) = bootstrap.verify([tmp_path], judged)

    assert unjudged["official"] == {}
    assert sound["official"] == {
        "en16931-ubl": {"verdict": "valid", "rules": [], "reason": None},
    }
    assert "BR-CL-04" in faulty["official"]["en16931-ubl"]["rules"]
    assert list(sound)[-1] == "official"


def test_validate_without_the_extra_starts_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(official, "MODULE", "no_such_module")
    (tmp_path / "a.xml").write_bytes(ubl())

    with pytest.raises(ConfigurationError, match="saxonche"):
        list(bootstrap.verify([tmp_path], VerificationOptions(official=True)))
