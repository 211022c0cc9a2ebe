"""What the model keeps for the official sheets, which test the text itself and every occurrence."""

from __future__ import annotations

from decimal import Decimal

import pytest

from chorus_edi.domain.groups import OTHERS, Identifier, Odd
from chorus_edi.domain.invoice import Invoice, InvoicingPeriod, regular_vat_totals, vat_totals_of
from chorus_edi.domain.lines import LinePeriod, LineVat
from chorus_edi.domain.settlement import StrayVat, VatTotal
from chorus_edi.formats.scopes import MOST
from chorus_edi.rules.text import every
from tests.unit.test_reader import cii, given, invoice, issued

D = Decimal
INDICATOR = "<ram:ChargeIndicator><udt:Indicator>true</udt:Indicator></ram:ChargeIndicator>"
EUR = "<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>"
VAT = "<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>"


def ubl_total(amount: str, currency: str = "EUR", subtotals: int = 0) -> str:
    inside = "<cac:TaxSubtotal/>" * subtotals
    value = f'<cbc:TaxAmount currencyID="{currency}">{amount}</cbc:TaxAmount>'
    return f"<cac:TaxTotal>{value}{inside}</cac:TaxTotal>"


def test_a_value_with_blanks_keeps_its_text_and_a_repeated_one_what_follows() -> None:
    read = invoice("<cbc:ID> F1</cbc:ID><cbc:ID>F2 </cbc:ID><cbc:ID/>").invoice

    assert read.number == "F1"
    assert read.odd == {"number": Odd(written=" F1", further=("F2 ", ""))}


def test_a_hostile_number_of_repeats_is_cut() -> None:
    read = invoice("<cbc:ID/>" * (MOST + 50)).invoice

    assert len(given(read.odd)["number"].further) == MOST


def test_an_identifier_keeps_the_text_of_its_value_and_scheme() -> None:
    party = '<cac:Party><cbc:EndpointID schemeID=" 0225">9 </cbc:EndpointID></cac:Party>'
    seller = given(
        invoice(
            f"<cac:AccountingSupplierParty>{party}</cac:AccountingSupplierParty>"
        ).invoice.seller
    )

    address = given(seller.electronic_address)
    assert (address.value, address.scheme) == ("9", "0225")
    assert address.odd == {"value": Odd("9 "), "scheme": Odd(" 0225")}


@pytest.mark.parametrize(("attributes", "said"), [('format="203"', "203"), ("", "")])
def test_the_format_of_a_cii_date_is_kept_where_it_is_not_102(attributes: str, said: str) -> None:
    assert issued("20260131").invoice.odd is None
    assert issued("20260131", attributes).invoice.odd == {"issue_date": Odd(format=said)}


@pytest.mark.parametrize(
    ("scheme", "vat", "other"),
    [(" vat\n", "FR12", None), ("VAT\u00a0", None, "FR12"), ("<!-- taxe -->VAT", "FR12", None)],
)
def test_a_condition_takes_away_the_blanks_of_xml_and_reads_past_comments(
    scheme: str, vat: str | None, other: str | None
) -> None:
    tax = f"<cac:TaxScheme><cbc:ID>{scheme}</cbc:ID></cac:TaxScheme>"
    registered = (
        f"<cac:PartyTaxScheme><cbc:CompanyID>FR12</cbc:CompanyID>{tax}</cac:PartyTaxScheme>"
    )
    party = f"<cac:Party>{registered}</cac:Party>"
    read = invoice(f"<cac:AccountingSupplierParty>{party}</cac:AccountingSupplierParty>").invoice

    seller = given(read.seller)
    assert (seller.vat_identifier, seller.tax_registration) == (vat, other)


@pytest.mark.parametrize("text", ["2026-01-31", "20261331", ""])
def test_a_cii_date_that_is_not_a_day_in_eight_digits_keeps_its_text(text: str) -> None:
    assert issued(text).invoice.odd == {"issue_date": Odd(written=text)}


# -- total VAT amounts ---------------------------------------------------------------------------


def test_regular_totals_are_those_of_the_model() -> None:
    dollars = "<cbc:TaxCurrencyCode>USD</cbc:TaxCurrencyCode>"
    totals = "<cac:LegalMonetaryTotal/>"
    read = invoice(
        EUR + dollars + ubl_total("6.00", subtotals=2) + ubl_total("7.00", "USD") + totals
    )

    assert read.invoice.vat_totals == ()
    assert vat_totals_of(read.invoice) == (
        VatTotal(D("6.00"), "EUR", 2), VatTotal(D("7.00"), "USD"),
    )  # fmt: skip


def test_other_totals_are_kept_as_they_stand_there() -> None:
    read = invoice(
        EUR + ubl_total("6.00", subtotals=1) + ubl_total("7", "XXX", subtotals=1)
    ).invoice

    assert vat_totals_of(read) == (VatTotal(D("6.00"), "EUR", 1), VatTotal(D("7"), "XXX", 1))
    assert regular_vat_totals(read) == (VatTotal(D("6.00"), "EUR", 2),)
    assert regular_vat_totals(Invoice()) == ()


def test_in_cii_the_breakdown_is_taken_for_that_of_the_first_total() -> None:
    total = '<ram:TaxTotalAmount currencyID="XXX">6</ram:TaxTotalAmount><ram:TaxTotalAmount>'
    summation = "ram:SpecifiedTradeSettlementHeaderMonetarySummation"
    body = f"<{summation}>{total}7</ram:TaxTotalAmount></{summation}><ram:ApplicableTradeTax/>"

    read = cii(settlement=f"<ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>{body}").invoice

    assert read.vat_totals == (VatTotal(D(6), "XXX", 1), VatTotal(D(7), None))


def test_service_charges_of_a_cii_document_are_kept() -> None:
    charge = "<ram:SpecifiedLogisticsServiceCharge><ram:AppliedAmount> 1.50</ram:AppliedAmount>"
    other = "<ram:AppliedAmount>x</ram:AppliedAmount></ram:SpecifiedLogisticsServiceCharge>"

    (service,) = cii(settlement=charge + other).invoice.service_charges
    assert every(service, "amount") == (D("1.50"), None)
    assert cii(agreement=charge + other).invoice.service_charges == ()


# -- VAT categories ------------------------------------------------------------------------------


def ubl_category(name: str, code: str, rate: str) -> str:
    return f"<cac:{name}><cbc:ID>{code}</cbc:ID><cbc:Percent>{rate}</cbc:Percent>{VAT}</cac:{name}>"


def test_further_categories_of_a_line_stand_beside_the_first() -> None:
    categories = ubl_category("ClassifiedTaxCategory", "S", "20") + ubl_category(
        "ClassifiedTaxCategory", "Z", "0"
    )
    read = invoice(f"<cac:InvoiceLine><cac:Item>{categories}</cac:Item></cac:InvoiceLine>")

    line = read.invoice.lines[0]
    assert line.vat == LineVat("VAT", "S", D(20))
    assert line.odd == {"vat": Odd(further=(LineVat("VAT", "Z", D(0)),))}
    assert read.repeats == ("BG-25[1]/BG-30",)


def test_further_categories_of_an_allowance_stand_beside_the_first() -> None:
    categories = ubl_category("TaxCategory", "S", "20") + ubl_category("TaxCategory", "E", "0")
    indicator = "<cbc:ChargeIndicator>false</cbc:ChargeIndicator>"
    read = invoice(f"<cac:AllowanceCharge>{indicator}{categories}</cac:AllowanceCharge>").invoice

    allowance = read.allowances[0]
    assert (allowance.vat_category, allowance.vat_rate) == ("S", D(20))
    assert allowance.odd == {"vat_category": Odd(further=(LineVat("VAT", "E", D(0)),))}


@pytest.mark.parametrize(("text", "odd"), [("true", None), ("1", {"indicator": Odd("1")})])
def test_an_indicator_that_is_another_word_for_true_is_kept(text: str, odd: object) -> None:
    inside = f"<ram:ChargeIndicator><udt:Indicator>{text}</udt:Indicator></ram:ChargeIndicator>"
    read = cii(
        settlement=f"<ram:SpecifiedTradeAllowanceCharge>{inside}</ram:SpecifiedTradeAllowanceCharge>"
    )

    assert read.invoice.charges[0].odd == odd
    assert not read.unmapped


def category(code: str) -> str:
    return (
        f"<ram:CategoryTradeTax><ram:CategoryCode>{code}</ram:CategoryCode></ram:CategoryTradeTax>"
    )


def test_a_further_category_of_an_allowance_keeps_its_blanks_and_is_suspect() -> None:
    indicator = "<ram:ChargeIndicator><udt:Indicator>false</udt:Indicator></ram:ChargeIndicator>"
    inside = f"{indicator}{category('S')}{category(' Z')}"
    read = cii(
        settlement=f"<ram:SpecifiedTradeAllowanceCharge>{inside}</ram:SpecifiedTradeAllowanceCharge>"
    )

    (further,) = every(read.invoice.allowances[0], "vat_category")[1:]
    assert further == LineVat(category="Z", odd={"category": Odd(" Z")})
    assert {name.rpartition("}")[2] for name in read.suspects} >= {"CategoryTradeTax"}


def test_categories_of_allowances_that_are_no_group_are_kept_apart() -> None:
    charge = (
        f"<ram:SpecifiedTradeAllowanceCharge>{category('Z')}</ram:SpecifiedTradeAllowanceCharge>"
    )
    of_line = charge.replace("<ram:Category", f"{INDICATOR}<ram:Category", 1)
    line = f"<ram:SpecifiedLineTradeSettlement>{of_line}</ram:SpecifiedLineTradeSettlement>"
    name = "ram:IncludedSupplyChainTradeLineItem"

    read = cii(settlement=charge, lines=f"<{name}>{line}</{name}>").invoice

    assert read.stray_categories == ("Z", "Z")
    assert len(read.lines[0].charges) == 1


def test_vat_categories_that_no_term_is_mapped_on_are_kept_apart() -> None:
    tax = ubl_category("TaxCategory", " Z", "0")
    charge = "<cac:AllowanceCharge><cbc:ChargeIndicator>{}</cbc:ChargeIndicator>" + tax
    of_line = "".join(f"{charge.format(said)}</cac:AllowanceCharge>" for said in ("1", "false"))
    total = f"<cac:TaxTotal><cac:TaxSubtotal>{tax}</cac:TaxSubtotal></cac:TaxTotal>"
    item = f"<cac:Item>{ubl_category('ClassifiedTaxCategory', 'S', 'x')}</cac:Item>"
    inside = f"{of_line}{total}<cac:SubInvoiceLine>{item}</cac:SubInvoiceLine>"

    read = invoice(f"<cac:InvoiceLine>{inside}<cac:TaxCategory/></cac:InvoiceLine>").invoice

    assert read.stray_vat == (
        *(StrayVat(where, " Z", "VAT", D(0)) for where in ("charges", "allowances", "")),
        StrayVat("lines", "S", "VAT", None),
        StrayVat("", None, None, None),
    )


def test_the_currencies_of_totals_of_lines_are_kept_apart() -> None:
    read = invoice(f"<cac:InvoiceLine>{ubl_total('1', 'USD')}</cac:InvoiceLine>").invoice

    assert read.stray_currencies == ("USD",)
    assert read.vat_totals == ()


# -- periods -------------------------------------------------------------------------------------


def period(*inside: str) -> str:
    written = (f"<cac:InvoicePeriod>{one}</cac:InvoicePeriod>" for one in inside)
    return "".join(written)


def test_further_periods_stand_beside_the_first_and_do_not_fill_it() -> None:
    start = "<cbc:StartDate>2026-09-01</cbc:StartDate>"
    end = "<cbc:EndDate>2026-08-01</cbc:EndDate>"
    read = invoice(period(start, end) + f"<cac:InvoiceLine>{period(end, '')}</cac:InvoiceLine>")

    delivery, line = given(read.invoice.delivery), read.invoice.lines[0]
    assert every(delivery, "period") == (
        InvoicingPeriod(start="2026-09-01"),
        InvoicingPeriod(end="2026-08-01"),
    )
    assert every(line, "period") == (LinePeriod(end="2026-08-01"), LinePeriod())
    assert read.repeats == ("BG-13/BG-14", "BG-25[1]/BG-26")


def test_a_period_that_says_something_else_is_told_from_an_empty_one() -> None:
    text = "<cbc:Description>septembre</cbc:Description>"
    read = invoice(
        period("<!-- rien -->", text) + f"<cac:InvoiceLine>{period(text)}</cac:InvoiceLine>"
    )

    others: dict[str, Odd] = {OTHERS: Odd()}
    assert every(given(read.invoice.delivery), "period") == (
        InvoicingPeriod(),
        InvoicingPeriod(odd=others),
    )
    assert read.invoice.lines[0].period == LinePeriod(odd=others)


def test_a_further_period_that_only_carries_bt_8_is_no_bg_14() -> None:
    start = "<cbc:StartDate>2026-09-01</cbc:StartDate>"
    read = invoice(period(start, "<cbc:DescriptionCode>35</cbc:DescriptionCode>"))

    assert read.invoice.tax_point_code == "35"
    assert given(read.invoice.delivery).odd is None


# -- containers without their term ---------------------------------------------------------------


def test_a_container_without_its_term_counts_as_the_term_left_blank() -> None:
    uri = "<ram:URIUniversalCommunication/>"
    tender = "<ram:TypeCode>50</ram:TypeCode>"
    read = cii(
        agreement=f"<ram:SellerTradeParty>{uri}</ram:SellerTradeParty>"
        f"<ram:AdditionalReferencedDocument>{tender}</ram:AdditionalReferencedDocument>"
    ).invoice

    assert given(read.seller).electronic_address == Identifier()
    assert read.tender_or_lot == ""


def test_a_period_with_an_empty_start_has_one_of_no_format() -> None:
    period = "<ram:BillingSpecifiedPeriod><ram:StartDateTime/></ram:BillingSpecifiedPeriod>"

    read = given(given(cii(settlement=period).invoice.delivery).period)

    assert (read.start, read.end) == ("", None)
    assert read.odd == {"start": Odd(format="")}


def test_a_classification_without_code_counts_beside_the_others() -> None:
    code = '<ram:ClassCode listID="STI">72</ram:ClassCode>'
    empty = "<ram:DesignatedProductClassification/>"
    product = f"<ram:DesignatedProductClassification>{code}</ram:DesignatedProductClassification>"
    line = (
        "<ram:IncludedSupplyChainTradeLineItem><ram:SpecifiedTradeProduct>"
        f"{product}{empty}</ram:SpecifiedTradeProduct></ram:IncludedSupplyChainTradeLineItem>"
    )

    item = given(cii(lines=line).invoice.lines[0].item)

    assert item.classifications == (Identifier("72", "STI"), Identifier())
