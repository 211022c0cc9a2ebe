"""How long things are kept: spans of days or years, and the instant before which they are over."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import msgspec

from chorus_edi.domain.legal_time import midnight, paris

_SPAN = re.compile(r"([1-9][0-9]{0,3}) (jours?|ans?)")
_FOR_EVER = "toujours"


class Span(msgspec.Struct, frozen=True):
    """How long something is kept; neither days nor years: for ever."""

    days: int = 0
    years: int = 0

    def before(self, now: datetime) -> datetime | None:
        """Return the instant before which the span is over, the first minute of a day in Paris.

        Whole days: what happened on a day is kept until that day is over, so many days or years
        later. None: it never is over.
        """
        if not (self.days or self.years):
            return None
        today = paris(now).date()
        if self.years:
            # From 29 February on: the 28th is over sooner, and what is kept a day longer is kept.
            day = min(today.day, 28) if today.month == 2 else today.day
            today = today.replace(year=today.year - self.years, day=day)
        return midnight(today - timedelta(days=self.days))


def span_of(text: str) -> Span:
    """Read ``10 ans``, ``30 jours`` or ``toujours``.

    Raises:
        ValueError: none of those.
    """
    if text == _FOR_EVER:
        return Span()
    found = _SPAN.fullmatch(text)
    if found is None:
        raise ValueError(f"not a span: {text!r}")
    count = int(found[1])
    if found[2].startswith("an"):
        if count > 999:
            raise ValueError(f"not a span: {text!r}")
        return Span(years=count)
    return Span(days=count)
