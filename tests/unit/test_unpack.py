"""Entries of an archive: named, numbered, counted, within the bounds of a flow."""

from __future__ import annotations

import gzip
import io
import tarfile
import unicodedata

import pytest

from chorus_edi.domain.findings import Stage
from chorus_edi.domain.motives import Motive
from chorus_edi.formats.archive import ArchiveFault, Limits
from chorus_edi.stages.unpack import Entry, finding_of, unpack
from tests.archives import Files, header, member, tar_gz, tar_of, zipped

LIMITS = Limits()
MAKERS = [tar_gz, zipped]


def results(data: bytes, limits: Limits = LIMITS) -> list[tuple[int, str, bytes] | ArchiveFault]:
    found: list[tuple[int, str, bytes] | ArchiveFault] = []
    for item in unpack(io.BytesIO(data), limits):
        if isinstance(item, Entry):
            content = item.read()
            if isinstance(content, bytes):
                found.append((item.rank, item.name, content))
        else:
            found.append(item)
    return found


def fault_of(data: bytes, limits: Limits = LIMITS) -> tuple[str, Motive]:
    last = results(data, limits)[-1]
    assert isinstance(last, ArchiveFault)
    return last.rule, last.motive


@pytest.mark.parametrize("make", MAKERS)
def test_entries_are_numbered_in_order(make) -> None:
    files: Files = [("b.xml", b"<b/>"), ("./a.xml", b"<a/>"), ("lot/.DS_Store", b"x")]
    assert results(make(files)) == [
        (1, "b.xml", b"<b/>"),
        (2, "a.xml", b"<a/>"),
        (3, "lot/.DS_Store", b"x"),
    ]


@pytest.mark.parametrize("make", MAKERS)
@pytest.mark.parametrize(
    "name",
    [
        "../a.xml",
        "lot/../../a.xml",
        "./../a.xml",
        "/etc/passwd",
        ".//etc",
        "C:/a.xml",
        "c:a.xml",
        "lot\\a.xml",
        "..\\a.xml",
        "a\nb.xml",
        "a\x1b[2Jb.xml",
        "a\u202elmx.xml",
        "a\u2028.xml",
        "a&b.xml",
        "100%.xml",
        "«a».xml",
        "lot #2/a.xml",
        "x" * 257,
        "",
    ],
)
def test_names_that_leave_or_deceive_are_refused(make, name: str) -> None:
    if name == ".//etc":
        assert results(make([(name, b"x")])) == [(1, "etc", b"x")]
        return
    data = make([("a.xml", b"<a/>"), (name, b"x")])
    assert fault_of(data) == ("CE-ARC-07", Motive.IRR_NOM_F)


def test_a_name_that_is_no_utf8_is_refused() -> None:
    info = member("a\udce9.xml", 1)
    data = gzip.compress(tar_of([(info, b"x")], format=tarfile.GNU_FORMAT))
    assert fault_of(data) == ("CE-ARC-07", Motive.IRR_NOM_F)


def test_a_name_cut_by_a_zero_is_refused() -> None:
    data = zipped([("aXb.xml", b"x")]).replace(b"aXb", b"a\0b")
    assert fault_of(data)[0] == "CE-ARC-07"


@pytest.mark.parametrize("make", MAKERS)
@pytest.mark.parametrize(
    "pair",
    [
        ("a.xml", "a.xml"),
        ("a.xml", "./a.xml"),
        ("a.xml", "A.XML"),
        ("é", unicodedata.normalize("NFD", "é")),
    ],
)
def test_names_that_come_twice_are_refused(make, pair: tuple[str, str]) -> None:
    data = make([(pair[0], b"x"), (pair[1], b"y")])
    assert fault_of(data) == ("CE-ARC-08", Motive.IRR_NOM_F)


@pytest.mark.parametrize("make", MAKERS)
def test_an_empty_archive_is_an_empty_flow(make) -> None:
    assert fault_of(make([])) == ("CE-ARC-03", Motive.IRR_VIDE)


@pytest.mark.parametrize("make", MAKERS)
def test_an_empty_entry_is_left_to_the_next_step(make) -> None:
    assert results(make([("a.xml", b"")])) == [(1, "a.xml", b"")]


@pytest.mark.parametrize("make", MAKERS)
def test_as_many_files_pass_as_500_invoices_signed_may_have_and_one_more_does_not(make) -> None:
    most = Limits().files
    files = [(f"{n}.xml", b"<a/>") for n in range(most + 1)]
    assert len(results(make(files[:most]))) == most
    assert fault_of(make(files)) == ("CE-ARC-04", Motive.IRR_TAILLE)


@pytest.mark.parametrize("make", MAKERS)
def test_an_entry_may_not_be_too_large(make) -> None:
    data = make([("a.xml", b"x" * 101)])
    assert fault_of(data, Limits(entry=100)) == ("CE-ARC-06", Motive.IRR_TAILLE_F)


@pytest.mark.parametrize("make", MAKERS)
def test_entries_together_may_not_be_too_large(make) -> None:
    data = make([(f"{n}.xml", b"x" * 60) for n in range(2)])
    assert fault_of(data, Limits(total=100)) == ("CE-ARC-05", Motive.IRR_TAILLE)


def test_an_entry_that_claims_ten_gigabytes_is_refused_unread() -> None:
    data = gzip.compress(header("a.xml", 10**10) + bytes(1024))
    assert fault_of(data) == ("CE-ARC-06", Motive.IRR_TAILLE_F)


def test_a_fault_in_an_entry_is_the_last_chunk_and_ends_the_archive() -> None:
    data = tar_gz([("a.xml", b"<a/>" * 100_000)])
    seen = []
    for item in unpack(io.BytesIO(data[: len(data) // 2]), Limits()):
        seen.append(item)
        if isinstance(item, Entry):
            *_, last = item.chunks()
            assert isinstance(last, ArchiveFault)
            assert item.read() == b""
    assert [type(item) for item in seen] == [Entry, ArchiveFault]


def test_a_fault_becomes_a_finding() -> None:
    (fault,) = list(unpack(io.BytesIO(zipped([])), Limits()))
    finding = finding_of(fault)
    assert (finding.stage, finding.rule, finding.fatal) == (Stage.UNPACK, "CE-ARC-03", True)
    assert finding.conseil


def test_reading_a_damaged_entry_gives_its_fault() -> None:
    data = bytearray(zipped([("a.xml", bytes(range(256)) * 4)]))
    data[60:64] = b"\xff" * 4
    (item, again) = [
        item.read() if isinstance(item, Entry) else item
        for item in unpack(io.BytesIO(bytes(data)), LIMITS)
    ][-2:]
    assert isinstance(item, ArchiveFault)
    assert again == item
