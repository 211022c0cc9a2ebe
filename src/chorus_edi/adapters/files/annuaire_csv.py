"""The two CSV files of the public directory: reads them line by line and names every fault.

``;``-separated, UTF-8 with or without BOM, LF or CRLF, quoted where need be, booleans ``true`` or
``false``, columns in any order (issue text, point 8).
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

from chorus_edi.domain.identifiers import IdentifierKind, compact, looks_like_siret
from chorus_edi.errors import ConfigurationError

if TYPE_CHECKING:
    from hashlib import _Hash

SHOWN = 50
"""Faults listed; the others are counted."""

_BOOLEANS = {"true": True, "false": False}
_KINDS = {kind.value: kind for kind in IdentifierKind}


class Faults:
    """What is wrong with the files, in order; only the first are kept."""

    def __init__(self) -> None:
        self.count = 0
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
        lines = [f"annuaire non importé : {self.count} anomalie(s)", *self._shown]
        if self.count > len(self._shown):
            lines.append(f"  … et {self.count - len(self._shown)} autre(s)")
        raise ConfigurationError("\n".join(lines))


class Layout(NamedTuple):
    """One of the two files.

    Attributes:
        columns: obligatory columns, in the order of the stored row, each with its reader.
        key: names a row in a message, from its stored values.
    """

    columns: Mapping[str, Callable[[str], Any]]
    key: Callable[[tuple[Any, ...]], str]


def _kind(text: str) -> str:
    if text not in _KINDS:
        raise ValueError(f"« {text} » n'est pas un type d'identifiant ({', '.join(_KINDS)})")
    return text


def _boolean(text: str) -> bool:
    value = _BOOLEANS.get(text.lower())
    if value is None:
        raise ValueError(f"« {text} » n'est ni true ni false")
    return value


def _filled(text: str) -> str:
    if not text:
        raise ValueError("valeur absente")
    return text


def _identifier(text: str) -> str:
    return _filled(compact(text))


STRUCTURES = Layout(
    columns={
        "TypeIdentifiant": _kind,
        "Identifiant": _identifier,
        "RaisonSociale": _filled,
        "EmetteurEdi": _boolean,
        "RecepteurEdi": _boolean,
        "GestionStatutMiseEnPaiement": _boolean,
        "GestionEngagement": _boolean,
        "GestionService": _boolean,
        "GestionServiceEngagement": _boolean,
        "EstMOA": _boolean,
        "EstMOAUniquement": _boolean,
        "StructureActive": _boolean,
    },
    key=lambda row: f"la structure {row[0]} {row[1]}",
)
"""Columns of addresses are allowed and left out: nothing here needs them."""

SERVICES = Layout(
    columns={
        "TypeIdentifiant": _kind,
        "Identifiant": _identifier,
        "Code": _filled,
        "Nom": str,
        "GestionEGMT": _boolean,
        "ServiceActif": _boolean,
    },
    key=lambda row: f"le service {row[2]} de {row[1]}",
)
"""RaisonSociale repeats that of the structure; it is left out as the addresses are."""


def rows(
    path: Path, layout: Layout, digest: _Hash, faults: Faults
) -> Iterator[tuple[str, tuple[Any, ...], str]]:
    """Yield (where it stands, values in the layout's order, name of its key) per sound row.

    Args:
        path: the CSV file.
        layout: which of the two it is.
        digest: fed with every byte of the file.
        faults: gets what is wrong with the others.

    Raises:
        ConfigurationError: the file cannot be read.
    """
    try:
        with path.open("rb") as file:
            yield from _records(_decoded(file, path, digest, faults), path, layout, faults)
    except OSError as error:
        _unreadable(path, error)


def _unreadable(path: Path, error: OSError) -> NoReturn:
    raise ConfigurationError(f"annuaire : {path} illisible : {error.strerror}") from error


def _decoded(file: Iterator[bytes], path: Path, digest: _Hash, faults: Faults) -> Iterator[str]:
    """Yield lines as text; a line that is not UTF-8 is a fault, and is left empty."""
    for number, line in enumerate(file, 1):
        digest.update(line)
        try:
            yield line.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError:
            faults.add(_where(path, number), "n'est pas en UTF-8")
            yield "\n"


def _where(path: Path, line: int) -> str:
    return f"{path.name}, ligne {line}"


def _records(
    lines: Iterator[str], path: Path, layout: Layout, faults: Faults
) -> Iterator[tuple[str, tuple[Any, ...], str]]:
    reader = csv.reader(lines, delimiter=";", strict=True)
    started = 1
    try:
        header = [name.strip() for name in next(reader, [])]
        indices = _indices(header, path, layout, faults)
        if indices is None:
            return
        started = reader.line_num + 1
        for record in reader:
            where = _where(path, started)
            started = reader.line_num + 1
            if any(field.strip() for field in record):
                values = _values(record, len(header), indices, layout, where, faults)
                if values is not None:
                    yield where, values, layout.key(values)
    except csv.Error as error:
        faults.add(_where(path, started), f"guillemets ou champ illisibles ({error})")


def _indices(header: list[str], path: Path, layout: Layout, faults: Faults) -> list[int] | None:
    """Return where each obligatory column stands; None where one is missing or given twice."""
    missing = [name for name in layout.columns if name not in header]
    twice = [name for name in layout.columns if header.count(name) > 1]
    where = _where(path, 1)
    if missing:
        faults.add(where, f"colonne(s) absente(s) : {', '.join(missing)}")
    if twice:
        faults.add(where, f"colonne(s) en double : {', '.join(twice)}")
    return None if missing or twice else [header.index(name) for name in layout.columns]


def _values(
    record: list[str],
    width: int,
    indices: list[int],
    layout: Layout,
    where: str,
    faults: Faults,
) -> tuple[Any, ...] | None:
    """Read a record; None where it has a fault. Every fault of the record is told."""
    if len(record) != width:
        faults.add(where, f"{len(record)} champs au lieu de {width}")
        return None
    values: list[Any] = []
    before = faults.count
    for index, (name, read) in zip(indices, layout.columns.items(), strict=True):
        try:
            values.append(read(record[index].strip()))
        except ValueError as error:
            faults.add(where, f"{name} : {error}")
    if faults.count == before and values[0] == IdentifierKind.SIRET:
        _check_siret(values[1], where, faults)
    return tuple(values) if faults.count == before else None


def _check_siret(identifier: str, where: str, faults: Faults) -> None:
    # The key is left alone: the SIRETs of the qualification platform have wrong ones.
    if not looks_like_siret(identifier):
        faults.add(where, f"Identifiant : « {identifier} » n'est pas un SIRET de 14 chiffres")
