"""The states a document goes through while it is examined, one class per step.

The XML tree is opaque here: only ``formats`` knows what it is made of, and it never leaves the
worker that parsed it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple, TypeAlias

import msgspec

from chorus_edi.domain.demands import Demand, Demands
from chorus_edi.domain.findings import NotChecked
from chorus_edi.domain.groups import Attachment
from chorus_edi.domain.interfaces import Format
from chorus_edi.domain.invoice import Invoice
from chorus_edi.domain.recipients import Routing, Service, Structure
from chorus_edi.domain.scenarios import Circuit, Claim, Container, Scenario, Syntax

Tree: TypeAlias = Any


class Place(NamedTuple):
    """Where something stands in the sender's file: XPath, line and column from 1."""

    location: str = ""
    line: int | None = None
    column: int | None = None


Locate: TypeAlias = Callable[[Sequence[str]], tuple[Place, ...]]
"""Addresses of the semantic model → places, in one pass over the file."""


class Offence(NamedTuple):
    """A demand on the syntax that one element does not meet.

    Attributes:
        demand: what was asked.
        place: the element too many, else the one where something is missing.
        address: that element in the semantic model, else the nearest around it that is there.
        found: the value that is too many; None where one is missing, or has no text.
    """

    demand: Demand
    place: Place
    address: str
    found: str | None


Inspect: TypeAlias = Callable[[Demands], tuple[Offence, ...]]
"""What the document does not meet of some demands, in their order."""


class Sighting(NamedTuple):
    """Where a code stands: its place, and the address of the nearest term or group."""

    place: Place
    address: str


Sight: TypeAlias = Callable[[Sequence[tuple[str, str]]], tuple[Sighting | None, ...]]
"""(id of a rule on a code list, code as written) → where it stands first among the places that the
rule looks at; None where it stands at none."""

Attachments: TypeAlias = Callable[[], Iterator[tuple[Attachment, bytes]]]
"""The attached files again, decoded and unzipped; those with a fault are left out."""


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """The bytes of one document and what its flow says of it.

    ``judged_by`` is another day whose rules are asked for; else they are those of ``deposited``.
    ``formats`` are those it may have, ``senders`` the SIRETs it may be sent for; none means any.
    """

    content: bytes
    name: str
    deposited: date
    interface: str | None = None
    default_circuit: Circuit | None = None
    judged_by: date | None = None
    formats: frozenset[Format] = frozenset()
    senders: tuple[str, ...] = ()

    @property
    def day(self) -> date:
        """The day whose rules apply."""
        return self.judged_by or self.deposited


class Detected(msgspec.Struct, frozen=True, kw_only=True):
    """A document whose container and syntax are known.

    ``xml`` is the invoice data in an encoding a second parser reads (UTF-8); None for a plain PDF
    and for what comes with invoices, as are ``syntax`` and ``tree``.
    """

    document: Document
    container: Container
    syntax: Syntax | None = None
    xml: bytes | None = None
    tree: Tree = None


class Parsed(msgspec.Struct, frozen=True, kw_only=True):
    """Read into the semantic model.

    ``unmapped`` are the Clark names of elements no term is mapped on; ``irregular`` the addresses
    whose text has blanks around it or cannot be read; ``repeats`` the addresses of further values
    of single-valued terms.
    """

    detected: Detected
    syntax: Syntax
    tree: Tree
    xml: bytes
    claim: Claim
    scenario: Scenario
    invoice: Invoice
    locate: Locate
    inspect: Inspect
    sight: Sight
    attachments: Attachments
    unmapped: tuple[str, ...] = ()
    irregular: tuple[str, ...] = ()
    repeats: tuple[str, ...] = ()


class Validated(msgspec.Struct, frozen=True, kw_only=True):
    """Valid by its schema."""

    parsed: Parsed


class Resolved(msgspec.Struct, frozen=True, kw_only=True):
    """The recipient was looked up; None where it was not found, or there is no directory.

    ``public`` says that the circuit, the invoice or the directory knows it as a public body.
    """

    parsed: Parsed
    routing: Routing
    structure: Structure | None = None
    service: Service | None = None
    public: bool = False
    directory_version: str | None = None


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """Every rule that applies was applied; ``rule_sets`` are ``name@version``."""

    resolved: Resolved
    rule_sets: tuple[str, ...] = ()
    not_checked: tuple[NotChecked, ...] = ()
