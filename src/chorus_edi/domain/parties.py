"""The parties of an invoice: seller, buyer, payee, tax representative, agents (BG-4 to BG-12).

See ``invoice`` for the conventions of the model.
"""

from __future__ import annotations

from typing import Annotated

from chorus_edi.domain.groups import BG, BT, Group, Identifier


class SellerAddress(Group, frozen=True, gc=False):
    """BG-5 Seller postal address."""

    line_1: Annotated[str | None, BT("BT-35")] = None
    line_2: Annotated[str | None, BT("BT-36")] = None
    line_3: Annotated[str | None, BT("BT-162")] = None
    city: Annotated[str | None, BT("BT-37")] = None
    post_code: Annotated[str | None, BT("BT-38")] = None
    subdivision: Annotated[str | None, BT("BT-39")] = None
    country: Annotated[str | None, BT("BT-40")] = None


class SellerContact(Group, frozen=True, gc=False):
    """BG-6 Seller contact."""

    name: Annotated[str | None, BT("BT-41")] = None
    telephone: Annotated[str | None, BT("BT-42")] = None
    email: Annotated[str | None, BT("BT-43")] = None


class Seller(Group, frozen=True, gc=False):
    """BG-4 Seller."""

    name: Annotated[str | None, BT("BT-27")] = None
    trading_name: Annotated[str | None, BT("BT-28")] = None
    identifiers: Annotated[tuple[Identifier, ...], BT("BT-29")] = ()
    legal_registration: Annotated[Identifier | None, BT("BT-30")] = None
    vat_identifier: Annotated[str | None, BT("BT-31")] = None
    tax_registration: Annotated[str | None, BT("BT-32")] = None
    legal_information: Annotated[str | None, BT("BT-33")] = None
    electronic_address: Annotated[Identifier | None, BT("BT-34")] = None
    address: Annotated[SellerAddress | None, BG("BG-5")] = None
    contact: Annotated[SellerContact | None, BG("BG-6")] = None


class BuyerAddress(Group, frozen=True, gc=False):
    """BG-8 Buyer postal address."""

    line_1: Annotated[str | None, BT("BT-50")] = None
    line_2: Annotated[str | None, BT("BT-51")] = None
    line_3: Annotated[str | None, BT("BT-163")] = None
    city: Annotated[str | None, BT("BT-52")] = None
    post_code: Annotated[str | None, BT("BT-53")] = None
    subdivision: Annotated[str | None, BT("BT-54")] = None
    country: Annotated[str | None, BT("BT-55")] = None


class BuyerContact(Group, frozen=True, gc=False):
    """BG-9 Buyer contact."""

    name: Annotated[str | None, BT("BT-56")] = None
    telephone: Annotated[str | None, BT("BT-57")] = None
    email: Annotated[str | None, BT("BT-58")] = None


class Buyer(Group, frozen=True, gc=False):
    """BG-7 Buyer. EN 16931 knows one BT-46; French flows carry several (SIRET, code service)."""

    name: Annotated[str | None, BT("BT-44")] = None
    trading_name: Annotated[str | None, BT("BT-45")] = None
    identifiers: Annotated[tuple[Identifier, ...], BT("BT-46")] = ()
    legal_registration: Annotated[Identifier | None, BT("BT-47")] = None
    vat_identifier: Annotated[str | None, BT("BT-48")] = None
    electronic_address: Annotated[Identifier | None, BT("BT-49")] = None
    address: Annotated[BuyerAddress | None, BG("BG-8")] = None
    contact: Annotated[BuyerContact | None, BG("BG-9")] = None


class Payee(Group, frozen=True, gc=False):
    """BG-10 Payee."""

    name: Annotated[str | None, BT("BT-59")] = None
    identifiers: Annotated[tuple[Identifier, ...], BT("BT-60")] = ()
    legal_registration: Annotated[Identifier | None, BT("BT-61")] = None
    electronic_address: Annotated[Identifier | None, BT("EXT-FR-FE-29")] = None


class TaxRepresentativeAddress(Group, frozen=True, gc=False):
    """BG-12 Seller tax representative postal address."""

    line_1: Annotated[str | None, BT("BT-64")] = None
    line_2: Annotated[str | None, BT("BT-65")] = None
    line_3: Annotated[str | None, BT("BT-164")] = None
    city: Annotated[str | None, BT("BT-66")] = None
    post_code: Annotated[str | None, BT("BT-67")] = None
    subdivision: Annotated[str | None, BT("BT-68")] = None
    country: Annotated[str | None, BT("BT-69")] = None


class TaxRepresentative(Group, frozen=True, gc=False):
    """BG-11 Seller tax representative party."""

    name: Annotated[str | None, BT("BT-62")] = None
    vat_identifier: Annotated[str | None, BT("BT-63")] = None
    address: Annotated[TaxRepresentativeAddress | None, BG("BG-12")] = None


class BuyerAgent(Group, frozen=True, gc=False):
    """EXT-FR-FE-BG-01 Buyer agent."""

    name: Annotated[str | None, BT("EXT-FR-FE-03")] = None
    identifiers: Annotated[tuple[Identifier, ...], BT("EXT-FR-FE-06")] = ()
    legal_registration: Annotated[Identifier | None, BT("EXT-FR-FE-08")] = None
    electronic_address: Annotated[Identifier | None, BT("EXT-FR-FE-12")] = None


class Payer(Group, frozen=True, gc=False):
    """EXT-FR-FE-BG-02 Payer."""

    name: Annotated[str | None, BT("EXT-FR-FE-43")] = None
    identifiers: Annotated[tuple[Identifier, ...], BT("EXT-FR-FE-46")] = ()
    legal_registration: Annotated[Identifier | None, BT("EXT-FR-FE-48")] = None
    electronic_address: Annotated[Identifier | None, BT("EXT-FR-FE-52")] = None


class SellerAgent(Group, frozen=True, gc=False):
    """EXT-FR-FE-BG-03 Seller agent."""

    name: Annotated[str | None, BT("EXT-FR-FE-66")] = None
    identifiers: Annotated[tuple[Identifier, ...], BT("EXT-FR-FE-69")] = ()
    legal_registration: Annotated[Identifier | None, BT("EXT-FR-FE-71")] = None
    electronic_address: Annotated[Identifier | None, BT("EXT-FR-FE-75")] = None


class Invoicee(Group, frozen=True, gc=False):
    """EXT-FR-FE-BG-04 Invoicee: whom the invoice is addressed to, where it is not the buyer."""

    name: Annotated[str | None, BT("EXT-FR-FE-89")] = None
    identifiers: Annotated[tuple[Identifier, ...], BT("EXT-FR-FE-92")] = ()
    legal_registration: Annotated[Identifier | None, BT("EXT-FR-FE-94")] = None
    electronic_address: Annotated[Identifier | None, BT("EXT-FR-FE-98")] = None


class Invoicer(Group, frozen=True, gc=False):
    """EXT-FR-FE-BG-05 Invoicer: who writes the invoice, where it is not the seller."""

    name: Annotated[str | None, BT("EXT-FR-FE-112")] = None
    identifiers: Annotated[tuple[Identifier, ...], BT("EXT-FR-FE-115")] = ()
    legal_registration: Annotated[Identifier | None, BT("EXT-FR-FE-117")] = None
    electronic_address: Annotated[Identifier | None, BT("EXT-FR-FE-121")] = None
