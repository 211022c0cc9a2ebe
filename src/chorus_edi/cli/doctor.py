"""``chorus-edi doctor``: what is in work, half delivered, waiting or inconsistent."""

# ruff: noqa: PLC0415 - heavy imports wait until the command runs: --help must stay quick

from __future__ import annotations

from typing import Annotated

import typer

from chorus_edi.cli.options import (
    ConfigOption,
    FormatOption,
    ListFormat,
    at_least_one,
    settings_from,
)


def doctor(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Dit ce qui serait réparé, sans rien changer.")
    ] = False,
    jours: Annotated[
        int,
        typer.Option(
            metavar="N",
            callback=at_least_one,
            help="Jours de dépôt dont les flux terminés sont relus.",
        ),
    ] = 30,
    tout: Annotated[bool, typer.Option("--tout", help="Relit tous les flux terminés.")] = False,
    form: FormatOption = ListFormat.TABLE,
    config: ConfigOption = None,
) -> None:
    """Examine l'installation et répare ce qui peut l'être / Check and repair the installation.

    Code de sortie 1 : une anomalie reste.
    """
    from chorus_edi import bootstrap
    from chorus_edi.cli.render import write_rows
    from chorus_edi.services.doctor import COLUMNS, Gravity, row_of

    days = None if tout else jours
    found = bootstrap.doctor(settings_from(config), dry_run=dry_run, days=days)
    rows = [row_of(remark, repaired=bool(remark.repair) and not dry_run) for remark in found]
    write_rows(rows, COLUMNS, form, "Rien à signaler.")
    if not tout:
        typer.echo(f"Flux terminés relus : ceux des {jours} derniers jours (--tout).", err=True)
    if any(remark.gravity is Gravity.WRONG for remark in found):
        raise typer.Exit(1)
