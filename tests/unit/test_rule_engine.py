"""The engine: registering rules, running them, saying what they found, choosing a version."""

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal

import pytest

from chorus_edi.domain.dossier import Place
from chorus_edi.domain.findings import Severity, Stage
from chorus_edi.domain.groups import Group, Identifier, Odd
from chorus_edi.domain.invoice import Invoice
from chorus_edi.domain.lines import InvoiceLine, LineAllowance, LineVat
from chorus_edi.domain.motives import Motive
from chorus_edi.domain.parties import BuyerAddress, Seller
from chorus_edi.domain.scenarios import RuleSet, Syntax
from chorus_edi.domain.settlement import DocumentAllowance, Totals, VatBreakdown
from chorus_edi.errors import Defect
from chorus_edi.rules import plan as plan_module
from chorus_edi.rules.cases import BASE, invoice_of
from chorus_edi.rules.en16931.vat_families import FAMILIES
from chorus_edi.rules.plan import Hit, Plan, finding_of
from chorus_edi.rules.registry import (
    CATALOGUE,
    Breach,
    Rule,
    id_order,
    registered_in,
    rule,
    unjudged,
    variant,
)
from chorus_edi.rules.sets import (
    RuleSetVersion,
    in_force,
    labelled,
    labels_for,
    plan_for,
    plan_of,
)
from chorus_edi.rules.text import has_text

CARD = {"fr": "Message.", "en": "Message.", "conseil": "Conseil.", "source": "test"}


@pytest.fixture(autouse=True)
def _catalogue_as_it_was() -> Iterator[None]:
    before = dict(CATALOGUE)
    yield
    CATALOGUE.clear()
    CATALOGUE.update(before)


def breaks(term: str, **more) -> Callable[[Group, Invoice], Breach]:
    def check(group: Group, invoice: Invoice) -> Breach:
        return Breach(term, **more)

    return check


def registered(rule_id: str, term: str, *, card=None, **conditions) -> Rule:
    rule(rule_id, term, **{**CARD, **(card or {})}, **conditions)(breaks(term))
    return CATALOGUE[rule_id]


def addresses(invoice: Invoice, *rules: Rule) -> list[str]:
    return [hit.address for hit in Plan(rules).examine(invoice)]


# -- registering ------------------------------------------------------------------------------


def test_a_decorated_function_stays_a_function_and_its_name_is_the_sentence() -> None:
    @rule("CE-1", "BT-131", each=InvoiceLine, **CARD)
    def a_line_is_not_negative(line: InvoiceLine, invoice: Invoice) -> Breach | None:
        return Breach("BT-131") if line.net_amount is None else None

    assert a_line_is_not_negative(InvoiceLine(net_amount=Decimal(1)), Invoice()) is None
    card = CATALOGUE["CE-1"]
    assert card.name == "a line is not negative"
    assert (card.severity, card.motive) == (Severity.FATAL, Motive.REJ_SEMAN)
    assert card.judgement.each is InvoiceLine


def test_a_rule_speaks_of_the_invoice_where_not_said() -> None:
    assert registered("CE-1", "BT-1").judgement.each is Invoice


def test_a_family_is_a_table_registered_in_a_loop() -> None:
    for code, term in (("S", "BT-119"), ("Z", "BT-119")):
        rule(f"CE-{code}", term, each=VatBreakdown, category=code, name=f"{code} has it", **CARD)(
            breaks(term)
        )

    assert CATALOGUE["CE-Z"].name == "Z has it"
    assert CATALOGUE["CE-S"].judgement.category == "S"


def test_an_id_is_never_used_twice() -> None:
    registered("CE-1", "BT-1")

    with pytest.raises(Defect, match="twice"):
        registered("CE-1", "BT-2")


@pytest.mark.parametrize(
    ("terms", "more"),
    [
        (("BT-999",), {}),
        ((), {}),
        (("BT-1",), {"fr": " "}),
        (("BT-1",), {"en": ""}),
        (("BT-1",), {"conseil": ""}),
        (("BT-1",), {"source": ""}),
        (("BT-1",), {"given": ("BT-131",)}),
        (("BT-29",), {"given": ("BG-25",)}),
        (("BT-27",), {"category": "S", "each": Seller}),
        (("BT-29",), {"each": Identifier}),
    ],
)
def test_a_bad_identity_card_is_refused_at_import(terms, more) -> None:
    with pytest.raises(Defect):
        rule("CE-1", *terms, **{**CARD, **more})(breaks("BT-1"))
    assert "CE-1" not in CATALOGUE


def test_sub_terms_and_groups_are_terms_too() -> None:
    assert registered("CE-1", "BT-29-1")
    assert registered("CE-2", "BG-5")


def test_a_variant_needs_its_rule_a_free_syntax_and_a_reason() -> None:
    registered("CE-1", "BT-1")
    variant("CE-1", Syntax.CII, why="The sheets differ.")(breaks("BT-1"))

    for rule_id, why in (("CE-9", "x"), ("CE-1", "x")):
        with pytest.raises(Defect):
            variant(rule_id, Syntax.CII, why=why)(breaks("BT-1"))
    with pytest.raises(Defect):
        variant("CE-1", Syntax.UBL_INVOICE, why=" ")(breaks("BT-1"))


def test_a_syntax_may_weigh_a_rule_otherwise_or_not_judge_it() -> None:
    registered("CE-1", "BT-1")
    variant(
        "CE-1", Syntax.CII, why="It only warns.", severity=Severity.WARNING
    )(breaks("BT-1"))  # fmt: skip
    unjudged("CE-1", Syntax.UBL_INVOICE, Syntax.UBL_CREDIT_NOTE, why="Its test is always true.")

    def severities(syntax: Syntax | None) -> list[Severity]:
        hits = Plan([CATALOGUE["CE-1"]], syntax).examine(Invoice())
        return [hit.rule.severity for hit in hits]

    assert severities(None) == [Severity.FATAL]
    assert severities(Syntax.CII) == [Severity.WARNING]
    assert severities(Syntax.UBL_INVOICE) == severities(Syntax.UBL_CREDIT_NOTE) == []


def test_a_rule_on_the_invoice_is_called_where_some_part_of_it_uses_the_category() -> None:
    rules = [registered(f"CE-{code}", "BT-1", category=code) for code in ("S", "E", "Z")]
    line = InvoiceLine(vat=LineVat(category=" S "))
    invoice = Invoice(lines=(line,), allowances=(DocumentAllowance(vat_category="E"),))

    assert [hit.rule.id for hit in Plan(rules).examine(invoice)] == ["CE-S", "CE-E"]


def test_groups_and_categories_beside_the_first_are_judged_too() -> None:
    of_lines = registered("CE-Z", "BT-152", each=LineVat, category="Z")
    of_allowances = registered("CE-E", "BT-96", each=DocumentAllowance, category="E")
    vat, further = LineVat(category="S"), LineVat(category="Z")
    line = InvoiceLine(vat=vat, odd={"vat": Odd(further=(further,))})
    allowance = DocumentAllowance(
        vat_category="S", odd={"vat_category": Odd(further=(LineVat(category="E"), "Z"))}
    )

    invoice = Invoice(lines=(line,), allowances=(allowance,))

    found = addresses(invoice, of_lines, of_allowances)

    assert found == ["BG-20[1]/BT-96", "BG-25[1]/BG-30/BT-152"]


def test_ids_sort_as_people_count() -> None:
    ids = ["BR-CO-10", "BR-10", "BR-2", "BR-CO-9"]

    assert sorted(ids, key=id_order) == ["BR-2", "BR-10", "BR-CO-9", "BR-CO-10"]


def test_a_package_is_asked_for_its_own_rules_only() -> None:
    check = breaks("BT-1")
    check.__module__ = "somewhere.rules.theme"
    rule("CE-1", "BT-1", **CARD)(check)

    assert [card.id for card in registered_in("somewhere.rules")] == ["CE-1"]
    assert registered_in("somewhere.rule") == ()


# -- running ----------------------------------------------------------------------------------


def test_a_breach_is_addressed_with_the_indices_of_its_groups() -> None:
    line = registered("CE-1", "BT-131", each=InvoiceLine)
    allowance = registered("CE-2", "BT-136", each=LineAllowance)
    invoice = Invoice(
        lines=(InvoiceLine(), InvoiceLine(allowances=(LineAllowance(), LineAllowance())))
    )

    assert addresses(invoice, line, allowance) == [
        "BG-25[1]/BT-131",
        "BG-25[2]/BT-131",
        "BG-25[2]/BG-27[1]/BT-136",
        "BG-25[2]/BG-27[2]/BT-136",
    ]


def test_equal_lines_have_their_own_numbers() -> None:
    card = registered("CE-1", "BT-131", each=InvoiceLine)

    found = addresses(Invoice(lines=(InvoiceLine(), InvoiceLine())), card)

    assert found == ["BG-25[1]/BT-131", "BG-25[2]/BT-131"]


@pytest.mark.parametrize(
    ("each", "term", "address"),
    [
        (Invoice, "BT-1", "BT-1"),
        (Invoice, "BT-106", "BG-22/BT-106"),
        (Invoice, "BT-40", "BG-4/BG-5/BT-40"),
        (Invoice, "BG-25", "BG-25"),
        (Invoice, "BT-34-1", "BG-4/BT-34-1"),
        (InvoiceLine, "BT-151", "BG-25[1]/BG-30/BT-151"),
        (InvoiceLine, "BT-5", "BT-5"),
    ],
)
def test_a_term_is_found_from_its_group_else_from_the_invoice(each, term, address) -> None:
    card = registered("CE-1", term, each=each)

    assert addresses(Invoice(lines=(InvoiceLine(),)), card) == [address]


def test_a_rule_may_point_into_another_repeated_group() -> None:
    rule("CE-1", "BT-131", **CARD)(breaks("BT-131", at="BG-25[3]"))

    assert addresses(Invoice(), CATALOGUE["CE-1"]) == ["BG-25[3]/BT-131"]


def test_a_breach_in_a_repeated_group_must_say_which() -> None:
    card = registered("CE-1", "BT-131")

    with pytest.raises(Defect, match="BT-131"):
        Plan([card]).examine(Invoice())


def test_absent_groups_are_not_examined() -> None:
    assert addresses(Invoice(), registered("CE-1", "BT-106", each=Totals)) == []


def test_hits_come_in_the_order_of_the_model_then_of_the_rules() -> None:
    cards = [
        registered("CE-3", "BT-131", each=InvoiceLine),
        registered("CE-2", "BT-106", each=Totals),
        registered("CE-4", "BT-126", each=InvoiceLine),
        registered("CE-1", "BT-1"),
    ]
    invoice = Invoice(totals=Totals(), lines=(InvoiceLine(), InvoiceLine()))

    found = [(hit.rule.id, hit.address) for hit in Plan(cards).examine(invoice)]

    assert found == [
        ("CE-1", "BT-1"),
        ("CE-2", "BG-22/BT-106"),
        ("CE-3", "BG-25[1]/BT-131"),
        ("CE-4", "BG-25[1]/BT-126"),
        ("CE-3", "BG-25[2]/BT-131"),
        ("CE-4", "BG-25[2]/BT-126"),
    ]


def test_a_plan_without_rules_finds_nothing() -> None:
    assert Plan([]).examine(invoice_of(BASE)) == ()


def test_a_rule_is_called_only_where_its_conditions_are_given() -> None:
    card = registered("CE-1", "BT-131", each=InvoiceLine, given=("BT-129", "BT-131"))
    one = Decimal(1)
    invoice = Invoice(
        lines=(
            InvoiceLine(quantity=one),
            InvoiceLine(net_amount=one, quantity=one),
            InvoiceLine(net_amount=one),
            InvoiceLine(),
        )
    )

    assert addresses(invoice, card) == ["BG-25[2]/BT-131"]


def test_a_rule_of_a_vat_category_is_called_for_that_category_only() -> None:
    standard = registered("CE-S", "BT-119", each=VatBreakdown, category="S")
    exempt = registered("CE-E", "BT-120", each=VatBreakdown, category="E", given=("BT-120",))
    always = registered("CE-0", "BT-118", each=VatBreakdown)
    invoice = Invoice(
        vat_breakdown=(
            VatBreakdown(category=" S\n"),
            VatBreakdown(category="E"),
            VatBreakdown(category="E", exemption_reason="x"),
            VatBreakdown(category="?"),
            VatBreakdown(),
        )
    )

    found = [
        (hit.rule.id, hit.address[:8]) for hit in Plan([standard, exempt, always]).examine(invoice)
    ]

    assert found == [
        ("CE-S", "BG-23[1]"),
        ("CE-0", "BG-23[1]"),
        ("CE-0", "BG-23[2]"),
        ("CE-E", "BG-23[3]"),
        ("CE-0", "BG-23[3]"),
        ("CE-0", "BG-23[4]"),
        ("CE-0", "BG-23[5]"),
    ]


def test_more_patterns_than_are_remembered_are_still_judged(monkeypatch) -> None:
    monkeypatch.setattr(plan_module, "PATTERNS", 1)
    card = registered("CE-1", "BT-131", each=InvoiceLine, given=("BT-129",))
    given, absent = InvoiceLine(quantity=Decimal(1)), InvoiceLine()
    plan = Plan([card])

    for _ in range(2):
        found = [hit.address for hit in plan.examine(Invoice(lines=(absent, given, absent)))]
        assert found == ["BG-25[2]/BT-131"]


def test_a_syntax_with_a_variant_is_judged_by_it_alone() -> None:
    registered("CE-1", "BT-55", each=BuyerAddress)
    variant("CE-1", Syntax.CII, why="The sheets differ.")(breaks("BT-55"))
    card = CATALOGUE["CE-1"]

    assert Plan([card]).examine(Invoice()) == ()
    assert Plan([card], Syntax.UBL_INVOICE).examine(Invoice()) == ()
    assert [h.address for h in Plan([card], Syntax.CII).examine(Invoice())] == ["BG-7/BG-8/BT-55"]


# -- saying -----------------------------------------------------------------------------------


def test_a_finding_tells_the_rule_the_place_and_the_values() -> None:
    rule("CE-1", "BT-106", "BT-131", severity=Severity.WARNING, motive=Motive.REJ_COH, **CARD)(
        breaks("BT-131")
    )
    breach = Breach("BT-131", found=Decimal("1E+3"), expected="2")

    finding = finding_of(
        Hit(CATALOGUE["CE-1"], breach, "BG-25[2]/BT-131"), Place("/a/b", 12, 3), Stage.CHECK
    )

    assert (finding.rule, finding.severity, finding.motive) == ("CE-1", "warning", "REJ_COH")
    assert finding.terms == ("BT-131", "BT-106")
    assert (finding.address, finding.location) == ("BG-25[2]/BT-131", "/a/b")
    assert (finding.line, finding.column) == (12, 3)
    assert (finding.found, finding.expected) == ("1000", "2")
    assert (finding.message.fr, finding.conseil) == ("Message.", "Conseil.")


@pytest.mark.parametrize(
    ("value", "said"), [(None, False), ("", False), (" \t\r\n", False), ("x", True), ("\xa0", True)]
)
def test_only_xml_white_space_is_blank(value: str | None, said: bool) -> None:
    assert has_text(value) is said


# -- choosing ---------------------------------------------------------------------------------


def test_the_set_holds_the_families_of_the_official_sheets() -> None:
    version = in_force(RuleSet.EN16931, date(2026, 11, 20))
    assert version is not None
    held = {card.id for card in version.rules}
    families = {f"BR-{of.prefix}-{n:02d}" for of in FAMILIES for n in range(1, 11)}

    assert version.label == "en16931@1.3.16-2"
    assert {f"BR-{n:02d}" for n in range(1, 34)} <= held
    assert families | {"BR-O-14", "BR-IC-12", "BR-B-02", "BR-CO-26", "BR-DEC-28"} <= held
    assert [card.id for card in version.rules] == sorted(held, key=id_order)


def test_a_version_judges_from_its_first_day_to_its_last() -> None:
    version = RuleSetVersion(
        name=RuleSet.BR_FR,
        version="1",
        valid_from=date(2026, 1, 1),
        valid_to=date(2026, 12, 31),
        rules=(),
    )

    days = [date(2025, 12, 31), date(2026, 1, 1), date(2026, 12, 31), date(2027, 1, 1)]
    assert [version.in_force(day) for day in days] == [False, True, True, False]


def test_sets_not_in_force_have_no_label() -> None:
    day = date(2026, 8, 31)

    assert labels_for((RuleSet.EN16931, RuleSet.CHORUS_B2G), day) == ("en16931@1.3.16-2",)
    assert labels_for((RuleSet.EN16931,), date(2000, 1, 1)) == ()
    assert in_force(RuleSet.CHORUS_B2G, day) is None


def test_a_version_is_found_by_its_label() -> None:
    assert labelled("en16931@1.3.16-2").name is RuleSet.EN16931
    with pytest.raises(Defect, match="en16931@0"):
        labelled("en16931@0")


def test_a_plan_is_compiled_once_per_versions_and_syntax() -> None:
    sets = (RuleSet.EN16931,)

    one, same = plan_for(sets, date(2026, 1, 1)), plan_for(sets, date(2026, 11, 20))
    other = plan_for(sets, date(2026, 1, 1), Syntax.CII)

    assert one is same is plan_of(("en16931@1.3.16-2",), None)
    assert other is not one
    assert [hit.rule.id for hit in one.examine(invoice_of({**BASE, "BT-1": ""}))] == ["BR-02"]
