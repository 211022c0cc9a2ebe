"""What the core needs from outside, as protocols; the adapters implement them.

Every method that writes is one short transaction or one atomic file operation, and doing it twice
gives what doing it once gives: the pipeline repeats what a crash interrupted.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from enum import Enum
from io import BufferedReader
from typing import NamedTuple, Protocol

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
from chorus_edi.ports.directory import Directory as Directory


class Clock(Protocol):
    """Where time comes from; tests hold it still."""

    def now(self) -> datetime:
        """Return the present, aware, in UTC."""
        ...


class StrayKind(Enum):
    """Why something in the inbox is never taken as it is."""

    FOLDER = "folder"
    SPECIAL = "special"
    UNFINISHED = "unfinished"


class Stray(NamedTuple):
    """Something in the inbox that is never taken as it is; its path is relative to it."""

    path: str
    kind: StrayKind


class FlowFiles(Protocol):
    """The inbox, the work folders and the shelves. Nothing else moves what came in."""

    def take(self, flux: Flux) -> bool:
        """Move the inbox file to the flow's work folder; True where the work folder now has it.

        Doing it again after a crash finds it there; False means that it is in neither place.
        """
        ...

    def witness(self, flux: Flux) -> bytes | None:
        """Return the beginning of the file that said of this one that it is whole, if one came."""
        ...

    def open(self, flux: Flux) -> BufferedReader:
        """Open the stored copy of what came in, wherever it lies now."""
        ...

    def path(self, flux: Flux) -> str:
        """Return the absolute path of the stored copy."""
        ...

    def scratch(self, flux: Flux) -> str:
        """Return the absolute path of the flow's scratch folder, emptied."""
        ...

    def received(self, flux: Flux) -> bool:
        """True where the stored copy is in work: not on its shelf yet."""
        ...

    def clear(self, flux: Flux) -> None:
        """Drop the scratch folder, and the work folder where nothing else is in it."""
        ...

    def shelve(self, flux: Flux, *, refused: bool) -> None:
        """Move the stored copy to the archive, or to the rejects, and drop the work folder."""
        ...

    def kept(self, flux: Flux) -> bool:
        """True where the stored copy of a flow is on one of the shelves, or in work."""
        ...

    def strays(self) -> Sequence[Stray]:
        """Return what lies in the inbox and is never taken as it is."""
        ...

    def leftovers(self, since: datetime | None = None) -> Sequence[str]:
        """Return our own temporary files that a crash left in the data folder, as paths.

        Of the shelves, only those of flows deposited on the day of ``since`` or later.
        """
        ...

    def discard(self, path: str) -> None:
        """Remove one of those."""
        ...

    def in_work(self) -> Sequence[str]:
        """Return the flow numbers that have a work folder, sorted."""
        ...


class Outbox(Protocol):
    """Where deliveries and reports go. Paths are relative, with ``/``, and never leave it."""

    def secure(self, staged: Iterable[str]) -> None:
        """Make the content of finished files durable, wherever they stand: absolute paths."""
        ...

    def adopt(self, staged: str, path: str) -> None:
        """Move a finished, secured file from an absolute path onto its final name."""
        ...

    def write(self, path: str, content: bytes) -> None:
        """Write a file whole: temporary name, fsync, rename."""
        ...

    def has(self, path: str, size: int, sha256: str) -> bool:
        """True where the final name holds just these bytes."""
        ...

    def holds(self, path: str) -> bool:
        """True where there is a file of that name, whatever it holds."""
        ...

    def leftovers(self) -> Sequence[str]:
        """Return our own temporary files that a crash left there, as paths."""
        ...

    def discard(self, path: str) -> None:
        """Remove one of those."""
        ...

    def settle(self, paths: Iterable[str]) -> None:
        """Make the names of files that stand there durable, whoever put them there."""
        ...


class Returns(Protocol):
    """Where senders find what we tell them: reports on their flows. Each has his channel."""

    def give(self, partner: str, name: str, content: bytes) -> None:
        """Put a file, whole, where a partner fetches it; giving it again changes nothing."""
        ...

    def repeat(self, partner: str, name: str, content: bytes) -> None:
        """Put a file where a partner fetches it, also where he has fetched it before.

        He asked for it by sending his flow again.
        """
        ...

    def leftovers(self) -> Sequence[str]:
        """Return our own temporary files that a crash left there, as paths."""
        ...

    def settle(self, partners: Iterable[str]) -> None:
        """Make what these partners were given durable."""
        ...


class Scan(NamedTuple):
    """What an antivirus says of a file: the virus, if any, and a French sentence for the record."""

    virus: str | None
    told: str


class Antivirus(Protocol):
    """Looks at what comes in before it is opened."""

    def scan(self, path: str, /) -> Scan:
        """Look at a file.

        Raises:
            Delayed: nobody can say whether it is clean.
        """
        ...


class Store(Protocol):
    """Durable memory; one method per verb, one transaction each.

    The commits of the pipeline are ``claim``, ``register``, ``decide``, ``deliver``, ``close``.
    """

    # -- commits ---------------------------------------------------------------------------------

    def claim(self, arrivals: Sequence[Arrival], at: datetime) -> Sequence[Flux]:
        """Commit 1. Insert one flow per arrival, in order, each ``IN_RECU`` with its first event.

        A well-formed official name keeps its number, unless a flow holds it already: then the
        flow gets a platform number and ``premier_flux`` names the holder. Any other file gets a
        platform number from the counter. An arrival whose path is held by a flow that is still
        ``IN_RECU`` is that flow: it is returned, not inserted again.
        """
        ...

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
        """Commit 2. Record the flow's hash and documents; state ``IN_EN_COURS_TRAITEMENT_CPP``.

        ``first`` is the flow that it repeats, by its number or by its bytes; ``detail`` is what its
        history says of its arrival. Again, it only adds the documents that are not there yet.
        """
        ...

    def delay(self, numero_flux: str, reason: str, at: datetime, *, taken: bool) -> None:
        """Say in the history of an unfinished flow why it waits for the next run.

        One that is ``taken`` is under way from then on: its path in the inbox is free for another.
        The same reason again adds nothing; nothing is said of a flow that is closed.
        """
        ...

    def attempt(self, numero_flux: str, rank: int) -> int:
        """Count one more attempt at a document that lost its worker; return how many."""
        ...

    def survived(self, numero_flux: str, rank: int) -> None:
        """Forget the attempts at a document that was answered in the end."""
        ...

    def decide(
        self,
        numero_flux: str,
        decisions: Sequence[Decision],
        duplicate: Callable[[Decision, Holder], Decision],
        at: datetime,
    ) -> Sequence[Decision]:
        """Commit 3. Write decisions of one flow, ranks ascending; return them as written.

        For each ``INTEGRE`` decision the number (year, seller key, number) is reserved, and for
        each one rejected in the AFNOR circuit, whose number is spent; where another document holds
        that of an ``INTEGRE`` one, ``duplicate`` makes the refusal that is written instead. An
        integrated document becomes an invoice with events ``DEPOSEE`` and
        ``EN_COURS_ACHEMINEMENT`` and one intent per deliverable; one that ``continues`` an invoice,
        differs from it by its routing alone and finds it waiting to be recycled becomes an event of
        that invoice instead. Documents already decided are left alone and not returned.
        """
        ...

    def plan(self, numero_flux: str, intents: Sequence[Intent]) -> None:
        """Add files that the outbox must hold (delivery notes, reports), not yet delivered."""
        ...

    def deliver(self, numero_flux: str, paths: Sequence[str], at: datetime) -> None:
        """Commit 4. Mark intents delivered.

        Every invoice of the flow whose intents are all delivered goes to ``MISE_A_DISPOSITION``.
        """
        ...

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
        """Commit 5. Write the flow's last state, its counts from its documents, and its event.

        ``findings`` are those on the flow itself, kept under rank 0.
        """
        ...

    # -- the inbox -------------------------------------------------------------------------------

    def sighted(self, files: Collection[Sighting], at: datetime) -> Mapping[str, datetime]:
        """Remember the files of the inbox that are not whole; return since when each looks so.

        By path. A file that looks otherwise than before begins anew, and others are forgotten.
        """
        ...

    # -- the operator ----------------------------------------------------------------------------

    def resume(
        self,
        numero_flux: str,
        ranks: Collection[int] = (),
        *,
        refusal: Finding | None = None,
        detail: str,
        at: datetime,
    ) -> int:
        """Put waiting documents of a flow back to work, or refuse them; return how many.

        No ``ranks`` means all of them. The flow is under way again, and the next run ends it:
        what was decided before stays. Nothing happens to a flow that does not wait.
        """
        ...

    # -- questions of the pipeline ---------------------------------------------------------------

    def unfinished(self) -> Sequence[Flux]:
        """Return flows that the pipeline has not closed, in claim order."""
        ...

    def flux(self, numero_flux: str) -> Flux | None:
        """Return one flow."""
        ...

    def repeated(self, flux: Flux, sha256: str) -> Sequence[Flux]:
        """Return the flows that one repeats, oldest first.

        They are of its sender and mode, were claimed before it, and have its bytes or were sent
        under its number.
        """
        ...

    def documents(self, numero_flux: str) -> Sequence[DocumentRow]:
        """Return the documents of a flow by rank."""
        ...

    def findings(self, numero_flux: str) -> Sequence[Rejection]:
        """Return every finding of a flow, warnings included, by rank and order."""
        ...

    def intents(self, numero_flux: str, *, pending: bool = False) -> Sequence[Intent]:
        """Return the files of a flow that the outbox must hold, by rank and path."""
        ...

    # -- questions of people ---------------------------------------------------------------------

    def suivi(
        self,
        *,
        etat: FluxState | None = None,
        emetteur: str | None = None,
        depuis: datetime | None = None,
    ) -> Iterator[Flux]:
        """Return flows, newest claim first."""
        ...

    def events(self, numero_flux: str) -> Sequence[FluxEvent]:
        """Return the history of a flow."""
        ...

    def factures(
        self, *, numero_flux: str | None = None, statut: str | None = None
    ) -> Iterator[InvoiceRow]:
        """Return invoices by flow (claim order) and rank."""
        ...

    def rejets(
        self, *, jour: date | None = None, emetteur: str | None = None
    ) -> Iterator[Rejection]:
        """Return fatal findings of refused documents and flows, by claim order, rank, order.

        ``jour`` is a day of deposit in Europe/Paris.
        """
        ...
