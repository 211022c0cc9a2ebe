"""A defect of each rule of ``br-fr`` that is not about lines gathered below others."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from chorus_edi.domain.groups import Identifier
from chorus_edi.domain.invoice import Delivery, Invoice, InvoicingPeriod
from chorus_edi.domain.lines import ItemAttribute
from chorus_edi.domain.parties import Payee
from chorus_edi.rules.syntax_cases import Edit
from tests.afnor import taxed
from tests.defects.changes import (
    COMPANIES,
    PUBLIC,
    Change,
    Defect,
    beside,
    both,
    changed,
    enclosing,
    group,
    identified,
    line,
    noted,
    of,
    reached,
    unsaid,
)

_OTHER_SIRET = "21800019800018"
_MEMBER = of("S1", seller="0231")
_TWICE = "la feuille UBL contrôle les caractères du numéro sous les deux identifiants"
_RATE = "un taux de plus de deux décimales n'est écrit ainsi dans aucune liste"


def _in_dollars(invoice: Invoice) -> Invoice:
    assert invoice.totals is not None
    told = group("totals", vat_in_accounting_currency=invoice.totals.vat)
    return told(changed(currency="USD", accounting_currency="EUR")(invoice))


def _less_paid(invoice: Invoice) -> Invoice:
    assert invoice.totals is not None
    assert invoice.totals.with_vat is not None
    paid = invoice.totals.with_vat - Decimal("0.01")
    return group("totals", paid=paid, due=Decimal("0.01"))(invoice)


_REBATE = both(
    changed(
        type_code="262",
        contract="2026-M1",
        delivery=Delivery(period=InvoicingPeriod(start="2026-01-01", end="2026-06-30")),
    ),
)
_PAID = {"ubl": "//cbc:PrepaidAmount", "cii": "//ram:TotalPrepaidAmount"}


def _payee(siren: str) -> Change:
    known = Identifier(value=siren, scheme="0002")
    return changed(payee=Payee(name="Affactureur fictif", legal_registration=known))


DEFECTS: Mapping[str, Defect] = {
    "BR-FR-01": Defect(COMPANIES, changed(number="F" * 36)),
    "BR-FR-02": Defect(PUBLIC, changed(number="F2026.1"), also={("BR-FR-01", "ubl"): _TWICE}),
    "BR-FR-03": Defect(PUBLIC, changed(due_date="2100-01-01")),
    "BR-FR-04": Defect(PUBLIC, changed(type_code="82")),
    "BR-FR-05": Defect(PUBLIC, unsaid("AAB")),
    "BR-FR-06": Defect(PUBLIC, noted("PMT", "Indemnité de 40 €")),
    "BR-FR-08": Defect(PUBLIC, group("process", business_process="B5")),
    "BR-FR-09": Defect(PUBLIC, identified("seller", ("0009", _OTHER_SIRET))),
    "BR-FR-10": Defect(
        of("S1", identified("seller"), public=False), group("seller", legal_registration=None)
    ),
    "BR-FR-11": Defect(
        of("S1", public=False, buyer="0002"), group("buyer", legal_registration=None)
    ),
    "BR-FR-12": Defect(PUBLIC, group("buyer", electronic_address=None)),
    "BR-FR-13": Defect(PUBLIC, group("seller", electronic_address=None)),
    "BR-FR-15": Defect(PUBLIC, lambda invoice: taxed(invoice, "L", "20")),
    "BR-FR-16": Defect(PUBLIC, lambda invoice: taxed(invoice, "S", "15")),
    "BR-FR-17": Defect(PUBLIC, enclosing("Bon de livraison")),
    "BR-FR-18": Defect(PUBLIC, enclosing("LISIBLE", "LISIBLE")),
    "BR-FR-20": Defect(COMPANIES, both(unsaid("BAR"), noted("BAR", "ENTRE ENTREPRISES"))),
    "BR-FR-21": Defect(COMPANIES, reached("buyer", "999905997")),
    "BR-FR-22": Defect(
        of("S1", changed(type_code="389"), public=False), reached("seller", "999905997")
    ),
    "BR-FR-23": Defect(PUBLIC, reached("seller", "SOCIÉTÉ")),
    "BR-FR-24": Defect(of("S1", public=False, buyer="0224"), identified("buyer", ("0224", "A B"))),
    "BR-FR-25": Defect(PUBLIC, reached("seller", "9" * 126)),
    "BR-FR-26": Defect(
        of("S1", public=False, buyer="0224"), identified("buyer", ("0224", "A" * 101))
    ),
    "BR-FR-27": Defect(
        PUBLIC, line("item", attributes=(ItemAttribute(name=" ", value="Bleu"),)), syntaxes=("cii",)
    ),
    "BR-FR-28": Defect(
        PUBLIC,
        line(
            "item",
            attributes=(
                ItemAttribute(name="Poids", value="1", measure=Decimal(1), measure_unit="KGM"),
            ),
        ),
    ),
    "BR-FR-29": Defect(
        PUBLIC,
        changed(invoiced_object=Identifier(value=" ", scheme="AFL")),
        also={("BR-52", "ubl"): "UBL écrit l'objet facturé comme une pièce jointe sans référence"},
    ),
    "BR-FR-30": Defect(
        PUBLIC, line(invoiced_object=Identifier(value=" ", scheme="AFL")), syntaxes=("ubl",)
    ),
    "BR-FR-31": Defect(COMPANIES, noted("BAR", "B2B")),
    "BR-FR-32": Defect(of("S1", _payee("999905997"), public=False), _payee("99990599")),
    "BR-FR-CO-03": Defect(of("S1", _REBATE), changed(contract=None)),
    "BR-FR-CO-04": Defect(PUBLIC, changed(type_code="384")),
    "BR-FR-CO-05": Defect(PUBLIC, changed(type_code="381")),
    "BR-FR-CO-07": Defect(PUBLIC, changed(due_date="2026-08-01")),
    "BR-FR-CO-08": Defect(of("B4"), changed(type_code="386")),
    "BR-FR-CO-09": Defect(of("S2"), _less_paid),
    "BR-FR-CO-10": Defect(of("S1", seller="0223"), beside("seller", "0223", "DE123456780")),
    "BR-FR-CO-12": Defect(of("S1", _in_dollars), changed(accounting_currency="GBP")),
    "BR-FR-CO-14": Defect(_MEMBER, unsaid("TXD")),
    "BR-FR-CO-15": Defect(_MEMBER, changed(tax_representative=None)),
    "BR-FR-DEC-01": Defect(
        of("S1", group("totals", paid=Decimal("0.00"))),
        edits={syntax: (Edit(set=path, to="+0.00"),) for syntax, path in _PAID.items()},
    ),
    "BR-FR-DEC-02": Defect(PUBLIC, line(quantity=Decimal("1.00001"))),
    "BR-FR-DEC-03": Defect(PUBLIC, line("price", net=Decimal("1.0000001"))),
    "BR-FR-DEC-04": Defect(
        PUBLIC, lambda invoice: taxed(invoice, "S", "20.000"), also={("BR-FR-16", "both"): _RATE}
    ),
}
"""Rule → its defect."""
