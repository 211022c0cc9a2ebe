"""Any bytes give a value, never an exception."""

from __future__ import annotations

import base64
import io
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chorus_edi.domain.dossier import Document
from chorus_edi.domain.findings import Passed, Refused
from chorus_edi.domain.motives import Motive
from chorus_edi.formats.archive import ArchiveFault, Limits
from chorus_edi.formats.attachments import MAX_NAME_BYTES, safe_name, take
from chorus_edi.formats.facturx import PdfContent, PdfFault, open_pdf
from chorus_edi.formats.xml import XmlDocument, XmlFault, parse
from chorus_edi.stages.detect import detect
from chorus_edi.stages.unpack import unpack
from tests.archives import tar, tar_gz, zipped
from tests.unit.test_facturx import CII, pdf_of

LIMITS = Limits(documents=5, total=1_000_000, entry=100_000)
XML = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n<!-- c --><a xmlns:p="u" b="c">'
    b"<p:d>\xc3\xa9&amp;<![CDATA[x]]></p:d></a>"
)
FILES = [("a.xml", XML), ("lot/b.xml", CII), ("x" * 120 + ".xml", b"")]
SEEDS = [
    XML,
    XML.decode().encode("utf-16").replace(b"UTF-8", b"UTF-16"),
    CII,
    tar_gz(FILES),
    zipped(FILES),
    pdf_of({"factur-x.xml": CII}),
    b"%PDF-1.7\n",
    b"PK\x03\x04",
    b"\x1f\x8b\x08",
]


@st.composite
def mutants(draw: st.DrawFn, seeds: list[bytes] = SEEDS) -> bytes:
    """A sound file, cut, patched, or with bytes put in."""
    data = bytearray(draw(st.sampled_from(seeds)))
    for _ in range(draw(st.integers(0, 5))):
        at = draw(st.integers(0, len(data)))
        removed = draw(st.integers(0, 8))
        data[at : at + removed] = draw(st.binary(max_size=8))
    return bytes(data[: draw(st.integers(0, len(data)))] if draw(st.booleans()) else data)


anything = st.binary(max_size=2_000) | mutants()
patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@patient
@given(anything)
def test_any_bytes_are_parsed_to_a_value(data: bytes) -> None:
    assert isinstance(parse(data), XmlDocument | XmlFault)


@patient
@given(anything)
def test_any_bytes_are_detected_or_refused(data: bytes) -> None:
    outcome = detect(Document(content=data, name="x", deposited=date(2026, 11, 21)))
    if isinstance(outcome, Refused):
        assert all(finding.message.fr and finding.conseil for finding in outcome.findings)
    else:
        assert isinstance(outcome, Passed)


@patient
@given(st.binary(max_size=500).map(b"%PDF-1.7\n".__add__) | mutants([pdf_of({"a.xml": CII})]))
def test_any_pdf_is_opened_to_a_value(data: bytes) -> None:
    opened = open_pdf(data)
    assert isinstance(opened, PdfContent | PdfFault)
    assert opened == open_pdf(data)


@patient
@given(anything | mutants([tar_gz(FILES), zipped(FILES)]))
def test_any_bytes_are_unpacked_to_values(data: bytes) -> None:
    ended = False
    for item in unpack(io.BytesIO(data), LIMITS):
        assert not ended, "something came after a fault"
        ended = isinstance(item, ArchiveFault)
        if not isinstance(item, ArchiveFault):
            content = item.read()
            assert isinstance(content, ArchiveFault) or len(content) == item.size


@patient
@given(mutants([tar(FILES)]))
def test_any_tar_is_unpacked_to_values(data: bytes) -> None:
    import gzip

    for item in unpack(io.BytesIO(gzip.compress(data, 1)), LIMITS):
        assert isinstance(item, ArchiveFault) or item.rank


@patient
@given(
    st.text(max_size=300) | anything.map(lambda data: base64.b64encode(data).decode()),
    st.none() | st.text(),
)
def test_any_text_is_taken_as_an_attachment(encoded: str, filename: str | None) -> None:
    attachment, content = take(encoded, filename=filename, mime=filename)
    assert attachment.fault == "" or attachment.fault in Motive.__members__
    assert attachment.name == safe_name(attachment.name) != ""
    assert len(attachment.name.encode()) <= MAX_NAME_BYTES
    assert attachment.size == len(content)


@pytest.mark.parametrize("seed", SEEDS[:6], ids=["xml", "utf-16", "cii", "tar.gz", "zip", "pdf"])
def test_a_file_cut_anywhere_is_a_value(seed: bytes) -> None:
    for end in range(0, len(seed), 7):
        detect(Document(content=seed[:end], name="x", deposited=date(2026, 11, 21)))
        list(unpack(io.BytesIO(seed[:end]), LIMITS))
