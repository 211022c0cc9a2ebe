"""Events of the inbox wake the scanner, where they can be trusted; nothing depends on them."""

from __future__ import annotations

import logging
import threading
from pathlib import Path

import pytest

from chorus_edi.adapters.files import watching
from chorus_edi.adapters.files.watching import watched

PATIENCE = 20
LOCAL = "24 1 8:1 / / rw - ext4 /dev/sda1 rw\n"


@pytest.fixture
def observers(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return what the stand-ins for observers were asked; no thread is started."""
    asked: list[str] = []

    class Refusing:
        def schedule(self, *_: object, **__: object) -> None:
            asked.append("schedule")

        def start(self) -> None:
            raise OSError("inotify watch limit reached")

    monkeypatch.setattr(watching, "Observer", Refusing)
    return asked


def test_a_file_that_gets_its_name_wakes(tmp_path: Path) -> None:
    woken = threading.Event()
    (tmp_path / "a.xml.part").write_bytes(b"<Invoice/>")

    with watched(tmp_path, woken.set, lambda: LOCAL):
        (tmp_path / "a.xml.part").rename(tmp_path / "a.xml")

        assert woken.wait(PATIENCE)


@pytest.mark.parametrize("kind", ["nfs4", "cifs", "fuse.sshfs"])
def test_on_a_network_file_system_events_are_off_by_themselves(
    tmp_path: Path, observers: list[str], kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    mounts = f"{LOCAL}25 24 0:40 / {tmp_path.resolve()} rw - {kind} server:/share rw\n"

    with (
        caplog.at_level(logging.INFO),
        watched(tmp_path, pytest.fail, lambda: mounts),
    ):
        (tmp_path / "a.xml").write_bytes(b"<Invoice/>")

    assert observers == []
    assert "looked at, not watched" in caplog.text


def test_a_system_without_watches_left_is_only_looked_at(
    tmp_path: Path, observers: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    with watched(tmp_path, pytest.fail, lambda: LOCAL):
        pass

    assert observers == ["schedule"]
    assert "cannot be watched, only looked at" in caplog.text
