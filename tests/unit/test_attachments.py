"""Attachments: decoded, unzipped, judged on their bytes, safely named."""

from __future__ import annotations

import base64
import hashlib
import io
import zipfile
import zlib

import pytest

from chorus_edi.domain.groups import Attachment
from chorus_edi.formats.attachments import MAX_BYTES, MAX_NAME_BYTES, safe_name, take

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"


def given(
    content: bytes, filename: str | None = None, mime: str | None = None
) -> tuple[Attachment, bytes]:
    return take(base64.b64encode(content).decode(), filename=filename, mime=mime)


def zipped(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def test_a_pdf_is_a_pdf() -> None:
    attachment, content = given(PDF, "facture.pdf", "application/pdf")
    assert content == PDF
    assert attachment == Attachment(
        mime="application/pdf",
        filename="facture.pdf",
        name="facture.pdf",
        media_type="application/pdf",
        size=len(PDF),
        sha256=hashlib.sha256(PDF).hexdigest(),
    )


def test_base64_may_have_blanks() -> None:
    text = base64.encodebytes(PDF * 20).decode().replace("\n", "\r\n  \t")
    assert take(text, filename=None, mime=None)[1] == PDF * 20


@pytest.mark.parametrize("text", ["JVBER", "JVBERi0=x", "été=", "%%%%", "=", "JV==BERi"])
def test_what_is_no_base64_is_a_fault(text: str) -> None:
    attachment, content = take(text, filename="a.pdf", mime=None)
    assert (attachment.fault, content) == ("IRR_SYNTAX", b"")


@pytest.mark.parametrize(
    "content", [b"", zipped({}), zipped({"a.pdf": b""}), zipped({"folder/": b""})]
)
def test_nothing_in_it_is_a_fault(content: bytes) -> None:
    assert given(content)[0].fault == "IRR_VID_PJ"


def test_one_file_zipped_under_a_pdf_name_comes_out() -> None:
    attachment, content = given(zipped({"RJP.pdf": PDF}), "aa.pdf", "application/pdf")
    assert (attachment.name, attachment.media_type, attachment.fault) == (
        "aa.pdf",
        "application/pdf",
        "",
    )
    assert content == PDF


@pytest.mark.parametrize(
    ("declared", "name"),
    [
        (None, "RJP.pdf"),
        ("", "RJP.pdf"),
        ("aa", "aa.pdf"),
        ("aa.zip", "RJP.pdf"),
        ("../x", "x.pdf"),
    ],
)
def test_what_was_zipped_gets_the_name_that_fits(declared: str | None, name: str) -> None:
    assert given(zipped({"dossier/RJP.pdf": PDF}), declared)[0].name == name


def test_a_zip_of_several_files_stays_a_zip() -> None:
    content = zipped({"a.pdf": PDF, "b.pdf": PDF})
    attachment, kept = given(content, "lot.zip", "application/zip")
    assert (kept, attachment.name, attachment.media_type) == (content, "lot.zip", "application/zip")
    assert given(content, "lot.pdf")[0].name == "lot.pdf.zip"


def test_a_zip_within_a_zip_is_opened_once() -> None:
    inner = zipped({"a.pdf": PDF})
    assert given(zipped({"a.zip": inner}))[1] == inner


@pytest.mark.parametrize("broken", [zipped({"a.pdf": PDF})[:-10], b"PK\x03\x04" + b"x" * 100])
def test_a_damaged_zip_is_a_fault(broken: bytes) -> None:
    assert given(broken)[0].fault == "IRR_EXTRAC"


def test_a_zip_whose_member_is_damaged_is_a_fault() -> None:
    content = bytearray(zipped({"a.txt": b"abcdef" * 9}, zipfile.ZIP_STORED))
    content[40] ^= 0xFF
    assert given(bytes(content))[0].fault == "IRR_EXTRAC"


def test_an_encrypted_zip_is_a_fault() -> None:
    content = bytearray(zipped({"a.pdf": PDF}))
    content[content.index(b"PK\x01\x02") + 8] |= 1
    assert given(bytes(content))[0].fault == "IRR_EXTRAC"


def test_an_unusual_compression_is_a_fault() -> None:
    assert given(zipped({"a.pdf": PDF}, zipfile.ZIP_LZMA))[0].fault == "IRR_EXTRAC"


def test_a_bomb_is_too_large() -> None:
    attachment, content = given(zipped({"a.txt": b" " * (MAX_BYTES + 1)}))
    assert (attachment.fault, content) == ("IRR_TAILLE_PJ", b"")


def test_a_zip_of_thousands_is_not_looked_into() -> None:
    content = zipped({f"{n}.txt": b"" for n in range(1_001)})
    assert given(content, "lot.zip") == (given(content, "lot.zip")[0], content)


def test_the_largest_legal_attachment_passes_and_the_next_does_not() -> None:
    assert given(PDF.ljust(9_900_000))[0].fault == ""
    assert given(PDF.ljust(MAX_BYTES))[0].fault == ""
    assert given(PDF.ljust(MAX_BYTES + 1))[0].fault == "IRR_TAILLE_PJ"
    assert given(PDF.ljust(2 * MAX_BYTES))[0].fault == "IRR_TAILLE_PJ"


ODT = zipped(
    {"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<a/>"},
    zipfile.ZIP_STORED,
)
XLSX = zipped({"[Content_Types].xml": b"<a/>", "xl/workbook.xml": b"<a/>"})
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100)


@pytest.mark.parametrize(
    ("content", "filename", "mime", "media_type", "name"),
    [
        (b"\x89PNG\r\n\x1a\n....", "a", None, "image/png", "a.png"),
        (b"\xff\xd8\xff\xe0", None, None, "image/jpeg", "piece.jpg"),
        (b"GIF89a..", "a.gif", None, "image/gif", "a.gif"),
        (b"BM\x3a\0\0\0\0\0\0\0\x36\0\0\0" + bytes(20), "a", None, "image/bmp", "a.bmp"),
        (b"II*\0....", "a.TIFF", None, "image/tiff", "a.TIFF"),
        (b"MM\0*....", "a", None, "image/tiff", "a.tif"),
        (zlib.compress(b"", wbits=31), "a.tgz", None, "application/gzip", "a.tgz"),
        (b"BZh91AY&SY", "a.bz2", None, "application/x-bzip2", "a.bz2"),
        (b"{\\rtf1 a}", "a", None, "application/rtf", "a.rtf"),
        (
            b"\x30\x80" + bytes.fromhex("06092a864886f70d010702") + b"\xa0\x80",
            "a",
            None,
            "application/pkcs7-signature",
            "a.p7s",
        ),
        (OLE, "a.xls", None, "application/vnd.ms-excel", "a.xls"),
        (OLE, "a", None, "application/x-ole-storage", "a.doc"),
        (ODT, "a.odt", None, "application/vnd.oasis.opendocument.text", "a.odt"),
        (
            XLSX,
            "a",
            None,
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "a.xlsx",
        ),
        (b"a;b\n1;2\n", "a.csv", None, "text/csv", "a.csv"),
        (b"a;b\n1;2\n", None, "text/csv; charset=utf-8", "text/csv", "piece.csv"),
        ("été".encode("latin-1"), "a.txt", None, "text/plain", "a.txt"),
        ("été".encode("utf-16"), "a.txt", None, "text/plain", "a.txt"),
        (b"\xef\xbb\xbf <?xml version='1.0'?><a/>", "a", None, "application/xml", "a.xml"),
        (b"<a/>", "a", None, "application/xml", "a.xml"),
        (b"<?xml version='1.0'?><svg xmlns='x'/>", "a", None, "image/svg+xml", "a.svg"),
        (b"<!DOCTYPE html><html>", "a.htm", None, "text/html", "a.htm"),
        (
            b"<html xmlns='http://www.w3.org/1999/xhtml'>",
            "a",
            None,
            "application/xhtml+xml",
            "a.xhtml",
        ),
        (b"< 3 euros", "a", None, "text/plain", "a.txt"),
        (b"\x00\x80\x01", "a.fax", None, "image/g3fax", "a.fax"),
    ],
)
def test_the_bytes_say_what_it_is(
    content: bytes, filename: str | None, mime: str | None, media_type: str, name: str
) -> None:
    attachment, _ = given(content, filename, mime)
    assert (attachment.media_type, attachment.name, attachment.fault) == (media_type, name, "")


@pytest.mark.parametrize(
    ("content", "filename"),
    [
        (b"MZ\x90\x00\x03\x00", "facture.pdf"),
        (b"\x7fELF\x02\x01\x01\x00", None),
        (b"\x00\x80\x01", "a.pdf"),
        (b"alert('a')", "a.js"),
        (b"@echo off", "a.bat"),
        (OLE, "a.msi"),
        (zipped({"META-INF/a": b"", "b": b""}), "a.jar"),
        (b"\xff\xfe\x00\xd8\x00", "a.txt"),
    ],
)
def test_other_types_are_not_accepted(content: bytes, filename: str | None) -> None:
    attachment, kept = given(content, filename)
    assert attachment.fault == "IRR_EXT_DOC"
    assert kept == content


@pytest.mark.parametrize(
    ("declared", "name"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Temp\\a.pdf", "a.pdf"),
        ('a:b*c?"d<e>f|g.pdf', "a_b_c__d_e_f_g.pdf"),
        ("a\x00b\n\u202ec.pdf", "abc.pdf"),
        ("  .a. ", "a"),
        ("...", ""),
        ("NUL.pdf", "_NUL.pdf"),
        ("con", "_con"),
        ("e\u0301t\u00e9.pdf", "\u00e9t\u00e9.pdf"),
    ],
)
def test_a_name_stays_in_its_folder(declared: str, name: str) -> None:
    assert safe_name(declared) == name


@pytest.mark.parametrize(
    "declared", ["x" * 500 + ".pdf", "é" * 500 + ".pdf", "😀" * 500, "a." + "b" * 500]
)
def test_a_long_name_is_cut_and_keeps_its_extension(declared: str) -> None:
    name = given(PDF, declared)[0].name
    assert len(name) <= 120
    assert len(name.encode()) <= MAX_NAME_BYTES
    assert name.endswith(".pdf")
