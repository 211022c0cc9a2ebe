"""An invoice of any cadre and kind of identifier is sound; one defect makes one rule fire."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from chorus_edi.domain.findings import Severity
from chorus_edi.domain.scenarios import ROOTS, RuleSet
from chorus_edi.formats.inspection import faults_in
from chorus_edi.formats.reader import read
from chorus_edi.rules.registry import CATALOGUE, Rule
from chorus_edi.rules.sets import in_force, plan_for
from tests.afnor import BUYERS, BUYERS_WITH_SIREN, CADRES, MUTUAL, SELLERS, TOWN, dressed
from tests.defects import br_fr, chorus_b2g, grouped
from tests.defects.changes import SYNTAXES, group, identified, of, reached
from tests.xsd import faults_of

ON = date(2026, 11, 21)
FRENCH = (RuleSet.BR_FR, RuleSet.CHORUS_B2G)
DEFECTS = {**br_fr.DEFECTS, **grouped.DEFECTS, **chorus_b2g.DEFECTS}
NEEDS_DIRECTORY = {"BR-FR-CPRO-11", "BR-FR-CPRO-12", "BR-FR-CPRO-13"}
"""Judged where the recipient is looked up: tests/unit/test_resolve.py has a defect of each."""

numbers = st.integers(1, 5_000)


def rules_of(*sets: RuleSet) -> dict[str, Rule]:
    """Return the rules in force of some sets, by id."""
    versions = [version for name in sets if (version := in_force(name, ON))]
    return {rule.id: rule for version in versions for rule in version.rules}


OURS = rules_of(*FRENCH)


def broken_in(tree: Any, sets: tuple[RuleSet, ...]) -> set[str]:
    """Return the rules that a file breaks: what refuses it, and what France warns of."""
    syntax = ROOTS[tree.tag]
    reading, plan = read(tree, syntax), plan_for(sets, ON, syntax)
    broken = [hit.rule for hit in plan.examine(reading.invoice)]
    faults = faults_in(tree, reading.suspects, plan.demands)
    broken += [CATALOGUE[fault.demand.rule] for fault in faults]
    return {
        rule.id
        for rule in broken
        if rule.id in OURS or rule.weighed_in(syntax).severity is Severity.FATAL
    }


@pytest.mark.parametrize("seller", SELLERS)
@pytest.mark.parametrize("cadre", CADRES)
@settings(max_examples=2, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(numbers, st.data())
def test_an_invoice_of_any_cadre_and_kind_of_identifier_breaks_no_rule(
    cadre: str, seller: str, number: int, data: st.DataObject
) -> None:
    # A two-way invoice names the buyer by his registration too.
    buyer = data.draw(st.sampled_from(BUYERS_WITH_SIREN if cadre in MUTUAL else BUYERS))
    made = dressed(number, cadre, seller=seller, buyer=buyer)

    for syntax in SYNTAXES:
        assert broken_in(etree.fromstring(made.written(syntax)), made.sets) == set()


@pytest.mark.parametrize("buyer", BUYERS)
@pytest.mark.parametrize("cadre", [one for one in CADRES if one not in ("S3", *MUTUAL)])
@settings(max_examples=2, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(numbers)
def test_an_invoice_between_companies_breaks_no_rule(cadre: str, buyer: str, number: int) -> None:
    made = dressed(number, cadre, buyer=buyer, public=False)

    for syntax in SYNTAXES:
        assert broken_in(etree.fromstring(made.written(syntax)), made.sets) == set()


@pytest.mark.parametrize("form", ["{0}", "{0}_{1}", "{0}_{1}_BATI-2", "{0}_COMPTA"])
@pytest.mark.parametrize("public", [True, False])
def test_a_buyer_may_be_reached_at_any_form_of_his_address(public: bool, form: str) -> None:
    address = form.format(TOWN.siret[:9], TOWN.siret)
    made = of("S1", reached("buyer", address), public=public)(1)

    for syntax in SYNTAXES:
        assert broken_in(etree.fromstring(made.written(syntax)), made.sets) == set()


@pytest.mark.parametrize("scheme", [one for one in SELLERS if one not in ("0009", "0231")])
def test_a_seller_without_a_siren_keeps_the_rules_of_chorus_pro_and_breaks_br_fr_10(
    scheme: str,
) -> None:
    stranger = identified("seller", (scheme, SELLERS[scheme] or ""))
    unregistered = group("seller", legal_registration=None)
    made = of("S1", stranger, unregistered)(1)

    for syntax in SYNTAXES:
        assert broken_in(etree.fromstring(made.written(syntax)), made.sets) == {"BR-FR-10"}


def test_there_is_a_defect_for_every_rule_of_the_afnor_circuit() -> None:
    assert set(DEFECTS) == OURS.keys() - NEEDS_DIRECTORY


@pytest.mark.parametrize(
    ("rule", "syntax"), [(rule, one) for rule, defect in DEFECTS.items() for one in defect.syntaxes]
)
@settings(max_examples=2, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(numbers)
def test_one_defect_makes_its_own_rule_fire_and_no_other(
    rule: str, syntax: str, number: int
) -> None:
    defect = DEFECTS[rule]
    sets = defect.sound(number).sets

    sound, broken = defect.made(number, syntax)

    assert faults_of(etree.tostring(broken)) == []
    assert broken_in(sound, sets) == set()
    assert broken_in(broken, sets) == {rule} | defect.with_it(syntax)
