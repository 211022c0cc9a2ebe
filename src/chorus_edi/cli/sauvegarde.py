"""``chorus-edi sauvegarde`` and ``restauration``: an installation put away, and brought back."""

# ruff: noqa: PLC0415 - heavy imports wait until the command runs: --help must stay quick

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from chorus_edi.cli.options import ConfigOption, folder_to_fill, settings_from

_SHOWN = 20


def sauvegarde(
    dossier: Annotated[
        Path,
        typer.Argument(
            metavar="DOSSIER", callback=folder_to_fill, help="Où sont toutes les sauvegardes."
        ),
    ],
    config: ConfigOption = None,
) -> None:
    """Sauvegarde base, fichiers et réglages, même en marche / Back everything up.

    Chaque sauvegarde est un sous-dossier daté ; ce qui n'a pas changé depuis la précédente est
    partagé avec elle. Code de sortie 1 : des fichiers manquaient déjà.
    """
    from chorus_edi import bootstrap
    from chorus_edi.settings import DEFAULT_FILE

    made = bootstrap.back_up(settings_from(config), dossier, config=config or DEFAULT_FILE)
    typer.echo(
        f"{made.folder}\n{made.files} fichiers, {made.size} octets, dont {made.linked} fichiers "
        "partagés avec la sauvegarde précédente."
    )
    for numero in made.missing[:_SHOWN]:
        typer.echo(f"✗ fichier reçu absent ou abîmé : flux {numero}", err=True)
    if made.missing:
        typer.echo(f"{len(made.missing)} flux concernés ; voyez « chorus-edi doctor ».", err=True)
        raise typer.Exit(1)


def restauration(
    dossier: Annotated[
        Path,
        typer.Argument(metavar="DOSSIER", help="Une sauvegarde ; sinon la dernière du dossier."),
    ],
    config: ConfigOption = None,
) -> None:
    """Restaure une sauvegarde dans une installation vide / Restore a backup.

    Toute la sauvegarde est d'abord relue. Interrompue, la restauration se relance telle quelle.
    """
    from chorus_edi import bootstrap
    from chorus_edi.domain.legal_time import instant_of, short

    made = bootstrap.restore(settings_from(config), dossier)
    typer.echo(
        f"{made.folder}\n{made.files} fichiers, {made.size} octets ; base du "
        f"{short(instant_of(made.at))}, version {made.schema}.\n"
        "Lancez « chorus-edi doctor », puis « chorus-edi run »."
    )
