"""An OpenSSH server on loopback, and its stock client: for the demonstration, and for tests.

It needs no rights: whoever starts it is the one who may come in, with a key made for it.
"""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import time
from pathlib import Path

from chorus_edi.errors import ConfigurationError, Incident

PROGRAMS = {"sshd": "openssh-server", "sftp": "openssh-client", "ssh-keygen": "openssh-client"}
"""Programs → the package that holds each on Debian and its kin."""

_PATIENCE = 20.0
_LOOK = 0.02


def program(name: str) -> str:
    """Return the path of a program of OpenSSH; its server is often on nobody's PATH.

    Raises:
        ConfigurationError: it is not installed.
    """
    path = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin"
    found = shutil.which(name, path=path)
    if found is None:
        raise ConfigurationError(
            f"{name} n'est pas installé : il est dans le paquet {PROGRAMS[name]} "
            f"(apt-get install {PROGRAMS[name]})"
        )
    return found


def make_key(path: Path) -> None:
    """Make a pair of keys without a passphrase."""
    shape = ["-q", "-t", "ed25519", "-N", "", "-C", "chorus-edi"]
    command = [program("ssh-keygen"), *shape, "-f", str(path)]
    subprocess.run(command, check=True)  # noqa: S603 - our own words only


def free_port() -> int:
    """Return a port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Loopback:
    """One server; its configuration, host key and client key are in a folder of its own.

    Attributes:
        root: that folder.
        port: where it listens on 127.0.0.1.
        user: who may come in.
        host_key: file of its private key.
        key: file of the private key that lets him in.
    """

    def __init__(self, root: Path) -> None:
        """``root`` is an empty folder.

        Raises:
            ConfigurationError: OpenSSH is not installed.
        """
        for name in PROGRAMS:
            program(name)
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
        """Listen; ``further`` is appended to the configuration.

        Raises:
            Incident: it does not listen; the message is what it says.
        """
        config = self.root / "sshd_config"
        config.write_text(self.configuration() + further, encoding="utf-8")
        if os.geteuid() == 0:
            # Where sshd, as root, shuts up the part of it that talks to strangers.
            Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
        command = [program("sshd"), "-D", "-e", "-f", str(config)]
        with (self.root / "log").open("ab") as log:
            quiet = subprocess.DEVNULL
            self._process = subprocess.Popen(command, stdin=quiet, stderr=log)  # noqa: S603 - as above
        self._await(self._process)

    def configuration(self) -> str:
        """Return its configuration: keys only, files only, loopback only."""
        lines = (
            f"Port {self.port}",
            "ListenAddress 127.0.0.1",
            f'HostKey "{self.host_key}"',
            f'PidFile "{self.root / "pid"}"',
            f'AuthorizedKeysFile "{self.root / "authorized"}"',
            # Whoever runs this may have a folder that others write to.
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
        """Listen no more; connections that are open go on until they end."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(_PATIENCE)
            self._process = None

    def known_hosts(self) -> Path:
        """Return a file that names this server."""
        path = self.root / "known_hosts"
        public = self.host_key.with_suffix(".pub").read_text(encoding="utf-8")
        path.write_text(f"[127.0.0.1]:{self.port} {public}", encoding="utf-8")
        return path

    def client(
        self, batch: str, *, user: str | None = None, key: Path | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run lines of the stock client, as ``user`` with ``key``, or as who may come in."""
        options = (
            f"UserKnownHostsFile={self.known_hosts()}",
            "IdentitiesOnly=yes",
            "StrictHostKeyChecking=yes",
        )
        return subprocess.run(  # noqa: S603 - as above
            [
                *(program("sftp"), "-b", "-", "-F", "none", "-P", str(self.port)),
                *("-i", str(key or self.key)),
                *(word for option in options for word in ("-o", option)),
                f"{user or self.user}@127.0.0.1",
            ],
            input=batch,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    def log(self) -> str:
        """Return what the server said."""
        return (self.root / "log").read_text(encoding="utf-8", errors="replace")

    def _await(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + _PATIENCE
        while time.monotonic() < deadline and process.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(_LOOK)
        raise Incident(f"sshd n'écoute pas : {self.log()}")
