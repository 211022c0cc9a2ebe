"""The table from what a document claims to be to its circuit, profile, schema and rule sets."""

from __future__ import annotations

import pytest

from chorus_edi.domain.scenarios import (
    Circuit,
    Claim,
    Container,
    Profile,
    RuleSet,
    Syntax,
    cadre_family,
    circuit_of,
    contradicts_interface,
    profile_of,
    scenario_for,
)

HISTORIQUE, AFNOR = Circuit.HISTORIQUE, Circuit.AFNOR


def claim(
    syntax: Syntax = Syntax.CII, container: Container = Container.XML, **said: object
) -> Claim:
    return Claim(syntax=syntax, container=container, **said)  # type: ignore[arg-type]


UBL = Syntax.UBL_INVOICE
CTC = "urn:cen.eu:en16931:2017#conformant#urn.cpro.gouv.fr:1p0:extended-ctc-fr"

SIGNS = [
    # name, claim, default of the sender, circuit
    ("nothing says it", claim(), None, None),
    ("the sender's default", claim(), AFNOR, AFNOR),
    ("the sender's default, historic", claim(UBL), HISTORIQUE, HISTORIQUE),
    ("a historic interface", claim(imposed=HISTORIQUE), AFNOR, HISTORIQUE),
    ("an interface of a plateforme agréée", claim(imposed=AFNOR), HISTORIQUE, AFNOR),
    ("interface before BT-23", claim(imposed=HISTORIQUE, process="S1"), None, HISTORIQUE),
    ("interface before BT-24", claim(imposed=AFNOR, specification="A1"), None, AFNOR),
    ("A1 in BT-23", claim(process="A1"), AFNOR, HISTORIQUE),
    ("A25 in BT-23", claim(process="A25"), None, HISTORIQUE),
    ("A1 in BT-24", claim(specification="A1"), AFNOR, HISTORIQUE),
    ("A in BT-24 before S in BT-23", claim(process="S1", specification="A9"), None, HISTORIQUE),
    ("B1", claim(process="B1"), HISTORIQUE, AFNOR),
    ("S1", claim(process="S1"), None, AFNOR),
    ("M1", claim(process="M1"), None, AFNOR),
    ("S1 before the form of the date", claim(process="S1", dates_without_format=True), None, AFNOR),
    ("S1 before historic fields", claim(UBL, process="S1", historic_fields=True), None, AFNOR),
    ("blanks around the code", claim(process=" A1\n"), None, HISTORIQUE),
    ("CII date without format", claim(dates_without_format=True), AFNOR, HISTORIQUE),
    ("historic fields of UBL", claim(UBL, historic_fields=True), AFNOR, HISTORIQUE),
    ("signs of the reform", claim(UBL, follows_the_reform=True), None, AFNOR),
    ("the reform before the sender", claim(follows_the_reform=True), HISTORIQUE, AFNOR),
    ("A1 before the reform", claim(process="A1", follows_the_reform=True), None, HISTORIQUE),
    ("history first", claim(follows_the_reform=True, dates_without_format=True), None, HISTORIQUE),
    ("interface first", claim(imposed=HISTORIQUE, follows_the_reform=True), None, HISTORIQUE),
    ("a profile of the reform", claim(specification=CTC), HISTORIQUE, AFNOR),
    ("a cadre in lower case", claim(process="s1"), HISTORIQUE, AFNOR),
    ("a cadre with a blank in it", claim(process="S 1"), None, AFNOR),
    ("B10, which is no cadre", claim(process="B10"), None, AFNOR),
    (
        "history before what is like one",
        claim(UBL, process="s1", historic_fields=True),
        None,
        HISTORIQUE,
    ),
    ("X1 is like none", claim(process="X1"), None, None),
    ("a1 is none", claim(process="a1"), None, None),
    ("A0 is no cadre", claim(process="A0"), None, None),
    ("A26 is no cadre", claim(process="A26"), None, None),
    ("A01 is no cadre", claim(process="A01"), None, None),
    ("a Peppol process is no cadre", claim(process="urn:fdc:peppol.eu:2017:poacc"), None, None),
    ("a word that starts with a code", claim(process="S1x"), None, None),
]


@pytest.mark.parametrize(
    ("said", "default", "circuit"), [row[1:] for row in SIGNS], ids=[row[0] for row in SIGNS]
)
def test_the_first_sign_that_speaks_gives_the_circuit(
    said: Claim, default: Circuit | None, circuit: Circuit | None
) -> None:
    assert circuit_of(said, default) is circuit


def test_every_cadre_of_the_historic_list_is_historic() -> None:
    assert {cadre_family(f"A{n}") for n in range(1, 26)} == {HISTORIQUE}


@pytest.mark.parametrize(
    "code", ["B1", "S1", "M1", "B2", "S2", "M2", "S3", "B4", "S4", "M4", "S5", "S6", "B7", "S7"]
)
def test_every_cadre_of_the_reform_is_afnor(code: str) -> None:
    assert cadre_family(code) is AFNOR


@pytest.mark.parametrize(
    ("imposed", "process", "contradicts"),
    [
        (HISTORIQUE, "S1", True),
        (HISTORIQUE, "A1", False),
        (HISTORIQUE, None, False),
        (AFNOR, "A1", True),
        (AFNOR, "B1", False),
        (HISTORIQUE, "urn:fdc:peppol.eu:2017:poacc", False),
        (None, "S1", False),
    ],
)
def test_a_cadre_contradicts_an_interface_of_the_other_family(
    imposed: Circuit | None, process: str | None, contradicts: bool
) -> None:
    assert contradicts_interface(claim(imposed=imposed, process=process)) is contradicts


@pytest.mark.parametrize(
    ("specification", "profile"),
    [
        (None, None),
        ("", None),
        ("A1", None),
        ("urn:factur-x.eu:1p0:minimum", Profile.MINIMUM),
        ("urn:zugferd.de:2p0:minimum", Profile.MINIMUM),
        ("urn:factur-x.eu:1p0:basicwl", Profile.BASIC_WL),
        ("urn:cen.eu:en16931:2017#compliant#urn:factur-x.eu:1p0:basic", Profile.BASIC),
        ("urn:cen.eu:en16931:2017", Profile.EN16931),
        (" urn:cen.eu:en16931:2017\n", Profile.EN16931),
        ("URN:CEN.EU:EN16931:2017", Profile.EN16931),
        ("urn:factur-x.eu:1p0:en16931", Profile.EN16931),
        ("urn:cen.eu:en16931:2017#conformant#urn:factur-x.eu:1p0:extended", Profile.EXTENDED),
        (
            "urn:cen.eu:en16931:2017#conformant#urn.cpro.gouv.fr:1p0:extended-ctc-fr",
            Profile.EXTENDED_CTC_FR,
        ),
        (
            "urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0",
            Profile.XRECHNUNG,
        ),
        (
            "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0",
            Profile.PEPPOL,
        ),
    ],
)
def test_the_specification_names_the_profile(
    specification: str | None, profile: Profile | None
) -> None:
    assert profile_of(specification) is profile


EXTENDED = "urn:cen.eu:en16931:2017#conformant#urn:factur-x.eu:1p0:extended"
SCHEMAS = [
    ("UBL invoice", claim(UBL), "ubl-invoice-2.1"),
    ("UBL credit note", claim(Syntax.UBL_CREDIT_NOTE), "ubl-creditnote-2.1"),
    ("plain CII, whatever it claims", claim(process="S1", specification=EXTENDED), "cii-d22b"),
    (
        "Factur-X of the afnor circuit",
        claim(container=Container.FACTUR_X, process="S1", specification=EXTENDED),
        "facturx-extended",
    ),
    (
        "Factur-X of no circuit",
        claim(container=Container.FACTUR_X, specification="urn:factur-x.eu:1p0:minimum"),
        "facturx-minimum",
    ),
    (
        "Factur-X of the historic circuit",
        claim(container=Container.FACTUR_X, process="A1", specification=EXTENDED),
        "cii-d22b",
    ),
    ("Factur-X of no known profile", claim(container=Container.FACTUR_X), "cii-d22b"),
    (
        "Factur-X of a profile with no schema of its own",
        claim(container=Container.FACTUR_X, specification="urn.cpro.gouv.fr:1p0:extended-ctc-fr"),
        "cii-d22b",
    ),
]


@pytest.mark.parametrize(
    ("said", "schema"), [row[1:] for row in SCHEMAS], ids=[row[0] for row in SCHEMAS]
)
def test_a_scenario_names_its_schema(said: Claim, schema: str) -> None:
    assert scenario_for(said, None).schema == schema


@pytest.mark.parametrize(
    ("process", "rule_sets"),
    [
        ("A1", (RuleSet.CHORUS_HISTORIQUE,)),
        ("S1", (RuleSet.EN16931, RuleSet.BR_FR, RuleSet.CHORUS_B2G)),
        (None, (RuleSet.EN16931,)),
    ],
)
def test_a_scenario_names_the_rule_sets_of_its_circuit(
    process: str | None, rule_sets: tuple[RuleSet, ...]
) -> None:
    assert scenario_for(claim(process=process), None).rule_sets == rule_sets
