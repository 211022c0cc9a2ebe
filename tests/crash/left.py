"""What a night leaves behind, file by file and row by row, and where two nights differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from sqlalchemy import select

from chorus_edi.adapters.store.engine import open_engine, reading
from chorus_edi.adapters.store.metadata import metadata
from chorus_edi.adapters.store.tables import attempt

Left = Mapping[str, object]
"""``fichier <path>`` → bytes, ``ligne <table> <key>`` → values."""

_PLACES = ("inbox", "outbox", "var/work", "var/archive", "var/rejets")
_LONGEST = 300


def files_of(root: Path) -> dict[str, object]:
    """Return every file of inbox, outbox, work, archive and rejects; empty work folders too."""
    found: dict[str, object] = {}
    for path in (path for place in _PLACES for path in sorted((root / place).rglob("*"))):
        if path.is_file():
            found[f"file {path.relative_to(root)}"] = path.read_bytes()
        elif "work" in path.parts:
            found[f"folder {path.relative_to(root)}"] = None
    return found


def rows_of(url: str) -> dict[str, object]:
    """Return every row of every table.

    Of attempts only whose they are: a document that kills its workers is tried again by each run.
    """
    engine = open_engine(url)
    found: dict[str, object] = {}
    try:
        with reading(engine) as connection:
            for table in metadata.sorted_tables:
                for row in connection.execute(select(table)):
                    values = dict(row._mapping)
                    key = ", ".join(str(values[column.name]) for column in table.primary_key)
                    if table is attempt:
                        del values["count"]
                    found[f"row {table.name} ({key})"] = values
    finally:
        engine.dispose()
    return found


def differences(expected: Left, found: Left) -> list[str]:
    """Say what differs, one line each; nothing where both nights left the same."""
    return [
        f"{name}: expected {_shown(expected, name)}, found {_shown(found, name)}"
        for name in sorted(expected.keys() | found.keys())
        if name not in expected or name not in found or expected[name] != found[name]
    ]


def counts(left: Left) -> Iterator[tuple[str, int]]:
    """Yield how many files and rows of each kind there are."""
    kinds = [" ".join(name.split()[:2]).split("/")[0] for name in left]
    for kind in sorted(set(kinds)):
        yield kind, kinds.count(kind)


def _shown(left: Left, name: str) -> str:
    if name not in left:
        return "nothing"
    value = left[name]
    if isinstance(value, bytes):
        return f"{len(value)} bytes {value[:60]!r}"
    shown = repr(value)
    return shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST]}…"
