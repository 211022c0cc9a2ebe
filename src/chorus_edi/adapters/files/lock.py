"""One running instance per data folder, and one upkeep of it."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from chorus_edi.adapters.files import disk
from chorus_edi.errors import Incident


@contextmanager
def sole_upkeep(data: Path) -> Iterator[None]:
    """Hold what may happen while flows are processed, but one at a time: a purge, a backup.

    Raises:
        Incident: another process does one of them.
    """
    with _held(
        data,
        "entretien.lock",
        "une purge, une sauvegarde ou un travail sur la base est déjà en cours dans",
    ):
        yield


@contextmanager
def sole_instance(data: Path) -> Iterator[None]:
    """Hold the data folder; the system lets go of it when the process dies, however it dies.

    Raises:
        Incident: another process holds it.
    """
    with _held(data, "chorus_edi.lock", "un autre processus traite déjà le dossier"):
        yield


@contextmanager
def _held(data: Path, name: str, otherwise: str) -> Iterator[None]:
    disk.make_folder(data)
    with (data / name).open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Incident(f"{otherwise} {data}") from error
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield
