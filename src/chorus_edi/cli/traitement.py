"""The commands of ``chorus-edi factures`` that act: each asks one thing of one invoice.

Exit code 1 and the reason where it is refused; 0 where it is done, or was done already.
"""

# ruff: noqa: PLC0415 - heavy imports wait until the command runs: --help must stay quick

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from chorus_edi.cli.factures import ActorOption, IdArgument, actor_of
from chorus_edi.cli.options import (
    ConfigOption,
    FormatOption,
    ListFormat,
    instant,
    one_of,
    settings_from,
)

if TYPE_CHECKING:
    from chorus_edi.ports.lifecycle import Answer
    from chorus_edi.services.lives import Desk

_Comment: TypeAlias = Annotated[
    str, typer.Option("--commentaire", metavar="TEXTE", help="Ce que les autres liront.")
]


def statut(  # noqa: PLR0913, PLR0917 - each is an option of the command
    document: IdArgument,
    status: Annotated[str, typer.Argument(metavar="STATUT", help="Par exemple SUSPENDUE.")],
    acteur: Annotated[
        str,
        typer.Option(metavar="ROLE:QUI", help="Par exemple destinataire:11000201100044."),
    ],
    motif: Annotated[
        str | None, typer.Option(metavar="CODE", help="Exigé : rejet, suspension, recyclage.")
    ] = None,
    comment: _Comment = "",
    mandat: Annotated[str, typer.Option(metavar="NUMERO", help="Avec MANDATEE.")] = "",
    date: Annotated[
        str | None,
        typer.Option(metavar="AAAA-MM-JJTHH:MM", help="Quand, si ce n'est pas maintenant."),
    ] = None,
    form: FormatOption = ListFormat.TABLE,
    config: ConfigOption = None,
) -> None:
    """Donne un statut du destinataire / Set one of the recipient's statuses."""
    from chorus_edi.domain.processing_motives import ProcessingMotive
    from chorus_edi.domain.statuses import InvoiceStatus
    from chorus_edi.services import lives

    known = {one.value: one for one in lives.ASKED_OF_RECIPIENT}
    target = one_of(InvoiceStatus, status, "STATUT")
    if target is None or target not in known:
        message = f"{status!r} n'est pas un statut du destinataire : {', '.join(known)}."
        raise typer.BadParameter(message, param_hint="STATUT")
    actor = actor_of(acteur)
    assert actor is not None, "a text that is there is read, or refused"
    reason, dated = one_of(ProcessingMotive, motif, "--motif"), instant(date, "--date")
    _ask(
        lambda desk: lives.set_status(
            desk,
            document,
            target,
            actor,
            motif=reason,
            comment=comment,
            mandate=mandat,
            dated=dated,
        ),
        form,
        config,
    )


def completer(
    document: IdArgument,
    piece: Annotated[
        list[Path] | None,
        typer.Option(metavar="FICHIER", help="Pièce à ajouter ; plusieurs fois au besoin."),
    ] = None,
    comment: _Comment = "",
    acteur: ActorOption = None,
    form: FormatOption = ListFormat.TABLE,
    config: ConfigOption = None,
) -> None:
    """Complète une facture suspendue / Add files to a suspended invoice."""
    from chorus_edi.services import lives

    files = {path.name: _content(path) for path in piece or ()}
    if len(files) < len(piece or ()):
        raise typer.BadParameter("Deux pièces ont le même nom.", param_hint="--piece")
    actor = actor_of(acteur)
    _ask(lambda desk: lives.complete(desk, document, actor, files, comment=comment), form, config)


def recycler(  # noqa: PLR0917 - each is an option of the command
    document: IdArgument,
    destinataire: Annotated[
        str | None, typer.Option(metavar="SIRET", help="Le bon destinataire.")
    ] = None,
    code_service: Annotated[
        str | None, typer.Option(metavar="CODE", help="Le bon service ; vide pour l'ôter.")
    ] = None,
    engagement: Annotated[
        str | None, typer.Option(metavar="NUMERO", help="Le bon engagement ; vide pour l'ôter.")
    ] = None,
    comment: _Comment = "",
    acteur: ActorOption = None,
    form: FormatOption = ListFormat.TABLE,
    config: ConfigOption = None,
) -> None:
    """Renvoie une facture à recycler, sous son numéro / Send an invoice elsewhere."""
    from chorus_edi.services import lives

    actor = actor_of(acteur)
    _ask(
        lambda desk: lives.recycle(
            desk,
            document,
            actor,
            recipient=destinataire,
            code_service=code_service,
            engagement=engagement,
            comment=comment,
        ),
        form,
        config,
    )


def valider(
    document: IdArgument,
    suivant: Annotated[
        str, typer.Option(metavar="SIRET", help="Second valideur, s'il en faut un.")
    ] = "",
    comment: _Comment = "",
    acteur: ActorOption = None,
    form: FormatOption = ListFormat.TABLE,
    config: ConfigOption = None,
) -> None:
    """Valide une facture de sous-traitant ou de cotraitant / Approve an invoice."""
    from chorus_edi.services import lives

    actor = actor_of(acteur)
    _ask(
        lambda desk: lives.validate(desk, document, actor, comment=comment, following=suivant),
        form,
        config,
    )


def refuser(
    document: IdArgument,
    motif: Annotated[
        str, typer.Option(metavar="CODE", help="Par exemple MONTANT_ERR, ou ERR_VALIDEUR.")
    ],
    comment: _Comment = "",
    acteur: ActorOption = None,
    form: FormatOption = ListFormat.TABLE,
    config: ConfigOption = None,
) -> None:
    """Refuse de valider une facture / Do not approve an invoice."""
    from chorus_edi.domain.processing_motives import ProcessingMotive
    from chorus_edi.services import lives

    reason, actor = one_of(ProcessingMotive, motif, "--motif"), actor_of(acteur)
    assert reason is not None, "a text that is there is read, or refused"
    _ask(lambda desk: lives.decline(desk, document, actor, reason, comment=comment), form, config)


def correct_valideur(
    document: IdArgument,
    valideur: Annotated[str, typer.Option(metavar="SIRET", help="Le bon valideur.")],
    comment: _Comment = "",
    acteur: ActorOption = None,
    form: FormatOption = ListFormat.TABLE,
    config: ConfigOption = None,
) -> None:
    """Nomme le bon valideur / Name the right validating party."""
    from chorus_edi.services import lives

    actor = actor_of(acteur)
    _ask(
        lambda desk: lives.correct_valideur(desk, document, actor, valideur, comment=comment),
        form,
        config,
    )


def acquitter(
    document: IdArgument,
    comment: _Comment = "",
    acteur: ActorOption = None,
    form: FormatOption = ListFormat.TABLE,
    config: ConfigOption = None,
) -> None:
    """Prend acte d'un rejet ou d'une suspension / Acknowledge a rejection."""
    from chorus_edi.services import lives

    actor = actor_of(acteur)
    _ask(lambda desk: lives.acknowledge(desk, document, actor, comment=comment), form, config)


def treat_rejection(
    document: IdArgument,
    comment: _Comment = "",
    acteur: ActorOption = None,
    form: FormatOption = ListFormat.TABLE,
    config: ConfigOption = None,
) -> None:
    """Clôt un rejet : une nouvelle facture le remplace / Say that a rejection was dealt with."""
    from chorus_edi.services import lives

    actor = actor_of(acteur)
    _ask(lambda desk: lives.treat_rejection(desk, document, actor, comment=comment), form, config)


def _content(path: Path) -> bytes:
    from chorus_edi.errors import reason

    try:
        return path.read_bytes()
    except OSError as error:
        message = f"{path} : fichier illisible ({reason(error)})."
        raise typer.BadParameter(message, param_hint="--piece") from error


def _ask(wish: Callable[[Desk], Answer], form: ListFormat, config: Path | None) -> None:
    """Ask, tell the answer, and leave with 1 where it is a refusal."""
    from chorus_edi import bootstrap

    with bootstrap.open_desk(settings_from(config)) as desk:
        answer = wish(desk)
    _tell(answer, form)
    if answer.code.refused:
        raise typer.Exit(1)


def _tell(answer: Answer, form: ListFormat) -> None:
    from chorus_edi.cli import render

    statut = answer.statut.value if answer.statut else None
    if form is ListFormat.JSON:
        message = {"fr": answer.label.fr, "en": answer.label.en}
        told = {"id": answer.document, "resultat": answer.code.value, "statut": statut}
        render.write_json_object({**told, "message": message})
    elif form is ListFormat.CSV:
        columns = ("id", "resultat", "statut", "message")
        row = (answer.document, answer.code.value, statut, answer.label.fr)
        render.write_csv([dict(zip(columns, row, strict=True))], columns)
    else:
        typer.echo(answer.label.fr, err=answer.code.refused)


def acting(app: typer.Typer) -> None:
    """Add these commands to those of ``factures``."""
    for command in (statut, completer, recycler, valider, refuser, acquitter):
        app.command()(command)
    app.command("corriger-valideur")(correct_valideur)
    app.command("traiter-rejet")(treat_rejection)
