"""The demonstration by SFTP: a night that comes from a partner's server, and its reports go back.

The server is a real OpenSSH on loopback, which runs for as long as the demonstration does.
"""

# ruff: noqa: PLC0415 - a worker stays small and starts fast: see the package

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from chorus_edi.bootstrap.databases import environment
from chorus_edi.bootstrap.exchanges import fetch_remote, push_returns
from chorus_edi.bootstrap.installation import load_settings, system_clock
from chorus_edi.bootstrap.running import RESOURCES, furnish, make_room, recipients_of, run
from chorus_edi.errors import Incident

if TYPE_CHECKING:
    from chorus_edi.adapters.sftp.loopback import Loopback
    from chorus_edi.pipeline.night import Progress
    from chorus_edi.settings import Settings

_PARTNER = "ABC123"
_SERVER = "serveur-fictif"
_GIVEN, _TOLD = "depots", "comptes-rendus"
_OWN = ("sshd", "partenaire", "serveur")
"""Folders of this demonstration, beside those of every installation."""


def sftp_demo(
    folder: Path, progress: Progress | None = None, say: Callable[[str], None] = lambda _: None
) -> Settings:
    """Let a made-up night come and go by SFTP; return the settings of the installation.

    Doing it again starts afresh: what an earlier demonstration left there is removed.

    Args:
        folder: where everything is written.
        progress: told (documents decided, flows closed) so far.
        say: told each step, one French sentence.

    Raises:
        ConfigurationError: the folder holds something else, or OpenSSH is not installed.
        Incident: the server does not start, or refuses a file.
    """
    from chorus_edi.adapters.sftp.loopback import Loopback
    from chorus_edi.services.nights import night

    make_room(folder, _OWN)
    settings = furnish(folder, RESOURCES / "partenaires.toml")
    root = (folder / "sshd").absolute()
    with environment():
        for one in (root, *(folder / "serveur" / name for name in (_GIVEN, _TOLD))):
            one.mkdir(parents=True)
        server = Loopback(root)
        server.start()
    try:
        say(f"OpenSSH écoute sur 127.0.0.1:{server.port}.")
        config = folder / "config"
        _connect(config, server, (folder / "serveur").absolute())
        settings = load_settings(config / "chorus_edi.toml")
        flows = night(folder / "partenaire", recipients_of(settings), partner=_PARTNER)
        _push(server, flows, (folder / "serveur").absolute() / _GIVEN)
        say(f"Le partenaire a déposé {len(flows)} fichiers sur son serveur, avec « sftp ».")
        clock = system_clock()
        say(f"Relève : {fetch_remote(settings, clock)}")
        run(settings, once=True, progress=progress)
        say(f"Envoi : {push_returns(settings, clock)}")
        return settings
    finally:
        server.stop()


def _connect(config: Path, server: Loopback, home: Path) -> None:
    """Write into a configuration that the partner gives and is told by way of his server."""
    file = config / "chorus_edi.toml"
    section = f"""
[[sftp]]
nom = "{_SERVER}"
hote = "127.0.0.1"
port = {server.port}
utilisateur = "{server.user}"
cle = "{server.key}"
known_hosts = "{server.known_hosts()}"
partenaire = "{_PARTNER}"
releve = {{ dossier = "{home / _GIVEN}", apres = "supprimer" }}
envoi = {{ dossier = "{home / _TOLD}" }}
"""
    file.write_text(file.read_text(encoding="utf-8") + section, encoding="utf-8")
    partners = config / "partenaires.toml"
    code = f'code = "{_PARTNER}"'
    agreed = (
        code,
        'arrivee = { regle = "renommage" }',
        f'retour = {{ canal = "sftp", serveur = "{_SERVER}" }}',
    )
    text = partners.read_text(encoding="utf-8")
    partners.write_text(text.replace(code, "\n".join(agreed), 1), encoding="utf-8")


def _push(server: Loopback, files: Sequence[Path], folder: Path) -> None:
    """Put files on the server as a partner does: under a temporary name, then renamed."""
    lines = []
    for path in files:
        final = folder / path.name
        lines += [f'put "{path}" "{final}.part"', f'rename "{final}.part" "{final}"']
    done = server.client("\n".join(lines) + "\n")
    if done.returncode:
        raise Incident(f"sftp : {done.stderr.strip()}")
