"""How circuits and partners weigh what rules find, and what their configuration may say."""

from datetime import date

import pytest

from chorus_edi.domain.findings import Finding, Severity, Stage
from chorus_edi.domain.labels import Label
from chorus_edi.domain.motives import Motive
from chorus_edi.domain.partners import Partner
from chorus_edi.domain.scenarios import Circuit, RuleSet
from chorus_edi.domain.weighing import MOTIVES, Weighing, Weights
from chorus_edi.errors import ConfigurationError
from chorus_edi.rules.sets import labels_for, weighed_labels
from chorus_edi.services.weights import weights_of

AFNOR, HISTORIC = Circuit.AFNOR, Circuit.HISTORIQUE
SOFT = {"BR-FR-CPRO-02": Severity.WARNING}


def finding(rule="BR-FR-CPRO-02", stage=Stage.CHECK, motive=Motive.REJ_CONT_B2G):
    return Finding(
        rule=rule,
        severity=Severity.FATAL,
        stage=stage,
        motive=motive,
        message=Label("Faux.", "Wrong."),
    )


def partner(code="PDP777", **severities):
    return Partner(code=code, name="Fictive", severities=severities)


def test_a_softened_rule_still_speaks_and_no_longer_refuses():
    (weighed,) = Weighing(SOFT).weigh((finding(),))

    assert weighed.rule == "BR-FR-CPRO-02"
    assert not weighed.fatal


def test_a_warning_may_be_made_to_refuse():
    light = Weighing(SOFT).weigh((finding(),))

    (heavy,) = Weighing({"BR-FR-CPRO-02": Severity.FATAL}).weigh(light)

    assert heavy.fatal


def test_what_is_technical_is_never_weighed():
    broken = finding("CE-XSD", Stage.VALIDATE, Motive.IRR_SYNTAX)
    weighing = Weighing({"CE-XSD": Severity.WARNING}, {"CE-*": Motive.REJ_SEMAN})

    assert weighing.weigh((broken,)) == (broken,)


@pytest.mark.parametrize(
    ("rule", "motive"),
    [
        ("BR-CO-10", Motive.REJ_SEMAN),
        ("BR-FR-08", Motive.REJ_SEMAN),
        ("CII-SR-014", Motive.REJ_SEMAN),
        ("BR-FR-CPRO-02", Motive.REJ_CONT_B2G),
        ("CE-DEST-03", None),
    ],
)
def test_the_afnor_circuit_has_a_motive_by_rule_or_family(rule, motive):
    assert Weighing(motives=MOTIVES[AFNOR]).motive_of(rule) is motive


def test_a_configured_motive_stands_above_the_official_one_and_a_rule_above_its_family():
    chosen = {"BR-FR-*": Motive.REJ_COH, "BR-FR-16": Motive.CALCUL_ERR}

    weighing = Weights({AFNOR: Weighing(motives=chosen)}).of(AFNOR, None)

    assert weighing.motive_of("BR-FR-08") is Motive.REJ_COH
    assert weighing.motive_of("BR-FR-16") is Motive.CALCUL_ERR
    assert weighing.motive_of("BR-FR-CPRO-02") is Motive.REJ_CONT_B2G
    assert weighing.motive_of("BR-CO-10") is Motive.REJ_SEMAN


def test_a_partner_s_severities_stand_above_those_of_the_circuit():
    weights = Weights(
        {AFNOR: Weighing({"BR-CO-10": Severity.WARNING, "BR-CO-13": Severity.WARNING})},
        {"PDP777": {"BR-CO-10": Severity.FATAL}},
    )

    assert weights.of(AFNOR, "PDP777").severities == {
        "BR-CO-10": Severity.FATAL,
        "BR-CO-13": Severity.WARNING,
    }
    assert weights.of(AFNOR, "ABC123").severities["BR-CO-10"] is Severity.WARNING
    assert weights.of(HISTORIC, None).severities == {}
    assert weights.of(None, None) == Weighing()


def test_a_verdict_names_the_rules_that_weighed_otherwise():
    labels = labels_for((RuleSet.EN16931, RuleSet.CHORUS_B2G), date(2026, 11, 21))

    en, b2g = weighed_labels(labels, Weighing({**SOFT, "BR-FR-CPRO-14": Severity.WARNING}))

    assert en == labels[0]
    assert b2g == f"{labels[1]}+BR-FR-CPRO-02=warning+BR-FR-CPRO-14=warning"
    assert weighed_labels(labels, Weighing()) == labels


def test_what_is_configured_is_kept_by_circuit_and_partner():
    weights = weights_of(
        {AFNOR: SOFT},
        {AFNOR: {"BR-FR-CPRO-*": "CMD_ERR"}},
        [partner(**{"CE-EJ-01": Severity.WARNING}), partner("ABC123")],
    )

    assert weights == Weights(
        {AFNOR: Weighing(SOFT, {"BR-FR-CPRO-*": Motive.CMD_ERR})},
        {"PDP777": {"CE-EJ-01": Severity.WARNING}},
    )


@pytest.mark.parametrize(
    ("severities", "motives", "senders", "told"),
    [
        ({"BR-FR-CPRO-99": Severity.WARNING}, {}, {}, "afnor : règle inconnue : BR-FR-CPRO-99"),
        ({"BR-CO-1O": Severity.WARNING}, {}, {}, "(voulez-vous dire BR-CO-"),
        ({"CE-XSD": Severity.WARNING}, {}, {}, "CE-XSD : cette règle de la plateforme ne peut pas"),
        ({"CE-DEST-01": Severity.WARNING}, {}, {}, "CE-DEST-01 : cette règle de la plateforme"),
        ({"CE-SERV-02": Severity.WARNING}, {}, {}, "CE-SERV-02 : cette règle de la plateforme"),
        ({"CE-UNI-01": Severity.WARNING}, {}, {}, "CE-UNI-01 : cette règle de la plateforme"),
        ({"CE-CADRE-01": Severity.WARNING}, {}, {}, "CE-CADRE-01 : cette règle de la plateforme"),
        (
            {"CE-EJ-01": Severity.WARNING},
            {},
            {},
            "CE-EJ-01 : cette règle s'y appelle BR-FR-CPRO-12",
        ),
        ({"G1.07": Severity.WARNING}, {}, {}, "G1.07 : cette règle n'est pas de ce circuit"),
        ({"BR-FR-CPRO-*": Severity.WARNING}, {}, {}, "la gravité se change règle par règle"),
        ({"BR-FR-15_BT-95_BT-118": Severity.WARNING}, {}, {}, "écrivez BR-FR-15"),
        ({"BR-FR-32-LEGALID": Severity.WARNING}, {}, {}, "écrivez BR-FR-32"),
        ({}, {"CE-UNI-01": "REJ_COH"}, {}, "CE-UNI-01 : cette règle de la plateforme ne peut"),
        ({}, {"CE-EJ-01": "REJ_COH"}, {}, "CE-EJ-01 : cette règle s'y appelle BR-FR-CPRO-12"),
        ({}, {}, {"CE-DEST-03": Severity.WARNING}, "partenaire PDP777 : CE-DEST-03 : cette règle"),
        ({"BR-02": Severity.WARNING}, {}, {}, "BR-02 refuse toujours"),
        ({}, {"BR-XX-*": "REJ_COH"}, {}, "afnor : règle inconnue : BR-XX-*"),
        ({}, {"BR-99": "REJ_COH"}, {}, "afnor : règle inconnue : BR-99"),
        ({}, {"BR-*": "REJ_FOU"}, {}, "REJ_FOU n'est pas un motif de rejet"),
        ({}, {"BR-*": "IRR_SYNTAX"}, {}, "IRR_SYNTAX n'est pas un motif de rejet"),
        ({}, {}, {"BR-99": Severity.WARNING}, "partenaire PDP777 : règle inconnue : BR-99"),
    ],
)
def test_a_configuration_that_no_rule_answers_to_is_refused(severities, motives, senders, told):
    with pytest.raises(ConfigurationError) as refusal:
        weights_of({AFNOR: severities}, {AFNOR: motives}, [partner(**senders)])

    assert told in str(refusal.value)


@pytest.mark.parametrize("rule", ["BR-FR-CPRO-02", "BR-FR-CPRO-12", "BR-CO-10", "BR-FR-08"])
def test_a_rule_of_the_afnor_circuit_weighs_nothing_in_the_historic_one(rule):
    with pytest.raises(ConfigurationError, match=rule):
        weights_of({HISTORIC: {rule: Severity.WARNING}}, {}, [])

    assert weights_of({AFNOR: {rule: Severity.WARNING}}, {}, [])


@pytest.mark.parametrize("rule", ["G1.07", "G1.05", "CE-EJ-01", "CE-SERV-01"])
def test_the_published_rules_of_the_historic_circuit_may_be_softened(rule):
    assert weights_of({HISTORIC: {rule: Severity.WARNING}}, {}, [])


@pytest.mark.parametrize("rule", ["CE-DEST-03", "CE-CADRE-01", "BR-FREXT-CO-10", "BR-CO-*"])
def test_whatever_is_weighed_may_have_another_motive(rule):
    weights = weights_of({}, {AFNOR: {rule: "REJ_COH"}}, [])

    assert weights.circuits[AFNOR].motive_of(rule.replace("*", "10")) is Motive.REJ_COH


def test_a_rule_softened_beside_the_sets_is_named_by_the_last_label():
    labels = labels_for((RuleSet.EN16931, RuleSet.CHORUS_B2G), date(2026, 11, 21))
    soft = Weighing({"CE-EJ-01": Severity.WARNING, "BR-FR-CPRO-12": Severity.WARNING})

    en, b2g = weighed_labels(labels, soft, frozenset({"CE-EJ-01", "BR-FR-CPRO-12"}))
    (alone,) = weighed_labels(labels[:1], soft, frozenset({"BR-FR-CPRO-12"}))

    assert en == labels[0]
    assert b2g == f"{labels[1]}+BR-FR-CPRO-12=warning+CE-EJ-01=warning"
    assert alone == labels[0]


def test_all_mistakes_of_a_configuration_are_told_at_once():
    wrong = {"BR-98": Severity.WARNING, "BR-99": Severity.WARNING}

    with pytest.raises(ConfigurationError) as refusal:
        weights_of({HISTORIC: wrong}, {}, [])

    assert "historique : règle inconnue : BR-98" in str(refusal.value)
    assert "historique : règle inconnue : BR-99" in str(refusal.value)
