"""Tells whoever runs the installation of its events: each at least once, or again later."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from chorus_edi.domain.labels import counted
from chorus_edi.domain.operations import Operation
from chorus_edi.errors import Incident
from chorus_edi.ports import Clock
from chorus_edi.ports.notifying import Notifier
from chorus_edi.ports.operations import Journal

log = logging.getLogger(__name__)

FIRST, LONGEST = timedelta(minutes=1), timedelta(minutes=30)
"""How long an event rests that could not be told, and at most after further failures."""

_IN_A_ROW = 3
"""Failures in a row after which a run gives up: the server is down, and each costs its timeout."""


class _Rest(NamedTuple):
    pause: timedelta
    until: datetime


class Notification:
    """Tells pending events; remembers, as long as the process lives, which of them rest.

    Args:
        notifiers: all of them must have been told before an event counts as told; none means that
            events are only listed.
        age: events older than that are only listed.
    """

    def __init__(self, notifiers: Sequence[Notifier], age: timedelta) -> None:
        self._notifiers = tuple(notifiers)
        self._age = age
        self._rests: dict[str, _Rest] = {}

    @property
    def configured(self) -> bool:
        """True where there is a way to tell anybody."""
        return bool(self._notifiers)

    def tell(self, journal: Journal, clock: Clock) -> str:
        """Tell what is pending, oldest first; return what was done in one sentence.

        Raises:
            Incident: nothing of what was tried could be told.
        """
        now = clock.now()
        pending = journal.operations(since=now - self._age, pending=True)
        if not self.configured:
            unread = counted(len(pending), "événement")
            return f"Aucun canal de notification ; {unread} à lire."
        # Those that were told, or grew too old, rest no more.
        self._rests = {one.key: self._rests[one.key] for one in pending if one.key in self._rests}
        failures: list[Incident | None] = []
        for operation in pending:
            if self._may_be_tried(operation, now):
                failures.append(self._try(operation, now))
                if failures[-1] is None:
                    journal.notified(operation.key, clock.now())
                elif len(failures) >= _IN_A_ROW and all(failures[-_IN_A_ROW:]):
                    break
        told = failures.count(None)
        if failures and not told:
            raise Incident(str(failures[-1]))
        done = counted(told, "événement notifié", "événements notifiés")
        return f"{done}, {len(pending) - told} en attente."

    def _try(self, operation: Operation, now: datetime) -> Incident | None:
        """Tell of one event; return why nobody was told, where it rests from now on."""
        try:
            for notifier in self._notifiers:
                notifier.tell(operation)
        except Incident as incident:
            log.warning("événement %s non notifié : %s", operation.key, incident)
            self._put(operation, now)
            return incident
        self._rests.pop(operation.key, None)
        return None

    def _may_be_tried(self, operation: Operation, now: datetime) -> bool:
        rest = self._rests.get(operation.key)
        # A clock set back must not make it rest for longer than it may.
        return rest is None or not now < rest.until <= now + LONGEST

    def _put(self, operation: Operation, now: datetime) -> None:
        before = self._rests.get(operation.key)
        pause = min(2 * before.pause, LONGEST) if before else FIRST
        self._rests[operation.key] = _Rest(pause, now + pause)
