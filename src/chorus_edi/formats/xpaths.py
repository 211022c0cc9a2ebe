"""Writes the XPath of elements with the prefixes that the sender declared on his root element."""

from __future__ import annotations

from collections import Counter
from typing import Any


class XPaths:
    """XPaths in one tree.

    ``root.xpath(path, namespaces={p: u for p, u in root.nsmap.items() if p})`` selects exactly the
    element. A namespace without a prefix there (a default namespace, a prefix declared deeper) is
    written ``*[local-name()='X']``; an index stands only where several siblings match the step.

    Siblings are counted once per parent: 10,000 findings in one file cost linear time.
    """

    def __init__(self, root: Any) -> None:
        self._prefixes = {uri: prefix for prefix, uri in root.nsmap.items() if prefix}
        self._written: dict[Any, str] = {root: f"/{self.step(root.tag)}"}
        self._indices: dict[Any, dict[Any, str]] = {}

    def of(self, element: Any) -> str:
        """Return the XPath of an element of this tree."""
        above = []
        while element not in self._written:
            above.append(element)
            element = element.getparent()
        path = self._written[element]
        for below in reversed(above):
            index = self._index(below)
            path = self._written[below] = f"{path}/{self.step(below.tag)}{index}"
        return path

    def step(self, name: str) -> str:
        """Write one step from a Clark name."""
        uri, _, local = name[1:].rpartition("}") if name[0] == "{" else ("", "", name)
        if not uri:
            return local
        prefix = self._prefixes.get(uri)
        return f"{prefix}:{local}" if prefix else f"*[local-name()='{local}']"

    def _index(self, element: Any) -> str:
        parent = element.getparent()
        if parent not in self._indices:
            self._indices[parent] = self._numbered(parent)
        return self._indices[parent][element]

    def _numbered(self, parent: Any) -> dict[Any, str]:
        """Number the children that a step does not tell from each other."""
        children = list(parent.iterchildren("*"))
        steps = [self.step(child.tag) for child in children]
        # "*[local-name()='X']" matches whatever has this local name, prefixed or not.
        totals: Counter[str] = Counter(steps)
        seen: Counter[str] = Counter()
        by_local: Counter[str] = Counter()
        all_local = Counter(_local(child.tag) for child in children)
        numbered = {}
        for child, step in zip(children, steps, strict=True):
            local = _local(child.tag)
            seen[step] += 1
            by_local[local] += 1
            loose = step[0] == "*"
            number, total = (
                (by_local[local], all_local[local]) if loose else (seen[step], totals[step])
            )
            numbered[child] = f"[{number}]" if total > 1 else ""
        return numbered


def _local(name: str) -> str:
    return name.rpartition("}")[2]
