"""What fails for one flow makes that flow wait, and say so; the others go on."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from chorus_edi import bootstrap
from chorus_edi.adapters.files import disk
from chorus_edi.adapters.store.store import SqlStore
from chorus_edi.cli.main import _run
from chorus_edi.domain.statuses import FluxState
from chorus_edi.errors import Defect, ExitCode
from tests.builders import ubl
from tests.crash.nights import RECIPIENTS
from tests.faults.nights import FLOWS, Installation, Left

BREAKS = "05-lot-partiel.tar.gz"


@pytest.fixture
def scanner(tmp_path: Path, installation: Installation) -> Path:
    """An antivirus that fails on whatever is named in a file beside it."""
    path = tmp_path / "scanner"
    path.write_text(
        "#!/bin/sh\n"
        f'sum=$(sha256sum < "$1")\n'
        f'grep -qxF "$sum" "{path}.breaks" 2>/dev/null && {{ echo "mémoire" >&2; exit 2; }}\n'
        "exit 0\n"
    )
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    installation.configure(f'[antivirus]\ncommande = ["{path}"]\n')
    return path


def break_on(scanner: Path, file: Path) -> Callable[[], None]:
    told = subprocess.run(["sha256sum"], input=file.read_bytes(), capture_output=True, check=True)
    breaks = Path(f"{scanner}.breaks")
    breaks.write_bytes(told.stdout)
    return breaks.unlink


def test_a_flow_that_the_antivirus_fails_on_waits_and_the_others_go_on(
    installation: Installation, undisturbed: Left, scanner: Path
) -> None:
    repair = break_on(scanner, installation.inbox / "ABC123" / BREAKS)

    for _ in range(3):
        summary = installation.run()
        assert len(summary.delayed) == 1

    (reason,) = summary.delayed.values()
    assert reason == "l'antivirus a échoué (code 2) : mémoire"
    waits = [line for line in installation.history(BREAKS) if "Attente" in line]
    assert waits == [f"Attente du prochain passage : {reason}"]
    with bootstrap.open_store(installation.settings) as store:
        states = {flux.nom_fichier: flux.etat for flux in store.suivi()}
    assert [name for name, etat in states.items() if not etat.closed] == [BREAKS]

    repair()
    assert installation.run().delayed == {}
    assert installation.left() == undisturbed


def test_without_its_antivirus_nothing_is_opened_and_nothing_delivered(
    installation: Installation, undisturbed: Left, scanner: Path
) -> None:
    scanner.rename(scanner.with_name("away"))

    summary = installation.run()

    assert len(summary.delayed) == FLOWS
    assert all(f"introuvable : {scanner}" in reason for reason in summary.delayed.values())
    assert installation.shelved() == {}
    scanner.with_name("away").rename(scanner)
    installation.run()
    assert installation.left() == undisturbed


def test_a_flow_waits_whose_antivirus_takes_longer_than_agreed(
    installation: Installation, scanner: Path
) -> None:
    installation.configure("delai = 0.3\n")
    scanner.write_text("#!/bin/sh\nexec sleep 60\n")
    first = installation.inbox / "ABC123" / "01-facture-ubl.xml"
    for other in installation.inbox.rglob("*"):
        if other.is_file() and other != first:
            other.unlink()

    (reason,) = installation.run().delayed.values()

    assert reason == "l'antivirus ne répond pas : plus de 0.3 secondes pour un fichier"


def test_the_name_of_a_flow_that_waits_is_free_for_the_file_of_the_next_night(
    installation: Installation, scanner: Path
) -> None:
    path = installation.inbox / "ABC123" / BREAKS
    break_on(scanner, path)
    installation.run()

    path.write_bytes(ubl(number=77, recipient=RECIPIENTS[0]))
    summary = installation.run()

    assert len(summary.delayed) == 1
    with bootstrap.open_store(installation.settings) as store:
        ends = [f.etat for f in store.suivi() if f.nom_fichier == BREAKS]
    assert ends == [FluxState.IN_INTEGRE, FluxState.IN_EN_COURS_TRAITEMENT_CPP]


def test_a_run_that_left_flows_waiting_says_so_and_ends_with_75(
    installation: Installation, scanner: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    break_on(scanner, installation.inbox / "ABC123" / BREAKS)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            "sys.argv", ["chorus-edi", "run", "--once", "--config", str(installation.folder.config)]
        )
        code = _run()

    assert code == ExitCode.INCIDENT
    assert "1 flux en attente du prochain passage" in capsys.readouterr().err


def test_a_defect_met_in_one_flow_is_told_as_ours_and_the_others_go_on(
    installation: Installation,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with monkeypatch.context() as patch:
        decide, met = SqlStore.decide, []

        def broken(self: SqlStore, numero_flux: str, *args: Any) -> object:
            met.append(numero_flux)
            if numero_flux == met[0]:
                raise Defect("rang 0")
            return decide(self, numero_flux, *args)

        patch.setattr(SqlStore, "decide", broken)
        patch.setattr(
            "sys.argv", ["chorus-edi", "run", "--once", "--config", str(installation.folder.config)]
        )
        code = _run()

    waits = f"1 flux en attente du prochain passage ; {met[0]} : rang 0"
    assert code == ExitCode.DEFECT
    assert f"défaut du programme, à signaler : {waits}" in capsys.readouterr().err
    with bootstrap.open_store(installation.settings) as store:
        assert [flux.numero_flux for flux in store.suivi() if not flux.etat.closed] == met[:1]
        told = [event.detail for event in store.events(met[0])]
    assert "Attente du prochain passage : défaut du programme, à signaler : rang 0" in told
    assert installation.run().flows == 1


def test_an_outbox_name_that_holds_something_else_stops_its_own_flow_alone(
    installation: Installation, undisturbed: Left
) -> None:
    name = next(n for n in undisturbed.files if n.startswith("outbox/2") and n.endswith(".xml"))
    other = installation.folder.root / name
    other.parent.mkdir(parents=True)
    other.write_bytes(b"somebody else's")

    summary = installation.run()

    (reason,) = summary.delayed.values()
    assert "existe déjà, avec un autre contenu" in reason
    assert summary.flows == FLOWS - 1
    assert other.read_bytes() == b"somebody else's"
    other.unlink()
    installation.run()
    assert installation.left() == undisturbed


def test_the_folders_of_a_delivery_that_was_cut_are_made_durable_by_the_run_that_finishes_it(
    installation: Installation, undisturbed: Left, monkeypatch: pytest.MonkeyPatch
) -> None:
    outbox = installation.folder.root / "outbox"
    sync, synced = disk.sync_folder, set[Path]()

    def cut(folder: Path) -> None:
        if folder.resolve() == outbox:
            raise OSError(errno.EIO, os.strerror(errno.EIO), str(folder))
        sync(folder)

    def watched(folder: Path) -> None:
        synced.add(folder.resolve())
        sync(folder)

    # given: files under their final names, in new folders that nobody made durable
    monkeypatch.setattr(disk, "sync_folder", cut)
    assert installation.run().delayed
    left = {path.parent for path in outbox.glob("[0-9]*/*/*")}
    assert left

    monkeypatch.setattr(disk, "sync_folder", watched)
    installation.run()

    assert synced >= left | {folder.parent for folder in left} | {outbox}
    assert installation.left() == undisturbed


def test_flows_whose_report_cannot_be_written_are_counted_once_and_wait(
    installation: Installation, undisturbed: Left
) -> None:
    (installation.folder.root / "outbox").mkdir()
    in_the_way = installation.folder.root / "outbox" / "ABC123"
    in_the_way.write_bytes(b"")

    summary = installation.run()

    assert summary.delayed
    assert set(summary.delayed.values()) == {
        f"un fichier est à la place d'un dossier : {in_the_way}"
    }
    assert summary.flows == FLOWS
    in_the_way.unlink()
    again = installation.run()
    assert (again.delayed, again.flows, again.documents) == ({}, 0, 0)
    assert installation.left() == undisturbed


# -- a file that cannot be taken -----------------------------------------------------------------


@pytest.fixture
def stuck(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[], None]]:
    """A file of the night cannot be renamed; gives what lets it go."""
    path = installation.inbox / "ABC123" / "02-facture-cii.xml"
    held = [path]
    mount = ["mount", "--bind", str(path), str(path)]
    mounted = subprocess.run(mount, check=False, capture_output=True).returncode == 0
    rename = Path.rename

    def refused(self: Path, target: Path) -> Path:
        if self in held:
            raise OSError(errno.EBUSY, os.strerror(errno.EBUSY), str(self))
        return rename(self, target)

    if not mounted:
        monkeypatch.setattr(Path, "rename", refused)

    def release() -> None:
        if mounted and held:
            subprocess.run(["umount", str(path)], check=True, timeout=30)
        held.clear()

    yield release
    release()


def test_a_file_that_cannot_be_taken_waits_in_the_inbox_and_the_others_go_on(
    installation: Installation, undisturbed: Left, stuck: Callable[[], None]
) -> None:
    for _ in range(2):
        summary = installation.run()
        (reason,) = summary.delayed.values()
        assert reason.startswith("fichier occupé par le système")
    assert summary.flows == 0

    stuck()
    installation.run()
    assert installation.left() == undisturbed
