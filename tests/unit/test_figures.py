"""What an invoice uses and adds up by VAT category, computed once."""

from __future__ import annotations

from decimal import Decimal

from chorus_edi.domain.groups import Odd
from chorus_edi.domain.invoice import Invoice
from chorus_edi.domain.lines import InvoiceLine, LineVat
from chorus_edi.domain.settlement import DocumentAllowance, DocumentCharge, VatBreakdown
from chorus_edi.rules import figures
from chorus_edi.rules.figures import (
    categories_of,
    figures_of,
    forget,
    is_vat,
    is_written_vat,
)

D = Decimal
S20, S55, E = LineVat("VAT", "S", D(20)), LineVat("VAT", "S", D("5.5")), LineVat("GST", "E", D(0))


def line(amount: str | None, vat: LineVat | None, *further: LineVat) -> InvoiceLine:
    odd = {"vat": Odd(further=further)} if further else None
    return InvoiceLine(net_amount=None if amount is None else D(amount), vat=vat, odd=odd)


def test_amounts_are_added_up_by_category_and_by_rate() -> None:
    lines = (line("10.00", S20), line("5.00", LineVat("VAT", " S", D("20.0"))), line(None, S55))

    tally = figures_of(Invoice(lines=(*lines, line("1.00", E), line("7.00", None)))).lines

    assert tally.by_category == {"S": D("15.00"), "E": D("1.00")}
    assert tally.by_rate["S", D(20)] == D("15.00")
    assert tally.by_rate["S", D("5.5")] == 0
    assert tally.by_rate["E", D(0)] == D("1.00")
    assert tally.every == {"S": 3, "E": 1}
    assert tally.vat == {"S": 3}


def test_a_line_of_several_categories_counts_in_each_and_once_at_each_rate() -> None:
    tally = figures_of(Invoice(lines=(line("10.00", S20, S55, E),))).lines

    assert tally.by_category == {"S": D("10.00"), "E": D("10.00")}
    assert tally.by_rate["S", D("5.5")] == tally.by_rate["E", D(20)] == D("10.00")
    assert tally.every == {"S": 2, "E": 1}


def test_allowances_charges_and_breakdowns_are_told_apart() -> None:
    odd = {"vat_category": Odd(further=(E, "Z")), "reason": Odd(further=("more",))}
    allowance = DocumentAllowance(
        amount=D("2.00"), tax_scheme="VAT", vat_category="S", vat_rate=D(20), odd=odd
    )
    charge = DocumentCharge(amount=D("3.00"), vat_category="K", odd={"reason": Odd(written=" x")})
    invoice = Invoice(
        allowances=(allowance,), charges=(charge,), vat_breakdown=(VatBreakdown(), VatBreakdown())
    )

    made = figures_of(invoice)

    assert made.allowances.by_category == {"S": D("2.00"), "E": D("2.00")}
    assert made.charges.by_category == {"K": D("3.00")}
    assert made.breakdown.every == {None: 2}
    assert made.categories == {"S", "E", "K"}
    assert [one.category for one in categories_of(allowance)] == ["S", "E"]


def test_figures_are_made_once_and_let_go_of() -> None:
    invoice = Invoice()

    assert figures_of(invoice) is figures_of(invoice)
    assert figures_of(Invoice()) is not figures_of(invoice)
    forget()
    assert figures._Slot.held is None


def test_the_value_added_tax_is_named_in_any_case() -> None:
    assert is_vat(" vat\n")
    assert not is_vat(None)
    assert not is_vat("GST")


def test_a_sheet_may_read_the_tax_as_it_is_written() -> None:
    padded = LineVat(tax_scheme="VAT", odd={"tax_scheme": Odd(written=" VAT")})

    assert is_written_vat(LineVat(tax_scheme="Vat"))
    assert is_written_vat(LineVat(tax_scheme="VAT", odd={"rate": Odd(written="20 ")}))
    assert not is_written_vat(padded)
    assert not is_written_vat(LineVat())
