"""Where each term stands in CII D22B (EN 16931-3-3, and the historic Chorus places: facts 5.4)."""

from __future__ import annotations

from chorus_edi.formats.mapping.table import Row

_STANDARD = "urn:un:unece:uncefact:data:standard"

PREFIXES = {
    "rsm": f"{_STANDARD}:CrossIndustryInvoice:100",
    "ram": f"{_STANDARD}:ReusableAggregateBusinessInformationEntity:100",
    "udt": f"{_STANDARD}:UnqualifiedDataType:100",
    "qdt": f"{_STANDARD}:QualifiedDataType:100",
}

_CONTEXT = "rsm:ExchangedDocumentContext"
_DOCUMENT = "rsm:ExchangedDocument"
_TRADE = "rsm:SupplyChainTradeTransaction"
_AGREEMENT = f"{_TRADE}/ram:ApplicableHeaderTradeAgreement"
_DELIVERY = f"{_TRADE}/ram:ApplicableHeaderTradeDelivery"
_SETTLEMENT = f"{_TRADE}/ram:ApplicableHeaderTradeSettlement"
_TERMS = f"{_SETTLEMENT}/ram:SpecifiedTradePaymentTerms"
_NUMBER = "ram:IssuerAssignedID"
_LINE_ORDER = "ram:SpecifiedLineTradeAgreement/ram:BuyerOrderReferencedDocument"
_DAY = "udt:DateTimeString"
_FURTHER = f"{_AGREEMENT}/ram:AdditionalReferencedDocument"
_VAT = "ram:SpecifiedTaxRegistration/ram:ID[@schemeID=='VA']"
_OTHER_TAX = "ram:SpecifiedTaxRegistration/ram:ID[@schemeID=='FC']"
_URI = "ram:URIUniversalCommunication/ram:URIID"
_INDICATOR = "ram:SpecifiedTradeAllowanceCharge[ram:ChargeIndicator/udt:Indicator="
_ALLOWANCE = f"{_INDICATOR}'false|0']"
_CHARGE = f"{_INDICATOR}'true|1']"


def _address(line_1: str, line_2: str, line_3: str, rest: int) -> tuple[Row, ...]:
    """Rows of a postal address; city to country are four consecutive terms from ``rest``."""
    return (
        Row(line_1, "ram:LineOne"),
        Row(line_2, "ram:LineTwo"),
        Row(line_3, "ram:LineThree"),
        Row(f"BT-{rest}", "ram:CityName"),
        Row(f"BT-{rest + 1}", "ram:PostcodeCode"),
        Row(f"BT-{rest + 2}", "ram:CountrySubDivisionName"),
        Row(f"BT-{rest + 3}", "ram:CountryID"),
    )


def _contact(group: str, first: int) -> tuple[Row, ...]:
    """Rows of a contact: the point of contact is a person or a department."""
    return (
        Row(group, "ram:DefinedTradeContact"),
        Row(f"BT-{first}", "ram:PersonName"),
        Row(f"BT-{first}", "ram:DepartmentName"),
        Row(f"BT-{first + 1}", "ram:TelephoneUniversalCommunication/ram:CompleteNumber"),
        Row(f"BT-{first + 2}", "ram:EmailURIUniversalCommunication/ram:URIID"),
    )


def _allowance(group: str, first: int, path: str, exemption: int) -> tuple[Row, ...]:
    """Rows of a document level allowance or charge: seven consecutive terms, two of EXTENDED."""
    return (
        Row(group, path),
        Row(f"BT-{first}", "ram:ActualAmount"),
        Row(f"BT-{first + 1}", "ram:BasisAmount"),
        Row(f"BT-{first + 2}", "ram:CalculationPercent"),
        Row(f"BT-{first + 3}-0", "ram:CategoryTradeTax/ram:TypeCode"),
        Row(f"BT-{first + 3}", "ram:CategoryTradeTax/ram:CategoryCode"),
        Row(f"BT-{first + 4}", "ram:CategoryTradeTax/ram:RateApplicablePercent"),
        Row(f"BT-{first + 5}", "ram:Reason"),
        Row(f"BT-{first + 6}", "ram:ReasonCode"),
        Row(f"BT-{exemption}", "ram:CategoryTradeTax/ram:ExemptionReason"),
        Row(f"BT-{exemption + 1}", "ram:CategoryTradeTax/ram:ExemptionReasonCode"),
    )


def _line_allowance(group: str, first: int, path: str) -> tuple[Row, ...]:
    """Rows of a line level allowance or charge: five consecutive terms."""
    return (
        Row(group, path),
        Row(f"BT-{first}", "ram:ActualAmount"),
        Row(f"BT-{first + 1}", "ram:BasisAmount"),
        Row(f"BT-{first + 2}", "ram:CalculationPercent"),
        Row(f"BT-{first + 3}", "ram:Reason"),
        Row(f"BT-{first + 4}", "ram:ReasonCode"),
    )


_HEADER = (
    Row("BT-1", f"{_DOCUMENT}/ram:ID"),
    Row("BT-2", f"{_DOCUMENT}/ram:IssueDateTime/{_DAY}"),
    Row("BT-3", f"{_DOCUMENT}/ram:TypeCode"),
    Row("BT-5", f"{_SETTLEMENT}/ram:InvoiceCurrencyCode"),
    Row("BT-6", f"{_SETTLEMENT}/ram:TaxCurrencyCode"),
    Row(
        "BT-7",
        f"{_SETTLEMENT}/ram:ApplicableTradeTax/ram:TaxPointDate/udt:DateString",
        holder=True,
    ),
    Row("BT-8", f"{_SETTLEMENT}/ram:ApplicableTradeTax/ram:DueDateTypeCode"),
    Row("BT-9", f"{_TERMS}/ram:DueDateDateTime/{_DAY}", holder=True),
    Row("BT-10", f"{_AGREEMENT}/ram:BuyerReference"),
    Row("BT-11", f"{_AGREEMENT}/ram:SpecifiedProcuringProject/ram:ID"),
    Row("BT-12", f"{_AGREEMENT}/ram:ContractReferencedDocument/{_NUMBER}"),
    Row("BT-13", f"{_AGREEMENT}/ram:BuyerOrderReferencedDocument/{_NUMBER}"),
    Row("BT-14", f"{_AGREEMENT}/ram:SellerOrderReferencedDocument/{_NUMBER}"),
    Row("BT-15", f"{_DELIVERY}/ram:ReceivingAdviceReferencedDocument/{_NUMBER}"),
    Row("BT-16", f"{_DELIVERY}/ram:DespatchAdviceReferencedDocument/{_NUMBER}"),
    Row("BT-17", f"{_FURTHER}[ram:TypeCode='50']/{_NUMBER}", holder=True),
    Row(
        "BT-18",
        f"{_FURTHER}[ram:TypeCode='130']/{_NUMBER}",
        scheme="ram:ReferenceTypeCode",
        holder=True,
    ),
    Row("BT-19", f"{_SETTLEMENT}/ram:ReceivableSpecifiedTradeAccountingAccount/ram:ID"),
    Row("BT-20", f"{_TERMS}/ram:Description"),
    Row("BG-1", f"{_DOCUMENT}/ram:IncludedNote"),
    Row("BT-21", "ram:SubjectCode"),
    Row("BT-22", "ram:Content"),
    Row("BT-X-5", "ram:ContentCode"),
    Row("BG-2", _CONTEXT),
    Row("BT-23", "ram:BusinessProcessSpecifiedDocumentContextParameter/ram:ID"),
    Row("BT-24", "ram:GuidelineSpecifiedDocumentContextParameter/ram:ID"),
    Row("BG-3", f"{_SETTLEMENT}/ram:InvoiceReferencedDocument"),
    Row("BT-25", _NUMBER),
    Row("BT-26", "ram:FormattedIssueDateTime/qdt:DateTimeString"),
)

_PARTIES = (
    Row("BG-4", f"{_AGREEMENT}/ram:SellerTradeParty"),
    Row("BT-27", "ram:Name"),
    Row("BT-28", "ram:SpecifiedLegalOrganization/ram:TradingBusinessName"),
    Row("BT-29", "ram:ID"),
    Row("BT-29", "ram:GlobalID"),
    Row("BT-30", "ram:SpecifiedLegalOrganization/ram:ID"),
    Row("BT-31", _VAT),
    Row("BT-32", _OTHER_TAX),
    Row("BT-33", "ram:Description"),
    Row("BT-34", _URI, holder=True),
    Row("BG-5", "ram:PostalTradeAddress"),
    *_address("BT-35", "BT-36", "BT-162", 37),
    *_contact("BG-6", 41),
    Row("BG-7", f"{_AGREEMENT}/ram:BuyerTradeParty"),
    Row("BT-44", "ram:Name"),
    Row("BT-45", "ram:SpecifiedLegalOrganization/ram:TradingBusinessName"),
    Row("BT-46", "ram:ID"),
    Row("BT-46", "ram:GlobalID"),
    Row("BT-47", "ram:SpecifiedLegalOrganization/ram:ID"),
    Row("BT-48", _VAT),
    Row("BT-49", _URI, holder=True),
    Row("BG-8", "ram:PostalTradeAddress"),
    *_address("BT-50", "BT-51", "BT-163", 52),
    *_contact("BG-9", 56),
    Row("BG-10", f"{_SETTLEMENT}/ram:PayeeTradeParty"),
    Row("BT-59", "ram:Name"),
    Row("BT-60", "ram:ID"),
    Row("BT-60", "ram:GlobalID"),
    Row("BT-61", "ram:SpecifiedLegalOrganization/ram:ID"),
    Row("BG-11", f"{_AGREEMENT}/ram:SellerTaxRepresentativeTradeParty"),
    Row("BT-62", "ram:Name"),
    Row("BT-63", _VAT),
    Row("BG-12", "ram:PostalTradeAddress"),
    *_address("BT-64", "BT-65", "BT-164", 66),
    Row("BG-13", f"{_DELIVERY}/ram:ShipToTradeParty"),
    Row("BT-70", "ram:Name"),
    Row("BT-71", "ram:ID"),
    Row("BT-71", "ram:GlobalID"),
    Row("BT-72", f"../ram:ActualDeliverySupplyChainEvent/ram:OccurrenceDateTime/{_DAY}"),
    Row("BG-14", "../../ram:ApplicableHeaderTradeSettlement/ram:BillingSpecifiedPeriod"),
    Row("BT-73", f"ram:StartDateTime/{_DAY}", holder=True),
    Row("BT-74", f"ram:EndDateTime/{_DAY}", holder=True),
    Row("BG-15", "ram:PostalTradeAddress"),
    *_address("BT-75", "BT-76", "BT-165", 77),
)

_PAYMENT = (
    Row("BG-16", f"{_SETTLEMENT}/ram:SpecifiedTradeSettlementPaymentMeans"),
    Row("BT-81", "ram:TypeCode"),
    Row("BT-82", "ram:Information"),
    Row("BG-17", "ram:PayeePartyCreditorFinancialAccount", once=True),
    Row("BT-84", "ram:IBANID", holder=True),
    Row("BT-84", "ram:ProprietaryID"),
    Row("BT-85", "ram:AccountName"),
    Row("BT-86", "../ram:PayeeSpecifiedCreditorFinancialInstitution/ram:BICID"),
    Row("BG-18", "ram:ApplicableTradeSettlementFinancialCard"),
    Row("BT-87", "ram:ID"),
    Row("BT-88", "ram:CardholderName"),
    Row("BG-19", "ram:PayerPartyDebtorFinancialAccount"),
    Row("BT-91", "ram:IBANID"),
    Row("BT-83", f"{_SETTLEMENT}/ram:PaymentReference"),
    Row("BT-89", f"{_TERMS}/ram:DirectDebitMandateID"),
    Row("BT-90", f"{_SETTLEMENT}/ram:CreditorReferenceID"),
)

_AMOUNTS = (
    *_allowance("BG-20", 92, f"{_SETTLEMENT}/{_ALLOWANCE}", 173),
    *_allowance("BG-21", 99, f"{_SETTLEMENT}/{_CHARGE}", 175),
    Row("BG-X-42", f"{_SETTLEMENT}/ram:SpecifiedLogisticsServiceCharge"),
    Row("BT-X-271", "ram:Description"),
    Row("BT-X-272", "ram:AppliedAmount"),
    Row("BT-X-273-0", "ram:AppliedTradeTax/ram:TypeCode"),
    Row("BT-X-273", "ram:AppliedTradeTax/ram:CategoryCode"),
    Row("BT-X-274", "ram:AppliedTradeTax/ram:RateApplicablePercent"),
    Row("BT-X-591", "ram:AppliedTradeTax/ram:ExemptionReason"),
    Row("BT-X-592", "ram:AppliedTradeTax/ram:ExemptionReasonCode"),
    Row("BG-34", f"{_SETTLEMENT}/ram:SpecifiedFinancialAdjustment"),
    Row("BT-179", "ram:ActualAmount"),
    Row("BT-180", "ram:Reason"),
    Row("BG-22", f"{_SETTLEMENT}/ram:SpecifiedTradeSettlementHeaderMonetarySummation"),
    Row("BT-106", "ram:LineTotalAmount"),
    Row("BT-107", "ram:AllowanceTotalAmount"),
    Row("BT-108", "ram:ChargeTotalAmount"),
    Row("BT-109", "ram:TaxBasisTotalAmount"),
    Row("BT-110", "ram:TaxTotalAmount[@currencyID=BT-5]"),
    Row("BT-111", "ram:TaxTotalAmount[@currencyID=BT-6]"),
    Row("BT-112", "ram:GrandTotalAmount"),
    Row("BT-113", "ram:TotalPrepaidAmount"),
    Row("BT-114", "ram:RoundingAmount"),
    Row("BT-115", "ram:DuePayableAmount"),
    Row("BG-23", f"{_SETTLEMENT}/ram:ApplicableTradeTax"),
    Row("BT-116", "ram:BasisAmount"),
    Row("BT-117", "ram:CalculatedAmount"),
    Row("BT-118-0", "ram:TypeCode"),
    Row("BT-118", "ram:CategoryCode"),
    Row("BT-119", "ram:RateApplicablePercent"),
    Row("BT-120", "ram:ExemptionReason"),
    Row("BT-121", "ram:ExemptionReasonCode"),
)

_DOCUMENTS = (
    Row("BG-24", f"{_FURTHER}[else]"),
    Row("BT-122", _NUMBER),
    Row("BT-123", "ram:Name"),
    Row("BT-124", "ram:URIID"),
    Row("BT-125", "ram:AttachmentBinaryObject"),
)

_LINE = f"{_TRADE}/ram:IncludedSupplyChainTradeLineItem"
_GROSS = "ram:GrossPriceProductTradePrice"

_LINES = (
    Row("BG-25", _LINE),
    Row("BT-126", "ram:AssociatedDocumentLineDocument/ram:LineID"),
    Row("BT-127", "ram:AssociatedDocumentLineDocument/ram:IncludedNote/ram:Content"),
    Row("BT-X-8", "ram:AssociatedDocumentLineDocument/ram:LineStatusReasonCode"),
    Row("BT-X-304", "ram:AssociatedDocumentLineDocument/ram:ParentLineID"),
    Row(
        "BT-128",
        "ram:SpecifiedLineTradeSettlement/"
        f"ram:AdditionalReferencedDocument[ram:TypeCode='130|']/{_NUMBER}",
        scheme="ram:ReferenceTypeCode",
        holder=True,
    ),
    Row("BT-129", "ram:SpecifiedLineTradeDelivery/ram:BilledQuantity"),
    Row("BT-130", "ram:SpecifiedLineTradeDelivery/ram:BilledQuantity/@unitCode"),
    Row(
        "BT-131",
        "ram:SpecifiedLineTradeSettlement/"
        "ram:SpecifiedTradeSettlementLineMonetarySummation/ram:LineTotalAmount",
    ),
    Row("BT-132", f"{_LINE_ORDER}/ram:LineID"),
    Row("EXT-FR-FE-135", f"{_LINE_ORDER}/{_NUMBER}"),
    Row(
        "BT-133",
        "ram:SpecifiedLineTradeSettlement/ram:ReceivableSpecifiedTradeAccountingAccount/ram:ID",
    ),
    Row("BG-26", "ram:SpecifiedLineTradeSettlement/ram:BillingSpecifiedPeriod"),
    Row("BT-134", f"ram:StartDateTime/{_DAY}", holder=True),
    Row("BT-135", f"ram:EndDateTime/{_DAY}", holder=True),
    *_line_allowance("BG-27", 136, f"ram:SpecifiedLineTradeSettlement/{_ALLOWANCE}"),
    *_line_allowance("BG-28", 141, f"ram:SpecifiedLineTradeSettlement/{_CHARGE}"),
    Row("BG-29", "ram:SpecifiedLineTradeAgreement/ram:NetPriceProductTradePrice"),
    Row("BT-146", "ram:ChargeAmount"),
    Row("BT-147", f"../{_GROSS}/ram:AppliedTradeAllowanceCharge/ram:ActualAmount"),
    Row("BT-148", f"../{_GROSS}/ram:ChargeAmount"),
    Row("BT-149", "ram:BasisQuantity"),
    Row("BT-150", "ram:BasisQuantity/@unitCode"),
    Row("BG-30", "ram:SpecifiedLineTradeSettlement/ram:ApplicableTradeTax", several=True),
    Row("BT-151-0", "ram:TypeCode"),
    Row("BT-151", "ram:CategoryCode"),
    Row("BT-152", "ram:RateApplicablePercent"),
    Row("BT-X-96", "ram:ExemptionReason"),
    Row("BT-X-97", "ram:ExemptionReasonCode"),
    Row("BG-31", "ram:SpecifiedTradeProduct"),
    Row("BT-153", "ram:Name"),
    Row("BT-154", "ram:Description"),
    Row("BT-155", "ram:SellerAssignedID"),
    Row("BT-156", "ram:BuyerAssignedID"),
    Row("BT-157", "ram:GlobalID"),
    Row("BT-158", "ram:DesignatedProductClassification/ram:ClassCode", holder=True),
    Row("BT-159", "ram:OriginTradeCountry/ram:ID"),
    Row("BG-32", "ram:ApplicableProductCharacteristic"),
    Row("BT-160", "ram:Description"),
    Row("BT-161", "ram:Value"),
    Row("BT-X-11", "ram:TypeCode"),
    Row("BT-X-12", "ram:ValueMeasure"),
    Row("BT-X-12-0", "ram:ValueMeasure/@unitCode"),
)


def _extension_party(group: str, first: int, path: str, *absent: int) -> tuple[Row, ...]:
    """Rows of a party of the French extension; its terms are numbered alike."""
    rows = (
        Row(f"EXT-FR-FE-{first:02d}", "ram:Name"),
        Row(f"EXT-FR-FE-{first + 3:02d}", "ram:ID"),
        Row(f"EXT-FR-FE-{first + 3:02d}", "ram:GlobalID"),
        Row(f"EXT-FR-FE-{first + 5:02d}", "ram:SpecifiedLegalOrganization/ram:ID"),
        Row(f"EXT-FR-FE-{first + 9:02d}", _URI, holder=True),
    )
    left = {f"EXT-FR-FE-{number}" for number in absent}
    return (
        Row(f"EXT-FR-FE-{group}", path),
        *(row for row in rows if row.term not in left),
    )


_VALIDEUR = 94
_SHIP_TO = "ram:SpecifiedLineTradeDelivery/ram:ShipToTradeParty"
_FRENCH = (
    Row("EXT-FR-FE-02", "ram:TypeCode"),
    Row("EXT-FR-FE-29", _URI, holder=True),
    *_extension_party("BG-01", 3, f"{_AGREEMENT}/ram:BuyerAgentTradeParty"),
    *_extension_party("BG-02", 43, f"{_SETTLEMENT}/ram:PayerTradeParty"),
    *_extension_party("BG-03", 66, f"{_AGREEMENT}/ram:SalesAgentTradeParty"),
    *_extension_party("BG-04", 89, f"{_SETTLEMENT}/ram:InvoiceeTradeParty", _VALIDEUR),
    *_extension_party("BG-05", 112, f"{_SETTLEMENT}/ram:InvoicerTradeParty"),
    Row("EXT-FR-FE-BG-06", "ram:SpecifiedLineTradeSettlement/ram:InvoiceReferencedDocument"),
    Row("EXT-FR-FE-136", _NUMBER),
    Row("EXT-FR-FE-137", "ram:TypeCode"),
    Row("EXT-FR-FE-138", "ram:FormattedIssueDateTime/qdt:DateTimeString"),
    Row("EXT-FR-FE-BG-10", _SHIP_TO),
    Row("EXT-FR-FE-146", "ram:ID"),
    Row("EXT-FR-FE-146", "ram:GlobalID"),
    Row(
        "EXT-FR-FE-158",
        f"../ram:ActualDeliverySupplyChainEvent/ram:OccurrenceDateTime/{_DAY}",
    ),
)

_CHORUS = (
    Row("CE-CHORUS", "."),
    Row("CE-TYPE-MARCHE", f"{_AGREEMENT}/ram:ContractReferencedDocument/ram:ReferenceTypeCode"),
    Row(
        "CE-VALIDEUR",
        f"{_SETTLEMENT}/ram:InvoiceeTradeParty/ram:SpecifiedLegalOrganization/ram:ID",
    ),
)

INVOICE = (*_HEADER, *_PARTIES, *_PAYMENT, *_AMOUNTS, *_DOCUMENTS, *_LINES, *_FRENCH, *_CHORUS)

KNOWN = (
    f"{_AGREEMENT}/ram:SpecifiedProcuringProject/ram:Name",
    f"{_LINE}/ram:SpecifiedLineTradeAgreement/{_GROSS}/ram:AppliedTradeAllowanceCharge/"
    "ram:ChargeIndicator/udt:Indicator",
    # BT-149 once more: the net price's own base quantity is the one that counts.
    f"{_LINE}/ram:SpecifiedLineTradeAgreement/{_GROSS}/ram:BasisQuantity",
)
"""Paths that carry no term but that the binding itself asks for."""

ABSENT = {
    "EXT-FR-FE-162": "CII has it on the line itself: BT-X-304",
    "EXT-FR-FE-163": "CII has it on the line itself: BT-X-8",
    "EXT-FR-FE-94": "where the historic CII has its validating party, read as CE-VALIDEUR",
    "CE-CADRE": "historic CII writes the cadre in BT-23 (facts 5.4)",
    "CE-SERVICE": "historic CII writes the code service in BT-10 (facts 5.4)",
    "CE-REGIME-TVA": "historic CII writes the VAT regime in BT-8 (facts 5.4)",
    "CE-TYPE-PJ": "historic CII has no type of attachment beside its name (facts 5.4)",
}
