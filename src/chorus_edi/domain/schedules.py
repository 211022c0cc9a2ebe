"""When things are to happen: cron lines, intervals and daily windows, in French legal time.

A cron line has the five fields of crontab(5): minute, hour, day of month, month, day of week (0 and
7 are Sunday). Its times are those of clocks in France. Of an hour that comes twice, the first is
meant, unless the line names every hour; a time that clocks skip happens one hour later.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeAlias

import msgspec

from chorus_edi.domain.legal_time import PARIS, paris

_DAY = timedelta(days=1)
_HOURS = 24
_HORIZON = 9 * 366
"""Days in which every cron line that ever happens does: 29 February may be eight years away."""

_FIELDS = (
    ("minute", 0, 59),
    ("heure", 0, 23),
    ("jour du mois", 1, 31),
    ("mois", 1, 12),
    ("jour de la semaine", 0, 7),
)
_PART = re.compile(r"(?:(\*)|([0-9]{1,2})(?:-([0-9]{1,2}))?)(?:/([0-9]{1,2}))?", re.ASCII)
_EVERY = re.compile(r"([1-9][0-9]{0,4}) ?(s|min|h)", re.ASCII)
_SECONDS = {"s": 1, "min": 60, "h": 3600}


class Cron(msgspec.Struct, frozen=True):
    """A cron line, read: the values that each field lets through.

    Attributes:
        text: as it was written.
        minutes: 0 to 59, ascending.
        hours: 0 to 23, ascending.
        days: of the month.
        months: 1 to 12.
        weekdays: 0 (Sunday) to 6.
        either: True where both kinds of day are restricted: one of them is then enough.
    """

    text: str
    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    either: bool

    def after(self, at: datetime) -> datetime:
        """Return the first time after an instant, in UTC."""
        day = paris(at).date() - _DAY
        for _ in range(_HORIZON):
            found = next((one for one in self._times(day) if one > at), None)
            if found is not None:
                return found
            day += _DAY
        raise AssertionError(self.text)

    def last(self, at: datetime) -> datetime:
        """Return the latest time that is not after an instant, in UTC."""
        day = paris(at).date() + _DAY
        for _ in range(_HORIZON):
            found = next((one for one in reversed(self._times(day)) if one <= at), None)
            if found is not None:
                return found
            day -= _DAY
        raise AssertionError(self.text)

    def between(self, first: datetime, last: datetime) -> Iterator[datetime]:
        """Yield the times from one instant on, before another, in order."""
        day = paris(first).date() - _DAY
        while day <= paris(last).date():
            yield from (one for one in self._times(day) if first <= one < last)
            day += _DAY

    def _times(self, day: date) -> Sequence[datetime]:
        """Return the times of a day of the calendar, in UTC, in order."""
        if not self._on(day):
            return ()
        folds = (0, 1) if len(self.hours) == _HOURS else (0,)
        local = (
            datetime.combine(day, time(hour, minute, fold=fold), PARIS)
            for hour in self.hours
            for minute in self.minutes
            for fold in folds
        )
        return sorted({one.astimezone(UTC) for one in local})

    def _on(self, day: date) -> bool:
        if day.month not in self.months:
            return False
        of_month, of_week = day.day in self.days, day.isoweekday() % 7 in self.weekdays
        return of_month or of_week if self.either else of_month and of_week


class Every(msgspec.Struct, frozen=True):
    """Again and again after so many seconds, counted from midnight of 1 January 1970, UTC."""

    text: str
    seconds: int

    def after(self, at: datetime) -> datetime:
        """Return the first time after an instant, in UTC."""
        return self.last(at) + timedelta(seconds=self.seconds)

    def last(self, at: datetime) -> datetime:
        """Return the latest time that is not after an instant, in UTC."""
        since = at - _EPOCH
        return at.astimezone(UTC) - since % timedelta(seconds=self.seconds)


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Schedule: TypeAlias = Cron | Every


class Window(msgspec.Struct, frozen=True):
    """A part of each day, in French legal time; it crosses midnight where it ends before it begins.

    Attributes:
        begin: first minute in it.
        end: first minute out of it.
    """

    begin: time
    end: time

    def holds(self, at: datetime) -> bool:
        """True where an instant is in it."""
        now = paris(at).time()
        if self.begin < self.end:
            return self.begin <= now < self.end
        return now >= self.begin or now < self.end

    def opens(self, at: datetime) -> datetime:
        """Return when it begins next, in UTC."""
        begun = f"{self.begin.minute} {self.begin.hour} * * *"
        return cron_of(begun).after(at)


def schedule_of(text: str) -> Schedule:
    """Read a cron line or an interval: ``30 s``, ``5 min``, ``1 h``.

    Raises:
        ValueError: neither; the message is a French sentence.
    """
    every = _EVERY.fullmatch(text.strip())
    if every is None:
        return cron_of(text)
    return Every(text.strip(), int(every[1]) * _SECONDS[every[2]])


def cron_of(text: str) -> Cron:
    """Read a cron line.

    Raises:
        ValueError: it is none, or never happens; the message is a French sentence.
    """
    fields = text.split()
    if len(fields) != len(_FIELDS):
        raise ValueError(
            f"{text!r} : cinq champs sont attendus (minute heure jour mois jour-de-semaine), "
            "par exemple « 0 22 * * 1-5 »"
        )
    minutes, hours, days, months, weekdays = (
        _values(field, *bounds) for field, bounds in zip(fields, _FIELDS, strict=True)
    )
    cron = Cron(
        text=" ".join(fields),
        minutes=tuple(sorted(minutes)),
        hours=tuple(sorted(hours)),
        days=days,
        months=months,
        weekdays=frozenset(day % 7 for day in weekdays),
        either="*" not in (fields[2], fields[4]),
    )
    if not _happens(cron):
        raise ValueError(f"{text!r} : cette date n'existe jamais")
    return cron


def _happens(cron: Cron) -> bool:
    # Any weekday meets any day of the month some day: only the month may be too short for it.
    return cron.either or any(day <= _LONGEST[month] for month in cron.months for day in cron.days)


_LONGEST = dict.fromkeys(range(1, 13), 31) | {2: 29, 4: 30, 6: 30, 9: 30, 11: 30}


def window_of(text: str) -> Window:
    """Read a window, ``20:00-06:00``.

    Raises:
        ValueError: it is none, or empty; the message is a French sentence.
    """
    begin, _, end = text.partition("-")
    try:
        window = Window(clock_time(begin), clock_time(end))
    except ValueError:
        raise ValueError(
            f"{text!r} : une plage est attendue, par exemple « 20:00-06:00 »"
        ) from None
    if window.begin == window.end:
        raise ValueError(f"{text!r} : cette plage est vide")
    return window


def clock_time(text: str) -> time:
    """Read a time of the day, ``07:00``.

    Raises:
        ValueError: it is none; the message is a French sentence.
    """
    if re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", text.strip(), re.ASCII) is None:
        raise ValueError(f"{text!r} : une heure est attendue, par exemple « 07:00 »")
    return time.fromisoformat(text.strip())


def _values(field: str, name: str, least: int, most: int) -> frozenset[int]:
    """Return the values that one field lets through."""
    values: set[int] = set()
    for part in field.split(","):
        match = _PART.fullmatch(part)
        if match is None:
            raise ValueError(f"{field!r} n'est pas un champ « {name} »")
        star, low, high, step = match.groups()
        begin = least if star else int(low)
        # As crontab(5): « 5/10 » goes on to the end, « 5 » is 5 alone.
        end = most if star or (step and not high) else int(high or low)
        if not (least <= begin <= end <= most) or step in ("0", "00"):
            raise ValueError(f"{field!r} : « {name} » va de {least} à {most}")
        values.update(range(begin, end + 1, int(step or 1)))
    return frozenset(values)
