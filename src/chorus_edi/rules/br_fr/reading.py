"""How the French sheets see values: as they are written, every occurrence, notes as one text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NamedTuple

from chorus_edi.domain.invoice import Group, Identifier, Invoice, Note
from chorus_edi.domain.money import decimals
from chorus_edi.rules.text import BLANKS, as_written, every

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
    return " ".join(part for part in re.split(f"[{BLANKS}]+", text) if part)


class Party(NamedTuple):
    """A party that EN 16931 knows, and the terms its identifiers are called by.

    ``endpoint`` is empty for the payee, who has no electronic address there.
    """

    at: str
    identifiers: str
    registration: str
    endpoint: str
    group: Any


def parties(invoice: Invoice) -> Iterator[Party]:
    """Yield seller, buyer and payee, those that are there."""
    if invoice.seller is not None:
        yield Party("BG-4", "BT-29", "BT-30", "BT-34", invoice.seller)
    if invoice.buyer is not None:
        yield Party("BG-7", "BT-46", "BT-47", "BT-49", invoice.buyer)
    if invoice.payee is not None:
        yield Party("BG-10", "BT-60", "BT-61", "", invoice.payee)


def scheme_of(identifier: Identifier) -> str | None:
    """Return the scheme of an identifier as it is written."""
    return as_written(identifier, "scheme")


def value_of(identifier: Identifier) -> str:
    """Return the text of an identifier as it is written; empty where it has none."""
    return as_written(identifier, "value") or ""


def under(scheme: str, identifiers: tuple[Identifier, ...]) -> list[tuple[int, str]]:
    """Return number and text of the identifiers of a scheme."""
    return [(n, value_of(one)) for n, one in enumerate(identifiers, 1) if scheme_of(one) == scheme]


def siren_of(party: Any) -> str | None:
    """Return the registration of a party under scheme 0002, as written; None where it has none."""
    registrations = every(party, "legal_registration") if party is not None else ()
    return next((value for _, value in under("0002", registrations)), None)


# -- notes -------------------------------------------------------------------------------------


def joined_notes(invoice: Invoice) -> str:
    """Return the notes of a UBL invoice as its sheet reads them: one text, joined by ``#``."""
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
    return [
        (n, note)
        for n, note in enumerate(invoice.notes, 1)
        if subject in texts(note, "subject_code")
    ]


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


def too_long(text: str, places: int, *, positive: bool = False) -> bool:
    """True where a number as written has too many digits or decimals, or a sign it may not have."""
    sign = "" if positive else "-?"
    fits = re.fullmatch(rf"{sign}\d{{1,19}}(\.\d{{1,{places}}})?", text)
    return fits is None or len(text.replace(".", "")) > _LONGEST
