"""The outbox folder: deliveries and reports, each under a deterministic name, each whole."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from chorus_edi.adapters.files import disk
from chorus_edi.errors import Defect


class OutboxFolder:
    """Implements ``ports.Outbox``; renames are made durable together by ``settle``."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._unsettled: set[Path] = set()
        disk.make_folder(root)

    def adopt(self, staged: str, path: str) -> None:
        """Move a finished, synced file onto its final name.

        Raises:
            Delayed: that name holds another content; it may not have been fetched yet.
        """
        target = self._target(path)
        disk.refuse_other_content(Path(staged), target)
        disk.move(Path(staged), target)
        self._unsettled.add(target.parent)

    def write(self, path: str, content: bytes) -> None:
        """Write a file whole."""
        target = self._target(path)
        disk.write_whole(target, content)
        self._unsettled.add(target.parent)

    def has(self, path: str, size: int, sha256: str) -> bool:
        """True where the final name holds just these bytes."""
        target = self._root / path
        return target.is_file() and target.stat().st_size == size and disk.digest(target) == sha256

    def holds(self, path: str) -> bool:
        """True where there is a file of that name, whatever it holds."""
        return (self._root / path).is_file()

    def leftovers(self) -> Sequence[str]:
        """Return our own temporary files that a crash left there."""
        return disk.temporaries(self._root)

    def discard(self, path: str) -> None:
        """Remove a leftover."""
        Path(path).unlink(missing_ok=True)

    def settle(self) -> None:
        """Fsync every folder touched since the last call."""
        # Forgotten first: a folder that is gone would fail every flow after its own.
        folders, self._unsettled = self._unsettled, set()
        for folder in sorted(folders):
            disk.sync_folder(folder)

    def _target(self, path: str) -> Path:
        parts = PurePosixPath(path).parts
        if not parts or ".." in parts or path.startswith("/"):
            raise Defect(f"not a path of the outbox: {path}")
        target = self._root.joinpath(*parts)
        disk.make_folder(target.parent)
        return target
