"""The tables of the Factur-X profiles: read, told, and each demand in them kept and broken."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

import chorus_edi.rules.facturx
from chorus_edi.domain.demands import Demand, Demands
from chorus_edi.domain.dossier import Offence, Place
from chorus_edi.domain.scenarios import (
    Claim,
    Container,
    Profile,
    RuleSet,
    Syntax,
    scenario_for,
)
from chorus_edi.domain.usages import Attribute, Codes, Count, Use
from chorus_edi.errors import Defect
from chorus_edi.formats.inspection import inspect
from chorus_edi.formats.locate import Locator
from chorus_edi.formats.mapping import cii
from chorus_edi.formats.usages import misuses
from chorus_edi.rules.cases import read_cases
from chorus_edi.rules.facturx.cards import demands_by_rule, sentences
from chorus_edi.rules.facturx.profiles import PROFILES, kept_of, own_rules, usage_of
from chorus_edi.rules.facturx.table import UNUSED_ATTRIBUTE, UNUSED_ELEMENT, read_table
from chorus_edi.rules.registry import registered_in
from chorus_edi.rules.sets import labelled, labels_for, plan_of, versions
from chorus_edi.rules.syntax_cases import read_syntax_cases

_INDICATORS = {
    "charge": "ChargeIndicator/udt:Indicator=true",
    "allowance": "ChargeIndicator/udt:Indicator=false",
}
_WRONG = "¤"


def _tag(name: str) -> str:
    prefix, _, local = name.rpartition(":")
    return f"{{{cii.PREFIXES[prefix or 'ram']}}}{local}"


def _add(parent: Any, use: Use | Count, currency: str = "EUR") -> Any:
    """Add an element that meets the condition of a use."""
    element = etree.SubElement(parent, _tag(use.name))
    condition = _INDICATORS.get(use.condition, use.condition)
    if condition.startswith("else "):
        for other in condition.split():
            if other.startswith("!@"):
                element.set(other[2:], "x")
        return element
    if not condition or condition.startswith("!@"):
        return element
    path, _, value = condition.partition("=")
    if value.rstrip("!") in ("BT-5", "BT-6"):
        _declare(element, value, currency)
        return element
    *steps, last = path.split("/")
    inner = element
    for step in steps:
        inner = etree.SubElement(inner, _tag(step))
    if last.startswith("@"):
        inner.set(last[1:], value)
    else:
        etree.SubElement(inner, _tag(last)).text = value
    return element


def _declare(amount: Any, value: str, currency: str) -> None:
    """Give an amount a currency that the invoice declares."""
    amount.set("currencyID", currency)
    above = amount.getparent().getparent()
    if value.endswith("!"):
        trade = above.getroottree().getroot()[0]
        above = etree.SubElement(trade, _tag("ApplicableHeaderTradeSettlement"))
    name = "InvoiceCurrencyCode" if "BT-5" in value else "TaxCurrencyCode"
    etree.SubElement(above, _tag(name)).text = currency


def _made(path: tuple[Use, ...], currency: str = "EUR") -> tuple[Any, Any]:
    """Make the smallest document that has an element of a use; return its root and it."""
    root = element = etree.Element(_tag(path[0].name))
    for use in path[1:]:
        element = _add(element, use, currency)
    return root, element


def _paths(use: Use, above: tuple[Use, ...] = ()) -> Iterator[tuple[Use, ...]]:
    path = (*above, use)
    yield path
    for below in use.below:
        yield from _paths(below, path)


def _breaks(root: Any, demand: Demand, profile: Profile) -> bool:
    return any(one.demand is demand for one in misuses(root, usage_of(profile)))


def _hold_count(path: tuple[Use, ...], count: Count, profile: Profile) -> None:
    demand = count.demand
    allowed = range(demand.least, (demand.most or 3) + 1)
    for number in range((demand.most or 3) + 2 if demand.most else 4):
        root, element = _made(path)
        before = _matching(element, count)
        for _ in range(number - before):
            _add(element, count)
        if number >= before:
            assert _breaks(root, demand, profile) is (number not in allowed), (demand, number)


def _matching(element: Any, count: Count) -> int:
    """Count what the conditions on the way already wrote of the counted child."""
    return 0 if count.condition else len(element.findall(_tag(count.name)))


def _hold_attribute(path: tuple[Use, ...], held: Attribute, profile: Profile) -> None:
    for present in (True, False):
        root, element = _made(path)
        if present:
            element.set(held.name, element.get(held.name, "x"))
        elif element.get(held.name) is not None:
            continue
        assert _breaks(root, held.demand, profile) is (present is (held.demand.most == 0))


def _hold_codes(path: tuple[Use, ...], held: Codes, profile: Profile) -> None:
    for code in (sorted(held.codes)[0], _WRONG, ""):
        root, element = _made(path, currency=code)
        if held.attribute:
            element.set(held.attribute, code)
        else:
            element.text = code
        assert _breaks(root, held.demand, profile) is (code == _WRONG), (held.demand, code)


@pytest.mark.parametrize("profile", PROFILES)
def test_each_demand_of_a_profile_is_kept_and_broken(profile: Profile) -> None:
    for path in _paths(usage_of(profile).root):
        use = path[-1]
        for count in use.counts:
            _hold_count(path, count, profile)
        for attribute in use.attributes:
            _hold_attribute(path, attribute, profile)
        for codes in use.codes:
            _hold_codes(path, codes, profile)
        if use.unused is not None:
            assert _breaks(_made(path)[0], use.unused, profile)
            assert not _breaks(_made(path[:-1])[0], use.unused, profile)


@pytest.mark.parametrize("profile", PROFILES)
def test_a_card_of_a_profile_is_written_for_people(profile: Profile) -> None:
    rules = own_rules(profile)

    assert len({rule.id for rule in rules}) == len(rules)
    for rule in rules:
        for sentence in (rule.message.fr, rule.message.en, rule.conseil):
            assert sentence.endswith(".")
            assert sentence[0].isupper() or sentence[0] in "«'"
        assert rule.message.fr != rule.message.en
        assert not rule.name.endswith(".")
        assert rule.inspection is not None
        for message, conseil in rule.inspection.said.values():
            for sentence in (message.fr, message.en, conseil):
                assert sentence.endswith(".")
                assert sentence[0].isupper() or sentence[0] in "«'"


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("A\n  ID  1:7", "« ram:ID » doit figurer exactement une fois dans « ram:A »."),
        ("A\n  ID  @format!:7", "L'attribut « @format » manque sur « ram:ID »."),
        ("A\n  ID  @format=102|205:7", "La valeur de « ram:ID/@format » doit être 102 ou 205."),
        ("A\n  ID  -@x", "Le profil Factur-X annoncé n'utilise pas « @x » dans « ram:ID »."),
        ("A\n  ID  unused", "Le profil Factur-X annoncé n'utilise pas « ram:ID » dans « ram:A »."),
        (
            "A\n  ID[else charge @currencyID=BT-5!]  unused",
            "Le profil Factur-X annoncé n'utilise « ram:ID » dans « ram:A » qu'avec "
            "ChargeIndicator=true ou @currencyID égal à la devise de la facture (BT-5).",
        ),
        (
            "A\n  ID  =COUNTRIES:7",
            "La valeur de « ram:ID » n'est pas un code de la liste ISO 3166-1 admis par le profil.",
        ),
    ],
)
def test_a_demand_of_a_table_is_told_in_a_sentence(table: str, said: str) -> None:
    (demands,) = demands_by_rule(read_table(table)).values()

    assert [sentences(demand)[0].fr for demand in demands] == [said]


def test_every_rule_that_profiles_add_has_a_passing_and_a_failing_case() -> None:
    folder = Path(chorus_edi.rules.facturx.__path__[0])
    cases = [c for p in folder.glob("cases/*.toml") for c in read_cases(p.read_text("utf-8"))]
    verdicts = {(case.rule, case.passes) for case in cases}
    for path in folder.glob("syntax_cases/*.toml"):
        edits = read_syntax_cases(path.read_text("utf-8"))
        verdicts |= {(case.rule, case.breaks is None) for case in edits}

    rules = registered_in(chorus_edi.rules.facturx.__name__)

    assert len(rules) == 45
    assert verdicts == {(rule.id, passes) for rule in rules for passes in (True, False)}
    for rule in rules:
        assert any(rule.id in {one.id for one in kept_of(profile, ())} for profile in PROFILES)


def test_a_document_of_another_root_is_not_held_against_a_profile() -> None:
    root = etree.Element("Invoice")

    assert misuses(root, usage_of(Profile.BASIC)) == []


@pytest.mark.parametrize(
    "table",
    ["", "ID once", "  ID  1:3", "ID  1:x", "ID  =:3", "ID[", "A\n    ID  1:3"],
)
def test_a_table_that_cannot_be_read_is_a_defect(table: str) -> None:
    with pytest.raises(Defect):
        read_table(table)


def test_a_condition_that_cannot_be_read_is_a_defect() -> None:
    with pytest.raises(Defect):
        misuses(etree.Element(_tag("ID")), read_table("ID\n  Name[odd]  unused"))


def test_the_first_use_that_asks_something_judges_an_element() -> None:
    usage = read_table(
        "ID\n  Name[Content=1]\n    Value  unused\n  Name[Content=2]  unused\n  Name  @format!:7"
    )
    root = etree.Element(_tag("ID"))
    name = etree.SubElement(root, _tag("Name"))
    for value in ("1", "2"):
        etree.SubElement(name, _tag("Content")).text = value
    etree.SubElement(name, _tag("Value"))

    found = [(one.demand.rule, one.element.tag) for one in misuses(root, usage)]

    assert found == [(UNUSED_ELEMENT, _tag("Name")), (UNUSED_ELEMENT, _tag("Value"))]


def _scenario(specification: str, container: Container = Container.FACTUR_X) -> Profile | None:
    claim = Claim(syntax=Syntax.CII, container=container, specification=specification)
    return scenario_for(claim, None).judged_as


def test_a_factur_x_is_judged_by_the_profile_it_claims_and_xml_alone_where_it_is_another() -> None:
    assert _scenario("urn:factur-x.eu:1p0:minimum") is Profile.MINIMUM
    assert _scenario("urn:cen.eu:en16931:2017") is Profile.EN16931
    assert _scenario("urn:factur-x.eu:1p0:minimum", Container.XML) is Profile.MINIMUM
    assert _scenario("urn:cen.eu:en16931:2017", Container.XML) is None
    assert (
        _scenario("urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0") is None
    )


def test_a_profile_is_recorded_with_the_version_of_en_16931_it_is_cut_from() -> None:
    (version,) = (held for held in versions() if held.name is RuleSet.EN16931)

    (label,) = labels_for((RuleSet.EN16931,), version.valid_from, Profile.BASIC_WL)

    assert label == f"{version.label}+facturx-basicwl"
    assert labelled(label).label == label
    assert labelled(label).profile is Profile.BASIC_WL
    assert {"BR-02", "BR-16"} & {rule.id for rule in labelled(label).rules} == {"BR-02"}


@pytest.mark.parametrize("label", ["en16931@0+facturx-basic", "en16931@0"])
def test_a_label_that_names_no_version_is_a_defect(label: str) -> None:
    with pytest.raises(Defect):
        labelled(label)


def _offences(xml: bytes, profile: Profile) -> tuple[tuple[Offence, ...], Callable[..., Any]]:
    (version,) = (held for held in versions() if held.name is RuleSet.EN16931)
    labels = labels_for((RuleSet.EN16931,), version.valid_from, profile)
    plan = plan_of(labels, Syntax.CII)
    locator = Locator(etree.fromstring(xml), xml, Syntax.CII)
    return inspect(locator, (), Demands((), plan.demands.usage)), plan.hit_by


def test_a_misuse_is_told_with_its_place_and_the_term_nearest_to_it() -> None:
    names = " ".join(f'xmlns:{prefix}="{name}"' for prefix, name in cii.PREFIXES.items())
    xml = (
        f"<rsm:CrossIndustryInvoice {names}><rsm:ExchangedDocument>"
        '<ram:ID schemeID="X">F1</ram:ID></rsm:ExchangedDocument></rsm:CrossIndustryInvoice>'
    ).encode()

    offences, hit_by = _offences(xml, Profile.MINIMUM)

    hits = {hit.rule.id: hit for hit in map(hit_by, offences)}
    assert hits[UNUSED_ATTRIBUTE].address == "BT-1"
    assert hits[UNUSED_ATTRIBUTE].breach.term == "BT-1"
    assert hits[UNUSED_ATTRIBUTE].breach.found == "X"
    assert hits["FX-SCH-A-000020"].breach.term == "BG-0"
    said = hits["FX-SCH-A-000020"].rule.message.fr
    assert said.startswith("« ram:TypeCode » doit figurer exactement une fois dans « rsm:Exchanged")
    places = {offence.demand.rule: offence.place for offence in offences}
    assert isinstance(places[UNUSED_ATTRIBUTE], Place)
    assert places[UNUSED_ATTRIBUTE].location.endswith("/rsm:ExchangedDocument/ram:ID")
