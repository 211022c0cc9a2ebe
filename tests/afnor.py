"""Dresses made invoices for the AFNOR circuit: each cadre, each kind of identifier, public or not.

A cadre has consequences (paid in full, several sellers…) and so has an identifier (whoever is a
member of a single taxable person says so): they are dressed here. All names and numbers are made
up.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from msgspec.structs import replace

from chorus_edi.domain.groups import Identifier
from chorus_edi.domain.invoice import Invoice, Note, PrecedingInvoice, ProcessControl
from chorus_edi.domain.lines import LineVat
from chorus_edi.domain.money import CENT, EXACT, ZERO, round_half_up
from chorus_edi.domain.parties import (
    Buyer,
    Payee,
    Seller,
    SellerAgent,
    TaxRepresentative,
    TaxRepresentativeAddress,
)
from chorus_edi.domain.scenarios import RuleSet
from chorus_edi.domain.settlement import VatBreakdown
from chorus_edi.formats.writers import to_cii, to_ubl
from chorus_edi.rules.br_fr.codes import AFTER_DOWN_PAYMENT, ALREADY_PAID
from chorus_edi.services.specimens import SPECIFICATION, Recipient, specimen
from tests.conformance.grouped import Kind, grouped

TOWN = Recipient(siret="21800019800018", name="Commune de Valbourg", code_service="BATI-2")
CONTENT = b"%PDF-1.4\nfictif\n"
"""Of an attachment that is not among the files of a specimen."""

HOLDER = "99990333200019"
"""The contractor that a subcontractor's request names."""

GROUPING, OTHER_SELLER = "99990123100011", "999907779"
"""Who gathers lines (``tests/conformance/grouped.py``), and another seller of them."""

CADRES = (
    *("B1", "S1", "M1", "B2", "S2", "M2", "S3", "B4", "S4", "M4", "S5", "S6"),
    *("B7", "S7", "B8", "S8", "M8", "B9", "S9", "M9"),
)
SEVERAL, MUTUAL = ("B8", "S8", "M8"), ("B9", "S9", "M9")
WITH_AGENT = ("S3", "S5", "S6")
EXTENDED_CTC_FR = "urn:cen.eu:en16931:2017#conformant#urn.cpro.gouv.fr:1p0:extended-ctc-fr"
"""What an invoice claims that has what EN 16931 has not: an agent, or lines below others."""

PRIVATE = frozenset({"S5", *SEVERAL, *MUTUAL})
"""Cadres that Chorus Pro does not take (facts: reform-2026 3.6 and 5.6)."""

NORM = (RuleSet.EN16931, RuleSet.BR_FR)
SELLERS: Mapping[str, str | None] = {
    "0009": None,
    "0223": "DE123456789",
    "0226": "1234567890DURAND",
    "0227": "KRTELEPHONESFICTIF",
    "0228": "1234567890",
    "0229": "350041679",
    "0231": "999905997",
}
"""Scheme → what a seller is known by beside his SIRET.

He has a SIREN in any case, because BR-FR-10 asks it of everybody, and a SIRET, because
BR-FR-CPRO-09 asks it of whoever has a SIREN.
"""

BUYERS_WITH_SIREN = ("0002", "0009", "0224")
BUYERS = (*BUYERS_WITH_SIREN, "0223", "0227", "0228", "0229")
"""What a buyer is known by; a public one always by its SIRET."""

_FOREIGN: Mapping[str, tuple[str, Identifier]] = {
    "0223": ("DE123456789", Identifier(value="DE123456789", scheme="9930")),
    "0227": ("KRTELEPHONESFICTIF", Identifier(value="3760000000017", scheme="0088")),
    "0228": ("1234567890", Identifier(value="3760000000024", scheme="0088")),
    "0229": ("350041679", Identifier(value="3760000000031", scheme="0088")),
}
"""Scheme → a buyer without a SIREN: his identifier and where he is reached."""


class Dressed(NamedTuple):
    """An invoice, the bytes of its attachments, and the sets that it keeps."""

    invoice: Invoice
    files: Mapping[str, bytes]
    sets: tuple[RuleSet, ...]

    def written(self, syntax: str) -> bytes:
        """Return the file in a syntax (``ubl`` or ``cii``)."""
        documents = self.invoice.supporting_documents
        names = [str(one.attachment.filename) for one in documents if one.attachment]
        files = {**dict.fromkeys(names, CONTENT), **self.files}
        xml = {"ubl": to_ubl, "cii": to_cii}[syntax](self.invoice, files)
        process = self.invoice.process
        framework = (process.business_process if process else None) or ""
        if framework not in (*SEVERAL, *MUTUAL):
            return xml
        return grouped(xml, _kind(self.invoice, framework))


def dressed(
    number: int,
    cadre: str,
    *,
    seller: str = "0009",
    buyer: str = "0009",
    public: bool | None = None,
    plain: bool = False,
) -> Dressed:
    """Make an invoice of a cadre, between parties known by some schemes.

    Args:
        number: number of the specimen that is dressed.
        cadre: BT-23.
        seller: scheme of ``SELLERS``.
        buyer: scheme of ``BUYERS``; a public buyer is known by its SIRET alone.
        public: whether it goes to a public body; where Chorus Pro takes the cadre if not said.
        plain: an invoice of one line, at the standard rate, and no credit note.
    """
    to_public = cadre not in PRIVATE if public is None else public
    made = specimen(number, [TOWN], plain=plain)
    invoice = _plain(made.invoice) if plain else made.invoice
    invoice = _with_cadre(invoice, cadre)
    invoice = _sold_by(invoice, seller)
    invoice = _bought_by(invoice, buyer, public=to_public)
    sets: tuple[RuleSet, ...] = NORM
    if cadre in (*SEVERAL, *MUTUAL):
        # Grouped lines are of EXTENDED-CTC-FR: the sums of EN 16931 count every line.
        sets = (RuleSet.BR_FR,)
    return Dressed(invoice, made.files, (*sets, RuleSet.CHORUS_B2G) if to_public else sets)


def _plain(invoice: Invoice) -> Invoice:
    due = invoice.due_date or invoice.issue_date
    of_kind = replace(invoice, type_code="380", preceding_invoices=(), due_date=due)
    return taxed(of_kind, "S", "20")


def taxed(invoice: Invoice, category: str, rate: str, reason: str | None = None) -> Invoice:
    """Return an invoice of one line with that line taxed otherwise, its totals with it."""
    (line,), totals = invoice.lines, invoice.totals
    assert totals is not None
    net = line.net_amount or ZERO
    vat = round_half_up(EXACT.multiply(EXACT.multiply(net, Decimal(rate)), CENT))
    row = VatBreakdown(
        taxable_amount=net,
        tax_amount=vat,
        tax_scheme="VAT",
        category=category,
        rate=Decimal(rate),
        exemption_reason=reason,
    )
    of_line = LineVat(tax_scheme="VAT", category=category, rate=Decimal(rate))
    return replace(
        invoice,
        lines=(replace(line, vat=of_line),),
        vat_breakdown=(row,),
        totals=replace(totals, vat=vat, with_vat=net + vat, due=net + vat),
    )


def _with_cadre(invoice: Invoice, cadre: str) -> Invoice:
    extended = cadre in (*WITH_AGENT, *SEVERAL, *MUTUAL)
    specification = EXTENDED_CTC_FR if extended else SPECIFICATION
    process = ProcessControl(business_process=cadre, specification=specification)
    invoice = replace(invoice, process=process)
    if cadre in ALREADY_PAID:
        return _paid(invoice)
    if cadre in AFTER_DOWN_PAYMENT:
        return _after_down_payment(invoice)
    if cadre in WITH_AGENT:
        return replace(invoice, seller_agent=_agent())
    return _grouped_head(invoice, cadre)


def _paid(invoice: Invoice) -> Invoice:
    assert invoice.totals is not None
    totals = replace(invoice.totals, paid=invoice.totals.with_vat, due=Decimal("0.00"))
    return replace(invoice, totals=totals, due_date=invoice.due_date or invoice.issue_date)


def _after_down_payment(invoice: Invoice) -> Invoice:
    totals = invoice.totals
    assert totals is not None
    assert totals.with_vat is not None
    paid = Decimal("0.01")
    earlier = PrecedingInvoice(number="F2026-ACOMPTE", issue_date="2026-08-01")
    return replace(
        invoice,
        totals=replace(totals, paid=paid, due=totals.with_vat - paid),
        preceding_invoices=invoice.preceding_invoices or (earlier,),
    )


def _agent() -> SellerAgent:
    return SellerAgent(
        name="Titulaire Fictif",
        identifiers=(Identifier(value=HOLDER, scheme="0009"),),
        legal_registration=Identifier(value=HOLDER[:9], scheme="0002"),
    )


def _grouped_head(invoice: Invoice, cadre: str) -> Invoice:
    """Give an invoice the head that grouped lines ask for; they are put in when it is written.

    They name one seller, and say themselves why a line is exempt of VAT.
    """
    if cadre not in (*SEVERAL, *MUTUAL):
        return invoice
    type_code = "389" if cadre in MUTUAL else "380"
    assert invoice.seller is not None
    seller = replace(
        invoice.seller,
        identifiers=(Identifier(value=GROUPING, scheme="0009"),),
        legal_registration=Identifier(value=GROUPING[:9], scheme="0002"),
        electronic_address=Identifier(value=GROUPING[:9], scheme="0225"),
    )
    return replace(
        invoice,
        type_code=type_code,
        due_date=invoice.due_date or invoice.issue_date,
        preceding_invoices=(),
        seller=seller,
        vat_breakdown=tuple(replace(row, exemption_reason=None) for row in invoice.vat_breakdown),
    )


def _kind(invoice: Invoice, framework: str) -> Kind:
    other: str | None = OTHER_SELLER
    if framework in MUTUAL:
        assert invoice.buyer is not None
        assert invoice.buyer.legal_registration is not None
        other = invoice.buyer.legal_registration.value
    return Kind(framework, invoice.type_code or "", other or "")


def _sold_by(invoice: Invoice, scheme: str) -> Invoice:
    seller, value = invoice.seller, SELLERS[scheme]
    assert isinstance(seller, Seller)
    if value is None:
        return invoice
    identifiers = (*seller.identifiers, Identifier(value=value, scheme=scheme))
    invoice = replace(invoice, seller=replace(seller, identifiers=identifiers))
    return _member(invoice, value) if scheme == "0231" else invoice


def _member(invoice: Invoice, single: str) -> Invoice:
    """Make the seller a member of a single taxable person, who stands for him."""
    person = TaxRepresentative(
        name="Assujetti unique fictif",
        vat_identifier=f"FR00{single}",
        address=TaxRepresentativeAddress(city="PARIS", post_code="75001", country="FR"),
    )
    note = Note(subject_code="TXD", text="MEMBRE_ASSUJETTI_UNIQUE")
    return replace(invoice, notes=(*invoice.notes, note), tax_representative=person)


def _bought_by(invoice: Invoice, scheme: str, *, public: bool) -> Invoice:
    buyer = invoice.buyer
    assert isinstance(buyer, Buyer)
    siret = buyer.identifiers[0]
    treatment = "B2BINT" if scheme in _FOREIGN and not public else "B2B"
    if public:
        return invoice
    notes = tuple(note for note in invoice.notes if note.subject_code != "ADN")
    bar = Note(subject_code="BAR", text=treatment)
    return replace(invoice, notes=(*notes, bar), buyer=_private(buyer, scheme, siret))


def _private(buyer: Buyer, scheme: str, siret: Identifier) -> Buyer:
    if scheme in _FOREIGN:
        value, address = _FOREIGN[scheme]
        known = (Identifier(value=value, scheme=scheme),)
        return replace(
            buyer, identifiers=known, legal_registration=None, electronic_address=address
        )
    known_by: dict[str, tuple[Identifier, ...]] = {
        "0002": (),
        "0009": (siret,),
        "0224": (Identifier(value="BATI-2", scheme="0224"),),
    }
    return replace(buyer, identifiers=known_by[scheme])


def paid_to(invoice: Invoice, siret: str) -> Invoice:
    """Return an invoice that is paid to somebody else, known by his SIRET and his SIREN."""
    payee = Payee(
        name="Affactureur fictif",
        identifiers=(Identifier(value=siret, scheme="0009"),),
        legal_registration=Identifier(value=siret[:9], scheme="0002"),
    )
    return replace(invoice, payee=payee)
