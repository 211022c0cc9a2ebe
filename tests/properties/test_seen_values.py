"""What the reader saw of numbers and dates hides no breach: the model says no more without it.

Texts of documents are changed at random, whether a schema allows it or not.
"""

from __future__ import annotations

import copy
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from chorus_edi.domain.scenarios import ROOTS, Syntax
from chorus_edi.formats.reader import read
from chorus_edi.formats.xml import XmlDocument, parse
from chorus_edi.rules.plan import Plan
from chorus_edi.rules.sets import versions
from tests.conformance.bases import documents

PLANS = {
    syntax: Plan([rule for version in versions() for rule in version.rules], syntax)
    for syntax in Syntax
}
TEXTS = (
    "", " ", "X", "0", "-3", "-0.00", "+5", "007", "5.", ".5", " 20.00", "20.00\n", "20.000",
    "19.6", "21", "1.005", "1.00005", "1.0000005", "123456789012", "1234567890123", "1e3", "NaN",
    "9" * 19, "9" * 70, "2026-02-30", "2026-02-28", "1999-12-31", "2026-02-28Z", "20260230",
    "20260228", " 20260228", "S", " S", "L", "ZZ",
)  # fmt: skip


def trees(syntax: str) -> list[Any]:
    read_back = [parse(xml) for xml in documents(syntax).values()]
    return [document.tree for document in read_back if isinstance(document, XmlDocument)]


TREES = {syntax: trees(syntax) for syntax in ("ubl", "cii")}


def change(tree: Any, draw: random.Random) -> None:
    """Change one text; often its element stands twice then."""
    leaf = draw.choice([one for one in tree.iter("*") if not len(one)])
    if draw.random() < 0.3:
        leaf.addnext(copy.deepcopy(leaf))
    leaf.text = draw.choice(TEXTS)


@pytest.mark.parametrize("syntax", ["ubl", "cii"])
@given(st.integers(min_value=0))
@settings(max_examples=400, deadline=None)
def test_the_model_alone_breaks_the_same_rules(syntax: str, seed: int) -> None:
    draw = random.Random(seed)
    tree = copy.deepcopy(draw.choice(TREES[syntax]))
    for _ in range(draw.choice((1, 1, 2, 3))):
        change(tree, draw)
    invoice = read(tree, ROOTS[tree.tag]).invoice

    found = PLANS[ROOTS[tree.tag]].examine(invoice)

    assert invoice.values is not None
    assert found == PLANS[ROOTS[tree.tag]].examine(replace(invoice, values=None))
