"""BR-FR-03: the dates of an invoice are days of this century."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from chorus_edi.domain.groups import Group
from chorus_edi.domain.invoice import Delivery, Invoice, InvoicingPeriod
from chorus_edi.domain.lines import LinePeriod
from chorus_edi.domain.scenarios import Syntax
from chorus_edi.rules.br_fr.codes import SOURCE
from chorus_edi.rules.registry import Breach, Breaches, rule, variant
from chorus_edi.rules.text import every

_LONGEST = 10
"""Characters of a day; a hostile document has dates of millions."""

_DAY = re.compile(r"(20\d{2})-?(0[1-9]|1[0-2])-?(0[1-9]|[12]\d|3[01])")


def _is_day(text: str, *, cii: bool) -> bool:
    """True for a day of this century: ``AAAA-MM-JJ`` in UBL, eight digits to begin with in CII."""
    if cii:
        return _exists(text[:8], cii=True)
    return len(text) <= _LONGEST and _exists(text, cii=False)


@lru_cache(maxsize=4096)
def _exists(text: str, *, cii: bool) -> bool:
    found = _DAY.fullmatch(text)
    if found is None or ("-" in text[:8]) is cii:
        return False
    try:
        date(*map(int, found.groups()))
    except ValueError:
        return False
    return True


def written_days(group: Group, field: str, *, cii: bool) -> Iterator[str]:
    """Yield the days of a field as they are written.

    The model has a CII date of eight digits with hyphens, and says what is written otherwise.
    """
    odd = group.odd.get(field) if group.odd is not None else None
    for n, value in enumerate(every(group, field)):
        if n == 0 and odd is not None and odd.written is not None:
            yield odd.written
        elif value is not None:
            yield value.replace("-", "") if cii else value


def _header_days(invoice: Invoice) -> Iterator[tuple[str, str, Group, str]]:
    """Yield term, address, group and field of the dates of the header."""
    yield "BT-2", "", invoice, "issue_date"
    yield "BT-7", "", invoice, "tax_point_date"
    yield "BT-9", "", invoice, "due_date"
    for n, earlier in enumerate(invoice.preceding_invoices, 1):
        yield "BT-26", f"BG-3[{n}]", earlier, "issue_date"
    delivery = invoice.delivery
    if delivery is not None:
        yield "BT-72", "BG-13", delivery, "date"
        for period in periods_of(delivery):
            yield "BT-73", "BG-13/BG-14", period, "start"
            yield "BT-74", "BG-13/BG-14", period, "end"


def periods_of(delivery: Delivery) -> tuple[InvoicingPeriod, ...]:
    """Return the invoicing periods of a delivery; EN 16931 knows one."""
    return tuple(one for one in every(delivery, "period") if one is not None)


def _line_days(invoice: Invoice) -> Iterator[tuple[str, str, Group, str]]:
    for n, line in enumerate(invoice.lines, 1):
        if line.period is not None:
            for period in every(line, "period"):
                if isinstance(period, LinePeriod):
                    yield "BT-134", f"BG-25[{n}]/BG-26", period, "start"
                    yield "BT-135", f"BG-25[{n}]/BG-26", period, "end"


def _bad_days(invoice: Invoice, *, cii: bool, without: str = "") -> Breaches:
    seen = invoice.values
    if seen is not None and all(_is_day(text, cii=cii) for text in seen.dates):
        return None
    return (
        tuple(
            Breach(term, found=text, at=at)
            for places in (_header_days(invoice), _line_days(invoice))
            for term, at, group, field in places
            if term != without and getattr(group, field) is not None
            for text in written_days(group, field, cii=cii)
            if not _is_day(text, cii=cii)
        )
        or None
    )


@rule(
    "BR-FR-03",
    "BT-2",
    "BT-7",
    "BT-9",
    "BT-26",
    "BT-72",
    "BT-73",
    "BT-74",
    "BT-134",
    "BT-135",
    "EXT-FR-FE-138",
    "EXT-FR-FE-158",
    fr="Une date de la facture (BT-2, BT-9…) n'existe pas, n'est pas écrite comme il faut ou "
    "n'est pas comprise entre 2000 et 2099.",
    en="A date does not exist, is not written as it must be, or is not between 2000 and 2099.",
    conseil="Écrivez une date réelle entre 2000 et 2099, AAAA-MM-JJ en UBL, AAAAMMJJ en CII, "
    "sans heure ni fuseau.",
    source=SOURCE,
    apart=True,
)
def a_date_is_a_day_of_this_century(invoice: Invoice, _: Invoice) -> Breaches:
    """Every date of header and lines."""
    return _bad_days(invoice, cii=False)


@variant(
    "BR-FR-03",
    Syntax.UBL_CREDIT_NOTE,
    why="La feuille UBL ne contrôle pas l'échéance d'un avoir, écrite parmi les moyens de "
    "paiement.",
)
def a_date_of_a_credit_note_is_a_day_of_this_century(invoice: Invoice, _: Invoice) -> Breaches:
    """All but BT-9."""
    return _bad_days(invoice, cii=False, without="BT-9")


@variant(
    "BR-FR-03",
    Syntax.CII,
    why="La feuille CII lit les huit premiers caractères, AAAAMMJJ.",
)
def a_date_of_cii_begins_with_a_day_of_this_century(invoice: Invoice, _: Invoice) -> Breaches:
    """What follows the eight digits does not matter."""
    return _bad_days(invoice, cii=True)
