"""``chorus-edi explain``: what a code met on a screen or in a report means."""

# ruff: noqa: PLC0415 - heavy imports wait until the command runs: --help must stay quick

from __future__ import annotations

from typing import Annotated

import typer


def explain(
    code: Annotated[
        str,
        typer.Argument(
            metavar="RULE|MOTIF|STATUT|BT|CADRE", help="Par exemple BR-CO-10, DOUBLON, BT-131, S3."
        ),
    ],
) -> None:
    """Explique une règle, un motif, un statut… / Explain a code."""
    from chorus_edi.cli.render import one_line
    from chorus_edi.services import explain as service

    explanation = service.explain(code)
    if explanation is None:
        near = service.near(code)
        hint = f" Vouliez-vous dire : {', '.join(near)} ?" if near else ""
        raise typer.BadParameter(f"Code inconnu : {one_line(code)}.{hint}", param_hint="CODE")
    typer.echo(typer.style(f"{explanation.code} · {explanation.nature}", bold=True))
    typer.echo(explanation.title)
    for name, text in explanation.details:
        first, *further = text.splitlines()
        typer.echo(f"  {name} : {first}")
        for line in further:
            typer.echo(f"      {line}")
