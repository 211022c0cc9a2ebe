"""The validate step: refuses, or passes with findings where it is told to go on."""

from __future__ import annotations

import re
from typing import Any

import pytest
from lxml import etree

from chorus_edi.adapters.files.artefacts import Schemas, load_manifest
from chorus_edi.domain.dossier import Detected, Document, Parsed
from chorus_edi.domain.findings import Finding, Passed, Refused, Severity, Stage
from chorus_edi.domain.motives import Motive
from chorus_edi.domain.scenarios import ROOTS, Circuit, Container
from chorus_edi.formats.xml import XmlDocument
from chorus_edi.formats.xml import parse as parse_xml
from chorus_edi.services.specimens import Style
from chorus_edi.stages.parse import parse
from chorus_edi.stages.validate import RULES, validator
from tests.builders import cii, ubl


@pytest.fixture(scope="module")
def schemas() -> Schemas:
    return Schemas(load_manifest())


def parsed(data: bytes, circuit: Circuit | None = None) -> Parsed:
    xml = parse_xml(data)
    assert isinstance(xml, XmlDocument)
    outcome = parse(
        Detected(
            document=Document(
                content=data, name="facture.xml", deposited="2026-11-20", default_circuit=circuit
            ),
            container=Container.XML,
            syntax=ROOTS[xml.tree.tag],
            xml=xml.xml,
            tree=xml.tree,
        )
    )
    assert isinstance(outcome, Passed)
    return outcome.value


def refusal(schemas: Schemas, document: Parsed, **options: bool) -> tuple[Finding, ...]:
    outcome = validator(schemas, **options)(document)
    assert isinstance(outcome, Refused)
    return outcome.findings


def selected(data: bytes, finding: Finding) -> Any:
    """Return the one element that a finding's XPath selects in the sender's own file."""
    root = etree.fromstring(data)
    prefixes = {prefix: uri for prefix, uri in root.nsmap.items() if prefix}
    (element,) = root.xpath(finding.location, namespaces=prefixes)
    return element


def without(data: bytes, name: str) -> bytes:
    """Take out an element, whatever its prefix, and all it holds."""
    found = re.compile(rb"<((?:\w+:)?" + name.encode() + rb")\b(?:[^>]*/>|.*?</\1>)", re.S)
    cut, count = found.subn(b"", data, count=1)
    assert count == 1
    return cut


def spread(data: bytes) -> bytes:
    """Put each element on a line of its own."""
    return data.replace(b"><", b">\n<")


@pytest.mark.parametrize("data", [ubl(), cii()], ids=["ubl", "cii"])
def test_a_valid_document_passes_without_findings(schemas: Schemas, data: bytes) -> None:
    document = parsed(data)

    outcome = validator(schemas)(document)

    assert isinstance(outcome, Passed)
    assert outcome.findings == ()
    assert outcome.value.parsed is document


def test_an_invalid_document_is_refused_with_what_was_expected_and_where(schemas: Schemas) -> None:
    data = spread(without(ubl(), "IssueDate"))

    (finding,) = refusal(schemas, parsed(data))

    assert finding.rule in RULES
    assert (finding.stage, finding.severity) == (Stage.VALIDATE, Severity.FATAL)
    assert finding.motive is Motive.IRR_SYNTAX
    assert "IssueDate" in (finding.expected or "")
    assert finding.found is not None
    # the place is that of the element found, in the sender's own file
    element = selected(data, finding)
    assert etree.QName(element).localname == finding.found
    assert finding.line == element.sourceline
    assert data.split(b"\n")[finding.line - 1].index(b"<") + 1 == finding.column


def test_an_invalid_document_goes_on_where_it_may(schemas: Schemas) -> None:
    document = parsed(without(ubl(), "IssueDate"))

    outcome = validator(schemas, keep_going=True)(document)

    assert isinstance(outcome, Passed)
    assert [finding.rule for finding in outcome.findings] == ["CE-XSD"]
    assert outcome.findings == refusal(schemas, document)


def test_a_thorough_reading_tells_more_of_an_invalid_document(schemas: Schemas) -> None:
    data = without(ubl(), "IssueDate").replace(b"</cbc:PayableAmount>", b"x</cbc:PayableAmount>")
    document = parsed(data)

    assert len(refusal(schemas, document)) == 1
    assert len(refusal(schemas, document, thorough=True)) == 2


HISTORIC = cii(historic=True, style=Style.HISTORIC_CII)
NO_DELIVERY = spread(without(HISTORIC, "ApplicableHeaderTradeDelivery"))


def test_historic_cii_is_judged_like_any_other(schemas: Schemas) -> None:
    assert isinstance(validator(schemas)(parsed(HISTORIC)), Passed)


def test_historic_cii_may_lack_its_delivery_group(schemas: Schemas) -> None:
    document = parsed(NO_DELIVERY)
    before = etree.tostring(document.tree)

    outcome = validator(schemas)(document)

    assert isinstance(outcome, Passed)
    assert outcome.findings == ()
    assert etree.tostring(document.tree) == before


def test_cii_of_another_circuit_may_not(schemas: Schemas) -> None:
    data = spread(without(cii(), "ApplicableHeaderTradeDelivery"))

    (finding,) = refusal(schemas, parsed(data, Circuit.AFNOR))

    assert finding.expected == "ApplicableHeaderTradeDelivery"


def test_other_faults_of_historic_cii_without_delivery_keep_their_places(schemas: Schemas) -> None:
    # given: a wrong amount behind the place of the missing group
    data = re.sub(rb"(<ram:DuePayableAmount[^>]*>)", rb"\1x", NO_DELIVERY)
    document = parsed(data)
    before = etree.tostring(document.tree)

    (finding,) = refusal(schemas, document)

    element = selected(data, finding)
    assert etree.QName(element).localname == "DuePayableAmount"
    assert finding.line == element.sourceline
    assert etree.tostring(document.tree) == before


@pytest.mark.parametrize(
    "also", ["ApplicableHeaderTradeSettlement", "ApplicableHeaderTradeAgreement"]
)
def test_without_delivery_another_missing_group_is_still_a_fault(
    schemas: Schemas, also: str
) -> None:
    (finding,) = refusal(schemas, parsed(without(NO_DELIVERY, also)))

    assert also in (finding.expected or "")


def test_a_historic_cii_without_any_group_is_told_as_it_is(schemas: Schemas) -> None:
    data = NO_DELIVERY
    for name in ("ApplicableHeaderTradeSettlement", "ApplicableHeaderTradeAgreement"):
        data = without(data, name)
    assert refusal(schemas, parsed(data))
    assert refusal(schemas, parsed(without(data, "SupplyChainTradeTransaction")))


def test_a_historic_cii_with_its_delivery_group_is_told_as_it_is(schemas: Schemas) -> None:
    data = re.sub(rb"(<ram:DuePayableAmount[^>]*>)", rb"\1x", HISTORIC)

    (finding,) = refusal(schemas, parsed(data))

    assert finding.expected is not None
    assert (finding.found or "").startswith("x")
