"""Remembers files of the inbox that are not whole yet, from one run to the next.

Every function runs inside the transaction of its caller.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import Connection, delete, select

from chorus_edi.adapters.store.rows import add, chunks
from chorus_edi.adapters.store.tables import sighting
from chorus_edi.domain.flux import Sighting


def sighted(
    connection: Connection, files: Collection[Sighting], at: datetime
) -> Mapping[str, datetime]:
    """Remember just these files; return since when each looks as it does now, by path."""
    rows = connection.execute(select(sighting))
    held = {(row.path, row.size, row.modified): row.since for row in rows}
    now = {(one.path, one.size, _storable(one.modified)) for one in files}
    # Seen in a time to come, by a clock that was ahead, a file would be waited for until then.
    same = {key for key in now & held.keys() if held[key] <= at}
    for chunk in chunks(key[0] for key in held.keys() - same):
        connection.execute(delete(sighting).where(sighting.c.path.in_(chunk)))
    fresh = [
        {"path": path, "size": size, "modified": modified, "since": at}
        for path, size, modified in now - same
    ]
    add(connection, sighting, fresh)
    return {key[0]: held[key] if key in same else at for key in now}


def _storable(nanoseconds: int) -> int:
    """Return a time that its column can hold: a sender may date a file beyond the year 2262."""
    return max(-(2**63), min(nanoseconds, 2**63 - 1))
