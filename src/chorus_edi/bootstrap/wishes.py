"""What the system and the operator ask of a service that is up, by signals and by events."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from chorus_edi.errors import Incident

_TOGETHER = 0.5
"""Seconds in which more events are awaited: a large file that is written gives hundreds."""


class Wishes:
    """SIGTERM and SIGINT: stop; SIGHUP: reload; an event in the inbox: look again.

    Attributes:
        stop: no more flows are to be begun.
        reload: partners and directory are to be read anew.
        wake: there is something to do before the interval is over.
    """

    def __init__(self) -> None:
        self.stop = threading.Event()
        self.reload = threading.Event()
        self.wake = threading.Event()

    def pause(self, seconds: float) -> None:
        """Wait so long; only the wish to stop is a reason to end sooner."""
        self.stop.wait(seconds)

    def wait(self, seconds: float) -> None:
        """Wait until something is asked for, at most so long; events that come at once are one."""
        if self.wake.wait(seconds):
            self.stop.wait(_TOGETHER)
        self.wake.clear()

    @contextmanager
    def heeded(self, patience: int) -> Iterator[None]:
        """Listen to the signals as long as this lasts.

        Args:
            patience: seconds from the wish to stop after which what was begun is dropped; the next
                run finishes it. 0 waits for as long as it takes.
        """

        def late(*_: object) -> None:
            raise Incident(
                "arrêt demandé : le délai est passé, les flux commencés seront repris au prochain "
                "lancement"
            )

        def stop(*_: object) -> None:
            self._ask(self.stop)
            signal.alarm(patience)

        handlers: dict[signal.Signals, Callable[[int, FrameType | None], None]] = {
            signal.SIGTERM: stop,
            signal.SIGINT: stop,
            signal.SIGHUP: lambda *_: self._ask(self.reload),
            signal.SIGALRM: late,
        }
        before = {number: signal.signal(number, handler) for number, handler in handlers.items()}
        try:
            yield
        finally:
            signal.alarm(0)
            for number, handler in before.items():
                signal.signal(number, handler)

    def _ask(self, wish: threading.Event) -> None:
        wish.set()
        self.wake.set()
