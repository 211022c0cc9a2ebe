"""Writes a version of the directory as CSV files, which import again to the same version."""

from __future__ import annotations

import csv
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from io import TextIOWrapper
from pathlib import Path
from typing import Any

from chorus_edi.adapters.files.annuaire import connect, open_directory
from chorus_edi.adapters.files.annuaire_tables import ALL, FLAG, Listed
from chorus_edi.adapters.files.disk import make_folder, sync_folder, writing_whole
from chorus_edi.errors import Incident


def export_annuaire(path: Path, folder: Path) -> list[Path]:
    """Write the lists of a version into a folder, row by row; return the files, in order.

    A list that the version was imported without is not written, nor are columns of addresses,
    which no version keeps. A file of the same name is replaced once the new one is whole.

    Raises:
        ConfigurationError: the version cannot be used.
        Incident: it cannot be read, or the folder not be written.
    """
    with open_directory(path) as directory:
        contents = directory.contents
    absent = {
        listed.table
        for listed, count in zip(ALL[2:], (contents.suppliers, contents.engagements), strict=True)
        if count is None
    }
    try:
        make_folder(folder)
        with closing(connect(path)) as database:
            written = [
                _write(database, listed, folder) for listed in ALL if listed.table not in absent
            ]
        sync_folder(folder)
    except (OSError, sqlite3.Error) as error:
        raise Incident(f"annuaire : export dans {folder} impossible : {error}") from error
    return written


def _write(database: sqlite3.Connection, listed: Listed, folder: Path) -> Path:
    target = folder / listed.file
    with writing_whole(target) as raw:
        file = TextIOWrapper(raw, encoding="utf-8", newline="")
        # With this ending a field that holds either half of it is quoted, and reads back equal.
        writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
        writer.writerow(listed.columns)
        writer.writerows(_rows(database, listed))
        file.detach()
    return target


def _rows(database: sqlite3.Connection, listed: Listed) -> Iterator[list[Any]]:
    flags = [kind == FLAG for _, kind in listed.columns.values()]
    for row in database.execute(listed.select):
        yield [
            ("true" if cell else "false") if flag else cell
            for cell, flag in zip(row, flags, strict=True)
        ]
