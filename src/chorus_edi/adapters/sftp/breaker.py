"""A circuit breaker per server and lane: a server that is down rests, and an operator is told once.

What it knows is in the database, for every process and across restarts.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta

from chorus_edi.domain.legal_time import short
from chorus_edi.domain.operations import Operation, OperationKind
from chorus_edi.domain.transfers import Health, Lane
from chorus_edi.ports import Clock
from chorus_edi.ports.operations import Journal
from chorus_edi.ports.transfers import Servers

FIRST = timedelta(seconds=30)
LONGEST = timedelta(minutes=30)
"""Rest after the first failure, doubled at each of the next ones, up to the longest."""

DOWN = 3
"""Failures in a row after which a server is down, and not only slow to answer once."""


class Breaker:
    """Rests of servers, and what is told of them.

    Args:
        servers: what is remembered.
        journal: where outages are told.
        clock: where time comes from.
        jitter: gives a share of a rest, 0 to 1: servers that failed together are not tried
            together.
    """

    def __init__(
        self,
        servers: Servers,
        journal: Journal,
        clock: Clock,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._servers = servers
        self._journal = journal
        self._clock = clock
        self._jitter = jitter

    def resting(self, server: str, *lanes: Lane) -> Health | None:
        """Return the lane for which a server is let alone now, None where it may be tried."""
        now = self._clock.now()
        for one in self._servers.health():
            concerned = one.server == server and one.lane in lanes
            if concerned and one.retry_at is not None and now < one.retry_at <= now + 2 * LONGEST:
                return one
        return None

    def failing(self, server: str, *lanes: Lane) -> bool:
        """True where one of these lanes failed when it was last tried."""
        health = self._servers.health()
        return any(one.failures for one in health if one.server == server and one.lane in lanes)

    def failed(
        self, server: str, lane: Lane, reason: str, *, lasting: bool = False, rest: bool = True
    ) -> None:
        """Count a failure, and tell an operator of a server that is down, once per outage.

        Args:
            server: its name.
            lane: what of it failed.
            reason: why, one French sentence without its full stop.
            lasting: trying again cannot help: an operator is told at once.
            rest: False where the lane does its other work, and need not be let alone.
        """

        def judged(failures: int) -> tuple[timedelta, bool]:
            pause = min(FIRST * 2 ** min(failures - 1, 16), LONGEST) if rest else timedelta()
            return pause * (1 + self._jitter() / 4), lasting or failures >= DOWN

        now = self._clock.now()
        health = self._servers.failed(server, lane, reason, now, judged)
        if health.down:
            self._tell(health, OperationKind.SFTP_PANNE, f"{_subject(health)} : {reason}.")

    def worked(self, server: str, lane: Lane) -> None:
        """Record that a lane works, and tell the end of an outage that was told."""
        for one in self._servers.health():
            if one.server != server or one.lane is not lane or not one.failures:
                continue
            # Told first: once its end is recorded, nobody would know that it is to be told.
            if one.down and one.since is not None:
                told = f"{_subject(one)} : rétabli, en panne depuis le {short(one.since)}."
                self._tell(one, OperationKind.SFTP_RETABLI, told)
            self._servers.worked(server, lane)

    def _tell(self, health: Health, kind: OperationKind, detail: str) -> None:
        self._journal.signal(
            Operation(
                key=f"{kind}:{health.server}:{health.lane}:{health.outage}",
                kind=kind,
                subject=health.server,
                detail=detail,
                at=self._clock.now(),
            )
        )


def _subject(health: Health) -> str:
    what = {Lane.CONNEXION: "", Lane.RELEVE: ", relève", Lane.ENVOI: ", envoi"}[health.lane]
    return f"Serveur SFTP {health.server}{what}"
