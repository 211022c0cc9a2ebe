"""The folders that partners fetch from what we tell them, each its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from chorus_edi.adapters.files import disk
from chorus_edi.adapters.files.outbox import OutboxFolder
from chorus_edi.domain.partners import Channel, Partner
from chorus_edi.errors import ConfigurationError

SPOOL = "envois"
"""Folder, in that of the data, of what is still to be pushed."""

AGAIN = "encore"
"""Folder, in that, of what is to be pushed although it was."""


class ReturnFolders:
    """Implements ``ports.Returns``: a folder per partner, which he reads or which is pushed to him.

    Args:
        outbox: a partner without a folder of his own finds a folder of his code in it.
        own: folders of partners who have one, by code.
        owed: folders of what partners told by SFTP are owed, by code; they have no other.
    """

    def __init__(
        self, outbox: Path, own: Mapping[str, Path], owed: Mapping[str, Path] | None = None
    ) -> None:
        self._outbox = outbox
        self._owed = owed or {}
        self._own = {**own, **self._owed}
        self._opened: dict[Path, OutboxFolder] = {}

    def folder(self, partner: str) -> Path:
        """Return the folder of a partner, declared or not."""
        return self._own.get(partner, self._outbox / partner)

    def give(self, partner: str, name: str, content: bytes) -> None:
        """Put a file, whole, into the folder of a partner."""
        self._write(self.folder(partner), name, content)

    def repeat(self, partner: str, name: str, content: bytes) -> None:
        """Put a file, whole, into the folder of a partner, as if he never had it."""
        folder = self.folder(partner)
        self._write(folder / AGAIN if partner in self._owed else folder, name, content)

    def _write(self, folder: Path, name: str, content: bytes) -> None:
        if folder not in self._opened:
            self._opened[folder] = OutboxFolder(folder)
        self._opened[folder].write(name, content)

    def leftovers(self) -> Sequence[str]:
        """Return our own temporary files in the folders that lie outside the outbox."""
        outside = sorted({*self.outside().values()})
        return [path for one in outside if one.is_dir() for path in _left_in(one)]

    def outside(self) -> Mapping[str, Path]:
        """Return the folders of partners that lie outside the outbox, by code."""
        return {code: one for code, one in self._own.items() if self._outbox not in one.parents}

    def settle(self, partners: Iterable[str]) -> None:
        """Fsync the folders of partners, and no other's: it may be broken."""
        for folder in sorted({self.folder(partner) for partner in partners}):
            disk.sync_folder(folder)
            if (folder / AGAIN) in self._opened:
                disk.sync_folder(folder / AGAIN)


def _left_in(folder: Path) -> Sequence[str]:
    return OutboxFolder(folder).leftovers()


def spools(partners: Iterable[Partner], data: Path) -> dict[str, Path]:
    """Return the folders of what is owed to partners who are told by SFTP, by code."""
    told = (one.code for one in partners if one.returns.channel is Channel.SFTP)
    return {code: data / SPOOL / code for code in told}


def return_folders(
    partners: Iterable[Partner], outbox: Path, reserved: Iterable[Path]
) -> dict[str, Path]:
    """Return the folders of the partners who have one of their own, by code.

    Args:
        partners: who they are.
        outbox: what a relative folder is relative to.
        reserved: folders that nothing may be told in: it would be taken for an arrival.

    Raises:
        ConfigurationError: a folder that is no place for it; all are named.
    """
    kept = [folder.resolve() for folder in reserved]
    found: dict[str, Path] = {}
    mistakes = []
    for partner in partners:
        if partner.returns.folder is None:
            continue
        folder = (outbox / partner.returns.folder).resolve()
        found[partner.code] = folder
        if any(folder == one or one in folder.parents or folder in one.parents for one in kept):
            mistakes.append(
                f"partenaire {partner.code} : retour, dossier {folder} : c'est un "
                "dossier de dépôt ou de données, ou il en contient un"
            )
    if mistakes:
        raise ConfigurationError("\n  ".join(mistakes))
    return found
