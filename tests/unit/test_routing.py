"""Where real invoices put recipient, code service and engagement."""

import pytest

from chorus_edi.domain.groups import Identifier
from chorus_edi.domain.invoice import ChorusFields, Invoice
from chorus_edi.domain.parties import Buyer
from chorus_edi.domain.recipients import routing_of
from chorus_edi.domain.scenarios import Circuit, Syntax

SIRET = "21990001600011"
HISTORIC, AFNOR = Circuit.HISTORIQUE, Circuit.AFNOR


def afnor_invoice():
    return Invoice(
        buyer_reference="AUTRE CHOSE",
        purchase_order=" EJ1 ",
        buyer=Buyer(
            identifiers=(
                Identifier(value=SIRET, scheme="0009"),
                Identifier(value=" AFIN ", scheme="0224"),
            )
        ),
    )


def test_historic_cii_has_the_siret_in_the_legal_organisation_and_the_service_in_bt_10():
    invoice = Invoice(
        buyer_reference="AFIN",
        buyer=Buyer(legal_registration=Identifier(value=SIRET, scheme="1")),
    )

    routing = routing_of(invoice, HISTORIC, Syntax.CII)

    assert (routing.siret, routing.siret_address) == (SIRET, "BG-7/BT-47")
    assert (routing.code_service, routing.code_service_address) == ("AFIN", "BT-10")
    assert (routing.engagement, routing.engagement_address) == (None, "BT-13")


def test_historic_ubl_has_the_siret_under_scheme_name_1_and_the_service_in_the_contact():
    invoice = Invoice(
        buyer_reference="AUTRE CHOSE",
        buyer=Buyer(identifiers=(Identifier(value=SIRET, scheme_name="1"),)),
        chorus=ChorusFields(code_service="AFIN"),
    )

    routing = routing_of(invoice, HISTORIC, Syntax.UBL_INVOICE)

    assert (routing.siret, routing.siret_address) == (SIRET, "BG-7/BT-46[1]")
    assert (routing.code_service, routing.code_service_address) == ("AFIN", "CE-CHORUS/CE-SERVICE")


def test_the_afnor_circuit_has_the_service_under_0224_and_does_not_look_at_bt_10():
    routing = routing_of(afnor_invoice(), AFNOR)

    assert routing.siret == routing.identifier == SIRET
    assert (routing.code_service, routing.code_service_address) == ("AFIN", "BG-7/BT-46[2]")
    assert routing.engagement == "EJ1"


def test_without_a_circuit_0224_goes_before_bt_10():
    with_both = routing_of(afnor_invoice(), None)
    with_bt_10 = routing_of(Invoice(buyer_reference="AFIN"), None)

    assert with_both.code_service == "AFIN"
    assert (with_bt_10.code_service, with_bt_10.code_service_address) == ("AFIN", "BT-10")


@pytest.mark.parametrize("circuit", [HISTORIC, AFNOR, None])
def test_the_electronic_address_is_the_last_place_of_siret_and_service(circuit):
    address = Identifier(value=f"219900016_{SIRET}_AFIN", scheme="0225")

    routing = routing_of(Invoice(buyer=Buyer(electronic_address=address)), circuit)

    assert (routing.siret, routing.siret_address) == (SIRET, "BG-7/BT-49")
    assert (routing.code_service, routing.code_service_address) == ("AFIN", "BG-7/BT-49")


@pytest.mark.parametrize(
    ("identifier", "value"),
    [
        (Identifier(value="219900016", scheme="0002"), "219900016"),
        (Identifier(value="2199", scheme="0009"), "2199"),
        (Identifier(value="12345678901234", scheme="0088"), "12345678901234"),
        (Identifier(value="10202"), "10202"),
    ],
)
def test_an_identifier_that_is_no_siret_is_kept_for_the_report(identifier, value):
    routing = routing_of(Invoice(buyer=Buyer(legal_registration=identifier)), AFNOR)

    assert routing.siret is None
    assert (routing.identifier, routing.siret_address) == (value, "BG-7/BT-47")


def test_a_foreign_bt_46_is_kept_for_the_report_and_a_code_service_is_not():
    service = Identifier(value="AFIN", scheme="0224")
    foreign = Identifier(value="3456789012098", scheme="0088")

    routing = routing_of(Invoice(buyer=Buyer(identifiers=(service, foreign))), None)

    assert (routing.identifier, routing.siret_address) == ("3456789012098", "BG-7/BT-46[2]")


@pytest.mark.parametrize(
    ("circuit", "syntax", "siret", "service"),
    [
        (HISTORIC, Syntax.CII, "BG-7/BT-47", "BT-10"),
        (HISTORIC, Syntax.UBL_INVOICE, "BG-7/BT-46", "CE-CHORUS/CE-SERVICE"),
        (HISTORIC, Syntax.UBL_CREDIT_NOTE, "BG-7/BT-46", "CE-CHORUS/CE-SERVICE"),
        (HISTORIC, None, "BG-7/BT-46", "BT-10"),
        (AFNOR, Syntax.CII, "BG-7/BT-46", "BG-7"),
        (None, Syntax.UBL_INVOICE, "BG-7/BT-46", "BT-10"),
    ],
)
@pytest.mark.parametrize("buyer", [None, Buyer(), Buyer(legal_registration=Identifier(value=" "))])
def test_a_missing_value_has_the_place_where_it_ought_to_stand(
    circuit, syntax, siret, service, buyer
):
    routing = routing_of(Invoice(buyer=buyer, buyer_reference=" "), circuit, syntax)

    assert routing.identifier is None
    assert (routing.siret_address, routing.code_service_address) == (siret, service)
