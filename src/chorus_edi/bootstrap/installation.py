"""The installation: its settings, database, directory of recipients and official artefacts."""

# ruff: noqa: PLC0415 - a worker stays small and starts fast: see the package

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from chorus_edi.adapters.clock import SystemClock
from chorus_edi.bootstrap.databases import environment, open_database
from chorus_edi.bootstrap.examiners import ExaminerSpec
from chorus_edi.domain.interfaces import carrying
from chorus_edi.domain.weighing import Weights
from chorus_edi.errors import ConfigurationError

if TYPE_CHECKING:
    from chorus_edi.adapters.files.artefacts import ArtefactCheck
    from chorus_edi.adapters.files.returns import ReturnFolders
    from chorus_edi.domain.partners import Partners
    from chorus_edi.domain.recipients import Match
    from chorus_edi.formats.archive import Limits
    from chorus_edi.ports import Clock, Directory
    from chorus_edi.services.annuaire import Imported
    from chorus_edi.services.doctor import Remark
    from chorus_edi.settings import Settings


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


def spec_of(settings: Settings, partners: Partners) -> ExaminerSpec:
    """Return how documents are examined here.

    Raises:
        ConfigurationError: faults in the weights, or in the directory to be imported.
    """
    return ExaminerSpec(
        directory=_directory_with_its_lists(settings),
        state_recipients=frozenset(settings.annuaire.etat),
        unknown_suppliers=settings.annuaire.fournisseurs_inconnus,
        weights=weights_in(settings, partners),
    )


def returns_of(settings: Settings, partners: Partners) -> ReturnFolders:
    """Return where each partner finds what he is told.

    Raises:
        ConfigurationError: a folder in which a report would be taken for a deposit.
    """
    from chorus_edi.adapters.files.returns import ReturnFolders, return_folders, spools

    folders = settings.folders
    reserved = (folders.inbox, folders.data)
    own = return_folders(partners.by_code.values(), folders.outbox, reserved)
    owed = spools(partners.by_code.values(), folders.data)
    return ReturnFolders(folders.outbox, own, owed)


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
        import_annuaire(settings)
        current = current_directory(folder)
    if current is None:
        raise ConfigurationError("aucun annuaire n'a pu être importé")
    return current


def _directory_with_its_lists(settings: Settings) -> Path:
    """Return the directory in force, which has every list that is configured.

    Raises:
        ConfigurationError: it was imported without one: nobody would be judged by it.
    """
    from chorus_edi.adapters.files.annuaire import open_directory

    path, configured = directory_of(settings), settings.annuaire
    with open_directory(path) as directory:
        held = directory.contents
    for name, wanted, count in (
        ("fournisseurs", configured.fournisseurs, held.suppliers),
        ("engagements", configured.engagements, held.engagements),
    ):
        if wanted is not None and count is None:
            raise ConfigurationError(
                f"annuaire : « {name} » est configuré, mais l'annuaire en vigueur n'en a pas la "
                "liste ; refaites « chorus-edi annuaire import »"
            )
    return path


def import_annuaire(settings: Settings, **given: Path | None) -> Imported:
    """Import CSV files as a new version of the directory and put it in force.

    Args:
        settings: where versions are kept, and which files are taken where none is given.
        **given: ``structures`` and ``services``, ``suppliers``, ``engagements``.

    Raises:
        ConfigurationError: faults in the files, all listed; the version in force stays.
    """
    from chorus_edi.adapters.files.annuaire import readable_directory, version_file
    from chorus_edi.adapters.files.annuaire_import import changes
    from chorus_edi.adapters.files.annuaire_import import import_annuaire as importer
    from chorus_edi.services.annuaire import AnnuaireFiles, Imported, chosen

    configured = settings.annuaire
    files = chosen(
        AnnuaireFiles(
            structures=configured.structures,
            services=configured.services,
            suppliers=configured.fournisseurs,
            engagements=configured.engagements,
        ),
        **given,
    )
    folder = settings.folders.data / "annuaire"
    before = readable_directory(folder)
    version = importer(files.structures, files.services, folder, files.suppliers, files.engagements)
    after = version_file(folder, version.version)
    return Imported(version=version, changes=changes(before, after) if before else None)


def open_annuaire(settings: Settings) -> Directory:
    """Open the directory in force."""
    from chorus_edi.adapters.files.annuaire import open_directory

    return open_directory(directory_of(settings))


def search_annuaire(settings: Settings, text: str) -> Iterator[Match]:
    """Yield what the directory in force has under some words."""
    from chorus_edi.adapters.files.annuaire_search import search

    return search(directory_of(settings), text)


def export_annuaire(settings: Settings, folder: Path) -> list[Path]:
    """Write the directory in force as CSV files into a folder; return them."""
    from chorus_edi.adapters.files.annuaire_export import export_annuaire as export

    return export(directory_of(settings), folder)


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
    from chorus_edi.adapters.store.keeping import SqlKeeping
    from chorus_edi.adapters.store.lifecycle import SqlLives
    from chorus_edi.adapters.store.store import SqlStore
    from chorus_edi.services.doctor import owed, remarks

    with (
        environment(),
        open_database(settings) as engine,
        sole_instance(settings.folders.data),
    ):
        store, dismissed = SqlStore(engine), SqlKeeping(engine).dismissed
        files = FlowFolders(settings.folders.inbox, settings.folders.data)
        returns = returns_of(settings, load_partners(settings.partenaires.file))
        since = (clock or SystemClock()).now() - timedelta(days=days) if days else None
        outbox = OutboxFolder(settings.folders.outbox)
        found = [
            *remarks(store, files, outbox, returns, since, dismissed),
            *owed(SqlLives(engine)),
        ]
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
    from chorus_edi.bootstrap.planning import planned
    from chorus_edi.bootstrap.servers import check_servers

    faults: list[str] = []

    def tried(check: Callable[[], object]) -> None:
        try:
            check()
        except ConfigurationError as error:
            faults.append(str(error))

    def tried_with(partners: Partners) -> None:
        tried(lambda: weights_in(settings, partners))
        tried(lambda: returns_of(settings, partners))
        faults.extend(check_servers(settings, partners))

    tried(lambda: tried_with(load_partners(settings.partenaires.file)))
    tried(lambda: _directory_with_its_lists(settings))
    tried(lambda: carrying(settings.interfaces.formats))
    tried(lambda: planned(settings, SystemClock()))
    tried(lambda: _database_opens(settings))
    faults.extend(_absent_commands(settings))
    return faults


def _absent_commands(settings: Settings) -> Iterator[str]:
    """Yield the commands of the settings that cannot be run here."""
    commands = {
        "antivirus": settings.antivirus.commande,
        "notification": settings.notification.commande,
    }
    for name, command in commands.items():
        if command and shutil.which(command[0]) is None:
            yield f"{name}.commande : {command[0]} est introuvable ou n'est pas exécutable"


def _database_opens(settings: Settings) -> None:
    with open_database(settings, create=True):
        pass
