"""What the model keeps for the official sheets, which test the text itself and every occurrence."""

from __future__ import annotations

from decimal import Decimal

import pytest

from chorus_edi.domain import invoice as model
from chorus_edi.domain.invoice import LineVat, Odd, VatTotal, regular_vat_totals, vat_totals_of
from chorus_edi.formats.reader import MOST
from tests.unit.test_reader import cii, given, invoice, issued

D = Decimal
EUR = "<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>"
VAT = "<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>"


def ubl_total(amount: str, currency: str = "EUR", subtotals: int = 0) -> str:
    inside = "<cac:TaxSubtotal/>" * subtotals
    value = f'<cbc:TaxAmount currencyID="{currency}">{amount}</cbc:TaxAmount>'
    return f"<cac:TaxTotal>{value}{inside}</cac:TaxTotal>"


def test_a_value_with_blanks_keeps_its_text_and_a_repeated_one_what_follows() -> None:
    read = invoice("<cbc:ID> F1</cbc:ID><cbc:ID>F2</cbc:ID><cbc:ID/>").invoice

    assert read.number == "F1"
    assert read.odd == {"number": Odd(written=" F1", further=("F2", ""))}


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
    assert regular_vat_totals(model.Invoice()) == ()


def test_in_cii_the_breakdown_is_taken_for_that_of_the_first_total() -> None:
    total = '<ram:TaxTotalAmount currencyID="XXX">6</ram:TaxTotalAmount><ram:TaxTotalAmount>'
    summation = "ram:SpecifiedTradeSettlementHeaderMonetarySummation"
    body = f"<{summation}>{total}7</ram:TaxTotalAmount></{summation}><ram:ApplicableTradeTax/>"

    read = cii(settlement=f"<ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>{body}").invoice

    assert read.vat_totals == (VatTotal(D(6), "XXX", 1), VatTotal(D(7), None))


def test_service_charges_of_a_cii_document_are_kept() -> None:
    charge = "<ram:SpecifiedLogisticsServiceCharge><ram:AppliedAmount> 1.50</ram:AppliedAmount>"
    other = "<ram:AppliedAmount>x</ram:AppliedAmount></ram:SpecifiedLogisticsServiceCharge>"

    assert cii(settlement=charge + other).invoice.service_charges == (D("1.50"),)
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


# -- containers without their term ---------------------------------------------------------------


def test_a_container_without_its_term_counts_as_the_term_left_blank() -> None:
    uri = "<ram:URIUniversalCommunication/>"
    tender = "<ram:TypeCode>50</ram:TypeCode>"
    read = cii(
        agreement=f"<ram:SellerTradeParty>{uri}</ram:SellerTradeParty>"
        f"<ram:AdditionalReferencedDocument>{tender}</ram:AdditionalReferencedDocument>"
    ).invoice

    assert given(read.seller).electronic_address == model.Identifier()
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

    assert item.classifications == (model.Identifier("72", "STI"), model.Identifier())
