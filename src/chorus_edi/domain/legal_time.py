"""French legal time: what people read, and the day a deposit counts for."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")


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
