"""Invoice numbers: what one is unique under, who holds it, and whether it is spent.

Every function runs inside the transaction of its caller.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from sqlalchemy import Connection, and_, select, tuple_

from chorus_edi.adapters.store.invoice_tables import facture, numero_reserve
from chorus_edi.adapters.store.rows import bounded, chunks, upsert
from chorus_edi.adapters.store.tables import document, flux
from chorus_edi.domain.cadres import Demand, demand_of
from chorus_edi.domain.flux import Holder, InvoiceSummary
from chorus_edi.domain.scenarios import Circuit
from chorus_edi.domain.statuses import (
    REFUSED_NUMBER,
    DocumentState,
    InvoiceStatus,
    afnor_number,
)


class Number(NamedTuple):
    """What an invoice number is unique under, and the number."""

    annee: int
    emetteur_cle: str
    numero: str


def number_of(summary: InvoiceSummary | None) -> Number | None:
    """Return the number of an invoice; None where a part is missing, or nothing need be unique."""
    if summary is None or summary.may_come_again:
        return None
    if summary.year is None or not summary.seller_key or not summary.number:
        return None
    return Number(summary.year, bounded(summary.seller_key), bounded(summary.number))


def spends(circuit: Circuit | None) -> bool:
    """True where a rejection on deposit spends the number (facts reform-2026 5.2).

    In the historic circuit an invoice that was rejected on deposit never existed.
    """
    return circuit is Circuit.AFNOR


def reserve(
    connection: Connection, numero_flux: str, numbers: Mapping[int, Number]
) -> dict[Number, Holder]:
    """Reserve numbers, for the lowest rank that asks; return who holds those that are contested."""
    first: dict[Number, int] = {}
    for rank, number in numbers.items():
        first.setdefault(number, rank)
    # In one order for everybody: two transactions that each hold what the other wants would be
    # a deadlock on PostgreSQL.
    rows = [
        {**number._asdict(), "numero_flux": numero_flux, "rank": first[number]}
        for number in sorted(first)
    ]
    if not rows:
        return {}
    key = list(numero_reserve.primary_key)
    statement = upsert(connection, numero_reserve).on_conflict_do_nothing(index_elements=key)
    obtained = {Number(*row) for row in connection.execute(statement.returning(*key), rows)}
    contested = {n for rank, n in numbers.items() if n not in obtained or first[n] != rank}
    return _holders(connection, sorted(contested))


def _holders(connection: Connection, numbers: Iterable[Number]) -> dict[Number, Holder]:
    key = list(numero_reserve.primary_key)
    of_document = and_(
        document.c.numero_flux == numero_reserve.c.numero_flux,
        document.c.rank == numero_reserve.c.rank,
    )
    of_facture = and_(
        facture.c.numero_flux == numero_reserve.c.numero_flux,
        facture.c.rank == numero_reserve.c.rank,
    )
    statement = (
        select(
            *key,
            numero_reserve.c.numero_flux,
            numero_reserve.c.rank,
            flux.c.date_depot,
            document.c.state,
            document.c.summary,
            facture.c.statut,
        )
        .join_from(numero_reserve, flux, flux.c.numero_flux == numero_reserve.c.numero_flux)
        .join(document, of_document)
        .outerjoin(facture, of_facture)
    )
    found: dict[Number, Holder] = {}
    for chunk in chunks(numbers):
        for row in connection.execute(statement.where(tuple_(*key).in_(chunk))):
            found[Number(row.annee, row.emetteur_cle, row.numero)] = Holder(
                numero_flux=row.numero_flux,
                rank=row.rank,
                date_depot=row.date_depot,
                refused=_is_refused(row.state, row.statut, row.summary),
                statut=row.statut,
            )
    return found


def _is_refused(
    state: DocumentState | None, statut: InvoiceStatus | None, summary: InvoiceSummary | None
) -> bool:
    """True where what bears a number was rejected on deposit, or refused since, for good."""
    if statut is None:
        return state is DocumentState.REJETE
    cotraitance = demand_of((summary or InvoiceSummary()).cadre) is Demand.COTRAITANCE
    return afnor_number(statut, cotraitance=cotraitance) == REFUSED_NUMBER
