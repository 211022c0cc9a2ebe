"""What the flow itself demands of an invoice, whatever the rule sets: a number and a day."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec
import pytest

from chorus_edi.domain.dossier import Checked, Document, Resolved
from chorus_edi.domain.findings import Outcome, Passed, Refused
from chorus_edi.domain.motives import Motive
from chorus_edi.domain.recipients import routing_of
from chorus_edi.domain.scenarios import RuleSet
from chorus_edi.services.specimens import Style
from chorus_edi.stages.check import checker
from chorus_edi.stages.detect import detect
from chorus_edi.stages.parse import parse
from tests.builders import an_invoice, cii, ubl


def check(content: bytes, requested: tuple[RuleSet, ...] | None = None) -> Outcome[Checked]:
    """Take a file through the steps before, and check it."""
    detected = detect(Document(content=content, name="f.xml", deposited=date(2026, 11, 21)))
    assert isinstance(detected, Passed)
    parsed = parse(detected.value)
    assert isinstance(parsed, Passed)
    routing = routing_of(parsed.value.invoice, parsed.value.scenario.circuit)
    return checker(requested, lambda _: ())(Resolved(parsed=parsed.value, routing=routing))


def faults(outcome: Outcome[Checked]) -> list[tuple[str, str, str | None]]:
    return [(f.rule, f.address, f.found) for f in outcome.findings if f.fatal]


def dated(day: str, **changes: Any) -> bytes:
    """Return a CII invoice with a day written as it is, right or wrong."""
    made = cii(an_invoice(**changes), historic=changes.get("style") is Style.HISTORIC_CII)
    head, mark, tail = made.partition(b"</udt:DateTimeString>")
    return head[: head.rindex(b">") + 1] + day.encode() + mark + tail


@pytest.mark.parametrize("style", [Style.AFNOR, Style.HISTORIC_CII])
@pytest.mark.parametrize("day", ["hier", "2026", "202611021", "21/11/2026"])
def test_a_day_that_is_none_is_refused_in_every_circuit(style: Style, day: str) -> None:
    outcome = check(dated(day, style=style))

    assert isinstance(outcome, Refused)
    assert ("CE-ID-01", "BT-2", day) in faults(outcome)
    # The French rules compare the due date with it.
    assert {address for _, address, _ in faults(outcome)} - {"BT-9"} == {"BT-2"}
    assert outcome.findings[0].motive is Motive.REJ_SEMAN
    assert outcome.findings[0].line is not None


@pytest.mark.parametrize(
    ("day", "message", "expected"),
    [
        ("2026-10-15+02:00", "porte une heure ou un fuseau horaire", "2026-10-15"),
        ("2026-10-15Z", "porte une heure ou un fuseau horaire", "2026-10-15"),
        ("2026-10-15T08:00:00", "porte une heure ou un fuseau horaire", "2026-10-15"),
        ("15/10/2026", "est illisible", None),
        (" ", "n'a pas de date d'émission (BT-2)", None),
    ],
)
def test_what_is_wrong_with_a_day_is_said_of_the_day_alone(
    day: str, message: str, expected: str | None
) -> None:
    invoice = msgspec.structs.replace(an_invoice(style=Style.HISTORIC_UBL), issue_date=day)

    (finding,) = (f for f in check(ubl(invoice)).findings if f.rule == "CE-ID-01")

    assert message in finding.message.fr
    assert "BT-1)" not in finding.message.fr
    assert finding.expected == expected


def test_a_day_that_the_calendar_lacks_passes_but_for_the_french_rules() -> None:
    assert faults(check(dated("20260230"), requested=(RuleSet.EN16931,))) == []
    assert [(rule, address) for rule, address, _ in faults(check(dated("20260230")))] == [
        ("BR-FR-03", "BT-2")
    ]


def test_in_the_historic_circuit_a_missing_number_is_said_by_the_flow() -> None:
    outcome = check(
        cii(
            msgspec.structs.replace(an_invoice(style=Style.HISTORIC_CII), number=" "), historic=True
        )
    )

    assert [(rule, address) for rule, address, _ in faults(outcome)] == [("CE-ID-01", "BT-1")]


def test_where_the_norm_says_what_is_missing_the_flow_does_not_repeat_it() -> None:
    outcome = check(dated(""))

    assert {rule for rule, _, _ in faults(outcome)} == {"BR-03", "BR-FR-03", "CII-DT-097"}


def test_rules_asked_for_by_name_are_the_only_ones_applied() -> None:
    assert faults(check(dated("hier"), requested=())) == []
