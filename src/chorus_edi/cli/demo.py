"""``chorus-edi demo``: a small night of flows, from the inbox to the outbox."""

# ruff: noqa: PLC0415 - heavy imports wait until the command runs: --help must stay quick

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from chorus_edi.cli.options import ListFormat

if TYPE_CHECKING:
    from chorus_edi.settings.sections import Folders


def demo(
    folder: Annotated[
        Path,
        typer.Argument(metavar="DOSSIER", help="Où la démonstration écrit.", file_okay=False),
    ] = Path("demo"),
    sftp: Annotated[
        bool, typer.Option("--sftp", help="Par un vrai serveur OpenSSH, lancé pour l'occasion.")
    ] = False,
) -> None:
    """Traite une nuit de flux fictifs / Process a made-up night."""
    from chorus_edi import bootstrap
    from chorus_edi.cli.render import write_rows
    from chorus_edi.cli.terminal import tally
    from chorus_edi.services import facture_detail, rejets, suivi

    with tally("Démonstration", "documents", "flux") as advance:
        if sftp:
            settings = bootstrap.sftp_demo(folder, advance, partial(typer.echo, err=True))
        else:
            settings = bootstrap.demo(folder, advance)
    with bootstrap.open_store(settings) as store:
        typer.echo("Suivi des flux\n")
        write_rows(suivi.rows(store), suivi.COLUMNS, ListFormat.TABLE, "Aucun flux.")
        typer.echo("\nRejets\n")
        write_rows(rejets.rows(store), rejets.COLUMNS, ListFormat.TABLE, "Aucun rejet.")
    with bootstrap.open_desk(settings) as desk:
        document, events = facture_detail.longest(desk)
    typer.echo(f"\nVie de la facture {document}\n")
    write_rows(events, facture_detail.TOLD_COLUMNS, ListFormat.TABLE, "Aucun événement.")
    told = settings.folders.outbox / "<code>"
    if sftp:
        told = folder.absolute() / "serveur" / "comptes-rendus"
    typer.echo(_what_next(settings.folders, told, folder / "config" / "chorus_edi.toml"))


def _what_next(folders: Folders, told: Path, config: Path) -> str:
    return f"""
Où sont les fichiers
  {folders.outbox}/<SIRET>/  factures livrées, avec livraison.json
  {told}/   comptes rendus pour l'émetteur (HTML et JSON)
  {folders.data}/            base, archive et rejets

Et maintenant
  ouvrir un compte rendu HTML dans un navigateur
  contrôler un fichier sans le déposer : chorus-edi validate FICHIER
  comprendre un code d'un rejet :        chorus-edi explain CODE
  voir une facture, ou agir sur elle :   chorus-edi factures show ID
  essayer vos fichiers (la démonstration suivante efface ce dossier) :
    déposez-les dans {folders.inbox}/, puis
    chorus-edi run --once --config {config}"""
