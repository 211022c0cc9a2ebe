"""Checks demands on the XML of a document: only those that something suspect in it may break.

The reader meets every element once and notes the names of those that do not stand as the binding
foresees (``Reading.suspects``): most documents have none, and cost nothing here. A demand says
which names may break it; it is checked, exactly, where one of them is suspect. That the notes
never hide a breach is held by a property test, which checks everything on documents changed at
random.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cached_property, lru_cache
from operator import itemgetter
from typing import Any, NamedTuple

from lxml import etree

from chorus_edi.domain.demands import Demand, Demands, Distinct, Key
from chorus_edi.domain.dossier import Offence
from chorus_edi.domain.findings import excerpt
from chorus_edi.formats.locate import Locator
from chorus_edi.formats.mapping import cii, ubl
from chorus_edi.formats.refusals import Refusals, Refused, is_refusal
from chorus_edi.formats.suspects import ANY
from chorus_edi.formats.usages import Misuse, misuses

# XPath 1.0 has no ends-with(), and looks at every element of a document for it.
_ENDS_WITH = re.compile(
    r"substring\(local-name\(\), string-length\(local-name\(\)\) - \d+\)=('\w+')"
)
# The name that a path begins with, which is not one of several; elements of any name, anywhere.
_CHILD = re.compile(r"\w+:\w+(?!.*\|)(?=[\[/]|$)")
_ANYWHERE = re.compile(r"//((?:\w+:)?\*(?:\[(?:[^\[\]]|\[[^\[\]]*\])*\])+)")
_NAMESPACES = {**ubl.PREFIXES, **cii.PREFIXES, "re": "http://exslt.org/regular-expressions"}


_MOST_NAMES = 256
"""Names remembered with what they call for; a hostile document may invent more."""


class Fault(NamedTuple):
    """A demand that is not met.

    Attributes:
        demand: what was asked.
        element: the element too many, else the one where something is missing.
        found: the value that is too many, if it has one.
    """

    demand: Demand
    element: Any
    found: str | None


def inspect(locator: Locator, suspects: Collection[str], demands: Demands) -> tuple[Offence, ...]:
    """Check demands on a document, and find the places of what does not meet them.

    Args:
        locator: the document.
        suspects: names of what stands otherwise than the binding foresees.
        demands: what is asked.
    """
    faults: list[Fault | Misuse] = []
    if suspects:
        faults += faults_in(locator.root, suspects, demands)
    if demands.usage is not None:
        faults += misuses(locator.root, demands.usage)
    if not faults:
        return ()
    elements = [fault.element for fault in faults]
    places, addresses = locator.of_elements(elements), locator.addresses(elements)
    return tuple(
        Offence(fault.demand, place, address, fault.found)
        for fault, place, address in zip(faults, places, addresses, strict=True)
    )


def faults_in(root: Any, suspects: Collection[str], demands: Demands) -> list[Fault]:
    """Return what a document does not meet of the demands that suspect names may break."""
    return _compiled(demands).faults(root, suspects)


class _Key:
    """A key, compiled."""

    def __init__(self, key: Key) -> None:
        self.name, self._first = key.name, key.first
        self._match, self._use, self._value = map(_compile, (key.match, key.use, key.value))
        self._totals = {name: _compile(path) for name, path in key.totals}

    def index(self, element: Any) -> _Index:
        """Look through the document that an element is of."""
        found: _Index = _Index({}, {})
        for one in self._match(element):
            for text in dict.fromkeys(_texts(self._use(one))):
                held = found.elements.setdefault(text, [])
                if not (held and self._first):
                    held.append(one)
        return found

    def given(self, element: Any, index: _Index, given: Mapping[str, str]) -> dict[str, Any]:
        """Return by name what the demand has of it for an element, given some texts already."""
        asked = tuple(_texts(self._value(element)))
        if not self._totals:
            return {self.name: _asked(index, asked)}
        by = (asked, tuple(given.values()))
        if by not in index.totals:
            found = {self.name: _asked(index, asked), **given}
            index.totals[by] = {name: path(element, **found) for name, path in self._totals.items()}
        return index.totals[by]


class _Index(NamedTuple):
    """What a key found in a document.

    Attributes:
        elements: text → the elements that it is a text of, in the document's order.
        totals: what is asked by (texts, and what is given) → numbers by name.
    """

    elements: dict[str, list[Any]]
    totals: dict[tuple[tuple[str, ...], ...], dict[str, Any]]


def _compile(path: str) -> Any:
    return etree.XPath(path, namespaces=_NAMESPACES, smart_strings=False)


def _texts(said: Any) -> Iterable[str]:
    return (said,) if isinstance(said, str) else map(_value, said)


def _asked(index: _Index, texts: tuple[str, ...]) -> list[Any]:
    return list(dict.fromkeys(one for text in texts for one in index.elements.get(text, ())))


class _Holders:
    """The elements that a demand speaks of and that hold the child it refuses.

    It has nothing to say of others, and these are soon found: a path that looks at every element
    takes ten times as long.
    """

    def __init__(self, child: str, each: str) -> None:
        self._children = etree.XPath(f"//{child}", namespaces=_NAMESPACES)
        self._meant = etree.XPath(f"self::{each}", namespaces=_NAMESPACES)

    def __call__(self, root: Any) -> list[Any]:
        """Return those of a document."""
        holders = dict.fromkeys(child.getparent() for child in self._children(root))
        return [holder for holder in holders if self._meant(holder)]


class _Check:
    """A demand; its two paths are compiled when it is first called for, which most never are."""

    def __init__(self, demand: Demand) -> None:
        self._demand = demand

    @cached_property
    def each(self) -> Any:
        """What gives the elements it speaks of, from the root."""
        return etree.XPath(_quickened(self._demand.each), namespaces=_NAMESPACES)

    @cached_property
    def alone(self) -> Any:
        """The same, for whoever asks for this demand only: those that may not meet it."""
        child = _CHILD.match(self._demand.counted)
        each = _ANYWHERE.fullmatch(self._demand.each)
        if self._demand.most != 0 or child is None or each is None:
            return self.each
        return _Holders(child[0], each[1])

    @cached_property
    def _counted(self) -> Any:
        path = self._demand.counted
        # Where none may be there, the first is enough: a hostile document has a million.
        path = f"({path})[1]" if self._demand.most == 0 else path
        return etree.XPath(_quickened(path), namespaces=_NAMESPACES)

    @cached_property
    def _given(self) -> dict[str, Any]:
        return {
            name: etree.XPath(f"string({path})", namespaces=_NAMESPACES, smart_strings=False)
            for name, path in self._demand.given
        }

    @cached_property
    def _keys(self) -> tuple[_Key, ...]:
        return tuple(map(_Key, self._demand.keys))

    def faults(self, elements: Iterable[Any]) -> Iterator[Fault]:
        """Yield each of the elements it speaks of that does not meet it."""
        demand = self._demand
        found: dict[_Key, _Index] = {}
        for element in elements:
            given = {name: path(element) for name, path in self._given.items()}
            asked: dict[str, Any] = {}
            for key in self._keys:
                if key not in found:
                    found[key] = key.index(element)
                asked |= key.given(element, found[key], given)
            counted = self._distinct(self._counted(element, **given, **asked))
            if len(counted) < demand.least:
                yield Fault(demand, element, None)
            elif demand.most is not None and len(counted) > demand.most:
                yield Fault(demand, *_too_many(counted[demand.most]))

    def _distinct(self, nodes: list[Any]) -> list[Any]:
        """Keep the first node of each value, where values are counted."""
        if self._demand.distinct is None:
            return nodes
        folded = self._demand.distinct is Distinct.FOLDED
        first: dict[str, Any] = {}
        for node in nodes:
            value = _value(node)
            first.setdefault(_fold(value) if folded else value, node)
        return list(first.values())


class _Checks:
    """Demands by what may break them."""

    def __init__(self, demands: Demands) -> None:
        self._demands = demands.all
        numbered = dict(enumerate(demands.all))
        refusals = {number: one for number, one in numbered.items() if is_refusal(one)}
        self._refusals = Refusals(refusals, _NAMESPACES)
        self._checks = {n: _Check(one) for n, one in numbered.items() if n not in refusals}
        self._named: dict[str, set[int]] = {}
        self._ending: list[tuple[str, int]] = []
        self._by_name: dict[str, frozenset[int]] = {}
        for number in self._checks:
            for name in demands.all[number].suspects:
                if name[0] == "*":
                    self._ending.append((name[1:], number))
                else:
                    self._named.setdefault(name, set()).add(number)

    def faults(self, root: Any, suspects: Collection[str]) -> list[Fault]:
        """Return what a document does not meet of what names call for, in the demands' order."""
        found = [
            (refused.number, self._refused(refused))
            for refused in self._refusals.found(root, suspects)
        ]
        for numbers in self._alike(self._called(suspects)):
            check = self._checks[numbers[0]]
            elements = (check.alone if len(numbers) == 1 else check.each)(root)
            for number in numbers:
                found.extend((number, fault) for fault in self._checks[number].faults(elements))
        found.sort(key=itemgetter(0))
        return [fault for _, fault in found]

    def _alike(self, numbers: Collection[int]) -> Collection[list[int]]:
        """Group checks by the elements they speak of, which are looked for once."""
        groups: dict[str, list[int]] = {}
        for number in numbers:
            groups.setdefault(self._demands[number].each, []).append(number)
        return groups.values()

    def _refused(self, refused: Refused) -> Fault:
        number, element, value = refused
        where = _too_many(element) if value is None else (element, excerpt(value))
        return Fault(self._demands[number], *where)

    def _called(self, suspects: Collection[str]) -> Collection[int]:
        """Return the checks that names (Clark names, ``@name``) call for."""
        if ANY in suspects:
            return self._checks
        return set().union(*map(self._called_by, suspects))

    def _called_by(self, name: str) -> frozenset[int]:
        """Return the checks that one name calls for; documents suspect the same few again."""
        known = self._by_name.get(name)
        if known is None:
            local = name.rpartition("}")[2]
            ending = (number for ending, number in self._ending if local.endswith(ending))
            known = frozenset((*self._named.get(local, ()), *ending))
            if len(self._by_name) < _MOST_NAMES:
                self._by_name[name] = known
        return known


def _quickened(path: str) -> str:
    """Ask of a name whether it holds an ending at all, before taking it apart: half the time."""
    return _ENDS_WITH.sub(r"(contains(local-name(), \1) and \g<0>)", path)


@lru_cache(maxsize=32)
def _compiled(demands: Demands) -> _Checks:
    return _Checks(demands)


def _too_many(node: Any) -> tuple[Any, str | None]:
    if isinstance(node, str):
        return node.getparent(), excerpt(node)  # type: ignore[attr-defined]  # an attribute's value
    return node, None if len(node) else excerpt(node.text or "")


def _value(node: Any) -> str:
    return node if isinstance(node, str) else str(_STRING(node))


def _fold(value: str) -> str:
    return " ".join(part for part in value.translate(_BLANKS).split(" ") if part)


_STRING = etree.XPath("string()", smart_strings=False)
_BLANKS = str.maketrans("\t\r\n", "   ")
