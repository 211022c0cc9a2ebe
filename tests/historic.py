"""Makes invoices of the historic circuit: in the shape of the official samples, and each case.

The cases are those that AIFE published with FSO1116A and FSO1117A (April 2018) and that
``samples/aife`` lacks. They are good by definition. Names and numbers are invented here; what is
particular about each was read in the samples' own notice or file.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from chorus_edi.domain.groups import Identifier
from chorus_edi.domain.invoice import (
    ChorusFields,
    DeliverToAddress,
    Delivery,
    Invoice,
    InvoicingPeriod,
    PrecedingInvoice,
    ProcessControl,
    SupportingDocument,
)
from chorus_edi.domain.lines import InvoiceLine, Price
from chorus_edi.domain.parties import Buyer, Payee, Seller, SellerAddress, SellerContact
from chorus_edi.domain.settlement import CreditTransfer, PaymentInstructions, Totals, VatBreakdown
from chorus_edi.formats.attachments import take
from chorus_edi.formats.writers import to_cii, to_plain_pdf
from tests.builders import D, zip_of

SUPPLIER = Identifier(value="99990017800016", scheme="1")
SCHOOL = "19990003600013"
"""A recipient of config/annuaire that demands nothing; WATER demands an engagement."""

TOWN, WATER, STATE = "21990001600011", "21990001600029", "11000201100044"
UNKNOWN = "99990002000010"
IBAN = "FR7699990000010000000001789"
_FILE = "note.pdf"
_CONTENT = zip_of({_FILE: to_plain_pdf("Note")})
"""A file is zipped whatever its name says: the habit of the historic circuit."""


def siret(value: str) -> Identifier:
    """Return an identifier as historic CII writes a SIRET."""
    return Identifier(value=value, scheme="1")


def to(recipient: str, name: str | None = None) -> Buyer:
    """Return a recipient; the samples give him no name."""
    return Buyer(name=name, legal_registration=siret(recipient))


def supplier(identifier: Identifier, name: str = "Papeterie Fictive") -> Seller:
    """Return a supplier known by an identifier of any kind."""
    return Seller(name=name, legal_registration=identifier)


def cadre(code: str, valideur: str | None = None) -> dict[str, Any]:
    """Return the fields that say a cadre, and who validates."""
    given = ChorusFields(valideur=siret(valideur)) if valideur else None
    return {"process": ProcessControl(business_process=code), "chorus": given}


def paid_by(code: str) -> dict[str, Any]:
    """Return a payment by some means; the samples give an account with any of them."""
    transfer = CreditTransfer(account=Identifier(value=IBAN), account_name="Encaisseur fictif")
    return {"payment": (PaymentInstructions(means_code=code, credit_transfers=(transfer,)),)}


def totals(net: str, vat: str | None, gross: str, due: str | None = None, **more: Any) -> Totals:
    """Return totals of a header, the amount due as the total where nothing is said."""
    return Totals(
        line_net=D(net),
        without_vat=D(net),
        vat=None if vat is None else D(vat),
        with_vat=D(gross),
        due=D(due or gross),
        **more,
    )


def vat(base: str, amount: str, category: str, rate: str, **more: Any) -> VatBreakdown:
    """Return a row of the VAT breakdown; the samples do not say of which tax."""
    return VatBreakdown(
        taxable_amount=D(base), tax_amount=D(amount), category=category, rate=D(rate), **more
    )


def line(number: int, net: str, *, price: str, quantity: str = "1", with_vat: str) -> InvoiceLine:
    """Return a line whose gross price is without VAT and whose net price is with it."""
    return InvoiceLine(
        identifier=str(number),
        quantity=D(quantity),
        net_amount=D(net),
        price=Price(net=D(with_vat), gross=D(price)),
    )


def attached(name: str = _FILE) -> SupportingDocument:
    """Return an attachment; ``files`` gives its bytes to a writer."""
    encoded = base64.b64encode(_CONTENT).decode()
    attachment, _ = take(encoded, filename=name, mime="application/pdf")
    return SupportingDocument(reference=name, description="ZZZ", attachment=attachment)


def historic(number: str = "HIST-2018-0001", **changes: Any) -> Invoice:
    """Return an invoice of one line to a recipient that demands nothing, with fields replaced."""
    fields: dict[str, Any] = {
        "number": number,
        "issue_date": "2018-01-01",
        "type_code": "380",
        "tax_point_code": "72",
        "seller": supplier(SUPPLIER),
        "buyer": to(SCHOOL),
        "totals": totals("100.00", "20.00", "120.00"),
        "vat_breakdown": (vat("100.00", "20.00", "S", "20.00"),),
        "supporting_documents": (attached(),),
        "lines": (line(1, "100.00", price="100.00", with_vat="120.00"),),
        **cadre("A1"),
        **paid_by("48"),
    }
    return Invoice(**{**fields, **changes})


def written(invoice: Invoice) -> bytes:
    """Return the file of a historic invoice."""
    names = [one.attachment.filename for one in invoice.supporting_documents if one.attachment]
    return to_cii(invoice, {str(name): _CONTENT for name in names}, historic=True)


def _negative(**changes: Any) -> dict[str, Any]:
    return {
        "totals": totals("-100.00", "-20.00", "-120.00", **changes),
        "lines": (line(1, "-100.00", price="-100.00", with_vat="-120.00"),),
    }


def _exempt(category: str, **more: Any) -> dict[str, Any]:
    return {
        "totals": totals("100.00", "0.00", "100.00"),
        "vat_breakdown": (vat("100.00", "0.00", category, "0.00", **more),),
        "lines": (line(1, "100.00", price="100.00", with_vat="100.00"),),
    }


def _three_rates() -> dict[str, Any]:
    return {
        "totals": totals("300.00", "35.00", "335.00"),
        "vat_breakdown": (
            vat("100.00", "20.00", "S", "20.00"),
            # The sample does have a rate that France never had.
            vat("100.00", "15.00", "S", "15.00"),
            vat("100.00", "0.00", "E", "0.00"),
        ),
        "lines": tuple(line(n, "100.00", price="100.00", with_vat="120.00") for n in (1, 2, 3)),
    }


def _all_fields() -> dict[str, Any]:
    chorus = ChorusFields(valideur=siret(TOWN), contract_type="BC")
    return {
        "currency": "EUR",
        "due_date": "2018-09-06",
        "contract": "2018-M001",
        "purchase_order": "4500000001",
        "payment_terms": "À trente jours",
        "preceding_invoices": (PrecedingInvoice(number="FICT_FAC001"),),
        "process": ProcessControl(business_process="A1"),
        "chorus": chorus,
        "seller": Seller(
            name="Papeterie Fictive",
            trading_name="Papier",
            legal_registration=SUPPLIER,
            vat_identifier="Identifiant TVA",
            address=SellerAddress(line_1="1 rue", city="Ville", post_code="99001", country="FR"),
            contact=SellerContact(name="Comptabilité", telephone="0100000000"),
        ),
        "buyer": to(SCHOOL, "Lycée fictif"),
        "delivery": Delivery(
            name="Nom",
            location=Identifier(value="SiteLivraison"),
            period=InvoicingPeriod(start="2018-02-02", end="2018-02-02"),
            address=DeliverToAddress(line_1="1 rue", city="Ville", post_code="1", country="DK"),
        ),
        "vat_breakdown": (vat("100.00", "20.00", "S", "20.00", exemption_reason="Exonération"),),
        "totals": totals(
            "100.00", "20.00", "120.00", allowances=Decimal(0), charges=Decimal(0), paid=Decimal(0)
        ),
    }


_A13_SUPPLIER = supplier(
    Identifier(value="KRTELEPHONESFICTIF", scheme="ETR"), "Téléphones Fictifs de Corée"
)
_RIDET = supplier(Identifier(value="1234567890", scheme="RIDET"))

CASES: Mapping[str, dict[str, Any]] = {
    "P02 all fields": _all_fields(),
    "P03 a supplier of Tahiti": {"seller": supplier(Identifier(value="350041679", scheme="5"))},
    "P04 a supplier of another member state": {
        "seller": supplier(Identifier(value="DE123456789", scheme="2"))
    },
    "P05 exempt of VAT without a reason": _exempt("E"),
    "P13 cash": paid_by("10"),
    "P17 negative totals": {"totals": totals("-100.00", "-20.00", "-120.00")},
    "P18 carried over": paid_by("97"),
    "P20 three VAT rates, one of them 0": _three_rates(),
    "P23 a valideur that nothing asks for": cadre("A1", TOWN),
    "P31 charges, allowances and unit price below zero": _negative(
        allowances=Decimal(-10), charges=Decimal(-10)
    ),
    "P40 the State, engagement and service": {
        "buyer": to(STATE),
        "buyer_reference": "FICTIF0001",
        "purchase_order": "4500000001",
    },
    "P42 a contract": {"contract": "2018-M001", "chorus": ChorusFields(contract_type="BC")},
    "P46 an unknown SIRET and a service of the State": {
        "buyer": to(UNKNOWN),
        "buyer_reference": "FICTIF0002",
    },
    "P47 a factor": {"payee": Payee(name="Affacturage Fictif")},
    "P48 two delivery sites": {
        "delivery": Delivery(name="Site 1", location=Identifier(value="S1"))
    },
    "P53 a service of the State, engagement and contract": {
        "buyer": to(STATE),
        "buyer_reference": "FICTIF0002",
        "purchase_order": "4500000001",
        "contract": "BC12345",
        "chorus": ChorusFields(contract_type="BC"),
    },
    "P57 A13, a supplier from outside the union": {**cadre("A13", TOWN), "seller": _A13_SUPPLIER},
    "P58 A14, a supplier of New Caledonia": {**cadre("A14", TOWN), "seller": _RIDET},
    "P59 category E": _exempt("E", exemption_reason="Exonération"),
    "P60 category AE": _exempt("AE"),
    "P61 category K": _exempt("K"),
    "P74 A4": cadre("A4", TOWN),
    "P75 A7": cadre("A7", TOWN),
    "P76 A10": cadre("A10", TOWN),
    "P77 A22": cadre("A22", TOWN),
    "P83 A2, already paid": {
        **cadre("A2"),
        "totals": totals("100.00", "20.00", "120.00", "0.00", paid=Decimal(120)),
    },
    "P86 contract and engagement": {"contract": "2018-M001", "purchase_order": "4500000001"},
    "P87 A9": cadre("A9", TOWN),
    "P88 A12": cadre("A12", TOWN),
    "P95 a credit note, contract and engagement": {
        "type_code": "381",
        "contract": "2018-M001",
        "purchase_order": "4500000001",
    },
    "P96 a credit note to whom an engagement is owed": {
        "type_code": "381",
        "buyer": to(WATER),
        "purchase_order": "4500000001",
    },
    "P97 a credit note to one of several services, with a contract": {
        "type_code": "381",
        "buyer": to(TOWN),
        "buyer_reference": "INFO",
        "contract": "2018-M001",
    },
}
"""Case → what differs from ``historic()``."""


def second_site(xml: bytes) -> bytes:
    """Return a file whose line is delivered elsewhere than the invoice says (P48)."""
    here = b"</ram:SpecifiedLineTradeDelivery>"
    site = b"<ram:ShipToTradeParty><ram:ID>S2</ram:ID><ram:Name>Site 2</ram:Name>"
    return xml.replace(here, site + b"</ram:ShipToTradeParty>" + here)


REWRITTEN: Mapping[str, Callable[[bytes], bytes]] = {"P48 two delivery sites": second_site}
"""Cases that the model has no place for: what to make of the written file."""


def case_file(name: str, number: int) -> bytes:
    """Return the file of a case, under a number of its own."""
    content = written(historic(f"HIST-2018-{number:04d}", **CASES[name]))
    return REWRITTEN.get(name, bytes)(content)
