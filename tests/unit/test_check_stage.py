"""The check step: which sets judge a document, what the flow itself demands, and one verdict."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from lxml import etree

from chorus_edi.domain.dossier import Checked, Document, Parsed, Resolved
from chorus_edi.domain.findings import (
    Finding,
    NotChecked,
    Outcome,
    Passed,
    Refused,
    Severity,
    Stage,
)
from chorus_edi.domain.invoice import Invoice, ProcessControl
from chorus_edi.domain.motives import Motive
from chorus_edi.domain.recipients import routing_of
from chorus_edi.domain.scenarios import Circuit, RuleSet
from chorus_edi.rules.sets import labels_for
from chorus_edi.services.nights import with_wrong_total
from chorus_edi.services.specimens import Style
from chorus_edi.stages.check import checker, unapplied
from chorus_edi.stages.detect import detect
from chorus_edi.stages.parse import parse
from tests.builders import an_invoice, cii, from_abroad, ubl
from tests.refused import put

ON = date(2026, 11, 20)
EN16931 = "urn:cen.eu:en16931:2017"
MINIMUM = ProcessControl(specification="urn:factur-x.eu:1p0:minimum")
LABELS = labels_for((RuleSet.EN16931,), ON)


def parsed(
    data: bytes, interface: str | None = None, default: Circuit | None = None, on: date = ON
) -> Parsed:
    detected = detect(
        Document(
            content=data,
            name="facture.xml",
            deposited=on,
            interface=interface,
            default_circuit=default,
        )
    )
    assert isinstance(detected, Passed)
    outcome = parse(detected.value)
    assert isinstance(outcome, Passed)
    return outcome.value


def check(
    document: Parsed,
    requested: tuple[RuleSet, ...] | None = None,
    *,
    unresolved: tuple[NotChecked, ...] = (),
    public: bool = False,
) -> Outcome[Checked]:
    routing = routing_of(document.invoice, document.scenario.circuit, document.syntax)
    step = checker(requested, lambda _: unresolved)
    return step(Resolved(parsed=document, routing=routing, public=public))


def checked(outcome: Outcome[Checked]) -> Checked:
    value: Any = outcome.value if isinstance(outcome, Passed) else outcome.reached
    assert isinstance(value, Checked)
    return value


def rules_of(outcome: Outcome[Checked]) -> list[str]:
    return [finding.rule for finding in outcome.findings]


def reasons(outcome: Outcome[Checked]) -> dict[str, str]:
    return {missing.rule: missing.reason for missing in checked(outcome).not_checked}


def selected(data: bytes, finding: Finding) -> Any:
    """Return the one element that a finding's XPath selects in the sender's own file."""
    root = etree.fromstring(data)
    prefixes = {prefix: uri for prefix, uri in root.nsmap.items() if prefix}
    (element,) = root.xpath(finding.location, namespaces=prefixes)
    return element


# -- which sets judge ----------------------------------------------------------------------------


def test_a_sound_invoice_passes_and_says_by_which_version_of_the_rules() -> None:
    outcome = check(parsed(ubl(from_abroad())))

    assert isinstance(outcome, Passed)
    assert outcome.findings == ()
    assert outcome.value.rule_sets == LABELS
    assert outcome.value.not_checked == ()


def test_the_b2g_rules_judge_what_is_known_to_be_for_a_public_body() -> None:
    document = parsed(ubl(process=ProcessControl("S1", EN16931)))

    public, private = check(document, public=True), check(document)

    (label,) = labels_for((RuleSet.CHORUS_B2G,), ON)
    assert label in checked(public).rule_sets
    assert "chorus-b2g" not in reasons(public)
    assert label not in checked(private).rule_sets
    assert reasons(private)["chorus-b2g"].startswith("Sans objet")


@pytest.mark.parametrize("process", [None, "s1", "B10", "X1", "urn:fdc:peppol.eu:2017:poacc"])
def test_what_shows_signs_of_the_reform_is_told_that_its_cadre_is_missing_or_wrong(
    process: str | None,
) -> None:
    outcome = check(parsed(ubl(process=ProcessControl(process, EN16931))))

    assert checked(outcome).rule_sets == (*LABELS, *labels_for((RuleSet.BR_FR,), ON))
    assert rules_of(outcome) == ["BR-FR-08"]


def test_an_invoice_between_french_parties_without_any_sign_says_that_br_fr_did_not_judge() -> None:
    invoice = from_abroad()
    assert invoice.seller is not None
    assert invoice.buyer is not None
    french = an_invoice().seller
    assert french is not None
    replace = msgspec.structs.replace
    unlisted = replace(
        invoice,
        seller=replace(french, electronic_address=None),
        buyer=replace(invoice.buyer, electronic_address=None),
    )

    outcome = check(parsed(ubl(unlisted)))

    assert checked(outcome).rule_sets == LABELS
    assert "sans signe d'un circuit" in reasons(outcome)["br-fr"]


def test_the_b2g_rules_asked_for_by_name_judge_whoever_the_recipient_is() -> None:
    outcome = check(parsed(ubl()), (RuleSet.CHORUS_B2G,))

    assert checked(outcome).rule_sets == labels_for((RuleSet.CHORUS_B2G,), ON)


def test_another_day_s_rules_may_judge_what_is_deposited_today() -> None:
    document = parsed(ubl(process=ProcessControl("S1", EN16931)))
    dossier = document.detected
    early = msgspec.structs.replace(dossier.document, judged_by=date(2026, 8, 31))
    detected = msgspec.structs.replace(dossier, document=early)
    asked = msgspec.structs.replace(document, detected=detected)

    now, then = check(document, public=True), check(asked, public=True)

    assert [label.partition("@")[0] for label in checked(now).rule_sets] == [
        *("en16931", "br-fr", "chorus-b2g"),
    ]
    assert [label.partition("@")[0] for label in checked(then).rule_sets] == ["en16931"]


def test_a_set_not_in_force_on_the_day_of_deposit_is_told_as_not_checked() -> None:
    document = parsed(ubl(process=ProcessControl("S1", EN16931)), on=date(2026, 8, 31))

    outcome = check(document, public=True)

    assert not any(label.startswith("chorus-b2g") for label in checked(outcome).rule_sets)
    assert reasons(outcome)["chorus-b2g"] == "Jeu de règles pas en vigueur ce jour-là."


def test_the_rules_of_en_16931_do_not_judge_a_profile_that_holds_less() -> None:
    empty = Invoice(number="F1", issue_date="2026-11-20", process=MINIMUM)

    outcome = check(parsed(ubl(empty)))

    assert isinstance(outcome, Passed)
    assert checked(outcome).rule_sets == ()
    assert list(reasons(outcome)) == ["en16931"]
    assert "plus court que la norme" in reasons(outcome)["en16931"]


def test_cii_that_claims_a_profile_of_factur_x_is_judged_by_that_profile_without_a_pdf() -> None:
    empty = Invoice(number="F1", issue_date="2026-11-20", process=MINIMUM)

    outcome = check(parsed(cii(empty)))

    assert isinstance(outcome, Refused)
    assert checked(outcome).rule_sets == (f"{LABELS[0]}+facturx-minimum",)
    assert "BR-04" in rules_of(outcome)
    assert "BR-16" not in rules_of(outcome)


@pytest.mark.parametrize("make", [ubl, cii])
def test_what_claims_the_french_extension_is_judged_by_it_beside_the_french_rules(
    make: Callable[..., bytes],
) -> None:
    claimed = f"{EN16931}#conformant#urn.cpro.gouv.fr:1p0:extended-ctc-fr"

    alone = check(parsed(make(process=ProcessControl(specification=claimed))))
    afnor = check(parsed(make(process=ProcessControl("S1", claimed))))
    named = check(parsed(make(process=ProcessControl("S1", claimed))), (RuleSet.EN16931,))

    extension = f"{LABELS[0]}+extended-ctc-fr"
    assert isinstance(afnor, Passed)
    assert checked(afnor).rule_sets == (extension, *labels_for((RuleSet.BR_FR,), ON))
    assert checked(alone).rule_sets == checked(afnor).rule_sets
    assert rules_of(alone) == ["BR-FR-08"]
    assert checked(named).rule_sets == LABELS


def test_a_set_asked_for_by_name_judges_whatever_the_document_claims() -> None:
    empty = Invoice(number="F1", issue_date="2026-11-20", process=MINIMUM)

    outcome = check(parsed(cii(empty)), (RuleSet.EN16931,))

    assert isinstance(outcome, Refused)
    assert checked(outcome).rule_sets == LABELS
    assert reasons(outcome) == {}


def test_with_no_set_asked_for_nothing_is_judged_and_nothing_is_missing() -> None:
    broken = with_wrong_total(an_invoice(process=ProcessControl("S1", EN16931)))

    outcome = check(parsed(ubl(broken), "FSO1117A"), ())

    assert isinstance(outcome, Passed)
    assert outcome.findings == ()
    assert outcome.value.rule_sets == ()
    assert outcome.value.not_checked == ()


def test_what_could_not_be_resolved_is_told_after_the_sets_that_are_missing() -> None:
    unresolved = NotChecked("CE-DEST-03", "Annuaire non fourni.")

    outcome = check(parsed(ubl(), default=Circuit.HISTORIQUE), unresolved=(unresolved,))

    assert checked(outcome).not_checked[-1] == unresolved


def test_a_document_stopped_at_its_schema_says_that_its_sets_were_not_applied() -> None:
    document = parsed(ubl(process=ProcessControl("S1", EN16931)))

    of_scenario = unapplied(document, None)

    assert [missing.rule for missing in of_scenario] == ["en16931", "br-fr", "chorus-b2g"]
    assert {missing.reason for missing in of_scenario} == {
        "Non appliqué : le fichier n'est pas conforme à son schéma."
    }
    assert [missing.rule for missing in unapplied(document, (RuleSet.BR_FR,))] == ["br-fr"]
    assert unapplied(document, ()) == ()


# -- rules ---------------------------------------------------------------------------------------


def test_every_rule_that_is_broken_is_told_where_it_is_in_the_sender_s_file() -> None:
    invoice = with_wrong_total(from_abroad())
    data = ubl(msgspec.structs.replace(invoice, number=None))

    outcome = check(parsed(data))

    assert isinstance(outcome, Refused)
    assert set(rules_of(outcome)) >= {"BR-02", "BR-CO-15"}
    total = next(finding for finding in outcome.findings if finding.rule == "BR-CO-15")
    assert invoice.totals is not None
    assert Decimal(selected(data, total).text) == invoice.totals.with_vat
    assert total.line == selected(data, total).sourceline


# -- what the flow demands -----------------------------------------------------------------------


def test_what_the_norm_does_not_use_is_told_and_refuses_nothing() -> None:
    tree = etree.fromstring(ubl(from_abroad()))
    put(tree, "cac:OrderReference/cbc:UUID")
    put(tree, "cbc:ID/@schemeID")

    outcome = check(parsed(etree.tostring(tree)))

    assert isinstance(outcome, Passed)
    assert rules_of(outcome) == ["UBL-CR-017", "UBL-CR-650"]
    order, number = outcome.findings
    assert (order.severity, order.found, order.terms) == (Severity.WARNING, "X", ("BG-0",))
    assert (number.severity, number.found, number.address) == (Severity.WARNING, "X", "BT-1")


def test_a_framework_of_the_reform_in_a_historic_flow_is_told_by_the_historic_rules() -> None:
    data = ubl(process=ProcessControl("S1", EN16931))

    outcome = check(parsed(data, "FSO1117A"))

    assert isinstance(outcome, Refused)
    assert "CE-CADRE-01" not in rules_of(outcome)
    finding = next(f for f in outcome.findings if f.rule == "CE-CADRE-02")
    assert (finding.motive, finding.stage) == (Motive.REJ_SEMAN, Stage.CHECK)
    assert (finding.address, finding.found) == ("BG-2/BT-23", "S1")
    assert selected(data, finding).text == "S1"


def test_a_historic_framework_under_an_afnor_interface_is_shown_where_it_stands() -> None:
    data = ubl(an_invoice(style=Style.HISTORIC_UBL))

    outcome = check(parsed(data, "FSO1150A"))

    finding = next(f for f in outcome.findings if f.rule == "CE-CADRE-01")
    assert (finding.address, finding.found) == ("CE-CHORUS/CE-CADRE", "A1")
    assert selected(data, finding).text == "A1"


@pytest.mark.parametrize("interface", [None, "FSO1150A", "FSO9999A"])
def test_a_framework_that_contradicts_no_known_interface_is_no_fault(interface: str | None) -> None:
    outcome = check(parsed(ubl(process=ProcessControl("S1", EN16931)), interface))

    assert "CE-CADRE-01" not in rules_of(outcome)


@pytest.mark.parametrize(
    ("changes", "terms"),
    [
        ({"number": None}, [("BT-1",)]),
        ({"number": "  "}, [("BT-1",)]),
        ({"issue_date": None}, [("BT-2",)]),
        ({"issue_date": "20/11/2026"}, [("BT-2",)]),
        ({"number": "", "issue_date": ""}, [("BT-1",), ("BT-2",)]),
        ({}, []),
    ],
)
def test_a_historic_invoice_needs_a_number_and_a_date_for_its_number_to_be_unique(
    changes: dict[str, Any], terms: list[tuple[str, ...]]
) -> None:
    invoice = msgspec.structs.replace(an_invoice(style=Style.HISTORIC_UBL), **changes)

    outcome = check(parsed(ubl(invoice)))

    assert [f.terms for f in outcome.findings if f.rule == "CE-ID-01"] == terms
    assert isinstance(outcome, Refused if terms else Passed)


def test_outside_the_historic_circuit_the_norm_itself_demands_number_and_date() -> None:
    invoice = from_abroad(issue_date=None)

    outcome = check(parsed(ubl(msgspec.structs.replace(invoice, number=None))))

    assert {"BR-02", "BR-03"} <= set(rules_of(outcome))
    assert "CE-ID-01" not in rules_of(outcome)
