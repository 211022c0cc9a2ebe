"""Puts business content into an extension of a UBL document.

The schema takes any elements there, and judges one by one those that it knows: a group must be
whole, but stands where it likes.
"""

from __future__ import annotations

import copy
from typing import Any

from lxml import etree

from tests.conformance.scene import Scene, bases, path_of

_EXT = "urn:oasis:names:specification:ubl:schema:xsd:CommonExtensionComponents-2"
_NAMES = ("UBLExtensions", "UBLExtension", "ExtensionContent")
_WRAPPER = "{urn:example:extension}Data"
_WHOLE = 0.3
"""Share of the extensions that hold a whole document."""
_GROUP = 0.5
_WRAPPED = 0.5
_THINNED = (0, 0, 1, 1, 2, 4)


def extend(scene: Scene) -> str:
    """Put a part of some base, or all of it, into an extension; a few of its elements may be gone.

    Returns:
        What was done.
    """
    taken = copy.deepcopy(_drawn(scene))
    said = [f"extend with {path_of(taken)}", *_thinned(scene, taken)]
    content = _content(scene)
    if scene.chance.random() < _WRAPPED:
        content = etree.SubElement(content, _WRAPPER)
        beside = copy.deepcopy(_drawn(scene))
        content.append(beside)
        said.append(f"beside {path_of(beside)}")
    content.append(taken)
    return ", ".join(said)


def _drawn(scene: Scene) -> Any:
    """Draw an element of some base: its root, or one of a path drawn first, mostly a group."""
    root = scene.chance.choice(bases(scene.syntax)).tree
    if scene.chance.random() < _WHOLE:
        return root
    groups = list(root.iterdescendants(etree.Element))
    if scene.chance.random() < _GROUP:
        groups = [one for one in groups if len(one)]
    return scene.draw(lambda _one: True, groups)


def _thinned(scene: Scene, taken: Any) -> list[str]:
    """Drop some elements of a part; return which."""
    gone = []
    for _ in range(scene.chance.choice(_THINNED)):
        dropped = scene.draw(lambda _one: True, taken.iterdescendants(etree.Element))
        if dropped is None:
            break
        gone.append(f"without {path_of(dropped)}")
        dropped.getparent().remove(dropped)
    return gone


def _content(scene: Scene) -> Any:
    """Return the content of a new extension."""
    extensions, *below = (f"{{{_EXT}}}{name}" for name in _NAMES)
    at = scene.root.find(extensions)
    if at is None:
        at = etree.Element(extensions)
        scene.grammar.insert(scene.root, at)
    for tag in below:
        at = etree.SubElement(at, tag)
    return at
