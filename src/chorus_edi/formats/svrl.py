"""Reads what an official sheet reports (SVRL): which assertions failed, and how much each weighs.

Source: ISO/IEC 19757-3, annex D (the report language), and the flags of the pinned sheets: an
assertion is fatal unless it is flagged ``warning``. FACTUR-X sheets give their own ids to rules
that EN 16931 publishes, and say the published one at the head of the text.
"""

from __future__ import annotations

import re
from typing import Any

from lxml import etree

from chorus_edi.domain.official import Fired

_SVRL = "{http://purl.oclc.org/dsdl/svrl}"
_ASSERT = f"{_SVRL}failed-assert"
_REPORT = f"{_SVRL}successful-report"
_TEXT = f"{_SVRL}text"
_PRIVATE = "FX-SCH-"
_PUBLISHED = re.compile(r"\[\s*([A-Z][A-Za-z0-9-]*?-[A-Za-z0-9-]+)\s*\]")
_FRENCH = re.compile(r"BR-FR-(?:(?:CO|DEC|MV|BD)-)?\d\d|BR-FR-MV-BD")
# The sheets of flow 2 give each assertion of a rule its own id, some of them another rule's.
_FRENCH_EXCEPTIONS = {
    "BR-FR-08_BT-151-2": "BR-FR-15",
    "BR-FR-30_BT-21": "BR-FR-31",
    "BR-FR-MV-BD_BT-3": "BR-FR-BD-13",
}


def read_report(svrl: bytes) -> tuple[Fired, ...]:
    """Return what fired, each (id, text) once, in the order of the report.

    Raises:
        ValueError: it is no SVRL.
    """
    try:
        root = etree.fromstring(svrl, _PARSER)
    except etree.XMLSyntaxError as error:
        raise ValueError(f"not a report: {error}") from error
    return tuple(dict.fromkeys(fired_by(element) for element in root.iter(_ASSERT, _REPORT)))


def fired_by(element: Any) -> Fired:
    """Say what one failed assertion or successful report is, from its id, flag and text."""
    text = " ".join("".join(element.find(_TEXT).itertext()).split())
    own = element.get("id") or ""
    return Fired(
        rule=published_id(own, text),
        # A report tells what stands there without being of use; the sheets flag what they refuse.
        fatal=element.get("flag") != "warning",
        text=text,
        id=own,
    )


def published_id(own: str, text: str) -> str:
    """Return the id a rule is published under: the sheet's own, or the one its text names."""
    if french := _FRENCH.match(own):
        return _FRENCH_EXCEPTIONS.get(own, french[0])
    if own and not own.startswith(_PRIVATE):
        return own
    said = _PUBLISHED.match(text)
    return said[1] if said else own or text


# The report is written by our own process from a document already parsed: no bound is needed.
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
