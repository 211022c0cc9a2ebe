"""Short makers of what tests are given: invoices, files in each syntax, archives."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import msgspec

from chorus_edi.domain.groups import Identifier
from chorus_edi.domain.invoice import Invoice, ProcessControl
from chorus_edi.domain.scenarios import Profile
from chorus_edi.formats.writers import to_cii, to_facturx, to_ubl
from chorus_edi.services.nights import tar_gz
from chorus_edi.services.specimens import Recipient, Style, specimen

__all__ = [
    "NO_CIRCUIT",
    "TOWN",
    "D",
    "an_invoice",
    "cii",
    "facturx",
    "from_abroad",
    "tar_gz",
    "ubl",
    "zip_of",
]

TOWN = Recipient(siret="21800019800018", name="Commune de Valbourg")
"""A recipient that demands nothing; its SIRET has a right key."""

D = Decimal

NO_CIRCUIT = ProcessControl(specification="urn:cen.eu:en16931:2017")
"""Claims the norm, and no cadre."""


def an_invoice(
    number: int = 1,
    *,
    recipient: Recipient = TOWN,
    style: Style = Style.AFNOR,
    **changes: Any,
) -> Invoice:
    """Return a consistent invoice of one supplier to one recipient, with fields replaced."""
    invoice = specimen(number, [recipient], style=style, plain=True).invoice
    return msgspec.structs.replace(invoice, **changes)


def from_abroad(**changes: Any) -> Invoice:
    """Return an invoice of the norm by a foreign supplier, which nothing puts in a circuit."""
    invoice = an_invoice(process=NO_CIRCUIT, notes=())
    seller = invoice.seller
    assert seller is not None
    assert seller.address is not None
    foreign = msgspec.structs.replace(
        seller,
        address=msgspec.structs.replace(seller.address, country="BE"),
        electronic_address=Identifier("5412345000013", "0088"),
    )
    return msgspec.structs.replace(invoice, seller=foreign, **changes)


def ubl(invoice: Invoice | None = None, **changes: Any) -> bytes:
    """Return a UBL file."""
    return to_ubl(invoice or an_invoice(**changes))


def cii(invoice: Invoice | None = None, *, historic: bool = False, **changes: Any) -> bytes:
    """Return a CII file."""
    return to_cii(invoice or an_invoice(**changes), historic=historic)


def facturx(
    invoice: Invoice | None = None, *, profile: Profile = Profile.EXTENDED, **changes: Any
) -> bytes:
    """Return a Factur-X file."""
    return to_facturx(invoice or an_invoice(**changes), profile)


def zip_of(files: Mapping[str, bytes]) -> bytes:
    """Return a zip with fixed times."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return out.getvalue()
