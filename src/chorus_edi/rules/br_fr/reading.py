"""How the French sheets see values: as they are written, every occurrence, notes as one text."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from decimal import Decimal
from functools import cache
from typing import Any

import msgspec

from chorus_edi.domain.groups import Group, Identifier
from chorus_edi.domain.invoice import Invoice, Note
from chorus_edi.domain.money import decimals
from chorus_edi.domain.seen import SeenNumbers
from chorus_edi.rules.br_fr.codes import SIREN
from chorus_edi.rules.figures import once
from chorus_edi.rules.text import BLANKS, as_written, every

_BLANK = re.compile(f"[{BLANKS}]").search
NINE_DIGITS = re.compile(r"\d{9}").fullmatch
FOURTEEN_DIGITS = re.compile(r"\d{14}").fullmatch

_LONGEST = 19
_SAFE = Decimal(10) ** 12
"""Below, a number of six decimals and its sign have at most nineteen characters."""


def texts(group: Group, field: str) -> tuple[str, ...]:
    """Return the text of every occurrence of a code, reference or text, as written."""
    first = as_written(group, field)
    if group.odd is None:
        return () if first is None else (first,)
    rest = every(group, field)[1:]
    return (*(() if first is None else (first,)), *(one for one in rest if one is not None))


def folded(text: str) -> str:
    """Return a text as XPath ``normalize-space`` gives it."""
    if _BLANK(text) is None:
        return text
    return " ".join(part for part in re.split(f"[{BLANKS}]+", text) if part)


class Written(msgspec.Struct, frozen=True, gc=False):
    """An identifier as it is written; its text is empty where it has none."""

    scheme: str | None
    text: str


class Names(msgspec.Struct, frozen=True):
    """Where a party stands, and the terms its identifiers are called by.

    ``endpoint`` is empty for the payee, who has no electronic address there.
    """

    at: str
    identifiers: str
    registration: str
    endpoint: str


class Party(msgspec.Struct, frozen=True):
    """A party that EN 16931 knows, with its identifiers, registrations and electronic addresses."""

    names: Names
    identifiers: tuple[Written, ...] = ()
    registrations: tuple[Written, ...] = ()
    endpoints: tuple[Written, ...] = ()

    @property
    def siren(self) -> str | None:
        """Its registration under scheme 0002; None where it has none."""
        for one in self.registrations:
            if one.scheme == SIREN:
                return one.text
        return None


class Parties(msgspec.Struct, frozen=True):
    """Seller, buyer and payee, without identifiers where they are not there.

    ``schemes`` are those of the identifiers of all three (BT-29, BT-46, BT-60).
    """

    seller: Party
    buyer: Party
    payee: Party
    schemes: frozenset[str | None]

    @property
    def all(self) -> tuple[Party, Party, Party]:
        """The three."""
        return self.seller, self.buyer, self.payee


_SELLER = Names("BG-4", "BT-29", "BT-30", "BT-34")
_BUYER = Names("BG-7", "BT-46", "BT-47", "BT-49")
_PAYEE = Names("BG-10", "BT-60", "BT-61", "")


def parties(invoice: Invoice) -> Parties:
    """Return the parties of an invoice."""
    return once(invoice, _parties)


def _parties(invoice: Invoice) -> Parties:
    seller = _party(_SELLER, invoice.seller)
    buyer = _party(_BUYER, invoice.buyer)
    payee = _party(_PAYEE, invoice.payee)
    held = (*seller.identifiers, *buyer.identifiers, *payee.identifiers)
    return Parties(seller, buyer, payee, frozenset([one.scheme for one in held]))


def _party(names: Names, group: Any) -> Party:
    if group is None:
        return Party(names)
    endpoints = every(group, "electronic_address") if names.endpoint else ()
    registrations = every(group, "legal_registration")
    return Party(names, written(group.identifiers), written(registrations), written(endpoints))


def written(identifiers: tuple[Identifier, ...]) -> tuple[Written, ...]:
    """Return identifiers as they are written."""
    return tuple([_written(one) for one in identifiers])


def _written(one: Identifier) -> Written:
    if one.odd is None:
        return Written(one.scheme, one.value or "")
    return Written(as_written(one, "scheme"), as_written(one, "value") or "")


def under(scheme: str, identifiers: Collection[Written]) -> list[tuple[int, str]]:
    """Return number and text of the identifiers of a scheme."""
    return [(n, one.text) for n, one in enumerate(identifiers, 1) if one.scheme == scheme]


# -- notes -------------------------------------------------------------------------------------


def joined_notes(invoice: Invoice) -> str:
    """Return the notes of a UBL invoice as its sheet reads them: one text, joined by ``#``."""
    return once(invoice, _joined_notes)


def _joined_notes(invoice: Invoice) -> str:
    return "#".join(map(written_note, invoice.notes))


def written_note(note: Note) -> str:
    """Return a note as UBL writes it: ``#CODE#text``."""
    if note.odd is not None and "text" in note.odd and note.odd["text"].written is not None:
        return note.odd["text"].written
    if note.subject_code is None:
        return note.text or ""
    return f"#{note.subject_code}#{note.text or ''}"


def said_after(notes: str, subject: str) -> str:
    """Return what stands between the first ``#SUBJECT#`` of joined notes and the next ``#``."""
    return notes.partition(f"#{subject}#")[2].partition("#")[0]


def notes_on(invoice: Invoice, subject: str) -> list[tuple[int, Note]]:
    """Return number and note of those of a CII invoice that have a subject code."""
    return once(invoice, _notes_by_subject).get(subject, [])


def _notes_by_subject(invoice: Invoice) -> dict[str, list[tuple[int, Note]]]:
    found: dict[str, list[tuple[int, Note]]] = {}
    for n, note in enumerate(invoice.notes, 1):
        for subject in dict.fromkeys(texts(note, "subject_code")):
            found.setdefault(subject, []).append((n, note))
    return found


def treatments(invoice: Invoice, *, cii: bool) -> tuple[str, ...]:
    """Return the treatments that notes BAR ask for, as the sheet of a syntax reads them."""
    if not cii:
        return (said_after(joined_notes(invoice), "BAR"),)
    return tuple(text for _, note in notes_on(invoice, "BAR") for text in texts(note, "text"))


# -- numbers -----------------------------------------------------------------------------------


def figures(group: Group, field: str) -> Iterator[str]:
    """Yield every occurrence of a number as it is written, without the blanks around it."""
    odd = group.odd.get(field) if group.odd is not None else None
    for n, value in enumerate(every(group, field)):
        if n == 0 and odd is not None and odd.written is not None:
            yield folded(odd.written)
        elif isinstance(value, Decimal):
            yield f"{value:f}"
    yield from map(folded, odd.spelled if odd is not None else ())


def bad_figure(group: Group, field: str, places: int, *, positive: bool = False) -> str | None:
    """Return a number that has too many digits or decimals, or a sign; None where all fit.

    Nineteen characters count without the point, and with the sign.
    """
    value = getattr(group, field)
    if value is None and group.odd is None:
        return None
    if (
        group.odd is None
        and -_SAFE < value < _SAFE
        and decimals(value) <= places
        and not (positive and value.is_signed())
    ):
        return None
    texts_of = figures(group, field)
    return next((text for text in texts_of if too_long(text, places, positive=positive)), None)


def fit(seen: SeenNumbers, places: int, *, positive: bool = False) -> bool:
    """True where none of the numbers of a document is too long, as ``too_long`` says.

    Blanks around one are enough to doubt it.
    """
    # Nothing of a number comes before a sign.
    if positive and min(seen.regular, default="")[:1] == "-":
        return False
    return not any(too_long(text, places, positive=positive) for text in seen.others)


def too_long(text: str, places: int, *, positive: bool = False) -> bool:
    """True where a number as written has too many digits or decimals, or a sign it may not have."""
    fits = _fitting(places, positive=positive)(text)
    return fits is None or len(text.replace(".", "")) > _LONGEST


@cache
def _fitting(places: int, *, positive: bool) -> Callable[[str], Any]:
    sign = "" if positive else "-?"
    return re.compile(rf"{sign}\d{{1,19}}(\.\d{{1,{places}}})?").fullmatch
