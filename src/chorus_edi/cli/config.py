"""``chorus-edi config``: the settings, before anything is started with them."""

# ruff: noqa: PLC0415 - heavy imports wait until the command runs: --help must stay quick

from __future__ import annotations

import typer

from chorus_edi.cli.options import ConfigOption, settings_from
from chorus_edi.errors import ExitCode

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def config() -> None:
    """Configuration / Settings."""


@app.command()
def check(config: ConfigOption = None) -> None:
    """Vérifie partenaires, annuaire et base / Check the settings.

    Comme un premier lancement, prépare la base et importe l'annuaire s'ils manquent.
    """
    from chorus_edi import bootstrap

    faults = bootstrap.check_config(settings_from(config))
    for fault in faults:
        typer.echo(f"✗ {fault}", err=True)
    if faults:
        raise typer.Exit(ExitCode.USAGE)
    typer.echo("Configuration correcte.")
