"""Writes into a document what demands refuse, so that each can be seen to fail."""

from __future__ import annotations

from typing import Any

from lxml import etree

from chorus_edi.domain.demands import Demand
from chorus_edi.domain.findings import Severity
from chorus_edi.formats.refusals import is_refusal
from chorus_edi.rules.registry import Rule
from chorus_edi.rules.sets import versions
from tests.xml_edits import PREFIXES


def refusals() -> dict[str, tuple[Rule, Demand]]:
    """Return the warnings that do no more than refuse some paths, by id."""
    return {
        rule.id: (rule, demand)
        for version in versions()
        for rule in version.rules
        if rule.severity is Severity.WARNING and rule.inspection
        for demand in rule.inspection.demands
        if is_refusal(demand)
    }


def put(root: Any, path: str) -> Any:
    """Write an element or an attribute into a document, with all that is missing above it.

    Args:
        root: the document.
        path: from its root element, or (``//``) from wherever such an element is.

    Returns:
        The element.
    """
    steps, _, attribute = path.partition("/@")
    anywhere = steps.startswith("//")
    first, *others = [_tag(step) for step in steps.removeprefix("//").split("/")]
    element = next(root.iter(first), None) if anywhere else root.find(first)
    if element is None:
        element = etree.SubElement(root, first)
    for tag in others:
        below = element.find(tag)
        element = etree.SubElement(element, tag) if below is None else below
    if attribute:
        element.set(attribute, "X")
    elif not len(element) and element.text is None:
        element.text = "X"
    return element


def _tag(step: str) -> str:
    prefix, _, name = step.partition(":")
    return f"{{{PREFIXES[prefix]}}}{name}"
