"""Types of document: UNTDID 1001, invoices and credit notes."""

from __future__ import annotations

from chorus_edi.domain.codelists.code_list import EN16931, FACTUR_X, amended, code_list

UBL_INVOICE_TYPES = code_list(
    "UNTDID 1001, factures",
    fr="Types de facture",
    en="Invoice types",
    version=EN16931,
    source="UN/EDIFACT, élément 1001, restreint par EN 16931 aux factures",
    codes="""
71 80 81 82 84 102 130 202 203 204 211 218 219 295 325 326 331 380 382 383 384 385 386 387 388
389 390 393 394 395 456 457 471 472 473 500 501 527 553 575 623 633 751 780 817 870 875 876 877
935
""",
)

UBL_CREDIT_NOTE_TYPES = code_list(
    "UNTDID 1001, avoirs",
    fr="Types d'avoir",
    en="Credit note types",
    version=EN16931,
    source="UN/EDIFACT, élément 1001, restreint par EN 16931 aux avoirs",
    codes="81 83 261 262 296 308 381 396 420 458 502 503 532",
)

DOCUMENT_TYPES = amended(
    UBL_INVOICE_TYPES,
    "UNTDID 1001",
    version=EN16931,
    added=" ".join(UBL_CREDIT_NOTE_TYPES.codes),
)
"""Both: CII writes them in one element."""

PRECEDING_TYPES = code_list(
    "UNTDID 1001, Factur-X EXTENDED",
    fr="Types de document antérieur",
    en="Types of a preceding document",
    version=FACTUR_X,
    source="Factur-X 1.09, profil EXTENDED",
    codes="""
71 80 81 82 83 84 102 130 202 203 204 211 218 219 261 262 295 296 308 325 326 331 380 381 382
383 384 385 386 387 388 389 390 393 394 395 396 420 456 457 458 527 532 553 575 623 633 751 780
817 870 875 876 877 935
""",
)

FURTHER_DOCUMENT_TYPES = code_list(
    "UNTDID 1001, pièces",
    fr="Types de document joint ou cité",
    en="Types of a further document",
    version=EN16931,
    source="UN/EDIFACT, élément 1001, restreint par EN 16931-3-3",
    codes="50 130 916",
)
