"""What the profile EXTENDED of Factur-X 1.09 makes of the header agreement (see ``table``)."""

from __future__ import annotations

TABLE = """
    ApplicableHeaderTradeAgreement
      AdditionalReferencedDocument[else TypeCode=916 TypeCode=50 TypeCode=130]  unused
      AdditionalReferencedDocument[TypeCode=130]
        IssuerAssignedID  1:557 -@schemeID
        TypeCode  1:558 =130:640
        AttachmentBinaryObject  unused
        FormattedIssueDateTime
          qdt:DateTimeString  @format!:637 @format=102|205:638
        LineID  unused
        Name  unused
        ReferenceTypeCode  =REFERENCES:639
        URIID  unused
      AdditionalReferencedDocument[TypeCode=50]
        IssuerAssignedID  1:560 -@schemeID
        TypeCode  1:561 =50:643
        AttachmentBinaryObject  unused
        FormattedIssueDateTime
          qdt:DateTimeString  @format!:641 @format=102|205:642
        LineID  unused
        Name  unused
        ReferenceTypeCode  unused
        URIID  unused
      AdditionalReferencedDocument[TypeCode=916]
        IssuerAssignedID  1:563 -@schemeID
        TypeCode  1:564 =916:647
        Name  ?:283
        AttachmentBinaryObject  ?:284 @filename!:286 @mimeCode!:285 @mimeCode=EXTENDED_MEDIA:644
        FormattedIssueDateTime
          qdt:DateTimeString  @format!:645 @format=102|205:646
        LineID  unused
        ReferenceTypeCode  unused
        URIID  -@schemeID
      ApplicableTradeDeliveryTerms
        DeliveryTypeCode  1:319 =DELIVERY_TERMS:320
        RelevantTradeLocation
          CountryID  =COUNTRIES:648
      BuyerAgentTradeParty
        ID  ?:649 -@schemeID
        Name  1:650
        RoleCode  ?:321
        URIUniversalCommunication  ?:651
          URIID  1:667 @schemeID!:668 @schemeID=FACTUR_X_ADDRESS_SCHEMES:669
          CompleteNumber  unused
        SpecifiedTaxRegistration  ?:652
          ID  1:665 @schemeID!:666
        DefinedTradeContact
          EmailURIUniversalCommunication
            URIID  1:653 -@schemeID
            CompleteNumber  unused
          FaxUniversalCommunication
            CompleteNumber  1:654
            URIID  unused
          TelephoneUniversalCommunication
            CompleteNumber  1:655
            URIID  unused
        Description  unused
        GlobalID  @schemeID!:656 @schemeID=EXTENDED_PARTY_SCHEMES:657
        PostalTradeAddress
          CountryID  1:658 =COUNTRIES:660
          CountrySubDivisionName  ?:659
          PostcodeCode  -@listID -@listVersionID
        SpecifiedLegalOrganization
          ID  @schemeID=ICD:661
          PostalTradeAddress
            CountryID  1:662 =COUNTRIES:664
            CountrySubDivisionName  ?:663
            PostcodeCode  -@listID -@listVersionID
      BuyerOrderReferencedDocument
        IssuerAssignedID  1:29 -@schemeID
        AttachmentBinaryObject  unused
        FormattedIssueDateTime
          qdt:DateTimeString  @format!:670 @format=102|205:671
        LineID  unused
        Name  unused
        ReferenceTypeCode  unused
        TypeCode  unused
        URIID  unused
      BuyerTaxRepresentativeTradeParty
        ID  ?:672 -@schemeID
        Name  1:673
        RoleCode  ?:674
        URIUniversalCommunication  ?:675
          URIID  1:691 @schemeID!:692 @schemeID=FACTUR_X_ADDRESS_SCHEMES:693
          CompleteNumber  unused
        SpecifiedTaxRegistration  1:676
          ID  1:689 @schemeID!:690
        DefinedTradeContact
          EmailURIUniversalCommunication
            URIID  1:677 -@schemeID
            CompleteNumber  unused
          FaxUniversalCommunication
            CompleteNumber  1:678
            URIID  unused
          TelephoneUniversalCommunication
            CompleteNumber  1:679
            URIID  unused
        Description  unused
        GlobalID  @schemeID!:680 @schemeID=EXTENDED_PARTY_SCHEMES:681
        PostalTradeAddress
          CountryID  1:682 =COUNTRIES:684
          CountrySubDivisionName  ?:683
          PostcodeCode  -@listID -@listVersionID
        SpecifiedLegalOrganization
          ID  @schemeID=ICD:685
          PostalTradeAddress
            CountryID  1:686 =COUNTRIES:688
            CountrySubDivisionName  ?:687
            PostcodeCode  -@listID -@listVersionID
      BuyerTradeParty  1:28
        ID  ?:163 -@schemeID
        Name  1:30
        RoleCode  ?:694
        Description  ?:695
        PostalTradeAddress  1:419
          CountryID  1:422 =COUNTRIES:698
          CountrySubDivisionName  ?:167
          PostcodeCode  -@listID -@listVersionID
        URIUniversalCommunication  ?:165
          URIID  1:168 @schemeID!:428 @schemeID=FACTUR_X_ADDRESS_SCHEMES:704
          CompleteNumber  unused
        SpecifiedTaxRegistration  ?:166
          ID  1:425 @schemeID!:426 @schemeID=VA:703
        DefinedTradeContact
          EmailURIUniversalCommunication
            URIID  1:566 -@schemeID
            CompleteNumber  unused
          FaxUniversalCommunication
            CompleteNumber  1:696
            URIID  unused
          TelephoneUniversalCommunication
            CompleteNumber  1:289
            URIID  unused
        GlobalID  @schemeID!:420 @schemeID=EXTENDED_PARTY_SCHEMES:697
        SpecifiedLegalOrganization
          ID  @schemeID=ICD:699
          PostalTradeAddress
            CountryID  1:700 =COUNTRIES:702
            CountrySubDivisionName  ?:701
            PostcodeCode  -@listID -@listVersionID
      ContractReferencedDocument
        IssuerAssignedID  1:430 -@schemeID
        AttachmentBinaryObject  unused
        FormattedIssueDateTime
          qdt:DateTimeString  @format!:705 @format=102|205:706
        LineID  unused
        Name  unused
        ReferenceTypeCode  =EXTENDED_REFERENCES:707
        TypeCode  unused
        URIID  unused
      ProductEndUserTradeParty
        ID  ?:708 -@schemeID
        Name  1:709
        RoleCode  ?:710
        URIUniversalCommunication  ?:711
          URIID  1:727 @schemeID!:728 @schemeID=FACTUR_X_ADDRESS_SCHEMES:729
          CompleteNumber  unused
        SpecifiedTaxRegistration  ?:712
          ID  1:725 @schemeID!:726
        DefinedTradeContact
          EmailURIUniversalCommunication
            URIID  1:713 -@schemeID
            CompleteNumber  unused
          FaxUniversalCommunication
            CompleteNumber  1:714
            URIID  unused
          TelephoneUniversalCommunication
            CompleteNumber  1:715
            URIID  unused
        Description  unused
        GlobalID  @schemeID!:716 @schemeID=EXTENDED_PARTY_SCHEMES:717
        PostalTradeAddress
          CountryID  1:718 =COUNTRIES:720
          CountrySubDivisionName  ?:719
          PostcodeCode  -@listID -@listVersionID
        SpecifiedLegalOrganization
          ID  @schemeID=ICD:721
          PostalTradeAddress
            CountryID  1:722 =COUNTRIES:724
            CountrySubDivisionName  ?:723
            PostcodeCode  -@listID -@listVersionID
      QuotationReferencedDocument
        IssuerAssignedID  1:730 -@schemeID
        AttachmentBinaryObject  unused
        FormattedIssueDateTime
          qdt:DateTimeString  @format!:731 @format=102|205:732
        LineID  unused
        Name  unused
        ReferenceTypeCode  unused
        TypeCode  unused
        URIID  unused
      SalesAgentTradeParty
        ID  ?:733 -@schemeID
        Name  1:734
        RoleCode  ?:735
        URIUniversalCommunication  ?:736
          URIID  1:752 @schemeID!:753 @schemeID=FACTUR_X_ADDRESS_SCHEMES:754
          CompleteNumber  unused
        SpecifiedTaxRegistration  ?:737
          ID  1:750 @schemeID!:751
        DefinedTradeContact
          EmailURIUniversalCommunication
            URIID  1:738 -@schemeID
            CompleteNumber  unused
          FaxUniversalCommunication
            CompleteNumber  1:739
            URIID  unused
          TelephoneUniversalCommunication
            CompleteNumber  1:740
            URIID  unused
        Description  unused
        GlobalID  @schemeID!:741 @schemeID=EXTENDED_PARTY_SCHEMES:742
        PostalTradeAddress
          CountryID  1:743 =COUNTRIES:745
          CountrySubDivisionName  ?:744
          PostcodeCode  -@listID -@listVersionID
        SpecifiedLegalOrganization
          ID  @schemeID=ICD:746
          PostalTradeAddress
            CountryID  1:747 =COUNTRIES:749
            CountrySubDivisionName  ?:748
            PostcodeCode  -@listID -@listVersionID
      SellerOrderReferencedDocument
        IssuerAssignedID  1:572 -@schemeID
        AttachmentBinaryObject  unused
        FormattedIssueDateTime
          qdt:DateTimeString  @format!:755 @format=102|205:756
        LineID  unused
        Name  unused
        ReferenceTypeCode  unused
        TypeCode  unused
        URIID  unused
      SellerTaxRepresentativeTradeParty
        ID  ?:757 -@schemeID
        Name  1:431
        RoleCode  ?:758
        PostalTradeAddress  1:432
          CountryID  1:433 =COUNTRIES:765
          CountrySubDivisionName  ?:434
          PostcodeCode  -@listID -@listVersionID
        URIUniversalCommunication  ?:759
          URIID  1:771 @schemeID!:772 @schemeID=FACTUR_X_ADDRESS_SCHEMES:773
          CompleteNumber  unused
        SpecifiedTaxRegistration  1:169
          ID  1:436 @schemeID!:437 @schemeID=VA:770
        DefinedTradeContact
          EmailURIUniversalCommunication
            URIID  1:760 -@schemeID
            CompleteNumber  unused
          FaxUniversalCommunication
            CompleteNumber  1:761
            URIID  unused
          TelephoneUniversalCommunication
            CompleteNumber  1:762
            URIID  unused
        Description  unused
        GlobalID  @schemeID!:763 @schemeID=EXTENDED_PARTY_SCHEMES:764
        SpecifiedLegalOrganization
          ID  @schemeID=ICD:766
          PostalTradeAddress
            CountryID  1:767 =COUNTRIES:769
            CountrySubDivisionName  ?:768
            PostcodeCode  -@listID -@listVersionID
      SellerTradeParty  1:27
        Name  1:409
        RoleCode  ?:774
        Description  ?:575
        PostalTradeAddress  1:32
          CountryID  1:35 =COUNTRIES:777
          CountrySubDivisionName  ?:442
          PostcodeCode  -@listID -@listVersionID
        URIUniversalCommunication  ?:439
          URIID  1:445 @schemeID!:446 @schemeID=FACTUR_X_ADDRESS_SCHEMES:782
          CompleteNumber  unused
        SpecifiedTaxRegistration[else ID/@schemeID=VA ID/@schemeID=FC]  unused
        SpecifiedTaxRegistration[ID/@schemeID=FC]  ?:34
          ID  1:411 @schemeID!:37
        SpecifiedTaxRegistration[ID/@schemeID=VA]  ?:33
          ID  1:412 @schemeID!:413
        DefinedTradeContact
          EmailURIUniversalCommunication
            URIID  1:577 -@schemeID
            CompleteNumber  unused
          FaxUniversalCommunication
            CompleteNumber  1:775
            URIID  unused
          TelephoneUniversalCommunication
            CompleteNumber  1:578
            URIID  unused
        GlobalID  @schemeID!:440 @schemeID=EXTENDED_PARTY_SCHEMES:776
        ID  -@schemeID
        SpecifiedLegalOrganization
          ID  @schemeID=ICD:778
          PostalTradeAddress
            CountryID  1:779 =COUNTRIES:781
            CountrySubDivisionName  ?:780
            PostcodeCode  -@listID -@listVersionID
      SpecifiedProcuringProject
        ID  -@schemeID
      UltimateCustomerOrderReferencedDocument
        IssuerAssignedID  1:783 -@schemeID
        AttachmentBinaryObject  unused
        FormattedIssueDateTime
          qdt:DateTimeString  @format!:784 @format=102|205:785
        LineID  unused
        Name  unused
        ReferenceTypeCode  unused
        TypeCode  unused
        URIID  unused
"""
