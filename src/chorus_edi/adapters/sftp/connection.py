"""Connects to a partner's server: who it is must be proved first, then who we are."""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import paramiko
from paramiko.ssh_exception import NoValidConnectionsError
from typing_extensions import override

from chorus_edi.adapters.sftp.faults import Unreachable
from chorus_edi.adapters.sftp.remote import Remote
from chorus_edi.errors import ConfigurationError, reason


def no_secret() -> None:
    """Stand for the password of who has none."""


@dataclass(frozen=True, kw_only=True)
class Server:
    """A partner's server, and how we prove to each other who we are.

    Attributes:
        name: what people call it.
        host: name or address.
        port: TCP port.
        user: our account there.
        key: file of our private key; None where a password does.
        secret: gives the password, or the passphrase of the key; read when it is needed, and not
            kept, so that no list of servers ever shows it.
        known_hosts: file, as OpenSSH has it, that must name the host.
        fingerprint: what the key of the host must be, ``SHA256:…``, where no file names it.
        patience: seconds that the server may keep us waiting for an answer.
    """

    name: str
    host: str
    port: int
    user: str
    key: Path | None
    secret: Callable[[], str | None] = no_secret
    known_hosts: Path | None = None
    fingerprint: str | None = None
    patience: float = 30.0


@contextmanager
def connected(server: Server) -> Iterator[Remote]:
    """Be connected for as long as this lasts.

    Raises:
        Unreachable: nobody answers, it is another server, or it does not know us.
    """
    # What it says of a lost connection, we say ourselves, without its stack.
    logging.getLogger("paramiko").setLevel(logging.CRITICAL)
    client = paramiko.SSHClient()
    try:
        yield Remote(_opened(client, server))
    finally:
        client.close()


def check_trust(server: Server) -> None:
    """Refuse what can be refused without a connection.

    Raises:
        ConfigurationError: the host is in no file of known hosts, or our key cannot be used.
    """
    where = f"[[sftp]] {server.name}"
    try:
        _trusted(paramiko.SSHClient(), server)
        if server.key is not None:
            _own_key(server.key, server.secret())
    except Unreachable as error:
        raise ConfigurationError(f"{where} : {error}") from error
    if server.key is not None and server.key.stat().st_mode & 0o077:
        raise ConfigurationError(
            f"{where} : la clé privée {server.key} est lisible par d'autres ; chmod 600"
        )


def _opened(client: paramiko.SSHClient, server: Server) -> Any:
    _trusted(client, server)
    secret = server.secret()
    key = _own_key(server.key, secret) if server.key is not None else None
    try:
        client.connect(
            server.host,
            server.port,
            server.user,
            password=secret if key is None else None,
            pkey=key,
            timeout=server.patience,
            banner_timeout=server.patience,
            auth_timeout=server.patience,
            channel_timeout=server.patience,
            allow_agent=False,
            look_for_keys=False,
        )
        session = client.open_sftp()
        session.get_channel().settimeout(server.patience)
    except (paramiko.SSHException, EOFError, OSError) as error:
        raise _told(error, server) from error
    return session


def _told(error: Exception, server: Server) -> Unreachable:
    """Return a failure to connect as an operator reads it."""
    where = f"{server.host}:{server.port}"
    match error:
        case Unreachable():
            return error
        case paramiko.BadHostKeyException():
            return _other_key(server, error.key)
        case paramiko.AuthenticationException():
            return Unreachable(
                f"{where} refuse l'utilisateur « {server.user} » : "
                "clé ou mot de passe à vérifier avec le partenaire",
                lasting=True,
            )
    return Unreachable(f"{where} {_reason(error, server)}")


def _reason(error: Exception, server: Server) -> str:
    match error:
        case socket.gaierror():
            return "est inconnu : nom d'hôte à vérifier"
        case TimeoutError():
            return f"ne répond pas en {server.patience:g} s"
        case NoValidConnectionsError():
            return "n'est pas joignable : aucun serveur n'y écoute, ou le réseau n'y mène pas"
        case OSError(strerror=str()):
            return f"refuse la connexion ({reason(error)})"
    return f"refuse la connexion ({error})"


def _other_key(server: Server, key: Any) -> Unreachable:
    return Unreachable(
        f"{server.host}:{server.port} n'a pas la clé d'hôte attendue : il présente "
        f"{key.get_name()} {key.fingerprint}. N'échangez rien avant d'avoir demandé au "
        "partenaire s'il l'a changée",
        lasting=True,
    )


def _trusted(client: paramiko.SSHClient, server: Server) -> None:
    """Tell a client whom to trust: an unknown host is refused, never added."""
    if server.fingerprint is not None:
        client.set_missing_host_key_policy(_Pinned(server))
        return
    client.set_missing_host_key_policy(paramiko.RejectPolicy())
    if server.known_hosts is None:
        raise Unreachable("ni known_hosts ni empreinte pour reconnaître le serveur", lasting=True)
    try:
        client.load_host_keys(str(server.known_hosts))
    except OSError as error:
        raise Unreachable(
            f"{server.known_hosts} illisible : {reason(error)}", lasting=True
        ) from error
    name = server.host if server.port == paramiko.config.SSH_PORT else _bracketed(server)
    if client.get_host_keys().lookup(name) is None:
        raise Unreachable(f"{server.known_hosts} ne connaît pas l'hôte {name}", lasting=True)


def _bracketed(server: Server) -> str:
    return f"[{server.host}]:{server.port}"


def _own_key(path: Path, secret: str | None) -> paramiko.PKey:
    try:
        return paramiko.PKey.from_path(path, secret.encode() if secret else None)
    except OSError as error:
        raise Unreachable(f"clé privée {path} illisible : {reason(error)}", lasting=True) from error
    except (paramiko.SSHException, ValueError, TypeError) as error:
        raise Unreachable(
            f"clé privée {path} inutilisable : format inconnu, ou phrase secrète absente ou fausse",
            lasting=True,
        ) from error


class _Pinned(paramiko.MissingHostKeyPolicy):  # type: ignore[misc]
    """Accepts the one key that was agreed on."""

    def __init__(self, server: Server) -> None:
        self._server = server

    @override
    def missing_host_key(self, client: object, hostname: str, key: Any) -> None:
        """Compare the key of a host that no file knows."""
        if key.fingerprint != self._server.fingerprint:
            raise _other_key(self._server, key)
