"""Every exception this program raises on purpose, and the exit code each one means.

* ChorusEdiError
    * ConfigurationError   the operator must correct what he asked for; nothing was started
    * Incident             the environment failed; the work is kept and tried again
    * Defect               one of our own invariants broke; a developer must look

A fault of a *document* is never an exception: it is a ``Finding`` (domain/findings.py).
"""

from __future__ import annotations

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


class Defect(ChorusEdiError):
    """One of our own invariants is broken; trying again cannot help."""

    exit_code = ExitCode.DEFECT
