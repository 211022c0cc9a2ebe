"""The folders and files of a connected server: what we ask of it, and in which words it answers.

paramiko reads names as UTF-8 only, and fetches ahead by threads that outlive a lost connection;
both are done here on its requests, in one thread (version pinned, tested against OpenSSH).
"""

from __future__ import annotations

import stat
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, BinaryIO, NamedTuple

import paramiko
from paramiko import sftp as wire

from chorus_edi.adapters.sftp.faults import Refused, asking
from chorus_edi.domain.transfers import RemoteFile

_BLOCK = 32_768
"""Bytes asked for at once: every server gives as much."""

_AHEAD = 64
"""Blocks on their way: 2 MB, which a line of 20 ms needs to give 100 MB a second."""


class Entry(NamedTuple):
    """One line of a listing; ``regular`` is False for folders, links and devices."""

    file: RemoteFile
    regular: bool


class Remote:
    """A connected server."""

    def __init__(self, session: Any) -> None:
        """``session`` is a ``paramiko.SFTPClient``."""
        self._session = session

    def list(self, folder: str) -> Iterator[Entry]:
        """Yield what is in a folder, in the order of the server.

        Raises:
            FileNotFoundError: there is no such folder.
            Refused: we may not list it.
            Unreachable: the connection is lost.
        """
        ask = self._session._request
        with asking(f"lecture du dossier {folder}", self._alive):
            handle = ask(wire.CMD_OPENDIR, _encoded(folder))[1].get_binary()
            with suppress(EOFError):
                while True:
                    yield from _entries(folder, ask(wire.CMD_READDIR, handle)[1])
            ask(wire.CMD_CLOSE, handle)

    def look(self, path: str) -> RemoteFile | None:
        """Return a file as it is now; None where there is none.

        Raises:
            Refused: we may not look.
            Unreachable: the connection is lost.
        """
        try:
            with asking(f"recherche de {path}", self._alive):
                found = self._session.lstat(_encoded(path))
        except FileNotFoundError:
            return None
        return RemoteFile(found.st_mtime or 0, path, found.st_size or 0)

    def read(self, path: str, offset: int, size: int) -> Iterator[bytes]:
        """Yield the content of a file from an offset, in order, until ``size`` or its end.

        Raises:
            FileNotFoundError: there is no such file.
            Refused: we may not read it.
            Unreachable: the connection is lost; what was yielded is right.
        """
        with asking(f"lecture de {path}", self._alive):
            file = self._session.open(_encoded(path), "rb")
            try:
                yield from _Reading(self._session, file.handle).blocks(offset, size)
            finally:
                # Of a lost connection there is nothing to close; the reason is on its way.
                with suppress(OSError, EOFError, paramiko.SSHException):
                    file.close()

    def write(self, path: str, content: BinaryIO, size: int) -> None:
        """Write a file, from its beginning; the server was asked how long it has become.

        Raises:
            FileNotFoundError: there is no such folder.
            Refused: no right, no room; part of the file may be there.
            Unreachable: the connection is lost; part of the file may be there.
        """
        with asking(f"écriture de {path}", self._alive):
            self._session.putfo(content, _encoded(path), size)

    def rename(self, path: str, target: str) -> None:
        """Give a file its final name, in one step where the server knows how to.

        Raises:
            FileNotFoundError: there is no such file.
            Refused: the server does not let us.
            Unreachable: the connection is lost.
        """
        told = f"renommage de {path}"
        try:
            with asking(told, self._alive):
                self._session.posix_rename(_encoded(path), _encoded(target))
        except Refused:
            # Not every server has the extension; those that have it refuse this as well.
            with asking(told, self._alive):
                self._session.rename(_encoded(path), _encoded(target))

    def remove(self, path: str) -> None:
        """Remove a file; nothing where there is none.

        Raises:
            Refused: the server does not let us.
            Unreachable: the connection is lost.
        """
        with suppress(FileNotFoundError), asking(f"suppression de {path}", self._alive):
            self._session.remove(_encoded(path))

    def _alive(self) -> bool:
        channel = self._session.get_channel()
        return not channel.closed and channel.get_transport().is_active()


class _Reading:
    """Asks for blocks of one open file ahead of their use; paramiko hands us each answer."""

    def __init__(self, session: Any, handle: bytes) -> None:
        self._session = session
        self._handle = handle
        self._answers: dict[int, bytes] = {}

    def blocks(self, offset: int, size: int) -> Iterator[bytes]:
        """Yield the blocks in order; fewer where the file ends sooner."""
        asked: dict[int, tuple[int, int]] = {}
        place, due = offset, offset
        while due < size:
            while place < size and len(asked) < _AHEAD:
                length = min(_BLOCK, size - place)
                asked[place] = (self._ask(place, length), length)
                place += length
            number, length = asked.pop(due)
            block = self._await(number)
            while len(block) < length:
                # A server may give less than it was asked for; nothing at all is the end.
                more = self._await(self._ask(due + len(block), length - len(block)))
                if not more:
                    yield block
                    return
                block += more
            yield block
            due += length

    def _ask(self, place: int, length: int) -> int:
        request = (wire.CMD_READ, self._handle, wire.int64(place), length)
        number: int = self._session._async_request(self, *request)
        return number

    def _await(self, number: int) -> bytes:
        while number not in self._answers:
            self._session._read_response()
        return self._answers.pop(number)

    def _async_response(self, kind: int, message: Any, number: int) -> None:
        """Take an answer: paramiko calls this by its name."""
        if kind == wire.CMD_STATUS:
            with suppress(EOFError):
                self._session._convert_status(message)
            self._answers[number] = b""
        else:
            self._answers[number] = message.get_string()


def _entries(folder: str, message: Any) -> Iterator[Entry]:
    """Read one answer to a listing."""
    for _ in range(message.get_int()):
        name = message.get_string().decode("utf-8", "surrogateescape")
        message.get_string()  # what ``ls -l`` would show, which servers write as they like
        found = paramiko.SFTPAttributes._from_msg(message)
        if name not in (".", ".."):
            file = RemoteFile(found.st_mtime or 0, f"{folder}/{name}", found.st_size or 0)
            yield Entry(file, stat.S_ISREG(found.st_mode or 0))


def _encoded(path: str) -> bytes:
    return path.encode("utf-8", "surrogateescape")
