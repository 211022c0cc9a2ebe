"""The hours of the service: when it takes the files of each partner."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

from chorus_edi.domain.schedules import Window, window_of

if TYPE_CHECKING:
    from chorus_edi.domain.partners import Partners
    from chorus_edi.ports import Clock
    from chorus_edi.settings import Settings

_SOON = 1.0
"""Seconds at least before it is looked again whether they have begun."""


class Hours:
    """A partner's own part of the day, or that of all; no part set means all of the day."""

    def __init__(self, settings: Settings, partners: Partners, clock: Clock) -> None:
        text = settings.scan.fenetre
        self._all: Window | None = window_of(text) if text else None
        self._own = {code: one.hours for code, one in partners.by_code.items() if one.hours}
        self._clock = clock

    def open(self, partner: str) -> bool:
        """True where the files of a partner are taken now; ``partner`` may be known to nobody."""
        window = self._own.get(partner, self._all)
        return window is None or window.holds(self._clock.now())

    def closed(self) -> float:
        """Return the seconds until the next hours begin; infinite where all have begun."""
        windows = {one for one in (self._all, *self._own.values()) if one is not None}
        if not windows:
            return inf
        now = self._clock.now()
        opening = [one.opens(now) for one in windows if not one.holds(now)]
        return max(_SOON, (min(opening) - now).total_seconds()) if opening else inf
