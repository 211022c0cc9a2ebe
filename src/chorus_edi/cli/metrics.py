"""``chorus-edi metrics``: figures of the installation, as Prometheus reads them."""

# ruff: noqa: PLC0415 - heavy imports wait until the command runs: --help must stay quick

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from chorus_edi.cli.options import ConfigOption, file_to_write, settings_from


def metrics(
    sortie: Annotated[
        Path | None,
        typer.Option(
            metavar="FICHIER",
            callback=file_to_write,
            help="Fichier à remplacer d'un coup (node-exporter, textfile) ; sans lui, l'écran.",
        ),
    ] = None,
    config: ConfigOption = None,
) -> None:
    """Donne les métriques au format de Prometheus / Give metrics in the format of Prometheus."""
    from chorus_edi import bootstrap

    settings, clock = settings_from(config), bootstrap.system_clock()
    if sortie is None:
        typer.echo(bootstrap.metrics(settings, clock), nl=False)
    else:
        typer.echo(bootstrap.write_metrics(settings, clock, sortie), err=True)
