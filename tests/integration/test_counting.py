"""Everything counted, as one moment shows it; on both databases."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from chorus_edi.adapters.store.counting import SqlCounts
from chorus_edi.adapters.store.engine import snapshot
from chorus_edi.adapters.store.store import SqlStore
from chorus_edi.domain.statuses import DocumentState, FluxState, InvoiceStatus
from chorus_edi.ports.counting import Tally
from tests.integration.flows import (
    AT,
    accepted,
    arrival,
    duplicate,
    finding,
    later,
    refused,
    registered,
)


@pytest.fixture
def counts(engine: Engine) -> SqlCounts:
    return SqlCounts(engine)


def test_an_empty_database_counts_nothing(counts: SqlCounts) -> None:
    assert counts.tally() == Tally(flows={}, documents={}, invoices={}, oldest=None, last=None)
    assert counts.last_deposit("AAA999") is None


def test_flows_documents_and_invoices_are_counted(store: SqlStore, counts: SqlCounts) -> None:
    done = registered(store, 2)
    store.decide(done, [accepted(1, "F1"), refused(2, finding())], duplicate, AT)
    store.close(done, etat=FluxState.IN_INTEGRE_PARTIEL, at=AT)
    registered(store, 1, name="b.xml", at=later(1))
    store.claim([arrival("c.xml", "BBB999")], later(2))

    assert counts.tally() == Tally(
        flows={
            FluxState.IN_INTEGRE_PARTIEL: 1,
            FluxState.IN_EN_COURS_TRAITEMENT_CPP: 1,
            FluxState.IN_RECU: 1,
        },
        documents={DocumentState.INTEGRE: 1, DocumentState.REJETE: 1, None: 1},
        invoices={InvoiceStatus.EN_COURS_ACHEMINEMENT: 1},
        oldest=later(1),
        last=later(2),
    )


def test_a_partner_s_last_deposit_is_asked_for_since_an_instant(
    store: SqlStore, counts: SqlCounts
) -> None:
    for minutes in (1, 5, 3):
        store.claim([arrival(f"{minutes}.xml")], later(minutes))
    store.claim([arrival("other.xml", "BBB999")], later(9))

    assert counts.last_deposit("AAA999") == later(5)
    assert counts.last_deposit("AAA999", later(5)) == later(5)
    assert counts.last_deposit("AAA999", later(6)) is None


def test_what_is_asked_in_one_snapshot_shows_one_moment(engine: Engine, store: SqlStore) -> None:
    count = "SELECT count(*) FROM flux"
    with snapshot(engine) as connection:
        before = connection.exec_driver_sql(count).scalar()
        store.claim([arrival("a.xml")], AT)

        assert connection.exec_driver_sql(count).scalar() == before == 0

    with snapshot(engine) as connection:
        assert connection.exec_driver_sql(count).scalar() == 1
