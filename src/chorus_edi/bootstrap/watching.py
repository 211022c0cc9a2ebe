"""Watching the installation: what each of its tasks does, and what is shown of it.

A task opens its own connection to the database: it runs beside the flows, in a thread of its own.
"""

# ruff: noqa: PLC0415 - a worker stays small and starts fast: see the package

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from chorus_edi.bootstrap.databases import environment, open_database
from chorus_edi.errors import ConfigurationError, Incident, said

if TYPE_CHECKING:
    from chorus_edi.domain.accounts import Account, Night
    from chorus_edi.ports import Clock
    from chorus_edi.ports.counting import Counts
    from chorus_edi.ports.notifying import Notifier
    from chorus_edi.ports.operations import Journal
    from chorus_edi.services.espace import Volume
    from chorus_edi.services.notification import Notification
    from chorus_edi.settings import Settings
    from chorus_edi.settings.servers import Smtp

log = logging.getLogger(__name__)


class Memory(NamedTuple):
    """What the database remembers of the installation."""

    journal: Journal
    counts: Counts


@contextmanager
def open_memory(settings: Settings, *, create: bool = False) -> Iterator[Memory]:
    """Open the memory of the installation: see ``open_store``.

    Raises:
        ConfigurationError: there is nothing to read here.
    """
    from chorus_edi.adapters.store.counting import SqlCounts
    from chorus_edi.adapters.store.journal import SqlJournal

    with open_database(settings, create=create) as engine:
        yield Memory(SqlJournal(engine), SqlCounts(engine))


def silence(settings: Settings, clock: Clock) -> str:
    """Tell which partners are silent, and which no longer are."""
    from chorus_edi.adapters.files.partners import load_partners
    from chorus_edi.adapters.files.waiting import waiting
    from chorus_edi.services import silence as service

    partners = load_partners(settings.partenaires.file)
    newest: dict[str, datetime] = {}
    with environment(), open_memory(settings, create=True) as memory:
        # Before the rows are read: a file that is taken in between is seen in one of both.
        for file in waiting(settings.folders.inbox, partners.default.code):
            newest[file.partner] = max(file.since, newest.get(file.partner, file.since))
        return service.look(*memory, partners.by_code, newest, clock.now())


def espace(settings: Settings, clock: Clock) -> str:
    """Tell which disks run short of room, and which no longer do."""
    from chorus_edi.domain.sizes import size_of
    from chorus_edi.services import espace as service

    minimum = size_of(settings.espace.minimum)
    with environment(), open_memory(settings, create=True) as memory:
        return service.look(memory.journal, volumes(settings), minimum, clock.now())


def volumes(settings: Settings) -> Sequence[Volume]:
    """Return the file systems of our folders, with their room.

    Raises:
        OSError: one cannot be looked at.
    """
    from chorus_edi.adapters.files.space import free_space
    from chorus_edi.services.espace import Volume

    return [Volume(*one) for one in free_space(dict(settings.folders)).items()]


def bilan(settings: Settings, clock: Clock) -> str:
    """Draw up the account of the last night that is over, and tell of it."""
    from chorus_edi.services import bilan as service

    night, found = accounts(settings, clock)
    with open_memory(settings, create=True) as memory:
        return service.signal(memory.journal, night, found, clock.now())


def accounts(
    settings: Settings, clock: Clock, day: date | None = None
) -> tuple[Night, Sequence[Account]]:
    """Return a night and its accounts: the one that begins on a day, or the last that is over.

    Raises:
        ConfigurationError: there is nothing to read here.
    """
    from chorus_edi.adapters.files.flows import FlowFolders
    from chorus_edi.domain.schedules import clock_time
    from chorus_edi.services import bilan as service

    begin, now = clock_time(settings.bilan.debut), clock.now()
    night = service.night_of(day, begin) if day else service.last_night(now, begin)
    with environment(), open_memory(settings) as memory:
        files = FlowFolders(settings.folders.inbox, settings.folders.data)
        return night, service.accounts(memory.counts, files, night, now)


def notify(settings: Settings, clock: Clock, notification: Notification) -> str:
    """Tell whoever runs the installation of what he was not told yet.

    Raises:
        Incident: nothing of it could be told.
    """
    with open_memory(settings, create=True) as memory:
        return notification.tell(memory.journal, clock)


def notify_at_last(settings: Settings, clock: Clock, notification: Notification) -> None:
    """Tell at the end of a single run; what fails is told by another run, and fails nothing."""
    if not notification.configured:
        return
    try:
        notify(settings, clock, notification)
    except Incident as incident:
        log.warning("notification : %s", incident)


def notification_of(settings: Settings) -> Notification:
    """Return what tells of events here.

    Raises:
        ConfigurationError: the password of the mail server cannot be read.
    """
    from chorus_edi.services.notification import Notification

    return Notification(tuple(_notifiers(settings)), timedelta(days=settings.notification.jours))


def _notifiers(settings: Settings) -> Iterator[Notifier]:
    from chorus_edi.adapters.notifiers import CommandNotifier, MailNotifier, MailServer, Security

    chosen = settings.notification
    if chosen.commande:
        yield CommandNotifier(chosen.commande, chosen.delai)
    if (smtp := chosen.smtp) is not None:
        yield MailNotifier(
            MailServer(
                host=smtp.hote,
                port=smtp.port,
                sender=smtp.de,
                recipients=smtp.a,
                user=smtp.utilisateur,
                password=_password(smtp),
                security=Security(smtp.tls),
                patience=chosen.delai,
            )
        )


def _password(smtp: Smtp) -> str:
    if smtp.mot_de_passe is not None:
        password = smtp.mot_de_passe.get_secret_value()
    elif smtp.fichier_secret is not None:
        try:
            password = smtp.fichier_secret.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigurationError(
                f"notification.smtp.fichier_secret illisible : {said(error)}"
            ) from error
    else:
        password = ""
    if not password.isascii() or not smtp.utilisateur.isascii():
        raise ConfigurationError(
            "notification.smtp : l'utilisateur et son mot de passe doivent être en ASCII"
        )
    return password


def metrics(settings: Settings, clock: Clock) -> str:
    """Return what Prometheus is told, as text.

    Raises:
        ConfigurationError: there is nothing to read here.
        Incident: the environment failed.
    """
    from importlib.metadata import version

    from chorus_edi.adapters.files.waiting import waiting
    from chorus_edi.services import metrics as service

    with environment(), open_memory(settings) as (journal, counts):
        # Whose they are makes no difference here.
        lying = [file.since for file in waiting(settings.folders.inbox, default="")]
        now = clock.now()
        # Older ones are only listed, and would count for ever.
        recent = now - timedelta(days=settings.notification.jours)
        return service.text(
            service.Seen(
                at=now,
                version=version("chorus-edi"),
                tally=counts.tally(),
                inbox=service.Inbox(len(lying), min(lying, default=None)),
                runs=journal.runs(),
                open_=service.last_of_each(journal),
                unnotified=len(journal.operations(since=recent, pending=True)),
                volumes=volumes(settings),
            )
        )


def write_metrics(settings: Settings, clock: Clock, target: Path | None = None) -> str:
    """Write them whole to a file, by default that of the settings; say so in one sentence.

    Raises:
        ConfigurationError: there is nothing to read here, or no file to write.
        Incident: the environment failed.
    """
    from chorus_edi.adapters.files.disk import write_whole

    file = target or settings.metriques.fichier
    if file is None:
        raise ConfigurationError("metriques.fichier : aucun fichier n'est choisi")
    with environment():
        write_whole(file, metrics(settings, clock).encode())
    return f"Écrit dans {file}."
