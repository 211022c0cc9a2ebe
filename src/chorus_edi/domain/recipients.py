"""Recipient structures, their services and what they demand; what an invoice asks of routing.

The columns are those of the public directory (issue text, facts: chorus-pro 5.3).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from enum import StrEnum

import msgspec

from chorus_edi.domain.identifiers import (
    SERVICE_SCHEME,
    IdentifierKind,
    buyer_of,
    electronic_address,
    looks_like_siret,
)
from chorus_edi.domain.invoice import Invoice, Note
from chorus_edi.domain.parties import Buyer
from chorus_edi.domain.scenarios import Circuit, Syntax


class Structure(msgspec.Struct, frozen=True, kw_only=True):
    """A recipient structure of the directory.

    Attributes:
        kind: TypeIdentifiant.
        identifier: Identifiant, without blanks.
        name: RaisonSociale.
        edi_sender: EmetteurEdi.
        edi_recipient: RecepteurEdi.
        payment_status: GestionStatutMiseEnPaiement.
        demands_engagement: GestionEngagement.
        demands_service: GestionService.
        demands_service_or_engagement: GestionServiceEngagement, one of the two is enough.
        is_moa: EstMOA.
        is_moa_only: EstMOAUniquement.
        active: StructureActive.
    """

    kind: IdentifierKind
    identifier: str
    name: str
    edi_sender: bool = False
    edi_recipient: bool = False
    payment_status: bool = False
    demands_engagement: bool = False
    demands_service: bool = False
    demands_service_or_engagement: bool = False
    is_moa: bool = False
    is_moa_only: bool = False
    active: bool = True


class Service(msgspec.Struct, frozen=True, kw_only=True):
    """A service of a structure; ``code`` is unique within it.

    Attributes:
        structure: Identifiant of its structure.
        code: Code, the code service that invoices give.
        name: Nom.
        demands_engagement: GestionEGMT.
        active: ServiceActif.
        valid_from: ValideDu, its first day; None where it has none.
        valid_to: ValideAu, its last day; None where it has none.
    """

    structure: str
    code: str
    name: str
    demands_engagement: bool = False
    active: bool = True
    valid_from: date | None = None
    valid_to: date | None = None

    def open_on(self, day: date) -> bool:
        """True where invoices may be sent to it on a day of deposit."""
        begun = self.valid_from is None or self.valid_from <= day
        return self.active and begun and (self.valid_to is None or day <= self.valid_to)

    @property
    def period(self) -> str | None:
        """When it may be written to, in French, where that is limited in time."""
        begins, ends = self.valid_from, self.valid_to
        told = [f"à partir du {begins:%d/%m/%Y}"] if begins else []
        told += [f"jusqu'au {ends:%d/%m/%Y}"] if ends else []
        return " ".join(told) or None


class Supplier(msgspec.Struct, frozen=True, kw_only=True):
    """Who may invoice: a row of the list of suppliers.

    Attributes:
        kind: TypeIdentifiant.
        identifier: Identifiant, as ``identifier_checks.canonical`` writes it.
        name: RaisonSociale.
        active: StructureActive; a list without that column holds active ones only.
    """

    kind: IdentifierKind
    identifier: str
    name: str
    active: bool = True


class UnknownSuppliers(StrEnum):
    """What an invoice costs whose supplier is not in the list of suppliers."""

    REFUSED = "refuse"
    ACCEPTED = "accepte"


class AnnuaireVersion(msgspec.Struct, frozen=True, kw_only=True):
    """One import of the directory: its name and what it holds.

    Attributes:
        version: its name; the same content has the same name.
        structures: how many recipients.
        services: how many services of theirs.
        orphans: services whose structure is not among the structures: nothing can be sent to them.
        suppliers: how many suppliers; None without a list, when nobody can be unknown.
        engagements: how many commitment numbers; None without a list, when none is judged.
        wrong_keys: identifiers whose key is wrong, which is told and never refused.
    """

    version: str
    structures: int
    services: int
    orphans: int = 0
    suppliers: int | None = None
    engagements: int | None = None
    wrong_keys: int = 0


class Match(msgspec.Struct, frozen=True, kw_only=True):
    """A row of the directory that a search found.

    Attributes:
        nature: ``structure``, ``service`` or ``fournisseur``.
        kind: TypeIdentifiant.
        identifier: Identifiant, of its structure where it is a service.
        name: RaisonSociale, of its structure where it is a service.
        code: code service; None where it is none.
        service: name of the service; None where it is none.
        active: whether it is, its time of validity apart.
    """

    nature: str
    kind: IdentifierKind
    identifier: str
    name: str
    code: str | None
    service: str | None
    active: bool


class TableChange(msgspec.Struct, frozen=True, kw_only=True):
    """What an import changed in one table: how many rows, and the first few of each kind by key.

    ``table`` is what its rows are called in French, in the plural.
    """

    table: str
    added: int = 0
    changed: int = 0
    removed: int = 0
    examples: tuple[str, ...] = ()


class Routing(msgspec.Struct, frozen=True, kw_only=True):
    """What an invoice asks of routing, each value with its address in the invoice.

    The addresses name where a missing value ought to stand.

    Attributes:
        siret: the recipient's SIRET, 14 digits; None where the invoice gives none.
        siret_address: where it stands.
        code_service: the code service, without blanks around it.
        code_service_address: where it stands.
        engagement: the commitment number, without blanks around it: BT-13, or else the first that
            a line gives (EXT-FR-FE-135).
        engagement_address: where it stands.
        identifier: whatever identifies the recipient, be it a SIRET or not.
    """

    siret: str | None
    siret_address: str
    code_service: str | None
    code_service_address: str
    engagement: str | None
    engagement_address: str = "BT-13"
    identifier: str | None = None


def is_b2g(invoice: Invoice) -> bool:
    """True where a note ADN says that the recipient is a public body (BR-FR-CPRO-00)."""
    return any(map(_says_b2g, invoice.notes))


def _says_b2g(note: Note) -> bool:
    text = (note.text or "").strip()
    return text == "#ADN#B2G" or (note.subject_code == "ADN" and text == "B2G")


def routing_of(invoice: Invoice, circuit: Circuit | None, syntax: Syntax | None = None) -> Routing:
    """Read recipient, code service and engagement where the circuit puts them (facts 5.4).

    Historic UBL has the code service in the customer's accounting contact, historic CII in BT-10,
    the AFNOR circuit in BT-46 under scheme 0224. The first that is there is taken, the circuit's
    own place first, the electronic address last. ``syntax`` only serves to name the place of a
    value that is missing.
    """
    kind, identifier, address = _recipient_of(invoice, circuit, syntax)
    service, service_address = _service_of(invoice, circuit, syntax)
    usable = kind is IdentifierKind.SIRET and looks_like_siret(identifier or "")
    return Routing(
        siret=identifier if usable else None,
        siret_address=address,
        code_service=service,
        code_service_address=service_address,
        engagement=_filled(invoice.purchase_order) or _engagement_of_a_line(invoice),
        identifier=identifier,
    )


def _engagement_of_a_line(invoice: Invoice) -> str | None:
    """One line with an engagement is enough: the others may be of no order."""
    return next((order for line in invoice.lines if (order := _filled(line.order))), None)


def _recipient_of(
    invoice: Invoice, circuit: Circuit | None, syntax: Syntax | None
) -> tuple[IdentifierKind | None, str | None, str]:
    """Return the kind, the value and the place of what identifies the recipient."""
    party = buyer_of(invoice)
    if party is not None:
        return party.kind, party.identifier, party.address
    for address, value in _identifiers(invoice.buyer):
        return None, value, address
    in_legal = circuit is Circuit.HISTORIQUE and syntax is Syntax.CII
    return None, None, "BG-7/BT-47" if in_legal else "BG-7/BT-46"


def _identifiers(buyer: Buyer | None) -> Iterator[tuple[str, str]]:
    """Yield the buyer's identifiers of any scheme, codes of service set apart."""
    if buyer is None:
        return
    for n, identifier in enumerate(buyer.identifiers, 1):
        value = _filled(identifier.value)
        if value and (identifier.scheme or "").strip() != SERVICE_SCHEME:
            yield f"BG-7/BT-46[{n}]", value
    legal = _filled(buyer.legal_registration.value) if buyer.legal_registration else None
    if legal:
        yield "BG-7/BT-47", legal


def _service_of(
    invoice: Invoice, circuit: Circuit | None, syntax: Syntax | None
) -> tuple[str | None, str]:
    """Return the code service and its place."""
    for address, value in _service_places(invoice, circuit):
        code = _filled(value)
        if code:
            return code, address
    return None, _place_of_service(circuit, syntax)


def _service_places(invoice: Invoice, circuit: Circuit | None) -> Iterator[tuple[str, str | None]]:
    """Yield where a circuit may give the code service, the usual place first."""
    if circuit is Circuit.HISTORIQUE:
        yield from _historic_service(invoice)
    yield from _service_identifiers(invoice.buyer)
    # In the AFNOR circuit BT-10 is another datum than the routing code (reform-2026 3.4).
    if circuit is None:
        yield from _historic_service(invoice)
    yield from _service_in_address(invoice.buyer)


def _historic_service(invoice: Invoice) -> Iterator[tuple[str, str | None]]:
    if invoice.chorus is not None:
        yield "CE-CHORUS/CE-SERVICE", invoice.chorus.code_service
    yield "BT-10", invoice.buyer_reference


def _service_identifiers(buyer: Buyer | None) -> list[tuple[str, str | None]]:
    return [
        (f"BG-7/BT-46[{n}]", identifier.value)
        for n, identifier in enumerate(buyer.identifiers if buyer else (), 1)
        if (identifier.scheme or "").strip() == SERVICE_SCHEME
    ]


def _service_in_address(buyer: Buyer | None) -> list[tuple[str, str | None]]:
    address = electronic_address(buyer.electronic_address if buyer else None)
    return [("BG-7/BT-49", address.code_service)]


def _place_of_service(circuit: Circuit | None, syntax: Syntax | None) -> str:
    if circuit is Circuit.AFNOR:
        # The buyer, not BT-46: an identifier that is there, his SIRET, is not the one at fault.
        return "BG-7"
    in_ubl = syntax in (Syntax.UBL_INVOICE, Syntax.UBL_CREDIT_NOTE)
    return "CE-CHORUS/CE-SERVICE" if circuit is Circuit.HISTORIQUE and in_ubl else "BT-10"


def _filled(text: str | None) -> str | None:
    return (text or "").strip() or None


STATE_RECIPIENTS = frozenset({"11000201100044"})
"""SIRET that all ministries share: routed by the code service alone (facts: chorus-pro 5.3)."""
