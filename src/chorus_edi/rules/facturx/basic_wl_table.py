"""What the profile BASIC WL of Factur-X 1.09 makes of the elements of CII (see ``table``)."""

from __future__ import annotations

TABLE = """
rsm:CrossIndustryInvoice
  rsm:ExchangedDocument
    ID  1:19 -@schemeID
    TypeCode  1:20 =DOCUMENT_TYPES:417
    IncludedNote
      Content  1:160
      SubjectCode  ?:161 =CII_NOTE_SUBJECTS:162
    IssueDateTime
      udt:DateTimeString  @format!:21 @format=102:416
  rsm:ExchangedDocumentContext
    BusinessProcessSpecifiedDocumentContextParameter  ?:24
      ID  1:406 -@schemeID
    GuidelineSpecifiedDocumentContextParameter  1:25
      ID  1:407 -@schemeID =GUIDELINES:418
  rsm:SupplyChainTradeTransaction
    ApplicableHeaderTradeAgreement
      BuyerOrderReferencedDocument
        IssuerAssignedID  1:29 -@schemeID
        FormattedIssueDateTime  unused
      BuyerTradeParty  1:28
        ID  ?:163 -@schemeID
        GlobalID  ?:164 @schemeID!:420 @schemeID=FACTUR_X_PARTY_SCHEMES:421
        Name  1:30
        PostalTradeAddress  1:419
          CountryID  1:422 =COUNTRIES:423
          CountrySubDivisionName  ?:167
        URIUniversalCommunication  ?:165
          URIID  1:168 @schemeID!:428 @schemeID=FACTUR_X_ADDRESS_SCHEMES:429
        SpecifiedTaxRegistration  ?:166
          ID  1:425 @schemeID!:426 @schemeID=VA:427
        SpecifiedLegalOrganization
          ID  @schemeID=ICD:424
          TradingBusinessName  unused
      ContractReferencedDocument
        IssuerAssignedID  1:430 -@schemeID
        FormattedIssueDateTime  unused
      SellerTaxRepresentativeTradeParty
        Name  1:431
        PostalTradeAddress  1:432
          CountryID  1:433 =COUNTRIES:435
          CountrySubDivisionName  ?:434
        SpecifiedTaxRegistration  1:169
          ID  1:436 @schemeID!:437 @schemeID=VA:438
        GlobalID  unused
        ID  unused
        SpecifiedLegalOrganization  unused
        URIUniversalCommunication  unused
      SellerTradeParty  1:27
        Name  1:409
        PostalTradeAddress  1:32
          CountryID  1:35 =COUNTRIES:443
          CountrySubDivisionName  ?:442
        URIUniversalCommunication  ?:439
          URIID  1:445 @schemeID!:446 @schemeID=FACTUR_X_ADDRESS_SCHEMES:447
        SpecifiedTaxRegistration[else ID/@schemeID=VA ID/@schemeID=FC]  unused
        SpecifiedTaxRegistration[ID/@schemeID=FC]  ?:34
          ID  1:411 @schemeID!:37
        SpecifiedTaxRegistration[ID/@schemeID=VA]  ?:33
          ID  1:412 @schemeID!:413
        GlobalID  @schemeID!:440 @schemeID=FACTUR_X_PARTY_SCHEMES:441
        ID  -@schemeID
        SpecifiedLegalOrganization
          ID  @schemeID=ICD:444
    ApplicableHeaderTradeDelivery
      ActualDeliverySupplyChainEvent
        OccurrenceDateTime  1:171
          udt:DateTimeString  @format!:448 @format=102:449
      DespatchAdviceReferencedDocument
        IssuerAssignedID  1:450 -@schemeID
        FormattedIssueDateTime  unused
      ShipToTradeParty
        ID  ?:451 -@schemeID
        GlobalID  ?:452 @schemeID!:453 @schemeID=FACTUR_X_PARTY_SCHEMES:454
        PostalTradeAddress
          CountryID  1:455 =COUNTRIES:457
          CountrySubDivisionName  ?:456
        SpecifiedLegalOrganization  unused
        SpecifiedTaxRegistration  unused
        URIUniversalCommunication  unused
    ApplicableHeaderTradeSettlement
      PaymentReference  ?:172
      InvoiceCurrencyCode  1:38 =FACTUR_X_CURRENCIES:464
      ApplicableTradeTax  +:173
        CalculatedAmount  1:176 -@currencyID
        TypeCode  1:458 =VAT:459
        BasisAmount  1:177 -@currencyID
        CategoryCode  1:178 =FACTUR_X_VAT_CATEGORIES:179
        DueDateTypeCode  =CII_TAX_POINTS:180
        ExemptionReasonCode  =VAT_EXEMPTIONS:181
      SpecifiedTradePaymentTerms  ?:174
        Description  ?:187
        DirectDebitMandateID  ?:188 -@schemeID
        DueDateDateTime
          udt:DateTimeString  @format!:484 @format=102:485
      SpecifiedTradeSettlementHeaderMonetarySummation  1:39
        LineTotalAmount  1:189 -@currencyID
        ChargeTotalAmount  ?:190 -@currencyID
        AllowanceTotalAmount  ?:191 -@currencyID
        TaxBasisTotalAmount  1:41 -@currencyID
        TaxTotalAmount[else @currencyID=BT-5 @currencyID=BT-6]  unused
        TaxTotalAmount[@currencyID=BT-5]  ?:42 @currencyID=FACTUR_X_CURRENCIES:486
        TaxTotalAmount[@currencyID=BT-6]  ?:192 @currencyID=FACTUR_X_CURRENCIES:487
        GrandTotalAmount  1:43 -@currencyID
        TotalPrepaidAmount  ?:193 -@currencyID
        DuePayableAmount  1:44 -@currencyID
      ReceivableSpecifiedTradeAccountingAccount  ?:175
        ID  -@schemeID
      BillingSpecifiedPeriod
        EndDateTime
          udt:DateTimeString  @format!:460 @format=102:461
        StartDateTime
          udt:DateTimeString  @format!:462 @format=102:463
      CreditorReferenceID  -@schemeID
      InvoiceReferencedDocument
        FormattedIssueDateTime
          qdt:DateTimeString  @format!:465 @format=102:466
        IssuerAssignedID  1:415 -@schemeID
      PayeeTradeParty
        ID  ?:467 -@schemeID
        GlobalID  ?:468 @schemeID!:470 @schemeID=FACTUR_X_PARTY_SCHEMES:471
        Name  1:469
        PostalTradeAddress  unused
        SpecifiedLegalOrganization
          ID  @schemeID=ICD:472
          TradingBusinessName  unused
        SpecifiedTaxRegistration  unused
        URIUniversalCommunication  unused
      SpecifiedTradeAllowanceCharge[else allowance charge]  unused
      SpecifiedTradeAllowanceCharge[allowance]
        ChargeIndicator  1:183
        ActualAmount  1:184 -@currencyID
        CategoryTradeTax  1:185
          TypeCode  1:473 =VAT:476
          CategoryCode  1:474 =FACTUR_X_VAT_CATEGORIES:475
          BasisAmount  unused
          CalculatedAmount  unused
          DueDateTypeCode  unused
          ExemptionReason  unused
          ExemptionReasonCode  unused
        BasisAmount  -@currencyID
        ReasonCode  =ALLOWANCE_REASONS:186
      SpecifiedTradeAllowanceCharge[charge]
        ChargeIndicator  1:477
        ActualAmount  1:478 -@currencyID
        CategoryTradeTax  1:479
          TypeCode  1:480 =VAT:483
          CategoryCode  1:481 =FACTUR_X_VAT_CATEGORIES:482
          BasisAmount  unused
          CalculatedAmount  unused
          DueDateTypeCode  unused
          ExemptionReason  unused
          ExemptionReasonCode  unused
        BasisAmount  -@currencyID
        ReasonCode[else !@listID @listID=5153]  unused
        ReasonCode[!@listID]  =CHARGE_REASONS:391
      SpecifiedTradeSettlementPaymentMeans
        TypeCode  1:488 =PAYMENT_MEANS:489
        PayeePartyCreditorFinancialAccount  ?:194
          IBANID  -@schemeID
          ProprietaryID  -@schemeID
        PayerPartyDebtorFinancialAccount
          IBANID  1:195 -@schemeID
      TaxCurrencyCode  =FACTUR_X_CURRENCIES:196
"""
