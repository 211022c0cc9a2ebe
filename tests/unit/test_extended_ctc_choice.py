"""When the French extension EXTENDED-CTC-FR takes the place of EN 16931, and what it is made of."""

from __future__ import annotations

from datetime import date

import pytest

from chorus_edi.domain.findings import Severity
from chorus_edi.domain.scenarios import (
    Circuit,
    Claim,
    Container,
    Profile,
    RuleSet,
    Syntax,
    scenario_for,
)
from chorus_edi.errors import Defect
from chorus_edi.rules.extended_ctc_fr import kept
from chorus_edi.rules.registry import Rule
from chorus_edi.rules.sets import (
    RuleSetVersion,
    labelled,
    labels_for,
    plan_of,
    versions,
    weighed_labels,
)
from chorus_edi.services.weights import weights_of

SPECIFICATION = "urn:cen.eu:en16931:2017#conformant#urn.cpro.gouv.fr:1p0:extended-ctc-fr"
DAY = date(2026, 11, 20)


def judged_as(syntax: Syntax, container: Container, process: str | None) -> Profile | None:
    claim = Claim(syntax=syntax, container=container, specification=SPECIFICATION, process=process)
    return scenario_for(claim, None).judged_as


def extension() -> RuleSetVersion:
    (label,) = labels_for((RuleSet.EN16931,), DAY, Profile.EXTENDED_CTC_FR)
    return labelled(label)


def by_id() -> dict[str, Rule]:
    return {rule.id: rule for rule in extension().rules}


@pytest.mark.parametrize("process", [None, "S1", "M9"])
@pytest.mark.parametrize(
    ("syntax", "container"),
    [
        (Syntax.UBL_INVOICE, Container.XML),
        (Syntax.UBL_CREDIT_NOTE, Container.XML),
        (Syntax.CII, Container.XML),
        (Syntax.CII, Container.FACTUR_X),
    ],
)
def test_the_extension_judges_what_claims_it_in_both_syntaxes_in_a_pdf_and_alone(
    syntax: Syntax, container: Container, process: str | None
) -> None:
    assert judged_as(syntax, container, process) is Profile.EXTENDED_CTC_FR


def test_the_extension_does_not_judge_the_historic_circuit() -> None:
    assert judged_as(Syntax.UBL_INVOICE, Container.XML, "A1") is None
    assert judged_as(Syntax.CII, Container.FACTUR_X, "A9") is None


def test_the_extension_is_recorded_with_the_version_of_en_16931_it_is_cut_from() -> None:
    (version,) = (held for held in versions() if held.name is RuleSet.EN16931)

    made = extension()

    assert made.label == f"{version.label}+extended-ctc-fr"
    assert labelled(made.label) is made
    assert made.profile is Profile.EXTENDED_CTC_FR
    assert made.usage is None


@pytest.mark.parametrize("suffix", ["+extended", "+extended-ctc", "+", "+facturx-extended-ctc-fr"])
def test_a_label_with_another_suffix_names_no_version(suffix: str) -> None:
    (version,) = (held for held in versions() if held.name is RuleSet.EN16931)
    with pytest.raises(Defect):
        labelled(f"{version.label}{suffix}")


def test_only_en_16931_has_an_extension() -> None:
    for version in versions():
        if version.name is not RuleSet.EN16931:
            with pytest.raises(Defect):
                labelled(f"{version.label}+extended-ctc-fr")


def test_no_rule_that_both_sheets_leave_out_is_in_the_extension() -> None:
    neither = set(kept.UBL.split()) & set(kept.CII.split())

    assert "BR-CO-10" in neither
    assert not neither & by_id().keys()


def test_a_rule_that_one_sheet_leaves_out_is_judged_in_the_other_syntax_only() -> None:
    rules = by_id()

    assert rules["BR-O-09"].judged_in(Syntax.UBL_INVOICE) is not None
    assert rules["BR-O-09"].judged_in(Syntax.CII) is None
    assert "CII-SR-470" not in rules
    assert "UBL-SR-48" not in rules


def test_every_rule_of_the_extension_stands_in_it_once_and_its_plans_can_be_made() -> None:
    made = extension()

    assert len({rule.id for rule in made.rules}) == len(made.rules)
    for syntax in Syntax:
        assert plan_of((made.label,), syntax).demands.usage is None


def test_every_id_left_out_is_one_of_en_16931() -> None:
    (version,) = (held for held in versions() if held.name is RuleSet.EN16931)
    known = {rule.id for rule in version.rules}

    for ids in (kept.UBL.split(), kept.CII.split()):
        assert len(set(ids)) == len(ids)
        assert set(ids) <= known


def test_a_rule_of_the_extension_may_be_made_to_warn_and_its_label_says_so() -> None:
    softer = {"BR-FREXT-08": Severity.WARNING, "BR-10": Severity.WARNING}

    weights = weights_of({Circuit.AFNOR: softer}, {}, [])

    weighing = weights.of(Circuit.AFNOR, None)
    label = extension().label
    assert weighed_labels((label,), weighing) == (f"{label}+BR-10=warning+BR-FREXT-08=warning",)
