"""The crash proof itself: it plans every moment, and tells what differs."""

from __future__ import annotations

from collections import Counter

from chorus_edi.pipeline.crashpoints import POINTS
from tests.crash.campaign import Calm, rounds
from tests.crash.left import differences
from tests.crash.moments import BEGIN, GAPS

EFFECTS = ("mkdir flows.take", "rename flows.take", "COMMIT store.register")


def test_a_plan_has_its_share_of_each_point_and_gap_and_every_effect() -> None:
    seen = [(gap, effect) for gap in GAPS for effect in ("", *EFFECTS)]

    moments = [moment for night in rounds(Calm({}, seen, 1.0), 5) for moment in night]

    points = Counter(moment.point for moment in moments if not moment.effect)
    gaps = Counter(moment.point for moment in moments if moment.effect)
    assert points == dict.fromkeys(POINTS, 5)
    assert gaps == dict.fromkeys(GAPS, 5)
    assert {(m.point, m.effect) for m in moments if m.effect} == {
        (gap, effect) for gap in GAPS for effect in EFFECTS
    }


def test_a_plan_names_every_effect_of_a_gap_that_has_more_of_them_than_it_is_hit() -> None:
    seen = [(BEGIN, f"rename number{n}") for n in range(7)]

    moments = [moment for night in rounds(Calm({}, seen, 1.0), 2) for moment in night]

    assert {moment.effect for moment in moments if moment.effect} == {e for _, e in seen}


def test_what_differs_is_told_with_what_was_expected_and_what_was_found() -> None:
    expected = {"file outbox/a": b"whole", "row flux (1)": {"etat": "IN_INTEGRE"}, "same": b""}
    found = {"file outbox/a": b"who", "file outbox/b": b"twice", "same": b""}

    assert differences(expected, found) == [
        "file outbox/a: expected 5 bytes b'whole', found 3 bytes b'who'",
        "file outbox/b: expected nothing, found 5 bytes b'twice'",
        "row flux (1): expected {'etat': 'IN_INTEGRE'}, found nothing",
    ]
