"""Every exception this program raises on purpose, and the exit code each one means.

* ChorusEdiError
    * ConfigurationError   the operator must correct what he asked for; nothing was started
    * Incident             the environment failed; the work is kept and tried again
        * Delayed          it failed for one flow, which waits; the others go on
    * Defect               one of our own invariants broke; a developer must look

A fault of a *document* is never an exception: it is a ``Finding`` (domain/findings.py).
"""

from __future__ import annotations

import errno
import re
from collections.abc import Mapping
from enum import IntEnum


class ExitCode(IntEnum):
    """Process exit codes (sysexits.h for 70 and 75)."""

    OK = 0
    INVALID = 1
    USAGE = 2
    UNDECIDED = 3
    DEFECT = 70
    INCIDENT = 75


class ChorusEdiError(Exception):
    """Root of the tree."""

    exit_code = ExitCode.DEFECT


class ConfigurationError(ChorusEdiError):
    """The operator asked for something impossible; nothing was started."""

    exit_code = ExitCode.USAGE


class Incident(ChorusEdiError):
    """The environment failed (disk, database, lost worker); trying again may work."""

    exit_code = ExitCode.INCIDENT


class Delayed(Incident):
    """The environment failed for one flow: it waits for the next run, and the others go on."""


class Defect(ChorusEdiError):
    """One of our own invariants is broken; trying again cannot help."""

    exit_code = ExitCode.DEFECT


_SYSTEM: Mapping[int, str] = {
    errno.ENOSPC: "disque plein",
    errno.EDQUOT: "quota de disque dépassé",
    errno.EFBIG: "fichier plus grand que le système ne l'autorise",
    errno.EROFS: "disque en lecture seule",
    errno.EACCES: "droit refusé",
    errno.EPERM: "opération refusée par le système",
    errno.EBUSY: "fichier occupé par le système",
    errno.EIO: "erreur de lecture ou d'écriture du disque",
    errno.EMFILE: "trop de fichiers ouverts",
    errno.ENOENT: "fichier ou dossier introuvable",
    errno.ENOTDIR: "un fichier est à la place d'un dossier",
    errno.EEXIST: "un fichier est à la place d'un dossier",
    errno.EISDIR: "un dossier est à la place d'un fichier",
    errno.ENAMETOOLONG: "nom trop long",
}
"""What operators meet, as they read it; anything else keeps the words of the system."""


def said(error: Exception) -> str:
    """Return what failed as an operator reads it, with the file concerned."""
    if not isinstance(error, OSError) or error.errno is None:
        return str(error)
    where = f" : {error.filename}" if error.filename else ""
    return f"{reason(error)}{where}"


def reason(error: OSError) -> str:
    """Return why the system refused, as an operator reads it, where the place is told apart."""
    return _SYSTEM.get(error.errno or 0) or error.strerror or str(error)


def toml_fault(error: ValueError) -> str:
    """Return why a file is no TOML, as an operator reads it: where, of what tomllib tells."""
    if isinstance(error, UnicodeDecodeError):
        return "TOML invalide, le fichier n'est pas en UTF-8"
    place = re.search(r"\(at line ([0-9]+)", str(error))
    return f"TOML invalide, ligne {place[1]}" if place else "TOML invalide, à la fin du fichier"
