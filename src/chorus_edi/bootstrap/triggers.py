"""When APScheduler wakes a task."""

from __future__ import annotations

from datetime import datetime, timedelta

from apscheduler.triggers.base import BaseTrigger
from typing_extensions import override

from chorus_edi.domain.schedules import Schedule

_AGAIN = timedelta(minutes=1)


class Wakes(BaseTrigger):  # type: ignore[misc] # the package ships no types
    """Fires at the times of a schedule, and each minute in between.

    A wake at which nothing is due costs nothing; one makes good what could not begin at its time,
    for want of its database.
    """

    __slots__ = ("_schedule",)

    def __init__(self, schedule: Schedule) -> None:
        self._schedule = schedule

    @override
    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime:
        """Return the first time after both."""
        at = max(previous_fire_time or now, now)
        return min(self._schedule.after(at), at + _AGAIN)
