"""What may be asked of the directory of recipients: import a version, show a structure."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import msgspec

from chorus_edi.domain.identifiers import IdentifierKind, compact, looks_like_siret
from chorus_edi.domain.labels import Label
from chorus_edi.domain.recipients import AnnuaireVersion, Service, Structure
from chorus_edi.errors import ConfigurationError
from chorus_edi.ports import Directory

Import: TypeAlias = Callable[[Path, Path], AnnuaireVersion]
"""Structures file, services file → the version now in force."""


class ServiceSheet(msgspec.Struct, frozen=True, kw_only=True):
    """A service as people read it."""

    code: str
    name: str
    active: bool
    demands: tuple[Label, ...]


class StructureSheet(msgspec.Struct, frozen=True, kw_only=True):
    """A structure as people read it, with its services by code.

    ``demands`` are the sentences of what an invoice to it must carry.
    """

    identifier: str
    kind: IdentifierKind
    name: str
    active: bool
    demands: tuple[Label, ...]
    services: tuple[ServiceSheet, ...]
    version: str


ENGAGEMENT = Label("numéro d'engagement obligatoire", "commitment number obligatory")
SERVICE = Label("code service obligatoire", "code service obligatory")
EITHER = Label(
    "code service ou numéro d'engagement obligatoire",
    "code service or commitment number obligatory",
)


def import_files(importer: Import, structures: Path, services: Path) -> AnnuaireVersion:
    """Import both CSV files as a new version and put it in force.

    Raises:
        ConfigurationError: a path is no file, or the files have faults (all are listed).
        Incident: the version could not be written.
    """
    for path in (structures, services):
        if not path.is_file():
            raise ConfigurationError(f"annuaire : {path} n'est pas un fichier")
    return importer(structures, services)


def show(directory: Directory, siret: str) -> StructureSheet | None:
    """Return a structure with its services; None where the directory does not have it.

    Raises:
        ConfigurationError: what was asked is not 14 digits (blanks do not count).
    """
    asked = compact(siret)
    if not looks_like_siret(asked):
        raise ConfigurationError(f"« {siret} » n'est pas un SIRET : 14 chiffres attendus")
    structure = directory.structure(IdentifierKind.SIRET, asked)
    if structure is None:
        return None
    return StructureSheet(
        identifier=structure.identifier,
        kind=structure.kind,
        name=structure.name,
        active=structure.active,
        demands=demands_of(structure),
        services=tuple(_service_sheet(service) for service in directory.services(asked)),
        version=directory.version,
    )


def demands_of(structure: Structure) -> tuple[Label, ...]:
    """Return what an invoice to a structure must carry."""
    flags = (
        (structure.demands_service, SERVICE),
        (structure.demands_engagement, ENGAGEMENT),
        (structure.demands_service_or_engagement, EITHER),
    )
    return tuple(label for demanded, label in flags if demanded)


def _service_sheet(service: Service) -> ServiceSheet:
    return ServiceSheet(
        code=service.code,
        name=service.name,
        active=service.active,
        demands=(ENGAGEMENT,) if service.demands_engagement else (),
    )
