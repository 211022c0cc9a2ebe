"""A whole life of one invoice, for the demonstration: every circuit is met once.

A subcontractor's invoice is deposited, validated, delivered, suspended, completed, sent back to be
recycled, delivered elsewhere, ordered to be paid, and paid.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from msgspec.structs import replace

from chorus_edi.domain.actors import Actor, Identity
from chorus_edi.domain.groups import Identifier
from chorus_edi.domain.invoice import ChorusFields, ProcessControl
from chorus_edi.domain.lives import Life
from chorus_edi.domain.processing_motives import ProcessingMotive
from chorus_edi.domain.statuses import InvoiceStatus
from chorus_edi.errors import Defect
from chorus_edi.formats.writers import to_cii, to_plain_pdf
from chorus_edi.ports.lifecycle import Answer
from chorus_edi.services import lives
from chorus_edi.services.specimens import Recipient, Style, specimen

NAME = "11-facture-de-sous-traitant.xml"
"""File that the demonstration deposits beside its night."""

VALIDEUR = "99990104400019"
_NUMBER = 51
_SUBCONTRACTOR = "A9"
_ENGAGEMENT = "4500012345"


def demand(
    number: int,
    recipients: Sequence[Recipient],
    *,
    cadre: str = _SUBCONTRACTOR,
    valideur: str = VALIDEUR,
) -> bytes:
    """Return an invoice of the historic circuit that somebody must validate.

    Args:
        number: from 1; gives another invoice.
        recipients: who may receive it.
        cadre: what it is, ``A9`` or ``A12``.
        valideur: SIRET of who validates it.
    """
    made = specimen(number, recipients, style=Style.HISTORIC_CII)
    invoice = replace(
        made.invoice,
        process=ProcessControl(business_process=cadre),
        chorus=ChorusFields(valideur=Identifier(value=valideur, scheme="1")),
    )
    return to_cii(invoice, made.files)


def deposit(inbox: Path, recipients: Sequence[Recipient]) -> None:
    """Put the invoice of the demonstration into a partner's inbox."""
    inbox.mkdir(parents=True, exist_ok=True)
    (inbox / NAME).write_bytes(demand(_NUMBER, recipients))


def play(
    desk: lives.Desk, document: str, recipients: Sequence[Recipient], run: Callable[[], None]
) -> None:
    """Let everybody do his part, and the platform deliver in between.

    Args:
        desk: where.
        document: id of the invoice, which waits for its valideur.
        recipients: whom it may be recycled to.
        run: one run of the platform.

    Raises:
        Defect: somebody was refused what the tables allow.
    """
    _granted(lives.validate(desk, document, None, comment="Bon pour paiement direct."))
    run()
    set_status = partial(lives.set_status, desk, document)
    first = _recipient(desk, document)
    _granted(set_status(InvoiceStatus.SUSPENDUE, first, motif=ProcessingMotive.JUSTIF_ABS))
    files = {"attachement.pdf": to_plain_pdf("Attachement signé\nTravaux reçus sans réserve")}
    _granted(lives.complete(desk, document, None, files, comment="Voici l'attachement signé."))
    _granted(set_status(InvoiceStatus.A_RECYCLER, first, motif=ProcessingMotive.SE_ERR))
    _granted(_sent_elsewhere(desk, document, recipients))
    run()
    second = _recipient(desk, document)
    _granted(set_status(InvoiceStatus.SERVICE_FAIT, second))
    _granted(set_status(InvoiceStatus.MANDATEE, second, mandate="2026-M-0042"))
    accountant = Identity(Actor.COMPTABLE, second.who)
    _granted(set_status(InvoiceStatus.COMPTABILISEE, accountant))
    _granted(set_status(InvoiceStatus.MISE_EN_PAIEMENT, accountant))


def _sent_elsewhere(desk: lives.Desk, document: str, recipients: Sequence[Recipient]) -> Answer:
    known = _life(desk, document).routing.recipient
    other = next(one for one in recipients if one.siret != known)
    return lives.recycle(
        desk,
        document,
        None,
        recipient=other.siret,
        code_service=other.code_service or "",
        engagement=_ENGAGEMENT,
    )


def _recipient(desk: lives.Desk, document: str) -> Identity:
    return Identity(Actor.DESTINATAIRE, _life(desk, document).routing.recipient)


def _life(desk: lives.Desk, document: str) -> Life:
    life = desk.lives.life(document)
    if life is None:
        raise Defect(f"the demonstration has no invoice {document}")
    return life


def _granted(answer: Answer) -> None:
    if answer.code.refused:
        raise Defect(f"the demonstration was refused something: {answer.label.en}")
