"""What stands in parts of a UBL document that no term is mapped on, and what the rules make of it.

The official sheet looks for it over the whole document; what it asks of each such group is in
``syntax_cases/wherever_extensions.toml``.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from chorus_edi.domain.invoice import Invoice
from chorus_edi.domain.lines import InvoiceLine, LineVat, StrayLine
from chorus_edi.domain.parties import Buyer, Seller
from chorus_edi.domain.scenarios import Syntax
from chorus_edi.domain.settlement import StrayVat, Totals, VatBreakdown
from chorus_edi.formats.inspection import faults_in
from chorus_edi.formats.reader import Reading, read
from chorus_edi.rules.plan import Plan
from chorus_edi.rules.sets import versions
from tests.unit.test_inspection import tree_of
from tests.unit.test_reader import invoice

D = Decimal
RULES = {rule.id: rule for version in versions() for rule in version.rules}
OTHER_TAX = "<cac:TaxScheme><cbc:ID>LOC</cbc:ID></cac:TaxScheme>"
VAT = "<cac:TaxScheme><cbc:ID> vat </cbc:ID></cac:TaxScheme>"


def extended(content: str) -> Reading:
    inside = f"<ext:ExtensionContent>{content}</ext:ExtensionContent>"
    one = f"<ext:UBLExtension>{inside}</ext:UBLExtension>"
    return invoice(f"<ext:UBLExtensions>{one}</ext:UBLExtensions>")


def party(name: str, inside: str) -> str:
    return f"<cac:{name}><cac:Party>{inside}</cac:Party></cac:{name}>"


def registered(tax: str) -> str:
    return f"<cac:PartyTaxScheme><cbc:CompanyID>1</cbc:CompanyID>{tax}</cac:PartyTaxScheme>"


def broken(invoice: Invoice, *rules: str) -> list[str]:
    hits = Plan([RULES[one] for one in rules], Syntax.UBL_INVOICE).examine(invoice)
    return [hit.rule.id for hit in hits]


# -- reading -------------------------------------------------------------------------------------


def test_lines_of_an_extension_are_kept_apart_with_what_the_sheet_adds_up() -> None:
    amount = "<cbc:LineExtensionAmount> 5.00 </cbc:LineExtensionAmount>"
    vat = "<cbc:ID>S</cbc:ID><cbc:Percent>20</cbc:Percent>"
    item = f"<cac:Item><cac:ClassifiedTaxCategory>{vat}</cac:ClassifiedTaxCategory></cac:Item>"

    read = extended(f"<cac:InvoiceLine>{amount}{item}</cac:InvoiceLine><cac:CreditNoteLine/>")

    assert read.invoice.lines == ()
    assert read.invoice.stray_lines == (
        StrayLine(
            other=False,
            net_amount=D(5),
            categories=("S",),
            rates=(D(20),),
            reasons=((None, None),),
        ),
        StrayLine(other=True, net_amount=None, categories=(), rates=()),
    )
    assert read.invoice.stray_vat == (StrayVat("lines", "S", None, D(20)),)
    assert {"//InvoiceLine", "//CreditNoteLine"} <= read.suspects


def test_an_allowance_or_charge_that_does_not_say_which_is_counted_as_either() -> None:
    tax = "<cac:TaxCategory><cbc:ID>S</cbc:ID></cac:TaxCategory>"

    read = extended(f"<cac:AllowanceCharge>{tax}</cac:AllowanceCharge>").invoice

    assert [vat.where for vat in read.stray_vat] == ["others"]


@pytest.mark.parametrize(
    ("parties", "terms"),
    [
        (party("AccountingSupplierParty", registered(VAT)), ("BT-31",)),
        (party("AccountingSupplierParty", registered(OTHER_TAX)), ("BT-32",)),
        (party("AccountingSupplierParty", f"<cac:PartyTaxScheme>{VAT}</cac:PartyTaxScheme>"), ()),
        (party("AccountingCustomerParty", registered(VAT)), ("BT-48",)),
        (party("AccountingCustomerParty", registered(OTHER_TAX)), ()),
        (
            party(
                "AccountingCustomerParty",
                "<cac:PartyLegalEntity><cbc:CompanyID>1</cbc:CompanyID></cac:PartyLegalEntity>",
            ),
            ("BT-47",),
        ),
        (f"<cac:TaxRepresentativeParty>{registered(VAT)}</cac:TaxRepresentativeParty>", ("BT-63",)),
        (f"<cac:PayeeParty>{registered(VAT)}</cac:PayeeParty>", ()),
    ],
)
def test_the_tax_identifiers_of_parties_in_an_extension_are_known_by_their_terms(
    parties: str, terms: tuple[str, ...]
) -> None:
    assert extended(parties).invoice.stray_identifiers == terms


def test_an_ordinary_extension_has_nothing_astray() -> None:
    read = extended("<CategoryCode>A1</CategoryCode>")

    assert read.invoice.stray_lines == ()
    assert read.invoice.stray_vat == ()
    assert not [name for name in read.suspects if name.startswith("//")]


@pytest.mark.parametrize(("sound", "found"), [(9, ["BR-CO-11"]), (10, [])])
def test_of_very_many_totals_only_the_first_ten_are_compared_with_what_stands_beside_them(
    sound: int, found: list[str]
) -> None:
    wrong = "<cac:LegalMonetaryTotal>{}</cac:LegalMonetaryTotal>".format(
        "<cbc:AllowanceTotalAmount>1</cbc:AllowanceTotalAmount>"
    )
    tree = tree_of(f"<cac:Any>{'<cac:LegalMonetaryTotal/>' * sound}{wrong}</cac:Any>")
    demands = Plan([RULES["BR-CO-11"]], Syntax.UBL_INVOICE).demands

    faults = faults_in(tree, read(tree, Syntax.UBL_INVOICE).suspects, demands)

    assert [fault.demand.rule for fault in faults] == found


# -- judging -------------------------------------------------------------------------------------


def stray_line(**given: Any) -> StrayLine:
    return replace(StrayLine(False, D(5), ("S",), (D(20),)), **given)


def test_the_line_total_takes_in_the_lines_of_an_extension() -> None:
    alone = Invoice(totals=Totals(line_net=D(10)), lines=(InvoiceLine(net_amount=D(10)),))
    beside = replace(alone, stray_lines=(stray_line(other=True),))

    assert broken(alone, "BR-CO-10") == []
    assert broken(beside, "BR-CO-10") == ["BR-CO-10"]
    assert broken(replace(beside, totals=Totals(line_net=D(15))), "BR-CO-10") == []


@pytest.mark.parametrize(("code", "rule"), [("Z", "BR-Z-08"), ("M", "BR-AG-08"), ("S", "BR-S-08")])
def test_lines_of_the_other_kind_of_document_let_a_breakdown_leave_out_ours(
    code: str, rule: str
) -> None:
    row = VatBreakdown(tax_scheme="VAT", category=code, rate=D(20), taxable_amount=D(0))
    line = InvoiceLine(net_amount=D(10), vat=LineVat("VAT", code, D(20)))
    alone = Invoice(vat_breakdown=(row,), lines=(line,))
    stray = stray_line(categories=(f" {code}",))

    assert broken(alone, rule) == [rule]
    assert broken(replace(alone, stray_lines=(stray,)), rule) == [rule]
    assert broken(replace(alone, stray_lines=(replace(stray, other=True),)), rule) == []


@pytest.mark.parametrize(
    "strays",
    [{"stray_lines": (stray_line(),)}, {"stray_vat": (StrayVat("charges", "S", "VAT", D(20)),)}],
)
def test_a_standard_rate_used_in_an_extension_alone_has_a_breakdown_of_nothing(
    strays: dict[str, Any],
) -> None:
    row = VatBreakdown(tax_scheme="VAT", category="S", rate=D(20), taxable_amount=D(0))
    unused = Invoice(vat_breakdown=(row,))

    assert broken(unused, "BR-S-08") == ["BR-S-08"]
    assert broken(replace(unused, **strays), "BR-S-08") == []


@pytest.mark.parametrize(
    ("rule", "code", "missing", "given"),
    [
        ("BR-S-02", "S", (), "BT-32"),
        ("BR-S-02", "S", (), "BT-63"),
        ("BR-G-02", "G", ("BT-32",), "BT-31"),
        ("BR-AE-02", "AE", ("BT-31",), "BT-47"),
        ("BR-IC-02", "K", ("BT-31", "BT-47"), "BT-48"),
    ],
)
def test_a_tax_identifier_in_an_extension_is_one(
    rule: str, code: str, missing: tuple[str, ...], given: str
) -> None:
    line = InvoiceLine(vat=LineVat("VAT", code, D(0)))
    without = Invoice(seller=Seller(), buyer=Buyer(), lines=(line,), stray_identifiers=missing)

    assert broken(without, rule) == [rule]
    assert broken(replace(without, stray_identifiers=(*missing, given)), rule) == []


def test_what_is_out_of_scope_has_no_vat_identifier_in_an_extension_either() -> None:
    invoice = Invoice(lines=(InvoiceLine(vat=LineVat("VAT", "O")),))

    assert broken(invoice, "BR-O-02") == []
    assert broken(replace(invoice, stray_identifiers=("BT-32", "BT-47")), "BR-O-02") == []
    assert broken(replace(invoice, stray_identifiers=("BT-48",)), "BR-O-02") == ["BR-O-02"]
