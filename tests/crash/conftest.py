"""A night in a data folder, run once, killed or not, and what it leaves behind."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from tests.crash.nights import PARTNERS, SERVICES, STRUCTURES, deposit_night
from tests.crash.one_run import run_killed, run_once


class DataFolder(NamedTuple):
    """A whole installation in one folder."""

    root: Path
    database: str

    @property
    def config(self) -> Path:
        return self.root / "chorus_edi.toml"

    def run(self) -> None:
        """Run once, to the end."""
        run_once(self.config)

    def run_killed(self, crash_at: str) -> int:
        """Run once in a process of its own; return its exit code (-9 where it was killed)."""
        return run_killed(self.config, crash_at)

    def left(self) -> dict[str, bytes]:
        """Return every file of the outbox, the archive and the rejects."""
        shelves = (self.root / "outbox", self.root / "var/archive", self.root / "var/rejets")
        return {
            str(path.relative_to(self.root)): path.read_bytes()
            for shelf in shelves
            for path in sorted(shelf.rglob("*"))
            if path.is_file()
        }

    def under_way(self) -> list[str]:
        """Return what is still in the inbox or in work."""
        places = (self.root / "inbox", self.root / "var/work")
        return [str(p) for place in places for p in place.rglob("*") if p.is_file()]


def data_folder(root: Path, database: str, *, workers: int = 2) -> DataFolder:
    """Make an installation with its partners and its directory."""
    root.mkdir(parents=True, exist_ok=True)
    (root / "partenaires.toml").write_text(PARTNERS, encoding="utf-8")
    (root / "structures.csv").write_text(STRUCTURES, encoding="utf-8")
    (root / "services.csv").write_text(SERVICES, encoding="utf-8")
    (root / "chorus_edi.toml").write_text(
        f"""
[database]
{f'url = "{database}"' if database else ""}
[partenaires]
file = "partenaires.toml"
[annuaire]
structures = "structures.csv"
services = "services.csv"
[workers]
count = {workers}
""",
        encoding="utf-8",
    )
    return DataFolder(root, database)


@pytest.fixture(scope="session")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What an undisturbed run of the night leaves (SQLite)."""
    folder = data_folder(tmp_path_factory.mktemp("undisturbed"), "")
    deposit_night(folder.root / "inbox")
    folder.run()
    assert not folder.under_way()
    return folder.left()
