"""Backups: put away while flows are processed, brought back elsewhere, and the night goes on."""

from __future__ import annotations

import itertools
import shutil
import signal
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from chorus_edi import bootstrap
from chorus_edi.adapters.files import backup as backups
from chorus_edi.adapters.files import disk
from chorus_edi.adapters.store import saving
from chorus_edi.adapters.store.engine import writing
from chorus_edi.adapters.store.whole import SCHEMA
from chorus_edi.bootstrap.backups import BackedUp
from chorus_edi.cli.main import app
from chorus_edi.domain.statuses import FluxState
from chorus_edi.errors import ConfigurationError, Incident
from chorus_edi.services.doctor import Gravity
from tests.crash.conftest import DataFolder, data_folder, folder_with_a_lot
from tests.crash.left import Left, differences
from tests.crash.nights import batch, deposit_mixed
from tests.crash.one_run import StandingClock, started
from tests.integration.killing import killed
from tests.integration.test_bases import (  # noqa: F401 - ``older`` is a fixture
    CLAIMED,
    INTEGRATED,
    REFUSED,
    older,
)
from tests.integration.test_doctor import At
from tests.integration.test_store_schema import opened

NOW = StandingClock().now()
COUNTER = "row counter (flux)"


@pytest.fixture
def folder(tmp_path: Path, database_url: str) -> DataFolder:
    """An installation that has integrated one archive of three invoices."""
    made = folder_with_a_lot(tmp_path / "data", database_url)
    made.run()
    return made


@pytest.fixture
def elsewhere(tmp_path: Path) -> DataFolder:
    """An empty installation on SQLite."""
    return data_folder(tmp_path / "elsewhere", "")


@pytest.fixture
def anywhere(tmp_path: Path, new_database: Callable[[], str]) -> DataFolder:
    """An empty installation, once on each kind of database."""
    return data_folder(tmp_path / "anywhere", new_database())


def backed_up(folder: DataFolder, root: Path, minutes: int = 0) -> BackedUp:
    settings = bootstrap.load_settings(folder.config)
    clock = At(NOW + timedelta(minutes=minutes))
    return bootstrap.back_up(settings, root, config=folder.config, clock=clock)


def restored(folder: DataFolder, root: Path) -> BackedUp:
    return bootstrap.restore(bootstrap.load_settings(folder.config), root)


def doctor(folder: DataFolder) -> list[str]:
    found = bootstrap.doctor(bootstrap.load_settings(folder.config), dry_run=True)
    return [one.found for one in found if one.gravity is Gravity.WRONG]


def but_counter(left: Left) -> dict[str, object]:
    """Return the same without the counter: after a restoration it goes on far behind."""
    return {name: value for name, value in left.items() if name != COUNTER}


def give_back_what_was_never_taken(of: DataFolder, to: DataFolder) -> None:
    """Put the files that a calm night leaves in its inbox into another one, as their senders do."""
    shutil.copytree(of.root / "inbox", to.root / "inbox", dirs_exist_ok=True)


@pytest.fixture(scope="module")
def calm(tmp_path_factory: pytest.TempPathFactory) -> DataFolder:
    """A mixed night that nobody disturbed."""
    made = data_folder(tmp_path_factory.mktemp("calm"), "")
    deposit_mixed(made.root / "inbox")
    assert made.run_killed() == 0
    return made


def test_what_is_restored_is_what_was_put_away(
    folder: DataFolder, anywhere: DataFolder, tmp_path: Path
) -> None:
    made = backed_up(folder, tmp_path / "backups")

    back = restored(anywhere, tmp_path / "backups")

    assert (made.missing, back.files, back.schema) == ((), made.files, SCHEMA)
    assert differences(but_counter(folder.left()), but_counter(anywhere.left())) == []
    assert doctor(anywhere) == []
    saved = made.folder / "config"
    assert {path.name for path in saved.iterdir()} == {
        "chorus_edi.toml", "partenaires.toml", "structures.csv", "services.csv",
    }  # fmt: skip


def test_after_a_restoration_no_number_of_the_lost_flows_is_given_again(
    folder: DataFolder, elsewhere: DataFolder, tmp_path: Path
) -> None:
    backed_up(folder, tmp_path / "backups")
    restored(elsewhere, tmp_path / "backups")
    inbox = elsewhere.root / "inbox" / "ABC123"
    inbox.mkdir(parents=True)
    (inbox / "apres.tar.gz").write_bytes(batch(2, seed=44))

    elsewhere.run()

    with bootstrap.open_store(bootstrap.load_settings(elsewhere.config)) as store:
        newest = next(iter(store.suivi()))
    assert (newest.etat, newest.numero_flux) == ("IN_INTEGRE", "CPP0010000000000001000002")


@pytest.mark.slow
def test_a_backup_of_a_run_at_work_goes_on_elsewhere_to_the_same_end(
    tmp_path: Path, new_database: Callable[[], str], elsewhere: DataFolder, calm: DataFolder
) -> None:
    folder = data_folder(tmp_path / "data", new_database())
    deposit_mixed(folder.root / "inbox")
    process = started(folder.config)
    try:
        _wait_for_work(folder)
        made = backed_up(folder, tmp_path / "backups")
        at_work = process.is_alive()
    finally:
        process.join(120)
    assert (process.exitcode, at_work, made.missing) == (0, True, ())

    restored(elsewhere, tmp_path / "backups")
    with bootstrap.open_store(bootstrap.load_settings(elsewhere.config)) as store:
        assert store.unfinished()
    give_back_what_was_never_taken(calm, elsewhere)
    elsewhere.run()

    assert differences(but_counter(calm.left()), but_counter(elsewhere.left())) == []


def _wait_for_work(folder: DataFolder) -> None:
    """Wait until some flows of a running night are closed and others are not."""
    end = time.monotonic() + 60
    settings = bootstrap.load_settings(folder.config)
    while time.monotonic() < end:
        if (folder.root / "var" / "annuaire" / "current").exists():
            try:
                with bootstrap.open_store(settings) as store:
                    states = {flux.etat.closed for flux in store.suivi()}
            except ConfigurationError:
                states = set()
            if states == {True, False}:
                return
        time.sleep(0.02)
    raise AssertionError("never half way")


@pytest.mark.slow
@pytest.mark.parametrize("point", ["claimed", "decided", "closed"])
def test_files_that_move_on_after_the_database_was_read_are_put_back_to_work(
    tmp_path: Path, calm: DataFolder, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    folder = data_folder(tmp_path / "data", "")
    deposit_mixed(folder.root / "inbox")
    assert folder.run_killed(point) == -signal.SIGKILL
    whole = saving.save

    def then_the_night_ends(*arguments: Any) -> str:
        version = whole(*arguments)
        (folder.root / "inbox" / "ABC123" / "apres.tar.gz").write_bytes(batch(2, seed=55))
        assert folder.run_killed() == 0
        return version

    monkeypatch.setattr(saving, "save", then_the_night_ends)
    made = backed_up(folder, tmp_path / "backups")

    elsewhere = data_folder(tmp_path / "elsewhere", "")
    restored(elsewhere, tmp_path / "backups")
    give_back_what_was_never_taken(calm, elsewhere)
    elsewhere.run()
    assert made.missing == ()
    assert differences(but_counter(calm.left()), but_counter(elsewhere.left())) == []


def test_what_has_not_changed_is_shared_with_the_backup_before(
    folder: DataFolder, tmp_path: Path
) -> None:
    root = tmp_path / "backups"
    first = backed_up(folder, root)
    (folder.root / "inbox" / "ABC123" / "encore.tar.gz").write_bytes(batch(2, seed=66))
    folder.run()

    second = backed_up(folder, root, minutes=1)

    (shared,) = first.folder.glob("var/archive/*/*/*/*/*")
    assert (second.folder / shared.relative_to(first.folder)).stat().st_ino == shared.stat().st_ino
    assert second.linked == first.files - 1  # all but the database
    shutil.rmtree(first.folder)
    backups.verify(second.folder, backups.read(second.folder)[1])


def test_a_backup_that_was_cut_off_is_none_and_the_next_one_drops_it(
    folder: DataFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "backups"

    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(backups.Backup, "finish", full)
        with pytest.raises(Incident, match="disque plein"):
            backed_up(folder, root)
    with pytest.raises(ConfigurationError, match="aucune sauvegarde entière"):
        backups.chosen(root)

    made = backed_up(folder, root)

    assert backups.chosen(root) == made.folder
    assert [path.name for path in root.iterdir() if path.is_dir()] == [made.folder.name]


def test_a_file_that_is_gone_or_damaged_is_told(folder: DataFolder, tmp_path: Path) -> None:
    (stored,) = (p for p in (folder.root / "var/archive").rglob("*") if p.is_file())
    stored.write_bytes(b"damaged")

    done = CliRunner().invoke(
        app, ["sauvegarde", str(tmp_path / "backups"), "--config", str(folder.config)]
    )

    assert done.exit_code == 1
    assert stored.parent.name in done.stderr


@pytest.mark.parametrize("harm", ["changed", "gone", "manifest", "truncated", "outside"])
def test_a_backup_that_was_tampered_with_is_refused_and_nothing_is_restored(
    tmp_path: Path, harm: str
) -> None:
    folder = folder_with_a_lot(tmp_path / "data", "")
    folder.run()
    made = backed_up(folder, tmp_path / "backups").folder
    (stored,) = (p for p in (made / "var/archive").rglob("*") if p.is_file())
    manifest = made / backups.MANIFEST
    if harm == "changed":
        stored.write_bytes(stored.read_bytes()[:-1] + b"?")
    elif harm == "gone":
        stored.unlink()
    elif harm == "manifest":
        manifest.write_bytes(manifest.read_bytes().replace(b'"size":', b'"size":1', 1))
    elif harm == "truncated":
        manifest.write_bytes(manifest.read_bytes()[:-40])
    else:
        manifest.write_bytes(manifest.read_bytes().replace(b'"outbox/', b'"var/../../', 1))
    elsewhere = data_folder(tmp_path / "elsewhere", "")

    with pytest.raises(ConfigurationError, match=r"rien n'est restauré|illisible"):
        restored(elsewhere, tmp_path / "backups")

    assert not (elsewhere.root / "var" / "chorus_edi.db").exists()
    assert not any((elsewhere.root / "outbox").rglob("*"))


def test_an_installation_that_holds_something_is_not_restored_into(
    folder: DataFolder, tmp_path: Path
) -> None:
    backed_up(folder, tmp_path / "backups")
    before = folder.left()

    with pytest.raises(ConfigurationError, match="n'est pas vide"):
        restored(folder, tmp_path / "backups")
    for place in ("outbox", "var/archive"):
        shutil.rmtree(folder.root / place)
    with pytest.raises(ConfigurationError, match="la base n'est pas vide"):
        restored(folder, tmp_path / "backups")

    assert [name for name in differences(before, folder.left()) if name.startswith("row")] == []


def test_a_restoration_that_was_cut_off_stops_everything_until_it_is_whole(
    folder: DataFolder, anywhere: DataFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backed_up(folder, tmp_path / "backups")
    whole, left = backups.put, 3

    def dying(*arguments: Any) -> None:
        nonlocal left
        left -= 1
        if not left:
            raise KeyboardInterrupt
        whole(*arguments)

    with monkeypatch.context() as patched:
        patched.setattr(backups, "put", dying)
        with pytest.raises(KeyboardInterrupt):
            restored(anywhere, tmp_path / "backups")
    with pytest.raises(ConfigurationError, match="pas terminée"):
        bootstrap.run(bootstrap.load_settings(anywhere.config), once=True)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "unlink", dying)
        left = 1
        with pytest.raises(KeyboardInterrupt):
            restored(anywhere, tmp_path / "backups")
    restored(anywhere, tmp_path / "backups")

    assert differences(but_counter(folder.left()), but_counter(anywhere.left())) == []
    assert doctor(anywhere) == []


def test_one_restoration_is_not_continued_with_another_backup(
    folder: DataFolder, elsewhere: DataFolder, tmp_path: Path
) -> None:
    backed_up(folder, tmp_path / "backups")
    (elsewhere.root / "var").mkdir()
    (elsewhere.root / "var" / "restauration").write_text("0" * 64, encoding="ascii")

    with pytest.raises(ConfigurationError, match="autre sauvegarde"):
        restored(elsewhere, tmp_path / "backups")


def test_a_database_of_an_older_program_is_put_away_before_it_is_migrated(
    older: DataFolder,  # noqa: F811 - the fixture
    tmp_path: Path,
) -> None:
    made = backed_up(older, tmp_path / "backups")
    # Its rows tell of two files that this test never made.
    assert (made.schema, made.missing) == ("0001", (INTEGRATED, REFUSED))

    elsewhere = data_folder(tmp_path / "elsewhere", "", workers=1)
    restored(elsewhere, made.folder)

    with pytest.raises(ConfigurationError, match="base migrer"):
        elsewhere.run()
    settings = bootstrap.load_settings(elsewhere.config)
    assert bootstrap.migrate_base(settings) == ("0001", SCHEMA)
    elsewhere.run()
    with bootstrap.open_store(settings) as store:
        claimed = store.flux(CLAIMED)
        assert claimed is not None
        assert (claimed.etat, claimed.integrees) == (FluxState.IN_INTEGRE, 3)


def test_a_backup_of_a_later_program_is_refused(folder: DataFolder, tmp_path: Path) -> None:
    with opened(folder.database) as engine, writing(engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    if folder.database.startswith("postgresql"):
        # Put away by the program that wrote it; this one cannot make such a database.
        with pytest.raises(Exception, match="9999"):
            backed_up(folder, tmp_path / "backups")
        return
    backed_up(folder, tmp_path / "backups")
    elsewhere = data_folder(tmp_path / "elsewhere", "")

    with pytest.raises(ConfigurationError, match="plus récente"):
        restored(elsewhere, tmp_path / "backups")


def test_backups_do_not_lie_in_the_folders_of_the_installation(folder: DataFolder) -> None:
    with pytest.raises(ConfigurationError, match="dans le dossier data"):
        backed_up(folder, folder.root / "var" / "sauvegardes")


def test_one_backup_at_a_time(folder: DataFolder, tmp_path: Path) -> None:
    with backups.begun(tmp_path / "backups"), pytest.raises(Incident, match="en cours"):
        backed_up(folder, tmp_path / "backups")


def test_a_file_whose_name_is_not_text_comes_back_under_it(
    folder: DataFolder, elsewhere: DataFolder, tmp_path: Path
) -> None:
    odd = folder.root / "outbox" / "ABC123" / "re\udce7u 100%.txt"
    odd.write_bytes(b"theirs")
    backed_up(folder, tmp_path / "backups")

    restored(elsewhere, tmp_path / "backups")

    assert (elsewhere.root / "outbox" / "ABC123" / odd.name).read_bytes() == b"theirs"


def test_the_commands_say_what_was_done_and_what_to_do_next(
    folder: DataFolder, elsewhere: DataFolder, tmp_path: Path
) -> None:
    def command(*arguments: str, at: DataFolder) -> Any:
        return CliRunner().invoke(app, [*arguments, "--config", str(at.config)])

    put_away = command("sauvegarde", str(tmp_path / "backups"), at=folder)
    brought_back = command("restauration", str(tmp_path / "backups"), at=elsewhere)

    assert put_away.exit_code == 0, put_away.output
    assert "dont 0 fichiers partagés" in put_away.stdout
    assert brought_back.stdout.endswith("puis « chorus-edi run ».\n")
    assert disk.temporaries(elsewhere.root) == []


def test_a_sqlite_database_that_lies_elsewhere_comes_back_there(
    folder: DataFolder, tmp_path: Path
) -> None:
    backed_up(folder, tmp_path / "backups")
    place = tmp_path / "bases"
    away = data_folder(tmp_path / "away", f"sqlite:///{place / 'factures.db'}")

    restored(away, tmp_path / "backups")

    assert [path.name for path in place.iterdir()] == ["factures.db"]
    assert differences(but_counter(folder.left()), but_counter(away.left())) == []


def test_a_file_deposited_again_before_the_restoration_is_a_flow_of_its_own(
    tmp_path: Path, elsewhere: DataFolder
) -> None:
    folder = folder_with_a_lot(tmp_path / "data", "")
    assert folder.run_killed("claimed") == -signal.SIGKILL
    made = backed_up(folder, tmp_path / "backups")
    inbox = elsewhere.root / "inbox" / "ABC123"
    inbox.mkdir(parents=True)
    (inbox / "lot.tar.gz").write_bytes(batch(2, seed=88))

    restored(elsewhere, tmp_path / "backups")
    elsewhere.run()

    assert made.missing == ()
    with bootstrap.open_store(bootstrap.load_settings(elsewhere.config)) as store:
        assert [flux.integrees for flux in store.suivi()] == [2, 3]


@pytest.mark.slow
def test_a_backup_killed_at_any_step_is_none_and_the_next_one_is_whole(tmp_path: Path) -> None:
    folder = folder_with_a_lot(tmp_path / "data", "")
    folder.run()
    root = tmp_path / "backups"
    whole = backed_up(folder, root)

    for at in itertools.count(1, 3):
        minutes = at
        if not killed(lambda: backed_up(folder, root, minutes), at):  # noqa: B023 - done at once
            break
        header, saved = backups.read(backups.chosen(root))
        backups.verify(backups.chosen(root), saved)
        assert len(saved) == header.files == whole.files
    assert at > 10
    assert backed_up(folder, root, minutes=1000).missing == ()


@pytest.mark.slow
def test_a_restoration_killed_at_any_step_is_finished_by_asking_again(
    tmp_path: Path, new_database: Callable[[], str]
) -> None:
    folder = folder_with_a_lot(tmp_path / "data", "")
    folder.run()
    root = tmp_path / "backups"
    backed_up(folder, root)
    expected = but_counter(folder.left())

    for at in itertools.count(1, 4):
        target = data_folder(tmp_path / f"night{at}", new_database())
        died = killed(partial(restored, target, root), at)
        if died and (target.root / "var" / "restauration").exists():
            with pytest.raises(ConfigurationError, match="pas terminée"):
                target.run()
        if died and not _restored_already(target):
            restored(target, root)
        assert differences(expected, but_counter(target.left())) == []
        if not died:
            break
    assert at > 40


def _restored_already(folder: DataFolder) -> bool:
    """True where the death came after the restoration was whole."""
    mark = folder.root / "var" / "restauration"
    return not mark.exists() and any((folder.root / "outbox").rglob("livraison.json"))
