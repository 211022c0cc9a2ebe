"""Where the sub-terms of a term stand: attributes of its element, or a sibling (BT-18-1 in CII)."""

from __future__ import annotations

from collections.abc import Iterator

from chorus_edi.domain.terms import SUB_TERMS
from chorus_edi.formats.mapping.table import Entry, Table, written

_SCHEME = "@schemeID"
_ATTRIBUTES = {
    "BT-125-1": "@mimeCode",
    "BT-125-2": "@filename",
    "BT-158-1": "@listID",
    "BT-158-2": "@listVersionID",
}

# CII has an element for the identifiers of a scheme beside the one for those without.
_WITH_SCHEME = "ram:GlobalID"


def sub_paths_of(table: Table, sub_term: str) -> list[str]:
    """Return every path of a sub-term (``BT-29-1``), as people read it, from the root element.

    Raises:
        KeyError: no term has such a sub-term.
    """
    term = SUB_TERMS[sub_term].id
    entries = [entry for entry in table.entries if entry.term.id == term]
    with_scheme = [entry for entry in entries if entry.path[-1].text == _WITH_SCHEME]
    return list(_paths(with_scheme or entries, _ATTRIBUTES.get(sub_term, _SCHEME)))


def _paths(entries: list[Entry], attribute: str) -> Iterator[str]:
    for entry in entries:
        if entry.row.scheme is not None and attribute == _SCHEME:
            yield f"{written(entry.path[:-1])}/{entry.row.scheme}"
        else:
            yield f"{written(entry.path)}/{attribute}"
