"""``chorus-edi kit``: what a vendor of ERPs needs to connect."""

# ruff: noqa: PLC0415 - heavy imports wait until the command runs: --help must stay quick

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def kit(
    folder: Annotated[
        Path, typer.Argument(metavar="DOSSIER", help="Dossier à écrire, vide.", file_okay=False)
    ],
) -> None:
    """Écrit le kit d'un éditeur de logiciel : noms, motifs, règles, cas / Kit for ERP vendors."""
    from chorus_edi import bootstrap

    count = bootstrap.write_kit(folder)
    typer.echo(f"{count} cas traités. Commencez par {folder / 'LISEZMOI.md'}.", err=True)
