"""What lies in an inbox and is never taken as it is: an operator is told of it, nobody moves it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from chorus_edi.adapters.files.arrivals import UNFINISHED
from chorus_edi.adapters.files.names import shown
from chorus_edi.ports import Stray, StrayKind


def strays(inbox: Path) -> Iterator[Stray]:
    """Yield what is no file, and files under a name that says they are not finished.

    Dot files are nobody's business: synchronizers leave them everywhere.
    """
    for entry in _entries(inbox):
        if entry.is_dir(follow_symlinks=False):
            yield from _in_partner_folder(Path(entry.path))
        else:
            yield from _stray(entry, entry.name)


def _in_partner_folder(folder: Path) -> Iterator[Stray]:
    for entry in _entries(folder):
        yield from _stray(entry, f"{folder.name}/{entry.name}")


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    seen = (entry for entry in os.scandir(folder) if not entry.name.startswith("."))
    return sorted(seen, key=lambda entry: os.fsencode(entry.name))


def _stray(entry: os.DirEntry[str], relative: str) -> Iterator[Stray]:
    if entry.is_dir(follow_symlinks=False):
        yield Stray(shown(relative), StrayKind.FOLDER)
    elif not entry.is_file(follow_symlinks=False):
        yield Stray(shown(relative), StrayKind.SPECIAL)
    elif entry.name.lower().endswith(UNFINISHED):
        yield Stray(shown(relative), StrayKind.UNFINISHED)
