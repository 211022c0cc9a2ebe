"""Which partners are silent: a slot went by in which nothing of theirs came in.

A deposit counts for a slot from its tolerance before it on, until somebody looks, which is a minute
after its tolerance at the latest. A flow counts whatever became of it, and so does a file that is
still in the inbox: outside its hours, or after a stop, the service has not taken it yet.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from itertools import islice

from chorus_edi.domain.labels import counted
from chorus_edi.domain.legal_time import paris, short
from chorus_edi.domain.operations import Operation, OperationKind
from chorus_edi.domain.partners import Expected, Partner
from chorus_edi.ports.counting import Counts
from chorus_edi.ports.operations import Journal

KINDS = (OperationKind.SILENCE, OperationKind.SILENCE_FINI)
_MOST = 1000
"""Slots missed in a row that are counted one by one."""


def look(
    journal: Journal,
    counts: Counts,
    partners: Mapping[str, Partner],
    waiting: Mapping[str, datetime],
    now: datetime,
) -> str:
    """Tell who is silent, and who is no longer; return what was seen, in one sentence.

    Args:
        journal: what was told before.
        counts: what came in.
        partners: by code; those who expect nothing are passed over.
        waiting: code → when the newest file that lies in its inbox got there.
        now: the present.
    """
    told = journal.latest(KINDS)
    watched = [one for one in partners.values() if one.expected is not None]
    for partner in watched:
        for operation in events(partner, told.get(partner.code), counts, waiting, now):
            journal.signal(operation)
    open_ = [one for one in journal.latest(KINDS).values() if one.kind is OperationKind.SILENCE]
    silent = sum(one.subject in partners for one in open_)
    expected = counted(len(watched), "partenaire attendu", "partenaires attendus")
    return f"{expected}, {silent} sans dépôt."


def events(
    partner: Partner,
    told: Operation | None,
    counts: Counts,
    waiting: Mapping[str, datetime],
    now: datetime,
) -> Iterator[Operation]:
    """Yield what is to be told of one partner, what is over first.

    Only the last slot that went by is told of, with how many were missed before it.

    Args:
        partner: with its slots.
        told: the last event of its silence, if any.
        counts: what came in.
        waiting: see ``look``.
        now: the present.
    """
    slot = missable(partner, now)
    silent = told if told is not None and told.kind is OperationKind.SILENCE else None
    if partner.expected is None or (slot is None and silent is None):
        return
    opening = slot - _tolerance(partner.expected) if slot is not None else now
    since = min(opening, silent.at) if silent is not None else opening
    lies = waiting.get(partner.code)
    came = [one for one in (counts.last_deposit(partner.code, since), lies) if one is not None]
    heard = max((one for one in came if one >= since), default=None)
    if silent is not None and heard is not None and heard >= silent.at:
        yield _over(silent, partner, heard, now)
    if slot is None or (heard is not None and heard >= opening):
        return
    if told is None or told.key != _key(partner, slot):
        before = counts.last_deposit(partner.code)
        yield _silence(partner, slot, before, missed_before(partner.expected, before, slot), now)


def missable(partner: Partner, now: datetime) -> datetime | None:
    """Return the last slot whose tolerance is over; None where the partner was not active then."""
    if partner.expected is None:
        return None
    slot = partner.expected.cron.last(now - _tolerance(partner.expected))
    return slot if partner.active(paris(slot).date()) else None


def missed_before(expected: Expected, heard: datetime | None, slot: datetime) -> int:
    """Return how many slots in a row were missed before one; 0 for who was never heard."""
    if heard is None:
        return 0
    # A slot that opened before the last deposit was served by it.
    first = heard + _tolerance(expected) + timedelta(microseconds=1)
    return sum(1 for _ in islice(expected.cron.between(first, slot), _MOST))


def _tolerance(expected: Expected) -> timedelta:
    return timedelta(minutes=expected.tolerance)


def _key(partner: Partner, slot: datetime) -> str:
    return f"silence:{partner.code}:{paris(slot).isoformat(timespec='minutes')}"


def _silence(
    partner: Partner, slot: datetime, heard: datetime | None, before: int, now: datetime
) -> Operation:
    assert partner.expected is not None
    last = f"dernier dépôt le {short(heard)}" if heard is not None else "aucun dépôt à ce jour"
    missed = counted(before, "créneau manqué", "créneaux manqués")
    also = f" ; {missed} avant celui-ci" if before else ""
    return Operation(
        key=_key(partner, slot),
        kind=OperationKind.SILENCE,
        subject=partner.code,
        detail=f"Rien reçu de {partner.name} pour le créneau du {short(slot)} "
        f"(± {partner.expected.tolerance} min) ; {last}{also}.",
        at=now,
    )


def _over(silent: Operation, partner: Partner, heard: datetime, now: datetime) -> Operation:
    return Operation(
        key=f"{silent.key}:fini",
        kind=OperationKind.SILENCE_FINI,
        subject=partner.code,
        detail=f"{partner.name} a déposé le {short(heard)} ; "
        f"son silence avait été signalé le {short(silent.at)}.",
        at=now,
    )
