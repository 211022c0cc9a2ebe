"""Partners' SFTP servers as the settings have them: what is wrong with them, and how they do."""

# ruff: noqa: PLC0415 - a worker stays small and starts fast: see the package

from __future__ import annotations

import grp
import os
import pwd
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from chorus_edi.bootstrap.databases import environment, open_database
from chorus_edi.bootstrap.installation import returns_of
from chorus_edi.errors import ConfigurationError

if TYPE_CHECKING:
    from chorus_edi.adapters.sftp.connection import Server
    from chorus_edi.adapters.sftp.fetching import Source
    from chorus_edi.adapters.sftp.pushing import Sink
    from chorus_edi.domain.partners import Partners
    from chorus_edi.ports import Clock
    from chorus_edi.services.exchanges import Outage
    from chorus_edi.services.openssh import Account, Places
    from chorus_edi.services.rows import Row
    from chorus_edi.settings import Settings
    from chorus_edi.settings.servers import Sftp


def check_servers(settings: Settings, partners: Partners) -> list[str]:
    """Return what is wrong with the servers and with who refers to them, as sentences."""
    from chorus_edi.adapters.sftp.connection import check_trust

    faults = []
    for one in settings.sftp:
        if one.partenaire is not None and partners.of(one.partenaire) is None:
            faults.append(f"[[sftp]] {one.nom} : partenaire {one.partenaire} inconnu")
        try:
            check_trust(server_of(one))
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

    partners = partners_in(settings)
    with environment(), open_database(settings) as engine:
        health = SqlServers(engine).health()
        counted = SqlFetches(engine).counted()
    states: list[Row] = []
    for one in settings.sftp:
        owed = sum(1 for _, spool in spools_of(settings, partners, one.nom) for _ in owed_in(spool))
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

    partners = partners_in(settings)
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


def partners_in(settings: Settings) -> Partners:
    """Return the partners.

    Raises:
        ConfigurationError: their file has mistakes.
    """
    from chorus_edi.adapters.files.partners import load_partners

    return load_partners(settings.partenaires.file)


def server_of(server: Sftp) -> Server:
    """Return a server as the adapters know it; its secret is read when it is needed."""
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


def source_of(server: Sftp, partners: Partners) -> Source:
    """Return what is fetched from a server that has a ``releve``."""
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


def sink_of(settings: Settings, partners: Partners, server: Sftp) -> Sink:
    """Return what is pushed to a server that has an ``envoi``."""
    from chorus_edi.adapters.sftp.pushing import Sink

    envoi = server.envoi
    assert envoi is not None
    spools = tuple(spools_of(settings, partners, server.nom))
    return Sink(name=server.nom, folder=envoi.dossier, spools=spools, most=envoi.fichiers)


def spools_of(settings: Settings, partners: Partners, server: str) -> Iterator[tuple[str, Path]]:
    """Yield who is told by a server, with the folder of what he is owed."""
    from chorus_edi.adapters.files.returns import spools

    told = [one for one in partners.by_code.values() if one.returns.server == server]
    yield from spools(told, settings.folders.data).items()
