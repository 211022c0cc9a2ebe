"""Servers: who they are is proved first, and one that is down rests while the others go on."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from typing import Any

import pytest

from chorus_edi import bootstrap
from chorus_edi.domain.operations import OperationKind
from chorus_edi.errors import Incident
from tests.integration.sftp.scene import PARTNER, Scene
from tests.proxy import cut_line
from tests.sshd import Sshd, free_port, make_key, serving


def test_a_server_is_known_by_its_fingerprint(scene: Scene) -> None:
    scene.configure(trust=f'empreinte = "{scene.server.fingerprint()}"')
    scene.put("facture.xml", b"1")

    assert scene.fetch() == "banque : 1 fichier relevé."
    assert bootstrap.check_config(scene.settings) == []


def another_fingerprint(scene: Scene) -> str:
    return f'empreinte = "SHA256:{"A" * 43}"'


def another_known_key(scene: Scene) -> str:
    other = scene.home / "other"
    make_key(other)
    known = scene.home / "known_hosts"
    public = other.with_suffix(".pub").read_text()
    known.write_text(f"[127.0.0.1]:{scene.server.port} {public}")
    return f'known_hosts = "{known}"'


@pytest.mark.parametrize("trust", [another_fingerprint, another_known_key])
def test_a_server_with_another_key_is_told_at_once_and_given_nothing(
    scene: Scene, trust: Callable[[Scene], str]
) -> None:
    scene.configure(trust=trust(scene))
    scene.put("facture.xml", b"1")

    with pytest.raises(Incident) as caught:
        scene.fetch()

    assert "n'a pas la clé d'hôte attendue" in str(caught.value)
    assert scene.server.fingerprint() in str(caught.value)
    assert "Accepted publickey" not in scene.server.log()
    (told,) = scene.operations()
    assert told.kind is OperationKind.SFTP_PANNE


def test_a_host_that_no_file_knows_is_a_mistake_of_the_configuration(scene: Scene) -> None:
    known = scene.home / "known_hosts"
    known.write_text("")
    scene.configure(trust=f'known_hosts = "{known}"')

    (fault,) = bootstrap.check_config(scene.settings)

    port = scene.server.port
    assert fault == f"[[sftp]] banque : {known} ne connaît pas l'hôte [127.0.0.1]:{port}"
    with pytest.raises(Incident, match="ne connaît pas l'hôte"):
        scene.fetch()
    assert known.read_text() == ""


def test_a_key_that_the_server_does_not_know_is_told(scene: Scene) -> None:
    (scene.server.root / "authorized").write_text("")

    with pytest.raises(Incident, match="refuse l'utilisateur"):
        scene.fetch()

    assert [one.kind for one in scene.operations()] == [OperationKind.SFTP_PANNE]


def test_mistakes_of_servers_are_told_by_config_check(scene: Scene) -> None:
    scene.server.key.chmod(0o644)
    scene.partner(server="autre")
    text = scene.config.read_text()
    scene.config.write_text(text.replace(f'partenaire = "{PARTNER}"', 'partenaire = "ZZZ999"'))

    faults = bootstrap.check_config(scene.settings)

    assert faults == [
        "[[sftp]] banque : partenaire ZZZ999 inconnu",
        f"[[sftp]] banque : la clé privée {scene.server.key} est lisible par d'autres ; chmod 600",
        f"partenaire {PARTNER} : retour, serveur « autre » : aucun [[sftp]] de ce nom n'a d'envoi",
    ]


def test_a_server_that_is_down_rests_longer_and_longer_and_is_told_once(scene: Scene) -> None:
    scene.put("facture.xml", b"1")
    scene.server.stop()

    failures = 0
    for _ in range(60):
        scene.clock.move(10)
        try:
            told = scene.fetch(force=False)
        except Incident:
            failures += 1
        else:
            assert "au repos après un échec" in told

    # 30 s, 1, 2, 4 minutes and up to a quarter more: some tries in ten minutes, not sixty.
    assert 3 <= failures <= 5
    (told,) = scene.operations()
    assert told.kind is OperationKind.SFTP_PANNE
    (row,) = bootstrap.server_states(scene.settings, scene.clock)
    assert (row["etat"], row["a_relever"]) == ("EN_PANNE", 0)
    assert row["prochain_essai"] is not None
    (outage,) = bootstrap.outages(scene.settings)
    assert outage.sentence.startswith("Serveur SFTP banque en panne depuis le 02/10/2026 00:00")
    assert "n'est pas joignable : aucun serveur n'y écoute" in outage.sentence

    scene.server.start()
    scene.clock.move(1800)

    assert scene.fetch(force=False) == "banque : 1 fichier relevé."
    assert [one.kind for one in scene.operations()] == [
        OperationKind.SFTP_PANNE,
        OperationKind.SFTP_RETABLI,
    ]
    assert bootstrap.outages(scene.settings) == []
    (row,) = bootstrap.server_states(scene.settings, scene.clock)
    assert row["etat"] == "EN_SERVICE"


def test_a_dead_line_is_given_up(scene: Scene) -> None:
    scene.put("lot.zip", os.urandom(3_000_000))
    with cut_line(scene.server.port) as line:
        scene.configure(port=line.port, patience=1)
        line.down, line.mute = 1_000_000, True

        with pytest.raises(Incident, match=r"plus de réponse \(lecture de "):
            scene.fetch()

        line.down = None
        assert scene.fetch() == "banque : 1 fichier relevé."


def test_a_server_that_only_gets_files_is_back_without_a_file_to_send(scene: Scene) -> None:
    owed = scene.owe("N1.json", b"{}")
    scene.server.stop()
    for _ in range(3):
        with pytest.raises(Incident):
            scene.push()
    owed.unlink()
    scene.server.start()

    scene.push()

    assert bootstrap.outages(scene.settings) == []


def test_what_is_here_gets_its_name_while_the_server_rests(scene: Scene) -> None:
    scene.put("facture.xml", b"1")
    scene.killed("fetch", "downloaded")
    scene.server.stop()
    scene.clock.move(301)
    scene.owe("N1.json", b"{}")
    with pytest.raises(Incident):
        scene.push()

    told = scene.fetch(force=False)

    assert told.startswith("banque : 1 fichier relevé, au repos après un échec (")
    assert scene.arrived() == {"facture.xml": b"1"}


def test_a_second_outage_is_told_again(scene: Scene) -> None:
    for _ in range(2):
        scene.server.stop()
        for _ in range(3):
            with pytest.raises(Incident):
                scene.fetch()
        scene.server.start()
        scene.fetch()

    told = [one.kind for one in scene.operations()]
    assert told == [OperationKind.SFTP_PANNE, OperationKind.SFTP_RETABLI] * 2


def test_a_restarted_server_is_gone_on_with(scene: Scene) -> None:
    scene.put("a.xml", b"1")
    scene.fetch()
    scene.server.restart()
    scene.put("b.xml", b"2")

    assert scene.fetch(force=False) == "banque : 1 fichier relevé."


def test_the_other_servers_go_on(scene: Scene) -> None:
    scene.put("facture.xml", b"1")
    down = free_port()
    scene.configure(
        further=f'[[sftp]]\nnom = "morte"\nhote = "127.0.0.1"\nport = {down}\n'
        f'utilisateur = "x"\ncle = "{scene.server.key}"\nempreinte = "SHA256:{"A" * 43}"\n'
        f'partenaire = "{PARTNER}"\nreleve = {{ dossier = "out" }}\n'
        f'[[sftp]]\nnom = "sans-secret"\nhote = "127.0.0.1"\nport = {down}\n'
        f'utilisateur = "x"\nsecret_fichier = "absent"\nempreinte = "SHA256:{"A" * 43}"\n'
        f'partenaire = "{PARTNER}"\nreleve = {{ dossier = "out" }}\n'
    )

    told = scene.fetch()

    assert told.startswith("banque : 1 fichier relevé ; morte : 0 fichier relevé, échec : ")
    assert "absent illisible" in told
    assert "No such file" not in told
    assert scene.arrived() == {"facture.xml": b"1"}


def test_two_servers_of_one_partner_do_not_mix_their_files(scene: Scene, sshd: Sshd) -> None:
    with serving() as other:
        (other.root / "out").mkdir()
        (other.root / "out/facture.xml").write_bytes(b"other")
        scene.put("facture.xml", b"first")
        scene.configure(
            further=f'[[sftp]]\nnom = "autre"\nhote = "127.0.0.1"\nport = {other.port}\n'
            f'utilisateur = "{other.user}"\ncle = "{other.key}"\n'
            f'known_hosts = "{other.known_hosts()}"\n'
            f'partenaire = "{PARTNER}"\nreleve = {{ dossier = "{other.root / "out"}" }}\n'
        )

        scene.fetch()
        first = scene.arrived()["facture.xml"]
        (scene.inbox / "facture.xml").unlink()
        scene.clock.move(60)
        scene.fetch()

    assert {first, scene.arrived()["facture.xml"]} == {b"first", b"other"}


def test_a_key_may_have_a_passphrase(scene: Scene) -> None:
    change = ["ssh-keygen", "-p", "-q", "-P", "", "-N", "phrase", "-f", str(scene.server.key)]
    subprocess.run(change, check=True, capture_output=True)
    secret = scene.home / "config/phrase"
    secret.write_text("fausse\n")
    scene.config.write_text(
        scene.config.read_text().replace("cle =", 'secret_fichier = "phrase"\ncle =')
    )
    scene.put("facture.xml", b"1")

    (fault,) = bootstrap.check_config(scene.settings)
    assert "inutilisable : format inconnu, ou phrase secrète absente ou fausse" in fault
    with pytest.raises(Incident, match="phrase secrète absente ou fausse"):
        scene.fetch()

    secret.write_text("phrase\n")

    assert bootstrap.check_config(scene.settings) == []
    assert scene.fetch() == "banque : 1 fichier relevé."


def test_a_passphrase_or_password_is_never_shown(scene: Scene, monkeypatch: Any) -> None:
    secret = scene.home / "secret"
    secret.write_text("tout à fait secret\n")
    text = scene.config.read_text()
    scene.config.write_text(
        text.replace(f'cle = "{scene.server.key}"', f'secret_fichier = "{secret}"')
    )

    (server,) = scene.settings.sftp
    found = server.secret()

    assert found is not None
    assert found.get_secret_value() == "tout à fait secret"
    assert "tout à fait" not in repr((scene.settings, found))
    with pytest.raises(Incident) as caught:
        scene.fetch()
    assert "tout à fait" not in str(caught.value)
