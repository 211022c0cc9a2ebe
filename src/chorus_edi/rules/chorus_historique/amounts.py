"""CE-TOTAL-01 to -03, CE-NOMBRE-01, G1.24 and G2.13: totals of the header, numbers, VAT.

Signs and lines are not judged: see the package.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import cache

from chorus_edi.domain.findings import Severity
from chorus_edi.domain.groups import Group
from chorus_edi.domain.invoice import Invoice
from chorus_edi.domain.labels import Label
from chorus_edi.domain.money import CENT, EXACT, ZERO, decimals
from chorus_edi.domain.motives import Motive
from chorus_edi.domain.settlement import Totals, VatBreakdown
from chorus_edi.domain.terms import terms_of
from chorus_edi.rules.registry import Breach, Breaches, Confidence, rule
from chorus_edi.rules.text import BLANKS

_RATES = frozenset(
    Decimal(rate)
    for rate in (
        "0", "0.9", "1.05", "1.75", "2.1", "5.5", "7", "8.5", "9.2", "9.6", "10", "13", "19.6",
        "20", "20.6",
    )
)  # fmt: skip
"""VAT rates in force in France, today or formerly, compared by value."""

_POSITIONS, _DECIMALS = 19, 6

_REGIMES = frozenset({"TVA DEBIT", "TVA ENCAISSEMENT", "EXONERATION", "SANS TVA"})
_DUE_DATES = frozenset({"5", "29", "72", "3", "35", "432"})
"""UNTDID 2475 (CII) and 2005 (UBL): when the tax is due."""


@rule(
    "CE-TOTAL-01",
    "BT-109",
    "BT-112",
    "BT-115",
    fr="Un total de la facture manque : hors taxes (BT-109), TTC (BT-112) ou net à payer (BT-115).",
    en="A total of the invoice is missing: without VAT (BT-109), with VAT (BT-112) or amount due "
    "(BT-115).",
    conseil="Indiquez les trois totaux, même nuls.",
    source="Échantillons FSO1116A et FSO1117A : aucun ne s'en passe, le total de TVA seul peut "
    "manquer",
    confidence=Confidence.INFERRED,
    motive=Motive.MONTANTTOTAL_ERR,
)
def the_totals_are_there(invoice: Invoice, _: Invoice) -> Breaches:
    """A total that is written but unreadable is told by CE-NUM-01 as well."""
    totals = invoice.totals or Totals()
    held = (("BT-109", totals.without_vat), ("BT-112", totals.with_vat), ("BT-115", totals.due))
    return tuple(Breach(term, at="BG-22") for term, value in held if value is None) or None


@rule(
    "CE-TOTAL-02",
    "BT-112",
    "BT-109",
    "BT-110",
    each=Totals,
    given=("BT-109", "BT-110", "BT-112"),
    fr="Le total TTC (BT-112) n'est pas la somme du total hors taxes (BT-109) et de la TVA "
    "(BT-110).",
    en="The total with VAT (BT-112) is not the sum of the total without VAT (BT-109) and the VAT "
    "(BT-110).",
    conseil="Corrigez BT-109, BT-110 ou BT-112 : hors taxes plus TVA doit donner le TTC, au "
    "centime près.",
    source="Contrôle « totaux d'en-tête » de Chorus Pro ; tolérance d'un centime de l'annexe 7, "
    "G1.53",
    confidence=Confidence.INFERRED,
    motive=Motive.CALCUL_ERR,
)
def the_total_with_vat_is_the_sum(totals: Totals, _: Invoice) -> Breach | None:
    """Sample P01 of FSO1117A has no VAT total, and a difference of 20 between the two others."""
    if totals.without_vat is None or totals.vat is None or totals.with_vat is None:
        return None
    expected = EXACT.add(totals.without_vat, totals.vat)
    if near(totals.with_vat, expected):
        return None
    return Breach("BT-112", found=totals.with_vat, expected=expected)


@rule(
    "CE-TOTAL-03",
    "BT-115",
    "BT-112",
    "BT-113",
    "BT-114",
    each=Totals,
    given=("BT-112", "BT-115"),
    fr="Le net à payer (BT-115) n'est pas le total TTC (BT-112) moins le montant déjà versé "
    "(BT-113).",
    en="The amount due (BT-115) is not the total with VAT (BT-112) less the amount paid (BT-113).",
    conseil="Corrigez BT-115 : total TTC moins acomptes, au centime près ; il peut être négatif.",
    source="Contrôle « totaux d'en-tête » de Chorus Pro ; échantillons P10 et P83 ; tolérance "
    "d'un centime de l'annexe 7, G1.53",
    confidence=Confidence.INFERRED,
    motive=Motive.CALCUL_ERR,
)
def the_amount_due_is_the_total_less_what_is_paid(totals: Totals, _: Invoice) -> Breach | None:
    """Rounded where BT-114 says so; a global allowance on the total with VAT may be taken off."""
    if totals.with_vat is None or totals.due is None:
        return None
    paid = ZERO if totals.paid is None else totals.paid
    rounding = ZERO if totals.rounding is None else totals.rounding
    expected = EXACT.add(EXACT.subtract(totals.with_vat, paid), rounding)
    # The historic formats have one place for an allowance, before VAT or after it.
    allowed = EXACT.subtract(expected, ZERO if totals.allowances is None else totals.allowances)
    if near(totals.due, expected) or near(totals.due, allowed):
        return None
    return Breach("BT-115", found=totals.due, expected=expected)


def near(value: Decimal, other: Decimal) -> bool:
    """True for amounts that differ by a centime at most."""
    return abs(EXACT.subtract(value, other)) <= CENT


@rule(
    "CE-NOMBRE-01",
    "BT-131",
    "BT-129",
    "BT-146",
    fr="Un nombre (BT-131, BT-146…) a plus de 19 chiffres ou plus de six décimales.",
    en="A number (BT-131, BT-146…) has more than 19 digits or more than six decimals.",
    conseil="Arrondissez ce nombre : six décimales au plus, 19 chiffres en tout.",
    source="Annexe EDI de Chorus Pro, lue chez un éditeur (19 positions, six décimales)",
    confidence=Confidence.RENDERED,
    apart=True,
)
def a_number_is_of_a_size_that_chorus_pro_takes(invoice: Invoice, _: Invoice) -> Breaches:
    """Annexe 7 asks less for 2026 (2, 4, 6 decimals); a price may be negative, as in P31."""
    breaches = [
        Breach(term, found=value, at=at, message=_too_long(term))
        for at, group in _with_numbers(invoice)
        for term, field in _numbers_of(type(group))
        if (value := getattr(group, field)) is not None and _is_too_long(value)
    ]
    return tuple(breaches) or None


def _with_numbers(invoice: Invoice) -> Iterator[tuple[str, Group]]:
    """Yield every group that holds numbers, with its address."""
    if invoice.totals is not None:
        yield "BG-22", invoice.totals
    for group, held in (
        ("BG-20", invoice.allowances),
        ("BG-21", invoice.charges),
        ("BG-23", invoice.vat_breakdown),
    ):
        yield from ((f"{group}[{n}]", one) for n, one in enumerate(held, 1))
    for n, line in enumerate(invoice.lines, 1):
        yield f"BG-25[{n}]", line
        if line.price is not None:
            yield f"BG-25[{n}]/BG-29", line.price


@cache
def _numbers_of(group: type[Group]) -> tuple[tuple[str, str], ...]:
    """Return the terms of a group that are numbers, with their fields."""
    return tuple((term.id, term.field) for term in terms_of(group) if term.value_type is Decimal)


def _too_long(term: str) -> Label:
    """Say it of the term at fault, which may be any."""
    return Label(
        f"Ce nombre ({term}) a plus de 19 chiffres ou plus de six décimales.",
        f"This number ({term}) has more than 19 digits or more than six decimals.",
    )


def _is_too_long(value: Decimal) -> bool:
    """Zeros before it and at the end of its decimals say nothing."""
    held, behind = len(value.as_tuple().digits), decimals(value)
    if held <= _POSITIONS and behind <= _DECIMALS:
        return False
    said = "".join(map(str, value.as_tuple().digits)).rjust(behind, "0")
    spare = len(said) - len(said.rstrip("0"))
    zeros = min(behind, spare)
    return held - zeros > _POSITIONS or behind - zeros > _DECIMALS


@rule(
    "G1.24",
    "BT-119",
    each=VatBreakdown,
    given=("BT-119",),
    fr="Le taux de TVA (BT-119) n'est pas un taux français.",
    en="The VAT rate (BT-119) is not a French rate.",
    conseil="Vérifiez BT-119 : 20, 10, 5,5, 2,1 ou un taux d'outre-mer.",
    source="Annexe 7 V1.9, G1.24 ; l'échantillon P20 a un taux de 15 : elle ne fait qu'avertir",
    severity=Severity.WARNING,
)
def a_vat_rate_is_french(vat: VatBreakdown, _: Invoice) -> Breach | None:
    """20.00 and 20 are one."""
    return None if vat.rate in _RATES else Breach("BT-119", found=vat.rate)


@rule(
    "G2.13",
    "CE-REGIME-TVA",
    "BT-8",
    fr="Le régime de TVA (CE-REGIME-TVA en UBL, BT-8 en CII) n'est pas un de ceux que l'on "
    "connaît à Chorus Pro.",
    en="The VAT regime (CE-REGIME-TVA in UBL, BT-8 in CII) is none that Chorus Pro is known to "
    "take.",
    conseil="Indiquez TVA DEBIT ou TVA ENCAISSEMENT en UBL, 5 (débit) ou 72 (encaissement) en CII.",
    source="Annexe EDI V4.21, G2.13 (titre seul lu) ; valeurs des échantillons et de l'API ; "
    "UNTDID 2475 et 2005 ; la liste n'a pas été vue : elle ne fait qu'avertir",
    confidence=Confidence.RENDERED,
    severity=Severity.WARNING,
)
def a_vat_regime_is_known(invoice: Invoice, _: Invoice) -> Breaches:
    """Absent says nothing: the samples of exemption have one too."""
    regime = invoice.chorus.vat_regime if invoice.chorus else None
    bare = _bare(regime or "")
    code = (invoice.tax_point_code or "").strip(BLANKS)
    breaches = [Breach("CE-REGIME-TVA", found=regime)] if bare and bare not in _REGIMES else []
    if code and code not in _DUE_DATES:
        breaches.append(Breach("BT-8", found=code))
    return tuple(breaches) or None


def _bare(regime: str) -> str:
    """Return a regime as the samples write it: the API has ``TVA_SUR_DEBIT``, people an S."""
    words = regime.upper().replace("_", " ").replace("É", "E").split()
    return " ".join(
        word if word == "SANS" else word.removesuffix("S")
        for word in words
        if word not in ("SUR", "LES")
    )
