"""``chorus-edi base``: the database, its version, and the way into another one."""

# ruff: noqa: PLC0415 - heavy imports wait until the command runs: --help must stay quick

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from chorus_edi.cli.options import ConfigOption, FormatOption, ListFormat, settings_from

if TYPE_CHECKING:
    from chorus_edi.services.rows import Row

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@app.command()
def etat(form: FormatOption = ListFormat.TABLE, config: ConfigOption = None) -> None:
    """Affiche la version, la taille et le nombre de lignes / Show the state of the database."""
    from chorus_edi import bootstrap
    from chorus_edi.cli.render import write_rows

    state = bootstrap.base_state(settings_from(config))
    rows: list[Row] = [{"table": name, "lignes": count} for name, count in state.rows.items()]
    write_rows(rows, ("table", "lignes"), form, "Aucune table.")
    typer.echo(f"{state.kind}, version {state.version}, {state.size} octets", err=True)
    if state.version != state.wanted:
        typer.echo(f"Ce programme demande la version {state.wanted}.", err=True)


@app.command()
def migrer(config: ConfigOption = None) -> None:
    """Met la base au niveau du programme / Bring the database up to date.

    Sauvegardez avant : on ne revient pas en arrière.
    """
    from chorus_edi import bootstrap

    before, after = bootstrap.migrate_base(settings_from(config))
    if before == after:
        typer.echo(f"La base est déjà en version {after}.")
    elif before is None:
        typer.echo(f"Base vide préparée, en version {after}.")
    else:
        typer.echo(f"Base passée de la version {before} à la version {after}.")


@app.command()
def copier(
    vers: Annotated[
        str, typer.Option(metavar="ADRESSE", help="sqlite:///chemin ou postgresql://… ; vide.")
    ],
    form: FormatOption = ListFormat.TABLE,
    config: ConfigOption = None,
) -> None:
    """Copie la base dans une autre, vide, et compare / Copy the database into another one."""
    from chorus_edi import bootstrap
    from chorus_edi.cli.render import write_rows

    copies = bootstrap.copy_base(settings_from(config), vers)
    rows: list[Row] = [
        {"table": c.name, "lignes": c.rows, "empreinte": c.digest[:16]} for c in copies
    ]
    write_rows(rows, ("table", "lignes", "empreinte"), form, "Aucune table.")
    typer.echo(
        "Copie relue et identique. Indiquez-la dans [database] url pour continuer avec elle.",
        err=True,
    )
