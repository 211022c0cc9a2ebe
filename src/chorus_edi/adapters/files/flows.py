"""The inbox, the work folders and the shelves (archive, rejects) of one data folder.

``inbox/<partner>/`` and files directly in ``inbox/`` are what partners write. A claimed file lies
in ``var/work/<flow>/recu`` until its flow is closed, then in ``var/archive`` or ``var/rejets``
under its own name, in a folder per day of deposit (UTC) and flow.
"""

from __future__ import annotations

import errno
import os
import shutil
import stat
from collections.abc import Callable, Sequence
from datetime import datetime
from io import BufferedReader
from itertools import islice
from pathlib import Path

from chorus_edi.adapters.files import disk
from chorus_edi.adapters.files.names import actual
from chorus_edi.adapters.files.pieces import PIECES
from chorus_edi.adapters.files.strays import strays
from chorus_edi.domain.flux import Flux
from chorus_edi.domain.statuses import FluxState
from chorus_edi.errors import Delayed
from chorus_edi.ports import Stray

RECEIVED = "recu"
SCRATCH = "scratch"
WITNESS = "temoin"
_KEPT_WITNESS = ".temoin"
_LONGEST_WITNESS = 1024
_DAY = "%Y/%m/%d"
_DEPTH = 4
"""Folders above that of a day on a shelf which may be new: month, year, shelf, data."""

_DAYS = 30
"""Days whose folders are remembered as durable."""


class FlowFolders:
    """One inbox and one data folder; implements ``ports.FlowFiles``."""

    def __init__(
        self, inbox: Path, data: Path, told_by: Callable[[str], str | None] = lambda _: None
    ) -> None:
        """``told_by``: partner → ending of the file that comes with each of its files, if any."""
        self._inbox = inbox
        self._told_by = told_by
        self._data = data
        self._work = data / "work"
        self._archive = data / "archive"
        self._rejects = data / "rejets"
        self._settled: set[Path] = set()
        for folder in (inbox, self._work, self._archive, self._rejects):
            disk.make_folder(folder)

    def take(self, flux: Flux) -> bool:
        """Move the inbox file into the flow's work folder."""
        folder = self._work / flux.numero_flux
        received = folder / RECEIVED
        source, aside = self._inbox / actual(flux.chemin), self._aside(flux)
        if received.exists():
            # Another file may bear the name of the source by now: only the own copy is removed.
            aside.unlink(missing_ok=True)
            return True
        disk.make_folder(folder)
        # Before its file: once that is here, what lies beside the name may be another's.
        self._take_witness(flux, source)
        try:
            _bring(source, aside, received)
        except (FileNotFoundError, NotADirectoryError):
            if self._take_back(flux, received):
                return True
            shutil.rmtree(folder)
            return False
        if not stat.S_ISREG(received.lstat().st_mode):
            # Swapped for a link or a device since the scan: what it points at was never deposited.
            shutil.rmtree(folder)
            return False
        disk.sync_folder(folder)
        disk.sync_folder(source.parent)
        return True

    def _take_back(self, flux: Flux, received: Path) -> bool:
        """Take from the archive the file of a flow that an operator has put back to work."""
        shelved = self._shelf(flux, refused=False)
        if not shelved.is_file():
            return False
        disk.move(shelved, received)
        beside = shelved.with_name(f"{shelved.name}{_KEPT_WITNESS}")
        if beside.is_file():
            disk.move(beside, received.with_name(WITNESS))
        disk.sync_folder(received.parent)
        disk.sync_folder(shelved.parent)
        return True

    def witness(self, flux: Flux) -> bytes | None:
        """Return the beginning of the file that came with a flow to say that it is whole."""
        path = self._work / flux.numero_flux / WITNESS
        if not path.is_file():
            return None
        with path.open("rb") as file:
            return file.read(_LONGEST_WITNESS)

    def _take_witness(self, flux: Flux, source: Path) -> None:
        ending = self._told_by(flux.emetteur)
        beside = source.with_name(f"{source.name}{ending}") if ending else None
        taken = self._work / flux.numero_flux / WITNESS
        if beside is None or taken.exists() or self._aside(flux).exists():
            return
        if beside.is_file() and not beside.is_symlink():
            disk.move(beside, taken)

    def _aside(self, flux: Flux) -> Path:
        """Return the name, which no scan lists, of a file on its way to another file system."""
        return (self._inbox / actual(flux.chemin)).with_name(f".{flux.numero_flux}.pris")

    def open(self, flux: Flux) -> BufferedReader:
        """Open the stored copy.

        Raises:
            Delayed: it is on none of the shelves.
        """
        return Path(self.path(flux)).open("rb")

    def path(self, flux: Flux) -> str:
        """Return the absolute path of the stored copy."""
        for place in self._places(flux):
            if place.is_file():
                return str(place.absolute())
        raise Delayed(f"le fichier du flux {flux.numero_flux} est introuvable")

    def _places(self, flux: Flux) -> tuple[Path, ...]:
        return (
            self._work / flux.numero_flux / RECEIVED,
            self._shelf(flux, refused=False),
            self._shelf(flux, refused=True),
        )

    def scratch(self, flux: Flux) -> str:
        """Return the scratch folder, emptied: what an interrupted run left is not trusted."""
        folder = self._work / flux.numero_flux / SCRATCH
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        return str(folder.absolute())

    def received(self, flux: Flux) -> bool:
        """True where the stored copy is in work: not on its shelf yet."""
        return (self._work / flux.numero_flux / RECEIVED).is_file()

    def clear(self, flux: Flux) -> None:
        """Drop the scratch folder, and the work folder where nothing else is in it."""
        shutil.rmtree(self._work / flux.numero_flux / SCRATCH, ignore_errors=True)
        disk.remove_empty(self._work / flux.numero_flux, levels=1)

    def shelve(self, flux: Flux, *, refused: bool) -> None:
        """Move the stored copy to its shelf and drop the work folder."""
        folder = self._work / flux.numero_flux
        received = folder / RECEIVED
        if received.exists():
            target = self._shelf(flux, refused=refused)
            self._make_room(target.parent)
            disk.refuse_other_content(received, target)
            # Before the file itself: without that one, the folder counts as put away.
            witness = folder / WITNESS
            if witness.exists():
                disk.move(witness, target.with_name(f"{target.name}{_KEPT_WITNESS}"))
            disk.move(received, target)
            disk.sync_folder(target.parent)
        shutil.rmtree(folder, ignore_errors=True)
        disk.sync_folder(self._work)

    def _make_room(self, folder: Path) -> None:
        """Make a flow's folder on its shelf, durable in all that hold it.

        Whoever made them: a run that was killed may have made folders and not fsynced them. Those
        of the day are trusted once this process has done it.
        """
        folder.mkdir(parents=True, exist_ok=True)
        disk.sync_folder(folder.parent)
        if folder.parent not in self._settled:
            for holder in islice(folder.parent.parents, _DEPTH):
                disk.sync_folder(holder)
            self._settled = {folder.parent, *islice(self._settled, _DAYS)}

    def kept(self, flux: Flux) -> bool:
        """Tell whether the stored copy of a flow is on one of the shelves, or in work."""
        return any(place.is_file() for place in (*self._places(flux), self._aside(flux)))

    def held(self, flux: Flux) -> list[tuple[Path, str]]:
        """Return where the file of a flow and its witness lie, and their places in a backup.

        A place is relative to an installation. What a flow that is not closed has on a shelf is put
        back to work, its rows being older than its files; so is what it has in the inbox, where
        another file may bear its name by the time of a restoration.
        """
        work = self._work / flux.numero_flux
        if flux.etat.closed and not (work / RECEIVED).is_file():
            data = self._data
            kept = [*self._shelved(flux), *self._added(flux)]
            return [(path, f"var/{path.relative_to(data)}") for path in kept]
        pairs = [(work / RECEIVED, work / WITNESS), *self._on_shelves(flux)]
        if flux.etat is FluxState.IN_RECU:
            pairs += self._waiting(flux)
        own = f"var/work/{flux.numero_flux}"
        names = zip(
            (f"{own}/{RECEIVED}", f"{own}/{WITNESS}"), zip(*pairs, strict=True), strict=True
        )
        found = [(next(filter(Path.is_file, paths), None), place) for place, paths in names]
        added = [(path, f"var/{path.relative_to(self._data)}") for path in self._added(flux)]
        return [*((path, place) for path, place in found if path is not None), *added]

    def _waiting(self, flux: Flux) -> list[tuple[Path, Path]]:
        """Return where a flow that was claimed may lie until it is taken, and its witness."""
        source, ending = self._inbox / actual(flux.chemin), self._told_by(flux.emetteur)
        # A partner who gives none has none: nothing lies under the name of a work folder.
        beside = source.with_name(f"{source.name}{ending}") if ending else self._work / WITNESS
        return [(self._aside(flux), beside), (source, beside)]

    def weight(self, flux: Flux) -> int:
        """Return the bytes of the stored copy of a flow, its witness, and what was added since."""
        return sum(path.stat().st_size for path in (*self._shelved(flux), *self._added(flux)))

    def remove(self, flux: Flux) -> None:
        """Remove all that is kept of a flow's files, and the folders that are empty then."""
        for path in (*self._shelved(flux), *self._added(flux)):
            path.unlink(missing_ok=True)
        for folder in self._data.glob(f"{PIECES}/{flux.numero_flux}-*"):
            disk.remove_empty(folder, levels=1)
        for refused in (False, True):
            disk.remove_empty(self._shelf(flux, refused=refused).parent, levels=4)

    def _shelved(self, flux: Flux) -> list[Path]:
        """Return what lies of a flow on the shelves."""
        return [path for pair in self._on_shelves(flux) for path in pair if path.is_file()]

    def _added(self, flux: Flux) -> list[Path]:
        """Return the files that suppliers added to invoices of a flow after its deposit."""
        return sorted(self._data.glob(f"{PIECES}/{flux.numero_flux}-*/*"))

    def _on_shelves(self, flux: Flux) -> list[tuple[Path, Path]]:
        """Return where the file of a flow and its witness may lie, on each shelf."""
        places = [self._shelf(flux, refused=refused) for refused in (False, True)]
        return [(path, path.with_name(f"{path.name}{_KEPT_WITNESS}")) for path in places]

    def strays(self) -> Sequence[Stray]:
        """Return what lies in the inbox and is never taken as it is."""
        return list(strays(self._inbox))

    def leftovers(self, since: datetime | None = None) -> Sequence[str]:
        """Return our own temporary files in work, and on the shelves since a day."""
        first = since.strftime(_DAY) if since else ""
        days = [day for shelf in (self._archive, self._rejects) for day in shelf.glob("*/*/*")]
        recent = (day for day in days if "/".join(day.parts[-3:]) >= first)
        return [path for folder in (self._work, *recent) for path in disk.temporaries(folder)]

    def discard(self, path: str) -> None:
        """Remove a leftover."""
        Path(path).unlink(missing_ok=True)

    def in_work(self) -> Sequence[str]:
        """Return the flow numbers that have a work folder."""
        return sorted(entry.name for entry in os.scandir(self._work) if entry.is_dir())

    def _shelf(self, flux: Flux, *, refused: bool) -> Path:
        day = flux.date_depot.strftime(_DAY)
        shelf = self._rejects if refused else self._archive
        return shelf / day / flux.numero_flux / Path(actual(flux.chemin)).name


def _bring(source: Path, aside: Path, received: Path) -> None:
    """Move a file out of the inbox, in steps that can each be done again.

    A copy to another file system takes its time, in which the sender may put another file under
    the same name: it is renamed out of his way first.

    Raises:
        FileNotFoundError: there is no such file.
    """
    if not aside.exists():
        try:
            source.rename(received)
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
        else:
            return
        source.rename(aside)
        disk.sync_folder(aside.parent)
    if stat.S_ISREG(aside.lstat().st_mode):
        disk.move(aside, received)
    else:
        aside.unlink()
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(source))
