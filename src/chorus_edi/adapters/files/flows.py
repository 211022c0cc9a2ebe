"""The inbox, the work folders and the shelves (archive, rejects) of one data folder.

``inbox/<partner>/`` and files directly in ``inbox/`` are what partners write. A claimed file lies
in ``var/work/<flow>/recu`` until its flow is closed, then in ``var/archive`` or ``var/rejets``
under its own name, in a folder per day of deposit (UTC) and flow.
"""

from __future__ import annotations

import logging
import os
import shutil
import stat
from collections.abc import Sequence
from io import BufferedReader
from pathlib import Path
from urllib.parse import quote_from_bytes, unquote_to_bytes

from chorus_edi.adapters.files import disk
from chorus_edi.domain.flux import Arrival, Flux
from chorus_edi.errors import Incident

log = logging.getLogger(__name__)

RECEIVED = "recu"
SCRATCH = "scratch"
UNFINISHED = (".tmp", ".part", ".filepart")
"""Endings that say that the sender has not finished (facts: peers 5.1)."""

# Printable ASCII stays as it is in a recorded path; ``%`` itself and everything else is quoted,
# so that any file name the system allows is recorded exactly and found again.
_READABLE = "".join(chr(code) for code in range(0x20, 0x7F) if chr(code) != "%")


def recorded(relative: str) -> str:
    """Return the text a relative path is recorded under: always UTF-8, always reversible."""
    try:
        relative.encode()
    except UnicodeEncodeError:
        return quote_from_bytes(os.fsencode(relative), safe=_READABLE)
    return relative.replace("%", "%25")


def actual(path: str) -> str:
    """Return the path that was recorded."""
    return os.fsdecode(unquote_to_bytes(path))


def shown(name: str) -> str:
    """Return a file name as people read it: control and undecodable characters replaced."""
    text = os.fsencode(name).decode("utf-8", "replace")
    return "".join(character if character.isprintable() else "�" for character in text)


class FlowFolders:
    """One inbox and one data folder; implements ``ports.FlowFiles``."""

    def __init__(self, inbox: Path, data: Path, default_partner: str) -> None:
        self._inbox = inbox
        self._work = data / "work"
        self._archive = data / "archive"
        self._rejects = data / "rejets"
        self._default_partner = default_partner
        self._last_seen: dict[str, tuple[int, int]] = {}
        for folder in (inbox, self._work, self._archive, self._rejects):
            disk.make_folder(folder)

    def arrivals(self) -> Sequence[Arrival]:
        """List every finished regular file of the inbox and of its partner folders, in order."""
        own: list[Arrival] = []
        found: list[Arrival] = []
        for entry in sorted(os.scandir(self._inbox), key=lambda e: os.fsencode(e.name)):
            if entry.is_dir(follow_symlinks=False) and not entry.name.startswith("."):
                found.extend(self._partner_arrivals(entry.name))
            elif _claimable(entry):
                own.append(self._arrival(self._default_partner, entry.name, entry.name))
        return sorted(own + found, key=lambda arrival: (arrival.partner, arrival.path))

    def steady_arrivals(self) -> Sequence[Arrival]:
        """List the arrivals whose size and time are those of the scan before."""
        seen: dict[str, tuple[int, int]] = {}
        steady: list[Arrival] = []
        for arrival in self.arrivals():
            state = self._state(arrival)
            if state is None:
                continue
            seen[arrival.path] = state
            if self._last_seen.get(arrival.path) == state:
                steady.append(arrival)
        self._last_seen = seen
        return steady

    def take(self, flux: Flux) -> bool:
        """Move the inbox file into the flow's work folder."""
        folder = self._work / flux.numero_flux
        received = folder / RECEIVED
        source = self._inbox / actual(flux.chemin)
        if received.exists():
            disk.drop_copied(source, received)
            return True
        disk.make_folder(folder)
        try:
            disk.move(source, received)
        except (FileNotFoundError, NotADirectoryError):
            shutil.rmtree(folder)
            return False
        if not stat.S_ISREG(received.lstat().st_mode):
            # Swapped for a link or a device since the scan: what it points at was never deposited.
            shutil.rmtree(folder)
            return False
        disk.sync_folder(folder)
        disk.sync_folder(source.parent)
        return True

    def open(self, flux: Flux) -> BufferedReader:
        """Open the stored copy.

        Raises:
            Incident: it is on none of the shelves.
        """
        return Path(self.path(flux)).open("rb")

    def path(self, flux: Flux) -> str:
        """Return the absolute path of the stored copy."""
        places = (
            self._work / flux.numero_flux / RECEIVED,
            self._shelf(flux, refused=False),
            self._shelf(flux, refused=True),
        )
        for place in places:
            if place.is_file():
                return str(place.absolute())
        raise Incident(f"le fichier du flux {flux.numero_flux} est introuvable")

    def scratch(self, flux: Flux) -> str:
        """Return the scratch folder, emptied: what an interrupted run left is not trusted."""
        folder = self._work / flux.numero_flux / SCRATCH
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        return str(folder.absolute())

    def shelve(self, flux: Flux, *, refused: bool) -> None:
        """Move the stored copy to its shelf and drop the work folder."""
        folder = self._work / flux.numero_flux
        received = folder / RECEIVED
        if received.exists():
            target = self._shelf(flux, refused=refused)
            disk.make_folder(target.parent)
            disk.refuse_other_content(received, target)
            disk.move(received, target)
            disk.sync_folder(target.parent)
        shutil.rmtree(folder, ignore_errors=True)
        disk.sync_folder(self._work)

    def in_work(self) -> Sequence[str]:
        """Return the flow numbers that have a work folder."""
        return sorted(entry.name for entry in os.scandir(self._work) if entry.is_dir())

    def _shelf(self, flux: Flux, *, refused: bool) -> Path:
        day = flux.date_depot.strftime("%Y/%m/%d")
        shelf = self._rejects if refused else self._archive
        return shelf / day / flux.numero_flux / Path(actual(flux.chemin)).name

    def _partner_arrivals(self, folder: str) -> list[Arrival]:
        if not os.access(self._inbox / folder, os.R_OK | os.W_OK | os.X_OK):
            log.warning("no right on this folder, its files stay there: %s", shown(folder))
            return []
        entries = [e for e in os.scandir(self._inbox / folder) if _claimable(e)]
        return [self._arrival(shown(folder), e.name, f"{folder}/{e.name}") for e in entries]

    @staticmethod
    def _arrival(partner: str, name: str, relative: str) -> Arrival:
        return Arrival(partner=partner, filename=shown(name), path=recorded(relative))

    def _state(self, arrival: Arrival) -> tuple[int, int] | None:
        try:
            status = (self._inbox / actual(arrival.path)).lstat()
        except FileNotFoundError:
            return None
        return status.st_size, status.st_mtime_ns


def _claimable(entry: os.DirEntry[str]) -> bool:
    """Tell a finished regular file from folders, links, devices and files still being sent."""
    if entry.name.startswith(".") or entry.name.lower().endswith(UNFINISHED):
        return False
    if not entry.is_file(follow_symlinks=False):
        log.warning("not a regular file, left in the inbox: %s", shown(entry.name))
        return False
    # Claimed, a file that cannot be read would stop every run at the same place.
    if not os.access(entry.path, os.R_OK):
        log.warning("no right to read, left in the inbox: %s", shown(entry.name))
        return False
    return True
