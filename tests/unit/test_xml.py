"""Hostile, odd and legal XML: each becomes a document or a fault."""

from __future__ import annotations

from xml.parsers import expat

import pytest

from chorus_edi.domain.motives import Motive
from chorus_edi.formats.faults import RULES, displayed
from chorus_edi.formats.xml import MAX_BYTES, XmlDocument, XmlFault, parse


def refused(data: bytes) -> XmlFault:
    result = parse(data)
    assert isinstance(result, XmlFault), "the file was read"
    return result


def accepted(data: bytes) -> XmlDocument:
    result = parse(data)
    assert isinstance(result, XmlDocument), result
    return result


@pytest.mark.parametrize("data", [b"", b" \r\n\t ", b"\n" * 100])
def test_a_file_of_nothing_is_empty(data: bytes) -> None:
    assert refused(data).motive is Motive.IRR_VIDE_F


def test_a_file_above_the_size_is_refused_unread() -> None:
    assert refused(b"<a/>".ljust(MAX_BYTES + 1)).motive is Motive.IRR_TAILLE_F


@pytest.mark.parametrize(
    "prolog",
    [
        b"<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>",
        b"<?xml version='1.0'?>\n<!-- one -->\n<?two three?>\n<!DOCTYPE a>",
        b"\xef\xbb\xbf<!DOCTYPE a SYSTEM 'http://example.test/a.dtd'>",
        b"<!DOCTYPE a ["
        + b"".join(b"<!ENTITY e%d '&e%d;&e%d;'>" % (n, n - 1, n - 1) for n in range(1, 99))
        + b"]>",
    ],
)
def test_a_doctype_is_refused_wherever_the_prolog_has_it(prolog: bytes) -> None:
    fault = refused(prolog + b"<a>&x;</a>")
    assert (fault.rule, fault.motive) == ("CE-XML-05", Motive.IRR_SYNTAX)


def test_a_doctype_is_placed() -> None:
    fault = refused("<?xml version='1.0'?>\n<!--é--><!DOCTYPE a><a/>".encode())
    assert (fault.line, fault.column) == (2, 9)


@pytest.mark.parametrize(
    "data",
    [
        b"<!-- <!DOCTYPE a> --><a/>",
        b"<?note <!DOCTYPE a> ?><a/>",
        b"<a><![CDATA[<!DOCTYPE a>]]></a>",
        b"<?xml-stylesheet type='text/xsl' href='http://example.test/a.xsl'?><a/>",
    ],
)
def test_text_that_only_speaks_of_a_doctype_is_read(data: bytes) -> None:
    assert accepted(data).tree.tag == "a"


@pytest.mark.parametrize("data", [b"<!-- <!DOCTYPE a>", b"<?xml version='1.0'", b"<?a"])
def test_a_prolog_without_end_is_a_syntax_fault(data: bytes) -> None:
    assert refused(data).rule == "CE-XML-08"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-be"]
)
def test_unicode_is_read_in_every_form(encoding: str) -> None:
    document = accepted("<a>é€</a>".encode(encoding))
    assert document.tree.text == "é€"


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [
        ("UTF-16", "utf-16"),
        ("utf-16le", "utf-16-le"),
        ("UTF-32", "utf-32"),
        ("ISO-8859-1", "latin-1"),
        ("windows-1252", "cp1252"),
        ("ISO-8859-15", "iso8859-15"),
        ("l1", "latin-1"),
        ("UTF-8", "utf-8"),
    ],
)
def test_a_second_parser_reads_the_same(declared: str, encoding: str) -> None:
    text = f"<?xml version='1.0' encoding='{declared}'?>\n<a>\né</a>"
    document = accepted(text.encode(encoding))
    seen: list[str] = []
    reader = expat.ParserCreate()
    reader.CharacterDataHandler = seen.append
    reader.Parse(document.xml, True)
    assert "".join(seen) == document.tree.text == "\né"
    assert document.xml.count(b"\n") == 2


def test_a_rewritten_declaration_keeps_columns() -> None:
    text = "<?xml version='1.0' encoding='ISO-8859-1'?><a>é</a>"
    assert accepted(text.encode("latin-1")).xml.index(b"<a>") == text.index("<a>")


def test_plain_ascii_declared_as_such_is_read() -> None:
    assert accepted(b"<?xml version='1.0' encoding='us-ascii'?><a>b</a>").tree.text == "b"


@pytest.mark.parametrize(
    ("declared", "encoding", "place"),
    [
        ("UTF-8", "latin-1", (2, 5)),
        ("us-ascii", "utf-8", (2, 5)),
        ("ISO-8859-1", "utf-8", (2, 5)),
        ("UTF-16", "utf-8", (1, 1)),
        ("UTF-8", "utf-16", (1, 1)),
        ("ISO-8859-1", "utf-8-sig", (1, 1)),
        ("UTF-16BE", "utf-16-le", (1, 1)),
    ],
)
def test_an_encoding_that_lies_is_refused_in_place(
    declared: str, encoding: str, place: tuple[int, int]
) -> None:
    fault = refused(f"<?xml version='1.0' encoding='{declared}'?>\n<a>bé</a>".encode(encoding))
    assert (fault.rule, (fault.line, fault.column)) == ("CE-XML-04", place)


@pytest.mark.parametrize("declared", ["ebcdic-cp-fr", "utf-7", "SHIFT_JIS", "nope", "UCS-2", ""])
@pytest.mark.parametrize("encoding", ["ascii", "utf-16"])
def test_other_encodings_are_refused_by_name(declared: str, encoding: str) -> None:
    fault = refused(f"<?xml version='1.0' encoding='{declared}'?><a/>".encode(encoding))
    assert fault.motive is Motive.IRR_SYNTAX
    assert fault.rule in ("CE-XML-03", "CE-XML-04")


def test_a_bad_byte_far_down_is_placed() -> None:
    good = "<a>" + "é\n" * 700_000 + "ab"
    fault = refused(good.encode() + b"\xff</a>")
    assert (fault.line, fault.column) == (700_001, 3)


def test_a_character_cut_by_the_end_is_a_bad_one() -> None:
    assert refused("<a>é".encode()[:-1]).rule == "CE-XML-04"


@pytest.mark.parametrize(
    ("data", "place", "said"),
    [
        (b"<a>\n<b></a>", (2, 8), "balise fermante"),
        (b"<a>\n<b>", (2, 4), "tronqué"),
        (b"<a x='1' x='2'/>", None, "répété"),
        (b"<a>&nbsp;</a>", None, "«\u00a0&\u00a0»".replace("\u00a0", " ")),
        (b"<a>\x01</a>", (1, 4), "interdit"),
        (b"<x:a/>", None, "préfixe"),
        (b"<a/><b/>", (1, 5), "suit la fin"),
        (b"<a b=c/>", None, "attribut"),
        (b"<!-- only -->", None, "aucun élément"),
    ],
)
def test_a_syntax_fault_is_said_in_french_and_placed(
    data: bytes, place: tuple[int, int] | None, said: str
) -> None:
    fault = refused(data)
    assert (fault.rule, fault.motive) == ("CE-XML-08", Motive.IRR_SYNTAX)
    assert said in fault.message.fr
    assert fault.found
    assert place is None or (fault.line, fault.column) == place


def test_lines_beyond_sixteen_bits_are_right() -> None:
    assert refused(b"<a>" + b"\n" * 70_000 + b"</b>").line == 70_001


@pytest.mark.parametrize("depth", [257, 2_000, 300_000])
def test_nesting_has_an_end(depth: int) -> None:
    assert refused(b"<a>" * depth + b"</a>" * depth).rule == "CE-XML-07"


def test_nesting_has_an_end_in_large_files_too() -> None:
    filler = b"<b>" + b"x" * 10_000_000 + b"</b>"
    assert refused(b"<a>" * 300 + filler + b"</a>" * 300).rule == "CE-XML-07"
    assert accepted(b"<a>" * 200 + filler + b"</a>" * 200)


@pytest.mark.parametrize(
    "unit",
    [b"<a/>", b"<a b=''/>", b"<!---->", b"<?a?>", b"<a>b</a>c"],
    ids=["empty", "attributes", "comments", "instructions", "mixed"],
)
def test_a_file_of_nothing_but_markup_is_refused(unit: bytes) -> None:
    fault = refused(b"<r>" + unit * (8_000_000 // len(unit)) + b"</r>")
    assert (fault.rule, fault.motive) == ("CE-XML-06", Motive.IRR_TAILLE_F)


INDENTED = b"\n    <element>\n      <name>a value of its own</name>\n    </element>" * 400_000


def test_the_blanks_that_indent_a_file_make_no_tree() -> None:
    assert accepted(b"<r>" + INDENTED + b"\n</r>")


@pytest.mark.parametrize(
    "start",
    [b"<r>text<a/>", b"<r><a/>text", b"<r xml:space='preserve'>", b"<r><![CDATA[text]]>"],
    ids=["text before", "text behind", "preserved", "cdata"],
)
def test_blanks_that_the_parser_keeps_are_counted(start: bytes) -> None:
    assert refused(start + INDENTED + b"\n</r>").rule == "CE-XML-06"


def test_attributes_and_namespaces_of_one_element_are_counted() -> None:
    flood = b" ".join(b"xmlns:n%d='u'" % n for n in range(400_000))
    assert refused(b"<a " + flood + b"/>").rule == "CE-XML-06"


def test_an_attachment_of_almost_ten_megabytes_passes() -> None:
    text = b"QUJD" * (9_900_000 // 3)
    assert len(accepted(b"<a><b>" + text + b"</b></a>").tree[0].text) == len(text)


def test_lines_as_short_as_they_legally_come_pass_in_numbers() -> None:
    line = (
        b"<cac:InvoiceLine><cbc:ID>1</cbc:ID><cbc:InvoicedQuantity unitCode='C62'>1"
        b"</cbc:InvoicedQuantity><cbc:LineExtensionAmount currencyID='EUR'>1.00"
        b"</cbc:LineExtensionAmount><cac:Item><cbc:Name>A</cbc:Name></cac:Item></cac:InvoiceLine>"
    )
    data = b"<r xmlns:cac='urn:a' xmlns:cbc='urn:b'>" + line * 20_000 + b"</r>"
    assert len(accepted(data).tree) == 20_000


def test_what_a_file_says_is_shown_without_its_controls() -> None:
    assert displayed("a\x00b\u202ec") == "a\ufffdb\ufffdc"
    assert displayed("x" * 200) == "x" * 120 + "…"


def test_every_rule_says_what_to_do() -> None:
    for rule, row in RULES.items():
        assert rule.startswith("CE-")
        assert row.conseil.endswith(".")
        assert row.message.fr
        assert row.message.en
