"""BR-FXEXT-CO-10 to CO-16: how the totals add up in EXTENDED, one cent of slack for each amount.

Beside the details among the lines, allowances and charges, EXTENDED adds logistics service charges
(BG-X-42), and what is due for others (BG-34). A total that is missing, or that cannot be computed
for want of another, breaks its rule.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, NamedTuple

from chorus_edi.domain.binary import binary_cents_of_sum, nearest
from chorus_edi.domain.invoice import Invoice, vat_totals_of
from chorus_edi.domain.money import CENT, EXACT, round_half_up, total
from chorus_edi.domain.settlement import Totals
from chorus_edi.rules.facturx.kinds import details
from chorus_edi.rules.figures import INDICATOR, once
from chorus_edi.rules.registry import Breach, rule
from chorus_edi.rules.text import as_written, every

_SOURCE = "Factur-X 1.09, profil EXTENDED"


class Sums(NamedTuple):
    """What the amounts of an invoice add up to, each sum rounded to the cent, and how many are in.

    Attributes:
        lines: of the details.
        allowances: of the document.
        charges: of the document, service charges included.
        of_lines: how many details.
        of_allowances: how many allowances.
        of_charges: how many charges and service charges.
    """

    lines: Decimal
    allowances: Decimal
    charges: Decimal
    of_lines: int
    of_allowances: int
    of_charges: int

    @property
    def amounts(self) -> int:
        """Each of them may be a cent off."""
        return self.of_lines + self.of_allowances + self.of_charges


def sums_of(invoice: Invoice) -> Sums:
    """Return the sums of an invoice."""
    return once(invoice, _sums)


def _sums(invoice: Invoice) -> Sums:
    lines = details(invoice.lines)
    allowances, charges = _indicated(invoice.allowances), _indicated(invoice.charges)
    services = invoice.service_charges
    return Sums(
        round_half_up(total(line.net_amount for line in lines)),
        _cents(allowances),
        total((_cents(charges), _cents(services))),
        len(lines),
        len(allowances),
        len(charges) + len(services),
    )


def _indicated(groups: Iterable[Any]) -> list[Any]:
    """Return the allowances or charges that are one to the sheet, which compares a word."""
    return [one for one in groups if one.odd is None or INDICATOR not in one.odd]


def _cents(groups: Iterable[Any]) -> Decimal:
    return round_half_up(total(amount for one in groups for amount in every(one, "amount")))


def _apart(found: Decimal, expected: Decimal) -> Decimal:
    return EXACT.subtract(found, expected).copy_abs()


def _near(term: str, found: Decimal | None, expected: Decimal, amounts: int) -> Breach | None:
    if found is not None and _apart(found, expected) <= amounts * CENT:
        return None
    return Breach(term, found=found, expected=expected)


@rule(
    "BR-FXEXT-CO-10",
    "BT-106",
    "BT-131",
    "BT-X-8",
    each=Totals,
    fr="Le total des lignes (BT-106) n'est pas la somme des montants nets (BT-131) des lignes de "
    "détail, à un centime près par ligne.",
    en="The line total (BT-106) is not the sum of the net amounts (BT-131) of the detail lines, "
    "within one cent per line.",
    conseil="Corrigez BT-106, ou le montant net (BT-131) de la ligne fausse.",
    source=_SOURCE,
)
def the_line_total_is_near_the_sum_of_details(totals: Totals, invoice: Invoice) -> Breach | None:
    """Every line gives a cent of slack, whatever its kind."""
    expected = sums_of(invoice).lines
    return _near("BT-106", totals.line_net, expected, len(invoice.lines))


@rule(
    "BR-FXEXT-CO-11",
    "BT-107",
    "BT-92",
    each=Totals,
    fr="Le total des remises (BT-107) n'est pas la somme des remises du document (BT-92), à un "
    "centime près par remise.",
    en="The total of allowances (BT-107) is not the sum of the document's allowances (BT-92), "
    "within one cent per allowance.",
    conseil="Corrigez BT-107, ou le montant (BT-92) de la remise fausse.",
    source=_SOURCE,
)
def the_allowance_total_is_near_the_sum(totals: Totals, invoice: Invoice) -> Breach | None:
    """The sheet computes this sum, and this one alone, in binary."""
    sums = sums_of(invoice)
    if totals.allowances is None and not sums.of_allowances:
        return None
    allowances = _indicated(invoice.allowances)
    expected = binary_cents_of_sum(a for one in allowances for a in every(one, "amount"))
    found = totals.allowances
    if found is not None and _apart(found, nearest(expected)) <= sums.of_allowances * CENT:
        return None
    return Breach("BT-107", found=found, expected=expected)


@rule(
    "BR-FXEXT-CO-12",
    "BT-108",
    "BT-99",
    "BT-X-272",
    each=Totals,
    fr="Le total des frais (BT-108) n'est pas la somme des frais du document (BT-99) et des frais "
    "logistiques (BT-X-272), à un centime près par montant.",
    en="The total of charges (BT-108) is not the sum of the document's charges (BT-99) and "
    "logistics service charges (BT-X-272), within one cent per amount.",
    conseil="Corrigez BT-108, ou le montant (BT-99 ou BT-X-272) des frais faux.",
    source=_SOURCE,
)
def the_charge_total_is_near_the_sum(totals: Totals, invoice: Invoice) -> Breach | None:
    """Service charges alone need no total; where there is one, they are in it."""
    sums = sums_of(invoice)
    if totals.charges is None and sums.of_charges == len(invoice.service_charges):
        return None
    return _near("BT-108", totals.charges, sums.charges, sums.of_charges)


@rule(
    "BR-FXEXT-CO-13",
    "BT-109",
    "BT-131",
    "BT-92",
    "BT-99",
    "BT-X-272",
    each=Totals,
    fr="Le total hors TVA (BT-109) n'est pas la somme des lignes de détail, moins les remises, "
    "plus les frais, à un centime près par montant.",
    en="The total without VAT (BT-109) is not the sum of the detail lines, less the allowances, "
    "plus the charges, within one cent per amount.",
    conseil="Corrigez BT-109 : lignes (BT-131) moins remises (BT-92) plus frais (BT-99, BT-X-272).",
    source=_SOURCE,
)
def the_total_without_vat_is_near_the_sum(totals: Totals, invoice: Invoice) -> Breach | None:
    """It is held against the amounts themselves, not against the totals of them."""
    sums = sums_of(invoice)
    expected = EXACT.subtract(EXACT.add(sums.lines, sums.charges), sums.allowances)
    return _near("BT-109", totals.without_vat, expected, sums.amounts)


@rule(
    "BR-FXEXT-CO-15",
    "BT-112",
    "BT-109",
    "BT-110",
    each=Totals,
    fr="Le total TVA comprise (BT-112) n'est pas le total hors TVA (BT-109) plus la TVA (BT-110), "
    "à un centime près par montant.",
    en="The total with VAT (BT-112) is not the total without VAT (BT-109) plus the VAT (BT-110), "
    "within one cent per amount.",
    conseil="Corrigez BT-112 pour qu'il soit égal à BT-109 + BT-110, en devise de facturation.",
    source=_SOURCE,
)
def the_total_with_vat_is_near_the_sum(totals: Totals, invoice: Invoice) -> Breach | None:
    """BT-110 must be there, in the invoice currency, even where it is zero."""
    currency = as_written(invoice, "currency")
    vat = [one.amount for one in vat_totals_of(invoice) if currency and one.currency == currency]
    if len(vat) != 1 or vat[0] is None:
        return Breach("BT-110")
    if totals.without_vat is None:
        return Breach("BT-109")
    expected = EXACT.add(totals.without_vat, vat[0])
    return _near("BT-112", totals.with_vat, expected, sums_of(invoice).amounts)


@rule(
    "BR-FXEXT-CO-16",
    "BT-115",
    "BT-112",
    "BT-113",
    "BT-114",
    "BT-179",
    each=Totals,
    fr="Le montant à payer (BT-115) n'est pas le total TVA comprise, moins l'acompte, plus "
    "l'arrondi, plus les montants encaissés pour des tiers (BT-179).",
    en="The amount due (BT-115) is not the total with VAT, less the paid amount, plus rounding, "
    "plus the amounts collected on behalf of third parties (BT-179).",
    conseil="Corrigez BT-115, égal à BT-112 - BT-113 + BT-114 + la somme des BT-179.",
    source=_SOURCE,
)
def the_amount_due_adds_up(totals: Totals, invoice: Invoice) -> Breach | None:
    """All digits count; what is absent is zero."""
    others = [a for one in invoice.third_party_amounts for a in every(one, "amount")]
    owed = total((totals.with_vat, totals.rounding, *others))
    expected = EXACT.subtract(owed, total((totals.paid,)))
    if totals.due == expected:
        return None
    return Breach("BT-115", found=totals.due, expected=expected)
