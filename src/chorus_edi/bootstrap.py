"""The composition root: the one place that knows the adapters and puts the program together.

Workers import this module too, so what only the main process needs (the database, the settings)
is imported where it is used: a worker stays small and starts fast.
"""

# ruff: noqa: PLC0415 - see above

from __future__ import annotations

import os
import shutil
import signal
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chorus_edi.adapters.clock import SystemClock
from chorus_edi.domain.legal_time import paris
from chorus_edi.domain.scenarios import RuleSet
from chorus_edi.domain.weighing import Weights
from chorus_edi.errors import ConfigurationError, Incident
from chorus_edi.pipeline.tasks import Chunk, Task
from chorus_edi.pipeline.worker import Examine, Supervisor

if TYPE_CHECKING:
    from chorus_edi.adapters.files.artefacts import ArtefactCheck
    from chorus_edi.adapters.official import OfficialSheets
    from chorus_edi.domain.partners import Partners
    from chorus_edi.domain.recipients import AnnuaireVersion
    from chorus_edi.pipeline.night import Night, Progress, RunSummary
    from chorus_edi.ports import Clock, Directory, Store
    from chorus_edi.services.comparison import ComparisonOptions
    from chorus_edi.services.verification import Row, Subject, VerificationOptions
    from chorus_edi.settings import Settings

CRASHPOINT = "CHORUS_EDI_CRASHPOINT"
"""Environment of the crash tests: ``<point>:<passage>``, see pipeline/crashpoints.py."""


# -- workers -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class ExaminerSpec:
    """What a worker needs to build its examiner; travels to it.

    Attributes:
        directory: a version of the directory; None where there is none.
        state_recipients: SIRETs routed by the code service alone.
        requested: rule sets asked for; None chooses by scenario.
        keep_going: apply the rules even where the schema is not respected.
        thorough: look for schema faults with a second engine too.
        weights: how circuits and partners weigh what is found.
    """

    directory: Path | None = None
    state_recipients: frozenset[str] = frozenset()
    requested: tuple[RuleSet, ...] | None = None
    keep_going: bool = False
    thorough: bool = False
    weights: Weights = field(default_factory=Weights)


def build_examiner(spec: ExaminerSpec) -> Examine:
    """Build, inside a worker, the function that examines a document.

    Raises:
        ConfigurationError: an official artefact is missing or changed.
    """
    from chorus_edi.adapters.files.annuaire import open_directory
    from chorus_edi.adapters.files.artefacts import Schemas, load_manifest
    from chorus_edi.adapters.files.disk import write_durably
    from chorus_edi.pipeline.examination import Examiner
    from chorus_edi.pipeline.plan import invoice_chain
    from chorus_edi.stages.detect import detect

    chain = invoice_chain(
        Schemas(load_manifest()),
        open_directory(spec.directory) if spec.directory else None,
        spec.state_recipients,
        spec.requested,
        keep_going=spec.keep_going,
        thorough=spec.thorough,
    )

    def keep(folder: str, name: str, content: bytes) -> None:
        write_durably(Path(folder, name), content)

    examiner = Examiner(detect, chain, spec.requested, keep, spec.weights)

    def examine(task: Task) -> Any:
        content = Path(os.fsdecode(task.path)).read_bytes() if task.path else task.data
        return examiner.examine(task, content or b"")

    return examine


@contextmanager
def _supervised(
    build: Callable[[], Examine],
    *,
    workers: int,
    deadline: Callable[[Chunk], float],
    attempt: Callable[[Task], int],
) -> Iterator[Supervisor]:
    supervisor = Supervisor(build, workers=workers, deadline=deadline, attempt=attempt)
    try:
        yield supervisor
    finally:
        supervisor.close()


@contextmanager
def _environment() -> Iterator[None]:
    """Say every failure of the system (disk full, no right, lost mount) as the incident it is."""
    try:
        yield
    except OSError as error:
        where = f" : {error.filename}" if error.filename else ""
        raise Incident(f"{error.strerror or error}{where}") from error


def _deadline(base: float, per_megabyte: float) -> Callable[[Chunk], float]:
    return lambda chunk: base + per_megabyte * chunk.size / 1_000_000


# -- settings and store ------------------------------------------------------------------------


def load_settings(config: Path | None) -> Settings:
    """Read the settings.

    Raises:
        ConfigurationError: see ``settings.load``.
    """
    from chorus_edi.settings import load

    return load(config)


@contextmanager
def open_store(settings: Settings, *, create: bool = False) -> Iterator[Store]:
    """Open the database, bringing it to the schema of this program.

    Args:
        settings: where it is.
        create: make the embedded one where it is missing; who only reads has then come to the
            wrong folder.

    Raises:
        ConfigurationError: there is nothing to read here.
    """
    from chorus_edi.adapters.store.engine import open_engine
    from chorus_edi.adapters.store.schema import migrate
    from chorus_edi.adapters.store.store import SqlStore

    url, embedded = settings.database.url, settings.folders.data / "chorus_edi.db"
    if url is None and not create and not embedded.exists():
        raise ConfigurationError(
            f"aucune donnée dans {settings.folders.data} : rien n'y a encore été traité ; "
            "lancez « chorus-edi run », ou indiquez la configuration par --config"
        )
    address = url.get_secret_value() if url else f"sqlite:///{embedded}"
    engine = open_engine(address)
    try:
        migrate(engine)
        yield SqlStore(engine)
    finally:
        engine.dispose()


# -- run ---------------------------------------------------------------------------------------


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
    _refuse_changed_artefacts()
    _arm_crashpoint()
    summary = RunSummary()
    with _environment(), ExitStack() as stack:
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

    spec = _spec(settings, partners)
    store = stack.enter_context(open_store(settings, create=True))
    files = FlowFolders(settings.folders.inbox, settings.folders.data, partners.default.code)
    outbox = OutboxFolder(settings.folders.outbox)
    supervisor = stack.enter_context(
        _supervised(
            partial(examiner, spec),
            workers=settings.workers.count or os.cpu_count() or 1,
            deadline=_deadline(settings.workers.deadline, settings.workers.deadline_per_megabyte),
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


def _spec(settings: Settings, partners: Partners) -> ExaminerSpec:
    return ExaminerSpec(
        directory=_directory_of(settings),
        state_recipients=frozenset(settings.annuaire.etat),
        weights=_weights(settings, partners),
    )


def _weights(settings: Settings, partners: Partners) -> Weights:
    from chorus_edi.domain.findings import SEVERITIES_FR
    from chorus_edi.services.weights import weights_of

    severities = {
        circuit: {rule: SEVERITIES_FR[name] for rule, name in held.items()}
        for circuit, held in settings.regles.gravites.items()
    }
    return weights_of(severities, settings.regles.motifs, partners.by_code.values())


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


# -- directory ---------------------------------------------------------------------------------


def _directory_of(settings: Settings) -> Path:
    """Return the directory in force; with none imported yet, import the configured files."""
    from chorus_edi.adapters.files.annuaire import current_directory

    folder = settings.folders.data / "annuaire"
    current = current_directory(folder)
    if current is None:
        import_annuaire(settings, settings.annuaire.structures, settings.annuaire.services)
        current = current_directory(folder)
    if current is None:
        raise ConfigurationError("aucun annuaire n'a pu être importé")
    return current


def import_annuaire(settings: Settings, structures: Path, services: Path) -> AnnuaireVersion:
    """Import both CSV files as a new version of the directory and put it in force.

    Raises:
        ConfigurationError: faults in the files, all listed; the version in force stays.
    """
    from chorus_edi.adapters.files.annuaire import import_annuaire as importer
    from chorus_edi.services.annuaire import import_files

    folder = settings.folders.data / "annuaire"
    return import_files(partial(importer, folder=folder), structures, services)


def open_annuaire(settings: Settings) -> Directory:
    """Open the directory in force."""
    from chorus_edi.adapters.files.annuaire import open_directory

    return open_directory(_directory_of(settings))


# -- validate ----------------------------------------------------------------------------------


def verify(
    paths: Sequence[Path],
    options: VerificationOptions,
    progress: Progress | None = None,
    *,
    clock: Clock | None = None,
    examiner: Callable[[ExaminerSpec], Examine] = build_examiner,
) -> Iterator[Row]:
    """Check files without depositing them; one object per document, in path order.

    Raises:
        ConfigurationError: wrong usage, or saxonche is needed and absent; nothing was started.
        Incident: a worker does not start, a file cannot be read.
    """
    from chorus_edi.domain.recipients import STATE_RECIPIENTS
    from chorus_edi.formats.archive import Limits
    from chorus_edi.services.verification import Attempts, Subject, files_of, verify

    requested, files = options.requested, files_of(paths)
    _refuse_changed_artefacts()
    today = _today(clock)
    with _environment(), ExitStack() as stack:
        sheets = stack.enter_context(_official_sheets()) if options.official else None
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="chorus-edi-")))
        spec = ExaminerSpec(
            directory=_given_directory(options, scratch),
            state_recipients=STATE_RECIPIENTS,
            requested=requested,
            keep_going=options.keep_going,
            thorough=True,
        )
        supervisor = stack.enter_context(
            _supervised(
                partial(examiner, spec),
                workers=options.jobs,
                deadline=_deadline(60, 10),
                attempt=Attempts().count,
            )
        )
        yield from verify(
            [Subject(path=str(file), deposited=today, judged_by=options.on) for file in files],
            supervisor,
            limits=Limits(),
            scratch=str(scratch),
            progress=progress,
            second=(sheets.judge, requested) if sheets else None,
        )


def _today(clock: Clock | None) -> date:
    return paris((clock or SystemClock()).now()).date()


def _official_sheets() -> OfficialSheets:
    from chorus_edi.adapters.files.artefacts import load_manifest, sheets
    from chorus_edi.adapters.official import OfficialSheets

    return OfficialSheets(sheets(load_manifest()))


def _given_directory(options: VerificationOptions, scratch: Path) -> Path | None:
    from chorus_edi.adapters.files.annuaire import current_directory, import_annuaire

    if options.annuaire is None:
        return None
    import_annuaire(*options.annuaire, scratch / "annuaire")
    return current_directory(scratch / "annuaire")


# -- rules compare -----------------------------------------------------------------------------


def compare_rules(
    paths: Sequence[Path],
    options: ComparisonOptions,
    config: Path | None,
    *,
    clock: Clock | None = None,
    examiner: Callable[[ExaminerSpec], Examine] = build_examiner,
) -> Iterator[Row]:
    """Judge by other rules too: one object per document whose verdict changes.

    Args:
        paths: files and folders, judged by today's rules; without any, the flows already taken,
            judged by those of their deposit.
        options: which other rules.
        config: the settings' file; only asked for without paths.
        clock: the system's unless a test holds it still.
        examiner: builds what workers run.

    Raises:
        ConfigurationError: wrong usage, or nothing was ever taken; nothing was started.
        Incident: a worker does not start, a file cannot be read.
    """
    from msgspec.structs import replace

    from chorus_edi.domain.recipients import STATE_RECIPIENTS
    from chorus_edi.services.comparison import changes
    from chorus_edi.services.verification import Subject, files_of

    if paths and options.since:
        raise ConfigurationError("--depuis choisit dans l'archive : ne donnez pas de fichiers")
    on, files = options.on, files_of(paths)
    _refuse_changed_artefacts()
    with _environment(), ExitStack() as stack:
        if paths:
            spec = ExaminerSpec(state_recipients=STATE_RECIPIENTS)
            subjects = [Subject(path=str(file), deposited=_today(clock)) for file in files]
        else:
            spec, subjects = _taken(stack, load_settings(config), options.since)
        examine = partial(examiner, spec)
        before = _rows(stack, examine, subjects, options.jobs)
        others = [replace(subject, judged_by=on) for subject in subjects]
        yield from changes(before, _rows(stack, examine, others, options.jobs))


def _taken(
    stack: ExitStack, settings: Settings, since: date | None
) -> tuple[ExaminerSpec, list[Subject]]:
    """Return how flows are examined here, and those already taken."""
    from chorus_edi.adapters.files.flows import FlowFolders
    from chorus_edi.adapters.files.partners import load_partners
    from chorus_edi.services.comparison import archived

    partners = load_partners(settings.partenaires.file)
    store = stack.enter_context(open_store(settings))
    files = FlowFolders(settings.folders.inbox, settings.folders.data, partners.default.code)
    subjects = list(archived(store, files, partners.by_code, since))
    return _spec(settings, partners), subjects


def _rows(
    stack: ExitStack, examine: Callable[[], Examine], subjects: Sequence[Subject], jobs: int
) -> Iterator[Row]:
    from chorus_edi.formats.archive import Limits
    from chorus_edi.services.verification import Attempts, verify

    scratch = stack.enter_context(tempfile.TemporaryDirectory(prefix="chorus-edi-"))
    supervisor = stack.enter_context(
        _supervised(examine, workers=jobs, deadline=_deadline(60, 10), attempt=Attempts().count)
    )
    return verify(subjects, supervisor, limits=Limits(), scratch=scratch)


# -- demonstration -----------------------------------------------------------------------------

_RESOURCES = Path(__file__).parent / "resources"


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


# -- checks of the installation ----------------------------------------------------------------


def check_artefacts() -> Iterable[ArtefactCheck]:
    """Compare every official artefact with the manifest."""
    from chorus_edi.adapters.files.artefacts import load_manifest, verify

    return verify(load_manifest())


def _refuse_changed_artefacts() -> None:
    """Start nothing with an artefact that is not the one of the manifest."""
    for check in check_artefacts():
        if not check.ok:
            raise ConfigurationError(
                f"schéma officiel {check.id} : {check.path} est absent ou modifié ; "
                "voyez « chorus-edi schemas verify »"
            )


def check_config(settings: Settings) -> list[str]:
    """Return every mistake of the configuration, as sentences; none where it is sound."""
    from chorus_edi.adapters.files.partners import load_partners

    faults: list[str] = []

    def tried(check: Callable[[], object]) -> None:
        try:
            check()
        except ConfigurationError as error:
            faults.append(str(error))

    tried(lambda: _weights(settings, load_partners(settings.partenaires.file)))
    tried(lambda: _directory_of(settings))
    tried(lambda: _database_opens(settings))
    return faults


def _database_opens(settings: Settings) -> None:
    with open_store(settings, create=True):
        pass
