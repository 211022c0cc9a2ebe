"""How lists reach a screen, a pipe or a spreadsheet.

* ``json``: one array of objects, UTF-8, keys in contract order, instants in ISO 8601 with the
  Europe/Paris offset, null where there is nothing to say.
* ``csv``: separator ``;`` (what a French spreadsheet expects), header, UTF-8 without BOM, same
  instants, empty where there is nothing to say.
* ``table``: for people. Instants short, in Paris time. In a pipe: every column, one line per row.
  On a terminal: as many columns as fit; only prose is folded, never a number or a code.
"""

# ruff: noqa: PLC0415 - heavy imports wait until the command runs: --help must stay quick

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from chorus_edi.cli.options import ListFormat
from chorus_edi.domain.legal_time import iso, short
from chorus_edi.domain.statuses import DocumentState, FluxState
from chorus_edi.services.rows import Cell, Row

PROSE = {"nom_fichier": 14, "nom": 14, "message": 24, "conseil": 24, "detail": 24, "resultat": 24}
"""Columns that may be folded, with the least width they are still readable at."""

SPARE = (
    "sha256",
    "location",
    "canal",
    "taille",
    "interface",
    "etat",
    "circuit",
    "id",
    "line",
    "cadre",
    "emetteur",
    "date_etat",
    "date_statut",
    "fournisseur",
    "date_depot",
    "destinataire",
    "conseil",
    "engagement",
    "code_service",
    "nom_fichier",
    "nom",
    "motif",
    "devise",
)
"""Columns a narrow terminal does without, the first to go first."""

_GAP = 2

_TONES: dict[str, str] = {
    FluxState.IN_INTEGRE: "green",
    FluxState.IN_INTEGRE_PARTIEL: "yellow",
    FluxState.IN_REJETE: "red",
    FluxState.IN_INCIDENTE: "red",
    FluxState.IN_EN_ATTENTE_RETRAITEMENT_CPP: "yellow",
    FluxState.QP_RECEVABLE: "green",
    FluxState.QP_RECEVABLE_AVEC_ERREUR: "yellow",
    FluxState.QP_IRRECEVABLE: "red",
    DocumentState.INTEGRE: "green",
    DocumentState.REJETE: "red",
    DocumentState.IRRECEVABLE: "red",
    DocumentState.EN_ATTENTE: "yellow",
    DocumentState.CONFORME: "green",
}


def write_rows(rows: Iterable[Row], columns: Sequence[str], form: ListFormat, empty: str) -> None:
    """Write a list to the standard output.

    Args:
        rows: what to write, each with just these columns.
        columns: the header.
        form: how.
        empty: sentence that stands for an empty table.
    """
    if form is ListFormat.JSON:
        write_json_array(rows)
    elif form is ListFormat.CSV:
        write_csv(rows, columns)
    else:
        write_table(list(rows), columns, empty)


def write_json_array(rows: Iterable[Row]) -> None:
    """Write an array of objects, one per line, without holding them all."""
    opening = "["
    for row in rows:
        sys.stdout.write(f"{opening}\n{json.dumps(jsonable(row), ensure_ascii=False)}")
        opening = ","
    sys.stdout.write("[]\n" if opening == "[" else "\n]\n")


def write_csv(rows: Iterable[Mapping[str, Cell]], columns: Sequence[str]) -> None:
    """Write a header and one line per row; absent columns stay empty."""
    writer = csv.writer(sys.stdout, delimiter=";", lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_exact(row.get(column)) for column in columns])


def write_json_object(value: Mapping[str, Any]) -> None:
    """Write one object, indented."""
    sys.stdout.write(f"{json.dumps(value, ensure_ascii=False, indent=2)}\n")


def write_fields(row: Mapping[str, Cell]) -> None:
    """Write one row as a list of names and values, those that say nothing left out."""
    told = {name: screen(cell) for name, cell in row.items() if cell is not None}
    width = max(map(len, told), default=0)
    for name, text in told.items():
        sys.stdout.write(f"{name.ljust(width)}  {text}\n")


def jsonable(row: Mapping[str, Cell]) -> dict[str, Any]:
    """Return a row as JSON knows it."""
    return {name: iso(cell) if isinstance(cell, datetime) else cell for name, cell in row.items()}


def write_table(rows: Sequence[Row], columns: Sequence[str], empty: str) -> None:
    """Write a table for people."""
    if not rows:
        sys.stdout.write(f"{empty}\n")
    elif sys.stdout.isatty():
        _write_on_terminal(rows, columns)
    else:
        for line in plain_lines(rows, columns):
            sys.stdout.write(f"{line}\n")


def plain_lines(rows: Sequence[Row], columns: Sequence[str]) -> Iterator[str]:
    """Yield a header and one aligned line per row, however wide."""
    widths = {column: _natural_width(rows, column) for column in columns}
    yield "  ".join(column.ljust(widths[column]) for column in columns).rstrip()
    for row in rows:
        cells = (_aligned(row[column], widths[column]) for column in columns)
        yield "  ".join(cells).rstrip()


def fitting(rows: Sequence[Row], columns: Sequence[str], width: int) -> list[str]:
    """Return the columns that fit a width, dropping the spare ones until they do."""
    needs = {column: _least_width(rows, column) for column in columns}
    kept = list(columns)
    for column in SPARE:
        if sum(needs[c] + _GAP for c in kept) - _GAP <= width:
            break
        if column in kept:
            kept.remove(column)
    return kept


def one_line(text: str) -> str:
    """Return text that is safe on a terminal: no line break, no control character."""
    return "".join(c if c.isprintable() else " " if c.isspace() else "�" for c in text)


def screen(cell: Cell) -> str:
    """Return a cell as people read it."""
    if cell is None:
        return ""
    return short(cell) if isinstance(cell, datetime) else one_line(str(cell))


def _exact(cell: Cell) -> str | int:
    if cell is None:
        return ""
    return iso(cell) if isinstance(cell, datetime) else cell


def _aligned(cell: Cell, width: int) -> str:
    text = screen(cell)
    return text.rjust(width) if isinstance(cell, int) else text.ljust(width)


def _natural_width(rows: Sequence[Row], column: str) -> int:
    return max(len(column), *(len(screen(row[column])) for row in rows))


def _least_width(rows: Sequence[Row], column: str) -> int:
    natural = _natural_width(rows, column)
    least = max(PROSE.get(column, natural), len(column))
    return min(natural, least)


def _write_on_terminal(rows: Sequence[Row], columns: Sequence[str]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(highlight=False)
    kept = fitting(rows, columns, console.width)
    table = Table(box=None, padding=(0, _GAP, 0, 0), pad_edge=False, header_style="bold")
    for column in kept:
        right = isinstance(rows[0][column], int)
        table.add_column(
            column,
            no_wrap=column not in PROSE,
            overflow="fold",
            justify="right" if right else "left",
        )
    for row in rows:
        table.add_row(*(Text(screen(row[c]), style=_tone(row, c)) for c in kept))
    console.print(table)
    if hidden := [column for column in columns if column not in kept]:
        note = f"Colonnes masquées : {', '.join(hidden)} (voir --format json ou csv)."
        console.print(note, style="dim", soft_wrap=True)


def _tone(row: Row, column: str) -> str:
    if column not in ("etat", "etat_libelle", "statut"):
        return ""
    return _TONES.get(str(row.get("etat")), "")
