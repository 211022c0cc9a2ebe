"""A server that fails rests, longer and longer up to a limit, and its outage is told once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from chorus_edi.adapters.sftp.breaker import DOWN, FIRST, LONGEST, Breaker
from chorus_edi.adapters.store.journal import SqlJournal
from chorus_edi.adapters.store.servers import SqlServers
from chorus_edi.domain.operations import OperationKind
from chorus_edi.domain.transfers import Lane
from tests.integration.sftp.scene import AT, HandClock


class Watched:
    """A breaker over a real database, by a clock and a jitter of our own."""

    def __init__(self, engine: Engine) -> None:
        self.clock = HandClock()
        self.jitter = 0.0
        self.servers = SqlServers(engine)
        self.journal = SqlJournal(engine)
        self.breaker = Breaker(self.servers, self.journal, self.clock, lambda: self.jitter)

    def rest(self) -> timedelta:
        """Fail once more; return the rest that follows."""
        self.breaker.failed("banque", Lane.CONNEXION, "Panne")
        (health,) = self.servers.health()
        assert health.retry_at is not None
        return health.retry_at - self.clock.now()

    def told(self) -> list[OperationKind]:
        return [one.kind for one in self.journal.operations()]


@pytest.fixture
def watched(engine: Engine) -> Watched:
    return Watched(engine)


def test_rests_double_up_to_the_longest(watched: Watched) -> None:
    rests = [watched.rest() for _ in range(40)]

    assert rests[:4] == [FIRST, 2 * FIRST, 4 * FIRST, 8 * FIRST]
    assert set(rests[6:]) == {LONGEST}


def test_servers_that_failed_together_are_not_tried_together(watched: Watched) -> None:
    watched.jitter = 1.0

    assert watched.rest() == FIRST * 5 / 4


def test_an_outage_is_told_once_and_so_is_its_end(watched: Watched) -> None:
    for _ in range(DOWN - 1):
        watched.rest()
    assert watched.told() == []
    for _ in range(5):
        watched.rest()
    assert watched.told() == [OperationKind.SFTP_PANNE]

    for _ in range(2):
        watched.breaker.worked("banque", Lane.CONNEXION)

    assert watched.told() == [OperationKind.SFTP_PANNE, OperationKind.SFTP_RETABLI]
    last = watched.journal.operations()[-1]
    assert last.detail == "Serveur SFTP banque : rétabli, en panne depuis le 02/10/2026 00:00."


def test_who_failed_once_and_works_again_is_not_told(watched: Watched) -> None:
    watched.rest()

    watched.breaker.worked("banque", Lane.CONNEXION)

    assert watched.told() == []


def test_only_the_lane_that_failed_rests_and_only_for_its_time(watched: Watched) -> None:
    watched.breaker.failed("banque", Lane.ENVOI, "Disque plein")

    assert watched.breaker.resting("banque", Lane.CONNEXION, Lane.RELEVE) is None
    assert watched.breaker.resting("autre", Lane.CONNEXION, Lane.ENVOI) is None
    assert watched.breaker.resting("banque", Lane.CONNEXION, Lane.ENVOI) is not None
    watched.clock.move(FIRST.total_seconds())
    assert watched.breaker.resting("banque", Lane.CONNEXION, Lane.ENVOI) is None


def test_a_clock_that_is_set_back_lets_nobody_rest_for_years(watched: Watched) -> None:
    watched.clock.move(400 * 86_400)
    watched.rest()
    watched.clock.move(-400 * 86_400)

    assert watched.clock.now() == AT
    assert watched.breaker.resting("banque", Lane.CONNEXION) is None
