"""Places are exact: lines in large files, columns in characters, XPath in the sender's prefixes."""

from __future__ import annotations

import itertools
import sys
from typing import Any

import pytest
from lxml import etree

from chorus_edi.domain.dossier import Place
from chorus_edi.domain.scenarios import Syntax
from chorus_edi.errors import Defect
from chorus_edi.formats.locate import Locator

_UBL = "urn:oasis:names:specification:ubl:schema:xsd"
_NS = (
    f'xmlns="{_UBL}:Invoice-2" xmlns:cac="{_UBL}:CommonAggregateComponents-2" '
    f'xmlns:b="{_UBL}:CommonBasicComponents-2"'
)
_PARSER = etree.XMLParser(huge_tree=True)


def made(body: str, head: str = "", ns: str = _NS) -> tuple[Any, Locator]:
    """Make an invoice and its locator."""
    xml = f"{head}<Invoice {ns}>{body}</Invoice>".encode()
    root = etree.fromstring(xml, _PARSER)
    return root, Locator(root, xml, Syntax.UBL_INVOICE)


def selected(root: Any, place: Place) -> list[Any]:
    namespaces = {prefix: uri for prefix, uri in root.nsmap.items() if prefix}
    found: list[Any] = root.xpath(place.location, namespaces=namespaces)
    return found


LINE = "<cac:InvoiceLine><b:ID>{}</b:ID></cac:InvoiceLine>"


def test_a_place_has_xpath_line_and_column() -> None:
    root, locator = made(f"\n {LINE.format(1)}\n{LINE.format(2)}")

    (place,) = locator.places(["BG-25[2]/BT-126"])

    assert place == Place("/*[local-name()='Invoice']/cac:InvoiceLine[2]/b:ID", line=3, column=18)
    assert selected(root, place)[0].text == "2"


def test_columns_count_characters() -> None:
    _, locator = made("<!-- é€😀 --><b:ID>1</b:ID>", head="", ns=_NS)
    before = len(f"<Invoice {_NS}><!-- é€😀 -->")

    assert locator.places(["BT-1"])[0].column == before + 1


@pytest.mark.parametrize(
    "opaque",
    ["<!-- <a/> > -->", "<?tool <a> ?>", "<b:Note><![CDATA[<a/><b>]]></b:Note>", "<!--\n< -->"],
)
def test_what_only_looks_like_an_element_is_not_counted(opaque: str) -> None:
    _, locator = made(f"{opaque}\n  <b:ID>1</b:ID>")

    place = locator.places(["BT-1"])[0]

    assert (place.line, place.column) == (2 + opaque.count("\n"), 3)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_end_as_xml_says(end: str) -> None:
    _, locator = made(f"{end}é<b:ID>1</b:ID>{end}{LINE.format(1)}{end}{end} {LINE.format(2)}")

    number, line = locator.places(["BT-1", "BG-25[2]"])

    assert (number.line, number.column) == (2, 2)
    assert (line.line, line.column) == (5, 2)


def test_a_byte_order_mark_and_a_declaration_do_not_shift_places() -> None:
    xml = f"\ufeff<?xml version='1.0' encoding='UTF-8'?>\n<Invoice {_NS}>\n é<b:ID/></Invoice>"
    content = xml.encode()
    root = etree.fromstring(content)

    place = Locator(root, content, Syntax.UBL_INVOICE).places(["BT-1"])[0]

    assert (place.line, place.column) == (3, 3)


def test_bytes_in_the_encoding_they_declare_are_followed_too() -> None:
    declaration = "<?xml version='1.0' encoding='ISO-8859-1'?>"
    content = f"{declaration}\n<Invoice {_NS}>é\n<b:ID/></Invoice>".encode("latin-1")
    root = etree.fromstring(content)

    place = Locator(root, content, Syntax.UBL_INVOICE).places(["BT-1"])[0]

    assert (place.line, place.column) == (3, 1)


def test_in_a_file_that_is_not_the_tree_s_a_line_is_that_of_the_tree() -> None:
    root = etree.fromstring(f"<Invoice {_NS}>\n<b:ID/></Invoice>")

    broken = Locator(root, b"<Invoice", Syntax.UBL_INVOICE).places(["BT-1"])[0]
    with_dtd = Locator(root, b"<!DOCTYPE a []><a/>", Syntax.UBL_INVOICE).places(["BT-1"])[0]

    assert (broken.line, broken.column) == (2, None)
    assert (with_dtd.line, with_dtd.column) == (2, None)


def test_lines_beyond_65535_are_exact() -> None:
    root, locator = made("\n" * 70_000 + "<b:ID>1</b:ID>" + "\n" * 70_000 + LINE.format(1))

    first, second = locator.places(["BT-1", "BG-25[1]/BT-126"])

    assert (first.line, first.column) == (70_001, 1)
    assert second.line == 140_001
    assert selected(root, second)[0].text == "1"


def test_a_long_text_before_does_not_make_lines_drift() -> None:
    note = "<b:Note>" + ("x" * 50 + "\n") * 4_000 + "</b:Note>"

    _, locator = made(f"{note}\n{LINE.format(1)}")

    assert locator.places(["BG-25[1]/BT-126"])[0][1:] == (4_002, 18)


def test_an_element_whose_prefix_is_declared_deeper_is_named_without_it() -> None:
    deeper = f'<z:ID xmlns:z="{_UBL}:CommonBasicComponents-2">1</z:ID>'
    root, locator = made(deeper, ns=f'xmlns="{_UBL}:Invoice-2"')

    place = locator.places(["BT-1"])[0]

    assert place.location == "/*[local-name()='Invoice']/*[local-name()='ID']"
    assert selected(root, place)[0].text == "1"


def test_an_index_counts_what_the_step_matches() -> None:
    body = '<other xmlns="urn:o"><n:c xmlns:n="urn:n">1</n:c><c>2</c><d/></other>'
    root, locator = made(body)
    unprefixed = root[0]

    paths = [place.location for place in locator.of_elements(list(unprefixed))]

    assert [path.rpartition("/")[2] for path in paths] == [
        "*[local-name()='c'][1]",
        "*[local-name()='c'][2]",
        "*[local-name()='d']",
    ]


def test_a_name_without_namespace_is_written_bare() -> None:
    root, locator = made('<x xmlns=""/>')

    (place,) = locator.of_elements([root[0]])

    assert place.location == "/*[local-name()='Invoice']/x"
    assert selected(root, place) == [root[0]]


def test_elements_have_places_without_any_term() -> None:
    root, locator = made("\n<b:UUID/>\n<b:UUID/>")

    assert locator.of_elements([root[1], root[0], root]) == (
        Place("/*[local-name()='Invoice']/b:UUID[2]", 3, 1),
        Place("/*[local-name()='Invoice']/b:UUID[1]", 2, 1),
        Place("/*[local-name()='Invoice']", 1, 1),
    )
    assert locator.of_elements([]) == ()


# -- addresses ------------------------------------------------------------------------------------

PARTY = (
    "<cac:AccountingSupplierParty><cac:Party>\n<cac:PartyIdentification><b:ID>A</b:ID>"
    '</cac:PartyIdentification>\n<cac:PartyIdentification><b:ID schemeID="SEPA">B</b:ID>'
    '</cac:PartyIdentification>\n<cac:PartyIdentification><b:ID schemeID="0009">C</b:ID>'
    "</cac:PartyIdentification></cac:Party></cac:AccountingSupplierParty>"
)


@pytest.mark.parametrize(
    ("address", "text"),
    [
        ("BG-4/BT-29[2]", "C"),
        ("BG-4/BT-29-1[2]", "C"),
        ("BG-4/BT-29[2]/BT-29-1", "C"),
        ("BT-29[2]", "C"),
        ("BG-4/BT-29", "A"),
        ("BT-90", "B"),
    ],
)
def test_conditions_sub_terms_and_short_addresses_lead_to_the_element(
    address: str, text: str
) -> None:
    root, locator = made(PARTY)

    assert [e.text for e in selected(root, locator.places([address])[0])] == [text]


def test_a_group_stands_where_its_element_stands() -> None:
    root, locator = made(PARTY + LINE.format(1) + LINE.format(2))

    seller, line = locator.places(["BG-4", "BG-25[2]"])

    assert selected(root, seller) == [root[0][0]]
    assert selected(root, line) == [root[2]]


def test_the_two_terms_of_a_note_stand_at_the_note() -> None:
    root, locator = made("<b:Note>x</b:Note><b:Note>#AAB#y</b:Note>")

    for place in locator.places(["BG-1[2]/BT-21", "BG-1[2]/BT-22", "BG-1[2]"]):
        assert selected(root, place) == [root[1]]


def test_the_address_of_nothing_is_the_document() -> None:
    root, locator = made("")

    assert selected(root, locator.places([""])[0]) == [root]
    assert selected(root, locator.places(["CE-CHORUS/CE-VALIDEUR"])[0]) == [root]


@pytest.mark.parametrize("address", ["BT-4", "BT-1/", "number", "BG-25[x]/BT-131"])
def test_an_address_that_names_no_term_is_a_defect(address: str) -> None:
    with pytest.raises(Defect, match="not an address"):
        made("")[1].places([address])


# -- absent terms ---------------------------------------------------------------------------------


def test_an_absent_term_is_located_at_the_nearest_element_above() -> None:
    item = "\n<cac:InvoiceLine>\n<cac:Item/></cac:InvoiceLine>"
    _, locator = made(LINE.format(1) + item)

    (place,) = locator.places(["BG-25[2]/BG-30/BT-152"])

    assert place == Place(
        "/*[local-name()='Invoice']/cac:InvoiceLine[2]/cac:Item"
        "/cac:ClassifiedTaxCategory/b:Percent",
        line=3,
        column=1,
    )


def test_an_absent_attribute_is_located_at_its_element() -> None:
    quantity = "<b:InvoicedQuantity>1</b:InvoicedQuantity>"
    _, locator = made(f"\n<cac:InvoiceLine>\n{quantity}</cac:InvoiceLine>")

    place = locator.places(["BG-25[1]/BT-130"])[0]

    assert place.location.endswith("/cac:InvoiceLine/b:InvoicedQuantity/@unitCode")
    assert place.line == 3


def test_an_absent_term_under_a_condition_says_the_condition() -> None:
    other = (
        "<cac:AccountingSupplierParty><cac:Party><cac:PartyTaxScheme><b:CompanyID/>"
        "</cac:PartyTaxScheme></cac:Party></cac:AccountingSupplierParty>"
    )
    root, locator = made(other)

    vat, creditor, cadre = locator.places(["BG-4/BT-31", "BG-7/BT-46[2]", "CE-CHORUS/CE-CADRE"])

    assert vat.location.endswith(
        "cac:Party/cac:PartyTaxScheme[cac:TaxScheme/b:ID='VAT']/b:CompanyID"
    )
    assert selected(root, vat) == []
    assert creditor.location.endswith(
        "/cac:AccountingCustomerParty/cac:Party/cac:PartyIdentification/b:ID"
    )
    assert cadre.location.endswith("/descendant::*[local-name()='CategoryCode']")
    assert selected(root, cadre) == []


def test_an_absent_term_under_a_condition_that_holds_is_located_there() -> None:
    scheme = "<cac:TaxScheme><b:ID>VAT</b:ID></cac:TaxScheme>"
    _, locator = made(
        "<cac:AccountingSupplierParty><cac:Party>\n<cac:PartyTaxScheme>"
        f"{scheme}</cac:PartyTaxScheme></cac:Party></cac:AccountingSupplierParty>"
    )

    place = locator.places(["BG-4/BT-31"])[0]

    assert place.location.endswith("/cac:Party/cac:PartyTaxScheme/b:CompanyID")
    assert place.line == 2


def test_a_further_group_that_is_absent_does_not_borrow_the_element_of_another() -> None:
    _, locator = made("\n" + LINE.format(1))

    place = locator.places(["BG-25[2]/BT-126"])[0]

    assert place == Place("/*[local-name()='Invoice']/cac:InvoiceLine/b:ID", 1, 1)


def test_the_work_for_many_findings_is_in_proportion_to_their_number() -> None:
    def calls(lines: int) -> int:
        _, locator = made("".join(map(LINE.format, range(lines))))
        terms = ("BT-126", "BT-131")
        addresses = [f"BG-25[{n}]/{term}" for n in range(1, lines + 1) for term in terms]
        count = itertools.count()
        sys.setprofile(lambda *_: next(count))
        try:
            places = locator.places(addresses)
        finally:
            sys.setprofile(None)
        assert places[-2].location.endswith(f"InvoiceLine[{lines}]/b:ID")
        return next(count)

    assert calls(2_000) < 2.2 * calls(1_000)


def test_ten_thousand_findings_are_located() -> None:
    root, locator = made("".join(map(LINE.format, range(10_000))))

    places = locator.places([f"BG-25[{n}]/BT-126" for n in range(1, 10_001)])

    assert selected(root, places[9_999])[0].text == "9999"
