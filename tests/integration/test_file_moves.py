"""Files move across file systems whole, whatever a crash cuts short; nothing is taken twice."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

import pytest

from chorus_edi.adapters.files import disk
from chorus_edi.adapters.files.flows import FlowFolders
from chorus_edi.errors import Incident
from tests.integration.test_folders import AT, CONTENT, NUMERO, Place


@pytest.fixture
def apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder on another file system than ``tmp_path``, or one that behaves as if it were."""
    memory = Path("/dev/shm")
    if memory.is_dir() and memory.stat().st_dev != tmp_path.stat().st_dev:
        folder = Path(tempfile.mkdtemp(dir=memory, prefix="chorus-edi-"))
        yield folder
        shutil.rmtree(folder)
        return
    folder = tmp_path / "apart"
    folder.mkdir()
    _part(folder, monkeypatch)
    yield folder


def _part(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse renames out of a folder."""
    rename = Path.rename

    def refused(self: Path, target: Path) -> Path:
        if self.is_relative_to(folder) is not Path(target).is_relative_to(folder):
            raise OSError(errno.EXDEV, os.strerror(errno.EXDEV), str(self))
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", refused)


def killed(*_: object) -> None:
    raise KeyboardInterrupt


def refused_by(number: int) -> Callable[..., None]:
    def refused(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    return refused


def test_a_file_moves_across_file_systems_whole_and_leaves_nothing_behind(
    tmp_path: Path, apart: Path
) -> None:
    source, target = apart / "a.xml", tmp_path / "recu"
    source.write_bytes(CONTENT)

    disk.move(source, target)

    assert target.read_bytes() == CONTENT
    assert not source.exists()
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["recu"]


def test_a_copy_that_differs_from_its_original_is_an_incident_and_the_original_stays(
    tmp_path: Path, apart: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, target = apart / "a.xml", tmp_path / "recu"
    source.write_bytes(CONTENT)
    monkeypatch.setattr(shutil, "copyfileobj", lambda _read, written, _: written.write(b"autre"))

    with pytest.raises(Incident, match=r"a\.xml"):
        disk.move(source, target)

    assert source.read_bytes() == CONTENT
    assert not target.exists()


def test_a_copy_cut_short_by_a_crash_is_begun_again(
    tmp_path: Path, apart: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, target = apart / "a.xml", tmp_path / "recu"
    source.write_bytes(CONTENT)
    with monkeypatch.context() as crash:
        crash.setattr(Path, "replace", killed)
        with pytest.raises(KeyboardInterrupt):
            disk.move(source, target)
    assert not target.exists()

    disk.move(source, target)

    assert target.read_bytes() == CONTENT
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["recu"]


def test_an_error_that_is_not_about_file_systems_is_told_as_it_is(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (tmp_path / "a.xml").write_bytes(CONTENT)

    with pytest.raises(OSError, match="directory"):
        disk.move(tmp_path / "a.xml", folder)


def test_a_flow_copied_before_a_crash_does_not_stay_in_the_inbox_to_be_claimed_again(
    tmp_path: Path, apart: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = Place(tmp_path, apart)
    flux = place.deposit("a.xml")
    with monkeypatch.context() as crash:
        crash.setattr(Path, "unlink", killed)
        with pytest.raises(KeyboardInterrupt):
            place.folders.take(flux)
    assert place.in_inbox() == [f".{NUMERO}.pris"]

    assert place.folders.take(flux)

    assert place.in_inbox() == []
    assert place.in_data() == [f"work/{NUMERO}/recu"]


def test_a_file_renamed_over_one_that_is_being_copied_is_not_lost(
    tmp_path: Path, apart: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = Place(tmp_path, apart)
    flux = place.deposit("a.xml")
    copy = shutil.copyfileobj

    def meanwhile(read: BinaryIO, written: BinaryIO, length: int) -> None:
        place.deposit("a.xml.part", b"<CreditNote/>")
        (apart / "a.xml.part").rename(apart / "a.xml")
        copy(read, written, length)

    monkeypatch.setattr(shutil, "copyfileobj", meanwhile)

    assert place.folders.take(flux)

    assert Path(place.folders.path(flux)).read_bytes() == CONTENT
    assert (apart / "a.xml").read_bytes() == b"<CreditNote/>"


def test_a_disk_that_fills_up_during_a_copy_loses_nothing_and_holds_no_name(
    tmp_path: Path, apart: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = Place(tmp_path, apart)
    flux = place.deposit("a.xml")
    with monkeypatch.context() as full:
        full.setattr(shutil, "copyfileobj", refused_by(errno.ENOSPC))
        with pytest.raises(OSError, match="No space"):
            place.folders.take(flux)
    assert place.folders.kept(flux)
    place.deposit("a.xml", b"<CreditNote/>")

    assert place.folders.take(flux)

    assert Path(place.folders.path(flux)).read_bytes() == CONTENT
    assert (apart / "a.xml").read_bytes() == b"<CreditNote/>"


def test_a_link_is_not_followed_to_another_file_system(tmp_path: Path, apart: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(b"not deposited")
    place = Place(tmp_path, apart)
    flux = place.deposit("a.xml")
    (apart / "a.xml").unlink()
    (apart / "a.xml").symlink_to(secret)

    assert not place.folders.take(flux)

    assert place.in_data() == []
    assert secret.read_bytes() == b"not deposited"


def test_the_witness_of_the_next_file_of_a_name_is_left_to_it(tmp_path: Path) -> None:
    place = Place(tmp_path)
    folders = FlowFolders(place.inbox, place.data, lambda _: ".done")
    flux = place.deposit("a.xml")
    place.deposit("a.xml.done", b"1")
    folders.take(flux)
    place.deposit("a.xml")
    place.deposit("a.xml.done", b"2")

    assert folders.take(flux)

    assert folders.witness(flux) == b"1"
    assert place.in_inbox() == ["a.xml", "a.xml.done"]


@pytest.mark.parametrize("second", [CONTENT, b"<CreditNote/>"], ids=["same content", "other"])
def test_a_file_that_came_in_under_the_same_name_meanwhile_stays_in_the_inbox(
    tmp_path: Path, apart: Path, second: bytes
) -> None:
    place = Place(tmp_path, apart)
    flux = place.deposit("a.xml")
    place.folders.take(flux)
    place.deposit("a.xml", second)
    os.utime(apart / "a.xml", (AT.timestamp(), AT.timestamp()))

    assert place.folders.take(flux)

    assert place.in_inbox() == ["a.xml"]


def test_on_one_file_system_a_file_of_the_same_name_and_time_stays_in_the_inbox(
    tmp_path: Path,
) -> None:
    place = Place(tmp_path)
    flux = place.deposit("a.xml")
    os.utime(place.inbox / "a.xml", (AT.timestamp(), AT.timestamp()))
    place.folders.take(flux)
    place.deposit("a.xml")
    os.utime(place.inbox / "a.xml", (AT.timestamp(), AT.timestamp()))

    assert place.folders.take(flux)

    assert place.in_inbox() == ["a.xml"]


def test_a_name_of_255_bytes_can_be_moved_across_file_systems_and_written_whole(
    tmp_path: Path, apart: Path
) -> None:
    name = "é" * 127 + "x"
    (apart / "a.xml").write_bytes(CONTENT)

    disk.move(apart / "a.xml", tmp_path / name)
    disk.write_whole(tmp_path / name, b"deux")

    assert (tmp_path / name).read_bytes() == b"deux"
