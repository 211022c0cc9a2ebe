"""BR-FREXT-CO-10 to CO-15: how the totals add up in the extension, one cent of slack per amount.

Only the lines without a kind and those of kind DETAIL count. In CII the rules are those of the
profile EXTENDED of Factur-X, which also has logistics service charges (BG-X-42).
"""

from __future__ import annotations

from decimal import Decimal

from chorus_edi.domain.invoice import Invoice, vat_totals_of
from chorus_edi.domain.money import CENT, EXACT, round_half_up
from chorus_edi.domain.scenarios import Syntax
from chorus_edi.domain.settlement import Totals
from chorus_edi.rules.extended_ctc_fr.cards import SOURCE, same_as
from chorus_edi.rules.extended_ctc_fr.sums import Sums, abs_sum, sums_of
from chorus_edi.rules.facturx import added_totals
from chorus_edi.rules.registry import Breach, rule, variant
from chorus_edi.rules.text import as_written

_BY_CENTS = "La feuille CII additionne en décimal et compte aussi les frais logistiques."


@rule(
    "BR-FREXT-CO-10",
    "BT-106",
    "BT-131",
    "EXT-FR-FE-163",
    "BT-X-8",
    each=Totals,
    fr="Le total des lignes (BT-106) s'écarte de la somme des montants nets (BT-131) des lignes de "
    "détail de plus d'un centime par ligne.",
    en="The line total (BT-106) is more than one cent per line away from the sum of the net "
    "amounts (BT-131) of the detail lines.",
    conseil="Corrigez BT-106 : il additionne les lignes DETAIL ou sans sous-type, et elles seules.",
    source=SOURCE,
)
def the_line_total_is_near_the_sum_of_details(totals: Totals, invoice: Invoice) -> Breach | None:
    """The difference is rounded to the cent."""
    found, sums = totals.line_net, sums_of(invoice)
    of_lines = Sums(sums.lines, *_NOTHING, sums.of_lines, 0, 0)
    if found is not None and of_lines.is_near_to_the_cent(found):
        return None
    return Breach("BT-106", found=found, expected=of_lines.net)


_NOTHING = (Decimal(0), Decimal(0))
variant(
    "BR-FREXT-CO-10",
    Syntax.CII,
    each=Totals,
    why="La feuille CII additionne en décimal et donne un centime à chaque ligne, même à un "
    "sous-total.",
)(same_as(added_totals.the_line_total_is_near_the_sum_of_details))


def _near(term: str, found: Decimal | None, expected: Decimal, amounts: int) -> Breach | None:
    """Hold a total against a sum that is held as the decimal it is."""
    if found is not None and abs_sum(found, expected.copy_negate()) <= amounts * CENT:
        return None
    return Breach(term, found=found, expected=round_half_up(expected))


@rule(
    "BR-FREXT-CO-11",
    "BT-107",
    "BT-92",
    each=Totals,
    fr="Le total des remises (BT-107) s'écarte de la somme des remises du document (BT-92) de plus "
    "d'un centime par remise.",
    en="The total of allowances (BT-107) is more than one cent per allowance away from the sum of "
    "the document's allowances (BT-92).",
    conseil="Corrigez BT-107, ou le montant (BT-92) de la remise fausse.",
    source=SOURCE,
)
def the_allowance_total_is_near_the_sum(totals: Totals, invoice: Invoice) -> Breach | None:
    """Nothing to say where there is neither total nor allowance."""
    if totals.allowances is None and not invoice.allowances:
        return None
    sums = sums_of(invoice)
    return _near("BT-107", totals.allowances, sums.allowances, sums.of_allowances)


@variant("BR-FREXT-CO-11", Syntax.CII, each=Totals, why="La feuille CII additionne en décimal.")
def the_allowance_total_is_near_the_decimal_sum(totals: Totals, invoice: Invoice) -> Breach | None:
    """Only what says by the word that it is an allowance."""
    sums = added_totals.sums_of(invoice)
    if totals.allowances is None and not sums.of_allowances:
        return None
    return _near("BT-107", totals.allowances, sums.allowances, sums.of_allowances)


@rule(
    "BR-FREXT-CO-12",
    "BT-108",
    "BT-99",
    "BT-X-272",
    each=Totals,
    fr="Le total des frais (BT-108) s'écarte de la somme des frais du document (BT-99) de plus "
    "d'un centime par montant.",
    en="The total of charges (BT-108) is more than one cent per amount away from the sum of the "
    "document's charges (BT-99).",
    conseil="Corrigez BT-108, ou le montant (BT-99 ; en CII aussi BT-X-272) des frais faux.",
    source=SOURCE,
)
def the_charge_total_is_near_the_sum(totals: Totals, invoice: Invoice) -> Breach | None:
    """Nothing to say where there is neither total nor charge."""
    if totals.charges is None and not invoice.charges:
        return None
    sums = sums_of(invoice)
    return _near("BT-108", totals.charges, sums.charges, sums.of_charges)


variant("BR-FREXT-CO-12", Syntax.CII, each=Totals, why=_BY_CENTS)(
    same_as(added_totals.the_charge_total_is_near_the_sum)
)


@rule(
    "BR-FREXT-CO-13",
    "BT-109",
    "BT-131",
    "BT-92",
    "BT-99",
    "BT-X-272",
    each=Totals,
    fr="Le total hors TVA (BT-109) s'écarte des lignes de détail, moins les remises, plus les "
    "frais, de plus d'un centime par montant.",
    en="The total without VAT (BT-109) is more than one cent per amount away from the detail "
    "lines, less the allowances, plus the charges.",
    conseil="Corrigez BT-109 : lignes de détail (BT-131) moins remises (BT-92) plus frais (BT-99 ; "
    "en CII aussi BT-X-272).",
    source=SOURCE,
)
def the_total_without_vat_is_near_the_sum(totals: Totals, invoice: Invoice) -> Breach | None:
    """It is held against the amounts themselves; the difference is rounded to the cent."""
    found, sums = totals.without_vat, sums_of(invoice)
    if found is not None and sums.is_near_to_the_cent(found):
        return None
    return Breach("BT-109", found=found, expected=sums.net)


variant("BR-FREXT-CO-13", Syntax.CII, each=Totals, why=_BY_CENTS)(
    same_as(added_totals.the_total_without_vat_is_near_the_sum)
)


@rule(
    "BR-FREXT-CO-15",
    "BT-112",
    "BT-109",
    "BT-110",
    each=Totals,
    fr="Le total TVA comprise (BT-112) s'écarte du total hors TVA (BT-109) augmenté de la TVA "
    "(BT-110) de plus d'un centime par montant.",
    en="The total with VAT (BT-112) is more than one cent per amount away from the total without "
    "VAT (BT-109) plus the VAT (BT-110).",
    conseil="Corrigez BT-112 pour qu'il soit égal à BT-109 + BT-110, en devise de facturation.",
    source=SOURCE,
)
def the_total_with_vat_is_near_the_sum(totals: Totals, invoice: Invoice) -> Breach | None:
    """Nothing to say without a total of VAT in the invoice currency."""
    taxes = _in_invoice_currency(invoice)
    if not taxes:
        return None
    return _with_vat(totals, taxes[0], sums_of(invoice).slack)


@variant(
    "BR-FREXT-CO-15",
    Syntax.CII,
    each=Totals,
    why="La feuille CII demande un total de TVA ; avec plusieurs, BT-112 doit valoir BT-109.",
)
def the_total_with_vat_is_near_the_decimal_sum(totals: Totals, invoice: Invoice) -> Breach | None:
    """BT-110 must be there, in the invoice currency, even where it is zero."""
    taxes = _in_invoice_currency(invoice)
    if not taxes:
        return Breach("BT-110")
    if len(taxes) == 1:
        return _with_vat(totals, taxes[0], added_totals.sums_of(invoice).amounts * CENT)
    if totals.without_vat is not None and totals.with_vat == totals.without_vat:
        return None
    return Breach("BT-112", found=totals.with_vat, expected=totals.without_vat)


def _in_invoice_currency(invoice: Invoice) -> list[Decimal | None]:
    currency = as_written(invoice, "currency")
    return [one.amount for one in vat_totals_of(invoice) if currency and one.currency == currency]


def _with_vat(totals: Totals, vat: Decimal | None, slack: Decimal) -> Breach | None:
    if vat is None:
        return Breach("BT-110")
    if totals.without_vat is None:
        return Breach("BT-109")
    found, expected = totals.with_vat, EXACT.add(totals.without_vat, vat)
    if found is not None and abs_sum(found, expected.copy_negate()) <= slack:
        return None
    return Breach("BT-112", found=found, expected=expected)
