"""Opening a database, and what becomes of its failures."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, exc, text

from chorus_edi.adapters.mounts import network_type, read_mountinfo
from chorus_edi.adapters.store.engine import open_engine, reading, writing
from chorus_edi.adapters.store.faults import translate
from chorus_edi.adapters.store.schema import migrate
from chorus_edi.adapters.store.store import SqlStore
from chorus_edi.domain.flux import platform_number
from chorus_edi.errors import ChorusEdiError, ConfigurationError, Defect, Incident
from tests.integration.flows import AT, arrival
from tests.postgresql import Server

MOUNTS = (
    "22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw\n"
    "30 22 0:40 / /srv rw shared:5 - nfs4 filer:/srv rw,vers=4.2\n"
    "31 30 254:1 / /srv/local\\040disk rw - xfs /dev/vdb rw\n"
    "32 22 0:50 / /mnt rw - ext4 /dev/vdc rw\n"
    "33 22 0:51 / /mnt rw - fuse.sshfs me@there: rw\n"
    "a line that says nothing\n"
)


# -- SQLite ----------------------------------------------------------------------------------------


@pytest.fixture
def sqlite(sqlite_template: Path, tmp_path: Path) -> Iterator[Engine]:
    path = tmp_path / "chorus_edi.db"
    path.write_bytes(sqlite_template.read_bytes())
    engine = open_engine(f"sqlite:///{path}", patience=0.05)
    yield engine
    engine.dispose()


def test_sqlite_is_opened_to_outlive_a_power_cut(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'var' / 'new' / 'a.db'}")
    with reading(engine) as connection:
        asked = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        said = [connection.exec_driver_sql(f"PRAGMA {pragma}").scalar() for pragma in asked]
    engine.dispose()
    assert said == ["wal", 2, 1, 30_000]


def test_a_writer_that_waits_too_long_is_an_incident_and_a_reader_does_not_wait(
    sqlite: Engine,
) -> None:
    store = SqlStore(sqlite)
    with writing(sqlite), pytest.raises(Incident, match="occupée"):
        store.claim([arrival("a.xml")], AT)
    with writing(sqlite):
        assert list(store.suivi()) == []
    assert len(store.claim([arrival("a.xml")], AT)) == 1


def test_a_full_disk_is_an_incident_and_writes_nothing(sqlite: Engine) -> None:
    store = SqlStore(sqlite)
    with reading(sqlite) as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(Incident, match="disque plein"):
        store.claim([arrival(f"{n}.xml") for n in range(500)], AT)
    assert list(store.suivi()) == []


def test_a_database_closed_under_us_is_an_incident_once(sqlite: Engine) -> None:

    def ask_a_closed_connection() -> None:
        with reading(sqlite) as connection:
            connection.connection.driver_connection.close()  # type: ignore[union-attr]
            connection.execute(text("SELECT 1"))

    with pytest.raises(Incident, match="perdue"):
        ask_a_closed_connection()
    assert SqlStore(sqlite).unfinished() == []


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    path.write_bytes(b"<Invoice/>" * 1000)
    engine = open_engine(f"sqlite:///{path}")
    with pytest.raises(ConfigurationError, match="pas une base"):
        migrate(engine)
    engine.dispose()


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(ConfigurationError, match="ne peut pas être créé"):
        open_engine(f"sqlite:///{tmp_path / 'file' / 'sub' / 'a.db'}")


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:"])
def test_a_database_in_memory_is_refused(url: str) -> None:
    with pytest.raises(ConfigurationError, match="fichier"):
        open_engine(url)


def test_a_network_disk_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    mounts = f"1 0 0:1 / {tmp_path.resolve()} rw - cifs //filer/a rw\n"
    with pytest.raises(ConfigurationError, match=r"disque réseau \(cifs\)"):
        open_engine(f"sqlite:///{tmp_path / 'var' / 'a.db'}", mountinfo=lambda: mounts)
    assert not (tmp_path / "var").exists()


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("/var/lib", None),
        ("/srv", "nfs4"),
        ("/srv/data/x", "nfs4"),
        ("/srv/local disk/x", None),
        ("/srvother", None),
        ("/mnt/x", "fuse.sshfs"),
    ],
)
def test_the_deepest_and_last_mount_says_where_a_folder_lies(folder: str, kind: str | None) -> None:
    assert network_type(Path(folder), MOUNTS) == kind


def test_without_a_list_of_mounts_no_folder_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(*_: object, **__: object) -> str:
        raise FileNotFoundError

    monkeypatch.setattr(Path, "read_text", absent)
    assert read_mountinfo() == ""
    assert network_type(Path("/srv"), "") is None


# -- PostgreSQL ------------------------------------------------------------------------------------


@pytest.mark.postgresql
def test_a_server_that_drops_us_is_an_incident_once(
    postgresql: Server, postgresql_template: str
) -> None:
    url = postgresql.url(postgresql_template)
    engine = open_engine(url)
    other = open_engine(url)

    def ask_after_being_dropped() -> None:
        with reading(engine) as connection:
            pid = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar()
            with writing(other) as killer:
                killer.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
            connection.execute(text("SELECT 1"))

    with pytest.raises(Incident):
        ask_after_being_dropped()
    assert SqlStore(engine).unfinished() == []
    engine.dispose()
    other.dispose()


def test_a_server_that_does_not_answer_is_an_incident(tmp_path: Path) -> None:
    engine = open_engine(f"postgresql://user:secret@/name?host={tmp_path}")
    with pytest.raises(Incident) as raised:
        SqlStore(engine).flux(platform_number(1))
    assert "secret" not in str(raised.value)


def test_without_psycopg_the_operator_is_told_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(ConfigurationError, match=r"pip install 'chorus-edi\[postgresql\]'"):
        open_engine("postgresql://user@host/name")


@pytest.mark.parametrize("url", ["mysql://user@host/name", "not an address"])
def test_another_kind_of_database_is_refused(url: str) -> None:
    with pytest.raises(ConfigurationError, match=r"database\.url"):
        open_engine(url)


# -- both ------------------------------------------------------------------------------------------


def test_a_wrong_statement_is_a_defect_on_both(engine: Engine) -> None:
    with pytest.raises(Defect), reading(engine) as connection:
        connection.execute(text("SELECT nothing FROM nowhere"))


def test_what_the_schema_forbids_is_a_defect_that_quotes_no_data(engine: Engine) -> None:
    insert = text("INSERT INTO counter (name, value) VALUES ('FR76 3000', 1)")

    def insert_twice() -> None:
        with writing(engine) as connection:
            connection.execute(insert)
            connection.execute(insert)

    with pytest.raises(Defect, match="forbids") as raised:
        insert_twice()
    assert "3000" not in str(raised.value)


def _sqlite_error(code: int) -> sqlite3.Error:
    error = sqlite3.OperationalError("sqlite says\nand more")
    error.sqlite_errorcode = code
    return error


class _ServerError(Exception):
    def __init__(self, sqlstate: str) -> None:
        super().__init__("server says")
        self.sqlstate = sqlstate


@pytest.mark.parametrize(
    ("foreign", "ours"),
    [
        (exc.DatabaseError("", {}, _sqlite_error(sqlite3.SQLITE_CORRUPT)), Incident),
        (exc.OperationalError("", {}, _sqlite_error(sqlite3.SQLITE_BUSY_SNAPSHOT)), Incident),
        (exc.OperationalError("", {}, _sqlite_error(sqlite3.SQLITE_IOERR)), Incident),
        (exc.OperationalError("", {}, _sqlite_error(sqlite3.SQLITE_ERROR)), Defect),
        (exc.OperationalError("", {}, _ServerError("40P01")), Incident),
        (exc.OperationalError("", {}, _ServerError("53100")), Incident),
        (exc.OperationalError("", {}, _ServerError("54000")), Defect),
        (exc.InternalError("", {}, _ServerError("25006")), Incident),
        (exc.InternalError("", {}, _ServerError("XX000")), Defect),
        (exc.InterfaceError("", {}, Exception("")), Incident),
        (exc.TimeoutError("no connection free"), Incident),
        (exc.ProgrammingError("", {}, Exception("syntax")), Defect),
        (exc.InvalidRequestError("misuse"), Defect),
        (exc.StatementError("", "", {}, Incident("ours already")), Incident),
    ],
)
def test_every_foreign_exception_has_a_row(
    foreign: exc.SQLAlchemyError, ours: type[ChorusEdiError]
) -> None:
    translated = translate(foreign)
    assert type(translated) is ours
    assert "\n" not in str(translated)
