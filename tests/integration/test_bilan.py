"""The account of a night balances, and says so where it does not; on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from chorus_edi.adapters.files.flows import FlowFolders
from chorus_edi.adapters.store.counting import SqlCounts
from chorus_edi.adapters.store.journal import SqlJournal
from chorus_edi.adapters.store.store import SqlStore
from chorus_edi.domain.accounts import Account
from chorus_edi.domain.flux import Arrival, Decision
from chorus_edi.domain.motives import Motive
from chorus_edi.domain.operations import OperationKind
from chorus_edi.domain.partners import Mode
from chorus_edi.domain.statuses import DocumentState, FluxState
from chorus_edi.services import bilan
from tests.integration.flows import SHA, accepted, duplicate, entry, examination, finding, refused
from tests.watch import local

BEGIN = time(7)
DAY = date(2026, 11, 20)
NIGHT = bilan.night_of(DAY, BEGIN)
DEPOSITED, MORNING = local("2026-11-20T23:00"), local("2026-11-21T07:01")


class Flows:
    """A night in the database and on the shelves."""

    def __init__(self, engine: Engine, root: Path) -> None:
        self.engine = engine
        self.store, self.counts = SqlStore(engine), SqlCounts(engine)
        self.journal = SqlJournal(engine)
        self.inbox = root / "inbox"
        self.files = FlowFolders(self.inbox, root / "var")

    def claim(
        self,
        name: str,
        partner: str = "ABC123",
        at: datetime = DEPOSITED,
        mode: Mode = Mode.PRODUCTION,
    ) -> str:
        """Take a file of the inbox as a flow."""
        path = self.inbox / partner / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"x")
        arrival = Arrival(partner=partner, filename=name, path=f"{partner}/{name}", mode=mode)
        (flux,) = self.store.claim([arrival], at)
        assert self.files.take(flux)
        return flux.numero_flux

    def close(
        self,
        numero: str,
        etat: FluxState,
        *decisions: Decision,
        motif: Motive | None = None,
    ) -> None:
        """Decide the documents of a flow and put it away."""
        entries = [entry(one.rank) for one in decisions]
        self.store.register(numero, sha256=SHA, size=1, documents=entries, at=DEPOSITED)
        self.store.decide(numero, decisions, duplicate, DEPOSITED)
        self.store.close(numero, etat=etat, motif=motif, at=DEPOSITED)
        flux = self.store.flux(numero)
        assert flux is not None
        self.files.shelve(flux, refused=etat is FluxState.IN_REJETE)

    def accounts(self) -> list[Account]:
        return list(bilan.accounts(self.counts, self.files, NIGHT, MORNING))

    def gaps(self) -> list[str]:
        (account,) = self.accounts()
        return list(bilan.gaps(account))

    def tamper(self, statement: str) -> None:
        with self.engine.begin() as connection:
            changed = connection.execute(text(statement))
            assert changed.rowcount == 1


@pytest.fixture
def flows(engine: Engine, tmp_path: Path) -> Iterator[Flows]:
    return Flows(engine, tmp_path / "data")


@pytest.fixture
def sound(flows: Flows) -> Flows:
    """A night with every end that a flow may have."""
    waiting = Decision(
        rank=3,
        state=DocumentState.EN_ATTENTE,
        examination=examination(3, None, accepted(3, "W").examination.verdict),
    )
    flows.close(flows.claim("a.xml"), FluxState.IN_INTEGRE, accepted(1, "A1"), accepted(2, "A2"))
    flows.close(
        flows.claim("b.xml"),
        FluxState.IN_EN_ATTENTE_RETRAITEMENT_CPP,
        accepted(1, "B1"),
        refused(2, finding()),
        waiting,
    )
    flows.close(
        flows.claim("c.xml"),
        FluxState.IN_REJETE,
        refused(1, finding(), state=DocumentState.IRRECEVABLE),
        motif=Motive.IRR_SYNTAX,
    )
    flows.close(flows.claim("d.xml"), FluxState.IN_REJETE, motif=Motive.IRR_UNICITE)
    flows.close(
        flows.claim("e.xml", mode=Mode.QUALIFICATION), FluxState.QP_IRRECEVABLE,
        refused(1, finding()), motif=Motive.REJ_SEMAN,
    )  # fmt: skip
    flows.store.close(flows.claim("g.xml"), etat=FluxState.IN_INCIDENTE, at=DEPOSITED)
    open_ = flows.claim("f.xml")
    flows.store.register(open_, sha256=SHA, size=1, documents=[entry(1), entry(2)], at=DEPOSITED)
    return flows


def test_a_sound_night_balances(sound: Flows) -> None:
    (account,) = sound.accounts()

    assert account.sound
    (row,) = bilan.rows(NIGHT, [account])
    assert row == {
        "nuit": "2026-11-20",
        "emetteur": "ABC123",
        "fichiers": 7,
        "acceptes": 2,
        "refuses": 2,
        "doublons": 1,
        "fichiers_en_cours": 1,
        "disparus": 1,
        "factures": 9,
        "integrees": 3,
        "rejetees": 2,
        "en_attente": 1,
        "factures_en_cours": 2,
        "qualification": 1,
        "ecart": None,
    }
    assert tuple(row) == bilan.COLUMNS


def test_a_night_goes_from_one_beginning_to_the_next(flows: Flows) -> None:
    for name, at in (
        ("early.xml", "2026-11-20T06:59"),
        ("first.xml", "2026-11-20T07:00"),
        ("last.xml", "2026-11-21T06:59"),
        ("late.xml", "2026-11-21T07:00"),
    ):
        flows.claim(name, at=local(at))
    flows.claim("other.xml", "FAC001", local("2026-11-21T00:30"))

    found = {one.emetteur: one.seen for one in flows.accounts()}

    assert found == {"ABC123": 2, "FAC001": 1}


def test_a_night_lasts_as_long_as_clocks_make_it() -> None:
    autumn = bilan.night_of(date(2026, 10, 24), BEGIN)
    spring = bilan.night_of(date(2026, 3, 28), BEGIN)

    assert (autumn.end - autumn.begin).total_seconds() == 25 * 3600
    assert (spring.end - spring.begin).total_seconds() == 23 * 3600


@pytest.mark.parametrize(
    ("now", "day"),
    [("2026-11-21T06:59", 19), ("2026-11-21T07:00", 20), ("2026-11-21T23:00", 20)],
)
def test_the_last_night_is_the_latest_that_is_over(now: str, day: int) -> None:
    assert bilan.last_night(local(now), BEGIN) == bilan.night_of(date(2026, 11, day), BEGIN)


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        (
            "UPDATE flux SET date_depot = '2026-11-19 10:00:00' WHERE nom_fichier = 'd.xml'",
            "7 fichiers vus, 6 retrouvés",
        ),
        (
            "UPDATE flux SET etat = 'IN_INTEGRE' WHERE nom_fichier = 'c.xml'",
            "1 flux d'un autre état que la fin de leur historique",
        ),
        (
            "UPDATE flux SET factures = 4 WHERE nom_fichier = 'a.xml'",
            "11 factures reçues, 9 retrouvées",
        ),
        (
            "UPDATE document SET state = 'INTEGRE' WHERE state = 'IRRECEVABLE'",
            "9 factures reçues, 8 retrouvées",
        ),
        (
            "UPDATE document SET state = 'ACCOMPAGNEMENT' WHERE state = 'EN_ATTENTE'",
            "9 factures reçues, 8 retrouvées",
        ),
    ],
)
def test_a_row_that_was_tampered_with_shows_as_a_gap(
    sound: Flows, statement: str, told: str
) -> None:
    assert sound.gaps() == []

    sound.tamper(statement)

    assert sound.gaps() == [told]


def test_a_received_file_that_is_lost_shows_as_a_gap(sound: Flows) -> None:
    (stored,) = sound.files._archive.rglob("a.xml")
    stored.unlink()

    assert sound.gaps() == ["1 fichier reçu introuvable dans l'archive et les rejets"]


def test_the_files_of_an_old_night_may_have_been_purged(sound: Flows) -> None:
    for stored in sound.files._archive.rglob("*.xml"):
        stored.unlink()

    (account,) = bilan.accounts(sound.counts, sound.files, NIGHT, local("2026-12-24T07:00"))

    assert account.sound


def test_a_night_is_told_once_with_its_figures(sound: Flows) -> None:
    bilan.signal(sound.journal, NIGHT, sound.accounts(), MORNING)
    bilan.signal(sound.journal, NIGHT, sound.accounts(), MORNING)

    (event,) = sound.journal.operations()
    assert (event.kind, event.subject) == (OperationKind.BILAN, "2026-11-20")
    assert event.detail == (
        "Du 20/11/2026 07:00 au 21/11/2026 07:00 : aucun écart. ABC123 : 7 fichiers "
        "(2 acceptés, 2 refusés, 1 doublon, 1 en cours, 1 disparu), 9 factures "
        "(3 intégrées, 2 rejetées, 1 en attente, 2 en cours, 1 en qualification)."
    )


def test_a_gap_is_told_once_for_a_partner_and_night_with_its_figures(sound: Flows) -> None:
    sound.claim("other.xml", "FAC001")
    sound.tamper("UPDATE flux SET factures = 4 WHERE nom_fichier = 'a.xml'")

    bilan.signal(sound.journal, NIGHT, sound.accounts(), MORNING)
    bilan.signal(sound.journal, NIGHT, sound.accounts(), MORNING)

    (gap,) = sound.journal.operations(kind=OperationKind.ECART_BILAN)
    assert (gap.subject, gap.key) == ("ABC123", "ecart-bilan:ABC123:2026-11-20")
    assert gap.detail.startswith("Nuit du 2026-11-20 : 11 factures reçues, 9 retrouvées. Détail")
    (night,) = sound.journal.operations(kind=OperationKind.BILAN)
    assert "ÉCART pour ABC123" in night.detail


def test_a_night_without_a_deposit_is_told_too(flows: Flows) -> None:
    assert bilan.signal(flows.journal, NIGHT, [], MORNING) == (
        "Du 20/11/2026 07:00 au 21/11/2026 07:00 : aucun dépôt."
    )
