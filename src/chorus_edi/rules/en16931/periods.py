"""How periods are judged: the end is not before the start (BR-29 and BR-30)."""

from __future__ import annotations

from typing import Any

from chorus_edi.rules.registry import Breach
from chorus_edi.rules.text import every

_DAY = 10


def ends_before_it_starts(term: str, period: Any) -> Breach | None:
    """Say at ``term`` that a period ends before it starts; it has both dates."""
    # A date may be followed by a time zone; which hour it begins at then decides nothing here.
    if period.end[:_DAY] >= period.start[:_DAY]:
        return None
    return Breach(term, found=period.end)


def ends_before_it_starts_in_cii(term: str, period: Any) -> Breach | None:
    """The same where only dates of format 102 count, and some pair of several is enough."""
    starts, ends = _days(period, "start"), _days(period, "end")
    if any(end >= start for end in ends for start in starts):
        return None
    return Breach(term, found=period.end)


def _days(period: Any, field: str) -> tuple[str, ...]:
    """Return the dates as they are written, in eight digits."""
    odd = period.odd.get(field) if period.odd is not None else None
    if odd is not None and odd.format is not None:
        return ()
    first, *further = (day.replace("-", "") for day in every(period, field))
    if odd is not None and odd.written is not None:
        first = odd.written
    return (first, *further)
