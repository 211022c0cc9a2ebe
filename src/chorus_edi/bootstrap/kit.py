"""The kit for vendors of ERPs: its cases are made by running the pipeline on them."""

# ruff: noqa: PLC0415 - a worker stays small and starts fast: see the package

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from chorus_edi.bootstrap.installation import environment, open_store, returns_of
from chorus_edi.bootstrap.running import demo
from chorus_edi.errors import ConfigurationError

if TYPE_CHECKING:
    from chorus_edi.services.kit import Case


def write_kit(folder: Path) -> int:
    """Write the kit into an empty folder; return how many cases it shows.

    Raises:
        ConfigurationError: the folder holds something.
    """
    from chorus_edi.services.kit import guide, tables

    if folder.exists() and any(folder.iterdir()):
        raise ConfigurationError(f"le dossier {folder} n'est pas vide ; choisissez-en un autre")
    with environment(), tempfile.TemporaryDirectory(prefix="chorus-edi-") as scratch:
        folder.mkdir(parents=True, exist_ok=True)
        cases = _cases(Path(scratch, "nuit"), folder)
        for name, write in tables().items():
            (folder / name).write_text(write(), encoding="utf-8")
        (folder / "LISEZMOI.md").write_text(guide(cases), encoding="utf-8")
    return len(cases)


def _cases(night: Path, folder: Path) -> list[Case]:
    from chorus_edi.adapters.files.flows import FlowFolders
    from chorus_edi.adapters.files.partners import load_partners
    from chorus_edi.domain.flux import report_names
    from chorus_edi.services.kit import Case, case_folder

    settings = demo(night)
    files = FlowFolders(settings.folders.inbox, settings.folders.data)
    returns = returns_of(settings, load_partners(settings.partenaires.file))
    cases = []
    with open_store(settings) as store:
        flows = sorted(store.suivi(), key=lambda flux: flux.sequence)
        for number, flux in enumerate(flows, 1):
            case = case_folder(number, flux)
            sent, returned = folder / case / "depot", folder / case / "retour"
            sent.mkdir(parents=True)
            returned.mkdir()
            shutil.copyfile(files.path(flux), sent / flux.nom_fichier)
            for name in report_names(flux):
                shutil.copyfile(returns.folder(flux.emetteur) / name, returned / name)
            cases.append(Case(case, flux, report_names(flux)))
    return cases
