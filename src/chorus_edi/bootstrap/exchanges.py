"""Exchanges with partners' SFTP servers: one turn over all of them, each in a thread of its own."""

# ruff: noqa: PLC0415 - a worker stays small and starts fast: see the package

from __future__ import annotations

import os
import socket
import uuid
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from chorus_edi.bootstrap.databases import environment, open_database
from chorus_edi.bootstrap.servers import partners_in, server_of, sink_of, source_of
from chorus_edi.domain.transfers import Lane
from chorus_edi.errors import ConfigurationError, Incident

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from chorus_edi.adapters.sftp.breaker import Breaker
    from chorus_edi.adapters.sftp.fetching import Fetched
    from chorus_edi.adapters.sftp.pushing import Pushed
    from chorus_edi.domain.partners import Partners
    from chorus_edi.domain.transfers import Health
    from chorus_edi.ports import Clock
    from chorus_edi.settings import Settings
    from chorus_edi.settings.servers import Sftp

_AT_ONCE = 4
"""Servers that are worked with at the same time: a slow one does not keep the others waiting."""


def _nowhere(_: str) -> None:
    """Hear of a moment, and go on."""


@dataclass(frozen=True)
class _Told:
    """What a turn over one server gave: a French sentence; ``worked`` is None where it rests."""

    server: str
    sentence: str
    worked: bool | None = True


def fetch_remote(
    settings: Settings,
    clock: Clock,
    *,
    force: bool = False,
    reached: Callable[[str], None] = _nowhere,
) -> str:
    """Fetch once from every server that is not resting; return what was done, in French.

    Args:
        settings: where everything is.
        clock: where time comes from.
        force: try also those that rest after a failure.
        reached: told the name of each moment; tests stop the process there.

    Raises:
        ConfigurationError: the partners or servers have mistakes.
        Incident: no server could be worked with, or our own disk or database failed.
    """
    servers = [one for one in settings.sftp if one.releve is not None]
    with _desk(settings, clock, reached) as desk:
        return _over(desk, servers, Lane.RELEVE, desk.fetch, force=force)


def push_returns(
    settings: Settings,
    clock: Clock,
    *,
    force: bool = False,
    reached: Callable[[str], None] = _nowhere,
) -> str:
    """Push what partners are owed to every server that is not resting; return what was done.

    Arguments and errors are those of ``fetch_remote``.
    """
    servers = [one for one in settings.sftp if one.envoi is not None]
    with _desk(settings, clock, reached) as desk:
        return _over(desk, servers, Lane.ENVOI, desk.push, force=force)


@dataclass(frozen=True, kw_only=True)
class _Desk:
    """What a turn over every server needs; each server is worked with in a thread of its own."""

    settings: Settings
    partners: Partners
    engine: Engine
    breaker: Breaker
    clock: Clock
    reached: Callable[[str], None]

    def fetch(self, server: Sftp, resting: Health | None) -> _Told:
        """Fetch from a server; from one that rests, only what is here already gets its name."""
        from chorus_edi.adapters.sftp.connection import connected
        from chorus_edi.adapters.sftp.fetching import Fetched, Fetching
        from chorus_edi.adapters.store.fetches import SqlFetches

        done = Fetched()
        fetching = Fetching(
            source_of(server, self.partners),
            self.settings.folders.inbox,
            SqlFetches(self.engine),
            self.clock,
            owner=_owner(),
            reached=self.reached,
        )

        fetching.resume(done)
        placed = partial(_counted, "fichier relevé", "fichiers relevés")
        if resting is not None:
            return _at_rest(server, placed(done.placed), resting)

        def work() -> bool:
            with connected(server_of(server)) as remote:
                fetching.turn(remote, done)
            return True

        failure = _guarded(self.breaker, server.nom, Lane.RELEVE, work, done)
        return _told(server, placed(done.placed), done, failure)

    def push(self, server: Sftp, resting: Health | None) -> _Told:
        """Push to a server; to one that rests, nothing."""
        from chorus_edi.adapters.sftp.connection import connected
        from chorus_edi.adapters.sftp.pushing import Pushed, Pushing
        from chorus_edi.adapters.store.sendings import SqlSendings

        done = Pushed()
        pushing = Pushing(
            sink_of(self.settings, self.partners, server),
            SqlSendings(self.engine),
            self.clock,
            owner=_owner(),
            reached=self.reached,
        )

        chosen = pushing.pending(done)
        sent = partial(_counted, "fichier envoyé", "fichiers envoyés")
        if resting is not None:
            done.waiting += len(chosen)
            return _at_rest(server, f"{done.waiting} en attente", resting)
        # With nothing to send too, one that failed is asked: else it would be down until there is.
        asked = bool(chosen) or self.breaker.failing(server.nom, Lane.CONNEXION, Lane.ENVOI)

        def work() -> bool:
            if asked:
                with connected(server_of(server)) as remote:
                    pushing.turn(remote, chosen, done)
            return asked

        failure = _guarded(self.breaker, server.nom, Lane.ENVOI, work, done)
        return _told(server, sent(done.sent), done, failure)


@contextmanager
def _desk(settings: Settings, clock: Clock, reached: Callable[[str], None]) -> Iterator[_Desk]:
    from chorus_edi.adapters.sftp.breaker import Breaker
    from chorus_edi.adapters.store.journal import SqlJournal
    from chorus_edi.adapters.store.servers import SqlServers

    partners = partners_in(settings)
    with environment(), open_database(settings, create=True) as engine:
        yield _Desk(
            settings=settings,
            partners=partners,
            engine=engine,
            breaker=Breaker(SqlServers(engine), SqlJournal(engine), clock),
            clock=clock,
            reached=reached,
        )


def _over(
    desk: _Desk,
    servers: Sequence[Sftp],
    lane: Lane,
    turn: Callable[[Sftp, Health | None], _Told],
    *,
    force: bool,
) -> str:
    """Work with each server in its turn; one that fails does not concern the others."""
    if not servers:
        return "Aucun serveur SFTP n'est configuré."

    def tried(server: Sftp) -> _Told:
        resting = None if force else desk.breaker.resting(server.nom, Lane.CONNEXION, lane)
        return turn(server, resting)

    with ThreadPoolExecutor(_AT_ONCE) as threads:
        told = list(threads.map(tried, servers))
    sentence = " ; ".join(f"{one.server} : {one.sentence}" for one in told)
    asked = [one for one in told if one.worked is not None]
    if asked and not any(one.worked for one in asked):
        raise Incident(sentence)
    return f"{sentence}."


def _guarded(
    breaker: Breaker, server: str, lane: Lane, work: Callable[[], bool], done: Fetched | Pushed
) -> str | None:
    """Work with a server, and record how it does; return why it failed, None where it did not.

    ``work`` says whether the server was asked anything: one that was not has not shown that it
    works.
    """
    from chorus_edi.adapters.sftp.faults import Refused, Unreachable

    try:
        asked = work()
    except Unreachable as error:
        breaker.failed(server, Lane.CONNEXION, str(error), lasting=error.lasting)
        return str(error)
    except ConfigurationError as error:
        breaker.failed(server, Lane.CONNEXION, str(error), lasting=True)
        return str(error)
    except Refused as error:
        breaker.worked(server, Lane.CONNEXION)
        breaker.failed(server, lane, str(error))
        return str(error)
    if asked:
        breaker.worked(server, Lane.CONNEXION)
        if done.refused:
            # Where a part of it works, that part need not wait.
            breaker.failed(server, lane, done.refused[0], rest=not done.moved)
        else:
            breaker.worked(server, lane)
    return None


def _told(server: Sftp, moved: str, done: Fetched | Pushed, failure: str | None) -> _Told:
    parts = [moved]
    if done.waiting:
        parts.append(f"{done.waiting} en attente")
    if done.refused:
        others = f" (et {len(done.refused) - 1} autres)" if len(done.refused) > 1 else ""
        parts.append(f"refus : {done.refused[0]}{others}")
    if failure is not None:
        parts.append(f"échec : {failure}")
    return _Told(server.nom, ", ".join(parts), worked=failure is None or bool(done.moved))


def _at_rest(server: Sftp, moved: str, resting: Health) -> _Told:
    return _Told(server.nom, f"{moved}, au repos après un échec ({resting.reason})", None)


def _counted(one: str, many: str, count: int) -> str:
    return f"{count} {one if count < 2 else many}"


def _owner() -> str:
    """Return a name that no other turn has, and that says whose it is."""
    return f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"
