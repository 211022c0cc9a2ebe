"""What lies in the inbox and was not taken yet, and since when."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from chorus_edi.adapters.files.arrivals import UNFINISHED
from chorus_edi.adapters.files.names import shown


class Waiting(NamedTuple):
    """A file that bears its final name: whose it is, and since when it has it."""

    partner: str
    since: datetime


def waiting(inbox: Path, default: str) -> Iterator[Waiting]:
    """Yield the files of an inbox, in no order; none where there is no inbox.

    The time is that of the last change of the file's own entry: unlike that of its content, a
    sender cannot set it, and a rename onto the final name is one.

    Args:
        inbox: holds a folder per partner.
        default: code of the partner whose files lie directly in it.

    Raises:
        OSError: it cannot be read.
    """
    for entry in _listed(inbox):
        if entry.is_dir(follow_symlinks=False):
            for file in _listed(inbox / entry.name):
                yield from _waiting(file, shown(entry.name))
        else:
            yield from _waiting(entry, default)


def _listed(folder: Path) -> Iterator[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            yield from (one for one in entries if not one.name.startswith("."))
    except FileNotFoundError:
        return


def _waiting(entry: os.DirEntry[str], partner: str) -> Iterator[Waiting]:
    if entry.name.lower().endswith(UNFINISHED) or not entry.is_file(follow_symlinks=False):
        return
    try:
        changed = entry.stat(follow_symlinks=False).st_ctime
    except FileNotFoundError:  # taken since it was listed
        return
    yield Waiting(partner, datetime.fromtimestamp(changed, UTC))
