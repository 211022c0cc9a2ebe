"""What the rules of EXTENDED see where a line or a charge is not written as most are."""

from __future__ import annotations

from decimal import Decimal

import pytest
from msgspec.structs import replace

from chorus_edi.domain.groups import Odd
from chorus_edi.domain.invoice import Invoice
from chorus_edi.domain.lines import InvoiceLine, LineVat
from chorus_edi.domain.scenarios import Syntax
from chorus_edi.domain.settlement import DocumentCharge, ServiceCharge, Totals
from chorus_edi.rules.cases import BASE, invoice_of
from chorus_edi.rules.facturx.kinds import details, has_kind, is_detail, normalized
from chorus_edi.rules.facturx.shares import shares_of, used_in
from chorus_edi.rules.figures import forget
from chorus_edi.rules.plan import Plan
from chorus_edi.rules.registry import CATALOGUE
from chorus_edi.rules.sets import versions

D = Decimal
SOUND = invoice_of(BASE)


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    versions()
    forget()


def broken(invoice: Invoice, *rules: str) -> list[str]:
    plan = Plan([CATALOGUE[rule] for rule in rules], Syntax.CII)
    return [hit.address for hit in plan.examine(invoice)]


def test_a_kind_is_compared_as_it_is_written_and_any_of_several_counts() -> None:
    padded = InvoiceLine(kind="DETAIL", odd={"kind": Odd(written=" DETAIL")})
    several = InvoiceLine(kind="INFORMATION", odd={"kind": Odd(further=("DETAIL",))})

    assert not is_detail(padded)
    assert is_detail(several)
    assert has_kind(several, "INFORMATION")
    assert details((InvoiceLine(), padded, several)) == [InvoiceLine(), several]


@pytest.mark.parametrize(
    ("text", "bare"), [(None, ""), (" ", ""), ("\ta\n b ", "a b"), ("a\u00a0b", "a\u00a0b")]
)
def test_a_text_is_normalized_as_xpath_does(text: str | None, bare: str) -> None:
    assert normalized(text) == bare


def test_each_tax_of_a_service_charge_is_used_and_takes_its_amount() -> None:
    second = LineVat("VAT", "Z", D(0))
    charge = ServiceCharge(
        amount=D("2.00"),
        vat_category="S",
        vat_rate=D(20),
        odd={"vat_category": Odd(further=(second,))},
    )
    invoice = replace(SOUND, service_charges=(charge,))
    row = invoice.vat_breakdown[0]

    narrow, wide = shares_of(row, "S", invoice)
    _, zero = shares_of(replace(row, category="Z", rate=D(0)), "Z", invoice)

    assert {"S", "Z"} <= used_in(invoice)
    assert (wide.base, wide.amounts) == (D("32.00"), 3)
    assert (narrow.base, narrow.amounts) == (D("32.00"), 3)
    assert (zero.base, zero.amounts) == (D("2.00"), 1)


def test_a_reason_of_exemption_narrows_what_a_row_is_made_of() -> None:
    lines = (SOUND.lines[0], replace(SOUND.lines[1], vat=_with_reason(SOUND.lines[1])))
    invoice = replace(SOUND, lines=lines)
    row = replace(invoice.vat_breakdown[0], exemption_reason="livres  anciens ")

    narrow, wide = shares_of(row, "S", invoice)

    assert (narrow.base, wide.base) == (D("20.00"), D("30.00"))


def _with_reason(line: InvoiceLine) -> LineVat:
    assert line.vat is not None
    return replace(line.vat, exemption_reason=" livres anciens")


def test_a_subtotal_below_is_found_by_its_parent_as_it_is_written() -> None:
    top = replace(SOUND.lines[0], kind="GROUP")
    below = replace(SOUND.lines[1], kind="GROUP", parent="1", net_amount=None)
    padded = replace(below, odd={"parent": Odd(written=" 1")})

    assert broken(replace(SOUND, lines=(top, below)), "BR-FXEXT-12") == ["BG-25[2]/BT-131"]
    assert broken(replace(SOUND, lines=(top, padded)), "BR-FXEXT-12") == []


def test_an_allowance_total_is_compared_in_binary() -> None:
    # 12.34 lies below itself in binary, 0.07 above: one of the two is a cent too many.
    def off(amount: str, found: str) -> list[str]:
        allowance = invoice_of({"BG-20[1]/BT-92": amount}).allowances
        totals = Totals(allowances=D(found))
        return broken(replace(SOUND, allowances=allowance, totals=totals), "BR-FXEXT-CO-11")

    assert off("12.34", "12.35") == ["BG-22/BT-107"]
    assert off("0.07", "0.08") == []


def test_the_reason_of_any_tax_of_a_charge_is_its_reason() -> None:
    second = LineVat("VAT", "E", D(0), None, "VATEX-EU-132-1I")
    charge = DocumentCharge(
        amount=D("2.00"),
        vat_category="S",
        vat_rate=D(20),
        odd={"vat_category": Odd(further=(second,))},
    )
    invoice = replace(SOUND, charges=(charge,))

    narrow, wide = shares_of(invoice.vat_breakdown[0], "S", invoice)

    assert (narrow.amounts, wide.amounts) == (2, 3)
