"""``chorus-edi rules``: what other rules would say of files and of the flows already taken."""

# ruff: noqa: PLC0415 - heavy imports wait until the command runs: --help must stay quick

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from chorus_edi.cli.options import ConfigOption, day
from chorus_edi.cli.validate import VerdictFormat
from chorus_edi.errors import ExitCode

if TYPE_CHECKING:
    from chorus_edi.services.comparison import Tally

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def rules() -> None:
    """Jeux de règles / Rule sets."""


@app.command()
def compare(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(metavar="PATH", help="Fichiers ou dossiers ; sans eux : l'archive."),
    ] = None,
    *,
    version: Annotated[
        str,
        typer.Option(
            metavar="AAAA-MM-JJ|JEU@VERSION",
            help="Les règles en vigueur ce jour, ou le premier jour de cette version.",
        ),
    ],
    depuis: Annotated[
        str | None,
        typer.Option(metavar="AAAA-MM-JJ", help="Seulement les flux déposés depuis ce jour."),
    ] = None,
    form: Annotated[
        VerdictFormat, typer.Option("--format", help="text pour lire, jsonl pour exploiter.")
    ] = VerdictFormat.TEXT,
    jobs: Annotated[int, typer.Option(min=1, max=64, metavar="N", help="Nombre de processus.")] = 1,
    config: ConfigOption = None,
) -> None:
    """Dit quels verdicts d'autres règles changeraient / Say which verdicts would change.

    Code de sortie : 0 aucun verdict ne change, 1 au moins un change, 2 commande mal écrite, 75
    interrompu par un incident.
    """
    from chorus_edi import bootstrap
    from chorus_edi.services.comparison import ComparisonOptions, Tally

    options = ComparisonOptions(version=version, since=day(depuis, "--depuis"), jobs=jobs)
    count, tally = 0, Tally()
    for change in bootstrap.compare_rules(paths or [], options, config, tally):
        count += 1
        if form is VerdictFormat.JSONL:
            sys.stdout.write(f"{json.dumps(change, ensure_ascii=False)}\n")
        else:
            for line in _lines(change):
                typer.echo(line)
    if form is VerdictFormat.TEXT:
        for line in _closing(count, tally):
            typer.echo(line, err=True)
    raise typer.Exit(ExitCode.INVALID if count else ExitCode.OK)


def _closing(count: int, tally: Tally) -> Iterator[str]:
    """Yield what was compared: that no verdict changes only says something where rules differ."""
    from chorus_edi.domain.labels import counted

    if not tally.documents:
        yield "Aucun document à juger."
        return
    changing = counted(count, "verdict change", "verdicts changent")
    told = f"{changing}." if count else "Aucun verdict ne change."
    yield f"{counted(tally.documents, 'document jugé', 'documents jugés')}. {told}"
    before, after = sorted(tally.before), sorted(tally.after)
    if before == after:
        yield f"  mêmes versions les deux jours : {_labels(before)}"
    else:
        yield f"  règles du dépôt : {_labels(before)}"
        yield f"  autres règles : {_labels(after)}"


def _labels(labels: Sequence[str]) -> str:
    return ", ".join(labels) or "aucun jeu de règles"


def _lines(change: Mapping[str, Any]) -> Iterator[str]:
    from chorus_edi.cli.render import one_line
    from chorus_edi.cli.verdicts import VERDICTS

    before, after = change["before"], change["after"]
    sign, word, colour = VERDICTS[after["verdict"]]
    yield (
        f"{typer.style(sign, fg=colour)} {one_line(change['path'])} : "
        f"{VERDICTS[before['verdict']][1]} → {typer.style(word, fg=colour, bold=True)}"
        + (f" ({after['motif']})" if after["motif"] else "")
    )
    if change["gained"]:
        yield f"    en plus : {', '.join(change['gained'])}"
    if change["lost"]:
        yield f"    en moins : {', '.join(change['lost'])}"
