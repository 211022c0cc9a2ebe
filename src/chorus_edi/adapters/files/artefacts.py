"""Finds the official artefacts inside the packages that ship them, and proves they are the ones."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

import msgspec

import chorus_edi
from chorus_edi.domain.labels import counted
from chorus_edi.errors import ConfigurationError, Defect
from chorus_edi.formats.xsd import Schema


class Package(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A distribution that ships artefacts: its version, its module, the folder of its data."""

    version: str
    module: str
    folder: str


class Artefact(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One official artefact.

    Attributes:
        id: what ``domain/scenarios.py`` (a schema) or ``domain/official.py`` (a sheet) calls it.
        title: what it is.
        kind: ``xsd`` a schema, ``xslt`` a sheet of rules.
        version: the authority's version.
        package: name of the distribution that ships it.
        licence: licence of the artefact itself.
        entry: path of the file to compile, from the package's data folder.
        files: path → SHA-256 of the entry file and of all it includes, imports or reads.
    """

    id: str
    title: str
    kind: Literal["xsd", "xslt"] = "xsd"
    version: str
    package: str
    licence: str
    entry: str
    files: dict[str, str]


class Manifest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``schemas/MANIFEST.toml``."""

    packages: dict[str, Package]
    artefacts: tuple[Artefact, ...]


class ArtefactCheck(msgspec.Struct, frozen=True, kw_only=True):
    """One file compared with its digest; ``found`` is None where it cannot be read."""

    id: str
    path: str
    expected: str
    found: str | None

    @property
    def ok(self) -> bool:
        """True where the file is the one of the manifest."""
        return self.found == self.expected


FolderOf = Callable[[Package], Path | None]
"""Where a package keeps its data; None where it is not installed."""


def folder_of(package: Package) -> Path | None:
    """Find the data of an installed package without importing it (150 ms and 45 MB saved)."""
    spec = find_spec(package.module)
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(spec.submodule_search_locations[0]) / package.folder


def load_manifest(path: Path | None = None) -> Manifest:
    """Read the manifest.

    Args:
        path: the file; by default the one that travels with the program.

    Raises:
        ConfigurationError: it is missing, or is not a manifest.
    """
    path = path or _manifest_path()
    try:
        manifest = msgspec.convert(tomllib.loads(path.read_text("utf-8")), Manifest)
    except (OSError, ValueError) as error:
        message = f"Manifeste des schémas illisible : {path} ({error}). Réinstallez chorus-edi."
        raise ConfigurationError(message) from error
    for artefact in manifest.artefacts:
        if artefact.package not in manifest.packages or artefact.entry not in artefact.files:
            message = f"Manifeste des schémas incohérent pour {artefact.id} : {path}."
            raise ConfigurationError(message)
    return manifest


def _manifest_path() -> Path:
    return Path(chorus_edi.__file__).parent / "resources" / "MANIFEST.toml"


def verify(manifest: Manifest, folder: FolderOf = folder_of) -> list[ArtefactCheck]:
    """Compare every file of every artefact with its digest, in the manifest's order."""
    return [
        check
        for artefact in manifest.artefacts
        for check in _checks(artefact, folder(manifest.packages[artefact.package]))
    ]


def _checks(artefact: Artefact, folder: Path | None) -> list[ArtefactCheck]:
    return [
        ArtefactCheck(id=artefact.id, path=path, expected=expected, found=_digest(folder, path))
        for path, expected in artefact.files.items()
    ]


def _digest(folder: Path | None, path: str) -> str | None:
    if folder is None:
        return None
    try:
        return hashlib.sha256((folder / path).read_bytes()).hexdigest()
    except OSError:
        return None


class Schemas:
    """The compiled schemas of one process, each made at its first use."""

    def __init__(self, manifest: Manifest, folder: FolderOf = folder_of) -> None:
        """Read nothing yet."""
        self._artefacts = {one.id: one for one in manifest.artefacts if one.kind == "xsd"}
        self._packages = manifest.packages
        self._folder = folder
        self._compiled: dict[str, Schema] = {}

    def __getitem__(self, id: str) -> Schema:
        """Return a schema.

        Raises:
            ConfigurationError: a file is missing, or is not the one of the manifest.
            Defect: the manifest has no such schema.
        """
        if id not in self._compiled:
            self._compiled[id] = self._compile(id)
        return self._compiled[id]

    def _compile(self, id: str) -> Schema:
        artefact = self._artefacts.get(id)
        if artefact is None:
            message = f"no artefact {id} in schemas/MANIFEST.toml"
            raise Defect(message)
        return Schema(id, str(_proved(artefact, self._packages[artefact.package], self._folder)))


def sheets(manifest: Manifest, folder: FolderOf = folder_of) -> dict[str, Path]:
    """Return the file of every sheet of rules, by id, each compared with its digest.

    Raises:
        ConfigurationError: a file is missing, or is not the one of the manifest.
    """
    return {
        artefact.id: _proved(artefact, manifest.packages[artefact.package], folder)
        for artefact in manifest.artefacts
        if artefact.kind == "xslt"
    }


def _proved(artefact: Artefact, package: Package, folder_of_package: FolderOf) -> Path:
    """Return the entry file of an artefact whose files are all those of the manifest."""
    folder = folder_of_package(package)
    wrong = [check for check in _checks(artefact, folder) if not check.ok]
    if wrong or folder is None:
        raise ConfigurationError(_complaint(artefact, package, wrong))
    return folder / artefact.entry


def _complaint(artefact: Artefact, package: Package, wrong: list[ArtefactCheck]) -> str:
    first = wrong[0]
    state = "absent" if first.found is None else f"modifié (SHA-256 {first.found})"
    others = (
        f", et {counted(len(wrong) - 1, 'autre fichier', 'autres fichiers')}"
        if len(wrong) > 1
        else ""
    )
    pinned = f"{artefact.package}=={package.version}"
    return (
        f"Artefact officiel {artefact.id} inutilisable : {first.path} est {state}{others}. "
        f"Il doit venir du paquet {pinned} : exécutez « pip install --force-reinstall {pinned} », "
        "puis « chorus-edi schemas verify »."
    )
