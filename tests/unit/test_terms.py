"""Names, types and addresses of business terms."""

from __future__ import annotations

from decimal import Decimal

import pytest

from chorus_edi.domain.groups import Identifier
from chorus_edi.domain.invoice import Invoice
from chorus_edi.domain.lines import InvoiceLine, ItemAttribute, LineVat
from chorus_edi.domain.parties import Seller, SellerAddress
from chorus_edi.domain.terms import TERMS, DataType, addresses_of, label_of, terms_of
from chorus_edi.errors import Defect


def test_every_term_and_group_of_the_model_has_both_names() -> None:
    for term in TERMS.values():
        assert term.label.fr.strip(), term.id
        assert term.label.en.strip(), term.id


def test_nothing_is_missing_from_en_16931_but_bt_4_which_does_not_exist() -> None:
    terms = {n for n in range(1, 166) if f"BT-{n}" in TERMS}
    groups = {n for n in range(1, 33) if f"BG-{n}" in TERMS}

    assert terms == set(range(1, 166)) - {4}
    assert groups == set(range(1, 33))


def test_a_term_knows_its_place_and_type_in_the_model() -> None:
    term = TERMS["BT-131"]

    assert (term.group, term.owner, term.field) == ("BG-25", InvoiceLine, "net_amount")
    assert term.data_type is DataType.AMOUNT
    assert term.value_type is Decimal
    assert not term.repeated


def test_a_group_knows_what_it_opens() -> None:
    group = TERMS["BG-32"]

    assert group.opens is ItemAttribute
    assert group.repeated
    assert group.data_type is None
    assert [term.id for term in terms_of(ItemAttribute)] == [
        "BT-160", "BT-161", "BT-X-11", "BT-X-12", "BT-X-12-0",
    ]  # fmt: skip


def test_terms_are_called_what_the_norm_calls_them() -> None:
    assert label_of("BT-1") == model_label("Numéro de facture", "Invoice number")
    assert label_of("BG-25").en == "Invoice line"
    assert label_of("BG-0").fr == "Facture"


def test_a_sub_term_is_named_after_its_term() -> None:
    assert label_of("BT-29-1").en == "Seller identifier: scheme identifier"
    assert label_of("BT-125-2").fr == "Nom de fichier du document joint"


@pytest.mark.parametrize("unknown", ["BT-4", "BT-4-1", "BT-999", "siret", ""])
def test_asking_for_an_unknown_term_is_a_defect(unknown: str) -> None:
    with pytest.raises(Defect):
        label_of(unknown)


def test_the_address_of_each_term_present_is_given_in_order_with_its_value() -> None:
    siret = Identifier("12345678200051", "0009")
    invoice = Invoice(
        number="F1",
        seller=Seller(identifiers=(siret,), address=SellerAddress(city="")),
        lines=(
            InvoiceLine(identifier="1"),
            InvoiceLine(vat=LineVat(rate=Decimal("20.0"))),
        ),
    )

    assert list(addresses_of(invoice)) == [
        ("BT-1", "F1"),
        ("BG-4/BT-29[1]", siret),
        ("BG-4/BG-5/BT-37", ""),
        ("BG-25[1]/BT-126", "1"),
        ("BG-25[2]/BG-30/BT-152", Decimal("20.0")),
    ]


def model_label(fr: str, en: str) -> object:
    return type(label_of("BT-1"))(fr, en)
