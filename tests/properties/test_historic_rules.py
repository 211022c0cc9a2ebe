"""An invoice of any cadre and kind of identifier is sound; one defect makes one rule fire."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from msgspec.structs import replace

from chorus_edi.domain.groups import Identifier
from chorus_edi.domain.identifiers import IdentifierKind, seller_of
from chorus_edi.domain.invoice import (
    ChorusFields,
    Invoice,
    PrecedingInvoice,
    ProcessControl,
    SupportingDocument,
)
from chorus_edi.domain.scenarios import ROOTS, RuleSet, Syntax
from chorus_edi.domain.settlement import CreditTransfer, PaymentInstructions
from chorus_edi.formats.reader import read
from chorus_edi.formats.writers import to_cii, to_ubl
from chorus_edi.rules.plan import Hit
from chorus_edi.rules.sets import in_force, plan_for
from chorus_edi.services.specimens import Specimen, Style, specimen
from tests.builders import TOWN
from tests.historic import attached

ON = date(2026, 11, 21)
HISTORIC = (RuleSet.CHORUS_HISTORIQUE,)
CADRES = [f"A{n}" for n in range(1, 26)]
WITH_VALIDEUR = {"A4", "A7", "A9", "A10", "A11", "A12", "A13", "A14", "A22"}
SUPPLIERS = {
    IdentifierKind.SIRET: ("1", "99990017800016"),
    IdentifierKind.UE_HORS_FRANCE: ("2", "DE123456789"),
    IdentifierKind.HORS_UE: ("3", "KRTELEPHONESFICTIF"),
    IdentifierKind.RIDET: ("4", "1234567890"),
    IdentifierKind.TAHITI: ("5", "350041679"),
    IdentifierKind.AUTRE: ("6", "en cours"),
    IdentifierKind.PARTICULIER: ("7", "1234567890Durand"),
}
VALIDEUR = Identifier(value="21800019800018", scheme="1")

numbers = st.integers(1, 5_000)
styles = st.sampled_from([Style.HISTORIC_CII, Style.HISTORIC_UBL])


def dressed(made: Specimen, cadre: str, kind: IdentifierKind, style: Style) -> Invoice:
    """Return a specimen of a cadre, from a supplier known by an identifier of some kind."""
    invoice, (number, value) = made.invoice, SUPPLIERS[kind]
    assert invoice.seller is not None
    if style is Style.HISTORIC_UBL:
        known = {"identifiers": (Identifier(value=value, scheme_name=number),)}
    else:
        known = {"legal_registration": Identifier(value=value, scheme=number)}
    valideur = VALIDEUR if cadre in WITH_VALIDEUR and style is Style.HISTORIC_CII else None
    given = invoice.chorus or ChorusFields()
    own = cadre if style is Style.HISTORIC_UBL else None
    process = None if style is Style.HISTORIC_UBL else ProcessControl(business_process=cadre)
    invoice = replace(
        invoice,
        seller=replace(invoice.seller, **known),
        process=process,
        chorus=replace(given, cadre=own, valideur=valideur),
    )
    return paid(invoice) if cadre == "A2" else invoice


def paid(invoice: Invoice) -> Invoice:
    """Return an invoice that is paid in full."""
    assert invoice.totals is not None
    return replace(
        invoice, totals=replace(invoice.totals, paid=invoice.totals.with_vat, due=Decimal(0))
    )


def hits_in(invoice: Invoice, files: dict[str, bytes], style: Style) -> tuple[Hit, ...]:
    """Write an invoice as its style does, read it back and judge it."""
    if style is Style.HISTORIC_CII:
        content = to_cii(invoice, files, historic=True)
    else:
        content = to_ubl(invoice, files)
    tree = etree.fromstring(content)
    syntax = ROOTS[tree.tag]
    return plan_for(HISTORIC, ON, syntax).examine(read(tree, syntax).invoice)


@pytest.mark.parametrize("kind", SUPPLIERS)
@pytest.mark.parametrize("cadre", CADRES)
@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(numbers, styles)
def test_an_invoice_of_any_cadre_and_kind_of_supplier_breaks_no_rule(
    cadre: str, kind: IdentifierKind, number: int, style: Style
) -> None:
    made = specimen(number, [TOWN], style=style)
    invoice = dressed(made, cadre, kind, style)
    supplier = seller_of(invoice)

    assert supplier is not None
    assert supplier.kind is kind
    assert [hit.address for hit in hits_in(invoice, dict(made.files), style)] == []


# -- one defect at a time ------------------------------------------------------------------------


def cadre_of(code: str) -> Callable[[Invoice], Invoice]:
    return lambda invoice: replace(invoice, process=ProcessControl(business_process=code))


def supplied_by(scheme: str, value: str) -> Callable[[Invoice], Invoice]:
    def defect(invoice: Invoice) -> Invoice:
        known = Identifier(value=value, scheme=scheme)
        return replace(invoice, seller=replace(invoice.seller, legal_registration=known))

    return defect


def with_totals(**added: int) -> Callable[[Invoice], Invoice]:
    """Add to totals by name; nothing is left of one that is given None."""

    def defect(invoice: Invoice) -> Invoice:
        assert invoice.totals is not None
        changed = {
            name: (getattr(invoice.totals, name) or Decimal(0)) + more
            for name, more in added.items()
        }
        return replace(invoice, totals=replace(invoice.totals, **changed))

    return defect


def without_net(invoice: Invoice) -> Invoice:
    assert invoice.totals is not None
    return replace(invoice, totals=replace(invoice.totals, due=None))


def paying(means: str, account: str) -> Callable[[Invoice], Invoice]:
    transfer = CreditTransfer(account=Identifier(value=account))
    payment = PaymentInstructions(means_code=means, credit_transfers=(transfer,))
    return lambda invoice: replace(invoice, payment=(payment,))


def at_rate(rate: str) -> Callable[[Invoice], Invoice]:
    def defect(invoice: Invoice) -> Invoice:
        first, *others = invoice.vat_breakdown
        return replace(invoice, vat_breakdown=(replace(first, rate=Decimal(rate)), *others))

    return defect


def with_quantity(quantity: str) -> Callable[[Invoice], Invoice]:
    def defect(invoice: Invoice) -> Invoice:
        first, *others = invoice.lines
        return replace(invoice, lines=(replace(first, quantity=Decimal(quantity)), *others))

    return defect


def changed(**fields: object) -> Callable[[Invoice], Invoice]:
    return lambda invoice: replace(invoice, **fields)


def files_of(*documents: SupportingDocument) -> Callable[[Invoice], Invoice]:
    return changed(supporting_documents=documents)


def heavy(name: str) -> SupportingDocument:
    """Return a document of 61 megabytes, which no file of ours has."""
    document = attached(name)
    assert document.attachment is not None
    return replace(document, attachment=replace(document.attachment, size=61 * 1024 * 1024))


IBAN = "FR7699990000010000000001789"
DEFECTS: dict[str, Callable[[Invoice], Invoice]] = {
    "CE-AVOIR-01": changed(type_code="381", preceding_invoices=()),
    "CE-AVOIR-02": changed(preceding_invoices=(PrecedingInvoice(number="F1"),)),
    "CE-AVOIR-03": changed(
        type_code="381", preceding_invoices=(PrecedingInvoice(number="F2026-000000000000001"),)
    ),
    "CE-AVOIR-04": changed(
        type_code="381",
        preceding_invoices=(PrecedingInvoice(number="F1"), PrecedingInvoice(number="F2")),
    ),
    "CE-CADRE-02": cadre_of("M1"),
    "CE-CADRE-03": cadre_of("A2"),
    "CE-CADRE-04": cadre_of("A9"),
    "CE-DOC-01": changed(type_code="386"),
    "CE-DOC-02": changed(type_code=None),
    "CE-FOURN-01": supplied_by("0002", "999900178"),
    "CE-FOURN-02": supplied_by("1", "99990017800017"),
    "CE-IBAN-01": paying("30", "FR7699990000010000000001798"),
    "CE-IBAN-02": paying("30", "021000021-123456789"),
    "CE-LONG-01": changed(purchase_order="4" * 51),
    "CE-NOMBRE-01": with_quantity("1.0000001"),
    "CE-PAIE-01": changed(payment=()),
    "CE-PJ-02": files_of(attached("n" * 47 + ".pdf")),
    "CE-PJ-03": files_of(SupportingDocument(reference="note.pdf")),
    "CE-PJ-04": files_of(heavy("a.pdf"), heavy("b.pdf")),
    "CE-TOTAL-01": without_net,
    "CE-TOTAL-02": with_totals(with_vat=1, due=1),
    "CE-TOTAL-03": with_totals(due=1),
    "G1.01": changed(type_code="501"),
    "G1.05": changed(number="F2026/00/000000000001"),
    "G1.09": changed(due_date="2026-02-30"),
    "G1.10": changed(accounting_currency="EURO"),
    "G1.24": at_rate("15"),
    "G1.36": changed(due_date="1999-01-01"),
    "G2.13": changed(tax_point_code="7"),
    "G2.19": supplied_by("1", "9999001780001"),
    "S2.05": paying("57", IBAN),
}
"""Rule → one defect that it alone finds in a sound historic CII invoice."""


def test_there_is_a_defect_for_every_rule_of_the_historic_circuit() -> None:
    version = in_force(RuleSet.CHORUS_HISTORIQUE, ON)

    assert version is not None
    assert set(DEFECTS) == {rule.id for rule in version.rules}


@pytest.mark.parametrize("rule", DEFECTS)
@settings(max_examples=15, deadline=None)
@given(numbers)
def test_one_defect_makes_its_own_rule_fire_and_no_other(rule: str, number: int) -> None:
    made = specimen(number, [TOWN], style=Style.HISTORIC_CII)
    sound = replace(made.invoice, type_code="380", preceding_invoices=())
    assert plan_for(HISTORIC, ON, Syntax.CII).examine(sound) == ()

    broken = DEFECTS[rule](sound)

    hits = plan_for(HISTORIC, ON, Syntax.CII).examine(broken)
    assert {hit.rule.id for hit in hits} == {rule}
    assert len(hits) == 1
