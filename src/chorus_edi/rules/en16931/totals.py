"""BR-12…BR-15 and BR-CO-10…BR-CO-16: the totals of an invoice are there, and add up.

An absent amount equals nothing: a total that is missing, or cannot be computed for want of
another, breaks its rule.
"""

from __future__ import annotations

from decimal import Decimal
from itertools import chain

from chorus_edi.domain.binary import binary_cents, binary_cents_of_sum, cents_of_sum
from chorus_edi.domain.invoice import Invoice, vat_totals_of
from chorus_edi.domain.money import EXACT, ZERO, alike, round_half_up, total
from chorus_edi.domain.scenarios import Syntax
from chorus_edi.domain.settlement import Totals, VatBreakdown, VatTotal
from chorus_edi.rules.figures import indicated
from chorus_edi.rules.registry import Breach, rule, variant
from chorus_edi.rules.text import as_written, every

_PRESENCE = "EN 16931-1:2017, 6.4.1 ; artefacts EN 16931 1.3.16"
_ARITHMETIC = "EN 16931-1:2017, 6.4.2 ; artefacts EN 16931 1.3.16"


def _differs(term: str, found: Decimal | None, expected: Decimal) -> Breach | None:
    return None if found == expected else Breach(term, found=found, expected=expected)


def _minus(left: Decimal, right: Decimal) -> Decimal:
    return EXACT.subtract(left, right)


@rule(
    "BR-12",
    "BT-106",
    each=Totals,
    fr="La somme des montants nets des lignes (BT-106) est absente.",
    en="The sum of the line net amounts (BT-106) is missing.",
    conseil="Renseignez en BT-106 la somme des montants nets des lignes (BT-131).",
    source=_PRESENCE,
)
def totals_give_the_sum_of_lines(totals: Totals, _: Invoice) -> Breach | None:
    """Zero is an amount."""
    return None if totals.line_net is not None else Breach("BT-106")


@rule(
    "BR-13",
    "BT-109",
    each=Totals,
    fr="Le montant total hors TVA (BT-109) est absent.",
    en="The total amount without VAT (BT-109) is missing.",
    conseil="Renseignez en BT-109 le montant total de la facture hors TVA.",
    source=_PRESENCE,
)
def totals_give_the_amount_without_vat(totals: Totals, _: Invoice) -> Breach | None:
    """Zero is an amount."""
    return None if totals.without_vat is not None else Breach("BT-109")


@rule(
    "BR-14",
    "BT-112",
    each=Totals,
    fr="Le montant total TVA comprise (BT-112) est absent.",
    en="The total amount with VAT (BT-112) is missing.",
    conseil="Renseignez en BT-112 le montant total de la facture, TVA comprise.",
    source=_PRESENCE,
)
def totals_give_the_amount_with_vat(totals: Totals, _: Invoice) -> Breach | None:
    """Zero is an amount."""
    return None if totals.with_vat is not None else Breach("BT-112")


@rule(
    "BR-15",
    "BT-115",
    each=Totals,
    fr="Le montant à payer (BT-115) est absent.",
    en="The amount due for payment (BT-115) is missing.",
    conseil="Renseignez en BT-115 le montant restant à payer, 0.00 si la facture est déjà réglée.",
    source=_PRESENCE,
)
def totals_give_the_amount_due(totals: Totals, _: Invoice) -> Breach | None:
    """Zero is an amount."""
    return None if totals.due is not None else Breach("BT-115")


@rule(
    "BR-CO-10",
    "BT-106",
    "BT-131",
    each=Totals,
    fr="Le total des lignes (BT-106) n'est pas la somme des montants nets des lignes (BT-131).",
    en="The line total (BT-106) is not the sum of the line net amounts (BT-131).",
    conseil="Corrigez BT-106, ou le montant net (BT-131) de la ligne fausse.",
    source=_ARITHMETIC,
)
def the_line_total_is_the_sum_of_lines(totals: Totals, invoice: Invoice) -> Breach | None:
    """The sum is rounded to the cent, the total as written; the sheet adds lines in extensions."""
    amounts = (line.net_amount for line in invoice.lines)
    strays = (line.net_amount for line in invoice.stray_lines)
    expected = round_half_up(total(chain(amounts, strays)))
    return _differs("BT-106", totals.line_net, expected)


@variant("BR-CO-10", Syntax.CII, each=Totals, why="La feuille CII additionne en binaire.")
def the_line_total_is_the_binary_sum_of_lines(totals: Totals, invoice: Invoice) -> Breach | None:
    """It differs on half a cent only."""
    expected = cents_of_sum(line.net_amount for line in invoice.lines)
    return _differs("BT-106", totals.line_net, expected)


@rule(
    "BR-CO-11",
    "BT-107",
    "BT-92",
    each=Totals,
    fr="Le total des remises (BT-107) n'est pas la somme des remises du document (BT-92).",
    en="The total of allowances (BT-107) is not the sum of the document's allowances (BT-92).",
    conseil="Corrigez BT-107, ou le montant (BT-92) de la remise fausse.",
    source=_ARITHMETIC,
)
def the_allowance_total_is_the_sum_of_allowances(totals: Totals, invoice: Invoice) -> Breach | None:
    """Line allowances are already in the line amounts and do not count here."""
    if totals.allowances is None and not invoice.allowances:
        return None
    expected = round_half_up(total(allowance.amount for allowance in invoice.allowances))
    return _differs("BT-107", totals.allowances, expected)


@variant(
    "BR-CO-11",
    Syntax.CII,
    each=Totals,
    why="La feuille CII additionne en binaire, où un zéro négatif n'est pas zéro.",
)
def the_allowance_total_is_the_sum_of_allowances_signs_included(
    totals: Totals, invoice: Invoice
) -> Breach | None:
    """Line allowances are already in the line amounts and do not count here."""
    allowances = indicated(invoice.allowances)
    if totals.allowances is None and not allowances:
        return None
    expected = binary_cents_of_sum(a for one in allowances for a in every(one, "amount"))
    if alike(totals.allowances, expected):
        return None
    return Breach("BT-107", found=totals.allowances, expected=expected)


@rule(
    "BR-CO-12",
    "BT-108",
    "BT-99",
    each=Totals,
    fr="Le total des frais (BT-108) n'est pas la somme des frais du document (BT-99).",
    en="The total of charges (BT-108) is not the sum of the document's charges (BT-99).",
    conseil="Corrigez BT-108, ou le montant (BT-99) des frais faux.",
    source=_ARITHMETIC,
)
def the_charge_total_is_the_sum_of_charges(totals: Totals, invoice: Invoice) -> Breach | None:
    """Line charges are already in the line amounts and do not count here."""
    if totals.charges is None and not invoice.charges:
        return None
    expected = round_half_up(total(charge.amount for charge in invoice.charges))
    return _differs("BT-108", totals.charges, expected)


@variant(
    "BR-CO-12",
    Syntax.CII,
    each=Totals,
    why="La feuille CII arrondit le total trouvé avant de le comparer.",
)
def the_rounded_charge_total_is_the_sum_of_charges(
    totals: Totals, invoice: Invoice
) -> Breach | None:
    """The sheet adds logistics service charges, which are outside EN 16931."""
    found, charges = totals.charges, indicated(invoice.charges)
    if found is None and not charges:
        return None
    sum_of_charges = binary_cents_of_sum(a for one in charges for a in every(one, "amount"))
    services = (a for one in invoice.service_charges for a in every(one, "amount"))
    expected = total((sum_of_charges, binary_cents_of_sum(services)))
    if found is not None and binary_cents(found) == expected:
        return None
    return Breach("BT-108", found=found, expected=expected)


@rule(
    "BR-CO-13",
    "BT-109",
    "BT-106",
    "BT-107",
    "BT-108",
    each=Totals,
    fr="Le total hors TVA (BT-109) n'est pas le total des lignes, moins les remises, plus les "
    "frais.",
    en="The total without VAT (BT-109) is not the line total, less allowances, plus charges.",
    conseil="Corrigez BT-109 pour qu'il soit égal à BT-106 - BT-107 + BT-108.",
    source=_ARITHMETIC,
)
def the_total_without_vat_adds_up(totals: Totals, _: Invoice) -> Breach | None:
    """Rounded to the cent only where there is something to add or subtract."""
    if totals.line_net is None:
        return Breach("BT-106")
    expected = totals.line_net
    if totals.allowances is not None or totals.charges is not None:
        expected = _lines_less_allowances_plus_charges(totals)
    return _differs("BT-109", totals.without_vat, expected)


@variant(
    "BR-CO-13", Syntax.CII, each=Totals, why="La feuille CII arrondit toujours le total des lignes."
)
def the_total_without_vat_adds_up_to_the_cent(totals: Totals, _: Invoice) -> Breach | None:
    """Rounded to the cent, whatever there is to add."""
    if totals.line_net is None:
        return Breach("BT-106")
    return _differs("BT-109", totals.without_vat, _lines_less_allowances_plus_charges(totals))


def _lines_less_allowances_plus_charges(totals: Totals) -> Decimal:
    less = _minus(totals.line_net or ZERO, totals.allowances or ZERO)
    return round_half_up(total((less, totals.charges)))


@rule(
    "BR-CO-14",
    "BT-110",
    "BT-117",
    fr="Le total de la TVA (BT-110) n'est pas la somme des montants de TVA par taux (BT-117).",
    en="The total VAT amount (BT-110) is not the sum of the VAT amounts per rate (BT-117).",
    conseil="Corrigez BT-110, ou le montant de TVA (BT-117) de la ventilation fausse.",
    source=_ARITHMETIC,
)
def each_vat_total_is_the_sum_of_its_breakdown(invoice: Invoice, _: Invoice) -> Breach | None:
    """In UBL a breakdown stands with one total; a total without any is not judged."""
    first = 0
    for one in vat_totals_of(invoice):
        own = invoice.vat_breakdown[first : first + one.breakdowns]
        first += one.breakdowns
        expected = _sum_of_breakdown(own)
        if own and one.amount != expected:
            return Breach(_term_of(one, invoice), found=one.amount, expected=expected)
    return None


@variant(
    "BR-CO-14",
    Syntax.CII,
    why="La feuille CII juge BT-110 même sans ventilation, et jamais BT-111.",
)
def the_vat_total_is_the_sum_of_any_breakdown(invoice: Invoice, _: Invoice) -> Breach | None:
    """Without a breakdown the sum is zero."""
    amounts = (amount for vat in invoice.vat_breakdown for amount in every(vat, "tax_amount"))
    expected = binary_cents_of_sum(amounts)
    for one in _in_invoice_currency(invoice):
        if not alike(one.amount, expected):
            return Breach("BT-110", found=one.amount, expected=expected)
    return None


def _sum_of_breakdown(breakdown: tuple[VatBreakdown, ...]) -> Decimal:
    return round_half_up(total(vat.tax_amount for vat in breakdown))


def _in_invoice_currency(invoice: Invoice) -> list[VatTotal]:
    currency = as_written(invoice, "currency")
    return [one for one in vat_totals_of(invoice) if one.currency == currency and currency]


def _term_of(one: VatTotal, invoice: Invoice) -> str:
    return "BT-110" if one.currency == invoice.currency else "BT-111"


@rule(
    "BR-CO-15",
    "BT-112",
    "BT-109",
    "BT-110",
    given=("BT-5",),
    fr="Le total TVA comprise (BT-112) n'est pas le total hors TVA (BT-109) plus la TVA (BT-110), "
    "ou cette TVA manque dans la devise de facturation.",
    en="The total with VAT (BT-112) is not the total without VAT (BT-109) plus the VAT (BT-110), "
    "or that VAT is missing in the invoice currency.",
    conseil="Indiquez BT-110 une fois dans la devise de facturation (BT-5), et corrigez BT-112 "
    "pour qu'il soit égal à BT-109 + BT-110.",
    source=_ARITHMETIC,
)
def the_total_with_vat_adds_up(invoice: Invoice, _: Invoice) -> Breach | None:
    """BT-110 must be there once, in the invoice currency, even where it is zero."""
    return _with_vat(invoice.totals, _in_invoice_currency(invoice))


@variant(
    "BR-CO-15",
    Syntax.CII,
    each=Totals,
    why="La feuille CII accepte aussi un total TTC égal au total HT.",
)
def the_total_with_vat_adds_up_or_has_none(totals: Totals, invoice: Invoice) -> Breach | None:
    """Equal totals need no BT-110, and are not compared with one."""
    if invoice.currency is None:
        return None
    if totals.without_vat is not None and totals.with_vat == totals.without_vat:
        return None
    return _with_vat(totals, _in_invoice_currency(invoice))


def _with_vat(totals: Totals | None, vat: list[VatTotal]) -> Breach | None:
    if totals is None or len(vat) != 1 or vat[0].amount is None:
        return Breach("BT-110", found=vat[-1].amount if vat else None)
    if totals.without_vat is None:
        return Breach("BT-109")
    expected = round_half_up(total((totals.without_vat, vat[0].amount)))
    return _differs("BT-112", totals.with_vat, expected)


@rule(
    "BR-CO-16",
    "BT-115",
    "BT-112",
    "BT-113",
    "BT-114",
    each=Totals,
    fr="Le montant à payer (BT-115) n'est pas le total TVA comprise, moins l'acompte, plus "
    "l'arrondi.",
    en="The amount due (BT-115) is not the total with VAT, less the paid amount, plus rounding.",
    conseil="Corrigez BT-115 pour qu'il soit égal à BT-112 - BT-113 + BT-114.",
    source=_ARITHMETIC,
)
def the_amount_due_adds_up(totals: Totals, _: Invoice) -> Breach | None:
    """Each side is rounded to the cent only where something is taken from it."""
    if totals.with_vat is None:
        return Breach("BT-112")
    owed, due = totals.with_vat, totals.due
    if totals.paid is not None:
        owed = round_half_up(_minus(owed, totals.paid))
    if due is not None and totals.rounding is not None:
        due = round_half_up(_minus(due, totals.rounding))
    if due == owed:
        return None
    return Breach("BT-115", found=totals.due, expected=total((owed, totals.rounding)))


@variant("BR-CO-16", Syntax.CII, each=Totals, why="La feuille CII n'arrondit rien.")
def the_amount_due_adds_up_exactly(totals: Totals, _: Invoice) -> Breach | None:
    """All digits count."""
    if totals.with_vat is None:
        return Breach("BT-112")
    owed = _minus(totals.with_vat, totals.paid or ZERO)
    return _differs("BT-115", totals.due, total((owed, totals.rounding)))
