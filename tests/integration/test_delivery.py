"""What a night delivers is on the disk before it bears its final name."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from chorus_edi import bootstrap
from tests.builders import ubl
from tests.crash.conftest import data_folder
from tests.crash.nights import RECIPIENTS, batch


def test_nothing_takes_its_final_name_before_its_content_is_durable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = data_folder(tmp_path / "data", "", workers=1)
    inbox = folder.root / "inbox" / "ABC123"
    inbox.mkdir(parents=True)
    (inbox / "lot.tar.gz").write_bytes(batch(5, seed=3, wrong=2))
    (inbox / "seule.xml").write_bytes(ubl(number=9, recipient=RECIPIENTS[0]))
    synced: set[int] = set()
    named: dict[str, bool] = {}
    sync, rename = os.fsync, os.rename

    def watched_sync(opened: int) -> None:
        synced.add(os.fstat(opened).st_ino)
        sync(opened)

    def watched_rename(source: str | Path, target: str | Path) -> None:
        named[str(target)] = Path(source).stat().st_ino in synced
        rename(source, target)

    monkeypatch.setattr(os, "fsync", watched_sync)
    monkeypatch.setattr(os, "rename", watched_rename)

    bootstrap.run(bootstrap.load_settings(folder.config), once=True)

    delivered = [str(path) for path in (folder.root / "outbox").glob("*/*/*.xml")]
    assert len(delivered) == 5
    assert all(named[path] for path in delivered)
