"""A directory of recipients held in memory, for tests that look one up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from chorus_edi.domain.identifier_checks import canonical
from chorus_edi.domain.identifiers import IdentifierKind, compact
from chorus_edi.domain.recipients import Service, Structure, Supplier


class MemoryDirectory:
    """Implements ``ports.Directory`` over given structures and services."""

    def __init__(
        self,
        structures: Iterable[Structure] = (),
        services: Iterable[Service] = (),
        version: str = "essai",
        suppliers: Iterable[Supplier] | None = None,
        engagements: Mapping[tuple[str, str], bool] | None = None,
    ) -> None:
        self._structures = {(s.kind, s.identifier): s for s in structures}
        self._services = {(s.structure, s.code): s for s in services}
        self._version = version
        self._suppliers = {(s.kind, s.identifier): s for s in suppliers or ()}
        self._lists_suppliers = suppliers is not None
        self._engagements = dict(engagements or {})

    @property
    def version(self) -> str:
        return self._version

    def structure(self, kind: IdentifierKind, identifier: str) -> Structure | None:
        return self._structures.get((kind, compact(identifier)))

    def service(self, structure: str, code: str) -> Service | None:
        return self._services.get((compact(structure), code.strip()))

    def services(self, structure: str) -> Sequence[Service]:
        owned = (s for s in self._services.values() if s.structure == compact(structure))
        return sorted(owned, key=lambda service: service.code)

    @property
    def lists_suppliers(self) -> bool:
        return self._lists_suppliers

    def supplier(self, kind: IdentifierKind, identifier: str) -> Supplier | None:
        return self._suppliers.get((kind, canonical(identifier)))

    def lists_engagements(self, structure: str) -> bool:
        return any(owner == compact(structure) for owner, _ in self._engagements)

    def engagement(self, structure: str, number: str) -> bool | None:
        return self._engagements.get((compact(structure), number.strip()))
