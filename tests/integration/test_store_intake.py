"""Commits 1 and 2: claiming files and registering their documents."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import Engine, event

from chorus_edi.adapters.store.store import SqlStore
from chorus_edi.domain.flux import Arrival, Canal, DocumentRow, Flux, FluxEvent, platform_number
from chorus_edi.domain.statuses import FluxState
from chorus_edi.errors import Defect
from tests.integration.flows import AT, SHA, arrival, entry, later, registered

OFFICIAL = "FSO1116A_AAA999_AAA9991116000000000000001.tar.gz"
NUMERO = "AAA9991116000000000000001"


def test_an_official_name_keeps_its_number(store: SqlStore) -> None:
    (flux,) = store.claim([arrival(OFFICIAL)], AT)
    assert flux == Flux(
        numero_flux=NUMERO,
        sequence=1,
        nom_fichier=OFFICIAL,
        emetteur="AAA999",
        interface="FSO1116A",
        canal=Canal.EDI,
        chemin=f"AAA999/{OFFICIAL}",
        date_depot=AT,
        etat=FluxState.IN_RECU,
        date_etat=AT,
    )
    assert store.flux(NUMERO) == flux


def test_any_other_name_gets_a_platform_number_of_its_place_in_the_order_of_claims(
    store: SqlStore,
) -> None:
    first = store.claim([arrival("a.xml"), arrival(OFFICIAL), arrival("b.pdf")], AT)
    second = store.claim([arrival("c.zip")], later(1))
    assert [flux.numero_flux for flux in (*first, *second)] == [
        platform_number(1),
        NUMERO,
        platform_number(3),
        platform_number(4),
    ]
    assert [flux.sequence for flux in (*first, *second)] == [1, 2, 3, 4]


def test_a_claim_writes_the_first_line_of_the_history(store: SqlStore) -> None:
    (flux,) = store.claim([arrival("a.xml")], AT)
    assert store.events(flux.numero_flux) == [
        FluxEvent(numero_flux=flux.numero_flux, seq=1, etat=FluxState.IN_RECU, date=AT)
    ]


def test_a_flow_id_that_is_held_already_names_the_first_flow(store: SqlStore) -> None:
    store.claim([arrival(OFFICIAL)], AT)
    store.register(NUMERO, sha256=SHA, size=1, documents=[entry(1)], at=AT)
    (again,) = store.claim([arrival(OFFICIAL)], later(1))
    assert (again.numero_flux, again.premier_flux) == (platform_number(2), NUMERO)
    assert again.interface == "FSO1116A"


def test_a_flow_id_given_twice_in_one_claim_names_the_first_flow(store: SqlStore) -> None:
    elsewhere = Arrival(partner="AAA999", filename=OFFICIAL, path=f"other/{OFFICIAL}")
    first, again = store.claim([arrival(OFFICIAL), elsewhere], AT)
    assert (first.numero_flux, again.premier_flux) == (NUMERO, NUMERO)


def test_a_flow_number_is_kept_for_the_partner_whose_code_it_begins_with(store: SqlStore) -> None:
    thief, owner = store.claim([arrival(OFFICIAL, "BBB999"), arrival(OFFICIAL)], AT)
    assert thief.numero_flux == platform_number(1)
    assert (owner.numero_flux, owner.premier_flux) == (NUMERO, None)


def test_a_sender_who_uses_our_own_numbers_does_not_block_anybody(store: SqlStore) -> None:
    ours = f"FSO1116A_CPP001_{platform_number(2)}.xml"
    (named,) = store.claim([arrival(ours, "CPP001")], AT)
    first, second = store.claim([arrival("a.xml"), arrival("b.xml")], AT)
    assert named.numero_flux == platform_number(2)
    assert [first.numero_flux, second.numero_flux] == [platform_number(3), platform_number(4)]


def test_a_path_claimed_but_not_registered_is_the_same_flow(store: SqlStore) -> None:
    (first,) = store.claim([arrival("a.xml")], AT)
    again, other = store.claim([arrival("a.xml"), arrival("b.xml")], later(5))
    assert again == first
    assert other.sequence == 2
    assert len(store.events(first.numero_flux)) == 1


def test_a_path_seen_twice_in_one_claim_is_one_flow(store: SqlStore) -> None:
    first, again = store.claim([arrival("a.xml"), arrival("a.xml")], AT)
    assert first == again
    assert [flux.numero_flux for flux in store.suivi()] == [first.numero_flux]


def test_a_path_whose_flow_is_registered_or_closed_is_a_new_flow(store: SqlStore) -> None:
    first = registered(store, name="a.xml")
    (second,) = store.claim([arrival("a.xml")], later(1))
    store.close(second.numero_flux, etat=FluxState.IN_INCIDENTE, at=later(2))
    (third,) = store.claim([arrival("a.xml")], later(3))
    assert len({first, second.numero_flux, third.numero_flux}) == 3


def test_claiming_nothing_gives_nothing(store: SqlStore) -> None:
    assert list(store.claim([], AT)) == []


@pytest.mark.parametrize(
    "name",
    [
        "fact\udce9ure\0.xml",
        # What stands in the database for what it does not store, written by a sender.
        "\U00100000\U0010d800\udce9\U0010e000\U0010dce9\U0010e000",
    ],
)
def test_a_file_name_that_is_not_unicode_comes_back_as_it_was(store: SqlStore, name: str) -> None:
    (flux,) = store.claim([arrival(name)], AT)
    found = store.flux(flux.numero_flux)
    assert found is not None
    assert (found.nom_fichier, found.chemin) == (name, f"AAA999/{name}")
    assert store.claim([arrival(name)], AT) == (flux,)


def test_many_files_are_claimed_in_few_statements(store: SqlStore, engine: Engine) -> None:
    executed: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *call: executed.append(call[2]))
    names = [f"FSO1116A_AAA999_{n:025d}.xml" for n in range(1, 1201)]
    claimed = store.claim([arrival(name) for name in names], AT)
    assert len(claimed) == 1200
    assert len(executed) <= 12


def test_a_naive_time_is_refused_and_nothing_is_written(store: SqlStore) -> None:
    with pytest.raises(Defect, match="naive"):
        store.claim([arrival("a.xml")], datetime(2026, 1, 1))  # noqa: DTZ001
    assert list(store.suivi()) == []


def test_registering_records_the_hash_and_the_documents(store: SqlStore) -> None:
    numero = registered(store, 2)
    flux = store.flux(numero)
    assert flux is not None
    assert (flux.sha256, flux.taille, flux.etat) == (
        SHA,
        100,
        FluxState.IN_EN_COURS_TRAITEMENT_CPP,
    )
    assert store.documents(numero) == [
        DocumentRow(numero_flux=numero, rank=rank, name=f"f{rank}.xml", size=rank, sha256=SHA)
        for rank in (1, 2)
    ]
    assert [line.etat for line in store.events(numero)] == [
        FluxState.IN_RECU,
        FluxState.IN_EN_COURS_TRAITEMENT_CPP,
    ]


def test_registering_twice_gives_what_once_gives(store: SqlStore) -> None:
    numero = registered(store, 2)
    before = (store.flux(numero), store.documents(numero), store.events(numero))
    store.register(numero, sha256=SHA, size=100, documents=[entry(1), entry(2)], at=later(9))
    assert (store.flux(numero), store.documents(numero), store.events(numero)) == before


def test_registering_another_content_is_a_defect(store: SqlStore) -> None:
    numero = registered(store)
    with pytest.raises(Defect, match="another content"):
        store.register(numero, sha256="cd" * 32, size=1, documents=[], at=AT)


def test_a_flow_that_does_not_exist_is_a_defect_for_who_writes_and_none_for_who_asks(
    store: SqlStore,
) -> None:
    unknown = platform_number(77)
    with pytest.raises(Defect, match="no flow"):
        store.register(unknown, sha256=SHA, size=1, documents=[], at=AT)
    with pytest.raises(Defect, match="no flow"):
        store.close(unknown, etat=FluxState.IN_REJETE, at=AT)
    assert store.flux(unknown) is None


def test_attempts_at_a_document_that_survived_are_forgotten(store: SqlStore) -> None:
    numero = registered(store, 2)
    for rank in (1, 1, 2):
        store.attempt(numero, rank)

    store.survived(numero, 1)

    assert [store.attempt(numero, rank) for rank in (1, 2)] == [1, 2]


def test_attempts_are_counted_per_document(store: SqlStore) -> None:
    numero = registered(store, 2)
    assert [store.attempt(numero, 1) for _ in range(3)] == [1, 2, 3]
    assert store.attempt(numero, 2) == 1
