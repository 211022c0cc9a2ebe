"""Events of the inbox: they only wake the scanner, whose listing is the truth."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from typing_extensions import override
from watchdog.events import FileSystemEventHandler
from watchdog.observers import Observer

from chorus_edi.adapters.mounts import network_type, read_mountinfo

if TYPE_CHECKING:
    from watchdog.events import FileSystemEvent

log = logging.getLogger(__name__)


@contextmanager
def watched(
    inbox: Path, wake: Callable[[], None], mountinfo: Callable[[], str] = read_mountinfo
) -> Iterator[None]:
    """Call ``wake`` at each change in an inbox, as long as this lasts.

    Not on a network file system: there the kernel tells what this machine changed, and nothing of
    what others do. A system that has no watches left tells nothing either; both only mean that
    files wait for the next look.

    Args:
        inbox: the folder, and those in it.
        wake: called from another thread.
        mountinfo: gives the text of ``/proc/self/mountinfo``.
    """
    if network_type(inbox.resolve(), mountinfo()) is not None:
        log.info("the inbox is on a network file system: it is looked at, not watched")
        yield
        return
    observer = Observer()
    observer.schedule(_Waking(wake), str(inbox), recursive=True)
    try:
        observer.start()
    except OSError as error:
        log.warning("the inbox cannot be watched, only looked at: %s", error)
        yield
        return
    try:
        yield
    finally:
        observer.stop()
        observer.join()


class _Waking(FileSystemEventHandler):
    """Wakes at what puts a file or a name in place; reading one changes nothing."""

    def __init__(self, wake: Callable[[], None]) -> None:
        self._wake = wake

    @override
    def on_any_event(self, event: FileSystemEvent) -> None:
        """Wake."""
        if event.event_type in ("created", "closed", "moved", "modified"):
            self._wake()
