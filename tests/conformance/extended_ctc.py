"""Invoices of the profile EXTENDED-CTC-FR that break none of its rules, written for the mutator.

They are the bases of EN 16931, as they are and with their lines below GROUP lines, and some with
what only the extension knows: VAT broken down by the reason of an exemption, mixed with what is out
of scope, charges that are taxes, delivery terms, measured attributes. All of it is made up.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import cache
from typing import Any

from lxml import etree
from msgspec.structs import replace

from chorus_edi.domain.invoice import Invoice, ProcessControl
from chorus_edi.domain.money import EXACT, ZERO, total
from chorus_edi.formats.writers import to_cii, to_ubl
from tests.conformance.base_parts import buyer, seller
from tests.conformance.bases import (
    FILES,
    S20,
    S55,
    E,
    O,
    Rate,
    Z,
    invoice_at,
    invoices,
    written_for,
)
from tests.conformance.extended import extended
from tests.conformance.french import represented
from tests.conformance.lines import CiiLines, UblLines, lines_of

SPECIFICATION = "urn:cen.eu:en16931:2017#conformant#urn.cpro.gouv.fr:1p0:extended-ctc-fr"

E_BOOKS = Rate("E", Decimal(0), "Enseignement, article 261-4 du CGI", "VATEX-EU-132-1I")
Z_BOOKS = Rate("Z", Decimal(0), "Taux zéro sur les livres", None)
O_DEPOSIT = Rate("O", None, "Consigne", "VATEX-EU-O")
_BY_REASON = ("exempt-reasons", "zero-reasons", "outside-reasons", "exempt-coded", "mixed")
"""Of these, each line says the reason of its own breakdown."""

_TOP, _BELOW, _INFORMATION = "G1", "G2", "I1"


_UBL_CHARGE = "/*/cac:AllowanceCharge[cbc:ChargeIndicator='true']/cbc:AllowanceChargeReasonCode"
_UBL_EXTRAS = (
    ("/*", "<cac:DeliveryTerms><cbc:ID>EXW</cbc:ID></cac:DeliveryTerms>"),
    ("//cac:Item/..", "<cbc:Note>Deuxième note</cbc:Note>"),
    (
        "//cac:AccountingCustomerParty/cac:Party",
        "<cac:PartyIdentification><cbc:ID schemeID='0224'>SERVICE-2</cbc:ID>"
        "</cac:PartyIdentification>",
    ),
    (
        "//cac:Item/..",
        "<cac:DocumentReference><cbc:ID schemeID='ABT'>DOUANE-1</cbc:ID>"
        "<cbc:DocumentTypeCode>130</cbc:DocumentTypeCode></cac:DocumentReference>",
    ),
    (
        "//cac:Item",
        "<cac:AdditionalItemProperty><cbc:Name>Longueur</cbc:Name><cbc:NameCode>AAB</cbc:NameCode>"
        "<cbc:ValueQuantity unitCode='MTR'>2.5</cbc:ValueQuantity></cac:AdditionalItemProperty>",
    ),
)
_CII_CHARGE = (
    "//ram:ApplicableHeaderTradeSettlement/ram:SpecifiedTradeAllowanceCharge"
    "[ram:ChargeIndicator/udt:Indicator='true']/ram:ReasonCode"
)
_CII_EXTRAS = (
    (
        "//ram:ApplicableHeaderTradeAgreement",
        "<ram:ApplicableTradeDeliveryTerms><ram:DeliveryTypeCode>EXW</ram:DeliveryTypeCode>"
        "</ram:ApplicableTradeDeliveryTerms>",
    ),
    (
        "//ram:SpecifiedTradeProduct",
        "<ram:ApplicableProductCharacteristic><ram:TypeCode>35</ram:TypeCode>"
        "<ram:ValueMeasure unitCode='MTR'>2.5</ram:ValueMeasure>"
        "</ram:ApplicableProductCharacteristic>",
    ),
    ("//ram:AppliedTradeAllowanceCharge", "<ram:ReasonCode>95</ram:ReasonCode>"),
    ("//ram:BuyerTradeParty", "<ram:GlobalID schemeID='0009'>21800019800026</ram:GlobalID>"),
)


@cache
def extended_invoices() -> dict[str, Invoice]:
    """Return the invoices by name, their lines not yet gathered."""
    made = {
        **invoices(),
        "exempt-reasons": invoice_at(21, "380", E, E_BOOKS),
        "zero-reasons": invoice_at(22, "380", Z, Z_BOOKS, S20),
        "outside-reasons": invoice_at(
            23, "381", O, O_DEPOSIT, seller=seller(vat=False), buyer=buyer(vat=False)
        ),
        "mixed": invoice_at(24, "380", S20, S55, E, rich=True),
        "several-credit": invoice_at(25, "381", S20, S55, Z, E),
        # The sheet of CII looks at the dates of VAT in parts of none of the usual categories only.
        "split-dated": replace(invoices()["split-payment"], tax_point_date="2026-09-30"),
        "no-terms": replace(invoices()["standard-plain"], payment_terms=None),
        "represented": represented(invoices()["standard-plain"]),
    }
    return {name: _claiming(invoice) for name, invoice in made.items()}


def _claiming(invoice: Invoice) -> Invoice:
    process = ProcessControl(business_process="S1", specification=SPECIFICATION)
    return replace(invoice, process=process)


@cache
def extended_documents(syntax: str) -> dict[str, bytes]:
    """Return the base documents of a syntax (``ubl`` or ``cii``) by name."""
    return dict(_documents(syntax))


def _documents(syntax: str) -> Iterator[tuple[str, bytes]]:
    write = {"ubl": to_ubl, "cii": to_cii}[syntax]
    for name, invoice in extended_invoices().items():
        plain = write(written_for(invoice, syntax), FILES)
        if name in _BY_REASON:
            plain = _changed(plain, _say_reasons)
        yield name, plain
        yield f"{name}-grouped", _changed(plain, _gather)
    full = write(written_for(extended_invoices()["standard-full"], syntax), FILES)
    yield "rich", _changed(_changed(full, _enrich), _gather)
    credit = write(written_for(extended_invoices()["credit-full"], syntax), FILES)
    yield "rich-credit", _changed(credit, _enrich)
    several = write(written_for(extended_invoices()["several-credit"], syntax), FILES)
    yield "nested-credit", _changed(several, _nest)
    if syntax == "cii":
        for name in ("standard-plain", "exempt-coded", "out-of-scope"):
            yield f"{name}-serviced", to_cii(_serviced(extended_invoices()[name]), FILES)


def _serviced(invoice: Invoice) -> Invoice:
    """Return an invoice with a logistics service charge, which only CII has a place for."""
    made = extended(invoice)
    assert made.totals is not None
    others = total(one.amount for one in made.third_party_amounts)
    due = EXACT.subtract(made.totals.due or ZERO, others)
    return replace(made, third_party_amounts=(), totals=replace(made.totals, due=due))


def _changed(xml: bytes, change: Callable[[UblLines], None]) -> bytes:
    tree = etree.fromstring(xml, etree.XMLParser(remove_blank_text=True))
    change(lines_of(tree))
    return bytes(etree.tostring(tree, encoding="UTF-8"))


def _gather(held: UblLines) -> None:
    """Put the lines below a GROUP line, but for the first below another; add an INFORMATION."""
    first, *others = lines = held.found(held.tree, held.line)
    nets = [Decimal(held.text(line, held.line_net)) for line in lines]
    top = _line(held, first, _TOP, total(nets))
    below = _line(held, first, _BELOW, total(nets[1:]))
    last = _line(held, first, _INFORMATION, Decimal("4.00"))
    first.addprevious(top)
    first.addnext(below)
    lines[-1].addnext(last)
    for line, status, parent in (
        (top, "GROUP", ""),
        (first, "DETAIL", _TOP),
        (below, "GROUP", _TOP),
        *((line, "DETAIL", _BELOW) for line in others),
        (last, "INFORMATION", _BELOW),
    ):
        held.own(line, status, parent)


def _nest(held: UblLines) -> None:
    """Put each line below a GROUP line, which holds the next GROUP line too."""
    lines = held.found(held.tree, held.line)
    nets = [Decimal(held.text(line, held.line_net)) for line in lines]
    for number, line in enumerate(lines, 1):
        above = _line(held, line, f"G{number}", total(nets[number - 1 :]))
        line.addprevious(above)
        held.own(above, "GROUP", f"G{number - 1}" if number > 1 else "")
        held.own(line, "DETAIL", f"G{number}")


def _line(held: UblLines, of: Any, name: str, net: Decimal) -> Any:
    """Return a copy of a line under another name, without what makes it bill something."""
    line = copy.deepcopy(of)
    held.found(line, held.line_id)[0].text = name
    held.found(line, held.line_net)[0].text = str(net)
    for gone in held.found(line, held.billed):
        gone.getparent().remove(gone)
    return line


def _say_reasons(held: UblLines) -> None:
    """Give each line, allowance and charge the reasons of its own part of the breakdown.

    There is one line to each part, and one more to the first, as are the allowance and the charge.
    """
    rows = held.found(held.tree, held.breakdown)
    taxes = [held.found(line, held.line_tax)[0] for line in held.found(held.tree, held.line)]
    shared = held.found(held.tree, held.header_tax)
    pairs = [*zip(taxes, (*rows, rows[0]), strict=True), *((one, rows[0]) for one in shared)]
    for tax, row in pairs:
        for reason in held.found(row, f"{held.reason_code} | {held.reason}"):
            held.grammar.insert(tax, copy.deepcopy(reason))


def _enrich(held: UblLines) -> None:
    """Put in what only the extension has a place or a code for."""
    cii = isinstance(held, CiiLines)
    for path, fragment in _CII_EXTRAS if cii else _UBL_EXTRAS:
        held.put(held.found(held.tree, path)[0], fragment)
    for code in held.found(held.tree, _CII_CHARGE if cii else _UBL_CHARGE):
        code.text = "ENV"
        code.set("listID", "5153")
