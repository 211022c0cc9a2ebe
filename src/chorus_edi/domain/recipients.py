"""Recipient structures, their services and what they demand; what an invoice asks of routing.

The columns are those of the public directory (issue text, facts: chorus-pro 5.3).
"""

from __future__ import annotations

import msgspec

from chorus_edi.domain.identifiers import SERVICE_SCHEME, IdentifierKind, buyer_of
from chorus_edi.domain.invoice import Invoice
from chorus_edi.domain.scenarios import Circuit


class Structure(msgspec.Struct, frozen=True, kw_only=True):
    """A recipient structure of the directory."""

    kind: IdentifierKind
    identifier: str
    name: str
    edi_sender: bool = False
    edi_recipient: bool = False
    payment_status: bool = False
    demands_engagement: bool = False
    demands_service: bool = False
    demands_service_or_engagement: bool = False
    is_moa: bool = False
    is_moa_only: bool = False
    active: bool = True


class Service(msgspec.Struct, frozen=True, kw_only=True):
    """A service of a structure; ``code`` is unique within it."""

    structure: str
    code: str
    name: str
    demands_engagement: bool = False
    active: bool = True


class Routing(msgspec.Struct, frozen=True, kw_only=True):
    """What an invoice asks of routing, each value with its address in the invoice.

    The addresses name where a missing value ought to stand.
    """

    siret: str | None
    siret_address: str
    code_service: str | None
    code_service_address: str
    engagement: str | None
    engagement_address: str = "BT-13"


def routing_of(invoice: Invoice, circuit: Circuit | None) -> Routing:
    """Read recipient, code service and engagement where the circuit puts them (facts 5.4).

    Historic UBL has the code service in the customer's accounting contact, historic CII in BT-10,
    the AFNOR circuit in BT-46 under scheme 0224. The first that is there is taken, the circuit's
    own place first.
    """
    party = buyer_of(invoice)
    siret = party.identifier if party and party.kind is IdentifierKind.SIRET else None
    service, address = _service_of(invoice, circuit)
    engagement = (invoice.purchase_order or "").strip() or None
    return Routing(
        siret=siret,
        siret_address=party.address if party else "BG-7/BT-46",
        code_service=service,
        code_service_address=address,
        engagement=engagement,
    )


def _service_of(invoice: Invoice, circuit: Circuit | None) -> tuple[str | None, str]:
    by_scheme = [
        (f"BG-7/BT-46[{n}]", identifier.value)
        for n, identifier in enumerate(invoice.buyer.identifiers if invoice.buyer else (), 1)
        if identifier.scheme == SERVICE_SCHEME
    ]
    historic = [
        ("CE-CHORUS/CE-SERVICE", invoice.chorus.code_service if invoice.chorus else None),
        ("BT-10", invoice.buyer_reference),
    ]
    # In the AFNOR circuit BT-10 is another datum than the routing code (facts: reform-2026 3.4).
    places = by_scheme if circuit is Circuit.AFNOR else historic + by_scheme
    for address, value in places:
        if value and value.strip():
            return value.strip(), address
    return None, "BG-7/BT-46" if circuit is Circuit.AFNOR else "BT-10"
