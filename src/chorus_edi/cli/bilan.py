"""``chorus-edi bilan``: what came in during a night, and what became of it."""

# ruff: noqa: PLC0415 - heavy imports wait until the command runs: --help must stay quick

from __future__ import annotations

from typing import Annotated

import typer

from chorus_edi.cli.options import ConfigOption, FormatOption, ListFormat, day, settings_from


def bilan(
    date: Annotated[
        str | None,
        typer.Option(
            metavar="AAAA-MM-JJ",
            help="Jour où la nuit commence ; sans lui, la dernière nuit terminée.",
        ),
    ] = None,
    form: FormatOption = ListFormat.TABLE,
    config: ConfigOption = None,
) -> None:
    """Affiche le bilan d'une nuit par partenaire / Show the account of a night by partner.

    Code de sortie 1 : un écart, que dit la dernière colonne.
    """
    from chorus_edi import bootstrap
    from chorus_edi.cli.render import write_rows
    from chorus_edi.domain.legal_time import short
    from chorus_edi.services import bilan as service

    chosen = day(date, "--date")
    night, found = bootstrap.accounts(settings_from(config), bootstrap.system_clock(), chosen)
    write_rows(service.rows(night, found), service.COLUMNS, form, "Aucun dépôt.")
    typer.echo(f"Dépôts du {short(night.begin)} au {short(night.end)}.", err=True)
    if not all(account.sound for account in found):
        raise typer.Exit(1)
