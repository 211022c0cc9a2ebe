"""Finds where a term, or an element, stands in the sender's file: XPath, line and column.

Nothing is recorded while an invoice is read: a locator is made on the first finding of a document
and walks the tree by the same operations as the reader, so that both count alike. The XPath is
written, not asked of libxml2 (``getpath`` is quadratic, and unreadable under a default namespace);
lines and columns come from one pass over the file (libxml2's lines saturate at 65,535).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache, cached_property
from itertools import accumulate
from typing import Any, NamedTuple

from chorus_edi.domain.dossier import Place
from chorus_edi.domain.scenarios import Syntax
from chorus_edi.domain.terms import ROOT, TERMS
from chorus_edi.errors import Defect
from chorus_edi.formats.mapping.conditions import Declared, as_xpath, holds
from chorus_edi.formats.mapping.dispatch import (
    CATEGORY,
    EXTENSION,
    GROUP,
    HOLDER,
    IDENTIFIERS,
    INDICATOR,
    KNOWN,
    MEASURE,
    NOTE,
    OPEN,
    SEARCH,
    STEP,
    SWITCH,
    WITH_ATTRIBUTES,
    Dispatch,
    Op,
)
from chorus_edi.formats.mapping.syntaxes import MAPPINGS
from chorus_edi.formats.mapping.table import DESCENDANT, ELSE, Path, Step, Table
from chorus_edi.formats.positions import positions
from chorus_edi.formats.texts import find_below
from chorus_edi.formats.xpaths import XPaths

_SEGMENT = re.compile(
    r"((?:BT|BG)-(?:X-)?\d+(?:-0)?|EXT-FR-FE-(?:BG-)?\d+|CE-[A-Z-]+)(?:-[1-9]\d*)?(?:\[(\d+)\])?"
)

_Chain = tuple[tuple[str, int], ...]
"""A term and the groups above it, outermost first, each with its number."""


class _Spot(NamedTuple):
    """The element whose line is given, the XPath, and whether that XPath selects that element."""

    element: Any
    xpath: str
    exists: bool


class Locator:
    """Places in one document.

    Args:
        tree: the root element that was read.
        xml: the bytes it was parsed from, in UTF-8.
        syntax: their grammar.
    """

    def __init__(self, tree: Any, xml: bytes, syntax: Syntax) -> None:
        self.root = tree
        self.syntax = syntax
        self._root = tree
        self._xml = xml
        self._mapping = MAPPINGS[syntax]

    @cached_property
    def _declared(self) -> Declared:
        return Declared(self._root)

    @cached_property
    def _xpaths(self) -> XPaths:
        # Most documents have no finding, and no use for one.
        return XPaths(self._root)

    def places(self, addresses: Sequence[str]) -> tuple[Place, ...]:
        """Find the places of terms and groups, in one walk and one pass over the file.

        Args:
            addresses: ``BT-1``, ``BG-25[2]/BG-30/BT-152``; the index may be left out where it is 1,
                groups that do not repeat as well. A sub-term (``BG-4/BT-29-1[2]``) stands where its
                term stands.

        Returns:
            One place per address. For a term that is absent: where it ought to stand, with the
            line and column of the nearest element above that is there.

        Raises:
            Defect: an address names no term.
        """
        chains = [chain_of(address) for address in addresses]
        wanted = set(chains)
        found = _Search(self._root, wanted, self._mapping.table).run(self._mapping.compiled.get)
        spots = {chain: self._spot(chain, found) for chain in wanted}
        lines = positions(self._root, self._xml, {spot.element for spot in spots.values()})
        return tuple(Place(spots[chain].xpath, *lines[spots[chain].element]) for chain in chains)

    def of_elements(self, elements: Sequence[Any]) -> tuple[Place, ...]:
        """Find the places of elements of this tree."""
        lines = positions(self._root, self._xml, set(elements))
        return tuple(Place(self._xpaths.of(element), *lines[element]) for element in elements)

    def addresses(self, elements: Sequence[Any]) -> tuple[str, ...]:
        """Find the addresses of elements of this tree, or of what is nearest around them.

        Returns:
            One address per element; empty where nothing around it is mapped.
        """
        search = _Search(self._root, None, self._mapping.table)
        search.run(self._mapping.compiled.get)
        return tuple(_nearest(element, search.told) for element in elements)

    def _spot(self, chain: _Chain, found: dict[str, Any]) -> _Spot:
        """Return where a term is, or ought to be."""
        if not chain:
            return _Spot(self._root, self._xpaths.of(self._root), exists=True)
        element = found.get(_written(chain))
        if element is not None:
            return _Spot(element, self._xpaths.of(element), exists=True)
        entry = self._mapping.table.of(chain[-1][0])
        if entry is None:
            return self._spot(chain[:-1], found)
        above = next((n for n, (term, _) in enumerate(chain, 1) if term == entry.scope), 0)
        base = self._spot(chain[:above], found)
        # A further element of a repeated term is not there: what has its name is another one.
        return self._descend(base, entry.within, new=entry.term.repeated)

    def _descend(self, base: _Spot, path: Path, *, new: bool) -> _Spot:
        """Follow a path as far as elements are there, then write the rest of it."""
        element, depth = base.element, 0
        if base.exists:
            for step in path[:-1] if new else path:
                below = self._child(element, step)
                if below is None:
                    break
                element, depth = below, depth + 1
        rest = [self._step(step) for step in path[depth:]]
        start = self._xpaths.of(element) if base.exists else base.xpath
        return _Spot(element, "/".join([start, *rest]), exists=not rest and base.exists)

    def _child(self, element: Any, step: Step) -> Any:
        if step.condition == ELSE or step.name[0] != "{":
            return None
        for child in element.iterchildren(step.name):
            if not step.condition or holds(step, child, self._declared, self._mapping.table):
                return child
        return None

    def _step(self, step: Step) -> str:
        if step.name.startswith(DESCENDANT):
            return f"{DESCENDANT}*[local-name()='{step.name.removeprefix(DESCENDANT)}']"
        if step.name[0] == "@":
            return step.name
        condition = as_xpath(step, self._mapping.table, self._xpaths.step, self._declared)
        return f"{self._xpaths.step(step.name)}{condition}"


def chain_of(address: str) -> _Chain:
    """Read an address; an empty one is the document itself.

    Raises:
        Defect: it names no term of the model.
    """
    numbers: dict[str, int] = {}
    term = ""
    for segment in address.split("/") if address else ():
        match = _SEGMENT.fullmatch(segment)
        if match is None or match[1] not in TERMS:
            raise Defect(f"not an address of the semantic model: {address!r}")
        term = match[1]
        numbers.setdefault(term, int(match[2] or 1))
    return tuple([(one, numbers.get(one, 1)) for one in _down_to(term)])


@cache
def _down_to(term: str) -> tuple[str, ...]:
    """Return a term and the groups above it, outermost first; nothing for the document."""
    return () if term in ("", ROOT) else (*_down_to(TERMS[term].group), term)


def _written(chain: _Chain) -> str:
    return "/".join([f"{term}[{n}]" if TERMS[term].repeated else term for term, n in chain])


def _written_to(chain: _Chain) -> Iterator[str]:
    """Yield the addresses of the groups of a chain, outermost first, and its own."""
    steps = (f"{term}[{n}]" if TERMS[term].repeated else term for term, n in chain)
    return accumulate(steps, "{}/{}".format)


class _Search:
    """One walk for the elements of the addresses asked for, and of the groups above them.

    Attributes:
        told: the address of every element met, where no address in particular is asked for.
    """

    def __init__(self, root: Any, chains: Collection[_Chain] | None, table: Table) -> None:
        self._root = root
        self._declared = Declared(root)
        self._all = chains is None
        terms = {term for chain in chains or () for term, _ in chain}
        self._names = {name for term in terms for name in table.names.get(term, ())}
        self._wanted = {written for chain in chains or () for written in _written_to(chain)}
        self.told: dict[Any, str] = {}
        self._counts: Counter[str] = Counter()
        self._found: dict[str, Any] = {}

    def run(self, get: Dispatch) -> dict[str, Any]:
        """Return address → element, for those that are there."""
        self._walk(self._root[:], get, "")
        return self._found

    def _walk(self, elements: Any, get: Dispatch, prefix: str) -> None:
        for element in self._leading_on(elements):
            op = get(element.tag)
            if op is None or op[0] in (INDICATOR, KNOWN):
                continue
            kind, _, _, argument, address = op
            if kind == STEP:
                self._walk(element[:], argument, prefix)
            elif kind == CATEGORY:
                self._walk(element[:], argument[0], prefix)
            elif kind == EXTENSION:
                self._walk((element,), argument, prefix)
            elif kind == GROUP:
                below, _, lent, _ = argument
                here = self._number(element, f"{prefix}{address}")
                if self._wants(here) or lent:
                    self._walk(element[:], below, f"{here}/")
            elif kind == OPEN:
                self._keep(element, f"{prefix}{address}")
                self._walk(element[:], argument[0], prefix)
            elif kind == SWITCH:
                choose, dispatches, otherwise = argument
                below = dispatches.get(choose(element, self._declared), otherwise)
                self._walk((element,), below, prefix)
            else:
                self._leaf(element, op, prefix)

    def _leading_on(self, elements: Any) -> Any:
        """Return those that may be a step to what is looked for."""
        return elements if self._all else [one for one in elements if one.tag in self._names]

    def _wants(self, address: str) -> bool:
        return self._all or address in self._wanted

    def _leaf(self, element: Any, op: Op, prefix: str) -> None:
        kind, slot, _, argument, address = op
        here = f"{prefix if slot >= 0 else ''}{address}"
        if kind in (IDENTIFIERS, NOTE):
            self._number(element, here)
        elif kind == HOLDER:
            self._held(element, argument, prefix, here)
        elif kind == MEASURE:
            self._keep(element, here)
            self._attributes(element, (argument,), prefix)
        elif kind == WITH_ATTRIBUTES:
            self._walk((element,), argument[0], prefix)
            self._attributes(element, argument[1], prefix)
        elif kind == SEARCH:
            below = find_below(element, argument)
            if below is not None:
                self._keep(below, here)
        else:
            self._keep(element, here)

    def _attributes(self, element: Any, ops: Any, prefix: str) -> None:
        for attribute, op in ops:
            if element.get(attribute) is not None:
                self._leaf(element, op, prefix)

    def _held(self, element: Any, argument: Any, prefix: str, here: str) -> None:
        """Go below a container; where its term is not there, the container stands for it."""
        below, _, repeated = argument
        before = self._counts[here]
        self._walk((element,), below, prefix)
        if not repeated:
            self._keep(element, here)
        elif self._counts[here] == before:
            self._number(element, here)

    def _number(self, element: Any, address: str) -> str:
        self._counts[address] += 1
        here = f"{address}[{self._counts[address]}]"
        self._keep(element, here)
        return here

    def _keep(self, element: Any, address: str) -> None:
        if self._all:
            self.told.setdefault(element, address)
        elif address in self._wanted:
            self._found.setdefault(address, element)


def _nearest(element: Any, told: Mapping[Any, str]) -> str:
    while element is not None:
        if element in told:
            return told[element]
        element = element.getparent()
    return ""
