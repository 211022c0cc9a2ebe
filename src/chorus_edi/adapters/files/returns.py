"""The folders that partners fetch from what we tell them, each its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from chorus_edi.adapters.files import disk
from chorus_edi.adapters.files.outbox import OutboxFolder
from chorus_edi.domain.partners import Partner
from chorus_edi.errors import ConfigurationError


class ReturnFolders:
    """Implements ``ports.Returns`` for the channel ``dossier``.

    Args:
        outbox: a partner without a folder of his own finds a folder of his code in it.
        own: folders of partners who have one, by code.
    """

    def __init__(self, outbox: Path, own: Mapping[str, Path]) -> None:
        self._outbox = outbox
        self._own = own
        self._opened: dict[Path, OutboxFolder] = {}

    def folder(self, partner: str) -> Path:
        """Return the folder of a partner, declared or not."""
        return self._own.get(partner, self._outbox / partner)

    def give(self, partner: str, name: str, content: bytes) -> None:
        """Put a file, whole, into the folder of a partner."""
        folder = self.folder(partner)
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


def _left_in(folder: Path) -> Sequence[str]:
    return OutboxFolder(folder).leftovers()


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
