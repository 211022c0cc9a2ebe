"""A new installation: a folder with settings that work, and the unit that makes a service of it."""

# ruff: noqa: PLC0415 - a worker stays small and starts fast: see the package

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from chorus_edi.adapters.files import disk
from chorus_edi.bootstrap.databases import environment
from chorus_edi.bootstrap.installation import load_settings, returns_of
from chorus_edi.bootstrap.running import RESOURCES, copy_configuration
from chorus_edi.errors import ConfigurationError

if TYPE_CHECKING:
    from chorus_edi.settings import Settings

_UNIT = RESOURCES / "systemd" / "chorus-edi.service"


def new_installation(folder: Path) -> Settings:
    """Make a folder with a configuration that works and the folders that it names.

    Raises:
        ConfigurationError: there is a configuration already; it is left as it is.
        Incident: the disk failed; asking again begins anew.
    """
    config = folder / "config"
    if config.exists():
        raise ConfigurationError(f"{config} existe déjà ; rien n'y a été changé")
    with environment():
        disk.make_folder(folder.absolute())
        unfinished = folder / "config.en-cours"
        shutil.rmtree(unfinished, ignore_errors=True)
        copy_configuration(unfinished, RESOURCES / "partenaires.toml")
        unfinished.rename(config)
        settings = load_settings(config / "chorus_edi.toml")
        for _, place in settings.folders:
            disk.make_folder(place)
    return settings


def systemd_unit(settings: Settings, config: Path, user: str) -> str:
    """Return the unit that runs this installation with the program that is running now.

    Args:
        settings: where everything is.
        config: the file that they come from.
        user: as whom the service runs.

    Raises:
        ConfigurationError: no such file, or a mistake in the partners.
    """
    from chorus_edi.adapters.files.partners import load_partners
    from chorus_edi.services.systemd import Service, unit

    if not config.is_file():
        raise ConfigurationError(f"fichier de configuration introuvable : {config}")
    outside = returns_of(settings, load_partners(settings.partenaires.file)).outside()
    folders = [folder for _, folder in settings.folders]
    backups, figures = settings.sauvegarde.dossier, settings.metriques.fichier
    # What the tasks write; a file is written beside its name first.
    tasks = [*([backups] if backups else ()), *([figures.parent] if figures else ())]
    writable = dict.fromkeys(str(folder) for folder in (*folders, *outside.values(), *tasks))
    return unit(
        _UNIT.read_text(encoding="utf-8"),
        Service(
            command=str(Path(sys.executable).with_name("chorus-edi")),
            config=str(config.absolute()),
            folder=str(config.absolute().parent),
            user=user,
            writable=writable,
            patience=settings.service.arret,
        ),
    )
