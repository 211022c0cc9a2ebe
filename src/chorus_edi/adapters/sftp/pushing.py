"""Pushes what partners are owed to their servers: nothing lost, nothing twice, whenever it stops.

A file goes up under a temporary name, which is recorded before it gets its final one. After a crash
the server is asked: the temporary name is renamed, and where neither is there any more, the file
had its name and was fetched.
"""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

from chorus_edi.adapters.files import disk
from chorus_edi.adapters.files.names import shown
from chorus_edi.adapters.files.returns import AGAIN
from chorus_edi.adapters.sftp.faults import Refused, Unreachable
from chorus_edi.adapters.sftp.remote import Remote
from chorus_edi.domain.transfers import Owed, RemoteFile, SendState
from chorus_edi.ports import Clock
from chorus_edi.ports.transfers import Lease, Sendings

log = logging.getLogger(__name__)

HELD = timedelta(minutes=5)
"""How long a file is held: one whose holder died is gone on with after that."""


@dataclass(frozen=True, kw_only=True)
class Sink:
    """What is pushed to a server.

    Attributes:
        name: name of the server.
        folder: folder there.
        spools: code of each partner who is told there → folder of what he is owed.
        most: files pushed in one turn.
    """

    name: str
    folder: str
    spools: tuple[tuple[str, Path], ...]
    most: int = 1000


@dataclass
class Pushed:
    """What a turn did: files sent, files that wait, and what the server refused, in French."""

    sent: int = 0
    waiting: int = 0
    refused: list[str] = field(default_factory=list)

    @property
    def moved(self) -> int:
        """Files that were sent, whatever was refused beside them."""
        return self.sent


class Spooled(NamedTuple):
    """A file of a spool; they sort as they are sent, the oldest first."""

    modified: int
    path: Path
    owed: Owed


def owed_in(spool: Path) -> Iterator[os.DirEntry[str]]:
    """Yield the files that a partner is owed, those still being written left out."""
    if spool.is_dir():
        for entry in os.scandir(spool):
            if not entry.name.startswith(".") and entry.is_file(follow_symlinks=False):
                yield entry


class Pushing:
    """Turns over one sink.

    Args:
        sink: what is pushed.
        memory: what is remembered of each file.
        clock: where time comes from.
        owner: who works here: another name in each process.
        reached: told the name of each moment; tests stop the process there.
    """

    def __init__(
        self,
        sink: Sink,
        memory: Sendings,
        clock: Clock,
        *,
        owner: str,
        reached: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._sink = sink
        self._memory = memory
        self._clock = clock
        self._owner = owner
        self._reached = reached

    def pending(self, done: Pushed) -> Sequence[Spooled]:
        """Return what is to be sent in this turn; what was sent before is cleared away.

        A file that was sent and is given again, the same bytes, is the same file: it was sent.
        """
        for partner, spool in self._sink.spools:
            self._ask_again(partner, spool)
        found = sorted(
            _spooled(self._sink.name, partner, entry)
            for partner, spool in self._sink.spools
            for entry in owed_in(spool)
        )
        states = self._memory.owe([one.owed for one in found], self._clock.now())
        open_ = []
        for one in found:
            if states[one.owed] is SendState.ENVOYE:
                self._clear(one)
            else:
                open_.append(one)
        chosen = open_[: self._sink.most]
        done.waiting += len(open_) - len(chosen)
        return chosen

    def _ask_again(self, partner: str, spool: Path) -> None:
        """Owe again what a partner asked for again: whether he has it still, the server says."""
        again = [_spooled(self._sink.name, partner, entry) for entry in owed_in(spool / AGAIN)]
        self._memory.again([one.owed for one in again])
        for one in again:
            # Recorded first: under this name, it would else be what was sent.
            one.path.replace(spool / one.path.name)

    def turn(self, remote: Remote, chosen: Sequence[Spooled], done: Pushed) -> None:
        """Send files; one that the server refuses waits, and the others are tried.

        Raises:
            Unreachable: the connection is lost; the next turn asks the server how far it came.
        """
        for one in chosen:
            now = self._clock.now()
            lease = Lease(self._owner, now, now + HELD)
            state = self._memory.hold(one.owed, lease)
            if state is None:
                continue
            try:
                if state is not SendState.ENVOYE and not self._send(remote, one, state):
                    continue
            except (Refused, FileNotFoundError) as error:
                self._memory.let_go(one.owed, self._owner)
                done.refused.append(_sentence(error))
                done.waiting += 1
            except (Unreachable, OSError):
                # Whoever comes next need not wait until our time has passed.
                self._memory.let_go(one.owed, self._owner)
                raise
            else:
                done.sent += state is not SendState.ENVOYE
                self._clear(one)

    def _send(self, remote: Remote, one: Spooled, state: SendState) -> bool:
        """Send a file; False where somebody else holds it by now."""
        final = f"{self._sink.folder}/{one.path.name}"
        aside = f"{self._sink.folder}/{_aside(one.owed)}"
        there = self._there(remote, one, final)
        if state is SendState.A_ENVOYER and not there:
            self._upload(remote, one, aside)
            self._reached("uploaded")
            if not self._memory.uploaded(one.owed, self._owner):
                return False
            self._reached("recorded")
        if there:
            remote.remove(aside)
        elif remote.look(aside) is not None:
            remote.rename(aside, final)
            self._reached("renamed")
        elif state is SendState.MONTE:
            log.info("sent before a crash, and fetched since: %s", shown(one.path.name))
        self._memory.sent(one.owed, self._clock.now())
        self._reached("sent")
        return True

    def _there(self, remote: Remote, one: Spooled, final: str) -> bool:
        """True where the server has just this content under the final name.

        Raises:
            Refused: it has another content there, which is not overwritten.
        """
        found = remote.look(final)
        if found is None:
            return False
        if found.size == one.path.stat().st_size and _digest(remote, found) == one.owed.sha256:
            return True
        raise Refused(f"{final} existe déjà chez le partenaire, avec un autre contenu")

    def _upload(self, remote: Remote, one: Spooled, aside: str) -> None:
        with one.path.open("rb") as content:
            try:
                remote.write(aside, content, one.path.stat().st_size)
            except Refused:
                # On a full disk, half a file would only take up what room there is.
                remote.remove(aside)
                raise

    def _clear(self, one: Spooled) -> None:
        one.path.unlink(missing_ok=True)


def _spooled(server: str, partner: str, entry: os.DirEntry[str]) -> Spooled:
    path = Path(entry.path)
    owed = Owed(server, partner, entry.name, disk.digest(path))
    return Spooled(entry.stat().st_mtime_ns, path, owed)


def _aside(owed: Owed) -> str:
    """Return the temporary name of a file there: short, and of this content of this name."""
    digest = hashlib.sha256(f"{owed.name}\0{owed.sha256}".encode("utf-8", "surrogateescape"))
    return f".{digest.hexdigest()[:32]}.part"


def _digest(remote: Remote, found: RemoteFile) -> str:
    digest = hashlib.sha256()
    for block in remote.read(found.path, 0, found.size):
        digest.update(block)
    return digest.hexdigest()


def _sentence(error: Refused | FileNotFoundError) -> str:
    if isinstance(error, Refused):
        return str(error)
    return f"dossier introuvable sur le serveur ({error.filename})"
