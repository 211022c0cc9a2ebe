"""A clock that is moved by hand, for what happens at certain times."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from chorus_edi.domain.legal_time import PARIS


class HandClock:
    """Stands still until it is moved; implements ``ports.Clock``."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def forward(self, **passed: float) -> None:
        self.at += timedelta(**passed)


def local(text: str) -> datetime:
    """Return a time of Paris, ``2026-11-21T22:00``, in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=PARIS).astimezone(UTC)
