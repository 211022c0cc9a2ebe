"""Kinds of lines in EXTENDED (BT-X-8), and which line stands below which (BT-X-304)."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from chorus_edi.domain.binary import binary_cents_of_sum
from chorus_edi.domain.invoice import Invoice
from chorus_edi.domain.lines import InvoiceLine
from chorus_edi.domain.money import ZERO
from chorus_edi.rules.figures import once
from chorus_edi.rules.text import BLANKS, as_written, every


class Subtotal(NamedTuple):
    """What some lines add up to, in cents; ``complete`` where each of them has an amount."""

    amount: Decimal
    complete: bool


_OF_NOTHING = Subtotal(ZERO, complete=True)


def has_kind(line: InvoiceLine, kind: str) -> bool:
    """True where a line says, letter by letter, that it is of a kind."""
    if line.odd is None or "kind" not in line.odd:
        return line.kind == kind
    return as_written(line, "kind") == kind or kind in every(line, "kind")[1:]


def is_detail(line: InvoiceLine) -> bool:
    """True for a line that counts as one of EN 16931 does."""
    return line.kind is None or has_kind(line, "DETAIL")


def is_described_detail(line: InvoiceLine) -> bool:
    """True for a detail that says anything of itself: its number, a note, a kind or a parent.

    The sheet asks nothing of a line without AssociatedDocumentLineDocument, which holds these; that
    it is missing is for FX-SCH-A-000266.
    """
    if line.kind is not None:
        return has_kind(line, "DETAIL")
    return not (line.identifier is None and line.note is None and line.parent is None)


def details(lines: Iterable[InvoiceLine]) -> list[InvoiceLine]:
    """Return the lines that count."""
    return [line for line in lines if is_detail(line)]


def normalized(text: str | None) -> str:
    """Return a text as XPath ``normalize-space`` does."""
    if text is None:
        return ""
    for blank in BLANKS[1:]:
        text = text.replace(blank, " ")
    return " ".join(part for part in text.split(" ") if part)


def identifiers_of(invoice: Invoice) -> frozenset[str]:
    """Return the numbers of the lines of an invoice."""
    return once(invoice, _identifiers)


def subtotal_below(line: InvoiceLine, invoice: Invoice) -> Subtotal:
    """Return what the lines add up to that name a line as their parent, white space folded.

    Details and subtotals count, those that say so of themselves.
    """
    return once(invoice, _subtotals).get(normalized(line.identifier), _OF_NOTHING)


def amountless_below(line: InvoiceLine, invoice: Invoice) -> int | None:
    """Return the number of the first subtotal below a line that has no amount; None for none.

    Parent and number are compared as they are written.
    """
    return once(invoice, _amountless).get(as_written(line, "identifier"))


def _identifiers(invoice: Invoice) -> frozenset[str]:
    return frozenset(normalized(line.identifier) for line in invoice.lines if line.identifier)


def _subtotals(invoice: Invoice) -> dict[str, Subtotal]:
    amounts: dict[str, list[Decimal | None]] = {}
    for line in invoice.lines:
        if line.kind is not None and (has_kind(line, "DETAIL") or has_kind(line, "GROUP")):
            amounts.setdefault(normalized(line.parent), []).append(line.net_amount)
    return {
        parent: Subtotal(binary_cents_of_sum(held), None not in held)
        for parent, held in amounts.items()
    }


def _amountless(invoice: Invoice) -> dict[str | None, int]:
    found: dict[str | None, int] = {}
    for number, line in enumerate(invoice.lines, 1):
        if line.net_amount is None and line.parent is not None and has_kind(line, "GROUP"):
            found.setdefault(as_written(line, "parent"), number)
    return found
