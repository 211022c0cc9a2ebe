"""Archive formats: what is read, and each way of breaking one."""

from __future__ import annotations

import gzip
import io
import struct
import tarfile
import zipfile

import pytest

from chorus_edi.formats.archive import ArchiveFault, ArchiveKind, Limits, kind_of, members
from tests.archives import gzip_of_zeros, header, member, tar, tar_gz, tar_of, zipped

FILES = [("a.xml", b"<a/>"), ("lot/b.xml", b"<b/>" * 200_000), ("c.xml", b"")]
LIMITS = Limits(documents=20, total=200 * 1024 * 1024)


def read(data: bytes, limits: Limits = LIMITS) -> list[tuple[str, bytes] | str]:
    """Return the files of an archive, and the rule of the fault that ends it."""
    found: list[tuple[str, bytes] | str] = []
    for item in members(io.BytesIO(data), limits):
        if isinstance(item, ArchiveFault):
            found.append(item.rule)
            continue
        pieces = list(item.chunks())
        if pieces and isinstance(pieces[-1], ArchiveFault):
            return [*found, pieces[-1].rule]
        content = b"".join(piece for piece in pieces if isinstance(piece, bytes))
        assert len(content) == item.size
        found.append((item.name, content))
    return found


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"\x1f\x8b\x08\x00", ArchiveKind.TAR_GZ),
        (b"PK\x03\x04", ArchiveKind.ZIP),
        (b"PK\x05\x06", ArchiveKind.ZIP),
        (b"<?xml", None),
        (b"BZh9", None),
        (b"", None),
    ],
)
def test_an_archive_is_told_by_its_first_bytes(head: bytes, kind: ArchiveKind | None) -> None:
    assert kind_of(head) is kind


@pytest.mark.parametrize("format", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_every_tar_dialect_is_read(format: int) -> None:
    long = "/".join(["dossier"] * 20) + "/d.xml"
    files = [*FILES, (long, b"<d/>")]
    assert read(tar_gz(files, format=format)) == files


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_zip_is_read(method: int) -> None:
    assert read(zipped(FILES, method)) == FILES


def test_what_is_not_read_is_passed_over() -> None:
    items = list(members(io.BytesIO(tar_gz(FILES)), LIMITS))
    assert [item.name for item in items] == ["a.xml", "lot/b.xml", "c.xml"]


def test_folders_are_passed_over() -> None:
    archive = tar_of(
        [(member("lot", kind=tarfile.DIRTYPE), b""), (member("lot/a.xml", 4), b"<a/>")]
    )
    assert read(gzip.compress(archive)) == [("lot/a.xml", b"<a/>")]
    assert read(zipped([("lot/", b""), ("lot/a.xml", b"<a/>")])) == [("lot/a.xml", b"<a/>")]


def test_a_global_header_is_passed_over() -> None:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", pax_headers={"comment": "0123abcd"}) as archive:
        archive.addfile(member("a.xml", 4), io.BytesIO(b"<a/>"))
    assert read(gzip.compress(buffer.getvalue())) == [("a.xml", b"<a/>")]


def test_gzip_files_may_follow_each_other_and_be_padded() -> None:
    whole = tar(FILES)
    data = gzip.compress(whole[:700]) + gzip.compress(whole[700:]) + bytes(1_000_000)
    assert read(data) == FILES


def test_another_file_is_no_archive() -> None:
    assert read(b"<a/>") == ["CE-ARC-01"]


# -- broken tar ------------------------------------------------------------------------------------


@pytest.mark.parametrize("part", [0.001, 0.1, 0.5, 0.9, 0.99])
def test_a_truncated_tar_gz_is_refused(part: float) -> None:
    whole = tar_gz(FILES)
    assert read(whole[: int(len(whole) * part) + 2])[-1] == "CE-ARC-01"


@pytest.mark.parametrize("cut", [1, 4, 8, 9])
def test_a_missing_check_sum_is_a_truncation(cut: int) -> None:
    assert read(tar_gz(FILES)[:-cut])[-1] == "CE-ARC-01"


def test_a_wrong_check_sum_is_refused() -> None:
    data = bytearray(tar_gz(FILES))
    data[-5] ^= 1
    assert read(bytes(data))[-1] == "CE-ARC-01"


def test_a_tar_without_its_end_is_refused() -> None:
    assert read(gzip.compress(tar(FILES[:1])[:1024]))[-1] == "CE-ARC-01"
    assert read(gzip.compress(tar(FILES[:1])[:514]))[-1] == "CE-ARC-01"
    assert read(gzip.compress(tar(FILES[:1])[:600]))[-1] == "CE-ARC-01"


@pytest.mark.parametrize("data", [b"<a/>", b"x" * 512, b""])
def test_a_gzip_that_holds_no_tar_is_refused(data: bytes) -> None:
    assert read(gzip.compress(data)) == ["CE-ARC-01"]


def test_data_behind_the_end_are_refused() -> None:
    assert read(tar_gz(FILES) + b"x")[-1] == "CE-ARC-10"
    assert read(tar_gz(FILES) + tar_gz(FILES))[-1] == "CE-ARC-10"
    assert read(gzip.compress(tar(FILES) + b"x"))[-1] == "CE-ARC-10"


def test_a_thousand_empty_gzips_are_refused() -> None:
    assert read(gzip.compress(b"") * 2_000 + tar_gz(FILES)) == ["CE-ARC-01"]


@pytest.mark.parametrize(
    "kind",
    [
        tarfile.SYMTYPE,
        tarfile.LNKTYPE,
        tarfile.CHRTYPE,
        tarfile.BLKTYPE,
        tarfile.FIFOTYPE,
        tarfile.GNUTYPE_SPARSE,
        b"Z",
    ],
)
def test_links_devices_and_unknown_members_are_refused(kind: bytes) -> None:
    archive = header("lien", 0, kind) + bytes(1024)
    assert read(gzip.compress(archive)) == ["CE-ARC-09"]


def test_a_sparse_file_by_pax_is_refused() -> None:
    info = member("a.xml", 4)
    info.pax_headers = {"GNU.sparse.major": "1"}
    assert read(gzip.compress(tar_of([(info, b"<a/>")]))) == ["CE-ARC-09"]


def test_a_pax_size_stands_above_that_of_the_header() -> None:
    info = member("a.xml", 4)
    info.pax_headers = {"size": "4"}
    assert read(gzip.compress(tar_of([(info, b"<a/>")]))) == [("a.xml", b"<a/>")]


def test_a_long_link_name_is_passed_over() -> None:
    link = header("././@LongLink", 5, tarfile.GNUTYPE_LONGLINK) + b"lien\0".ljust(512, b"\0")
    assert read(gzip.compress(link + tar(FILES))) == FILES


@pytest.mark.parametrize(
    "records",
    [
        b"x",
        b"5 a",
        b"0 a=b\n",
        b"999 a=b\n",
        b"6 size\n",
        b"9 size=x\n\n",
        b"29 size=99999999999999999999\n\n",
        b"7 abcd\n",
    ],
)
def test_pax_records_that_make_no_sense_are_refused(records: bytes) -> None:
    head = header("pax", len(records), tarfile.XHDTYPE) + records.ljust(512, b"\0")
    assert read(gzip.compress(head + tar(FILES)))[0] == "CE-ARC-01"


def test_a_global_path_is_refused() -> None:
    records = b"12 path=a.b\n"
    head = header("pax", len(records), tarfile.XGLTYPE) + records.ljust(512, b"\0")
    assert read(gzip.compress(head + tar(FILES))) == ["CE-ARC-01"]


def test_a_negative_size_is_refused() -> None:
    block = bytearray(header("a.xml", 0))
    block[124:136] = b"\xff" * 12
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\0 " % sum(block)
    assert read(gzip.compress(bytes(block) + bytes(1024))) == ["CE-ARC-01"]


@pytest.mark.parametrize(
    ("kind", "rule"),
    [
        (tarfile.GNUTYPE_LONGNAME, "CE-ARC-07"),
        (tarfile.GNUTYPE_LONGLINK, "CE-ARC-07"),
        (tarfile.XHDTYPE, "CE-ARC-01"),
        (tarfile.XGLTYPE, "CE-ARC-01"),
        (tarfile.SOLARIS_XHDTYPE, "CE-ARC-01"),
    ],
)
def test_a_bomb_in_a_header_is_refused_unread(kind: bytes, rule: str) -> None:
    assert read(gzip_of_zeros(50_000_000, header("x", 50_000_000, kind))) == [rule]


@pytest.mark.parametrize("kind", [tarfile.GNUTYPE_LONGNAME, tarfile.XHDTYPE])
def test_an_extension_cut_short_is_refused(kind: bytes) -> None:
    assert read(gzip.compress(header("x", 600, kind) + b"10 a=bcde\n" * 10)) == ["CE-ARC-01"]
    assert read(gzip.compress(header("x", 10, kind) + b"10 a=bcde\n")) == ["CE-ARC-01"]


def test_folders_without_number_are_refused() -> None:
    archive = header("lot/", 0, tarfile.DIRTYPE) * 5_000
    assert read(gzip.compress(archive + tar(FILES))) == ["CE-ARC-04"]


def test_a_tar_bomb_ends_at_the_ratio() -> None:
    data = gzip_of_zeros(190_000_000, header("a.xml", 190_000_000))
    assert read(data) == ["CE-ARC-05"]


def test_a_tar_bomb_ends_at_the_size() -> None:
    limits = Limits(documents=1, total=1_000_000)
    assert read(gzip_of_zeros(3_000_000, header("a.xml", 3_000_000)), limits) == ["CE-ARC-05"]


# -- broken zip ------------------------------------------------------------------------------------


@pytest.mark.parametrize("part", [0.01, 0.5, 0.9, 0.99])
def test_a_truncated_zip_is_refused(part: float) -> None:
    whole = zipped(FILES)
    assert read(whole[: int(len(whole) * part) + 4]) == ["CE-ARC-01"]


def test_a_damaged_member_is_refused() -> None:
    data = bytearray(zipped(FILES, zipfile.ZIP_STORED))
    data[36] ^= 0xFF
    assert read(bytes(data)) == ["CE-ARC-01"]


def patched(data: bytes, offset: int, value: bytes) -> bytes:
    """Change bytes of the first central header."""
    at = data.index(b"PK\x01\x02") + offset
    return data[:at] + value + data[at + len(value) :]


@pytest.mark.parametrize(
    ("offset", "value", "rule"),
    [
        (8, b"\x01\x00", "CE-ARC-02"),
        (10, struct.pack("<H", 14), "CE-ARC-01"),
        (24, struct.pack("<L", 3), "CE-ARC-01"),
        (24, struct.pack("<L", 5), "CE-ARC-01"),
        (20, struct.pack("<L", 900_000_000), "CE-ARC-01"),
        (24, struct.pack("<L", 900_000_000), "CE-ARC-05"),
        (38, struct.pack("<L", 0o120777 << 16), "CE-ARC-09"),
        (38, struct.pack("<L", 0o020666 << 16), "CE-ARC-09"),
        (42, struct.pack("<L", 30), "CE-ARC-10"),
        (46, b"b", "CE-ARC-01"),
    ],
    ids=["encrypted", "lzma", "short", "long", "packed", "bomb", "link", "device", "moved", "name"],
)
def test_a_zip_directory_that_lies_is_refused(offset: int, value: bytes, rule: str) -> None:
    data = patched(zipped([("a.xml", b"<a/>" * 9)]), 5, b"\x03")
    assert read(patched(data, offset, value)) == [rule]


def test_entries_that_share_their_bytes_are_refused() -> None:
    data = zipped([("a.xml", b"<a/>"), ("a.xml", b"<a/>")], zipfile.ZIP_STORED)
    second = data.rindex(b"PK\x01\x02") + 42
    assert read(data[:second] + bytes(4) + data[second + 4 :]) == ["CE-ARC-01"]


def test_a_zip_behind_other_data_is_refused() -> None:
    one = zipped(FILES)
    assert read(one + one) == ["CE-ARC-10"]


def test_a_zip64_that_lies_is_refused() -> None:
    data = zipped(FILES)
    end = data.index(b"PK\x05\x06")
    record = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, 2**60, 2**60, 2**62, 2**62)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, end, 1)
    assert read(data[:end] + record + locator + data[end:])[-1] in ("CE-ARC-01", "CE-ARC-04")


def test_seventy_thousand_entries_are_refused() -> None:
    data = zipped([(f"{n}.xml", b"") for n in range(70_000)])
    assert read(data) == ["CE-ARC-04"]


def test_one_entry_too_many_is_refused() -> None:
    assert read(zipped([(f"{n}.xml", b"") for n in range(57)])) == ["CE-ARC-04"]


def test_an_empty_archive_has_no_member() -> None:
    assert read(zipped([])) == []
    assert read(tar_gz([])) == []
