"""What the directory says of the recipient of an invoice."""

from datetime import date

import msgspec
import pytest

from chorus_edi.domain.dossier import Detected, Document, Parsed, Place, Validated
from chorus_edi.domain.findings import Passed, Severity, Stage
from chorus_edi.domain.groups import Identifier
from chorus_edi.domain.identifiers import IdentifierKind
from chorus_edi.domain.invoice import Invoice, Note
from chorus_edi.domain.lines import InvoiceLine
from chorus_edi.domain.motives import Motive
from chorus_edi.domain.parties import Buyer, Seller
from chorus_edi.domain.recipients import Service, Structure, Supplier, UnknownSuppliers
from chorus_edi.domain.scenarios import Circuit, Claim, Container, Scenario, Syntax
from chorus_edi.rules import chorus_b2g
from chorus_edi.rules.recipient import NEEDS_DIRECTORY, RULES
from chorus_edi.rules.registry import registered_in
from chorus_edi.stages.resolve import not_checked, resolver, told_once
from tests.directories import MemoryDirectory

TOWN = "21990001600011"
WATER = "21990001600029"
SEWAGE = "21990001600037"
SOCIAL = "26990002300012"
SCHOOL = "19990003600013"
CLOSED = "25990004100015"
STATE = "11000201100044"
UNKNOWN = "99990002000010"
DECIDED_BY_LISTS = ("CE-EJ-04", "CE-EJ-05", "CE-FOURN-03", "CE-FOURN-04")
B2G = {rule.id: rule for rule in registered_in(chorus_b2g.__name__)}
HISTORIC, AFNOR = Circuit.HISTORIQUE, Circuit.AFNOR


def structure(siret, **flags):
    return Structure(kind=IdentifierKind.SIRET, identifier=siret, name="FICTIVE", **flags)


def service(siret, code, **flags):
    return Service(structure=siret, code=code, name=code, **flags)


DIRECTORY = MemoryDirectory(
    structures=(
        structure(TOWN, demands_service=True),
        structure(WATER, demands_engagement=True),
        structure(SEWAGE, demands_service_or_engagement=True),
        structure(SOCIAL, demands_engagement=True, demands_service=True),
        structure(SCHOOL),
        structure(CLOSED, active=False),
        structure(STATE, demands_service=True),
    ),
    services=(
        service(TOWN, "AFIN"),
        service(TOWN, "BATI", demands_engagement=True),
        service(TOWN, "VIEUX", active=False),
        service(SEWAGE, "STEP"),
        service(SOCIAL, "AIDE", demands_engagement=True),
        service(STATE, "ETAT1"),
        service(STATE, "ETAT2", active=False),
    ),
    version="v1",
)


def an_invoice(siret=None, code=None, engagement=None, **fields):
    legal = Identifier(value=siret, scheme="1") if siret else None
    return Invoice(
        buyer=Buyer(legal_registration=legal),
        buyer_reference=code,
        purchase_order=engagement,
        **fields,
    )


def parsed(invoice, circuit=HISTORIC, located=None):
    def locate(addresses):
        if located is not None:
            located.append(list(addresses))
        return tuple(Place(f"/x/{address}", line, 1) for line, address in enumerate(addresses, 1))

    document = Document(content=b"", name="f.xml", deposited=date(2026, 11, 21))
    return Parsed(
        detected=Detected(document=document, container=Container.XML),
        syntax=Syntax.CII,
        tree=None,
        xml=b"",
        claim=Claim(syntax=Syntax.CII, container=Container.XML),
        scenario=Scenario(circuit=circuit, profile=None, schema="cii-d22b", rule_sets=()),
        invoice=invoice,
        locate=locate,
        inspect=lambda _: (),
        sight=lambda _: (),
        attachments=lambda: iter(()),
    )


def resolve(
    invoice,
    circuit=HISTORIC,
    directory=DIRECTORY,
    located=None,
    unknown_suppliers=UnknownSuppliers.REFUSED,
):
    outcome = resolver(directory, frozenset({STATE}), unknown_suppliers)(
        Validated(parsed=parsed(invoice, circuit, located))
    )
    assert isinstance(outcome, Passed)
    return outcome


def rules(outcome):
    return [finding.rule for finding in outcome.findings]


def test_a_recipient_that_has_all_it_demands_is_found_with_its_service():
    outcome = resolve(an_invoice(TOWN, "AFIN"))

    assert outcome.findings == ()
    assert outcome.value.structure.identifier == TOWN
    assert outcome.value.service.code == "AFIN"
    assert outcome.value.routing.siret == TOWN
    assert outcome.value.directory_version == "v1"


@pytest.mark.parametrize(
    ("siret", "code", "engagement", "expected"),
    [
        (SCHOOL, None, None, []),
        (SCHOOL, "AFIN", None, ["CE-SERV-02"]),
        (UNKNOWN, None, None, ["CE-DEST-03"]),
        (UNKNOWN, "AFIN", None, ["CE-DEST-03"]),
        (CLOSED, None, None, ["CE-DEST-04"]),
        (CLOSED, "AFIN", None, ["CE-DEST-04", "CE-SERV-02"]),
        (TOWN, None, None, ["CE-SERV-01"]),
        (TOWN, "NULLE", None, ["CE-SERV-02"]),
        (TOWN, "VIEUX", None, ["CE-SERV-03"]),
        (TOWN, "BATI", None, ["CE-EJ-02"]),
        (TOWN, "BATI", "EJ1", []),
        (WATER, None, None, ["CE-EJ-01"]),
        (WATER, None, " ", ["CE-EJ-01"]),
        (WATER, None, "EJ1", []),
        (SEWAGE, None, None, ["CE-EJ-03"]),
        (SEWAGE, "STEP", None, []),
        (SEWAGE, None, "EJ1", []),
        (SOCIAL, None, None, ["CE-SERV-01", "CE-EJ-01"]),
        (SOCIAL, "AIDE", None, ["CE-EJ-01"]),
        (SOCIAL, "AIDE", "EJ1", []),
        (STATE, "ETAT1", None, []),
        (STATE, None, None, ["CE-SERV-04"]),
        (STATE, "ETAT2", None, ["CE-SERV-03"]),
        (STATE, "NULLE", None, ["CE-SERV-02"]),
        (None, None, None, ["CE-DEST-01"]),
        ("219900016", None, None, ["CE-DEST-02"]),
    ],
)
def test_the_directory_decides_what_is_missing_or_wrong(siret, code, engagement, expected):
    assert rules(resolve(an_invoice(siret, code, engagement))) == expected


@pytest.mark.parametrize(("siret", "code"), [(WATER, None), (SEWAGE, None), (SOCIAL, "AIDE")])
def test_an_engagement_on_one_line_meets_what_the_recipient_demands(siret, code):
    lines = (InvoiceLine(identifier="1"), InvoiceLine(identifier="2", order=" EJ-7 "))

    outcome = resolve(an_invoice(siret, code, lines=lines))

    assert outcome.findings == ()
    assert outcome.value.routing.engagement == "EJ-7"


def test_a_blank_order_on_a_line_is_no_engagement_and_that_of_the_invoice_comes_first():
    blank = (InvoiceLine(identifier="1", order="  "),)
    other = (InvoiceLine(identifier="1", order="EJ-7"),)

    assert rules(resolve(an_invoice(WATER, None, lines=blank))) == ["CE-EJ-01"]
    assert resolve(an_invoice(WATER, None, "EJ-1", lines=other)).value.routing.engagement == "EJ-1"


@pytest.mark.parametrize(("circuit", "rule"), [(AFNOR, "BR-FR-CPRO-12"), (None, "CE-EJ-02")])
def test_the_other_circuits_are_resolved_by_the_same_directory(circuit, rule):
    service_code = Identifier(value="BATI", scheme="0224")
    siret = Identifier(value=TOWN, scheme="0009")

    outcome = resolve(Invoice(buyer=Buyer(identifiers=(siret, service_code))), circuit)

    assert rules(outcome) == [rule]
    assert outcome.value.service.code == "BATI"


def test_a_finding_says_what_where_and_what_to_do():
    located = []

    (finding,) = resolve(an_invoice(UNKNOWN), located=located).findings

    assert finding.rule == "CE-DEST-03"
    assert finding.severity is Severity.FATAL
    assert finding.stage is Stage.RESOLVE
    assert finding.motive is Motive.REJ_ADR
    assert finding.terms == ("BT-47",)
    assert finding.address == "BG-7/BT-47"
    assert (finding.location, finding.line, finding.column) == ("/x/BG-7/BT-47", 1, 1)
    assert finding.found == UNKNOWN
    assert finding.conseil
    assert located == [["BG-7/BT-47"]]


def test_the_term_of_a_finding_is_the_one_the_sender_uses():
    siret = Identifier(value=TOWN, scheme="0009")
    code = Identifier(value="NULLE", scheme="0224")

    (finding,) = resolve(Invoice(buyer=Buyer(identifiers=(siret, code))), AFNOR).findings

    assert (finding.address, finding.terms) == ("BG-7/BT-46[2]", ("BT-46",))


def test_where_either_of_two_values_would_do_both_terms_are_named():
    (finding,) = resolve(an_invoice(SEWAGE)).findings

    assert (finding.address, finding.terms) == ("BT-13", ("BT-13", "BT-10"))


def test_every_finding_of_a_document_is_located_in_one_pass():
    located = []

    resolve(an_invoice(SOCIAL), located=located)

    assert located == [["BT-10", "BT-13"]]


def test_a_sound_document_is_not_located_at_all():
    located = []

    resolve(an_invoice(SCHOOL), located=located)

    assert located == []


def test_a_siren_alone_is_told_with_what_is_expected():
    (finding,) = resolve(an_invoice("219900016")).findings

    assert (finding.found, finding.expected) == ("219900016", "14 chiffres")


@pytest.mark.parametrize(
    ("circuit", "expected"),
    [(HISTORIC, "type 1 (SIRET)"), (None, "type 1 (SIRET)"), (AFNOR, "schéma 0009 (SIRET)")],
)
def test_fourteen_digits_under_a_type_nobody_knows_lack_their_type(circuit, expected):
    held = (Identifier(value="219 900 016 00011", scheme="01"),)

    (finding,) = resolve(Invoice(buyer=Buyer(identifiers=held)), circuit).findings

    assert (finding.rule, finding.found) == ("CE-DEST-02", "219 900 016 00011")
    assert finding.expected == expected
    assert finding.motive is Motive.ADR_ERR


def test_an_unknown_siret_with_a_service_of_the_state_goes_to_the_state_in_the_historic_circuit():
    outcome = resolve(an_invoice(UNKNOWN, "ETAT1"))

    assert outcome.findings == ()
    assert outcome.value.structure.identifier == STATE
    assert outcome.value.routing.siret == STATE
    assert outcome.value.routing.identifier == UNKNOWN


def test_a_closed_service_of_the_state_is_told_behind_an_unknown_siret():
    assert rules(resolve(an_invoice(UNKNOWN, "ETAT2"))) == ["CE-SERV-03"]


def test_an_unknown_siret_stays_unknown_in_the_afnor_circuit():
    siret = Identifier(value=UNKNOWN, scheme="0009")
    code = Identifier(value="ETAT1", scheme="0224")

    outcome = resolve(Invoice(buyer=Buyer(identifiers=(siret, code))), AFNOR)

    assert rules(outcome) == ["CE-DEST-03"]
    assert outcome.value.structure is None


def test_the_state_is_found_by_its_service_even_where_no_structure_row_stands():
    directory = MemoryDirectory(services=(service(STATE, "ETAT1", demands_engagement=True),))

    with_engagement = resolve(an_invoice(STATE, "ETAT1", "EJ1"), directory=directory)
    without = resolve(an_invoice(STATE, "ETAT1"), directory=directory)
    unknown = resolve(an_invoice(STATE, "NULLE"), directory=directory)

    assert with_engagement.findings == ()
    assert with_engagement.value.service.code == "ETAT1"
    assert rules(without) == ["CE-EJ-02"]
    assert rules(unknown) == ["CE-SERV-02"]


def test_without_a_directory_nothing_is_said_that_needs_one():
    outcome = resolve(an_invoice(UNKNOWN, "NULLE"), directory=None)

    assert outcome.findings == ()
    assert outcome.value.structure is None
    assert outcome.value.directory_version is None
    assert outcome.value.routing.siret == UNKNOWN


def test_without_a_directory_the_historic_circuit_still_demands_a_recipient():
    assert rules(resolve(an_invoice(), directory=None)) == ["CE-DEST-01"]
    assert rules(resolve(an_invoice("219900016"), directory=None)) == ["CE-DEST-02"]
    assert rules(resolve(an_invoice(STATE), directory=None)) == ["CE-SERV-04"]


@pytest.mark.parametrize("circuit", [AFNOR, None])
def test_without_a_directory_an_invoice_between_companies_needs_no_siret(circuit):
    assert rules(resolve(an_invoice("219900016"), circuit, directory=None)) == []
    assert rules(resolve(an_invoice(), circuit, directory=None)) == []


@pytest.mark.parametrize("note", [Note(subject_code="ADN", text="B2G"), Note(text=" #ADN#B2G ")])
def test_without_a_directory_the_note_adn_says_that_the_recipient_is_public(note):
    invoice = an_invoice(notes=(Note(text="Merci"), note))

    assert rules(resolve(invoice, AFNOR, directory=None)) == ["CE-DEST-01"]


def test_rules_that_are_not_judged_are_named():
    public = not_checked(parsed(an_invoice(), HISTORIC))
    private = not_checked(parsed(an_invoice(), AFNOR))

    assert sorted(public) == sorted(NEEDS_DIRECTORY)
    assert set(private) - set(DECIDED_BY_LISTS) == {
        *("CE-DEST-01", "CE-DEST-02", "CE-DEST-03", "CE-DEST-04", "CE-SERV-02", "CE-SERV-03"),
        *("BR-FR-CPRO-11", "BR-FR-CPRO-12", "BR-FR-CPRO-13"),
    }
    assert len(private) == len(set(private))


def test_every_rule_is_written_for_people_and_has_an_id_of_its_own():
    assert len({rule.id for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert rule.id.startswith("CE-")
        assert not rule.in_afnor or B2G[rule.in_afnor].motive is rule.motive
        assert rule.message.fr.endswith(".")
        assert rule.message.en.endswith(".")
        assert rule.conseil.endswith(".")
        assert rule.terms
        assert not rule.motive.irrecevable
        assert rule.source


@pytest.mark.parametrize(
    ("siret", "code", "engagement", "expected"),
    [
        (TOWN, None, None, ["BR-FR-CPRO-11"]),
        (TOWN, "BATI", None, ["BR-FR-CPRO-12"]),
        (WATER, None, None, ["BR-FR-CPRO-12"]),
        (SEWAGE, None, None, ["BR-FR-CPRO-13"]),
        (SOCIAL, None, None, ["BR-FR-CPRO-11", "BR-FR-CPRO-12"]),
        (SOCIAL, "AIDE", "EJ1", []),
    ],
)
def test_the_afnor_circuit_knows_the_obligations_of_a_recipient_under_the_authority_s_ids(
    siret, code, engagement, expected
):
    held = [Identifier(value=siret, scheme="0009")]
    held += [Identifier(value=code, scheme="0224")] if code else []
    invoice = Invoice(buyer=Buyer(identifiers=tuple(held)), purchase_order=engagement)

    outcome = resolve(invoice, AFNOR)

    assert rules(outcome) == expected
    cards = [B2G[rule] for rule in expected]
    assert [(one.motive, one.message, one.conseil) for one in outcome.findings] == [
        (card.motive, card.message, card.conseil) for card in cards
    ]


@pytest.mark.parametrize(
    ("invoice", "circuit", "directory", "public"),
    [
        (an_invoice(), HISTORIC, None, True),
        (an_invoice(SCHOOL), AFNOR, DIRECTORY, True),
        (an_invoice(STATE, "ETAT1"), AFNOR, DIRECTORY, True),
        (an_invoice(UNKNOWN), AFNOR, DIRECTORY, False),
        (an_invoice(SCHOOL), AFNOR, None, False),
        (an_invoice(notes=(Note(subject_code="ADN", text="B2G"),)), AFNOR, None, True),
    ],
)
def test_who_is_public_is_said_by_circuit_note_or_directory(invoice, circuit, directory, public):
    assert resolve(invoice, circuit, directory).value.public is public


def test_what_is_resolved_is_plain_values():
    outcome = resolve(an_invoice(UNKNOWN, "NULLE"))

    assert msgspec.msgpack.encode(outcome.findings)
    assert msgspec.msgpack.encode(outcome.value.routing)


def told_by_a_set(rule, address, severity=Severity.FATAL):
    (finding,) = resolve(an_invoice("219900016")).findings
    return msgspec.structs.replace(finding, rule=rule, address=address, severity=severity)


@pytest.mark.parametrize(
    ("rule", "address", "severity", "left"),
    [
        ("BR-FR-CPRO-10", "BG-7/BT-46", Severity.FATAL, ["BR-FR-CPRO-10"]),
        ("BR-FR-09", "BG-7/BT-46[1]", Severity.FATAL, ["BR-FR-09"]),
        ("BR-FR-09", "BG-4/BT-29[1]", Severity.FATAL, ["CE-DEST-02", "BR-FR-09"]),
        ("BR-FR-CPRO-10", "BG-7/BT-46", Severity.WARNING, ["CE-DEST-02", "BR-FR-CPRO-10"]),
        ("BR-FR-11", "BG-7/BT-47", Severity.FATAL, ["CE-DEST-02", "BR-FR-11"]),
    ],
)
def test_a_recipient_without_a_siret_is_told_once(rule, address, severity, left):
    findings = resolve(an_invoice("219900016")).findings

    kept = told_once((*findings, told_by_a_set(rule, address, severity)))

    assert [finding.rule for finding in kept] == left


# -- services that are open for a time -------------------------------------------------------------


@pytest.mark.parametrize(
    ("begins", "ends", "expected"),
    [
        (None, None, None),
        (date(2026, 11, 21), date(2026, 11, 21), None),
        (date(2026, 11, 22), None, "à partir du 22/11/2026"),
        (None, date(2026, 11, 20), "jusqu'au 20/11/2026"),
        (
            date(2027, 1, 1),
            date(2027, 12, 31),
            "à partir du 01/01/2027 jusqu'au 31/12/2027",
        ),
    ],
)
def test_a_service_is_written_to_within_its_time_only(begins, ends, expected):
    limited = service(SCHOOL, "ETE", valid_from=begins, valid_to=ends)
    directory = MemoryDirectory(structures=(structure(SCHOOL),), services=(limited,))

    outcome = resolve(an_invoice(SCHOOL, "ETE"), directory=directory)

    assert rules(outcome) == (["CE-SERV-03"] if expected else [])
    assert [finding.expected for finding in outcome.findings] == ([expected] if expected else [])


# -- suppliers -------------------------------------------------------------------------------------


def from_supplier(identifier, scheme="1"):
    held = (Identifier(value=identifier, scheme=scheme),) if identifier else ()
    return an_invoice(SCHOOL, seller=Seller(identifiers=held))


def listing(*suppliers):
    return MemoryDirectory(structures=(structure(SCHOOL),), suppliers=suppliers)


def supplier(identifier, kind=IdentifierKind.SIRET, **flags):
    return Supplier(kind=kind, identifier=identifier, name="FICTIF", **flags)


@pytest.mark.parametrize(
    ("identifier", "scheme", "expected"),
    [
        (TOWN, "1", []),
        ("219 900 016 00011", "1", []),
        (WATER, "1", ["CE-FOURN-03"]),
        (TOWN, "6", ["CE-FOURN-03"]),
        (CLOSED, "1", ["CE-FOURN-04"]),
        ("KRBRUMEETCIE", "3", []),
        ("kr brume et cie", "3", []),
        (None, "1", []),
    ],
)
def test_a_supplier_is_in_the_list_and_active_there(identifier, scheme, expected):
    directory = listing(
        supplier(TOWN),
        supplier(CLOSED, active=False),
        supplier("KRBRUMEETCIE", IdentifierKind.HORS_UE),
    )

    assert rules(resolve(from_supplier(identifier, scheme), directory=directory)) == expected


def test_an_unknown_supplier_is_refused_where_he_stands_with_the_motive_of_the_referentials():
    (finding,) = resolve(from_supplier(WATER), directory=listing()).findings

    assert finding.fatal
    assert (finding.motive, finding.found) == (Motive.REJ_COH, WATER)
    assert (finding.address, finding.terms) == ("BG-4/BT-29[1]", ("BT-29",))


def test_an_unknown_supplier_may_be_accepted_and_one_who_is_closed_never():
    directory = listing(supplier(CLOSED, active=False))
    accept = UnknownSuppliers.ACCEPTED

    unknown = resolve(from_supplier(WATER), directory=directory, unknown_suppliers=accept)
    closed = resolve(from_supplier(CLOSED), directory=directory, unknown_suppliers=accept)

    assert [finding.severity for finding in unknown.findings] == [Severity.WARNING]
    assert [finding.severity for finding in closed.findings] == [Severity.FATAL]


def test_without_a_list_of_suppliers_nobody_is_unknown():
    assert rules(resolve(from_supplier(WATER))) == []


# -- commitment numbers ----------------------------------------------------------------------------


def committed(siret, **numbers):
    return MemoryDirectory(
        structures=(structure(siret), structure(SCHOOL)),
        services=(service(siret, "ETAT1"),),
        engagements={(siret, number): opened for number, opened in numbers.items()},
    )


@pytest.mark.parametrize(
    ("number", "expected"), [("EJ1", []), ("EJ2", ["CE-EJ-05"]), ("EJ3", ["CE-EJ-04"]), (None, [])]
)
@pytest.mark.parametrize(
    ("siret", "severity"), [(WATER, Severity.WARNING), (STATE, Severity.FATAL)]
)
def test_a_commitment_that_the_list_knows_as_closed_or_not_at_all_is_told(
    siret, severity, number, expected
):
    outcome = resolve(
        an_invoice(siret, "ETAT1", number), directory=committed(siret, EJ1=True, EJ2=False)
    )

    assert rules(outcome) == expected
    assert all(one.severity is severity for one in outcome.findings)
    assert all(one.motive is Motive.REJ_CONT_B2G for one in outcome.findings)


def test_who_has_no_commitment_in_the_list_is_not_judged_by_it():
    assert (
        rules(resolve(an_invoice(SCHOOL, None, "EJ9"), directory=committed(WATER, EJ1=True))) == []
    )


def test_commitments_on_lines_are_judged_each_once():
    lines = [InvoiceLine(identifier=str(n), order=order) for n, order in enumerate("1223", 1)]
    invoice = an_invoice(WATER, "ETAT1", "1", lines=tuple(lines))

    outcome = resolve(invoice, directory=committed(WATER, **{"1": True}))

    assert [(one.rule, one.found, one.address) for one in outcome.findings] == [
        ("CE-EJ-04", "2", "BG-25[2]/EXT-FR-FE-135"),
        ("CE-EJ-04", "3", "BG-25[4]/EXT-FR-FE-135"),
    ]
    assert {one.terms for one in outcome.findings} == {("EXT-FR-FE-135",)}
