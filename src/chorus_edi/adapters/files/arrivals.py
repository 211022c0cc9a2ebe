"""What may be taken from an inbox now: finished files, each partner's in its turn.

The listing of the folders is the truth; events only say that it is worth another look. How a file
shows that it is whole is agreed with each partner (facts: peers 5.1).
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import NamedTuple

from chorus_edi.adapters.files.names import recorded, shown
from chorus_edi.domain.flux import Arrival, Sighting
from chorus_edi.domain.partners import Arriving, Completeness, Partners
from chorus_edi.formats.ending import HEAD, TAIL, ends

log = logging.getLogger(__name__)

UNFINISHED = (".tmp", ".part", ".filepart")
"""Endings that say that the sender has not finished (facts: peers 5.1)."""

DONE, MANIFEST = ".done", ".manifest"
"""Endings of the files that say of another that it is whole; a manifest tells its SHA-256 and size.
"""

TOLD_BY: Mapping[Completeness, str] = {
    Completeness.DONE_FILE: DONE,
    Completeness.MANIFEST: MANIFEST,
}
"""Rule → ending of the file that says of another that it is whole."""


class _State(NamedTuple):
    """What a file looked like, and since when by our own clock."""

    size: int
    modified: int
    since: float


class _Candidate(NamedTuple):
    """A file that may be taken; they sort as they are taken, the oldest first.

    ``doubtful`` where its end is to be looked at first, ``undeclared`` where what is agreed to tell
    that it is whole is not there.
    """

    modified: int
    name: str
    size: int
    doubtful: bool = False
    undeclared: bool = False


class _Folder(NamedTuple):
    """A folder that a partner writes to; ``prefix`` is its path in the inbox, with its slash."""

    partner: str
    path: Path
    prefix: str

    def recorded(self, name: str) -> str:
        """Return the path in the inbox by which the store knows a file of this folder."""
        return recorded(f"{self.prefix}{name}")


class _Queue(NamedTuple):
    """The files of one folder that may be taken, in order."""

    folder: _Folder
    candidates: list[_Candidate]

    def sound(self) -> Iterator[Arrival]:
        """Yield what may be read, and ends as it should where that is in doubt.

        Looking into a file is dear: only those are looked into that somebody takes from here.
        """
        folder = self.folder
        for one in self.candidates:
            path = folder.path / one.name
            if _readable(path) and (not one.doubtful or _ends_well(path)):
                where = folder.recorded(one.name)
                yield Arrival(partner=folder.partner, filename=shown(one.name), path=where)


Waited = Callable[[Sequence[Sighting]], Mapping[str, float]]
"""Files that are not whole yet → seconds that each has looked so, by its path."""


class InboxScan:
    """Lists one inbox, again and again; remembers when each file last changed.

    Attributes:
        unsettled: True where the last look saw files that are not whole yet.
        full: True where it listed as many as it may: there are more, perhaps.
        cost: seconds that the last look took.

    Args:
        inbox: holds a folder per partner; files directly in it belong to the default partner.
        partners: who they are, and how their files show that they are whole.
        most: files listed by one look, shared among the partners.
        held: gives the recorded paths of files that wait where they are, and are not listed.
        now: seconds of a clock that only goes forward.
        waited: what one look remembers for the looks of later processes.
        open_: partner → False while a service that stays up is to take nothing of his.
    """

    def __init__(
        self,
        inbox: Path,
        partners: Partners,
        *,
        most: int = 1000,
        held: Callable[[], Collection[str]] = tuple,
        now: Callable[[], float] = time.monotonic,
        waited: Waited = lambda _: {},
        open_: Callable[[str], bool] = lambda _: True,
    ) -> None:
        self._inbox = inbox
        self._partners = partners
        self._most = most
        self._held = held
        self._now = now
        self._waited = waited
        self._open = open_
        self._states: dict[str, _State] = {}
        self._told: set[str] = set()
        self.unsettled = False
        self.full = False
        self.cost = 0.0

    def all(self) -> Sequence[Arrival]:
        """List every file that bears its final name, or was declared whole where that is agreed.

        A single run cannot wait and see whether a file still grows. One that nobody declares
        whole is given up by the run that finds it unchanged after the time agreed.
        """
        listed = {folder: self._finished(folder) for folder in self._folders()}
        waited = self._waited(
            [
                Sighting(path=folder.recorded(one.name), size=one.size, modified=one.modified)
                for folder, found in listed.items()
                for one in found
                if one.undeclared
            ]
        )

        def may_be_taken(folder: _Folder, one: _Candidate) -> bool:
            patience = self._arriving(folder.partner).patience
            return not one.undeclared or waited.get(folder.recorded(one.name), 0) >= patience

        queues = _in_turn(
            (folder, [one for one in found if may_be_taken(folder, one)])
            for folder, found in listed.items()
        )
        return [arrival for queue in queues for arrival in queue.sound()]

    def whole(self) -> Sequence[Arrival]:
        """List the files that are whole by what is agreed, or that were waited for long enough."""
        seen: dict[str, _State] = {}
        began = self._now()
        self.unsettled = False
        folders = (folder for folder in self._folders() if self._open(folder.partner))
        queues = _in_turn((folder, self._steady(folder, seen)) for folder in folders)
        self._states = seen
        share = max(1, self._most // max(1, len(queues)))
        sound = [queue.sound() for queue in queues]
        chosen = [arrival for queue in sound for arrival in islice(queue, share)]
        chosen.extend(islice(chain.from_iterable(sound), max(0, self._most - len(chosen))))
        self.full = len(chosen) >= self._most
        self.cost = self._now() - began
        return chosen

    def _folders(self) -> Iterator[_Folder]:
        yield _Folder(self._partners.default.code, self._inbox, "")
        for entry in os.scandir(self._inbox):
            if entry.name.startswith(".") or not entry.is_dir(follow_symlinks=False):
                continue
            # Also false on a disk that may only be read, where nothing could be taken from.
            if os.access(entry.path, os.R_OK | os.W_OK | os.X_OK):
                yield _Folder(shown(entry.name), Path(entry.path), f"{entry.name}/")
            else:
                self._tell("no right on this folder, its files stay there: %s", entry)

    def _arriving(self, partner: str) -> Arriving:
        known = self._partners.of(partner)
        return known.arriving if known is not None else Arriving()

    def _finished(self, folder: _Folder) -> list[_Candidate]:
        telling = TOLD_BY.get(self._arriving(folder.partner).rule)
        found = []
        for entry, told in self._claimable(folder, telling):
            state = self._state(entry, 0)
            if state is not None:
                undeclared = telling is not None and not told
                found.append(
                    _Candidate(state.modified, entry.name, state.size, undeclared=undeclared)
                )
        return found

    def _steady(self, folder: _Folder, seen: dict[str, _State]) -> list[_Candidate]:
        agreed, now = self._arriving(folder.partner), self._now()
        steady = []
        for entry, told in self._claimable(folder, TOLD_BY.get(agreed.rule)):
            state = self._state(entry, now)
            if state is None:
                continue
            seen[entry.path] = state
            unchanged = now - state.since
            if _may_be_whole(agreed, unchanged, told=told):
                doubtful = agreed.rule is Completeness.QUIET and unchanged < agreed.patience
                steady.append(_Candidate(state.modified, entry.name, state.size, doubtful=doubtful))
            else:
                self.unsettled = True
        return steady

    def _state(self, entry: os.DirEntry[str], now: float) -> _State | None:
        try:
            status = entry.stat(follow_symlinks=False)
        except FileNotFoundError:
            return None
        known = self._states.get(entry.path)
        size, modified = status.st_size, status.st_mtime_ns
        if known is not None and known.size == size and known.modified == modified:
            return known
        return _State(size, modified, now)

    def _claimable(
        self, folder: _Folder, telling: str | None
    ) -> Iterator[tuple[os.DirEntry[str], bool]]:
        """Yield the files that may become flows, and whether another says of each that it is whole.

        What tells of a file goes with it, also while that file is held.
        """
        held, entries = self._held(), self._regular(folder)
        for name, entry in entries.items():
            if telling and name.endswith(telling) and name.removesuffix(telling) in entries:
                continue
            if not held or folder.recorded(name) not in held:
                yield entry, telling is not None and f"{name}{telling}" in entries

    def _regular(self, folder: _Folder) -> dict[str, os.DirEntry[str]]:
        """Return finished regular files: no folders, links, devices, nor files still being sent."""
        found: dict[str, os.DirEntry[str]] = {}
        for entry in _entries(folder.path):
            name = entry.name
            if name.startswith(".") or name.lower().endswith(UNFINISHED):
                continue
            if entry.is_file(follow_symlinks=False):
                found[name] = entry
            elif folder.prefix or not entry.is_dir(follow_symlinks=False):
                self._tell("not a regular file, left in the inbox: %s", entry)
        return found

    def _tell(self, message: str, entry: os.DirEntry[str]) -> None:
        """Log something once, not at each look."""
        if entry.path not in self._told:
            self._told.add(entry.path)
            log.warning(message, shown(entry.name))


def _in_turn(listed: Iterable[tuple[_Folder, list[_Candidate]]]) -> list[_Queue]:
    """Return the files of each folder, the oldest first; whoever has few does not wait for many.

    An interrupted run goes on in the same order: taking from the shortest leaves it that.
    """
    queues = [_Queue(folder, sorted(found)) for folder, found in listed if found]
    return sorted(queues, key=lambda one: (len(one.candidates), one.folder.partner))


def _may_be_whole(agreed: Arriving, unchanged: float, *, told: bool) -> bool:
    if unchanged >= agreed.patience:
        return True
    if agreed.rule in TOLD_BY:
        return told
    return agreed.rule is Completeness.RENAMED or unchanged >= agreed.quiet


def _entries(folder: Path) -> Iterable[os.DirEntry[str]]:
    try:
        return os.scandir(folder)
    except FileNotFoundError:
        # Removed since the inbox was listed.
        return ()


def _readable(path: Path) -> bool:
    # Claimed, a file that cannot be read would be tried again by every run.
    readable = os.access(path, os.R_OK)
    if not readable:
        log.warning("no right to read, left in the inbox: %s", shown(path.name))
    return readable


def _ends_well(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            head = file.read(HEAD)
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - TAIL))
            return ends(head, file.read())
    except OSError:
        return False
