"""Files of a partner's server come into his inbox: each once, whole, under its own name."""

from __future__ import annotations

import hashlib
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from chorus_edi import bootstrap
from chorus_edi.domain.flux import Arrival
from chorus_edi.domain.transfers import FetchState
from chorus_edi.errors import Incident
from tests.faults.volumes import Volume
from tests.integration.sftp.scene import Scene, mounted
from tests.proxy import cut_line


def test_a_file_comes_into_the_inbox_and_leaves_the_server(scene: Scene) -> None:
    scene.put("facture.xml", b"<Invoice/>")

    told = scene.fetch()

    assert told == "banque : 1 fichier relevé."
    assert scene.arrived() == {"facture.xml": b"<Invoice/>"}
    assert scene.left() == []
    assert scene.counted() == {FetchState.TERMINE: 1}


def test_files_that_are_still_written_are_left_there(scene: Scene) -> None:
    for name in (".cache", "a.tmp", "b.part", "c.FILEPART"):
        scene.put(name, b"x")
    (scene.out / "dossier").mkdir()
    (scene.out / "lien").symlink_to("/etc/hostname")

    scene.fetch()

    assert scene.arrived() == {}
    assert len(scene.left()) == 6


def test_a_file_may_have_any_name_of_a_file(scene: Scene) -> None:
    names = [b"d\xe9p\xf4t.xml", "dépôt ; %20.xml".encode(), b"x" * 255]
    for name in names:
        Path(os.fsdecode(os.fsencode(scene.out) + b"/" + name)).write_bytes(name)

    scene.fetch()

    assert {os.fsencode(name): content for name, content in scene.arrived().items()} == {
        name: name for name in names
    }
    assert scene.left() == []


def test_a_quiet_file_is_whole_once_two_looks_found_it_the_same(scene: Scene) -> None:
    scene.partner("calme")
    scene.put("facture.xml", b"<Inv")

    scene.fetch()
    scene.clock.move(60)
    scene.put("facture.xml", b"<Invoice/>")
    grown = scene.fetch()
    scene.clock.move(60)
    whole = scene.fetch()

    assert grown == "banque : 0 fichier relevé, 1 en attente."
    assert whole == "banque : 1 fichier relevé."
    assert scene.arrived() == {"facture.xml": b"<Invoice/>"}


@pytest.mark.parametrize(("rule", "ending"), [("temoin", ".done"), ("manifeste", ".manifest")])
def test_a_file_comes_with_what_says_that_it_is_whole(scene: Scene, rule: str, ending: str) -> None:
    scene.partner(rule)
    scene.put("lot.zip", b"PK")
    assert scene.fetch() == "banque : 0 fichier relevé, 1 en attente."

    scene.put(f"lot.zip{ending}", b"said")
    scene.put(f"autre.zip{ending}", b"of a file that is not there yet")
    scene.fetch()

    assert scene.arrived() == {"lot.zip": b"PK", f"lot.zip{ending}": b"said"}
    assert scene.left() == [f"autre.zip{ending}"]


def test_what_was_fetched_may_be_moved_to_another_folder_of_the_server(scene: Scene) -> None:
    shelf = scene.server.root / "lus"
    shelf.mkdir()
    scene.configure(releve=f', apres = "deplacer", vers = "{shelf}"')

    for content in (b"1", b"22"):
        scene.put("facture.xml", content)
        scene.fetch()
        (scene.inbox / "facture.xml").unlink()

    kept = {path.name: path.read_bytes() for path in shelf.iterdir()}
    again = f"facture.xml.{hashlib.sha256(b'22').hexdigest()[:16]}"
    assert kept == {"facture.xml": b"1", again: b"22"}
    assert scene.left() == []


def test_the_same_name_with_another_content_is_another_file(scene: Scene) -> None:
    scene.put("facture.xml", b"1")
    scene.fetch()
    (scene.inbox / "facture.xml").unlink()

    scene.put("facture.xml", b"2", modified=1_700_000_001)

    assert scene.fetch() == "banque : 1 fichier relevé."
    assert scene.arrived() == {"facture.xml": b"2"}


def test_another_file_of_the_inbox_is_never_overwritten(scene: Scene) -> None:
    scene.inbox.mkdir(parents=True)
    (scene.inbox / "facture.xml").write_bytes(b"before")
    scene.put("facture.xml", b"after")

    assert scene.fetch() == "banque : 0 fichier relevé, 1 en attente."
    assert scene.arrived()["facture.xml"] == b"before"
    assert scene.left() == ["facture.xml"]

    (scene.inbox / "facture.xml").unlink()
    scene.clock.move(60)

    assert scene.fetch() == "banque : 1 fichier relevé."
    assert scene.arrived() == {"facture.xml": b"after"}


def test_what_is_here_and_waits_for_its_name_outlives_its_original(scene: Scene) -> None:
    scene.inbox.mkdir(parents=True)
    (scene.inbox / "facture.xml").write_bytes(b"before")
    original = scene.put("facture.xml", b"after")
    scene.fetch()
    original.unlink()
    scene.fetch()

    (scene.inbox / "facture.xml").unlink()
    scene.clock.move(60)
    scene.fetch()

    assert scene.arrived() == {"facture.xml": b"after"}


def test_what_was_half_fetched_and_changed_leaves_nothing(scene: Scene) -> None:
    original = scene.put("lot.zip", os.urandom(3_000_000))
    with cut_line(scene.server.port) as line:
        scene.configure(port=line.port)
        line.down = 2_000_000
        with pytest.raises(Incident):
            scene.fetch()
        assert scene.arrived()
        original.unlink()
        line.down = None
        scene.fetch()

    assert scene.arrived() == {}
    assert scene.counted() == {}


def test_on_a_full_disk_of_ours_nothing_is_lost(scene: Scene, small_inbox: Volume) -> None:
    content = os.urandom(500_000)
    scene.put("lot.zip", content)
    small_inbox.crowd()

    with pytest.raises(Incident, match="disque plein"):
        scene.fetch()

    assert scene.left() == ["lot.zip"]
    small_inbox.mend()
    assert scene.fetch() == "banque : 1 fichier relevé."
    assert scene.arrived() == {"lot.zip": content}


@pytest.fixture
def small_inbox(scene: Scene) -> Iterator[Volume]:
    with mounted(scene.inbox) as volume:
        yield volume


def test_what_cannot_be_removed_there_is_fetched_once_and_its_removal_tried_again(
    scene: Scene,
) -> None:
    scene.without_privilege()
    scene.put("facture.xml", b"1")
    scene.put("autre.xml", b"2")
    scene.out.chmod(0o555)
    for _ in range(3):
        told = scene.fetch()
        scene.clock.move(60)
    assert "suppression de" in told
    assert "droit refusé par le serveur" in told
    assert [one.kind for one in scene.operations()] == ["SFTP_PANNE"]
    assert sorted(scene.arrived()) == ["autre.xml", "facture.xml"]
    for path in scene.inbox.iterdir():
        path.unlink()
    scene.out.chmod(0o755)

    assert scene.fetch() == "banque : 0 fichier relevé."
    assert scene.arrived() == {}
    assert scene.left() == []
    assert [one.kind for one in scene.operations()] == ["SFTP_PANNE", "SFTP_RETABLI"]


def test_a_file_that_may_not_be_read_does_not_keep_the_others(scene: Scene) -> None:
    scene.without_privilege()
    scene.put("a.xml", b"1").chmod(0)
    scene.put("b.xml", b"2", modified=1_700_000_001)

    told = scene.fetch()

    assert told.startswith("banque : 1 fichier relevé, refus : lecture de ")
    assert scene.arrived() == {"b.xml": b"2"}
    scene.out.joinpath("a.xml").chmod(0o644)
    # The lane did other work: it does not rest.
    assert scene.fetch(force=False) == "banque : 1 fichier relevé."


def test_a_folder_that_may_not_be_listed_or_is_not_there_is_told(scene: Scene) -> None:
    scene.without_privilege()
    scene.out.chmod(0o300)
    with pytest.raises(Incident, match=r"lecture du dossier .*/out : droit refusé"):
        scene.fetch()

    scene.out.chmod(0o755)
    scene.out.rmdir()

    with pytest.raises(Incident, match=r"dossier .*/out introuvable sur le serveur"):
        scene.fetch()


def test_a_file_that_comes_back_unchanged_is_only_removed_again(scene: Scene) -> None:
    scene.put("facture.xml", b"1")
    scene.fetch()
    (scene.inbox / "facture.xml").unlink()
    scene.put("facture.xml", b"1")

    scene.fetch()

    assert scene.arrived() == {}
    assert scene.left() == []


def test_a_cut_download_is_gone_on_with_where_it_was_cut(scene: Scene) -> None:
    content = os.urandom(3_000_000)
    scene.put("lot.zip", content)
    with cut_line(scene.server.port) as line:
        scene.configure(port=line.port)
        line.down = 2_000_000
        with pytest.raises(Incident, match="connexion perdue"):
            scene.fetch()
        (partial,) = scene.arrived().values()
        assert 0 < len(partial) < len(content)
        scene.clock.move(60)

        # Less than the whole: only the rest can come through.
        line.down = len(content) - len(partial) // 2
        told = scene.fetch()

    assert line.cuts == 1
    assert told == "banque : 1 fichier relevé."
    assert scene.arrived() == {"lot.zip": content}
    assert scene.left() == []


def test_a_file_that_changes_between_two_halves_is_fetched_anew(scene: Scene) -> None:
    scene.put("lot.zip", os.urandom(3_000_000))
    with cut_line(scene.server.port) as line:
        scene.configure(port=line.port)
        line.down = 2_000_000
        with pytest.raises(Incident, match="connexion perdue"):
            scene.fetch()
        line.down = None
        content = os.urandom(3_000_000)
        scene.put("lot.zip", content, modified=1_700_000_100)
        scene.clock.move(60)

        scene.fetch()

    assert scene.arrived() == {"lot.zip": content}


def test_what_a_power_cut_may_have_lost_is_not_gone_on_from(scene: Scene) -> None:
    """Bytes behind those that were made safe may be anything after a power cut."""
    content = os.urandom(3_000_000)
    scene.put("lot.zip", content)
    with cut_line(scene.server.port) as line:
        scene.configure(port=line.port)
        line.down = 2_000_000
        with pytest.raises(Incident):
            scene.fetch()
        line.down = None
        (name,) = scene.arrived()
        with (scene.inbox / name).open("ab") as file:
            file.write(b"\0" * 100_000)
        scene.clock.move(60)

        scene.fetch()

    assert scene.arrived() == {"lot.zip": content}


@pytest.mark.parametrize("moment", ["received", "downloaded", "named", "placed", "cleared"])
@pytest.mark.parametrize("rule", ["renommage", "temoin"])
def test_a_process_killed_at_any_moment_loses_nothing_and_takes_nothing_twice(
    scene: Scene, moment: str, rule: str
) -> None:
    # given two files and a process that dies with the first
    scene.partner(rule)
    told = {"a.zip": b"a" * 100_000, "b.zip": b"b" * 50_000}
    ending = ".done" if rule == "temoin" else ""
    for name, content in told.items():
        scene.put(name, content)
        if ending:
            scene.put(f"{name}{ending}", b"")
    scene.killed("fetch", moment)
    taken = {name: content for name, content in scene.arrived().items() if name in told}
    for name in taken:
        # and the next run takes what is in the inbox by then, under its own name
        take(scene, name)

    # when the next process comes, at once and once nobody can be at work any more
    for seconds in (0, 301):
        scene.clock.move(seconds)
        scene.elsewhere("fetch")
        for name in [name for name in scene.arrived() if name in told]:
            assert name not in taken
            taken[name] = scene.arrived()[name]
            take(scene, name)

    assert taken == told
    assert scene.left() == []
    assert [name for name in scene.arrived() if name not in told] == []
    assert scene.counted()[FetchState.TERMINE] == 2


def take(scene: Scene, name: str) -> None:
    """Do what the pipeline does with a file of the inbox: claim it, move it with its witness."""
    with bootstrap.open_store(scene.settings, create=True) as store:
        path = f"{scene.inbox.name}/{name}"
        store.claim(
            [Arrival(partner=scene.inbox.name, filename=name, path=path)], scene.clock.now()
        )
    (scene.inbox / name).unlink()
    (scene.inbox / f"{name}.done").unlink(missing_ok=True)


def test_a_file_that_another_process_fetches_is_left_to_it(scene: Scene) -> None:
    scene.put("lot.zip", b"x" * 100_000)
    other = subprocess.Popen(scene.command("fetch", "hold:downloaded"), stdout=subprocess.PIPE)
    assert other.stdout is not None
    assert other.stdout.readline() == b"there\n"

    meanwhile = scene.fetch()

    assert meanwhile == "banque : 0 fichier relevé."
    assert "lot.zip" not in scene.arrived()
    other.kill()
    other.communicate()
    scene.clock.move(301)
    assert scene.fetch() == "banque : 1 fichier relevé."
    assert scene.arrived() == {"lot.zip": b"x" * 100_000}


def test_what_another_process_has_begun_is_not_swept_away(scene: Scene) -> None:
    original = scene.put("lot.zip", b"x" * 100_000)
    other = subprocess.Popen(scene.command("fetch", "hold:received"), stdout=subprocess.PIPE)
    assert other.stdout is not None
    assert other.stdout.readline() == b"there\n"
    original.unlink()

    scene.fetch()
    assert list(scene.arrived().values()) == [b"x" * 100_000]
    # Asleep for longer than its time, it still has its file open: nobody writes to it.
    scene.put("lot.zip", b"x" * 100_000)
    scene.clock.move(301)
    assert scene.fetch() == "banque : 0 fichier relevé."

    other.kill()
    other.communicate()
    scene.clock.move(301)
    assert scene.fetch() == "banque : 1 fichier relevé."
    assert scene.arrived() == {"lot.zip": b"x" * 100_000}


def test_two_pollers_of_one_source_take_each_file_once(scene: Scene) -> None:
    told = {f"facture-{n:03}.xml": b"%d" % n for n in range(60)}
    for name, content in told.items():
        scene.put(name, content)
    with bootstrap.open_store(scene.settings, create=True):
        pass
    both = [
        subprocess.Popen(scene.command("fetch", ""), stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]

    said = [process.communicate(timeout=120)[0] for process in both]

    assert sum(int(one.split()[2]) for one in said) == 60, said
    assert scene.arrived() == told
    assert scene.left() == []


def test_ten_thousand_files_are_listed_at_once_and_fetched_in_turns(scene: Scene) -> None:
    for number in range(10_000):
        scene.put(f"f{number:05}.xml", b"", modified=1_700_000_000 + number)
    scene.configure(releve=", fichiers = 20")

    with statements() as asked:
        told = scene.fetch()

    assert told == "banque : 20 fichiers relevés, 9980 en attente."
    assert sorted(scene.arrived()) == [f"f{number:05}.xml" for number in range(20)]
    # Some for the listing, some for each file that was fetched: none for each that was listed.
    assert len(asked) < 500
    scene.clock.move(60)
    scene.fetch()
    assert len(scene.arrived()) == 40


@contextmanager
def statements() -> Iterator[list[str]]:
    """Note what the database is asked for as long as this lasts."""
    asked: list[str] = []

    def note(*arguments: object) -> None:
        asked.append(str(arguments[2]))

    event.listen(Engine, "before_cursor_execute", note)
    yield asked
    event.remove(Engine, "before_cursor_execute", note)
