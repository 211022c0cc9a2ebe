"""Moments of a night, counted by what it does to the world: where a process may be told to die.

A *point* is one that the pipeline names (``crashpoints.POINTS``); the *gap* of a point is all that
happens from there to the next point, whichever that is. An *effect* is one operation on files or
one statement or commit of the database; a file is written in two halves, with a moment between.
Nothing of it is known to the program: the operations themselves are wrapped, in a process that was
made to die.
"""

from __future__ import annotations

import builtins
import io
import os
import signal
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from functools import wraps
from pathlib import Path
from types import FrameType
from typing import Any, NamedTuple

import chorus_edi
from chorus_edi.pipeline.crashpoints import POINTS

BEGIN = "begin"
"""The gap before the first point: a first start, or what a run does after a crash."""

GAPS = (BEGIN, *POINTS)
WORKER = "worker"
"""What a worker does between a document and its answer."""

ANYWHERE = "anywhere"
ANY = "any"
"""Any place, any effect."""

_FILES = ("rename", "replace", "link", "mkdir", "rmdir", "unlink", "remove", "utime", "truncate")
_STATEMENTS = ("do_execute", "do_executemany", "do_execute_no_params")
_CHANGES = frozenset({"INSERT", "UPDATE", "DELETE", "CREATE", "DROP", "ALTER"})
_PROGRAM = str(Path(chorus_edi.__file__).parent)
_MECHANICS = ("files/disk.py", "store/engine.py", "store/rows.py")
"""Modules whose caller says more than they do."""

_kill, _getpid, _unlink = os.kill, os.getpid, os.unlink
_open, _write, _close = os.open, os.write, os.close


class Moment(NamedTuple):
    """The n-th passage of a point, or the n-th effect of one kind in its gaps, before it happens.

    Written ``taken``, ``taken:2``, ``taken>rename flows.take``, ``taken>rename:2``, ``taken>any``.
    """

    point: str
    effect: str = ""
    nth: int = 1

    @classmethod
    def read(cls, text: str) -> Moment:
        where, _, nth = text.partition(":")
        point, _, effect = where.partition(">")
        if point not in (*GAPS, WORKER, ANYWHERE):
            raise ValueError(text)
        return cls(point, effect, int(nth or 1))

    def __str__(self) -> str:
        effect = f">{self.effect}" if self.effect else ""
        return f"{self.point}{effect}:{self.nth}"


class Watch:
    """Follows what its process does; kills it at the first of the moments wished for.

    Args:
        moments: when to die.
        deaths: file that a line is added to by whoever dies.
        tokens: folder with one file per moment; who removes the file is the one who dies. Without
            it the moment is this process's alone.
        point: where it begins.
    """

    def __init__(
        self,
        moments: Iterable[Moment],
        deaths: Path,
        *,
        tokens: Path | None = None,
        point: str = BEGIN,
    ) -> None:
        self._moments = frozenset(moments)
        self._deaths = deaths
        self._tokens = tokens
        self._point = point
        self._passed: Counter[tuple[str, str]] = Counter()
        self.seen: list[tuple[str, str]] = []

    def reach(self, point: str) -> None:
        """Take note of a point."""
        self._point = point
        self._note(point, "", "")

    def effect(self, kind: str) -> None:
        """Take note of an effect that is about to happen, at the place where the program is."""
        self.step(f"{kind} {_site()}".rstrip(), kind)

    def step(self, effect: str, kind: str = "") -> None:
        """Take note of something that bears its whole name."""
        for point in (self._point, ANYWHERE):
            for known in filter(None, (effect, kind, ANY)):
                self._note(point, known, effect)

    def _note(self, point: str, known: str, effect: str) -> None:
        self._passed[point, known] += 1
        if known == effect and point != ANYWHERE:
            self.seen.append((point, effect))
        moment = Moment(point, known, self._passed[point, known])
        if moment in self._moments and self._is_ours(moment):
            self._die(moment, effect)

    def _is_ours(self, moment: Moment) -> bool:
        if self._tokens is None:
            return True
        try:
            _unlink(self._tokens / token(moment))
        except FileNotFoundError:
            return False
        return True

    def _die(self, moment: Moment, effect: str) -> None:
        line = f"{self._point}\t{effect}\t{moment}\n"
        descriptor = _open(self._deaths, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        _write(descriptor, line.encode())
        _close(descriptor)
        _kill(_getpid(), signal.SIGKILL)


def token(moment: Moment) -> str:
    """Return the name of the file that stands for a moment."""
    return str(moment).replace("/", "-")


def watch_files(effect: Callable[[str], None]) -> None:
    """Wrap every operation on files of this process."""
    for name in (*_FILES, "fsync"):
        setattr(os, name, _told(getattr(os, name), name, effect))
    opened = _opening(io.open, effect)
    setattr(io, "open", opened)  # noqa: B010 -- what pathlib calls
    setattr(builtins, "open", opened)  # noqa: B010


def watch_database(effect: Callable[[str], None]) -> None:
    """Wrap every statement that writes, and its commit."""
    from sqlalchemy.engine.default import DefaultDialect as Dialect

    wrote = False

    def telling(done: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(done)
        def told(dialect: Any, cursor: Any, statement: str, *rest: Any) -> Any:
            nonlocal wrote
            words = statement.split(None, 4)
            if words and words[0].upper() in _CHANGES:
                wrote = True
                effect(_shown(words))
            return done(dialect, cursor, statement, *rest)

        return told

    def do_commit(dialect: Any, connection: Any) -> None:
        nonlocal wrote
        if wrote:
            effect("COMMIT")
        wrote = False
        committed(dialect, connection)

    for name in _STATEMENTS:
        setattr(Dialect, name, telling(getattr(Dialect, name)))
    committed = Dialect.do_commit
    setattr(Dialect, "do_commit", do_commit)  # noqa: B010


def _shown(words: list[str]) -> str:
    verb = words[0].upper()
    if verb not in ("INSERT", "UPDATE", "DELETE"):
        return verb
    return f"{verb} {words[2] if verb in ('INSERT', 'DELETE') else words[1]}"


def _told(done: Callable[..., Any], kind: str, effect: Callable[[str], None]) -> Callable[..., Any]:
    @wraps(done)
    def telling(*arguments: Any, **named: Any) -> Any:
        effect(kind)
        return done(*arguments, **named)

    return telling


def _opening(opened: Callable[..., Any], effect: Callable[[str], None]) -> Callable[..., Any]:
    class Torn(io.FileIO):
        """A file whose every write may be cut in its middle."""

        def write(self, content: Any, /) -> int:
            effect("write")
            half = len(content) // 2
            done = super().write(content[:half])
            effect("write on")
            return done + super().write(content[half:])

    @wraps(opened)
    def open_(file: Any, mode: str = "r", buffering: int = -1, *rest: Any, **named: Any) -> Any:
        if isinstance(file, int) or not set(mode) & set("wxa+"):
            return opened(file, mode, buffering, *rest, **named)
        effect("open")
        if buffering == 0:
            return Torn(file, mode.replace("b", ""))
        return opened(file, mode, buffering, *rest, **named)

    return open_


def _site() -> str:
    """Return the function of the program that is at work: ``flows.take``."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        path = frame.f_code.co_filename
        if path.startswith(_PROGRAM) and not path.endswith(_MECHANICS):
            return f"{Path(path).stem}.{frame.f_code.co_name}"
        frame = frame.f_back
    return ""
