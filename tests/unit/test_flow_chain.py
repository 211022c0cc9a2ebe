"""A chain of steps: what is found accumulates, what is refused stops, what was reached is kept."""

from __future__ import annotations

import pytest

from chorus_edi.domain.findings import Finding, Outcome, Passed, Refused, Severity, Stage
from chorus_edi.domain.labels import Label
from chorus_edi.domain.motives import Motive
from chorus_edi.pipeline.flow import first


def finding(rule: str) -> Finding:
    return Finding(
        rule=rule,
        severity=Severity.WARNING,
        stage=Stage.CHECK,
        motive=Motive.REJ_SEMAN,
        message=Label(rule, rule),
    )


A, B, C = finding("A"), finding("B"), finding("C")


def doubled(number: int) -> Outcome[int]:
    return Passed(number * 2, (A,))


def written(number: int) -> Outcome[str]:
    return Passed(f"n{number}", (B,))


def measured(text: str) -> Outcome[int]:
    return Passed(len(text), (C,))


def refusing(_: object) -> Outcome[str]:
    return Refused((B,))


def never(_: object) -> Outcome[int]:
    pytest.fail("a step was run after a refusal")


def test_each_step_gets_what_the_one_before_made_and_findings_add_up_in_order() -> None:
    chain = first("double", doubled).then("write", written).then("measure", measured)

    assert chain.run(21) == Passed(3, (A, B, C))


def test_a_chain_names_its_steps_in_order() -> None:
    chain = first("double", doubled).then("write", written).then("measure", measured)

    assert chain.steps == ("double", "write", "measure")


def test_a_refusal_stops_the_chain_with_the_findings_so_far_and_the_last_value_made() -> None:
    chain = first("double", doubled).then("refuse", refusing).then("measure", never)

    assert chain.run(21) == Refused((A, B), reached=42)


def test_a_step_that_says_how_far_it_came_is_believed() -> None:
    chain = first("double", doubled).then("refuse", lambda _: Refused((B,), reached="almost"))

    assert chain.run(21) == Refused((A, B), reached="almost")


def test_a_refusal_of_the_first_step_has_reached_nothing() -> None:
    chain = first("refuse", refusing).then("measure", never)

    assert chain.run(21) == Refused((B,), reached=None)


def test_appending_a_step_leaves_the_shorter_chain_as_it_was() -> None:
    short = first("double", doubled)
    short.then("refuse", refusing)

    assert short.run(1) == Passed(2, (A,))
    assert short.steps == ("double",)
