"""BR-FREXT-05 to 12: lines below lines. A GROUP is a subtotal of the lines that name it as parent.

The two sheets compare the same things, written in different places (see ``kinds``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import NamedTuple

from chorus_edi.domain.binary import binary_hundredths, nearest
from chorus_edi.domain.invoice import Invoice
from chorus_edi.domain.lines import InvoiceLine, LinePrecedingInvoice
from chorus_edi.domain.money import ZERO, round_half_up
from chorus_edi.domain.scenarios import Syntax
from chorus_edi.rules.extended_ctc_fr.cards import SOURCE, same_as
from chorus_edi.rules.extended_ctc_fr.kinds import (
    DETAIL,
    GROUP,
    KINDS,
    Family,
    Member,
    Members,
    members_of_cii,
    members_of_ubl,
)
from chorus_edi.rules.facturx import added_lines
from chorus_edi.rules.facturx.kinds import normalized
from chorus_edi.rules.figures import once
from chorus_edi.rules.registry import Breach, Breaches, Check, rule, variant
from chorus_edi.rules.text import as_written

_IN_CII = "La feuille CII lit le sous-type et la ligne mère dans la ligne même."
_SUMMED = frozenset({DETAIL, GROUP})


@rule(
    "BR-FREXT-05",
    "EXT-FR-FE-163",
    "BT-X-8",
    each=LinePrecedingInvoice,
    given=("EXT-FR-FE-163",),
    fr="Le sous-type de la ligne (EXT-FR-FE-163, BT-X-8) n'est ni DETAIL, ni GROUP, ni "
    "INFORMATION.",
    en="The subtype of the line (EXT-FR-FE-163, BT-X-8) is none of DETAIL, GROUP and INFORMATION.",
    conseil="Indiquez DETAIL, GROUP (sous-total) ou INFORMATION, ou retirez le sous-type.",
    source=SOURCE,
)
def the_kind_of_a_line_is_known(reference: LinePrecedingInvoice, invoice: Invoice) -> Breach | None:
    """Only what a reference to the invoice itself says; blanks around it do not matter."""
    if as_written(reference, "number") != as_written(invoice, "number"):
        return None
    known = normalized(reference.kind) in KINDS
    return None if known else Breach("EXT-FR-FE-163", found=reference.kind)


@variant(
    "BR-FREXT-05",
    Syntax.CII,
    each=InvoiceLine,
    given=("BT-X-8",),
    why="La feuille CII lit le sous-type dans la ligne même, blancs compris.",
)
def the_kind_of_a_line_of_cii_is_known(line: InvoiceLine, _: Invoice) -> Breach | None:
    """As it is written."""
    kind = as_written(line, "kind")
    return None if kind in KINDS else Breach("BT-X-8", found=kind)


@rule(
    "BR-FREXT-06",
    "EXT-FR-FE-163",
    "EXT-FR-FE-162",
    "BT-X-8",
    "BT-X-304",
    fr="La ligne a une ligne mère (EXT-FR-FE-162, BT-X-304), mais pas de sous-type (EXT-FR-FE-163, "
    "BT-X-8).",
    en="The line has a parent line (EXT-FR-FE-162, BT-X-304), but no subtype (EXT-FR-FE-163, "
    "BT-X-8).",
    conseil="Indiquez le sous-type de la ligne : DETAIL, GROUP ou INFORMATION.",
    source=SOURCE,
)
def a_line_with_a_parent_has_a_kind(invoice: Invoice, _: Invoice) -> Breaches:
    """Both in references to the invoice itself."""
    found = (
        Breach("EXT-FR-FE-163", at=f"BG-25[{number}]/{member.place}")
        for number, member in enumerate(members_of_ubl(invoice), 1)
        if member.parents and not member.kinds
    )
    return tuple(found) or None


variant(
    "BR-FREXT-06",
    Syntax.CII,
    each=InvoiceLine,
    given=("BT-X-304",),
    why="La feuille CII prend une ligne mère vide pour absente.",
)(same_as(added_lines.a_line_with_a_parent_has_a_kind))


class _Below(NamedTuple):
    """What stands below a number: what it adds up to, and whether a subtotal has no amount."""

    summed: Decimal
    amountless: bool


_NOTHING = _Below(ZERO, amountless=False)


def _grouped(members: Members) -> dict[str, _Below]:
    """Add up, once for all, the lines that name each number as their parent."""
    found: dict[str, list[Member]] = {}
    for member in members:
        for parent in set(member.parents):
            found.setdefault(parent, []).append(member)
    return {parent: _added_up(lines) for parent, lines in found.items()}


def _added_up(lines: list[Member]) -> _Below:
    amounts = [one.amount for one in lines if one.kinds & _SUMMED]
    amountless = any(one.amount is None and GROUP in one.kinds for one in lines)
    return _Below(binary_hundredths(amounts), amountless)


def _below_in_ubl(invoice: Invoice) -> dict[str, _Below]:
    return _grouped(members_of_ubl(invoice))


def _below_in_cii(invoice: Invoice) -> dict[str, _Below]:
    return _grouped(members_of_cii(invoice))


_BELOW: dict[Family, Callable[[Invoice], dict[str, _Below]]] = {
    members_of_ubl: _below_in_ubl,
    members_of_cii: _below_in_cii,
}


def _subtotals(invoice: Invoice, members: Family) -> Iterator[tuple[int, Member, _Below]]:
    """Yield the GROUP lines that have an amount, each with its place and what is below it."""
    below = once(invoice, _BELOW[members])
    for number, member in enumerate(members(invoice), 1):
        if GROUP in member.kinds and member.amount is not None:
            own = member.identifier
            yield number, member, _NOTHING if own is None else below.get(own, _NOTHING)


def _subtotal_check(members: Family) -> Check:
    def check(invoice: Invoice, _: Invoice) -> Breaches:
        found = (
            Breach(
                "BT-131",
                found=member.amount,
                expected=round_half_up(below.summed),
                at=f"BG-25[{number}]",
            )
            for number, member, below in _subtotals(invoice, members)
            if member.amount is not None and nearest(member.amount) != below.summed
        )
        return tuple(found) or None

    return check


rule(
    "BR-FREXT-08",
    "BT-131",
    "EXT-FR-FE-163",
    "EXT-FR-FE-162",
    "BT-X-8",
    "BT-X-304",
    fr="Le montant net (BT-131) de la ligne GROUP n'est pas la somme des lignes DETAIL et GROUP "
    "qui en dépendent.",
    en="The net amount (BT-131) of the GROUP line is not the sum of the DETAIL and GROUP lines "
    "below it.",
    conseil="Recalculez BT-131 : la somme des lignes DETAIL et GROUP qui ont celle-ci pour mère.",
    source=SOURCE,
    name="a subtotal is the sum of the lines below it",
)(_subtotal_check(members_of_ubl))
variant("BR-FREXT-08", Syntax.CII, why=_IN_CII)(_subtotal_check(members_of_cii))


@rule(
    "BR-FREXT-11",
    "EXT-FR-FE-162",
    "BT-X-304",
    "BT-126",
    fr="La ligne mère indiquée (EXT-FR-FE-162, BT-X-304) n'est aucune autre ligne de la facture.",
    en="The parent line (EXT-FR-FE-162, BT-X-304) is no other line of the invoice.",
    conseil="Indiquez comme ligne mère le numéro (BT-126) d'une autre ligne de la facture.",
    source=SOURCE,
)
def the_parent_of_a_line_is_another_line(invoice: Invoice, _: Invoice) -> Breaches:
    """Of several parents, one is enough."""
    members = members_of_ubl(invoice)
    numbers = {member.identifier for member in members}
    return (
        tuple(
            Breach("EXT-FR-FE-162", member.parents[0], at=f"BG-25[{number}]/{member.place}")
            for number, member in enumerate(members, 1)
            if member.parents and not _has_parent(member, member.parents, numbers)
        )
        or None
    )


@variant(
    "BR-FREXT-11",
    Syntax.CII,
    why="La feuille CII retire les blancs autour du numéro de la ligne mère, non autour de BT-126.",
)
def the_parent_of_a_line_of_cii_is_another_line(invoice: Invoice, _: Invoice) -> Breaches:
    """A blank parent is none."""
    members = members_of_cii(invoice)
    numbers = {member.identifier for member in members}
    return (
        tuple(
            Breach("BT-X-304", parent, at=f"BG-25[{number}]")
            for number, member, parent in _with_parents(members)
            if not _has_parent(member, (parent,), numbers)
        )
        or None
    )


def _with_parents(members: tuple[Member, ...]) -> Iterator[tuple[int, Member, str]]:
    for number, member in enumerate(members, 1):
        parent = normalized(member.parents[0]) if member.parents else ""
        if parent:
            yield number, member, parent


def _has_parent(member: Member, parents: tuple[str, ...], numbers: set[str | None]) -> bool:
    """True where one of them is the number of a line, and not its own; a line needs one itself."""
    own = member.identifier
    return own is not None and any(one in numbers and one != own for one in parents)


def _amounts_check(members: Family) -> Check:
    def check(invoice: Invoice, _: Invoice) -> Breaches:
        found = (
            Breach("BT-131", at=f"BG-25[{number}]")
            for number, _, below in _subtotals(invoice, members)
            if below.amountless
        )
        return tuple(found) or None

    return check


rule(
    "BR-FREXT-12",
    "BT-131",
    "EXT-FR-FE-163",
    "EXT-FR-FE-162",
    "BT-X-8",
    "BT-X-304",
    fr="La ligne GROUP a un montant net (BT-131), mais une ligne GROUP qui en dépend n'en a pas.",
    en="The GROUP line has a net amount (BT-131), but a GROUP line below it has none.",
    conseil="Indiquez le montant net (BT-131) de chaque ligne GROUP qui dépend de celle-ci.",
    source=SOURCE,
    name="subtotals below a subtotal have an amount",
)(_amounts_check(members_of_ubl))
variant("BR-FREXT-12", Syntax.CII, why=_IN_CII)(_amounts_check(members_of_cii))
