"""``chorus-edi annuaire``: the directory of recipients."""

# ruff: noqa: PLC0415 - heavy imports wait until the command runs: --help must stay quick

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from chorus_edi.cli.options import ConfigOption, settings_from

if TYPE_CHECKING:
    from chorus_edi.services.annuaire import StructureSheet
    from chorus_edi.services.rows import Row

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@app.command("import")
def import_(
    structures: Annotated[Path, typer.Argument(help="Fichier CSV des structures.")],
    services: Annotated[Path, typer.Argument(help="Fichier CSV des services.")],
    config: ConfigOption = None,
) -> None:
    """Importe l'annuaire : structures, puis services / Import the directory."""
    from chorus_edi import bootstrap

    version = bootstrap.import_annuaire(settings_from(config), structures, services)
    typer.echo(
        f"Annuaire {version.version} en vigueur : {version.structures} structures, "
        f"{version.services} services."
    )
    if version.orphans:
        typer.echo(
            f"Attention : {version.orphans} services sans structure, injoignables.", err=True
        )


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
    render.write_table(_services(sheet), ("code", "nom", "actif", "exige"), "Aucun service.")


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
            "exige": ", ".join(label.fr for label in service.demands) or None,
        }
        for service in sheet.services
    ]


def _yes(flag: bool) -> str:
    return "oui" if flag else "non"
