"""The ``Journal`` port over a database: events of the installation, and runs of its tasks."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, Row, func, select, text, update

from chorus_edi.adapters.store.engine import reading, writing
from chorus_edi.adapters.store.rows import upsert
from chorus_edi.adapters.store.running_tables import operation as events
from chorus_edi.adapters.store.running_tables import task_run
from chorus_edi.domain.operations import Operation, OperationKind
from chorus_edi.ports.operations import TaskRun


class SqlJournal:
    """Events and runs on SQLite or PostgreSQL; what each verb promises is written in the port."""

    def __init__(self, engine: Engine) -> None:
        """``engine`` comes from ``open_engine`` and has the schema of this program."""
        self._engine = engine

    def signal(self, operation: Operation) -> bool:
        """Record an event: see the port."""
        with writing(self._engine) as connection:
            if connection.dialect.name == "postgresql":
                # Tasks signal from threads of their own: two would read the same last number.
                connection.execute(text(f"LOCK TABLE {events.name} IN EXCLUSIVE MODE"))
            last = select(func.coalesce(func.max(events.c.sequence), 0) + 1).scalar_subquery()
            statement = (
                upsert(connection, events)
                .values(
                    sequence=last,
                    key=operation.key,
                    kind=operation.kind,
                    subject=operation.subject,
                    detail=operation.detail,
                    at=operation.at,
                    notified_at=operation.notified_at,
                )
                .on_conflict_do_nothing(index_elements=["key"])
                .returning(events.c.key)
            )
            return connection.execute(statement).one_or_none() is not None

    def operations(
        self,
        *,
        kind: OperationKind | None = None,
        subject: str | None = None,
        since: datetime | None = None,
        pending: bool = False,
    ) -> Sequence[Operation]:
        """Return events, oldest first: see the port."""
        statement = select(events).order_by(events.c.sequence)
        if kind is not None:
            statement = statement.where(events.c.kind == kind)
        if subject is not None:
            statement = statement.where(events.c.subject == subject)
        if since is not None:
            statement = statement.where(events.c.at >= since)
        if pending:
            statement = statement.where(events.c.notified_at.is_(None))
        with reading(self._engine) as connection:
            return [_operation_of(row) for row in connection.execute(statement)]

    def latest(self, kinds: Collection[OperationKind]) -> Mapping[str, Operation]:
        """Return the last event of each subject: see the port."""
        last = select(func.max(events.c.sequence)).where(events.c.kind.in_(kinds))
        statement = select(events).where(events.c.sequence.in_(last.group_by(events.c.subject)))
        with reading(self._engine) as connection:
            return {row.subject: _operation_of(row) for row in connection.execute(statement)}

    def notified(self, key: str, at: datetime) -> None:
        """Record that somebody was told: see the port."""
        statement = update(events).where(events.c.key == key, events.c.notified_at.is_(None))
        with writing(self._engine) as connection:
            connection.execute(statement.values(notified_at=at))

    def began(self, task: str, due: datetime, at: datetime) -> None:
        """Record that a task begins: see the port."""
        fresh = {"due": due, "began": at, "ended": None, "result": ""}
        with writing(self._engine) as connection:
            statement = upsert(connection, task_run).values(task=task, **fresh)
            connection.execute(statement.on_conflict_do_update(index_elements=["task"], set_=fresh))

    def ended(self, task: str, at: datetime, result: str) -> None:
        """Record how a run ended: see the port."""
        statement = update(task_run).where(task_run.c.task == task)
        with writing(self._engine) as connection:
            connection.execute(statement.values(ended=at, result=result))

    def runs(self) -> Mapping[str, TaskRun]:
        """Return the last runs: see the port."""
        with reading(self._engine) as connection:
            rows = connection.execute(select(task_run).order_by(task_run.c.task))
            return {
                row.task: TaskRun(due=row.due, began=row.began, ended=row.ended, result=row.result)
                for row in rows
            }


def _operation_of(row: Row[Any]) -> Operation:
    return Operation(
        key=row.key,
        kind=row.kind,
        subject=row.subject,
        detail=row.detail,
        at=row.at,
        notified_at=row.notified_at,
    )
