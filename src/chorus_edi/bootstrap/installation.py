"""The installation: its settings, database, directory of recipients and official artefacts."""

# ruff: noqa: PLC0415 - a worker stays small and starts fast: see the package

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from chorus_edi.adapters.clock import SystemClock
from chorus_edi.bootstrap.examiners import ExaminerSpec
from chorus_edi.domain.interfaces import carrying
from chorus_edi.domain.weighing import Weights
from chorus_edi.errors import ConfigurationError, Incident, said

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from chorus_edi.adapters.files.artefacts import ArtefactCheck
    from chorus_edi.adapters.files.returns import ReturnFolders
    from chorus_edi.domain.partners import Partners
    from chorus_edi.domain.recipients import AnnuaireVersion
    from chorus_edi.formats.archive import Limits
    from chorus_edi.ports import Clock, Directory, Store
    from chorus_edi.services.doctor import Remark
    from chorus_edi.services.lives import Desk
    from chorus_edi.settings import Settings


@contextmanager
def environment() -> Iterator[None]:
    """Say every failure of the system (disk full, no right, lost mount) as the incident it is."""
    try:
        yield
    except OSError as error:
        raise Incident(said(error)) from error


def load_settings(config: Path | None) -> Settings:
    """Read the settings.

    Raises:
        ConfigurationError: see ``settings.load``.
    """
    from chorus_edi.settings import load

    return load(config)


def system_clock() -> Clock:
    """Return the clock of this machine."""
    return SystemClock()


@contextmanager
def open_store(settings: Settings, *, create: bool = False) -> Iterator[Store]:
    """Open what the pipeline remembers: see ``database``."""
    from chorus_edi.adapters.store.store import SqlStore

    with database(settings, create=create) as engine:
        yield SqlStore(engine)


@contextmanager
def open_desk(settings: Settings, clock: Clock | None = None) -> Iterator[Desk]:
    """Open what orders on invoices need: see ``database``.

    Args:
        settings: where everything is.
        clock: the system's unless a test holds it still.
    """
    from chorus_edi.adapters.files.pieces import PieceFolder
    from chorus_edi.adapters.store.lifecycle import SqlLives
    from chorus_edi.adapters.store.store import SqlStore
    from chorus_edi.services.lives import Desk

    with environment(), database(settings) as engine:
        yield Desk(
            lives=SqlLives(engine),
            store=SqlStore(engine),
            pieces=PieceFolder(settings.folders.data),
            clock=clock or SystemClock(),
            recycling=settings.cycle_de_vie.recyclage,
            directory=partial(open_annuaire, settings),
            state_recipients=frozenset(settings.annuaire.etat),
        )


def tacit(settings: Settings, clock: Clock | None = None) -> str:
    """Let the invoices whose valideur was silent too long go on; say how many, in French.

    The next run delivers them; it would have settled them itself.
    """
    from chorus_edi.pipeline.shipping import settle

    with open_desk(settings, clock) as desk:
        count = settle(desk.lives, desk.clock)
    return f"{count} facture(s) validée(s) tacitement." if count else "Aucune validation tacite."


@contextmanager
def database(settings: Settings, *, create: bool = False) -> Iterator[Engine]:
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
        yield engine
    finally:
        engine.dispose()


def spec_of(settings: Settings, partners: Partners) -> ExaminerSpec:
    """Return how documents are examined here.

    Raises:
        ConfigurationError: faults in the weights, or in the directory to be imported.
    """
    return ExaminerSpec(
        directory=directory_of(settings),
        state_recipients=frozenset(settings.annuaire.etat),
        weights=weights_in(settings, partners),
    )


def returns_of(settings: Settings, partners: Partners) -> ReturnFolders:
    """Return where each partner finds what he is told.

    Raises:
        ConfigurationError: a folder in which a report would be taken for a deposit.
    """
    from chorus_edi.adapters.files.returns import ReturnFolders, return_folders

    folders = settings.folders
    reserved = (folders.inbox, folders.data)
    own = return_folders(partners.by_code.values(), folders.outbox, reserved)
    return ReturnFolders(folders.outbox, own)


def limits_in(settings: Settings) -> Limits:
    """Return what a flow may hold here."""
    from chorus_edi.formats.archive import Limits

    limits = settings.limits
    return Limits(
        documents=limits.documents,
        total=limits.flow,
        entry=limits.document,
        seconds=limits.unpacking,
    )


def weights_in(settings: Settings, partners: Partners) -> Weights:
    """Return how circuits and partners weigh what is found.

    Raises:
        ConfigurationError: a rule, a severity or a motive that there is none of.
    """
    chosen = (settings.regles.gravites, settings.regles.motifs)
    if not any(chosen) and not any(one.severities for one in partners.by_code.values()):
        # Most weigh nothing otherwise, and can do without all the rules in the main process.
        return Weights()
    from chorus_edi.domain.findings import SEVERITIES_FR
    from chorus_edi.services.weights import weights_of

    severities = {
        circuit: {rule: SEVERITIES_FR[name] for rule, name in held.items()}
        for circuit, held in settings.regles.gravites.items()
    }
    return weights_of(severities, settings.regles.motifs, partners.by_code.values())


def directory_of(settings: Settings) -> Path:
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

    return open_directory(directory_of(settings))


def doctor(
    settings: Settings, *, dry_run: bool, days: int | None = None, clock: Clock | None = None
) -> list[Remark]:
    """Examine an installation that is not at work, and repair what can be.

    Args:
        settings: where everything is.
        dry_run: repair nothing.
        days: of closed flows, how many days of deposits are looked at; None: all of them.
        clock: the system's unless a test holds it still.

    Raises:
        ConfigurationError: there is no data here.
        Incident: a process is at work in it.
    """
    from chorus_edi.adapters.files.flows import FlowFolders
    from chorus_edi.adapters.files.lock import sole_instance
    from chorus_edi.adapters.files.outbox import OutboxFolder
    from chorus_edi.adapters.files.partners import load_partners
    from chorus_edi.adapters.store.lifecycle import SqlLives
    from chorus_edi.adapters.store.store import SqlStore
    from chorus_edi.services.doctor import owed, remarks

    with environment(), database(settings) as engine, sole_instance(settings.folders.data):
        store = SqlStore(engine)
        files = FlowFolders(settings.folders.inbox, settings.folders.data)
        returns = returns_of(settings, load_partners(settings.partenaires.file))
        since = (clock or SystemClock()).now() - timedelta(days=days) if days else None
        outbox = OutboxFolder(settings.folders.outbox)
        found = [*remarks(store, files, outbox, returns, since), *owed(SqlLives(engine))]
        for remark in found:
            if remark.repair is not None and not dry_run:
                remark.repair()
    return found


def check_artefacts() -> Iterable[ArtefactCheck]:
    """Compare every official artefact with the manifest."""
    from chorus_edi.adapters.files.artefacts import load_manifest, verify

    return verify(load_manifest())


def refuse_changed_artefacts() -> None:
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

    def tried_with(partners: Partners) -> None:
        tried(lambda: weights_in(settings, partners))
        tried(lambda: returns_of(settings, partners))

    tried(lambda: tried_with(load_partners(settings.partenaires.file)))
    tried(lambda: directory_of(settings))
    tried(lambda: carrying(settings.interfaces.formats))
    tried(lambda: _database_opens(settings))
    return faults


def _database_opens(settings: Settings) -> None:
    with open_store(settings, create=True):
        pass
