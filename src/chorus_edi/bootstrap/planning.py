"""The tasks of the installation, in one table, and the scheduler that wakes them beside the flows.

What is due is decided by ``services/planning.py`` from the record of the last runs; APScheduler
only wakes it, so that a wake that comes twice, late, or after a restart changes nothing.
"""

# ruff: noqa: PLC0415 - a worker stays small and starts fast: see the package

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from chorus_edi.bootstrap import watching
from chorus_edi.bootstrap.acting import tacit
from chorus_edi.bootstrap.backups import back_up
from chorus_edi.bootstrap.databases import environment
from chorus_edi.bootstrap.exchanges import fetch_remote, push_returns
from chorus_edi.bootstrap.keeping import purge
from chorus_edi.errors import ChorusEdiError, ConfigurationError, Incident

if TYPE_CHECKING:
    from datetime import datetime

    from chorus_edi.domain.schedules import Schedule
    from chorus_edi.ports import Clock
    from chorus_edi.services.planning import Planned
    from chorus_edi.services.rows import Row
    from chorus_edi.settings import Settings

log = logging.getLogger(__name__)

_POLLING = "5 min"
"""How often SFTP servers are looked at, where there are any."""

_UPKEEP = threading.Lock()
"""Held by the one task of upkeep at work: after a stop several may be due at once."""


class Task(NamedTuple):
    """A task that settings may plan.

    Attributes:
        name: its key in ``[planning]``.
        label: what people call it, French.
        when: cron line or interval where the settings say nothing; empty: never.
        work: does it, and says what was done in one French sentence; an ``Incident`` or a
            ``ConfigurationError`` is told to whoever runs the installation.
    """

    name: str
    label: str
    when: str
    work: Callable[[Settings, Clock], str]


def tasks(settings: Settings) -> tuple[Task, ...]:
    """Return every task that there is.

    Raises:
        ConfigurationError: one of them could not do its work.
    """
    # Between two runs it remembers what rests.
    notify = partial(watching.notify, notification=watching.notification_of(settings))
    return (
        Task("silence", "Partenaires attendus", "1 min", watching.silence),
        Task("espace", "Espace disque", "5 min", watching.espace),
        Task("bilan", "Bilan de la nuit", "0 7 * * *", watching.bilan),
        Task("notification", "Notification des événements", "1 min", notify),
        Task("releve", "Relève des serveurs SFTP", _POLLING if settings.sftp else "", fetch_remote),
        Task("envoi", "Envoi aux serveurs SFTP", _POLLING if settings.sftp else "", push_returns),
        Task("tacite", "Validations tacites", "5 0 * * *", tacit),
        Task("purge", "Conservation", "30 3 * * *", _purge),
        Task("sauvegarde", "Sauvegarde", "", _back_up),
        Task("metriques", "Fichier de métriques", "", watching.write_metrics),
    )


def _purge(settings: Settings, clock: Clock) -> str:
    from chorus_edi.services.purge import told

    with _UPKEEP:
        return told(purge(settings, dry_run=False, clock=clock))


def _back_up(settings: Settings, clock: Clock) -> str:
    chosen = settings.sauvegarde
    if chosen.dossier is None:
        raise ConfigurationError("sauvegarde.dossier : aucun dossier n'est choisi")
    with _UPKEEP:
        made = back_up(settings, chosen.dossier, config=chosen.reglages, clock=clock)
    if made.missing:
        raise Incident(f"sauvegarde {made.folder} : {len(made.missing)} fichiers reçus manquent")
    return f"{made.folder} : {made.files} fichiers, {made.size} octets."


def planned(settings: Settings, clock: Clock) -> list[Planned]:
    """Return the tasks with their schedules, as the settings plan them.

    Raises:
        ConfigurationError: a task that there is none of, or that could not do its work.
    """
    from chorus_edi.domain.schedules import schedule_of
    from chorus_edi.services.planning import Planned

    chosen, known = dict(settings.planning), tasks(settings)
    when = {task.name: chosen.pop(task.name, task.when) for task in known}
    if chosen:
        names = ", ".join(when)
        raise ConfigurationError(f"planning, tâche inconnue : {', '.join(chosen)} ({names})")
    if when["metriques"] and settings.metriques.fichier is None:
        raise ConfigurationError("planning.metriques demande metriques.fichier")
    if when["sauvegarde"] and settings.sauvegarde.dossier is None:
        raise ConfigurationError("planning.sauvegarde demande sauvegarde.dossier")
    return [
        Planned(
            name=task.name,
            label=task.label,
            schedule=schedule_of(text) if (text := when[task.name].strip()) else None,
            work=partial(task.work, settings, clock),
        )
        for task in known
    ]


def planning_rows(settings: Settings, clock: Clock) -> list[Row]:
    """Return one row per task: when it runs, its last run and what that gave.

    Raises:
        ConfigurationError: there is nothing to read here, or the planning has mistakes.
    """
    from chorus_edi.services.planning import rows

    with watching.open_memory(settings) as memory:
        return rows(planned(settings, clock), memory.journal.runs(), clock.now())


@contextmanager
def scheduled(settings: Settings, clock: Clock) -> Iterator[None]:
    """Run the tasks of an installation, each in a thread of its own, as long as this lasts.

    Those that are due are begun at once. At the end, those that were begun are waited for, unless
    an exception ends it: the limit to stop has passed, and they are cut off like the flows.

    Raises:
        ConfigurationError: the planning has mistakes; nothing was started.
    """
    from apscheduler.schedulers.background import BackgroundScheduler

    from chorus_edi.bootstrap.triggers import Wakes
    from chorus_edi.domain.legal_time import PARIS

    scheduler = BackgroundScheduler(timezone=PARIS)
    runners = [
        _Runner(task, task.schedule, settings, clock)
        for task in planned(settings, clock)
        if task.schedule is not None
    ]
    for runner in runners:
        wakes = Wakes(runner.schedule)
        scheduler.add_job(runner.wake, wakes, coalesce=True, misfire_grace_time=None)
        runner.wake()
    scheduler.start()
    try:
        yield
    except BaseException:
        scheduler.shutdown(wait=False)
        raise
    scheduler.shutdown(wait=False)
    for runner in runners:
        runner.join()


class _Runner:
    """Runs one task, never twice at the same time.

    A thread that is at work does not keep the process alive: like a flow, a task may be cut off
    anywhere, and is taken up by the next start.
    """

    def __init__(self, task: Planned, schedule: Schedule, settings: Settings, clock: Clock) -> None:
        self.schedule = schedule
        self._task = task
        self._settings = settings
        self._clock = clock
        self._settled: datetime | None = None
        self._thread: threading.Thread | None = None

    def wake(self) -> None:
        """Begin the task if it may be due; its wakes come one after the other."""
        planned = self.schedule.last(self._clock.now())
        at_work = self._thread is not None and self._thread.is_alive()
        if not at_work and planned != self._settled:
            self._thread = threading.Thread(
                target=self._perform,
                args=(planned,),
                name=f"chorus-edi-{self._task.name}",
                daemon=True,
            )
            self._thread.start()

    def join(self) -> None:
        """Wait until it is not at work; a signal may end the waiting."""
        if self._thread is not None:
            self._thread.join()

    def _perform(self, planned: datetime) -> None:
        from chorus_edi.services.planning import perform

        try:
            with environment(), watching.open_memory(self._settings, create=True) as memory:
                perform(self._task, memory.journal, self._clock)
        except ChorusEdiError as error:
            # Without its journal no task runs: the next wake tries again.
            log.error("tâche %s : %s", self._task.name, error)  # noqa: TRY400
        else:
            self._settled = planned
