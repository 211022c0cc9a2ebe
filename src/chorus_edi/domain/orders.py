"""What people ask of an invoice, and what is answered: granted with its consequences, or refused.

Pure: the store writes it, in one transaction. Nothing that people ask for is an exception.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

import msgspec

from chorus_edi.domain.actors import ACTOR_LABELS, Actor, Identity
from chorus_edi.domain.labels import Label
from chorus_edi.domain.legal_time import short
from chorus_edi.domain.lifecycle import (
    EVENTS,
    RECIPIENT_EVENTS,
    Event,
    after,
    following,
    is_final,
)
from chorus_edi.domain.lives import Life, LifeEvent, Piece, Rerouting
from chorus_edi.domain.processing_motives import (
    PROCESSING_MOTIVES,
    ProcessingMotive,
    Use,
    motives_for,
)
from chorus_edi.domain.scenarios import Circuit
from chorus_edi.domain.statuses import INVOICE_STATUSES, InvoiceStatus

LONGEST_COMMENT = 2000
"""Characters of a comment (facts chorus-pro 5.2)."""

LONGEST_MANDATE = 50


class Recycling(StrEnum):
    """What becomes of « À recycler » in the historic circuit (facts reform-2026 5.3)."""

    ACCEPTED = "accepte"
    REFUSED = "refuse-2026"


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody asks of an invoice.

    Attributes:
        document: id of the invoice.
        event: what is to happen to it.
        actor: who asks.
        motif: why, where the event needs it.
        comment: what he adds.
        mandate: number of the payment order (``MANDATED`` only).
        dated: when it happened, where that is not now.
        pieces: files that complete it.
        rerouting: its whole new routing (``RECYCLED`` only).
        valideur: who is to validate: the right one, or the second one after this one.
        source: id of the document that asks, where it came as one (``RECYCLED`` only).
    """

    document: str
    event: Event
    actor: Identity
    motif: ProcessingMotive | None = None
    comment: str = ""
    mandate: str = ""
    dated: datetime | None = None
    pieces: tuple[Piece, ...] = ()
    rerouting: Rerouting | None = None
    valideur: str = ""
    source: str = ""


class AnswerCode(StrEnum):
    """How an order ends."""

    FAIT = "FAIT"
    DEJA_FAIT = "DEJA_FAIT"
    FACTURE_INCONNUE = "FACTURE_INCONNUE"
    SANS_DROIT = "SANS_DROIT"
    STATUT_FINAL = "STATUT_FINAL"
    TRANSITION_INTERDITE = "TRANSITION_INTERDITE"
    MOTIF_ABSENT = "MOTIF_ABSENT"
    MOTIF_NON_ADMIS = "MOTIF_NON_ADMIS"
    CONTENU_NON_ADMIS = "CONTENU_NON_ADMIS"
    DATE_NON_ADMISE = "DATE_NON_ADMISE"
    ROUTAGE_NON_ADMIS = "ROUTAGE_NON_ADMIS"
    PIECE_NON_ADMISE = "PIECE_NON_ADMISE"

    @property
    def refused(self) -> bool:
        """True where nothing was done because nothing may be."""
        return self not in (AnswerCode.FAIT, AnswerCode.DEJA_FAIT)


class Refusal(msgspec.Struct, frozen=True):
    """Why nothing is done, as a code and as a sentence."""

    code: AnswerCode
    label: Label


class Granted(msgspec.Struct, frozen=True):
    """What an order makes happen first: the event, its status, when, and the order as granted."""

    order: Order
    statut: InvoiceStatus
    date: datetime


def unknown(document: str) -> Refusal:
    """Refuse an order on an invoice that does not exist."""
    return Refusal(
        AnswerCode.FACTURE_INCONNUE,
        Label(f"Aucune facture {document}.", f"There is no invoice {document}."),
    )


def judge(life: Life, order: Order, at: datetime, recycling: Recycling) -> Granted | Refusal:
    """Answer an order.

    Args:
        life: the invoice as it stands.
        order: what is asked.
        at: now, aware, UTC.
        recycling: whether « À recycler » is honoured.
    """
    asked = _as_honoured(life, order, recycling)
    # A status of now never comes before the last one, whatever the clock did meanwhile.
    date = max(at, life.date_statut) if asked.dated is None else asked.dated
    refusal = (
        _repeated(life, asked)
        or _without_right(life, asked)
        or _out_of_time(asked, at)
        or _out_of_table(life, asked, date)
        or _without_motive(asked)
        or _with_wrong_content(life, asked)
    )
    if refusal is not None:
        return refusal
    before = life.statut_at(date)
    statut = after(life.circuit, life.demand, before, asked.event)
    assert statut is not None, "``_out_of_table`` let it pass"
    return Granted(asked, statut, date)


def _as_honoured(life: Life, order: Order, recycling: Recycling) -> Order:
    """Return what an order means here: recycling may be a refusal, a missing piece suspends."""
    order = _within_minute(life, order)
    ended = life.circuit is Circuit.AFNOR or recycling is Recycling.REFUSED
    if order.event is Event.RECYCLING_ASKED and ended:
        return msgspec.structs.replace(order, event=Event.REJECTED)
    if order.event is Event.REJECTED and order.motif is ProcessingMotive.JUSTIF_ABS:
        return msgspec.structs.replace(order, event=Event.SUSPENDED)
    return order


def _within_minute(life: Life, order: Order) -> Order:
    """Date an order of a bare minute after what the platform did of the invoice within it.

    People read minutes on the screen, and write them back: the deposit is none too late for them.
    """
    begin = order.dated
    if begin is None or begin.second or begin.microsecond:
        return order
    end = begin + timedelta(minutes=1)
    done = [one.date for one in life.history if one.actor.role is Actor.SYSTEM]
    if begin <= life.date_depot < end:
        done = [*(date for date in done if date < end), done[0]]
    else:
        done = [date for date in done if begin <= date < end]
    return msgspec.structs.replace(order, dated=max([begin, *done]))


def _repeated(life: Life, order: Order) -> Refusal | None:
    """Recognise an order that was granted already: the last one, or one of the same date."""
    known = [event for event in life.history if event.actor.role is not Actor.SYSTEM]
    candidates = known[-1:] if order.dated is None else known
    if not any(_same(event, order) for event in candidates):
        return None
    return Refusal(
        AnswerCode.DEJA_FAIT,
        Label("Déjà fait : rien n'est changé.", "Already done: nothing is changed."),
    )


def _same(event: LifeEvent, order: Order) -> bool:
    asked = (order.event, order.actor, order.motif, order.comment, order.mandate)
    done = (event.event, event.actor, event.motif, event.comment, event.mandate)
    added = (order.pieces, order.rerouting, order.valideur)
    when = order.dated is None or order.dated == event.date
    return asked == done and when and added == (event.pieces, event.rerouting, event.valideur)


def _without_right(life: Life, order: Order) -> Refusal | None:
    role, row = order.actor.role, EVENTS[order.event]
    if role not in row.actors:
        allowed = [ACTOR_LABELS[actor] for actor in row.actors]
        fr = " ou ".join(label.fr for label in allowed)
        en = " or ".join(label.en for label in allowed)
        said = Label(f"Seul {fr} le peut ({row.label.fr}).", f"Only {en} may ({row.label.en}).")
        return Refusal(AnswerCode.SANS_DROIT, said)
    if role is Actor.EXPLOITANT or order.actor.who in life.held_by(role):
        return None
    label = ACTOR_LABELS[role]
    if not order.actor.who:
        said = Label(
            f"Personne n'est connu comme {label.fr} de cette facture.",
            f"Nobody is known as {label.en} of this invoice.",
        )
        return Refusal(AnswerCode.SANS_DROIT, said)
    return Refusal(
        AnswerCode.SANS_DROIT,
        Label(
            f"{order.actor.who} n'est pas {label.fr} de cette facture.",
            f"{order.actor.who} is not {label.en} of this invoice.",
        ),
    )


def _out_of_time(order: Order, at: datetime) -> Refusal | None:
    if order.dated is None:
        return None
    if order.event not in RECIPIENT_EVENTS.values():
        fr, en = "Seul un statut du destinataire peut être antidaté.", "Only a recipient may date."
    elif order.dated > at:
        fr, en = "Ce statut est daté dans le futur.", "This status is dated in the future."
    else:
        return None
    return Refusal(AnswerCode.DATE_NON_ADMISE, Label(fr, en))


def _out_of_table(life: Life, order: Order, date: datetime) -> Refusal | None:
    before = life.statut_at(date)
    if before is None:
        begun = short(life.history[0].date)
        said = Label(
            f"La facture n'existait pas encore : elle a été intégrée le {begun}.",
            f"The invoice did not exist yet: it was integrated on {begun}.",
        )
        return Refusal(AnswerCode.DATE_NON_ADMISE, said)
    if after(life.circuit, life.demand, before, order.event) is not None:
        return None
    row, event = INVOICE_STATUSES[before].label, EVENTS[order.event].label
    if is_final(life.circuit, life.demand, before):
        said = Label(
            f"« {row.fr} » est un statut final : {event.fr} impossible.",
            f"'{row.en}' is final: {event.en} is not possible.",
        )
        return Refusal(AnswerCode.STATUT_FINAL, said)
    said = Label(
        f"{event.fr.capitalize()} impossible : la facture est « {row.fr} ».",
        f"{event.en.capitalize()} is not possible: the invoice is '{row.en}'.",
    )
    return Refusal(AnswerCode.TRANSITION_INTERDITE, said)


def _without_motive(order: Order) -> Refusal | None:
    use, motif = EVENTS[order.event].motive, order.motif
    if use is None and motif is not None:
        said = Label("Aucun motif n'est attendu ici.", "No motive is expected here.")
        return Refusal(AnswerCode.MOTIF_NON_ADMIS, said)
    if use is None or (motif is not None and use in PROCESSING_MOTIVES[motif].uses):
        return None
    known = ", ".join(motives_for(use))
    if motif is None:
        said = Label(f"Un motif est exigé : {known}.", f"A motive is demanded: {known}.")
        return Refusal(AnswerCode.MOTIF_ABSENT, said)
    said = Label(
        f"{motif} n'est pas un motif de {use.value} : {known}.",
        f"{motif} does not fit here: {known}.",
    )
    return Refusal(AnswerCode.MOTIF_NON_ADMIS, said)


def _with_wrong_content(life: Life, order: Order) -> Refusal | None:
    said = _content_fault(life, order)
    if said is None:
        return None
    routing = order.event is Event.RECYCLED
    code = AnswerCode.ROUTAGE_NON_ADMIS if routing else AnswerCode.CONTENU_NON_ADMIS
    return Refusal(code, said)


def _content_fault(life: Life, order: Order) -> Label | None:
    if len(order.comment) > LONGEST_COMMENT:
        return Label("Le commentaire est trop long.", "The comment is too long.")
    if len(order.mandate) > LONGEST_MANDATE:
        return Label("Le numéro de mandat est trop long.", "The mandate number is too long.")
    if order.mandate and order.event is not Event.MANDATED:
        return Label("Un numéro de mandat va avec MANDATEE.", "A mandate goes with MANDATEE.")
    if order.event is Event.COMPLETED and not (order.pieces or order.comment):
        return Label("Ni pièce ni commentaire.", "Neither a file nor a comment.")
    if order.event is Event.RECYCLED and order.rerouting in (None, life.routing):
        return Label("Rien n'est changé au routage.", "The routing is not changed.")
    return _valideur_fault(life, order)


def _valideur_fault(life: Life, order: Order) -> Label | None:
    corrects = order.event in (Event.VALIDEUR_CORRECTED, Event.SECOND_VALIDEUR_CORRECTED)
    if corrects and not order.valideur:
        return Label("Le nouveau valideur est absent.", "The new validating party is missing.")
    if corrects and _valideur_stands(life):
        return Label(
            "Le valideur est connu et n'a pas dit qu'il y avait erreur.",
            "The validating party is known, and has not said that there is a mistake.",
        )
    if order.valideur and life.statut is InvoiceStatus.A_VALIDER_2 and not corrects:
        return Label("Il n'y a pas de troisième valideur.", "There is no third validating party.")
    return None


def _valideur_stands(life: Life) -> bool:
    """True where the valideur is known and has not said that he is the wrong one."""
    return life.statut is InvoiceStatus.A_VALIDER_1 and bool(life.valideur)


def possible(
    life: Life, actor: Identity | None, recycling: Recycling
) -> tuple[tuple[Event, InvoiceStatus, tuple[Actor, ...], Use | None], ...]:
    """Return what people may do with an invoice now: event, status it leads to, who, motive.

    ``actor`` keeps only what he may do; None keeps everybody's.
    """
    rows = []
    for event, target in following(life.circuit, life.demand, life.statut):
        row = EVENTS[event]
        people = tuple(role for role in row.actors if role is not Actor.SYSTEM)
        withdrawn = (event is Event.RECYCLING_ASKED and recycling is Recycling.REFUSED) or (
            event is Event.VALIDEUR_CORRECTED and _valideur_stands(life)
        )
        mine = actor is None or (
            actor.role in people
            and (actor.role is Actor.EXPLOITANT or actor.who in life.held_by(actor.role))
        )
        if people and mine and not withdrawn:
            rows.append((event, target, people, row.motive))
    return tuple(rows)
