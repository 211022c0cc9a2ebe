"""Style sheets and signatures: known by what they are, kept, never judged as invoices."""

from __future__ import annotations

import gzip
import random
from datetime import date

import pytest

from chorus_edi.domain.dossier import Document
from chorus_edi.domain.findings import Passed, Refused
from chorus_edi.domain.interfaces import Format
from chorus_edi.domain.scenarios import Container
from chorus_edi.formats.companions import looks_like_companion
from chorus_edi.formats.ending import ends
from chorus_edi.stages.detect import detect
from tests.archives import tar_gz
from tests.builders import ubl

TAR = tar_gz([("a.xml", random.Random(1).randbytes(3_000)), ("b.xml", b"<Invoice/>")])

XSL = b'<xsl:stylesheet xmlns:xsl="http://www.w3.org/1999/XSL/Transform" version="1.0"/>'
PLAIN = b'<transform xmlns="http://www.w3.org/1999/XSL/Transform" version="1.0"/>'
SIGNED = b'<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"></ds:Signature>'
PROLOG = b'\xef\xbb\xbf<?xml version="1.0"?>\n<!-- feuille <de> style -->\n'
FALSE = b'<x:Signature xmlns:x="urn:x"/>'


@pytest.mark.parametrize("content", [XSL, PLAIN, SIGNED, PROLOG + XSL, PROLOG + SIGNED])
def test_a_style_sheet_or_a_signature_is_a_companion(content: bytes) -> None:
    outcome = detect(Document(content=content, name="a.xsl", deposited=date(2026, 11, 21)))

    assert isinstance(outcome, Passed)
    assert outcome.value.container is Container.COMPANION
    assert looks_like_companion(content)


def test_what_only_bears_the_name_of_one_is_refused() -> None:
    outcome = detect(Document(content=FALSE, name="a.xml", deposited=date(2026, 11, 21)))

    assert isinstance(outcome, Refused)


@pytest.mark.parametrize("content", [ubl(number=1), b"", b"<Signatures/>", b"xsl:stylesheet"])
def test_an_invoice_does_not_look_like_a_companion(content: bytes) -> None:
    assert not looks_like_companion(content)


@pytest.mark.parametrize("content", [XSL, SIGNED])
def test_a_companion_goes_with_any_format(content: bytes) -> None:
    formats = frozenset({Format.CII})
    document = Document(content=content, name="a", deposited=date(2026, 11, 21), formats=formats)

    assert isinstance(detect(document), Passed)


@pytest.mark.parametrize(
    ("formats", "accepted"),
    [({Format.UBL}, True), ({Format.UBL, Format.CII}, True), ({Format.CII}, False), (set(), True)],
)
def test_a_document_is_of_a_format_that_its_flow_may_hold(
    formats: set[Format], accepted: bool
) -> None:
    document = Document(
        content=ubl(number=1),
        name="a.xml",
        deposited=date(2026, 11, 21),
        formats=frozenset(formats),
    )

    outcome = detect(document)

    assert isinstance(outcome, Passed) is accepted
    if isinstance(outcome, Refused):
        (finding,) = outcome.findings
        assert (finding.rule, finding.found, finding.expected) == ("CE-TYPE-03", "UBL", "CII")


@pytest.mark.parametrize(
    ("content", "whole"),
    [
        (b"<a/>", True),
        (b"<a></a>\n", True),
        (b"<?xml version='1.0'?><!-- b --><n:a xmlns:n='u'><b/></n:a>\n<!-- end -->\n", True),
        (b"<a><b/>", False),
        (b"<a><b></b>", False),
        (b"<a", False),
        (b"<?xml version='1.0'?>", False),
        (b"%PDF-1.7\n...\n%%EOF\n", True),
        (b"%PDF-1.7\n...", False),
        (b"PK\x03\x04....PK\x05\x06" + bytes(18), True),
        (b"PK\x03\x04....", False),
        (TAR, True),
        (TAR + bytes(300), True),
        (TAR[:-1], False),
        (TAR[: len(TAR) // 2], False),
        (TAR[:40], False),
        (gzip.compress(b"<Invoice/>", mtime=0), True),
        (gzip.compress(b"<Invoice/>" * 100, mtime=0)[:-9], True),
        (b"\x1f\x8b\x08 no gzip", True),
        (b"", False),
    ],
)
def test_the_end_of_a_file_says_whether_it_was_sent_to_its_end(content: bytes, whole: bool) -> None:
    assert ends(content, content) is whole
