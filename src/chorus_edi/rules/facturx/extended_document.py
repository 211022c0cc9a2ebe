"""What the profile EXTENDED of Factur-X 1.09 makes of the document (see ``table``)."""

from __future__ import annotations

TABLE = """
rsm:CrossIndustryInvoice
  rsm:ExchangedDocument
    ID  1:19 -@schemeID
    Name  ?:630
    TypeCode  1:20 =DOCUMENT_TYPES:635
    LanguageID  ?:315 -@schemeID =LANGUAGES:389
    EffectiveSpecifiedPeriod
      CompleteDateTime  1:316
        udt:DateTimeString  @format!:631 @format=102:632
      Description  unused
      EndDateTime  unused
      StartDateTime  unused
    IncludedNote
      Content  ?:317
      SubjectCode  ?:161 -@listID -@listVersionID =CII_NOTE_SUBJECTS:633
      ContentCode  -@listID -@listVersionID
    IssueDateTime
      udt:DateTimeString  @format!:21 @format=102:634
  rsm:ExchangedDocumentContext
    BusinessProcessSpecifiedDocumentContextParameter  ?:24
      ID  1:406 -@schemeID
    GuidelineSpecifiedDocumentContextParameter  1:25
      ID  1:407 -@schemeID =GUIDELINES:636
"""
