"""What the profile EN 16931 of Factur-X 1.09 makes of the elements of CII (see ``table``)."""

from __future__ import annotations

TABLE = """
rsm:CrossIndustryInvoice
  rsm:ExchangedDocument
    ID  1:19 -@schemeID
    TypeCode  1:20 =DOCUMENT_TYPES:555
    IncludedNote
      Content  1:160
      SubjectCode  ?:161 -@listID -@listVersionID =CII_NOTE_SUBJECTS:553
    IssueDateTime
      udt:DateTimeString  @format!:21 @format=102:554
  rsm:ExchangedDocumentContext
    BusinessProcessSpecifiedDocumentContextParameter  ?:24
      ID  1:406 -@schemeID
    GuidelineSpecifiedDocumentContextParameter  1:25
      ID  1:407 -@schemeID =GUIDELINES:556
  rsm:SupplyChainTradeTransaction
    IncludedSupplyChainTradeLineItem  +:265
      AssociatedDocumentLineDocument  1:266
        LineID  1:270 -@schemeID
        IncludedNote  ?:271
          Content  1:529
          SubjectCode  unused
      SpecifiedTradeProduct  1:267
        Name  1:550
        Description  ?:625
        ApplicableProductCharacteristic
          Description  1:294
          Value  1:295
        BuyerAssignedID  -@schemeID
        DesignatedProductClassification
          ClassCode  @listID!:296 @listID=ITEM_CLASSIFICATIONS:297
        GlobalID  @schemeID!:551 @schemeID=ICD:626
        OriginTradeCountry
          ID  1:627 =COUNTRIES:628
        SellerAssignedID  -@schemeID
      SpecifiedLineTradeAgreement  1:268
        NetPriceProductTradePrice  1:272
          ChargeAmount  1:532 -@currencyID
          AppliedTradeAllowanceCharge  unused
          BasisQuantity  @unitCode=UNITS:612
        BuyerOrderReferencedDocument
          AttachmentBinaryObject  unused
          FormattedIssueDateTime  unused
          IssuerAssignedID  unused
          LineID  -@schemeID
          Name  unused
          ReferenceTypeCode  unused
          TypeCode  unused
          URIID  unused
        GrossPriceProductTradePrice
          ChargeAmount  1:273 -@currencyID
          AppliedTradeAllowanceCharge[else allowance charge]  unused
          AppliedTradeAllowanceCharge[allowance]  ?:274
            ChargeIndicator  1:530
            ActualAmount  1:531 -@currencyID
            BasisAmount  unused
            CalculationPercent  unused
            CategoryTradeTax  unused
            Reason  unused
            ReasonCode  unused
          BasisQuantity  @unitCode=UNITS:611
      SpecifiedLineTradeDelivery  1:269
        BilledQuantity  1:276 @unitCode=UNITS:613
      SpecifiedLineTradeSettlement
        AdditionalReferencedDocument  ?:293
          IssuerAssignedID  1:615 -@schemeID
          TypeCode  1:616 =FURTHER_DOCUMENT_TYPES:618
          AttachmentBinaryObject  unused
          FormattedIssueDateTime  unused
          LineID  unused
          Name  unused
          ReferenceTypeCode  =REFERENCES:617
          URIID  unused
        ApplicableTradeTax  1:278
          TypeCode  1:535 =VAT:620
          CategoryCode  1:536 =FACTUR_X_VAT_CATEGORIES:619
          BasisAmount  unused
          CalculatedAmount  unused
          DueDateTypeCode  unused
          ExemptionReason  unused
          ExemptionReasonCode  unused
          TaxPointDate  unused
        BillingSpecifiedPeriod
          EndDateTime
            udt:DateTimeString  @format!:539 @format=102:621
          StartDateTime
            udt:DateTimeString  @format!:541 @format=102:622
        ReceivableSpecifiedTradeAccountingAccount  ?:614
          ID  -@schemeID
        SpecifiedTradeAllowanceCharge[else allowance charge]  unused
        SpecifiedTradeAllowanceCharge[allowance]
          ChargeIndicator  1:543
          ActualAmount  1:544 -@currencyID
          BasisAmount  -@currencyID
          CategoryTradeTax  unused
          ReasonCode  =ALLOWANCE_REASONS:623
        SpecifiedTradeAllowanceCharge[charge]
          ChargeIndicator  1:546
          ActualAmount  1:547 -@currencyID
          BasisAmount  -@currencyID
          CategoryTradeTax  unused
          ReasonCode[else !@listID @listID=5153]  unused
          ReasonCode[!@listID]  =CHARGE_REASONS:624
        SpecifiedTradeSettlementLineMonetarySummation  1:279
          LineTotalAmount  1:549 -@currencyID
    ApplicableHeaderTradeAgreement
      AdditionalReferencedDocument[else TypeCode=916 TypeCode=50 TypeCode=130]  unused
      AdditionalReferencedDocument[TypeCode=130]
        IssuerAssignedID  1:557 -@schemeID
        TypeCode  1:558 =130:559
        AttachmentBinaryObject  unused
        FormattedIssueDateTime  unused
        LineID  unused
        Name  unused
        ReferenceTypeCode  =REFERENCES:282
        URIID  unused
      AdditionalReferencedDocument[TypeCode=50]
        IssuerAssignedID  1:560 -@schemeID
        TypeCode  1:561 =50:562
        AttachmentBinaryObject  unused
        FormattedIssueDateTime  unused
        LineID  unused
        Name  unused
        ReferenceTypeCode  unused
        URIID  unused
      AdditionalReferencedDocument[TypeCode=916]
        IssuerAssignedID  1:563 -@schemeID
        TypeCode  1:564 =916:565
        Name  ?:283
        AttachmentBinaryObject  ?:284 @filename!:286 @mimeCode!:285 @mimeCode=MEDIA_TYPES:287
        FormattedIssueDateTime  unused
        LineID  unused
        ReferenceTypeCode  unused
        URIID  -@schemeID
      BuyerOrderReferencedDocument
        IssuerAssignedID  1:29 -@schemeID
        AttachmentBinaryObject  unused
        FormattedIssueDateTime  unused
        LineID  unused
        Name  unused
        ReferenceTypeCode  unused
        TypeCode  unused
        URIID  unused
      BuyerTradeParty  1:28
        ID  ?:163 -@schemeID
        GlobalID  ?:164 @schemeID!:420 @schemeID=FACTUR_X_PARTY_SCHEMES:567
        Name  1:30
        DefinedTradeContact  ?:288
          EmailURIUniversalCommunication
            URIID  1:566 -@schemeID
            CompleteNumber  unused
          TelephoneUniversalCommunication
            CompleteNumber  1:289
            URIID  unused
        PostalTradeAddress  1:419
          CountryID  1:422 =COUNTRIES:568
          CountrySubDivisionName  ?:167
          PostcodeCode  -@listID -@listVersionID
        URIUniversalCommunication  ?:165
          URIID  1:168 @schemeID!:428 @schemeID=FACTUR_X_ADDRESS_SCHEMES:571
          CompleteNumber  unused
        SpecifiedTaxRegistration  ?:166
          ID  1:425 @schemeID!:426 @schemeID=VA:570
        Description  unused
        SpecifiedLegalOrganization
          ID  @schemeID=ICD:569
      ContractReferencedDocument
        IssuerAssignedID  1:430 -@schemeID
        AttachmentBinaryObject  unused
        FormattedIssueDateTime  unused
        LineID  unused
        Name  unused
        ReferenceTypeCode  unused
        TypeCode  unused
        URIID  unused
      SellerOrderReferencedDocument
        IssuerAssignedID  1:572 -@schemeID
        AttachmentBinaryObject  unused
        FormattedIssueDateTime  unused
        LineID  unused
        Name  unused
        ReferenceTypeCode  unused
        TypeCode  unused
        URIID  unused
      SellerTaxRepresentativeTradeParty
        Name  1:431
        PostalTradeAddress  1:432
          CountryID  1:433 =COUNTRIES:573
          CountrySubDivisionName  ?:434
          PostcodeCode  -@listID -@listVersionID
        SpecifiedTaxRegistration  1:169
          ID  1:436 @schemeID!:437 @schemeID=VA:574
        DefinedTradeContact  unused
        Description  unused
        GlobalID  unused
        ID  unused
        SpecifiedLegalOrganization  unused
        URIUniversalCommunication  unused
      SellerTradeParty  1:27
        Name  1:409
        Description  ?:575
        DefinedTradeContact  ?:576
          EmailURIUniversalCommunication
            URIID  1:577 -@schemeID
            CompleteNumber  unused
          TelephoneUniversalCommunication
            CompleteNumber  1:578
            URIID  unused
        PostalTradeAddress  1:32
          CountryID  1:35 =COUNTRIES:580
          CountrySubDivisionName  ?:442
          PostcodeCode  -@listID -@listVersionID
        URIUniversalCommunication  ?:439
          URIID  1:445 @schemeID!:446 @schemeID=FACTUR_X_ADDRESS_SCHEMES:582
          CompleteNumber  unused
        SpecifiedTaxRegistration[else ID/@schemeID=VA ID/@schemeID=FC]  unused
        SpecifiedTaxRegistration[ID/@schemeID=FC]  ?:34
          ID  1:411 @schemeID!:37
        SpecifiedTaxRegistration[ID/@schemeID=VA]  ?:33
          ID  1:412 @schemeID!:413
        GlobalID  @schemeID!:440 @schemeID=FACTUR_X_PARTY_SCHEMES:579
        ID  -@schemeID
        SpecifiedLegalOrganization
          ID  @schemeID=ICD:581
      SpecifiedProcuringProject
        ID  -@schemeID
    ApplicableHeaderTradeDelivery
      ActualDeliverySupplyChainEvent
        OccurrenceDateTime  1:171
          udt:DateTimeString  @format!:448 @format=102:583
      DespatchAdviceReferencedDocument
        IssuerAssignedID  1:450 -@schemeID
        AttachmentBinaryObject  unused
        FormattedIssueDateTime  unused
        LineID  unused
        Name  unused
        ReferenceTypeCode  unused
        TypeCode  unused
        URIID  unused
      ReceivingAdviceReferencedDocument
        IssuerAssignedID  1:584 -@schemeID
        AttachmentBinaryObject  unused
        FormattedIssueDateTime  unused
        LineID  unused
        Name  unused
        ReferenceTypeCode  unused
        TypeCode  unused
        URIID  unused
      ShipToTradeParty
        ID  ?:451 -@schemeID
        GlobalID  ?:452 @schemeID!:453 @schemeID=FACTUR_X_PARTY_SCHEMES:585
        DefinedTradeContact  unused
        Description  unused
        PostalTradeAddress
          CountryID  1:455 =COUNTRIES:586
          CountrySubDivisionName  ?:456
          PostcodeCode  -@listID -@listVersionID
        SpecifiedLegalOrganization  unused
        SpecifiedTaxRegistration  unused
        URIUniversalCommunication  unused
    ApplicableHeaderTradeSettlement
      PaymentReference  ?:172
      InvoiceCurrencyCode  1:38 =FACTUR_X_CURRENCIES:595
      ApplicableTradeTax  +:173
        CalculatedAmount  1:176 -@currencyID
        TypeCode  1:458 =VAT:592
        BasisAmount  1:177 -@currencyID
        CategoryCode  1:178 =FACTUR_X_VAT_CATEGORIES:587
        DueDateTypeCode  =CII_TAX_POINTS:588
        ExemptionReasonCode  -@listID -@listVersionID =VAT_EXEMPTIONS:589
        TaxPointDate
          udt:DateString  @format!:590 @format=102:591
      SpecifiedTradePaymentTerms  ?:174
        Description  ?:187
        DirectDebitMandateID  ?:188 -@schemeID
        DueDateDateTime
          udt:DateTimeString  @format!:484 @format=102:605
      SpecifiedTradeSettlementHeaderMonetarySummation  1:39
        LineTotalAmount  1:189 -@currencyID
        ChargeTotalAmount  ?:190 -@currencyID
        AllowanceTotalAmount  ?:191 -@currencyID
        TaxBasisTotalAmount  1:41 -@currencyID
        TaxTotalAmount[else @currencyID=BT-5 @currencyID=BT-6]  unused
        TaxTotalAmount[@currencyID=BT-5]  ?:42 @currencyID=FACTUR_X_CURRENCIES:606
        TaxTotalAmount[@currencyID=BT-6]  ?:192 @currencyID=FACTUR_X_CURRENCIES:607
        RoundingAmount  ?:290 -@currencyID
        GrandTotalAmount  1:43 -@currencyID
        TotalPrepaidAmount  ?:193 -@currencyID
        DuePayableAmount  1:44 -@currencyID
      ReceivableSpecifiedTradeAccountingAccount  ?:175
        ID  -@schemeID
      BillingSpecifiedPeriod
        EndDateTime
          udt:DateTimeString  @format!:460 @format=102:593
        StartDateTime
          udt:DateTimeString  @format!:462 @format=102:594
      CreditorReferenceID  -@schemeID
      InvoiceReferencedDocument
        AttachmentBinaryObject  unused
        FormattedIssueDateTime
          qdt:DateTimeString  @format!:465 @format=102:596
        IssuerAssignedID  1:415 -@schemeID
        LineID  unused
        Name  unused
        ReferenceTypeCode  unused
        TypeCode  unused
        URIID  unused
      PayeeTradeParty
        ID  ?:467 -@schemeID
        GlobalID  ?:468 @schemeID!:470 @schemeID=FACTUR_X_PARTY_SCHEMES:597
        Name  1:469
        DefinedTradeContact  unused
        Description  unused
        PostalTradeAddress  unused
        SpecifiedLegalOrganization
          ID  @schemeID=ICD:598
          TradingBusinessName  unused
        SpecifiedTaxRegistration  unused
        URIUniversalCommunication  unused
      SpecifiedTradeAllowanceCharge[else allowance charge]  unused
      SpecifiedTradeAllowanceCharge[allowance]
        ChargeIndicator  1:183
        ActualAmount  1:184 -@currencyID
        CategoryTradeTax  1:185
          TypeCode  1:473 =VAT:600
          CategoryCode  1:474 =FACTUR_X_VAT_CATEGORIES:599
          BasisAmount  unused
          CalculatedAmount  unused
          DueDateTypeCode  unused
          ExemptionReason  unused
          ExemptionReasonCode  unused
          TaxPointDate  unused
        BasisAmount  -@currencyID
        ReasonCode  =ALLOWANCE_REASONS:601
      SpecifiedTradeAllowanceCharge[charge]
        ChargeIndicator  1:477
        ActualAmount  1:478 -@currencyID
        CategoryTradeTax  1:479
          TypeCode  1:480 =VAT:603
          CategoryCode  1:481 =FACTUR_X_VAT_CATEGORIES:602
          BasisAmount  unused
          CalculatedAmount  unused
          DueDateTypeCode  unused
          ExemptionReason  unused
          ExemptionReasonCode  unused
          TaxPointDate  unused
        BasisAmount  -@currencyID
        ReasonCode[else !@listID @listID=5153]  unused
        ReasonCode[!@listID]  =CHARGE_REASONS:604
      SpecifiedTradeSettlementPaymentMeans
        TypeCode  1:488 =PAYMENT_MEANS:609
        Information  ?:291
        PayeePartyCreditorFinancialAccount  ?:194
          IBANID  -@schemeID
          ProprietaryID  -@schemeID
        ApplicableTradeSettlementFinancialCard
          ID  1:608 -@schemeID
        PayeeSpecifiedCreditorFinancialInstitution
          BICID  1:292 -@schemeID
        PayerPartyDebtorFinancialAccount
          IBANID  1:195 -@schemeID
      TaxCurrencyCode  =FACTUR_X_CURRENCIES:610
"""
