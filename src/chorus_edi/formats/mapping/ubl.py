"""Where each term stands in UBL 2.1 (EN 16931-3-2, and the historic Chorus places: facts 5.4)."""

from __future__ import annotations

from chorus_edi.domain.terms import FRENCH, TERMS, beyond_en16931
from chorus_edi.formats.mapping.table import Row

_CAC = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
_CBC = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
_EXT = "urn:oasis:names:specification:ubl:schema:xsd:CommonExtensionComponents-2"

PREFIXES = {"cac": _CAC, "cbc": _CBC, "ext": _EXT}

_VAT = "cac:PartyTaxScheme[cac:TaxScheme/cbc:ID='VAT']/cbc:CompanyID"
_OTHER_TAX = "cac:PartyTaxScheme[else]/cbc:CompanyID"
_TAX_SCHEME = "cac:TaxScheme/cbc:ID"


def _address(line_1: str, line_2: str, line_3: str, rest: int) -> tuple[Row, ...]:
    """Rows of a postal address; city to country are four consecutive terms from ``rest``."""
    return (
        Row(line_1, "cbc:StreetName"),
        Row(line_2, "cbc:AdditionalStreetName"),
        Row(line_3, "cac:AddressLine/cbc:Line"),
        Row(f"BT-{rest}", "cbc:CityName"),
        Row(f"BT-{rest + 1}", "cbc:PostalZone"),
        Row(f"BT-{rest + 2}", "cbc:CountrySubentity"),
        Row(f"BT-{rest + 3}", "cac:Country/cbc:IdentificationCode"),
    )


def _allowance(group: str, first: int, path: str, reason: int) -> tuple[Row, ...]:
    """Rows of a document level allowance or charge: seven consecutive terms, and its exemption."""
    return (
        Row(group, path),
        Row(f"BT-{first}", "cbc:Amount"),
        Row(f"BT-{first + 1}", "cbc:BaseAmount"),
        Row(f"BT-{first + 2}", "cbc:MultiplierFactorNumeric"),
        Row(f"BT-{first + 3}-0", f"cac:TaxCategory/{_TAX_SCHEME}"),
        Row(f"BT-{first + 3}", "cac:TaxCategory/cbc:ID"),
        Row(f"BT-{first + 4}", "cac:TaxCategory/cbc:Percent"),
        Row(f"BT-{first + 5}", "cbc:AllowanceChargeReason"),
        Row(f"BT-{first + 6}", "cbc:AllowanceChargeReasonCode"),
        Row(f"BT-{reason}", "cac:TaxCategory/cbc:TaxExemptionReason"),
        Row(f"BT-{reason + 1}", "cac:TaxCategory/cbc:TaxExemptionReasonCode"),
    )


def _line_allowance(group: str, first: int, path: str) -> tuple[Row, ...]:
    """Rows of a line level allowance or charge: five consecutive terms."""
    return (
        Row(group, path),
        Row(f"BT-{first}", "cbc:Amount"),
        Row(f"BT-{first + 1}", "cbc:BaseAmount"),
        Row(f"BT-{first + 2}", "cbc:MultiplierFactorNumeric"),
        Row(f"BT-{first + 3}", "cbc:AllowanceChargeReason"),
        Row(f"BT-{first + 4}", "cbc:AllowanceChargeReasonCode"),
    )


_ALLOWANCE = "cac:AllowanceCharge[cbc:ChargeIndicator='false|0']"
_CHARGE = "cac:AllowanceCharge[cbc:ChargeIndicator='true|1']"

_HEADER = (
    Row("BT-1", "cbc:ID"),
    Row("BT-2", "cbc:IssueDate"),
    Row("BT-5", "cbc:DocumentCurrencyCode"),
    Row("BT-6", "cbc:TaxCurrencyCode"),
    Row("BT-7", "cbc:TaxPointDate"),
    Row("BT-8", "cac:InvoicePeriod/cbc:DescriptionCode"),
    Row("BT-10", "cbc:BuyerReference"),
    Row("BT-12", "cac:ContractDocumentReference/cbc:ID"),
    Row("BT-13", "cac:OrderReference/cbc:ID"),
    Row("BT-14", "cac:OrderReference/cbc:SalesOrderID"),
    Row("BT-15", "cac:ReceiptDocumentReference/cbc:ID"),
    Row("BT-16", "cac:DespatchDocumentReference/cbc:ID"),
    Row("BT-17", "cac:OriginatorDocumentReference/cbc:ID"),
    Row("BT-18", "cac:AdditionalDocumentReference[cbc:DocumentTypeCode='130']/cbc:ID"),
    Row("BT-19", "cbc:AccountingCost"),
    Row("BT-20", "cac:PaymentTerms/cbc:Note"),
    # A note's subject code is written in its text: "#AAB#text".
    Row("BG-1", "cbc:Note"),
    Row("BT-21", "."),
    Row("BT-22", "."),
    Row("BG-2", "."),
    Row("BT-23", "cbc:ProfileID"),
    Row("BT-24", "cbc:CustomizationID"),
    Row("BG-3", "cac:BillingReference"),
    Row("BT-25", "cac:InvoiceDocumentReference/cbc:ID"),
    Row("BT-26", "cac:InvoiceDocumentReference/cbc:IssueDate"),
)

_PARTIES = (
    Row("BG-4", "cac:AccountingSupplierParty/cac:Party"),
    Row("BT-27", "cac:PartyLegalEntity/cbc:RegistrationName"),
    Row("BT-28", "cac:PartyName/cbc:Name"),
    Row("BT-29", "cac:PartyIdentification/cbc:ID[else]"),
    Row("BT-30", "cac:PartyLegalEntity/cbc:CompanyID"),
    Row("BT-31", _VAT),
    Row("BT-32", _OTHER_TAX),
    Row("BT-33", "cac:PartyLegalEntity/cbc:CompanyLegalForm"),
    Row("BT-34", "cbc:EndpointID"),
    Row("BG-5", "cac:PostalAddress"),
    *_address("BT-35", "BT-36", "BT-162", 37),
    Row("BG-6", "cac:Contact"),
    Row("BT-41", "cbc:Name"),
    Row("BT-42", "cbc:Telephone"),
    Row("BT-43", "cbc:ElectronicMail"),
    Row("BG-7", "cac:AccountingCustomerParty/cac:Party"),
    Row("BT-44", "cac:PartyLegalEntity/cbc:RegistrationName"),
    Row("BT-45", "cac:PartyName/cbc:Name"),
    Row("BT-46", "cac:PartyIdentification/cbc:ID"),
    Row("BT-47", "cac:PartyLegalEntity/cbc:CompanyID"),
    Row("BT-48", _VAT),
    Row("BT-49", "cbc:EndpointID"),
    Row("BG-8", "cac:PostalAddress"),
    *_address("BT-50", "BT-51", "BT-163", 52),
    Row("BG-9", "cac:Contact"),
    Row("BT-56", "cbc:Name"),
    Row("BT-57", "cbc:Telephone"),
    Row("BT-58", "cbc:ElectronicMail"),
    Row("BG-10", "cac:PayeeParty"),
    Row("BT-59", "cac:PartyName/cbc:Name"),
    Row("BT-60", "cac:PartyIdentification/cbc:ID[else]"),
    Row("BT-61", "cac:PartyLegalEntity/cbc:CompanyID"),
    Row("BG-11", "cac:TaxRepresentativeParty"),
    Row("BT-62", "cac:PartyName/cbc:Name"),
    Row("BT-63", _VAT),
    Row("BG-12", "cac:PostalAddress"),
    *_address("BT-64", "BT-65", "BT-164", 66),
    Row("BG-13", "cac:Delivery"),
    Row("BT-70", "cac:DeliveryParty/cac:PartyName/cbc:Name"),
    Row("BT-71", "cac:DeliveryLocation/cbc:ID"),
    Row("BT-72", "cbc:ActualDeliveryDate"),
    # A period that only carries BT-8 is no BG-14.
    Row("BG-14", "../cac:InvoicePeriod", unless="cbc:DescriptionCode", several=True),
    Row("BT-73", "cbc:StartDate"),
    Row("BT-74", "cbc:EndDate"),
    Row("BG-15", "cac:DeliveryLocation/cac:Address"),
    *_address("BT-75", "BT-76", "BT-165", 77),
)


def _extension_party(group: str, first: int, path: str) -> tuple[Row, ...]:
    """Rows of a party of the French extension; its terms are numbered alike."""
    return (
        Row(f"EXT-FR-FE-{group}", path),
        Row(f"EXT-FR-FE-{first:02d}", "cac:PartyLegalEntity/cbc:RegistrationName"),
        Row(f"EXT-FR-FE-{first + 3:02d}", "cac:PartyIdentification/cbc:ID"),
        Row(f"EXT-FR-FE-{first + 5:02d}", "cac:PartyLegalEntity/cbc:CompanyID"),
        Row(f"EXT-FR-FE-{first + 9:02d}", "cbc:EndpointID"),
    )


_SUPPLIER = "cac:AccountingSupplierParty/cac:Party"
_CUSTOMER = "cac:AccountingCustomerParty/cac:Party"
_FRENCH = (
    Row("EXT-FR-FE-02", "cac:InvoiceDocumentReference/cbc:DocumentTypeCode"),
    Row("EXT-FR-FE-29", "cbc:EndpointID"),
    *_extension_party("BG-01", 3, f"{_CUSTOMER}/cac:AgentParty"),
    *_extension_party("BG-03", 66, f"{_SUPPLIER}/cac:AgentParty"),
    *_extension_party("BG-04", 89, f"{_CUSTOMER}/cac:ServiceProviderParty/cac:Party"),
    *_extension_party("BG-05", 112, f"{_SUPPLIER}/cac:ServiceProviderParty/cac:Party"),
    Row("EXT-FR-FE-BG-06", "cac:BillingReference"),
    Row("EXT-FR-FE-136", "cac:InvoiceDocumentReference/cbc:ID"),
    Row("EXT-FR-FE-137", "cac:InvoiceDocumentReference/cbc:DocumentTypeCode"),
    Row("EXT-FR-FE-138", "cac:InvoiceDocumentReference/cbc:IssueDate"),
    Row("EXT-FR-FE-163", "cac:InvoiceDocumentReference/cbc:DocumentStatusCode"),
    Row("EXT-FR-FE-162", "cac:BillingReferenceLine/cbc:ID"),
    Row("EXT-FR-FE-BG-10", "cac:Delivery"),
    Row("EXT-FR-FE-146", "cac:DeliveryLocation/cbc:ID"),
    Row("EXT-FR-FE-158", "cbc:ActualDeliveryDate"),
)

_SEPA = "cac:PartyIdentification/cbc:ID[@schemeID='SEPA']"

_PAYMENT = (
    Row("BG-16", "cac:PaymentMeans"),
    Row("BT-81", "cbc:PaymentMeansCode"),
    Row("BT-82", "cbc:PaymentMeansCode/@name"),
    Row("BG-17", "cac:PayeeFinancialAccount"),
    Row("BT-84", "cbc:ID"),
    Row("BT-85", "cbc:Name"),
    Row("BT-86", "cac:FinancialInstitutionBranch/cbc:ID"),
    Row("BG-18", "cac:CardAccount"),
    Row("BT-87", "cbc:PrimaryAccountNumberID"),
    Row("BT-88", "cbc:HolderName"),
    Row("BG-19", "cac:PaymentMandate"),
    Row("BT-91", "cac:PayerFinancialAccount/cbc:ID"),
    Row("BT-83", "cac:PaymentMeans/cbc:PaymentID"),
    Row("BT-89", "cac:PaymentMeans/cac:PaymentMandate/cbc:ID"),
    Row("BT-90", f"cac:AccountingSupplierParty/cac:Party/{_SEPA}"),
    Row("BT-90", f"cac:PayeeParty/{_SEPA}"),
)

_AMOUNTS = (
    *_allowance("BG-20", 92, _ALLOWANCE, 173),
    *_allowance("BG-21", 99, _CHARGE, 175),
    Row("BG-22", "cac:LegalMonetaryTotal"),
    Row("BT-106", "cbc:LineExtensionAmount"),
    Row("BT-107", "cbc:AllowanceTotalAmount"),
    Row("BT-108", "cbc:ChargeTotalAmount"),
    Row("BT-109", "cbc:TaxExclusiveAmount"),
    Row("BT-110", "../cac:TaxTotal/cbc:TaxAmount[@currencyID=BT-5]"),
    Row("BT-111", "../cac:TaxTotal/cbc:TaxAmount[@currencyID=BT-6]"),
    Row("BT-112", "cbc:TaxInclusiveAmount"),
    Row("BT-113", "cbc:PrepaidAmount"),
    Row("BT-114", "cbc:PayableRoundingAmount"),
    Row("BT-115", "cbc:PayableAmount"),
    Row("BG-23", "cac:TaxTotal/cac:TaxSubtotal"),
    Row("BT-116", "cbc:TaxableAmount"),
    Row("BT-117", "cbc:TaxAmount"),
    Row("BT-118-0", f"cac:TaxCategory/{_TAX_SCHEME}"),
    Row("BT-118", "cac:TaxCategory/cbc:ID"),
    Row("BT-119", "cac:TaxCategory/cbc:Percent"),
    Row("BT-120", "cac:TaxCategory/cbc:TaxExemptionReason"),
    Row("BT-121", "cac:TaxCategory/cbc:TaxExemptionReasonCode"),
)

_DOCUMENTS = (
    Row("BG-24", "cac:AdditionalDocumentReference[else]"),
    Row("BT-122", "cbc:ID"),
    Row("BT-123", "cbc:DocumentDescription"),
    Row("BT-124", "cac:Attachment/cac:ExternalReference/cbc:URI"),
    Row("BT-125", "cac:Attachment/cbc:EmbeddedDocumentBinaryObject"),
    Row("CE-TYPE-PJ", "cbc:DocumentType"),
)


def _lines(line: str, quantity: str) -> tuple[Row, ...]:
    return (
        Row("BG-25", line),
        Row("BT-126", "cbc:ID"),
        Row("BT-127", "cbc:Note"),
        Row("BT-128", "cac:DocumentReference[cbc:DocumentTypeCode='130|']/cbc:ID"),
        Row("BT-129", quantity),
        Row("BT-130", f"{quantity}/@unitCode"),
        Row("BT-131", "cbc:LineExtensionAmount"),
        Row("BT-132", "cac:OrderLineReference/cbc:LineID"),
        Row("EXT-FR-FE-135", "cac:OrderLineReference/cac:OrderReference/cbc:ID"),
        Row("BT-133", "cbc:AccountingCost"),
        Row("BG-26", "cac:InvoicePeriod", several=True),
        Row("BT-134", "cbc:StartDate"),
        Row("BT-135", "cbc:EndDate"),
        *_line_allowance("BG-27", 136, _ALLOWANCE),
        *_line_allowance("BG-28", 141, _CHARGE),
        Row("BG-29", "cac:Price"),
        Row("BT-146", "cbc:PriceAmount"),
        Row("BT-147", "cac:AllowanceCharge/cbc:Amount"),
        Row("BT-148", "cac:AllowanceCharge/cbc:BaseAmount"),
        Row("BT-149", "cbc:BaseQuantity"),
        Row("BT-150", "cbc:BaseQuantity/@unitCode"),
        Row("BG-30", "cac:Item/cac:ClassifiedTaxCategory", several=True),
        Row("BT-151-0", _TAX_SCHEME),
        Row("BT-151", "cbc:ID"),
        Row("BT-152", "cbc:Percent"),
        Row("BT-X-96", "cbc:TaxExemptionReason"),
        Row("BT-X-97", "cbc:TaxExemptionReasonCode"),
        Row("BG-31", "cac:Item"),
        Row("BT-153", "cbc:Name"),
        Row("BT-154", "cbc:Description"),
        Row("BT-155", "cac:SellersItemIdentification/cbc:ID"),
        Row("BT-156", "cac:BuyersItemIdentification/cbc:ID"),
        Row("BT-157", "cac:StandardItemIdentification/cbc:ID"),
        Row("BT-158", "cac:CommodityClassification/cbc:ItemClassificationCode"),
        Row("BT-159", "cac:OriginCountry/cbc:IdentificationCode"),
        Row("BG-32", "cac:AdditionalItemProperty"),
        Row("BT-160", "cbc:Name"),
        Row("BT-161", "cbc:Value"),
        Row("BT-X-11", "cbc:NameCode"),
        Row("BT-X-12", "cbc:ValueQuantity"),
        Row("BT-X-12-0", "cbc:ValueQuantity/@unitCode"),
    )


_FRENCH_TOO = frozenset({
    "BT-173", "BT-174", "BT-175", "BT-176",
    "BT-X-11", "BT-X-12", "BT-X-12-0", "BT-X-96", "BT-X-97",
})  # fmt: skip
"""Terms of EXTENDED that the French extension also writes in UBL."""


_CHORUS = (
    Row("CE-CHORUS", "."),
    Row(
        "CE-CADRE",
        "ext:UBLExtensions/ext:UBLExtension/ext:ExtensionContent/descendant::CategoryCode",
    ),
    Row("CE-SERVICE", "cac:AccountingCustomerParty/cac:AccountingContact/cbc:ID"),
    Row("CE-TYPE-MARCHE", "cac:ContractDocumentReference/cbc:DocumentTypeCode"),
    Row(
        "CE-REGIME-TVA",
        "cac:AccountingSupplierParty/cac:Party/cac:PartyTaxScheme/cac:TaxScheme/cbc:TaxTypeCode",
    ),
)


def _rows(line: str, quantity: str) -> tuple[Row, ...]:
    lines = _lines(line, quantity)
    return (*_HEADER, *_PARTIES, *_PAYMENT, *_AMOUNTS, *_DOCUMENTS, *lines, *_FRENCH, *_CHORUS)


INVOICE = (
    *_rows("cac:InvoiceLine", "cbc:InvoicedQuantity"),
    Row("BT-3", "cbc:InvoiceTypeCode"),
    Row("BT-9", "cbc:DueDate"),
    Row("BT-11", "cac:ProjectReference/cbc:ID"),
)

CREDIT_NOTE = (
    *_rows("cac:CreditNoteLine", "cbc:CreditedQuantity"),
    Row("BT-3", "cbc:CreditNoteTypeCode"),
    # The schema gives a credit note neither a due date nor a project reference of its own.
    Row("BT-9", "cac:PaymentMeans/cbc:PaymentDueDate"),
    Row("BT-11", "cac:AdditionalDocumentReference[cbc:DocumentTypeCode='50']/cbc:ID"),
)


def known(line: str) -> tuple[str, ...]:
    """Paths that carry no term but that the binding itself asks for."""
    return (
        "cac:PaymentMeans/cac:CardAccount/cbc:NetworkID",
        f"{line}/cac:Price/cac:AllowanceCharge/cbc:ChargeIndicator",
    )


ABSENT = {
    **{
        term: "UBL has the payer in each payment mandate, where the model has no place for it"
        for term in TERMS
        if "EXT-FR-FE-BG-02" in {term, TERMS[term].group}
    },
    "CE-VALIDEUR": "the historic UBL format has no place for the validating party (facts 5.4)",
    **{
        term: "a term of the profile EXTENDED of Factur-X, which is written in CII alone"
        for term in TERMS
        if beyond_en16931(term) and not term.startswith(FRENCH) and term not in _FRENCH_TOO
    },
}
