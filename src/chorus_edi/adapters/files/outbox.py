"""The outbox folder: deliveries and reports, each under a deterministic name, each whole."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Sequence
from pathlib import Path, PurePosixPath

from chorus_edi.adapters.files import disk
from chorus_edi.errors import Defect


class OutboxFolder:
    """Implements ``ports.Outbox``; names are made durable together by ``settle``."""

    def __init__(self, root: Path) -> None:
        self._root = os.fspath(root)
        disk.make_folder(root)

    def secure(self, staged: Iterable[str]) -> None:
        """Make the content of finished files durable."""
        disk.sync_files(staged)

    def adopt(self, staged: str, path: str) -> None:
        """Move a finished, secured file onto its final name.

        Raises:
            Delayed: that name holds another content; it may not have been fetched yet.
        """
        target = self._target(path)
        disk.refuse_other_content(staged, target)
        disk.move(staged, target)

    def write(self, path: str, content: bytes) -> None:
        """Write a file whole."""
        disk.write_whole(Path(self._target(path)), content)

    def has(self, path: str, size: int, sha256: str) -> bool:
        """True where the final name holds just these bytes."""
        target = f"{self._root}/{path}"
        try:
            status = os.stat(target)  # noqa: PTH116 - as in ``_target``
        except (FileNotFoundError, NotADirectoryError):
            return False
        regular = stat.S_ISREG(status.st_mode)
        return regular and status.st_size == size and disk.digest(target) == sha256

    def holds(self, path: str) -> bool:
        """True where there is a file of that name, whatever it holds."""
        return Path(self._root, path).is_file()

    def leftovers(self) -> Sequence[str]:
        """Return our own temporary files that a crash left there."""
        return disk.temporaries(Path(self._root))

    def discard(self, path: str) -> None:
        """Remove a leftover."""
        Path(path).unlink(missing_ok=True)

    def settle(self, paths: Iterable[str]) -> None:
        """Make the names of files durable: fsync their folders, up to the outbox itself.

        Whoever made them: a run that was killed may have made folders and not fsynced them.
        """
        folders = {path.rpartition("/")[0] for path in paths}
        above = {str(parent) for folder in folders for parent in PurePosixPath(folder).parents}
        for folder in sorted(folders | above):
            disk.sync_folder(Path(self._root, folder))

    def _target(self, path: str) -> str:
        """Return the absolute path of a file that is about to be put there, its folder made."""
        # Texts and not ``Path``: this is done for every file of a night.
        if any(part in {"", ".", ".."} for part in path.split("/")):
            raise Defect(f"not a path of the outbox: {path}")
        folder, _, name = path.rpartition("/")
        within = f"{self._root}/{folder}" if folder else self._root
        if not os.path.isdir(within):  # noqa: PTH112 - as above
            os.makedirs(within, exist_ok=True)  # noqa: PTH103 - ``settle`` makes it durable
        return f"{within}/{name}"
