"""The folder of the files that suppliers add after a deposit: ``var/complements/<id>/``."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from chorus_edi.adapters.files import disk
from chorus_edi.domain.lives import Piece
from chorus_edi.errors import Delayed

PIECES = "complements"
"""Folder, in that of the data, of a folder per invoice that files were added to."""

_TOLD = 16
"""Characters of the SHA-256 in a name: two files of one name stand side by side."""


class PieceFolder:
    """Implements ``ports.lifecycle.Pieces`` in one data folder."""

    def __init__(self, data: Path) -> None:
        self._root = data / PIECES

    def keep(self, document: str, piece: Piece, content: bytes) -> bool:
        """Store a file durably; False where it was there already."""
        target = self._path(document, piece)
        if target.is_file() and disk.digest(target) == piece.sha256:
            return False
        disk.make_folder(target.parent)
        disk.write_whole(target, content)
        disk.sync_folder(target.parent)
        return True

    def drop(self, document: str, piece: Piece) -> None:
        """Remove a file that no event names."""
        self._path(document, piece).unlink(missing_ok=True)

    def read(self, document: str, piece: Piece) -> bytes:
        """Return the content of a file.

        Raises:
            Delayed: it is not there, or not what it was.
        """
        target = self._path(document, piece)
        content = target.read_bytes() if target.is_file() else b""
        if sha256(content).hexdigest() != piece.sha256:
            raise Delayed(f"la pièce {target} a disparu ou a changé : rétablissez-la")
        return content

    def _path(self, document: str, piece: Piece) -> Path:
        return self._root / document / f"{piece.sha256[:_TOLD]}-{piece.name}"
