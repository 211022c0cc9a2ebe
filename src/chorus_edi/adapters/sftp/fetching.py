"""Fetches from a partner's server into his inbox: nothing lost, nothing twice, whenever it stops.

A file is remembered when it is seen, held while it is fetched, recorded when it is here, named in
the inbox, recorded again, and only then taken away from the server. Each step can be done again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from io import BufferedRandom
from pathlib import Path

from chorus_edi.adapters.files import disk
from chorus_edi.adapters.files.arrivals import TOLD_BY, UNFINISHED
from chorus_edi.adapters.files.names import shown
from chorus_edi.adapters.sftp.faults import Refused, Unreachable
from chorus_edi.adapters.sftp.landing import Landing
from chorus_edi.adapters.sftp.remote import Remote
from chorus_edi.domain.partners import Arriving, Completeness
from chorus_edi.domain.transfers import Fetch, FetchState, RemoteFile
from chorus_edi.errors import said
from chorus_edi.ports import Clock
from chorus_edi.ports.transfers import Fetches, Lease

log = logging.getLogger(__name__)

HELD = timedelta(minutes=5)
"""How long a file is held: one whose holder died is gone on with after that."""

_RENEWED = timedelta(seconds=30)
_SAFE = 8 << 20
"""Bytes and time after which what has come is made safe, and the file is held on."""

KEPT = timedelta(days=400)
"""How long it is remembered that a file was fetched, once it is not on the server any more."""

_LONGEST = 255
"""Bytes of a file name."""

_WITNESS = 4096
"""Bytes of a witness or manifest that are looked at; it holds a digest and a size."""


@dataclass(frozen=True, kw_only=True)
class Source:
    """What is fetched from a server.

    Attributes:
        name: name of the server.
        folder: folder there.
        partner: code of whose inbox it goes to.
        arriving: how a file shows that it is whole, as agreed with the partner.
        shelf: folder there that a fetched file is moved to; None where it is removed.
        most: files fetched in one turn.
    """

    name: str
    folder: str
    partner: str
    arriving: Arriving
    shelf: str | None = None
    most: int = 1000


@dataclass
class Fetched:
    """What a turn did.

    Attributes:
        placed: files that are in the inbox now.
        waiting: files that are not whole yet, wait for the next turn, or for their name.
        refused: what the server refused, a French sentence each.
        stuck: True where it does not let us take away what was fetched.
    """

    placed: int = 0
    waiting: int = 0
    refused: list[str] = field(default_factory=list)
    stuck: bool = False

    @property
    def moved(self) -> int:
        """Files that have come a step further, whatever was refused beside them."""
        return self.placed


class Fetching:
    """Turns over one source.

    Args:
        source: what is fetched.
        inbox: where to.
        memory: what is remembered of each file.
        clock: where time comes from.
        owner: who works here: another name in each process.
        reached: told the name of each moment; tests stop the process there.
    """

    def __init__(
        self,
        source: Source,
        inbox: Path,
        memory: Fetches,
        clock: Clock,
        *,
        owner: str,
        reached: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._source = source
        self._memory = memory
        self._clock = clock
        self._owner = owner
        self._reached = reached
        self._telling = TOLD_BY.get(source.arriving.rule)
        self._landing = Landing(inbox, source.name, source.partner, self._telling)

    def resume(self, done: Fetched) -> None:
        """Put into the inbox what is here already; the server is not asked."""
        for fetch in self._memory.coming(self._source.name):
            if fetch.state is not FetchState.TELECHARGE:
                continue
            held = self._memory.hold(fetch, self._lease())
            if held is not None and held.state is FetchState.TELECHARGE:
                self._place(held, done)

    def turn(self, remote: Remote, done: Fetched) -> None:
        """List the server once; fetch what is whole, and take away what is here.

        Raises:
            Refused: the folder cannot be listed.
            Unreachable: the connection is lost; what has come is gone on with by the next turn.
        """
        now = self._clock.now()
        listed = self._listed(remote)
        known = self._memory.look(self._source.name, sorted(listed.values()), now).values()
        for fetch in known:
            if fetch.state is FetchState.DEPOSE and not done.stuck:
                self._clear(remote, fetch, done)
        seen = [one for one in known if one.state is FetchState.VU]
        whole = [one for one in seen if self._whole(one, listed.keys(), now)]
        chosen = sorted(whole, key=lambda one: one.file)[: self._source.most]
        done.waiting += sum(1 for one in seen if not self._tells(one)) - len(chosen)
        for fetch in chosen:
            self._fetch(remote, fetch, done)
        self._sweep()
        self._memory.forget(self._source.name, now - KEPT)

    def _sweep(self) -> None:
        """Remove what has come of files that changed on the server, or are gone from it."""
        # In this order: what another process begins meanwhile has its row before its file.
        left = self._landing.left()
        if left:
            self._landing.sweep(left, self._memory.coming(self._source.name))

    def _listed(self, remote: Remote) -> Mapping[str, RemoteFile]:
        """Return the files of the folder that bear a final name, by name."""
        folder = self._source.folder
        try:
            found = [entry.file for entry in remote.list(folder) if entry.regular]
        except FileNotFoundError as error:
            raise Refused(f"dossier {folder} introuvable sur le serveur") from error
        return {one.name: one for one in found if _final(one.name)}

    def _tells(self, fetch: Fetch) -> bool:
        """True for what says of another file that it is whole: it is fetched with that one."""
        return self._telling is not None and fetch.file.name.endswith(self._telling)

    def _whole(self, fetch: Fetch, names: Collection[str], now: datetime) -> bool:
        agreed = self._source.arriving
        # Seen in a time to come, by a clock that was ahead, a file would wait until then.
        unchanged = now - min(fetch.since, now)
        if self._telling is None:
            quiet = timedelta(seconds=agreed.quiet)
            return agreed.rule is Completeness.RENAMED or unchanged >= quiet
        if self._tells(fetch):
            return False
        declared = f"{fetch.file.name}{self._telling}" in names
        # Nobody declared it: here it is refused, and its sender told, as if he had pushed it.
        return declared or unchanged >= timedelta(seconds=agreed.patience)

    def _fetch(self, remote: Remote, fetch: Fetch, done: Fetched) -> None:
        held = self._memory.hold(fetch, self._lease())
        if held is None or held.state is not FetchState.VU:
            return
        try:
            here = self._download(remote, held)
        except BlockingIOError:
            # Whoever held it before us was only asleep: the file is still his.
            here = False
        except (Refused, FileNotFoundError) as error:
            done.refused.append(said(error))
            self._landing.discard(held)
            here = False
        except (Unreachable, OSError):
            # Whoever comes next need not wait until our time has passed.
            self._memory.let_go(held, self._owner)
            raise
        if not here:
            self._memory.let_go(held, self._owner)
            return
        sha256 = disk.digest(self._landing.aside(held))
        if self._memory.downloaded(held, self._owner, sha256, self._landing.local(held)):
            self._reached("downloaded")
            kept = self._memory.hold(held, self._lease())
            if kept is not None and self._place(kept, done):
                self._clear(remote, kept, done)

    def _download(self, remote: Remote, fetch: Fetch) -> bool:
        """Bring a file beside the inbox; False where it is another one by now, or somebody's."""
        file, offset = fetch.file, self._landing.safe(fetch)
        with self._landing.opened(fetch, offset) as target:
            last = self._clock.now()
            try:
                for block in remote.read(file.path, offset, file.size):
                    target.write(block)
                    if target.tell() - offset >= _SAFE or self._clock.now() - last >= _RENEWED:
                        offset, last = target.tell(), self._clock.now()
                        if not self._secure(target, fetch):
                            return False
            except Unreachable:
                self._secure(target, fetch)
                raise
            except OSError:
                # Half a file would only take up what room there is.
                self._landing.discard(fetch)
                raise
            if not self._secure(target, fetch):
                return False
            whole = target.tell() == file.size
        if not whole or remote.look(file.path) != file:
            self._landing.discard(fetch)
            return False
        if self._telling is not None:
            self._download_witness(remote, fetch)
        self._landing.settle()
        return True

    def _download_witness(self, remote: Remote, fetch: Fetch) -> None:
        path = f"{fetch.file.path}{self._telling}"
        there = remote.look(path)
        if there is not None:
            content = b"".join(remote.read(path, 0, min(there.size, _WITNESS)))
            disk.write_durably(self._landing.beside(fetch), content)

    def _secure(self, target: BufferedRandom, fetch: Fetch) -> bool:
        """Make what has come safe, and hold the file on; False where somebody else holds it."""
        disk.sync_open(target)
        self._reached("received")
        return self._memory.received(fetch, self._lease(), target.tell())

    def _place(self, fetch: Fetch, done: Fetched) -> bool:
        """Put a file into the inbox, unless it is there; True where it is there now."""
        taken = self._memory.taken(fetch)
        if not (taken or self._landing.here(fetch) or self._landing.holds(fetch)):
            log.warning("what was fetched is gone, fetched again: %s", shown(fetch.file.name))
            self._memory.lost(fetch, self._owner)
            return False
        if not taken and not self._landing.place(fetch):
            log.warning("waits for its name in the inbox: %s", shown(fetch.file.name))
            self._memory.let_go(fetch, self._owner)
            done.waiting += 1
            return False
        self._reached("named")
        if not self._memory.placed(fetch, self._owner):
            return False
        self._reached("placed")
        self._landing.discard(fetch)
        done.placed += 1
        return True

    def _clear(self, remote: Remote, fetch: Fetch, done: Fetched) -> None:
        """Take away from the server what is here; once it refuses that, it is not asked again."""
        self._landing.discard(fetch)
        if done.stuck:
            self._memory.let_go(fetch, self._owner)
            return
        if self._memory.hold(fetch, self._lease()) is None:
            return
        try:
            self._take_away(remote, fetch)
        except Refused as error:
            done.stuck = True
            done.refused.append(str(error))
            self._memory.let_go(fetch, self._owner)
            return
        self._reached("cleared")
        self._memory.ended(fetch)

    def _take_away(self, remote: Remote, fetch: Fetch) -> None:
        if remote.look(fetch.file.path) != fetch.file:
            # Gone; or another file by now, which is not ours to take away.
            return
        # The witness first: were its file gone before, nobody would know whose it is.
        beside = [f"{fetch.file.path}{self._telling}"] if self._telling else []
        for path in (*beside, fetch.file.path):
            if self._source.shelf is None:
                remote.remove(path)
            else:
                _shelve(remote, path, self._source.shelf, fetch)

    def _lease(self) -> Lease:
        now = self._clock.now()
        return Lease(self._owner, now, now + HELD)


def _shelve(remote: Remote, path: str, shelf: str, fetch: Fetch) -> None:
    """Move a file of a server to another folder there; nothing where it is not there any more.

    Raises:
        Refused: the server does not let us, or there is no such folder.
    """
    if remote.look(path) is None:
        return
    name = path.rpartition("/")[2]
    target = f"{shelf}/{name}"
    if remote.look(target) is not None:
        # An earlier file of that name: it is not overwritten.
        target = f"{target}.{(fetch.sha256 or '')[:16]}"
    try:
        remote.rename(path, target)
    except FileNotFoundError as error:
        raise Refused(f"déplacement vers {shelf} : dossier introuvable sur le serveur") from error


def _final(name: str) -> bool:
    """True for a name that may be fetched under: final, and one that a file of ours may have."""
    if name.startswith(".") or name.lower().endswith(UNFINISHED):
        return False
    length = len(name.encode("utf-8", "surrogateescape"))
    return "/" not in name and "\0" not in name and 0 < length <= _LONGEST
