"""Signs of the French reform in an invoice whose cadre says nothing."""

from __future__ import annotations

import msgspec
import pytest

from chorus_edi.domain.groups import Identifier
from chorus_edi.domain.invoice import Invoice, Note
from chorus_edi.domain.reform import follows_the_reform, is_domestic
from tests.builders import an_invoice

FRENCH = Identifier("732829320", "0225")
PEPPOL = Identifier("4012345000009", "0088")


def between(
    seller: str | None,
    buyer: str | None,
    *,
    addressed: tuple[Identifier | None, Identifier | None] = (None, None),
    notes: tuple[Note, ...] = (),
) -> Invoice:
    """An invoice between parties of two countries, with their electronic addresses."""
    invoice = an_invoice()
    assert invoice.seller is not None
    assert invoice.seller.address is not None
    assert invoice.buyer is not None
    assert invoice.buyer.address is not None
    replace = msgspec.structs.replace
    return replace(
        invoice,
        notes=notes,
        seller=replace(
            invoice.seller,
            electronic_address=addressed[0],
            address=replace(invoice.seller.address, country=seller),
        ),
        buyer=replace(
            invoice.buyer,
            electronic_address=addressed[1],
            address=replace(invoice.buyer.address, country=buyer),
        ),
    )


@pytest.mark.parametrize(
    "note",
    [
        Note("ADN", "B2G"),
        Note(None, "#ADN#B2G"),
        Note(None, " #adn#b2g "),
        Note("bar", "b2b"),
        Note(None, "#BAR#OUTOFSCOPE"),
        Note(None, "#BAR#B2C#suite"),
    ],
)
def test_a_note_adn_or_bar_of_a_known_value_is_a_sign_whatever_the_countries(note: Note) -> None:
    assert follows_the_reform(between("DE", "BE", notes=(Note(None, "Merci"), note)))


@pytest.mark.parametrize(
    "note",
    [
        Note("ADN", "12345"),
        Note("BAR", "Code-barres 3701"),
        Note("BAR", "B2"),
        Note(None, "B2G"),
        Note("AAI", "#ADN#B2G"),
        Note("PMT", "Indemnité"),
        Note("ADN", None),
    ],
)
def test_another_note_is_none(note: Note) -> None:
    assert not follows_the_reform(between("FR", "FR", notes=(note,)))


@pytest.mark.parametrize(
    ("seller", "buyer", "addressed", "expected"),
    [
        ("FR", "FR", (FRENCH, FRENCH), True),
        ("FR", "FR", (None, FRENCH), True),
        ("FR", "FR", (FRENCH, None), True),
        (None, None, (FRENCH, FRENCH), True),
        ("FR", "RE", (FRENCH, None), True),
        ("DE", "FR", (PEPPOL, FRENCH), False),
        ("FR", "DE", (FRENCH, PEPPOL), False),
        ("FR", "FR", (PEPPOL, PEPPOL), False),
        ("FR", "FR", (None, None), False),
    ],
)
def test_an_address_of_the_french_directory_is_a_sign_between_parties_of_france(
    seller: str | None,
    buyer: str | None,
    addressed: tuple[Identifier | None, Identifier | None],
    expected: bool,
) -> None:
    assert follows_the_reform(between(seller, buyer, addressed=addressed)) is expected


def test_an_invoice_without_parties_shows_nothing() -> None:
    nobody = msgspec.structs.replace(between("FR", "FR"), seller=None, buyer=None)

    assert not follows_the_reform(nobody)
    assert not is_domestic(nobody)
