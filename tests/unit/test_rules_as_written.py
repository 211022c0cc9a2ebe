"""Rules on what the sheets see beside the model: blanks, further occurrences, binary sums."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from chorus_edi.domain.groups import OTHERS, Odd
from chorus_edi.domain.invoice import Delivery, Invoice, InvoicingPeriod
from chorus_edi.domain.lines import InvoiceLine, LineVat, Price
from chorus_edi.domain.parties import Buyer, Payee
from chorus_edi.domain.scenarios import Syntax
from chorus_edi.domain.seen import SeenCodes
from chorus_edi.domain.settlement import (
    DocumentAllowance,
    DocumentCharge,
    ServiceCharge,
    StrayVat,
    Totals,
    VatBreakdown,
    VatTotal,
)
from chorus_edi.rules.cases import BASE, invoice_of
from chorus_edi.rules.plan import Plan
from chorus_edi.rules.sets import versions

D = Decimal
RULES = {rule.id: rule for version in versions() for rule in version.rules}
UBL, CII = Syntax.UBL_INVOICE, Syntax.CII
SOUND = invoice_of(BASE)


def broken(invoice: Invoice, syntax: Syntax, *rules: str) -> list[str]:
    hits = Plan([RULES[one] for one in rules], syntax).examine(invoice)
    return [hit.rule.id for hit in hits]


def with_allowance(**terms: Any) -> Invoice:
    terms = {"tax_scheme": "VAT", "vat_category": "S", "vat_rate": D(20), **terms}
    return replace(SOUND, allowances=(DocumentAllowance(amount=D("1.00"), **terms),))


def test_blanks_after_a_number_count_as_decimals() -> None:
    totals = Totals(due=D("1.00"), odd={"due": Odd(written="1.00 ")})
    fine = Totals(due=D("1.00"), odd={"due": Odd(written=" 1.00"), "paid": Odd(written="1 ")})

    assert broken(Invoice(totals=totals), UBL, "BR-DEC-18") == ["BR-DEC-18"]
    assert broken(Invoice(totals=fine), UBL, "BR-DEC-18") == []


def test_one_price_that_is_not_negative_is_enough() -> None:
    price = Price(net=D(-1), odd={"net": Odd(further=(D(2),))})

    assert broken(Invoice(lines=(InvoiceLine(price=price),)), UBL, "BR-27") == []


@pytest.mark.parametrize("syntax", [UBL, CII])
def test_one_of_several_categories_of_an_allowance_is_enough(syntax: Syntax) -> None:
    vat = Odd(further=(LineVat("VAT", "Z", D(0)),))
    invoice = with_allowance(tax_scheme="GST", odd={"vat_category": vat})

    assert broken(invoice, syntax, "BR-32") == []


@pytest.mark.parametrize(
    ("rate", "syntax", "said"), [("5", UBL, True), ("0", UBL, False), ("5", CII, True)]
)
def test_each_category_of_an_allowance_has_a_rate_to_keep(
    rate: str, syntax: Syntax, said: bool
) -> None:
    vat = Odd(further=(LineVat("VAT", "Z", D(rate)),))

    found = broken(with_allowance(odd={"vat_category": vat}), syntax, "BR-Z-06", "BR-S-06")

    assert found == ["BR-Z-06"] * said


def test_a_line_may_have_its_vat_category_second() -> None:
    line = InvoiceLine(vat=LineVat(), odd={"vat": Odd(further=(LineVat("VAT", "S"),))})

    assert broken(Invoice(lines=(line,)), UBL, "BR-CO-04") == []
    assert broken(Invoice(lines=(line,)), CII, "BR-CO-04") == []


def test_the_cii_sheet_reads_a_category_with_its_blanks() -> None:
    vat = replace(SOUND.vat_breakdown[0], tax_amount=D(99), odd={"category": Odd(written="S ")})
    invoice = replace(SOUND, vat_breakdown=(vat,))

    assert broken(invoice, UBL, "BR-S-09", "BR-S-01") == ["BR-S-09"]
    assert broken(invoice, CII, "BR-S-09", "BR-S-01") == []


def test_the_cii_sheet_does_not_take_one_for_true() -> None:
    odd = {"indicator": Odd(written="1")}
    charge = DocumentCharge(amount=D("1.001"), odd=odd)
    invoice = replace(SOUND, charges=(charge,))

    assert broken(invoice, UBL, "BR-DEC-05", "BR-38", "BR-CO-12") != []
    assert broken(invoice, CII, "BR-DEC-05", "BR-38", "BR-CO-12") == []


def test_the_cii_sheet_compares_currencies_with_their_blanks() -> None:
    invoice = replace(SOUND, accounting_currency="USD", vat_totals=(VatTotal(D("6.00"), "USD"),))
    blank = replace(invoice, odd={"accounting_currency": Odd(written="USD ")})

    assert broken(invoice, CII, "BR-53", "BR-DEC-15") == []
    assert broken(blank, CII, "BR-53", "BR-DEC-15") == ["BR-DEC-15", "BR-53"]


@pytest.mark.parametrize(
    ("end", "said"), [("2026-12-31", True), ("-20261231", True), (None, False)]
)
def test_the_cii_sheet_compares_days_as_they_are_written(end: str | None, said: bool) -> None:
    odd = {"end": Odd(written=end)} if end else None
    period = InvoicingPeriod(start="2026-01-01", end="2026-12-31", odd=odd)

    found = broken(replace(SOUND, delivery=Delivery(period=period)), CII, "BR-29")

    assert found == ["BR-29"] * said


def test_a_charge_that_is_none_to_the_cii_sheet_needs_no_tax_identifier() -> None:
    charge = DocumentCharge(vat_category="G", odd={"indicator": Odd(written=" true ")})
    told = replace(SOUND, seller=None, charges=(replace(charge, odd=None),))

    assert broken(replace(told, charges=(charge,)), CII, "BR-G-04") == []
    assert broken(told, CII, "BR-G-04") == ["BR-G-04"]


def test_the_cii_sheet_reads_each_of_several_categories_with_its_blanks() -> None:
    blank = {"category": Odd(written="S ")}
    further = Odd(further=(LineVat("VAT", "S", D(20), odd=blank),))
    lines = (InvoiceLine(net_amount=D(5), vat=LineVat("VAT", "Z", D(0)), odd={"vat": further}),)
    allowance = with_allowance(vat_category="Z", vat_rate=D(0), odd={"vat_category": further})

    for invoice in (replace(SOUND, lines=lines), replace(allowance, lines=())):
        vat = replace(SOUND.vat_breakdown[0], taxable_amount=D(0), rate=D(20))
        assert broken(replace(invoice, vat_breakdown=(vat,)), CII, "BR-S-08") == []


def test_codes_of_allowances_that_the_model_has_no_place_for_count_in_cii() -> None:
    invoice = replace(SOUND, stray_categories=("Z",))
    out_of_scope = replace(
        invoice, vat_breakdown=(VatBreakdown(tax_scheme="VAT", category="O"),), lines=()
    )

    assert broken(out_of_scope, CII, "BR-O-13", "BR-O-14") == ["BR-O-13", "BR-O-14"]
    zero = replace(SOUND.vat_breakdown[0], category="Z")
    assert broken(replace(invoice, vat_breakdown=(zero,), lines=()), CII, "BR-Z-01") == []


def test_two_charges_of_lines_are_enough_for_the_cii_sheet_where_one_is_not() -> None:
    once = replace(SOUND, vat_breakdown=(), lines=(), stray_categories=("S",))
    twice = replace(once, stray_categories=("S", "S"))

    assert broken(once, CII, "BR-S-01") == ["BR-S-01"]
    assert broken(twice, CII, "BR-S-01") == []


def test_an_allowance_lets_the_base_be_compared_without_lines() -> None:
    invoice = with_allowance()
    base = replace(SOUND.vat_breakdown[0], taxable_amount=D("-1.50"))

    assert broken(replace(invoice, vat_breakdown=(base,)), UBL, "BR-S-08") == []
    assert broken(replace(SOUND, vat_breakdown=(base,)), UBL, "BR-S-08") == ["BR-S-08"]


def base_of(amount: str, net: str, category: str) -> Invoice:
    vat = LineVat("VAT", category, D(20))
    breakdown = VatBreakdown(
        taxable_amount=D(amount), tax_scheme="VAT", category=category, rate=D(20)
    )
    return Invoice(lines=(InvoiceLine(net_amount=D(net), vat=vat),), vat_breakdown=(breakdown,))


def test_one_unit_apart_is_decided_in_binary() -> None:
    # 767.61 + 1 is a little more than 768.61 in binary, 29 + 1 is not more than 30.
    assert broken(base_of("767.61", "768.61", "S"), UBL, "BR-S-08") == []
    assert broken(base_of("29.00", "30.00", "S"), UBL, "BR-S-08") == ["BR-S-08"]
    assert broken(base_of("31.00", "30.00", "Z"), CII, "BR-Z-08") == []
    assert broken(base_of("29.00", "30.00", "Z"), CII, "BR-Z-08") == ["BR-Z-08"]


def test_what_is_of_another_tax_is_not_judged_in_ubl() -> None:
    invoice = base_of("99.00", "30.00", "Z")
    vat = replace(invoice.vat_breakdown[0], tax_scheme="GST", tax_amount=D(5))
    other = replace(invoice, vat_breakdown=(vat,))

    assert broken(other, UBL, "BR-Z-08", "BR-Z-09") == []
    assert broken(other, CII, "BR-Z-08", "BR-Z-09") == ["BR-Z-08", "BR-Z-09"]
    taxed = replace(vat, category="S")
    assert broken(replace(invoice, vat_breakdown=(taxed,)), UBL, "BR-S-08", "BR-S-09") == []


def test_a_period_of_another_format_breaks_its_rule_in_cii() -> None:
    period = InvoicingPeriod(
        start="2026-01-01", end="2026-01-31", odd={"end": Odd(format="203")}
    )  # fmt: skip

    assert broken(Invoice(delivery=Delivery(period=period)), UBL, "BR-29") == []
    assert broken(Invoice(delivery=Delivery(period=period)), CII, "BR-29") == ["BR-29"]


def test_every_total_is_judged_by_its_own_breakdown() -> None:
    rows = (VatBreakdown(tax_amount=D(6)), VatBreakdown(tax_amount=D(1)))
    totals = (VatTotal(D(6), "EUR", 1), VatTotal(D(2), "USD", 1))
    invoice = Invoice(currency="EUR", vat_breakdown=rows, vat_totals=totals, totals=Totals())

    assert broken(invoice, UBL, "BR-CO-14") == ["BR-CO-14"]
    assert broken(replace(invoice, vat_totals=totals[:1]), UBL, "BR-CO-14") == []
    twice = replace(invoice, vat_totals=(totals[0], totals[0]))
    assert broken(twice, UBL, "BR-CO-15") == ["BR-CO-15"]


def test_service_charges_belong_to_the_total_of_charges_in_cii() -> None:
    service = ServiceCharge(amount=D("3.50"))
    invoice = Invoice(totals=Totals(charges=D("3.50")), service_charges=(service,))

    assert broken(invoice, CII, "BR-CO-12") == []
    assert broken(invoice, UBL, "BR-CO-12") == ["BR-CO-12"]


@pytest.mark.parametrize("syntax", [UBL, CII])
def test_a_payee_without_a_seller_is_compared_with_nobody(syntax: Syntax) -> None:
    assert broken(Invoice(payee=Payee(name="Affacturage")), syntax, "BR-17") == []


def test_categories_beside_o_do_not_matter_where_nothing_is_out_of_scope() -> None:
    lines = (InvoiceLine(vat=LineVat("VAT", "O")), InvoiceLine(vat=LineVat("VAT", "K")))
    rules = ("BR-O-11", "BR-O-12", "BR-IC-11", "BR-IC-12")

    assert broken(Invoice(lines=lines), UBL, *rules) == []
    assert broken(Invoice(lines=lines), CII, *rules) == []


# -- blanks, further values, and what has no place in the model, as the UBL sheet sees them --------


def test_an_accounting_currency_with_blanks_is_that_of_no_total() -> None:
    invoice = Invoice(accounting_currency="USD", vat_totals=(VatTotal(D(6), "USD"),))
    padded = replace(invoice, odd={"accounting_currency": Odd(written="USD ")})

    assert broken(invoice, UBL, "BR-53") == []
    assert broken(padded, UBL, "BR-53") == ["BR-53"]


def test_the_vat_total_in_accounting_currency_may_be_that_of_a_line() -> None:
    invoice = Invoice(accounting_currency="USD")

    assert broken(invoice, UBL, "BR-53") == ["BR-53"]
    assert broken(replace(invoice, stray_currencies=("USD",)), UBL, "BR-53") == []


def test_a_further_vat_identifier_is_judged_with_its_blanks() -> None:
    buyer = Buyer(vat_identifier="FR12")
    odd = replace(buyer, odd={"vat_identifier": Odd(further=("\nFR12",))})

    assert broken(Invoice(buyer=buyer), UBL, "BR-CO-09") == []
    assert broken(Invoice(buyer=odd), UBL, "BR-CO-09") == ["BR-CO-09"]


@pytest.mark.parametrize(("code", "rule"), [("L", "BR-AF-01"), ("M", "BR-AG-01")])
def test_a_breakdown_of_the_canaries_or_ceuta_with_blanks_is_none(code: str, rule: str) -> None:
    row = VatBreakdown(tax_scheme="VAT", category=code)
    padded = replace(row, odd={"category": Odd(written=f"{code} ")})
    used = Invoice(lines=(InvoiceLine(vat=LineVat("VAT", code)),))

    assert broken(replace(used, vat_breakdown=(row,)), UBL, rule) == []
    assert broken(replace(used, vat_breakdown=(padded,)), UBL, rule) == [rule]


def test_of_these_two_only_the_canaries_are_broken_down_under_any_tax() -> None:
    rows = [VatBreakdown(tax_scheme="GST", category=code) for code in "LM"]
    lines = [InvoiceLine(vat=LineVat("VAT", code)) for code in "LM"]
    invoice = Invoice(lines=tuple(lines), vat_breakdown=tuple(rows))

    assert broken(invoice, UBL, "BR-AF-01", "BR-AG-01") == ["BR-AG-01"]


def test_a_charge_of_the_canaries_with_blanks_needs_no_tax_identifier() -> None:
    charge = DocumentCharge(tax_scheme="VAT", vat_category="L")
    padded = replace(charge, odd={"vat_category": Odd(written="L ")})

    assert broken(Invoice(charges=(charge,)), UBL, "BR-AF-04") == ["BR-AF-04"]
    assert broken(Invoice(charges=(padded,)), UBL, "BR-AF-04") == []
    assert broken(Invoice(charges=(padded, charge)), UBL, "BR-AF-04") == ["BR-AF-04"]


@pytest.mark.parametrize("odd", [None, {OTHERS: Odd()}])
def test_anything_in_one_of_several_periods_dates_an_intra_community_supply(odd: Any) -> None:
    periods = {"period": Odd(further=(InvoicingPeriod(odd=odd),))}
    delivery = Delivery(period=InvoicingPeriod(), odd=periods)
    row = VatBreakdown(tax_scheme="VAT", category="K")

    found = broken(Invoice(vat_breakdown=(row,), delivery=delivery), UBL, "BR-IC-11")

    assert found == (["BR-IC-11"] if odd is None else [])


def stray(where: str, code: str = "Z") -> StrayVat:
    return StrayVat(where, code, "VAT", D(0))


@pytest.mark.parametrize(
    ("where", "code", "rule"), [("lines", "S", "BR-S-01"), ("charges", "M", "BR-AG-01")]
)
def test_a_taxed_category_of_a_part_of_a_line_is_used(where: str, code: str, rule: str) -> None:
    unused = Invoice(vat_breakdown=(VatBreakdown(tax_scheme="VAT", category=code),))
    used = replace(unused, stray_vat=(stray(where, code),))

    assert broken(unused, UBL, rule) == [rule]
    assert broken(used, UBL, rule) == []
    assert broken(replace(used, vat_breakdown=()), UBL, rule) == [rule]


def test_only_a_category_without_rates_is_used_by_any_element_that_has_it() -> None:
    invoice = Invoice(stray_vat=(stray("", "S"), stray("", "Z")))

    assert broken(invoice, UBL, "BR-S-01", "BR-Z-01") == ["BR-Z-01"]


def test_an_allowance_of_a_line_needs_the_tax_identifiers_of_its_category() -> None:
    invoice = Invoice(stray_vat=(stray("allowances"), stray("allowances", "O")), seller=None)
    identified = replace(invoice, seller=SOUND.seller)

    assert broken(invoice, UBL, "BR-Z-03", "BR-Z-04") == ["BR-Z-03"]
    assert broken(identified, UBL, "BR-Z-03") == []
    # For what is out of scope the sheet only looks at the document's own.
    assert broken(identified, UBL, "BR-O-03") == []


def test_what_is_out_of_scope_shares_its_invoice_with_no_category_of_a_line_either() -> None:
    row = VatBreakdown(tax_scheme="VAT", category="O")
    rules = ("BR-O-12", "BR-O-13", "BR-O-14")

    def beside(where: str) -> Invoice:
        return Invoice(vat_breakdown=(row,), stray_vat=(stray(where),))

    assert broken(beside("lines"), UBL, *rules) == ["BR-O-12"]
    assert broken(beside("allowances"), UBL, *rules) == ["BR-O-13"]
    assert broken(beside("charges"), UBL, *rules) == ["BR-O-14"]
    assert broken(beside(""), UBL, *rules) == []


def test_split_payment_is_found_where_it_is_written_without_blanks() -> None:
    abroad = SeenCodes({"BR-CL-14": ("FR",)})
    row = VatBreakdown(category="B")
    padded = replace(row, odd={"category": Odd(written="B ")})

    def judged(row: VatBreakdown, where: str) -> list[str]:
        invoice = Invoice(vat_breakdown=(row,), codes=abroad, stray_vat=(stray(where, "S"),))
        return broken(invoice, UBL, "BR-B-01", "BR-B-02")

    assert judged(row, "lines") == ["BR-B-01", "BR-B-02"]
    assert judged(row, "charges") == ["BR-B-01"]
    assert judged(padded, "lines") == []
