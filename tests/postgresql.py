"""Databases for tests: a real PostgreSQL started from installed binaries, and SQLite files.

``database_url`` gives a test a database of its own, of today's schema, once on each kind.
"""

from __future__ import annotations

import itertools
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from chorus_edi.adapters.store.engine import open_engine
from chorus_edi.adapters.store.schema import migrate
from tests.outside import missing

_TEMPLATE = "chorus_template"
_serial = itertools.count(1)


class Server:
    """One PostgreSQL server on a Unix socket, its data in a folder of its own."""

    def __init__(self, binaries: Path, root: Path) -> None:
        self._binaries = binaries
        self.root = root
        self._identity: dict[str, object] = {}
        if os.geteuid() == 0:
            # PostgreSQL refuses to run as root; "nobody" must reach its folder.
            nobody = pwd.getpwnam("nobody")
            os.chown(root, nobody.pw_uid, nobody.pw_gid)
            self._identity = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}

    def prepare(self) -> None:
        self._run("initdb", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync")

    def start(self) -> None:
        options = f"-k {self.root} -c listen_addresses='' -c fsync=off -c max_connections=50"
        self._run("pg_ctl", "-w", "-l", str(self.root / "log"), "-o", options, "start")

    def stop(self) -> None:
        """Let every process of the server die at once, as in a crash."""
        self._run("pg_ctl", "-w", "-m", "immediate", "stop")

    def restart(self) -> None:
        self.stop()
        self.start()

    def url(self, name: str) -> str:
        return f"postgresql+psycopg://postgres@/{name}?host={self.root}"

    def create(self, name: str, template: str = "template1") -> str:
        self._sql(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return self.url(name)

    def drop(self, name: str) -> None:
        self._sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _sql(self, statement: str) -> None:
        connect = psycopg.connect(
            host=str(self.root), user="postgres", dbname="postgres", autocommit=True
        )
        with connect as connection:
            connection.execute(statement.encode())

    def _run(self, program: str, *arguments: str) -> None:
        command = [self._binaries / program, "-D", self.root / "data", *arguments]
        done = subprocess.run(
            command,
            cwd=self.root,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            timeout=120,
            **self._identity,
        )
        if done.returncode:
            log = self.root / "log"
            said = log.read_text() if log.exists() else ""
            raise RuntimeError(f"{program}: {done.stderr}{said}")


def binaries() -> Path | None:
    """Return the folder of PostgreSQL's programs, of the highest version installed."""
    on_path = shutil.which("pg_ctl")
    debian = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"),
        key=lambda program: int(program.parts[-3]) if program.parts[-3].isdigit() else 0,
    )
    return Path(on_path).resolve().parent if on_path else (debian[-1].parent if debian else None)


@contextmanager
def running(binaries: Path) -> Iterator[Server]:
    """Run a server for as long as this lasts."""
    # Not pytest's own folder: it lies in one that only root may enter. Short: a socket's path is.
    root = Path(tempfile.mkdtemp(prefix="chorus-pg-"))
    server = Server(binaries, root)
    try:
        server.prepare()
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(root)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    """A running server; skips where PostgreSQL is not installed, and fails there in CI."""
    folder = binaries()
    if folder is None:
        missing("PostgreSQL is not installed: no pg_ctl on PATH or under /usr/lib/postgresql")
    with running(folder) as server:
        yield server


@pytest.fixture(scope="session")
def postgresql_template(postgresql: Server) -> str:
    """Name of a database of today's schema, to copy."""
    _migrated(postgresql.create(_TEMPLATE))
    return _TEMPLATE


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file of today's schema, to copy."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    _migrated(f"sqlite:///{path}")
    return path


def _migrated(url: str) -> None:
    engine = open_engine(url)
    migrate(engine)
    engine.dispose()


_BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]


@pytest.fixture(params=_BOTH)
def new_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], str]]:
    """Makes empty databases, without any schema, and gives their URLs."""
    made: list[str] = []

    def new_sqlite() -> str:
        return f"sqlite:///{tmp_path / f'empty{next(_serial)}.db'}"

    def new_postgresql() -> str:
        made.append(f"empty{next(_serial)}")
        return request.getfixturevalue("postgresql").create(made[-1])

    if request.param == "sqlite":
        yield new_sqlite
        return
    request.getfixturevalue("postgresql")
    yield new_postgresql
    for name in made:
        request.getfixturevalue("postgresql").drop(name)


@pytest.fixture(params=_BOTH)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """URL of a database of today's schema, empty, once on each kind."""
    if request.param == "sqlite":
        path = tmp_path / "chorus_edi.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    server: Server = request.getfixturevalue("postgresql")
    name = f"test{next(_serial)}"
    yield server.create(name, request.getfixturevalue("postgresql_template"))
    server.drop(name)
