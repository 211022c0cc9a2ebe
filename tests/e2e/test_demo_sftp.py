"""The demonstration by SFTP, through the installed command and a real OpenSSH server."""

from __future__ import annotations

import shutil
import socket
import tomllib
from pathlib import Path

import pytest

from chorus_edi.adapters.sftp import loopback
from chorus_edi.errors import ConfigurationError
from tests.e2e.test_night import chorus_edi, listed
from tests.sshd import sshd  # noqa: F401 - skips, or fails in CI, where OpenSSH is missing


@pytest.mark.usefixtures("sshd")
def test_a_night_comes_from_a_partners_server_and_its_reports_go_back(tmp_path: Path) -> None:
    folder = tmp_path / "nuit"

    # Twice: a demonstration starts afresh.
    for _ in range(2):
        done = chorus_edi("demo", "--sftp", str(folder), cwd=tmp_path)

    assert done.returncode == 0, done.stderr
    assert "Relève : serveur-fictif : 10 fichiers relevés." in done.stderr
    assert "Envoi : serveur-fictif : 20 fichiers envoyés." in done.stderr
    assert list((folder / "serveur/depots").iterdir()) == []
    reports = {path.name for path in (folder / "serveur/comptes-rendus").iterdir()}
    flows = listed(folder, "suivi")
    assert reports == {
        f"{flow['numero_flux']}_compte-rendu.{ending}"
        for flow in flows
        for ending in ("html", "json")
    }
    (state,) = listed(folder, "sftp", "etat")
    assert (state["etat"], state["a_relever"], state["a_envoyer"]) == ("EN_SERVICE", 0, 0)

    config = tomllib.loads((folder / "config/chorus_edi.toml").read_text("utf-8"))
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", config["sftp"][0]["port"])) != 0


def test_a_server_that_is_down_stands_above_the_suivi(tmp_path: Path) -> None:
    folder = tmp_path / "nuit"
    done = chorus_edi("demo", "--sftp", str(folder), cwd=tmp_path)
    assert done.returncode == 0, done.stderr

    # The server of the demonstration has ended with it.
    tries = [chorus_edi("sftp", "relever", "--maintenant", cwd=folder) for _ in range(3)]
    shown, as_json = (
        chorus_edi("suivi", cwd=folder),
        chorus_edi("suivi", "--format", "json", cwd=folder),
    )

    assert [one.returncode for one in tries] == [75, 75, 75]
    assert shown.stderr.startswith("⚠ Serveur SFTP serveur-fictif en panne depuis le ")
    assert as_json.stderr == ""
    rested = chorus_edi("sftp", "relever", cwd=folder)
    assert (rested.returncode, "au repos après un échec" in rested.stdout) == (0, True)


@pytest.mark.parametrize(("name", "package"), loopback.PROGRAMS.items())
def test_without_openssh_the_package_to_install_is_named(
    name: str, package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda *_, **__: None)

    with pytest.raises(ConfigurationError, match=f"apt-get install {package}"):
        loopback.program(name)
