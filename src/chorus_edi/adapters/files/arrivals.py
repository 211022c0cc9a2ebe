"""What may be taken from an inbox now: finished files, each partner's in its turn.

The listing of the folders is the truth; events only say that it is worth another look. How a file
shows that it is whole is agreed with each partner (facts: peers 5.1).
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
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
    """A file that may be taken.

    ``doubtful`` where its end is to be looked at first, ``undeclared`` where what is agreed to tell
    that it is whole is not there.
    """

    arrival: Arrival
    path: Path
    size: int
    modified: int
    doubtful: bool = False
    undeclared: bool = False

    @property
    def age(self) -> tuple[int, bytes]:
        """What the oldest has least of; names settle what came at once."""
        return self.modified, os.fsencode(self.path)


Waited = Callable[[Sequence[Sighting]], Mapping[str, float]]
"""Files that are not whole yet → seconds that each has looked so, by its path."""


class InboxScan:
    """Lists one inbox, again and again; remembers when each file last changed.

    Attributes:
        unsettled: True where the last look saw files that are not whole yet.
        full: True where it listed as many as it may: there are more, perhaps.

    Args:
        inbox: holds a folder per partner; files directly in it belong to the default partner.
        partners: who they are, and how their files show that they are whole.
        most: files listed by one look, shared among the partners.
        now: seconds of a clock that only goes forward.
        waited: what one look remembers for the looks of later processes.
    """

    def __init__(
        self,
        inbox: Path,
        partners: Partners,
        *,
        most: int = 1000,
        now: Callable[[], float] = time.monotonic,
        waited: Waited = lambda _: {},
    ) -> None:
        self._inbox = inbox
        self._waited = waited
        self._partners = partners
        self._most = most
        self._now = now
        self._states: dict[str, _State] = {}
        self._told: set[str] = set()
        self.unsettled = False
        self.full = False

    def all(self) -> Sequence[Arrival]:
        """List every file that bears its final name, or was declared whole where that is agreed.

        A single run cannot wait and see whether a file still grows. One that nobody declares
        whole is given up by the run that finds it unchanged after the time agreed.
        """
        listed = [(code, self._finished(code, path)) for code, path in self._folders()]
        undeclared = [one for _, queue in listed for one in queue if one.undeclared]
        waited = self._waited([_sighting(one) for one in undeclared])

        def may_be_taken(one: _Candidate) -> bool:
            patience = self._arriving(one.arrival.partner).patience
            return not one.undeclared or waited.get(one.arrival.path, 0) >= patience

        queues = _in_turn((code, list(filter(may_be_taken, queue))) for code, queue in listed)
        return [one.arrival for queue in queues for one in queue if _readable(one)]

    def whole(self) -> Sequence[Arrival]:
        """List the files that are whole by what is agreed, or that were waited for long enough."""
        seen: dict[str, _State] = {}
        queues = _in_turn((code, self._steady(code, path, seen)) for code, path in self._folders())
        self._states = seen
        share = max(1, self._most // max(1, len(queues)))
        # Looking into a file is dear: only those are looked into that this turn has room for.
        sound = [filter(_sound, queue) for queue in queues]
        chosen = [candidate for queue in sound for candidate in islice(queue, share)]
        chosen.extend(islice(chain.from_iterable(sound), max(0, self._most - len(chosen))))
        self.unsettled = len(seen) > sum(map(len, queues))
        self.full = len(chosen) >= self._most
        return [candidate.arrival for candidate in chosen]

    def _folders(self) -> Iterator[tuple[str, Path]]:
        yield self._partners.default.code, self._inbox
        for entry in os.scandir(self._inbox):
            if entry.name.startswith(".") or not entry.is_dir(follow_symlinks=False):
                continue
            if os.access(entry.path, os.R_OK | os.W_OK | os.X_OK):
                yield shown(entry.name), Path(entry.path)
            else:
                self._tell("no right on this folder, its files stay there: %s", entry)

    def _arriving(self, partner: str) -> Arriving:
        known = self._partners.of(partner)
        return known.arriving if known is not None else Arriving()

    def _finished(self, partner: str, folder: Path) -> list[_Candidate]:
        telling = TOLD_BY.get(self._arriving(partner).rule)
        entries = self._claimable(folder)
        found = []
        for name, entry in entries.items():
            if telling and name.endswith(telling) and name.removesuffix(telling) in entries:
                continue  # it goes with the file that it tells of
            state = self._state(entry, 0)
            if state is not None:
                whole = telling is None or f"{name}{telling}" in entries
                one = self._candidate(partner, folder, name, state)
                found.append(one._replace(undeclared=not whole))
        return found

    def _steady(self, partner: str, folder: Path, seen: dict[str, _State]) -> list[_Candidate]:
        agreed, now = self._arriving(partner), self._now()
        entries = self._claimable(folder)
        steady = []
        for name, entry in entries.items():
            state = self._state(entry, now)
            if state is None:
                continue
            seen[entry.path] = state
            unchanged = now - state.since
            if _may_be_whole(name, entries, agreed, unchanged):
                doubtful = agreed.rule is Completeness.QUIET and unchanged < agreed.patience
                one = self._candidate(partner, folder, name, state)
                steady.append(one._replace(doubtful=doubtful))
        return steady

    def _state(self, entry: os.DirEntry[str], now: float) -> _State | None:
        try:
            status = entry.stat(follow_symlinks=False)
        except FileNotFoundError:
            return None
        known = self._states.get(entry.path)
        state = _State(status.st_size, status.st_mtime_ns, now)
        return known if known is not None and known[:2] == state[:2] else state

    def _claimable(self, folder: Path) -> dict[str, os.DirEntry[str]]:
        """Return finished regular files: no folders, links, devices, nor files still being sent."""
        found = {}
        for entry in os.scandir(folder):
            if entry.name.startswith(".") or entry.name.lower().endswith(UNFINISHED):
                continue
            if entry.is_file(follow_symlinks=False):
                found[entry.name] = entry
            elif folder != self._inbox or not entry.is_dir(follow_symlinks=False):
                self._tell("not a regular file, left in the inbox: %s", entry)
        return found

    def _tell(self, message: str, entry: os.DirEntry[str]) -> None:
        """Log something once, not at each look."""
        if entry.path not in self._told:
            self._told.add(entry.path)
            log.warning(message, shown(entry.name))

    def _candidate(self, partner: str, folder: Path, name: str, state: _State) -> _Candidate:
        relative = name if folder == self._inbox else f"{folder.name}/{name}"
        arrival = Arrival(partner=partner, filename=shown(name), path=recorded(relative))
        return _Candidate(arrival, folder / name, state.size, state.modified)


def _in_turn(listed: Iterable[tuple[str, list[_Candidate]]]) -> list[list[_Candidate]]:
    """Return the files of each folder, the oldest first; few do not wait for many.

    An interrupted run goes on in the same order: taking from the shortest leaves it that.
    """
    by_length = sorted((len(queue), code, queue) for code, queue in listed if queue)
    return [sorted(queue, key=lambda one: one.age) for _, _, queue in by_length]


def _sighting(one: _Candidate) -> Sighting:
    return Sighting(path=one.arrival.path, size=one.size, modified=one.modified)


def _may_be_whole(
    name: str, entries: Mapping[str, object], agreed: Arriving, unchanged: float
) -> bool:
    telling = TOLD_BY.get(agreed.rule)
    given_up = unchanged >= agreed.patience
    if telling is not None:
        # What tells goes with its file; alone, it is given up as a file like others.
        if name.endswith(telling):
            return given_up and name.removesuffix(telling) not in entries
        return given_up or f"{name}{telling}" in entries
    return agreed.rule is Completeness.RENAMED or given_up or unchanged >= agreed.quiet


def _sound(candidate: _Candidate) -> bool:
    return _readable(candidate) and (not candidate.doubtful or _ends_well(candidate.path))


def _readable(candidate: _Candidate) -> bool:
    # Claimed, a file that cannot be read would stop every run at the same place.
    readable = os.access(candidate.path, os.R_OK)
    if not readable:
        log.warning("no right to read, left in the inbox: %s", candidate.arrival.filename)
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
