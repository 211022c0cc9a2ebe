from decimal import Decimal

import msgspec
import pytest
from lxml import etree

from chorus_edi.domain.scenarios import Profile
from chorus_edi.errors import Defect
from chorus_edi.formats.facturx import PdfContent, open_pdf
from chorus_edi.formats.writers import embed, to_cii, to_facturx, to_plain_pdf, to_ubl
from chorus_edi.formats.writers.emit import Builder, document
from tests.builders import an_invoice
from tests.complete import FILES, complete_invoice, extended_invoice, historic_fields
from tests.xsd import faults

CBC = "{urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2}"
UDT = "{urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100}"


@pytest.mark.parametrize(("type_code", "root"), [("380", "Invoice"), ("381", "CreditNote")])
@pytest.mark.parametrize("chorus", [None, historic_fields()], ids=["afnor", "historic"])
def test_a_ubl_with_every_term_is_valid_by_its_schema(
    type_code: str, root: str, chorus: object
) -> None:
    invoice = msgspec.structs.replace(complete_invoice(type_code), chorus=chorus)

    xml = to_ubl(invoice, FILES)

    assert faults(xml, root) == []


@pytest.mark.parametrize("historic", [False, True])
@pytest.mark.parametrize("chorus", [None, historic_fields()], ids=["afnor", "historic"])
def test_a_cii_with_every_term_is_valid_by_its_schema(historic: bool, chorus: object) -> None:
    invoice = msgspec.structs.replace(complete_invoice(), chorus=chorus)

    xml = to_cii(invoice, FILES, historic=historic)

    assert faults(xml, "CII") == []


def test_a_cii_with_every_term_is_valid_by_the_schema_of_factur_x() -> None:
    assert faults(to_cii(complete_invoice(), FILES), "EN16931") == []


@pytest.mark.parametrize("schema", ["CII", "EXTENDED"])
def test_a_cii_with_every_term_of_extended_is_valid_by_either_schema(schema: str) -> None:
    assert faults(to_cii(extended_invoice(), FILES), schema) == []


@pytest.mark.parametrize("type_code", ["381", "396", "261"])
def test_types_of_credit_notes_are_written_as_credit_notes(type_code: str) -> None:
    root = etree.fromstring(to_ubl(an_invoice(type_code=type_code)))

    assert etree.QName(root).localname == "CreditNote"
    assert root.findtext(f"{CBC}CreditNoteTypeCode") == type_code


def test_historic_dates_of_cii_carry_no_format() -> None:
    root = etree.fromstring(to_cii(an_invoice(), historic=True))

    date = root.find(f".//{UDT}DateTimeString")
    assert date.attrib == {}
    assert date.text == "20260902"


def test_what_is_absent_is_not_written_and_what_is_blank_is() -> None:
    invoice = an_invoice(due_date=None, buyer_reference="")

    root = etree.fromstring(to_ubl(invoice))

    assert root.find(f"{CBC}DueDate") is None
    assert root.find(f"{CBC}BuyerReference").text is None


@pytest.mark.parametrize("write", [to_ubl, to_cii])
def test_an_invoice_with_nothing_in_it_is_still_a_well_formed_file(write: object) -> None:
    empty = msgspec.structs.replace(
        an_invoice(),
        process=None,
        seller=None,
        buyer=None,
        totals=None,
        payment=(),
        delivery=None,
        lines=(),
    )

    assert etree.fromstring(write(empty)) is not None


@pytest.mark.parametrize("write", [to_ubl, to_cii])
def test_an_attachment_without_its_bytes_is_a_defect(write: object) -> None:
    with pytest.raises(Defect, match=r"detail\.csv"):
        write(complete_invoice(), {})


def test_the_same_invoice_gives_the_same_bytes() -> None:
    invoice = complete_invoice()

    assert to_facturx(invoice, Profile.EN16931, FILES) == to_facturx(
        invoice, Profile.EN16931, FILES
    )
    assert to_plain_pdf("a") == to_plain_pdf("a")


def test_a_factur_x_holds_its_invoice_and_says_its_profile() -> None:
    invoice = an_invoice()

    content = open_pdf(to_facturx(invoice, Profile.EN16931))

    assert isinstance(content, PdfContent)
    assert content.xml == to_cii(invoice)
    assert content.name == "factur-x.xml"
    assert content.relationship == "Alternative"
    assert content.level == "EN 16931"


def test_a_factur_x_of_a_small_profile_holds_data_only() -> None:
    content = open_pdf(embed(b"<a/>", Profile.MINIMUM, []))

    assert isinstance(content, PdfContent)
    assert content.relationship == "Data"


def test_a_plain_pdf_holds_no_invoice_data() -> None:
    content = open_pdf(to_plain_pdf("Facture (n° 1) \\ 100 €\n" + "ligne\n" * 200))

    assert isinstance(content, PdfContent)
    assert content.xml is None


def test_characters_with_a_meaning_in_xml_come_back_as_they_were() -> None:
    leaf = Builder("p").leaf("text", 'a<b>&"c\r\n', sign='<&"\n\t\r>')

    root = etree.fromstring(document("root", {"p": "urn:p"}, leaf))

    assert root[0].text == 'a<b>&"c\r\n'
    assert root[0].get("sign") == '<&"\n\t\r>'


def test_numbers_are_written_as_they_are_without_exponent() -> None:
    leaf = Builder("p").leaf("n", Decimal("1E+3"))

    assert leaf is not None
    assert leaf.content == "1000"


def test_groups_of_nothing_are_nothing() -> None:
    builder = Builder("p")

    assert builder.group("g", None, [], builder.leaf("l", None)) is None
