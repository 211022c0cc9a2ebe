"""A small tree that is written as XML: what is absent in the model is absent in the file.

A builder makes the elements of one namespace prefix. An element whose content is all absent is
absent itself, so writers name every term of the model and never ask whether it is there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple, TypeAlias

_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"}
_TEXT = str.maketrans(_ENTITIES)
# A parser turns these into spaces inside an attribute unless they are written as references.
_ATTRIBUTE = str.maketrans({**_ENTITIES, '"': "&quot;", "\n": "&#10;", "\t": "&#9;"})


class Node(NamedTuple):
    """An element: prefixed name, attributes in writing order, text or children."""

    tag: str
    attributes: tuple[tuple[str, str], ...]
    content: str | tuple[Node, ...]


Child: TypeAlias = "Node | Iterable[Node | None] | None"


class Builder:
    """Makes the elements of one namespace prefix."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix

    def leaf(
        self, name: str, value: str | Decimal | None, /, **attributes: str | None
    ) -> Node | None:
        """Return an element with text; None where there is no value. Blank text is kept."""
        if value is None:
            return None
        text = format(value, "f") if isinstance(value, Decimal) else value
        return Node(f"{self._prefix}:{name}", _given(attributes), text)

    def group(self, name: str, *children: Child) -> Node | None:
        """Return an element with children; None where no child is there."""
        there = tuple(_flat(children))
        return Node(f"{self._prefix}:{name}", (), there) if there else None


def document(root: str, namespaces: Mapping[str, str], *children: Child) -> bytes:
    """Write a whole file in UTF-8, one element per line, so that findings have line numbers.

    Args:
        root: name of the root element, with its prefix where it has one.
        namespaces: prefix → namespace; the empty prefix is the default namespace.
        children: what the root holds, in schema order.
    """
    declared = tuple(
        (f"xmlns:{prefix}" if prefix else "xmlns", uri) for prefix, uri in namespaces.items()
    )
    lines = ['<?xml version="1.0" encoding="UTF-8"?>']
    _write(Node(root, declared, tuple(_flat(children))), "", lines)
    return ("\n".join(lines) + "\n").encode()


def _given(attributes: Mapping[str, str | None]) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in attributes.items() if value is not None)


def _flat(children: Iterable[Child]) -> Iterator[Node]:
    for child in children:
        if isinstance(child, Node):
            yield child
        elif child is not None:
            yield from (one for one in child if one is not None)


def _write(node: Node, indent: str, lines: list[str]) -> None:
    attributes = "".join(f' {k}="{v.translate(_ATTRIBUTE)}"' for k, v in node.attributes)
    if isinstance(node.content, str):
        text = node.content.translate(_TEXT)
        lines.append(f"{indent}<{node.tag}{attributes}>{text}</{node.tag}>")
        return
    lines.append(f"{indent}<{node.tag}{attributes}>")
    for child in node.content:
        _write(child, indent + "  ", lines)
    lines.append(f"{indent}</{node.tag}>")
