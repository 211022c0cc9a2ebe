"""Invoices that break no rule, written for the mutator: every VAT category, every kind.

Between them they carry every term of the model, so that every term can be dropped, doubled or
changed. All of it is made up.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

import msgspec

from chorus_edi.domain.groups import Identifier
from chorus_edi.domain.invoice import Invoice, PrecedingInvoice, ProcessControl
from chorus_edi.domain.lines import (
    InvoiceLine,
    Item,
    ItemAttribute,
    LineAllowance,
    LineCharge,
    LinePeriod,
    LineVat,
    Price,
)
from chorus_edi.domain.money import CENT, EXACT, ZERO, round_half_up, total
from chorus_edi.domain.settlement import DocumentAllowance, DocumentCharge, Totals, VatBreakdown
from chorus_edi.formats.writers import to_cii, to_ubl
from tests.builders import D
from tests.conformance.base_parts import CARD, DEBIT, TRANSFER, buyer, delivery, full_terms, seller

SPECIFICATION = "urn:cen.eu:en16931:2017"
FILES: Mapping[str, bytes] = {"bon.pdf": b"%PDF-1.4\nfictif\n", "releve.csv": b"jour;heures\n1;7\n"}


class Rate(NamedTuple):
    """A VAT category with its rate, and what its breakdown says of an exemption."""

    category: str
    rate: D | None
    reason: str | None = None
    code: str | None = None


S20 = Rate("S", D("20.00"))
S55 = Rate("S", D("5.5"))
Z = Rate("Z", D(0))
E = Rate("E", D(0), "Exonération de TVA, article 261 du CGI")
E_CODED = Rate("E", D("0.00"), None, "VATEX-EU-132-1I")
AE = Rate("AE", D(0), "Autoliquidation", "VATEX-EU-AE")
K = Rate("K", D(0), "Livraison intracommunautaire", "VATEX-EU-IC")
G = Rate("G", D(0), "Exportation hors de l’Union européenne", "VATEX-EU-G")
O = Rate("O", None, "Hors du champ de la TVA", "VATEX-EU-O")  # noqa: E741 - the category's name
L = Rate("L", D("7.00"))
M = Rate("M", D("4"))
B = Rate("B", D("22.00"))

_PRICES = (D("62.50"), D("4.85"), D("0.2134"), D("874.99"), D("38.90"))
_UNITS = ("HUR", "XPP", "KWH", "C62", "MTK")
_QUANTITIES = (D(8), D(25), D("1250.5"), D(1), D("3.25"))


def _line(n: int, rate: Rate, *, rich: bool) -> InvoiceLine:
    k = (n - 1) % len(_PRICES)
    price, quantity = _PRICES[k], _QUANTITIES[k]
    less, more = (D("2.00"), D("1.25")) if rich else (ZERO, ZERO)
    net = round_half_up(EXACT.multiply(price, quantity)) - less + more
    line = InvoiceLine(
        identifier=str(n),
        quantity=quantity,
        unit=_UNITS[k],
        net_amount=net,
        price=Price(net=price, base_quantity=D(1), base_unit=_UNITS[k]),
        vat=LineVat(category=rate.category, rate=rate.rate),
        item=Item(name=f"Prestation fictive n° {n}"),
    )
    return _with_options(line, price) if rich else line


def _with_options(line: InvoiceLine, price: D) -> InvoiceLine:
    return msgspec.structs.replace(
        line,
        note="Livré en une fois",
        invoiced_object=Identifier(value="COMPTEUR-7", scheme="AAZ"),
        order_line="4",
        accounting_reference="6061",
        period=LinePeriod(start="2026-09-01", end="2026-09-30"),
        allowances=(
            LineAllowance(
                amount=D("2.00"),
                base_amount=D("20.00"),
                percentage=D(10),
                reason="Remise",
                reason_code="95",
            ),
        ),
        charges=(
            LineCharge(
                amount=D("1.25"),
                base_amount=D("12.50"),
                percentage=D(10),
                reason="Emballage",
                reason_code="PC",
            ),
        ),
        price=Price(
            net=price,
            discount=D("0.25"),
            gross=price + D("0.25"),
            base_quantity=D(1),
            base_unit=line.unit,
        ),
        item=Item(
            name="Prestation fictive détaillée",
            description="Avec toutes ses options",
            seller_identifier="ART-0042",
            buyer_identifier="NOTRE-42",
            standard_identifier=Identifier(value="3760000000017", scheme="0160"),
            classifications=(Identifier(value="72000000", scheme="STI", scheme_version="2.0"),),
            origin_country="FR",
            attributes=(ItemAttribute(name="Couleur", value="Bleu"),),
        ),
    )


def _amounts(rates: tuple[Rate, ...], *, rich: bool, paid: D | None) -> dict[str, Any]:
    """Return lines (one per rate, and one more), an allowance and a charge, and their totals."""
    drawn = (*rates, rates[0])
    lines = tuple(_line(n, rate, rich=rich and n == 1) for n, rate in enumerate(drawn, 1))
    first = rates[0]
    allowance = DocumentAllowance(
        amount=D("10.00"),
        base_amount=D("100.00"),
        percentage=D("10.0"),
        vat_category=first.category,
        vat_rate=first.rate,
        reason="Remise commerciale",
        reason_code="95",
    )
    charge = DocumentCharge(
        amount=D("12.50"),
        base_amount=D("50.00"),
        percentage=D(25),
        vat_category=first.category,
        vat_rate=first.rate,
        reason="Frais de port",
        reason_code="FC",
    )
    bases: dict[Rate, D] = {}
    for rate, line in zip(drawn, lines, strict=True):
        bases[rate] = bases.get(rate, ZERO) + (line.net_amount or ZERO)
    bases[first] += D("2.50")
    breakdown = tuple(_row(rate, base) for rate, base in bases.items())
    line_net = total(line.net_amount for line in lines)
    vat = total(row.tax_amount for row in breakdown)
    with_vat = line_net + D("2.50") + vat
    totals = Totals(
        line_net=line_net,
        allowances=D("10.00"),
        charges=D("12.50"),
        without_vat=line_net + D("2.50"),
        vat=vat,
        with_vat=with_vat,
        paid=paid,
        rounding=D("0.02") if rich else None,
        due=with_vat - (paid or ZERO) + (D("0.02") if rich else ZERO),
    )
    return {
        "lines": lines,
        "allowances": (allowance,),
        "charges": (charge,),
        "vat_breakdown": breakdown,
        "totals": totals,
    }


def _row(rate: Rate, base: D) -> VatBreakdown:
    return VatBreakdown(
        taxable_amount=base,
        tax_amount=round_half_up(EXACT.multiply(EXACT.multiply(base, rate.rate or ZERO), CENT)),
        category=rate.category,
        rate=rate.rate,
        exemption_reason=rate.reason,
        exemption_code=rate.code,
    )


def invoice_at(
    number: int, type_code: str, *rates: Rate, rich: bool = False, **terms: Any
) -> Invoice:
    """Return an invoice with a line at each rate, and one more at the first."""
    credit = type_code == "381"
    paid = terms.pop("paid", None)
    values: dict[str, Any] = {
        "number": f"F2026-{number:04d}",
        "issue_date": "2026-10-01",
        "type_code": type_code,
        "currency": "EUR",
        "due_date": None if credit else "2026-10-31",
        "buyer_reference": "SERVICE-1",
        "process": ProcessControl(business_process="S1", specification=SPECIFICATION),
        "payment_terms": "Paiement à trente jours",
        "seller": seller(),
        "buyer": buyer(),
        "payment": (TRANSFER,),
        "remittance_information": "REF-1",
    }
    return Invoice(**(values | _amounts(rates, rich=rich, paid=paid) | terms))


def _accounting(invoice: Invoice, currency: str) -> Invoice:
    """Give the VAT in an accounting currency too (BT-6, BT-111)."""
    totals = msgspec.structs.replace(
        invoice.totals or Totals(), vat_in_accounting_currency=D("123.45")
    )
    return msgspec.structs.replace(invoice, accounting_currency=currency, totals=totals)


@cache
def invoices() -> dict[str, Invoice]:
    """Return the base invoices by name."""
    debit: dict[str, Any] = {
        "payment": (DEBIT,),
        "mandate": "MANDAT-1",
        "creditor_identifier": "FR72ZZZ123456",
    }
    none = seller(vat=False)
    return {
        "standard-full": invoice_at(1, "380", S20, S55, rich=True, paid=D("50.00"), **full_terms()),
        "standard-plain": invoice_at(2, "380", S20, tax_point_date="2026-09-30"),
        "standard-mixed": _accounting(invoice_at(3, "380", S20, Z, E, tax_point_code="35"), "USD"),
        "zero": invoice_at(4, "380", Z, rich=True, payment=(CARD,)),
        "exempt-credit": invoice_at(
            5, "381", E, preceding_invoices=(PrecedingInvoice(number="F2026-0004"),)
        ),
        "exempt-coded": invoice_at(6, "380", E_CODED, **debit),
        "reverse-charge": invoice_at(7, "380", AE),
        "intra-community": invoice_at(8, "380", K, buyer=buyer("DE"), delivery=delivery("DE")),
        "export": invoice_at(9, "380", G, buyer=buyer("CH", vat=False)),
        "out-of-scope": invoice_at(10, "380", O, seller=none, buyer=buyer(vat=False)),
        "canary": invoice_at(11, "380", L, seller=seller("ES"), buyer=buyer("ES")),
        "ceuta": invoice_at(12, "380", M, seller=seller("ES"), buyer=buyer("ES")),
        "split-payment": invoice_at(13, "380", B, seller=seller("IT"), buyer=buyer("IT")),
        "prepayment": invoice_at(14, "386", S20, S55, paid=D("100.00")),
        "corrective": invoice_at(
            15,
            "384",
            S20,
            E,
            preceding_invoices=(PrecedingInvoice(number="F2026-0001", issue_date="2026-10-01"),),
        ),
        "credit-full": invoice_at(16, "381", S20, rich=True, **full_terms()),
    }


@cache
def documents(syntax: str) -> dict[str, bytes]:
    """Return the base documents of a syntax (``ubl``, ``cii-fr``, ``cii-ext``…) by name."""
    grammar, _, kind = syntax.partition("-")
    if kind:
        # They are made from those below.
        from tests.conformance import extended_ctc, french

        made = {"fr": french.french_documents, "ext": extended_ctc.extended_documents}
        return made[kind](grammar)
    write = {"ubl": to_ubl, "cii": to_cii}[syntax]
    return {name: write(written_for(one, syntax), FILES) for name, one in invoices().items()}


def written_for(invoice: Invoice, syntax: str) -> Invoice:
    """Write BT-8 in the code list of a syntax: UNTDID 2005 in UBL, 2475 in CII."""
    if invoice.tax_point_code is None or syntax == "ubl":
        return invoice
    return msgspec.structs.replace(invoice, tax_point_code="72")
