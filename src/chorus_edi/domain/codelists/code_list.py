"""A code list: its codes, where they come from, and what the official sheets take for one."""

from __future__ import annotations

import msgspec

from chorus_edi.domain.labels import Label

EN16931 = "EN 16931 1.3.16"
"""Release of the artefacts whose lists these are."""

FACTUR_X = "Factur-X 1.09.2"
"""Release of the Factur-X artefacts, where their lists differ."""

EXTENDED_CTC_FR = "EXTENDED-CTC-FR V1.4.0.03"
"""Release of the sheets of the French extension, where theirs differ."""

_BLANKS = " \t\r\n"


class CodeList(msgspec.Struct, frozen=True, kw_only=True):
    """A list of codes.

    Attributes:
        id: its official name (``ISO 4217``, ``UNTDID 1001``), then whose choice of it where
            several choices are in use.
        label: its two names.
        version: the release whose choice of codes this is.
        source: who keeps the list.
        codes: every code in it.
    """

    id: str
    label: Label
    version: str
    source: str
    codes: frozenset[str]

    def holds(self, value: str | None) -> bool:
        """True where a value is one code of the list, no matter the XML white space around it."""
        return value is not None and value.strip(_BLANKS) in self.codes


def code_list(id_: str, *, fr: str, en: str, version: str, source: str, codes: str) -> CodeList:
    """Make a list from its codes, separated by white space."""
    return CodeList(
        id=id_,
        label=Label(fr, en),
        version=version,
        source=source,
        codes=frozenset(codes.split()),
    )


def amended(
    of: CodeList, id_: str, *, version: str, added: str = "", removed: str = ""
) -> CodeList:
    """Make a list that differs by some codes from another."""
    return CodeList(
        id=id_,
        label=of.label,
        version=version,
        source=of.source,
        codes=of.codes.difference(removed.split()).union(added.split()),
    )
