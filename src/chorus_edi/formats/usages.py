"""Holds a CII document against the uses of its Factur-X profile: one walk over both trees."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache, lru_cache
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


class _State:
    """What the uses that mean one element ask of it, compiled, and where they lead below it.

    Attributes:
        asks: something of the element itself, and not of its children.
        unused: the profile does not use the element.
        counts: how often a child may stand: tag, which of that name, at least, at most.
        needed: attributes that must be there.
        barred: attributes that must not.
        codes: allowed.
        below: tag → the state of such children, or the choice of it.
    """

    __slots__ = ("asks", "barred", "below", "codes", "counts", "needed", "unused")

    def __init__(self, uses: Sequence[Use]) -> None:
        # The first that asks something judges the element alone.
        use = next((use for use in uses if use.demands()), _ASKS_NOTHING)
        self.asks = bool(use.unused or use.attributes or use.codes)
        self.unused = use.unused
        self.counts = tuple(
            (_tag(c.name), _condition(c.condition), c.demand.least, c.demand.most, c.demand)
            for c in use.counts
        )
        self.needed = tuple(one for one in use.attributes if one.demand.most != 0)
        self.barred = {one.name: one.demand for one in use.attributes if one.demand.most == 0}
        self.codes = use.codes
        below: dict[str, list[Use]] = {}
        for one in uses:
            for child in one.below:
                below.setdefault(_tag(child.name), []).append(child)
        self.below = {tag: _state_or_choice(held) for tag, held in below.items()}


class _Choice:
    """Tells by their conditions which uses mean an element; compiles each combination once."""

    __slots__ = ("_conditions", "_states", "_uses")

    def __init__(self, uses: Sequence[Use]) -> None:
        self._uses = uses
        self._conditions = [_condition(use.condition) for use in uses]
        self._states: dict[tuple[bool, ...], _State] = {}

    def of(self, element: Any) -> _State:
        """Return the state of an element."""
        met = tuple([holds is None or holds(element) for holds in self._conditions])
        state = self._states.get(met)
        if state is None:
            meant = [use for use, means in zip(self._uses, met, strict=True) if means]
            state = self._states[met] = _State(meant)
        return state


_ASKS_NOTHING = Use(name="")


def _state_or_choice(uses: Sequence[Use]) -> _State | _Choice:
    return _Choice(uses) if any(use.condition for use in uses) else _State(uses)


@lru_cache(maxsize=16)
def _compiled(usage: Usage) -> _State:
    return _State((usage.root,))


def misuses(root: Any, usage: Usage) -> list[Misuse]:
    """Return what a document does not meet, in its order."""
    found: list[Misuse] = []
    if root.tag == _tag(usage.root.name):
        _walk(root, _compiled(usage), found)
    return found


def _walk(element: Any, state: _State, found: list[Misuse]) -> None:
    if state.asks:
        _judge(element, state, found)
    below = state.below
    if not (below or state.counts):
        return
    children = element[:]
    tags = [child.tag for child in children]
    if state.counts:
        _count(element, state, tags, found)
    for child, tag in zip(children, tags, strict=True):
        there = below.get(tag)
        if there is not None:
            _walk(child, there if isinstance(there, _State) else there.of(child), found)


def _judge(element: Any, state: _State, found: list[Misuse]) -> None:
    if state.unused is not None:
        found.append(Misuse(state.unused, element, _text(element)))
    keys = element.keys()
    for name, demand in state.needed:
        if name not in keys:
            found.append(Misuse(demand, element, None))
    for name in keys:
        if name in state.barred:
            found.append(Misuse(state.barred[name], element, element.get(name)))
    for name, codes, demand in state.codes:
        value = element.get(name) if name else text_of(element)
        if value and value not in codes:
            found.append(Misuse(demand, element, value))


def _count(element: Any, state: _State, tags: list[Any], found: list[Misuse]) -> None:
    for tag, holds, least, most, demand in state.counts:
        number = tags.count(tag)
        if number and holds is not None:
            number = sum(1 for child in element.iterchildren(tag) if holds(child))
        if number < least:
            found.append(Misuse(demand, element, None))
        elif most is not None and number > most:
            meant = [c for c in element.iterchildren(tag) if holds is None or holds(c)]
            found.append(Misuse(demand, meant[most], _text(meant[most])))


def _text(element: Any) -> str | None:
    return None if len(element) else text_of(element)


@cache
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
