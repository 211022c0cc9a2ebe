"""Scopes of a walk: the dicts that gather a group's fields, and the structs made of them.

A scope is the document or one element of a repeated group (a line): a list with one dict for the
group itself and one for each single group in it, closed together.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, TypeAlias

from msgspec.structs import replace

from chorus_edi.domain.groups import Group, Odd

MOST = 200
"""Entries kept of anything that a hostile document may have any number of."""

Slots: TypeAlias = list[dict[str, Any]]
"""The fields of a scope's own group, and of each single group in it."""


class Single(NamedTuple):
    """A single group of a scope, as it is closed.

    Attributes:
        slot: where its fields are.
        parent: where those of the group it stands in are.
        field: its own field there.
        cls: its class.
        tuples: fields of it that become tuples.
        once: True where the field holds several, of which the syntax has one.
    """

    slot: int
    parent: int
    field: str
    cls: type[Group]
    tuples: tuple[str, ...]
    once: bool


class Scope(NamedTuple):
    """How a scope is opened and closed.

    Attributes:
        size: number of dicts.
        lent: True where the document's dict stands at slot -1.
        close: makes the structs of its dicts, innermost first; lists become tuples.
    """

    size: int
    lent: bool
    close: Callable[[Slots], Group]


def closer(
    cls: type[Group], tuples: tuple[str, ...], singles: tuple[Single, ...]
) -> Callable[[Slots], Group]:
    """Return what closes scopes of one kind.

    Args:
        cls: class of the scope's own group.
        tuples: fields of it that become tuples.
        singles: the single groups in it, innermost first.
    """

    def close(slots: Slots) -> Group:
        for slot, parent, field, inner, lists, once in singles:
            values = slots[slot]
            if values or field in slots[parent]:
                for name in lists:
                    if name in values:
                        values[name] = tuple(values[name])
                group = inner(**values)
                slots[parent][field] = (group,) if once else group
        own = slots[0]
        for name in tuples:
            if name in own:
                own[name] = tuple(own[name])
        return cls(**own)

    # Most scopes are of a small group, which holds no other.
    return close if singles or tuples else lambda slots: cls(**slots[0])


def add_further(target: dict[str, Any], name: str, value: Any, spelled: str = "") -> None:
    """Keep a further occurrence of a field beside the first; its spelling, where that tells."""
    odd = target.setdefault("odd", {})
    known = odd.get(name) or Odd()
    if len(known.further) < MOST:
        known = odd[name] = replace(known, further=(*known.further, value))
    if spelled and len(known.spelled) < MOST:
        odd[name] = replace(known, spelled=(*known.spelled, spelled))
