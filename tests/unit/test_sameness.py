"""What recycling may change of an invoice, and what makes it another one."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from chorus_edi.domain.groups import Identifier, Odd
from chorus_edi.domain.invoice import ChorusFields, Invoice
from chorus_edi.domain.lines import InvoiceLine, StrayLine
from chorus_edi.domain.parties import Buyer, BuyerAddress, Seller
from chorus_edi.domain.sameness import ROUTING_TERMS, differing
from chorus_edi.domain.terms import TERMS

FIRST = Invoice(
    number="F-1",
    purchase_order="4500001",
    buyer_reference="FIN",
    seller=Seller(name="Papeterie"),
    buyer=Buyer(
        name="Valbourg",
        identifiers=(Identifier(value="21800019800018", scheme_name="1"),),
        address=BuyerAddress(city="VALBOURG"),
    ),
    lines=(InvoiceLine(identifier="1", net_amount=Decimal(10)),),
)


def with_buyer(**changes: Any) -> Invoice:
    assert FIRST.buyer is not None
    return replace(FIRST, buyer=replace(FIRST.buyer, **changes))


@pytest.mark.parametrize(
    "again",
    [
        FIRST,
        replace(FIRST, purchase_order=None, buyer_reference="RH"),
        replace(FIRST, chorus=ChorusFields(code_service="RH")),
        with_buyer(identifiers=(Identifier(value="2107", scheme_name="1"),)),
        with_buyer(identifiers=(), legal_registration=Identifier(value="2107", scheme="1")),
    ],
)
def test_an_invoice_that_only_goes_elsewhere_is_the_same(again: Invoice) -> None:
    assert differing(FIRST, again) == differing(again, FIRST) == ()


def test_what_else_changed_is_named_once_by_its_term() -> None:
    lines = (
        InvoiceLine(identifier="1", net_amount=Decimal(11)),
        InvoiceLine(identifier="2", net_amount=Decimal(5)),
    )
    again = replace(FIRST, lines=lines, seller=None, purchase_order="4500002")

    assert set(differing(FIRST, again)) == {"BT-131", "BT-126", "BT-27"}
    assert differing(FIRST, with_buyer(address=BuyerAddress(city="AILLEURS"))) == ("BT-52",)


def test_an_amount_written_otherwise_is_the_same_amount() -> None:
    again = replace(FIRST, lines=(InvoiceLine(identifier="1", net_amount=Decimal("10.00")),))

    assert differing(FIRST, again) == ()


def test_the_terms_of_routing_are_terms_of_the_model() -> None:
    assert set(TERMS) >= ROUTING_TERMS


def test_a_further_value_of_a_term_that_stands_once_is_told_too() -> None:
    twice = replace(FIRST, odd={"payment_terms": Odd(further=("À trente jours",))})

    assert differing(FIRST, twice) == differing(twice, FIRST) == ("BT-20",)
    assert differing(FIRST, replace(FIRST, odd={"number": Odd(written=" F-1 ")})) == ()


def test_what_stands_beside_the_terms_is_told_by_the_nearest_group() -> None:
    again = replace(
        FIRST,
        stray_lines=(
            StrayLine(
                other=True, net_amount=Decimal(1), categories=(), rates=(), reasons=(), counts=True
            ),
        ),
    )

    assert differing(FIRST, again) == ("BG-25",)


def test_the_buyer_reference_is_routing_only_where_the_service_is_read_from_it() -> None:
    by_field = replace(FIRST, chorus=ChorusFields(code_service="FIN"))

    assert differing(FIRST, replace(FIRST, buyer_reference="RH")) == ()
    assert differing(by_field, replace(by_field, buyer_reference="RH")) == ("BT-10",)
