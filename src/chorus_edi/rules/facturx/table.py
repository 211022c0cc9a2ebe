"""Reads the table of a Factur-X profile: one line per element, indented below its parent.

::

    SellerTradeParty  1:27
      GlobalID  @schemeID!:440 @schemeID=ICD:441
      SpecifiedTaxRegistration[ID/@schemeID=VA]  ?:33
      FormattedIssueDateTime  unused
      ID  ?:163 -@schemeID

An element without prefix is ``ram:``. After its name and condition (``domain/usages.py``):

* ``1:27`` exactly once in its parent, ``?`` once at most, ``2`` twice at most, ``+`` once at least;
* ``unused`` not used by the profile;
* ``@schemeID!:440`` needs the attribute, ``-@schemeID`` must not have it;
* ``=LIST:417`` its text is a code of a list of ``domain/codelists``, or one of some values
  (``=50|130:7``); ``@schemeID=ICD:441`` an attribute's.

The number is that of the published id, ``FX-SCH-A-000027``. What a profile does not use is reported
without id: there the rules are ours, one for elements and one for attributes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from chorus_edi.domain.codelists import (
    attachments,
    countries,
    currencies,
    document_types,
    extended,
    items,
    notes,
    payments,
    reasons,
    references,
    schemes,
    units,
    vat,
)
from chorus_edi.domain.codelists.code_list import CodeList
from chorus_edi.domain.demands import Demand
from chorus_edi.domain.usages import Attribute, Codes, Count, Usage, Use
from chorus_edi.errors import Defect

UNUSED_ELEMENT = "CE-FX-01"
UNUSED_ATTRIBUTE = "CE-FX-02"

_MODULES = (
    attachments, countries, currencies, document_types, extended, items, notes, payments, reasons,
    references, schemes, units, vat,
)  # fmt: skip
LISTS: Mapping[str, CodeList] = {
    name: value
    for module in _MODULES
    for name, value in vars(module).items()
    if isinstance(value, CodeList)
}
"""Code lists by the name of their constant."""

_LINE = re.compile(r"( *)((?:\w+:)?\w+)(?:\[([^\]]*)\])?(?:  (.*))?")
_TOKEN = re.compile(
    r"(?P<count>[1?2+]):(?P<counted>\d+)"
    r"|(?P<unused>unused)"
    r"|@(?P<needed>\w+)!:(?P<need>\d+)"
    r"|-@(?P<barred>\w+)"
    r"|(?:@(?P<attribute>\w+))?=(?P<codes>\S+):(?P<code>\d+)"
)
_TIMES: Mapping[str, tuple[int, int | None]] = {
    "1": (1, 1),
    "?": (0, 1),
    "2": (0, 2),
    "+": (1, None),
}


@dataclass
class _Draft:
    """A line while its tree is built."""

    name: str
    condition: str
    path: str
    unused: Demand | None = None
    counts: list[Count] = field(default_factory=list)
    attributes: list[Attribute] = field(default_factory=list)
    codes: list[Codes] = field(default_factory=list)
    below: list[_Draft] = field(default_factory=list)

    def use(self) -> Use:
        return Use(
            name=self.name,
            condition=self.condition,
            unused=self.unused,
            counts=tuple(self.counts),
            attributes=tuple(self.attributes),
            codes=tuple(self.codes),
            below=tuple(draft.use() for draft in self.below),
        )


def read_table(text: str) -> Usage:
    """Read a table.

    Raises:
        Defect: a line that does not say what the module's first sentences allow.
    """
    above: list[_Draft] = []
    for line in text.strip("\n").splitlines():
        match = _LINE.fullmatch(line)
        depth = len(match[1]) // 2 if match else 0
        if match is None or depth > len(above):
            raise Defect(f"bad line in the table of a profile: {line!r}")
        del above[depth:]
        name = match[2] if ":" in match[2] else f"ram:{match[2]}"
        parent = above[-1] if above else _Draft("", "", "")
        condition = match[3] or ""
        draft = _Draft(name, condition, f"{parent.path}/{name}{predicate(condition)}")
        parent.below.append(draft)
        above.append(draft)
        for token in (match[4] or "").split():
            _take(token, draft, parent)
    if not above:
        raise Defect("the table of a profile is empty")
    return Usage(above[0].use())


def predicate(condition: str) -> str:
    """Write a condition as people read it in an XPath."""
    return f"[{condition}]" if condition else ""


def published(number: str) -> str:
    """Return the id that a table gives by its number."""
    return f"FX-SCH-A-{int(number):06}"


def _take(token: str, draft: _Draft, parent: _Draft) -> None:
    match = _TOKEN.fullmatch(token)
    if match is None:
        raise Defect(f"bad word in the table of a profile: {token!r}")
    child = f"{draft.name}{predicate(draft.condition)}"
    if match["count"]:
        least, most = _TIMES[match["count"]]
        demand = _demand(published(match["counted"]), parent.path, child, least, most)
        parent.counts.append(Count(draft.name, draft.condition, demand))
    elif match["unused"]:
        draft.unused = _demand(UNUSED_ELEMENT, parent.path, child, 0, 0)
    elif match["needed"]:
        name = match["needed"]
        demand = _demand(published(match["need"]), draft.path, f"@{name}", 1, 1)
        draft.attributes.append(Attribute(name, demand))
    elif match["barred"]:
        name = match["barred"]
        demand = _demand(UNUSED_ATTRIBUTE, draft.path, f"@{name}", 0, 0)
        draft.attributes.append(Attribute(name, demand))
    else:
        name = match["attribute"] or ""
        what = f"@{name}" if name else "."
        demand = _demand(published(match["code"]), draft.path, f"{what}={match['codes']}", 1, 1)
        draft.codes.append(Codes(name, _codes(match["codes"]), demand))


def _codes(named: str) -> frozenset[str]:
    held = LISTS.get(named)
    return held.codes if held is not None else frozenset(named.split("|"))


def _demand(rule: str, each: str, counted: str, least: int, most: int | None) -> Demand:
    return Demand(rule=rule, each=each, counted=counted, least=least, most=most, suspects=())
