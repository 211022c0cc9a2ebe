"""The French rules of flow 2, BR-FR, ids as published, judged as the official sheets judge.

The sheets are BR-FR-Flux2-Schematron-UBL and -CII of the pinned package. They give each assertion
an id of its own (``BR-FR-15_BT-95_BT-118``); ours is the rule's, and the term is told by the
address. Where the two sheets differ, the rule has a variant for one of them, defects included.
"""

from chorus_edi.rules.br_fr import (
    addresses,
    dates,
    header,
    lines,
    notes,
    numbers,
    parties,
    subinvoice_types,
    subinvoices,
    syntax,
    vat,
    wherever,
    wherever_extension,
)

__all__ = [
    "addresses",
    "dates",
    "header",
    "lines",
    "notes",
    "numbers",
    "parties",
    "subinvoice_types",
    "subinvoices",
    "syntax",
    "vat",
    "wherever",
    "wherever_extension",
]
