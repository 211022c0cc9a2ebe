"""What running the installation needs to remember: its events, and when its tasks ran."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from chorus_edi.domain.operations import Operation, OperationKind


class TaskRun(msgspec.Struct, frozen=True, kw_only=True):
    """The last run of a task.

    Attributes:
        due: the time it was planned for, which it settled.
        began: when it began, aware, UTC.
        ended: when it ended; None where it runs, or died running.
        result: one French sentence; empty until it ends.
    """

    due: datetime
    began: datetime
    ended: datetime | None = None
    result: str = ""


class Journal(Protocol):
    """Durable memory of the installation; one transaction per verb, and safe to repeat."""

    def signal(self, operation: Operation) -> bool:
        """Record an event; False where one of its key is recorded already (nothing is changed)."""
        ...

    def operations(
        self,
        *,
        kind: OperationKind | None = None,
        subject: str | None = None,
        since: datetime | None = None,
        pending: bool = False,
    ) -> Sequence[Operation]:
        """Return events, oldest first; ``pending``: those that nobody was told of."""
        ...

    def latest(self, kinds: Collection[OperationKind]) -> Mapping[str, Operation]:
        """Return the last event among some kinds, by subject: what is open, and what is over."""
        ...

    def notified(self, key: str, at: datetime) -> None:
        """Record that whoever runs the installation was told of an event."""
        ...

    def began(self, task: str, due: datetime, at: datetime) -> None:
        """Record that a task begins its run of a planned time."""
        ...

    def ended(self, task: str, at: datetime, result: str) -> None:
        """Record how the run of a task ended."""
        ...

    def runs(self) -> Mapping[str, TaskRun]:
        """Return the last run of every task, by name."""
        ...
