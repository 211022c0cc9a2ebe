"""The OpenSSH server that partners push to: its configuration, and the folders that it shows them.

We write no SSH server. Each partner is an account that sees nothing but ``in/``, his inbox, and
``out/``, his return flows, and that can do nothing but transfer files.
"""

from __future__ import annotations

import shlex
from collections.abc import Sequence

import msgspec

from chorus_edi.domain.partners import Channel, Partner, Partners
from chorus_edi.errors import ConfigurationError

ROOT = "/srv/chorus-edi"
"""Where the accounts are locked up, unless an operator says otherwise."""

KEYS = "/etc/ssh/chorus-edi"
"""Where their public keys are: not where they could change them."""


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """The account of a partner.

    Attributes:
        partner: his code.
        user: name of the account.
        inbox: absolute path of what he sees as ``in/``.
        returns: absolute path of what he sees as ``out/``; None where he is told otherwise.
    """

    partner: str
    user: str
    inbox: str
    returns: str | None


class Places(msgspec.Struct, frozen=True, kw_only=True):
    """Where everything is on the machine, and who runs chorus-edi there.

    Attributes:
        root: folder of the chroots; it and all above it belong to root and nobody else may write.
        keys: folder of the public keys, one file per account.
        owner: account that chorus-edi runs under.
        group: its group.
    """

    root: str = ROOT
    keys: str = KEYS
    owner: str
    group: str


def chosen(partners: Partners, codes: Sequence[str]) -> Sequence[Partner]:
    """Return the partners of some codes, all of them where none is given.

    Raises:
        ConfigurationError: nobody is connected under a code.
    """
    unknown = [code for code in codes if partners.of(code) is None]
    if unknown:
        raise ConfigurationError(f"partenaire inconnu : {', '.join(unknown)}")
    wanted = set(codes) or partners.by_code.keys()
    return [one for code, one in partners.by_code.items() if code in wanted]


def account_of(partner: Partner, inbox: str, returns: str) -> Account:
    """Return the account of a partner, by the folders that are his."""
    pushed = partner.returns.channel is Channel.SFTP
    return Account(
        partner=partner.code,
        user=f"chorus-{partner.code.lower()}",
        inbox=inbox,
        returns=None if pushed else returns,
    )


def configuration(accounts: Sequence[Account], places: Places) -> str:
    """Return what the configuration of sshd needs, as a file of ``sshd_config.d``."""
    lines = [
        "# Écrit par « chorus-edi sftp config », pour /etc/ssh/sshd_config.d/chorus-edi.conf.",
        "# Comptes, dossiers et montages : « chorus-edi sftp config --preparation ».",
    ]
    for one in accounts:
        lines += ["", f"# Partenaire {one.partner}", f"Match User {one.user}"]
        lines += [f"    {keyword} {value}" for keyword, value in _keywords(one, places)]
    # What another file adds behind this one is for everybody again.
    return "\n".join([*lines, "", "Match all", ""])


def _keywords(account: Account, places: Places) -> tuple[tuple[str, str], ...]:
    return (
        ("ChrootDirectory", _quoted(f"{places.root}/{account.user}")),
        ("ForceCommand", "internal-sftp -u 0007"),
        ("AuthorizedKeysFile", _quoted(f"{places.keys}/{account.user}")),
        ("AuthenticationMethods", "publickey"),
        ("PasswordAuthentication", "no"),
        ("KbdInteractiveAuthentication", "no"),
        ("DisableForwarding", "yes"),
        ("PermitTunnel", "no"),
        ("PermitTTY", "no"),
        ("PermitUserRC", "no"),
    )


def preparation(accounts: Sequence[Account], places: Places) -> str:
    """Return the script that root runs once, and again when a partner is added."""
    q = shlex.quote
    lines = [
        "#!/bin/sh",
        "# Écrit par « chorus-edi sftp config --preparation », à exécuter par root ; peut être",
        "# exécuté de nouveau. Rien n'est effacé.",
        "set -eu",
        "",
        "# Un chroot : lui et tout ce qui est au-dessus sont à root, que lui seul peut écrire.",
        f"install -d -o root -g root -m 0755 {q(places.root)} {q(places.keys)}",
    ]
    for one in accounts:
        lines += ["", f"# Partenaire {one.partner}", *_account_lines(one, places)]
    mounts = [line for one in accounts for line in _fstab_lines(one, places)]
    lines += ["", "# À ajouter à /etc/fstab, pour qu'un redémarrage monte ces dossiers :", *mounts]
    return "\n".join([*lines, ""])


def _account_lines(account: Account, places: Places) -> list[str]:
    q, user, jail = shlex.quote, account.user, f"{places.root}/{account.user}"
    key = q(f"{places.keys}/{user}")
    lines = [
        f"getent passwd {user} >/dev/null || useradd --system --user-group --no-create-home \\",
        # « * »: no password opens it, and yet it is not locked, as sshd without PAM would find it.
        f"  --home-dir / --shell /usr/sbin/nologin --password '*' {user}",
        f"[ -e {key} ] || install -o root -g root -m 0644 /dev/null {key}   # sa clé publique",
        f"install -d -o root -g root -m 0755 {q(jail)}",
        # He writes; by the bit 2000 his files are of our group, and by the umask it reads them.
        f"install -d -o {user} -g {q(places.group)} -m 2770 {q(account.inbox)}",
        *_mount_lines(account.inbox, f"{jail}/in"),
    ]
    if account.returns is not None:
        lines += [
            f"install -d -o {q(places.owner)} -g {user} -m 2750 {q(account.returns)}",
            *_mount_lines(account.returns, f"{jail}/out"),
        ]
    return lines


def _mount_lines(folder: str, place: str) -> list[str]:
    q = shlex.quote
    return [
        # Made once: behind the mount it is the folder itself, whose rights are set above.
        f"[ -d {q(place)} ] || install -d -o root -g root -m 0755 {q(place)}",
        f"mountpoint -q {q(place)} || mount --bind {q(folder)} {q(place)}",
    ]


def _fstab_lines(account: Account, places: Places) -> list[str]:
    jail = f"{places.root}/{account.user}"
    shown = [(account.inbox, f"{jail}/in")]
    if account.returns is not None:
        shown.append((account.returns, f"{jail}/out"))
    return [
        f"# {_spaceless(folder)} {_spaceless(place)} none bind,nosuid,nodev,noexec 0 0"
        for folder, place in shown
    ]


def _spaceless(path: str) -> str:
    return path.replace("\\", "\\134").replace(" ", "\\040")


def _quoted(path: str) -> str:
    """Return a path as sshd reads it: ``%`` begins a placeholder, a space ends a value."""
    escaped = path.replace("%", "%%")
    return f'"{escaped}"' if " " in escaped else escaped
