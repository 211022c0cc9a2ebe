"""Makes varied, consistent, fictitious invoices: the same number always gives the same invoice.

They obey EN 16931 (totals, VAT breakdown, mandatory terms) and the habits of French public
invoices. The demonstration, the tests and the benchmark are fed with them.
"""

from __future__ import annotations

import base64
import csv
import io
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from enum import Enum
from functools import cache

import msgspec
from stdnum import luhn

from chorus_edi.domain.groups import Identifier
from chorus_edi.domain.identifiers import ADDRESS_SCHEME
from chorus_edi.domain.invoice import (
    ChorusFields,
    Delivery,
    Invoice,
    InvoicingPeriod,
    Note,
    PrecedingInvoice,
    ProcessControl,
    SupportingDocument,
)
from chorus_edi.domain.parties import Buyer, BuyerAddress, Seller, SellerAddress, SellerContact
from chorus_edi.domain.settlement import CreditTransfer, PaymentInstructions
from chorus_edi.formats.attachments import take
from chorus_edi.formats.writers import to_plain_pdf
from chorus_edi.services.specimen_amounts import Draw, draw_amounts

SPECIFICATION = "urn:cen.eu:en16931:2017"
CREDIT_NOTE = "381"
_FIRST_DAY = date(2026, 9, 1)
# A historic invoice must not be dated after its deposit (G1.07), whenever it is deposited.
_FIRST_HISTORIC_DAY = date(2025, 9, 1)
_NAMES = (
    "Papeterie Fictive des Halles",
    "Travaux Fictifs du Midi",
    "Énergie Fictive Régionale",
    "Restauration Fictive & Fils",
    "Atelier Fictif d’Imprimerie",
    "Informatique Fictive SAS",
    "Transports Fictifs Durand",
    "Jardins Fictifs du Val",
)
_TOWNS = (("35000", "RENNES"), ("44000", "NANTES"), ("69003", "LYON"), ("59000", "LILLE"))
_CADRES = ("S1", "B1", "M1")


class Style(Enum):
    """How an invoice is dressed: what its circuit and syntax make of the Chorus fields."""

    AFNOR = "afnor"
    HISTORIC_UBL = "historic-ubl"
    HISTORIC_CII = "historic-cii"


class Recipient(msgspec.Struct, frozen=True, kw_only=True):
    """Who an invoice is sent to, with what that recipient demands."""

    siret: str
    name: str
    code_service: str | None = None
    engagement: bool = False


class Specimen(msgspec.Struct, frozen=True, kw_only=True):
    """An invoice, and the bytes of its attachments by declared file name."""

    invoice: Invoice
    files: Mapping[str, bytes] = {}


def recipients_in(structures: str, services: str) -> tuple[Recipient, ...]:
    """Read who can be sent invoices in the two CSV texts of a directory.

    Inactive structures and services are left out, and the services reserved to invoices between
    public entities. A structure that demands a service is met once per service.
    """
    by_structure: dict[str, list[dict[str, str]]] = {}
    for row in _rows(services):
        if row["ServiceActif"] == "true" and row["Code"] != "FACTURES_PUBLIQUES":
            by_structure.setdefault(row["Identifiant"], []).append(row)
    return tuple(
        recipient
        for row in _rows(structures)
        if row["StructureActive"] == "true"
        for recipient in _recipients_of(row, by_structure.get(row["Identifiant"], []))
    )


def _rows(text: str) -> Iterator[dict[str, str]]:
    return csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";")


def _recipients_of(
    structure: Mapping[str, str], services: Iterable[Mapping[str, str]]
) -> Iterator[Recipient]:
    engagement = structure["GestionEngagement"] == "true"
    siret, name = structure["Identifiant"], structure["RaisonSociale"]
    either = structure["GestionServiceEngagement"] == "true"
    if structure["GestionService"] != "true":
        yield Recipient(siret=siret, name=name, engagement=engagement or either)
        return
    for service in services:
        yield Recipient(
            siret=siret,
            name=name,
            code_service=service["Code"],
            engagement=engagement or service["GestionEGMT"] == "true",
        )


def specimen(
    number: int,
    recipients: Sequence[Recipient],
    *,
    seed: int = 0,
    style: Style = Style.AFNOR,
    plain: bool = False,
) -> Specimen:
    """Make an invoice.

    Args:
        number: from 1; two numbers of one seed never share an invoice number.
        recipients: who may receive it; at least one.
        seed: another seed gives other invoices under other numbers.
        style: circuit and syntax it is dressed for.
        plain: one line, no option: the smallest invoice that is complete.
    """
    chance = random.Random(f"{seed}/{number}/{style.value}")  # noqa: S311 - repeatable, not secret
    return _Maker(number, seed, style, Draw(chance, plain=plain)).make(chance.choice(recipients))


class _Maker:
    """Makes one invoice, drawing from its own source of chance."""

    def __init__(self, number: int, seed: int, style: Style, draw: Draw) -> None:
        self.number = number
        self.seed = seed
        self.style = style
        self.draw = draw
        first = _FIRST_DAY if style is Style.AFNOR else _FIRST_HISTORIC_DAY
        self.day = first + timedelta(days=number % 90)

    def make(self, recipient: Recipient) -> Specimen:
        credit = self.draw.happens(8)
        amounts = draw_amounts(self.draw, self.day)
        documents, files = self.documents()
        invoice = Invoice(
            number=f"{'A' if credit else 'F'}{self.day.year}-{self.seed:02d}-{self.number:06d}",
            issue_date=self.day.isoformat(),
            type_code=CREDIT_NOTE if credit else "380",
            currency="EUR",
            due_date=None if credit else (self.day + timedelta(days=30)).isoformat(),
            buyer_reference=self.buyer_reference(recipient),
            contract=self.contract(),
            purchase_order=self.engagement(recipient),
            payment_terms="Paiement à trente jours par virement",
            notes=self.notes(),
            process=self.process(),
            preceding_invoices=self.preceding() if credit else (),
            seller=self.seller(),
            buyer=self.buyer(recipient),
            delivery=self.delivery(),
            payment=self.payment(),
            remittance_information=f"REF {self.number:06d}",
            allowances=amounts.allowances,
            charges=amounts.charges,
            totals=amounts.totals,
            vat_breakdown=amounts.vat_breakdown,
            supporting_documents=documents,
            lines=amounts.lines,
            chorus=self.chorus(recipient),
        )
        return Specimen(invoice=invoice, files=files)

    # -- header ----------------------------------------------------------------------------------

    def buyer_reference(self, recipient: Recipient) -> str | None:
        """Historic CII has the code service in BT-10 (facts chorus-pro 5.4)."""
        return recipient.code_service if self.style is Style.HISTORIC_CII else None

    def engagement(self, recipient: Recipient) -> str | None:
        drawn = f"4{self.draw.chance.randrange(10**9):09d}"
        return drawn if recipient.engagement or self.draw.happens(3) else None

    def contract(self) -> str | None:
        return f"2026-M{self.draw.chance.randrange(100):03d}" if self.draw.happens(4) else None

    def notes(self) -> tuple[Note, ...]:
        if self.style is not Style.AFNOR:
            return ()
        return (
            Note(subject_code="PMT", text="Indemnité forfaitaire de recouvrement : 40 €"),
            Note(subject_code="PMD", text="Pénalités de retard : taux BCE majoré de 8 points"),
            Note(subject_code="AAB", text="Pas d’escompte pour paiement anticipé"),
            Note(subject_code="ADN", text="B2G"),
        )

    def process(self) -> ProcessControl | None:
        if self.style is Style.HISTORIC_UBL:
            return None
        if self.style is Style.HISTORIC_CII:
            return ProcessControl(business_process="A1")
        cadre = self.draw.chance.choice(_CADRES)
        return ProcessControl(business_process=cadre, specification=SPECIFICATION)

    def preceding(self) -> tuple[PrecedingInvoice, ...]:
        day = self.day - timedelta(days=20)
        number = f"F{day.year}-{self.seed:02d}-X{self.number:05d}"
        return (PrecedingInvoice(number=number, issue_date=day.isoformat()),)

    def chorus(self, recipient: Recipient) -> ChorusFields | None:
        if self.style is not Style.HISTORIC_UBL:
            return None
        return ChorusFields(cadre="A1", code_service=recipient.code_service, vat_regime="TVA DEBIT")

    # -- parties ---------------------------------------------------------------------------------

    def identity(self, siret: str) -> tuple[tuple[Identifier, ...], Identifier | None]:
        """Return BT-29 or BT-46, and BT-30 or BT-47, where the style puts a SIRET."""
        if self.style is Style.HISTORIC_UBL:
            return (Identifier(value=siret, scheme_name="1"),), None
        if self.style is Style.HISTORIC_CII:
            return (), Identifier(value=siret, scheme="1")
        registered = Identifier(value=siret[:9], scheme="0002")
        return (Identifier(value=siret, scheme="0009"),), registered

    def seller(self) -> Seller:
        index = self.draw.chance.randrange(len(_NAMES))
        siren = _with_key(f"9999{index + 100:04d}")
        identifiers, registration = self.identity(_with_key(f"{siren}0001"))
        post_code, city = self.draw.chance.choice(_TOWNS)
        afnor = self.style is Style.AFNOR
        return Seller(
            name=_NAMES[index],
            trading_name=_NAMES[index].split()[0] if self.draw.happens(4) else None,
            identifiers=identifiers,
            legal_registration=registration,
            vat_identifier=_vat_number(siren),
            electronic_address=Identifier(value=siren, scheme=ADDRESS_SCHEME) if afnor else None,
            address=SellerAddress(
                line_1=f"{self.draw.chance.randint(1, 99)} rue des Exemples",
                city=city,
                post_code=post_code,
                country="FR",
            ),
            contact=SellerContact(
                name="Service facturation",
                telephone="0100000000",
                email=f"facturation{index}@fournisseur.example",
            )
            if self.draw.happens(2)
            else None,
        )

    def buyer(self, recipient: Recipient) -> Buyer:
        identifiers, registration = self.identity(recipient.siret)
        electronic = _address_of(recipient) if self.style is Style.AFNOR else None
        return Buyer(
            name=recipient.name,
            identifiers=identifiers,
            legal_registration=registration,
            electronic_address=electronic,
            address=BuyerAddress(
                line_1="1 place de la Mairie", city="MONTREPAPIER", post_code="99001", country="FR"
            ),
        )

    # -- delivery, payment, documents ------------------------------------------------------------

    def delivery(self) -> Delivery | None:
        if self.draw.happens(3):
            start = self.day.replace(day=1)
            return Delivery(
                period=InvoicingPeriod(start=start.isoformat(), end=self.day.isoformat())
            )
        return Delivery(date=self.day.isoformat())

    def payment(self) -> tuple[PaymentInstructions, ...]:
        account = _iban(f"9999000001{self.draw.chance.randrange(10**11):011d}")
        transfer = CreditTransfer(account=Identifier(value=account))
        return (PaymentInstructions(means_code="30", credit_transfers=(transfer,)),)

    def documents(self) -> tuple[tuple[SupportingDocument, ...], Mapping[str, bytes]]:
        if not self.draw.happens(12):
            return (), {}
        name = f"bon-livraison-{self.number:06d}.pdf"
        content = _delivery_note()
        encoded = base64.b64encode(content).decode()
        attachment, _ = take(encoded, filename=name, mime="application/pdf")
        document = SupportingDocument(
            reference=f"BL-{self.number:06d}",
            # BR-FR-17 knows codes only.
            description="BON_LIVRAISON" if self.style is Style.AFNOR else "Bon de livraison",
            attachment=attachment,
        )
        return (document,), {name: content}


@cache
def _delivery_note() -> bytes:
    return to_plain_pdf("Bon de livraison\nDocument fictif")


def _with_key(digits: str) -> str:
    """Add the Luhn key that ends a SIREN or a SIRET."""
    return digits + str(luhn.calc_check_digit(digits))


def _vat_number(siren: str) -> str:
    return f"FR{(12 + 3 * (int(siren) % 97)) % 97:02d}{siren}"


def _address_of(recipient: Recipient) -> Identifier:
    """Return BT-49, with the code service: beside a SIRET, BT-46 has no room for it (UBL-SR-16)."""
    parts = [recipient.siret[:9]]
    if recipient.code_service:
        parts += [recipient.siret, recipient.code_service]
    return Identifier(value="_".join(parts), scheme=ADDRESS_SCHEME)


def _iban(account: str) -> str:
    """Return the French IBAN of a bank, branch and account (21 digits), with both its keys."""
    bank, branch, rest = int(account[:5]), int(account[5:10]), int(account[10:])
    bban = f"{account}{97 - (89 * bank + 15 * branch + 3 * rest) % 97:02d}"
    # F, R and 00 in the alphabet of ISO 13616, where A is 10.
    return f"FR{98 - int(bban + '152700') % 97:02d}{bban}"
