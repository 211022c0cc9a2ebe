"""The ``Fetches`` port over a database: what is fetched from partners' servers."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Row, and_, delete, func, or_, select
from sqlalchemy import update as updating

from chorus_edi.adapters.store.engine import reading, writing
from chorus_edi.adapters.store.rows import chunks, upsert
from chorus_edi.adapters.store.running_tables import fetched as rows
from chorus_edi.adapters.store.tables import flux
from chorus_edi.domain.transfers import Fetch, FetchState, RemoteFile
from chorus_edi.ports.transfers import Lease

_FREE = {"owner": None, "until": None}


class SqlFetches:
    """Fetches on SQLite or PostgreSQL; what each verb promises is written in the port."""

    def __init__(self, engine: Engine) -> None:
        """``engine`` comes from ``open_engine`` and has the schema of this program."""
        self._engine = engine

    def look(
        self, source: str, listed: Collection[RemoteFile], at: datetime
    ) -> Mapping[RemoteFile, Fetch]:
        """Remember a listing: see the port."""
        with writing(self._engine) as connection:
            _forget_gone(connection, source, set(listed), at)
            _end_gone(connection, source, set(listed))
            known = _known(connection, source, listed)
            _add(connection, source, [one for one in listed if one not in known], at)
            back = [file for file, one in known.items() if one.state is FetchState.TERMINE]
            for file in back:
                again = updating(rows).where(_same(source, file))
                connection.execute(again.values(state=FetchState.DEPOSE))
            return _known(connection, source, listed)

    def coming(self, source: str) -> Sequence[Fetch]:
        """Return what is on its way: see the port."""
        statement = select(rows).where(
            rows.c.source == source,
            rows.c.state.in_((FetchState.VU, FetchState.TELECHARGE)),
        )
        with reading(self._engine) as connection:
            ordered = statement.order_by(rows.c.modified, rows.c.path)
            return [_fetch(row) for row in connection.execute(ordered)]

    def hold(self, fetch: Fetch, lease: Lease) -> Fetch | None:
        """Hold a file: see the port."""
        held = updating(rows).where(
            _same(fetch.source, fetch.file),
            rows.c.state != FetchState.TERMINE,
            or_(rows.c.owner.is_(None), rows.c.owner == lease.owner, rows.c.until <= lease.at),
        )
        with writing(self._engine) as connection:
            values = held.values(owner=lease.owner, until=lease.until).returning(*rows.c)
            row = connection.execute(values).one_or_none()
            return None if row is None else _fetch(row)

    def let_go(self, fetch: Fetch, owner: str) -> None:
        """Hold it no longer: see the port."""
        self._set(fetch, owner, **_FREE)

    def received(self, fetch: Fetch, lease: Lease, count: int) -> bool:
        """Record progress: see the port."""
        return self._set(fetch, lease.owner, received=count, until=lease.until)

    def downloaded(self, fetch: Fetch, owner: str, sha256: str, local: str) -> bool:
        """Record that a file is here: see the port."""
        last = select(func.coalesce(func.max(flux.c.sequence), 0)).scalar_subquery()
        return self._set(
            fetch,
            owner,
            state=FetchState.TELECHARGE,
            received=fetch.file.size,
            sha256=sha256,
            local=local,
            after=last,
        )

    def lost(self, fetch: Fetch, owner: str) -> None:
        """Record that what was here is gone: see the port."""
        nothing: dict[str, Any] = {"sha256": None, "local": None, "after": None, "received": 0}
        self._set(fetch, owner, state=FetchState.VU, **nothing, **_FREE)

    def placed(self, fetch: Fetch, owner: str) -> bool:
        """Record that a file is in the inbox: see the port."""
        return self._set(fetch, owner, state=FetchState.DEPOSE)

    def ended(self, fetch: Fetch) -> None:
        """Record that a file was taken away: see the port."""
        statement = updating(rows).where(
            _same(fetch.source, fetch.file), rows.c.state == FetchState.DEPOSE
        )
        with writing(self._engine) as connection:
            connection.execute(statement.values(state=FetchState.TERMINE, **_FREE))

    def taken(self, fetch: Fetch) -> bool:
        """Tell whether a flow was made of it: see the port."""
        later = select(flux.c.sequence).where(
            flux.c.chemin == fetch.local, flux.c.sequence > fetch.after
        )
        with reading(self._engine) as connection:
            return connection.execute(later.limit(1)).one_or_none() is not None

    def forget(self, source: str, before: datetime) -> int:
        """Forget what is over: see the port."""
        statement = delete(rows).where(
            rows.c.source == source, rows.c.state == FetchState.TERMINE, rows.c.since < before
        )
        with writing(self._engine) as connection:
            return connection.execute(statement).rowcount

    def counted(self) -> Mapping[tuple[str, FetchState], int]:
        """Count files: see the port."""
        statement = select(rows.c.source, rows.c.state, func.count()).group_by(
            rows.c.source, rows.c.state
        )
        with reading(self._engine) as connection:
            return {
                (source, state): count for source, state, count in connection.execute(statement)
            }

    def _set(self, fetch: Fetch, owner: str, /, **values: Any) -> bool:
        """Change a row that its holder still holds; False where he does not."""
        own = updating(rows).where(_same(fetch.source, fetch.file), rows.c.owner == owner)
        with writing(self._engine) as connection:
            return connection.execute(own.values(**values)).rowcount == 1


def _same(source: str, file: RemoteFile) -> ColumnElement[bool]:
    return and_(
        rows.c.source == source,
        rows.c.path == file.path,
        rows.c.size == file.size,
        rows.c.modified == file.modified,
    )


def _forget_gone(
    connection: Connection, source: str, listed: set[RemoteFile], at: datetime
) -> None:
    """Forget what was only seen and is not listed any more, but not what somebody is fetching."""
    only_seen = and_(
        rows.c.source == source,
        rows.c.state == FetchState.VU,
        or_(rows.c.owner.is_(None), rows.c.until <= at),
    )
    columns = select(rows.c.modified, rows.c.path, rows.c.size)
    seen = {RemoteFile(*row) for row in connection.execute(columns.where(only_seen))}
    for chunk in chunks(sorted({gone.path for gone in seen - listed})):
        connection.execute(delete(rows).where(only_seen, rows.c.path.in_(chunk)))


def _end_gone(connection: Connection, source: str, listed: set[RemoteFile]) -> None:
    """End what is in the inbox and not on the server any more: its removal was not recorded."""
    here = select(rows.c.modified, rows.c.path, rows.c.size).where(
        rows.c.source == source, rows.c.state == FetchState.DEPOSE
    )
    for gone in {RemoteFile(*row) for row in connection.execute(here)} - listed:
        over = updating(rows).where(_same(source, gone), rows.c.state == FetchState.DEPOSE)
        connection.execute(over.values(state=FetchState.TERMINE, **_FREE))


def _known(
    connection: Connection, source: str, listed: Iterable[RemoteFile]
) -> dict[RemoteFile, Fetch]:
    """Return the rows of a listing: some questions for all of it, not one per file."""
    wanted = set(listed)
    found: dict[RemoteFile, Fetch] = {}
    for chunk in chunks(sorted({one.path for one in wanted})):
        statement = select(rows).where(rows.c.source == source, rows.c.path.in_(chunk))
        fetches = map(_fetch, connection.execute(statement))
        found.update({one.file: one for one in fetches if one.file in wanted})
    return found


def _add(connection: Connection, source: str, fresh: Sequence[RemoteFile], at: datetime) -> None:
    if not fresh:
        return
    values = [
        {
            "source": source,
            "path": one.path,
            "size": one.size,
            "modified": one.modified,
            "state": FetchState.VU,
            "since": at,
            "received": 0,
        }
        for one in fresh
    ]
    # Another process may look at the same server.
    connection.execute(upsert(connection, rows).on_conflict_do_nothing(), values)


def _fetch(row: Row[Any]) -> Fetch:
    return Fetch(
        source=row.source,
        file=RemoteFile(row.modified, row.path, row.size),
        state=row.state,
        since=row.since,
        received=row.received,
        sha256=row.sha256,
        local=row.local,
        after=row.after,
    )
