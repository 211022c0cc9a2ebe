"""Nights: the inbox processed once or for as long as the service lives, and the demonstration."""

# ruff: noqa: PLC0415 - a worker stays small and starts fast: see the package

from __future__ import annotations

import os
import shutil
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chorus_edi.adapters.clock import SystemClock
from chorus_edi.bootstrap.examiners import (
    ExaminerSpec,
    build_examiner,
    deadline_of,
    supervised,
)
from chorus_edi.bootstrap.installation import (
    environment,
    load_settings,
    open_store,
    refuse_changed_artefacts,
    spec_of,
)
from chorus_edi.errors import ConfigurationError
from chorus_edi.pipeline.worker import Examine

if TYPE_CHECKING:
    from chorus_edi.domain.partners import Partners
    from chorus_edi.pipeline.night import Night, Progress, RunSummary
    from chorus_edi.ports import Clock
    from chorus_edi.settings import Settings

CRASHPOINT = "CHORUS_EDI_CRASHPOINT"
"""Environment of the crash tests: ``<point>:<passage>``, see pipeline/crashpoints.py."""

_RESOURCES = Path(__file__).parents[1] / "resources"


def run(
    settings: Settings,
    *,
    once: bool,
    progress: Progress | None = None,
    clock: Clock | None = None,
    examiner: Callable[[ExaminerSpec], Examine] = build_examiner,
) -> RunSummary:
    """Process the inbox: once, or until SIGTERM or SIGINT, which let the flows begun be finished.

    Args:
        settings: where everything is.
        once: process what is there, then stop.
        progress: told (documents decided, flows closed) so far.
        clock: the system's unless a test holds it still.
        examiner: builds what workers run; tests put a document in it that kills its worker.

    Raises:
        ConfigurationError: nothing was started.
        Incident: the environment failed; what was begun is finished by the next run.
    """
    from chorus_edi.adapters.files.lock import sole_instance
    from chorus_edi.adapters.files.partners import load_partners
    from chorus_edi.pipeline.night import RunSummary

    partners = load_partners(settings.partenaires.file)
    refuse_changed_artefacts()
    _arm_crashpoint()
    summary = RunSummary()
    with environment(), ExitStack() as stack:
        stack.enter_context(sole_instance(settings.folders.data))
        stop = stack.enter_context(_stop_on_signals()) if not once else threading.Event()
        night, scan, steady = _night(
            stack, settings, partners, clock or SystemClock(), examiner, stop
        )
        night.run(scan if once else steady, summary, progress)
        while not once and not stop.wait(settings.scan.interval):
            night.run(steady, summary, progress)
    return summary


def _night(
    stack: ExitStack,
    settings: Settings,
    partners: Partners,
    clock: Clock,
    examiner: Callable[[ExaminerSpec], Examine],
    stop: threading.Event,
) -> tuple[Night, Callable[[], Any], Callable[[], Any]]:
    from chorus_edi.adapters.files.flows import FlowFolders
    from chorus_edi.adapters.files.outbox import OutboxFolder
    from chorus_edi.pipeline.closing import Closing
    from chorus_edi.pipeline.dispatch import Dispatch
    from chorus_edi.pipeline.intake import Intake
    from chorus_edi.pipeline.night import Night

    spec = spec_of(settings, partners)
    store = stack.enter_context(open_store(settings, create=True))
    files = FlowFolders(settings.folders.inbox, settings.folders.data, partners.default.code)
    outbox = OutboxFolder(settings.folders.outbox)
    supervisor = stack.enter_context(
        supervised(
            partial(examiner, spec),
            workers=settings.workers.count or os.cpu_count() or 1,
            deadline=deadline_of(settings.workers.deadline, settings.workers.deadline_per_megabyte),
            attempt=lambda task: store.attempt(task.flux, task.entry.rank),
        )
    )
    night = Night(
        store=store,
        files=files,
        clock=clock,
        supervisor=supervisor,
        intake=Intake(store, files, clock, partners.by_code, _limits(settings)),
        dispatch=Dispatch(store, outbox, clock),
        closing=Closing(store, files, outbox, clock),
        stopping=stop.is_set,
    )
    return night, files.arrivals, files.steady_arrivals


def _limits(settings: Settings) -> Any:
    from chorus_edi.formats.archive import Limits

    limits = settings.limits
    return Limits(documents=limits.documents, total=limits.flow, entry=limits.document)


@contextmanager
def _stop_on_signals() -> Iterator[threading.Event]:
    """Turn SIGTERM and SIGINT into a wish to stop, as long as this lasts."""
    stop = threading.Event()
    before = {
        number: signal.signal(number, lambda *_: stop.set())
        for number in (signal.SIGTERM, signal.SIGINT)
    }
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _arm_crashpoint() -> None:
    from chorus_edi.pipeline.crashpoints import arm

    if wanted := os.environ.get(CRASHPOINT):
        point, _, passage = wanted.partition(":")
        arm(point, int(passage or 1))


def demo(folder: Path, progress: Progress | None = None) -> Settings:
    """Make a small night of flows in a folder of its own, process it, return its settings.

    Doing it again starts afresh: what an earlier demonstration left there is removed.

    Raises:
        ConfigurationError: the folder holds something else than a demonstration.
    """
    from chorus_edi.services.nights import night
    from chorus_edi.services.specimens import recipients_in

    _make_room(folder)
    for name in ("chorus_edi.toml", "partenaires.toml"):
        shutil.copyfile(_RESOURCES / name, folder / "config" / name)
    shutil.copytree(_RESOURCES / "annuaire", folder / "config" / "annuaire")
    settings = load_settings(folder / "config" / "chorus_edi.toml")
    texts = (
        path.read_text(encoding="utf-8")
        for path in (settings.annuaire.structures, settings.annuaire.services)
    )
    night(settings.folders.inbox, recipients_in(*texts))
    run(settings, once=True, progress=progress)
    return settings


def _make_room(folder: Path) -> None:
    mark = folder / "config" / "chorus_edi.toml"
    if folder.exists() and any(folder.iterdir()):
        if not mark.is_file():
            raise ConfigurationError(f"le dossier {folder} n'est pas vide ; choisissez-en un autre")
        for name in ("config", "inbox", "outbox", "var"):
            shutil.rmtree(folder / name, ignore_errors=True)
    mark.parent.mkdir(parents=True)
