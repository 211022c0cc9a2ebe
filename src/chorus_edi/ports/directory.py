"""The directory as the core asks it: recipients, their services, suppliers, commitment numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from chorus_edi.domain.identifiers import IdentifierKind
from chorus_edi.domain.recipients import Service, Structure, Supplier


class Directory(Protocol):
    """One version of the directory, read-only."""

    @property
    def version(self) -> str:
        """Name of this version; the same name means the same content."""
        ...

    @property
    def lists_suppliers(self) -> bool:
        """True where it was imported with a list of suppliers: without one nobody is unknown."""
        ...

    def structure(self, kind: IdentifierKind, identifier: str) -> Structure | None:
        """Return a structure, active or not."""
        ...

    def service(self, structure: str, code: str) -> Service | None:
        """Return a service of a structure, active or not."""
        ...

    def services(self, structure: str) -> Sequence[Service]:
        """Return every service of a structure, active or not, by code."""
        ...

    def supplier(self, kind: IdentifierKind, identifier: str) -> Supplier | None:
        """Return a supplier, active or not; by a SIREN, one of its establishments, active first."""
        ...

    def lists_engagements(self, structure: str) -> bool:
        """True where the list of commitment numbers covers a structure."""
        ...

    def engagement(self, structure: str, number: str) -> bool | None:
        """True where a number of a structure is open, False closed, None where it is not listed."""
        ...
