"""What the profile EXTENDED of Factur-X 1.09 makes of the header settlement (see ``table``)."""

from __future__ import annotations

TABLE = """
    ApplicableHeaderTradeSettlement
      PaymentReference  ?:172
      InvoiceCurrencyCode  1:38 =FACTUR_X_CURRENCIES:861
      ApplicableTradeTax  +:173
        CalculatedAmount  1:176 -@currencyID
        TypeCode  1:458 =TAX_TYPES:857
        BasisAmount  1:177 -@currencyID
        LineTotalBasisAmount  ?:323 -@currencyID
        AllowanceChargeBasisAmount  ?:324 -@currencyID
        CategoryCode  1:178 =VAT_CATEGORIES:853
        DueDateTypeCode  =CII_TAX_POINTS:854
        ExemptionReasonCode  -@listID -@listVersionID =VAT_EXEMPTIONS:855
        TaxPointDate
          udt:DateString  @format!:590 @format=102:856
      SpecifiedTradeSettlementHeaderMonetarySummation  1:39
        LineTotalAmount  1:189 -@currencyID
        ChargeTotalAmount  ?:190 -@currencyID
        AllowanceTotalAmount  ?:191 -@currencyID
        TaxBasisTotalAmount  1:41 -@currencyID
        TaxTotalAmount[else @currencyID=BT-5 @currencyID=BT-6]  unused
        TaxTotalAmount[@currencyID=BT-5]  ?:42 @currencyID=FACTUR_X_CURRENCIES:1006
        TaxTotalAmount[@currencyID=BT-6]  ?:192 @currencyID=FACTUR_X_CURRENCIES:1007
        RoundingAmount  ?:290 -@currencyID
        GrandTotalAmount  1:43 -@currencyID
        TotalPrepaidAmount  ?:193 -@currencyID
        DuePayableAmount  1:44 -@currencyID
      BillingSpecifiedPeriod
        Description  ?:858
        CompleteDateTime  unused
        EndDateTime
          udt:DateTimeString  @format!:460 @format=102:859
        StartDateTime
          udt:DateTimeString  @format!:462 @format=102:860
      CreditorReferenceID  -@schemeID
      InvoiceReferencedDocument
        AttachmentBinaryObject  unused
        FormattedIssueDateTime
          qdt:DateTimeString  @format!:465 @format=102|205:862
        IssuerAssignedID  1:415 -@schemeID
        LineID  unused
        Name  unused
        ReferenceTypeCode  unused
        TypeCode  =PRECEDING_TYPES:863
        URIID  unused
      InvoiceeTradeParty
        ID  ?:864 -@schemeID
        Name  1:865
        RoleCode  ?:866
        URIUniversalCommunication  ?:867
          URIID  1:883 @schemeID!:884 @schemeID=FACTUR_X_ADDRESS_SCHEMES:885
          CompleteNumber  unused
        SpecifiedTaxRegistration  ?:868
          ID  1:881 @schemeID!:882
        DefinedTradeContact
          EmailURIUniversalCommunication
            URIID  1:869 -@schemeID
            CompleteNumber  unused
          FaxUniversalCommunication
            CompleteNumber  1:870
            URIID  unused
          TelephoneUniversalCommunication
            CompleteNumber  1:871
            URIID  unused
        Description  unused
        GlobalID  @schemeID!:872 @schemeID=EXTENDED_PARTY_SCHEMES:873
        PostalTradeAddress
          CountryID  1:874 =COUNTRIES:876
          CountrySubDivisionName  ?:875
          PostcodeCode  -@listID -@listVersionID
        SpecifiedLegalOrganization
          ID  @schemeID=ICD:877
          PostalTradeAddress
            CountryID  1:878 =COUNTRIES:880
            CountrySubDivisionName  ?:879
            PostcodeCode  -@listID -@listVersionID
      InvoicerTradeParty
        ID  ?:886 -@schemeID
        Name  1:887
        RoleCode  ?:888
        URIUniversalCommunication  ?:889
          URIID  1:905 @schemeID!:906 @schemeID=FACTUR_X_ADDRESS_SCHEMES:907
          CompleteNumber  unused
        SpecifiedTaxRegistration  ?:890
          ID  1:903 @schemeID!:904
        DefinedTradeContact
          EmailURIUniversalCommunication
            URIID  1:891 -@schemeID
            CompleteNumber  unused
          FaxUniversalCommunication
            CompleteNumber  1:892
            URIID  unused
          TelephoneUniversalCommunication
            CompleteNumber  1:893
            URIID  unused
        Description  unused
        GlobalID  @schemeID!:894 @schemeID=EXTENDED_PARTY_SCHEMES:895
        PostalTradeAddress
          CountryID  1:896 =COUNTRIES:898
          CountrySubDivisionName  ?:897
          PostcodeCode  -@listID -@listVersionID
        SpecifiedLegalOrganization
          ID  @schemeID=ICD:899
          PostalTradeAddress
            CountryID  1:900 =COUNTRIES:902
            CountrySubDivisionName  ?:901
            PostcodeCode  -@listID -@listVersionID
      PayeeTradeParty
        ID  ?:467 -@schemeID
        Name  1:469
        RoleCode  ?:908
        URIUniversalCommunication  ?:909
          URIID  1:924 @schemeID!:925 @schemeID=FACTUR_X_ADDRESS_SCHEMES:926
          CompleteNumber  unused
        SpecifiedTaxRegistration  ?:910
          ID  1:922 @schemeID!:923
        DefinedTradeContact
          EmailURIUniversalCommunication
            URIID  1:911 -@schemeID
            CompleteNumber  unused
          FaxUniversalCommunication
            CompleteNumber  1:912
            URIID  unused
          TelephoneUniversalCommunication
            CompleteNumber  1:913
            URIID  unused
        Description  unused
        GlobalID  @schemeID!:470 @schemeID=EXTENDED_PARTY_SCHEMES:914
        PostalTradeAddress
          CountryID  1:915 =COUNTRIES:917
          CountrySubDivisionName  ?:916
          PostcodeCode  -@listID -@listVersionID
        SpecifiedLegalOrganization
          ID  @schemeID=ICD:918
          PostalTradeAddress
            CountryID  1:919 =COUNTRIES:921
            CountrySubDivisionName  ?:920
            PostcodeCode  -@listID -@listVersionID
      PayerTradeParty
        ID  ?:927 -@schemeID
        Name  1:928
        RoleCode  ?:929
        URIUniversalCommunication  ?:930
          URIID  1:946 @schemeID!:947 @schemeID=FACTUR_X_ADDRESS_SCHEMES:948
          CompleteNumber  unused
        SpecifiedTaxRegistration  ?:931
          ID  1:944 @schemeID!:945
        DefinedTradeContact
          EmailURIUniversalCommunication
            URIID  1:932 -@schemeID
            CompleteNumber  unused
          FaxUniversalCommunication
            CompleteNumber  1:933
            URIID  unused
          TelephoneUniversalCommunication
            CompleteNumber  1:934
            URIID  unused
        Description  unused
        GlobalID  @schemeID!:935 @schemeID=EXTENDED_PARTY_SCHEMES:936
        PostalTradeAddress
          CountryID  1:937 =COUNTRIES:939
          CountrySubDivisionName  ?:938
          PostcodeCode  -@listID -@listVersionID
        SpecifiedLegalOrganization
          ID  @schemeID=ICD:940
          PostalTradeAddress
            CountryID  1:941 =COUNTRIES:943
            CountrySubDivisionName  ?:942
            PostcodeCode  -@listID -@listVersionID
      ReceivableSpecifiedTradeAccountingAccount
        ID  -@schemeID
        TypeCode  =ACCOUNT_TYPES:949
      SpecifiedAdvancePayment
        IncludedTradeTax  +:325
          CalculatedAmount  1:952 -@currencyID
          TypeCode  1:953 =TAX_TYPES:957
          CategoryCode  1:954 =VAT_CATEGORIES:955
          AllowanceChargeBasisAmount  unused
          BasisAmount  unused
          DueDateTypeCode  unused
          ExemptionReasonCode  -@listID -@listVersionID =VAT_EXEMPTIONS:956
          LineTotalBasisAmount  unused
          TaxPointDate  unused
        InvoiceSpecifiedReferencedDocument  ?:326
          IssuerAssignedID  1:958 -@schemeID
          AttachmentBinaryObject  unused
          FormattedIssueDateTime
            qdt:DateTimeString  @format!:959 @format=102|205:960
          LineID  unused
          Name  unused
          ReferenceTypeCode  unused
          TypeCode  =PRECEDING_TYPES:961
          URIID  unused
        FormattedReceivedDateTime
          qdt:DateTimeString  @format!:950 @format=102|205:951
        PaidAmount  -@currencyID
      SpecifiedFinancialAdjustment
        Reason  1:383
        ActualAmount  1:962 -@currencyID
      SpecifiedLogisticsServiceCharge
        Description  1:963
        AppliedAmount  1:327 -@currencyID
        AppliedTradeTax  +:328
          TypeCode  1:964 =TAX_TYPES:968
          CategoryCode  1:965 =VAT_CATEGORIES:966
          RateApplicablePercent  1:329
          AllowanceChargeBasisAmount  unused
          BasisAmount  unused
          CalculatedAmount  unused
          DueDateTypeCode  unused
          ExemptionReasonCode  -@listID -@listVersionID =VAT_EXEMPTIONS:967
          LineTotalBasisAmount  unused
          TaxPointDate  unused
      SpecifiedTradeAllowanceCharge[else allowance charge]  unused
      SpecifiedTradeAllowanceCharge[allowance]
        ChargeIndicator  1:183
        ActualAmount  1:184 -@currencyID
        CategoryTradeTax  1:185
          TypeCode  1:473 =TAX_TYPES:972
          CategoryCode  1:474 =VAT_CATEGORIES:970
          AllowanceChargeBasisAmount  unused
          BasisAmount  unused
          CalculatedAmount  unused
          DueDateTypeCode  unused
          ExemptionReasonCode  -@listID -@listVersionID =VAT_EXEMPTIONS:971
          LineTotalBasisAmount  unused
          TaxPointDate  unused
        BasisAmount  -@currencyID
        BasisQuantity  @unitCode=UNITS:969
        ReasonCode  -@listID =ALLOWANCE_REASONS:973
      SpecifiedTradeAllowanceCharge[charge]
        ChargeIndicator  1:477
        ActualAmount  1:478 -@currencyID
        CategoryTradeTax  1:479
          TypeCode  1:480 =TAX_TYPES:977
          CategoryCode  1:481 =VAT_CATEGORIES:975
          AllowanceChargeBasisAmount  unused
          BasisAmount  unused
          CalculatedAmount  unused
          DueDateTypeCode  unused
          ExemptionReasonCode  -@listID -@listVersionID =VAT_EXEMPTIONS:976
          LineTotalBasisAmount  unused
          TaxPointDate  unused
        BasisAmount  -@currencyID
        BasisQuantity  @unitCode=UNITS:974
        ReasonCode[else !@listID @listID=5153]  unused
        ReasonCode[@listID=5153]  =CHARGE_TAX_TYPES:390
        ReasonCode[!@listID]  =CHARGE_REASONS:978
      SpecifiedTradePaymentTerms
        Description  ?:187
        DirectDebitMandateID  ?:188 -@schemeID
        PartialPaymentAmount  ?:330 -@currencyID
        PayeeTradeParty  ?:331
          ID  ?:984 -@schemeID
          Name  1:985
          RoleCode  ?:986
          URIUniversalCommunication  ?:987
            URIID  1:1003 @schemeID!:1004 @schemeID=FACTUR_X_ADDRESS_SCHEMES:1005
            CompleteNumber  unused
          SpecifiedTaxRegistration  ?:988
            ID  1:1001 @schemeID!:1002
          DefinedTradeContact
            EmailURIUniversalCommunication
              URIID  1:989 -@schemeID
              CompleteNumber  unused
            FaxUniversalCommunication
              CompleteNumber  1:990
              URIID  unused
            TelephoneUniversalCommunication
              CompleteNumber  1:991
              URIID  unused
          Description  unused
          GlobalID  @schemeID!:992 @schemeID=EXTENDED_PARTY_SCHEMES:993
          PostalTradeAddress
            CountryID  1:994 =COUNTRIES:996
            CountrySubDivisionName  ?:995
            PostcodeCode  -@listID -@listVersionID
          SpecifiedLegalOrganization
            ID  @schemeID=ICD:997
            PostalTradeAddress
              CountryID  1:998 =COUNTRIES:1000
              CountrySubDivisionName  ?:999
              PostcodeCode  -@listID -@listVersionID
        ApplicableTradePaymentDiscountTerms
          ActualDiscountAmount  -@currencyID
          BasisAmount  -@currencyID
          BasisDateTime
            udt:DateTimeString  @format!:979 @format=102:980
        ApplicableTradePaymentPenaltyTerms
          ActualPenaltyAmount  -@currencyID
          BasisAmount  -@currencyID
          BasisDateTime
            udt:DateTimeString  @format!:981 @format=102:982
          BasisPeriodMeasure  @unitCode!:277
        DueDateDateTime
          udt:DateTimeString  @format!:484 @format=102:983
      SpecifiedTradeSettlementPaymentMeans
        TypeCode  1:488 =PAYMENT_MEANS:1008
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
        PayerSpecifiedDebtorFinancialInstitution
          BICID  -@schemeID
      TaxApplicableTradeCurrencyExchange
        ConversionRateDateTime
          udt:DateTimeString  @format!:1009 @format=102:1010
        SourceCurrencyCode  =FACTUR_X_CURRENCIES:332
        TargetCurrencyCode  =FACTUR_X_CURRENCIES:333
      TaxCurrencyCode  =FACTUR_X_CURRENCIES:1011
"""
