"""The database: another version is refused, an older one with data is upgraded, one is copied."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text
from typer.testing import CliRunner

from chorus_edi import bootstrap
from chorus_edi.adapters.files.lock import sole_instance
from chorus_edi.adapters.store import copying
from chorus_edi.adapters.store.engine import reading, writing
from chorus_edi.adapters.store.schema import migrate, prepare, version_of
from chorus_edi.adapters.store.whole import SCHEMA
from chorus_edi.cli.main import app
from chorus_edi.errors import ConfigurationError, Defect, Incident
from chorus_edi.services import factures, rejets, suivi
from tests.crash.conftest import DataFolder, data_folder, folder_with_a_lot
from tests.crash.left import differences, rows_of
from tests.crash.nights import batch, deposit_mixed
from tests.integration.test_store_schema import opened

AT = "2026-09-02 04:00:00.000000"
INTEGRATED, REFUSED, CLAIMED = (f"CPP001{number:019d}" for number in (1, 2, 3))
SUMMARY = {
    "number": "F-1",
    "year": 2026,
    "seller_key": "732829320",
    "recipient": "21990001600011",
    "amount": "12.50",
    "currency": "EUR",
}
FINDING = {
    "rule": "BR-CO-15",
    "severity": "fatal",
    "stage": "check",
    "motive": "REJ_COH",
    "message": {"fr": "Total faux.", "en": "Wrong total."},
}


def flux(numero: str, sequence: int, **values: Any) -> dict[str, Any]:
    return {
        "numero_flux": numero,
        "sequence": sequence,
        "nom_fichier": f"{sequence}.xml",
        "emetteur": "ABC123",
        "interface": None,
        "canal": "EDI",
        "chemin": f"ABC123/{sequence}.xml",
        "date_depot": AT,
        "etat": "IN_INTEGRE",
        "date_etat": AT,
        "sha256": "0" * 64,
        "taille": 10,
        "motif": None,
        "factures": 1,
        "integrees": 0,
        "rejetees": 0,
        "premier_flux": None,
        "mode": "production",
        **values,
    }


def document(numero: str, state: str, motive: str | None = None) -> dict[str, Any]:
    return {
        "numero_flux": numero,
        "rank": 1,
        "name": "f.xml",
        "size": 10,
        "sha256": "0" * 64,
        "state": state,
        "decided_at": AT,
        "motive": motive,
        "container": "xml",
        "syntax": "UBL-Invoice",
        "circuit": "afnor",
        "directory_version": "2026-09",
        "rule_sets": '["en16931@1.3.16"]',
        "not_checked": "[]",
        "summary": json.dumps(SUMMARY),
    }


def event(numero: str, seq: int, etat: str) -> dict[str, Any]:
    return {"numero_flux": numero, "seq": seq, "etat": etat, "date": AT, "detail": ""}


KEY = {"numero_flux": INTEGRATED, "rank": 1}
AS_THE_FIRST_PROGRAM_LEFT_THEM: list[tuple[str, list[dict[str, Any]]]] = [
    ("counter", [{"name": "flux", "value": 3}]),
    (
        "flux",
        [
            flux(INTEGRATED, 1, integrees=1),
            flux(REFUSED, 2, etat="IN_REJETE", motif="REJ_COH", rejetees=1),
            flux(CLAIMED, 3, etat="IN_RECU", sha256=None, taille=None, factures=0,
                 chemin="ABC123/lot.tar.gz", nom_fichier="lot.tar.gz"),
        ],
    ),
    (
        "flux_event",
        [
            event(INTEGRATED, 1, "IN_RECU"),
            event(INTEGRATED, 2, "IN_EN_COURS_TRAITEMENT_CPP"),
            event(INTEGRATED, 3, "IN_INTEGRE"),
            event(REFUSED, 1, "IN_RECU"),
            event(REFUSED, 2, "IN_EN_COURS_TRAITEMENT_CPP"),
            event(REFUSED, 3, "IN_REJETE"),
            event(CLAIMED, 1, "IN_RECU"),
        ],
    ),
    ("document", [document(INTEGRATED, "INTEGRE"), document(REFUSED, "REJETE", "REJ_COH")]),
    (
        "finding",
        [
            {
                "numero_flux": REFUSED,
                "rank": 1,
                "ordinal": 1,
                **{name: FINDING[name] for name in ("rule", "severity", "stage", "motive")},
                "body": json.dumps(FINDING),
            }
        ],
    ),
    ("facture", [{**KEY, "statut": "MISE_A_DISPOSITION", "date_statut": AT}]),
    (
        "status_event",
        [
            {**KEY, "seq": seq, "statut": statut, "actor": "system", "date": AT}
            for seq, statut in enumerate(
                ("DEPOSEE", "EN_COURS_ACHEMINEMENT", "MISE_A_DISPOSITION"), 1
            )
        ],
    ),
    (
        "numero_reserve",
        [{"annee": 2026, "emetteur_cle": "732829320", "numero": "F-1", **KEY}],
    ),
]  # fmt: skip


def first_program_left(engine: Engine) -> None:
    """Fill a database of revision 0001 by the statements of its time."""
    migrate(engine, "0001")
    zone = "+00" if engine.dialect.name == "postgresql" else ""
    with writing(engine) as connection:
        for table, rows in AS_THE_FIRST_PROGRAM_LEFT_THEM:
            for row in rows:
                values = {k: f"{v}{zone}" if v == AT else v for k, v in row.items()}
                names = ", ".join(values)
                marks = ", ".join(f":{name}" for name in values)
                connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({marks})"), values)


@pytest.fixture
def older(tmp_path: Path, new_database: Callable[[], str]) -> DataFolder:
    """An installation whose database is of the first revision, with flows in it."""
    url = new_database()
    folder = data_folder(tmp_path / "data", url, workers=1)
    with opened(url) as engine:
        first_program_left(engine)
    inbox = folder.root / "inbox" / "ABC123"
    inbox.mkdir(parents=True)
    (inbox / "lot.tar.gz").write_bytes(batch(3, seed=3))
    return folder


def command(folder: DataFolder, *arguments: str) -> Any:
    return CliRunner().invoke(app, [*arguments, "--config", str(folder.config)])


def test_a_fresh_database_is_made_without_asking(new_database: Callable[[], str]) -> None:
    with opened(new_database()) as engine:
        prepare(engine)
        assert version_of(engine) == SCHEMA


def test_an_older_database_is_refused_with_what_to_do_and_nothing_changes(
    older: DataFolder,
) -> None:
    settings = bootstrap.load_settings(older.config)

    with pytest.raises(ConfigurationError, match=r"sauvegarde .* base migrer"):
        bootstrap.run(settings, once=True)

    assert bootstrap.base_state(settings).version == "0001"
    assert (older.root / "inbox" / "ABC123" / "lot.tar.gz").exists()


def test_an_older_database_with_data_is_upgraded_answers_and_goes_on(older: DataFolder) -> None:
    settings = bootstrap.load_settings(older.config)

    told = command(older, "base", "migrer")

    assert told.stdout == f"Base passée de la version 0001 à la version {SCHEMA}.\n"
    with bootstrap.open_store(settings) as store:
        flows = {row["numero_flux"]: row["etat"] for row in suivi.rows(store)}
        assert flows == {INTEGRATED: "IN_INTEGRE", REFUSED: "IN_REJETE", CLAIMED: "IN_RECU"}
        assert [row["numero_facture"] for row in factures.rows(store)] == ["F-1"]
        assert [row["rule"] for row in rejets.rows(store)] == ["BR-CO-15"]
        assert len(store.events(INTEGRATED)) == 3
    older.run()
    with bootstrap.open_store(settings) as store:
        assert (flux := store.flux(CLAIMED)) is not None
        assert (flux.etat, flux.integrees) == ("IN_INTEGRE", 3)


def test_an_upgraded_database_keeps_its_histories_as_the_first_one_did(older: DataFolder) -> None:
    bootstrap.migrate_base(bootstrap.load_settings(older.config))

    with opened(older.database) as engine:
        for statement in ("DELETE FROM flux_event", "UPDATE status_event SET seq = 9"):
            with pytest.raises(Defect, match="append-only"), writing(engine) as connection:
                connection.execute(text(statement))


def test_migrating_again_says_that_nothing_is_to_be_done(older: DataFolder) -> None:
    command(older, "base", "migrer")

    assert command(older, "base", "migrer").stdout == f"La base est déjà en version {SCHEMA}.\n"


def test_neither_migration_nor_copy_while_a_process_is_at_work(older: DataFolder) -> None:
    settings = bootstrap.load_settings(older.config)

    with sole_instance(older.root / "var"):
        with pytest.raises(Incident, match="un autre processus"):
            bootstrap.migrate_base(settings)
        with pytest.raises(Incident, match="un autre processus"):
            bootstrap.copy_base(settings, f"sqlite:///{older.root / 'autre.db'}")


def test_the_state_of_a_database_tells_version_size_and_rows(older: DataFolder) -> None:
    told = command(older, "base", "etat", "--format", "json")

    counts = {row["table"]: row["lignes"] for row in json.loads(told.stdout)}
    assert (counts["flux"], counts["flux_event"], counts["finding"]) == (3, 7, 1)
    assert "version 0001" in told.stderr
    assert f"demande la version {SCHEMA}" in told.stderr
    assert bootstrap.base_state(bootstrap.load_settings(older.config)).size > 10_000


def moved(folder: DataFolder, url: str) -> DataFolder:
    """Let an installation go on with another database."""
    config = folder.config.read_text("utf-8")
    sections = config.replace("[database]", f'[database]\nurl = "{url}"', 1)
    folder.config.write_text(sections, "utf-8")
    return DataFolder(folder.root, url)


@pytest.mark.postgresql
def test_a_night_moves_to_postgresql_and_back_row_by_row_and_goes_on(
    tmp_path: Path, postgresql: Any
) -> None:
    folder = data_folder(tmp_path / "data", "")
    deposit_mixed(folder.root / "inbox")
    assert folder.run_killed() == 0
    name = f"moved{os.getpid()}"
    url = postgresql.create(name)
    settings = bootstrap.load_settings(folder.config)
    before = rows_of(f"sqlite:///{folder.root / 'var/chorus_edi.db'}")

    copies = bootstrap.copy_base(settings, url)

    assert differences(before, rows_of(url)) == []
    assert sum(copy.rows for copy in copies) == len(before) > 500
    after = moved(folder, url)
    (folder.root / "inbox" / "ABC123" / "de-plus.tar.gz").write_bytes(batch(3, seed=77))
    after.run()
    with bootstrap.open_store(bootstrap.load_settings(after.config)) as store:
        assert next(iter(store.suivi())).nom_fichier == "de-plus.tar.gz"
    back = f"sqlite:///{tmp_path / 'back.db'}"
    bootstrap.copy_base(bootstrap.load_settings(after.config), back)
    assert differences(rows_of(url), rows_of(back)) == []
    postgresql.drop(name)


def test_what_is_copied_into_must_be_empty_and_stays_as_it_was(
    tmp_path: Path, database_url: str
) -> None:
    folder = folder_with_a_lot(tmp_path / "data", "")
    folder.run()
    with opened(database_url) as engine:
        with writing(engine) as connection:
            connection.execute(text("INSERT INTO counter VALUES ('autre', 1)"))
        with pytest.raises(ConfigurationError, match="pas vide"):
            bootstrap.copy_base(bootstrap.load_settings(folder.config), database_url)
        with reading(engine) as connection:
            assert connection.scalar(text("SELECT count(*) FROM flux")) == 0


def test_a_base_is_not_copied_into_itself(tmp_path: Path) -> None:
    folder = folder_with_a_lot(tmp_path / "data", "")
    folder.run()

    with pytest.raises(ConfigurationError, match="base actuelle"):
        bootstrap.copy_base(
            bootstrap.load_settings(folder.config),
            f"sqlite:///{folder.root}/inbox/../var/chorus_edi.db",
        )


def test_a_copy_that_reads_back_otherwise_is_not_kept(
    tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = folder_with_a_lot(tmp_path / "data", "")
    folder.run()
    whole = copying._fill

    def lossy(connection: Any, into: Any, batches: Any) -> None:
        whole(connection, into, batches)
        if into.name == "document":
            connection.execute(text("UPDATE document SET name = 'autre' WHERE rank = 2"))

    monkeypatch.setattr(copying, "_fill", lossy)
    with pytest.raises(Defect, match="table document"):
        bootstrap.copy_base(bootstrap.load_settings(folder.config), database_url)

    with opened(database_url) as engine, reading(engine) as connection:
        assert connection.scalar(text("SELECT count(*) FROM document")) == 0
