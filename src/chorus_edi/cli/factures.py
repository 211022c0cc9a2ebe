"""``chorus-edi factures``: the invoices that were integrated, one of them, what may be done to it.

``cli.traitement`` adds the commands that change something.
"""

# ruff: noqa: PLC0415 - heavy imports wait until the command runs: --help must stay quick

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, NoReturn, TypeAlias

import typer

from chorus_edi.cli.options import ConfigOption, FormatOption, ListFormat, one_of, settings_from

if TYPE_CHECKING:
    from chorus_edi.domain.actors import Identity
    from chorus_edi.services.facture_detail import FactureDetail
    from chorus_edi.services.rows import Row

app = typer.Typer(rich_markup_mode=None)

IdArgument: TypeAlias = Annotated[
    str, typer.Argument(metavar="ID", help="Facture : numéro de flux, tiret, rang (4 chiffres).")
]
ActorOption: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--acteur",
        metavar="ROLE:QUI",
        help="Qui agit, par exemple fournisseur:73282932000074 ; sans lui, le rôle attendu.",
    ),
]


@app.callback(invoke_without_command=True)
def factures(
    context: typer.Context,
    flux: Annotated[
        str | None, typer.Option(metavar="NUMERO", help="Celles d'un seul flux.")
    ] = None,
    statut: Annotated[
        str | None,
        typer.Option(metavar="STATUT", help="Statut, par exemple MISE_A_DISPOSITION."),
    ] = None,
    form: FormatOption = ListFormat.TABLE,
    config: ConfigOption = None,
) -> None:
    """Liste les factures intégrées / List the invoices."""
    if context.invoked_subcommand is not None:
        if flux or statut or config or form is not ListFormat.TABLE:
            raise typer.BadParameter("Les options s'écrivent après la commande.")
        return
    from chorus_edi import bootstrap
    from chorus_edi.cli.render import write_rows
    from chorus_edi.domain.statuses import InvoiceStatus
    from chorus_edi.services import factures as service

    status = one_of(InvoiceStatus, statut, "--statut")
    with bootstrap.open_store(settings_from(config)) as store:
        found = service.rows(store, numero_flux=flux, statut=status)
        write_rows(found, service.COLUMNS, form, "Aucune facture.")


@app.command()
def show(
    document: IdArgument, form: FormatOption = ListFormat.TABLE, config: ConfigOption = None
) -> None:
    """Affiche tout d'une facture / Show everything of one invoice."""
    from chorus_edi import bootstrap
    from chorus_edi.services import facture_detail as service

    with bootstrap.open_desk(settings_from(config)) as desk:
        detail = service.detail(desk, document)
        asked = list(service.order_rows(desk, document)) if detail is None else []
    if detail is None:
        _tell_unknown(document, asked)
    _write_detail(detail, form)


@app.command("etats-possibles")
def possible(
    document: IdArgument,
    acteur: ActorOption = None,
    form: FormatOption = ListFormat.TABLE,
    config: ConfigOption = None,
) -> None:
    """Dit ce qui peut suivre / Say what may be done with an invoice now."""
    from chorus_edi import bootstrap
    from chorus_edi.cli.render import write_rows
    from chorus_edi.services import facture_detail as service

    actor = actor_of(acteur)
    with bootstrap.open_desk(settings_from(config)) as desk:
        rows = service.possible_rows(desk, document, actor)
    if rows is None:
        _tell_unknown(document, [])
    write_rows(rows, service.POSSIBLE_COLUMNS, form, "Rien : statut final ou en attente.")


def actor_of(text: str | None) -> Identity | None:
    """Read who acts.

    Raises:
        typer.BadParameter: not written ``role:who``, or no such role.
    """
    from chorus_edi.domain.actors import acting_roles, identity_of

    if text is None:
        return None
    found = identity_of(text)
    if found is None:
        message = f"{text!r} : écrivez ROLE:QUI. Rôles : {acting_roles()}."
        raise typer.BadParameter(message, param_hint="--acteur")
    return found


def _tell_unknown(document: str, asked: list[Row]) -> NoReturn:
    """End with what was asked of an invoice that does not exist."""
    from chorus_edi.cli.render import screen

    typer.echo(f"Aucune facture {document}.", err=True)
    for row in asked:
        line = "  ".join(screen(row[name]) for name in ("date", "acteur", "evenement", "message"))
        typer.echo(line, err=True)
    raise typer.Exit(1)


def _write_detail(detail: FactureDetail, form: ListFormat) -> None:
    """Write one invoice; CSV, which knows one header only, tells its lists apart by ``liste``."""
    from chorus_edi.cli import render
    from chorus_edi.services import facture_detail as service

    lists = (
        ("historique", "Historique", detail.events, service.EVENT_COLUMNS),
        ("demandes", "Demandes", detail.orders, service.ORDER_COLUMNS),
        ("fichiers", "Fichiers", detail.files, service.FILE_COLUMNS),
    )
    if form is ListFormat.JSON:
        told = {key: [render.jsonable(row) for row in rows] for key, _, rows, _ in lists}
        render.write_json_object({"facture": render.jsonable(detail.facture), **told})
    elif form is ListFormat.CSV:
        columns = dict.fromkeys(("liste", "id", *(c for *_, names in lists for c in names)))
        number = detail.facture["id"]
        flat = [{"liste": key, "id": number, **row} for key, _, rows, _ in lists for row in rows]
        render.write_csv(flat, tuple(columns))
    else:
        render.write_fields(detail.facture)
        for _, title, rows, names in lists:
            filled = [name for name in names if any(row[name] is not None for row in rows)]
            typer.echo(f"\n{title}")
            render.write_table(rows, filled, "Rien.")
