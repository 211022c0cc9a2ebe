"""Files that may come with invoices and are none: style sheets and signatures.

They are kept with their flow, never run and never counted (facts: chorus-pro 1.1, 1.5).
"""

from __future__ import annotations

import re

_XSL = "{http://www.w3.org/1999/XSL/Transform}"
_DSIG = "{http://www.w3.org/2000/09/xmldsig#}"
_ASIC = "{http://uri.etsi.org/2918/v1.2.1#}"

COMPANIONS = frozenset(
    {f"{_XSL}stylesheet", f"{_XSL}transform", f"{_DSIG}Signature", f"{_ASIC}XAdESSignatures"}
)
"""Root elements (Clark names)."""

_HEAD = 4096
_LOCAL = "|".join(sorted(name.rpartition("}")[2] for name in COMPANIONS))
_ROOT = re.compile(
    rf"\s*(?:<\?.*?\?>\s*|<!--.*?-->\s*)*<(?:[\w.-]+:)?(?:{_LOCAL})[\s/>]".encode(), re.DOTALL
)


def looks_like_companion(head: bytes) -> bool:
    """True where a file begins as one of them; the parser says whether it is one.

    Enough to count by: what begins so is no invoice in any case.
    """
    return _ROOT.match(head[:_HEAD].removeprefix(b"\xef\xbb\xbf")) is not None
