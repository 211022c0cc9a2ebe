"""Changes that fall anywhere in a document, path by path, whatever the rules."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from lxml import etree

from tests.conformance.extension import extend
from tests.conformance.scene import CATEGORY_TAGS, Scene, bases, local_name, path_of, shown
from tests.conformance.values import CATEGORIES, CODES, another

_EXTENDED = ("ubl", "ubl-ext")
"""The syntaxes whose mutants may hold another document in an extension."""


class Anywhere:
    """The ways to change a document anywhere, each with its weight."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.chance = scene.chance
        self._ways: Sequence[tuple[int, Callable[[], str | None]]] = (
            (4, self._drop),
            (1, self._double),
            (2, self._blank),
            (8, self._change),
            (1, self._pad),
            (2, self._swap),
            (3, self._category),
            (3, self._attribute_changed),
            (2, self._attribute_added),
            (3, self._graft),
            (2, self._grow),
            *(((3, self._extend),) if scene.syntax in _EXTENDED else ()),
        )

    def change(self) -> str | None:
        """Make one change; return what was done, None where nothing fitted."""
        if not len(self.scene.root):
            return None
        (way,) = self.chance.choices([w for _, w in self._ways], [n for n, _ in self._ways])
        return way()

    def _drop(self) -> str:
        element = self.scene.draw(_any)
        said = f"drop {path_of(element)}"
        element.getparent().remove(element)
        return said

    def _double(self) -> str:
        return self.scene.double(self.scene.draw(_any))

    def _blank(self) -> str | None:
        element = self.scene.draw(_is_leaf)
        return self.scene.rewrite(element, self.chance.choice(("", " ", "\n\t ")))

    def _change(self) -> str | None:
        return self.scene.rewrite(self.scene.draw(_is_leaf))

    def _pad(self) -> str | None:
        element = self.scene.draw(lambda one: _is_leaf(one) and one.text)
        if element is None:
            return None
        element.text = self.chance.choice((" {}", "{} ", "\n{}\n")).format(element.text)
        return f"pad {path_of(element)}"

    def _swap(self) -> str | None:
        """Exchange the texts of two leaves of one name."""
        one = self.scene.draw(_is_leaf)
        others = [other for other in self.scene.root.iter(one.tag) if other.text != one.text]
        if not others:
            return None
        other = self.chance.choice(others)
        one.text, other.text = other.text, one.text
        return f"swap {path_of(one)} and {path_of(other)}"

    def _category(self) -> str | None:
        """Change a VAT category wherever it stands, or in one kind of place, with its rate."""
        old, new = self.chance.choice(CATEGORIES), self.chance.choice(CATEGORIES)
        places = [one for one in self.scene.root.iter(*CATEGORY_TAGS) if one.text == old]
        if not places or old == new:
            return None
        where = self.chance.choice((None, *sorted({path_of(one) for one in places})))
        rate = self.chance.choice((None, None, "0", "20"))
        for place in places:
            if where in (None, path_of(place)):
                place.text = new
                _rate(place, rate)
        return f"category {old} to {new} at {where or 'every place'}, rate {rate}"

    def _attribute_changed(self) -> str | None:
        element = self.scene.draw(lambda one: bool(one.attrib))
        if element is None:
            return None
        name = self.chance.choice(sorted(element.attrib))
        if self.chance.random() < 0.4:
            del element.attrib[name]
            return f"drop {path_of(element)}/@{name}"
        element.set(name, self.chance.choice(("", " ", *CODES)))
        return f"change {path_of(element)}/@{name} to {element.get(name)!r}"

    def _attribute_added(self) -> str | None:
        element = self.scene.draw(_any)
        allowed = self.scene.grammar.attributes(element)
        free = [name for name in allowed if name not in element.attrib]
        if not free:
            return None
        name = self.chance.choice(free)
        element.set(name, self.chance.choice(CODES))
        return f"add {path_of(element)}/@{name} {element.get(name)!r}"

    def _graft(self) -> str | None:
        """Bring in an element of another base, below the parent it has there."""
        donor = self.chance.choice(bases(self.scene.syntax)).tree
        taken = self.chance.choice(list(donor.iterdescendants(etree.Element)))
        brought = self.scene.bring(taken)
        return None if brought is None else f"graft {path_of(brought)}"

    def _grow(self) -> str | None:
        """Add a small element of a name that the schema allows there."""
        host = self.scene.draw(lambda one: len(one) > 0, self.scene.root.iter(etree.Element))
        names = self.scene.grammar.children(host)
        if not names:
            return None
        absent = [name for name in names if host.find(name) is None]
        if absent and self.chance.random() < 0.8:
            names = absent
        child = self.scene.grammar.make(host, self.chance.choice(names), self.chance)
        if self.chance.random() < 0.5 and not len(child):
            child.text = another(self.chance, child.text or "", local_name(child))
        self.scene.grammar.insert(host, child)
        return f"grow {path_of(child)} {shown(child.text)}"

    def _extend(self) -> str:
        return extend(self.scene)


def _any(_element: Any) -> bool:
    return True


def _is_leaf(element: Any) -> bool:
    return not len(element)


def _rate(place: Any, rate: str | None) -> None:
    for sibling in place.getparent() if rate is not None else ():
        if local_name(sibling).endswith("Percent"):
            sibling.text = rate
