"""What several verbs of the store need: one flow held, rows inserted, one line added to a history.

Every function runs inside the transaction of its caller.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Connection, Table, func, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from chorus_edi.adapters.store.tables import finding, flux, flux_event
from chorus_edi.domain.findings import Findings
from chorus_edi.domain.flux import Flux
from chorus_edi.domain.lifecycle import FLUX_TRANSITIONS
from chorus_edi.domain.statuses import FluxState
from chorus_edi.errors import Defect

T = TypeVar("T")

CHUNK = 500
"""Values in one list of a statement: both databases bound them (32,766 and 65,535)."""


_BOUND = 200
"""Longest part of a key kept as written: PostgreSQL indexes no text beyond some 2,700 bytes."""


def bounded(text: str) -> str:
    """Return what stands for a text of any length in a key."""
    if len(text) <= _BOUND:
        return text
    return f"{text[:_BOUND]}#{hashlib.sha256(text.encode()).hexdigest()}"


def chunks(values: Iterable[T]) -> Iterator[list[T]]:
    """Cut into lists that a statement can hold."""
    iterator = iter(values)
    while chunk := list(islice(iterator, CHUNK)):
        yield chunk


def add(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows, all in one statement."""
    if rows:
        connection.execute(insert(table), rows)


def upsert(connection: Connection, table: Table) -> postgresql.Insert | sqlite.Insert:
    """Return an INSERT that knows ON CONFLICT; both databases spell it alike."""
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)


def hold(connection: Connection, numero_flux: str) -> Flux:
    """Return a flow and keep other writers away from it until the end of the transaction.

    Raises:
        Defect: there is no such flow.
    """
    # FOR NO KEY UPDATE: rows of other tables that name the flow may still be written.
    statement = select(flux).where(flux.c.numero_flux == numero_flux)
    row = connection.execute(statement.with_for_update(key_share=True)).one_or_none()
    if row is None:
        raise Defect(f"no flow {numero_flux}")
    return Flux(**row._mapping)


def enter(connection: Connection, held: Flux, etat: FluxState, at: datetime, detail: str) -> None:
    """Add to a flow's history that it enters a state.

    Raises:
        Defect: the table of transitions does not let it.
    """
    if (held.etat, etat) not in FLUX_TRANSITIONS:
        raise Defect(f"flow {held.numero_flux} cannot go from {held.etat} to {etat}")
    _tell(connection, held.numero_flux, etat, at, detail)


def remain(connection: Connection, held: Flux, at: datetime, detail: str) -> None:
    """Add to a flow's history why it stays in its state; the same again adds nothing."""
    own = select(flux_event.c.detail).where(flux_event.c.numero_flux == held.numero_flux)
    last = connection.execute(own.order_by(flux_event.c.seq.desc()).limit(1)).scalar()
    if last != detail:
        _tell(connection, held.numero_flux, held.etat, at, detail)


def _tell(
    connection: Connection, numero_flux: str, etat: FluxState, at: datetime, detail: str
) -> None:
    last = select(func.max(flux_event.c.seq)).where(flux_event.c.numero_flux == numero_flux)
    seq = (connection.execute(last).scalar() or 0) + 1
    event = {"numero_flux": numero_flux, "seq": seq, "etat": etat, "date": at}
    add(connection, flux_event, [{**event, "detail": detail}])


def finding_rows(numero_flux: str, rank: int, findings: Findings) -> list[dict[str, Any]]:
    """Return the rows of one document's findings, in their order."""
    return [
        {
            "numero_flux": numero_flux,
            "rank": rank,
            "ordinal": ordinal,
            "rule": found.rule,
            "severity": found.severity,
            "stage": found.stage,
            "motive": found.motive,
            "body": found,
        }
        for ordinal, found in enumerate(findings, 1)
    ]


def add_findings(
    connection: Connection, numero_flux: str, by_rank: Iterable[tuple[int, Findings]]
) -> None:
    """Insert the findings of documents; rank 0 is the flow itself."""
    rows = [row for rank, found in by_rank for row in finding_rows(numero_flux, rank, found)]
    add(connection, finding, rows)
