import tarfile
from collections.abc import Callable, Mapping
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from lxml import etree
from stdnum import iban
from stdnum.fr import siren, siret, tva

from chorus_edi.domain.flux import flow_name_of
from chorus_edi.domain.identifiers import buyer_of, seller_of
from chorus_edi.domain.invoice import Invoice
from chorus_edi.domain.recipients import routing_of
from chorus_edi.domain.scenarios import ROOTS, Circuit, RuleSet
from chorus_edi.formats.inspection import faults_in
from chorus_edi.formats.reader import read
from chorus_edi.formats.suspects import ANY
from chorus_edi.formats.writers import to_cii, to_ubl
from chorus_edi.rules.sets import plan_for
from chorus_edi.services.nights import (
    UNKNOWN_SERVICE,
    flow_name,
    flows,
    night,
    tar_gz,
    with_wrong_total,
    without,
)
from chorus_edi.services.specimens import Recipient, Style, recipients_in, specimen
from tests.builders import TOWN, an_invoice
from tests.xsd import faults

STRUCTURES = """\
\ufeffTypeIdentifiant;Identifiant;RaisonSociale;GestionEngagement;GestionService;\
GestionServiceEngagement;StructureActive
SIRET;21990001600011;Ville;false;true;false;true
SIRET;21990001600029;Eau;true;false;false;true
SIRET;21990001600037;Assainissement;false;false;true;true
SIRET;25990004100015;Dissous;false;false;false;false
"""
SERVICES = """\
TypeIdentifiant;Identifiant;Code;GestionEGMT;ServiceActif
SIRET;21990001600011;AFIN;false;true
SIRET;21990001600011;BATI;true;true
SIRET;21990001600011;FACTURES_PUBLIQUES;false;true
SIRET;21990001600011;CLOS;false;false
"""
CHOOSY = Recipient(siret="21990001600011", name="Ville", code_service="AFIN", engagement=True)


def test_recipients_are_those_who_can_be_sent_an_invoice_with_what_they_demand() -> None:
    found = recipients_in(STRUCTURES, SERVICES)

    assert [(r.siret[-5:], r.code_service, r.engagement) for r in found] == [
        ("00011", "AFIN", False),
        ("00011", "BATI", True),
        ("00029", None, True),
        ("00037", None, True),
    ]


@pytest.mark.parametrize("write", [to_ubl, to_cii])
@pytest.mark.parametrize("number", range(1, 60))
def test_a_specimen_as_it_is_written_breaks_no_rule_of_en_16931(
    number: int, write: Callable[[Invoice, Mapping[str, bytes]], bytes]
) -> None:
    made = specimen(number, [CHOOSY])

    tree = etree.fromstring(write(made.invoice, made.files))

    syntax = ROOTS[tree.tag]
    reading, plan = read(tree, syntax), plan_for((RuleSet.EN16931,), date(2026, 9, 1), syntax)
    assert plan.examine(reading.invoice) == ()
    assert faults_in(tree, {ANY}, plan.demands) == []


def test_the_same_number_gives_the_same_invoice_and_another_gives_another() -> None:
    assert specimen(7, [CHOOSY]) == specimen(7, [CHOOSY])
    assert specimen(7, [CHOOSY]) != specimen(8, [CHOOSY])
    assert specimen(7, [CHOOSY]) != specimen(7, [CHOOSY], seed=1)


def test_specimens_are_varied() -> None:
    made = [specimen(n, [CHOOSY]).invoice for n in range(1, 200)]

    assert {i.type_code for i in made} == {"380", "381"}
    assert {len(i.lines) for i in made} >= {1, 2, 40}
    assert len({row.rate for i in made for row in i.vat_breakdown}) == 5
    assert any(i.allowances for i in made)
    assert any(i.charges for i in made)
    assert any(i.supporting_documents for i in made)
    assert len({i.number for i in made}) == len(made)


def test_keys_of_identifiers_are_right() -> None:
    made = specimen(3, [CHOOSY]).invoice
    seller = seller_of(made)

    assert seller is not None
    assert siret.is_valid(seller.identifier)
    assert siren.is_valid(seller.key)
    assert tva.is_valid(made.seller.vat_identifier)
    assert iban.is_valid(made.payment[0].credit_transfers[0].account.value)


@pytest.mark.parametrize(
    ("style", "circuit"),
    [
        (Style.AFNOR, Circuit.AFNOR),
        (Style.HISTORIC_UBL, Circuit.HISTORIQUE),
        (Style.HISTORIC_CII, Circuit.HISTORIQUE),
    ],
)
def test_every_style_puts_recipient_service_and_engagement_where_routing_looks(
    style: Style, circuit: Circuit
) -> None:
    invoice = specimen(5, [CHOOSY], style=style).invoice

    routing = routing_of(invoice, circuit)

    assert buyer_of(invoice) is not None
    assert routing.siret == CHOOSY.siret
    assert routing.code_service == "AFIN"
    assert routing.engagement is not None


def test_a_plain_specimen_has_one_line_and_no_option() -> None:
    invoice = an_invoice()

    assert len(invoice.lines) == 1
    assert not invoice.allowances
    assert not invoice.supporting_documents
    assert invoice.type_code == "380"


def test_flow_names_are_official() -> None:
    name = flow_name("FSO1100A", "ABC123", 42)

    parsed = flow_name_of(name)

    assert parsed is not None
    assert parsed.numero == "ABC1231100000000000000042"


def test_a_night_holds_what_an_operator_meets_and_is_the_same_every_time(tmp_path: Path) -> None:
    first = night(tmp_path / "a", [TOWN, CHOOSY])
    second = night(tmp_path / "b", [TOWN, CHOOSY])

    assert [path.name for path in first] == [path.name for path in second]
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]
    assert {path.parent.name for path in first} == {"ABC123"}
    assert sorted(p.name for p in (tmp_path / "a" / "ABC123").iterdir()) == [p.name for p in first]
    assert {path.suffix for path in first} == {".xml", ".pdf", ".gz", ".txt", ""}


def test_the_partial_archive_of_a_night_names_an_unknown_service(tmp_path: Path) -> None:
    partial = next(p for p in night(tmp_path, [TOWN, CHOOSY]) if "partiel" in p.name)

    with tarfile.open(partial) as archive:
        lost = archive.extractfile("facture-4-service-inconnu.xml").read().decode()

    assert UNKNOWN_SERVICE in lost


def test_an_invoice_without_its_date_is_invalid_by_its_schema() -> None:
    broken = without(to_ubl(an_invoice()), "IssueDate")

    assert len(faults(broken, "Invoice")) == 1


def test_a_wrong_total_breaks_a_rule() -> None:
    plan = plan_for((RuleSet.EN16931,), date(2026, 9, 1))

    hits = plan.examine(with_wrong_total(an_invoice()))

    assert hits


def test_flows_hold_as_many_invoices_as_asked() -> None:
    made = dict(flows(7, 3, [TOWN]))

    counts = []
    for content in made.values():
        with tarfile.open(fileobj=BytesIO(content)) as archive:
            counts.append(len(archive.getnames()))

    assert counts == [3, 3, 1]
    assert made == dict(flows(7, 3, [TOWN]))


def test_the_same_files_give_the_same_archive() -> None:
    assert tar_gz({"a": b"1", "b": b"2"}) == tar_gz({"a": b"1", "b": b"2"})
