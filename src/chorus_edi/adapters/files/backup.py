"""One backup on disk: files with their digests, and a manifest that is written last.

A backup is a folder; that it has its final name says that it is whole. A file that is as it was in
the backup before is a hard link to it: a backup is never changed, and any of them may be removed.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath

import msgspec

from chorus_edi.adapters.files import disk
from chorus_edi.adapters.files.names import actual, recorded
from chorus_edi.domain.labels import counted
from chorus_edi.errors import ConfigurationError, Incident

MANIFEST = "manifeste.jsonl"
_UNFINISHED = "en-cours"
_BLOCK = 1 << 20
_TOLD = 5


class Saved(msgspec.Struct, frozen=True):
    """One file of a backup.

    Attributes:
        path: relative to the backup, with ``/``, as ``names.recorded`` writes it.
        size: bytes.
        sha256: of its content.
        modified: nanoseconds since 1970, of the original.
    """

    path: str
    size: int
    sha256: str
    modified: int


class Header(msgspec.Struct, frozen=True, kw_only=True):
    """What a manifest begins with.

    Attributes:
        schema: revision of the database.
        at: when the database was read, ISO 8601, UTC.
        files: how many files follow.
        digest: SHA-256 of the lines that follow.
    """

    format: int = 1
    schema: str
    at: str
    files: int
    digest: str


class Backup:
    """A backup that is being made, in a folder that has not its name yet."""

    def __init__(self, folder: Path, previous: Path | None) -> None:
        self.folder = folder
        self.saved: dict[str, Saved] = {}
        self.linked = 0
        self._previous = previous
        self._before: dict[str, Saved] = {}
        if previous is not None:
            # One whose manifest is damaged shares nothing: everything is copied again.
            with suppress(ConfigurationError):
                self._before = {one.path: one for one in read(previous)[1]}

    def add(self, source: Path, path: str) -> Saved:
        """Take a file in, under a path of the backup.

        Raises:
            FileNotFoundError: it is gone.
        """
        target, status, known = self.folder / path, source.stat(), recorded(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        before = self._before.get(known)
        looks = (status.st_size, status.st_mtime_ns)
        same = before is not None and (before.size, before.modified) == looks
        if before is None or not same or not self._link(path, target):
            before = _copied(source, target, known)
        self.saved[known] = before
        return before

    def drop(self, path: str) -> None:
        """Put a file out again."""
        self.saved.pop(recorded(path), None)
        (self.folder / path).unlink(missing_ok=True)

    def finish(self, schema: str, at: str, name: str) -> Path:
        """Write the manifest and give the backup its name; return its folder."""
        lines = b"".join(msgspec.json.encode(one) + b"\n" for _, one in sorted(self.saved.items()))
        header = Header(
            schema=schema, at=at, files=len(self.saved), digest=hashlib.sha256(lines).hexdigest()
        )
        for folder, _, _ in os.walk(self.folder):
            disk.sync_folder(Path(folder))
        disk.write_whole(self.folder / MANIFEST, msgspec.json.encode(header) + b"\n" + lines)
        disk.sync_folder(self.folder)
        final = self.folder.with_name(name)
        self.folder.rename(final)
        disk.sync_folder(final.parent)
        return final

    def _link(self, path: str, target: Path) -> bool:
        """Link the file of the backup before; False where that one has none or cannot be linked."""
        if self._previous is None:
            return False
        try:
            os.link(self._previous / path, target)
        except OSError:
            # Too many links, another file system, or somebody removed it: then it is copied.
            return False
        self.linked += 1
        return True


@contextmanager
def begun(root: Path) -> Iterator[Backup]:
    """Begin a backup in the folder of all backups; one that was cut off there is dropped.

    Raises:
        Incident: another backup is being made there.
    """
    disk.make_folder(root)
    with (root / "sauvegarde.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Incident(f"une autre sauvegarde est en cours dans {root}") from error
        folder = root / _UNFINISHED
        if folder.exists():
            shutil.rmtree(folder)
        previous = latest(root)
        folder.mkdir(mode=0o700)
        yield Backup(folder, previous)


def latest(root: Path) -> Path | None:
    """Return the last whole backup of a folder of backups; None where there is none."""
    whole = [one.parent for one in root.glob(f"*/{MANIFEST}") if one.parent.name != _UNFINISHED]
    return max(whole, key=lambda folder: folder.name, default=None)


def chosen(folder: Path) -> Path:
    """Return a backup: the folder itself, or the last one of a folder of backups.

    Raises:
        ConfigurationError: there is none.
    """
    found = folder if (folder / MANIFEST).is_file() else latest(folder)
    if found is None:
        raise ConfigurationError(f"aucune sauvegarde entière dans {folder}")
    return found


def read(backup: Path) -> tuple[Header, list[Saved]]:
    """Read a manifest.

    Raises:
        ConfigurationError: it is not as it was written.
    """
    head, _, lines = (backup / MANIFEST).read_bytes().partition(b"\n")
    try:
        header = msgspec.json.decode(head, type=Header)
        saved = [msgspec.json.decode(line, type=Saved) for line in lines.splitlines()]
    except (msgspec.ValidationError, msgspec.DecodeError) as error:
        raise ConfigurationError(f"manifeste de {backup} illisible") from error
    whole = hashlib.sha256(lines).hexdigest() == header.digest and len(saved) == header.files
    if not whole or any(_leaves(one.path) for one in saved):
        raise ConfigurationError(f"le manifeste de {backup} a été modifié ; rien n'est restauré")
    return header, saved


def verify(backup: Path, saved: list[Saved]) -> None:
    """Read every file of a backup.

    Raises:
        ConfigurationError: a file is gone or was changed; the first ones are named.
    """
    wrong = [one.path for one in saved if not _holds(backup / actual(one.path), one)]
    if wrong:
        first = ", ".join(wrong[:_TOLD])
        raise ConfigurationError(
            f"sauvegarde {backup} abîmée, rien n'est restauré : "
            f"{counted(len(wrong), 'fichier absent ou modifié', 'fichiers absents ou modifiés')} "
            f"({first})"
        )


def put(backup: Path, one: Saved, target: Path) -> None:
    """Put a file of a backup where it was, whole and with its time; again changes nothing."""
    disk.make_folder(target.parent)
    if _holds(target, one):
        return
    disk.copy_whole(backup / actual(one.path), target)


def _holds(path: Path, one: Saved) -> bool:
    regular = path.is_file() and not path.is_symlink()
    return regular and path.stat().st_size == one.size and disk.digest(path) == one.sha256


def _leaves(path: str) -> bool:
    path = actual(path)
    parts = PurePosixPath(path).parts
    return not parts or ".." in parts or path.startswith("/")


def _copied(source: Path, target: Path, path: str) -> Saved:
    digest, size = hashlib.sha256(), 0
    with source.open("rb") as read_from, target.open("wb") as written:
        status = os.fstat(read_from.fileno())
        while block := read_from.read(_BLOCK):
            digest.update(block)
            size += written.write(block)
        written.flush()
        os.utime(written.fileno(), ns=(status.st_atime_ns, status.st_mtime_ns))
        os.fsync(written.fileno())
    return Saved(path, size, digest.hexdigest(), status.st_mtime_ns)
