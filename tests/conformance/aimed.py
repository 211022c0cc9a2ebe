"""Changes aimed at one rule: to what its test looks at, from a node that it is tried on."""

from __future__ import annotations

from functools import cache
from typing import Any

from tests.conformance.aims import PREFIXES, Aim, Step
from tests.conformance.scene import Scene, bases, local_name, path_of, shown
from tests.conformance.values import CODES, another

_CLEAR, _FILL, _SAME, _GROW = 0.15, 0.1, 0.1, 0.2
_ELSEWHERE = 0.25
_ANOTHER = 0.35
_SELF = (Step("", "."),)

Path = tuple[Step, ...]


class Aimed:
    """Changes a document where a rule looks."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.chance = scene.chance

    def change(self, aim: Aim) -> str | None:
        """Make one change; return what was done, None where nothing fitted."""
        nodes, said = _tried(aim, self.scene.root), ""
        if not nodes:
            brought = self._brought(aim, None)
            if brought is None:
                return None
            nodes, said = [brought], f"bring {path_of(brought)}, "
        done = self._changed(aim, self.scene.draw(lambda _one: True, nodes))
        return f"{aim.rule}: {said}{done or 'nothing else'}" if done or said else None

    def _changed(self, aim: Aim, node: Any) -> str | None:
        drawn = self.chance.random()
        clear = _CLEAR * (3 if aim.either else 1)
        if drawn < clear:
            return self._cleared(aim, node)
        if drawn < clear + _FILL and len(aim.paths) > 1:
            return self._filled(aim, node)
        if drawn < clear + _FILL + _SAME and len(aim.paths) > 1:
            return self._same(aim, node)
        paths = aim.paths
        if not paths or self.chance.random() < _ELSEWHERE:
            paths = (*aim.conditions, _SELF)
        return self._walked(aim, node, self.chance.choice(paths))

    def _brought(self, aim: Aim, path: Path | None) -> Any:
        """Bring in, from another base, a node the rule is tried on or what a path finds there."""
        known = bases(self.scene.syntax)
        held = _donated(self.scene.syntax, aim, path)
        for donor in self.chance.sample(known, len(known)):
            if taken := held.get(donor.name):
                return self.scene.bring(self.chance.choice(taken))
        return None

    def _cleared(self, aim: Aim, node: Any) -> str | None:
        """Drop or blank much of what the rule looks at."""
        blank = self.chance.random() < 0.2
        many = self.chance.choice((0.0, 0.5, 1.0))
        chosen = [path for path in aim.paths if self.chance.random() < many]
        if aim.paths and not chosen:
            chosen = [self.chance.choice(aim.paths)]
        gone = [said for path in chosen for said in _without(node, path, blank=blank)]
        return f"{'blank' if blank else 'drop'} {', '.join(dict.fromkeys(gone))}" if gone else None

    def _filled(self, aim: Aim, node: Any) -> str | None:
        """Make what the rule looks at stand there together."""
        missing = [path for path in aim.paths if not _found(node, path)]
        done = [self._walked(aim, node, path) for path in missing]
        return ", ".join(one for one in done if one is not None) or None

    def _same(self, aim: Aim, node: Any) -> str | None:
        """Give two things the rule looks at one text."""
        there = [one for path in aim.paths for one in _found(node, path) if not len(one)]
        if len(there) < 2:
            return None
        one, other = self.chance.sample(there, 2)
        return self.scene.rewrite(one, other.text or "")

    def _walked(self, aim: Aim, node: Any, path: Path) -> str | None:
        """Walk a path, growing what is not there, and change what stands at its end."""
        at, grown = node, []
        for step in path:
            if step.name.startswith("@"):
                return ", ".join([*grown, self._attribute(aim, at, step.name[1:])])
            there = _found(at, (step,))
            if there and not (aim.counts and self.chance.random() < _GROW):
                at = self.chance.choice(there)
            elif (child := self._grown(at, step)) is not None:
                at = child
                grown.append(f"grow {path_of(child)}")
            elif there:
                at = self.chance.choice(there)
            elif (brought := self._brought(aim, path)) is not None:
                at = brought
                grown.append(f"bring {path_of(brought)}")
                break
            else:
                return None
        return self._settled(aim, at, grown, node) if grown else self._altered(aim, at, node)

    def _settled(self, aim: Aim, at: Any, grown: list[str], node: Any) -> str:
        """Leave what was grown as it is, or give it another text, or a twin."""
        if not len(at) and self.chance.random() < _ANOTHER:
            at.text = self._value(aim, at)
        if aim.counts and at.getparent() is not None:
            grown.append(self._doubled_below(at, node))
        return f"{', '.join(grown)} {shown((at.text or '').strip())}"

    def _grown(self, at: Any, step: Step) -> Any:
        """Put a small element of a name below another; None where the schema has none."""
        prefix, _, name = step.name.partition(":")
        tag = f"{{{PREFIXES[prefix]}}}{name}" if prefix in PREFIXES and name else ""
        if tag not in self.scene.grammar.children(at):
            return None
        child = self.scene.grammar.make(at, tag, self.chance)
        if len(at) == 1 and self.chance.random() < 0.5:
            # Where the schema leaves a choice, the new one stands instead.
            at.remove(at[0])
        self.scene.grammar.insert(at, child)
        return child

    def _value(self, aim: Aim, element: Any) -> str:
        if aim.literals and self.chance.random() < 0.5:
            return self.chance.choice(aim.literals)
        return another(self.chance, element.text or "", local_name(element))

    def _attribute(self, aim: Aim, element: Any, name: str) -> str:
        if name in element.attrib and self.chance.random() < 0.4:
            del element.attrib[name]
            return f"drop {path_of(element)}/@{name}"
        element.set(name, self.chance.choice((*aim.literals, "", " ", *CODES)))
        return f"set {path_of(element)}/@{name} to {element.get(name)!r}"

    def _altered(self, aim: Aim, element: Any, node: Any) -> str | None:
        """Change one element in one of the ways there are."""
        drawn = self.chance.random()
        if element.getparent() is None:
            return None
        if drawn < (0.6 if aim.counts else 0.04):
            return self._doubled_below(element, node)
        if drawn < (0.8 if aim.counts else 0.35):
            gone = self.chance.choice(self._below(element, node))
            said = f"drop {path_of(gone)}"
            gone.getparent().remove(gone)
            return said
        if len(element):
            return None
        return self.scene.rewrite(element, "" if drawn < 0.4 else self._value(aim, element))

    def _doubled_below(self, element: Any, node: Any) -> str:
        """Double an element or one above it: which of them may stand twice varies."""
        return self.scene.double(self.chance.choice(self._below(element, node)), element.tag)

    def _below(self, element: Any, node: Any) -> list[Any]:
        """Return an element and those above it, below the node that the rule is tried on."""
        above = [element]
        while above[-1].getparent() not in (None, node, self.scene.root):
            above.append(above[-1].getparent())
        return above


@cache
def _donated(syntax: str, aim: Aim, path: Path | None) -> dict[str, list[Any]]:
    """Return, by base, the nodes a rule is tried on, or what a path finds from them."""
    held = {base.name: _tried(aim, base.tree) for base in bases(syntax)}
    if path is None:
        return held
    return {
        name: [one for node in tried for one in _found(node, path)] for name, tried in held.items()
    }


def _tried(aim: Aim, root: Any) -> list[Any]:
    found = [one for context in aim.contexts for one in context(root)]
    return [one for one in found if isinstance(getattr(one, "tag", None), str)]


def _without(node: Any, path: Path, *, blank: bool) -> list[str]:
    """Drop or blank all that a path finds; return what."""
    attribute = path[-1].name.removeprefix("@") if path[-1].name.startswith("@") else None
    gone = []
    for one in _found(node, path):
        where = path_of(one)
        if attribute is not None:
            if one.attrib.pop(attribute, None) is not None:
                gone.append(f"{where}/@{attribute}")
        elif blank and not len(one):
            one.text = " "
            gone.append(where)
        elif one is not node and one.getparent() is not None:
            one.getparent().remove(one)
            gone.append(where)
    return gone


def _found(node: Any, path: Path) -> list[Any]:
    """Return the elements at the end of a path; its attributes count for nothing."""
    at = [node]
    for step in path:
        at = [one for start in at for one in _one_step(start, step)]
    return list(dict.fromkeys(at))


def _one_step(node: Any, step: Step) -> list[Any]:
    if step.name == "..":
        return [] if node.getparent() is None else [node.getparent()]
    if step.name == "." or step.name.startswith("@"):
        return [node]
    if step.name == "*":
        return list(node)
    prefix, _, name = step.name.partition(":")
    tag = f"{{{PREFIXES.get(prefix, '')}}}{name}"
    root = node.getroottree().getroot()
    if step.axis == "//":
        return list(root.iter(tag))
    if step.axis == "/" and root.tag == tag:
        return [root]
    return list(node.iterchildren(tag))
