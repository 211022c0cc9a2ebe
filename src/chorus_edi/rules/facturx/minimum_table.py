"""What the profile MINIMUM of Factur-X 1.09 makes of the elements of CII (see ``table``)."""

from __future__ import annotations

TABLE = """
rsm:CrossIndustryInvoice
  rsm:ExchangedDocument
    ID  1:19 -@schemeID
    TypeCode  1:20 =DOCUMENT_TYPES:23
    IssueDateTime
      udt:DateTimeString  @format!:21 @format=102:22
  rsm:ExchangedDocumentContext
    BusinessProcessSpecifiedDocumentContextParameter  ?:24
      ID  1:19 -@schemeID
    GuidelineSpecifiedDocumentContextParameter  1:25
      ID  1:19 -@schemeID =GUIDELINES:26
  rsm:SupplyChainTradeTransaction
    ApplicableHeaderTradeAgreement
      BuyerOrderReferencedDocument
        IssuerAssignedID  1:29 -@schemeID
      BuyerTradeParty  1:28
        Name  1:30
        PostalTradeAddress  unused
        SpecifiedLegalOrganization
          ID  1:19 @schemeID=ICD:31
        SpecifiedTaxRegistration  unused
      SellerTradeParty  1:27
        Name  1:30
        PostalTradeAddress  1:32
          CountryID  1:35 =COUNTRIES:36
        SpecifiedTaxRegistration[else ID/@schemeID=VA ID/@schemeID=FC]  unused
        SpecifiedTaxRegistration[ID/@schemeID=FC]  ?:34
          ID  1:19 @schemeID!:37
        SpecifiedTaxRegistration[ID/@schemeID=VA]  ?:33
          ID  1:19 @schemeID!:37
        SpecifiedLegalOrganization
          ID  @schemeID=ICD:31
    ApplicableHeaderTradeSettlement
      InvoiceCurrencyCode  1:38 =FACTUR_X_CURRENCIES:40
      SpecifiedTradeSettlementHeaderMonetarySummation  1:39
        TaxBasisTotalAmount  1:41 -@currencyID
        TaxTotalAmount[else @currencyID=BT-5 @currencyID=BT-6]  unused
        TaxTotalAmount[@currencyID=BT-5]  ?:42 @currencyID=FACTUR_X_CURRENCIES:45
        TaxTotalAmount[@currencyID=BT-6]  ?:192 @currencyID=FACTUR_X_CURRENCIES:45
        GrandTotalAmount  1:43 -@currencyID
        DuePayableAmount  1:44 -@currencyID
"""
