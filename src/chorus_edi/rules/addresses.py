"""Where a term sits, seen from a group of the model."""

from __future__ import annotations

from functools import cache

from chorus_edi.domain.groups import Group
from chorus_edi.domain.terms import terms_of


@cache
def route(group: type[Group], term: str) -> str | None:
    """Return the address of a term, sub-term or group from a group, through single groups.

    ``route(Invoice, "BT-40")`` is ``BG-4/BG-5/BT-40``; None where no way leads there without
    passing a group that repeats.
    """
    held = terms_of(group)
    if any(term == one.id or term.startswith(f"{one.id}-") for one in held):
        return term
    for one in held:
        if one.opens is not None and not one.repeated and (rest := route(one.opens, term)):
            return f"{one.id}/{rest}"
    return None
