"""The parse step: what a document claims, and what its attachments cost it."""

from __future__ import annotations

import base64
import re
from datetime import date

import pytest
from lxml import etree

from chorus_edi.domain.dossier import Detected, Document, Parsed
from chorus_edi.domain.findings import Finding, Passed, Severity, Stage
from chorus_edi.domain.invoice import ProcessControl
from chorus_edi.domain.motives import Motive
from chorus_edi.domain.scenarios import Circuit, Claim, Container, Profile, Syntax
from chorus_edi.errors import Defect
from chorus_edi.services.specimens import SPECIFICATION, Style
from chorus_edi.stages.detect import detect
from chorus_edi.stages.parse import parse
from tests.builders import NO_CIRCUIT, an_invoice, cii, facturx, from_abroad, ubl


def parsed(
    data: bytes, *, interface: str | None = None, default: Circuit | None = None
) -> Passed[Parsed]:
    document = Document(
        content=data,
        name="facture.xml",
        deposited=date(2026, 11, 20),
        interface=interface,
        default_circuit=default,
    )
    detected = detect(document)
    assert isinstance(detected, Passed)
    outcome = parse(detected.value)
    assert isinstance(outcome, Passed)
    return outcome


def with_attachments(data: bytes, *contents: bytes, name: str = "detail.pdf") -> bytes:
    """Put attachments into a UBL invoice, in order."""
    blocks = b"".join(
        b"<cac:AdditionalDocumentReference><cbc:ID>PJ</cbc:ID><cac:Attachment>"
        b'<cbc:EmbeddedDocumentBinaryObject mimeCode="application/pdf" filename="%s">%s'
        b"</cbc:EmbeddedDocumentBinaryObject></cac:Attachment></cac:AdditionalDocumentReference>"
        % (name.encode(), content)
        for content in contents
    )
    supplier = b"<cac:AccountingSupplierParty>"
    assert data.count(supplier) == 1
    return data.replace(supplier, blocks + b"\n" + supplier)


PDF = base64.b64encode(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
PROGRAM = base64.b64encode(b"MZ" + bytes(100))


def findings(data: bytes, default: Circuit | None) -> tuple[Finding, ...]:
    return parsed(data, default=default).findings


def test_a_document_is_read_with_its_claim_and_the_scenario_it_leads_to() -> None:
    value = parsed(ubl(process=ProcessControl("S1", SPECIFICATION)), interface="FSO1150A").value

    assert value.claim == Claim(
        syntax=Syntax.UBL_INVOICE,
        container=Container.XML,
        specification=SPECIFICATION,
        process="S1",
        imposed=Circuit.AFNOR,
        follows_the_reform=True,
    )
    assert value.scenario.circuit is Circuit.AFNOR
    assert value.invoice.number == an_invoice().number


def test_the_sender_s_circuit_counts_where_the_document_claims_none() -> None:
    data = ubl(from_abroad())

    assert parsed(data).value.scenario.circuit is None
    assert parsed(data, default=Circuit.AFNOR).value.scenario.circuit is Circuit.AFNOR


def test_signs_of_the_reform_stand_above_the_sender_s_circuit() -> None:
    between_french_parties = ubl(process=NO_CIRCUIT)

    value = parsed(between_french_parties, default=Circuit.HISTORIQUE).value

    assert value.claim.follows_the_reform
    assert value.scenario.circuit is Circuit.AFNOR


def test_historic_cii_is_known_by_its_dates_without_format() -> None:
    data = cii(an_invoice(style=Style.HISTORIC_CII, process=None), historic=True)
    undated = re.sub(rb'(<ram:IssueDateTime>\s*<udt:DateTimeString) format="102"', rb"\1", data)

    value = parsed(undated).value

    assert value.claim.dates_without_format
    assert value.scenario.circuit is Circuit.HISTORIQUE


def test_a_factur_x_is_judged_by_the_profile_it_claims() -> None:
    basic = "urn:cen.eu:en16931:2017#compliant#urn:factur-x.eu:1p0:basic"
    data = facturx(an_invoice(process=ProcessControl(specification=basic)), profile=Profile.BASIC)

    value = parsed(data).value

    assert (value.claim.container, value.scenario.profile) == (Container.FACTUR_X, Profile.BASIC)
    assert value.scenario.schema == "facturx-basic"


def test_sound_attachments_give_no_finding() -> None:
    assert findings(with_attachments(ubl(), PDF, PDF), Circuit.AFNOR) == ()


FAULTS = [(b"", Motive.IRR_VID_PJ), (PROGRAM, Motive.IRR_EXT_DOC), (b"%%", Motive.IRR_SYNTAX)]


@pytest.mark.parametrize("name", ["a&b.pdf", "../a.pdf", "«a».pdf", f"{'a' * 253}.pdf"])
@pytest.mark.parametrize(
    ("circuit", "severity"),
    [(Circuit.AFNOR, Severity.FATAL), (Circuit.HISTORIQUE, Severity.WARNING)],
)
def test_a_name_of_an_attachment_that_may_not_be_is_told_where_it_stands(
    circuit: Circuit, severity: Severity, name: str
) -> None:
    data = with_attachments(ubl(from_abroad()), PDF)
    assert b"detail.pdf" in data
    data = re.sub(rb"[\w-]*detail.pdf", name.replace("&", "&amp;").encode(), data)

    (finding,) = findings(data, circuit)

    assert (finding.rule, finding.motive) == ("CE-PJ-05", Motive.IRR_NOM_PJ)
    assert (finding.severity, finding.address) == (severity, "BG-24[1]/BT-125")
    assert finding.line is not None


@pytest.mark.parametrize(("content", "motive"), FAULTS)
@pytest.mark.parametrize("circuit", list(Circuit))
def test_a_faulty_attachment_is_fatal_in_a_circuit(
    circuit: Circuit, content: bytes, motive: Motive
) -> None:
    data = with_attachments(ubl(from_abroad()), content)

    (finding,) = findings(data, circuit)

    assert (finding.rule, finding.severity) == ("CE-PJ-01", Severity.FATAL)
    assert (finding.stage, finding.motive) == (Stage.PARSE, motive)
    assert "detail.pdf" in finding.message.fr


@pytest.mark.parametrize(("content", "motive"), FAULTS)
def test_a_faulty_attachment_only_warns_outside_the_circuits(
    content: bytes, motive: Motive
) -> None:
    (finding,) = findings(with_attachments(ubl(from_abroad()), content), None)

    assert (finding.severity, finding.motive) == (Severity.WARNING, motive)


def test_each_faulty_attachment_is_shown_where_it_stands() -> None:
    data = with_attachments(ubl(), PDF, b"", PDF, PROGRAM)

    found = findings(data, Circuit.AFNOR)

    assert [f.address for f in found] == ["BG-24[2]/BT-125", "BG-24[4]/BT-125"]
    root = etree.fromstring(data)
    prefixes = {prefix: uri for prefix, uri in root.nsmap.items() if prefix}
    texts = [root.xpath(f.location, namespaces=prefixes)[0].text for f in found]
    assert texts == [None, PROGRAM.decode()]
    assert {f.line for f in found} == {data[: data.index(PROGRAM)].count(b"\n") + 1}


def test_a_document_without_invoice_data_cannot_be_parsed() -> None:
    document = Document(content=b"%PDF-", name="a.pdf", deposited=date(2026, 11, 20))

    with pytest.raises(Defect):
        parse(Detected(document=document, container=Container.PDF))
