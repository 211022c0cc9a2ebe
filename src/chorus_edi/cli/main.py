"""The command ``chorus-edi``: gathers the commands, and turns what failed into an exit code."""

from __future__ import annotations

import logging
import sys
from typing import Any

import typer
from typer.core import TyperGroup
from typing_extensions import override

from chorus_edi.cli import (
    annuaire,
    attente,
    base,
    certificat,
    config,
    factures,
    rules,
    schemas,
    sftp,
)
from chorus_edi.cli.bilan import bilan
from chorus_edi.cli.demo import demo
from chorus_edi.cli.doctor import doctor
from chorus_edi.cli.evenements import evenements
from chorus_edi.cli.explain import explain
from chorus_edi.cli.kit import kit
from chorus_edi.cli.metrics import metrics
from chorus_edi.cli.planning import planning
from chorus_edi.cli.purge import purge
from chorus_edi.cli.rejets import rejets
from chorus_edi.cli.run import run
from chorus_edi.cli.sauvegarde import restauration, sauvegarde
from chorus_edi.cli.suivi import suivi
from chorus_edi.cli.terminal import BROKEN_PIPE, forget_stdout, prepare_streams
from chorus_edi.cli.traitement import acting
from chorus_edi.cli.validate import validate
from chorus_edi.errors import ChorusEdiError, ConfigurationError, ExitCode, Incident

_HELP = """Traitement des flux de factures électroniques du secteur public.

E-invoice flows of the French public sector, from the inbox to the outbox.
"""


class Commands(TyperGroup):
    """The group of commands; a reader that leaves early (``| head``) ends it quietly."""

    @override
    def invoke(self, ctx: Any) -> Any:
        """Run a command and its last flush."""
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
        except BrokenPipeError:
            forget_stdout()
            raise typer.Exit(BROKEN_PIPE) from None
        return result


app = typer.Typer(
    cls=Commands,
    help=_HELP,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
for _command in (
    run,
    validate,
    suivi,
    rejets,
    explain,
    doctor,
    purge,
    sauvegarde,
    restauration,
    planning,
    evenements,
    bilan,
    metrics,
    demo,
    kit,
):
    app.command()(_command)
app.add_typer(
    annuaire.app, name="annuaire", help="Annuaire des destinataires / Directory of recipients."
)
app.add_typer(
    attente.app, name="attente", help="Documents en attente / Documents that wait for you."
)
app.add_typer(
    certificat.app, name="certificat", help="Certificats de dépôt / Certificates of deposit."
)
acting(factures.app)
app.add_typer(
    factures.app, name="factures", help="Factures intégrées et leur vie / Invoices, their life."
)
app.add_typer(rules.app, name="rules", help="Jeux de règles / Rule sets.")
app.add_typer(schemas.app, name="schemas", help="Schémas officiels / Official artefacts.")
app.add_typer(base.app, name="base", help="Base de données / Database.")
app.add_typer(config.app, name="config", help="Configuration / Settings.")
app.add_typer(sftp.app, name="sftp", help="Échanges par SFTP / Exchanges by SFTP.")


def main() -> None:
    """Run the command line and leave with its exit code (``errors.ExitCode``, 130, 141)."""
    prepare_streams()
    sys.exit(_run())


def _run() -> int:
    try:
        app(prog_name="chorus-edi")
    except ChorusEdiError as error:
        typer.echo(f"chorus-edi : {_who_must_act(error)}{error}", err=True)
        return error.exit_code
    except Exception:
        logging.getLogger(__name__).exception("unexpected error")
        typer.echo(
            "chorus-edi : défaut du programme, à signaler avec le texte ci-dessus.", err=True
        )
        return ExitCode.DEFECT
    return ExitCode.OK


def _who_must_act(error: ChorusEdiError) -> str:
    if isinstance(error, ConfigurationError):
        return ""  # the operator, and the message says what to correct
    if isinstance(error, Incident):
        return "incident, à relancer : "
    return "défaut du programme, à signaler : "
