"""``chorus-edi factures``: the invoices that were integrated, with their status."""

# ruff: noqa: PLC0415 - heavy imports wait until the command runs: --help must stay quick

from __future__ import annotations

from typing import Annotated

import typer

from chorus_edi.cli.options import ConfigOption, FormatOption, ListFormat, one_of, settings_from


def factures(
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
    from chorus_edi import bootstrap
    from chorus_edi.cli.render import write_rows
    from chorus_edi.domain.statuses import InvoiceStatus
    from chorus_edi.services import factures as service

    status = one_of(InvoiceStatus, statut, "--statut")
    with bootstrap.open_store(settings_from(config)) as store:
        found = service.rows(store, numero_flux=flux, statut=status)
        write_rows(found, service.COLUMNS, form, "Aucune facture.")
