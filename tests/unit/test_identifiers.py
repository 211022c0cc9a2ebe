"""Which identifier a party is known by."""

import pytest

from chorus_edi.domain.groups import Identifier
from chorus_edi.domain.identifiers import (
    ElectronicAddress,
    IdentifierKind,
    Party,
    buyer_of,
    compact,
    electronic_address,
    is_siret,
    kind_of,
    looks_like_siret,
    seller_of,
)
from chorus_edi.domain.invoice import Invoice
from chorus_edi.domain.parties import Buyer, Seller

SIRET = "21990001600011"
SIREN = "219900016"
WRONG_KEY = "21990001600012"


@pytest.mark.parametrize("text", [SIRET, "35600000000048", "35600000009075", "11000201100044"])
def test_a_siret_has_fourteen_digits_and_a_right_key(text):
    assert is_siret(text)


@pytest.mark.parametrize(
    "text", ["", SIREN, WRONG_KEY, "35600000009076", "219 900 016 00011", "2199000160001A"]
)
def test_anything_else_is_no_siret(text):
    assert not is_siret(text)


def test_digits_of_other_scripts_are_no_digits():
    arabic = SIRET.translate({ord("0") + n: chr(0x0660 + n) for n in range(10)})

    assert not is_siret(arabic)
    assert not looks_like_siret(arabic)


def test_a_recipient_of_the_qualification_platform_may_have_a_wrong_key():
    assert looks_like_siret(WRONG_KEY)


def test_blanks_of_every_width_are_taken_out():
    assert compact(" 219\u00a0900\u202f016 00011\n") == SIRET


@pytest.mark.parametrize(
    ("identifier", "kind"),
    [
        (Identifier(value=SIRET, scheme_name="1"), IdentifierKind.SIRET),
        (Identifier(value=SIRET, scheme="1"), IdentifierKind.SIRET),
        (Identifier(value=SIRET, scheme="0009"), IdentifierKind.SIRET),
        (Identifier(value=SIRET, scheme="0002"), IdentifierKind.SIRET),
        (Identifier(value=SIRET, scheme_name="siret"), IdentifierKind.SIRET),
        (Identifier(value=SIRET, scheme=" Siret "), IdentifierKind.SIRET),
        (Identifier(value=SIRET, scheme="01"), None),
        (Identifier(value=SIRET), IdentifierKind.SIRET),
        (Identifier(value=SIRET, scheme=""), IdentifierKind.SIRET),
        (Identifier(value=SIREN, scheme="0002"), IdentifierKind.SIREN),
        (Identifier(value="FR12345678901", scheme_name="2"), IdentifierKind.UE_HORS_FRANCE),
        (Identifier(value="KRPAPIER", scheme="ETR"), IdentifierKind.HORS_UE),
        (Identifier(value="0123456", scheme="RIDET"), IdentifierKind.RIDET),
        (Identifier(value=SIRET, scheme="0088"), None),
        (Identifier(value=SIREN), None),
        (Identifier(scheme="0009"), IdentifierKind.SIRET),
        (Identifier(), None),
    ],
)
def test_the_scheme_says_the_kind(identifier, kind):
    assert kind_of(identifier) is kind


@pytest.mark.parametrize(
    ("value", "scheme", "expected"),
    [
        (f"{SIREN}_{SIRET}_AFIN", "0225", ElectronicAddress(SIRET, "AFIN")),
        (f"{SIREN}_{SIRET}_A_B", "0225", ElectronicAddress(SIRET, "A_B")),
        (f"{SIREN}_{SIRET}", "0225", ElectronicAddress(SIRET, None)),
        (SIRET, "0009", ElectronicAddress(SIRET, None)),
        (SIRET, "0225", ElectronicAddress(SIRET, None)),
        (SIRET, "0088", ElectronicAddress()),
        (SIREN, "0225", ElectronicAddress()),
        (f"{SIREN}_FACTURES", "0225", ElectronicAddress()),
        (f"199900036_{SIRET}", "0225", ElectronicAddress()),
        (f"{SIREN}_{SIRET}", "EM", ElectronicAddress()),
        (SIREN, "0009", ElectronicAddress()),
        (None, "0225", ElectronicAddress()),
    ],
)
def test_an_electronic_address_may_hold_a_siret_and_a_service(value, scheme, expected):
    assert electronic_address(Identifier(value=value, scheme=scheme)) == expected


def test_no_electronic_address_says_nothing():
    assert electronic_address(None) == ElectronicAddress()


def buyer(*identifiers, legal=None, address=None):
    return Invoice(
        buyer=Buyer(identifiers=identifiers, legal_registration=legal, electronic_address=address)
    )


def test_a_siret_stands_before_a_siren_wherever_it_is():
    invoice = buyer(
        Identifier(value=SIREN, scheme="0002"), legal=Identifier(value=SIRET, scheme="0002")
    )

    assert buyer_of(invoice) == Party(IdentifierKind.SIRET, SIRET, "BG-7/BT-47")


def test_the_place_of_the_identifier_is_told_with_its_rank():
    invoice = buyer(Identifier(value="SERV", scheme="0224"), Identifier(value=SIRET, scheme="0009"))

    assert buyer_of(invoice) == Party(IdentifierKind.SIRET, SIRET, "BG-7/BT-46[2]")


def test_a_whole_siret_stands_before_a_broken_one():
    invoice = buyer(
        Identifier(value="2199", scheme="0009"), legal=Identifier(value=SIRET, scheme="0002")
    )

    assert buyer_of(invoice).identifier == SIRET


def test_the_electronic_address_is_the_last_resort_for_a_siret():
    address = Identifier(value=f"{SIREN}_{SIRET}_AFIN", scheme="0225")
    by_address = buyer(legal=Identifier(value=SIREN, scheme="0002"), address=address)
    by_identifier = buyer(Identifier(value="19990003600013", scheme="0009"), address=address)

    assert buyer_of(by_address) == Party(IdentifierKind.SIRET, SIRET, "BG-7/BT-49")
    assert buyer_of(by_identifier).identifier == "19990003600013"


def test_a_siret_written_with_blanks_is_that_siret():
    assert (
        buyer_of(buyer(Identifier(value=" 219 900 016 00011 ", scheme="0009"))).identifier == SIRET
    )


def test_nobody_is_known_by_a_blank_or_by_an_unknown_scheme():
    assert buyer_of(buyer(Identifier(value=" ", scheme="0009"))) is None
    assert buyer_of(buyer(Identifier(value="10202"))) is None
    assert buyer_of(Invoice()) is None
    assert seller_of(Invoice()) is None


@pytest.mark.parametrize(
    ("identifier", "key"),
    [
        (Identifier(value=SIRET, scheme="0009"), SIREN),
        (Identifier(value="219 900 016", scheme="0002"), SIREN),
        (Identifier(value="BE 0123", scheme="0223"), "UE_HORS_FRANCE:BE 0123"),
        (Identifier(value="2199", scheme="0009"), "SIRET:2199"),
        (Identifier(value="2199", scheme="0002"), "SIREN:2199"),
    ],
)
def test_numbers_are_unique_under_the_siren_or_else_under_kind_and_identifier(identifier, key):
    seller = seller_of(Invoice(seller=Seller(identifiers=(identifier,))))

    assert seller.key == key
