"""The rules of EXTENDED-CTC-FR, the French extension of EN 16931, ids as its sheets print them.

An invoice that claims the extension is put before these instead of EN 16931: most rules of EN 16931
stay, some are judged otherwise (``changed``), and what depends on kinds of lines is its own. The
sheets are EXTENDED-CTC-FR-UBL and EXTENDED-CTC-FR-CII of the pinned package.
"""

from chorus_edi.rules.extended_ctc_fr import (
    codes,
    lines,
    sublines,
    syntax,
    totals,
    vat,
    warnings,
    wherever,
)

__all__ = ["codes", "lines", "sublines", "syntax", "totals", "vat", "warnings", "wherever"]
