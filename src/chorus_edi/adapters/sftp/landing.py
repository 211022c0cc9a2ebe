"""Where a fetched file lies until it gets its name in the inbox, and how it gets it: never twice.

Beside its final place, under a name with a leading dot that no scan lists: a rename may then never
cross a file system, not even where the folder of a partner is a mount of its own.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import BufferedRandom
from pathlib import Path

from chorus_edi.adapters.files import disk
from chorus_edi.adapters.files.names import recorded
from chorus_edi.domain.transfers import Fetch

_ASIDE = ".sftp"
_LOCKLESS = (errno.ENOLCK, errno.ENOTSUP, errno.ENOSYS)
"""What a file system without locks answers."""

_LINKLESS = (errno.EPERM, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK)
"""What a file system without hard links answers."""


class Landing:
    """The inbox folder of one partner, and the files on their way to it.

    Args:
        inbox: the inbox.
        source: name of the server: two of them may fetch for one partner.
        partner: code of the partner.
        telling: ending of the file that says of another that it is whole, where one does.
    """

    def __init__(self, inbox: Path, source: str, partner: str, telling: str | None) -> None:
        self._folder = inbox / partner
        self._mark = f".{hashlib.sha256(source.encode()).hexdigest()[:8]}-"
        self._partner = partner
        self._telling = telling

    def local(self, fetch: Fetch) -> str:
        """Return the recorded path in the inbox that a file gets."""
        return recorded(f"{self._partner}/{_name(fetch)}")

    @contextmanager
    def opened(self, fetch: Fetch, offset: int) -> Iterator[BufferedRandom]:
        """Open what has come of a file, to be gone on with at ``offset``.

        What lies behind that was never made safe, and is cut off.

        Raises:
            BlockingIOError: another process has it open, whatever became of its lease.
        """
        disk.make_folder(self._folder)
        descriptor = os.open(self.aside(fetch), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        with os.fdopen(descriptor, "r+b") as file:
            _lock(file)
            file.truncate(offset)
            file.seek(offset)
            yield file

    def safe(self, fetch: Fetch) -> int:
        """Return how many bytes of a file can be gone on from."""
        try:
            there = self.aside(fetch).stat().st_size
        except FileNotFoundError:
            return 0
        return min(fetch.received, there)

    def aside(self, fetch: Fetch) -> Path:
        """Return the temporary name of a file: of this content of this name, on this server."""
        one = fetch.file
        told = f"{one.path}\0{one.size}\0{one.modified}"
        digest = hashlib.sha256(told.encode("utf-8", "surrogateescape")).hexdigest()
        return self._folder / f"{self._mark}{digest[:32]}{_ASIDE}"

    def beside(self, fetch: Fetch) -> Path:
        """Return the temporary name of the file that says of another that it is whole."""
        aside = self.aside(fetch)
        return aside.with_name(f"{aside.name}{self._telling or ''}")

    def discard(self, fetch: Fetch) -> None:
        """Remove what has come of a file."""
        self.aside(fetch).unlink(missing_ok=True)
        if self._telling:
            self.beside(fetch).unlink(missing_ok=True)

    def left(self) -> set[str]:
        """Return the temporary names that files of this source have here."""
        if not self._folder.is_dir():
            return set()
        names = (entry.name for entry in os.scandir(self._folder))
        return {name for name in names if name.startswith(self._mark) and _ASIDE in name}

    def sweep(self, left: set[str], coming: Iterable[Fetch]) -> None:
        """Remove those of these names that are of none of the files that are on their way."""
        kept = {path.name for one in coming for path in (self.aside(one), self.beside(one))}
        for name in left - kept:
            (self._folder / name).unlink(missing_ok=True)

    def settle(self) -> None:
        """Make the temporary names durable."""
        disk.sync_folder(self._folder)

    def here(self, fetch: Fetch) -> bool:
        """True where a file still lies under its temporary name."""
        return self.aside(fetch).exists()

    def holds(self, fetch: Fetch) -> bool:
        """True where the inbox has a file of the name, whatever it holds."""
        return os.path.lexists(self._target(fetch))

    def place(self, fetch: Fetch) -> bool:
        """Give a file its name in the inbox, and then what says that it is whole.

        Doing it again after a crash goes on with it: a file that lies under its temporary name no
        more has its name.

        Returns:
            False where the name is another file's, who was not taken yet: nothing is overwritten.
        """
        aside, target = self.aside(fetch), self._target(fetch)
        told, beside = target.with_name(f"{target.name}{self._telling or ''}"), self.beside(fetch)
        ours = not aside.exists() or _same(aside, target)
        with_witness = bool(self._telling) and beside.exists()
        if with_witness and not ours and os.path.lexists(told):
            return False
        if not ours and not _named(aside, target):
            return False
        if with_witness:
            # After its file: a witness alone would be taken for a deposit.
            _named(beside, told)
        disk.sync_folder(self._folder)
        return True

    def _target(self, fetch: Fetch) -> Path:
        return self._folder / _name(fetch)


def _lock(file: BufferedRandom) -> None:
    """Keep other processes from writing to an open file; the system lets go of it with us.

    Raises:
        BlockingIOError: another one has it.
    """
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise
    except OSError as error:
        # A share may know no locks; there the lease alone keeps two processes apart.
        if error.errno not in _LOCKLESS:
            raise


def _name(fetch: Fetch) -> str:
    # As the system knows it, also where it is no valid UTF-8.
    return os.fsdecode(fetch.file.name.encode("utf-8", "surrogateescape"))


def _same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except FileNotFoundError:
        return False


def _named(source: Path, target: Path) -> bool:
    """Give a file a further name, that nothing has; False where something has it."""
    try:
        os.link(source, target, follow_symlinks=False)
    except FileExistsError:
        return False
    except OSError as error:
        if error.errno not in _LINKLESS:
            raise
        if os.path.lexists(target):
            return False
        source.rename(target)
    return True
