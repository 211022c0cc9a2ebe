"""Durable file operations: write whole, rename, fsync the folders concerned."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import shutil
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from io import BufferedRandom, BufferedWriter, FileIO
from itertools import islice
from pathlib import Path
from typing import TypeAlias

from chorus_edi.errors import Delayed

StrPath: TypeAlias = str | Path

_COPY = 1 << 20
_GROUP = 256
"""Files held open together: a process may have some thousand."""

_AT_ONCE = 8
"""Files that are waited for at the same time."""
_TEMPORARY = re.compile(r"\.[0-9a-f]{16}\.tmp")


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def make_folder(folder: Path) -> None:
    """Make a folder and its parents, each durable in its own parent."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    sync_folder(folder.parent)


def remove_empty(folder: Path, *, levels: int) -> None:
    """Remove a folder and so many less one above it as far as they are empty, durably."""
    for _ in range(levels):
        with suppress(FileNotFoundError):
            sync_folder(folder)
        try:
            folder.rmdir()
        except FileNotFoundError:
            pass
        except OSError as error:
            if error.errno != errno.ENOTEMPTY:
                raise
            return
        folder = folder.parent
    with suppress(FileNotFoundError):
        sync_folder(folder)


def write_whole(target: Path, content: bytes) -> None:
    """Write a file so that its name never shows part of it: temporary name, fsync, rename."""
    with _aside(target) as temporary:
        write_durably(temporary, content)


@contextmanager
def writing_whole(target: Path) -> Iterator[BufferedWriter]:
    """Give a file to write to, which gets its name once it is whole and durable."""
    with _aside(target) as temporary, temporary.open("wb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


def sync_files(paths: Iterable[str]) -> None:
    """Make the content of files durable, in groups: all are on their way before one is waited for.

    Each is fsynced. What costs is the journal of the file system and the flush of the disk, and
    those who wait for them together share them.
    """
    files = iter(paths)
    while group := list(islice(files, _GROUP)):
        with ExitStack() as opened:
            descriptors = []
            for path in group:
                descriptors.append(os.open(path, os.O_RDONLY))
                opened.callback(os.close, descriptors[-1])
            for descriptor in descriptors:
                # Nobody reads it here again; what matters is that this starts its way to the disk.
                os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
            waiting = opened.enter_context(ThreadPoolExecutor(_AT_ONCE))
            deque(waiting.map(os.fsync, descriptors), maxlen=0)


def write_durably(target: Path, content: bytes) -> None:
    """Write a file and fsync it."""
    with target.open("wb", buffering=0) as file:
        _write_all(file, content)
        os.fsync(file.fileno())


def sync_open(file: BufferedRandom) -> None:
    """Make what was written to an open file so far durable."""
    file.flush()
    os.fsync(file.fileno())


def write_scratch(target: str, content: bytes) -> None:
    """Write a file that ``sync_files`` makes durable, if it is ever delivered."""
    with open(target, "wb", buffering=0) as file:  # noqa: PTH123 - done for every file of a night
        _write_all(file, content)


def _write_all(file: FileIO, content: bytes) -> None:
    """Write all: on a disk that is nearly full one write may take a part, and fail by the next."""
    rest = memoryview(content)
    while rest:
        rest = rest[file.write(rest) :]


def move(source: StrPath, target: StrPath) -> None:
    """Move a file onto its final name, across file systems if need be; the folders are not synced.

    Raises:
        FileNotFoundError: there is no source.
    """
    try:
        os.rename(source, target)  # noqa: PTH104 - done for every file of a night
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        _copy_then_unlink(Path(source), Path(target))


def refuse_other_content(source: StrPath, target: StrPath) -> None:
    """Refuse to move a file over another one that bears its final name.

    Raises:
        Delayed: the name holds something else. Flow numbers are never given twice, unless the
            database was lost or restored from before that flow.
    """
    if os.path.exists(target) and digest(source) != digest(target):  # noqa: PTH110 - as above
        raise Delayed(
            f"{target} existe déjà, avec un autre contenu : la base a-t-elle été perdue ou "
            "restaurée ? Mettez ce fichier à l'abri ailleurs, puis relancez"
        )


def _copy_then_unlink(source: Path, target: Path) -> None:
    copy_whole(source, target)
    source.unlink()


def copy_whole(source: Path, target: Path) -> None:
    """Copy a file, with its time, so that the name of the copy never shows part of it.

    Raises:
        Delayed: the copy reads back otherwise.
    """
    with _aside(target) as temporary:
        with source.open("rb") as read, temporary.open("wb") as written:
            shutil.copyfileobj(read, written, _COPY)
            written.flush()
            status = os.fstat(read.fileno())
            # The time is kept, as a rename keeps it.
            os.utime(written.fileno(), ns=(status.st_atime_ns, status.st_mtime_ns))
            os.fsync(written.fileno())
        if digest(source) != digest(temporary):
            raise Delayed(f"la copie de {source.name} diffère de l'original")
    sync_folder(target.parent)


@contextmanager
def _aside(target: Path) -> Iterator[Path]:
    """Give a temporary name, and rename it to the final one once the file is whole."""
    temporary = temporary_of(target)
    try:
        yield temporary
        temporary.replace(target)
    except (OSError, Delayed):
        # On a full disk, half a file would only take up what room there is.
        with suppress(OSError):
            temporary.unlink()
        raise


def temporaries(folder: Path) -> list[str]:
    """Return the temporary files in a folder and below, which nobody is writing any more."""
    return sorted(
        str(path)
        for path in folder.rglob(".*.tmp")
        if is_temporary(path.name) and path.is_file() and not path.is_symlink()
    )


def is_temporary(name: str) -> bool:
    """True for the name of a file that is not whole yet."""
    return _TEMPORARY.fullmatch(name) is not None


def temporary_of(target: Path) -> Path:
    """Return the name that a file bears until it is whole, in the same folder."""
    # Short whatever the name: a legal name of 255 bytes leaves no room for a suffix.
    return target.with_name(f".{hashlib.sha256(os.fsencode(target.name)).hexdigest()[:16]}.tmp")


def digest(path: StrPath) -> str:
    """Return the SHA-256 of a file."""
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
