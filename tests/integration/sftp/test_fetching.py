"""Files of a partner's server come into his inbox: each once, whole, under its own name."""

from __future__ import annotations

from chorus_edi.domain.transfers import FetchState
from tests.integration.sftp.scene import Scene


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


def test_a_report_is_pushed_under_its_name(scene: Scene) -> None:
    owed = scene.owe("N1_compte-rendu.json", b"{}")

    told = scene.push()

    assert told == "banque : 1 fichier envoyé."
    assert scene.told() == {"N1_compte-rendu.json": b"{}"}
    assert not owed.exists()
