"""Commits 1 and 2: a file of the inbox becomes a flow, and its content its documents.

Every function runs inside the transaction of its caller.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec
from sqlalchemy import Connection, select, update

from chorus_edi.adapters.store.rows import add, chunks, enter, hold, remain, upsert
from chorus_edi.adapters.store.tables import counter, document, flux, flux_event
from chorus_edi.domain.flux import (
    Arrival,
    Canal,
    DocumentEntry,
    FlowName,
    Flux,
    flow_name_of,
    platform_number,
)
from chorus_edi.domain.statuses import FluxState
from chorus_edi.errors import Defect

_SEQUENCE = "flux"
_LAST = 10**15 - 1


def claim(connection: Connection, arrivals: Sequence[Arrival], at: datetime) -> tuple[Flux, ...]:
    """Insert one flow per arrival that no waiting flow holds; return the flow of each, in order."""
    sequence = _hold_counter(connection)
    waiting = _waiting(connection)
    names = {a.path: flow_name_of(a.filename) for a in arrivals if a.path not in waiting}
    numbers = _Numbers(sequence, _held(connection, filter(None, names.values()), sequence))
    fresh: list[Flux] = []
    for arrival in arrivals:
        if arrival.path not in waiting:
            fresh.append(numbers.flow(arrival, names[arrival.path], at))
            waiting[arrival.path] = fresh[-1]
    _insert(connection, fresh, numbers.sequence)
    return tuple(waiting[arrival.path] for arrival in arrivals)


class _Numbers:
    """Gives flow numbers, in claim order, from what is held already."""

    def __init__(self, sequence: int, held: set[str]) -> None:
        self.sequence = sequence
        self._held = held

    def flow(self, arrival: Arrival, name: FlowName | None, at: datetime) -> Flux:
        """Return the new flow of one arrival."""
        self.sequence += 1
        # A number that is another's is never kept: it would be taken from its owner.
        own = name is not None and name.numero.startswith(arrival.partner)
        official = name.numero if name and own else None
        taken = official in self._held
        numero = official if official and not taken else self._platform()
        self._held.add(numero)
        return Flux(
            numero_flux=numero,
            sequence=self.sequence,
            nom_fichier=arrival.filename,
            emetteur=arrival.partner,
            interface=name.interface if name else None,
            canal=Canal.EDI,
            chemin=arrival.path,
            date_depot=at,
            etat=FluxState.IN_RECU,
            date_etat=at,
            premier_flux=official if taken else None,
            mode=arrival.mode,
        )

    def _platform(self) -> str:
        # A sender may have named a flow with one of our own numbers: that place is passed over.
        while platform_number(self.sequence) in self._held:
            self.sequence += 1
        return platform_number(self.sequence)


def _hold_counter(connection: Connection) -> int:
    """Return the last sequence given; claims follow one another from here on."""
    row = {"name": _SEQUENCE, "value": 0}
    connection.execute(upsert(connection, counter).on_conflict_do_nothing(), row)
    value = select(counter.c.value).where(counter.c.name == _SEQUENCE).with_for_update()
    sequence: int = connection.execute(value).scalar_one()
    return sequence


def _waiting(connection: Connection) -> dict[str, Flux]:
    """Return the flows still ``IN_RECU``, by the path of their file in the inbox."""
    rows = connection.execute(select(flux).where(flux.c.etat == FluxState.IN_RECU))
    return {row.chemin: Flux(**row._mapping) for row in rows}


def _held(connection: Connection, names: Iterable[FlowName], sequence: int) -> set[str]:
    """Return which official numbers are held, and our own numbers that ought still to be free."""
    numero = flux.c.numero_flux
    ours = numero.between(platform_number(sequence + 1), platform_number(_LAST))
    held = set(connection.scalars(select(numero).where(ours)))
    for chunk in chunks({name.numero for name in names}):
        held.update(connection.scalars(select(numero).where(numero.in_(chunk))))
    return held


def _insert(connection: Connection, fresh: Sequence[Flux], sequence: int) -> None:
    if not fresh:
        return
    add(connection, flux, [msgspec.structs.asdict(new) for new in fresh])
    events = [
        {"numero_flux": f.numero_flux, "seq": 1, "etat": f.etat, "date": f.date_etat, "detail": ""}
        for f in fresh
    ]
    add(connection, flux_event, events)
    moved = update(counter).where(counter.c.name == _SEQUENCE).values(value=sequence)
    connection.execute(moved)


def register(
    connection: Connection,
    numero_flux: str,
    *,
    sha256: str,
    size: int,
    documents: Sequence[DocumentEntry],
    first: str | None,
    detail: str,
    at: datetime,
) -> None:
    """Record the flow's hash and documents, once, and the flow that it repeats.

    A flow that was not let in has no documents; where it is in the end, it gets them now.

    Raises:
        Defect: it was registered with another content.
    """
    held = hold(connection, numero_flux)
    if held.sha256 is not None:
        if held.sha256 != sha256:
            raise Defect(f"flow {numero_flux} was registered with another content")
        _add_documents(connection, numero_flux, documents)
        return
    _under_way(connection, held, at, detail)
    connection.execute(
        update(flux)
        .where(flux.c.numero_flux == numero_flux)
        .values(sha256=sha256, taille=size, premier_flux=first)
    )
    _add_documents(connection, numero_flux, documents)


def _add_documents(
    connection: Connection, numero_flux: str, documents: Sequence[DocumentEntry]
) -> None:
    """Insert those that are not there yet."""
    rows = [{"numero_flux": numero_flux, **msgspec.structs.asdict(entry)} for entry in documents]
    if rows:
        connection.execute(upsert(connection, document).on_conflict_do_nothing(), rows)


def delay(
    connection: Connection, numero_flux: str, reason: str, at: datetime, *, taken: bool
) -> None:
    """Say in the history of an unfinished flow why it waits for the next run."""
    held = hold(connection, numero_flux)
    if taken:
        _under_way(connection, held, at, reason)
    elif not held.etat.closed:
        remain(connection, held, at, reason)


def _under_way(connection: Connection, held: Flux, at: datetime, detail: str) -> None:
    """Let a flow be under way, if it is not closed; its history says the detail either way."""
    etat = FluxState.IN_EN_COURS_TRAITEMENT_CPP
    if held.etat is not FluxState.IN_RECU:
        if not held.etat.closed:
            remain(connection, held, at, detail)
        return
    enter(connection, held, etat, at, detail)
    connection.execute(
        update(flux).where(flux.c.numero_flux == held.numero_flux).values(etat=etat, date_etat=at)
    )
