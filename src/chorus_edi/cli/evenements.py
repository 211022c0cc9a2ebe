"""``chorus-edi evenements``: what happened to the installation itself."""

# ruff: noqa: PLC0415 - heavy imports wait until the command runs: --help must stay quick

from __future__ import annotations

from typing import Annotated

import typer

from chorus_edi.cli.options import (
    ConfigOption,
    FormatOption,
    ListFormat,
    instant,
    one_of,
    settings_from,
)


def evenements(
    genre: Annotated[
        str | None, typer.Option(metavar="GENRE", help="Genre, par exemple SILENCE.")
    ] = None,
    sujet: Annotated[
        str | None, typer.Option(metavar="TEXTE", help="Partenaire, serveur, disque ou tâche.")
    ] = None,
    depuis: Annotated[
        str | None, typer.Option(metavar="AAAA-MM-JJ", help="Survenus depuis ce jour.")
    ] = None,
    form: FormatOption = ListFormat.TABLE,
    config: ConfigOption = None,
) -> None:
    """Affiche les événements de l'installation / Show the events of the installation."""
    from chorus_edi import bootstrap
    from chorus_edi.cli.render import write_rows
    from chorus_edi.domain.operations import OperationKind
    from chorus_edi.services import evenements as service

    kind = one_of(OperationKind, genre, "--genre")
    since = instant(depuis, "--depuis")
    with bootstrap.open_memory(settings_from(config)) as memory:
        found = service.rows(memory.journal, genre=kind, sujet=sujet, depuis=since)
        write_rows(found, service.COLUMNS, form, "Aucun événement.")
