"""The streams of a command: what goes to a pipe, and progress that only a terminal sees."""

# ruff: noqa: PLC0415 - heavy imports wait until the command runs: --help must stay quick

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from rich.progress import Progress, ProgressColumn

Advance: TypeAlias = Callable[[int, int], None]
"""Called with two counts: done and in all, or what a tally counts."""

BROKEN_PIPE = 141
"""Exit code of a program whose reader left (128 + SIGPIPE), as shells know it."""


def prepare_streams() -> None:
    r"""Make output to a pipe UTF-8 whatever the locale, and no text impossible to write.

    A lone surrogate (a file name that is not UTF-8) leaves as ``\udcff``, which JSON reads back.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            encoding = stream.encoding if stream.isatty() else "utf-8"
            stream.reconfigure(encoding=encoding, errors="backslashreplace")


def forget_stdout() -> None:
    """Point the standard output at nothing, so that the interpreter's last flush is quiet."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, sys.stdout.fileno())
    os.close(nothing)


@contextmanager
def progress(label: str, *, beside_output: bool = False) -> Iterator[Advance | None]:
    """Show a bar on the error stream where that is a terminal; else give None.

    Args:
        label: what is going on, French.
        beside_output: results are printed meanwhile; on the same terminal they are the progress.
    """
    if not sys.stderr.isatty() or (beside_output and sys.stdout.isatty()):
        yield None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn

    with _shown(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()) as bar:
        task = bar.add_task(label, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


@contextmanager
def tally(label: str, first: str, second: str) -> Iterator[Advance | None]:
    """Show two counts that grow, where nobody knows how far; else give None.

    Args:
        label: what is going on, French.
        first: what the first count counts.
        second: what the second one counts.
    """
    if not sys.stderr.isatty():
        yield None
        return
    from rich.progress import SpinnerColumn, TextColumn

    with _shown(SpinnerColumn(), TextColumn("{task.description}")) as bar:
        task = bar.add_task(label, total=None)
        yield lambda one, two: bar.update(
            task, description=f"{label} : {one} {first}, {two} {second}"
        )


def _shown(*columns: ProgressColumn) -> Progress:
    """Return a display that leaves no trace and touches neither output nor error stream."""
    from rich.console import Console
    from rich.progress import Progress, TimeElapsedColumn

    return Progress(
        *columns,
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
    )
