"""``chorus-edi rejets``: what was refused, why, and what to change."""

# ruff: noqa: PLC0415 - heavy imports wait until the command runs: --help must stay quick

from __future__ import annotations

from typing import Annotated

import typer

from chorus_edi.cli.options import ConfigOption, FormatOption, ListFormat, day, settings_from


def rejets(
    jour: Annotated[
        str | None,
        typer.Option("--date", metavar="AAAA-MM-JJ", help="Jour du dépôt, heure de Paris."),
    ] = None,
    emetteur: Annotated[
        str | None, typer.Option(metavar="CODE", help="Code application de l'émetteur.")
    ] = None,
    form: FormatOption = ListFormat.TABLE,
    config: ConfigOption = None,
) -> None:
    """Liste les rejets et leurs motifs / List the rejects."""
    from chorus_edi import bootstrap
    from chorus_edi.cli.render import write_rows
    from chorus_edi.services import rejets as service

    asked = day(jour, "--date")
    with bootstrap.open_store(settings_from(config)) as store:
        found = service.rows(store, jour=asked, emetteur=emetteur)
        write_rows(found, service.COLUMNS, form, "Aucun rejet.")
