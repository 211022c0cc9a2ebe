"""One partner with a server, our installation, and a clock that is moved by hand."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from chorus_edi import bootstrap
from chorus_edi.adapters.files.partners import load_partners
from chorus_edi.adapters.store.fetches import SqlFetches
from chorus_edi.adapters.store.journal import SqlJournal
from chorus_edi.domain.operations import Operation
from chorus_edi.domain.transfers import FetchState
from chorus_edi.ports import Returns
from chorus_edi.settings import Settings, load
from tests.faults.volumes import Volume
from tests.outside import missing
from tests.sshd import Sshd

PARTNER = "ABC123"
AT = datetime(2026, 10, 1, 22, 0, tzinfo=UTC)
ROOT = Path(__file__).parents[3]


class HandClock:
    """A clock that stands still between two moves."""

    def __init__(self) -> None:
        self._now = AT

    def now(self) -> datetime:
        return self._now

    def move(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)


@contextmanager
def mounted(folder: Path) -> Iterator[Volume]:
    """Make a folder a small disk of its own; skips where nobody may, and fails there in CI."""
    try:
        volume = Volume(folder)
    except (OSError, subprocess.CalledProcessError) as error:
        missing(f"nobody may mount a file system here: {error}")
    try:
        yield volume
    finally:
        volume.close()


class Scene:
    """Folders of the partner on his server (``out`` is ours to fetch), and ours.

    Attributes:
        out: what the partner gives; fetched from.
        into: what the partner is told; pushed to.
        home: our installation.
    """

    def __init__(self, server: Sshd, home: Path) -> None:
        self.server = server
        self.home = home
        self.clock = HandClock()
        self.user = server.user
        self.out, self.into = server.root / "out", server.root / "in"
        for folder in (self.out, self.into, home / "config"):
            folder.mkdir(exist_ok=True)
        self.partner()
        self.config = home / "config/chorus_edi.toml"
        self.configure()

    def partner(self, rule: str = "renommage", *, server: str = "banque") -> None:
        """Declare the partner, who is told by SFTP."""
        told = f'retour = {{ canal = "sftp", serveur = "{server}" }}'
        (self.home / "config/partenaires.toml").write_text(
            f'defaut = "{PARTNER}"\n[[partenaire]]\ncode = "{PARTNER}"\nnom = "Fictif"\n'
            f'noms_libres = true\narrivee = {{ regle = "{rule}" }}\n{told}\n'
        )

    def configure(
        self,
        *,
        port: int | None = None,
        trust: str | None = None,
        releve: str = "",
        further: str = "",
        patience: float = 5,
    ) -> None:
        """Write the settings; ``port`` is that of a proxy."""
        known = self.server.known_hosts(port)
        shutil.copytree(ROOT / "config/annuaire", self.home / "config/annuaire", dirs_exist_ok=True)
        self.config.write_text(
            '[folders]\ninbox = "../inbox"\noutbox = "../outbox"\ndata = "../var"\n'
            '[partenaires]\nfile = "partenaires.toml"\n'
            '[annuaire]\nstructures = "annuaire/structures.csv"\n'
            'services = "annuaire/services.csv"\n'
            '[[sftp]]\nnom = "banque"\nhote = "127.0.0.1"\n'
            f"port = {port or self.server.port}\n"
            f'utilisateur = "{self.user}"\ncle = "{self.server.key}"\n'
            + (trust or f'known_hosts = "{known}"')
            + f'\ndelai = {patience}\npartenaire = "{PARTNER}"\n'
            f'envoi = {{ dossier = "{self.into}" }}\n'
            f'releve = {{ dossier = "{self.out}"{releve} }}\n{further}'
        )

    def without_privilege(self) -> None:
        """Let us come in as somebody whom the rights of the partner's files bind."""
        if os.geteuid() == 0:
            self.user = "nobody"
            nobody = pwd.getpwnam(self.user)
            for folder in (self.out, self.into):
                os.chown(folder, nobody.pw_uid, nobody.pw_gid)
            self.configure()

    @property
    def settings(self) -> Settings:
        return load(self.config)

    @property
    def inbox(self) -> Path:
        return self.home / "inbox" / PARTNER

    @property
    def spool(self) -> Path:
        return self.home / "var/envois" / PARTNER

    def fetch(self, *, force: bool = True) -> str:
        return bootstrap.fetch_remote(self.settings, self.clock, force=force)

    def push(self, *, force: bool = True) -> str:
        return bootstrap.push_returns(self.settings, self.clock, force=force)

    def put(self, name: str, content: bytes, *, modified: int = 1_700_000_000) -> Path:
        """Let the partner put a file on his server, written at a given time."""
        path = self.out / name
        path.write_bytes(content)
        os.utime(path, (modified, modified))
        return path

    def owe(self, name: str, content: bytes) -> Path:
        """Let the partner be owed a file, as a flow that is closed does."""
        returns = self._returns()
        returns.give(PARTNER, name, content)
        returns.settle([PARTNER])
        return self.spool / name

    def owe_again(self, name: str, content: bytes) -> None:
        """Let the partner be owed a file as a flow that he sent again does."""
        returns = self._returns()
        returns.repeat(PARTNER, name, content)
        returns.settle([PARTNER])

    def _returns(self) -> Returns:
        partners = load_partners(self.settings.partenaires.file)
        return bootstrap.installation.returns_of(self.settings, partners)

    def arrived(self) -> dict[str, bytes]:
        """Return what the inbox of the partner holds, hidden files too."""
        if not self.inbox.is_dir():
            return {}
        return {path.name: path.read_bytes() for path in self.inbox.iterdir()}

    def told(self) -> dict[str, bytes]:
        """Return what the partner finds, hidden files too."""
        return {path.name: path.read_bytes() for path in self.into.iterdir()}

    def left(self) -> list[str]:
        """Return what the partner's folder still holds."""
        return sorted(path.name for path in self.out.iterdir())

    def counted(self) -> dict[FetchState, int]:
        with bootstrap.installation.open_database(self.settings, create=True) as engine:
            return {state: n for (_, state), n in SqlFetches(engine).counted().items()}

    def operations(self) -> list[Operation]:
        with bootstrap.installation.open_database(self.settings, create=True) as engine:
            return list(SqlJournal(engine).operations())

    def killed(self, what: str, moment: str) -> None:
        """Let a process do a turn, killed at a moment."""
        done = self._process(what, moment)
        assert done.returncode == -signal.SIGKILL, (done.returncode, done.stderr)

    def elsewhere(self, what: str) -> str:
        """Let a process do a turn."""
        done = self._process(what, "")
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def _process(self, what: str, moment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command(what, moment), capture_output=True, text=True, check=False, timeout=120
        )

    def command(self, what: str, moment: str) -> list[str]:
        """Return the command of a process that does a turn."""
        elapsed = str((self.clock.now() - AT).total_seconds())
        module = "tests.integration.sftp.one_turn"
        return [sys.executable, "-m", module, str(self.config), what, moment, elapsed]
