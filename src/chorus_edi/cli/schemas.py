"""``chorus-edi schemas``: the official artefacts that verdicts stand on."""

# ruff: noqa: PLC0415 - heavy imports wait until the command runs: --help must stay quick

from __future__ import annotations

import typer

from chorus_edi.errors import ExitCode

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def schemas() -> None:
    """Schémas et règles officiels / Official artefacts."""


@app.command()
def verify() -> None:
    """Vérifie les empreintes des schémas officiels / Check the digests of the schemas.

    Code de sortie : 0 si toutes sont justes, 1 sinon.
    """
    from chorus_edi import bootstrap
    from chorus_edi.domain.labels import counted

    wrong = total = 0
    for artefact in bootstrap.check_artefacts():
        total += 1
        wrong += not artefact.ok
        sign = "✓" if artefact.ok else "✗"
        typer.echo(f"{sign} {artefact.id}  {artefact.path}")
        if not artefact.ok:
            typer.echo(f"    attendu {artefact.expected}, trouvé {artefact.found or 'rien'}")
    typer.echo(
        f"{counted(total, 'fichier vérifié', 'fichiers vérifiés')}, {wrong} en défaut.", err=True
    )
    if wrong:
        raise typer.Exit(ExitCode.INVALID)
