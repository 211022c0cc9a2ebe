"""The events of the installation, as a list."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from chorus_edi.domain.operations import OPERATION_LABELS, Operation, OperationKind
from chorus_edi.ports.operations import Journal
from chorus_edi.services.rows import Row

COLUMNS = ("date", "genre", "libelle", "sujet", "detail", "notifie", "cle")


def rows(
    journal: Journal,
    *,
    genre: OperationKind | None = None,
    sujet: str | None = None,
    depuis: datetime | None = None,
) -> Iterator[Row]:
    """Yield one row per event, the newest first; ``depuis`` bounds its date, included."""
    for operation in reversed(journal.operations(kind=genre, subject=sujet, since=depuis)):
        yield row_of(operation)


def row_of(operation: Operation) -> Row:
    """Return the row of one event; keys are ``COLUMNS``."""
    return {
        "date": operation.at,
        "genre": operation.kind.value,
        "libelle": OPERATION_LABELS[operation.kind].fr,
        "sujet": operation.subject,
        "detail": operation.detail,
        "notifie": operation.notified_at,
        "cle": operation.key,
    }
