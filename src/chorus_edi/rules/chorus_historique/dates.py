"""G1.09 and G1.36: every date is a day of the calendar, in a year that Chorus Pro accepts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from chorus_edi.domain.invoice import Invoice
from chorus_edi.rules.registry import Breach, Breaches, rule
from chorus_edi.rules.text import BLANKS

_FORM = re.compile(r"([0-9]{4})-[0-9]{2}-[0-9]{2}")
_FIRST, _LAST = 2000, 2099
_TERMS = ("BT-2", "BT-7", "BT-9", "BT-26", "BT-72", "BT-73", "BT-74", "BT-134", "BT-135")


@rule(
    "G1.09",
    *_TERMS,
    fr="Une date (BT-2, BT-9, BT-72…) n'est pas un jour du calendrier.",
    en="A date (BT-2, BT-9, BT-72…) is not a day of the calendar.",
    conseil="Écrivez un jour qui existe, sous la forme AAAA-MM-JJ en UBL et AAAAMMJJ en CII.",
    source="Annexe 7 V1.9, G1.09",
    apart=True,
)
def a_date_is_a_day(invoice: Invoice, _: Invoice) -> Breaches:
    """An issue date that has not even the form of a day is told by CE-ID-01."""
    breaches = [
        Breach(term, found=text, at=at)
        for at, term, text in _dates(invoice)
        if not _is_day(text) and not (term == "BT-2" and _FORM.fullmatch(text) is None)
    ]
    return tuple(breaches) or None


@rule(
    "G1.36",
    *_TERMS,
    fr="L'année d'une date (BT-2, BT-9, BT-72…) n'est pas comprise entre 2000 et 2099.",
    en="The year of a date (BT-2, BT-9, BT-72…) is not between 2000 and 2099.",
    conseil="Corrigez l'année de cette date : elle va de 2000 à 2099.",
    source="Annexe 7 V1.9, G1.36",
    apart=True,
)
def a_year_is_of_this_century(invoice: Invoice, _: Invoice) -> Breaches:
    """Only what has the form of a day has a year."""
    breaches = [
        Breach(term, found=text, at=at)
        for at, term, text in _dates(invoice)
        if (form := _FORM.fullmatch(text)) and not _FIRST <= int(form[1]) <= _LAST
    ]
    return tuple(breaches) or None


def _dates(invoice: Invoice) -> Iterator[tuple[str | None, str, str]]:
    """Yield address of the group, term and text of every date that is there and not blank."""
    for at, term, text in _all_dates(invoice):
        if text is not None and text.strip(BLANKS):
            yield at, term, text


def _all_dates(invoice: Invoice) -> Iterator[tuple[str | None, str, str | None]]:
    yield None, "BT-2", invoice.issue_date
    yield None, "BT-7", invoice.tax_point_date
    yield None, "BT-9", invoice.due_date
    for n, origin in enumerate(invoice.preceding_invoices, 1):
        yield f"BG-3[{n}]", "BT-26", origin.issue_date
    if invoice.delivery is not None:
        yield None, "BT-72", invoice.delivery.date
        if invoice.delivery.period is not None:
            yield None, "BT-73", invoice.delivery.period.start
            yield None, "BT-74", invoice.delivery.period.end
    for n, line in enumerate(invoice.lines, 1):
        if line.period is not None:
            yield f"BG-25[{n}]/BG-26", "BT-134", line.period.start
            yield f"BG-25[{n}]/BG-26", "BT-135", line.period.end


def _is_day(text: str) -> bool:
    # fromisoformat alone would also take weeks, and days without hyphens.
    if _FORM.fullmatch(text) is None:
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
