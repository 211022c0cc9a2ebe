"""Flows: official names and numbers, and the records that the pipeline and the store exchange.

A *document* is every rank of a flow, whatever becomes of it; an *invoice* is an integrated
document, unless that recycles an earlier invoice and so continues it. Times are UTC. All records
are plain values.
"""

from __future__ import annotations

import re
from datetime import datetime
from enum import StrEnum

import msgspec

from chorus_edi.domain.dossier import Place
from chorus_edi.domain.findings import Finding, Findings, NotChecked
from chorus_edi.domain.motives import Motive
from chorus_edi.domain.partners import PLATFORM_CODE, Mode
from chorus_edi.domain.scenarios import Circuit, Container, Profile, Syntax
from chorus_edi.domain.statuses import DocumentState, FluxState, InvoiceStatus

_OFFICIAL = re.compile(
    r"(?P<interface>[A-Z]{3}[0-9]{4}[A-Z])_(?P<partner>[A-Z0-9]{6})_(?P<numero>[A-Z0-9]{25})"
    r"(?:\.tar\.gz|\.xml)?",
    # Without ASCII, folding case lets foreign letters in: U+017F is an S, U+0130 an I.
    re.IGNORECASE | re.ASCII,
)


LONGEST_NAME = 256
"""Characters of a file name, folders included (facts: chorus-pro 1.4)."""

FORBIDDEN_IN_NAMES = frozenset("%$!&/\\:;«»#@")
"""Characters that no file name may have (facts: chorus-pro 1.4, specification of 2026)."""


class FlowName(msgspec.Struct, frozen=True):
    """The three parts of an official flow name (facts: chorus-pro 1.4)."""

    interface: str
    partner: str
    numero: str


def flow_name_of(filename: str) -> FlowName | None:
    """Read ``<interface 8>_<code 6>_<flow id 25>``, with or without ``.tar.gz`` or ``.xml``."""
    match = _OFFICIAL.fullmatch(filename)
    if match is None:
        return None
    return FlowName(*(part.upper() for part in match.group("interface", "partner", "numero")))


def platform_number(sequence: int) -> str:
    """Return the number of a flow that arrives under no official name.

    25 characters: platform code (6), ``0000`` where an official name has its interface digits
    (the content is not yet known when the number is given), sequence (15).
    """
    return f"{PLATFORM_CODE}0000{sequence:015d}"


def document_id(numero_flux: str, rank: int) -> str:
    """Return the id of a document: flow number and rank on four digits."""
    return f"{numero_flux}-{rank:04d}"


_DOCUMENT_ID = re.compile(r"(?P<numero>[A-Z0-9]{25})-(?P<rank>[0-9]{4,9})")


def rank_of(identifier: str) -> tuple[str, int] | None:
    """Read the id of a document: its flow and its rank; None where it is not written so."""
    match = _DOCUMENT_ID.fullmatch(identifier)
    if match is None or document_id(match["numero"], int(match["rank"])) != identifier:
        return None
    return match["numero"], int(match["rank"])


class DeliveryFormat(StrEnum):
    """How the files of one flow reach one recipient: each by itself, or in one archive."""

    FILES = "fichiers"
    TAR = "tar"


_ARCHIVE = ".tar"


def archive_name(numero_flux: str, number: int) -> str:
    """Return the name of the n-th archive of a flow; only one that had to wait has a second."""
    return f"{numero_flux}{_ARCHIVE}" if number == 1 else f"{numero_flux}_{number}{_ARCHIVE}"


def delivery_path(recipient: str, numero_flux: str, name: str, archive: str = "") -> str:
    """Return where a file delivered to a recipient stands in the outbox, or in which archive."""
    return "/".join(filter(None, (recipient, numero_flux, archive, name)))


def archive_path_of(path: str) -> str | None:
    """Return the path of the archive that a delivered file is in; None where it stands alone."""
    holder = path.rpartition("/")[0]
    return holder if holder.endswith(_ARCHIVE) else None


def delivery_note_path(recipient: str, numero_flux: str) -> str:
    """Return where the delivery note of one flow and recipient stands in the outbox."""
    return f"{recipient}/{numero_flux}/livraison.json"


class Canal(StrEnum):
    """How a flow came in."""

    EDI = "EDI"


class Arrival(msgspec.Struct, frozen=True, kw_only=True):
    """A file seen in the inbox: whose it is, its name, where it stands (relative to the inbox)."""

    partner: str
    filename: str
    path: str
    mode: Mode = Mode.PRODUCTION


class Sighting(msgspec.Struct, frozen=True, kw_only=True):
    """How a file of the inbox that is not whole yet looked: bytes, and nanoseconds of its time."""

    path: str
    size: int
    modified: int


class Flux(msgspec.Struct, frozen=True, kw_only=True):
    """A flow as the Suivi des flux knows it. ``sequence`` is the order of claims, from 1.

    ``premier_flux`` names an earlier flow that holds the same flow id, or the same bytes.
    """

    numero_flux: str
    sequence: int
    nom_fichier: str
    emetteur: str
    interface: str | None
    canal: Canal
    chemin: str
    date_depot: datetime
    etat: FluxState
    date_etat: datetime
    sha256: str | None = None
    taille: int | None = None
    motif: Motive | None = None
    factures: int = 0
    integrees: int = 0
    rejetees: int = 0
    premier_flux: str | None = None
    mode: Mode = Mode.PRODUCTION


def report_names(flux: Flux) -> tuple[str, str]:
    """Return what the integration report of a flow is called: JSON, then HTML."""
    stem = f"{flux.numero_flux}_compte-rendu"
    return f"{stem}.json", f"{stem}.html"


class FluxEvent(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a flow's history; ``detail`` is French and may be empty."""

    numero_flux: str
    seq: int
    etat: FluxState
    date: datetime
    detail: str = ""


class DocumentEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A document of a flow as it came in; rank from 1, name inside the archive (or of the file)."""

    rank: int
    name: str
    size: int
    sha256: str


_DIRECT_PAYMENT = "S3"


class InvoiceSummary(msgspec.Struct, frozen=True, kw_only=True):
    """What lists, reports, uniqueness and validation need of an invoice. Amounts are decimal text.

    ``amount`` is the total with VAT, ``due`` what is left to pay; ``valideur`` identifies who
    validates it, where its cadre asks for somebody.
    """

    number: str = ""
    year: int | None = None
    issue_date: str = ""
    type_code: str = ""
    seller_key: str | None = None
    seller: str = ""
    seller_name: str = ""
    recipient: str = ""
    recipient_name: str = ""
    code_service: str = ""
    engagement: str = ""
    without_vat: str = ""
    vat: str = ""
    amount: str = ""
    due: str = ""
    currency: str = ""
    cadre: str = ""
    valideur: str = ""

    @property
    def may_come_again(self) -> bool:
        """True for a demand of direct payment, whose number no duplicate check knows.

        Source: facts chorus-pro 3.7 (specifications of Chorus Pro v1.1, 6.13.2).
        """
        return self.cadre.strip() == _DIRECT_PAYMENT


class Deliverable(msgspec.Struct, frozen=True, kw_only=True):
    """A file a recipient is to get. ``name`` is its final name; ``kind`` original or attachment.

    ``archive`` is the name of the archive that it is in; empty where it stands alone.
    """

    name: str
    kind: str
    size: int
    sha256: str
    archive: str = ""


class Verdict(StrEnum):
    """What an examination says of one document."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    IRRECEVABLE = "irrecevable"
    WAITING = "waiting"
    UNDECIDED = "undecided"
    COMPANION = "companion"


class Examination(msgspec.Struct, frozen=True, kw_only=True):
    """What a worker answers about one document; plain values only.

    ``motive`` is that of the first fatal finding. ``rule_sets`` are ``name@version``. ``differing``
    are the terms that a document says otherwise than the one it was compared with; None where it
    was compared with none.
    """

    rank: int
    name: str
    size: int
    sha256: str
    verdict: Verdict
    motive: Motive | None = None
    container: Container | None = None
    syntax: Syntax | None = None
    profile: Profile | None = None
    circuit: Circuit | None = None
    rule_sets: tuple[str, ...] = ()
    directory_version: str | None = None
    not_checked: tuple[NotChecked, ...] = ()
    findings: Findings = ()
    summary: InvoiceSummary | None = None
    number_place: Place = Place()
    deliverables: tuple[Deliverable, ...] = ()
    differing: tuple[str, ...] | None = None


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """What commit 3 writes about one document.

    ``continues`` is the id of an invoice that waits to be recycled, whose number this one bears;
    ``differing`` are the terms that it says otherwise, beyond its routing.
    """

    rank: int
    state: DocumentState
    examination: Examination
    motive: Motive | None = None
    findings: Findings = ()
    continues: str | None = None
    differing: tuple[str, ...] = ()


class Holder(msgspec.Struct, frozen=True, kw_only=True):
    """Who already holds an invoice number.

    ``refused`` says that it was rejected, or refused for good: the number is spent. ``statut`` is
    that of the invoice; None where it never became one.
    """

    numero_flux: str
    rank: int
    date_depot: datetime
    refused: bool = False
    statut: InvoiceStatus | None = None

    @property
    def id(self) -> str:
        """Document id."""
        return document_id(self.numero_flux, self.rank)


class Intent(msgspec.Struct, frozen=True, kw_only=True):
    """A file that the outbox must hold: ``path`` is relative to it; rank 0 belongs to the flow.

    ``kind`` is that of the deliverable (original, attachment), ``archive`` or ``note``. The path of
    what is in an archive goes on inside it.
    """

    numero_flux: str
    rank: int
    path: str
    kind: str
    size: int
    sha256: str
    delivered: bool = False


class DocumentRow(msgspec.Struct, frozen=True, kw_only=True):
    """A document as the store knows it.

    ``continues`` is the id of the invoice that it recycles, where it is no invoice of its own.
    """

    numero_flux: str
    rank: int
    name: str
    size: int
    sha256: str
    state: DocumentState | None = None
    motive: Motive | None = None
    container: Container | None = None
    syntax: Syntax | None = None
    profile: Profile | None = None
    circuit: Circuit | None = None
    rule_sets: tuple[str, ...] = ()
    not_checked: tuple[NotChecked, ...] = ()
    directory_version: str | None = None
    summary: InvoiceSummary | None = None
    continues: str | None = None

    @property
    def id(self) -> str:
        """Document id."""
        return document_id(self.numero_flux, self.rank)


class InvoiceRow(msgspec.Struct, frozen=True, kw_only=True):
    """An invoice: an integrated document with its status."""

    id: str
    numero_flux: str
    rank: int
    summary: InvoiceSummary
    statut: InvoiceStatus
    date_statut: datetime
    date_depot: datetime
    emetteur: str


class Rejection(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the rejects: one finding of one refused document (or of the flow, rank 0)."""

    numero_flux: str
    rank: int
    document: str
    emetteur: str
    nom_fichier: str
    date_depot: datetime
    summary: InvoiceSummary | None
    motive: Motive | None
    finding: Finding
