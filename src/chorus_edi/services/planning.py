"""Which task of the installation is due now, runs it, and keeps the record of it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

import msgspec

from chorus_edi.domain.legal_time import paris, short
from chorus_edi.domain.operations import Operation, OperationKind
from chorus_edi.domain.schedules import Schedule
from chorus_edi.errors import ConfigurationError, Incident, said
from chorus_edi.ports import Clock
from chorus_edi.ports.operations import Journal, TaskRun
from chorus_edi.services.rows import Row

log = logging.getLogger(__name__)

COLUMNS = ("tache", "libelle", "quand", "prochaine", "derniere", "duree_s", "resultat")

FAILED = "Échec : "
"""How the result of a run that failed begins."""

OFF = "non planifiée"


class Planned(msgspec.Struct, frozen=True, kw_only=True):
    """A task and when it runs.

    Attributes:
        name: what settings and lists call it.
        label: what people call it, French.
        schedule: when it runs; None: never.
        work: does it, and says what was done in one French sentence.
    """

    name: str
    label: str
    schedule: Schedule | None
    work: Callable[[], str]


def due(schedule: Schedule, run: TaskRun | None, now: datetime) -> datetime | None:
    """Return the planned time that a run would settle now; None where nothing is due.

    Of all the times that went by since the last run, the latest settles them all. A run that never
    ended died, and is due again. A clock that was set back makes a task due once more, never less.

    Args:
        schedule: when the task runs.
        run: its last run; with none, its latest time is due.
        now: the present.
    """
    planned = schedule.last(now)
    if run is not None and run.due == planned and run.ended is not None:
        return None
    return planned


def perform(task: Planned, journal: Journal, clock: Clock) -> None:
    """Run a task if it is due; what fails is told once a day, and tried at its next time.

    Raises:
        Incident: the journal itself could not be written.
    """
    if task.schedule is None:
        return
    began = clock.now()
    planned = due(task.schedule, journal.runs().get(task.name), began)
    if planned is None:
        return
    journal.began(task.name, planned, began)
    try:
        result = task.work()
    except (Incident, ConfigurationError, OSError) as error:
        result = f"{FAILED}{said(error)}"
        log.warning("tâche %s : %s", task.name, result)
    except Exception as error:
        # The one broad except of tasks: a defect stops neither the others nor the flows.
        result = f"{FAILED}défaut du programme, à signaler : {type(error).__name__}: {error}"
        log.exception("tâche %s", task.name)
    ended = clock.now()
    if result.startswith(FAILED):
        journal.signal(_failure(task, result, ended))
    journal.ended(task.name, ended, result)


def _failure(task: Planned, result: str, at: datetime) -> Operation:
    return Operation(
        key=f"tache:{task.name}:{paris(at).date().isoformat()}",
        kind=OperationKind.TACHE_ECHOUEE,
        subject=task.name,
        detail=f"{task.label} ({short(at)}). {result}",
        at=at,
    )


def rows(tasks: Sequence[Planned], runs: Mapping[str, TaskRun], now: datetime) -> list[Row]:
    """Return one row per task, in the order of the table; keys are ``COLUMNS``."""
    return [_row(task, runs.get(task.name), now) for task in tasks]


def _row(task: Planned, run: TaskRun | None, now: datetime) -> Row:
    schedule = task.schedule
    took = (run.ended - run.began) if run is not None and run.ended is not None else None
    return {
        "tache": task.name,
        "libelle": task.label,
        "quand": schedule.text if schedule is not None else OFF,
        "prochaine": schedule.after(now) if schedule is not None else None,
        "derniere": run.began if run is not None else None,
        "duree_s": int(took.total_seconds()) if took is not None else None,
        "resultat": _told(run),
    }


def _told(run: TaskRun | None) -> str | None:
    if run is None:
        return None
    return run.result if run.ended is not None else "En cours, ou interrompue."
