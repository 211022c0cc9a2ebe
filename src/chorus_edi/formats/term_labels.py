"""The French name of a business term, for a reader who never met its code."""

from __future__ import annotations

from chorus_edi.domain.terms import label_of
from chorus_edi.errors import Defect


def term_label(term: str) -> str:
    """Return the French label; the code itself where this version does not know the term.

    A report is made from stored findings, which an earlier version may have written.
    """
    try:
        return label_of(term).fr
    except Defect:
        return term
