"""How often a document was examined alone because a worker was lost with it.

Every function runs inside the transaction of its caller.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, delete

from chorus_edi.adapters.store.rows import upsert
from chorus_edi.adapters.store.tables import attempt


def count_attempt(connection: Connection, numero_flux: str, rank: int) -> int:
    """Count one more attempt at a document; return how many there were."""
    statement = (
        upsert(connection, attempt)
        .values(numero_flux=numero_flux, rank=rank, count=1)
        .on_conflict_do_update(
            index_elements=list(attempt.primary_key), set_={"count": attempt.c.count + 1}
        )
        .returning(attempt.c.count)
    )
    count: int = connection.execute(statement).scalar_one()
    return count


def forget_attempts(connection: Connection, numero_flux: str, ranks: Collection[int]) -> None:
    """Count no attempt at these documents any more."""
    connection.execute(
        delete(attempt).where(attempt.c.numero_flux == numero_flux, attempt.c.rank.in_(ranks))
    )
