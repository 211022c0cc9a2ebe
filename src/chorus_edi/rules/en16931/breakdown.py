"""BR-32, BR-37, BR-47, BR-48 and BR-CO-17: categories and rates of allowances and breakdowns."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from chorus_edi.domain.invoice import Invoice
from chorus_edi.domain.money import CENT, EXACT, ZERO, round_half_up
from chorus_edi.domain.scenarios import Syntax
from chorus_edi.domain.settlement import DocumentAllowance, DocumentCharge, VatBreakdown
from chorus_edi.rules.figures import categories_of, is_vat, is_written_vat
from chorus_edi.rules.registry import Breach, rule, variant
from chorus_edi.rules.text import as_written

_SOURCE = "EN 16931-1:2017, 6.4.1 ; artefacts EN 16931 1.3.16"
_CONDITIONS = "EN 16931-1:2017, 6.4.2 ; artefacts EN 16931 1.3.16"
_ONE = Decimal(1)
_AS_WRITTEN = "La feuille CII lit le type de taxe tel qu'il est écrit, blancs compris."


@rule(
    "BR-32",
    "BT-95",
    each=DocumentAllowance,
    fr="La remise du document (BG-20) n'a pas de catégorie de TVA (BT-95).",
    en="The document level allowance (BG-20) has no VAT category (BT-95).",
    conseil="Indiquez en BT-95 la catégorie de TVA de la remise, S pour un taux normal.",
    source=_SOURCE,
)
def an_allowance_has_a_vat_category(allowance: DocumentAllowance, _: Invoice) -> Breach | None:
    """Of the value added tax; blank is there."""
    return None if _categorised(allowance) else Breach("BT-95")


@variant("BR-32", Syntax.CII, each=DocumentAllowance, why=_AS_WRITTEN)
def an_allowance_has_a_category_of_the_vat(
    allowance: DocumentAllowance, _: Invoice
) -> Breach | None:
    """The case does not matter."""
    given = allowance.vat_category is not None and is_written_vat(allowance)
    if not given and allowance.odd is not None:
        given = _some_written(allowance)
    return None if given else Breach("BT-95")


@rule(
    "BR-37",
    "BT-102",
    each=DocumentCharge,
    fr="Les frais du document (BG-21) n'ont pas de catégorie de TVA (BT-102).",
    en="The document level charge (BG-21) has no VAT category (BT-102).",
    conseil="Indiquez en BT-102 la catégorie de TVA des frais, S pour un taux normal.",
    source=_SOURCE,
)
def a_charge_has_a_vat_category(charge: DocumentCharge, _: Invoice) -> Breach | None:
    """Of the value added tax; blank is there."""
    return None if _categorised(charge) else Breach("BT-102")


@variant("BR-37", Syntax.CII, each=DocumentCharge, why=_AS_WRITTEN)
def a_charge_has_a_category_of_the_vat(charge: DocumentCharge, _: Invoice) -> Breach | None:
    """The case does not matter."""
    given = charge.vat_category is not None and is_written_vat(charge)
    if not given and charge.odd is not None:
        given = _some_written(charge)
    return None if given else Breach("BT-102")


def _categorised(group: Any) -> bool:
    if group.vat_category is not None and is_vat(group.tax_scheme):
        return True
    return group.odd is not None and any(
        one.category is not None and is_vat(one.tax_scheme) for one in categories_of(group)
    )


def _some_written(group: Any) -> bool:
    further = categories_of(group)[1:]
    return any(one.category is not None and is_written_vat(one) for one in further)


@rule(
    "BR-47",
    "BT-118",
    each=VatBreakdown,
    fr="La ventilation de TVA (BG-23) n'a pas de catégorie de TVA (BT-118).",
    en="The VAT breakdown (BG-23) has no VAT category (BT-118).",
    conseil="Indiquez en BT-118 la catégorie de TVA, S pour un taux normal.",
    source=_SOURCE,
)
def a_breakdown_has_a_vat_category(vat: VatBreakdown, _: Invoice) -> Breach | None:
    """Of the value added tax; blank is there."""
    given = vat.category is not None and is_vat(vat.tax_scheme)
    return None if given else Breach("BT-118")


@variant(
    "BR-47",
    Syntax.CII,
    each=VatBreakdown,
    why="La feuille CII ne regarde pas de quelle taxe il s'agit.",
)
def a_breakdown_has_a_category(vat: VatBreakdown, _: Invoice) -> Breach | None:
    """Blank is there."""
    return None if vat.category is not None else Breach("BT-118")


@rule(
    "BR-48",
    "BT-119",
    "BT-118",
    each=VatBreakdown,
    fr="La ventilation de TVA (BG-23) n'a pas de taux (BT-119).",
    en="The VAT breakdown (BG-23) has no rate (BT-119).",
    conseil="Indiquez en BT-119 le taux de TVA ; seule la catégorie O n'en a pas.",
    source=_SOURCE,
)
def a_breakdown_has_a_rate_unless_out_of_scope(vat: VatBreakdown, _: Invoice) -> Breach | None:
    """Zero is a rate."""
    if is_vat(vat.tax_scheme) and (vat.rate is not None or vat.category == "O"):
        return None
    return Breach("BT-119")


@variant(
    "BR-48",
    Syntax.CII,
    each=VatBreakdown,
    why="La feuille CII ne regarde pas de quelle taxe il s'agit.",
)
def a_breakdown_has_a_rate(vat: VatBreakdown, _: Invoice) -> Breach | None:
    """Zero is a rate."""
    out_of_scope = as_written(vat, "category") == "O"
    return None if vat.rate is not None or out_of_scope else Breach("BT-119")


@rule(
    "BR-CO-17",
    "BT-117",
    "BT-116",
    "BT-119",
    each=VatBreakdown,
    fr="Le montant de TVA (BT-117) n'est pas la base d'imposition (BT-116) multipliée par le taux "
    "(BT-119).",
    en="The VAT amount (BT-117) is not the taxable amount (BT-116) multiplied by the rate "
    "(BT-119).",
    conseil="Recalculez BT-117 : base BT-116 multipliée par le taux BT-119, arrondie au centime.",
    source=_CONDITIONS,
)
def the_vat_amount_follows_from_base_and_rate(vat: VatBreakdown, _: Invoice) -> Breach | None:
    """Less than one unit of the currency apart; a rate below one half counts as none."""
    return _tax_of(vat, vat.rate if is_vat(vat.tax_scheme) else None, exclusive=True)


@variant(
    "BR-CO-17",
    Syntax.CII,
    each=VatBreakdown,
    why="La feuille CII admet un écart d'une unité entière.",
)
def the_vat_amount_nearly_follows_from_base_and_rate(
    vat: VatBreakdown, _: Invoice
) -> Breach | None:
    """One unit of the currency apart at most."""
    return _tax_of(vat, vat.rate if is_vat(vat.tax_scheme) else None, exclusive=False)


def _tax_of(vat: VatBreakdown, rate: Decimal | None, *, exclusive: bool) -> Breach | None:
    found = vat.tax_amount
    if rate is None or not round_half_up(rate, _ONE):
        if found is not None and not round_half_up(found, _ONE):
            return None
        return Breach("BT-117", found=found, expected=ZERO)
    if vat.taxable_amount is None:
        return Breach("BT-117", found=found)
    of_base = EXACT.multiply(vat.taxable_amount.copy_abs(), rate)
    expected = round_half_up(EXACT.multiply(of_base, CENT))
    if found is not None:
        apart = EXACT.subtract(found.copy_abs(), expected).copy_abs()
        if apart < _ONE or (apart == _ONE and not exclusive):
            return None
    return Breach("BT-117", found=found, expected=expected)
