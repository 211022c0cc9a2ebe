"""An invoice that gives every term of the model, for tests of readers and writers."""

from __future__ import annotations

import base64
from decimal import Decimal
from typing import Any

from msgspec.structs import replace

from chorus_edi.domain.groups import Identifier
from chorus_edi.domain.invoice import (
    ChorusFields,
    DeliverToAddress,
    Delivery,
    Invoice,
    InvoicingPeriod,
    Note,
    PrecedingInvoice,
    ProcessControl,
    SupportingDocument,
)
from chorus_edi.domain.lines import (
    InvoiceLine,
    Item,
    ItemAttribute,
    LineAllowance,
    LineCharge,
    LineDelivery,
    LinePeriod,
    LinePrecedingInvoice,
    LineVat,
    Price,
)
from chorus_edi.domain.parties import (
    Buyer,
    BuyerAddress,
    BuyerAgent,
    BuyerContact,
    Invoicee,
    Invoicer,
    Payee,
    Payer,
    Seller,
    SellerAddress,
    SellerAgent,
    SellerContact,
    TaxRepresentative,
    TaxRepresentativeAddress,
)
from chorus_edi.domain.settlement import (
    CreditTransfer,
    DirectDebit,
    DocumentAllowance,
    DocumentCharge,
    PaymentCard,
    PaymentInstructions,
    ServiceCharge,
    ThirdPartyAmount,
    Totals,
    VatBreakdown,
)
from chorus_edi.formats.attachments import take

D = Decimal
CONTENT = b"Article ; quantit\xc3\xa9\nRamette ; 3\n"
FILES = {"detail.csv": CONTENT}


def _id(value: str, scheme: str | None = None, version: str | None = None) -> Identifier:
    return Identifier(value=value, scheme=scheme, scheme_version=version)


def complete_invoice(type_code: str = "380") -> Invoice:
    """Return it; ``381`` gives a credit note. Its amounts are not meant to add up."""
    attachment, _ = take(base64.b64encode(CONTENT).decode(), filename="detail.csv", mime="text/csv")
    return Invoice(
        number="F-2026/001 & <suite>",
        issue_date="2026-09-01",
        type_code=type_code,
        currency="EUR",
        accounting_currency="USD",
        tax_point_date="2026-08-31",
        tax_point_code="72",
        due_date="2026-10-01",
        buyer_reference="REF-ACHETEUR",
        project="PROJET",
        contract="MARCHE-7",
        purchase_order="4500000001",
        sales_order="CDE-9",
        receiving_advice="RECEPTION",
        despatch_advice="EXPEDITION",
        tender_or_lot="LOT-2",
        invoiced_object=_id("COMPTEUR", "AAA"),
        buyer_accounting_reference="6061",
        payment_terms="Trente jours\nfin de mois",
        notes=(Note(subject_code="AAB", text="Pas d’escompte"), Note(text="Sans code")),
        process=ProcessControl(business_process="S1", specification="urn:cen.eu:en16931:2017"),
        preceding_invoices=(
            PrecedingInvoice(number="F-2026/000", issue_date="2026-08-01"),
            PrecedingInvoice(number="F-2025/999"),
        ),
        seller=_seller(),
        buyer=_buyer(),
        payee=Payee(
            name="Affactureur",
            identifiers=(_id("99990001200017", "0009"),),
            legal_registration=_id("999900012", "0002"),
        ),
        tax_representative=TaxRepresentative(
            name="Représentant",
            vat_identifier="FR00999900012",
            address=TaxRepresentativeAddress(
                line_1="1", line_2="2", line_3="3", city="V", post_code="P", subdivision="S",
                country="FR",
            ),
        ),
        delivery=Delivery(
            name="Entrepôt",
            location=_id("LIEU", "0088"),
            date="2026-08-30",
            period=InvoicingPeriod(start="2026-08-01", end="2026-08-31"),
            address=DeliverToAddress(
                line_1="4", line_2="5", line_3="6", city="W", post_code="Q", subdivision="T",
                country="BE",
            ),
        ),
        payment=(
            PaymentInstructions(
                means_code="59",
                means_text="Prélèvement",
                credit_transfers=(
                    CreditTransfer(
                        account=_id("FR7612345"), account_name="Compte", provider="BICFRPP"
                    ),
                ),
                card=PaymentCard(account="1234", holder="Porteur"),
                direct_debit=DirectDebit(debited_account="FR7654321"),
            ),
        ),
        remittance_information="REF 1",
        mandate="MANDAT",
        creditor_identifier="FR12ZZZ123456",
        allowances=(
            DocumentAllowance(
                amount=D("5.00"), base_amount=D("100.00"), percentage=D(5), tax_scheme="VAT",
                vat_category="S",
                vat_rate=D(20), reason="Remise", reason_code="95",
            ),
        ),
        charges=(
            DocumentCharge(
                amount=D("2.00"), base_amount=D("100.00"), percentage=D(2), tax_scheme="VAT",
                vat_category="S",
                vat_rate=D(20), reason="Port", reason_code="FC",
            ),
        ),
        totals=Totals(
            line_net=D("100.00"), allowances=D("5.00"), charges=D("2.00"), without_vat=D("97.00"),
            vat=D("19.40"), vat_in_accounting_currency=D("21.34"), with_vat=D("116.40"),
            paid=D("16.40"), rounding=D("0.01"), due=D("100.01"),
        ),
        vat_breakdown=(
            VatBreakdown(
                taxable_amount=D("97.00"), tax_amount=D("19.40"), tax_scheme="VAT",
                category="E", rate=D(0),
                exemption_reason="Exonération", exemption_code="VATEX-EU-132",
            ),
        ),
        supporting_documents=(
            SupportingDocument(
                reference="PJ-1", description="Détail", uri="https://example.com/detail",
                attachment=attachment,
            ),
        ),
        lines=(_line(),),
    )  # fmt: skip


def extended_invoice() -> Invoice:
    """Return it with every term that only the profile EXTENDED of Factur-X has; CII alone."""
    invoice = complete_invoice()
    (note, *notes), (allowance,), (charge,) = invoice.notes, invoice.allowances, invoice.charges
    (line,) = invoice.lines
    assert line.vat is not None
    assert line.item is not None
    (attribute,) = line.item.attributes
    measured = replace(attribute, value=None, code="LENGTH", measure=D("1.5"), measure_unit="MTR")
    return replace(
        invoice,
        notes=(replace(note, coded_text="ST3"), *notes),
        allowances=(replace(allowance, exemption_reason="Exo", exemption_code="VATEX-EU-O"),),
        charges=(replace(charge, exemption_reason="Exo", exemption_code="VATEX-EU-O"),),
        lines=(
            replace(
                line,
                kind="DETAIL",
                parent="1",
                vat=replace(line.vat, exemption_reason="Exo", exemption_code="VATEX-EU-O"),
                item=replace(line.item, attributes=(attribute, measured)),
            ),
        ),
        service_charges=(
            ServiceCharge(
                description="Port", amount=D("3.00"), tax_scheme="VAT", vat_category="S",
                vat_rate=D(20), exemption_reason="Exo", exemption_code="VATEX-EU-O",
            ),
        ),
        third_party_amounts=(ThirdPartyAmount(amount=D("4.00"), reason="Consigne"),),
    )  # fmt: skip


def french_invoice(type_code: str = "380") -> Invoice:
    """Return it with what the French extension adds in both syntaxes."""
    invoice = complete_invoice(type_code)
    (line,) = invoice.lines
    (earlier, *others) = invoice.preceding_invoices
    assert invoice.payee is not None
    reference = LinePrecedingInvoice(number="L-1", type_code="380", issue_date="2026-01-02")
    place = LineDelivery(location=_id("99990001200025", "0009"), date="2026-02-03")
    return replace(
        invoice,
        preceding_invoices=(replace(earlier, type_code="380"), *others),
        payee=replace(invoice.payee, electronic_address=_id("999900020", "0225")),
        lines=(replace(line, preceding_invoices=(reference,), delivery=place, order="EJ-L"),),
        buyer_agent=BuyerAgent(**_party("A")),
        seller_agent=SellerAgent(**_party("B")),
        invoicee=Invoicee(**_party("C", registered=False)),
        invoicer=Invoicer(**_party("D")),
    )


def french_invoice_of_ubl(type_code: str = "380") -> Invoice:
    """Return it with what the French extension writes otherwise in UBL."""
    invoice = french_invoice(type_code)
    (line,), (allowance,), (charge,) = invoice.lines, invoice.allowances, invoice.charges
    assert line.vat is not None
    reasons = {"exemption_reason": "Exo", "exemption_code": "VATEX-EU-O"}
    itself = LinePrecedingInvoice(number=invoice.number, kind="DETAIL", parent="1")
    references = (*line.preceding_invoices, itself)
    return replace(
        invoice,
        allowances=(replace(allowance, **reasons),),
        charges=(replace(charge, **reasons),),
        lines=(replace(line, vat=replace(line.vat, **reasons), preceding_invoices=references),),
    )


def french_invoice_of_cii() -> Invoice:
    """Return it with the payer, whom UBL writes in the payment mandates."""
    return replace(french_invoice(), payer=Payer(**_party("E")))


def _party(name: str, *, registered: bool = True) -> dict[str, Any]:
    return {
        "name": name,
        "identifiers": (_id(f"ID-{name}", "0224"), _id("99990001200033", "0009")),
        "legal_registration": _id("999900012", "0002") if registered else None,
        "electronic_address": _id(f"{name}-ADRESSE", "0225"),
    }


def _seller() -> Seller:
    return Seller(
        name="Vendeur",
        trading_name="Enseigne",
        identifiers=(_id("INTERNE"), _id("99990001200017", "0009")),
        legal_registration=_id("999900012", "0002"),
        vat_identifier="FR00999900012",
        tax_registration="FISCAL",
        legal_information="SAS au capital de 1 000 €",
        electronic_address=_id("999900012", "0225"),
        address=SellerAddress(
            line_1="7", line_2="8", line_3="9", city="X", post_code="R", subdivision="U",
            country="FR",
        ),
        contact=SellerContact(name="Alice", telephone="01", email="alice@vendeur.example"),
    )  # fmt: skip


def _buyer() -> Buyer:
    return Buyer(
        name="Acheteur",
        trading_name="Mairie",
        identifiers=(_id("21990001600011", "0009"), _id("BATI", "0224")),
        legal_registration=_id("219900016", "0002"),
        vat_identifier="FR00219900016",
        electronic_address=_id("219900016", "0225"),
        address=BuyerAddress(
            line_1="10", line_2="11", line_3="12", city="Y", post_code="S", subdivision="V",
            country="FR",
        ),
        contact=BuyerContact(name="Bob", telephone="02", email="bob@acheteur.example"),
    )  # fmt: skip


def _line() -> InvoiceLine:
    return InvoiceLine(
        identifier="1",
        note="Livré",
        invoiced_object=_id("POINT", "AAB"),
        quantity=D("3.5"),
        unit="HUR",
        net_amount=D("100.00"),
        order_line="10",
        accounting_reference="6062",
        period=LinePeriod(start="2026-08-01", end="2026-08-15"),
        allowances=(
            LineAllowance(
                amount=D(1), base_amount=D(10), percentage=D(10), reason="R", reason_code="95"
            ),
        ),
        charges=(
            LineCharge(
                amount=D(2), base_amount=D(20), percentage=D(10), reason="C", reason_code="FC"
            ),
        ),
        price=Price(
            net=D("28.5714"), discount=D("1.4286"), gross=D("30.0000"), base_quantity=D(1),
            base_unit="HUR",
        ),
        vat=LineVat(tax_scheme="VAT", category="S", rate=D("20.00")),
        item=Item(
            name="Conseil",
            description="Heures de conseil",
            seller_identifier="V-1",
            buyer_identifier="A-1",
            standard_identifier=_id("3700000000001", "0160"),
            classifications=(_id("80000000", "STI", "1"),),
            origin_country="FR",
            attributes=(ItemAttribute(name="Lieu", value="Sur site"),),
        ),
    )  # fmt: skip


def historic_fields() -> ChorusFields:
    """Return every Chorus field of the historic formats."""
    return ChorusFields(
        cadre="A9",
        code_service="BATI",
        contract_type="BC",
        valideur=_id("99990003800012", "1"),
        vat_regime="TVA DEBIT",
    )
