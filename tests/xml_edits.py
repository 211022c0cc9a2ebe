"""Makes the edits of syntax cases on a tree."""

from __future__ import annotations

import copy
from typing import Any

from lxml import etree

from chorus_edi.formats.mapping import cii, ubl
from chorus_edi.rules.syntax_cases import Edit

PREFIXES = {**ubl.PREFIXES, **cii.PREFIXES}
_DECLARED = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in PREFIXES.items())


def edit(root: Any, change: Edit) -> None:
    """Make one change; its path selects at least one node."""
    if change.double:
        element = _first(root, change.double)
        element.addnext(copy.deepcopy(element))
    elif change.drop:
        for node in _all(root, change.drop):
            _drop(node)
    elif change.into:
        fragment = etree.fromstring(f"<x {_DECLARED}>{change.add}</x>")
        _first(root, change.into).extend(fragment[:])
    else:
        _set(root, change.set, change.to)


def _set(root: Any, path: str, value: str) -> None:
    above, _, attribute = path.rpartition("/@")
    if above:
        _first(root, above).set(attribute, value)
    else:
        _first(root, path).text = value


def _drop(node: Any) -> None:
    if isinstance(node, str):
        del node.getparent().attrib[node.attrname]  # type: ignore[attr-defined]
    else:
        node.getparent().remove(node)


def _all(root: Any, path: str) -> list[Any]:
    found = root.xpath(path, namespaces=PREFIXES)
    assert found, f"{path} selects nothing"
    return list(found)


def _first(root: Any, path: str) -> Any:
    return _all(root, path)[0]
