"""The official sheets say what we say of a made invoice of each cadre, and of one defect of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from lxml import etree

from chorus_edi.domain.scenarios import RuleSet
from tests.afnor import BUYERS, BUYERS_WITH_SIREN, CADRES, MUTUAL, SELLERS, dressed
from tests.conformance.oracle import Oracle
from tests.defects import br_fr, grouped
from tests.defects.changes import SYNTAXES, Defect
from tests.outside import needs_saxonche
from tests.xsd import faults_of

NUMBER = 7
pytestmark = needs_saxonche

DEFECTS = {**br_fr.DEFECTS, **grouped.DEFECTS}


@pytest.fixture(scope="module")
def oracles() -> Iterator[dict[str, Oracle]]:
    oracles = {sheets: Oracle(sheets) for sheets in (*SYNTAXES, "ubl-fr", "cii-fr")}
    yield oracles
    for oracle in oracles.values():
        oracle.close()


def fatal(
    oracles: dict[str, Oracle], xml: bytes, syntax: str, sets: tuple[RuleSet, ...]
) -> set[str]:
    """Return what the sheets of the norm and of France find fatal, where they are asked.

    The file keeps its schema: the sheets are made for what does.
    """
    assert faults_of(xml) == []
    asked = [f"{syntax}-fr", *([syntax] if RuleSet.EN16931 in sets else [])]
    official = [oracles[sheets].judge(xml) for sheets in asked]
    assert all(one.fatal is not None for one in official), official
    return {rule for one in official for rule in one.fatal or ()}


@pytest.mark.parametrize("syntax", SYNTAXES)
@pytest.mark.parametrize("cadre", CADRES)
def test_an_invoice_of_any_cadre_passes_the_sheets(
    oracles: dict[str, Oracle], cadre: str, syntax: str
) -> None:
    # Each cadre meets one kind of identifier; the kinds come round three times.
    turn = CADRES.index(cadre)
    buyers = BUYERS_WITH_SIREN if cadre in MUTUAL else BUYERS
    made = dressed(
        NUMBER, cadre, seller=tuple(SELLERS)[turn % len(SELLERS)], buyer=buyers[turn % len(buyers)]
    )

    assert fatal(oracles, made.written(syntax), syntax, made.sets) == set()


@pytest.mark.parametrize("syntax", SYNTAXES)
@pytest.mark.parametrize("seller", SELLERS)
def test_an_invoice_of_any_seller_passes_the_sheets(
    oracles: dict[str, Oracle], seller: str, syntax: str
) -> None:
    made = dressed(NUMBER, "M1", seller=seller)

    assert fatal(oracles, made.written(syntax), syntax, made.sets) == set()


@pytest.mark.parametrize("syntax", SYNTAXES)
@pytest.mark.parametrize("buyer", BUYERS)
def test_an_invoice_to_any_company_passes_the_sheets(
    oracles: dict[str, Oracle], buyer: str, syntax: str
) -> None:
    made = dressed(NUMBER, "M1", buyer=buyer, public=False)

    assert fatal(oracles, made.written(syntax), syntax, made.sets) == set()


@pytest.mark.parametrize(
    ("rule", "syntax"), [(rule, one) for rule, defect in DEFECTS.items() for one in defect.syntaxes]
)
def test_the_sheets_find_one_defect_as_we_do(
    oracles: dict[str, Oracle], rule: str, syntax: str
) -> None:
    defect: Defect = DEFECTS[rule]
    sets = defect.sound(NUMBER).sets

    _, broken = defect.made(NUMBER, syntax)

    found = fatal(oracles, etree.tostring(broken), syntax, sets)
    assert found == {rule} | defect.with_it(syntax)
