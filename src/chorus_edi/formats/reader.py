"""Reads an XML invoice into the semantic model, in one walk over its tree."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec.structs import replace

from chorus_edi.domain.groups import Attachment, Identifier
from chorus_edi.domain.invoice import Invoice
from chorus_edi.domain.scenarios import Syntax
from chorus_edi.formats.mapping.syntaxes import MAPPINGS
from chorus_edi.formats.rare import Attached
from chorus_edi.formats.sheet_amounts import vat_totals
from chorus_edi.formats.suspects import suspects_in
from chorus_edi.formats.texts import BLANKS
from chorus_edi.formats.walk import Walk

_HISTORIC_KINDS = frozenset("1234567")


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """An invoice, and what reading it showed beside.

    Attributes:
        invoice: the semantic model.
        specification: BT-24, without blanks around it.
        process: BT-23; for UBL without it, the historic CategoryCode.
        dates_without_format: CII whose BT-2 carries no ``format`` attribute.
        historic_fields: UBL with a CategoryCode extension, or ``schemeName`` 1-7 on a party
            identifier.
        unmapped: Clark names of elements that no term is mapped on, each once.
        irregular: addresses of codes, identifiers, numbers and dates with blanks around them, and
            of numbers that cannot be read.
        repeats: addresses of single-valued terms that stand there again.
        suspects: names (Clark or local names of elements, ``@name`` of attributes, ``//name`` of
            groups in parts that are not read) that the demands on the syntax are to be checked
            for: they stand otherwise than the binding foresees.
    """

    invoice: Invoice
    specification: str | None = None
    process: str | None = None
    dates_without_format: bool = False
    historic_fields: bool = False
    unmapped: tuple[str, ...] = ()
    irregular: tuple[str, ...] = ()
    repeats: tuple[str, ...] = ()
    suspects: frozenset[str] = frozenset()
    attached: tuple[Attached, ...] = ()

    def attachments(self) -> Iterator[tuple[Attachment, bytes]]:
        """Yield the sound attached files, decoded again from the tree, in document order."""
        for attached in self.attached:
            attachment, content = attached.take()
            if not attachment.fault:
                yield attachment, content


def read(tree: Any, syntax: Syntax) -> Reading:
    """Read the root element of an invoice.

    Never fails on content: what cannot be read is None in the model and named in ``irregular``.
    """
    walk = Walk(tree, syntax)
    invoice: Any = walk.run(MAPPINGS[syntax].compiled)
    if for_sheets := _for_sheets(walk, invoice):
        invoice = replace(invoice, **for_sheets)
    process = invoice.process
    cadre = invoice.chorus.cadre if invoice.chorus else None
    walk.suspects.update(suspects_in(tree, invoice, syntax), walk.strays.suspects())
    return Reading(
        invoice=invoice,
        specification=_bare(process.specification if process else None),
        process=_bare(process.business_process if process else None) or _bare(cadre),
        dates_without_format=syntax is Syntax.CII and _date_without_format(invoice),
        historic_fields=syntax is not Syntax.CII and _historic(invoice),
        unmapped=tuple(walk.unmapped),
        irregular=tuple(walk.irregular),
        repeats=tuple(walk.repeats),
        suspects=frozenset(walk.suspects),
        attached=tuple(walk.attached),
    )


def _for_sheets(walk: Walk, invoice: Invoice) -> dict[str, Any]:
    """Return what the official sheets add up or count beside the terms; nothing in most."""
    found = {
        "vat_totals": vat_totals(walk.by_currency, invoice),
        **walk.strays.fields(),
    }
    return {name: values for name, values in found.items() if values}


def _bare(text: str | None) -> str | None:
    return text.strip(BLANKS) if text is not None else None


def _date_without_format(invoice: Invoice) -> bool:
    odd = (invoice.odd or {}).get("issue_date")
    return bool(invoice.issue_date) and odd is not None and odd.format == ""


def _historic(invoice: Invoice) -> bool:
    if invoice.chorus is not None and invoice.chorus.cadre is not None:
        return True
    for party in (invoice.seller, invoice.buyer, invoice.payee):
        if party is not None and (
            _of_historic_kind(party.legal_registration)
            or any(map(_of_historic_kind, party.identifiers))
        ):
            return True
    return False


def _of_historic_kind(identifier: Identifier | None) -> bool:
    return identifier is not None and identifier.scheme_name in _HISTORIC_KINDS
