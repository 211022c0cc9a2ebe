"""Backups: an installation is put away while it works, and comes to life again elsewhere.

The database is put away first, then the files of just the flows that it knows, wherever they have
moved meanwhile. What came later is in no backup: its senders send it again.
"""

# ruff: noqa: PLC0415 - a worker stays small and starts fast: see the package

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from chorus_edi.adapters.clock import SystemClock
from chorus_edi.adapters.files import backup as backups
from chorus_edi.adapters.files import disk
from chorus_edi.adapters.files.lock import sole_instance, sole_upkeep
from chorus_edi.adapters.files.names import actual
from chorus_edi.bootstrap.bases import opened
from chorus_edi.bootstrap.databases import RESTORING, database_address, environment, written_address
from chorus_edi.bootstrap.installation import returns_of
from chorus_edi.errors import ConfigurationError

if TYPE_CHECKING:
    from chorus_edi.adapters.files.backup import Backup, Saved
    from chorus_edi.adapters.files.flows import FlowFolders
    from chorus_edi.domain.flux import Flux
    from chorus_edi.ports import Clock
    from chorus_edi.settings import Settings
    from chorus_edi.settings.sections import Folders

_DATABASE = "base.sqlite"
_NUMBER = re.compile(r"(?:^|/)([0-9A-Z]{25})(?=[/_.]|$)")
_TRIES = 3


class BackedUp(msgspec.Struct, frozen=True, kw_only=True):
    """What was put away, or came back.

    Attributes:
        folder: the backup.
        files: how many files it has.
        size: their bytes.
        linked: how many of them are those of the backup before.
        missing: flows whose file is nowhere, or is not what came in.
        schema: revision of the database.
        at: when the database was read, ISO 8601, UTC.
    """

    folder: Path
    files: int
    size: int
    linked: int = 0
    missing: Sequence[str] = ()
    schema: str
    at: str


def back_up(
    settings: Settings, root: Path, *, config: Path | None = None, clock: Clock | None = None
) -> BackedUp:
    """Put everything away into a new folder below ``root``; flows may be processed meanwhile.

    Args:
        settings: where everything is.
        root: folder of all backups.
        config: the file of the settings, put away too.
        clock: the system's unless a test holds it still.

    Raises:
        ConfigurationError: there is nothing here, or ``root`` lies in a folder of ours.
        Incident: a disk or the database failed, or another backup is being made; there is no new
            one then.
    """
    from chorus_edi.adapters.store.saving import save

    root = root.resolve()
    _refuse_inside(settings.folders, root)
    address, data = database_address(settings), settings.folders.data
    with (
        environment(),
        sole_upkeep(data),
        opened(address) as engine,
        backups.begun(root) as made,
    ):
        room = data / "sauvegarde"
        shutil.rmtree(room, ignore_errors=True)
        room.mkdir()
        at = (clock or SystemClock()).now()
        schema = save(engine, room / _DATABASE)
        made.add(room / _DATABASE, _DATABASE)
        known, missing = _add_flows(settings, made, room / _DATABASE)
        for source, place in _others(settings, known, config):
            # Fetched, or replaced, since it was listed.
            with suppress(FileNotFoundError):
                made.add(source, place)
        shutil.rmtree(room)
        folder = made.finish(schema, at.isoformat(), f"{at:%Y-%m-%dT%H%M%S.%fZ}")
    size = sum(one.size for one in made.saved.values())
    return BackedUp(
        folder=folder,
        files=len(made.saved),
        size=size,
        linked=made.linked,
        missing=tuple(missing),
        schema=schema,
        at=at.isoformat(),
    )


def restore(settings: Settings, folder: Path) -> BackedUp:
    """Bring a backup to life in an installation that is empty; one cut off is gone on with.

    Args:
        settings: where everything goes.
        folder: a backup, or the folder of all: then the last one.

    Raises:
        ConfigurationError: the backup is not whole, or the installation holds something.
        Incident: a disk or the database failed, or a process is at work; asking again goes on.
    """
    data = settings.folders.data
    chosen = backups.chosen(folder.resolve())
    header, saved = backups.read(chosen)
    with environment(), sole_instance(data), sole_upkeep(data):
        backups.verify(chosen, saved)
        _begin(settings, header.schema, header.digest)
        for one in saved:
            if (target := _target(settings, one)) is not None:
                backups.put(chosen, one, target)
        _restore_database(settings, chosen, header.schema)
        (data / RESTORING).unlink()
        disk.sync_folder(data)
    size = sum(one.size for one in saved)
    return BackedUp(folder=chosen, files=len(saved), size=size, schema=header.schema, at=header.at)


# -- putting away ------------------------------------------------------------------------------


def _add_flows(settings: Settings, made: Backup, database: Path) -> tuple[set[str], list[str]]:
    """Put away the files of a database's flows; return their numbers, and whose are missing."""
    from chorus_edi.adapters.files.arrivals import TOLD_BY
    from chorus_edi.adapters.files.flows import FlowFolders
    from chorus_edi.adapters.files.partners import load_partners
    from chorus_edi.adapters.store.saving import dismissed_in, flows_in

    partners = load_partners(settings.partenaires.file).by_code
    told_by = {code: TOLD_BY.get(one.arriving.rule) for code, one in partners.items()}
    files = FlowFolders(settings.folders.inbox, settings.folders.data, told_by.get)
    dismissed, known, missing = dismissed_in(database), set(), []
    for flux in flows_in(database):
        known.add(flux.numero_flux)
        digests = _add_flow(files, made, flux)
        owed = flux.sha256 is not None and flux.numero_flux not in dismissed
        if owed and flux.sha256 not in digests:
            missing.append(flux.numero_flux)
    return known, missing


def _add_flow(files: FlowFolders, made: Backup, flux: Flux) -> set[str]:
    """Put away what lies of a flow; a file that moves meanwhile is looked for again."""
    for _ in range(_TRIES):
        places = files.held(flux)
        with suppress(FileNotFoundError):
            digests = {made.add(source, place).sha256 for source, place in places}
            if files.held(flux) == places:
                return digests
        for _, place in places:
            made.drop(place)
    return set()


def _others(settings: Settings, known: set[str], config: Path | None) -> Iterator[tuple[Path, str]]:
    """Yield what else is put away, and where: the outbox, the directory, the configuration."""
    from chorus_edi.adapters.files.partners import load_partners

    folders = settings.folders
    fetched = [(folders.outbox, "outbox")]
    partners = load_partners(settings.partenaires.file)
    for code, folder in returns_of(settings, partners).outside().items():
        fetched.append((folder, f"retours/{code}"))
    for root, place in fetched:
        for path in _files_below(root):
            relative = path.relative_to(root).as_posix()
            number = _NUMBER.search(relative)
            if number is None or number[1] in known:
                yield path, f"{place}/{relative}"
    directory = folders.data / "annuaire"
    for path in _files_below(directory):
        yield path, f"var/annuaire/{path.relative_to(directory).as_posix()}"
    chosen = (config, settings.partenaires.file, *_annuaire(settings))
    base = (config or settings.partenaires.file).absolute().parent
    for path in (one.absolute() for one in chosen if one is not None and one.is_file()):
        inside = path.relative_to(base).as_posix() if base in path.parents else path.name
        yield path, f"config/{inside}"


def _annuaire(settings: Settings) -> tuple[Path, Path]:
    return settings.annuaire.structures, settings.annuaire.services


def _files_below(root: Path) -> Iterator[Path]:
    """Yield files and no links, but what is being written or removed."""
    for folder, names, files in os.walk(root):
        names[:] = sorted(name for name in names if not name.endswith(".purge"))
        for name in sorted(files):
            path = Path(folder, name)
            if not disk.is_temporary(name) and path.is_file() and not path.is_symlink():
                yield path


def _refuse_inside(folders: Folders, root: Path) -> None:
    for name, folder in folders:
        if root == folder or folder in root.parents:
            raise ConfigurationError(f"la sauvegarde {root} serait dans le dossier {name} lui-même")


# -- bringing back -----------------------------------------------------------------------------


def _begin(settings: Settings, schema: str, digest: str) -> None:
    """Refuse what is not empty; then say that a restoration has begun, which stops all else."""
    from chorus_edi.adapters.store.whole import SCHEMA

    if schema > SCHEMA:
        raise ConfigurationError(
            f"la sauvegarde est en version {schema}, plus récente que ce programme ({SCHEMA}). "
            "Installer la version de chorus-edi qui l'a écrite."
        )
    mark = settings.folders.data / RESTORING
    if mark.exists():
        if mark.read_text(encoding="ascii") != digest:
            raise ConfigurationError("une restauration d'une autre sauvegarde a été commencée ici")
        return
    _refuse_full(settings)
    disk.write_whole(mark, digest.encode("ascii"))
    disk.sync_folder(mark.parent)


def _refuse_full(settings: Settings) -> None:
    from chorus_edi.adapters.store.saving import is_empty

    folders = settings.folders
    places = (folders.outbox, *(folders.data / name for name in ("work", "archive", "rejets")))
    for place in places:
        if any(_files_below(place)):
            raise ConfigurationError(
                f"{place} n'est pas vide ; restaurez dans une installation neuve"
            )
    with opened(written_address(settings)) as engine:
        if not is_empty(engine):
            raise ConfigurationError(
                "la base n'est pas vide ; restaurez dans une installation neuve"
            )


def _target(settings: Settings, one: Saved) -> Path | None:
    """Return where a file of a backup goes; None: nowhere, or otherwise."""
    from chorus_edi.adapters.files.partners import load_partners

    place, _, rest = actual(one.path).partition("/")
    folders = settings.folders
    match place:
        case "outbox":
            return folders.outbox / rest
        case "var":
            return folders.data / rest
        case "retours":
            code, _, name = rest.partition("/")
            partners = load_partners(settings.partenaires.file)
            return returns_of(settings, partners).folder(code) / name
        case _:
            return None


def _restore_database(settings: Settings, chosen: Path, schema: str) -> None:
    from chorus_edi.adapters.store.saving import is_empty, restore

    with opened(written_address(settings)) as engine:
        if is_empty(engine):
            embedded = engine.url.database if engine.dialect.name == "sqlite" else None
            # Beside the database that it becomes: a rename does not leave a file system.
            folder = Path(embedded).parent if embedded else settings.folders.data
            local = folder / "restauration.db"
            disk.copy_whole(chosen / _DATABASE, local)
            engine.dispose()
            restore(local, engine, schema)
            disk.sync_folder(folder)
