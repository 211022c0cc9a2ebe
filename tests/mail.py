"""A real mail server on loopback, for tests that send mail."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Sequence
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword


def free_port() -> int:
    """Return a port of loopback on which nobody listens now."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


class Mailbox:
    """What a server received; it refuses some recipients, and every mail where it is full."""

    def __init__(self, refused: Sequence[str] = (), *, full: bool = False) -> None:
        self.mails: list[EmailMessage] = []
        self.recipients: list[str] = []
        self._refused = refused
        self._full = full

    async def handle_RCPT(  # noqa: N802 - the name that aiosmtpd calls
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if address in self._refused:
            return "550 nobody of that name"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - as above
        self, _server: Any, _session: Any, envelope: Any
    ) -> str:
        if self._full:
            return "452 mailbox full"
        mail = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        self.recipients += envelope.rcpt_tos
        return "250 OK"


class Server:
    """A mail server that may be started and stopped; always on the same port."""

    def __init__(self, mailbox: Mailbox, **options: Any) -> None:
        self.port = free_port()
        self._mailbox = mailbox
        self._options = options
        self._controller: Controller | None = None

    def start(self) -> None:
        controller = Controller(self._mailbox, "127.0.0.1", self.port, **self._options)
        controller.start()
        self._controller = controller

    def stop(self) -> None:
        if self._controller is not None:
            self._controller.stop()
            self._controller = None


def only(user: str, password: str) -> Any:
    """Return an authenticator that knows one user."""

    def authenticate(*given: Any) -> Any:
        data = given[-1]
        assert isinstance(data, LoginPassword)
        known = data.login == user.encode() and data.password == password.encode()
        return AuthResult(success=known, handled=known)

    return authenticate


def trusting(certificate: str) -> ssl.SSLContext:
    """Return what believes one certificate."""
    return ssl.create_default_context(cafile=certificate)
