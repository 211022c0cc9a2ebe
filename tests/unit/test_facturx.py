"""PDF files: what they hold, and each way of holding it badly."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable, Mapping

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf, Stream

from chorus_edi.domain.motives import Motive
from chorus_edi.formats.facturx import PdfContent, PdfFault, open_pdf

CII = (
    b"<rsm:CrossIndustryInvoice xmlns:rsm="
    b"'urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100'/>"
)
XMP = """<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description xmlns:fx="urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#"
{attributes}>{elements}</rdf:Description></rdf:RDF></x:xmpmeta>"""
ELEMENTS = (
    "<fx:DocumentFileName>factur-x.xml</fx:DocumentFileName>"
    "<fx:ConformanceLevel>EN 16931</fx:ConformanceLevel>"
)
ATTRIBUTES = "fx:DocumentFileName='factur-x.xml' fx:ConformanceLevel='BASIC'"


def pdf_of(
    files: Mapping[str, bytes] | None = None,
    *,
    xmp: str | None = None,
    keywords: str | None = None,
    change: Callable[[Pdf], None] | None = None,
    encoded_as: Name | None = None,
    associated: bool = True,
    encryption: pikepdf.Encryption | None = None,
) -> bytes:
    """Make a PDF of one blank page."""
    buffer = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        specs = [file_spec(pdf, name, data, encoded_as) for name, data in (files or {}).items()]
        leaves = [part for spec in specs for part in (pikepdf.String(str(spec.UF)), spec)]
        if specs and associated:
            pdf.Root.AF = Array(specs)
        if specs:
            pdf.Root.Names = Dictionary(EmbeddedFiles=Dictionary(Names=Array(leaves)))
        if xmp is not None:
            pdf.Root.Metadata = pdf.make_indirect(Stream(pdf, xmp.encode()))
        if keywords is not None:
            pdf.docinfo.Keywords = keywords
        if change is not None:
            change(pdf)
        pdf.save(buffer, compress_streams=False, encryption=encryption)
    return buffer.getvalue()


def tree(node: pikepdf.Object) -> pikepdf.Object:
    return Dictionary(EmbeddedFiles=node)


def file_spec(pdf: Pdf, name: str, data: bytes, encoded_as: Name | None = None) -> pikepdf.Object:
    stream = Stream(pdf, data)
    if encoded_as is not None:
        stream.Filter = encoded_as
    spec = Dictionary(
        Type=Name.Filespec, UF=name, F=name, AFRelationship=Name.Data, EF=Dictionary(F=stream)
    )
    return pdf.make_indirect(spec)


def content(data: bytes) -> PdfContent:
    opened = open_pdf(data)
    assert isinstance(opened, PdfContent), opened
    return opened


def fault(data: bytes) -> PdfFault:
    opened = open_pdf(data)
    assert isinstance(opened, PdfFault)
    return opened


def test_a_plain_pdf_holds_nothing() -> None:
    assert content(pdf_of()) == PdfContent(None)


@pytest.mark.parametrize(
    "name",
    ["factur-x.xml", "Factur-X.XML", "ZUGFeRD-invoice.xml", "zugferd-invoice.xml", "xrechnung.xml"],
)
def test_the_invoice_is_found_by_its_standard_name(name: str) -> None:
    opened = content(pdf_of({"other.xml": CII, name: CII, "note.pdf": b"%PDF-"}))
    assert (opened.xml, opened.name, opened.relationship, opened.remarks) == (CII, name, "Data", ())


def test_a_standard_name_is_believed_before_the_content() -> None:
    assert content(pdf_of({"factur-x.xml": b"<a/>"})).xml == b"<a/>"


def test_another_name_is_accepted_with_a_remark() -> None:
    opened = content(pdf_of({"facture.xml": CII, "autre.xml": b"<a/>"}))
    assert opened.xml == CII
    assert [(remark.rule, remark.found) for remark in opened.remarks] == [
        ("CE-PDF-06", "facture.xml")
    ]


def test_other_attachments_make_no_factur_x() -> None:
    assert content(pdf_of({"autre.xml": b"<a/>", "note.txt": CII})).xml is None


@pytest.mark.parametrize("names", [["a.xml", "b.xml"]])
def test_several_invoices_are_refused(names: list[str]) -> None:
    found = fault(pdf_of(dict.fromkeys(names, CII)))
    assert (found.rule, found.motive) == ("CE-PDF-04", Motive.IRR_TYPE_F)


def test_two_files_of_the_standard_name_are_refused() -> None:
    assert fault(pdf_of({"factur-x.xml": CII, "FACTUR-X.xml": CII})).rule == "CE-PDF-04"


@pytest.mark.parametrize(
    ("xmp", "level"),
    [
        (XMP.format(attributes="", elements=ELEMENTS), "EN 16931"),
        (XMP.format(attributes=ATTRIBUTES, elements=""), "BASIC"),
        (None, None),
    ],
)
def test_the_metadata_are_reported(xmp: str | None, level: str | None) -> None:
    opened = content(pdf_of({"factur-x.xml": CII}, xmp=xmp))
    assert opened.level == level
    assert opened.announced_name == (level and "factur-x.xml")


@pytest.mark.parametrize(
    "announcement",
    [{"xmp": XMP.format(attributes=ATTRIBUTES, elements="")}, {"keywords": "Invoice, Factur-X"}],
)
def test_a_pdf_without_the_xml_it_announces_is_refused(announcement: dict[str, str]) -> None:
    found = fault(pdf_of(**announcement))
    assert (found.rule, found.motive) == ("CE-PDF-03", Motive.IRR_TYPE_F)


def test_other_keywords_announce_nothing() -> None:
    assert content(pdf_of(keywords="facture")).xml is None


def test_a_file_that_is_only_associated_is_found() -> None:
    def drop(pdf: Pdf) -> None:
        del pdf.Root.Names

    assert content(pdf_of({"factur-x.xml": CII}, change=drop)).xml == CII


def test_a_file_that_is_only_embedded_is_found() -> None:
    assert content(pdf_of({"factur-x.xml": CII}, associated=False)).xml == CII


def test_a_tree_of_names_may_have_branches() -> None:
    def branch(pdf: Pdf) -> None:
        leaf = pdf.make_indirect(pdf.Root.Names.EmbeddedFiles)
        empty = pdf.make_indirect(Dictionary(Names=Array([])))
        pdf.Root.Names = Dictionary(EmbeddedFiles=Dictionary(Kids=Array([empty, leaf])))

    assert content(pdf_of({"factur-x.xml": CII}, associated=False, change=branch)).xml == CII


def test_a_tree_of_names_that_loops_ends() -> None:
    def loop(pdf: Pdf) -> None:
        node = pdf.make_indirect(Dictionary())
        node.Kids = Array([node] * 50)
        pdf.Root.Names = Dictionary(EmbeddedFiles=node)

    assert content(pdf_of(change=loop)).xml is None


@pytest.mark.parametrize(
    "entry",
    [
        Name.Odd,
        Dictionary(EmbeddedFiles=Name.Odd),
        Dictionary(
            EmbeddedFiles=Dictionary(Names=Array(["a", Name.Odd, "b", Dictionary(EF=Name.Odd)]))
        ),
        Dictionary(
            EmbeddedFiles=Dictionary(Names=Array(["a", Dictionary(EF=Dictionary(F=Name.Odd))]))
        ),
        Dictionary(EmbeddedFiles=Dictionary(Names=Array(["alone"]))),
    ],
)
def test_odd_objects_are_passed_over(entry: pikepdf.Object) -> None:
    def put(pdf: Pdf) -> None:
        pdf.Root.Names = entry
        pdf.Root.AF = Name.Odd

    assert content(pdf_of(change=put)).xml is None


@pytest.mark.parametrize("password", ["", "secret"])
def test_an_encrypted_pdf_is_refused(password: str) -> None:
    found = fault(
        pdf_of({"factur-x.xml": CII}, encryption=pikepdf.Encryption(owner="x", user=password))
    )
    assert (found.rule, found.motive) == ("CE-PDF-02", Motive.IRR_SYNTAX)


@pytest.mark.parametrize(
    "data", [b"%PDF-1.7", b"%PDF-1.7\n" + b"x" * 1000, b"%PDF-1.7\ntrailer<</Root 1 0 R>>", b""]
)
def test_a_broken_pdf_is_refused(data: bytes) -> None:
    found = fault(data)
    assert (found.rule, found.motive) == ("CE-PDF-01", Motive.IRR_SYNTAX)
    assert "0x" not in (found.found or "")


def test_a_pdf_whose_table_is_lost_is_still_read() -> None:
    data = pdf_of({"factur-x.xml": CII})
    assert content(data[: data.rindex(b"startxref")]).xml == CII


def test_a_stream_that_does_not_unpack_is_refused() -> None:
    assert (
        fault(pdf_of({"factur-x.xml": b"not deflate"}, encoded_as=Name.FlateDecode)).rule
        == "CE-PDF-01"
    )


def test_a_packed_stream_is_unpacked() -> None:
    data = pdf_of({"factur-x.xml": zlib.compress(CII)}, encoded_as=Name.FlateDecode)
    assert content(data).xml == CII


@pytest.mark.parametrize("name", ["factur-x.xml", "bombe.xml"])
def test_a_bomb_in_the_attachment_is_not_unpacked(name: str) -> None:
    bomb = zlib.compress(bytes(50_000_000))
    opened = open_pdf(pdf_of({name: bomb}, encoded_as=Name.FlateDecode))
    if name == "bombe.xml":
        assert opened == PdfContent(None)
    else:
        assert isinstance(opened, PdfFault)
        assert (opened.rule, opened.motive) == ("CE-PDF-05", Motive.IRR_TAILLE_F)


@pytest.mark.parametrize("coding", [Name.LZWDecode, Name.DCTDecode, Name.Odd])
def test_a_coding_without_bounds_is_not_decoded(coding: Name) -> None:
    assert fault(pdf_of({"factur-x.xml": b"x"}, encoded_as=coding)).rule == "CE-PDF-01"


@pytest.mark.parametrize("spelled", [b"/LZWDecode", b"/#4cZ#57Decode"])
def test_a_structure_coded_without_bounds_is_not_opened(spelled: bytes) -> None:
    data = b"%PDF-1.5\n1 0 obj<</Type/XRef/Filter" + spelled + b">>stream\nx\nendstream endobj"
    assert fault(data).found == "LZWDecode"


def test_an_image_may_be_coded_so() -> None:
    def image(pdf: Pdf) -> None:
        pdf.Root.Picture = pdf.make_indirect(Stream(pdf, b"x", Filter=Name.LZWDecode))

    assert content(pdf_of(change=image)).xml is None


@pytest.mark.parametrize("unit", [b"%d 0 obj<<>>endobj\n", b"%d /LZWDecode "])
def test_a_flood_of_objects_is_not_opened(unit: bytes) -> None:
    data = b"%PDF-1.4\n" + b"".join(unit % number for number in range(20_000))
    assert fault(data).rule == "CE-PDF-01"
