"""What lies in the outbox and in the folders of partners for others to fetch, and its removal."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from chorus_edi.adapters.files import disk
from chorus_edi.domain.partners import CODE
from chorus_edi.ports.keeping import Lying

_REPORT = re.compile(r"([0-9A-Z]{25})_compte-rendu\.(?:json|html)")
_SIRET = re.compile(r"[0-9]{14}")
_DELIVERY = re.compile(r"([0-9A-Z]{25})|\.([0-9A-Z]{25})\.purge")
"""A delivery, or one that is being removed."""
_SHIPMENT = re.compile(r"\.?[0-9A-Z]{25}-[0-9]{4,}_[0-9]{2,}-[a-z]+(?:\.purge)?")
"""What an event made owed: a delivery of its own, in the folder of its flow; removed likewise."""
_NOTE = "livraison.json"


class LyingReturns:
    """The reports that lie in the folders of partners; implements ``ports.keeping.Fetched``.

    Whoever fetches from a folder takes the file away: nobody can know that it was only read (a
    backup or an antivirus reads too). What is pushed by SFTP leaves its folder once it is there.
    """

    def __init__(self, outbox: Path, own: Iterable[Path]) -> None:
        """``own``: folders of partners who have one; the others' are in the outbox."""
        self._outbox = outbox
        self._own = own

    def lying(self) -> Iterator[Lying]:
        """Yield reports, ours by their names: whatever else lies there is the partner's."""
        for folder in sorted({*self._own, *_matching(self._outbox, CODE)}):
            for path in _children(folder):
                found = _REPORT.fullmatch(path.name)
                if found and path.is_file() and not path.is_symlink():
                    yield _lying(path, found[1], [path])

    def take_away(self, lying: Lying) -> None:
        """Remove a report: see the port."""
        path = Path(lying.path)
        aside = disk.temporary_of(path)
        with suppress(FileNotFoundError):
            if _when(path) > lying.since:
                return
            # Renamed first: a run may give the same report again at this very moment.
            path.rename(aside)
            if _when(aside) > lying.since:
                with suppress(FileExistsError):
                    os.link(aside, path)
            aside.unlink()


class LyingDeliveries:
    """The deliveries that lie in the outbox; implements ``ports.keeping.Fetched``."""

    def __init__(self, outbox: Path) -> None:
        self._outbox = outbox

    def lying(self) -> Iterator[Lying]:
        """Yield the folders of deliveries that are complete: the note is there."""
        for recipient in _matching(self._outbox, _SIRET):
            for folder in _matching(recipient, _DELIVERY):
                numero_flux = folder.name.strip(".").removesuffix(".purge")
                for place in (*_matching(folder, _SHIPMENT), folder):
                    if (place / _NOTE).is_file():
                        files = [path for path in _children(place) if path.is_file()]
                        yield _lying(place, numero_flux, files)

    def take_away(self, lying: Lying) -> None:
        """Remove a delivery: see the port."""
        folder = Path(lying.path)
        with suppress(FileNotFoundError):
            if _when(folder / _NOTE) > lying.since:
                return
            # At once out of its recipient's sight: what is left of it never looks complete.
            home = folder.with_name(folder.name.strip(".").removesuffix(".purge"))
            aside = home.with_name(f".{home.name}.purge")
            aside.mkdir(exist_ok=True)
            if home.is_dir() and (home / _NOTE).is_file():
                (home / _NOTE).rename(aside / _NOTE)
            # A delivery inside, owed because of an event, has its own time.
            for path in (*_children(home), *_children(aside)):
                if path.is_file() and path != aside / _NOTE:
                    path.unlink()
                elif path.parent == aside and path.is_dir():
                    disk.make_folder(home)
                    path.rename(home / path.name)
            (aside / _NOTE).unlink()
            aside.rmdir()
            disk.remove_empty(home, levels=2 if _SHIPMENT.fullmatch(home.name) else 1)


def _lying(path: Path, numero_flux: str, files: Iterable[Path]) -> Lying:
    held = [file.stat() for file in files]
    return Lying(
        path=str(path),
        numero_flux=numero_flux,
        since=max(datetime.fromtimestamp(one.st_mtime, UTC) for one in held),
        size=sum(one.st_size for one in held),
    )


def _when(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)


def _matching(folder: Path, name: re.Pattern[str]) -> list[Path]:
    return [p for p in _children(folder) if name.fullmatch(p.name) and p.is_dir()]


def _children(folder: Path) -> list[Path]:
    return sorted(folder.iterdir()) if folder.is_dir() else []
