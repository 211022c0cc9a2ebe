"""A wrong code that the model does not hold is told where it stands in the sender's file."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from lxml import etree

from chorus_edi.domain.dossier import Document, Resolved
from chorus_edi.domain.findings import Finding, Passed
from chorus_edi.domain.recipients import routing_of
from chorus_edi.domain.scenarios import RuleSet, Syntax
from chorus_edi.formats.locate import Locator
from chorus_edi.formats.sighting import sight
from chorus_edi.rules.syntax_cases import Edit
from chorus_edi.stages.check import checker
from chorus_edi.stages.detect import detect
from chorus_edi.stages.parse import parse
from tests.conformance.bases import documents
from tests.xml_edits import PREFIXES, edit

SELLER = "/*/cac:AccountingSupplierParty/cac:Party"
AGREEMENT = "//ram:ApplicableHeaderTradeAgreement"
COUNTRY = "cac:Country><cbc:IdentificationCode>{}</cbc:IdentificationCode></cac:Country"
PADDED = "\N{NO-BREAK SPACE}0088"


def changed(syntax: str, edits: Sequence[Edit]) -> Any:
    root = copy.deepcopy(etree.fromstring(documents(syntax)["standard-full"]))
    for one in edits:
        edit(root, one)
    return root


def told(root: Any, rule: str) -> list[Finding]:
    content = etree.tostring(root, encoding="UTF-8")
    document = Document(content=content, name="f.xml", deposited=date(2026, 11, 21))
    detected = detect(document)
    assert isinstance(detected, Passed)
    outcome = parse(detected.value)
    assert isinstance(outcome, Passed)
    parsed = outcome.value
    routing = routing_of(parsed.invoice, parsed.scenario.circuit, parsed.syntax)
    judge = checker((RuleSet.EN16931,), lambda _: ())
    findings = judge(Resolved(parsed=parsed, routing=routing)).findings
    return [finding for finding in findings if finding.rule == rule]


def only(root: Any, path: str) -> Any:
    (element,) = root.xpath(path, namespaces=PREFIXES)
    return element


@pytest.mark.parametrize(
    ("syntax", "rule", "edits", "element", "address", "term"),
    [
        pytest.param(
            "ubl",
            "BR-CL-03",
            [Edit(set="//cac:InvoiceLine[2]//cbc:PriceAmount/@currencyID", to="ZZZ")],
            "//cac:InvoiceLine[2]/cac:Price/cbc:PriceAmount",
            "BG-25[2]/BG-29/BT-146",
            "BT-146",
            id="the currency of an amount",
        ),
        pytest.param(
            "ubl",
            "BR-CL-03",
            [Edit(drop="//cac:InvoiceLine[2]//cbc:PriceAmount/@currencyID")],
            "//cac:InvoiceLine[2]/cac:Price/cbc:PriceAmount",
            "BG-25[2]/BG-29/BT-146",
            "BT-146",
            id="a currency that is missing",
        ),
        pytest.param(
            "ubl",
            "BR-CL-14",
            [
                Edit(
                    into=f"{SELLER}/cac:PartyLegalEntity",
                    add=f"<cac:RegistrationAddress><{COUNTRY.format('QQ')}>"
                    "</cac:RegistrationAddress>",
                )
            ],
            f"{SELLER}/cac:PartyLegalEntity/cac:RegistrationAddress//cbc:IdentificationCode",
            "BG-4",
            "BG-4",
            id="an address that has no term, in a group",
        ),
        pytest.param(
            "ubl",
            "BR-CL-14",
            [Edit(into="/*", add=f"<cac:SenderParty><{COUNTRY.format('QQ')}></cac:SenderParty>")],
            "/*/cac:SenderParty//cbc:IdentificationCode",
            "",
            "BG-0",
            id="an address that has no term, in no group",
        ),
        pytest.param(
            "cii",
            "BR-CL-11",
            [Edit(set="/*/rsm:ExchangedDocument/ram:ID/@schemeID", to="x")],
            "/*/rsm:ExchangedDocument/ram:ID",
            "BT-1",
            "BT-1",
            id="an attribute that is too many",
        ),
        pytest.param(
            "cii",
            "BR-CL-10",
            [Edit(set=f"{AGREEMENT}/ram:BuyerTradeParty/ram:GlobalID/@schemeID", to=" 0088")],
            f"{AGREEMENT}/ram:BuyerTradeParty/ram:GlobalID",
            "BG-7/BT-46-1[1]",
            "BT-46-1",
            id="blanks before a scheme",
        ),
    ],
)  # fmt: skip
def test_a_code_is_told_where_it_stands(
    syntax: str, rule: str, edits: list[Edit], element: str, address: str, term: str
) -> None:
    root = changed(syntax, edits)

    (finding,) = told(root, rule)

    assert (finding.address, finding.terms[0]) == (address, term)
    sender = etree.fromstring(etree.tostring(root, encoding="UTF-8"))
    prefixes = {prefix: uri for prefix, uri in sender.nsmap.items() if prefix}
    (selected,) = sender.xpath(finding.location, namespaces=prefixes)
    assert selected is only(sender, element)
    assert finding.line == selected.sourceline


def test_of_two_schemes_only_the_one_with_blanks_is_told() -> None:
    seller = f"{AGREEMENT}/ram:SellerTradeParty"
    root = changed("cii", [Edit(double=f"{seller}/ram:GlobalID[1]")])
    first, second = root.xpath(f"{seller}/ram:GlobalID", namespaces=PREFIXES)[:2]
    first.set("schemeID", PADDED)
    second.set("schemeID", "0088")

    (finding,) = told(root, "BR-CL-10")

    assert finding.found == PADDED
    assert finding.address.startswith("BG-4/BT-29-1[")
    assert finding.location.endswith("ram:GlobalID[1]")
    assert "blancs" in finding.conseil


def test_what_stands_nowhere_is_not_seen() -> None:
    root = changed("ubl", [])
    locator = Locator(root, etree.tostring(root), Syntax.UBL_INVOICE)

    seen = sight(locator, [("BR-CL-14", "QQ"), ("BR-CL-04", "EUR"), ("BR-CL-05", "EUR")])

    assert seen[0] is None
    assert seen[1] is not None
    assert seen[1].address == "BT-5"
