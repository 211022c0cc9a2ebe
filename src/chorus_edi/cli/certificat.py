"""``chorus-edi certificat``: certificates of deposit, and whether one that is held is right."""

# ruff: noqa: PLC0415 - heavy imports wait until the command runs: --help must stay quick

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from chorus_edi.cli.options import (
    ConfigOption,
    FormatOption,
    ListFormat,
    file_to_write,
    settings_from,
)

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

_Id = Annotated[str, typer.Argument(metavar="ID", help="Facture : numéro de flux-rang.")]


@app.command()
def show(identity: _Id, form: FormatOption = ListFormat.TABLE, config: ConfigOption = None) -> None:
    """Affiche le certificat d'une facture / Show the certificate of an invoice."""
    from chorus_edi import bootstrap
    from chorus_edi.cli import render
    from chorus_edi.services import certificats

    with bootstrap.open_certificates(settings_from(config)) as certificates:
        row = certificats.row_of(certificates.find(identity))
    if form is ListFormat.JSON:
        render.write_json_object(render.jsonable(row))
    elif form is ListFormat.CSV:
        render.write_csv([row], certificats.COLUMNS)
    else:
        render.write_fields(row)


@app.command()
def pdf(
    identity: _Id,
    target: Annotated[
        Path,
        typer.Option(
            "--sortie", metavar="FICHIER", callback=file_to_write, help="Où écrire le PDF."
        ),
    ],
    config: ConfigOption = None,
) -> None:
    """Écrit le certificat d'une facture en PDF / Write the certificate as a PDF."""
    from chorus_edi import bootstrap

    bootstrap.write_certificate(settings_from(config), identity, target)
    typer.echo(target)


@app.command()
def verify(
    subjects: Annotated[
        list[str],
        typer.Argument(metavar="OBJET…", help="Numéro de certificat, son PDF, ou facture."),
    ],
    form: FormatOption = ListFormat.TABLE,
    config: ConfigOption = None,
) -> None:
    """Dit si un certificat est juste, et de quelle facture / Verify certificates."""
    from chorus_edi import bootstrap
    from chorus_edi.cli import render
    from chorus_edi.services import certificats

    with bootstrap.open_certificates(settings_from(config)) as certificates:
        told = [one for subject in subjects for one in certificates.verify(subject)]
    rows = map(certificats.verified_row, told)
    render.write_rows(rows, certificats.VERIFIED_COLUMNS, form, "Rien à vérifier.")
    raise typer.Exit(certificats.exit_code(told))
