"""The directory of recipients: imports the public CSV files into a SQLite file, and reads it.

One import is one version, one file ``<version>.sqlite`` that is never changed; ``current`` names
the version in force. The same CSV files always give the same version and the same bytes. Layout of
the CSV files: issue text (structures, services); ``annuaire_csv`` reads them.
"""

from __future__ import annotations

import copyreg
import hashlib
import os
import re
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import Any, NoReturn, TypeVar

from chorus_edi.adapters.files.annuaire_csv import SERVICES, STRUCTURES, Faults, rows
from chorus_edi.adapters.files.disk import make_folder, sync_folder, write_whole
from chorus_edi.domain.identifiers import IdentifierKind, compact
from chorus_edi.domain.recipients import AnnuaireVersion, Service, Structure
from chorus_edi.errors import ConfigurationError, Incident

LAYOUT = 1
"""Number of our SQLite layout; it is part of the version, and it is ``user_version``."""

CACHED = 4096
"""Answers each process keeps, per kind of question (about 2 MB when full)."""

_POINTER = "current"
_VERSION = re.compile(r"[0-9a-f]{16}")

_TABLES = """
CREATE TABLE structure (
    kind TEXT NOT NULL, identifier TEXT NOT NULL, name TEXT NOT NULL,
    edi_sender INTEGER NOT NULL, edi_recipient INTEGER NOT NULL, payment_status INTEGER NOT NULL,
    demands_engagement INTEGER NOT NULL, demands_service INTEGER NOT NULL,
    demands_service_or_engagement INTEGER NOT NULL,
    is_moa INTEGER NOT NULL, is_moa_only INTEGER NOT NULL, active INTEGER NOT NULL,
    PRIMARY KEY (identifier, kind)
) WITHOUT ROWID;
CREATE TABLE service (
    kind TEXT NOT NULL, structure TEXT NOT NULL, code TEXT NOT NULL, name TEXT NOT NULL,
    demands_engagement INTEGER NOT NULL, active INTEGER NOT NULL,
    PRIMARY KEY (structure, code, kind)
) WITHOUT ROWID;
CREATE TABLE version (
    version TEXT NOT NULL, structures INTEGER NOT NULL, services INTEGER NOT NULL,
    orphans INTEGER NOT NULL
);
"""
_INSERT_STRUCTURE = "INSERT OR IGNORE INTO structure VALUES (?,?,?,?,?,?,?,?,?,?,?,?)"
_INSERT_SERVICE = "INSERT OR IGNORE INTO service VALUES (?,?,?,?,?,?)"
_STRUCTURE = "SELECT * FROM structure WHERE identifier = ? AND kind = ?"
_SERVICE_COLUMNS = "SELECT structure, code, name, demands_engagement, active FROM service"
# An identifier is unique within its kind only; a SIRET goes first.
_SERVICE = f"{_SERVICE_COLUMNS} WHERE structure = ? AND code = ? ORDER BY kind <> 'SIRET', kind"
_SERVICES = f"{_SERVICE_COLUMNS} WHERE structure = ? ORDER BY code, kind"
_ORPHANS = """
SELECT count(*) FROM service s WHERE NOT EXISTS
    (SELECT 1 FROM structure t WHERE t.identifier = s.structure AND t.kind = s.kind)
"""

T = TypeVar("T")


# -- import ------------------------------------------------------------------------------------


def import_annuaire(structures: Path, services: Path, folder: Path) -> AnnuaireVersion:
    """Read both CSV files into a new version and make it the one in force.

    Nothing is half-applied: the version in force stays until the new one is whole and durable.

    Args:
        structures: CSV file of structures.
        services: CSV file of their services.
        folder: where versions are kept; made where it is missing.

    Raises:
        ConfigurationError: a file is unreadable or has faults; all are listed, up to a bound.
        Incident: the folder cannot be written.
    """
    with _our_failures(folder):
        make_folder(folder)
        handle, name = tempfile.mkstemp(prefix=".import-", suffix=".tmp", dir=folder)
        os.close(handle)
        temporary = Path(name)
        try:
            imported = _build(structures, services, temporary)
            temporary.chmod(0o444)
            with temporary.open("rb") as whole:
                os.fsync(whole.fileno())
            temporary.replace(_file(folder, imported.version))
        finally:
            temporary.unlink(missing_ok=True)
        sync_folder(folder)
        write_whole(folder / _POINTER, f"{imported.version}\n".encode())
        sync_folder(folder)
    return imported


def _build(structures: Path, services: Path, target: Path) -> AnnuaireVersion:
    """Fill a database from both files and return what it holds."""
    faults = Faults()
    digest = hashlib.sha256(f"chorus-edi annuaire {LAYOUT}\n".encode())
    with closing(sqlite3.connect(target, isolation_level=None)) as database:
        # A half-made file is thrown away, so it needs no journal; it is synced once it is whole.
        database.executescript(
            f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA user_version = {LAYOUT};"
            f"{_TABLES} BEGIN;"
        )
        counts = []
        for path, layout, insert in (
            (structures, STRUCTURES, _INSERT_STRUCTURE),
            (services, SERVICES, _INSERT_SERVICE),
        ):
            content = hashlib.sha256()
            counts.append(_insert(database, insert, rows(path, layout, content, faults), faults))
            digest.update(content.digest())
        faults.refuse()
        (orphans,) = database.execute(_ORPHANS).fetchone()
        version = digest.hexdigest()[:16]
        database.execute("INSERT INTO version VALUES (?,?,?,?)", (version, *counts, orphans))
        database.execute("COMMIT")
    return AnnuaireVersion(
        version=version, structures=counts[0], services=counts[1], orphans=orphans
    )


def _insert(
    database: sqlite3.Connection,
    statement: str,
    lines: Iterator[tuple[str, tuple[Any, ...], str]],
    faults: Faults,
) -> int:
    """Insert rows one by one, so that a duplicate key is reported with its line."""
    count = 0
    for where, values, key in lines:
        if database.execute(statement, values).rowcount:
            count += 1
        else:
            faults.add(where, f"{key} est déjà donné plus haut")
    return count


@contextmanager
def _our_failures(folder: Path) -> Iterator[None]:
    """Translate what the disk says into an ``Incident``."""
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        raise Incident(f"annuaire : impossible d'écrire dans {folder} : {error}") from error


# -- reading -----------------------------------------------------------------------------------


def _file(folder: Path, version: str) -> Path:
    return folder / f"{version}.sqlite"


def current_directory(folder: Path) -> Path | None:
    """Return the file of the version in force; None where none was imported.

    Raises:
        ConfigurationError: the version in force is named, but it is not there.
    """
    try:
        version = (folder / _POINTER).read_text(encoding="ascii", errors="replace").strip()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise Incident(f"annuaire : {folder / _POINTER} illisible : {error}") from error
    path = _file(folder, version)
    if not _VERSION.fullmatch(version) or not path.is_file():
        raise ConfigurationError(
            f"annuaire : {folder / _POINTER} désigne la version « {version[:40]} », qui n'est pas "
            "là ; refaites « chorus-edi annuaire import »"
        )
    return path


def open_directory(path: Path) -> SqliteDirectory:
    """Open a version of the directory.

    Raises:
        ConfigurationError: there is no such file, or it is not a directory of our layout.
    """
    return SqliteDirectory(path)


class SqliteDirectory:
    """One version of the directory, read-only; implements ``ports.Directory``.

    It travels to workers as its path: each process opens the file and keeps its own answers. One
    instance serves one thread.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._database = _connect(path)
        with ExitStack() as unless_sound:
            unless_sound.callback(self._database.close)
            self._version = _version_of(self._database, path)
            unless_sound.pop_all()
        self._structure = lru_cache(CACHED)(self._read_structure)
        self._service = lru_cache(CACHED)(self._read_service)

    def __enter__(self) -> SqliteDirectory:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; asking again afterwards is an error."""
        self._database.close()

    @property
    def version(self) -> str:
        """Name of this version; the same name means the same content."""
        return self._version

    def structure(self, kind: IdentifierKind, identifier: str) -> Structure | None:
        """Return a structure, active or not; blanks in the identifier do not count."""
        return self._structure(kind, compact(identifier))

    def service(self, structure: str, code: str) -> Service | None:
        """Return a service of a structure, active or not; ``code`` is compared as written."""
        return self._service(compact(structure), code.strip())

    def services(self, structure: str) -> Sequence[Service]:
        """Return every service of a structure, active or not, by code."""
        return [_service_from(row) for row in self._ask(_SERVICES, compact(structure))]

    def _read_structure(self, kind: IdentifierKind, identifier: str) -> Structure | None:
        found = self._ask(_STRUCTURE, identifier, kind.value)
        return _structure_from(found[0]) if found else None

    def _read_service(self, structure: str, code: str) -> Service | None:
        found = self._ask(_SERVICE, structure, code)
        return _service_from(found[0]) if found else None

    def _ask(self, question: str, *values: str) -> list[tuple[Any, ...]]:
        try:
            return self._database.execute(question, values).fetchall()
        except sqlite3.Error as error:
            raise Incident(f"annuaire : lecture de {self.path} impossible : {error}") from error


def _by_path(directory: SqliteDirectory) -> tuple[Callable[[Path], SqliteDirectory], tuple[Path]]:
    return open_directory, (directory.path,)


copyreg.pickle(SqliteDirectory, _by_path)


def _structure_from(row: tuple[Any, ...]) -> Structure:
    kind, identifier, name, *flags = row
    (sender, recipient, payment, engagement, service, either, moa, moa_only, active) = map(
        bool, flags
    )
    return Structure(
        kind=IdentifierKind(kind),
        identifier=identifier,
        name=name,
        edi_sender=sender,
        edi_recipient=recipient,
        payment_status=payment,
        demands_engagement=engagement,
        demands_service=service,
        demands_service_or_engagement=either,
        is_moa=moa,
        is_moa_only=moa_only,
        active=active,
    )


def _service_from(row: tuple[Any, ...]) -> Service:
    structure, code, name, engagement, active = row
    return Service(
        structure=structure,
        code=code,
        name=name,
        demands_engagement=bool(engagement),
        active=bool(active),
    )


def _connect(path: Path) -> sqlite3.Connection:
    """Open read-only; ``immutable`` spares every lock, because a version never changes."""
    try:
        return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
    except sqlite3.Error as error:
        _unusable(path, error)


def _version_of(database: sqlite3.Connection, path: Path) -> str:
    try:
        (layout,) = database.execute("PRAGMA user_version").fetchone()
        if layout != LAYOUT:
            _unusable(path, f"format {layout} au lieu de {LAYOUT}")
        return str(database.execute("SELECT version FROM version").fetchone()[0])
    except sqlite3.Error as error:
        _unusable(path, error)


def _unusable(path: Path, reason: object) -> NoReturn:
    raise ConfigurationError(
        f"annuaire : {path} inutilisable ({reason}) ; refaites « chorus-edi annuaire import »"
    )
