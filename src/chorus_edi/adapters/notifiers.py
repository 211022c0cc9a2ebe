"""Tells whoever runs the installation of its events: a command of his, or his mail server."""

from __future__ import annotations

import hashlib
import json
import logging
import smtplib
import socket
import ssl
import subprocess
from collections.abc import Sequence
from email.message import EmailMessage
from email.utils import format_datetime
from enum import StrEnum

import msgspec

from chorus_edi.domain.legal_time import iso, paris, short
from chorus_edi.domain.operations import OPERATION_LABELS, Operation
from chorus_edi.errors import Incident, said

log = logging.getLogger(__name__)

_LONGEST = 300


class CommandNotifier:
    """A command that gets the event as one JSON object on its standard input.

    Args:
        command: program and arguments; exit code 0 says that it told somebody.
        patience: seconds that it may take.
    """

    def __init__(self, command: Sequence[str], patience: float) -> None:
        self._command = tuple(command)
        self._patience = patience

    def tell(self, operation: Operation) -> None:
        """Tell of one event.

        Raises:
            Incident: the command is missing, late, or says that it failed.
        """
        try:
            done = subprocess.run(  # noqa: S603 - the operator's own command
                self._command,
                input=json.dumps(_told(operation), ensure_ascii=False) + "\n",
                capture_output=True,
                text=True,
                encoding="utf-8",
                errors="replace",
                timeout=self._patience,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            late = f"plus de {self._patience:g} secondes"
            raise Incident(f"la commande de notification ne répond pas : {late}") from error
        except OSError as error:
            raise Incident(f"la commande de notification ne part pas : {said(error)}") from error
        if done.returncode:
            told = " ".join((done.stderr or done.stdout).split())[:_LONGEST]
            raise Incident(
                f"la commande de notification a échoué (code {done.returncode}) : {told}"
            )


def _told(operation: Operation) -> dict[str, str]:
    return {
        "cle": operation.key,
        "genre": operation.kind.value,
        "libelle": OPERATION_LABELS[operation.kind].fr,
        "sujet": operation.subject,
        "detail": operation.detail,
        "date": iso(operation.at),
    }


class Security(StrEnum):
    """How the road to a mail server is closed to others."""

    NONE = "aucun"
    STARTTLS = "starttls"
    TLS = "tls"


class MailServer(msgspec.Struct, frozen=True, kw_only=True):
    """A mail server, who writes, and to whom.

    Attributes:
        host: its name, which its certificate must bear.
        port: where it listens.
        sender: address that writes.
        recipients: addresses that are written to.
        user: who we are there; empty: nobody asks.
        password: shown to nobody.
        security: how the road to it is closed.
        patience: seconds for each of its answers.
    """

    host: str
    port: int
    sender: str
    recipients: tuple[str, ...]
    user: str = ""
    password: str = ""
    security: Security = Security.NONE
    patience: float = 30


class MailNotifier:
    """One short mail per event."""

    def __init__(self, server: MailServer, trust: ssl.SSLContext | None = None) -> None:
        """``trust``: which certificates are believed; None for those that the system believes."""
        self._server = server
        self._trust = trust

    def tell(self, operation: Operation) -> None:
        """Tell of one event; the server has taken the mail for one recipient at least.

        Raises:
            Incident: it has not.
        """
        server = self._server
        try:
            with self._connected() as connection:
                if server.user:
                    connection.login(server.user, server.password)
                refused = connection.send_message(mail_of(operation, server))
        except smtplib.SMTPRecipientsRefused as error:
            refusals = ", ".join(error.recipients)
            raise Incident(f"le serveur de messagerie refuse {refusals}") from error
        except smtplib.SMTPAuthenticationError as error:
            raise Incident(
                f"le serveur de messagerie refuse l'utilisateur {server.user}"
            ) from error
        except OSError as error:  # those of smtplib, ssl and the network alike
            raise Incident(
                f"serveur de messagerie {server.host}:{server.port} : {_why(error)}"
            ) from error
        for recipient in refused:
            log.warning("le serveur de messagerie refuse %s", recipient)

    def _connected(self) -> smtplib.SMTP:
        server = self._server
        if server.security is Security.TLS:
            return smtplib.SMTP_SSL(
                server.host, server.port, timeout=server.patience, context=self._trusted()
            )
        connection = smtplib.SMTP(server.host, server.port, timeout=server.patience)
        if server.security is Security.STARTTLS:
            try:
                connection.starttls(context=self._trusted())
            except OSError:
                connection.close()
                raise
        return connection

    def _trusted(self) -> ssl.SSLContext:
        return self._trust or ssl.create_default_context()


_SIMPLE = (
    (ConnectionRefusedError, "connexion refusée"),
    (TimeoutError, "pas de réponse"),
    (socket.gaierror, "nom de serveur inconnu"),
)


def _why(error: OSError) -> str:
    """Say what stopped a mail; the numbers in the errors of smtplib and ssl are their own."""
    if isinstance(error, ssl.SSLError):
        return f"chiffrement impossible ({error.reason or error})"
    if isinstance(error, smtplib.SMTPResponseException):
        told = error.smtp_error
        words = told.decode(errors="replace") if isinstance(told, bytes) else told
        return f"code {error.smtp_code} : {' '.join(words.split())[:_LONGEST]}"
    simple = next((words for kind, words in _SIMPLE if isinstance(error, kind)), None)
    return simple or (str(error) if isinstance(error, smtplib.SMTPException) else said(error))


def mail_of(operation: Operation, server: MailServer) -> EmailMessage:
    """Return the mail of an event: the same mail each time, for programs that drop doubles."""
    label = OPERATION_LABELS[operation.kind].fr
    mail = EmailMessage()
    mail["Subject"] = " ".join(f"[chorus-edi] {label} : {operation.subject}".split())
    mail["From"] = server.sender
    mail["To"] = ", ".join(server.recipients)
    mail["Date"] = format_datetime(paris(operation.at))
    digest = hashlib.sha256(operation.key.encode()).hexdigest()
    mail["Message-ID"] = f"<{digest}@chorus-edi.invalid>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(
        f"{label} : {operation.subject}\n{short(operation.at)}\n\n{operation.detail}\n\n"
        "Tous les événements : chorus-edi evenements\n"
    )
    return mail
