"""The rejects: what was refused, why, and what to change to send it again.

Columns: issue "Command line", facts chorus-pro 2.6. Names and order are a stable contract.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from chorus_edi.domain.flux import InvoiceSummary, Rejection
from chorus_edi.ports import Store
from chorus_edi.services.rows import Row

COLUMNS = (
    "numero_flux",
    "numero_facture",
    "date_depot",
    "emetteur",
    "fournisseur",
    "destinataire",
    "motif",
    "rule",
    "message",
    "location",
    "line",
    "conseil",
)


def rows(store: Store, *, jour: date | None = None, emetteur: str | None = None) -> Iterator[Row]:
    """Yield one row per fatal finding, by claim order, rank, order; ``jour`` is a Paris day."""
    for rejection in store.rejets(jour=jour, emetteur=emetteur):
        yield _row(rejection)


def _row(rejection: Rejection) -> Row:
    # The motive is the finding's own: a document refused for two reasons shows both.
    finding = rejection.finding
    summary = rejection.summary or InvoiceSummary()
    return {
        "numero_flux": rejection.numero_flux,
        "numero_facture": summary.number or None,
        "date_depot": rejection.date_depot,
        "emetteur": rejection.emetteur,
        "fournisseur": summary.seller or summary.seller_name or None,
        "destinataire": summary.recipient or summary.recipient_name or None,
        "motif": finding.motive.value,
        "rule": finding.rule,
        "message": finding.message.fr,
        "location": finding.location or None,
        "line": finding.line,
        "conseil": finding.conseil or None,
    }
