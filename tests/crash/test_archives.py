"""Killed and started again, a night delivered in archives ends as if nothing had happened."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from chorus_edi.domain.flux import platform_number
from tests.crash.conftest import DataFolder, data_folder
from tests.crash.nights import deposit_night


def installed(root: Path, *, format: str = "tar") -> DataFolder:
    folder = data_folder(root, "", workers=1)
    choose(folder, format)
    deposit_night(folder.root / "inbox")
    return folder


def choose(folder: DataFolder, format: str) -> None:
    """Set the form of deliveries, whatever it was."""
    kept, _, _ = folder.config.read_text("utf-8").partition("[livraison]")
    folder.config.write_text(f'{kept}[livraison]\nformat = "{format}"\n', "utf-8")


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = installed(tmp_path_factory.mktemp("tar") / "data")
    folder.run()
    return folder.left()


@pytest.mark.parametrize(
    "crash_at",
    ["decided:1", "decided:6", "delivering:1", "noted:1", "delivered:1"],
)
def test_a_night_of_archives_killed_at_a_point_ends_as_an_undisturbed_one(
    tmp_path: Path, undisturbed: dict[str, bytes], crash_at: str
) -> None:
    folder = installed(tmp_path / "data")

    assert folder.run_killed(crash_at) == -signal.SIGKILL
    folder.run()

    assert any(name.endswith(".tar") for name in folder.left())
    assert folder.left() == undisturbed
    assert folder.under_way() == []


@pytest.mark.parametrize("crash_at", ["decided:1", "noted:1"])
@pytest.mark.parametrize(("before", "after"), [("tar", "fichiers"), ("fichiers", "tar")])
def test_a_delivery_that_was_begun_ends_in_the_form_it_was_begun_in(
    tmp_path: Path, before: str, after: str, crash_at: str
) -> None:
    folder = installed(tmp_path / "data", format=before)

    assert folder.run_killed(crash_at) == -signal.SIGKILL
    choose(folder, after)
    folder.run()

    begun = platform_number(1)
    others = {path.parent.name for path in delivered(folder)} - {begun}
    assert forms(folder, begun) == {before}
    assert {form for numero in others for form in forms(folder, numero)} == {after}


def delivered(folder: DataFolder) -> list[Path]:
    return list((folder.root / "outbox").glob("[0-9]*/*/livraison.json"))


def forms(folder: DataFolder, numero: str) -> set[str]:
    """Tell in which forms a flow was delivered."""
    files = (folder.root / "outbox").glob(f"[0-9]*/{numero}/*")
    suffixes = {path.suffix for path in files if path.name != "livraison.json"}
    return {"tar" if suffix == ".tar" else "fichiers" for suffix in suffixes}
