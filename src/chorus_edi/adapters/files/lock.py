"""One running instance per data folder."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from chorus_edi.adapters.files import disk
from chorus_edi.errors import Incident


@contextmanager
def sole_instance(data: Path) -> Iterator[None]:
    """Hold the data folder; the system lets go of it when the process dies, however it dies.

    Raises:
        Incident: another process holds it.
    """
    disk.make_folder(data)
    with (data / "chorus_edi.lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Incident(f"un autre processus traite déjà le dossier {data}") from error
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield
