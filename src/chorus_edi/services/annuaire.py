"""What may be asked of the directory of recipients: import a version, show a structure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from chorus_edi.domain.identifiers import IdentifierKind, compact, looks_like_siret
from chorus_edi.domain.labels import Label, counted
from chorus_edi.domain.recipients import (
    AnnuaireVersion,
    Match,
    Service,
    Structure,
    TableChange,
    UnknownSuppliers,
)
from chorus_edi.errors import ConfigurationError
from chorus_edi.ports import Directory
from chorus_edi.services.rows import Row


class AnnuaireFiles(msgspec.Struct, frozen=True, kw_only=True):
    """The CSV files of an import; None where there is no such list."""

    structures: Path
    services: Path
    suppliers: Path | None = None
    engagements: Path | None = None


class Imported(msgspec.Struct, frozen=True, kw_only=True):
    """A version now in force, and what it changes.

    ``changes`` is None where there was no version before it that could be compared.
    """

    version: AnnuaireVersion
    changes: tuple[TableChange, ...] | None = None


class ServiceSheet(msgspec.Struct, frozen=True, kw_only=True):
    """A service as people read it."""

    code: str
    name: str
    active: bool
    demands: tuple[Label, ...]
    period: str | None = None


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


def chosen(configured: AnnuaireFiles, **given: Path | None) -> AnnuaireFiles:
    """Return the files of an import: those that are given, else those of the configuration.

    So a list of suppliers that is configured is never dropped by an import that forgot it.

    Raises:
        ConfigurationError: only one of structures and services is given, or a path is no file.
    """
    if (given.get("structures") is None) != (given.get("services") is None):
        raise ConfigurationError("annuaire : donnez les structures et les services ensemble")
    named = {name: path for name, path in given.items() if path is not None}
    files = msgspec.structs.replace(configured, **named)
    for path in msgspec.structs.astuple(files):
        if path is not None and not path.is_file():
            raise ConfigurationError(f"annuaire : {path} n'est pas un fichier")
    return files


def told(imported: Imported) -> Iterator[str]:
    """Yield what an import put in force and what that changes, in French."""
    version = imported.version
    counts = [counted(version.structures, "structure"), counted(version.services, "service")]
    if version.suppliers is not None:
        counts.append(counted(version.suppliers, "fournisseur"))
    if version.engagements is not None:
        counts.append(counted(version.engagements, "engagement"))
    yield f"Annuaire {version.version} en vigueur : {', '.join(counts)}."
    if imported.changes is None:
        yield "Aucune version précédente à laquelle le comparer."
    elif not any(map(_changed, imported.changes)):
        yield "Rien ne change."
    else:
        for change in filter(_changed, imported.changes):
            yield from _told_change(change)


def cautions(version: AnnuaireVersion, unknown: UnknownSuppliers) -> Iterator[str]:
    """Yield what an operator ought to know of a version, in French."""
    if version.orphans:
        one, many = "service sans structure, injoignable", "services sans structure, injoignables"
        yield f"Attention : {counted(version.orphans, one, many)}."
    if version.wrong_keys:
        one = "identifiant à la clé fausse, gardé tel quel"
        many = "identifiants à la clé fausse, gardés tels quels"
        yield f"Attention : {counted(version.wrong_keys, one, many)}."
    if version.suppliers is None:
        yield "Sans liste de fournisseurs, aucun fournisseur n'est inconnu : tous sont acceptés."
    elif unknown is UnknownSuppliers.ACCEPTED:
        yield (
            "Un fournisseur absent de la liste est accepté, avec un avertissement "
            '(fournisseurs_inconnus = "accepte").'
        )


def _changed(change: TableChange) -> bool:
    return bool(change.added or change.changed or change.removed)


def _told_change(change: TableChange) -> Iterator[str]:
    yield (
        f"{change.table.capitalize()} : {change.added} de plus, {change.changed} autrement, "
        f"{change.removed} de moins."
    )
    yield from (f"  {example}" for example in change.examples)


SEARCH_COLUMNS = (
    "nature",
    "type",
    "identifiant",
    "raison_sociale",
    "code_service",
    "service",
    "actif",
)


def found_rows(matches: Iterable[Match]) -> Iterator[Row]:
    """Yield one row per match; keys are ``SEARCH_COLUMNS``."""
    for match in matches:
        yield {
            "nature": match.nature,
            "type": match.kind.value,
            "identifiant": match.identifier,
            "raison_sociale": match.name or None,
            "code_service": match.code,
            "service": match.service,
            "actif": "oui" if match.active else "non",
        }


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
        period=service.period,
    )
