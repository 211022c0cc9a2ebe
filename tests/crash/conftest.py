"""A night in a data folder, run once, killed or not, and what it leaves behind."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from tests.crash.left import Left, files_of, rows_of
from tests.crash.moments import Moment
from tests.crash.nights import PARTNERS, SERVICES, STRUCTURES, batch, deposit_mixed
from tests.crash.one_run import deaths, run_killed, run_once, seen


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

    def run_killed(self, *moments: str, workers: tuple[str, ...] = ()) -> int:
        """Run once in a process of its own, until one of the moments: its exit code, -9 if killed.

        ``workers``: moments that take one worker each.
        """
        return run_killed(
            self.config, [Moment.read(m) for m in moments], [Moment.read(m) for m in workers]
        )

    def seen(self) -> list[tuple[str, str]]:
        """Return the points and effects of the last ``run_killed`` that came to its end."""
        return seen(self.config)

    def deaths(self) -> list[tuple[str, str]]:
        """Return where processes died: the point that was passed, the effect to come."""
        return deaths(self.config)

    def left(self) -> Left:
        """Return every file and every row."""
        return files_of(self.root) | rows_of(
            self.database or f"sqlite:///{self.root / 'var/chorus_edi.db'}"
        )

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


def folder_with_a_lot(root: Path, database: str) -> DataFolder:
    """Make an installation with one archive of three sound invoices in its inbox."""
    made = data_folder(root, database, workers=1)
    inbox = made.root / "inbox" / "ABC123"
    inbox.mkdir(parents=True)
    (inbox / "lot.tar.gz").write_bytes(batch(3, seed=3))
    return made


@pytest.fixture(scope="session")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Left:
    """What an undisturbed run of the mixed night leaves (SQLite)."""
    folder = data_folder(tmp_path_factory.mktemp("undisturbed"), "")
    deposit_mixed(folder.root / "inbox")
    assert folder.run_killed() == 0
    return folder.left()
