"""Refused paths are read together: the same is found as path by path, each told once."""

from __future__ import annotations

import copy
import random
from typing import Any

import pytest
from lxml import etree

from chorus_edi.domain.demands import Demand, Distinct
from chorus_edi.domain.scenarios import Syntax
from chorus_edi.formats.refusals import Refusals, is_refusal
from chorus_edi.formats.suspects import ANY
from chorus_edi.formats.xml import XmlDocument, parse
from chorus_edi.rules.plan import Plan
from chorus_edi.rules.sets import versions
from tests.conformance.bases import documents
from tests.refused import put
from tests.xml_edits import PREFIXES

X = {"x": "urn:x"}
RULES = [rule for version in versions() for rule in version.rules if rule.inspection]
REFUSED = {
    syntax: [one for one in Plan(RULES, of).demands.all if is_refusal(one)]
    for syntax, of in (("ubl", Syntax.UBL_INVOICE), ("cii", Syntax.CII))
}


def refusing(counted: str, **more: Any) -> Demand:
    asked: dict[str, Any] = {"each": "/*", "most": 0, "suspects": ()} | more
    return Demand(rule="CE-1", counted=counted, **asked)


def found(counted: str, body: str, *suspects: str) -> list[tuple[str, str | None]]:
    root = etree.fromstring(f'<x:r xmlns:x="urn:x">{body}</x:r>')
    refusals = Refusals({0: refusing(counted)}, X)
    return [(one.element.tag[7:], one.value) for one in refusals.found(root, suspects or (ANY,))]


@pytest.mark.parametrize(
    "demand",
    [
        refusing("x:a", each="//x:b"),
        refusing("x:a", most=1),
        refusing("x:a", least=1),
        refusing("x:a", distinct=Distinct.EXACT),
        refusing("x:a[x:b]"),
        refusing("//@a"),
        refusing("x:a | x:b[1]"),
    ],
)
def test_what_asks_more_is_no_refusal(demand: Demand) -> None:
    assert not is_refusal(demand)


@pytest.mark.parametrize(
    ("counted", "body", "expected"),
    [
        ("x:a/x:b", "<x:a><x:b/></x:a>", [("b", None)]),
        ("x:a/x:b", "<x:a><x:b/><x:b/></x:a><x:a><x:b/></x:a>", [("b", None)]),
        ("x:a/x:b", "<x:c><x:a><x:b/></x:a></x:c>", []),
        ("x:a/x:b", "<x:b/><x:a/>", []),
        ("//x:a/x:b", "<x:c><x:a><x:b/></x:a></x:c>", [("b", None)]),
        ("//x:a/x:b", "<x:a><x:c><x:b/></x:c></x:a>", []),
        ("x:c | //x:a", "<x:b><x:a/></x:b><x:c/>", [("a", None)]),
        ("x:a/@n", '<x:a/><x:a n=""/>', [("a", "")]),
        ("x:a/@n", '<x:b n="1"/><x:a m="1"/>', []),
        ("x:r", "<x:a/>", []),
    ],
)
def test_a_path_is_refused_from_the_root_or_anywhere(
    counted: str, body: str, expected: list[tuple[str, str | None]]
) -> None:
    assert found(counted, body) == expected


def test_only_suspect_names_are_looked_at() -> None:
    body = '<x:a n="1"/>'

    assert found("x:a", body, "b", "@n") == []
    assert found("x:a/@n", body, "a") == []
    assert found("x:a", body, "{urn:x}a") == [("a", None)]
    assert found("x:a/@n", body, "@n") == [("a", "1")]


@pytest.mark.parametrize("syntax", ["ubl", "cii"])
@pytest.mark.parametrize("seed", range(5))
def test_together_they_find_what_each_finds_alone(syntax: str, seed: int) -> None:
    draw = random.Random(seed)
    document = parse(documents(syntax)["standard-full"])
    assert isinstance(document, XmlDocument)
    tree = copy.deepcopy(document.tree)
    for demand in draw.sample(REFUSED[syntax], 30):
        put(tree, draw.choice(demand.counted.split(" | ")))

    refusals = Refusals(dict(enumerate(REFUSED[syntax])), PREFIXES)
    together = {REFUSED[syntax][one.number].rule for one in refusals.found(tree, {ANY})}

    assert len(together) >= 30
    assert together == {
        demand.rule for demand in REFUSED[syntax] if tree.xpath(demand.counted, namespaces=PREFIXES)
    }
