"""What an archive is made of, whatever its format, and the bounds it is read within."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, Protocol

from chorus_edi.formats.faults import RULES, Fault, displayed

CHUNK = 256 * 1024
"""Bytes unpacked at a time."""

_RATIO = 250
_RATIO_FLOOR = 64 * 1024 * 1024


class ArchiveFault(Fault, frozen=True, kw_only=True):
    """Why an archive is refused; ``name`` is the entry at fault, fit for display, or empty."""

    name: str = ""


class Limits(NamedTuple):
    """Bounds of one flow (facts chorus-pro 1.6).

    Attributes:
        documents: invoices.
        total: bytes unpacked.
        entry: bytes of one file.
        seconds: of a processor, to unpack it.
    """

    documents: int = 500
    total: int = 1024 * 1024 * 1024
    entry: int = 120 * 1024 * 1024
    seconds: int = 300

    @property
    def files(self) -> int:
        """Files of a flow: each invoice may have its signature, and all of them style sheets."""
        return 2 * self.documents + 16


class Source(Protocol):
    """Bytes that come one after the other."""

    def read(self, size: int, /) -> bytes:
        """Return up to ``size`` bytes, empty at the end."""
        ...


class Member(Protocol):
    """A file of an archive; its bytes are there until the next member is asked for."""

    @property
    def name(self) -> str:
        """Name as written in the archive."""
        ...

    @property
    def size(self) -> int:
        """Bytes unpacked, as the archive declares them; reading holds it to that."""
        ...

    def chunks(self) -> Iterator[bytes | ArchiveFault]:
        """Read once, piece by piece; a fault is the last piece."""
        ...


def archive_fault(rule: str, *, name: str = "", found: str | None = None) -> ArchiveFault:
    """Make the fault of a rule of ``faults.RULES``; ``found`` is the entry where not given."""
    row = RULES[rule]
    shown = displayed(name)
    return ArchiveFault(
        rule=rule,
        motive=row.motive,
        message=row.message,
        found=displayed(found) if found else (shown or None),
        name=shown,
    )


def is_bomb(unpacked: int, packed: int) -> bool:
    """True where bytes unpack to more than invoices ever do.

    XML invoices pack 10 to 40 times, deflate goes up to 1,032.
    """
    return unpacked > _RATIO_FLOOR and unpacked > _RATIO * packed
