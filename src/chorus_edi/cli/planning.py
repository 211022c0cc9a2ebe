"""``chorus-edi planning``: the tasks of the service, when they run, and what they did last."""

# ruff: noqa: PLC0415 - heavy imports wait until the command runs: --help must stay quick

from __future__ import annotations

from chorus_edi.cli.options import ConfigOption, FormatOption, ListFormat, settings_from


def planning(form: FormatOption = ListFormat.TABLE, config: ConfigOption = None) -> None:
    """Affiche les tâches planifiées du service / Show the planned tasks of the service."""
    from chorus_edi import bootstrap
    from chorus_edi.cli.render import write_rows
    from chorus_edi.services.planning import COLUMNS

    rows = bootstrap.planning_rows(settings_from(config), bootstrap.system_clock())
    write_rows(rows, COLUMNS, form, "Aucune tâche.")
