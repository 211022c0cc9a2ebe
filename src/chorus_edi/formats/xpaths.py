"""Writes the XPath of elements with the prefixes that the sender declared on his root element."""

from __future__ import annotations

from typing import Any


class XPaths:
    """XPaths in one tree.

    ``root.xpath(path, namespaces={p: u for p, u in root.nsmap.items() if p})`` selects exactly the
    element. A namespace without a prefix there (a default namespace, a prefix declared deeper) is
    written ``*[local-name()='X']``; an index stands only where several siblings match the step.

    Siblings are counted once per parent and step: 10,000 findings in one file cost linear time.
    """

    def __init__(self, root: Any) -> None:
        self._prefixes = {uri: prefix for prefix, uri in root.nsmap.items() if prefix}
        self._steps: dict[str, str] = {}
        self._written: dict[Any, str] = {root: f"/{self.step(root.tag)}"}
        self._numbers: dict[tuple[Any, str], dict[Any, int]] = {}

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
        written = self._steps.get(name)
        if written is None:
            written = self._steps[name] = self._step(name)
        return written

    def _step(self, name: str) -> str:
        uri, _, local = name[1:].rpartition("}") if name[0] == "{" else ("", "", name)
        if not uri:
            return local
        prefix = self._prefixes.get(uri)
        return f"{prefix}:{local}" if prefix else f"*[local-name()='{local}']"

    def _index(self, element: Any) -> str:
        parent, name = element.getparent(), element.tag
        numbers = self._numbers.get((parent, name))
        if numbers is None:
            numbers = self._numbers[parent, name] = self._numbered(parent, name)
        return f"[{numbers[element]}]" if len(numbers) > 1 else ""

    def _numbered(self, parent: Any, name: str) -> dict[Any, int]:
        """Number the children of an element that the step of a name matches."""
        if self.step(name)[0] == "*":
            # This step matches whatever has the local name, in any namespace.
            name = f"{{*}}{name.rpartition('}')[2]}"
        return {child: n for n, child in enumerate(parent.iterchildren(name), 1)}
