"""One received file becomes documents: small ones in memory, large ones in a file of their own."""

from __future__ import annotations

import gzip
import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from chorus_edi.domain.findings import Finding
from chorus_edi.domain.flux import DocumentEntry
from chorus_edi.domain.motives import Motive
from chorus_edi.formats.archive import Limits
from chorus_edi.pipeline.reading import Piece, pieces_of
from chorus_edi.pipeline.tasks import CHUNK_BYTES
from tests.archives import header, tar, tar_gz, zipped

SMALL = b"<Invoice/>"
LARGE = b"<Invoice>" + b" " * CHUNK_BYTES + b"</Invoice>"
LIMITS = Limits(documents=5, total=4 * CHUNK_BYTES, entry=2 * CHUNK_BYTES)

Read = Callable[[bytes], list[Piece | Finding]]


def entry(rank: int, name: str, content: bytes) -> DocumentEntry:
    sha256 = hashlib.sha256(content).hexdigest()
    return DocumentEntry(rank=rank, name=name, size=len(content), sha256=sha256)


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Read content as a file received under a name, and return all that comes of it."""

    def read_all(content: bytes) -> list[Piece | Finding]:
        path = tmp_path / "recu"
        path.write_bytes(content)
        with path.open("rb") as file:
            scratch = str(tmp_path / "scratch" / "1")
            return list(pieces_of(file, "flux.xml", str(path), LIMITS, scratch))

    return read_all


def test_a_file_that_is_no_archive_is_one_document_under_its_own_name(read: Read) -> None:
    assert read(SMALL) == [Piece(entry=entry(1, "flux.xml", SMALL), archived=False, data=SMALL)]


def test_an_empty_file_is_a_document_too(read: Read) -> None:
    assert read(b"") == [Piece(entry=entry(1, "flux.xml", b""), archived=False, data=b"")]


def test_a_large_file_is_read_where_it_lies(read: Read, tmp_path: Path) -> None:
    (piece,) = read(LARGE)

    assert piece == Piece(
        entry=entry(1, "flux.xml", LARGE), archived=False, path=os.fsencode(tmp_path / "recu")
    )
    assert not (tmp_path / "scratch").exists()


def test_style_sheets_and_signatures_are_not_counted_among_the_invoices(read: Read) -> None:
    sheet = b'<xsl:stylesheet xmlns:xsl="http://www.w3.org/1999/XSL/Transform"/>'
    companions = [(f"{n}.xsl", sheet) for n in range(6)]
    invoices = [(f"{n}.xml", SMALL) for n in range(LIMITS.documents)]

    pieces = read(tar_gz([*companions, *invoices]))

    assert len(pieces) == 11
    assert all(isinstance(piece, Piece) for piece in pieces)


def test_an_archive_that_takes_too_long_to_unpack_refuses_it_whatever_else_goes_on(
    tmp_path: Path,
) -> None:
    path = tmp_path / "recu"
    path.write_bytes(tar_gz([(f"{n}.xml", SMALL) for n in range(5)]))
    ticks = iter(range(100))
    with path.open("rb") as file:
        limits = LIMITS._replace(seconds=3)
        pieces = pieces_of(file, "flux.xml", str(path), limits, "", spent=lambda: next(ticks))
        first = next(pieces)
        next(ticks)  # time that something else takes
        taken = [first, next(pieces), next(pieces)]
        last = next(pieces)
        assert next(pieces, None) is None

    assert all(isinstance(piece, Piece) for piece in taken)
    assert isinstance(last, Finding)
    assert (last.rule, last.motive, last.found) == ("CE-ARC-11", Motive.IRR_EXTRAC, "3 s")


def test_one_invoice_more_than_a_flow_may_hold_refuses_it(read: Read) -> None:
    *_, last = read(tar_gz([(f"{n}.xml", SMALL) for n in range(LIMITS.documents + 1)]))

    assert isinstance(last, Finding)
    assert (last.rule, last.motive, last.found) == ("CE-ARC-04", Motive.IRR_TAILLE, "5.xml")


def test_a_file_larger_than_a_document_may_be_is_refused_with_its_size(read: Read) -> None:
    (finding,) = read(b" " * (LIMITS.entry + 1))

    assert isinstance(finding, Finding)
    assert finding.fatal
    assert (finding.motive, finding.found) == (Motive.IRR_TAILLE_F, f"{LIMITS.entry + 1} octets")
    assert finding.conseil


def test_a_file_just_as_large_as_a_document_may_be_is_one(read: Read) -> None:
    (piece,) = read(b" " * LIMITS.entry)

    assert isinstance(piece, Piece)


@pytest.mark.parametrize("make", [tar_gz, zipped], ids=["tar.gz", "zip"])
def test_the_entries_of_an_archive_are_documents_in_order_large_ones_spilled(
    make: Callable[[list[tuple[str, bytes]]], bytes], read: Read, tmp_path: Path
) -> None:
    pieces = read(make([("a.xml", SMALL), ("b.xml", LARGE), ("c.xml", b"")]))

    spilled = tmp_path / "scratch/1/piece-0002"
    assert pieces == [
        Piece(entry=entry(1, "a.xml", SMALL), archived=True, data=SMALL),
        Piece(entry=entry(2, "b.xml", LARGE), archived=True, path=os.fsencode(spilled)),
        Piece(entry=entry(3, "c.xml", b""), archived=True, data=b""),
    ]
    assert spilled.read_bytes() == LARGE


def test_the_fault_of_an_archive_is_the_last_thing_that_comes_of_it(read: Read) -> None:
    pieces = read(tar_gz([("a.xml", SMALL), ("../b.xml", SMALL), ("c.xml", SMALL)]))

    assert [type(piece) for piece in pieces] == [Piece, Finding]


@pytest.mark.parametrize("size", [len(SMALL), CHUNK_BYTES + 1], ids=["small", "large"])
def test_an_archive_cut_in_the_middle_of_an_entry_ends_with_one_fault(
    read: Read, size: int
) -> None:
    whole = tar([("a.xml", SMALL)])[:1024]
    pieces = read(gzip.compress(whole + header("b.xml", size) + b"cut"))

    assert [type(piece) for piece in pieces] == [Piece, Finding]
    assert isinstance(pieces[-1], Finding)
    assert pieces[-1].motive is Motive.IRR_EXTRAC


def test_more_documents_than_a_flow_may_hold_end_with_one_fault(read: Read) -> None:
    pieces = read(tar_gz([(f"{n}.xml", SMALL) for n in range(7)]))

    assert [type(piece) for piece in pieces] == [Piece] * 5 + [Finding]
    assert isinstance(pieces[-1], Finding)
    assert pieces[-1].motive is Motive.IRR_TAILLE
