"""How demands on the XML are checked, and which."""

from __future__ import annotations

import re
from typing import Any

import msgspec
import pytest
from lxml import etree

from chorus_edi.domain.demands import Demand, Demands, Distinct, Key
from chorus_edi.domain.findings import LONGEST
from chorus_edi.domain.scenarios import RuleSet, Syntax
from chorus_edi.errors import Defect
from chorus_edi.formats.inspection import faults_in, inspect
from chorus_edi.formats.locate import Locator
from chorus_edi.formats.mapping import ubl
from chorus_edi.formats.reader import read
from chorus_edi.formats.scopes import MOST
from chorus_edi.formats.suspects import ANY
from chorus_edi.rules.inspection import CII, Ask, Text, ask, last_steps
from chorus_edi.rules.plan import Plan
from chorus_edi.rules.registry import CATALOGUE
from chorus_edi.rules.sets import versions

_DECLARED = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in ubl.PREFIXES.items())
_INVOICE = "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"


def xml_of(body: str) -> bytes:
    return f'<i:Invoice xmlns:i="{_INVOICE}" {_DECLARED}>{body}</i:Invoice>'.encode()


def tree_of(body: str) -> Any:
    return etree.fromstring(xml_of(body))


def demands(each: str, counted: str, **more: Any) -> Demands:
    suspects = more.pop("suspects", ("ID",))
    demand = Demand(rule="CE-1", each=each, counted=counted, suspects=suspects, **more)
    return Demands((demand,))


def suspects_of(body: str) -> frozenset[str]:
    suspects = read(tree_of(body), Syntax.UBL_INVOICE).suspects
    return frozenset(name.rpartition("}")[2] for name in suspects)


TWO = "<cbc:ID>1</cbc:ID><cbc:ID>2</cbc:ID>"


# -- counting -------------------------------------------------------------------------------------


def test_the_first_element_too_many_is_the_one_at_fault() -> None:
    (fault,) = faults_in(tree_of(TWO), {ANY}, demands("/*", "cbc:ID", most=1))

    assert (fault.element.text, fault.found) == ("2", "2")


def test_where_one_is_missing_the_element_around_it_is_at_fault() -> None:
    (fault,) = faults_in(tree_of("<cac:Party/>"), {ANY}, demands("//cac:Party", "cbc:ID", least=1))

    assert (fault.element.tag, fault.found) == (f"{{{ubl.PREFIXES['cac']}}}Party", None)


def test_an_attribute_too_many_is_told_by_its_value_and_its_element() -> None:
    tree = tree_of('<cbc:ID name="x">1</cbc:ID>')

    (fault,) = faults_in(tree, {ANY}, demands("//cbc:ID", "@name", most=0))

    assert (fault.element.text, fault.found) == ("1", "x")


def test_an_element_with_elements_in_it_has_no_value() -> None:
    tree = tree_of(f"<cac:Party>{TWO}</cac:Party>")

    assert faults_in(tree, {ANY}, demands("/*", "cac:Party", most=0))[0].found is None


def test_a_long_value_is_cut() -> None:
    tree = tree_of(f"<cbc:ID>{'x' * LONGEST * 2}</cbc:ID>")

    assert faults_in(tree, {ANY}, demands("/*", "cbc:ID", most=0))[0].found == "x" * LONGEST + "…"


@pytest.mark.parametrize(
    ("values", "distinct", "most"),
    [
        (("1", "1"), Distinct.EXACT, 1),
        (("1", " 1"), Distinct.EXACT, 2),
        (("1", "\n 1\t"), Distinct.FOLDED, 1),
        (("a b", "a  \r\nb"), Distinct.FOLDED, 1),
        (("1", "\N{NO-BREAK SPACE}1"), Distinct.FOLDED, 2),
    ],
)
def test_values_are_counted_once_each(
    values: tuple[str, ...], distinct: Distinct, most: int
) -> None:
    tree = tree_of("".join(f"<cbc:ID>{value}</cbc:ID>" for value in values))

    for allowed in (most - 1, most):
        counted = demands("/*", "cbc:ID", most=allowed, distinct=distinct)
        assert bool(faults_in(tree, {ANY}, counted)) is (allowed < most)


def keyed(*, first: bool) -> Key:
    return Key(name="alike", match="//cbc:ID", use=".", value=".", first=first)


@pytest.mark.parametrize(
    ("values", "found"),
    [(("1", "2"), []), (("1", "2", "1", "1"), ["1", "1"]), (("1", " 1"), []), (("", ""), [""])],
)
def test_a_key_gives_the_first_element_of_a_text_wherever_it_stands(
    values: tuple[str, ...], found: list[str]
) -> None:
    *earlier, last = (f"<cbc:ID>{value}</cbc:ID>" for value in values)
    tree = tree_of(f"<cac:Party>{''.join(earlier)}</cac:Party>{last}")
    repeated = "self::*[count($alike | .) > 1]"
    asked = demands("//cbc:ID", repeated, most=0, keys=(keyed(first=True),))

    assert [fault.found for fault in faults_in(tree, {ANY}, asked)] == found


def test_a_key_gives_every_element_of_a_text() -> None:
    tree = tree_of(f"{TWO}<cbc:ID>2</cbc:ID>")
    asked = demands("//cbc:ID", "$alike", most=1, keys=(keyed(first=False),))

    assert [fault.found for fault in faults_in(tree, {ANY}, asked)] == ["2", "2"]


def test_the_totals_of_a_key_are_those_of_each_text_and_of_what_is_given() -> None:
    counted = keyed(first=False)
    times = msgspec.structs.replace(counted, totals=(("times", "count($alike[. = $own])"),))
    tree = tree_of("<cbc:ID>1</cbc:ID><cbc:ID>2</cbc:ID><cbc:ID>1</cbc:ID>")
    asked = demands("//cbc:ID", "self::*[$times > 1]", most=0, keys=(times,), given=(("own", "."),))

    assert [fault.found for fault in faults_in(tree, {ANY}, asked)] == ["1", "1"]


def test_an_element_may_be_found_by_one_text_computed_from_it() -> None:
    lower = Key(name="alike", match="//cbc:ID", use="substring(., 1, 1)", value="string()")
    tree = tree_of("<cbc:ID>A1</cbc:ID><cbc:ID>A2</cbc:ID><cbc:Note>A</cbc:Note>")
    asked = demands("//cbc:Note", "$alike", most=1, keys=(lower,))

    assert [fault.found for fault in faults_in(tree, {ANY}, asked)] == ["A2"]


# -- which demands are checked --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("suspects", "named", "checked"),
    [
        ({"{urn:x}ID"}, ("ID",), True),
        ({"ID"}, ("Name", "ID"), True),
        ({"{urn:x}CompanyID"}, ("ID",), False),
        ({"{urn:x}CompanyID"}, ("*ID",), True),
        ({"@name"}, ("@name",), True),
        ({"name"}, ("@name",), False),
        ({ANY}, ("Whatever",), True),
        (set(), ("ID",), False),
    ],
)
def test_a_demand_is_checked_where_a_name_that_may_break_it_is_suspect(
    suspects: set[str], named: tuple[str, ...], checked: bool
) -> None:
    asked = demands("/*", "cbc:ID", most=1, suspects=named)

    assert bool(faults_in(tree_of(TWO), suspects, asked)) is checked


def test_nothing_suspect_costs_nothing() -> None:
    locator = Locator(tree_of(TWO), xml_of(TWO), Syntax.UBL_INVOICE)

    assert inspect(locator, frozenset(), demands("/*", "cbc:ID", most=1)) == ()


def test_an_offence_has_a_place_and_the_nearest_address() -> None:
    party = "<cac:Party><cac:Language/></cac:Party>"
    body = f"<cac:AccountingSupplierParty>{party}</cac:AccountingSupplierParty>"
    locator = Locator(tree_of(body), xml_of(body), Syntax.UBL_INVOICE)
    asked = demands("/*", "//cac:Language | cac:Signature", most=0)

    (offence,) = inspect(locator, {ANY}, asked)

    assert offence.address == "BG-4"
    assert offence.place.location == (
        "/i:Invoice/cac:AccountingSupplierParty/cac:Party/cac:Language"
    )
    assert offence.place.line == 1


def test_what_is_around_nothing_mapped_has_no_address() -> None:
    body = "<cac:Signature><cbc:ID>1</cbc:ID></cac:Signature>"
    locator = Locator(tree_of(body), xml_of(body), Syntax.UBL_INVOICE)

    assert inspect(locator, {ANY}, demands("/*", "//cbc:ID", most=0))[0].address == ""


# -- what the reader suspects ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (TWO, "ID"),
        ("<cac:Delivery/><cac:Delivery/>", "Delivery"),
        ("<cac:OrderReference/>", "OrderReference"),
        ("<cac:Signature><cbc:ID>1</cbc:ID></cac:Signature>", "ID"),
        ("<cac:Signature/>", "Invoice"),
        ("<cac:PaymentMeans/><cac:PaymentMeans/>", "PaymentMeans"),
        ("<cac:PayeeParty/>", "PayeeParty"),
        ("<cac:AdditionalDocumentReference/>", "AdditionalDocumentReference"),
        ("<cac:BillingReference><cac:InvoiceDocumentReference/></cac:BillingReference>",
         "InvoiceDocumentReference"),
        ("<cac:InvoiceLine/>", "ClassifiedTaxCategory"),
        ("<cac:LegalMonetaryTotal><cbc:PayableAmount>1.234</cbc:PayableAmount>"
         "</cac:LegalMonetaryTotal>", "PayableAmount"),
        ("<cbc:IssueDate> 2026-01-01</cbc:IssueDate>", "IssueDate"),
    ],
)  # fmt: skip
def test_what_stands_otherwise_than_foreseen_is_suspect(body: str, name: str) -> None:
    assert name in suspects_of(body)


def test_a_plain_invoice_has_no_suspects() -> None:
    assert suspects_of("<cbc:ID>1</cbc:ID><cbc:IssueDate>2026-01-01</cbc:IssueDate>") == set()


def test_too_many_suspects_stand_for_all() -> None:
    body = "".join(f"<cac:X{n}/>" for n in range(MOST + 2))

    assert ANY in suspects_of(body)


def test_no_demand_has_each_of_several_elements_look_through_all_beside_it() -> None:
    """Of ten thousand alike that would be a hundred million looks; the next one is no more."""
    asked = [
        demand
        for version in versions()
        for rule in version.rules
        if rule.inspection
        for demand in rule.inspection.demands
    ]
    all_beside = re.compile(
        r"(?:preceding|following)(?:-sibling)?::[\w:.*-]+(?!\[1\]|[\w:.*-])|\.\./\*"
    )

    assert len(asked) > 1000
    unbounded = [d for d in asked if "[position() <= " not in d.counted]
    assert not [d.rule for d in unbounded if all_beside.search(f"{d.each} {d.counted}")]
    assert all_beside.search("cac:Delivery[preceding-sibling::cac:Delivery]")


# -- registering ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("cac:Price/cbc:Amount", ("Amount",)),
        ("cac:A[cbc:B[. = 'x']]/cbc:C[1]", ("C",)),
        ("//cbc:ID | cbc:Name", ("ID", "Name")),
        ("cbc:Code/@name", ("@name",)),
        ("self::*[cbc:ID]", ()),
    ],
)
def test_a_path_ends_with_names(path: str, names: tuple[str, ...]) -> None:
    assert last_steps(path) == names


def test_a_second_use_of_an_id_is_refused() -> None:
    text = Text(name="x", fr="X.", en="X.", conseil="X.")
    asked = (Ask(each="/*", counted="cbc:ID", most=1),)

    with pytest.raises(Defect, match="twice"):
        ask("CII-SR-014", "BT-3", asks=asked, syntaxes=CII, text=text, source="x", module="x")

    assert CATALOGUE["CII-SR-014"].inspection is not None


def test_a_plan_asks_only_what_its_syntax_is_asked() -> None:
    (version,) = (held for held in versions() if held.name is RuleSet.EN16931)
    rules = [rule for rule in version.rules if not rule.judgement]

    asked = {
        syntax: {demand.rule[:3] for demand in Plan(rules, syntax).demands.all}
        for syntax in (None, *Syntax)
    }

    assert asked == {
        None: set(),
        Syntax.UBL_INVOICE: {"UBL"},
        Syntax.UBL_CREDIT_NOTE: {"UBL"},
        Syntax.CII: {"CII"},
    }


def test_an_attribute_that_is_too_many_is_told_as_a_text_that_can_travel() -> None:
    tree = tree_of("<cbc:ID schemeID='x'/>")

    (fault,) = faults_in(tree, {ANY}, demands("/*/cbc:ID", "@schemeID", most=0))

    assert (type(fault.found), fault.found) == (str, "x")
