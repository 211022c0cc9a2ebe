"""French legal time: what people read, and the day a deposit counts for."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")

_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ].+)?")


def day_of(text: str) -> date:
    """Read a day, ``AAAA-MM-JJ`` and nothing else of ISO 8601.

    Raises:
        ValueError: not a day, or one that no calendar of ours holds in every time zone.
    """
    day = date.fromisoformat(_checked(text))
    instant_of(text)
    return day


def instant_of(text: str) -> datetime:
    """Read a day (from its first minute in Paris) or an instant, of Paris unless it says its zone.

    Raises:
        ValueError: neither, or one that no calendar of ours holds in every time zone.
    """
    read = datetime.fromisoformat(_checked(text))
    at = read if read.tzinfo else read.replace(tzinfo=PARIS)
    try:
        at.astimezone(UTC)
    except OverflowError as error:
        raise ValueError(f"out of the calendar: {text!r}") from error
    return at


def midnight(day: date) -> datetime:
    """Return the first minute of a day in Paris."""
    return datetime.combine(day, time(), PARIS)


def _checked(text: str) -> str:
    if _INSTANT.fullmatch(text) is None:
        raise ValueError(f"not a date: {text!r}")
    return text


def paris(at: datetime) -> datetime:
    """Return the same instant in Europe/Paris; ``at`` is aware."""
    return at.astimezone(PARIS)


def iso(at: datetime) -> str:
    """Write an instant for programs: ISO 8601 to the second, Paris time with its offset."""
    return paris(at).isoformat(timespec="seconds")


def short(at: datetime) -> str:
    """Write an instant for people: ``21/11/2026 07:42``, Paris time."""
    return f"{paris(at):%d/%m/%Y %H:%M}"


def with_offset(at: datetime) -> str:
    """Write an instant for a report that may be read elsewhere: short form and offset."""
    offset = f"{paris(at):%z}"
    return f"{paris(at):%d/%m/%Y %H:%M:%S} (UTC{offset[:3]}:{offset[3:]})"
