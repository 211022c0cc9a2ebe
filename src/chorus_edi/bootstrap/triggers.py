"""A schedule of the domain as a trigger of APScheduler."""

from __future__ import annotations

from datetime import datetime

from apscheduler.triggers.base import BaseTrigger
from typing_extensions import override

from chorus_edi.domain.schedules import Schedule


class Times(BaseTrigger):  # type: ignore[misc] # the package ships no types
    """Fires at the times of a schedule."""

    __slots__ = ("_schedule",)

    def __init__(self, schedule: Schedule) -> None:
        self._schedule = schedule

    @override
    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime:
        """Return the first time after both."""
        return self._schedule.after(max(previous_fire_time or now, now))
