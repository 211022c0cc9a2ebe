"""``purge``: what was kept long enough goes, nothing else, and what must stay unique stays."""

from __future__ import annotations

import itertools
import json
import os
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from chorus_edi import bootstrap
from chorus_edi.adapters.files.lock import sole_instance, sole_upkeep
from chorus_edi.adapters.store.engine import open_engine, reading, writing
from chorus_edi.adapters.store.journal import SqlJournal
from chorus_edi.adapters.store.keeping import SqlKeeping
from chorus_edi.cli.main import app
from chorus_edi.domain.actors import Actor, Identity
from chorus_edi.domain.keeping import Span, span_of
from chorus_edi.domain.motives import Motive
from chorus_edi.domain.operations import Operation, OperationKind
from chorus_edi.domain.orders import AnswerCode
from chorus_edi.domain.processing_motives import ProcessingMotive
from chorus_edi.domain.statuses import FluxState, InvoiceStatus
from chorus_edi.errors import Defect, Incident
from chorus_edi.services import lives
from chorus_edi.services.doctor import Gravity
from chorus_edi.services.purge import COLUMNS, row_of
from tests.crash.conftest import DataFolder, data_folder, folder_with_a_lot
from tests.crash.nights import batch, deposit_night
from tests.crash.one_run import StandingClock
from tests.integration.killing import killed
from tests.integration.test_bases import moved
from tests.integration.test_doctor import At

NOW = StandingClock().now()
LATER = At(datetime(2036, 11, 23, tzinfo=UTC))
"""Ten years and a day after the night."""
FIRST = "CPP0010000000000000000001"


@pytest.fixture
def folder(tmp_path: Path, database_url: str) -> DataFolder:
    """An installation that has integrated one archive of three invoices."""
    made = folder_with_a_lot(tmp_path / "data", database_url)
    made.run()
    for path in (made.root / "outbox").rglob("*"):
        os.utime(path, (NOW.timestamp(), NOW.timestamp()))
    return made


def kept(folder: DataFolder, **spans: str) -> None:
    """Say how long things are kept."""
    lines = "\n".join(f'{name} = "{span}"' for name, span in spans.items())
    with folder.config.open("a", encoding="utf-8") as file:
        file.write(f"[conservation]\n{lines}\n")


def purged(folder: DataFolder, clock: StandingClock = LATER, *, dry_run: bool = False) -> list[str]:
    settings = bootstrap.load_settings(folder.config)
    return [one.kind for one in bootstrap.purge(settings, dry_run=dry_run, clock=clock)]


def shelved(folder: DataFolder) -> list[Path]:
    places = (folder.root / "var" / name for name in ("archive", "rejets"))
    return [path for place in places for path in place.rglob("*")]


def rows(folder: DataFolder, table: str) -> int:
    engine = open_engine(folder.database or f"sqlite:///{folder.root / 'var/chorus_edi.db'}")
    with reading(engine) as connection:
        count = connection.scalar(text(f"SELECT count(*) FROM {table}"))
    engine.dispose()
    return count or 0


@pytest.mark.parametrize(
    ("written", "span"),
    [("10 ans", Span(years=10)), ("1 an", Span(years=1)), ("30 jours", Span(days=30)),
     ("1 jour", Span(days=1)), ("toujours", Span())],
)  # fmt: skip
def test_a_span_is_read_as_it_is_said(written: str, span: Span) -> None:
    assert span_of(written) == span


@pytest.mark.parametrize(
    "written", ["", "0 an", "10", "10 mois", "-1 jours", "2000 ans", "10  ans"]
)
def test_anything_else_is_no_span(written: str) -> None:
    with pytest.raises(ValueError, match="not a span"):
        span_of(written)


def test_a_span_is_over_when_its_last_day_is_over_in_paris() -> None:
    midnight = datetime(2026, 11, 14, 23, tzinfo=UTC)
    assert Span(days=7).before(datetime(2026, 11, 22, 12, tzinfo=UTC)) == midnight
    assert Span(years=10).before(datetime(2028, 2, 29, 12, tzinfo=UTC)) == datetime(
        2018, 2, 27, 23, tzinfo=UTC
    )
    assert Span().before(NOW) is None


def test_nothing_goes_before_its_time(folder: DataFolder) -> None:
    before = folder.left()

    assert purged(folder, At(NOW + timedelta(days=29))) == []
    assert folder.left() == before


def test_what_would_go_is_told_with_its_reason_and_bytes_and_nothing_goes(
    folder: DataFolder,
) -> None:
    before = folder.left()
    settings = bootstrap.load_settings(folder.config)

    found = [row_of(one) for one in bootstrap.purge(settings, dry_run=True, clock=LATER)]

    assert [row["nature"] for row in found] == ["fichier reçu", "preuves"] + ["compte rendu"] * 2
    (stored,) = (path for path in shelved(folder) if path.is_file())
    assert (found[0]["taille"], found[0]["objet"]) == (stored.stat().st_size, FIRST)
    assert all(tuple(row) == COLUMNS and row["raison"] for row in found)
    assert folder.left() == before


def test_after_ten_years_a_flow_leaves_its_numbers_and_one_line_of_history(
    folder: DataFolder,
) -> None:
    assert purged(folder) == ["fichier reçu", "preuves", "compte rendu", "compte rendu"]

    assert shelved(folder) == []
    left = {table: rows(folder, table) for table in (
        "flux", "document", "numero_reserve", "flux_event", "status_event", "facture", "intent"
    )}  # fmt: skip
    assert left == {
        "flux": 1, "document": 3, "numero_reserve": 3, "flux_event": 1, "status_event": 0,
        "facture": 0, "intent": 0,
    }  # fmt: skip
    with bootstrap.open_store(bootstrap.load_settings(folder.config)) as store:
        assert [event.detail[:33] for event in store.events(FIRST)] == [
            "Durée de conservation échue : doc"
        ]
        assert {document.summary for document in store.documents(FIRST)} == {None}
    assert purged(folder) == []


def test_doctor_does_not_miss_what_was_purged(folder: DataFolder) -> None:
    kept(folder, factures="30 jours")
    at = At(NOW + timedelta(days=32))

    assert purged(folder, at) == ["fichier reçu", "compte rendu", "compte rendu"]

    settings = bootstrap.load_settings(folder.config)
    assert bootstrap.doctor(settings, dry_run=True, clock=at) == []
    with bootstrap.open_store(settings) as store:
        assert store.events(FIRST)[-1].detail.endswith("le fichier reçu est supprimé.")
    assert rows(folder, "facture") == 3


def test_the_same_bytes_and_the_same_numbers_are_still_refused_after_ten_years(
    folder: DataFolder,
) -> None:
    purged(folder)
    inbox = folder.root / "inbox" / "ABC123"
    (inbox / "encore.tar.gz").write_bytes(batch(3, seed=3))

    folder.run()

    with bootstrap.open_store(bootstrap.load_settings(folder.config)) as store:
        again = next(iter(store.suivi()))
        assert (again.etat, again.motif) == (FluxState.IN_REJETE, Motive.IRR_UNICITE)
        assert again.premier_flux == FIRST
    report = folder.root / "outbox" / "ABC123" / f"{FIRST}_compte-rendu.json"
    assert json.loads(report.read_bytes())


def test_a_flow_that_waits_for_an_operator_never_goes(tmp_path: Path) -> None:
    folder = data_folder(tmp_path / "night", "", workers=1)
    deposit_night(folder.root / "inbox")
    folder.run()

    purged(folder)

    with bootstrap.open_store(bootstrap.load_settings(folder.config)) as store:
        (waiting,) = store.suivi(etat=FluxState.IN_EN_ATTENTE_RETRAITEMENT_CPP)
        assert len(store.events(waiting.numero_flux)) > 1
    assert [path.parent.name for path in shelved(folder) if path.is_file()] == [waiting.numero_flux]


def test_an_invoice_from_which_somebody_is_awaited_keeps_its_file_however_old(
    folder: DataFolder,
) -> None:
    with bootstrap.open_desk(bootstrap.load_settings(folder.config), At(NOW)) as desk:
        (recipient,) = {row.summary.recipient for row in desk.store.factures()}
        answer = lives.set_status(
            desk,
            f"{FIRST}-0001",
            InvoiceStatus.SUSPENDUE,
            Identity(Actor.DESTINATAIRE, recipient),
            motif=ProcessingMotive.JUSTIF_ABS,
        )
    assert answer.code is AnswerCode.FAIT

    assert "fichier reçu" not in purged(folder)
    assert rows(folder, "demande") == 1


def test_what_people_asked_goes_with_the_rows_of_its_flow(folder: DataFolder) -> None:
    with bootstrap.open_desk(bootstrap.load_settings(folder.config), At(NOW)) as desk:
        (recipient,) = {row.summary.recipient for row in desk.store.factures()}
        actor = Identity(Actor.DESTINATAIRE, recipient)
        lives.set_status(desk, f"{FIRST}-0002", InvoiceStatus.SERVICE_FAIT, actor)

    assert "preuves" in purged(folder)

    assert (rows(folder, "demande"), rows(folder, "status_event")) == (0, 0)


def test_rows_are_never_forgotten_before_their_file(folder: DataFolder) -> None:
    kept(folder, factures="toujours", preuves="1 jour")

    assert "preuves" not in purged(folder)
    assert rows(folder, "facture") == 3


def test_deliveries_stay_unless_a_time_is_set_and_then_go_whole(folder: DataFolder) -> None:
    (note,) = (folder.root / "outbox").glob("[0-9]*/*/livraison.json")
    assert "livraison" not in purged(folder)
    kept(folder, livraisons="90 jours")

    assert "livraison" not in purged(folder, At(NOW + timedelta(days=89)))
    assert note.exists()
    assert "livraison" in purged(folder, At(NOW + timedelta(days=92)))
    assert not note.parent.exists()
    assert note.parent.parent.is_dir()


def test_a_delivery_that_was_being_removed_is_removed_by_the_next_purge(
    folder: DataFolder,
) -> None:
    (note,) = (folder.root / "outbox").glob("[0-9]*/*/livraison.json")
    kept(folder, livraisons="1 jour")
    note.parent.rename(note.parent.with_name(f".{note.parent.name}.purge"))

    assert "livraison" in purged(folder)
    assert list(note.parent.parent.iterdir()) == []


def test_of_a_senders_folder_only_our_old_reports_go(folder: DataFolder) -> None:
    own = folder.root / "outbox" / "ABC123"
    (own / "notes.txt").write_bytes(b"theirs")
    fresh = own / f"{FIRST}_compte-rendu.json"
    os.utime(own / "notes.txt", (0, 0))
    os.utime(fresh, ((NOW + timedelta(days=10)).timestamp(),) * 2)

    assert purged(folder, At(NOW + timedelta(days=32))) == ["compte rendu"]
    assert sorted(path.name for path in own.iterdir()) == [
        f"{FIRST}_compte-rendu.json", "notes.txt",
    ]  # fmt: skip


def test_old_events_of_the_installation_go_once_somebody_was_told(folder: DataFolder) -> None:
    engine = open_engine(folder.database)
    journal = SqlJournal(engine)
    for key, notified in (("old", NOW), ("untold", None)):
        journal.signal(
            Operation(key=key, kind=OperationKind.SILENCE, subject="ABC123", detail="Rien.",
                      at=NOW, notified_at=notified)
        )  # fmt: skip

    assert "événements" in purged(folder)

    assert [event.key for event in journal.operations()] == ["untold"]
    engine.dispose()


def test_histories_stay_closed_to_everybody_but_the_purge_of_their_own_flow(
    folder: DataFolder,
) -> None:
    kept(folder, factures="30 jours")
    purged(folder, At(NOW + timedelta(days=32)))
    engine = open_engine(folder.database)
    for statement in ("DELETE FROM flux_event", "DELETE FROM status_event"):
        with pytest.raises(Defect, match="append-only"), writing(engine) as connection:
            connection.execute(text(statement))
    with writing(engine) as connection:
        connection.execute(text("UPDATE purge SET unlocked = 1"))
    with pytest.raises(Defect, match="append-only"), writing(engine) as connection:
        connection.execute(text("UPDATE flux_event SET seq = seq + 1"))
    engine.dispose()


def test_a_flow_that_still_has_its_file_is_not_forgotten(folder: DataFolder) -> None:
    engine = open_engine(folder.database)
    with pytest.raises(Defect, match="still has its file"):
        SqlKeeping(engine).forget(FIRST, NOW)
    engine.dispose()
    assert rows(folder, "flux_event") == 3


def test_one_purge_at_a_time_but_beside_a_run(folder: DataFolder) -> None:
    with sole_instance(folder.root / "var"):
        assert purged(folder, At(NOW)) == []
    with sole_upkeep(folder.root / "var"), pytest.raises(Incident, match="déjà en cours"):
        purged(folder)


def test_the_command_lists_and_sums_up(folder: DataFolder) -> None:
    kept(folder, factures="toujours", retours="1 jour")
    for path in (folder.root / "outbox" / "ABC123").iterdir():
        os.utime(path, (0, 0))

    def run(*options: str) -> tuple[list[dict[str, object]], str]:
        arguments = ["purge", "--format", "json", *options, "--config", str(folder.config)]
        done = CliRunner().invoke(app, arguments)
        return json.loads(done.stdout), done.stderr

    listed, told = run("--dry-run")
    assert ([row["nature"] for row in listed], told) == (
        ["compte rendu"] * 2, "Rien n'a été supprimé (--dry-run).\n",
    )  # fmt: skip
    size = sum(int(str(row["taille"])) for row in listed)
    assert run() == (listed, f"2 éléments purgés, {size} octets de fichiers.\n")
    assert run()[0] == []


# -- killed at any moment ------------------------------------------------------------------------


def nights(root: Path, new_database: Callable[[], str]) -> Iterator[DataFolder]:
    """Yield installations that all had the same night: copies of one on SQLite."""
    ready = folder_with_a_lot(root / "ready", "")
    kept(ready, livraisons="1 an")
    if new_database().startswith("sqlite"):
        ready.run()
    for number in itertools.count():
        folder = root / f"night{number}"
        shutil.copytree(ready.root, folder)
        made = DataFolder(folder, "")
        if not (folder / "var").exists():
            made = moved(made, new_database())
            made.run()
        for path in (folder / "outbox").rglob("*"):
            os.utime(path, (NOW.timestamp(), NOW.timestamp()))
        yield made


@pytest.mark.slow
def test_a_purge_killed_at_each_of_its_steps_is_finished_by_the_next(
    tmp_path: Path, new_database: Callable[[], str]
) -> None:
    deaths, at, far = 0, 1, 1 if new_database().startswith("sqlite") else 5
    for folder in nights(tmp_path, new_database):
        if not killed(partial(purged, folder), at):
            break
        deaths, at = deaths + 1, at + far
        settings = bootstrap.load_settings(folder.config)
        found = bootstrap.doctor(settings, dry_run=False, clock=LATER)
        assert [one for one in found if one.gravity is Gravity.WRONG] == []
        purged(folder)
        assert bootstrap.doctor(settings, dry_run=True, clock=LATER) == []
        assert shelved(folder) == []
        assert [p for p in (folder.root / "outbox").rglob("*") if p.is_file()] == []
        assert (rows(folder, "flux_event"), rows(folder, "numero_reserve")) == (1, 3)
    assert deaths >= 30 // far
