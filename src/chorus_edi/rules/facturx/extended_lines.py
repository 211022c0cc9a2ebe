# ruff: noqa: E501 - a line is an element
"""What the profile EXTENDED of Factur-X 1.09 makes of the lines (see ``table``)."""

from __future__ import annotations

TABLE = """
    IncludedSupplyChainTradeLineItem  +:265
      AssociatedDocumentLineDocument  1:266
        LineID  1:270 -@schemeID
        IncludedNote
          Content  ?:1012
          SubjectCode  ?:1013 -@listID -@listVersionID =CII_NOTE_SUBJECTS:1014
          ContentCode  -@listID -@listVersionID
        LineStatusCode  =LINE_STATUSES:334
        LineStatusReasonCode  -@listID -@listVersionID =LINE_KINDS:335
        ParentLineID  -@schemeID
      SpecifiedTradeProduct  1:267
        Name  1:550
        Description  ?:625
        ApplicableProductCharacteristic
          Description  ?:1144
          Value  ?:384
          TypeCode  -@listID -@listVersionID
        BatchID  -@schemeID
        BuyerAssignedID  -@schemeID
        DesignatedProductClassification
          ClassName  ?:342
          ClassCode  @listID!:296 @listID=ITEM_CLASSIFICATIONS:1145
        GlobalID  @schemeID!:551 @schemeID=ICD:1146
        ID  -@schemeID
        IncludedReferencedProduct
          ID  ?:1147 -@schemeID
          IndustryAssignedID  ?:343 -@schemeID
          Name  1:1148
          Description  ?:1149
          UnitQuantity  ?:344 @unitCode!:1152 @unitCode=UNITS:1153
          BuyerAssignedID  -@schemeID
          GlobalID  @schemeID!:1150 @schemeID=ICD:1151
          SellerAssignedID  -@schemeID
        IndividualTradeProductInstance
          BatchID  -@schemeID
          SupplierAssignedSerialID  -@schemeID
        IndustryAssignedID  -@schemeID
        ManufacturerTradeParty
          RoleCode  ?:1154
          Description  ?:1155
          URIUniversalCommunication  ?:1156
            URIID  1:1170 @schemeID!:1171 @schemeID=FACTUR_X_ADDRESS_SCHEMES:1172
            CompleteNumber  unused
          SpecifiedTaxRegistration[else ID/@schemeID=VA ID/@schemeID=FC]  unused
          SpecifiedTaxRegistration[ID/@schemeID=FC]  2:385
            ID  1:1166 @schemeID!:1167
          SpecifiedTaxRegistration[ID/@schemeID=VA]  2:386
            ID  1:1168 @schemeID!:1169
          DefinedTradeContact
            EmailURIUniversalCommunication
              URIID  1:1157 -@schemeID
              CompleteNumber  unused
            FaxUniversalCommunication
              CompleteNumber  1:1158
              URIID  unused
            TelephoneUniversalCommunication
              CompleteNumber  1:1159
              URIID  unused
          GlobalID  @schemeID!:1160 @schemeID=EXTENDED_PARTY_SCHEMES:1161
          ID  -@schemeID
          PostalTradeAddress
            CountryID  1:1162 =COUNTRIES:1164
            CountrySubDivisionName  ?:1163
            PostcodeCode  -@listID -@listVersionID
          SpecifiedLegalOrganization
            ID  @schemeID=ICD:1165
            PostalTradeAddress  unused
        ModelID  -@schemeID
        OriginTradeCountry
          ID  1:627 =COUNTRIES:1173
        SellerAssignedID  -@schemeID
      SpecifiedLineTradeAgreement
        AdditionalReferencedDocument
          IssuerAssignedID  1:1015 -@schemeID
          TypeCode  1:1016 =FURTHER_DOCUMENT_TYPES:1025
          Name  ?:1017
          AttachmentBinaryObject  ?:1018 @filename!:1021 @mimeCode!:1019 @mimeCode=EXTENDED_MEDIA:1020
          FormattedIssueDateTime
            qdt:DateTimeString  @format!:1022 @format=102|205:1023
          LineID  -@schemeID
          ReferenceTypeCode  =REFERENCES:1024
          URIID  -@schemeID
        ApplicableTradeDeliveryTerms
          DeliveryTypeCode  1:1026 =DELIVERY_TERMS:1027
          RelevantTradeLocation
            CountryID  =COUNTRIES:1028
        BuyerOrderReferencedDocument
          AttachmentBinaryObject  unused
          FormattedIssueDateTime
            qdt:DateTimeString  @format!:1029 @format=102|205:1030
          IssuerAssignedID  -@schemeID
          LineID  -@schemeID
          Name  unused
          ReferenceTypeCode  unused
          TypeCode  unused
          URIID  unused
        ContractReferencedDocument
          AttachmentBinaryObject  unused
          FormattedIssueDateTime
            qdt:DateTimeString  @format!:1031 @format=102|205:1032
          IssuerAssignedID  -@schemeID
          LineID  -@schemeID
          Name  unused
          ReferenceTypeCode  unused
          TypeCode  unused
          URIID  unused
        GrossPriceProductTradePrice
          ChargeAmount  1:273 -@currencyID
          AppliedTradeAllowanceCharge[else allowance charge]  unused
          AppliedTradeAllowanceCharge[allowance]
            ChargeIndicator  1:530
            ActualAmount  1:531 -@currencyID
            BasisAmount  -@currencyID
            BasisQuantity  unused
            CategoryTradeTax  unused
            ReasonCode  -@listID =ALLOWANCE_REASONS:1033
            SequenceNumeric  unused
          AppliedTradeAllowanceCharge[charge]
            ChargeIndicator  1:1034
            ActualAmount  1:1035 -@currencyID
            BasisAmount  -@currencyID
            BasisQuantity  unused
            CategoryTradeTax  unused
            ReasonCode[else @listID=5153 !@listID]  unused
            ReasonCode[@listID=5153]  =TAX_TYPES:1036
            SequenceNumeric  unused
          BasisQuantity  @unitCode=UNITS:1037
          IncludedTradeTax  unused
        ItemSellerTradeParty
          RoleCode  ?:1038
          Description  ?:1039
          URIUniversalCommunication  ?:1040
            URIID  1:1056 @schemeID!:1057 @schemeID=FACTUR_X_ADDRESS_SCHEMES:1058
            CompleteNumber  unused
          SpecifiedTaxRegistration[else ID/@schemeID=VA ID/@schemeID=FC]  unused
          SpecifiedTaxRegistration[ID/@schemeID=FC]  ?:1042
            ID  1:1052 @schemeID!:1053
          SpecifiedTaxRegistration[ID/@schemeID=VA]  ?:1041
            ID  1:1054 @schemeID!:1055
          DefinedTradeContact
            EmailURIUniversalCommunication
              URIID  1:1043 -@schemeID
              CompleteNumber  unused
            FaxUniversalCommunication
              CompleteNumber  1:1044
              URIID  unused
            TelephoneUniversalCommunication
              CompleteNumber  1:1045
              URIID  unused
          GlobalID  @schemeID!:1046 @schemeID=EXTENDED_PARTY_SCHEMES:1047
          ID  -@schemeID
          PostalTradeAddress
            CountryID  1:1048 =COUNTRIES:1050
            CountrySubDivisionName  ?:1049
            PostcodeCode  -@listID -@listVersionID
          SpecifiedLegalOrganization
            ID  @schemeID=ICD:1051
            PostalTradeAddress  unused
        NetPriceProductTradePrice
          ChargeAmount  1:532 -@currencyID
          IncludedTradeTax  ?:336
            CalculatedAmount  1:1060 -@currencyID
            TypeCode  1:1061 =VAT:1066
            CategoryCode  1:1062 =VAT_CATEGORIES:1064
            RateApplicablePercent  1:1063
            AllowanceChargeBasisAmount  unused
            BasisAmount  unused
            DueDateTypeCode  unused
            ExemptionReasonCode  -@listID -@listVersionID =VAT_EXEMPTIONS:1065
            LineTotalBasisAmount  unused
            TaxPointDate  unused
          AppliedTradeAllowanceCharge  unused
          BasisQuantity  @unitCode=UNITS:1059
        QuotationReferencedDocument
          AttachmentBinaryObject  unused
          FormattedIssueDateTime
            qdt:DateTimeString  @format!:1067 @format=102|205:1068
          IssuerAssignedID  -@schemeID
          LineID  -@schemeID
          Name  unused
          ReferenceTypeCode  unused
          TypeCode  unused
          URIID  unused
        SellerOrderReferencedDocument
          AttachmentBinaryObject  unused
          FormattedIssueDateTime
            qdt:DateTimeString  @format!:1069 @format=102|205:1070
          IssuerAssignedID  -@schemeID
          LineID  -@schemeID
          Name  unused
          ReferenceTypeCode  unused
          TypeCode  unused
          URIID  unused
        UltimateCustomerOrderReferencedDocument
          AttachmentBinaryObject  unused
          FormattedIssueDateTime
            qdt:DateTimeString  @format!:1071 @format=102|205:1072
          IssuerAssignedID  -@schemeID
          LineID  -@schemeID
          Name  unused
          ReferenceTypeCode  unused
          TypeCode  unused
          URIID  unused
      SpecifiedLineTradeDelivery
        ActualDeliverySupplyChainEvent
          OccurrenceDateTime  1:1073
            udt:DateTimeString  @format!:1074 @format=102:1075
        BilledQuantity  @unitCode=UNITS:1076
        ChargeFreeQuantity  @unitCode!:1077 @unitCode=UNITS:1078
        DeliveryNoteReferencedDocument
          AttachmentBinaryObject  unused
          FormattedIssueDateTime
            qdt:DateTimeString  @format!:1079 @format=102|205:1080
          IssuerAssignedID  -@schemeID
          LineID  -@schemeID
          Name  unused
          ReferenceTypeCode  unused
          TypeCode  unused
          URIID  unused
        DespatchAdviceReferencedDocument
          AttachmentBinaryObject  unused
          FormattedIssueDateTime
            qdt:DateTimeString  @format!:1081 @format=102|205:1082
          IssuerAssignedID  -@schemeID
          LineID  -@schemeID
          Name  unused
          ReferenceTypeCode  unused
          TypeCode  unused
          URIID  unused
        PackageQuantity  @unitCode!:1083 @unitCode=UNITS:1084
        PerPackageUnitQuantity  @unitCode!:1085 @unitCode=UNITS:1086
        ReceivingAdviceReferencedDocument
          AttachmentBinaryObject  unused
          FormattedIssueDateTime
            qdt:DateTimeString  @format!:1087 @format=102|205:1088
          IssuerAssignedID  -@schemeID
          LineID  -@schemeID
          Name  unused
          ReferenceTypeCode  unused
          TypeCode  unused
          URIID  unused
        ShipToTradeParty
          ID  ?:1089 -@schemeID
          RoleCode  ?:1090
          URIUniversalCommunication  ?:1091
            URIID  1:1105 @schemeID!:1106 @schemeID=FACTUR_X_ADDRESS_SCHEMES:1107
            CompleteNumber  unused
          SpecifiedTaxRegistration  ?:1092
            ID  1:1103 @schemeID!:1104
          DefinedTradeContact
            EmailURIUniversalCommunication
              URIID  1:1093 -@schemeID
              CompleteNumber  unused
            FaxUniversalCommunication
              CompleteNumber  1:1094
              URIID  unused
            TelephoneUniversalCommunication
              CompleteNumber  1:1095
              URIID  unused
          Description  unused
          GlobalID  @schemeID!:1096 @schemeID=EXTENDED_PARTY_SCHEMES:1097
          PostalTradeAddress
            CountryID  1:1098 =COUNTRIES:1100
            CountrySubDivisionName  ?:1099
            PostcodeCode  -@listID -@listVersionID
          SpecifiedLegalOrganization
            ID  @schemeID!:1101 @schemeID=ICD:1102
            PostalTradeAddress  unused
        UltimateShipToTradeParty
          ID  ?:1108 -@schemeID
          RoleCode  ?:1109
          URIUniversalCommunication  ?:1110
            URIID  1:1123 @schemeID!:1124 @schemeID=FACTUR_X_ADDRESS_SCHEMES:1125
            CompleteNumber  unused
          SpecifiedTaxRegistration  ?:1111
            ID  1:1121 @schemeID!:1122
          DefinedTradeContact
            EmailURIUniversalCommunication
              URIID  1:1112 -@schemeID
              CompleteNumber  unused
            FaxUniversalCommunication
              CompleteNumber  1:1113
              URIID  unused
            TelephoneUniversalCommunication
              CompleteNumber  1:1114
              URIID  unused
          Description  unused
          GlobalID  @schemeID!:1115 @schemeID=EXTENDED_PARTY_SCHEMES:1116
          PostalTradeAddress
            CountryID  1:1117 =COUNTRIES:1119
            CountrySubDivisionName  ?:1118
            PostcodeCode  -@listID -@listVersionID
          SpecifiedLegalOrganization
            ID  @schemeID=ICD:1120
            PostalTradeAddress  unused
      SpecifiedLineTradeSettlement
        InvoiceReferencedDocument  ?:337
          AttachmentBinaryObject  unused
          FormattedIssueDateTime
            qdt:DateTimeString  @format!:1134 @format=102|205:1135
          IssuerAssignedID  -@schemeID
          LineID  -@schemeID
          Name  unused
          ReferenceTypeCode  unused
          TypeCode  =PRECEDING_TYPES:1136
          URIID  unused
        AdditionalReferencedDocument
          IssuerAssignedID  1:615 -@schemeID
          TypeCode  1:616 =FURTHER_DOCUMENT_TYPES:1127
          AttachmentBinaryObject  unused
          FormattedIssueDateTime  unused
          LineID  unused
          Name  unused
          ReferenceTypeCode  =REFERENCES:1126
          URIID  unused
        ApplicableTradeTax
          CalculatedAmount  ?:338 -@currencyID
          AllowanceChargeBasisAmount  unused
          BasisAmount  unused
          CategoryCode  =VAT_CATEGORIES:1128
          DueDateTypeCode  =CII_TAX_POINTS:1129
          ExemptionReasonCode  -@listID -@listVersionID =VAT_EXEMPTIONS:1130
          LineTotalBasisAmount  unused
          TaxPointDate  unused
          TypeCode  =TAX_TYPES:1131
        BillingSpecifiedPeriod
          CompleteDateTime  unused
          Description  unused
          EndDateTime
            udt:DateTimeString  @format!:539 @format=102:1132
          StartDateTime
            udt:DateTimeString  @format!:541 @format=102:1133
        ReceivableSpecifiedTradeAccountingAccount
          ID  -@schemeID
        SpecifiedTradeAllowanceCharge[else allowance charge]  unused
        SpecifiedTradeAllowanceCharge[allowance]
          ChargeIndicator  1:543
          ActualAmount  1:544 -@currencyID
          BasisAmount  -@currencyID
          BasisQuantity  unused
          CategoryTradeTax  unused
          ReasonCode  -@listID =ALLOWANCE_REASONS:1137
          SequenceNumeric  unused
        SpecifiedTradeAllowanceCharge[charge]
          ChargeIndicator  1:546
          ActualAmount  1:547 -@currencyID
          BasisAmount  -@currencyID
          BasisQuantity  unused
          CategoryTradeTax  unused
          ReasonCode[else !@listID @listID=5153]  unused
          ReasonCode[@listID=5153]  =TAX_TYPES:1138
          ReasonCode[!@listID]  =CHARGE_REASONS:1139
          SequenceNumeric  unused
        SpecifiedTradeSettlementLineMonetarySummation
          LineTotalAmount  ?:382 -@currencyID
          ChargeTotalAmount  ?:1140 -@currencyID
          AllowanceTotalAmount  ?:1141 -@currencyID
          TaxTotalAmount[else @currencyID=BT-5! @currencyID=BT-6!]  unused
          TaxTotalAmount[@currencyID=BT-5!]  ?:387 @currencyID=FACTUR_X_CURRENCIES:1142
          TaxTotalAmount[@currencyID=BT-6!]  ?:388 @currencyID=FACTUR_X_CURRENCIES:1143
          GrandTotalAmount  ?:340 -@currencyID
          TotalAllowanceChargeAmount  ?:341 -@currencyID
"""
