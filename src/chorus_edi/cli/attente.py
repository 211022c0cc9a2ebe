"""``chorus-edi attente``: documents that wait for an operator."""

# ruff: noqa: PLC0415 - heavy imports wait until the command runs: --help must stay quick

from __future__ import annotations

from typing import Annotated

import typer

from chorus_edi.cli.options import ConfigOption, FormatOption, ListFormat, settings_from

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

_Numero = Annotated[str, typer.Argument(metavar="NUMERO", help="Numéro du flux.")]
_Ranks = Annotated[
    list[int] | None,
    typer.Option("--rang", metavar="N", help="Rang d'un document ; sans lui, tous ceux du flux."),
]


@app.command("list")
def list_(form: FormatOption = ListFormat.TABLE, config: ConfigOption = None) -> None:
    """Affiche les documents en attente / Show the documents that wait."""
    from chorus_edi import bootstrap
    from chorus_edi.cli.render import write_rows
    from chorus_edi.services import attente

    with bootstrap.open_store(settings_from(config)) as store:
        write_rows(attente.rows(store), attente.COLUMNS, form, "Aucun document en attente.")


@app.command()
def reprendre(numero: _Numero, rang: _Ranks = None, config: ConfigOption = None) -> None:
    """Fait réexaminer des documents au prochain passage / Examine documents again."""
    from chorus_edi import bootstrap
    from chorus_edi.domain.labels import counted
    from chorus_edi.services import attente

    with bootstrap.open_store(settings_from(config)) as store:
        count = attente.resume(store, bootstrap.system_clock(), numero, rang or ())
    typer.echo(
        f"{counted(count, 'document')} à reprendre par le prochain « chorus-edi run ».", err=True
    )


@app.command()
def refuser(
    numero: _Numero,
    raison: Annotated[
        str, typer.Option(metavar="TEXTE", help="Ce que l'émetteur lira dans son compte rendu.")
    ],
    rang: _Ranks = None,
    config: ConfigOption = None,
) -> None:
    """Refuse des documents et le dit à leur émetteur / Refuse documents, and say why."""
    from chorus_edi import bootstrap
    from chorus_edi.domain.labels import counted
    from chorus_edi.services import attente

    with bootstrap.open_store(settings_from(config)) as store:
        count = attente.refuse(store, bootstrap.system_clock(), numero, raison, rang or ())
    told = counted(count, "document refusé", "documents refusés")
    typer.echo(f"{told}, ce que dira le prochain « chorus-edi run ».", err=True)
