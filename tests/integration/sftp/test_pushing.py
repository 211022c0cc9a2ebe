"""What a partner is owed comes to his server: each file once, whole, under its own name."""

from __future__ import annotations

import os
from collections.abc import Iterator

import paramiko
import pytest

from chorus_edi.errors import Incident
from tests.faults.volumes import Volume
from tests.integration.sftp.scene import Scene, mounted
from tests.proxy import cut_line

NAME = "N1_compte-rendu.json"


def test_a_report_is_pushed_under_its_name(scene: Scene) -> None:
    owed = scene.owe(NAME, b"{}")

    told = scene.push()

    assert told == "banque : 1 fichier envoyé."
    assert scene.told() == {NAME: b"{}"}
    assert not owed.exists()
    assert scene.push() == "banque : 0 fichier envoyé."


def test_the_oldest_are_pushed_first_and_so_many_in_a_turn(scene: Scene) -> None:
    scene.configure()
    text = scene.config.read_text().replace('in" }', 'in", fichiers = 2 }')
    scene.config.write_text(text)
    for number in (3, 1, 2):
        path = scene.owe(f"N{number}.json", b"{}")
        os.utime(path, (number, number))

    assert scene.push() == "banque : 2 fichiers envoyés, 1 en attente."
    assert sorted(scene.told()) == ["N1.json", "N2.json"]


def test_what_was_sent_and_is_given_again_is_not_sent_again(scene: Scene) -> None:
    """A run that was killed gives its reports again; the partner may have fetched his."""
    scene.owe(NAME, b"{}")
    scene.push()
    (scene.into / NAME).unlink()
    scene.owe(NAME, b"{}")

    scene.push()

    assert scene.told() == {}
    assert not (scene.spool / NAME).exists()


@pytest.mark.parametrize("fetched", [False, True], ids=["still there", "fetched"])
def test_what_a_partner_asks_for_again_is_sent_again_where_he_fetched_it(
    scene: Scene, fetched: bool
) -> None:
    """A flow that is sent again gets the report of the first one again."""
    scene.owe(NAME, b"{}")
    scene.push()
    before = (scene.into / NAME).stat()
    if fetched:
        (scene.into / NAME).unlink()
    scene.owe_again(NAME, b"{}")

    scene.push()

    assert scene.told() == {NAME: b"{}"}
    assert fetched or (scene.into / NAME).stat().st_ino == before.st_ino
    assert [path.name for path in scene.spool.rglob("*")] == ["encore"]


def test_what_the_server_has_already_is_not_sent(scene: Scene) -> None:
    scene.owe(NAME, b"{}")
    (scene.into / NAME).write_bytes(b"{}")
    before = (scene.into / NAME).stat()

    scene.push()

    assert (scene.into / NAME).stat().st_ino == before.st_ino
    assert not (scene.spool / NAME).exists()


def test_another_content_under_the_name_is_never_overwritten(scene: Scene) -> None:
    scene.owe(NAME, b"{}")
    scene.owe("N2.json", b"2")
    (scene.into / NAME).write_bytes(b"[]")

    told = scene.push()

    assert "existe déjà chez le partenaire, avec un autre contenu" in told
    assert scene.told() == {NAME: b"[]", "N2.json": b"2"}
    assert (scene.spool / NAME).read_bytes() == b"{}"


def test_a_cut_upload_is_done_again(scene: Scene) -> None:
    content = os.urandom(3_000_000)
    scene.owe(NAME, content)
    with cut_line(scene.server.port) as line:
        scene.configure(port=line.port)
        line.up = 1_500_000
        with pytest.raises(Incident, match="connexion perdue"):
            scene.push()
        assert NAME not in scene.told()
        line.up = None
        scene.clock.move(60)

        told = scene.push()

    assert told == "banque : 1 fichier envoyé."
    assert scene.told() == {NAME: content}


@pytest.mark.parametrize("moment", ["uploaded", "recorded", "renamed", "sent"])
@pytest.mark.parametrize("fetched", [False, True], ids=["still there", "fetched by the partner"])
def test_a_process_killed_at_any_moment_loses_nothing_and_sends_nothing_twice(
    scene: Scene, moment: str, fetched: bool
) -> None:
    scene.owe(NAME, b"{}")
    scene.killed("push", moment)
    got = [scene.told()[NAME]] if NAME in scene.told() else []
    if got and fetched:
        (scene.into / NAME).unlink()

    for seconds in (0, 301):
        scene.clock.move(seconds)
        scene.elsewhere("push")

    if NAME in scene.told() and not (got and not fetched):
        got.append(scene.told()[NAME])
    assert got == [b"{}"]
    assert set(scene.told()) <= {NAME}
    assert list(scene.spool.iterdir()) == []


def test_a_server_without_the_extension_of_openssh_renames_as_well(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(self: object, old: object, new: object) -> None:
        raise OSError("Operation unsupported")

    monkeypatch.setattr(paramiko.SFTPClient, "posix_rename", unknown)
    scene.owe(NAME, b"{}")

    scene.push()

    assert scene.told() == {NAME: b"{}"}


@pytest.fixture
def volume(scene: Scene) -> Iterator[Volume]:
    with mounted(scene.into) as volume:
        yield volume


def test_on_a_full_remote_disk_files_wait_until_there_is_room(scene: Scene, volume: Volume) -> None:
    content = os.urandom(200_000)
    scene.owe(NAME, content)
    volume.crowd()

    told = [scene_push_refused(scene) for _ in range(3)]

    assert all("disque plein, quota ou droit ?" in one for one in told)
    assert [one.kind for one in scene.operations()] == ["SFTP_PANNE"]
    assert "envoi" in scene.operations()[0].detail
    # Half a file would take up what room there is; and fetching goes on.
    assert set(scene.told()) == {"filler"}
    scene.put("facture.xml", b"1")
    assert scene.fetch(force=False) == "banque : 1 fichier relevé."

    volume.mend()
    scene.push()

    assert scene.told() == {NAME: content}
    assert [one.kind for one in scene.operations()] == ["SFTP_PANNE", "SFTP_RETABLI"]


def scene_push_refused(scene: Scene) -> str:
    scene.clock.move(3600)
    try:
        return scene.push(force=False)
    except Incident as incident:
        return str(incident)


def test_without_the_right_to_write_files_wait(scene: Scene) -> None:
    scene.without_privilege()
    scene.into.chmod(0o555)
    scene.owe(NAME, b"{}")

    assert "droit refusé par le serveur" in scene_push_refused(scene)
    assert (scene.spool / NAME).exists()

    scene.into.chmod(0o755)
    scene.push()

    assert scene.told() == {NAME: b"{}"}


def test_a_folder_that_is_not_there_is_told_by_its_name(scene: Scene) -> None:
    scene.into.rmdir()
    scene.owe(NAME, b"{}")

    told = scene_push_refused(scene)

    assert "dossier introuvable sur le serveur" in told
    assert (scene.spool / NAME).exists()
