"""Legal delays that the lifecycle waits for. Pure: an instant in, an instant out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from chorus_edi.domain.legal_time import midnight, paris

TACIT_DAYS = 15
"""Calendar days that a valideur has (facts chorus-pro 3.7: R.2193-12 and 13 CCP)."""


def tacit_at(arrived: datetime) -> datetime:
    """Return the instant, in UTC, from which an invoice counts as validated.

    The day on which the valideur received it does not count; the last of the fifteen that follow
    lasts until midnight. Days are those of Europe/Paris, whatever their length.
    """
    last = paris(arrived).date() + timedelta(days=TACIT_DAYS)
    return midnight(last + timedelta(days=1)).astimezone(UTC)
