"""What the writers of both syntaxes ask of the model in the same way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from chorus_edi.domain.groups import Attachment
from chorus_edi.domain.invoice import DeliverToAddress, Invoice
from chorus_edi.domain.lines import InvoiceLine, LineAllowance, LineCharge
from chorus_edi.domain.parties import (
    BuyerAddress,
    BuyerAgent,
    Invoicee,
    Invoicer,
    Payer,
    SellerAddress,
    SellerAgent,
    TaxRepresentativeAddress,
)
from chorus_edi.domain.settlement import DocumentAllowance, DocumentCharge
from chorus_edi.errors import Defect

AnyAddress: TypeAlias = SellerAddress | BuyerAddress | TaxRepresentativeAddress | DeliverToAddress
ExtensionParty: TypeAlias = BuyerAgent | Payer | SellerAgent | Invoicee | Invoicer
DocumentLevel: TypeAlias = DocumentAllowance | DocumentCharge
AnyCharge: TypeAlias = DocumentLevel | LineAllowance | LineCharge


def charges_of(it: Invoice | InvoiceLine) -> tuple[AnyCharge, ...]:
    """Return the allowances of a document or of a line, then its charges."""
    return (*it.allowances, *it.charges)


def payload(attachment: Attachment, files: Mapping[str, bytes]) -> bytes:
    """Return the bytes of an attachment by the name its sender declares.

    Raises:
        Defect: the caller gave an invoice without the bytes of its attachment.
    """
    try:
        return files[attachment.filename or ""]
    except KeyError as missing:
        raise Defect(f"no bytes for the attachment {missing}") from missing
