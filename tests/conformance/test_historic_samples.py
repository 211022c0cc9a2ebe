"""The official samples of the historic circuit keep its rules, to the last warning."""

from __future__ import annotations

from chorus_edi import bootstrap
from chorus_edi.services.verification import VerificationOptions
from tests.outside import SAMPLES, needs_samples

pytestmark = needs_samples


def test_nothing_is_found_in_the_samples_by_the_historic_rules_asked_for_by_name() -> None:
    options = VerificationOptions(rules="chorus-historique", jobs=1)

    rows = list(bootstrap.verify([SAMPLES / "aife"], options))

    assert len({row["path"].partition("!")[0] for row in rows}) == 8
    assert {row["verdict"] for row in rows} == {"valid"}
    assert [finding for row in rows for finding in row["findings"]] == []
    assert {tuple(row["rule_sets"]) for row in rows} == {("chorus-historique@4.21-1",)}
