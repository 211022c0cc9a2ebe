"""What the profile BASIC of Factur-X 1.09 makes of the elements of CII (see ``table``)."""

from __future__ import annotations

TABLE = """
rsm:CrossIndustryInvoice
  rsm:ExchangedDocument
    ID  1:19 -@schemeID
    TypeCode  1:20 =DOCUMENT_TYPES:23
    IncludedNote
      Content  1:160
      SubjectCode  ?:161 =CII_NOTE_SUBJECTS:162
    IssueDateTime
      udt:DateTimeString  @format!:21 @format=102:22
  rsm:ExchangedDocumentContext
    BusinessProcessSpecifiedDocumentContextParameter  ?:24
      ID  1:19 -@schemeID
    GuidelineSpecifiedDocumentContextParameter  1:25
      ID  1:19 -@schemeID =GUIDELINES:26
  rsm:SupplyChainTradeTransaction
    IncludedSupplyChainTradeLineItem  +:265
      AssociatedDocumentLineDocument  1:266
        LineID  1:270 -@schemeID
        IncludedNote  ?:271
          Content  1:160
          SubjectCode  unused
      SpecifiedTradeProduct  1:267
        Name  1:30
        GlobalID  @schemeID!:37 @schemeID=ICD:31
      SpecifiedLineTradeAgreement  1:268
        NetPriceProductTradePrice  1:272
          ChargeAmount  1:273 -@currencyID
          AppliedTradeAllowanceCharge  unused
          BasisQuantity  @unitCode=UNITS:275
        GrossPriceProductTradePrice
          ChargeAmount  1:273 -@currencyID
          AppliedTradeAllowanceCharge[else allowance charge]  unused
          AppliedTradeAllowanceCharge[allowance]  ?:274
            ChargeIndicator  1:183
            ActualAmount  1:184 -@currencyID
            BasisAmount  unused
            CalculationPercent  unused
            CategoryTradeTax  unused
            Reason  unused
            ReasonCode  unused
          BasisQuantity  @unitCode=UNITS:275
      SpecifiedLineTradeDelivery  1:269
        BilledQuantity  1:276 @unitCode=UNITS:275
      SpecifiedLineTradeSettlement
        ApplicableTradeTax  1:278
          TypeCode  1:20 =VAT:23
          CategoryCode  1:178 =FACTUR_X_VAT_CATEGORIES:179
          BasisAmount  unused
          CalculatedAmount  unused
          DueDateTypeCode  unused
          ExemptionReason  unused
          ExemptionReasonCode  unused
        SpecifiedTradeSettlementLineMonetarySummation  1:279
          LineTotalAmount  1:189 -@currencyID
        BillingSpecifiedPeriod
          EndDateTime
            udt:DateTimeString  @format!:21 @format=102:22
          StartDateTime
            udt:DateTimeString  @format!:21 @format=102:22
        SpecifiedTradeAllowanceCharge[else allowance charge]  unused
        SpecifiedTradeAllowanceCharge[allowance]
          ChargeIndicator  1:183
          ActualAmount  1:184 -@currencyID
          BasisAmount  unused
          CalculationPercent  unused
          CategoryTradeTax  unused
          ReasonCode  =ALLOWANCE_REASONS:186
        SpecifiedTradeAllowanceCharge[charge]
          ChargeIndicator  1:183
          ActualAmount  1:184 -@currencyID
          BasisAmount  unused
          CalculationPercent  unused
          CategoryTradeTax  unused
          ReasonCode[else !@listID @listID=5153]  unused
          ReasonCode[!@listID]  =CHARGE_REASONS:376
    ApplicableHeaderTradeAgreement
      BuyerOrderReferencedDocument
        IssuerAssignedID  1:29 -@schemeID
        FormattedIssueDateTime  unused
      BuyerTradeParty  1:28
        ID  ?:163 -@schemeID
        GlobalID  ?:164 @schemeID!:37 @schemeID=FACTUR_X_PARTY_SCHEMES:31
        Name  1:30
        PostalTradeAddress  1:32
          CountryID  1:35 =COUNTRIES:36
          CountrySubDivisionName  ?:167
        URIUniversalCommunication  ?:165
          URIID  1:168 @schemeID!:37 @schemeID=FACTUR_X_ADDRESS_SCHEMES:31
        SpecifiedTaxRegistration  ?:166
          ID  1:19 @schemeID!:37 @schemeID=VA:31
        SpecifiedLegalOrganization
          ID  @schemeID=ICD:31
          TradingBusinessName  unused
      ContractReferencedDocument
        IssuerAssignedID  1:29 -@schemeID
        FormattedIssueDateTime  unused
      SellerTaxRepresentativeTradeParty
        Name  1:30
        PostalTradeAddress  1:32
          CountryID  1:35 =COUNTRIES:36
          CountrySubDivisionName  ?:167
        SpecifiedTaxRegistration  1:169
          ID  1:19 @schemeID!:37 @schemeID=VA:31
        GlobalID  unused
        ID  unused
        SpecifiedLegalOrganization  unused
        URIUniversalCommunication  unused
      SellerTradeParty  1:27
        Name  1:30
        PostalTradeAddress  1:32
          CountryID  1:35 =COUNTRIES:36
          CountrySubDivisionName  ?:167
        URIUniversalCommunication  ?:165
          URIID  1:168 @schemeID!:37 @schemeID=FACTUR_X_ADDRESS_SCHEMES:31
        SpecifiedTaxRegistration[else ID/@schemeID=VA ID/@schemeID=FC]  unused
        SpecifiedTaxRegistration[ID/@schemeID=FC]  ?:34
          ID  1:19 @schemeID!:37
        SpecifiedTaxRegistration[ID/@schemeID=VA]  ?:33
          ID  1:19 @schemeID!:37
        GlobalID  @schemeID!:37 @schemeID=FACTUR_X_PARTY_SCHEMES:31
        ID  -@schemeID
        SpecifiedLegalOrganization
          ID  @schemeID=ICD:31
    ApplicableHeaderTradeDelivery
      ActualDeliverySupplyChainEvent
        OccurrenceDateTime  1:171
          udt:DateTimeString  @format!:21 @format=102:22
      DespatchAdviceReferencedDocument
        IssuerAssignedID  1:29 -@schemeID
        FormattedIssueDateTime  unused
      ShipToTradeParty
        ID  ?:163 -@schemeID
        GlobalID  ?:164 @schemeID!:37 @schemeID=FACTUR_X_PARTY_SCHEMES:31
        PostalTradeAddress
          CountryID  1:35 =COUNTRIES:36
          CountrySubDivisionName  ?:167
        SpecifiedLegalOrganization  unused
        SpecifiedTaxRegistration  unused
        URIUniversalCommunication  unused
    ApplicableHeaderTradeSettlement
      PaymentReference  ?:172
      InvoiceCurrencyCode  1:38 =FACTUR_X_CURRENCIES:40
      ApplicableTradeTax  +:173
        CalculatedAmount  1:176 -@currencyID
        TypeCode  1:20 =VAT:23
        BasisAmount  1:177 -@currencyID
        CategoryCode  1:178 =FACTUR_X_VAT_CATEGORIES:179
        DueDateTypeCode  =CII_TAX_POINTS:180
        ExemptionReasonCode  =VAT_EXEMPTIONS:181
      SpecifiedTradePaymentTerms  ?:174
        Description  ?:187
        DirectDebitMandateID  ?:188 -@schemeID
        DueDateDateTime
          udt:DateTimeString  @format!:21 @format=102:22
      SpecifiedTradeSettlementHeaderMonetarySummation  1:39
        LineTotalAmount  1:189 -@currencyID
        ChargeTotalAmount  ?:190 -@currencyID
        AllowanceTotalAmount  ?:191 -@currencyID
        TaxBasisTotalAmount  1:41 -@currencyID
        TaxTotalAmount[else @currencyID=BT-5 @currencyID=BT-6]  unused
        TaxTotalAmount[@currencyID=BT-5]  ?:42 @currencyID=FACTUR_X_CURRENCIES:45
        TaxTotalAmount[@currencyID=BT-6]  ?:192 @currencyID=FACTUR_X_CURRENCIES:45
        GrandTotalAmount  1:43 -@currencyID
        TotalPrepaidAmount  ?:193 -@currencyID
        DuePayableAmount  1:44 -@currencyID
      ReceivableSpecifiedTradeAccountingAccount  ?:175
        ID  -@schemeID
      BillingSpecifiedPeriod
        EndDateTime
          udt:DateTimeString  @format!:21 @format=102:22
        StartDateTime
          udt:DateTimeString  @format!:21 @format=102:22
      CreditorReferenceID  -@schemeID
      InvoiceReferencedDocument
        FormattedIssueDateTime
          qdt:DateTimeString  @format!:21 @format=102:22
        IssuerAssignedID  1:29 -@schemeID
      PayeeTradeParty
        ID  ?:163 -@schemeID
        GlobalID  ?:164 @schemeID!:37 @schemeID=FACTUR_X_PARTY_SCHEMES:31
        Name  1:30
        PostalTradeAddress  unused
        SpecifiedLegalOrganization
          ID  @schemeID=ICD:31
          TradingBusinessName  unused
        SpecifiedTaxRegistration  unused
        URIUniversalCommunication  unused
      SpecifiedTradeAllowanceCharge[else allowance charge]  unused
      SpecifiedTradeAllowanceCharge[allowance]
        ChargeIndicator  1:183
        ActualAmount  1:184 -@currencyID
        CategoryTradeTax  1:185
          TypeCode  1:20 =VAT:23
          CategoryCode  1:178 =FACTUR_X_VAT_CATEGORIES:179
          BasisAmount  unused
          CalculatedAmount  unused
          DueDateTypeCode  unused
          ExemptionReason  unused
          ExemptionReasonCode  unused
        BasisAmount  -@currencyID
        ReasonCode  =ALLOWANCE_REASONS:186
      SpecifiedTradeAllowanceCharge[charge]
        ChargeIndicator  1:183
        ActualAmount  1:184 -@currencyID
        CategoryTradeTax  1:185
          TypeCode  1:20 =VAT:23
          CategoryCode  1:178 =FACTUR_X_VAT_CATEGORIES:179
          BasisAmount  unused
          CalculatedAmount  unused
          DueDateTypeCode  unused
          ExemptionReason  unused
          ExemptionReasonCode  unused
        BasisAmount  -@currencyID
        ReasonCode[else !@listID @listID=5153]  unused
        ReasonCode[!@listID]  =CHARGE_REASONS:376
      SpecifiedTradeSettlementPaymentMeans
        TypeCode  1:20 =PAYMENT_MEANS:23
        PayeePartyCreditorFinancialAccount  ?:194
          IBANID  -@schemeID
          ProprietaryID  -@schemeID
        PayerPartyDebtorFinancialAccount
          IBANID  1:195 -@schemeID
      TaxCurrencyCode  =FACTUR_X_CURRENCIES:196
"""
