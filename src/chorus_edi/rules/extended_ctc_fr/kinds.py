"""Kinds of lines of the extension, and which line stands below which, in both syntaxes.

UBL writes the kind of a line (EXT-FR-FE-163) and the line above it (EXT-FR-FE-162) in a reference
of the line to its own invoice; CII has elements for both (BT-X-8, BT-X-304). Texts are compared as
they are written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import NamedTuple

from chorus_edi.domain.invoice import Invoice
from chorus_edi.domain.lines import InvoiceLine, LinePrecedingInvoice, StrayLine
from chorus_edi.rules.figures import once
from chorus_edi.rules.text import as_written, every

DETAIL, GROUP, INFORMATION = "DETAIL", "GROUP", "INFORMATION"
KINDS = frozenset({DETAIL, GROUP, INFORMATION})


class Member(NamedTuple):
    """A line among the lines of an invoice.

    Attributes:
        identifier: its number.
        kinds: what it says it is; nothing in most lines.
        parents: the numbers of the lines it stands below.
        amount: its net amount.
        place: address of what says that it stands below another; empty where nothing does.
    """

    identifier: str | None
    kinds: frozenset[str]
    parents: tuple[str, ...]
    amount: Decimal | None
    place: str


Members = tuple[Member, ...]
Family = Callable[[Invoice], Members]
"""Reads the lines of an invoice in one syntax."""


def own_references(line: InvoiceLine, invoice: Invoice) -> tuple[LinePrecedingInvoice, ...]:
    """Return the references of a line of UBL to its own invoice."""
    number = as_written(invoice, "number")
    if number is None:
        return ()
    return tuple(one for one in line.preceding_invoices if as_written(one, "number") == number)


def counts(line: InvoiceLine, invoice: Invoice) -> bool:
    """True for a line of UBL that counts as one of EN 16931 does: without a kind, or a DETAIL."""
    own = own_references(line, invoice) if line.preceding_invoices else ()
    return not own or any(as_written(one, "kind") == DETAIL for one in own)


def counted(invoice: Invoice) -> tuple[InvoiceLine, ...]:
    """Return the lines of an invoice in UBL that count."""
    return once(invoice, _counted)


def _counted(invoice: Invoice) -> tuple[InvoiceLine, ...]:
    return tuple(line for line in invoice.lines if counts(line, invoice))


def strays_of(invoice: Invoice) -> tuple[StrayLine, ...]:
    """Return the lines in extensions of a document in UBL that count."""
    return tuple(line for line in invoice.stray_lines if line.counts)


def members_of_ubl(invoice: Invoice) -> Members:
    """Return the lines of an invoice in UBL."""
    return once(invoice, _of_ubl)


def members_of_cii(invoice: Invoice) -> Members:
    """Return the lines of an invoice in CII."""
    return once(invoice, _of_cii)


def _of_ubl(invoice: Invoice) -> Members:
    return tuple(_member_of_ubl(line, invoice) for line in invoice.lines)


def _member_of_ubl(line: InvoiceLine, invoice: Invoice) -> Member:
    own = own_references(line, invoice) if line.preceding_invoices else ()
    kinds = frozenset(kind for one in own if (kind := as_written(one, "kind")) is not None)
    parents = tuple(parent for one in own for parent in _parents(one))
    holder = next((one for one in own if one.parent is not None), None)
    at = next((n for n, one in enumerate(line.preceding_invoices, 1) if one is holder), 0)
    place = f"EXT-FR-FE-BG-06[{at}]" if holder is not None else ""
    return Member(as_written(line, "identifier"), kinds, parents, line.net_amount, place)


def _parents(reference: LinePrecedingInvoice) -> Iterator[str]:
    first = as_written(reference, "parent")
    if first is not None:
        yield first
        yield from every(reference, "parent")[1:]


def _of_cii(invoice: Invoice) -> Members:
    return tuple(_member_of_cii(line) for line in invoice.lines)


def _member_of_cii(line: InvoiceLine) -> Member:
    parent, kind = as_written(line, "parent"), as_written(line, "kind")
    kinds = () if kind is None else (kind, *every(line, "kind")[1:])
    parents = () if parent is None else (parent,)
    return Member(as_written(line, "identifier"), frozenset(kinds), parents, line.net_amount, "")
