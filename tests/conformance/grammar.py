"""What the schemas allow below an element, so that mutants may hold what no base holds."""

from __future__ import annotations

import random
from functools import cache, cached_property
from typing import Any

import xmlschema
from lxml import etree

from tests.xsd import FOLDER

_ROOTS = {
    "Invoice": "ubl-2.1/maindoc/UBL-Invoice-2.1.xsd",
    "CreditNote": "ubl-2.1/maindoc/UBL-CreditNote-2.1.xsd",
    "CrossIndustryInvoice": "cii-extended-ctc-fr/CrossIndustryInvoice_100pD22B.xsd",
}
_SAMPLES = ("1", "X", "2026-10-01", "2026-10-01T00:00:00", "true", "AAA", "EUR", "10:00:00", "")
_DEEPEST = 6
_FILLED = 0.7


class Grammar:
    """The grammar of one root element."""

    def __init__(self, root: str) -> None:
        path = str(FOLDER / _ROOTS[root])
        self.schema = etree.XMLSchema(file=path)
        self._path = path
        self._types: dict[str, Any] = {}

    @cached_property
    def _root(self) -> Any:
        declared = xmlschema.XMLSchema(self._path).elements
        return next(iter(declared.values()))

    def valid(self, tree: Any) -> bool:
        """Say whether a document obeys its schema."""
        return bool(self.schema.validate(tree))

    def children(self, element: Any) -> list[str]:
        """Return the Clark names that may stand in an element, in their order."""
        return [one.name for one in self._particles(self._type(element))]

    def attributes(self, element: Any) -> list[str]:
        """Return the names of the attributes that an element may have."""
        kind = self._type(element)
        if kind is None or not kind.is_complex():
            return []
        return sorted(filter(None, kind.attributes))

    def make(self, parent: Any, name: str, chance: random.Random) -> Any:
        """Make a small element of a name that a parent may hold, without attaching it."""
        declared = {one.name: one for one in self._particles(self._type(parent))}[name]
        return self._made(declared, chance, 0)

    def insert(self, parent: Any, child: Any) -> None:
        """Put a child where the order of its parent has it, behind those of its name."""
        order = {name: n for n, name in enumerate(self.children(parent))}
        place = order.get(child.tag, len(order))
        before = [n for n, one in enumerate(parent) if order.get(one.tag, -1) <= place]
        parent.insert(before[-1] + 1 if before else 0, child)

    def _made(self, declared: Any, chance: random.Random, depth: int) -> Any:
        element = etree.Element(declared.name)
        particles = self._particles(declared.type)
        for one in _required(declared.type.content, chance) if particles else ():
            if depth < _DEEPEST:
                element.append(self._made(one, chance, depth + 1))
        if declared.type.has_simple_content() or declared.type.is_simple():
            element.text = _sample(declared.type)
        elif not len(element) and particles and depth < _DEEPEST and chance.random() < _FILLED:
            # A group all of whose members are optional; sometimes it stays empty.
            element.append(self._made(chance.choice(particles), chance, depth + 1))
        if declared.type.is_complex():
            for name, attribute in declared.type.attributes.items():
                if name and attribute.use == "required":
                    element.set(name, "EUR" if name == "currencyID" else "application/pdf")
        return element

    def _type(self, element: Any) -> Any:
        """Return the type of an element; None where an earlier change put it out of its place."""
        # The same path always has the same type: one lookup from the root per path.
        steps = [element.tag, *(one.tag for one in element.iterancestors())][::-1]
        key = " ".join(steps)
        if key not in self._types:
            at = self._root
            for step in steps[1:]:
                known = self._particles(at.type) if at is not None else []
                at = next((one for one in known if one.name == step), None)
            self._types[key] = at.type if at is not None else None
        return self._types[key]

    @staticmethod
    def _particles(kind: Any) -> list[Any]:
        if kind is None or kind.is_simple() or kind.has_simple_content() or kind.content is None:
            return []
        return [one for one in kind.content.iter_elements() if one.name]


def _required(particle: Any, chance: random.Random) -> list[Any]:
    """Return the declarations of what must stand in a group, one drawn where there is a choice."""
    if not particle.min_occurs:
        return []
    if particle.name is not None or not hasattr(particle, "model"):
        return [particle] if particle.name else []
    members = [chance.choice(list(particle))] if particle.model == "choice" else list(particle)
    return [one for member in members for one in _required(member, chance)]


@cache
def _sample(kind: Any) -> str:
    simple = kind.content if kind.is_complex() else kind
    return next((text for text in _SAMPLES if simple.is_valid(text)), "1")


@cache
def grammar(root: str) -> Grammar:
    """Return the grammar of a root element, by its local name."""
    return Grammar(root)
