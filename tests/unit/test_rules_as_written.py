"""Rules on what the sheets see beside the model: blanks, further occurrences, binary sums."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from chorus_edi.domain.invoice import (
    Delivery,
    DocumentAllowance,
    DocumentCharge,
    Invoice,
    InvoiceLine,
    InvoicingPeriod,
    LineVat,
    Odd,
    Payee,
    Price,
    Totals,
    VatBreakdown,
    VatTotal,
)
from chorus_edi.domain.scenarios import Syntax
from chorus_edi.domain.seen_codes import SeenCodes
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


def test_codes_of_allowances_that_the_model_has_no_place_for_count_in_cii() -> None:
    invoice = replace(SOUND, codes=SeenCodes({"BR-CL-17": ("Z",)}))
    out_of_scope = replace(
        invoice, vat_breakdown=(VatBreakdown(tax_scheme="VAT", category="O"),), lines=()
    )

    assert broken(out_of_scope, CII, "BR-O-13", "BR-O-14") == ["BR-O-13", "BR-O-14"]
    zero = replace(SOUND.vat_breakdown[0], category="Z")
    assert broken(replace(invoice, vat_breakdown=(zero,), lines=()), CII, "BR-Z-01") == []


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
    invoice = Invoice(totals=Totals(charges=D("3.50")), service_charges=(D("3.50"),))

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
