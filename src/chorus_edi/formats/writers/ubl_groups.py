"""Writes the groups of UBL that need nothing but their own values."""

from __future__ import annotations

from decimal import Decimal

from chorus_edi.domain.groups import Identifier
from chorus_edi.domain.invoice import Delivery, Note
from chorus_edi.domain.lines import InvoiceLine, Item, LineDelivery, LineVat
from chorus_edi.domain.parties import (
    Buyer,
    BuyerContact,
    Payee,
    Seller,
    SellerContact,
    TaxRepresentative,
)
from chorus_edi.domain.settlement import (
    DocumentAllowance,
    DocumentCharge,
    PaymentInstructions,
    VatBreakdown,
)
from chorus_edi.formats.writers.emit import Builder, Node
from chorus_edi.formats.writers.parts import AnyAddress, ExtensionParty

ROOT = "urn:oasis:names:specification:ubl:schema:xsd"
PREFIXES = {
    "cac": f"{ROOT}:CommonAggregateComponents-2",
    "cbc": f"{ROOT}:CommonBasicComponents-2",
    "ext": f"{ROOT}:CommonExtensionComponents-2",
}
CAC, CBC, EXT = (Builder(prefix) for prefix in PREFIXES)

EXTENSION = "urn:chorus-edi:ubl-extension"
"""Namespace of what we write into the extension; readers look for the local name."""


def extension(cadre: str | None) -> Node | None:
    """Write the historic cadre, where the schema lets any namespace but its own in."""
    if cadre is None:
        return None
    return EXT.group(
        "UBLExtensions",
        EXT.group(
            "UBLExtension",
            EXT.group("ExtensionContent", Node("CategoryCode", (("xmlns", EXTENSION),), cadre)),
        ),
    )


def note_of(note: Note) -> str | None:
    """EN 16931-3-2 writes the subject code in front, between number signs."""
    if note.subject_code is None:
        return note.text
    return f"#{note.subject_code}#{note.text or ''}"


def identifier(name: str, it: Identifier | None) -> Node | None:
    """Write an identifier with its scheme."""
    if it is None:
        return None
    return CBC.leaf(name, it.value, schemeID=it.scheme, schemeName=it.scheme_name)


def reference(name: str, number: str | None) -> Node | None:
    """Write a reference that is one number."""
    return CAC.group(name, CBC.leaf("ID", number))


def typed(name: str, code: str, it: Identifier | None) -> Node | None:
    """Write a document reference of a type (UNTDID 1001)."""
    if it is None or it.value is None:
        return None
    return CAC.group(
        name,
        CBC.leaf("ID", it.value, schemeID=it.scheme),
        CBC.leaf("DocumentTypeCode", code),
    )


def party_head(it: Seller | Buyer, creditor: Identifier | None = None) -> list[Node | None]:
    """Write what a party begins with: electronic address, identifiers, trading name."""
    found = it.identifiers if creditor is None else (*it.identifiers, creditor)
    return [
        identifier("EndpointID", it.electronic_address),
        *(CAC.group("PartyIdentification", identifier("ID", one)) for one in found),
        CAC.group("PartyName", CBC.leaf("Name", it.trading_name)),
    ]


def payee(it: Payee | None) -> Node | None:
    """Write BG-10."""
    if it is None:
        return None
    return CAC.group(
        "PayeeParty",
        identifier("EndpointID", it.electronic_address),
        [CAC.group("PartyIdentification", identifier("ID", one)) for one in it.identifiers],
        CAC.group("PartyName", CBC.leaf("Name", it.name)),
        CAC.group("PartyLegalEntity", identifier("CompanyID", it.legal_registration)),
    )


def extension_party(name: str, it: ExtensionParty | None, within: str = "") -> Node | None:
    """Write a party of the French extension, perhaps within another element."""
    if it is None:
        return None
    party = CAC.group(
        name,
        identifier("EndpointID", it.electronic_address),
        [CAC.group("PartyIdentification", identifier("ID", one)) for one in it.identifiers],
        CAC.group(
            "PartyLegalEntity",
            CBC.leaf("RegistrationName", it.name),
            identifier("CompanyID", it.legal_registration),
        ),
    )
    return CAC.group(within, party) if within else party


def line_references(it: InvoiceLine) -> list[Node | None]:
    """Write EXT-FR-FE-BG-06."""
    return [
        CAC.group(
            "BillingReference",
            CAC.group(
                "InvoiceDocumentReference",
                CBC.leaf("ID", one.number),
                CBC.leaf("IssueDate", one.issue_date),
                CBC.leaf("DocumentTypeCode", one.type_code),
                CBC.leaf("DocumentStatusCode", one.kind),
            ),
            CAC.group("BillingReferenceLine", CBC.leaf("ID", one.parent)),
        )
        for one in it.preceding_invoices
    ]


def line_delivery(it: LineDelivery | None) -> Node | None:
    """Write EXT-FR-FE-BG-10."""
    if it is None:
        return None
    return CAC.group(
        "Delivery",
        CBC.leaf("ActualDeliveryDate", it.date),
        CAC.group("DeliveryLocation", identifier("ID", it.location)),
    )


def representative(it: TaxRepresentative | None) -> Node | None:
    """Write BG-11."""
    if it is None:
        return None
    return CAC.group(
        "TaxRepresentativeParty",
        CAC.group("PartyName", CBC.leaf("Name", it.name)),
        address("PostalAddress", it.address),
        tax_scheme(it.vat_identifier, "VAT"),
    )


def delivery(it: Delivery | None) -> Node | None:
    """Write BG-13, save its period."""
    if it is None:
        return None
    return CAC.group(
        "Delivery",
        CBC.leaf("ActualDeliveryDate", it.date),
        CAC.group(
            "DeliveryLocation", identifier("ID", it.location), address("Address", it.address)
        ),
        CAC.group("DeliveryParty", CAC.group("PartyName", CBC.leaf("Name", it.name))),
    )


def address(name: str, it: AnyAddress | None) -> Node | None:
    """Write a postal address under the name the syntax gives it."""
    if it is None:
        return None
    return CAC.group(
        name,
        CBC.leaf("StreetName", it.line_1),
        CBC.leaf("AdditionalStreetName", it.line_2),
        CBC.leaf("CityName", it.city),
        CBC.leaf("PostalZone", it.post_code),
        CBC.leaf("CountrySubentity", it.subdivision),
        CAC.group("AddressLine", CBC.leaf("Line", it.line_3)),
        CAC.group("Country", CBC.leaf("IdentificationCode", it.country)),
    )


def tax_scheme(number: str | None, scheme: str, regime: str | None = None) -> Node | None:
    """Write a tax number, and the VAT regime beside it."""
    if number is None and regime is None:
        return None
    return CAC.group(
        "PartyTaxScheme",
        CBC.leaf("CompanyID", number),
        CAC.group("TaxScheme", CBC.leaf("ID", scheme), CBC.leaf("TaxTypeCode", regime)),
    )


def contact(it: SellerContact | BuyerContact | None) -> Node | None:
    """Write a contact."""
    if it is None:
        return None
    return CAC.group(
        "Contact",
        CBC.leaf("Name", it.name),
        CBC.leaf("Telephone", it.telephone),
        CBC.leaf("ElectronicMail", it.email),
    )


def card(it: PaymentInstructions) -> Node | None:
    """Write BG-18."""
    if it.card is None:
        return None
    return CAC.group(
        "CardAccount",
        CBC.leaf("PrimaryAccountNumberID", it.card.account),
        # The schema demands a network; EN 16931 has no term for it.
        CBC.leaf("NetworkID", "NA"),
        CBC.leaf("HolderName", it.card.holder),
    )


def category(
    name: str,
    category: str | None,
    rate: Decimal | None,
    of: LineVat | VatBreakdown | DocumentAllowance | DocumentCharge,
) -> Node | None:
    """Write a VAT category; the reasons of an exemption stand before its scheme."""
    if category is None and rate is None:
        return None
    return CAC.group(
        name,
        CBC.leaf("ID", category),
        CBC.leaf("Percent", rate),
        CBC.leaf("TaxExemptionReasonCode", of.exemption_code),
        CBC.leaf("TaxExemptionReason", of.exemption_reason),
        CAC.group("TaxScheme", CBC.leaf("ID", "VAT")),
    )


def item(line: InvoiceLine) -> Node | None:
    """Write BG-31 and BG-30."""
    it, vat = line.item or Item(), line.vat or LineVat()
    return CAC.group(
        "Item",
        CBC.leaf("Description", it.description),
        CBC.leaf("Name", it.name),
        CAC.group("BuyersItemIdentification", CBC.leaf("ID", it.buyer_identifier)),
        CAC.group("SellersItemIdentification", CBC.leaf("ID", it.seller_identifier)),
        CAC.group("StandardItemIdentification", identifier("ID", it.standard_identifier)),
        CAC.group("OriginCountry", CBC.leaf("IdentificationCode", it.origin_country)),
        [classification(one) for one in it.classifications],
        category("ClassifiedTaxCategory", vat.category, vat.rate, vat),
        [
            CAC.group(
                "AdditionalItemProperty",
                CBC.leaf("Name", one.name),
                CBC.leaf("NameCode", one.code),
                CBC.leaf("Value", one.value),
                CBC.leaf("ValueQuantity", one.measure, unitCode=one.measure_unit),
            )
            for one in it.attributes
        ],
    )


def classification(it: Identifier) -> Node | None:
    """Write BT-158."""
    return CAC.group(
        "CommodityClassification",
        CBC.leaf(
            "ItemClassificationCode", it.value, listID=it.scheme, listVersionID=it.scheme_version
        ),
    )
