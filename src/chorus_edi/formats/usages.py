"""Holds a CII document against the uses of its Factur-X profile: one walk over both trees."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias

from chorus_edi.domain.demands import Demand
from chorus_edi.domain.usages import Usage, Use
from chorus_edi.errors import Defect
from chorus_edi.formats.mapping import cii
from chorus_edi.formats.mapping.table import steps
from chorus_edi.formats.texts import text_of

Holds: TypeAlias = Callable[[Any], bool]

_RAM = f"{{{cii.PREFIXES['ram']}}}"
_SETTLEMENT = (
    f"{{{cii.PREFIXES['rsm']}}}SupplyChainTradeTransaction",
    f"{_RAM}ApplicableHeaderTradeSettlement",
)
_INDICATORS = {
    "charge": "ChargeIndicator/udt:Indicator=true",
    "allowance": "ChargeIndicator/udt:Indicator=false",
}
_CURRENCY = {"BT-5": f"{_RAM}InvoiceCurrencyCode", "BT-6": f"{_RAM}TaxCurrencyCode"}
_NONE: list[Any] = []


class Misuse(NamedTuple):
    """A demand of the profile that an element does not meet.

    Attributes:
        demand: what was asked.
        element: the element too many or badly made, else the one where something is missing.
        found: the value found; None where something is missing.
    """

    demand: Demand
    element: Any
    found: str | None


class _Place(NamedTuple):
    """A compiled use; ``asks`` is False where it only leads to others."""

    use: Use
    holds: Holds | None
    counts: tuple[tuple[str, Holds | None, Demand], ...]
    below: Mapping[str, tuple[_Place, ...]]
    asks: bool


def misuses(root: Any, usage: Usage) -> list[Misuse]:
    """Return what a document does not meet, in its order."""
    place = _compiled(usage)
    found: list[Misuse] = []
    if root.tag == _tag(place.use.name):
        _walk(root, (place,), found)
    return found


def _walk(element: Any, places: tuple[_Place, ...], found: list[Misuse]) -> None:
    children: dict[Any, list[Any]] = {}
    for child in element:
        children.setdefault(child.tag, []).append(child)
    for place in places:
        if place.asks:
            _judge(element, place, children, found)
            break
    for tag, held in children.items():
        uses = [below for place in places for below in place.below.get(tag, ())]
        if not uses:
            continue
        for child in held:
            met = tuple(use for use in uses if use.holds is None or use.holds(child))
            if met:
                _walk(child, met, found)


def _judge(
    element: Any, place: _Place, children: Mapping[Any, list[Any]], found: list[Misuse]
) -> None:
    use = place.use
    if use.unused is not None:
        found.append(Misuse(use.unused, element, None if len(element) else text_of(element)))
    for tag, holds, demand in place.counts:
        held = children.get(tag, _NONE)
        if holds is not None:
            held = [one for one in held if holds(one)]
        if len(held) < demand.least:
            found.append(Misuse(demand, element, None))
        elif demand.most is not None and len(held) > demand.most:
            further = held[demand.most]
            found.append(Misuse(demand, further, None if len(further) else text_of(further)))
    for name, demand in use.attributes:
        value = element.get(name)
        if (value is None) is (demand.most != 0):
            found.append(Misuse(demand, element, value))
    for name, codes, demand in use.codes:
        value = element.get(name) if name else text_of(element)
        if value and value not in codes:
            found.append(Misuse(demand, element, value))


@lru_cache(maxsize=16)
def _compiled(usage: Usage) -> _Place:
    return _place(usage.root)


def _place(use: Use) -> _Place:
    below: dict[str, list[_Place]] = {}
    for one in use.below:
        below.setdefault(_tag(one.name), []).append(_place(one))
    return _Place(
        use=use,
        holds=_condition(use.condition),
        counts=tuple((_tag(c.name), _condition(c.condition), c.demand) for c in use.counts),
        below={tag: tuple(places) for tag, places in below.items()},
        asks=bool(use.demands()),
    )


def _tag(name: str) -> str:
    (step,) = steps(name, cii.PREFIXES)
    return step.name


def _condition(text: str) -> Holds | None:
    if not text:
        return None
    if text.startswith("else "):
        others = [_simple(one) for one in text.split()[1:]]
        return lambda element: not any(other(element) for other in others)
    return _simple(text)


def _simple(text: str) -> Holds:
    if text.startswith("!@"):
        attribute = text[2:]
        return lambda element: element.get(attribute) is None
    path, equals, value = _INDICATORS.get(text, text).partition("=")
    if not equals:
        raise Defect(f"not a condition: {text}")
    if value.rstrip("!") in _CURRENCY:
        return _in_currency(_CURRENCY[value.rstrip("!")], of_invoice=value.endswith("!"))
    names = [name if name[0] == "@" or ":" in name else f"ram:{name}" for name in path.split("/")]
    tags = tuple(step.name for step in steps("/".join(names), cii.PREFIXES))
    return lambda element: value in _values(element, tags)


def _values(element: Any, tags: tuple[str, ...]) -> Iterator[str]:
    first, *rest = tags
    if first[0] == "@":
        value = element.get(first[1:])
        if value is not None:
            yield value
        return
    for child in element.iterchildren(first):
        if rest:
            yield from _values(child, tuple(rest))
        else:
            yield text_of(child)


def _in_currency(tag: str, *, of_invoice: bool) -> Holds:
    """True for an amount in the currency that stands two levels up, or in the settlement."""

    def holds(element: Any) -> bool:
        currency = element.get("currencyID")
        if currency is None:
            return False
        if of_invoice:
            root = element.getroottree().getroot()
            return currency in _values(root, (*_SETTLEMENT, tag))
        above = element.getparent().getparent()
        return above is not None and currency in _values(above, (tag,))

    return holds
