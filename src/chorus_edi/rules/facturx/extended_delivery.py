"""What the profile EXTENDED of Factur-X 1.09 makes of the header delivery (see ``table``)."""

from __future__ import annotations

TABLE = """
    ApplicableHeaderTradeDelivery
      ActualDeliverySupplyChainEvent
        OccurrenceDateTime  1:171
          udt:DateTimeString  @format!:448 @format=102:786
      DeliveryNoteReferencedDocument
        IssuerAssignedID  1:787 -@schemeID
        AttachmentBinaryObject  unused
        FormattedIssueDateTime
          qdt:DateTimeString  @format!:788 @format=102|205:789
        LineID  unused
        Name  unused
        ReferenceTypeCode  unused
        TypeCode  unused
        URIID  unused
      DespatchAdviceReferencedDocument
        IssuerAssignedID  1:450 -@schemeID
        AttachmentBinaryObject  unused
        FormattedIssueDateTime
          qdt:DateTimeString  @format!:790 @format=102|205:791
        LineID  unused
        Name  unused
        ReferenceTypeCode  unused
        TypeCode  unused
        URIID  unused
      ReceivingAdviceReferencedDocument
        IssuerAssignedID  1:584 -@schemeID
        AttachmentBinaryObject  unused
        FormattedIssueDateTime
          qdt:DateTimeString  @format!:792 @format=102|205:793
        LineID  unused
        Name  unused
        ReferenceTypeCode  unused
        TypeCode  unused
        URIID  unused
      RelatedSupplyChainConsignment
        SpecifiedLogisticsTransportMovement
          ModeCode  1:322 =TRANSPORT_MODES:346
      ShipFromTradeParty
        ID  ?:794 -@schemeID
        RoleCode  ?:795
        URIUniversalCommunication  ?:796
          URIID  1:812 @schemeID!:813 @schemeID=FACTUR_X_ADDRESS_SCHEMES:814
          CompleteNumber  unused
        SpecifiedTaxRegistration  ?:797
          ID  1:810 @schemeID!:811
        DefinedTradeContact
          EmailURIUniversalCommunication
            URIID  1:798 -@schemeID
            CompleteNumber  unused
          FaxUniversalCommunication
            CompleteNumber  1:799
            URIID  unused
          TelephoneUniversalCommunication
            CompleteNumber  1:800
            URIID  unused
        Description  unused
        GlobalID  @schemeID!:801 @schemeID=EXTENDED_PARTY_SCHEMES:802
        PostalTradeAddress
          CountryID  1:803 =COUNTRIES:805
          CountrySubDivisionName  ?:804
          PostcodeCode  -@listID -@listVersionID
        SpecifiedLegalOrganization
          ID  @schemeID=ICD:806
          PostalTradeAddress
            CountryID  1:807 =COUNTRIES:809
            CountrySubDivisionName  ?:808
            PostcodeCode  -@listID -@listVersionID
      ShipToTradeParty
        ID  ?:451 -@schemeID
        RoleCode  ?:815
        URIUniversalCommunication  ?:816
          URIID  1:829 @schemeID!:830 @schemeID=FACTUR_X_ADDRESS_SCHEMES:831
          CompleteNumber  unused
        SpecifiedTaxRegistration  ?:817
          ID  1:827 @schemeID!:828
        DefinedTradeContact
          EmailURIUniversalCommunication
            URIID  1:818 -@schemeID
            CompleteNumber  unused
          FaxUniversalCommunication
            CompleteNumber  1:819
            URIID  unused
          TelephoneUniversalCommunication
            CompleteNumber  1:820
            URIID  unused
        Description  unused
        GlobalID  @schemeID!:453 @schemeID=EXTENDED_PARTY_SCHEMES:821
        PostalTradeAddress
          CountryID  1:455 =COUNTRIES:822
          CountrySubDivisionName  ?:456
          PostcodeCode  -@listID -@listVersionID
        SpecifiedLegalOrganization
          ID  @schemeID=ICD:823
          PostalTradeAddress
            CountryID  1:824 =COUNTRIES:826
            CountrySubDivisionName  ?:825
            PostcodeCode  -@listID -@listVersionID
      UltimateShipToTradeParty
        ID  ?:832 -@schemeID
        RoleCode  ?:833
        URIUniversalCommunication  ?:834
          URIID  1:850 @schemeID!:851 @schemeID=FACTUR_X_ADDRESS_SCHEMES:852
          CompleteNumber  unused
        SpecifiedTaxRegistration  ?:835
          ID  1:848 @schemeID!:849
        DefinedTradeContact
          EmailURIUniversalCommunication
            URIID  1:836 -@schemeID
            CompleteNumber  unused
          FaxUniversalCommunication
            CompleteNumber  1:837
            URIID  unused
          TelephoneUniversalCommunication
            CompleteNumber  1:838
            URIID  unused
        Description  unused
        GlobalID  @schemeID!:839 @schemeID=EXTENDED_PARTY_SCHEMES:840
        PostalTradeAddress
          CountryID  1:841 =COUNTRIES:843
          CountrySubDivisionName  ?:842
          PostcodeCode  -@listID -@listVersionID
        SpecifiedLegalOrganization
          ID  @schemeID=ICD:844
          PostalTradeAddress
            CountryID  1:845 =COUNTRIES:847
            CountrySubDivisionName  ?:846
            PostcodeCode  -@listID -@listVersionID
"""
