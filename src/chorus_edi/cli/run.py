"""``chorus-edi run``: processes what is in the inbox."""

# ruff: noqa: PLC0415 - heavy imports wait until the command runs: --help must stay quick

from __future__ import annotations

from typing import Annotated

import typer

from chorus_edi.cli.options import ConfigOption, settings_from
from chorus_edi.errors import Defect, Incident


def run(
    once: Annotated[
        bool, typer.Option("--once", help="Traite ce qui est là, puis s'arrête.")
    ] = False,
    config: ConfigOption = None,
) -> None:
    """Traite les flux de l'inbox / Process what is in the inbox."""
    from chorus_edi import bootstrap
    from chorus_edi.cli.terminal import tally

    settings = settings_from(config)
    with tally("Traitement", "documents", "flux") as advance:
        summary = bootstrap.run(settings, once=once, progress=advance)
    typer.echo(
        f"Flux traités : {summary.flows} · documents : {summary.documents}"
        f" · incidents : {summary.incidents}",
        err=True,
    )
    if once and (waiting := summary.defects or summary.delayed or summary.undelivered):
        numero, reason = next(iter(waiting.items()))
        error = Defect if summary.defects else Incident
        raise error(f"{len(waiting)} flux en attente du prochain passage ; {numero} : {reason}")
