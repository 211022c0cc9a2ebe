"""One document being changed: how its elements are drawn, named, rewritten and brought in."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, NamedTuple

from lxml import etree

from tests.conformance.bases import documents
from tests.conformance.grammar import Grammar, grammar
from tests.conformance.values import another

_REPLACE = 0.6
_SHOWN = 40
_CBC = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
_RAM = "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"
CATEGORY_TAGS = (f"{{{_CBC}}}ID", f"{{{_RAM}}}CategoryCode")
"""Elements whose text may be a VAT category."""


class Base(NamedTuple):
    """A sound document, parsed once."""

    name: str
    tree: Any
    grammar: Grammar


@cache
def bases(syntax: str) -> tuple[Base, ...]:
    """Return the sound documents of a syntax."""
    return tuple(_base(name, xml) for name, xml in documents(syntax).items())


def _base(name: str, xml: bytes) -> Base:
    tree = etree.fromstring(xml, etree.XMLParser(remove_blank_text=True))
    return Base(name, tree, grammar(etree.QName(tree).localname))


class Scene:
    """A copy of a base, and the source of chance that changes it."""

    def __init__(self, syntax: str, base: Base, chance: random.Random) -> None:
        self.syntax = syntax
        self.chance = chance
        self.root = copy.deepcopy(base.tree)
        self.grammar = base.grammar

    def draw(self, fits: Callable[[Any], bool], among: Iterable[Any] | None = None) -> Any:
        """Draw an element: a path first, then one that stands there; None where none fits."""
        by_path: dict[str, list[Any]] = {}
        for element in self.root.iterdescendants(etree.Element) if among is None else among:
            if fits(element):
                by_path.setdefault(path_of(element), []).append(element)
        if not by_path:
            return None
        return self.chance.choice(by_path[self.chance.choice(sorted(by_path))])

    def rewrite(self, element: Any, text: str | None = None) -> str | None:
        """Give an element another text; None where it turns out to be the same."""
        old = element.text or ""
        element.text = another(self.chance, old, local_name(element)) if text is None else text
        if element.text == old:
            return None
        return f"change {path_of(element)} {shown(old)} to {shown(element.text)}"

    def double(self, element: Any, leaf: str | None = None) -> str:
        """Put a copy behind an element, half of the time with another text in a leaf of it.

        Args:
            element: what to double.
            leaf: Clark name of the leaves to choose from; any where None.
        """
        twin = copy.deepcopy(element)
        element.addnext(twin)
        leaves = [one for one in twin.iter(leaf or etree.Element) if not len(one)]
        changed = None
        if leaves and self.chance.random() < 0.5:
            changed = self.rewrite(self.chance.choice(leaves))
        return f"double {path_of(element)}" + (f", second: {changed}" if changed else "")

    def bring(self, taken: Any) -> Any:
        """Put a copy of an element of another base where it stands there; None for a root.

        Where its parent is missing here, the parent comes too.
        """
        whole = taken
        while whole.getparent() is not None:
            above = path_of(whole.getparent())
            hosts = [one for one in self.root.iter(whole.getparent().tag) if path_of(one) == above]
            if hosts:
                twin, host = copy.deepcopy(whole), self.chance.choice(hosts)
                there = host.find(twin.tag)
                if there is not None and self.chance.random() < _REPLACE:
                    host.replace(there, twin)
                else:
                    self.grammar.insert(host, twin)
                return next(twin.iter(taken.tag))
            whole = whole.getparent()
        return None


def local_name(element: Any) -> str:
    """Return the name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def path_of(element: Any) -> str:
    """Return the local names from the root to an element."""
    steps = [local_name(element), *map(local_name, element.iterancestors())]
    return "/".join(reversed(steps))


def shown(text: str | None) -> str:
    """Return a text as a description of a change shows it."""
    return repr((text or "")[:_SHOWN])
