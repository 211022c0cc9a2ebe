"""What people ask of invoices: each function turns a wish into an order, and gives its answer."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from msgspec.structs import replace

from chorus_edi.domain.actors import Identity
from chorus_edi.domain.identifiers import compact, looks_like_siret
from chorus_edi.domain.labels import Label
from chorus_edi.domain.legal_time import paris
from chorus_edi.domain.lifecycle import EVENTS, RECIPIENT_EVENTS, Event
from chorus_edi.domain.lives import Life, Piece, Rerouting
from chorus_edi.domain.orders import AnswerCode, Granted, Order, Recycling, Refusal, judge
from chorus_edi.domain.processing_motives import PROCESSING_MOTIVES, ProcessingMotive, Use
from chorus_edi.domain.recipients import Routing
from chorus_edi.domain.recycling import recycling
from chorus_edi.domain.statuses import InvoiceStatus
from chorus_edi.formats.attachments import ACCEPTED, MAX_BYTES, kind_of, safe_name
from chorus_edi.ports import Clock, Directory, Store
from chorus_edi.ports.lifecycle import Answer, Lives, Pieces
from chorus_edi.stages.resolve import rerouted

LONGEST_NAME = 50
"""Characters of an attachment's name, its extension included (facts chorus-pro 1.6)."""

MOST_BYTES = 120_000_000
"""Of all the files that one order adds (facts chorus-pro 1.6)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What orders on invoices need.

    Attributes:
        lives: the invoices and their histories.
        store: what the pipeline remembers of them.
        pieces: where added files are kept.
        clock: now.
        recycling: whether « À recycler » is honoured.
        directory: opens the directory in force.
        state_recipients: SIRETs routed by the code service alone.
    """

    lives: Lives
    store: Store
    pieces: Pieces
    clock: Clock
    recycling: Recycling
    directory: Callable[[], Directory]
    state_recipients: frozenset[str]


def set_status(
    desk: Desk,
    document: str,
    statut: InvoiceStatus,
    actor: Identity,
    *,
    motif: ProcessingMotive | None = None,
    comment: str = "",
    mandate: str = "",
    dated: datetime | None = None,
) -> Answer:
    """Set one of the recipient's statuses.

    Args:
        desk: where.
        document: id of the invoice.
        statut: one of ``RECIPIENT_EVENTS``.
        actor: who asks.
        motif: why, where the status needs it.
        comment: what he adds.
        mandate: number of the payment order, with ``MANDATEE``.
        dated: when it happened, where that is not now.
    """
    order = Order(
        document=document,
        event=RECIPIENT_EVENTS[statut],
        actor=actor,
        motif=motif,
        comment=_said(comment),
        mandate=_said(mandate),
        dated=dated,
    )
    return _obey(desk, order)


def validate(
    desk: Desk, document: str, actor: Identity | None, *, comment: str = "", following: str = ""
) -> Answer:
    """Let an invoice go on, to the recipient or to a second valideur (``following``)."""
    order = _order(desk, document, Event.APPROVED, actor)
    named = compact(following.strip())
    return _obey(desk, replace(order, comment=_said(comment), valideur=named), _no_siret(named))


def decline(
    desk: Desk, document: str, actor: Identity | None, motif: ProcessingMotive, *, comment: str = ""
) -> Answer:
    """Do not validate an invoice; a motive that says so means that the valideur is wrong."""
    wrong = Use.WRONG_VALIDEUR in PROCESSING_MOTIVES[motif].uses
    event = Event.WRONG_VALIDEUR if wrong else Event.DECLINED
    order = _order(desk, document, event, actor)
    return _obey(desk, replace(order, motif=motif, comment=_said(comment)))


def correct_valideur(
    desk: Desk, document: str, actor: Identity | None, valideur: str, *, comment: str = ""
) -> Answer:
    """Name the right valideur, the first or the second, according to who was the wrong one."""
    life = desk.lives.life(document)
    second = life and life.statut is InvoiceStatus.ERREUR_COTRAITANT_SUR_VALIDEUR
    event = Event.SECOND_VALIDEUR_CORRECTED if second else Event.VALIDEUR_CORRECTED
    named = compact(valideur.strip())
    order = _order(desk, document, event, actor)
    return _obey(desk, replace(order, comment=_said(comment), valideur=named), _no_siret(named))


def acknowledge(desk: Desk, document: str, actor: Identity | None, *, comment: str = "") -> Answer:
    """Acknowledge a rejection or a suspension."""
    order = _order(desk, document, Event.ACKNOWLEDGED, actor)
    return _obey(desk, replace(order, comment=_said(comment)))


def treat_rejection(
    desk: Desk, document: str, actor: Identity | None, *, comment: str = ""
) -> Answer:
    """Say that a rejection was dealt with: a new invoice, under a new number, replaces this one."""
    order = _order(desk, document, Event.REJECTION_TREATED, actor)
    return _obey(desk, replace(order, comment=_said(comment)))


def complete(
    desk: Desk,
    document: str,
    actor: Identity | None,
    files: Mapping[str, bytes],
    *,
    comment: str = "",
) -> Answer:
    """Add files and a comment to a suspended invoice; nothing else of it changes.

    The files are stored before the order: it never names one that a crash took away.
    """
    pieces = {_piece(name, content): content for name, content in files.items()}
    order = replace(
        _order(desk, document, Event.COMPLETED, actor),
        comment=_said(comment),
        pieces=tuple(pieces),
    )
    objection = _unfit(files, pieces)
    life = desk.lives.life(document)
    granted = life is not None and isinstance(_judged(desk, life, order), Granted)
    if objection is not None or not granted:
        return _obey(desk, order, objection)
    keep = desk.pieces.keep
    fresh = [piece for piece, content in pieces.items() if keep(document, piece, content)]
    answer = _obey(desk, order)
    if answer.code is not AnswerCode.FAIT:
        _drop(desk, document, fresh)
    return answer


def recycle(
    desk: Desk,
    document: str,
    actor: Identity | None,
    *,
    recipient: str | None = None,
    code_service: str | None = None,
    engagement: str | None = None,
    comment: str = "",
) -> Answer:
    """Send an invoice elsewhere under the same number; what is None stays, "" is taken away."""
    life = desk.lives.life(document)
    supplier = _order(desk, document, Event.RECYCLED, actor).actor
    ask = partial(recycling, document, supplier, comment=_said(comment))
    if life is None:
        return _obey(desk, ask(None))
    known = life.routing
    asked = replace(
        known,
        recipient=known.recipient if recipient is None else compact(recipient.strip()),
        code_service=known.code_service if code_service is None else code_service.strip(),
        engagement=known.engagement if engagement is None else engagement.strip(),
    )
    if asked == known:
        return _obey(desk, ask(asked))
    rerouting, objection = _resolved(desk, life, asked)
    return _obey(desk, ask(rerouting), objection)


def _resolved(desk: Desk, life: Life, asked: Rerouting) -> tuple[Rerouting, Refusal | None]:
    """Look a new routing up as that of a deposit is; say what it breaks."""
    routing = Routing(
        siret=asked.recipient if looks_like_siret(asked.recipient) else None,
        siret_address="",
        code_service=asked.code_service or None,
        code_service_address="",
        engagement=asked.engagement or None,
        identifier=asked.recipient or None,
    )
    day = paris(desk.clock.now()).date()
    found = rerouted(routing, life.circuit, day, desk.directory(), desk.state_recipients)
    kept = replace(asked, recipient=found.siret or asked.recipient, recipient_name=found.name)
    if not found.broken:
        return kept, None
    fr = " ".join(f"{rule.id} : {rule.message.fr}" for rule in found.broken)
    en = " ".join(f"{rule.id}: {rule.message.en}" for rule in found.broken)
    return kept, Refusal(AnswerCode.ROUTAGE_NON_ADMIS, Label(fr, en))


def _order(desk: Desk, document: str, event: Event, actor: Identity | None) -> Order:
    """Make an order; where nobody says who asks, it is asked for the party whose part it is."""
    if actor is None:
        role = EVENTS[event].actors[0]
        life = desk.lives.life(document)
        held = sorted(life.held_by(role), key=len, reverse=True) if life else []
        actor = Identity(role, held[0] if held else "")
    return Order(document=document, event=event, actor=actor)


def _judged(desk: Desk, life: Life, order: Order) -> Granted | Refusal:
    return judge(life, order, desk.clock.now(), desk.recycling)


def _obey(desk: Desk, order: Order, objection: Refusal | None = None) -> Answer:
    """Have an order judged and obeyed; an objection stands where it would have been granted."""
    at = desk.clock.now()

    def answer(life: Life) -> Granted | Refusal:
        verdict = judge(life, order, at, desk.recycling)
        return objection if objection and isinstance(verdict, Granted) else verdict

    return desk.lives.obey(order, at, answer)


def _said(text: str) -> str:
    return " ".join(text.split())


def _no_siret(identifier: str) -> Refusal | None:
    if not identifier or looks_like_siret(identifier):
        return None
    said = Label(
        f"{identifier} n'est pas un SIRET (14 chiffres).", f"{identifier} is no SIRET (14 digits)."
    )
    return Refusal(AnswerCode.CONTENU_NON_ADMIS, said)


def _piece(name: str, content: bytes) -> Piece:
    digest = hashlib.sha256(content).hexdigest()
    return Piece(name=safe_name(name), size=len(content), sha256=digest)


def _unfit(files: Mapping[str, bytes], pieces: Mapping[Piece, bytes]) -> Refusal | None:
    """Say which file cannot be taken, and why."""
    for name, content in files.items():
        reason = _fault_of(safe_name(name), content)
        if reason is not None:
            said = Label(f"« {name} » : {reason.fr}", f"'{name}': {reason.en}")
            return Refusal(AnswerCode.PIECE_NON_ADMISE, said)
    if len({piece.name for piece in pieces}) < len(files):
        said = Label("Deux pièces ont le même nom.", "Two files have the same name.")
        return Refusal(AnswerCode.PIECE_NON_ADMISE, said)
    if sum(map(len, files.values())) > MOST_BYTES:
        said = Label("Les pièces dépassent 120 Mo.", "The files exceed 120 MB.")
        return Refusal(AnswerCode.PIECE_NON_ADMISE, said)
    return None


def _fault_of(name: str, content: bytes) -> Label | None:
    extension = name.rpartition(".")[2].lower() if "." in name else ""
    if not content:
        return Label("fichier vide.", "the file is empty.")
    if len(content) > MAX_BYTES:
        return Label("plus de 10 Mo.", "more than 10 MB.")
    if len(name) > LONGEST_NAME:
        return Label(f"nom de plus de {LONGEST_NAME} caractères.", "the name is too long.")
    if extension not in ACCEPTED or kind_of(content) is None:
        return Label("type de fichier non admis.", "this type of file is not accepted.")
    return None


def _drop(desk: Desk, document: str, pieces: list[Piece]) -> None:
    """Remove files that were stored for an order which was not granted in the end."""
    life = desk.lives.life(document)
    named = {piece for event in (life.history if life else ()) for piece in event.pieces}
    for piece in pieces:
        if piece not in named:
            desk.pieces.drop(document, piece)


ASKED_OF_RECIPIENT: tuple[InvoiceStatus, ...] = tuple(RECIPIENT_EVENTS)
"""Statuses that ``set_status`` takes."""
