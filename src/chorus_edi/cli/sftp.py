"""``chorus-edi sftp``: exchanges with partners' servers, and the server that partners push to."""

# ruff: noqa: PLC0415 - heavy imports wait until the command runs: --help must stay quick

from __future__ import annotations

from typing import Annotated

import typer

from chorus_edi.cli.options import ConfigOption, FormatOption, ListFormat, settings_from

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

_Force = Annotated[
    bool,
    typer.Option("--maintenant", help="Essaie aussi les serveurs au repos après un échec."),
]


@app.command()
def etat(form: FormatOption = ListFormat.TABLE, config: ConfigOption = None) -> None:
    """Affiche l'état de chaque serveur et ce qui attend / Show how each server does."""
    from chorus_edi import bootstrap
    from chorus_edi.cli.render import write_rows
    from chorus_edi.services.exchanges import COLUMNS

    rows = bootstrap.server_states(settings_from(config), bootstrap.system_clock())
    write_rows(rows, COLUMNS, form, "Aucun serveur SFTP n'est configuré.")


@app.command()
def relever(maintenant: _Force = False, config: ConfigOption = None) -> None:
    """Relève une fois les serveurs des partenaires / Fetch once from every server."""
    from chorus_edi import bootstrap

    settings = settings_from(config)
    typer.echo(bootstrap.fetch_remote(settings, bootstrap.system_clock(), force=maintenant))


@app.command()
def envoyer(maintenant: _Force = False, config: ConfigOption = None) -> None:
    """Envoie une fois les comptes rendus en attente / Push what waits once."""
    from chorus_edi import bootstrap

    settings = settings_from(config)
    typer.echo(bootstrap.push_returns(settings, bootstrap.system_clock(), force=maintenant))


@app.command("config")
def config_(
    partenaires: Annotated[
        list[str] | None,
        typer.Argument(metavar="PARTENAIRE", help="Codes ; sans eux, tous les partenaires."),
    ] = None,
    preparation: Annotated[
        bool,
        typer.Option(
            "--preparation", help="Le script qui crée comptes, dossiers et montages (pour root)."
        ),
    ] = False,
    racine: Annotated[
        str | None, typer.Option(metavar="DOSSIER", help="Où les comptes sont enfermés.")
    ] = None,
    cles: Annotated[
        str | None, typer.Option(metavar="DOSSIER", help="Où sont leurs clés publiques.")
    ] = None,
    compte: Annotated[
        str | None, typer.Option(metavar="NOM", help="Compte qui fait tourner chorus-edi.")
    ] = None,
    config: ConfigOption = None,
) -> None:
    """Écrit la configuration OpenSSH qui reçoit les dépôts / Print the OpenSSH configuration.

    Un partenaire y dépose dans in/ et lit ses comptes rendus dans out/ ; rien d'autre.
    """
    from chorus_edi import bootstrap
    from chorus_edi.services import openssh

    settings = settings_from(config)
    accounts, places = bootstrap.sftp_accounts(
        settings, partenaires or (), root=racine, keys=cles, owner=compte
    )
    write = openssh.preparation if preparation else openssh.configuration
    typer.echo(write(accounts, places), nl=False)
