"""The ``Deposits`` port over a database."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Engine, Select, and_, select

from chorus_edi.adapters.store.engine import reading
from chorus_edi.adapters.store.invoice_tables import facture
from chorus_edi.adapters.store.tables import document, flux
from chorus_edi.domain.deposits import Deposit

_PAGE = 500
"""Rows fetched at a time: there may be very many."""


class SqlDeposits:
    """Integrated invoices on SQLite or PostgreSQL; what each verb promises is in the port."""

    def __init__(self, engine: Engine) -> None:
        """``engine`` comes from ``open_engine`` and has the schema of this program."""
        self._engine = engine

    def deposit(self, numero_flux: str, rank: int) -> Deposit | None:
        """Return one invoice: see the port."""
        one = and_(facture.c.numero_flux == numero_flux, facture.c.rank == rank)
        with reading(self._engine) as connection:
            row = connection.execute(_deposits().where(one)).one_or_none()
        return Deposit(**row._mapping) if row else None

    def deposits(self, *, sha256: str | None = None) -> Iterator[Deposit]:
        """Yield invoices: see the port."""
        statement = _deposits().order_by(flux.c.sequence, facture.c.rank)
        if sha256 is not None:
            statement = statement.where(document.c.sha256 == sha256)
        paged = {"yield_per": _PAGE}
        with (
            reading(self._engine) as connection,
            # Closed by hand: a caller who stops half way leaves a cursor open on the server.
            connection.execute(statement, execution_options=paged) as rows,
        ):
            for row in rows:
                yield Deposit(**row._mapping)


def _deposits() -> Select[Any]:
    same = and_(document.c.numero_flux == facture.c.numero_flux, document.c.rank == facture.c.rank)
    return (
        select(
            facture.c.numero_flux,
            facture.c.rank,
            document.c.name,
            document.c.size,
            document.c.sha256,
            document.c.summary,
            flux.c.date_depot,
            flux.c.emetteur,
        )
        .join_from(facture, document, same)
        .join(flux, flux.c.numero_flux == facture.c.numero_flux)
    )
