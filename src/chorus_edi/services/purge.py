"""What goes because its time of keeping is over: which things, why, how many bytes, and how.

The order outlives a kill at any moment: a flow is first told that its file goes, which ``doctor``
knows; then the file goes; then that is recorded; its rows go last, in one transaction. What a kill
left half done is due again, and the next purge goes on there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import partial

import msgspec

from chorus_edi.domain.flux import Flux
from chorus_edi.domain.keeping import Span
from chorus_edi.ports import Clock
from chorus_edi.ports.keeping import Fetched, Keeping, Lying, Shelves
from chorus_edi.services.rows import Row

COLUMNS = ("nature", "objet", "depuis", "raison", "taille")


class Spans(msgspec.Struct, frozen=True, kw_only=True):
    """How long each kind is kept.

    Attributes:
        invoices: stored files of flows, from their last state or status on.
        proofs: rows of flows, from then on, and events of the installation.
        deliveries: what recipients fetch, from the moment it was put there.
        returns: what senders fetch, likewise.
    """

    invoices: Span
    proofs: Span
    deliveries: Span
    returns: Span


class Leaving(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that goes.

    Attributes:
        kind: what it is, French.
        subject: flow number or path.
        since: since when it was kept; None where several instants are meant.
        reason: why it goes, French.
        size: bytes that it takes on disk; None for rows.
        go: lets it go; doing it again changes nothing.
    """

    kind: str
    subject: str
    since: datetime | None
    reason: str
    size: int | None
    go: Callable[[], None]


def leaving(
    keeping: Keeping,
    shelves: Shelves,
    deliveries: Fetched,
    returns: Fetched,
    spans: Spans,
    clock: Clock,
) -> Iterator[Leaving]:
    """Yield what goes now, in the order in which it has to.

    Args:
        keeping: which flows are due.
        shelves: where their files lie.
        deliveries: what recipients fetch.
        returns: what senders fetch.
        spans: how long each kind is kept.
        clock: now.
    """
    now = clock.now()
    yield from _files(keeping, shelves, spans.invoices.before(now), clock)
    yield from _rows(keeping, shelves, _both(spans, now), clock)
    yield from _events(keeping, spans.proofs.before(now))
    for lying in deliveries.lying():
        yield from _fetched("livraison", lying, deliveries, now, spans.deliveries)
    for lying in returns.lying():
        yield from _fetched("compte rendu", lying, returns, now, spans.returns)


def row_of(leaves: Leaving) -> Row:
    """Return the row of something that goes; keys are ``COLUMNS``."""
    return {
        "nature": leaves.kind,
        "objet": leaves.subject,
        "depuis": leaves.since,
        "raison": leaves.reason,
        "taille": leaves.size,
    }


def told(gone: Sequence[Leaving]) -> str:
    """Return one French sentence that says how much went."""
    size = sum(one.size or 0 for one in gone)
    return f"{len(gone)} éléments purgés, {size} octets de fichiers."


def _both(spans: Spans, now: datetime) -> datetime | None:
    """Return the instant before which rows go: never before the file that they speak of."""
    file, rows = spans.invoices.before(now), spans.proofs.before(now)
    return None if file is None or rows is None else min(file, rows)


def _files(
    keeping: Keeping, shelves: Shelves, before: datetime | None, clock: Clock
) -> Iterator[Leaving]:
    for flux in keeping.due(before) if before else ():
        yield Leaving(
            kind="fichier reçu",
            subject=flux.numero_flux,
            since=flux.date_etat,
            reason="conservation des factures échue",
            size=shelves.weight(flux),
            go=partial(_let_file_go, keeping, shelves, flux, clock),
        )


def _let_file_go(keeping: Keeping, shelves: Shelves, flux: Flux, clock: Clock) -> None:
    keeping.dismiss(flux.numero_flux, clock.now())
    shelves.remove(flux)
    keeping.gone(flux.numero_flux, clock.now())


def _rows(
    keeping: Keeping, shelves: Shelves, before: datetime | None, clock: Clock
) -> Iterator[Leaving]:
    def forget(flux: Flux) -> None:
        # What was added since its file went: nothing names it any more.
        shelves.remove(flux)
        keeping.forget(flux.numero_flux, clock.now())

    for flux in keeping.forgettable(before) if before else ():
        yield Leaving(
            kind="preuves",
            subject=flux.numero_flux,
            since=flux.date_etat,
            reason="conservation des preuves échue",
            size=None,
            go=partial(forget, flux),
        )


def _events(keeping: Keeping, before: datetime | None) -> Iterator[Leaving]:
    count = keeping.settled(before) if before else 0
    if before and count:
        yield Leaving(
            kind="événements",
            subject=f"{count} événements de l'installation",
            since=None,
            reason="conservation des preuves échue",
            size=None,
            go=partial(keeping.drop_settled, before),
        )


def _fetched(
    kind: str, lying: Lying, place: Fetched, now: datetime, span: Span
) -> Iterator[Leaving]:
    """Yield what lies there too long; who fetches takes it away, so it was not fetched."""
    limit = span.before(now)
    if limit is None or lying.since >= limit:
        return
    yield Leaving(
        kind=kind,
        subject=lying.path,
        since=lying.since,
        reason="mis à disposition depuis assez longtemps",
        size=lying.size,
        go=partial(place.take_away, lying),
    )
