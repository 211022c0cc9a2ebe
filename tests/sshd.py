"""A real OpenSSH server on loopback, and what a partner does with the stock ``sftp`` client."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

_PATIENCE = 20.0


def program(name: str) -> str | None:
    """Return the path of a program of OpenSSH; its server is often on nobody's PATH."""
    return shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")


class Sshd:
    """One server: its own host key, port and folder; its clients' keys are in that folder too.

    Attributes:
        root: its folder, which partners' folders may lie in.
        port: where it listens on 127.0.0.1.
        user: who may come in with ``key``.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.port = free_port()
        self.user = pwd.getpwuid(os.geteuid()).pw_name
        self.host_key = root / "hostkey"
        self.key = root / "client"
        self._process: subprocess.Popen[bytes] | None = None
        for key in (self.host_key, self.key):
            make_key(key)
        (root / "authorized").write_bytes(self.key.with_suffix(".pub").read_bytes())

    def start(self, further: str = "") -> None:
        """Listen; ``further`` is appended to the configuration."""
        config = self.root / "sshd_config"
        config.write_text(self.configuration() + further)
        if os.geteuid() == 0:
            # Where sshd, as root, shuts up the part of it that talks to strangers.
            Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
        sshd = program("sshd")
        assert sshd is not None
        with (self.root / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [sshd, "-D", "-e", "-f", str(config)], stdin=subprocess.DEVNULL, stderr=log
            )
        self._await()

    def configuration(self) -> str:
        """Return the plain part: whoever runs the tests may come in with the key made for it."""
        lines = (
            f"Port {self.port}",
            "ListenAddress 127.0.0.1",
            f"HostKey {self.host_key}",
            f"PidFile {self.root / 'pid'}",
            f"AuthorizedKeysFile {self.root / 'authorized'}",
            "StrictModes no",
            "UsePAM no",
            "PasswordAuthentication no",
            "KbdInteractiveAuthentication no",
            "PermitRootLogin prohibit-password",
            "MaxStartups 100",
            "Subsystem sftp internal-sftp",
        )
        return "\n".join(lines) + "\n"

    def stop(self) -> None:
        """Stop, with every connection."""
        if self._process is None:
            return
        children = subprocess.run(
            ["pgrep", "-P", str(self._process.pid)], capture_output=True, text=True, check=False
        ).stdout.split()
        self._process.terminate()
        self._process.wait(_PATIENCE)
        for child in children:
            subprocess.run(["kill", child], check=False, capture_output=True)
        self._process = None

    def restart(self) -> None:
        """Stop and listen again on the same port."""
        self.stop()
        self.start()

    def known_hosts(self, port: int | None = None) -> Path:
        """Return a file that names this server, at its own port or where a proxy listens."""
        path = self.root / f"known_hosts{port or ''}"
        public = self.host_key.with_suffix(".pub").read_text()
        path.write_text(f"[127.0.0.1]:{port or self.port} {public}")
        return path

    def fingerprint(self) -> str:
        """Return the digest of the host key as ``ssh-keygen`` shows it."""
        done = subprocess.run(
            ["ssh-keygen", "-lf", str(self.host_key)], capture_output=True, text=True, check=True
        )
        return done.stdout.split()[1]

    def sftp(
        self, batch: str, *, user: str | None = None, key: Path | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run lines of the stock client."""
        return subprocess.run(
            [
                "sftp", "-b", "-", "-P", str(self.port), "-i", str(key or self.key),
                "-o", f"UserKnownHostsFile={self.known_hosts()}", "-o", "IdentitiesOnly=yes",
                "-o", "StrictHostKeyChecking=yes", "-F", "none",
                f"{user or self.user}@127.0.0.1",
            ],
            input=batch, capture_output=True, text=True, check=False, timeout=60,
        )  # fmt: skip

    def log(self) -> str:
        """Return what the server said."""
        return (self.root / "log").read_text(errors="replace")

    def _await(self) -> None:
        assert self._process is not None
        deadline = time.monotonic() + _PATIENCE
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                break
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.02)
        raise RuntimeError(f"sshd does not listen: {self.log()}")


def free_port() -> int:
    """Return a port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def make_key(path: Path) -> None:
    """Make a pair of keys."""
    command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "test", "-f", str(path)]
    subprocess.run(command, check=True)


@contextmanager
def serving() -> Iterator[Sshd]:
    """Run a server for as long as this lasts."""
    # Not pytest's own folder: it lies in one that only root may enter.
    root = Path(tempfile.mkdtemp(prefix="chorus-sshd-"))
    root.chmod(0o755)
    server = Sshd(root)
    try:
        yield server
    finally:
        server.stop()
        shutil.rmtree(root)


@pytest.fixture
def sshd() -> Iterator[Sshd]:
    """A running server; skips where OpenSSH is not installed, and fails there in CI."""
    missing = [name for name in ("sshd", "sftp", "ssh-keygen") if program(name) is None]
    if missing:
        told = f"OpenSSH is not installed: no {', '.join(missing)}"
        if os.environ.get("CI"):
            pytest.fail(told)
        pytest.skip(told)
    with serving() as server:
        server.start()
        yield server
