"""What an official sheet says, as a value; which sheets judge a document; how it is shown."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

import pytest

from chorus_edi.cli.verdicts import verdict_lines
from chorus_edi.domain.flux import DocumentEntry, Examination, Verdict
from chorus_edi.domain.official import (
    EN16931_SHEETS,
    Asked,
    Fired,
    SheetOutcome,
    SheetVerdict,
    sheets_for,
)
from chorus_edi.domain.scenarios import Circuit, Container, Nature, Profile, RuleSet, Syntax
from chorus_edi.formats.svrl import read_report
from chorus_edi.pipeline.tasks import Task
from chorus_edi.pipeline.worker import Lost
from chorus_edi.services.verification import official_of, sheet_object

UBL = Syntax.UBL_INVOICE
(UBL_SHEET,), CII_SHEETS = EN16931_SHEETS["ubl"], EN16931_SHEETS["cii"]


def report(*elements: str) -> bytes:
    body = "".join(elements)
    return f'<s:o xmlns:s="http://purl.oclc.org/dsdl/svrl">{body}</s:o>'.encode()


def failed(attributes: str, text: str) -> str:
    return f"<s:failed-assert {attributes}><s:text>{text}</s:text></s:failed-assert>"


# -- reports -----------------------------------------------------------------------------------


def test_an_assertion_is_fatal_unless_it_is_flagged_a_warning() -> None:
    fired = read_report(
        report(
            failed('id="BR-01" flag="fatal"', "[BR-01]-no"),
            failed('id="BR-02"', "[BR-02]-no"),
            failed('id="UBL-CR-001" flag="warning"', "[UBL-CR-001]-no"),
        )
    )

    assert [(one.rule, one.fatal) for one in fired] == [
        ("BR-01", True),
        ("BR-02", True),
        ("UBL-CR-001", False),
    ]


def test_a_private_id_gives_way_to_the_published_one_that_its_text_names() -> None:
    (named, unnamed) = read_report(
        report(
            failed('id="FX-SCH-A-000047"', "\n\t[BR-45]-Each VAT\n breakdown"),
            failed('id="FX-SCH-A-000555"', "Value of &apos;ram:TypeCode&apos; is not allowed."),
        )
    )

    assert named == Fired("BR-45", True, "[BR-45]-Each VAT breakdown", "FX-SCH-A-000047")
    assert unnamed.rule == "FX-SCH-A-000555"


def test_a_report_without_id_is_known_by_its_text() -> None:
    (fired,) = read_report(
        report("<s:successful-report><s:text>Element  unused</s:text></s:successful-report>")
    )

    assert (fired.rule, fired.id) == ("Element unused", "")


def test_what_fires_in_many_places_is_told_once() -> None:
    assert len(read_report(report(*[failed('id="BR-21"', "[BR-21]-no")] * 3))) == 1


def test_what_is_no_report_is_refused() -> None:
    with pytest.raises(ValueError, match="not a report"):
        read_report(b"Saxon says no")


# -- verdicts ----------------------------------------------------------------------------------


def test_a_sheet_without_report_is_undecided_and_never_a_pass() -> None:
    silent = SheetVerdict(sheet="s", undecided="XPTY0004")

    assert silent.outcome is SheetOutcome.UNDECIDED
    assert sheet_object(silent) == {"verdict": "undecided", "rules": [], "reason": "XPTY0004"}


def test_warnings_do_not_make_a_document_invalid() -> None:
    said = SheetVerdict(sheet="s", fired=(Fired("UBL-CR-001", False, ""),))

    assert said.outcome is SheetOutcome.VALID
    assert said.warnings == {"UBL-CR-001"}


def test_the_fatal_rules_are_told_in_the_order_of_their_ids() -> None:
    said = SheetVerdict(
        sheet="s", fired=tuple(Fired(rule, True, "") for rule in ("BR-CO-10", "BR-10", "BR-9"))
    )

    assert sheet_object(said) == {
        "verdict": "invalid",
        "rules": ["BR-9", "BR-10", "BR-CO-10"],
        "reason": None,
    }


# -- which sheets ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("syntax", "profile", "circuit", "sheets"),
    [
        (UBL, None, None, [UBL_SHEET]),
        (UBL, Profile.MINIMUM, None, [UBL_SHEET]),
        (UBL, Profile.EXTENDED_CTC_FR, None, [Asked("extended-ctc-fr-ubl")]),
        (Syntax.CII, Profile.XRECHNUNG, None, [*CII_SHEETS]),
        (Syntax.CII, Profile.EN16931, None, [*CII_SHEETS]),
        (Syntax.CII, Profile.MINIMUM, None, [Asked("facturx-minimum-rules")]),
        (Syntax.CII, Profile.EXTENDED_CTC_FR, None, [Asked("extended-ctc-fr-cii")]),
        (Syntax.CII, None, Circuit.AFNOR, [*CII_SHEETS, Asked("br-fr-flux2-cii")]),
        (UBL, None, Circuit.HISTORIQUE, []),
        (Syntax.CII, Profile.MINIMUM, Circuit.HISTORIQUE, []),
    ],
)
def test_a_document_is_judged_by_the_sheets_of_its_syntax_profile_and_circuit(
    syntax: Syntax, profile: Profile | None, circuit: Circuit | None, sheets: list[Asked]
) -> None:
    assert [*sheets_for(Nature(syntax, Container.XML, profile), circuit, None)] == sheets


def test_a_factur_x_of_the_profile_en_16931_is_judged_by_the_whole_sheet_of_that_profile() -> None:
    nature = Nature(Syntax.CII, Container.FACTUR_X, Profile.EN16931)

    assert sheets_for(nature, None, None) == (Asked("facturx-en16931-rules"),)
    assert sheets_for(nature, None, (RuleSet.EN16931,)) == CII_SHEETS


def test_of_the_sheet_of_a_profile_only_what_en_16931_says_counts_under_its_ids() -> None:
    told = SheetVerdict(
        sheet="facturx-en16931-rules",
        fired=(
            Fired("BR-02", True, "", "FX-SCH-A-000001"),
            Fired("FX-SCH-A-000287", True, "", "FX-SCH-A-000287"),
            Fired("FX-SCH-A-000556", True, "", "FX-SCH-A-000556"),
        ),
    )

    assert told.on_en16931().fatal == {"BR-02", "BR-CL-24"}


def test_rule_sets_asked_for_choose_the_sheets_whatever_the_circuit() -> None:
    asked = (RuleSet.EN16931,)

    for profile in (None, Profile.EXTENDED_CTC_FR):
        nature = Nature(UBL, Container.XML, profile)
        assert sheets_for(nature, Circuit.HISTORIQUE, asked) == (UBL_SHEET,)
        assert sheets_for(nature, Circuit.AFNOR, ()) == ()


# -- beside our verdict ------------------------------------------------------------------------


def ask(content: bytes, sheets: Sequence[str]) -> tuple[SheetVerdict, ...]:
    fired = (Fired(content.decode(), True, ""),)
    return tuple(SheetVerdict(sheet=sheet, fired=fired) for sheet in sheets)


def task(**changed: object) -> Task:
    entry = DocumentEntry(rank=1, name="f.xml", size=5, sha256="")
    values = {"flux": "f.xml", "entry": entry, "deposited": date(2026, 10, 1), "data": b"BR-01"}
    return Task(**(values | changed))  # type: ignore[arg-type]


def examined() -> Examination:
    return Examination(
        rank=1,
        name="f.xml",
        size=5,
        sha256="",
        verdict=Verdict.ACCEPTED,
        syntax=UBL,
        container=Container.XML,
    )


def test_their_verdict_stands_beside_ours_by_sheet() -> None:
    said = official_of(task(), examined(), ask, None)

    assert said == {"en16931-ubl": {"verdict": "invalid", "rules": ["BR-01"], "reason": None}}


def test_a_document_that_lost_its_worker_is_asked_of_no_sheet() -> None:
    assert official_of(task(), Lost(task(), "worker"), ask, None) == {}


SHOWN = {
    "path": "f.xml",
    "container": "xml",
    "syntax": "UBL-Invoice",
    "profile": None,
    "circuit": None,
    "rule_sets": [],
    "verdict": "valid",
    "motif": None,
    "not_checked": [],
    "findings": [],
}


def test_each_sheet_has_a_line_on_the_screen() -> None:
    sheets = {
        "en16931-ubl": {"verdict": "invalid", "rules": ["BR-01", "BR-02"], "reason": None},
        "br-fr-flux2-ubl": {"verdict": "undecided", "rules": [], "reason": "délai"},
        "autre": {"verdict": "valid", "rules": [], "reason": None},
    }
    _, *lines = (
        re.sub(r"\x1b\[[0-9;]*m", "", line) for line in verdict_lines(SHOWN | {"official": sheets})
    )

    assert lines == [
        "  feuille officielle en16931-ubl : invalide (BR-01, BR-02)",
        "  feuille officielle br-fr-flux2-ubl : indécis (délai)",
        "  feuille officielle autre : valide",
    ]


def test_a_document_without_a_sheet_is_said_to_have_none() -> None:
    *_, last = verdict_lines(SHOWN | {"official": {}})

    assert last == "  aucune feuille officielle ne juge ce document"
