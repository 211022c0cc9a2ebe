"""BR-S, BR-Z, BR-E, BR-AE, BR-IC, BR-G, BR-O, BR-AF, BR-AG: one table, VAT category by rule.

A row of ``FAMILIES`` is a category and what it demands; a row of ``_PATTERNS`` a rule that the
categories share. What only one category has follows, and BR-B.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from chorus_edi.domain.groups import Group
from chorus_edi.domain.invoice import Invoice
from chorus_edi.domain.lines import LineVat
from chorus_edi.domain.scenarios import Syntax
from chorus_edi.domain.settlement import DocumentAllowance, DocumentCharge, VatBreakdown
from chorus_edi.rules.en16931.vat_amounts import base_check, tax_check
from chorus_edi.rules.en16931.vat_families import FAMILIES, Family
from chorus_edi.rules.en16931.vat_parties import identifier_check
from chorus_edi.rules.en16931.vat_uses import breakdown_check, rate_check, reason_check
from chorus_edi.rules.registry import Check, rule, unjudged, variant

_SOURCE = "EN 16931-1:2017, 6.4.3 ; artefacts EN 16931 1.3.16"

_Texts = Callable[[Family], tuple[str, str, str]]
"""French message, English message and ``conseil`` for a category."""

_NO_SCHEME = "La feuille CII ne demande pas que la taxe soit la TVA."


class _Pattern(NamedTuple):
    """A rule that the categories share.

    Attributes:
        number: the end of its id.
        each: the group it is judged on.
        terms: terms concerned, the one usually at fault first.
        texts: French message, English message and ``conseil`` for a category.
        check: makes the check of a category, for the norm (and UBL) or for CII; None where the
            sheet of the syntax cannot find the rule broken.
        why: what the CII sheet does otherwise.
    """

    number: str
    each: type[Group]
    terms: tuple[str, ...]
    texts: _Texts
    check: Callable[[Family, bool], Check | None]
    why: str = _NO_SCHEME


def _breakdown_texts(of: Family) -> tuple[str, str, str]:
    once = ("une seule ventilation", "exactly one VAT breakdown") if of.once else (
        "une ventilation", "a VAT breakdown",
    )  # fmt: skip
    return (
        f"La facture emploie la catégorie {of.fr} (BT-118) sans {once[0]} de TVA (BG-23) pour "
        "elle, ou la ventile sans l'employer.",
        f"The invoice uses the category {of.en} (BT-118) without {once[1]} (BG-23) for it, or "
        "breaks it down without using it.",
        f"Donnez {once[0]} de TVA (BG-23) à la catégorie {of.code} si des lignes, remises ou frais "
        "l'emploient, et seulement alors.",
    )


def _identifier_texts(where_fr: str, where_en: str) -> _Texts:
    def texts(of: Family) -> tuple[str, str, str]:
        return (
            f"{where_fr} de catégorie {of.fr}, mais {of.parties.fr}.",
            f"{where_en} the category {of.en}, but {of.parties.en}.",
            of.parties.conseil,
        )

    return texts


def _rate_texts(term: str, where_fr: str, where_en: str) -> _Texts:
    def texts(of: Family) -> tuple[str, str, str]:
        return (
            f"{where_fr} de catégorie {of.fr}, le taux de TVA ({term}) {of.rate.fr}.",
            f"{where_en} the category {of.en}, the VAT rate ({term}) {of.rate.en}.",
            f"{of.rate.conseil} en {term}, ou corrigez la catégorie de TVA.",
        )

    return texts


def _base_texts(of: Family) -> tuple[str, str, str]:
    rate = (" au même taux", " at the same rate") if of.by_rate else ("", "")
    wrong = "la catégorie ou le taux" if of.by_rate else "la catégorie"
    return (
        f"La base d'imposition (BT-116) de la catégorie {of.fr} n'est pas la somme des lignes, "
        f"moins les remises, plus les frais de cette catégorie{rate[0]}.",
        f"The taxable amount (BT-116) of the category {of.en} is not the sum of the lines, less "
        f"the allowances, plus the charges of that category{rate[1]}.",
        f"Recalculez la base BT-116 à partir des montants de catégorie {of.code}{rate[0]}, ou "
        f"corrigez {wrong} de la ventilation.",
    )


def _tax_texts(of: Family) -> tuple[str, str, str]:
    if of.taxed:
        return (
            f"Le montant de TVA (BT-117) de la catégorie {of.fr} n'est pas la base (BT-116) "
            "multipliée par le taux (BT-119).",
            f"The VAT amount (BT-117) of the category {of.en} is not its base (BT-116) multiplied "
            "by its rate (BT-119).",
            "Recalculez BT-117 : base BT-116 multipliée par le taux BT-119.",
        )
    return (
        f"Le montant de TVA (BT-117) de la catégorie {of.fr} n'est pas nul.",
        f"The VAT amount (BT-117) of the category {of.en} is not zero.",
        "Indiquez 0.00 en BT-117, ou corrigez la catégorie de TVA (BT-118).",
    )


def _reason_texts(of: Family) -> tuple[str, str, str]:
    if of.reasoned:
        return (
            f"La ventilation de catégorie {of.fr} ne dit pas pourquoi la TVA n'est pas due "
            "(BT-120 ou BT-121).",
            f"The breakdown of the category {of.en} does not say why no VAT is due (BT-120 or "
            "BT-121).",
            f"Indiquez le motif en BT-120, par exemple « {of.reasoned} », ou son code en BT-121.",
        )
    return (
        f"La ventilation de catégorie {of.fr} porte un motif d'exonération (BT-120 ou BT-121).",
        f"The breakdown of the category {of.en} carries an exemption reason (BT-120 or BT-121).",
        "Supprimez BT-120 et BT-121, ou corrigez la catégorie de TVA (BT-118).",
    )


_PARTIES = ("BT-31", "BT-32", "BT-63", "BT-48", "BT-47")

_PATTERNS = (
    _Pattern(
        "01", Invoice, ("BG-23", "BT-118"), _breakdown_texts, breakdown_check,
        "La feuille CII compte ensemble les emplois et les ventilations, quelle que soit la taxe.",
    ),
    _Pattern(
        "02", Invoice, (*_PARTIES, "BT-151"),
        _identifier_texts("Une ligne est", "A line has"),
        identifier_check("lines"),
    ),
    _Pattern(
        "03", Invoice, (*_PARTIES, "BT-95"),
        _identifier_texts("Une remise du document est", "A document level allowance has"),
        identifier_check("allowances"),
    ),
    _Pattern(
        "04", Invoice, (*_PARTIES, "BT-102"),
        _identifier_texts("Des frais du document sont", "A document level charge has"),
        identifier_check("charges"),
    ),
    _Pattern(
        "05", LineVat, ("BT-152", "BT-151"),
        _rate_texts("BT-152", "Sur une ligne", "On a line of"),
        rate_check("BT-152", "rate"),
    ),
    _Pattern(
        "06", DocumentAllowance, ("BT-96", "BT-95"),
        _rate_texts("BT-96", "Sur une remise", "On an allowance of"),
        rate_check("BT-96", "vat_rate"),
    ),
    _Pattern(
        "07", DocumentCharge, ("BT-103", "BT-102"),
        _rate_texts("BT-103", "Sur des frais", "On a charge of"),
        rate_check("BT-103", "vat_rate"),
    ),
    _Pattern(
        "08", VatBreakdown, ("BT-116", "BT-131", "BT-92", "BT-99"), _base_texts, base_check,
        "La feuille CII arrondit chacune des trois sommes et admet d'autres écarts.",
    ),
    _Pattern("09", VatBreakdown, ("BT-117", "BT-116", "BT-119"), _tax_texts, tax_check),
    _Pattern("10", VatBreakdown, ("BT-120", "BT-121"), _reason_texts, reason_check),
)  # fmt: skip

_NAMES = {
    "01": "the category {} is broken down where it is used",
    "02": "lines of the category {} go with the tax identifiers it needs",
    "03": "allowances of the category {} go with the tax identifiers it needs",
    "04": "charges of the category {} go with the tax identifiers it needs",
    "05": "a line of the category {} has a rate it allows",
    "06": "an allowance of the category {} has a rate it allows",
    "07": "a charge of the category {} has a rate it allows",
    "08": "the taxable amount of the category {} is the sum of what it holds",
    "09": "the VAT amount of the category {} follows from its base",
    "10": "the breakdown of the category {} says why no VAT is due, or has no need to",
}


def _register(of: Family, pattern: _Pattern) -> None:
    rule_id = f"BR-{of.prefix}-{pattern.number}"
    fr, en, conseil = pattern.texts(of)
    check = pattern.check(of, False)
    assert check is not None
    rule(
        rule_id, *pattern.terms, each=pattern.each, category=of.code, fr=fr, en=en,
        conseil=conseil, source=_SOURCE, name=_NAMES[pattern.number].format(of.code),
    )(check)  # fmt: skip
    other = pattern.check(of, True)
    if other is None:
        unjudged(rule_id, Syntax.CII, why="La feuille CII ne compare à rien.")
    else:
        variant(
            rule_id, Syntax.CII, why=pattern.why, each=pattern.each, category=of.code
        )(other)  # fmt: skip


for _of in FAMILIES:
    for _pattern in _PATTERNS:
        _register(_of, _pattern)
