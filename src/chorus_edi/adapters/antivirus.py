"""Asks an antivirus command about a file that came in, before it is opened."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence

from chorus_edi.errors import Delayed, said
from chorus_edi.ports import Scan

_CLEAN, _FOUND = 0, 1
"""Exit codes of clamdscan(1), which other scanners share; any other is a failure of its own."""

_LONGEST = 300


class NoAntivirus:
    """Nothing is configured; the record of each flow says so."""

    def scan(self, _path: str, /) -> Scan:
        """Say that nobody looked."""
        return Scan(None, "Antivirus : aucun n'est configuré.")


class AntivirusCommand:
    """A command that takes the path of a file as its last argument.

    Args:
        command: program and arguments, for instance ``clamdscan --fdpass --no-summary``.
        patience: seconds that it may take for one file.
    """

    def __init__(self, command: Sequence[str], patience: float) -> None:
        self._command = tuple(command)
        self._patience = patience

    def scan(self, path: str, /) -> Scan:
        """Look at a file.

        Raises:
            Delayed: the command is missing, late, or fails; the flow waits for the next run.
        """
        try:
            done = subprocess.run(  # noqa: S603 - the operator's own command
                [*self._command, path],
                capture_output=True,
                text=True,
                errors="replace",
                timeout=self._patience,
                stdin=subprocess.DEVNULL,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise Delayed(f"l'antivirus ne répond pas : {self._why(error)}") from error
        told = " ".join((done.stdout or done.stderr).replace(path, "").split())[:_LONGEST]
        if done.returncode not in (_CLEAN, _FOUND):
            raise Delayed(f"l'antivirus a échoué (code {done.returncode}) : {told}")
        if done.returncode == _FOUND:
            return Scan(told or "virus", "Antivirus : virus détecté.")
        return Scan(None, "Antivirus : rien à signaler.")

    def _why(self, error: Exception) -> str:
        if isinstance(error, subprocess.TimeoutExpired):
            return f"plus de {self._patience:g} secondes pour un fichier"
        return said(error)
