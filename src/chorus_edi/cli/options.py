"""The options that several commands share, and how their texts are read."""

# ruff: noqa: PLC0415 - heavy imports wait until the command runs: --help must stay quick

from __future__ import annotations

from enum import Enum, StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias, TypeVar

import typer

if TYPE_CHECKING:
    from datetime import date, datetime

    from chorus_edi.settings import Settings

Choice = TypeVar("Choice", bound=Enum)


class ListFormat(StrEnum):
    """How a list is written."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


ConfigOption: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--config",
        metavar="FICHIER",
        help="Fichier de configuration (TOML).",
    ),
]
FormatOption: TypeAlias = Annotated[
    ListFormat,
    typer.Option("--format", help="table pour lire, json ou csv (séparateur ;) pour exploiter."),
]


def settings_from(config: Path | None) -> Settings:
    """Read the settings; the import is late because ``--help`` must not pay for it."""
    from chorus_edi import bootstrap

    return bootstrap.load_settings(config)


def one_of(choices: type[Choice], text: str | None, option: str) -> Choice | None:
    """Read a member of an official list, whatever its case.

    Raises:
        typer.BadParameter: not in the list; the message gives the list.
    """
    if text is None:
        return None
    by_name = {str(member.value).upper(): member for member in choices}
    found = by_name.get(text.strip().upper())
    if found is None:
        known = ", ".join(by_name)
        raise typer.BadParameter(f"{text!r} inconnu. Valeurs : {known}.", param_hint=option)
    return found


def at_least_one(count: int) -> int:
    """Refuse a count under 1, in French.

    Raises:
        typer.BadParameter: it is.
    """
    if count < 1:
        raise typer.BadParameter(f"{count} : au moins 1 est attendu.")
    return count


def file_to_write(path: Path | None) -> Path | None:
    """Refuse a file that cannot be: its folder is missing, or it is a folder itself.

    Raises:
        typer.BadParameter: so it is.
    """
    if path is not None and path.is_dir():
        raise typer.BadParameter(f"{path} est un dossier.")
    if path is not None and not path.parent.is_dir():
        raise typer.BadParameter(f"{path} : le dossier {path.parent} n'existe pas.")
    return path


def folder_to_fill(path: Path) -> Path:
    """Refuse a folder that is a file.

    Raises:
        typer.BadParameter: it is.
    """
    if path.exists() and not path.is_dir():
        raise typer.BadParameter(f"{path} n'est pas un dossier.")
    return path


def instant(text: str | None, option: str) -> datetime | None:
    """Read a day (from its first minute in Paris) or an ISO 8601 instant, Paris by default.

    Raises:
        typer.BadParameter: not a date.
    """
    from chorus_edi.domain.legal_time import instant_of

    if text is None:
        return None
    try:
        return instant_of(text)
    except ValueError:
        raise _not_a_date(text, option, "AAAA-MM-JJ ou AAAA-MM-JJTHH:MM") from None


def day(text: str | None, option: str) -> date | None:
    """Read a day, ``AAAA-MM-JJ``.

    Raises:
        typer.BadParameter: not a day.
    """
    from chorus_edi.domain.legal_time import day_of

    if text is None:
        return None
    try:
        return day_of(text)
    except ValueError:
        raise _not_a_date(text, option, "AAAA-MM-JJ") from None


def _not_a_date(text: str, option: str, wanted: str) -> typer.BadParameter:
    return typer.BadParameter(f"{text!r} n'est pas une date. Écrivez {wanted}.", param_hint=option)
