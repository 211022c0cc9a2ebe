"""``chorus-edi purge``: what was kept long enough goes."""

# ruff: noqa: PLC0415 - heavy imports wait until the command runs: --help must stay quick

from __future__ import annotations

from typing import Annotated

import typer

from chorus_edi.cli.options import ConfigOption, FormatOption, ListFormat, settings_from


def purge(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Dit ce qui serait supprimé, sans rien supprimer.")
    ] = False,
    form: FormatOption = ListFormat.TABLE,
    config: ConfigOption = None,
) -> None:
    """Supprime ce dont la durée de conservation est échue / Remove what was kept long enough.

    Les durées sont dans la section [conservation]. Peut être lancée pendant un traitement.
    """
    from chorus_edi import bootstrap
    from chorus_edi.cli.render import write_rows
    from chorus_edi.services.purge import COLUMNS, row_of, told

    gone = bootstrap.purge(settings_from(config), dry_run=dry_run)
    write_rows(map(row_of, gone), COLUMNS, form, "Rien à purger.")
    typer.echo("Rien n'a été supprimé (--dry-run)." if dry_run else told(gone), err=True)
