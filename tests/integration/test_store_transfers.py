"""What is fetched and pushed, and how servers do, remembered on both databases."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from sqlalchemy import Engine

from chorus_edi.adapters.store.fetches import SqlFetches
from chorus_edi.adapters.store.sendings import SqlSendings
from chorus_edi.adapters.store.servers import SqlServers
from chorus_edi.adapters.store.store import SqlStore
from chorus_edi.domain.flux import Arrival
from chorus_edi.domain.transfers import Fetch, FetchState, Health, Lane, Owed, RemoteFile, SendState
from chorus_edi.ports.transfers import Lease
from tests.integration.flows import AT, later

ONE = RemoteFile(1_700_000_000, "out/a.xml", 10)
CHANGED = RemoteFile(1_700_000_001, "out/a.xml", 10)
ODD = RemoteFile(1_700_000_000, "out/d\udce9p\udcf4t.xml", 5_000_000_000)
OWED = Owed("banque", "ABC123", "N1.json", "f" * 64)


def lease(owner: str = "un", at: int = 0) -> Lease:
    return Lease(owner, later(at), later(at + 300))


@pytest.fixture
def fetches(engine: Engine) -> SqlFetches:
    return SqlFetches(engine)


@pytest.fixture
def sendings(engine: Engine) -> SqlSendings:
    return SqlSendings(engine)


@pytest.fixture
def servers(engine: Engine) -> SqlServers:
    return SqlServers(engine)


def in_the_inbox(fetches: SqlFetches, file: RemoteFile = ONE) -> Fetch:
    """Return a file that was brought as far as the inbox."""
    fetch = fetches.look("banque", [file], AT)[file]
    assert fetches.hold(fetch, lease()) is not None
    assert fetches.downloaded(fetch, "un", "e" * 64, "ABC123/a.xml")
    assert fetches.placed(fetch, "un")
    return fetch


def test_a_file_is_seen_since_it_looks_as_it_does(fetches: SqlFetches) -> None:
    fetches.look("banque", [ONE, ODD], AT)

    known = fetches.look("banque", [CHANGED, ODD], later(5))

    assert {file: one.since for file, one in known.items()} == {CHANGED: later(5), ODD: AT}
    assert fetches.counted() == {("banque", FetchState.VU): 2}


def test_sources_do_not_know_each_others_files(fetches: SqlFetches) -> None:
    fetches.look("banque", [ONE], AT)

    assert fetches.look("autre", [], later(1)) == {}
    assert fetches.look("banque", [ONE], later(2))[ONE].since == AT


def test_a_file_is_held_by_one_until_his_time_has_passed(fetches: SqlFetches) -> None:
    fetch = fetches.look("banque", [ONE], AT)[ONE]

    assert fetches.hold(fetch, lease("un")) is not None
    assert fetches.hold(fetch, lease("deux", 299)) is None
    assert fetches.hold(fetch, lease("un", 299)) is not None
    assert fetches.hold(fetch, lease("deux", 600)) is not None

    assert not fetches.received(fetch, lease("un", 601), 5)
    assert not fetches.downloaded(fetch, "un", "e" * 64, "ABC123/a.xml")
    assert fetches.received(fetch, lease("deux", 601), 5)
    fetches.let_go(fetch, "un")
    assert fetches.hold(fetch, lease("trois", 602)) is None
    fetches.let_go(fetch, "deux")
    assert fetches.hold(fetch, lease("trois", 602)) == msgspec.structs.replace(fetch, received=5)


def test_what_is_being_fetched_is_not_forgotten_with_the_listing(fetches: SqlFetches) -> None:
    fetch = fetches.look("banque", [ONE], AT)[ONE]
    fetches.hold(fetch, lease())

    fetches.look("banque", [], later(1))
    assert fetches.counted() == {("banque", FetchState.VU): 1}

    # His time has passed: he died.
    fetches.look("banque", [], later(300))
    assert fetches.counted() == {}


def test_a_file_comes_step_by_step(fetches: SqlFetches) -> None:
    fetch = fetches.look("banque", [ONE], AT)[ONE]
    fetches.hold(fetch, lease())
    assert fetches.downloaded(fetch, "un", "e" * 64, "ABC123/a.xml")
    (here,) = fetches.coming("banque")
    assert (here.state, here.sha256, here.local) == (
        FetchState.TELECHARGE, "e" * 64, "ABC123/a.xml",
    )  # fmt: skip

    assert fetches.placed(here, "un")
    fetches.ended(here)

    assert fetches.coming("banque") == []
    assert fetches.counted() == {("banque", FetchState.TERMINE): 1}
    assert fetches.hold(here, lease("deux", 900)) is None


def test_what_was_here_and_is_gone_begins_anew(fetches: SqlFetches) -> None:
    fetch = fetches.look("banque", [ONE], AT)[ONE]
    fetches.hold(fetch, lease())
    fetches.downloaded(fetch, "un", "e" * 64, "ABC123/a.xml")

    fetches.lost(fetch, "un")

    assert fetches.look("banque", [ONE], later(9))[ONE] == fetch


def test_what_is_in_the_inbox_and_gone_from_the_server_is_over(fetches: SqlFetches) -> None:
    in_the_inbox(fetches)

    fetches.look("banque", [CHANGED], later(1))

    assert fetches.counted() == {
        ("banque", FetchState.TERMINE): 1,
        ("banque", FetchState.VU): 1,
    }


def test_what_is_over_and_listed_again_is_only_to_be_taken_away(fetches: SqlFetches) -> None:
    fetches.ended(in_the_inbox(fetches))

    assert fetches.look("banque", [ONE], later(1))[ONE].state is FetchState.DEPOSE


def test_only_a_later_flow_is_made_of_a_file(fetches: SqlFetches, store: SqlStore) -> None:
    arrival = Arrival(partner="ABC123", filename="a.xml", path="ABC123/a.xml")
    (before,) = store.claim([arrival], AT)
    store.register(before.numero_flux, sha256="1", size=1, documents=(), at=AT)
    fetch = in_the_inbox(fetches)
    placed = fetches.look("banque", [ONE], later(1))[ONE]
    assert fetch.file == placed.file
    assert not fetches.taken(placed)

    # By a clock that was set back: the order of claims tells, not the time.
    store.claim([arrival], AT - timedelta(days=1))

    assert fetches.taken(placed)


def test_only_what_is_over_for_long_is_forgotten(fetches: SqlFetches) -> None:
    fetches.ended(in_the_inbox(fetches))
    fetches.look("banque", [CHANGED], AT)

    assert fetches.forget("banque", AT) == 0
    assert fetches.forget("autre", later(1)) == 0
    assert fetches.forget("banque", later(1)) == 1
    assert fetches.counted() == {("banque", FetchState.VU): 1}


def test_a_large_listing_is_remembered(fetches: SqlFetches) -> None:
    listed = [RemoteFile(n, f"out/{n}", n) for n in range(1, 1203)]

    fetches.look("banque", listed, AT)
    known = fetches.look("banque", listed[600:], later(1))

    assert set(known) == set(listed[600:])
    assert {one.since for one in known.values()} == {AT}
    assert fetches.counted() == {("banque", FetchState.VU): 602}


def test_the_same_file_is_owed_once(sendings: SqlSendings) -> None:
    assert sendings.owe([OWED], AT) == {OWED: SendState.A_ENVOYER}
    sendings.hold(OWED, lease())
    assert sendings.uploaded(OWED, "un")
    assert sendings.owe([OWED], later(1)) == {OWED: SendState.MONTE}

    sendings.sent(OWED, later(2))

    other = msgspec.structs.replace(OWED, sha256="0" * 64)
    assert sendings.owe([OWED, other], later(3)) == {
        OWED: SendState.ENVOYE,
        other: SendState.A_ENVOYER,
    }
    assert sendings.owe([], later(4)) == {}


def test_a_file_to_be_sent_is_held_by_one(sendings: SqlSendings) -> None:
    sendings.owe([OWED], AT)

    assert sendings.hold(OWED, lease("un")) is SendState.A_ENVOYER
    assert sendings.hold(OWED, lease("deux", 299)) is None
    assert sendings.hold(OWED, lease("deux", 300)) is SendState.A_ENVOYER
    assert not sendings.uploaded(OWED, "un")
    sendings.let_go(OWED, "deux")
    assert sendings.hold(OWED, lease("un", 301)) is SendState.A_ENVOYER


def test_failures_in_a_row_are_one_outage(servers: SqlServers) -> None:
    def judged(failures: int) -> tuple[timedelta, bool]:
        return timedelta(seconds=10 * failures), failures >= 2

    servers.failed("banque", Lane.CONNEXION, "un", AT, judged)
    second = servers.failed("banque", Lane.CONNEXION, "deux", later(60), judged)

    assert second == Health(
        server="banque", lane=Lane.CONNEXION, failures=2, outage=1, since=AT,
        retry_at=later(60) + timedelta(seconds=20), down=True, reason="deux",
    )  # fmt: skip
    assert servers.health() == [second]


def test_a_server_that_is_down_stays_so_until_it_works(servers: SqlServers) -> None:
    servers.failed("banque", Lane.ENVOI, "sûr", AT, lambda _: (timedelta(), True))
    still = servers.failed("banque", Lane.ENVOI, "sûr", AT, lambda _: (timedelta(), False))
    assert still.down

    servers.worked("banque", Lane.ENVOI)
    servers.worked("banque", Lane.RELEVE)

    assert servers.health() == [Health(server="banque", lane=Lane.ENVOI, outage=2)]
    servers.worked("banque", Lane.ENVOI)
    assert servers.health()[0].outage == 2
