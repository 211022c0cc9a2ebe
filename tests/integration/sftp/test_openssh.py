"""The printed configuration of OpenSSH, as it is, on a real server: partners push and fetch."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from chorus_edi import bootstrap
from chorus_edi.settings import load
from tests.builders import ubl
from tests.integration.sftp.scene import Scene
from tests.outside import missing
from tests.sshd import Sshd, make_key

COMMAND = str(Path(sys.executable).with_name("chorus-edi"))
# Two codes that no real installation on the machine of the tests has.
OURS, OTHER = "TSTS01", "TSTS02"
USERS = {code: f"chorus-{code.lower()}" for code in (OURS, OTHER)}


def printed(config: Path, *arguments: str) -> str:
    done = subprocess.run(
        [COMMAND, "sftp", "config", *arguments, "--config", str(config)],
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


class Reception:
    """An installation that partners push to, made as an operator makes it."""

    def __init__(self, scene: Scene, jail: Path) -> None:
        self.scene = scene
        self.jail = jail
        self.keys = jail / "keys"
        (scene.home / "config/partenaires.toml").write_text(
            f'defaut = "{OURS}"\n'
            + "".join(
                f'[[partenaire]]\ncode = "{code}"\nnom = "Fictif"\nnoms_libres = true\n'
                'circuit = "historique"\n'
                for code in (OURS, OTHER)
            )
        )
        config = scene.config.read_text()
        scene.config.write_text(config[: config.index("[[sftp]]")])
        options = ("--racine", str(jail / "chroot"), "--cles", str(self.keys))
        script = printed(scene.config, "--preparation", *options)
        self.configuration = printed(scene.config, *options)
        self.own_keys = {}
        # Twice: a partner may be added later.
        for _ in range(2):
            subprocess.run(["sh"], input=script, text=True, check=True)
        for code, user in USERS.items():
            self.own_keys[code] = scene.home / user
            make_key(self.own_keys[code])
            public = self.own_keys[code].with_suffix(".pub").read_text()
            (self.keys / user).write_text(public)

    def sftp(
        self, batch: str, code: str = OURS, key: str = OURS
    ) -> subprocess.CompletedProcess[str]:
        server: Sshd = self.scene.server
        return server.client(batch, user=USERS[code], key=self.own_keys[key])


@pytest.fixture
def reception(scene: Scene) -> Iterator[Reception]:
    if os.geteuid() != 0:
        missing("only root may make accounts and lock them up")
    # Not below /tmp, where everybody may write: sshd refuses to lock up anybody there.
    jail = Path(tempfile.mkdtemp(prefix="chorus-jail-", dir="/var/lib"))
    jail.chmod(0o755)
    try:
        made = Reception(scene, jail)
        scene.server.stop()
        scene.server.start(made.configuration)
        yield made
        scene.server.stop()
    finally:
        for mounted in (jail / "chroot").glob("*/*"):
            subprocess.run(["umount", "--lazy", str(mounted)], check=False, capture_output=True)
        for user in USERS.values():
            subprocess.run(["userdel", user], check=False, capture_output=True)
        shutil.rmtree(jail)


def test_a_partner_pushes_with_the_stock_client_and_fetches_his_reports(
    reception: Reception, tmp_path: Path
) -> None:
    sent = tmp_path / "facture.xml"
    sent.write_bytes(ubl())
    sent.chmod(0o640)
    got = tmp_path / "got"
    got.mkdir()

    pushed = reception.sftp(
        f"put {sent} in/facture.xml.part\nrename in/facture.xml.part in/facture.xml\n"
    )
    assert pushed.returncode == 0, pushed.stderr + reception.scene.server.log()
    settings = load(reception.scene.config)
    (arrived,) = (settings.folders.inbox / OURS).iterdir()
    status = arrived.stat()
    # His file, which the group of chorus-edi may read.
    assert (status.st_uid, status.st_gid) == (pwd.getpwnam(USERS[OURS]).pw_uid, os.getegid())
    assert status.st_mode & 0o777 == 0o640
    summary = bootstrap.run(settings, once=True)
    fetched = reception.sftp(f"ls -1 out\nget out/* {got}/\n")

    assert summary.flows == 1
    assert fetched.returncode == 0, fetched.stderr
    reports = sorted(path.suffix for path in got.iterdir())
    assert reports == [".html", ".json"]


def test_a_partner_sees_and_changes_nothing_else(reception: Reception, tmp_path: Path) -> None:
    sent = tmp_path / "x"
    sent.write_bytes(b"x")

    listed = reception.sftp("ls -1a /\n")
    refused = [
        reception.sftp(f"put {sent} /x\n"),
        reception.sftp(f"put {sent} out/x\n"),
        reception.sftp("get /etc/passwd\n"),
        reception.sftp("mkdir /autre\n"),
    ]

    assert {line.strip().strip("/") for line in listed.stdout.splitlines()[1:]} == {
        ".", "..", "in", "out",
    }  # fmt: skip
    assert [one.returncode for one in refused] == [1, 1, 1, 1]


def test_only_his_own_key_lets_a_partner_in_and_for_files_only(reception: Reception) -> None:
    port, key = str(reception.scene.server.port), str(reception.own_keys[OURS])
    known = reception.scene.server.known_hosts()
    ssh = ["ssh", "-F", "none", "-p", port, "-i", key, "-o", "BatchMode=yes",
           "-o", f"UserKnownHostsFile={known}", "-o", "IdentitiesOnly=yes"]  # fmt: skip
    host = f"{USERS[OURS]}@127.0.0.1"

    other = reception.sftp("ls\n", OTHER, OURS)
    shell = subprocess.run(
        [*ssh, host, "id"], capture_output=True, text=True, check=False, input=""
    )
    forward = subprocess.run(
        [*ssh, "-o", "ExitOnForwardFailure=yes", "-W", f"127.0.0.1:{port}", host],
        capture_output=True, text=True, check=False, input="", timeout=30,
    )  # fmt: skip

    assert "Permission denied (publickey)" in other.stderr
    assert "uid=" not in shell.stdout
    assert "SSH-2.0" not in forward.stdout


def test_a_partner_who_is_unknown_is_named(scene: Scene) -> None:
    done = subprocess.run(
        [COMMAND, "sftp", "config", "ZZZ999", "--config", str(scene.config)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout) == (2, "")
    assert "partenaire inconnu : ZZZ999" in done.stderr
