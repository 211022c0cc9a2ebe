"""Opens the scopes of a walk, and makes the structs of the model when it closes them."""

from __future__ import annotations

from typing import Any, TypeAlias

from msgspec.structs import replace

from chorus_edi.domain.invoice import Group, Odd
from chorus_edi.formats.mapping.dispatch import Scope

MOST = 200
"""Entries kept of anything that a hostile document may have any number of."""

Slots: TypeAlias = list[dict[str, Any]]
"""The fields of a scope's own group, and of each single group in it."""


def opened(scope: Scope, outer: Slots) -> Slots:
    """Return the dicts of a scope, in one that may lend it the document's own."""
    slots: Slots = [{} for _ in range(scope.size)]
    if scope.lent:
        # The document's own dict: slot 0 of the outermost scope, slot -1 of one that borrowed it.
        slots.append(outer[0])
    return slots


def closed(scope: Scope, slots: Slots) -> Group:
    """Make the structs of a scope, innermost first; lists become tuples."""
    for slot, parent, name, cls, tuples, once in scope.singles:
        values, above = slots[slot], slots[parent]
        if values or name in above:
            for repeated in tuples:
                if repeated in values:
                    values[repeated] = tuple(values[repeated])
            group = cls(**values)
            above[name] = (group,) if once else group
    own = slots[0]
    for repeated in scope.tuples:
        if repeated in own:
            own[repeated] = tuple(own[repeated])
    return scope.cls(**own)


def add_further(target: dict[str, Any], name: str, value: Any) -> None:
    """Keep a further occurrence of a field beside the first."""
    odd = target.setdefault("odd", {})
    known = odd.get(name) or Odd()
    if len(known.further) < MOST:
        odd[name] = replace(known, further=(*known.further, value))
