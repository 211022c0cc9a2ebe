"""The ``Servers`` port over a database: failures of partners' servers, for every process."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, Row, select, update

from chorus_edi.adapters.store.engine import reading, writing
from chorus_edi.adapters.store.rows import upsert
from chorus_edi.adapters.store.running_tables import server_health as rows
from chorus_edi.domain.transfers import Health, Lane


class SqlServers:
    """Health of servers on SQLite or PostgreSQL; what each verb promises is written in the port."""

    def __init__(self, engine: Engine) -> None:
        """``engine`` comes from ``open_engine`` and has the schema of this program."""
        self._engine = engine

    def health(self) -> Sequence[Health]:
        """Return what is known: see the port."""
        statement = select(rows).order_by(rows.c.server, rows.c.lane)
        with reading(self._engine) as connection:
            return [_health(row) for row in connection.execute(statement)]

    def failed(
        self,
        server: str,
        lane: Lane,
        reason: str,
        at: datetime,
        judged: Callable[[int], tuple[timedelta, bool]],
    ) -> Health:
        """Count a failure: see the port."""
        key = {"server": server, "lane": lane}
        first = {"failures": 0, "outage": 1, "down": False, "reason": ""}
        own = (rows.c.server == server, rows.c.lane == lane)
        with writing(self._engine) as connection:
            fresh = upsert(connection, rows).values(**key, **first)
            connection.execute(fresh.on_conflict_do_nothing())
            row = connection.execute(select(rows).where(*own).with_for_update()).one()
            rest, down = judged(row.failures + 1)
            changed = update(rows).where(*own)
            values = changed.values(
                failures=row.failures + 1,
                since=row.since or at,
                retry_at=at + rest,
                down=row.down or down,
                reason=reason,
            )
            return _health(connection.execute(values.returning(*rows.c)).one())

    def worked(self, server: str, lane: Lane) -> None:
        """Record that a lane works: see the port."""
        failing = update(rows).where(
            rows.c.server == server, rows.c.lane == lane, rows.c.failures > 0
        )
        with writing(self._engine) as connection:
            connection.execute(
                failing.values(
                    failures=0,
                    outage=rows.c.outage + 1,
                    since=None,
                    retry_at=None,
                    down=False,
                    reason="",
                )
            )


def _health(row: Row[Any]) -> Health:
    return Health(
        server=row.server,
        lane=row.lane,
        failures=row.failures,
        outage=row.outage,
        since=row.since,
        retry_at=row.retry_at,
        down=row.down,
        reason=row.reason,
    )
