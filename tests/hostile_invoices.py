"""Invoices that mean harm: huge numbers, endless repeats, strings of megabytes; UBL and CII.

Each maker takes a size: the tests use one, and whoever looks for quadratic code tries two.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from decimal import Context, Decimal
from functools import cache
from typing import Any

from lxml import etree
from msgspec.structs import replace

from chorus_edi.domain.invoice import Invoice
from chorus_edi.domain.settlement import Totals
from chorus_edi.formats.mapping import cii, ubl
from chorus_edi.formats.writers import to_cii, to_ubl
from chorus_edi.rules.cases import BASE as BASE_CASE
from chorus_edi.rules.cases import invoice_of
from tests.conformance.bases import documents
from tests.conformance.grouped import KINDS, grouped
from tests.conformance.lines import lines_of

PREFIXES = {**ubl.PREFIXES, **cii.PREFIXES}
_WIDE = Context(prec=200)
Make = Callable[[str, int], bytes]
"""(``ubl`` or ``cii``, size) → document."""

LINE = {"ubl": "//cac:InvoiceLine[1]", "cii": "//ram:IncludedSupplyChainTradeLineItem[1]"}
NOTE = {"ubl": "/*/cbc:Note", "cii": "//ram:IncludedNote[1]"}
TOTAL_VAT = {"ubl": "/*/cac:TaxTotal[1]", "cii": "//ram:TaxTotalAmount"}
DUE = {"ubl": "//cbc:PayableAmount", "cii": "//ram:DuePayableAmount"}
NET = {
    "ubl": "//cac:InvoiceLine[1]/cbc:LineExtensionAmount",
    "cii": "//ram:SpecifiedTradeSettlementLineMonetarySummation/ram:LineTotalAmount",
}
PRICE = {
    "ubl": "//cac:InvoiceLine[1]/cac:Price/cbc:PriceAmount",
    "cii": "//ram:NetPriceProductTradePrice/ram:ChargeAmount",
}
RATE = {
    "ubl": "//cac:TaxSubtotal[1]/cac:TaxCategory/cbc:Percent",
    "cii": "//ram:ApplicableHeaderTradeSettlement/ram:ApplicableTradeTax[1]"
    "/ram:RateApplicablePercent",
}
BASE = {
    "ubl": "//cac:TaxSubtotal[1]/cbc:TaxableAmount",
    "cii": "//ram:ApplicableHeaderTradeSettlement/ram:ApplicableTradeTax[1]/ram:BasisAmount",
}
BREAKDOWN = {
    "ubl": "//cac:TaxSubtotal[1]",
    "cii": "//ram:ApplicableHeaderTradeSettlement/ram:ApplicableTradeTax[1]",
}
CATEGORY = {"ubl": "cac:TaxCategory/cbc:ID", "cii": "ram:CategoryCode"}
SUB_RATE = {"ubl": "cac:TaxCategory/cbc:Percent", "cii": "ram:RateApplicablePercent"}
LINE_ALLOWANCE = {
    "ubl": "//cac:InvoiceLine[1]/cac:AllowanceCharge[1]",
    "cii": "//ram:SpecifiedLineTradeSettlement/ram:SpecifiedTradeAllowanceCharge[1]",
}
ALLOWANCE = {
    "ubl": "/*/cac:AllowanceCharge[1]",
    "cii": "//ram:ApplicableHeaderTradeSettlement/ram:SpecifiedTradeAllowanceCharge[1]",
}
ALLOWANCE_CATEGORY = {
    "ubl": "cac:TaxCategory/cbc:ID",
    "cii": "ram:CategoryTradeTax/ram:CategoryCode",
}
LINE_CATEGORY = {
    "ubl": "cac:Item/cac:ClassifiedTaxCategory/cbc:ID",
    "cii": "ram:SpecifiedLineTradeSettlement/ram:ApplicableTradeTax/ram:CategoryCode",
}
UNIT = {
    "ubl": "cbc:InvoicedQuantity/@unitCode",
    "cii": "ram:SpecifiedLineTradeDelivery/ram:BilledQuantity/@unitCode",
}
CURRENCY = {"ubl": "cbc:LineExtensionAmount/@currencyID", "cii": None}
ISSUED = {"ubl": "/*/cbc:IssueDate", "cii": "//rsm:ExchangedDocument//udt:DateTimeString"}


def root_of(syntax: str) -> Any:
    """Return the tree of an invoice that has every term, to be changed."""
    return copy.deepcopy(_read(syntax))


@cache
def _read(syntax: str) -> Any:
    return etree.fromstring(documents(syntax)["standard-full"])


def found(root: Any, path: str) -> Any:
    """Return the first element at a path."""
    elements = root.xpath(path, namespaces=PREFIXES)
    assert elements, path
    return elements[0]


def with_text(syntax: str, path: dict[str, str], text: str) -> bytes:
    """Return an invoice with another text at a path."""
    root = root_of(syntax)
    found(root, path[syntax]).text = text
    return etree.tostring(root)


def repeated(
    syntax: str,
    path: dict[str, str],
    times: int,
    changed: dict[str, str] | None = None,
    value: Callable[[int], str] = str,
) -> bytes:
    """Return an invoice that has an element many times.

    Args:
        syntax: ``ubl`` or ``cii``.
        path: the element.
        times: how often it stands there.
        changed: what tells the copies apart: a path from the element, perhaps of an attribute.
        value: number of a copy → what it says there.
    """
    root = root_of(syntax)
    model = found(root, path[syntax])
    copies = [copy.deepcopy(model) for _ in range(times - 1)]
    for number, one in enumerate(copies if changed else ()):
        assert changed is not None
        _say(one, changed[syntax], value(number))
    parent, at = model.getparent(), model.getparent().index(model) + 1
    parent[at:at] = copies
    return etree.tostring(root)


def _say(element: Any, path: str, value: str) -> None:
    above, _, attribute = path.rpartition("/@")
    if above:
        found(element, above).set(attribute, value)
    else:
        found(element, path).text = value


def kinds_of(syntax: str) -> dict[str, int]:
    """Return path → number in the document's order, for one element of each kind."""
    root = _read(syntax)
    numbers: dict[str, int] = {}
    for number, element in enumerate(root.iter("*")):
        above = [etree.QName(one).localname for one in element.iterancestors()]
        path = "/".join([*reversed(above), etree.QName(element).localname])
        if number:
            numbers.setdefault(path, number)
    return numbers


def numbered(root: Any, number: int) -> Any:
    """Return an element of a tree by its number in the document's order."""
    return next(one for at, one in enumerate(root.iter("*")) if at == number)


def with_one_repeated(syntax: str, number: int, times: int) -> bytes:
    """Return the full invoice, one element of which stands there many times."""
    root = root_of(syntax)
    model = numbered(root, number)
    parent, at = model.getparent(), model.getparent().index(model) + 1
    parent[at:at] = [copy.deepcopy(model) for _ in range(times - 1)]
    return etree.tostring(root)


def with_long_text(syntax: str, number: int, length: int) -> bytes:
    """Return the full invoice, one element of which has a text of so many characters."""
    root = root_of(syntax)
    numbered(root, number).text = "x" * length
    return etree.tostring(root)


def many_lines(syntax: str, lines: int, off: str) -> bytes:
    """Return a small invoice of many equal lines of 10.00, its line total off by so much."""
    amount = Decimal(10) * lines
    model = case_invoice()
    invoice = replace(
        model,
        lines=tuple(replace(model.lines[0], identifier=str(n)) for n in range(1, lines + 1)),
        totals=Totals(
            line_net=amount + Decimal(off),
            without_vat=amount + Decimal(off),
            vat=amount / 5,
            with_vat=amount + amount / 5 + Decimal(off),
            due=amount + amount / 5 + Decimal(off),
        ),
        vat_breakdown=(
            replace(model.vat_breakdown[0], taxable_amount=amount, tax_amount=amount / 5),
        ),
    )
    return to_ubl(invoice) if syntax == "ubl" else to_cii(invoice)


def case_invoice() -> Invoice:
    """Return the small invoice of rules/cases.py."""
    return invoice_of(BASE_CASE)


def scaled(document: bytes, times: int) -> bytes:
    """Return an invoice with every amount so many times as large."""
    root = etree.fromstring(document)
    for element in root.iter("*"):
        if etree.QName(element).localname.endswith("Amount") and element.text:
            element.text = f"{_WIDE.multiply(Decimal(element.text), Decimal(times)):f}"
    return etree.tostring(root)


def two_letters(number: int) -> str:
    """Return a code that no list has and no other number gives."""
    return f"Q{number:X}"


def _of_lines(changed: dict[str, str] | None = None) -> Make:
    return lambda syntax, size: repeated(syntax, LINE, size, changed, two_letters)


def _notes_and_totals(syntax: str, size: int) -> bytes:
    """Many elements before the currency, and many amounts that are compared with it."""
    root = etree.fromstring(repeated(syntax, NOTE, size))
    model = found(root, TOTAL_VAT[syntax])
    for _ in range(size - 1):
        model.addnext(copy.deepcopy(model))
    return etree.tostring(root)


def _currencies(syntax: str, size: int) -> bytes:
    root = etree.fromstring(repeated(syntax, LINE, size))
    for number, element in enumerate(root.xpath("//*[@currencyID]")):
        element.set("currencyID", two_letters(number))
    return etree.tostring(root)


def _schemes(syntax: str, size: int) -> bytes:
    root = root_of(syntax)
    for element in root.xpath("//*[@schemeID]"):
        copies = [copy.deepcopy(element) for _ in range(size)]
        for number, one in enumerate(copies):
            one.set("schemeID", two_letters(number))
        parent, at = element.getparent(), element.getparent().index(element) + 1
        parent[at:at] = copies
    return etree.tostring(root)


def _unknown(syntax: str, size: int) -> bytes:
    root = root_of(syntax)
    root.extend(etree.Element(f"{{urn:x}}n{number}") for number in range(size))
    return etree.tostring(root)


def _attributes(syntax: str, size: int) -> bytes:
    root = root_of(syntax)
    for number in range(size):
        found(root, NET[syntax]).set(f"a{number}", "")
    return etree.tostring(root)


def _nested(syntax: str, size: int) -> bytes:
    """Lines in lines, deep and broad: as deep as is read at all."""
    deep = etree.fromstring(documents(syntax)["standard-full"])
    line = found(deep, LINE[syntax])
    inner = line
    for _ in range(200):
        below = copy.copy(etree.Element(line.tag))
        below.extend(copy.deepcopy(list(line[:2])))
        inner.append(below)
        inner = below
    parent, at = line.getparent(), line.getparent().index(line) + 1
    parent[at:at] = [copy.deepcopy(line) for _ in range(max(size // 200, 1))]
    return etree.tostring(deep)


def _sub_invoices(framework: str, distinct: tuple[str, ...] = ()) -> Make:
    """Return a maker of lines GROUP with one DETAIL each, and a row of VAT for each of them.

    Args:
        framework: BT-23.
        distinct: what tells the sub-invoices apart; nothing does where it is empty.
    """

    def make(syntax: str, size: int) -> bytes:
        root = etree.fromstring(_grouped(syntax, framework))
        lines = lines_of(root)
        group, detail, *_ = lines.found(root, lines.line)
        row = lines.found(root, BREAKDOWN[syntax])[0]
        for number in range(size):
            added = [copy.deepcopy(one) for one in (group, detail)]
            for one in added:
                _tell_apart(one, distinct, f"-{number}")
                group.addprevious(one)
            of_vat = copy.deepcopy(row)
            found(of_vat, f".//{lines.reason}").text = f"#{lines.number}-{number}#TVA"
            row.addprevious(of_vat)
        return etree.tostring(root)

    return make


def _tell_apart(line: Any, paths: tuple[str, ...], suffix: str) -> None:
    for path in paths:
        for element in line.xpath(path, namespaces=PREFIXES):
            element.text += suffix


@cache
def _grouped(syntax: str, framework: str) -> bytes:
    kind = next(one for one in KINDS.values() if one.framework == framework)
    return grouped(documents(syntax)["standard-plain"], kind)


LINE_NUMBERS = (
    "cbc:ID | cac:BillingReference/cac:BillingReferenceLine/cbc:ID"
    " | ram:AssociatedDocumentLineDocument/*[self::ram:LineID or self::ram:ParentLineID]"
)
"""Number of a line, and of the line above it."""
OBJECTS = ".//*[@schemeID='AFL'] | .//*[ram:ReferenceTypeCode='AFL']/ram:IssuerAssignedID"
"""Number of the sub-invoice of a line."""

LARGE: dict[str, Make] = {
    "lines": _of_lines(),
    "lines of distinct categories": _of_lines(LINE_CATEGORY),
    "lines of distinct units": _of_lines(UNIT),
    "distinct currencies": _currencies,
    "breakdowns": lambda s, n: repeated(s, BREAKDOWN, n),
    "breakdowns of distinct rates": lambda s, n: repeated(s, BREAKDOWN, n, SUB_RATE),
    "breakdowns of distinct categories": lambda s, n: repeated(
        s, BREAKDOWN, n, CATEGORY, two_letters
    ),
    "allowances of a line": lambda s, n: repeated(s, LINE_ALLOWANCE, n),
    "allowances": lambda s, n: repeated(s, ALLOWANCE, n),
    "allowances of distinct categories": lambda s, n: repeated(
        s, ALLOWANCE, n, ALLOWANCE_CATEGORY, two_letters
    ),
    "notes": lambda s, n: repeated(s, NOTE, n),
    "total amounts of VAT": lambda s, n: repeated(s, TOTAL_VAT, n),
    "notes, then total amounts of VAT": _notes_and_totals,
    "schemes": _schemes,
    "unknown elements": _unknown,
    "unknown attributes": _attributes,
    "lines in lines": _nested,
}
"""What there may be many of → maker."""

GROUPED: dict[str, Make] = {
    "of S8, with numbers": _sub_invoices("S8", (LINE_NUMBERS, OBJECTS)),
    "of S9, with numbers": _sub_invoices("S9", (LINE_NUMBERS, OBJECTS)),
    "of S8, of one number": _sub_invoices("S8"),
    "of S9, of one number": _sub_invoices("S9"),
}
"""How many sub-invoices there are of which framework → maker; their VAT has a row for each."""

DIGITS = {
    "nines": lambda n: "9" * n,
    "decimals": lambda n: f"0.{'1' * n}",
    "zeros before": lambda n: f"{'0' * n}1",
    "zeros behind": lambda n: f"1.{'0' * n}",
    "both": lambda n: f"-{'8' * n}.{'7' * n}",
}
"""A number of so many digits."""

ODD_NUMBERS = (
    "1e5", "1E400", "-1e-400", "NaN", "INF", "-INF", "Infinity", "١٢٣", "１００", "१.५", "0x1F",
    "1_000", "1,5", "1 000", "+5", "-0", ".5", "5.", ".", "-", "", " ", " 5 ", "\xa05",
    "--5", "5-", "5" * 59 + "." + "5" * 59, "²", "½", "1.2.3",
)  # fmt: skip
"""What may stand where a number is wanted."""

ODD_DAYS = (
    "2026-02-30", "2026-13-01", "0000-00-00", "99999-01-01", "-2026-01-01", "2026-1-1",
    "２０２６-01-01", "2026-02-30Z", "2026-02-29+14:00", "20260230", "2026-W01-1", "", " ",
    "2026-01-01T00:00:00", "9999-12-31", "٢٠٢٦-٠١-٠١",
)  # fmt: skip
"""What may stand where a day is wanted."""
