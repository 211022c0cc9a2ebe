"""Imports the CSV files of the directory as a new version, and says what it changes.

One import is one version, one file ``<version>.sqlite`` that is never changed; ``current`` names
the version in force. The name is the digest of the content, whatever the order of the rows: the
same content is the same version.
"""

# ruff: noqa: S608 - statements are made of our own names of tables and columns

from __future__ import annotations

import hashlib
import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import msgspec

from chorus_edi.adapters.files.annuaire import POINTER, layout_of, version_file
from chorus_edi.adapters.files.annuaire_csv import (
    ENGAGEMENTS,
    SERVICES,
    STRUCTURES,
    SUPPLIERS,
    Faults,
    Layout,
    rows,
)
from chorus_edi.adapters.files.annuaire_tables import ALL, LAYOUT, Listed, schema
from chorus_edi.adapters.files.disk import make_folder, sync_folder, write_whole
from chorus_edi.domain.recipients import AnnuaireVersion, TableChange
from chorus_edi.errors import ConfigurationError, Incident

EXAMPLES = 3
"""Rows that a comparison names, of each kind of change."""

_PREFIX, _SUFFIX = ".import-", ".tmp"

_LONGEST = 3600
"""Seconds after which no import can still be writing its file."""

_CACHE = 65_536
"""Kilobytes of pages kept while a version is made: rows come in any order of their keys."""

_ORPHANS = """
SELECT count(*) FROM service s WHERE NOT EXISTS
    (SELECT 1 FROM structure t WHERE t.identifier = s.structure AND t.kind = s.kind)
"""


def import_annuaire(
    structures: Path,
    services: Path,
    folder: Path,
    suppliers: Path | None = None,
    engagements: Path | None = None,
) -> AnnuaireVersion:
    """Read the CSV files into a new version and make it the one in force.

    Nothing is half-applied: the version in force stays until the new one is whole and durable.

    Args:
        structures: CSV file of structures.
        services: CSV file of their services.
        folder: where versions are kept; made where it is missing.
        suppliers: CSV file of suppliers; None where there is no list, and nobody is unknown.
        engagements: CSV file of commitment numbers; None where none is judged.

    Raises:
        ConfigurationError: a file is unreadable or has faults; all are listed, up to a bound.
        Incident: the folder cannot be written.
    """
    files = ((structures, STRUCTURES), (services, SERVICES))
    given = ((suppliers, SUPPLIERS), (engagements, ENGAGEMENTS))
    with _our_failures(folder):
        make_folder(folder)
        handle, name = tempfile.mkstemp(prefix=_PREFIX, suffix=_SUFFIX, dir=folder)
        os.close(handle)
        temporary = Path(name)
        _forget_the_killed(temporary)
        try:
            imported = _build((*files, *given), temporary)
            temporary.chmod(0o444)
            with temporary.open("rb") as whole:
                os.fsync(whole.fileno())
            temporary.replace(version_file(folder, imported.version))
        finally:
            temporary.unlink(missing_ok=True)
        sync_folder(folder)
        write_whole(folder / POINTER, f"{imported.version}\n".encode())
        sync_folder(folder)
    return imported


def _forget_the_killed(temporary: Path) -> None:
    """Remove what imports that were killed left beside this one: nobody is still writing that."""
    now = temporary.stat().st_mtime
    for other in temporary.parent.glob(f"{_PREFIX}*{_SUFFIX}"):
        with suppress(FileNotFoundError):
            if other.stat().st_mtime < now - _LONGEST:
                other.unlink()


def _build(files: tuple[tuple[Path | None, Layout], ...], target: Path) -> AnnuaireVersion:
    """Fill a database from the files and return what it holds."""
    faults = Faults()
    with closing(sqlite3.connect(target, isolation_level=None)) as database:
        # A half-made file is thrown away, so it needs no journal; it is synced once it is whole.
        database.executescript(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; "
            f"PRAGMA cache_size = -{_CACHE}; {' '.join(schema())} BEGIN;"
        )
        structures, services, suppliers, engagements = (
            None if path is None else _insert(database, path, layout, faults)
            for path, layout in files
        )
        faults.refuse()
        (orphans,) = database.execute(_ORPHANS).fetchone()
        given = [layout.listed.table for path, layout in files if path is not None]
        version = AnnuaireVersion(
            version=_digest(database, given),
            structures=structures or 0,
            services=services or 0,
            orphans=orphans,
            suppliers=suppliers,
            engagements=engagements,
            wrong_keys=faults.wrong_keys,
        )
        database.execute(
            "INSERT INTO version VALUES (?,?,?,?,?,?,?)", msgspec.structs.astuple(version)
        )
        database.execute("COMMIT")
    return version


def _insert(database: sqlite3.Connection, path: Path, layout: Layout, faults: Faults) -> int:
    """Insert rows one by one, so that a duplicate key is reported with its line."""
    count, statement = 0, layout.listed.insert
    for where, values in rows(path, layout, faults):
        if database.execute(statement, values).rowcount:
            count += 1
        else:
            faults.add(where, f"{layout.key(values)} est déjà donné plus haut")
    return count


def _digest(database: sqlite3.Connection, given: list[str]) -> str:
    """Name a content: 16 digits of the SHA-256 of its rows by key, one JSON array per line."""
    digest = hashlib.sha256(f"chorus-edi annuaire {LAYOUT}\n".encode())
    encode = msgspec.json.encode
    for listed in ALL:
        digest.update(encode([listed.table, listed.table in given]))
        for row in database.execute(listed.select):
            digest.update(b"\n")
            digest.update(encode(row))
    return digest.hexdigest()[:16]


@contextmanager
def _our_failures(folder: Path) -> Iterator[None]:
    """Translate what the disk says into an ``Incident``."""
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        raise Incident(f"annuaire : impossible d'écrire dans {folder} : {error}") from error


# -- what an import changes ----------------------------------------------------------------------


def changes(before: Path, after: Path) -> tuple[TableChange, ...] | None:
    """Compare two versions, table by table; None where the older one cannot be read any more.

    That is one of another layout, or a damaged one: it must not keep a new one from being made.
    """
    try:
        if layout_of(before) != LAYOUT:
            return None
        with closing(sqlite3.connect(_read_only(after), uri=True)) as database:
            database.execute("ATTACH DATABASE ? AS older", (_read_only(before),))
            return tuple(_change(database, listed) for listed in ALL)
    except (sqlite3.Error, ConfigurationError):
        return None


def _read_only(path: Path) -> str:
    return f"{path.absolute().as_uri()}?mode=ro&immutable=1"


def _change(database: sqlite3.Connection, listed: Listed) -> TableChange:
    same = " AND ".join(f"n.{column} = o.{column}" for column in listed.key)
    differ = " OR ".join(
        f"n.{column} IS NOT o.{column}" for column in listed.names if column not in listed.key
    )
    newer, older = f"main.{listed.table}", f"older.{listed.table}"
    kinds = {
        "added": ("+", f"{newer} n WHERE NOT EXISTS (SELECT 1 FROM {older} o WHERE {same})"),
        "changed": ("~", f"{newer} n JOIN {older} o ON {same} WHERE {differ}"),
        "removed": ("-", f"{older} n WHERE NOT EXISTS (SELECT 1 FROM {newer} o WHERE {same})"),
    }
    counts: dict[str, int] = {}
    examples: list[str] = []
    key = ", ".join(f"n.{column}" for column in listed.key)
    for kind, (sign, found) in kinds.items():
        (counts[kind],) = database.execute(f"SELECT count(*) FROM {found}").fetchone()
        first = database.execute(f"SELECT {key} FROM {found} ORDER BY {key} LIMIT {EXAMPLES}")
        examples += (f"{sign} {_told(row)}" for row in first)
    return TableChange(table=listed.told, examples=tuple(examples), **counts)


def _told(key: tuple[Any, ...]) -> str:
    return " ".join(map(str, key))
