"""Parties, payments and the rarer terms of the base documents. All of it is made up."""

from __future__ import annotations

from typing import Any

from chorus_edi.domain.groups import Attachment, Identifier
from chorus_edi.domain.invoice import (
    DeliverToAddress,
    Delivery,
    InvoicingPeriod,
    Note,
    PrecedingInvoice,
    SupportingDocument,
)
from chorus_edi.domain.parties import (
    Buyer,
    BuyerAddress,
    BuyerContact,
    Payee,
    Seller,
    SellerAddress,
    SellerContact,
    TaxRepresentative,
    TaxRepresentativeAddress,
)
from chorus_edi.domain.settlement import (
    CreditTransfer,
    DirectDebit,
    PaymentCard,
    PaymentInstructions,
)


def seller(country: str = "FR", *, vat: bool = True, rich: bool = False) -> Seller:
    return Seller(
        name="Atelier Fictif SARL",
        trading_name="Atelier" if rich else None,
        identifiers=(Identifier(value="99990123100015", scheme="0009"),) if rich else (),
        legal_registration=Identifier(value="999901231", scheme="0002"),
        vat_identifier=f"{country}12999901231" if vat else None,
        tax_registration="REG-77" if rich else None,
        legal_information="SARL au capital de 1 000 €" if rich else None,
        electronic_address=Identifier(value="999901231", scheme="0225"),
        address=SellerAddress(
            line_1="1 rue des Exemples",
            line_2="Bâtiment B",
            line_3="Escalier 3",
            city="RENNES",
            post_code="35000",
            subdivision="Bretagne",
            country=country,
        )
        if rich
        else SellerAddress(city="RENNES", country=country),
        contact=SellerContact(name="Facturation", telephone="0100000000", email="f@exemple.example")
        if rich
        else None,
    )


def buyer(country: str = "FR", *, vat: bool = True, rich: bool = False) -> Buyer:
    return Buyer(
        name="Commune de Valbourg",
        trading_name="Mairie" if rich else None,
        identifiers=(Identifier(value="21800019800018", scheme="0009"),) if rich else (),
        legal_registration=Identifier(value="218000198", scheme="0002"),
        vat_identifier=f"{country}40218000198" if vat else None,
        electronic_address=Identifier(value="218000198", scheme="0225"),
        address=BuyerAddress(
            line_1="1 place de la Mairie",
            line_2="Service des marchés",
            line_3="Étage 2",
            city="VALBOURG",
            post_code="80000",
            subdivision="Somme",
            country=country,
        )
        if rich
        else BuyerAddress(city="VALBOURG", country=country),
        contact=BuyerContact(name="Achats", telephone="0200000000", email="a@valbourg.example")
        if rich
        else None,
    )


TRANSFER = PaymentInstructions(
    means_code="30",
    means_text="Virement",
    credit_transfers=(
        CreditTransfer(
            account=Identifier(value="FR7630006000011234567890189"),
            account_name="Atelier Fictif",
            provider="AGRIFRPP",
        ),
    ),
)
DEBIT = PaymentInstructions(
    means_code="59", direct_debit=DirectDebit(debited_account="FR7630006000011234567890189")
)
CARD = PaymentInstructions(
    means_code="48", card=PaymentCard(account="1234567890", holder="Mme Exemple")
)


def full_terms() -> dict[str, Any]:
    """Every term that an ordinary invoice need not have."""
    return {
        "project": "PROJET-9",
        "contract": "2026-M042",
        "purchase_order": "4000000001",
        "sales_order": "V-77",
        "receiving_advice": "R-12",
        "despatch_advice": "E-12",
        "tender_or_lot": "LOT-3",
        "invoiced_object": Identifier(value="ABONNEMENT-5", scheme="AVE"),
        "buyer_accounting_reference": "60612",
        "notes": (Note(subject_code="AAI", text="Document de test"),),
        "preceding_invoices": (PrecedingInvoice(number="F2026-0000", issue_date="2026-08-01"),),
        "seller": seller(rich=True),
        "buyer": buyer(rich=True),
        "payee": Payee(
            name="Affacturage Fictif",
            identifiers=(Identifier(value="99990777900012", scheme="0009"),),
            legal_registration=Identifier(value="999907779", scheme="0002"),
        ),
        "tax_representative": TaxRepresentative(
            name="Représentant Fictif",
            vat_identifier="FR77999907779",
            address=TaxRepresentativeAddress(
                line_1="2 rue des Exemples",
                line_2="Porte 1",
                line_3="Cour",
                city="LYON",
                post_code="69003",
                subdivision="Rhône",
                country="FR",
            ),
        ),
        "delivery": delivery("FR"),
        "supporting_documents": (
            SupportingDocument(
                reference="BON-1",
                description="BON_LIVRAISON",
                attachment=Attachment(mime="application/pdf", filename="bon.pdf"),
            ),
            SupportingDocument(
                reference="RELEVE-1",
                uri="https://valbourg.example/releve",
                attachment=Attachment(mime="text/csv", filename="releve.csv"),
            ),
        ),
    }


def delivery(country: str) -> Delivery:
    return Delivery(
        name="Entrepôt de Valbourg",
        location=Identifier(value="21800019800026", scheme="0009"),
        date="2026-09-28",
        period=InvoicingPeriod(start="2026-09-01", end="2026-09-30"),
        address=DeliverToAddress(
            line_1="3 rue du Dépôt",
            line_2="Quai 2",
            line_3="Zone nord",
            city="VALBOURG",
            post_code="80000",
            subdivision="Somme",
            country=country,
        ),
    )
