"""Exchanges with partners' SFTP servers: one turn over all of them, and how they do."""

# ruff: noqa: PLC0415 - a worker stays small and starts fast: see the package

from __future__ import annotations

import grp
import os
import pwd
import socket
import uuid
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from chorus_edi.bootstrap.installation import environment, open_database, returns_of
from chorus_edi.domain.transfers import Lane
from chorus_edi.errors import ConfigurationError, Incident

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from chorus_edi.adapters.sftp.breaker import Breaker
    from chorus_edi.adapters.sftp.connection import Server
    from chorus_edi.adapters.sftp.fetching import Fetched, Source
    from chorus_edi.adapters.sftp.pushing import Pushed, Sink
    from chorus_edi.domain.partners import Partners
    from chorus_edi.ports import Clock
    from chorus_edi.services.exchanges import Outage
    from chorus_edi.services.openssh import Account, Places
    from chorus_edi.services.rows import Row
    from chorus_edi.settings import Settings, Sftp

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


def check_servers(settings: Settings, partners: Partners) -> list[str]:
    """Return what is wrong with the servers and with who refers to them, as sentences."""
    from chorus_edi.adapters.sftp.connection import check_trust

    faults = []
    for one in settings.sftp:
        if one.partenaire is not None and partners.of(one.partenaire) is None:
            faults.append(f"[[sftp]] {one.nom} : partenaire {one.partenaire} inconnu")
        try:
            check_trust(_server(one))
        except ConfigurationError as error:
            faults.append(str(error))
    pushed = {one.nom for one in settings.sftp if one.envoi is not None}
    faults.extend(
        f"partenaire {one.code} : retour, serveur « {one.returns.server} » : "
        "aucun [[sftp]] de ce nom n'a d'envoi"
        for one in partners.by_code.values()
        if one.returns.server is not None and one.returns.server not in pushed
    )
    return faults


def server_states(settings: Settings, clock: Clock) -> Sequence[Row]:
    """Return how each server of the configuration does and what waits, one row each.

    Raises:
        ConfigurationError: there is no data here.
    """
    from chorus_edi.adapters.sftp.pushing import owed_in
    from chorus_edi.adapters.store.fetches import SqlFetches
    from chorus_edi.adapters.store.servers import SqlServers
    from chorus_edi.services.exchanges import row_of

    partners = _partners(settings)
    with environment(), open_database(settings) as engine:
        health = SqlServers(engine).health()
        counted = SqlFetches(engine).counted()
    states: list[Row] = []
    for one in settings.sftp:
        owed = sum(1 for _, spool in _spools(settings, partners, one.nom) for _ in owed_in(spool))
        lanes = [lane for lane in health if lane.server == one.nom]
        states.append(row_of(one.nom, f"{one.hote}:{one.port}", lanes, counted, owed, clock.now()))
    return states


def outages(settings: Settings) -> Sequence[Outage]:
    """Return the servers that are down now; none where nothing was ever exchanged."""
    from chorus_edi.adapters.store.servers import SqlServers
    from chorus_edi.services.exchanges import outages_in

    if not settings.sftp:
        return ()
    with open_database(settings) as engine:
        health = SqlServers(engine).health()
    names = {one.nom for one in settings.sftp}
    return outages_in(one for one in health if one.server in names)


def sftp_accounts(
    settings: Settings,
    codes: Sequence[str],
    *,
    root: str | None = None,
    keys: str | None = None,
    owner: str | None = None,
) -> tuple[Sequence[Account], Places]:
    """Return the accounts of an OpenSSH server that partners push to, and where they are.

    Args:
        settings: where everything is.
        codes: of the partners; none for all of them.
        root: folder of the chroots, absolute; None for the usual one.
        keys: folder of the public keys, absolute; None for the usual one.
        owner: account that chorus-edi runs under; None for this one.

    Raises:
        ConfigurationError: nobody is connected under a code, or there is no such account.
    """
    from chorus_edi.services.openssh import KEYS, ROOT, Places, account_of, chosen

    partners = _partners(settings)
    returns = returns_of(settings, partners)
    accounts = [
        account_of(one, str(settings.folders.inbox / one.code), str(returns.folder(one.code)))
        for one in chosen(partners, codes)
    ]
    try:
        person = pwd.getpwnam(owner) if owner else pwd.getpwuid(os.geteuid())
        group = grp.getgrgid(person.pw_gid).gr_name
    except KeyError as error:
        raise ConfigurationError(f"compte inconnu sur cette machine : {owner}") from error
    places = Places(
        root=_absolute(root or ROOT),
        keys=_absolute(keys or KEYS),
        owner=person.pw_name,
        group=group,
    )
    return accounts, places


def _absolute(folder: str) -> str:
    return str(Path(folder).absolute())


@dataclass(frozen=True, kw_only=True)
class _Desk:
    """What a turn over every server needs; each server is worked with in a thread of its own."""

    settings: Settings
    partners: Partners
    engine: Engine
    breaker: Breaker
    clock: Clock
    reached: Callable[[str], None]

    def fetch(self, server: Sftp) -> _Told:
        """Fetch from a server."""
        from chorus_edi.adapters.sftp.connection import connected
        from chorus_edi.adapters.sftp.fetching import Fetched, Fetching
        from chorus_edi.adapters.store.fetches import SqlFetches

        done = Fetched()
        fetching = Fetching(
            _source(server, self.partners),
            self.settings.folders.inbox,
            SqlFetches(self.engine),
            self.clock,
            owner=_owner(),
            reached=self.reached,
        )

        def work() -> bool:
            fetching.resume(done)
            with connected(_server(server)) as remote:
                fetching.turn(remote, done)
            return True

        failure = _guarded(self.breaker, server.nom, Lane.RELEVE, work, done)
        placed = _counted(done.placed, "fichier relevé", "fichiers relevés")
        return _told(server, placed, done, failure)

    def push(self, server: Sftp) -> _Told:
        """Push to a server."""
        from chorus_edi.adapters.sftp.connection import connected
        from chorus_edi.adapters.sftp.pushing import Pushed, Pushing
        from chorus_edi.adapters.store.sendings import SqlSendings

        done = Pushed()
        pushing = Pushing(
            _sink(self.settings, self.partners, server),
            SqlSendings(self.engine),
            self.clock,
            owner=_owner(),
            reached=self.reached,
        )

        def work() -> bool:
            chosen = pushing.pending(done)
            if chosen:
                with connected(_server(server)) as remote:
                    pushing.turn(remote, chosen, done)
            return bool(chosen)

        failure = _guarded(self.breaker, server.nom, Lane.ENVOI, work, done)
        sent = _counted(done.sent, "fichier envoyé", "fichiers envoyés")
        return _told(server, sent, done, failure)


@contextmanager
def _desk(settings: Settings, clock: Clock, reached: Callable[[str], None]) -> Iterator[_Desk]:
    from chorus_edi.adapters.sftp.breaker import Breaker
    from chorus_edi.adapters.store.journal import SqlJournal
    from chorus_edi.adapters.store.servers import SqlServers

    partners = _partners(settings)
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
    turn: Callable[[Sftp], _Told],
    *,
    force: bool,
) -> str:
    """Work with each server in its turn; one that fails does not concern the others."""
    if not servers:
        return "Aucun serveur SFTP n'est configuré."

    def tried(server: Sftp) -> _Told:
        resting = None if force else desk.breaker.resting(server.nom, Lane.CONNEXION, lane)
        if resting is not None:
            return _Told(server.nom, f"au repos après un échec ({resting.reason})", None)
        return turn(server)

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


def _counted(count: int, one: str, many: str) -> str:
    return f"{count} {one if count < 2 else many}"


def _owner() -> str:
    """Return a name that no other turn has, and that says whose it is."""
    return f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"


def _partners(settings: Settings) -> Partners:
    from chorus_edi.adapters.files.partners import load_partners

    return load_partners(settings.partenaires.file)


def _server(server: Sftp) -> Server:
    from chorus_edi.adapters.sftp.connection import Server

    def secret() -> str | None:
        found = server.secret()
        return found.get_secret_value() if found is not None else None

    return Server(
        name=server.nom,
        host=server.hote,
        port=server.port,
        user=server.utilisateur,
        key=server.cle,
        secret=secret,
        known_hosts=server.known_hosts,
        fingerprint=server.empreinte,
        patience=server.delai,
    )


def _source(server: Sftp, partners: Partners) -> Source:
    from chorus_edi.adapters.sftp.fetching import Source
    from chorus_edi.domain.partners import Arriving

    releve, code = server.releve, server.partenaire
    assert releve is not None
    assert code is not None
    # As for a folder of the inbox that is nobody's: its flows are refused by their envelope.
    partner = partners.of(code)
    return Source(
        name=server.nom,
        folder=releve.dossier,
        partner=code,
        arriving=partner.arriving if partner is not None else Arriving(),
        shelf=releve.vers,
        most=releve.fichiers,
    )


def _sink(settings: Settings, partners: Partners, server: Sftp) -> Sink:
    from chorus_edi.adapters.sftp.pushing import Sink

    envoi = server.envoi
    assert envoi is not None
    spools = tuple(_spools(settings, partners, server.nom))
    return Sink(name=server.nom, folder=envoi.dossier, spools=spools, most=envoi.fichiers)


def _spools(settings: Settings, partners: Partners, server: str) -> Iterator[tuple[str, Path]]:
    """Yield who is told by a server, with the folder of what he is owed."""
    from chorus_edi.adapters.files.returns import spools

    told = [one for one in partners.by_code.values() if one.returns.server == server]
    yield from spools(told, settings.folders.data).items()
