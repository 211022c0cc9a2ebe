"""What the business groups of the semantic model are made of: terms, identifiers, attachments.

``Odd`` says what the model does not show of the way a value is written.
"""

from __future__ import annotations

from typing import Any

import msgspec


class BT(msgspec.Struct, frozen=True):
    """The business term a field carries."""

    id: str


class BG(msgspec.Struct, frozen=True):
    """The business group a field opens."""

    id: str


class Odd(msgspec.Struct, frozen=True):
    """What the model does not show of a value that is not written once and bare.

    The model holds a value without the blanks around it, and the first of several; the official
    sheets test the text itself, and every occurrence.

    Attributes:
        written: the text as it stands there, where there are blanks around it; of a CII date also
            where it is not one of eight digits, of a number where its value does not show how it
            is written (plus sign, leading zeros), of a UBL note that does not begin with its code.
        further: values (or groups) of the further occurrences, in the document's order; codes as
            they are written.
        spelled: the texts of further numbers, where their values do not show how they are written.
        format: what a CII date says of its format, where that is not 102; empty where nothing.
    """

    written: str | None = None
    further: tuple[Any, ...] = ()
    spelled: tuple[str, ...] = ()
    format: str | None = None


OTHERS = "others"
"""Odd field of a group that holds elements, but none of its terms: of a period, for instance."""


class Group(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """Base of every business group.

    ``odd`` says by field what is particular about the way some values are written; None in a
    regular group.
    """

    odd: dict[str, Odd] | None = None


class Identifier(Group, frozen=True, gc=False):
    """An identifier with its scheme: ``value`` is the term itself, ``scheme`` its ``-1`` sub-term.

    ``scheme_name`` is UBL's ``@schemeName``: the historic Chorus formats write the kind of a party
    identifier there (1 SIRET … 7 particulier).
    """

    value: str | None = None
    scheme: str | None = None
    scheme_version: str | None = None
    scheme_name: str | None = None


class Attachment(Group, frozen=True, gc=False):
    """An attached file (BT-125), judged on its decoded, unzipped content.

    ``mime`` and ``filename`` are what the sender declared; ``media_type`` is what the bytes are;
    ``name`` is the name it is delivered under; ``fault`` is a ``Motive`` code, empty when sound.
    """

    mime: str | None = None
    filename: str | None = None
    name: str = ""
    media_type: str = ""
    size: int = 0
    sha256: str = ""
    fault: str = ""
