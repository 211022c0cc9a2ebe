"""A real OpenSSH server on loopback, for as long as a test lasts."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from typing_extensions import override

from chorus_edi.adapters.sftp.loopback import PROGRAMS, Loopback, free_port, make_key, program
from chorus_edi.errors import ConfigurationError
from tests.outside import missing

__all__ = ["Sshd", "free_port", "make_key", "serving", "sshd"]


class Sshd(Loopback):
    """A server that tests stop, restart, and come to by way of a proxy."""

    @override
    def known_hosts(self, port: int | None = None) -> Path:
        """Return a file that names this server, at its own port or where a proxy listens."""
        path = self.root / f"known_hosts{port or ''}"
        public = self.host_key.with_suffix(".pub").read_text()
        path.write_text(f"[127.0.0.1]:{port or self.port} {public}")
        return path

    def restart(self) -> None:
        """Stop and listen again on the same port."""
        self.stop()
        self.start()

    def fingerprint(self) -> str:
        """Return the digest of the host key as ``ssh-keygen`` shows it."""
        done = subprocess.run(
            ["ssh-keygen", "-lf", str(self.host_key)], capture_output=True, text=True, check=True
        )
        return done.stdout.split()[1]


@contextmanager
def serving() -> Iterator[Sshd]:
    """Run a server for as long as this lasts."""
    # Not pytest's own folder: it lies in one that only root may enter.
    root = Path(tempfile.mkdtemp(prefix="chorus-sshd-"))
    root.chmod(0o755)
    server = Sshd(root)
    try:
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(root)


@pytest.fixture
def sshd() -> Iterator[Sshd]:
    """A running server; skips where OpenSSH is not installed, and fails there in CI."""
    try:
        for name in PROGRAMS:
            program(name)
    except ConfigurationError as error:
        missing(str(error))
    with serving() as server:
        yield server
