"""What is particular about the set br-fr: ids of its sheets, messages, specimens that keep it."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace

from chorus_edi.domain.dossier import Place
from chorus_edi.domain.findings import Finding
from chorus_edi.domain.groups import Identifier
from chorus_edi.domain.parties import SellerAgent
from chorus_edi.domain.scenarios import ROOTS, RuleSet, Syntax
from chorus_edi.formats.inspection import inspect
from chorus_edi.formats.locate import Locator
from chorus_edi.formats.reader import read
from chorus_edi.formats.svrl import published_id
from chorus_edi.formats.writers import to_cii, to_ubl
from chorus_edi.formats.xml import XmlDocument, parse
from chorus_edi.rules.cases import BASE, invoice_of
from chorus_edi.rules.plan import Plan, finding_of
from chorus_edi.rules.registry import CATALOGUE
from chorus_edi.rules.sets import in_force, plan_for
from chorus_edi.services.specimens import Recipient, specimen
from tests.conformance.bases import documents
from tests.conformance.french import french_invoices
from tests.conformance.grouped import KINDS

DAY = date(2026, 10, 1)
TOWN = Recipient(siret="21990001600011", name="Ville", code_service="BATI", engagement=True)
DIRECT = Recipient(siret="21990002400018", name="Commune")


def judged(xml: bytes) -> list[Finding]:
    """Return what the set finds in a document, from its bytes."""
    document = parse(xml)
    assert isinstance(document, XmlDocument)
    syntax = ROOTS[document.tree.tag]
    reading = read(document.tree, syntax)
    plan = plan_for((RuleSet.BR_FR,), DAY, syntax)
    hits = [*plan.examine(reading.invoice)]
    offences = inspect(Locator(document.tree, xml, syntax), reading.suspects, plan.demands)
    hits += [plan.hit_by(offence) for offence in offences]
    return [finding_of(hit, Place()) for hit in hits]


@pytest.mark.parametrize(
    ("own", "published"),
    [
        ("BR-FR-15_BT-95_BT-118", "BR-FR-15"),
        ("BR-FR-32-LEGALID", "BR-FR-32"),
        ("BR-FR-CO-10_EXT-FR-FE-146-2", "BR-FR-CO-10"),
        ("BR-FR-DEC-01_BT-92_BT-99", "BR-FR-DEC-01"),
        ("BR-FR-MV-14-EXT-FR-FE-136", "BR-FR-MV-14"),
        ("BR-FR-08_BT-151-2", "BR-FR-15"),
        ("BR-FR-30_BT-21", "BR-FR-31"),
        ("BR-FR-MV-BD_BT-3", "BR-FR-BD-13"),
        ("BR-FREXT-CO-10", "BR-FREXT-CO-10"),
        ("UBL-SR-01", "UBL-SR-01"),
    ],
)
def test_an_assertion_of_a_french_sheet_is_known_by_the_id_of_its_rule(
    own: str, published: str
) -> None:
    assert published_id(own, "") == published


def test_the_set_is_in_force_since_the_rules_bind_senders() -> None:
    assert in_force(RuleSet.BR_FR, date(2026, 8, 31)) is None
    version = in_force(RuleSet.BR_FR, date(2026, 9, 1))

    assert version is not None
    assert version.label == "br-fr@1.4.0-1"
    assert len(version.rules) == 59


@pytest.mark.parametrize("subject", ["PMT", "PMD", "AAB"])
def test_a_missing_legal_note_is_named_and_its_finding_says_what_to_write(subject: str) -> None:
    codes = ["PMT", "PMD", "AAB"]
    codes[codes.index(subject)] = "AAI"
    invoice = invoice_of({**BASE, "BG-1/BT-21": codes, "BG-1/BT-22": ["a", "b", "c"]})

    (finding,) = [
        finding_of(hit, Place()) for hit in Plan([CATALOGUE["BR-FR-05"]]).examine(invoice)
    ]

    assert f"La mention {subject}" in finding.message.fr
    assert subject in finding.message.en
    assert f"code {subject}" in finding.conseil
    assert finding.expected == f"#{subject}#…"


@pytest.mark.parametrize("write", [to_ubl, to_cii])
def test_what_the_demonstration_sends_keeps_the_french_rules(write) -> None:
    for number in range(1, 60):
        made = specimen(number, [TOWN, DIRECT])

        assert judged(write(made.invoice, made.files)) == [], number


@pytest.mark.parametrize("syntax", ["ubl-fr", "cii-fr"])
@pytest.mark.parametrize("kind", KINDS)
def test_grouped_invoices_keep_the_french_rules(syntax: str, kind: str) -> None:
    assert judged(documents(syntax)[kind]) == []


def test_one_defect_of_a_grouped_invoice_breaks_the_rule_about_it() -> None:
    xml = documents("cii-fr")["several-sellers"]

    twice = xml.replace(b"F2026-00020</ram:IssuerAssignedID>", b"F2026-0002</ram:IssuerAssignedID>")

    assert twice != xml
    # The seller's own sub-invoice still bears the number of the invoice.
    assert {"BR-FR-MV-12"} <= {finding.rule for finding in judged(twice)}


def test_a_place_of_the_extension_is_told_by_its_own_term() -> None:
    agent = SellerAgent(identifiers=(Identifier(value="123", scheme="0009"),))
    invoice = replace(french_invoices()["standard-plain"], seller_agent=agent)

    (finding,) = judged(to_ubl(invoice))

    assert (finding.rule, finding.address, finding.found) == (
        "BR-FR-09",
        "EXT-FR-FE-BG-03/EXT-FR-FE-69[1]",
        "123",
    )
    # Each of the eleven terms of the rule is judged for itself.
    assert finding.terms == ("EXT-FR-FE-69",)


@pytest.mark.parametrize(
    ("written", "kept"),
    [("30.00", True), ("30.", False), ("+30.00", False), ("030.00", True), ("30.000", False)],
)
def test_a_number_is_judged_as_it_is_written(written: str, kept: bool) -> None:
    xml = documents("ubl-fr")["standard-plain"]
    head, _, tail = xml.partition(b'<cbc:LineExtensionAmount currencyID="EUR">')
    rest = tail.partition(b"<")[2]
    changed = head + b'<cbc:LineExtensionAmount currencyID="EUR">' + written.encode() + b"<" + rest

    found = {finding.rule for finding in judged(changed)}

    assert ("BR-FR-DEC-01" not in found) is kept


def test_the_french_terms_are_read_in_cii_where_the_profile_extended_has_them() -> None:
    document = parse(documents("cii-fr")["several-sellers"])
    assert isinstance(document, XmlDocument)

    lines = read(document.tree, Syntax.CII).invoice.lines

    assert lines[0].kind == "GROUP"
    assert {line.parent for line in lines} == {None, "G1"}
