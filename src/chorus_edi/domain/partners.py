"""Partners: who may push flows, under which application code, and what each may deposit."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from enum import StrEnum

import msgspec

from chorus_edi.domain.findings import Severity
from chorus_edi.domain.interfaces import Format
from chorus_edi.domain.scenarios import Circuit
from chorus_edi.domain.schedules import Cron, Window

CODE = re.compile(r"[A-Z0-9]{6}")
"""A code application (facts: chorus-pro 1.4)."""

PLATFORM_CODE = "CPP001"
"""Chorus Pro's own code: it numbers the flows that arrive under no official name."""


class Mode(StrEnum):
    """What becomes of a partner's flows."""

    PRODUCTION = "production"
    QUALIFICATION = "qualification"


class Completeness(StrEnum):
    """How a partner shows that a file is whole (facts: peers 5.1)."""

    RENAMED = "renommage"
    DONE_FILE = "temoin"
    MANIFEST = "manifeste"
    QUIET = "calme"


class Arriving(msgspec.Struct, frozen=True, kw_only=True):
    """When a file of a partner is taken, and when it is given up.

    Attributes:
        rule: what shows that it is whole.
        quiet: seconds, by our own clock, during which size and time must not have changed
            (``QUIET`` only).
        patience: seconds after which a file that changes no more and never was whole is refused.
    """

    rule: Completeness = Completeness.QUIET
    quiet: int = 5
    patience: int = 3600


class Channel(StrEnum):
    """By what files travel between a partner and us."""

    FOLDER = "dossier"
    SFTP = "sftp"


class ReturnChannel(msgspec.Struct, frozen=True, kw_only=True):
    """Where a partner finds what we tell him: the reports on his flows.

    Attributes:
        channel: what carries it.
        folder: the folder (``FOLDER`` only); None for ``outbox/<code>``.
        server: name of the server that it is pushed to (``SFTP`` only).
    """

    channel: Channel = Channel.FOLDER
    folder: str | None = None
    server: str | None = None


class Bounds(msgspec.Struct, frozen=True, kw_only=True):
    """What one flow of a partner may hold, where that is less than for all; in bytes.

    Attributes:
        documents: invoices in a flow.
        flow: bytes of a flow, unpacked.
        document: bytes of an invoice with its attachments.
    """

    documents: int | None = None
    flow: int | None = None
    document: int | None = None


class Expected(msgspec.Struct, frozen=True, kw_only=True):
    """When a partner deposits, and how far from it he may be.

    Attributes:
        cron: the slots.
        tolerance: minutes before and after a slot in which a deposit is one of that slot.
    """

    cron: Cron
    tolerance: int = 60


class Partner(msgspec.Struct, frozen=True, kw_only=True):
    """One sender of flows; its inbox is ``inbox/<code>/``.

    Attributes:
        code: code application, unique.
        name: what people call it.
        sirets: establishments it may deposit for, 14 digits each; none means any.
        default_circuit: that of invoices that do not say theirs.
        severities: rule → how much it weighs for this sender, where not as for others.
        interfaces: interface codes it subscribed to; none means all of them.
        formats: formats of the documents it may send; none means all of them.
        free_names: True where a file need not bear an official flow name.
        mode: what becomes of its flows.
        active_from: first day on which it may deposit; None for any.
        active_to: last such day; None for any.
        arriving: when its files are taken.
        bounds: what its flows may hold.
        deposits_by: what carries its flows to us, for whoever reads the file; nobody else asks.
        returns: where what we tell it goes.
        expected: when it deposits, where its silence is to be told.
        hours: part of the day in which a service takes its files; None for that of all.
    """

    code: str
    name: str
    sirets: tuple[str, ...] = ()
    default_circuit: Circuit | None = None
    severities: Mapping[str, Severity] = {}
    interfaces: frozenset[str] = frozenset()
    formats: frozenset[Format] = frozenset()
    free_names: bool = False
    mode: Mode = Mode.PRODUCTION
    active_from: date | None = None
    active_to: date | None = None
    arriving: Arriving = Arriving()
    bounds: Bounds = Bounds()
    deposits_by: Channel = Channel.FOLDER
    returns: ReturnChannel = ReturnChannel()
    expected: Expected | None = None
    hours: Window | None = None

    def active(self, on: date) -> bool:
        """True where it may deposit on a day."""
        begun = self.active_from is None or self.active_from <= on
        return begun and (self.active_to is None or on <= self.active_to)


class Partners(msgspec.Struct, frozen=True):
    """Every partner by its code, and the one that files directly in ``inbox/`` belong to."""

    by_code: Mapping[str, Partner]
    default: Partner

    def of(self, code: str) -> Partner | None:
        """Return the partner of a code; None where nobody is connected under it."""
        return self.by_code.get(code)
