"""The ``Sendings`` port over a database: what is pushed to partners' servers."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Engine, and_, or_, select, update

from chorus_edi.adapters.store.engine import writing
from chorus_edi.adapters.store.rows import chunks, upsert
from chorus_edi.adapters.store.running_tables import sending as rows
from chorus_edi.domain.transfers import Owed, SendState
from chorus_edi.ports.transfers import Lease

_FREE = {"owner": None, "until": None}


class SqlSendings:
    """Sendings on SQLite or PostgreSQL; what each verb promises is written in the port."""

    def __init__(self, engine: Engine) -> None:
        """``engine`` comes from ``open_engine`` and has the schema of this program."""
        self._engine = engine

    def owe(self, files: Collection[Owed], at: datetime) -> Mapping[Owed, SendState]:
        """Remember files to be sent: see the port."""
        if not files:
            return {}
        fresh = [
            {
                "server": one.server,
                "partner": one.partner,
                "name": one.name,
                "sha256": one.sha256,
                "state": SendState.A_ENVOYER,
                "since": at,
            }
            for one in files
        ]
        found: dict[Owed, SendState] = {}
        with writing(self._engine) as connection:
            connection.execute(upsert(connection, rows).on_conflict_do_nothing(), fresh)
            for chunk in chunks(sorted({one.name for one in files})):
                for row in connection.execute(select(rows).where(rows.c.name.in_(chunk))):
                    found[Owed(row.server, row.partner, row.name, row.sha256)] = row.state
        return {one: found[one] for one in files}

    def again(self, files: Collection[Owed]) -> None:
        """Forget that files were sent: see the port."""
        with writing(self._engine) as connection:
            for file in files:
                statement = update(rows).where(_same(file), rows.c.state == SendState.ENVOYE)
                connection.execute(statement.values(state=SendState.A_ENVOYER, sent_at=None))

    def hold(self, file: Owed, lease: Lease) -> SendState | None:
        """Hold a file: see the port."""
        statement = update(rows).where(
            _same(file),
            or_(rows.c.owner.is_(None), rows.c.owner == lease.owner, rows.c.until <= lease.at),
        )
        with writing(self._engine) as connection:
            held = statement.values(owner=lease.owner, until=lease.until).returning(rows.c.state)
            state: SendState | None = connection.execute(held).scalar_one_or_none()
            return state

    def let_go(self, file: Owed, owner: str) -> None:
        """Hold it no longer: see the port."""
        self._set(file, owner, **_FREE)

    def uploaded(self, file: Owed, owner: str) -> bool:
        """Record that it is there under a temporary name: see the port."""
        return self._set(file, owner, state=SendState.MONTE)

    def sent(self, file: Owed, at: datetime) -> None:
        """Record that it is there: see the port."""
        statement = update(rows).where(_same(file), rows.c.state != SendState.ENVOYE)
        with writing(self._engine) as connection:
            connection.execute(statement.values(state=SendState.ENVOYE, sent_at=at, **_FREE))

    def _set(self, file: Owed, owner: str, /, **values: Any) -> bool:
        """Change a row that its holder still holds; False where he does not."""
        own = update(rows).where(_same(file), rows.c.owner == owner)
        with writing(self._engine) as connection:
            return connection.execute(own.values(**values)).rowcount == 1


def _same(file: Owed) -> ColumnElement[bool]:
    return and_(
        rows.c.server == file.server,
        rows.c.partner == file.partner,
        rows.c.name == file.name,
        rows.c.sha256 == file.sha256,
    )
