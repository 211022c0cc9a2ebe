"""Every fatal rule, broken in a file, gives a finding with every field, at the right element."""

from __future__ import annotations

import copy
import gc
import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from typing import Any

import pytest
from lxml import etree

from chorus_edi.bootstrap import ExaminerSpec, build_examiner
from chorus_edi.domain.findings import Severity
from chorus_edi.domain.flux import DocumentEntry
from chorus_edi.domain.scenarios import RuleSet, Syntax
from chorus_edi.domain.terms import label_of
from chorus_edi.errors import Defect
from chorus_edi.formats.writers import to_cii, to_ubl
from chorus_edi.pipeline.tasks import Task
from chorus_edi.rules.cases import Case
from chorus_edi.rules.registry import Rule
from chorus_edi.rules.sets import versions
from chorus_edi.rules.syntax_cases import Edit
from chorus_edi.services.verification import row_of
from tests.conformance.bases import documents
from tests.unit.test_rule_cases import CASES
from tests.unit.test_syntax_cases import CASES as SYNTAX_CASES
from tests.xml_edits import edit

SETS = {rule.id: version.name for version in versions() for rule in version.rules}
TOO_LARGE = {"CE-PJ-04": "more than 120 MB of files: tests/integration/test_historic_cases.py"}
"""Rules whose broken file is not made here, and why."""

RULES = [
    rule
    for version in versions()
    for rule in version.rules
    # The others read the directory: tests/unit/test_resolve.py.
    if rule.severity is Severity.FATAL
    and (rule.judgement or rule.inspection)
    and rule.id not in TOO_LARGE
]
WRITERS: dict[str, Callable[..., bytes]] = {"ubl": to_ubl, "cii": to_cii}
OBJECT = "/*/cac:AdditionalDocumentReference[cbc:DocumentTypeCode='130']/cbc:ID"
ITEM = "//cac:InvoiceLine[1]/cac:Item"
FILE = "//cbc:EmbeddedDocumentBinaryObject"
MADE = {
    "BR-49": Edit(drop="/*/cac:PaymentMeans/cbc:PaymentMeansCode"),
    "BR-CL-03": Edit(set="//cac:InvoiceLine[1]/cbc:LineExtensionAmount/@currencyID", to="euro"),
    "BR-CL-07": Edit(set=f"{OBJECT}/@schemeID", to="XYZ"),
    "BR-CL-10": Edit(set="//cac:PayeeParty/cac:PartyIdentification/cbc:ID/@schemeID", to="SIRET"),
    "BR-CL-11": Edit(set="//cac:PartyLegalEntity/cbc:CompanyID/@schemeID", to="SIREN"),
    "BR-CL-13": Edit(set=f"{ITEM}//cbc:ItemClassificationCode/@listID", to="CPV"),
    "BR-CL-21": Edit(set=f"{ITEM}/cac:StandardItemIdentification/cbc:ID/@schemeID", to="GTIN"),
    "BR-CL-24": Edit(set=f"{FILE}/@mimeCode", to="application/zip"),
    "BR-CL-25": Edit(set="//cbc:EndpointID/@schemeID", to="0000"),
    "BR-CL-26": Edit(set="//cac:DeliveryLocation/cbc:ID/@schemeID", to="SIRET"),
    "BR-FR-CPRO-41": Edit(set=f"{FILE}/@filename", to=f"{'a' * 47}.pdf"),
    "CE-PJ-02": Edit(set=f"{FILE}/@filename", to=f"{'a' * 47}.pdf"),
    "BR-CO-20": Edit(drop="//cac:InvoiceLine[1]/cac:InvoicePeriod/*"),
}
"""Rules whose cases speak of what no writer writes: codes as a reader saw them, empty groups."""

ELSEWHERE = {
    "CE-PJ-02": "the name of a file may stand at the file: told at its reference",
}
"""Rules that tell a value at a term that does not hold it, and why."""

PRECISE = {
    "BR-FR-05": "says which of three notes is missing",
    "CE-NOMBRE-01": "says which number is too long",
}
"""Rules that say more of a breach than their card does, and what."""

BROKEN = defaultdict(list)
for one in CASES:
    if one.breaks:
        BROKEN[one.rule].append(one)
EDITED = defaultdict(list)
for other in SYNTAX_CASES:
    if other.breaks is not None:
        EDITED[other.rule].append(other)


@cache
def examine(name: RuleSet) -> Callable[[Task], Any]:
    return build_examiner(ExaminerSpec(requested=(name,), keep_going=True))


def findings(content: bytes, name: RuleSet = RuleSet.EN16931) -> list[dict[str, Any]]:
    """Return the findings of ``validate --format jsonl --rules NAME`` on one file."""
    entry = DocumentEntry(rank=1, name="f.xml", size=len(content), sha256="0" * 64)
    task = Task(flux="f.xml", entry=entry, deposited=date(2026, 11, 21), data=content)
    line = json.dumps(row_of("f.xml", examine(name)(task)), ensure_ascii=False)
    told: list[dict[str, Any]] = json.loads(line)["findings"]
    return told


def test_an_examination_leaves_nothing_to_the_garbage_collector() -> None:
    content = etree.tostring(complete("ubl"), encoding="UTF-8", xml_declaration=True)
    findings(content)
    gc.collect()
    usual = gc.get_threshold()
    # It no longer looks by itself: what it is left with can be counted.
    gc.set_threshold(0)
    try:
        findings(content)

        assert gc.collect() == 0
    finally:
        gc.set_threshold(*usual)


def files_of(rule: Rule) -> Iterator[bytes]:
    """Yield the failing cases of a rule as files, those we can write."""
    for case in BROKEN[rule.id]:
        yield from written(case)
    if rule.id in MADE:
        root = copy.deepcopy(complete("ubl"))
        edit(root, MADE[rule.id])
        yield etree.tostring(root, encoding="UTF-8", xml_declaration=True)
    for edited in EDITED[rule.id]:
        name = "cii" if edited.syntax is Syntax.CII else "ubl"
        root = copy.deepcopy(complete(name))
        for change in edited.edits:
            edit(root, change)
        yield etree.tostring(root, encoding="UTF-8", xml_declaration=True)


@cache
def complete(name: str) -> Any:
    return etree.fromstring(documents(name)["standard-full"])


def written(case: Case) -> Iterator[bytes]:
    wanted = ("ubl", "cii") if case.syntax is None else (case.syntax.value.partition("-")[0],)
    for name, write in WRITERS.items():
        if name in [one.lower() for one in wanted]:
            try:
                yield write(case.invoice())
            except Defect:
                continue  # an invoice that no file of this syntax can hold


def told_by(rule: Rule) -> Iterator[tuple[bytes, dict[str, Any]]]:
    for content in files_of(rule):
        for finding in findings(content, SETS[rule.id]):
            if finding["rule"] == rule.id:
                yield content, finding


def text_at(content: bytes, line: int, column: int) -> str:
    return content.decode().split("\n")[line - 1][column - 1 :]


def selected(content: bytes, location: str) -> list[Any]:
    root = etree.fromstring(content)
    prefixes = {prefix: uri for prefix, uri in root.nsmap.items() if prefix}
    found: list[Any] = root.xpath(location, namespaces=prefixes)
    return found


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_fatal_rule_tells_what_is_wrong_where_and_what_to_change(rule: Rule) -> None:
    told = list(told_by(rule))

    assert told
    for content, finding in told:
        assert finding["severity"] in ("fatal", "warning")
        assert finding["stage"] == "check"
        assert finding["terms"] or not rule.terms
        assert finding["term_labels"] == [label_of(term).fr for term in finding["terms"]]
        if rule.id not in PRECISE:
            assert finding["message"] == {"fr": rule.message.fr, "en": rule.message.en}
            assert finding["conseil"] == rule.conseil
        assert finding["location"].startswith("/")
        stands_where_it_says(content, finding)


def stands_where_it_says(content: bytes, finding: dict[str, Any]) -> None:
    """Hold line and column to an opening tag: of the element itself, or of one around it."""
    tag = re.match(r"<(?:[\w.-]+:)?(\w+)", text_at(content, finding["line"], finding["column"]))
    assert tag is not None, finding
    elements = selected(content, finding["location"])
    assert len(elements) <= 1, finding
    if elements:
        element = elements[0] if not isinstance(elements[0], str) else elements[0].getparent()  # type: ignore[attr-defined]
        assert tag[1] == etree.QName(element).localname, finding
        says_what_was_found(element, finding)
    else:
        assert re.search(rf"\b{tag[1]}\b", finding["location"]), finding


def says_what_was_found(element: Any, finding: dict[str, Any]) -> None:
    """Hold the value found to the element, where the element is a value and no count."""
    found = finding["found"]
    if found and not len(element) and finding["rule"] not in ELSEWHERE:
        written = [element.text or "", *element.attrib.values()]
        bare = {text.strip() for text in written} | {text.replace("-", "") for text in written}
        begins = found.removesuffix("…") in (element.text or "")
        assert {found, found.replace("-", "")} & bare or begins, finding


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_what_is_expected_is_told_wherever_a_case_expects_it(rule: Rule) -> None:
    expecting = [case for case in BROKEN[rule.id] if case.expected is not None]
    files = [content for case in expecting for content in written(case)]

    told = [
        f for content in files for f in findings(content, SETS[rule.id]) if f["rule"] == rule.id
    ]

    if told:
        assert any(finding["expected"] is not None for finding in told)
