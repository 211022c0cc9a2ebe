"""Takes the documents out of an archive, one at a time, within the bounds of a flow.

Every rule about names, counts and sizes of entries is here. Entries are numbered from 1 in the
archive's own order; folders do not count, and hidden files (``.DS_Store``, ``__MACOSX/``) are files
like others: nothing a sender put in a flow is passed over in silence.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import BinaryIO

from chorus_edi.domain.findings import Finding
from chorus_edi.domain.flux import FORBIDDEN_IN_NAMES, LONGEST_NAME
from chorus_edi.formats.archive import ArchiveFault, Limits, Member, members
from chorus_edi.formats.faults import RULES
from chorus_edi.formats.members import archive_fault

# Names inside an archive are free but for these (issue on the intake, 3); folders may stand in it.
_FORBIDDEN = FORBIDDEN_IN_NAMES - {"/"}
# Control, format (they turn text around), surrogate (bytes that are no UTF-8), line separators.
_FORBIDDEN_KINDS = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


class Entry:
    """One document of an archive.

    Its bytes are there until the next entry is asked for; what was not read is passed over. A
    fault met while reading is the last chunk, and then the next item of ``unpack`` too.

    Attributes:
        rank: place among the documents, from 1.
        name: name inside the archive, without a leading ``./``.
        size: bytes unpacked; ``chunks`` gives just as many, or a fault.
    """

    def __init__(self, rank: int, name: str, member: Member) -> None:
        self.rank = rank
        self.name = name
        self.size = member.size
        self._member = member
        self.fault: ArchiveFault | None = None

    def chunks(self) -> Iterator[bytes | ArchiveFault]:
        """Read once, in pieces of at most 256 KiB."""
        for piece in self._member.chunks():
            if isinstance(piece, ArchiveFault):
                self.fault = piece
            yield piece

    def read(self) -> bytes | ArchiveFault:
        """Read whole, into memory."""
        pieces = []
        for piece in self.chunks():
            if isinstance(piece, ArchiveFault):
                return piece
            pieces.append(piece)
        return b"".join(pieces)


def unpack(file: BinaryIO, limits: Limits) -> Iterator[Entry | ArchiveFault]:
    """Yield the documents of an archive; a fault is the last item, and refuses the whole flow.

    Args:
        file: the archive, seekable, from its start. It stays open.
        limits: files, total bytes, bytes of one file.

    Raises:
        OSError: the file itself cannot be read (ours, not the sender's).
    """
    seen: set[str] = set()
    total = 0
    rank = 0
    for rank, item in enumerate(members(file, limits), 1):
        if isinstance(item, ArchiveFault):
            yield item
            return
        total += item.size
        name = re.sub(r"\A(?:\./+)+", "", item.name)
        rule = _rule_against(name, item.size, rank, total, limits)
        if rule is None and _same(name) in seen:
            rule = "CE-ARC-08"
        if rule is not None:
            yield archive_fault(rule, name=name)
            return
        seen.add(_same(name))
        entry = Entry(rank, name, item)
        yield entry
        if entry.fault is not None:
            yield entry.fault
            return
    if rank == 0:
        yield archive_fault("CE-ARC-03")


def finding_of(fault: ArchiveFault) -> Finding:
    """Make of a fault the finding that a report shows."""
    row = RULES[fault.rule]
    return Finding(
        rule=fault.rule,
        severity=row.severity,
        stage=row.stage,
        motive=fault.motive,
        message=fault.message,
        conseil=row.conseil,
        found=fault.found,
    )


def _rule_against(name: str, size: int, rank: int, total: int, limits: Limits) -> str | None:
    if rank > limits.files:
        return "CE-ARC-04"
    if not _name_is_sound(name):
        return "CE-ARC-07"
    if size > limits.entry:
        return "CE-ARC-06"
    return "CE-ARC-05" if total > limits.total else None


def _name_is_sound(name: str) -> bool:
    return (
        0 < len(name) <= LONGEST_NAME
        and not _FORBIDDEN.intersection(name)
        and not name.startswith("/")
        and ".." not in name.split("/")
        and not any(unicodedata.category(character) in _FORBIDDEN_KINDS for character in name)
    )


def _same(name: str) -> str:
    """Return what two names have in common that some file system takes for one."""
    return unicodedata.normalize("NFC", name).casefold()
