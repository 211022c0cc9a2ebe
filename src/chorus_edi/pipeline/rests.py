"""Which flows wait because the environment failed for them, and for how long.

A flow that cannot go on is not begun again at every look at the inbox: each failure doubles its
rest. Nothing of this outlives the process, so a new run tries everything at once.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import NamedTuple

from chorus_edi.domain.flux import Flux

FIRST, LONGEST = 60.0, 1800.0
"""Seconds of the first rest, and of the longest."""


class _Rest(NamedTuple):
    path: str | None
    seconds: float
    until: float


class Rests:
    """The flows that rest.

    Args:
        now: seconds of a clock that only goes forward.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._rests: dict[str, _Rest] = {}

    def put(self, flux: Flux, *, taken: bool) -> None:
        """Let a flow rest, twice as long as the last time; ``taken``: its file left the inbox."""
        before = self._rests.get(flux.numero_flux)
        seconds = min(2 * before.seconds, LONGEST) if before else FIRST
        path = None if taken else flux.chemin
        self._rests[flux.numero_flux] = _Rest(path, seconds, self._now() + seconds)

    def over(self, numero_flux: str) -> bool:
        """True where a flow may be tried: it never failed, or has rested long enough."""
        rest = self._rests.get(numero_flux)
        return rest is None or rest.until <= self._now()

    def end(self, numero_flux: str) -> None:
        """Forget a flow that went on."""
        self._rests.pop(numero_flux, None)

    def paths(self) -> frozenset[str]:
        """Return the recorded paths of files that could not be taken out of the inbox."""
        return frozenset(rest.path for rest in self._rests.values() if rest.path is not None)
