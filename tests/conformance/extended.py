"""Invoices of the profile EXTENDED: sound ones made from the mutator's bases, and faulty ones.

The mutator's own bases hold nothing that only EXTENDED has. Here each gets a subtotal with its
details, a line of information, a service charge, an amount due to others, reasons of exemption and
item attributes; then it is changed where the rules of EXTENDED look.
"""

from __future__ import annotations

import random
from functools import cache
from typing import Any

from lxml import etree
from msgspec.structs import replace

from chorus_edi.domain.invoice import Invoice, Note
from chorus_edi.domain.lines import InvoiceLine, Item, ItemAttribute, LineVat
from chorus_edi.domain.money import CENT, EXACT, ZERO, round_half_up, total
from chorus_edi.domain.scenarios import Profile
from chorus_edi.domain.settlement import ServiceCharge, ThirdPartyAmount, VatBreakdown
from chorus_edi.formats.writers import to_cii
from tests.builders import D
from tests.conformance.anywhere import Anywhere
from tests.conformance.bases import FILES, invoices
from tests.conformance.grammar import grammar
from tests.conformance.profiles import claiming
from tests.conformance.scene import Base, Scene, local_name, path_of

_SERVICE, _OTHERS = D("7.00"), D("3.10")
_TOP = "S1"
_TAX_POINT = "72"

_AMOUNTS = frozenset({
    "ActualAmount", "AllowanceTotalAmount", "AppliedAmount", "BasisAmount", "CalculatedAmount",
    "ChargeTotalAmount", "DuePayableAmount", "GrandTotalAmount", "LineTotalAmount",
    "TaxBasisTotalAmount", "TaxTotalAmount", "TotalPrepaidAmount",
})  # fmt: skip
_TEXTS = {
    "LineStatusReasonCode": ("DETAIL", "GROUP", "INFORMATION", " DETAIL", "detail", ""),
    "ParentLineID": ("S1", "1", "2", "9", " S1 ", ""),
    "LineID": ("S1", "1", "9", " 1"),
    "CategoryCode": ("S", "Z", "E", "AE", "K", "G", "O", "L", "M"),
    "RateApplicablePercent": ("20", "20.0", "5.5", "0", "7.00"),
    "ExemptionReason": ("Exonération", "Livres  anciens", " ", ""),
    "ExemptionReasonCode": ("VATEX-EU-O", "VATEX-EU-IC", ""),
}
_STEPS = tuple(map(D, ("0.01", "-0.01", "0.02", "0.03", "-0.04", "0.05", "0.07", "1", "-7.00")))
_CHANGES = (1, 1, 2, 3)
_ATTEMPTS = 20


def extended(invoice: Invoice) -> Invoice:
    """Return a sound invoice with all that EXTENDED adds, and totals that add up again."""
    row = invoice.vat_breakdown[0]
    lines = _lines(invoice.lines, row)
    tax = round_half_up(EXACT.multiply(EXACT.multiply(_SERVICE, row.rate or ZERO), CENT))
    totals = invoice.totals
    assert totals is not None
    more = EXACT.add(_SERVICE, tax)
    grown = replace(
        row,
        taxable_amount=total((row.taxable_amount, _SERVICE)),
        tax_amount=total((row.tax_amount, tax)),
    )
    return replace(
        invoice,
        notes=(*invoice.notes, Note(subject_code="AAI", coded_text="ST3")),
        lines=lines,
        service_charges=(_service(row),),
        third_party_amounts=(ThirdPartyAmount(amount=_OTHERS, reason="Consigne"),),
        vat_breakdown=(grown, *invoice.vat_breakdown[1:]),
        totals=replace(
            totals,
            charges=total((totals.charges, _SERVICE)),
            without_vat=total((totals.without_vat, _SERVICE)),
            vat=total((totals.vat, tax)),
            with_vat=total((totals.with_vat, more)),
            due=total((totals.due, more, _OTHERS)),
        ),
    )


def _service(row: VatBreakdown) -> ServiceCharge:
    return ServiceCharge(
        description="Port",
        amount=_SERVICE,
        tax_scheme="VAT",
        vat_category=row.category,
        vat_rate=row.rate or ZERO,
        exemption_reason=row.exemption_reason,
        exemption_code=row.exemption_code,
    )


def _lines(lines: tuple[InvoiceLine, ...], row: VatBreakdown) -> tuple[InvoiceLine, ...]:
    """Put the lines below a subtotal, each with its reason, and a line of information after."""
    vat = LineVat("VAT", row.category, row.rate)
    top = InvoiceLine(
        identifier=_TOP,
        kind="GROUP",
        net_amount=total(line.net_amount for line in lines),
        vat=vat,
        item=Item(name="Sous-total", attributes=(ItemAttribute(code="35", value="bleu"),)),
    )
    last = InvoiceLine(
        identifier="I1", kind="INFORMATION", net_amount=D("4.00"), vat=vat, item=_measured()
    )
    return (top, *(_detail(line, row) for line in lines), last)


def _detail(line: InvoiceLine, row: VatBreakdown) -> InvoiceLine:
    assert line.vat is not None
    same = (line.vat.category, line.vat.rate) == (row.category, row.rate)
    reasons = (row.exemption_reason, row.exemption_code) if same else (None, None)
    vat = replace(line.vat, exemption_reason=reasons[0], exemption_code=reasons[1])
    return replace(line, kind="DETAIL", parent=_TOP, vat=vat)


def _measured() -> Item:
    measure = ItemAttribute(name="Longueur", measure=D("2.5"), measure_unit="MTR")
    return Item(name="Pour information", attributes=(measure,))


@cache
def extended_bases() -> tuple[Base, ...]:
    """Return the sound documents, parsed."""
    found = []
    for name, invoice in invoices().items():
        coded = replace(invoice, tax_point_code=invoice.tax_point_code and _TAX_POINT)
        xml = claiming(to_cii(extended(coded), FILES), Profile.EXTENDED)
        tree = etree.fromstring(xml, etree.XMLParser(remove_blank_text=True))
        found.append(Base(name, tree, grammar(etree.QName(tree).localname)))
    return tuple(found)


def extended_mutant(seed: int, number: int) -> tuple[bytes, tuple[str, ...]] | None:
    """Make a document with some faults that obeys the schema of CII, and say what was done.

    Args:
        seed: another seed gives other mutants.
        number: the same number gives the same one.
    """
    chance = random.Random(f"extended/{seed}/{number}")
    for _ in range(_ATTEMPTS):
        base = chance.choice(extended_bases())
        scene = Scene("cii", base, chance)
        made = [_change(scene) for _ in range(chance.choice(_CHANGES))]
        done = tuple(one for one in made if one is not None)
        if done and base.grammar.valid(scene.root):
            return bytes(etree.tostring(scene.root, encoding="UTF-8")), (base.name, *done)
    return None


def _change(scene: Scene) -> str | None:
    if scene.chance.random() < 0.25:
        return Anywhere(scene).change()
    element = scene.draw(lambda one: local_name(one) in _AMOUNTS or local_name(one) in _TEXTS)
    if element is None:
        return None
    drawn = scene.chance.random()
    if drawn < 0.12:
        return _dropped(element)
    if drawn < 0.2:
        return scene.double(element)
    return scene.rewrite(element, _text(scene.chance, element))


def _dropped(element: Any) -> str:
    said = f"drop {path_of(element)}"
    element.getparent().remove(element)
    return said


def _text(chance: random.Random, element: Any) -> str | None:
    texts = _TEXTS.get(local_name(element))
    if texts is not None:
        return chance.choice(texts)
    try:
        return format(D(element.text or "") + chance.choice(_STEPS), "f")
    except ArithmeticError:
        return None
