"""``chorus-edi validate``: checks files without depositing them."""

# ruff: noqa: PLC0415 - heavy imports wait until the command runs: --help must stay quick

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from chorus_edi.cli.options import ConfigOption


class VerdictFormat(StrEnum):
    """How verdicts are written."""

    TEXT = "text"
    JSONL = "jsonl"


def validate(  # noqa: PLR0913 - an argument per option
    paths: Annotated[list[Path], typer.Argument(metavar="PATH", help="Fichiers ou dossiers.")],
    *,
    rules: Annotated[
        str,
        typer.Option(
            metavar="auto|none|JEU,JEU",
            help="Jeux de règles : en16931, br-fr, chorus-b2g, chorus-historique.",
        ),
    ] = "auto",
    form: Annotated[
        VerdictFormat, typer.Option("--format", help="text pour lire, jsonl pour exploiter.")
    ] = VerdictFormat.TEXT,
    keep_going: Annotated[
        bool,
        typer.Option(
            "--keep-going", help="Applique les règles même si l'enveloppe ou le XSD échoue."
        ),
    ] = False,
    annuaire: Annotated[
        tuple[Path, Path] | None,
        typer.Option(
            metavar="STRUCTURES SERVICES", help="Annuaire des destinataires, deux fichiers CSV."
        ),
    ] = None,
    partenaire: Annotated[
        str | None,
        typer.Option(metavar="CODE", help="Juge comme un dépôt de ce partenaire."),
    ] = None,
    config: ConfigOption = None,
    jobs: Annotated[int, typer.Option(min=1, max=64, metavar="N", help="Nombre de processus.")] = 1,
    official: Annotated[
        bool,
        typer.Option("--official", help="Montre aussi le verdict des feuilles officielles."),
    ] = False,
    jour: Annotated[
        str | None,
        typer.Option(
            "--date", metavar="AAAA-MM-JJ", help="Juge par les règles en vigueur un autre jour."
        ),
    ] = None,
) -> None:
    """Contrôle des fichiers sans dépôt / Check files, no deposit.

    Leur nom aussi est contrôlé : ce qui vaut pour tous, ou, avec --partenaire, comme s'il les
    déposait (nom de flux, droits, limites). Un fichier refusé pour son enveloppe n'est pas ouvert,
    sauf avec --keep-going.

    Code de sortie : 0 tout est valide, 1 au moins un fichier invalide, 3 aucun invalide mais au
    moins un indécis, 2 commande mal écrite, 75 interrompu par un incident.
    """
    from chorus_edi import bootstrap
    from chorus_edi.cli.options import day
    from chorus_edi.cli.terminal import progress
    from chorus_edi.services.verification import VerificationOptions, exit_code_of

    options = VerificationOptions(
        rules=rules,
        keep_going=keep_going,
        annuaire=annuaire,
        jobs=jobs,
        official=official,
        on=day(jour, "--date"),
        partner=partenaire.strip().upper() if partenaire else None,
        config=config,
    )
    with progress("Contrôle", beside_output=True) as advance:
        counts = write_verdicts(bootstrap.verify(paths, options, advance), form)
    if form is VerdictFormat.TEXT:
        typer.echo(_closing(counts), err=True)
    raise typer.Exit(exit_code_of(counts))


def write_verdicts(verdicts: Iterable[Mapping[str, Any]], form: VerdictFormat) -> Counter[str]:
    """Write each verdict as it comes; return how many of each."""
    from chorus_edi.cli.verdicts import verdict_lines

    counts: Counter[str] = Counter()
    for verdict in verdicts:
        counts[verdict["verdict"]] += 1
        if form is VerdictFormat.JSONL:
            sys.stdout.write(f"{json.dumps(verdict, ensure_ascii=False)}\n")
        else:
            for line in verdict_lines(verdict):
                typer.echo(line)
    return counts


def _closing(counts: Counter[str]) -> str:
    from chorus_edi.domain.labels import counted

    if not counts.total():
        return "Aucun fichier à contrôler."
    words = {
        "valid": ("valide", "valides"),
        "invalid": ("invalide", "invalides"),
        "undecided": ("indécis", "indécis"),
        "companion": ("pièce d'accompagnement", "pièces d'accompagnement"),
    }
    told = [counted(counts[verdict], *word) for verdict, word in words.items() if counts[verdict]]
    return f"{counted(counts.total(), 'fichier')} : {', '.join(told)}."
