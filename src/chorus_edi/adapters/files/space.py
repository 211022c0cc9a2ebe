"""How much room the disks have on which our folders lie."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path


def free_space(folders: Mapping[str, Path]) -> dict[str, int]:
    """Return the free bytes of each file system, by the names of the folders on it.

    Args:
        folders: name → folder; one that is not there yet counts where it would be made.

    Raises:
        OSError: a folder cannot be looked at.
    """
    there = {name: _existing(folder) for name, folder in folders.items()}
    systems: dict[int, list[str]] = {}
    for name, folder in there.items():
        systems.setdefault(folder.stat().st_dev, []).append(name)
    return {", ".join(names): shutil.disk_usage(there[names[0]]).free for names in systems.values()}


def _existing(folder: Path) -> Path:
    while not folder.exists():
        folder = folder.parent
    return folder
