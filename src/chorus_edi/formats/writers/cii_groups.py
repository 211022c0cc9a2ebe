"""Writes the groups of CII that need nothing but their own values."""

from __future__ import annotations

from collections.abc import Iterator

from chorus_edi.domain.groups import Identifier
from chorus_edi.domain.invoice import Note
from chorus_edi.domain.lines import InvoiceLine, LineCharge, Price
from chorus_edi.domain.parties import (
    Buyer,
    BuyerContact,
    Payee,
    Seller,
    SellerContact,
    TaxRepresentative,
)
from chorus_edi.domain.settlement import (
    CreditTransfer,
    DirectDebit,
    DocumentCharge,
    PaymentCard,
    PaymentInstructions,
    ServiceCharge,
    ThirdPartyAmount,
)
from chorus_edi.formats.writers.emit import Builder, Node
from chorus_edi.formats.writers.parts import AnyAddress, AnyCharge, DocumentLevel, ExtensionParty

ROOT = "urn:un:unece:uncefact:data:standard"
NAMESPACES = {
    "rsm": f"{ROOT}:CrossIndustryInvoice:100",
    "ram": f"{ROOT}:ReusableAggregateBusinessInformationEntity:100",
    "qdt": f"{ROOT}:QualifiedDataType:100",
    "udt": f"{ROOT}:UnqualifiedDataType:100",
}
RSM, RAM, QDT, UDT = (Builder(prefix) for prefix in NAMESPACES)

DAY = "102"
"""UNTDID 2379: a date written AAAAMMJJ."""


def compact(day: str | None) -> str | None:
    """Write a day as AAAAMMJJ."""
    return None if day is None else day.replace("-", "")


def scheme(it: Identifier | None, name: str = "ID") -> Node | None:
    """Write an identifier with its scheme."""
    return None if it is None else RAM.leaf(name, it.value, schemeID=it.scheme)


def identifiers(found: tuple[Identifier, ...]) -> list[Node | None]:
    """Those without a scheme first: the schema wants every ``ID`` before every ``GlobalID``."""
    plain = [scheme(one) for one in found if one.scheme is None]
    return plain + [scheme(one, "GlobalID") for one in found if one.scheme is not None]


def reference(name: str, number: str | None) -> Node | None:
    """Write a reference that is one number."""
    return RAM.group(name, RAM.leaf("IssuerAssignedID", number))


def typed(code: str, it: Identifier | None) -> Node | None:
    """Write an additional reference of a type (UNTDID 1001)."""
    if it is None or it.value is None:
        return None
    return RAM.group(
        "AdditionalReferencedDocument",
        RAM.leaf("IssuerAssignedID", it.value),
        RAM.leaf("TypeCode", code),
        RAM.leaf("ReferenceTypeCode", it.scheme),
    )


def project(project: str | None) -> Node | None:
    """Write BT-11; the schema demands a name that EN 16931 has no term for."""
    if project is None:
        return None
    return RAM.group(
        "SpecifiedProcuringProject",
        RAM.leaf("ID", project),
        RAM.leaf("Name", "Project reference"),
    )


def account(reference: str | None) -> Node | None:
    """Write an accounting reference."""
    return RAM.group("ReceivableSpecifiedTradeAccountingAccount", RAM.leaf("ID", reference))


def note_of(note: Note) -> Node | None:
    """Write BG-1."""
    return RAM.group(
        "IncludedNote",
        RAM.leaf("ContentCode", note.coded_text),
        RAM.leaf("Content", note.text),
        RAM.leaf("SubjectCode", note.subject_code),
    )


def seller(it: Seller | None) -> Node | None:
    """Write BG-4."""
    if it is None:
        return None
    return RAM.group(
        "SellerTradeParty",
        identifiers(it.identifiers),
        RAM.leaf("Name", it.name),
        RAM.leaf("Description", it.legal_information),
        organisation(it.legal_registration, it.trading_name),
        contact(it.contact),
        address(it.address),
        electronic(it.electronic_address),
        registration(it.vat_identifier, "VA"),
        registration(it.tax_registration, "FC"),
    )


def buyer(it: Buyer | None) -> Node | None:
    """Write BG-7."""
    if it is None:
        return None
    return RAM.group(
        "BuyerTradeParty",
        identifiers(it.identifiers),
        RAM.leaf("Name", it.name),
        organisation(it.legal_registration, it.trading_name),
        contact(it.contact),
        address(it.address),
        electronic(it.electronic_address),
        registration(it.vat_identifier, "VA"),
    )


def payee(it: Payee | None) -> Node | None:
    """Write BG-10."""
    if it is None:
        return None
    return RAM.group(
        "PayeeTradeParty",
        identifiers(it.identifiers),
        RAM.leaf("Name", it.name),
        organisation(it.legal_registration, None),
        electronic(it.electronic_address),
    )


def extension_party(name: str, it: ExtensionParty | None) -> Node | None:
    """Write a party of the French extension."""
    if it is None:
        return None
    return RAM.group(
        name,
        identifiers(it.identifiers),
        RAM.leaf("Name", it.name),
        organisation(it.legal_registration, None),
        electronic(it.electronic_address),
    )


def representative(it: TaxRepresentative | None) -> Node | None:
    """Write BG-11."""
    if it is None:
        return None
    return RAM.group(
        "SellerTaxRepresentativeTradeParty",
        RAM.leaf("Name", it.name),
        address(it.address),
        registration(it.vat_identifier, "VA"),
    )


def organisation(legal: Identifier | None, trading_name: str | None) -> Node | None:
    """Write a legal registration and a trading name."""
    return RAM.group(
        "SpecifiedLegalOrganization",
        scheme(legal),
        RAM.leaf("TradingBusinessName", trading_name),
    )


def contact(it: SellerContact | BuyerContact | None) -> Node | None:
    """Write a contact."""
    if it is None:
        return None
    return RAM.group(
        "DefinedTradeContact",
        RAM.leaf("PersonName", it.name),
        RAM.group("TelephoneUniversalCommunication", RAM.leaf("CompleteNumber", it.telephone)),
        RAM.group("EmailURIUniversalCommunication", RAM.leaf("URIID", it.email)),
    )


def address(it: AnyAddress | None) -> Node | None:
    """Write a postal address."""
    if it is None:
        return None
    return RAM.group(
        "PostalTradeAddress",
        RAM.leaf("PostcodeCode", it.post_code),
        RAM.leaf("LineOne", it.line_1),
        RAM.leaf("LineTwo", it.line_2),
        RAM.leaf("LineThree", it.line_3),
        RAM.leaf("CityName", it.city),
        RAM.leaf("CountryID", it.country),
        RAM.leaf("CountrySubDivisionName", it.subdivision),
    )


def electronic(it: Identifier | None) -> Node | None:
    """Write an electronic address."""
    return RAM.group("URIUniversalCommunication", scheme(it, "URIID"))


def registration(number: str | None, scheme: str) -> Node | None:
    """Write a tax registration."""
    return RAM.group("SpecifiedTaxRegistration", RAM.leaf("ID", number, schemeID=scheme))


def means(it: PaymentInstructions) -> Iterator[Node | None]:
    """One element per credit transfer: CII holds one account in each."""
    card, debit = it.card or PaymentCard(), it.direct_debit or DirectDebit()
    for transfer in it.credit_transfers or (CreditTransfer(),):
        yield RAM.group(
            "SpecifiedTradeSettlementPaymentMeans",
            RAM.leaf("TypeCode", it.means_code),
            RAM.leaf("Information", it.means_text),
            RAM.group(
                "ApplicableTradeSettlementFinancialCard",
                RAM.leaf("ID", card.account),
                RAM.leaf("CardholderName", card.holder),
            ),
            RAM.group(
                "PayerPartyDebtorFinancialAccount",
                RAM.leaf("IBANID", debit.debited_account),
            ),
            RAM.group(
                "PayeePartyCreditorFinancialAccount",
                scheme(transfer.account, "IBANID"),
                RAM.leaf("AccountName", transfer.account_name),
            ),
            RAM.group(
                "PayeeSpecifiedCreditorFinancialInstitution",
                RAM.leaf("BICID", transfer.provider),
            ),
        )


def charge(it: AnyCharge) -> Node | None:
    """Write an allowance or charge of the document or of a line."""
    is_charge = isinstance(it, DocumentCharge | LineCharge)
    return RAM.group(
        "SpecifiedTradeAllowanceCharge",
        RAM.group("ChargeIndicator", UDT.leaf("Indicator", "true" if is_charge else "false")),
        RAM.leaf("CalculationPercent", it.percentage),
        RAM.leaf("BasisAmount", it.base_amount),
        RAM.leaf("ActualAmount", it.amount),
        RAM.leaf("ReasonCode", it.reason_code),
        RAM.leaf("Reason", it.reason),
        category(it) if isinstance(it, DocumentLevel) else None,
    )


def category(it: DocumentLevel) -> Node | None:
    """Write the VAT category of an allowance or charge."""
    return RAM.group(
        "CategoryTradeTax",
        RAM.leaf("TypeCode", "VAT"),
        RAM.leaf("ExemptionReason", it.exemption_reason),
        RAM.leaf("CategoryCode", it.vat_category),
        RAM.leaf("ExemptionReasonCode", it.exemption_code),
        RAM.leaf("RateApplicablePercent", it.vat_rate),
    )


def service(it: ServiceCharge) -> Node | None:
    """Write BG-X-42."""
    return RAM.group(
        "SpecifiedLogisticsServiceCharge",
        RAM.leaf("Description", it.description),
        RAM.leaf("AppliedAmount", it.amount),
        RAM.group(
            "AppliedTradeTax",
            RAM.leaf("TypeCode", it.tax_scheme),
            RAM.leaf("ExemptionReason", it.exemption_reason),
            RAM.leaf("CategoryCode", it.vat_category),
            RAM.leaf("ExemptionReasonCode", it.exemption_code),
            RAM.leaf("RateApplicablePercent", it.vat_rate),
        ),
    )


def third_party(it: ThirdPartyAmount) -> Node | None:
    """Write BG-34."""
    return RAM.group(
        "SpecifiedFinancialAdjustment",
        RAM.leaf("Reason", it.reason),
        RAM.leaf("ActualAmount", it.amount),
    )


def product(line: InvoiceLine) -> Node | None:
    """Write BG-31."""
    it = line.item
    if it is None:
        return None
    return RAM.group(
        "SpecifiedTradeProduct",
        scheme(it.standard_identifier, "GlobalID"),
        RAM.leaf("SellerAssignedID", it.seller_identifier),
        RAM.leaf("BuyerAssignedID", it.buyer_identifier),
        RAM.leaf("Name", it.name),
        RAM.leaf("Description", it.description),
        [
            RAM.group(
                "ApplicableProductCharacteristic",
                RAM.leaf("TypeCode", one.code),
                RAM.leaf("Description", one.name),
                RAM.leaf("ValueMeasure", one.measure, unitCode=one.measure_unit),
                RAM.leaf("Value", one.value),
            )
            for one in it.attributes
        ],
        [
            RAM.group(
                "DesignatedProductClassification",
                RAM.leaf(
                    "ClassCode", one.value, listID=one.scheme, listVersionID=one.scheme_version
                ),
            )
            for one in it.classifications
        ],
        RAM.group("OriginTradeCountry", RAM.leaf("ID", it.origin_country)),
    )


def line_agreement(line: InvoiceLine) -> Node | None:
    """Write EXT-FR-FE-135, BT-132 and BG-29."""
    price = line.price or Price()
    base = RAM.leaf("BasisQuantity", price.base_quantity, unitCode=price.base_unit)
    return RAM.group(
        "SpecifiedLineTradeAgreement",
        RAM.group(
            "BuyerOrderReferencedDocument",
            RAM.leaf("IssuerAssignedID", line.order),
            RAM.leaf("LineID", line.order_line),
        ),
        gross(price),
        RAM.group("NetPriceProductTradePrice", RAM.leaf("ChargeAmount", price.net), base),
    )


def gross(price: Price) -> Node | None:
    """Write BT-147 and BT-148."""
    discount = price.discount
    return RAM.group(
        "GrossPriceProductTradePrice",
        RAM.leaf("ChargeAmount", price.gross),
        None
        if discount is None
        else RAM.group(
            "AppliedTradeAllowanceCharge",
            RAM.group("ChargeIndicator", UDT.leaf("Indicator", "false")),
            RAM.leaf("ActualAmount", discount),
        ),
    )
