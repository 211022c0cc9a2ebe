"""The directory of recipients and suppliers: reads a version of it, made by ``annuaire_import``."""

from __future__ import annotations

import copyreg
import re
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from datetime import date
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import Any, NoReturn

from chorus_edi.adapters.files.annuaire_tables import LAYOUT
from chorus_edi.domain.identifier_checks import canonical
from chorus_edi.domain.identifiers import IdentifierKind
from chorus_edi.domain.recipients import AnnuaireVersion, Service, Structure, Supplier
from chorus_edi.errors import ConfigurationError, Incident

CACHED = 4096
"""Answers each process keeps, per kind of question (about 2 MB when full)."""

POINTER = "current"
"""File that names the version in force."""

_SIREN = 9

_VERSION = re.compile(r"[0-9a-f]{16}")

_STRUCTURE = "SELECT * FROM structure WHERE identifier = ? AND kind = ?"
_SERVICE_COLUMNS = (
    "SELECT structure, code, name, demands_engagement, active, valid_from, valid_to FROM service"
)
# An identifier is unique within its kind only; a SIRET goes first.
_SERVICE = f"{_SERVICE_COLUMNS} WHERE structure = ? AND code = ? ORDER BY kind <> 'SIRET', kind"
_SERVICES = f"{_SERVICE_COLUMNS} WHERE structure = ? ORDER BY code, kind"
_SUPPLIER = "SELECT kind, identifier, name, active FROM supplier WHERE identifier = ? AND kind = ?"
_ESTABLISHMENT = (
    "SELECT kind, identifier, name, active FROM supplier WHERE kind = 'SIRET' "
    "AND identifier BETWEEN ? || '00000' AND ? || '99999' ORDER BY active DESC, identifier LIMIT 1"
)
_CONTENTS = "SELECT * FROM version"
_COVERED = "SELECT EXISTS (SELECT 1 FROM engagement WHERE structure = ?)"
_ENGAGEMENT = "SELECT open FROM engagement WHERE structure = ? AND number = ?"


def version_file(folder: Path, version: str) -> Path:
    """Return where a version is kept."""
    return folder / f"{version}.sqlite"


def current_directory(folder: Path) -> Path | None:
    """Return the file of the version in force; None where none was imported.

    Raises:
        ConfigurationError: the version in force is named, but it is not there.
    """
    try:
        version = (folder / POINTER).read_text(encoding="ascii", errors="replace").strip()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise Incident(f"annuaire : {folder / POINTER} illisible : {error}") from error
    path = version_file(folder, version)
    if not _VERSION.fullmatch(version) or not path.is_file():
        raise ConfigurationError(
            f"annuaire : {folder / POINTER} désigne la version « {version[:40]} », qui n'est pas "
            "là ; refaites « chorus-edi annuaire import »"
        )
    return path


def readable_directory(folder: Path) -> Path | None:
    """Return the file of the version in force; None where none was imported or it is lost."""
    try:
        return current_directory(folder)
    except ConfigurationError:
        return None


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
        self._database = connect(path)
        with ExitStack() as unless_sound:
            unless_sound.callback(self._database.close)
            self._contents = _contents_of(self._database, path)
            unless_sound.pop_all()
        self._structure = lru_cache(CACHED)(self._read_structure)
        self._service = lru_cache(CACHED)(self._read_service)
        self._supplier = lru_cache(CACHED)(self._read_supplier)
        self._covered = lru_cache(CACHED)(self._read_covered)

    def __enter__(self) -> SqliteDirectory:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def version(self) -> str:
        """Name of this version; the same name means the same content."""
        return self._contents.version

    @property
    def contents(self) -> AnnuaireVersion:
        """What this version holds."""
        return self._contents

    @property
    def lists_suppliers(self) -> bool:
        """True where this version was imported with a list of suppliers."""
        return self._contents.suppliers is not None

    def structure(self, kind: IdentifierKind, identifier: str) -> Structure | None:
        """Return a structure, active or not; blanks in the identifier do not count."""
        return self._structure(kind, canonical(identifier))

    def service(self, structure: str, code: str) -> Service | None:
        """Return a service of a structure, active or not; ``code`` is compared as written."""
        return self._service(canonical(structure), code.strip())

    def services(self, structure: str) -> Sequence[Service]:
        """Return every service of a structure, active or not, by code."""
        return [_service_from(row) for row in self._ask(_SERVICES, canonical(structure))]

    def supplier(self, kind: IdentifierKind, identifier: str) -> Supplier | None:
        """Return a supplier, active or not; by a SIREN, one of its establishments, active first."""
        return self._supplier(kind, canonical(identifier))

    def lists_engagements(self, structure: str) -> bool:
        """Tell whether the list of commitment numbers covers a structure."""
        return self._covered(canonical(structure))

    def engagement(self, structure: str, number: str) -> bool | None:
        """Tell whether a number of a structure is open; None where it is not listed."""
        found = self._ask(_ENGAGEMENT, canonical(structure), number.strip())
        return bool(found[0][0]) if found else None

    def close(self) -> None:
        """Close the file; asking again afterwards is an error."""
        self._database.close()

    def _read_supplier(self, kind: IdentifierKind, identifier: str) -> Supplier | None:
        found = self._ask(_SUPPLIER, identifier, kind.value)
        if not found and kind is IdentifierKind.SIREN and len(identifier) == _SIREN:
            found = self._ask(_ESTABLISHMENT, identifier, identifier)
        return _supplier_from(found[0]) if found else None

    def _read_covered(self, structure: str) -> bool:
        return bool(self._ask(_COVERED, structure)[0][0])

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
    structure, code, name, engagement, active, begins, ends = row
    return Service(
        structure=structure,
        code=code,
        name=name,
        demands_engagement=bool(engagement),
        active=bool(active),
        valid_from=date.fromisoformat(begins) if begins else None,
        valid_to=date.fromisoformat(ends) if ends else None,
    )


def _supplier_from(row: tuple[Any, ...]) -> Supplier:
    kind, identifier, name, active = row
    return Supplier(
        kind=IdentifierKind(kind), identifier=identifier, name=name, active=bool(active)
    )


def connect(path: Path) -> sqlite3.Connection:
    """Open read-only; ``immutable`` spares every lock, because a version never changes.

    Raises:
        ConfigurationError: there is no such file.
    """
    try:
        return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
    except sqlite3.Error as error:
        _unusable(path, error)


def layout_of(path: Path) -> int:
    """Return the number of the layout of a version."""
    with closing(connect(path)) as database:
        try:
            return int(database.execute("PRAGMA user_version").fetchone()[0])
        except sqlite3.Error as error:
            _unusable(path, error)


def _contents_of(database: sqlite3.Connection, path: Path) -> AnnuaireVersion:
    try:
        (layout,) = database.execute("PRAGMA user_version").fetchone()
        if layout != LAYOUT:
            _unusable(path, f"format {layout} au lieu de {LAYOUT}")
        cursor = database.execute(_CONTENTS)
        names = [column[0] for column in cursor.description]
        return AnnuaireVersion(**dict(zip(names, cursor.fetchone(), strict=True)))
    except (sqlite3.Error, TypeError) as error:
        _unusable(path, error)


def _unusable(path: Path, reason: object) -> NoReturn:
    raise ConfigurationError(
        f"annuaire : {path} inutilisable ({reason}) ; refaites « chorus-edi annuaire import »"
    )
