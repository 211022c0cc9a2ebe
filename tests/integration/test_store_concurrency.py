"""Several processes write at the same time: what the database alone can hold together."""

from __future__ import annotations

import multiprocessing
from multiprocessing.synchronize import Barrier

from chorus_edi.adapters.store.engine import open_engine
from chorus_edi.adapters.store.schema import migrate
from chorus_edi.adapters.store.store import SqlStore
from chorus_edi.domain.statuses import DocumentState
from tests.integration.flows import AT, accepted, arrival, duplicate, registered

NUMBERS = [f"F{n}" for n in range(40)]


def decide_all(url: str, numero: str, order: int, together: Barrier) -> None:
    """Decide the same forty numbers in four batches, from one end or from the other."""
    engine = open_engine(url)
    store = SqlStore(engine)
    store.flux(numero)
    together.wait(60)
    batch = [accepted(rank, number) for rank, number in enumerate(NUMBERS[::order], 1)]
    for start in range(0, 40, 10):
        store.decide(numero, batch[start : start + 10], duplicate, AT)
    engine.dispose()


def decide_the_same(url: str, numero: str, _: int, together: Barrier) -> None:
    """Decide the same documents of one flow."""
    engine = open_engine(url)
    store = SqlStore(engine)
    store.flux(numero)
    together.wait(60)
    batch = [accepted(rank, number) for rank, number in enumerate(NUMBERS, 1)]
    store.decide(numero, batch, duplicate, AT)
    engine.dispose()


def claim_the_same(url: str, _: str, order: int, together: Barrier) -> None:
    """Claim the same files, after having brought the database up to date."""
    engine = open_engine(url)
    migrate(engine)
    together.wait(60)
    SqlStore(engine).claim([arrival(f"{n}.xml") for n in range(40)][::order], AT)
    engine.dispose()


def at_once(work: object, url: str, first: str, second: str) -> None:
    """Run the same work in two processes that begin together."""
    context = multiprocessing.get_context("spawn")
    together = context.Barrier(2)
    pair = [
        context.Process(target=work, args=(url, first, 1, together)),  # type: ignore[arg-type]
        context.Process(target=work, args=(url, second, -1, together)),  # type: ignore[arg-type]
    ]
    for process in pair:
        process.start()
    for process in pair:
        process.join(120)
    assert [process.exitcode for process in pair] == [0, 0]


def test_two_processes_that_want_the_same_numbers_share_them_without_a_deadlock(
    database_url: str, store: SqlStore
) -> None:
    first, second = (registered(store, 40, name=name) for name in ("a.xml", "b.xml"))
    at_once(decide_all, database_url, first, second)
    invoices = [invoice.summary.number for invoice in store.factures()]
    assert sorted(invoices) == sorted(NUMBERS)
    states = [row.state for numero in (first, second) for row in store.documents(numero)]
    assert states.count(DocumentState.REJETE) == states.count(DocumentState.INTEGRE) == 40


def test_two_processes_that_decide_the_same_documents_write_them_once(
    database_url: str, store: SqlStore
) -> None:
    numero = registered(store, 40)
    at_once(decide_the_same, database_url, numero, numero)
    assert {row.state for row in store.documents(numero)} == {DocumentState.INTEGRE}
    assert len(list(store.factures())) == 40


def test_two_processes_that_claim_the_same_files_make_one_flow_of_each(
    database_url: str, store: SqlStore
) -> None:
    at_once(claim_the_same, database_url, "", "")
    flows = list(store.suivi())
    assert [flux.sequence for flux in flows] == list(range(40, 0, -1))
    assert len({flux.chemin for flux in flows}) == 40
