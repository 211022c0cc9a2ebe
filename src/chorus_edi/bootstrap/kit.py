"""The kit for vendors of ERPs: its cases are made by running the pipeline on them."""

# ruff: noqa: PLC0415 - a worker stays small and starts fast: see the package

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from chorus_edi.bootstrap.databases import environment, open_store
from chorus_edi.bootstrap.installation import returns_of
from chorus_edi.bootstrap.running import RESOURCES, furnish, recipients_of, run
from chorus_edi.errors import ConfigurationError

if TYPE_CHECKING:
    from chorus_edi.domain.flux import Flux
    from chorus_edi.ports import Store
    from chorus_edi.services.cases import Sent
    from chorus_edi.services.kit import Case
    from chorus_edi.settings import Settings

_KIT = RESOURCES / "kit"
_SCANNER = "import sys; sys.exit({virus!r} in open(sys.argv[1], 'rb').read())"
"""Stands in for an antivirus: it finds one text."""

Processed = Sequence[tuple["Sent", "Flux"]]


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
        cases = list(_cases(Path(scratch), folder))
        for name, write in tables().items():
            (folder / name).write_text(write(), encoding="utf-8")
        shutil.copyfile(_KIT / "partenaires.toml", folder / "partenaires.toml")
        template = (_KIT / "LISEZMOI.md").read_text(encoding="utf-8")
        (folder / "LISEZMOI.md").write_text(guide(template, cases), encoding="utf-8")
    return len(cases)


def _cases(scratch: Path, folder: Path) -> Iterator[Case]:
    from chorus_edi.services.cases import Cases
    from chorus_edi.services.kit import Case, case_folder

    settings = _installation(scratch)
    made = Cases(recipients_of(settings))
    first = made.first()
    processed = [*_processed(settings, first), *_processed(settings, made.then(first))]
    with open_store(settings) as store:
        for number, (sent, flux) in enumerate(processed, 1):
            case = case_folder(number, flux)
            _write(folder / case / "depot", {sent.name: sent.content, **sent.beside})
            _write(folder / case / "retour", dict(_returned(settings, store, flux)))
            found = [row for row in store.findings(flux.numero_flux) if row.finding.fatal]
            yield Case(
                folder=case,
                sent=sent,
                flux=flux,
                rules=tuple(dict.fromkeys(row.finding.rule for row in found)),
                motives=tuple(dict.fromkeys(row.finding.motive for row in found)),
            )


def _installation(scratch: Path) -> Settings:
    from chorus_edi.services.cases import VIRUS

    settings = furnish(scratch, _KIT / "partenaires.toml")
    command = [sys.executable, "-c", _SCANNER.format(virus=VIRUS)]
    scanner = settings.antivirus.model_copy(update={"commande": tuple(command)})
    return settings.model_copy(update={"antivirus": scanner})


def _processed(settings: Settings, sent: Sequence[Sent]) -> Processed:
    """Deposit files and process them; return the flow of each."""
    before = _flows(settings)
    for one in sent:
        _write(settings.folders.inbox / one.partner, {one.name: one.content, **one.beside})
    run(settings, once=True)
    fresh = {
        (flux.emetteur, flux.nom_fichier): flux
        for numero, flux in _flows(settings).items()
        if numero not in before
    }
    return [(one, fresh[one.partner, one.name]) for one in sent]


def _flows(settings: Settings) -> dict[str, Flux]:
    with open_store(settings, create=True) as store:
        return {flux.numero_flux: flux for flux in store.suivi()}


def _returned(settings: Settings, store: Store, flux: Flux) -> Iterator[tuple[str, bytes]]:
    """Yield the return files of a flow, with those of the flow that it repeats."""
    from chorus_edi.adapters.files.partners import load_partners
    from chorus_edi.domain.flux import report_names
    from chorus_edi.domain.motives import Motive

    returns = returns_of(settings, load_partners(settings.partenaires.file))
    first = store.flux(flux.premier_flux) if flux.premier_flux else None
    repeats = flux.motif is Motive.IRR_UNICITE and first is not None
    for one in (flux, first) if repeats and first is not None else (flux,):
        for name in report_names(one):
            yield name, (returns.folder(one.emetteur) / name).read_bytes()


def _write(folder: Path, files: dict[str, bytes]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
