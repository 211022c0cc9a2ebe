"""What ``explain`` says of the ids of the Factur-X profiles."""

from __future__ import annotations

from chorus_edi.rules.facturx.profiles import PROFILES, own_rules
from chorus_edi.services.explain import Explanation, explain

TRADE = "rsm:SupplyChainTradeTransaction"


def told(code: str) -> Explanation:
    explanation = explain(code)
    assert explanation is not None
    return explanation


def test_a_number_is_told_with_its_meaning_in_each_profile_that_has_it() -> None:
    explanation = told("fx-sch-a-000163")

    details = dict(explanation.details)
    assert list(details) == [
        "Profil BASIC WL", "Profil BASIC", "Profil EN 16931", "Profil EXTENDED", "Motif", "Source",
    ]  # fmt: skip
    assert "un autre sens" in explanation.title
    buyer = f"{TRADE}/ram:ApplicableHeaderTradeAgreement/ram:BuyerTradeParty"
    assert details["Profil BASIC WL"].splitlines() == [
        "1 contrôle",
        f"{buyer} : « ram:ID » doit figurer une fois au plus dans « ram:BuyerTradeParty ».",
    ]
    assert details["Profil BASIC"].startswith("3 contrôles\n")


def test_a_number_of_one_meaning_is_told_by_it_and_with_what_to_do() -> None:
    explanation = told("FX-SCH-A-000335")

    kinds = "DETAIL, GROUP ou INFORMATION"
    assert explanation.title == f"La valeur de « ram:LineStatusReasonCode » doit être {kinds}."
    assert dict(explanation.details)["Que faire"].endswith(f"par {kinds}.")


def test_what_profiles_do_not_use_is_told_by_its_place_some_of_many() -> None:
    explanation = told("CE-FX-01")

    lines = dict(explanation.details)["Profil EXTENDED"].splitlines()
    assert lines[1] == "rsm:ExchangedDocument/ram:EffectiveSpecifiedPeriod/ram:Description"
    assert lines[-1] == f"et {int(lines[0].split()[0]) - 12} autres"


def test_every_id_of_every_profile_is_explained() -> None:
    for profile in PROFILES:
        for rule in own_rules(profile):
            assert told(rule.id).details


def test_a_rule_of_the_catalogue_says_which_profiles_have_it() -> None:
    assert dict(told("BR-FXEXT-11").details)["Jeux de règles"] == "Factur-X EXTENDED"
    held = dict(told("BR-16").details)["Jeux de règles"]
    assert held.endswith(", Factur-X BASIC, Factur-X EN 16931, Factur-X EXTENDED, EXTENDED-CTC-FR")


def test_a_rule_of_en_16931_says_where_the_french_extension_judges_it_otherwise() -> None:
    told_of = dict(told("BR-O-09").details)

    assert told_of["Jeux de règles"].endswith(", EXTENDED-CTC-FR")
    assert "n'a pas cette règle" in told_of["Dans EXTENDED-CTC-FR, en CII"]
    assert "Dans EXTENDED-CTC-FR, en UBL-Invoice" not in told_of
    assert "EXTENDED-CTC-FR" not in dict(told("BR-CO-10").details)["Jeux de règles"]


def test_warnings_of_cii_are_in_no_profile_of_factur_x() -> None:
    assert "Factur-X" not in dict(told("CII-SR-001").details)["Jeux de règles"]
