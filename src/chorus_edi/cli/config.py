"""``chorus-edi config``: the settings, before anything is started with them."""

# ruff: noqa: PLC0415 - heavy imports wait until the command runs: --help must stay quick

from __future__ import annotations

from pathlib import Path
from typing import Annotated

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


@app.command()
def init(
    dossier: Annotated[Path, typer.Argument(metavar="DOSSIER", file_okay=False)] = Path(),
) -> None:
    """Prépare un dossier d'exploitation neuf / Make a fresh installation folder.

    Écrit config/ (réglages, partenaires fictifs, petit annuaire) et crée inbox/, outbox/, var/.
    """
    from chorus_edi import bootstrap

    bootstrap.new_installation(dossier)
    config = dossier / "config"
    typer.echo(
        f"Dossier prêt : {dossier.absolute()}\n"
        f"  {config / 'partenaires.toml'}  vos partenaires, à la place des sociétés fictives\n"
        f"  {config / 'chorus_edi.toml'}   dossiers, base, limites, conservation\n"
        "Puis, depuis ce dossier : chorus-edi config check"
    )


@app.command()
def systemd(
    utilisateur: Annotated[
        str, typer.Option(metavar="NOM", help="Compte sous lequel le service tourne.")
    ] = "chorus-edi",
    config: ConfigOption = None,
) -> None:
    """Écrit l'unité systemd de cette installation / Print the systemd unit.

    À placer dans /etc/systemd/system/chorus-edi.service, par qui administre la machine.
    """
    from chorus_edi import bootstrap
    from chorus_edi.settings import DEFAULT_FILE

    settings = settings_from(config)
    unit = bootstrap.systemd_unit(settings, config or DEFAULT_FILE, utilisateur)
    typer.echo(unit, nl=False)
