"""``chorus-edi annuaire``: the directory of recipients."""

# ruff: noqa: PLC0415 - heavy imports wait until the command runs: --help must stay quick

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from chorus_edi.cli.options import (
    ConfigOption,
    FormatOption,
    ListFormat,
    at_least_one,
    folder_to_fill,
    settings_from,
)

if TYPE_CHECKING:
    from chorus_edi.services.annuaire import StructureSheet
    from chorus_edi.services.rows import Row

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@app.command("import")
def import_(
    structures: Annotated[
        Path | None, typer.Argument(help="Fichier CSV des structures ; sans lui, ceux configurés.")
    ] = None,
    services: Annotated[Path | None, typer.Argument(help="Fichier CSV des services.")] = None,
    fournisseurs: Annotated[
        Path | None, typer.Option(metavar="FICHIER", help="Fichier CSV des fournisseurs.")
    ] = None,
    engagements: Annotated[
        Path | None, typer.Option(metavar="FICHIER", help="Fichier CSV des engagements.")
    ] = None,
    config: ConfigOption = None,
) -> None:
    """Importe l'annuaire et dit ce qui change / Import the directory, and say what changes."""
    from chorus_edi import bootstrap
    from chorus_edi.services import annuaire as service

    settings = settings_from(config)
    imported = bootstrap.import_annuaire(
        settings,
        structures=structures,
        services=services,
        suppliers=fournisseurs,
        engagements=engagements,
    )
    for line in service.told(imported):
        typer.echo(line)
    for line in service.cautions(imported.version, settings.annuaire.fournisseurs_inconnus):
        typer.echo(line, err=True)


@app.command()
def show(
    siret: Annotated[str, typer.Argument(metavar="SIRET", help="SIRET de la structure.")],
    config: ConfigOption = None,
) -> None:
    """Montre une structure et ses services / Show a structure and its services."""
    from chorus_edi import bootstrap
    from chorus_edi.cli import render
    from chorus_edi.errors import ConfigurationError
    from chorus_edi.services import annuaire as service

    directory = bootstrap.open_annuaire(settings_from(config))
    sheet = service.show(directory, siret)
    if sheet is None:
        raise ConfigurationError(f"{siret} est absent de l'annuaire {directory.version}")
    render.write_fields(_fields(sheet))
    typer.echo("\nServices")
    columns = ("code", "nom", "actif", "periode", "exige")
    render.write_table(_services(sheet), columns, "Aucun service.")


@app.command()
def search(
    words: Annotated[
        list[str],
        typer.Argument(metavar="TEXTE…", help="Mots d'un nom, identifiant ou code service."),
    ],
    most: Annotated[
        int, typer.Option("--limite", metavar="N", callback=at_least_one, help="Réponses au plus.")
    ] = 100,
    form: FormatOption = ListFormat.TABLE,
    config: ConfigOption = None,
) -> None:
    """Cherche structures, services et fournisseurs / Search the directory."""
    from itertools import islice

    from chorus_edi import bootstrap
    from chorus_edi.cli import render
    from chorus_edi.services import annuaire as service

    text = " ".join(words)
    if not text.strip():
        raise typer.BadParameter("Un mot au moins.", param_hint="TEXTE…")
    matches = bootstrap.search_annuaire(settings_from(config), text)
    shown = service.found_rows(islice(matches, most))
    render.write_rows(shown, service.SEARCH_COLUMNS, form, "Rien de tel dans l'annuaire.")
    if next(matches, None) is not None:
        typer.echo(f"Les {most} premières réponses ; précisez, ou donnez --limite.", err=True)


@app.command()
def export(
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="DOSSIER", callback=folder_to_fill, help="Où écrire les fichiers CSV."
        ),
    ],
    config: ConfigOption = None,
) -> None:
    """Écrit l'annuaire en CSV, à importer ailleurs / Write the directory as CSV files."""
    from chorus_edi import bootstrap

    for path in bootstrap.export_annuaire(settings_from(config), folder):
        typer.echo(path)


def _fields(sheet: StructureSheet) -> Row:
    return {
        "identifiant": sheet.identifier,
        "type": sheet.kind.value,
        "raison_sociale": sheet.name,
        "actif": _yes(sheet.active),
        "exige": ", ".join(label.fr for label in sheet.demands) or "rien de particulier",
        "annuaire": sheet.version,
    }


def _services(sheet: StructureSheet) -> list[Row]:
    return [
        {
            "code": service.code,
            "nom": service.name,
            "actif": _yes(service.active),
            "periode": service.period,
            "exige": ", ".join(label.fr for label in service.demands) or None,
        }
        for service in sheet.services
    ]


def _yes(flag: bool) -> str:
    return "oui" if flag else "non"
