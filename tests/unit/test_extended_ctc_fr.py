"""What EXTENDED-CTC-FR judges: its own rules, and those of EN 16931 that it judges otherwise."""

from __future__ import annotations

import copy
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from msgspec.structs import replace

from chorus_edi.domain.binary import binary_hundredths
from chorus_edi.domain.dossier import Place
from chorus_edi.domain.findings import Severity
from chorus_edi.domain.groups import Identifier, Odd
from chorus_edi.domain.invoice import Invoice
from chorus_edi.domain.lines import InvoiceLine, LinePrecedingInvoice, LineVat, StrayLine
from chorus_edi.domain.money import amount
from chorus_edi.domain.scenarios import Profile, Syntax
from chorus_edi.domain.seen import SeenCodes
from chorus_edi.domain.settlement import DocumentAllowance, DocumentCharge, VatBreakdown
from chorus_edi.formats.inspection import faults_in
from chorus_edi.formats.reader import read
from chorus_edi.rules import extended_ctc_fr
from chorus_edi.rules.cases import BASE, Case, invoice_of, read_cases
from chorus_edi.rules.extended_ctc_fr.changed import as_in_extended_ctc
from chorus_edi.rules.extended_ctc_fr.kinds import counted, members_of_cii, members_of_ubl
from chorus_edi.rules.extended_ctc_fr.shares import shares_of
from chorus_edi.rules.extended_ctc_fr.sums import Sums, sums_of
from chorus_edi.rules.figures import INDICATOR, forget
from chorus_edi.rules.plan import Plan, finding_of
from chorus_edi.rules.registry import CATALOGUE, Rule, registered_in
from chorus_edi.rules.sets import profile_version, versions
from chorus_edi.rules.syntax_cases import Edit, read_syntax_cases
from tests.conformance.bases import documents
from tests.xml_edits import edit

D = Decimal
PACKAGE = Path(extended_ctc_fr.__path__[0])
SOUND = invoice_of(BASE)
_WRITTEN = r"-?[0-9]{1,29}(\.[0-9]{1,28})?|-?\.[0-9]{1,58}|-?[0-9]{1,59}"
_AMOUNTS = st.from_regex(_WRITTEN, fullmatch=True).map(lambda text: amount(text) or D(0))
SYNTAXES = (None, Syntax.UBL_INVOICE, Syntax.UBL_CREDIT_NOTE, Syntax.CII)


def cases_of(folder: str) -> list[Case]:
    texts = (path.read_text(encoding="utf-8") for path in sorted((PACKAGE / folder).glob("*.toml")))
    return [case for text in texts for case in read_cases(text)]


OWN = registered_in(extended_ctc_fr.__name__)
CASES = cases_of("cases")
CHANGED_CASES = cases_of("changed_cases")
SYNTAX_CASES = [
    case
    for path in sorted((PACKAGE / "syntax_cases").glob("*.toml"))
    for case in read_syntax_cases(path.read_text(encoding="utf-8"))
]
CHANGED = [
    (rule, syntax)
    for rule in CATALOGUE.values()
    for syntax in (Syntax.UBL_INVOICE, Syntax.CII)
    if rule.judged_in(syntax) != as_in_extended_ctc(rule).judged_in(syntax)
]


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    forget()


def the_version() -> tuple[Rule, ...]:
    return profile_version(Profile.EXTENDED_CTC_FR, versions()[0].label).rules


def line_of(kind: str | None = None, parent: str | None = None, **fields: Any) -> InvoiceLine:
    itself = LinePrecedingInvoice(number="F1", kind=kind, parent=parent)
    return InvoiceLine(preceding_invoices=(itself,), **fields)


def offended(rule_id: str, syntax: str, *edits: Edit) -> list[str]:
    """Return the rules that an edited invoice breaks, of one rule as the extension judges it."""
    root = etree.fromstring(documents("cii" if syntax == "CII" else "ubl")["standard-full"])
    for change in edits:
        edit(root, change)
    plan = Plan([as_in_extended_ctc(CATALOGUE[rule_id])], Syntax(syntax))
    reading = read(root, Syntax(syntax))
    hits = [hit.rule.id for hit in plan.examine(reading.invoice)]
    return hits + [f.demand.rule for f in faults_in(root, reading.suspects, plan.demands)]


# -- cases ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", [r for r in OWN if r.judgement], ids=lambda rule: rule.id)
def test_every_own_rule_has_a_passing_and_a_failing_case_in_each_syntax_it_judges_apart(
    rule: Rule,
) -> None:
    apart = [syntax for syntax, variant in rule.variants.items() if variant.judgement]

    for syntax in (None, *apart):
        verdicts = {c.passes for c in CASES if c.rule == rule.id and c.syntax is syntax}
        assert verdicts == {True, False}, syntax


@pytest.mark.parametrize("rule", [r for r in OWN if r.inspection], ids=lambda rule: rule.id)
def test_every_own_rule_on_the_xml_has_a_passing_and_a_failing_case(rule: Rule) -> None:
    assert {c.breaks is None for c in SYNTAX_CASES if c.rule == rule.id} == {True, False}


@pytest.mark.parametrize(
    "case", CHANGED_CASES, ids=lambda case: f"{case.rule}: {case.name} {case.syntax}"
)
def test_a_rule_that_the_extension_changes_breaks_where_its_case_says(case: Case) -> None:
    plan = Plan([as_in_extended_ctc(CATALOGUE[case.rule])], case.syntax)

    findings = [finding_of(hit, Place()) for hit in plan.examine(case.invoice())]

    assert [f.address for f in findings] == ([case.breaks] if case.breaks else [])
    for finding in findings:
        assert (finding.found, finding.expected) == (case.found, case.expected)


@pytest.mark.parametrize(
    ("rule", "syntax"), CHANGED, ids=lambda it: it.id if isinstance(it, Rule) else it.value
)
def test_every_rule_that_is_judged_otherwise_has_a_passing_and_a_failing_case(
    rule: Rule, syntax: Syntax
) -> None:
    if as_in_extended_ctc(rule).judged_in(syntax) is None:
        return
    held = {c.passes for c in CHANGED_CASES if c.rule == rule.id and c.syntax is syntax}

    assert held == {True, False}


def test_a_rule_that_is_judged_otherwise_says_why() -> None:
    assert len(CHANGED) > 80
    for rule, syntax in CHANGED:
        held = as_in_extended_ctc(rule).variants.get(syntax)
        assert held is None or held.why.strip()


def test_a_rule_of_the_norm_that_nothing_changes_is_the_same_rule() -> None:
    rule = CATALOGUE["BR-16"]

    assert as_in_extended_ctc(rule) is rule


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_the_invoice_cases_start_from_keeps_every_rule_of_the_extension(
    syntax: Syntax | None,
) -> None:
    of_this_kind = "381" if syntax is Syntax.UBL_CREDIT_NOTE else "380"
    due = {**BASE, "BT-3": of_this_kind, "BT-9": "2026-02-15"}

    assert Plan(the_version(), syntax).examine(invoice_of(due)) == ()


@pytest.mark.parametrize("rule", ["CII-SR-465", "CII-SR-466"])
def test_two_names_of_a_contact_are_only_a_warning(rule: str) -> None:
    assert CATALOGUE[rule].severity is Severity.FATAL
    assert as_in_extended_ctc(CATALOGUE[rule]).severity is Severity.WARNING


# -- kinds of lines ------------------------------------------------------------------------------


def test_a_reference_to_another_invoice_says_nothing_of_a_line() -> None:
    other = LinePrecedingInvoice(number="F0", kind="GROUP", parent="1")
    line = InvoiceLine(identifier="2", preceding_invoices=(other,))
    invoice = Invoice(number="F1", lines=(line,))

    assert counted(invoice) == (line,)
    assert members_of_ubl(invoice)[0].parents == ()


def test_the_number_of_the_invoice_is_compared_as_it_is_written() -> None:
    line = line_of("GROUP")
    plain = Invoice(number="F1", lines=(line,))
    padded = replace(plain, odd={"number": Odd(written=" F1")})

    assert counted(plain) == ()
    assert counted(padded) == (line,)


def test_an_invoice_without_a_number_has_no_line_below_another() -> None:
    invoice = Invoice(lines=(line_of("GROUP", "1"),))

    assert len(counted(invoice)) == 1
    assert members_of_ubl(invoice)[0].kinds == frozenset()


def test_each_of_several_parents_of_a_line_is_one() -> None:
    itself = LinePrecedingInvoice(
        number="F1", kind="DETAIL", parent="1", odd={"parent": Odd(further=("2",))}
    )
    invoice = Invoice(number="F1", lines=(InvoiceLine(preceding_invoices=(itself,)),))

    (member,) = members_of_ubl(invoice)

    assert member.parents == ("1", "2")
    assert member.place == "EXT-FR-FE-BG-06[1]"


def test_a_line_of_cii_says_itself_what_it_is() -> None:
    line = InvoiceLine(identifier="2", kind="GROUP", parent="1", net_amount=D(3))

    (member,) = members_of_cii(Invoice(number="F1", lines=(line,)))

    assert member == ("2", frozenset({"GROUP"}), ("1",), D(3), "")


# -- sums ----------------------------------------------------------------------------------------


def test_a_cent_is_a_cent_in_decimals_and_a_little_more_in_binary() -> None:
    of_a_line = Sums(D(30), D(0), D(0), 1, 0, 0)
    of_a_charge = Sums(D(0), D(0), D(30), 0, 0, 1)

    assert not of_a_line.is_near(D("30.01"))
    assert of_a_line.is_near_to_the_cent(D("30.01"))
    assert of_a_charge.is_near(D("30.01"))


@given(
    found=_AMOUNTS,
    amounts=st.lists(_AMOUNTS, min_size=3, max_size=3),
    counts=st.lists(st.integers(0, 2), min_size=3, max_size=3),
)
def test_whatever_is_written_is_held_against_its_sum(
    found: Decimal, amounts: list[Decimal], counts: list[int]
) -> None:
    lines, less, more = (binary_hundredths([one]) for one in amounts)
    sums = Sums(lines, less, more, *counts)

    near, to_the_cent = sums.is_near(found), sums.is_near_to_the_cent(found)

    assert sums.apart(found) >= 0
    assert to_the_cent or not near or not counts[0]


def test_an_invoice_adds_to_the_cent_what_people_add() -> None:
    assert Sums(D(30), D(5), D(1), 2, 1, 1).net == D("26.00")


def test_lines_in_an_extension_are_added_unless_they_are_subtotals() -> None:
    stray = StrayLine(
        other=False,
        net_amount=D(4),
        categories=(" S ",),
        rates=(D(20),),
        reasons=(("Livres", None),),
    )
    subtotal = replace(stray, counts=False)
    line = InvoiceLine(net_amount=D(10), vat=LineVat("VAT", "S", D("20.0")))
    invoice = Invoice(number="F1", lines=(line,), stray_lines=(stray, subtotal))

    narrow, wide = shares_of(VatBreakdown(category="S", rate=D(20)), "S", invoice)

    assert (sums_of(invoice).lines, sums_of(invoice).of_lines) == (D(14), 2)
    assert (narrow.lines, wide.lines) == (D(10), D(14))


@pytest.mark.parametrize(("kind", "counted_in"), [("GROUP", False), ("DETAIL", True)])
def test_the_kind_of_a_line_in_an_extension_is_read(kind: str, counted_in: bool) -> None:
    root = etree.fromstring(documents("ubl")["standard-full"])
    line = copy.deepcopy(root.find("{*}InvoiceLine"))
    reference = (
        "<cac:BillingReference><cac:InvoiceDocumentReference>"
        f"<cbc:ID>{root.findtext('{*}ID')}</cbc:ID>"
        f"<cbc:DocumentStatusCode>{kind}</cbc:DocumentStatusCode>"
        "</cac:InvoiceDocumentReference></cac:BillingReference>"
    )
    edit(line, Edit(into="self::*", add=reference))
    content = etree.SubElement(root, "{urn:example}Data")
    content.append(line)

    (stray,) = read(root, Syntax.UBL_INVOICE).invoice.stray_lines

    assert stray.counts is counted_in


def test_category_rate_and_reason_are_those_of_one_tax() -> None:
    first, second = LineVat("VAT", "S", D(20)), LineVat("VAT", "Z", D(0), "Livres")
    line = InvoiceLine(net_amount=D(10), vat=first, odd={"vat": Odd(further=(second,))})
    invoice = Invoice(number="F1", lines=(line,))

    _, mixed = shares_of(VatBreakdown(category="S", rate=D(0)), "S", invoice)
    narrow, wide = shares_of(VatBreakdown(category="Z", rate=D(0)), "Z", invoice)

    assert mixed.amounts == 0
    assert (narrow.amounts, wide.amounts) == (0, 1)


def test_the_reason_of_a_further_category_of_an_allowance_is_read() -> None:
    root = etree.fromstring(documents("ubl")["standard-full"])
    edit(root, Edit(double="(/*/cac:AllowanceCharge/cac:TaxCategory)[1]"))
    added = "(/*/cac:AllowanceCharge/cac:TaxCategory)[2]"
    edit(root, Edit(into=added, add="<cbc:TaxExemptionReason>Livres</cbc:TaxExemptionReason>"))

    invoice = read(root, Syntax.UBL_INVOICE).invoice

    (held,) = [one for one in (*invoice.allowances, *invoice.charges) if one.odd]
    assert held.odd is not None
    assert held.odd["vat_category"].further[0].exemption_reason == "Livres"


# -- what is asked of the XML --------------------------------------------------------------------

_LINE_REFERENCE = Edit(
    into="(//cac:InvoiceLine)[1]",
    add="<cac:BillingReference><cac:CreditNoteDocumentReference><cbc:ID>A</cbc:ID>"
    "</cac:CreditNoteDocumentReference></cac:BillingReference>",
)
_EMPTIED = Edit(drop="/*/cac:BillingReference/cac:InvoiceDocumentReference")
_TWICE = Edit(double="/*/cac:BillingReference/cac:InvoiceDocumentReference")


@pytest.mark.parametrize("rule", ["UBL-SR-07", "BR-55"])
def test_a_line_may_refer_to_something_else_than_an_invoice(rule: str) -> None:
    assert offended(rule, "UBL-Invoice", _LINE_REFERENCE) == []
    assert rule in offended(rule, "UBL-Invoice", _EMPTIED)


def test_a_reference_of_the_invoice_is_to_one_invoice() -> None:
    of_a_line = Edit(
        into="(//cac:InvoiceLine)[1]",
        add="<cac:BillingReference>"
        + "<cac:InvoiceDocumentReference><cbc:ID>A</cbc:ID></cac:InvoiceDocumentReference>" * 2
        + "</cac:BillingReference>",
    )

    assert offended("UBL-SR-06", "UBL-Invoice", of_a_line) == []
    assert offended("UBL-SR-06", "UBL-Invoice", _TWICE) == ["UBL-SR-06"]


@pytest.mark.parametrize(
    ("rule", "element"),
    [("CII-SR-471", "RateApplicablePercent"), ("CII-SR-472", "CategoryTradeTax")],
)
def test_two_rules_of_cii_are_numbered_the_other_way_round(rule: str, element: str) -> None:
    path = "(//ram:SpecifiedTradeAllowanceCharge[ram:CategoryTradeTax])[1]"
    added = Edit(into=path, add=f"<ram:{element}/>" * 2)

    assert offended(rule, "CII") == []
    assert offended(rule, "CII", added) == [rule]


def test_the_date_and_the_code_of_a_vat_point_may_not_stand_in_two_rows() -> None:
    rows = "//ram:ApplicableHeaderTradeSettlement/ram:ApplicableTradeTax"
    other = Edit(into=f"{rows}[1]", add="<ram:TaxPointDate/><ram:DueDateTypeCode/>")
    of_another_tax = Edit(set=f"{rows}[1]/ram:TypeCode", to="GST")

    assert offended("BR-CO-03", "CII", other) == []
    assert offended("BR-CO-03", "CII", other, of_another_tax) == ["BR-CO-03"]


def test_each_category_of_a_charge_of_cii_is_asked_its_rate() -> None:
    charge = "(//ram:ApplicableHeaderTradeSettlement/ram:SpecifiedTradeAllowanceCharge)[1]"
    term = "06" if _is_allowance(charge) else "07"
    zero = (
        "<ram:CategoryTradeTax><ram:TypeCode>{}</ram:TypeCode><ram:CategoryCode>Z"
        "</ram:CategoryCode><ram:RateApplicablePercent>5</ram:RateApplicablePercent>"
        "</ram:CategoryTradeTax>"
    )
    rule = f"BR-Z-{term}"

    assert offended(rule, "CII", Edit(into=charge, add=zero.format("GST"))) == []
    assert offended(rule, "CII", Edit(into=charge, add=zero.format("vat"))) == [rule]


def _is_allowance(charge: str) -> bool:
    root = etree.fromstring(documents("cii")["standard-full"])
    namespaces = {key: uri for key, uri in root.nsmap.items() if key}
    (held,) = root.xpath(charge, namespaces=namespaces)
    return bool(held.xpath("ram:ChargeIndicator/udt:Indicator='false'", namespaces=namespaces))


def test_a_payee_is_not_the_seller_by_an_identifier_of_another_scheme() -> None:
    rule = as_in_extended_ctc(CATALOGUE["BR-17"])
    invoice = invoice_of(
        {**BASE, "BG-10/BT-59": "X", "BG-10/BT-60": ["8"], "BG-4/BT-29": ["8 @ 0009"]}
    )

    assert invoice.payee is not None
    assert invoice.payee.identifiers == (Identifier(value="8"),)
    assert Plan([rule], Syntax.CII).examine(invoice) == ()


# -- codes ---------------------------------------------------------------------------------------


def test_a_charge_of_cii_may_say_so_by_a_number() -> None:
    charge = DocumentCharge(reason_code="95", odd={INDICATOR: Odd(written="1")})
    invoice = replace(SOUND, charges=(charge,), codes=SeenCodes({}))
    plan = Plan([CATALOGUE["BR-FREXT-CL-20"]], Syntax.CII)

    (hit,) = plan.examine(invoice)

    assert (hit.address, hit.breach.found) == ("BG-21[1]/BT-105", "95")


def test_what_is_an_allowance_by_a_number_is_asked_its_rate() -> None:
    allowance = DocumentAllowance(
        tax_scheme="VAT", vat_category="M", odd={INDICATOR: Odd(written="0")}
    )
    invoice = replace(SOUND, allowances=(allowance,))
    plan = Plan([as_in_extended_ctc(CATALOGUE["BR-AG-06"])], Syntax.CII)

    (hit,) = plan.examine(invoice)

    assert hit.address == "BG-20[1]/BT-96"


def test_a_unit_of_blanks_is_a_unit_of_a_measure() -> None:
    root = etree.fromstring(documents("cii")["standard-full"])
    path = "(//ram:ApplicableProductCharacteristic)[1]"
    edit(root, Edit(drop=f"{path}/ram:Value"))
    edit(root, Edit(into=path, add="<ram:ValueMeasure unitCode=' '>2</ram:ValueMeasure>"))
    invoice = read(root, Syntax.CII).invoice

    assert Plan([CATALOGUE["BR-FREXT-54-2"]], Syntax.CII).examine(invoice) == ()
