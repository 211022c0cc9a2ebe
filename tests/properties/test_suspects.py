"""What the reader suspects hides no breach: checking all demands finds nothing more.

Documents are changed at random, whether a schema allows it or not.
"""

from __future__ import annotations

import copy
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from chorus_edi.domain.scenarios import ROOTS, Syntax
from chorus_edi.formats.inspection import faults_in
from chorus_edi.formats.reader import read
from chorus_edi.formats.suspects import ANY
from chorus_edi.formats.xml import XmlDocument, parse
from chorus_edi.rules.plan import Plan
from chorus_edi.rules.sets import versions
from tests.conformance.bases import documents

RULES = [rule for version in versions() for rule in version.rules if rule.inspection]
PLANS = {syntax: Plan(RULES, syntax) for syntax in Syntax}
VALUES = ("", " ", "X", "10.001", "1.5 ", "130", "916", "VAT", " VAT ", "SEPA", "30", "20261301")
ATTRIBUTES = (
    "schemeID", "schemeName", "schemeURI", "listID", "listURI", "name", "currencyID", "unitCode",
    "unitCodeListID", "format", "mimeCode", "filename", "languageID",
)  # fmt: skip


def trees(syntax: str) -> list[Any]:
    read_back = [parse(xml) for xml in documents(syntax).values()]
    return [document.tree for document in read_back if isinstance(document, XmlDocument)]


TREES = {syntax: trees(syntax) for syntax in ("ubl", "cii")}
ASKED = {
    syntax: sorted(
        {name for demand in PLANS[of].demands.all for name in demand.suspects if name.isalpha()}
    )
    for syntax, of in (("ubl", Syntax.UBL_INVOICE), ("cii", Syntax.CII))
}


def change(tree: Any, draw: random.Random, asked: list[str]) -> None:
    """Make one change; most are of the kind that the demands are about."""
    element = draw.choice([one for one in tree.iter("*") if one is not tree])
    above = element.getparent()
    space = element.tag.rpartition("}")[0]
    match draw.choice(("drop", "double", "double", "append", "text", "set", "rename", "put")):
        case "drop":
            above.remove(element)
        case "double":
            element.addnext(copy.deepcopy(element))
        case "append":
            above.append(copy.deepcopy(element))
        case "text" if not len(element):
            element.text = draw.choice(VALUES)
        case "set" if not len(element):
            # No schema has an attribute on an element that holds others.
            element.set(draw.choice(ATTRIBUTES), draw.choice(VALUES))
        case "rename":
            element.tag = f"{space}}}{draw.choice(asked)}"
        case _:
            below = etree.SubElement(above, f"{space}}}{draw.choice(asked)}")
            below.text = draw.choice(VALUES)


@pytest.mark.parametrize("syntax", ["ubl", "cii"])
@given(st.integers(min_value=0))
@settings(max_examples=300, deadline=None)
def test_checking_all_demands_finds_nothing_more(syntax: str, seed: int) -> None:
    draw = random.Random(seed)
    tree = copy.deepcopy(draw.choice(TREES[syntax]))
    for _ in range(draw.choice((1, 1, 2, 3))):
        change(tree, draw, ASKED[syntax])
    demands = PLANS[ROOTS[tree.tag]].demands

    found = faults_in(tree, read(tree, ROOTS[tree.tag]).suspects, demands)

    assert {fault.demand.rule for fault in faults_in(tree, {ANY}, demands)} == {
        fault.demand.rule for fault in found
    }


@pytest.mark.parametrize("syntax", ["ubl", "cii"])
def test_most_sound_documents_need_hardly_a_check(syntax: str) -> None:
    needed = []
    for tree in TREES[syntax]:
        names = {name.rpartition("}")[2] for name in read(tree, ROOTS[tree.tag]).suspects}
        demands = PLANS[ROOTS[tree.tag]].demands.all
        needed.append(sum(1 for demand in demands if names & set(demand.suspects)))
        assert ANY not in names

    assert sorted(needed)[len(needed) // 2] <= 1
