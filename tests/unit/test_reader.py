"""What reading an invoice gives, beside the plain case that the property tests cover."""

from __future__ import annotations

import base64
from decimal import Decimal
from typing import Any

import pytest
from lxml import etree

from chorus_edi.domain.groups import Identifier, Odd
from chorus_edi.domain.invoice import ChorusFields, Invoice, InvoicingPeriod, Note
from chorus_edi.domain.lines import InvoiceLine
from chorus_edi.domain.parties import SellerAddress
from chorus_edi.domain.scenarios import Syntax
from chorus_edi.domain.settlement import CreditTransfer, DirectDebit
from chorus_edi.formats.reader import Reading, read
from chorus_edi.formats.scopes import MOST

_UBL = "urn:oasis:names:specification:ubl:schema:xsd"
_UBL_NS = (
    f'xmlns:cac="{_UBL}:CommonAggregateComponents-2" '
    f'xmlns:cbc="{_UBL}:CommonBasicComponents-2" '
    f'xmlns:ext="{_UBL}:CommonExtensionComponents-2"'
)
_UN = "urn:un:unece:uncefact:data:standard"
_CII_NS = (
    f'xmlns:rsm="{_UN}:CrossIndustryInvoice:100" '
    f'xmlns:ram="{_UN}:ReusableAggregateBusinessInformationEntity:100" '
    f'xmlns:udt="{_UN}:UnqualifiedDataType:100" xmlns:qdt="{_UN}:QualifiedDataType:100"'
)


def invoice(body: str) -> Reading:
    """Read a UBL invoice."""
    xml = f'<Invoice xmlns="{_UBL}:Invoice-2" {_UBL_NS}>{body}</Invoice>'
    return read(etree.fromstring(xml), Syntax.UBL_INVOICE)


def credit_note(body: str) -> Reading:
    """Read a UBL credit note."""
    xml = f'<CreditNote xmlns="{_UBL}:CreditNote-2" {_UBL_NS}>{body}</CreditNote>'
    return read(etree.fromstring(xml), Syntax.UBL_CREDIT_NOTE)


def cii(document: str = "", agreement: str = "", settlement: str = "", lines: str = "") -> Reading:
    """Read a CII invoice."""
    xml = f"""<rsm:CrossIndustryInvoice {_CII_NS}>
      <rsm:ExchangedDocument>{document}</rsm:ExchangedDocument>
      <rsm:SupplyChainTradeTransaction>{lines}
        <ram:ApplicableHeaderTradeAgreement>{agreement}</ram:ApplicableHeaderTradeAgreement>
        <ram:ApplicableHeaderTradeSettlement>{settlement}</ram:ApplicableHeaderTradeSettlement>
      </rsm:SupplyChainTradeTransaction></rsm:CrossIndustryInvoice>"""
    return read(etree.fromstring(xml), Syntax.CII)


def issued(text: str, attributes: str = 'format="102"') -> Reading:
    day = f"<udt:DateTimeString {attributes}>{text}</udt:DateTimeString>"
    return cii(document=f"<ram:IssueDateTime>{day}</ram:IssueDateTime>")


def given(value: Any) -> Any:
    assert value is not None
    return value


# -- absent, blank, odd ---------------------------------------------------------------------------


def test_an_empty_invoice_has_nothing() -> None:
    assert invoice("") == Reading(invoice=Invoice())


def test_absent_is_none_and_blank_is_an_empty_text() -> None:
    reading = invoice("<cbc:ID/><cbc:BuyerReference></cbc:BuyerReference>")

    assert reading.invoice.number == ""
    assert reading.invoice.buyer_reference == ""
    assert reading.invoice.issue_date is None
    assert reading.irregular == ()


def test_blanks_around_a_code_are_taken_away_and_told() -> None:
    reading = invoice("<cbc:ID> F1\n</cbc:ID><cbc:IssueDate>2026-01-31 </cbc:IssueDate>")

    assert reading.invoice.number == "F1"
    assert reading.invoice.issue_date == "2026-01-31"
    assert reading.irregular == ("BT-1", "BT-2")


def test_blanks_in_and_around_a_text_stay() -> None:
    reading = invoice("<cac:PaymentTerms><cbc:Note> 30  jours </cbc:Note></cac:PaymentTerms>")

    assert reading.invoice.payment_terms == " 30  jours "
    assert reading.irregular == ()


def test_amounts_are_exactly_as_written() -> None:
    totals = (
        "<cbc:PayableAmount>100.10</cbc:PayableAmount><cbc:PrepaidAmount>-0</cbc:PrepaidAmount>"
    )

    read_totals = given(
        invoice(f"<cac:LegalMonetaryTotal>{totals}</cac:LegalMonetaryTotal>").invoice.totals
    )

    assert str(read_totals.due) == "100.10"
    assert str(read_totals.paid) == "-0"


@pytest.mark.parametrize("text", ["1e3", "", "1,50", "NaN", "1_0", "9" * 61])
def test_a_number_that_cannot_be_read_is_none_and_told(text: str) -> None:
    line = f"<cbc:LineExtensionAmount>{text}</cbc:LineExtensionAmount>"

    reading = invoice(f"<cac:InvoiceLine/><cac:InvoiceLine>{line}</cac:InvoiceLine>")

    assert reading.invoice.lines == (InvoiceLine(), InvoiceLine())
    assert reading.irregular == ("BG-25[2]/BT-131",)


def test_comments_do_not_cut_a_text() -> None:
    reading = invoice("<!-- a --><cbc:ID>F<!-- b -->1<?c d?>2</cbc:ID>")

    assert reading.invoice.number == "F12"
    assert reading.unmapped == ()


def test_an_element_that_no_term_is_mapped_on_is_told_once_and_not_entered() -> None:
    reading = invoice(
        "<cbc:UUID>1</cbc:UUID><cac:Signature><cbc:ID>S</cbc:ID></cac:Signature><cbc:UUID/>"
    )

    assert [name.rpartition("}")[2] for name in reading.unmapped] == ["UUID", "Signature"]
    assert reading.invoice == Invoice()


def test_a_further_value_of_a_single_term_is_told_and_the_first_kept() -> None:
    reading = invoice("<cbc:ID>1</cbc:ID><cbc:ID>2</cbc:ID>")

    assert reading.invoice.number == "1"
    assert reading.repeats == ("BT-1",)


def test_a_further_date_or_identifier_is_told_too() -> None:
    entity = "<cbc:CompanyID>1</cbc:CompanyID><cbc:CompanyID>2</cbc:CompanyID>"
    reading = invoice(
        "<cbc:DueDate>2026-01-01</cbc:DueDate><cbc:DueDate>2026-01-02</cbc:DueDate>"
        "<cac:AccountingSupplierParty><cac:Party><cac:PartyLegalEntity>"
        f"{entity}</cac:PartyLegalEntity></cac:Party></cac:AccountingSupplierParty>"
    )

    assert reading.repeats == ("BT-9", "BG-4/BT-30")


def test_what_is_told_has_a_bound() -> None:
    odd = "<cbc:ID>1</cbc:ID>" * (MOST + 10)
    unmapped = "".join(f"<cbc:X{n}/>" for n in range(MOST + 10))
    lines = "<cac:InvoiceLine><cbc:ID> 1</cbc:ID></cac:InvoiceLine>" * (MOST + 10)

    reading = invoice(odd + unmapped + lines)

    assert len(reading.repeats) == len(reading.unmapped) == len(reading.irregular) == MOST
    assert len(reading.invoice.lines) == MOST + 10


# -- groups ---------------------------------------------------------------------------------------


def test_a_group_is_there_when_its_element_is_even_empty() -> None:
    party = "<cac:Party><cac:PostalAddress/></cac:Party>"

    seller = given(
        invoice(
            f"<cac:AccountingSupplierParty>{party}</cac:AccountingSupplierParty>"
        ).invoice.seller
    )

    assert seller.address == SellerAddress()
    assert seller.contact is None


def test_a_period_that_only_carries_the_vat_date_code_is_no_invoicing_period() -> None:
    code = "<cbc:DescriptionCode>432</cbc:DescriptionCode>"

    reading = invoice(f"<cac:InvoicePeriod>{code}</cac:InvoicePeriod>")
    empty = invoice("<cac:InvoicePeriod/>")

    assert reading.invoice.tax_point_code == "432"
    assert reading.invoice.delivery is None
    assert given(empty.invoice.delivery).period == InvoicingPeriod()


def test_allowances_and_charges_are_told_apart_by_their_indicator() -> None:
    def block(indicator: str, amount: str) -> str:
        return (
            f"<cac:AllowanceCharge><cbc:ChargeIndicator>{indicator}</cbc:ChargeIndicator>"
            f"<cbc:Amount>{amount}</cbc:Amount></cac:AllowanceCharge>"
        )

    reading = invoice(block("false", "1") + block("true", "2") + block("1", "3") + block("x", "4"))

    assert [a.amount for a in reading.invoice.allowances] == [1]
    assert [c.amount for c in reading.invoice.charges] == [2, 3]
    assert [name.rpartition("}")[2] for name in reading.unmapped] == ["AllowanceCharge"]


def test_a_note_is_split_into_subject_code_and_text() -> None:
    reading = invoice("<cbc:Note>#AAB#Escompte\nnéant</cbc:Note><cbc:Note>N° #1# x</cbc:Note>")

    assert reading.invoice.notes == (
        Note("AAB", "Escompte\nnéant"),
        Note(None, "N° #1# x"),
    )


def test_the_total_vat_is_told_apart_by_its_currency() -> None:
    def total(currency: str, amount: int) -> str:
        tax = f'<cbc:TaxAmount currencyID="{currency}">{amount}</cbc:TaxAmount>'
        return f"<cac:TaxTotal>{tax}</cac:TaxTotal>"

    # the totals stand before the currencies: order does not matter
    reading = invoice(
        total("SEK", 1)
        + total("EUR", 2)
        + total("USD", 3)
        + "<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>"
        "<cbc:TaxCurrencyCode>SEK</cbc:TaxCurrencyCode>"
    )
    totals = given(reading.invoice.totals)

    assert (totals.vat, totals.vat_in_accounting_currency) == (2, 1)
    assert [name.rpartition("}")[2] for name in reading.unmapped] == ["TaxAmount"]


def test_a_total_vat_without_currency_is_in_the_invoice_currency() -> None:
    summation = "ram:SpecifiedTradeSettlementHeaderMonetarySummation"

    reading = cii(
        settlement=f"<{summation}><ram:TaxTotalAmount>5</ram:TaxTotalAmount></{summation}>"
    )

    assert given(reading.invoice.totals).vat == Decimal(5)


def test_vat_and_other_tax_identifiers_are_told_apart() -> None:
    def scheme(number: str, tax: str) -> str:
        return (
            f"<cac:PartyTaxScheme><cbc:CompanyID>{number}</cbc:CompanyID>"
            f"<cac:TaxScheme><cbc:ID>{tax}</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>"
        )

    party = f"<cac:Party>{scheme('T1', 'TAX')}{scheme('FR1', 'vat')}</cac:Party>"

    seller = given(
        invoice(
            f"<cac:AccountingSupplierParty>{party}</cac:AccountingSupplierParty>"
        ).invoice.seller
    )

    assert (seller.vat_identifier, seller.tax_registration) == ("FR1", "T1")


def test_the_sepa_identifier_of_seller_or_payee_is_the_creditor_identifier() -> None:
    def ids(sepa: str) -> str:
        return (
            f'<cac:PartyIdentification><cbc:ID schemeID="SEPA">{sepa}</cbc:ID>'
            "</cac:PartyIdentification>"
            '<cac:PartyIdentification><cbc:ID schemeID="0009">S</cbc:ID></cac:PartyIdentification>'
        )

    party = f"<cac:Party>{ids('A')}</cac:Party>"
    first = invoice(f"<cac:AccountingSupplierParty>{party}</cac:AccountingSupplierParty>")
    second = invoice(f"<cac:PayeeParty>{ids('B')}</cac:PayeeParty>")

    assert first.invoice.creditor_identifier == "A"
    assert given(first.invoice.seller).identifiers == (Identifier("S", "0009"),)
    assert second.invoice.creditor_identifier == "B"


def test_terms_of_the_invoice_are_read_inside_payment_means_and_repeat_only_when_they_differ() -> (
    None
):
    def means(reference: str) -> str:
        return (
            f'<cac:PaymentMeans><cbc:PaymentMeansCode name="Virement">30</cbc:PaymentMeansCode>'
            f"<cbc:PaymentID>{reference}</cbc:PaymentID><cac:PaymentMandate><cbc:ID>M</cbc:ID>"
            f"</cac:PaymentMandate></cac:PaymentMeans>"
        )

    same = invoice(means("R") + means("R"))
    other = invoice(means("R") + means("Q"))

    assert (same.invoice.remittance_information, same.invoice.mandate) == ("R", "M")
    assert [p.means_text for p in same.invoice.payment] == ["Virement", "Virement"]
    assert same.invoice.payment[0].direct_debit == DirectDebit()
    assert same.repeats == ()
    assert other.repeats == ("BT-83",)


def test_identifiers_keep_their_scheme_version_and_name() -> None:
    item = (
        "<cac:Item><cac:CommodityClassification>"
        '<cbc:ItemClassificationCode listID="TST" listVersionID="19.1" listAgencyID="6"> 86 '
        "</cbc:ItemClassificationCode></cac:CommodityClassification></cac:Item>"
    )

    reading = invoice(f"<cac:InvoiceLine>{item}</cac:InvoiceLine>")

    assert given(reading.invoice.lines[0].item).classifications == (
        Identifier("86", "TST", "19.1", odd={"value": Odd(" 86 ")}),
    )
    assert reading.irregular == ("BG-25[1]/BG-31/BT-158[1]",)


# -- credit note ----------------------------------------------------------------------------------


def test_a_credit_note_has_its_own_places() -> None:
    reading = credit_note(
        "<cbc:CreditNoteTypeCode>381</cbc:CreditNoteTypeCode>"
        "<cac:PaymentMeans><cbc:PaymentDueDate>2026-02-01</cbc:PaymentDueDate></cac:PaymentMeans>"
        "<cac:AdditionalDocumentReference><cbc:ID>P1</cbc:ID>"
        "<cbc:DocumentTypeCode>50</cbc:DocumentTypeCode></cac:AdditionalDocumentReference>"
        '<cac:CreditNoteLine><cbc:CreditedQuantity unitCode="C62">2</cbc:CreditedQuantity>'
        "</cac:CreditNoteLine>"
    ).invoice

    assert (reading.type_code, reading.due_date, reading.project) == ("381", "2026-02-01", "P1")
    assert (reading.lines[0].quantity, reading.lines[0].unit) == (2, "C62")
    assert reading.supporting_documents == ()


# -- CII ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("20260131", "2026-01-31"),
        ("20260230", "2026-02-30"),
        (" 20260131 ", "2026-01-31"),
        ("2026-01-31", "2026-01-31"),
        ("202601", "202601"),
        ("2026013١", "2026013١"),
        ("", ""),
    ],
)
def test_a_cii_day_is_turned_round_and_anything_else_kept(written: str, read_as: str) -> None:
    assert issued(written).invoice.issue_date == read_as


def test_a_cii_invoice_date_without_format_is_told() -> None:
    assert issued("20260131", "").dates_without_format
    assert not issued("20260131").dates_without_format
    assert not cii().dates_without_format


def test_the_scheme_of_a_cii_object_identifier_stands_beside_it() -> None:
    document = (
        "<ram:AdditionalReferencedDocument><ram:IssuerAssignedID>A</ram:IssuerAssignedID>"
        "<ram:TypeCode>130</ram:TypeCode><ram:ReferenceTypeCode>AWV</ram:ReferenceTypeCode>"
        "</ram:AdditionalReferencedDocument>"
    )

    reading = cii(
        agreement=document + document.replace("130", "50") + document.replace("130", "916")
    )

    assert reading.invoice.invoiced_object == Identifier("A", "AWV")
    assert reading.invoice.tender_or_lot == "A"
    assert [d.reference for d in reading.invoice.supporting_documents] == ["A"]


def test_the_vat_date_code_of_several_breakdowns_is_one_term() -> None:
    code = "<ram:DueDateTypeCode>72</ram:DueDateTypeCode>"
    tax = f"<ram:ApplicableTradeTax>{code}</ram:ApplicableTradeTax>"

    reading = cii(settlement=tax + tax)

    assert reading.invoice.tax_point_code == "72"
    assert len(reading.invoice.vat_breakdown) == 2
    assert reading.repeats == ()


def test_a_cii_bank_account_and_its_bank_are_one_credit_transfer() -> None:
    means = (
        "<ram:SpecifiedTradeSettlementPaymentMeans><ram:PayeePartyCreditorFinancialAccount>"
        "<ram:IBANID> FR76</ram:IBANID></ram:PayeePartyCreditorFinancialAccount>"
        "<ram:PayeeSpecifiedCreditorFinancialInstitution><ram:BICID>BDFE</ram:BICID>"
        "</ram:PayeeSpecifiedCreditorFinancialInstitution>"
        "</ram:SpecifiedTradeSettlementPaymentMeans>"
    )

    reading = cii(settlement=means)

    assert reading.invoice.payment[0].credit_transfers == (
        CreditTransfer(account=Identifier("FR76", odd={"value": Odd(" FR76")}), provider="BDFE"),
    )
    assert reading.irregular == ("BG-16[1]/BG-17[1]/BT-84",)


# -- the historic Chorus places -------------------------------------------------------------------

_EXTENSION = (
    "<ext:UBLExtensions><ext:UBLExtension><ext:ExtensionContent>{}</ext:ExtensionContent>"
    "</ext:UBLExtension></ext:UBLExtensions>"
)


def test_the_historic_ubl_fields_are_read_where_chorus_put_them() -> None:
    reading = invoice(
        _EXTENSION.format('<x:Any xmlns:x="urn:x"><x:CategoryCode> A1 </x:CategoryCode></x:Any>')
        + "<cac:ContractDocumentReference><cbc:ID>M1</cbc:ID>"
        "<cbc:DocumentTypeCode>Marché Public</cbc:DocumentTypeCode></cac:ContractDocumentReference>"
        "<cac:AccountingSupplierParty><cac:Party><cac:PartyTaxScheme><cac:TaxScheme>"
        "<cbc:TaxTypeCode>TVA DEBIT</cbc:TaxTypeCode></cac:TaxScheme></cac:PartyTaxScheme>"
        "</cac:Party></cac:AccountingSupplierParty><cac:AccountingCustomerParty>"
        "<cac:AccountingContact><cbc:ID>SRV</cbc:ID></cac:AccountingContact>"
        "</cac:AccountingCustomerParty>"
    )

    assert reading.invoice.chorus == ChorusFields(
        cadre="A1", code_service="SRV", contract_type="Marché Public", vat_regime="TVA DEBIT"
    )
    assert (reading.process, reading.historic_fields) == ("A1", True)
    assert reading.irregular == ("CE-CHORUS/CE-CADRE",)
    assert reading.unmapped == ()


def test_an_extension_without_category_code_is_not_historic() -> None:
    reading = invoice(_EXTENSION.format("<x/>"))

    assert reading.invoice.chorus is None
    assert not reading.historic_fields


@pytest.mark.parametrize(("name", "historic"), [("1", True), ("7", True), ("8", False)])
def test_a_numbered_scheme_name_on_a_party_identifier_is_historic(
    name: str, historic: bool
) -> None:
    party = (
        f'<cac:Party><cac:PartyIdentification><cbc:ID schemeName="{name}">1</cbc:ID>'
        "</cac:PartyIdentification></cac:Party>"
    )

    reading = invoice(f"<cac:AccountingCustomerParty>{party}</cac:AccountingCustomerParty>")

    assert reading.historic_fields is historic


def test_the_business_process_comes_before_the_historic_category_code() -> None:
    reading = invoice(
        _EXTENSION.format("<CategoryCode>A1</CategoryCode>")
        + "<cbc:CustomizationID> urn:x </cbc:CustomizationID><cbc:ProfileID> B1 </cbc:ProfileID>"
    )

    assert (reading.specification, reading.process) == ("urn:x", "B1")


def test_the_historic_cii_fields_are_read_where_chorus_put_them() -> None:
    reading = cii(
        agreement="<ram:ContractReferencedDocument><ram:ReferenceTypeCode>BC"
        "</ram:ReferenceTypeCode></ram:ContractReferencedDocument>",
        settlement="<ram:InvoiceeTradeParty><ram:SpecifiedLegalOrganization>"
        '<ram:ID schemeID="1">123</ram:ID></ram:SpecifiedLegalOrganization>'
        "</ram:InvoiceeTradeParty>",
    )

    assert reading.invoice.chorus == ChorusFields(
        contract_type="BC", valideur=Identifier("123", "1")
    )
    assert not reading.historic_fields


# -- attachments ----------------------------------------------------------------------------------

PDF = b"%PDF-1.4\n%%EOF\n"


def attached(reference: str, content: bytes, attributes: str = "", kind: str = "") -> str:
    encoded = base64.b64encode(content).decode()
    return (
        f"<cac:AdditionalDocumentReference><cbc:ID>{reference}</cbc:ID>{kind}<cac:Attachment>"
        f"<cbc:EmbeddedDocumentBinaryObject {attributes}>{encoded}"
        "</cbc:EmbeddedDocumentBinaryObject></cac:Attachment></cac:AdditionalDocumentReference>"
    )


def test_an_attachment_is_taken_out_and_given_again_on_demand() -> None:
    attributes = 'mimeCode="application/pdf" filename="bon.pdf"'

    reading = invoice(attached("R1", PDF, attributes))
    in_model = given(reading.invoice.supporting_documents[0].attachment)

    assert (in_model.filename, in_model.mime, in_model.size) == ("bon.pdf", "application/pdf", 15)
    assert list(reading.attachments()) == [(in_model, PDF)]
    assert list(reading.attachments()) == [(in_model, PDF)]


@pytest.mark.parametrize(
    ("reference", "filename"), [("aa.pdf", "aa.pdf"), ("Bon n° 12", None), ("V1.", None)]
)
def test_a_reference_that_looks_like_a_file_name_is_one(
    reference: str, filename: str | None
) -> None:
    kind = "<cbc:DocumentType>01</cbc:DocumentType>"

    document = invoice(attached(reference, PDF, kind=kind)).invoice.supporting_documents[0]

    assert document.kind == "01"
    assert given(document.attachment).filename == filename


def test_a_faulty_attachment_is_in_the_model_but_not_given() -> None:
    reading = invoice(attached("a.pdf", b"") + attached("b.pdf", PDF))

    assert given(reading.invoice.supporting_documents[0].attachment).fault
    assert [a.filename for a, _ in reading.attachments()] == ["b.pdf"]


def test_a_second_file_in_one_block_is_told_as_a_repeat() -> None:
    block = attached("a.pdf", PDF)
    twice = block.replace(
        "</cac:Attachment>",
        block[block.index("<cbc:Emb") : block.index("</cac:Att")] + "</cac:Attachment>",
    )

    reading = invoice(twice)

    assert reading.repeats == ("BG-24[1]/BT-125",)
    assert len(list(reading.attachments())) == 1
