"""What the sheet of a Factur-X profile finds fatal in a document, and what our rules find."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date
from functools import cache
from pathlib import Path

from lxml import etree

from chorus_edi.domain.demands import Demand
from chorus_edi.domain.official import Fired
from chorus_edi.domain.scenarios import Profile, RuleSet, Syntax
from chorus_edi.formats import xml
from chorus_edi.formats.inspection import faults_in
from chorus_edi.formats.mapping import cii
from chorus_edi.formats.reader import read
from chorus_edi.formats.usages import misuses
from chorus_edi.rules.facturx.table import UNUSED_ATTRIBUTE, UNUSED_ELEMENT
from chorus_edi.rules.sets import labels_for, plan_of
from tests.xsd import FOLDER

_DAY = date(2026, 11, 20)
_ELEMENT = re.compile(r"Element (variant )?'([\w:]+)")
_ATTRIBUTE = re.compile(r"Attribute (@\w+)'")
_GUIDELINE = (
    f"{{{cii.PREFIXES['rsm']}}}ExchangedDocumentContext/"
    f"{{{cii.PREFIXES['ram']}}}GuidelineSpecifiedDocumentContextParameter/"
    f"{{{cii.PREFIXES['ram']}}}ID"
)
GUIDELINES = {
    Profile.MINIMUM: "urn:factur-x.eu:1p0:minimum",
    Profile.BASIC_WL: "urn:factur-x.eu:1p0:basicwl",
    Profile.BASIC: "urn:cen.eu:en16931:2017#compliant#urn:factur-x.eu:1p0:basic",
    Profile.EN16931: "urn:cen.eu:en16931:2017",
    Profile.EXTENDED: "urn:cen.eu:en16931:2017#conformant#urn:factur-x.eu:1p0:extended",
}


@cache
def sheet_of(profile: Profile) -> Path:
    """Return the sheet of a profile."""
    (path,) = (FOLDER / f"facturx-{profile}").glob("*.xsl*")
    return path


def official(fired: Iterable[Fired]) -> frozenset[str]:
    """Return the fatal ids of a report; what has none is told by what is not used."""
    return frozenset(_key(one) for one in fired if one.fatal)


def _key(fired: Fired) -> str:
    if fired.id or fired.rule != fired.text:
        return fired.rule
    if attribute := _ATTRIBUTE.match(fired.text):
        return f"unused {attribute[1]}"
    element = _ELEMENT.match(fired.text)
    assert element is not None, fired.text
    return f"unused {element[1] or ''}{element[2]}"


def ours(profile: Profile) -> Callable[[bytes], frozenset[str]]:
    """Return what judges a document as ``validate`` does a Factur-X of a profile."""
    labels = labels_for((RuleSet.EN16931,), _DAY, profile)
    plan = plan_of(labels, Syntax.CII)

    def judge(document: bytes) -> frozenset[str]:
        parsed = xml.parse(document)
        assert isinstance(parsed, xml.XmlDocument)
        reading = read(parsed.tree, Syntax.CII)
        assert plan.demands.usage is not None
        broken = [hit.rule.id for hit in plan.examine(reading.invoice)]
        broken += [f.demand.rule for f in faults_in(parsed.tree, reading.suspects, plan.demands)]
        broken += [_told(one.demand) for one in misuses(parsed.tree, plan.demands.usage)]
        return frozenset(broken)

    return judge


def _told(demand: Demand) -> str:
    if demand.rule not in (UNUSED_ELEMENT, UNUSED_ATTRIBUTE):
        return demand.rule
    name, variant, _ = demand.counted.partition("[")
    return f"unused {'variant ' if variant else ''}{name}"


def claiming(document: bytes, profile: Profile) -> bytes:
    """Return a CII document that claims a profile, where it names one."""
    root = etree.fromstring(document)
    for guideline in root.iterfind(_GUIDELINE):
        if guideline.text and guideline.text.strip():
            guideline.text = GUIDELINES[profile]
    return bytes(etree.tostring(root, encoding="UTF-8"))
