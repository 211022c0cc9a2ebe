"""The outbox and the lock of a data folder."""

from __future__ import annotations

import errno
import hashlib
import io
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from chorus_edi.adapters.files import disk
from chorus_edi.adapters.files.lock import sole_instance
from chorus_edi.adapters.files.outbox import OutboxFolder
from chorus_edi.errors import Defect, Incident

CONTENT = b"<Invoice/>\n" * 1000


# -- outbox --------------------------------------------------------------------------------------


@pytest.fixture
def outbox(tmp_path: Path) -> OutboxFolder:
    return OutboxFolder(tmp_path / "outbox")


def test_a_staged_file_takes_its_final_name(tmp_path: Path, outbox: OutboxFolder) -> None:
    staged = tmp_path / "staged"
    staged.write_bytes(CONTENT)

    outbox.adopt(str(staged), "21800019800018/F1/F1-0001.xml")

    assert (tmp_path / "outbox/21800019800018/F1/F1-0001.xml").read_bytes() == CONTENT
    assert not staged.exists()


def test_writing_a_file_again_replaces_it_and_leaves_no_temporary_name(
    tmp_path: Path, outbox: OutboxFolder
) -> None:
    outbox.write("ABC123/compte-rendu.json", b"un")
    outbox.write("ABC123/compte-rendu.json", b"deux")

    (left,) = (tmp_path / "outbox/ABC123").iterdir()
    assert (left.name, left.read_bytes()) == ("compte-rendu.json", b"deux")


@pytest.mark.parametrize("path", ["../a.json", "A/../../a.json", "A/..", "/etc/a.json", "", "."])
def test_a_path_that_leaves_the_outbox_is_a_defect_and_writes_nothing(
    tmp_path: Path, outbox: OutboxFolder, path: str
) -> None:
    with pytest.raises(Defect):
        outbox.write(path, b"x")
    with pytest.raises(Defect):
        outbox.adopt(str(tmp_path / "staged"), path)

    assert [str(found) for found in tmp_path.rglob("*")] == [str(tmp_path / "outbox")]


def test_the_outbox_has_a_file_only_with_just_these_bytes(outbox: OutboxFolder) -> None:
    outbox.write("A/a.xml", b"un")
    sha256 = hashlib.sha256(b"un").hexdigest()

    assert outbox.has("A/a.xml", 2, sha256)
    assert not outbox.has("A/a.xml", 3, sha256)
    assert not outbox.has("A/a.xml", 2, "0" * 64)
    assert not outbox.has("A/b.xml", 2, sha256)
    assert not outbox.has("A", 2, sha256)


def test_every_secured_file_is_synced_however_many_there_are(
    tmp_path: Path, outbox: OutboxFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    staged = [tmp_path / f"{number}.xml" for number in range(5)]
    for path in staged:
        path.write_bytes(CONTENT)
    synced: list[int] = []
    monkeypatch.setattr(disk, "_GROUP", 2)
    monkeypatch.setattr(os, "fsync", lambda opened: synced.append(os.fstat(opened).st_ino))

    outbox.secure(map(str, staged))

    assert sorted(synced) == sorted(path.stat().st_ino for path in staged)


def test_a_disk_that_fails_to_secure_one_file_of_many_is_told(
    tmp_path: Path, outbox: OutboxFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    staged = [tmp_path / f"{number}.xml" for number in range(20)]
    for path in staged:
        path.write_bytes(CONTENT)
    broken = staged[13].stat().st_ino

    def sync(opened: int) -> None:
        if os.fstat(opened).st_ino == broken:
            raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "fsync", sync)

    with pytest.raises(OSError, match="Input/output"):
        outbox.secure(map(str, staged))


def test_a_file_that_cannot_be_secured_is_told(tmp_path: Path, outbox: OutboxFolder) -> None:
    with pytest.raises(FileNotFoundError):
        outbox.secure([str(tmp_path / "absent.xml")])


def test_a_write_that_takes_only_a_part_is_gone_on_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Sparing(io.FileIO):
        def write(self, content: Any, /) -> int:
            return super().write(content[:1000])

    monkeypatch.setattr(io, "open", lambda path, *_: Sparing(path, "w"))  # what pathlib calls

    disk.write_durably(tmp_path / "a.xml", CONTENT)

    monkeypatch.undo()
    assert (tmp_path / "a.xml").read_bytes() == CONTENT


def test_settling_makes_each_folder_durable_once_up_to_the_outbox_whoever_made_it(
    tmp_path: Path, outbox: OutboxFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = ("A/F/1.xml", "A/F/2.xml", "B/F/1.xml")
    for path in paths:
        OutboxFolder(tmp_path / "outbox").write(path, b"x")
    synced: list[Path] = []
    monkeypatch.setattr(disk, "sync_folder", synced.append)

    outbox.settle(paths)

    assert synced == [tmp_path / "outbox" / one for one in (".", "A", "A/F", "B", "B/F")]


# -- lock ----------------------------------------------------------------------------------------


def test_a_second_instance_on_one_data_folder_is_an_incident(tmp_path: Path) -> None:
    with (
        sole_instance(tmp_path / "var"),
        pytest.raises(Incident, match="var"),
        sole_instance(tmp_path / "var"),
    ):
        pytest.fail("two instances")


def test_the_lock_of_a_process_that_was_killed_is_taken_over(tmp_path: Path) -> None:
    held = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from chorus_edi.adapters.files.lock import sole_instance\n"
        "with sole_instance(Path(sys.argv[1])):\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    dead = subprocess.run([sys.executable, "-c", held, str(tmp_path)], check=False)
    assert dead.returncode == -signal.SIGKILL
    assert (tmp_path / "chorus_edi.lock").read_text() != ""

    with sole_instance(tmp_path):
        assert (tmp_path / "chorus_edi.lock").read_text() == f"{os.getpid()}\n"


def test_the_lock_names_the_process_that_holds_it_and_is_free_after_it(tmp_path: Path) -> None:
    with sole_instance(tmp_path):
        assert (tmp_path / "chorus_edi.lock").read_text() == f"{os.getpid()}\n"

    with sole_instance(tmp_path):
        assert (tmp_path / "chorus_edi.lock").read_text() == f"{os.getpid()}\n"
