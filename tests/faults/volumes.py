"""Disks that fill up and that turn read-only in the middle of a night."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path
from typing import ClassVar

CHUNK = 1 << 16
MEGABYTES = 64
ROOM = 1 << 14


class Volume:
    """A small file system of its own, in memory, mounted on a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        _call("mount", "-t", "tmpfs", "-o", f"size={MEGABYTES}m", "tmpfs", str(folder))

    def fill(self) -> None:
        """Leave not a byte free."""
        with (self.folder / "filler").open("wb", buffering=0) as file:
            size = CHUNK
            while size:
                try:
                    file.write(b"x" * size)
                except OSError:
                    size //= 2

    def crowd(self) -> None:
        """Leave room for a part of what is to come: the system then writes that part."""
        self.fill()
        filler = self.folder / "filler"
        os.truncate(filler, filler.stat().st_size - ROOM)

    def freeze(self) -> None:
        """Let it be read only."""
        _call("mount", "-o", "remount,ro", str(self.folder))

    def mend(self) -> None:
        """Make it as it was."""
        _call("mount", "-o", "remount,rw", str(self.folder))
        (self.folder / "filler").unlink(missing_ok=True)

    def close(self) -> None:
        _call("umount", "--lazy", str(self.folder))


class PretendedVolume(Volume):
    """Where nobody may mount: the system's calls on that folder fail as they would there.

    Calls are refused in this process alone, by an audit hook, which cannot be taken away again.
    """

    _refused: ClassVar[dict[Path, int]] = {}
    _hooked: ClassVar[bool] = False

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        if not PretendedVolume._hooked:
            sys.addaudithook(PretendedVolume._refuse)
            PretendedVolume._hooked = True

    def fill(self) -> None:
        self._refused[self.folder] = errno.ENOSPC

    def crowd(self) -> None:
        self.fill()

    def freeze(self) -> None:
        self._refused[self.folder] = errno.EROFS

    def mend(self) -> None:
        self._refused.pop(self.folder, None)

    def close(self) -> None:
        self.mend()

    @classmethod
    def _refuse(cls, event: str, arguments: tuple[object, ...]) -> None:
        if not cls._refused or event not in ("open", "os.rename", "os.mkdir"):
            return
        if event == "open" and not _writes(arguments):
            return
        target = arguments[1] if event == "os.rename" else arguments[0]
        if not isinstance(target, str | os.PathLike):
            return
        for folder, number in cls._refused.items():
            if Path(target).is_relative_to(folder):
                raise OSError(number, os.strerror(number), str(target))


def _writes(arguments: tuple[object, ...]) -> bool:
    mode, flags = arguments[1], arguments[2]
    if isinstance(mode, str):
        return any(letter in mode for letter in "wax+")
    return isinstance(flags, int) and bool(flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))


def volume(folder: Path) -> Volume:
    """Return a volume on a folder: a real one wherever this process may mount."""
    try:
        return Volume(folder)
    except (OSError, subprocess.CalledProcessError):
        return PretendedVolume(folder)


def _call(*command: str) -> None:
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL, capture_output=True, timeout=30)
