"""``chorus-edi suivi``: what became of each flow, or the history of one."""

# ruff: noqa: PLC0415 - heavy imports wait until the command runs: --help must stay quick

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from chorus_edi.cli.options import (
    ConfigOption,
    FormatOption,
    ListFormat,
    instant,
    one_of,
    settings_from,
)

if TYPE_CHECKING:
    from chorus_edi.services.rows import Row
    from chorus_edi.services.suivi import Detail


def suivi(
    numero: Annotated[
        str | None, typer.Argument(metavar="NUMERO", help="Numéro d'un flux, pour son détail.")
    ] = None,
    etat: Annotated[
        str | None, typer.Option(metavar="ETAT", help="État du flux, par exemple IN_REJETE.")
    ] = None,
    emetteur: Annotated[
        str | None, typer.Option(metavar="CODE", help="Code application de l'émetteur.")
    ] = None,
    depuis: Annotated[
        str | None, typer.Option(metavar="AAAA-MM-JJ", help="Déposés depuis ce jour.")
    ] = None,
    form: FormatOption = ListFormat.TABLE,
    config: ConfigOption = None,
) -> None:
    """Affiche le Suivi des flux / Show what became of the flows."""
    from chorus_edi import bootstrap
    from chorus_edi.cli.render import write_rows
    from chorus_edi.domain.statuses import FluxState
    from chorus_edi.services import suivi as service

    state = one_of(FluxState, etat, "--etat")
    since = instant(depuis, "--depuis")
    settings = settings_from(config)
    if form is ListFormat.TABLE:
        for outage in bootstrap.outages(settings):
            typer.echo(f"⚠ {outage.sentence}", err=True)
    with bootstrap.open_store(settings) as store:
        if numero is None:
            found = service.rows(store, etat=state, emetteur=emetteur, depuis=since)
            write_rows(found, service.COLUMNS, form, "Aucun flux.")
            return
        detail = service.detail(store, numero)
    if detail is None:
        raise typer.BadParameter(f"Flux inconnu : {numero}.", param_hint="NUMERO")
    write_detail(detail, form)


def write_detail(detail: Detail, form: ListFormat) -> None:
    """Write one flow: its row, its events, its documents, and by which rules they were judged.

    CSV, which knows one header only, gives both lists under ``nature`` (``evenement`` or
    ``document``), a column that a line has no use for staying empty.
    """
    from chorus_edi.cli import render
    from chorus_edi.services import suivi as service

    if form is ListFormat.JSON:
        render.write_json_object(
            {
                "flux": render.jsonable(detail.flux),
                "evenements": [render.jsonable(row) for row in detail.events],
                "documents": [render.jsonable(row) for row in detail.documents],
            }
        )
    elif form is ListFormat.CSV:
        columns = dict.fromkeys(
            ("nature", "numero_flux", *service.EVENT_COLUMNS, *service.DOCUMENT_COLUMNS)
        )
        render.write_csv(_flat(detail), tuple(columns))
    else:
        render.write_fields(detail.flux)
        typer.echo("\nÉvénements")
        render.write_table(detail.events, service.EVENT_COLUMNS, "Aucun événement.")
        typer.echo("\nDocuments")
        told = [c for c in service.DOCUMENT_COLUMNS if c not in service.RULE_COLUMNS]
        render.write_table(detail.documents, told, "Aucun document.")
        typer.echo("\nRègles appliquées")
        applied = service.rules_applied(detail.documents)
        render.write_table(applied, service.RULE_COLUMNS, "Aucun document n'a été jugé.")


def _flat(detail: Detail) -> list[Row]:
    number = detail.flux["numero_flux"]
    natures = (("evenement", detail.events), ("document", detail.documents))
    return [
        {"nature": nature, "numero_flux": number, **row} for nature, rows in natures for row in rows
    ]
