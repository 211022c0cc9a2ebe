"""Where a term, group or sub-term stands in each syntax, as people read it."""

from __future__ import annotations

from collections.abc import Iterator

from chorus_edi.domain.scenarios import Syntax
from chorus_edi.domain.terms import SUB_TERMS
from chorus_edi.formats.mapping.sub_terms import sub_paths_of
from chorus_edi.formats.mapping.syntaxes import MAPPINGS
from chorus_edi.formats.mapping.table import written

NOWHERE = "pas de place dans cette syntaxe"
_UBL = (Syntax.UBL_INVOICE.value, Syntax.UBL_CREDIT_NOTE.value)


def places_of(term: str) -> Iterator[tuple[str, str]]:
    """Yield (syntax, path) for every place of a term, or that it has none there."""
    for syntax, mapping in MAPPINGS.items():
        if term in SUB_TERMS:
            paths = sub_paths_of(mapping.table, term)
        else:
            paths = [written(path) for path in mapping.table.paths_of(term)]
        yield from ((syntax.value, path) for path in paths or [NOWHERE])


def short_places_of(term: str) -> Iterator[tuple[str, str]]:
    """Yield the same, with UBL once where invoices and credit notes agree."""
    places = list(places_of(term))
    invoice, credit = ([path for name, path in places if name == of] for of in _UBL)
    if invoice == credit:
        yield from (("UBL", path) for path in invoice)
        places = [place for place in places if place[0] not in _UBL]
    yield from places
