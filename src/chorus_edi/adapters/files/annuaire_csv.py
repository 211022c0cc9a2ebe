"""The CSV files of the directory: reads them line by line and names every fault.

``;``-separated, UTF-8 with or without BOM, LF or CRLF, quoted where need be, booleans ``true`` or
``false``, columns in any order (issue text, point 8).
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import partial
from io import BufferedReader
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

from chorus_edi.adapters.files import annuaire_tables as tables
from chorus_edi.adapters.files.annuaire_tables import Listed
from chorus_edi.domain.identifier_checks import canonical, form_missed, key_is_wrong
from chorus_edi.domain.identifiers import IdentifierKind, compact, looks_like_siret
from chorus_edi.domain.labels import counted
from chorus_edi.domain.legal_time import day_of
from chorus_edi.errors import ConfigurationError, reason

SHOWN = 50
"""Faults listed; the others are counted."""

LONGEST_LINE = 1 << 20
"""Bytes of a line: a file of one endless line is not read whole."""

_BOOLEANS = {"true": True, "false": False}
_KINDS = {kind.value: kind for kind in IdentifierKind}


class Faults:
    """What is wrong with the files, in order; only the first are kept.

    ``wrong_keys`` counts what is told and does not keep anything from being imported.
    """

    def __init__(self) -> None:
        self.count = 0
        self.wrong_keys = 0
        self._shown: list[str] = []

    def add(self, where: str, what: str) -> None:
        """Record a fault at ``file, ligne n``."""
        self.count += 1
        if len(self._shown) < SHOWN:
            self._shown.append(f"  {where} : {what}")

    def refuse(self) -> None:
        """Do nothing where there is no fault.

        Raises:
            ConfigurationError: there are; the message lists them.
        """
        if not self.count:
            return
        lines = [f"annuaire non importé : {counted(self.count, 'anomalie')}", *self._shown]
        if self.count > len(self._shown):
            lines.append(f"  … et {counted(self.count - len(self._shown), 'autre')}")
        raise ConfigurationError("\n".join(lines))


def _kind(text: str) -> str:
    if text not in _KINDS:
        raise ValueError(f"« {text} » n'est pas un type d'identifiant ({', '.join(_KINDS)})")
    return text


def _boolean(text: str) -> bool:
    value = _BOOLEANS.get(text)
    if value is None:
        value = _BOOLEANS.get(text.lower())
    if value is None:
        raise ValueError(f"« {text} » n'est ni true ni false")
    return value


def _active(text: str) -> bool:
    """A list without the column, or with nothing in it, holds active ones only."""
    return _boolean(text) if text else True


def _filled(text: str) -> str:
    if not text:
        raise ValueError("valeur absente")
    return text


def _identifier(text: str) -> str:
    return _filled(canonical(text))


def _siret(text: str) -> str:
    identifier = _filled(compact(text))
    if not looks_like_siret(identifier):
        raise ValueError(f"« {identifier} » n'est pas un SIRET de 14 chiffres")
    return identifier


def _day(text: str) -> str | None:
    if not text:
        return None
    try:
        return day_of(text).isoformat()
    except ValueError:
        raise ValueError(f"« {text} » n'est pas une date AAAA-MM-JJ") from None


_READERS: Mapping[str, Callable[[str], Any]] = {
    "TypeIdentifiant": _kind,
    "Identifiant": _identifier,
    "RaisonSociale": _filled,
    "Code": _filled,
    "Nom": str,
    "ValideDu": _day,
    "ValideAu": _day,
    "SIRET": _siret,
    "Numero": _filled,
}
"""Column → how it is read; the others are booleans."""


class Layout(NamedTuple):
    """How the rows of one file are read.

    Attributes:
        listed: its columns.
        check: (values of a row, faults) → what is wrong with them together.
        key: names a row in a message, from its stored values.
    """

    listed: Listed
    check: Callable[[tuple[Any, ...], Faults], str | None]
    key: Callable[[tuple[Any, ...]], str]

    @property
    def readers(self) -> tuple[tuple[str, Callable[[str], Any]], ...]:
        """Each column with its reader, in the order of the stored row."""
        return tuple((name, self._reader(name)) for name in self.listed.columns)

    def _reader(self, name: str) -> Callable[[str], Any]:
        return _READERS.get(name, _active if name in self.listed.optional else _boolean)


def _check_party(row: tuple[Any, ...], faults: Faults) -> str | None:
    """Tell an identifier without the form of its kind; count one whose key alone is wrong."""
    wrong = _check_form(row, faults)
    if wrong is None and key_is_wrong(_KINDS[row[0]], row[1]):
        faults.wrong_keys += 1
    return wrong


def _check_form(row: tuple[Any, ...], _: Faults) -> str | None:
    kind, identifier = _KINDS[row[0]], row[1]
    form = form_missed(kind, identifier)
    if form is None:
        return None
    if kind is IdentifierKind.SIRET:
        return f"Identifiant : « {identifier} » n'est pas un SIRET de 14 chiffres"
    return f"Identifiant : « {identifier} » n'est pas un identifiant {kind.value} ({form})"


def _check_service(row: tuple[Any, ...], faults: Faults) -> str | None:
    *_, begins, ends = row
    if begins and ends and date.fromisoformat(begins) > date.fromisoformat(ends):
        return f"ValideAu : {ends} est avant ValideDu, {begins}"
    return _check_form(row, faults)


STRUCTURES = Layout(tables.STRUCTURES, _check_party, lambda row: f"la structure {row[0]} {row[1]}")
SERVICES = Layout(tables.SERVICES, _check_service, lambda row: f"le service {row[2]} de {row[1]}")
SUPPLIERS = Layout(tables.SUPPLIERS, _check_party, lambda row: f"le fournisseur {row[0]} {row[1]}")
ENGAGEMENTS = Layout(
    tables.ENGAGEMENTS,
    lambda _row, _faults: None,
    lambda row: f"l'engagement {row[1]} de {row[0]}",
)


def rows(path: Path, layout: Layout, faults: Faults) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """Yield (where it stands, values in the layout's order) per sound row.

    Args:
        path: the CSV file.
        layout: which of the files it is.
        faults: gets what is wrong with the others.

    Raises:
        ConfigurationError: the file cannot be read.
    """
    try:
        with path.open("rb") as file:
            yield from _records(_decoded(file, path, faults), path, layout, faults)
    except OSError as error:
        _unreadable(path, error)


def _unreadable(path: Path, error: OSError) -> NoReturn:
    raise ConfigurationError(f"annuaire : {path} illisible : {reason(error)}") from error


def _decoded(file: BufferedReader, path: Path, faults: Faults) -> Iterator[str]:
    """Yield lines as text; a line that is not UTF-8 is a fault, and is left empty."""
    for number, line in enumerate(iter(partial(file.readline, LONGEST_LINE), b""), 1):
        if len(line) == LONGEST_LINE and not line.endswith(b"\n"):
            faults.add(_where(path, number), f"plus de {LONGEST_LINE} octets sans fin de ligne")
            return
        try:
            yield line.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError:
            faults.add(_where(path, number), "n'est pas en UTF-8")
            yield "\n"


def _where(path: Path, line: int) -> str:
    return f"{path.name}, ligne {line}"


def _records(
    lines: Iterator[str], path: Path, layout: Layout, faults: Faults
) -> Iterator[tuple[str, tuple[Any, ...]]]:
    reader = csv.reader(lines, delimiter=";", strict=True)
    started = 1
    try:
        header = [name.strip() for name in next(reader, [])]
        indices = _indices(header, path, layout, faults)
        if indices is None:
            return
        places = tuple(zip(indices, layout.readers, strict=True))
        started = reader.line_num + 1
        for record in reader:
            where = _where(path, started)
            started = reader.line_num + 1
            if any(field.strip() for field in record):
                if len(record) != len(header):
                    faults.add(where, f"{len(record)} champs au lieu de {len(header)}")
                    continue
                values = _values(record, places, layout, where, faults)
                if values is not None:
                    yield where, values
    except csv.Error as error:
        faults.add(_where(path, started), f"guillemets ou champ illisibles ({error})")


def _indices(
    header: list[str], path: Path, layout: Layout, faults: Faults
) -> list[int | None] | None:
    """Return where each column stands; None where an obligatory one is missing or one is twice.

    A column that a file may do without, and does, stands nowhere.
    """
    columns = layout.listed.columns
    missing = [name for name in columns if name not in {*header, *layout.listed.optional}]
    twice = [name for name in columns if header.count(name) > 1]
    where = _where(path, 1)
    if missing:
        faults.add(where, f"colonne(s) absente(s) : {', '.join(missing)}")
    if twice:
        faults.add(where, f"colonne(s) en double : {', '.join(twice)}")
    if missing or twice:
        return None
    return [header.index(name) if name in header else None for name in columns]


_Place = tuple[int | None, tuple[str, Callable[[str], Any]]]


def _values(
    record: list[str], places: tuple[_Place, ...], layout: Layout, where: str, faults: Faults
) -> tuple[Any, ...] | None:
    """Read a record; None where it has a fault. Every fault of the record is told."""
    try:
        row = tuple(
            [read("" if index is None else record[index].strip()) for index, (_, read) in places]
        )
    except ValueError:
        _tell(record, places, where, faults)
        return None
    wrong = layout.check(row, faults)
    if wrong is not None:
        faults.add(where, wrong)
        return None
    return row


def _tell(record: list[str], places: tuple[_Place, ...], where: str, faults: Faults) -> None:
    for index, (name, read) in places:
        try:
            read("" if index is None else record[index].strip())
        except ValueError as error:
            faults.add(where, f"{name} : {error}")
