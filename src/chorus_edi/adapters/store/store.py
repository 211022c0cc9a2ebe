"""The ``Store`` port over a database: one method per verb, one short transaction each."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import Engine, Row, Select

from chorus_edi.adapters.store import (
    attempts,
    claiming,
    deciding,
    delivering,
    reading,
    sighting,
    waiting,
)
from chorus_edi.adapters.store.engine import reading as read
from chorus_edi.adapters.store.engine import writing as write
from chorus_edi.domain.findings import Finding, Findings
from chorus_edi.domain.flux import (
    Arrival,
    Decision,
    DocumentEntry,
    DocumentRow,
    Flux,
    FluxEvent,
    Holder,
    Intent,
    InvoiceRow,
    Rejection,
    Sighting,
)
from chorus_edi.domain.motives import Motive
from chorus_edi.domain.statuses import FluxState

T = TypeVar("T")

_PAGE = 500
"""Rows fetched at a time by the questions that may answer with very many."""


class SqlStore:
    """Durable memory on SQLite or PostgreSQL; what each verb promises is written in the port.

    Every method raises ``Incident`` where the database fails, having written nothing, and
    ``Defect`` where it was asked for what the schema or the life of a flow forbids.
    """

    def __init__(self, engine: Engine) -> None:
        """``engine`` comes from ``open_engine`` and has the schema of this program."""
        self._engine = engine

    # -- commits ---------------------------------------------------------------------------------

    def claim(self, arrivals: Sequence[Arrival], at: datetime) -> Sequence[Flux]:
        """Commit 1: see the port."""
        if not arrivals:
            return ()
        with write(self._engine) as connection:
            return claiming.claim(connection, arrivals, at)

    def register(
        self,
        numero_flux: str,
        *,
        sha256: str,
        size: int,
        documents: Sequence[DocumentEntry],
        first: str | None = None,
        detail: str = "",
        at: datetime,
    ) -> None:
        """Commit 2: see the port."""
        with write(self._engine) as connection:
            claiming.register(
                connection,
                numero_flux,
                sha256=sha256,
                size=size,
                documents=documents,
                first=first,
                detail=detail,
                at=at,
            )

    def delay(self, numero_flux: str, reason: str, at: datetime, *, taken: bool) -> None:
        """Say why a flow waits: see the port."""
        with write(self._engine) as connection:
            claiming.delay(connection, numero_flux, reason, at, taken=taken)

    def attempt(self, numero_flux: str, rank: int) -> int:
        """Count one more attempt: see the port."""
        with write(self._engine) as connection:
            return attempts.count_attempt(connection, numero_flux, rank)

    def survived(self, numero_flux: str, rank: int) -> None:
        """Forget the attempts at a document: see the port."""
        with write(self._engine) as connection:
            attempts.forget_attempts(connection, numero_flux, (rank,))

    def decide(
        self,
        numero_flux: str,
        decisions: Sequence[Decision],
        duplicate: Callable[[Decision, Holder], Decision],
        at: datetime,
    ) -> Sequence[Decision]:
        """Commit 3: see the port."""
        with write(self._engine) as connection:
            return deciding.decide(connection, numero_flux, decisions, duplicate, at)

    def plan(self, numero_flux: str, intents: Sequence[Intent]) -> None:
        """Add files that the outbox must hold: see the port."""
        with write(self._engine) as connection:
            delivering.plan(connection, numero_flux, intents)

    def deliver(self, numero_flux: str, paths: Sequence[str], at: datetime) -> None:
        """Commit 4: see the port."""
        with write(self._engine) as connection:
            delivering.deliver(connection, numero_flux, paths, at)

    def close(
        self,
        numero_flux: str,
        *,
        etat: FluxState,
        motif: Motive | None = None,
        detail: str = "",
        findings: Findings = (),
        at: datetime,
    ) -> None:
        """Commit 5: see the port."""
        with write(self._engine) as connection:
            delivering.close(
                connection,
                numero_flux,
                etat=etat,
                motif=motif,
                detail=detail,
                findings=findings,
                at=at,
            )

    def sighted(self, files: Collection[Sighting], at: datetime) -> Mapping[str, datetime]:
        """Remember the files that are not whole: see the port."""
        with write(self._engine) as connection:
            return sighting.sighted(connection, files, at)

    def resume(
        self,
        numero_flux: str,
        ranks: Collection[int] = (),
        *,
        refusal: Finding | None = None,
        detail: str,
        at: datetime,
    ) -> int:
        """Put waiting documents back to work, or refuse them: see the port."""
        with write(self._engine) as connection:
            return waiting.resume(connection, numero_flux, ranks, refusal, at, detail)

    # -- questions of the pipeline ---------------------------------------------------------------

    def unfinished(self) -> Sequence[Flux]:
        """Return flows that the pipeline has not closed, in claim order."""
        return self._all(reading.unfinished(), reading.flux_of)

    def flux(self, numero_flux: str) -> Flux | None:
        """Return one flow."""
        return next(iter(self._all(reading.one_flux(numero_flux), reading.flux_of)), None)

    def repeated(self, flux: Flux, sha256: str) -> Sequence[Flux]:
        """Return the earlier flows that one repeats: see the port."""
        return self._all(reading.repeated(flux, sha256), reading.flux_of)

    def documents(self, numero_flux: str) -> Sequence[DocumentRow]:
        """Return the documents of a flow by rank."""
        recycled = dict(self._all(reading.recycled(numero_flux), reading.recycled_of))
        read_row = partial(reading.document_of, recycled=recycled)
        return self._all(reading.documents(numero_flux), read_row)

    def findings(self, numero_flux: str) -> Sequence[Rejection]:
        """Return every finding of a flow, warnings included, by rank and order."""
        return self._all(reading.findings(numero_flux), reading.rejection_of)

    def intents(self, numero_flux: str, *, pending: bool = False) -> Sequence[Intent]:
        """Return the files of a flow that the outbox must hold, by rank and path."""
        found = self._all(reading.intents(numero_flux, pending=pending), reading.intent_of)
        return sorted(found, key=lambda intent: (intent.rank, intent.path))

    # -- questions of people ---------------------------------------------------------------------

    def suivi(
        self,
        *,
        etat: FluxState | None = None,
        emetteur: str | None = None,
        depuis: datetime | None = None,
    ) -> Iterator[Flux]:
        """Yield flows, newest claim first."""
        return self._stream(reading.suivi(etat, emetteur, depuis), reading.flux_of)

    def events(self, numero_flux: str) -> Sequence[FluxEvent]:
        """Return the history of a flow."""
        return self._all(reading.events(numero_flux), reading.event_of)

    def factures(
        self, *, numero_flux: str | None = None, statut: str | None = None
    ) -> Iterator[InvoiceRow]:
        """Yield invoices by flow (claim order) and rank."""
        return self._stream(reading.factures(numero_flux, statut), reading.invoice_of)

    def rejets(
        self, *, jour: date | None = None, emetteur: str | None = None
    ) -> Iterator[Rejection]:
        """Yield fatal findings of refused documents and flows, by claim order, rank, order."""
        return self._stream(reading.rejets(jour, emetteur), reading.rejection_of)

    def _all(self, statement: Select[Any], build: Callable[[Row[Any]], T]) -> list[T]:
        with read(self._engine) as connection:
            return [build(row) for row in connection.execute(statement)]

    def _stream(self, statement: Select[Any], build: Callable[[Row[Any]], T]) -> Iterator[T]:
        """Yield as rows come: the connection goes back when the last one was taken."""
        paged = {"yield_per": _PAGE}
        with (
            read(self._engine) as connection,
            # Closed by hand: a caller who stops half way leaves a cursor open on the server.
            connection.execute(statement, execution_options=paged) as rows,
        ):
            yield from map(build, rows)
