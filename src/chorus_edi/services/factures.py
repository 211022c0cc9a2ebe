"""The list of invoices: every integrated document with its status.

Columns: issue "Command line". Names and order are a stable contract.
"""

from __future__ import annotations

from collections.abc import Iterator

from chorus_edi.domain.flux import InvoiceRow
from chorus_edi.domain.statuses import InvoiceStatus
from chorus_edi.ports import Store
from chorus_edi.services.rows import Row

COLUMNS = (
    "id",
    "numero_flux",
    "numero_facture",
    "fournisseur",
    "destinataire",
    "code_service",
    "engagement",
    "montant_ttc",
    "devise",
    "cadre",
    "statut",
    "date_statut",
)


def rows(
    store: Store, *, numero_flux: str | None = None, statut: InvoiceStatus | None = None
) -> Iterator[Row]:
    """Yield one row per invoice, by flow (claim order) and rank."""
    for invoice in store.factures(numero_flux=numero_flux, statut=statut.value if statut else None):
        yield _row(invoice)


def _row(invoice: InvoiceRow) -> Row:
    # A party without an identifier is still somebody: its name stands in.
    summary = invoice.summary
    return {
        "id": invoice.id,
        "numero_flux": invoice.numero_flux,
        "numero_facture": summary.number or None,
        "fournisseur": summary.seller or summary.seller_name or None,
        "destinataire": summary.recipient or summary.recipient_name or None,
        "code_service": summary.code_service or None,
        "engagement": summary.engagement or None,
        "montant_ttc": summary.amount or None,
        "devise": summary.currency or None,
        "cadre": summary.cadre or None,
        "statut": invoice.statut.value,
        "date_statut": invoice.date_statut,
    }
