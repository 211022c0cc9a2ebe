"""Nights: the inbox processed once or for as long as the service lives, and the demonstration."""

# ruff: noqa: PLC0415 - a worker stays small and starts fast: see the package

from __future__ import annotations

import gc
import logging
import os
import shutil
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING

from chorus_edi.adapters.clock import SystemClock
from chorus_edi.bootstrap.acting import open_desk
from chorus_edi.bootstrap.databases import environment, open_database
from chorus_edi.bootstrap.examiners import (
    ExaminerSpec,
    build_examiner,
    deadline_of,
    supervised,
)
from chorus_edi.bootstrap.hours import Hours
from chorus_edi.bootstrap.installation import (
    limits_in,
    load_settings,
    refuse_changed_artefacts,
    returns_of,
    spec_of,
)
from chorus_edi.bootstrap.wishes import Wishes
from chorus_edi.domain.interfaces import carrying
from chorus_edi.domain.statuses import InvoiceStatus
from chorus_edi.errors import ConfigurationError, Incident
from chorus_edi.pipeline.worker import Examine

if TYPE_CHECKING:
    from chorus_edi.adapters.files.arrivals import InboxScan
    from chorus_edi.domain.flux import Sighting
    from chorus_edi.domain.partners import Partners
    from chorus_edi.pipeline.night import Night, Progress, RunSummary
    from chorus_edi.pipeline.rests import Rests
    from chorus_edi.ports import Antivirus, Clock, Store
    from chorus_edi.services.specimens import Recipient
    from chorus_edi.settings import Settings

log = logging.getLogger(__name__)

_YOUNG = 20_000
"""New objects after which the collector of circles looks at them."""

_SOON = 1.0
"""Seconds at least before files that are still being written are looked at again."""

_LOOKING = 10
"""Times as long as a look took that is then waited: many files do not keep a processor busy."""

DEMONSTRATION = "DEMONSTRATION.txt"
"""File that says of a folder that it may be emptied: an installation is never one."""

_MARK = """\
Dossier d'une démonstration de chorus-edi : la suivante l'efface. N'y traitez rien de réel ;
une installation se crée par « chorus-edi config init DOSSIER ».
"""

RESOURCES = Path(__file__).parents[1] / "resources"
"""What travels with the program: settings that work, a made-up directory, the kit."""


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
    from chorus_edi.adapters.files.watching import watched
    from chorus_edi.bootstrap.planning import scheduled
    from chorus_edi.bootstrap.watching import notification_of, notify_at_last
    from chorus_edi.pipeline.night import RunSummary

    partners = load_partners(settings.partenaires.file)
    refuse_changed_artefacts()
    notification = notification_of(settings)
    summary = RunSummary()
    wishes = Wishes()
    clock = clock or SystemClock()
    make = partial(_night, settings, clock=clock, examiner=examiner, stopping=wishes.stop)
    with environment(), ExitStack() as stack:
        stack.enter_context(sole_instance(settings.folders.data))
        stack.enter_context(_collecting_seldom())
        spec = spec_of(settings, partners)
        if once:
            night, scan = make(stack, partners, spec, Hours(settings, partners, clock))
            night.run(scan.all, summary, progress)
            notify_at_last(settings, clock, notification)
            return summary
        stack.enter_context(wishes.heeded(settings.service.arret))
        stack.enter_context(scheduled(settings, clock))
        stack.enter_context(watched(settings.folders.inbox, wishes.wake.set))
        while not wishes.stop.is_set():
            if wishes.reload.is_set():
                partners, spec = _reloaded(settings, partners, spec)
            wishes.reload.clear()
            hours = Hours(settings, partners, clock)
            with _outlived(wishes, settings.scan.interval), ExitStack() as connected:
                night, scan = make(connected, partners, spec, hours)
                while not (wishes.stop.is_set() or wishes.reload.is_set()):
                    before = summary.flows
                    night.run(scan.whole, summary, progress)
                    # A backlog is gone on with at once, unless nothing of it could be done.
                    if not scan.full or summary.flows == before:
                        pause = min(settings.scan.interval, _soon(scan), hours.closed())
                        wishes.wait(pause)
    return summary


def _soon(scan: InboxScan) -> float:
    """Return the seconds after which what is still being written is looked at again."""
    return max(_SOON, _LOOKING * scan.cost) if scan.unsettled else inf


@contextmanager
def _outlived(wishes: Wishes, pause: float) -> Iterator[None]:
    """Outlive a failure of the environment, and wait before everything is opened anew.

    Raises:
        Incident: the service was asked to stop, and the next start goes on.
    """
    try:
        with environment():
            yield
    except Incident as incident:
        if wishes.stop.is_set():
            raise
        log.error("incident, nouvel essai dans %g s : %s", pause, incident)  # noqa: TRY400
        wishes.pause(pause)


@contextmanager
def _collecting_seldom() -> Iterator[None]:
    """Let the collector of circles look seldom: a flow makes thousands of rows, none in circles."""
    before = gc.get_threshold()
    gc.set_threshold(_YOUNG, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _reloaded(
    settings: Settings, partners: Partners, spec: ExaminerSpec
) -> tuple[Partners, ExaminerSpec]:
    """Return partners and directory as they are now; those of before, where one has mistakes."""
    from chorus_edi.adapters.files.partners import load_partners

    try:
        fresh = load_partners(settings.partenaires.file)
        renewed = spec_of(settings, fresh)
        returns_of(settings, fresh)
    except ConfigurationError as error:
        log.warning("configuration not reloaded: %s", error)
        return partners, spec
    log.info("partners and directory reloaded")
    return fresh, renewed


def _night(
    settings: Settings,
    stack: ExitStack,
    partners: Partners,
    spec: ExaminerSpec,
    hours: Hours,
    *,
    clock: Clock,
    examiner: Callable[[ExaminerSpec], Examine],
    stopping: threading.Event,
) -> tuple[Night, InboxScan]:
    from chorus_edi.adapters.files.arrivals import TOLD_BY
    from chorus_edi.adapters.files.flows import FlowFolders
    from chorus_edi.adapters.files.outbox import OutboxFolder
    from chorus_edi.adapters.files.pieces import PieceFolder
    from chorus_edi.adapters.store.keeping import SqlKeeping
    from chorus_edi.adapters.store.lifecycle import SqlLives
    from chorus_edi.adapters.store.store import SqlStore
    from chorus_edi.pipeline.closing import Closing
    from chorus_edi.pipeline.continuing import Continuing
    from chorus_edi.pipeline.dispatch import Dispatch
    from chorus_edi.pipeline.intake import Intake
    from chorus_edi.pipeline.night import Night
    from chorus_edi.pipeline.rests import Rests
    from chorus_edi.pipeline.shipping import Shipping

    rests = Rests()
    # Workers first: they take half a second to start, and nothing below waits for them.
    supervisor = stack.enter_context(
        supervised(
            partial(examiner, spec),
            workers=settings.workers.count or os.cpu_count() or 1,
            deadline=deadline_of(settings.workers.deadline, settings.workers.deadline_per_megabyte),
            attempt=lambda task: store.attempt(task.flux, task.entry.rank),
            survived=lambda task: store.survived(task.flux, task.entry.rank),
        )
    )
    engine = stack.enter_context(open_database(settings, create=True))
    store, lives = SqlStore(engine), SqlLives(engine)
    told_by = {code: TOLD_BY.get(one.arriving.rule) for code, one in partners.by_code.items()}
    files = FlowFolders(settings.folders.inbox, settings.folders.data, told_by.get)
    outbox = OutboxFolder(settings.folders.outbox)
    returns = returns_of(settings, partners)
    intake = Intake(
        store,
        files,
        clock,
        partners=partners.by_code,
        limits=limits_in(settings),
        antivirus=_antivirus(settings),
        interfaces=carrying(settings.interfaces.formats),
    )
    night = Night(
        store=store,
        files=files,
        clock=clock,
        supervisor=supervisor,
        intake=intake,
        dispatch=Dispatch(store, outbox, clock),
        continuing=Continuing(
            lives=lives,
            store=store,
            files=files,
            supervisor=supervisor,
            limits=limits_in(settings),
            recycling=settings.cycle_de_vie.recyclage,
            dismissed=SqlKeeping(engine).dismissed,
        ),
        shipping=Shipping(
            lives=lives,
            store=store,
            files=files,
            outbox=outbox,
            pieces=PieceFolder(settings.folders.data),
            clock=clock,
            supervisor=supervisor,
            limits=limits_in(settings),
        ),
        closing=Closing(store, files, returns, clock),
        delivery=settings.livraison.format,
        stopping=stopping.is_set,
        rests=rests,
    )
    return night, _scan(settings, partners, store, rests, clock, hours)


def _scan(
    settings: Settings,
    partners: Partners,
    store: Store,
    rests: Rests,
    clock: Clock,
    hours: Hours,
) -> InboxScan:
    from chorus_edi.adapters.files.arrivals import InboxScan

    def waited(files: Sequence[Sighting]) -> Mapping[str, float]:
        now = clock.now()
        since = store.sighted(files, now)
        return {path: (now - begun).total_seconds() for path, begun in since.items()}

    return InboxScan(
        settings.folders.inbox,
        partners,
        most=settings.scan.files,
        held=rests.paths,
        waited=waited,
        open_=hours.open,
    )


def _antivirus(settings: Settings) -> Antivirus:
    from chorus_edi.adapters.antivirus import AntivirusCommand, NoAntivirus

    chosen = settings.antivirus
    return AntivirusCommand(chosen.commande, chosen.delai) if chosen.commande else NoAntivirus()


def demo(folder: Path, progress: Progress | None = None) -> Settings:
    """Make a small night of flows in a folder of its own, process it, return its settings.

    One of its invoices is then taken through a whole life.

    Doing it again starts afresh: what an earlier demonstration left there is removed.

    Raises:
        ConfigurationError: the folder holds something else than a demonstration.
    """
    from chorus_edi.services import whole_life
    from chorus_edi.services.nights import DEFAULT_PARTNER, night

    make_room(folder)
    settings = furnish(folder, RESOURCES / "partenaires.toml")
    recipients = recipients_of(settings)
    night(settings.folders.inbox, recipients)
    whole_life.deposit(settings.folders.inbox / DEFAULT_PARTNER, recipients)
    run(settings, once=True, progress=progress)
    with open_desk(settings) as desk:
        (document,) = (one.id for one in desk.store.factures(statut=InvoiceStatus.A_VALIDER_1))
        whole_life.play(desk, document, recipients, lambda: _run_again(settings))
    return settings


def _run_again(settings: Settings) -> None:
    run(settings, once=True)


def furnish(folder: Path, partners: Path) -> Settings:
    """Put a configuration into a folder, with the made-up directory; return its settings."""
    config = folder / "config"
    copy_configuration(config, partners)
    return load_settings(config / "chorus_edi.toml")


def copy_configuration(config: Path, partners: Path) -> None:
    """Copy the settings that travel with the program into a folder, with a file of partners."""
    config.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(RESOURCES / "chorus_edi.toml", config / "chorus_edi.toml")
    shutil.copyfile(partners, config / "partenaires.toml")
    shutil.copytree(RESOURCES / "annuaire", config / "annuaire")


def recipients_of(settings: Settings) -> tuple[Recipient, ...]:
    """Return who the configured directory lets invoices be sent to."""
    from chorus_edi.services.specimens import recipients_in

    files = (settings.annuaire.structures, settings.annuaire.services)
    return recipients_in(*(path.read_text(encoding="utf-8") for path in files))


def make_room(folder: Path, further: Sequence[str] = ()) -> None:
    """Remove what an earlier demonstration left in a folder, ``further`` folders of it too.

    Raises:
        ConfigurationError: the folder holds something else than a demonstration.
    """
    mark = folder / DEMONSTRATION
    if folder.exists() and any(folder.iterdir()):
        if not mark.is_file():
            raise ConfigurationError(
                f"le dossier {folder} n'est pas vide et n'est pas celui d'une démonstration ; "
                "choisissez-en un autre"
            )
        for name in ("config", "inbox", "outbox", "var", *further):
            shutil.rmtree(folder / name, ignore_errors=True)
    with environment():
        folder.mkdir(parents=True, exist_ok=True)
        mark.write_text(_MARK, encoding="utf-8")
