"""What a night delivers, file by file or in archives: durable before it has its name, and whole."""

from __future__ import annotations

import json
import os
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from chorus_edi import bootstrap
from chorus_edi.domain.flux import DeliveryFormat, Intent, archive_name
from chorus_edi.domain.statuses import InvoiceStatus
from chorus_edi.pipeline.packing import archive_for, write_archive
from chorus_edi.services import attente
from chorus_edi.services.doctor import Gravity
from chorus_edi.services.specimens import Recipient
from tests.builders import ubl
from tests.crash.conftest import DataFolder, data_folder
from tests.crash.nights import RECIPIENTS, batch, deposit_night
from tests.crash.one_run import StandingClock
from tests.integration.test_attente import fragile

NUMERO = "CPP0010000000000000000001"

Installed = Callable[[DeliveryFormat], DataFolder]


@pytest.fixture
def installed(tmp_path: Path) -> Installed:
    def make(format: DeliveryFormat) -> DataFolder:
        folder = data_folder(tmp_path / format, "", workers=1)
        with folder.config.open("a", encoding="utf-8") as file:
            file.write(f'[livraison]\nformat = "{format}"\n')
        return folder

    return make


def notes(folder: DataFolder) -> dict[str, Any]:
    """Return the delivery notes by the folder they stand in."""
    paths = (folder.root / "outbox").glob("*/*/livraison.json")
    return {str(p.parent.relative_to(folder.root)): json.loads(p.read_bytes()) for p in paths}


def received(folder: DataFolder) -> dict[str, bytes]:
    """Return what recipients get, unpacked, without the notes."""
    found: dict[str, bytes] = {}
    for path in (folder.root / "outbox").glob("[0-9]*/*/*"):
        beside = str(path.parent.relative_to(folder.root))
        if path.suffix == ".tar":
            with tarfile.open(path) as archive:
                for member in archive:
                    content = archive.extractfile(member)
                    assert content is not None
                    found[f"{beside}/{member.name}"] = content.read()
        elif path.name != "livraison.json":
            found[f"{beside}/{path.name}"] = path.read_bytes()
    return found


# -- durable before it has its name --------------------------------------------------------------


@pytest.mark.parametrize("format", DeliveryFormat)
def test_nothing_takes_its_final_name_before_its_content_is_durable(
    installed: Installed, monkeypatch: pytest.MonkeyPatch, format: DeliveryFormat
) -> None:
    folder = installed(format)
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

    delivered = [
        str(path)
        for path in (folder.root / "outbox").glob("[0-9]*/*/*")
        if path.name != "livraison.json"
    ]
    assert delivered
    assert all(named[path] for path in delivered)
    assert len([name for name in received(folder) if name.endswith(".xml")]) == 5


# -- one archive per flow and recipient ----------------------------------------------------------


@pytest.fixture
def both(installed: Installed) -> dict[DeliveryFormat, DataFolder]:
    """The same night delivered in both forms."""
    folders = {format: installed(format) for format in DeliveryFormat}
    for folder in folders.values():
        deposit_night(folder.root / "inbox")
        folder.run()
    return folders


def test_archives_hold_the_files_that_would_stand_alone(
    both: dict[DeliveryFormat, DataFolder],
) -> None:
    alone, packed = both[DeliveryFormat.FILES], both[DeliveryFormat.TAR]

    assert len(received(alone)) > 70
    assert received(packed) == received(alone)
    assert len(notes(packed)) > 1
    assert set(notes(packed)) == set(notes(alone))
    for place in notes(packed):
        numero = place.rpartition("/")[2]
        left = sorted(path.name for path in (packed.root / place).iterdir())
        assert left == [f"{numero}.tar", "livraison.json"]


def test_everything_else_is_the_same(both: dict[DeliveryFormat, DataFolder]) -> None:
    left = [
        {name: content for name, content in folder.left().items() if "/ABC123/" in name}
        for folder in both.values()
    ]
    statuses = []
    for folder in both.values():
        with bootstrap.open_store(bootstrap.load_settings(folder.config)) as store:
            statuses.append([(row.id, row.statut) for row in store.factures()])

    assert left[0] == left[1]
    assert statuses[0] == statuses[1]
    assert {statut for _, statut in statuses[1]} == {InvoiceStatus.MISE_A_DISPOSITION}


def test_the_note_says_which_archive_holds_each_file(
    both: dict[DeliveryFormat, DataFolder],
) -> None:
    alone, packed = notes(both[DeliveryFormat.FILES]), notes(both[DeliveryFormat.TAR])

    for place, note in packed.items():
        path = both[DeliveryFormat.TAR].root / place / f"{note['numero_flux']}.tar"
        (archive,) = note.pop("archives")
        assert (archive["nom"], archive["nature"]) == (path.name, "archive")
        assert archive["taille"] == path.stat().st_size
        files = [file for invoice in note["factures"] for file in invoice["fichiers"]]
        assert {file.pop("archive") for file in files} == {path.name}
        assert note == alone[place] | {"format": "tar"}


def test_nothing_is_wrong_with_archives_until_one_is_changed(
    both: dict[DeliveryFormat, DataFolder],
) -> None:
    folder = both[DeliveryFormat.TAR]
    settings = bootstrap.load_settings(folder.config)

    def wrong() -> list[str]:
        remarks = bootstrap.doctor(settings, dry_run=True)
        return [remark.subject for remark in remarks if remark.gravity is Gravity.WRONG]

    assert wrong() == []
    path = next((folder.root / "outbox").glob("*/*/*.tar"))
    path.write_bytes(b"x")
    assert wrong() == [str(path.relative_to(folder.root / "outbox"))]


def test_the_same_files_make_the_same_archive(tmp_path: Path) -> None:
    members = []
    for number, content in enumerate((b"un", b"deux" * 300), 1):
        members.append(tmp_path / f"{number}.xml")
        members[-1].write_bytes(content)
    made = []
    for name in ("a.tar", "b.tar"):
        target = tmp_path / name
        size, digest = write_archive(str(target), [*map(str, members)], StandingClock().now())
        made.append((size, digest, target.read_bytes()))
        for path in members:
            os.utime(path, (0, 0))

    assert made[0] == made[1]
    assert made[0][0] == len(made[0][2])


def test_what_an_operator_resumes_leaves_the_first_archive_as_it_was(installed: Installed) -> None:
    folder = installed(DeliveryFormat.TAR)
    settings = bootstrap.load_settings(folder.config)
    inbox = folder.root / "inbox" / "ABC123"
    inbox.mkdir(parents=True)
    (inbox / "lot.tar.gz").write_bytes(batch(3, seed=3))
    bootstrap.run(settings, once=True, examiner=fragile)
    first = archives(folder)
    with bootstrap.open_store(settings) as store:
        attente.resume(store, bootstrap.system_clock(), NUMERO)

    bootstrap.run(settings, once=True)

    both = archives(folder)
    assert both.items() > first.items()
    assert [Path(name).name for name in both.keys() - first.keys()] == [f"{NUMERO}_2.tar"]
    assert len([name for name in received(folder) if name.endswith(".xml")]) == 3
    told = [one["nom"] for note in notes(folder).values() for one in note["archives"]]
    assert sorted(told) == sorted(Path(name).name for name in both)


def archives(folder: DataFolder) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in (folder.root / "outbox").glob("*/*/*.tar")}


def intent(archive: str, *, delivered: bool) -> Intent:
    recipient: Recipient = RECIPIENTS[0]
    path = f"{recipient.siret}/{NUMERO}/{archive}/a.xml"
    return Intent(
        numero_flux=NUMERO,
        rank=1,
        path=path,
        kind="original",
        size=1,
        sha256="0" * 64,
        delivered=delivered,
    )


def test_what_was_delivered_is_left_alone_and_what_was_begun_goes_on() -> None:
    first, second = (archive_name(NUMERO, number) for number in (1, 2))
    begun, fetched = intent(first, delivered=False), intent(first, delivered=True)

    assert archive_for(NUMERO, []) == first == f"{NUMERO}.tar"
    assert archive_for(NUMERO, [begun]) == first
    assert archive_for(NUMERO, [fetched]) == second == f"{NUMERO}_2.tar"
    assert archive_for(NUMERO, [fetched, intent(second, delivered=False)]) == second
