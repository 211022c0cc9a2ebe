"""BR-FR-15 and 16: VAT categories and rates in use in France."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from chorus_edi.domain.groups import Group
from chorus_edi.domain.invoice import Invoice
from chorus_edi.domain.lines import LineVat
from chorus_edi.domain.scenarios import Syntax
from chorus_edi.domain.settlement import DocumentAllowance, DocumentCharge
from chorus_edi.rules.br_fr.codes import RATES, SOURCE, VAT_CATEGORIES
from chorus_edi.rules.figures import codes_of, figures_of, once
from chorus_edi.rules.registry import Breach, Breaches, rule, variant
from chorus_edi.rules.text import as_written, every

_CODE_RULES = ("BR-CL-17", "BR-CL-18")
"""Rules of EN 16931 that judge VAT categories."""

_WITHOUT_VAT = frozenset({"GROUP", "INFORMATION"})
"""Kinds of lines that need no VAT category."""


def _categories_are_known(invoice: Invoice) -> bool:
    """True where every VAT category of a document is in use in France, as it is written."""
    codes = invoice.codes
    # Cases of other rules have some codes only; a document that was read has all.
    return (
        codes is not None
        and invoice.values is not None
        and all(VAT_CATEGORIES.issuperset(codes.by_rule[rule]) for rule in _CODE_RULES)
    )


def _header(invoice: Invoice) -> Iterator[tuple[str, str, str, Any]]:
    """Yield the terms of category and rate, the address and the group of each VAT of the header."""
    for n, allowance in enumerate(invoice.allowances, 1):
        yield "BT-95", "BT-96", f"BG-20[{n}]", allowance
    for n, charge in enumerate(invoice.charges, 1):
        yield "BT-102", "BT-103", f"BG-21[{n}]", charge
    for n, row in enumerate(invoice.vat_breakdown, 1):
        yield "BT-118", "BT-119", f"BG-23[{n}]", row


def _lines(invoice: Invoice) -> Iterator[tuple[int, LineVat]]:
    for n, line in enumerate(invoice.lines, 1):
        if line.vat is not None:
            if line.odd is None:
                yield n, line.vat
            else:
                for vat in every(line, "vat"):
                    if vat is not None:
                        yield n, vat


def _code(group: Any, field: str) -> str | None:
    return getattr(group, field) if group.odd is None else as_written(group, field)


def _bad_categories(invoice: Invoice) -> Iterator[Breach]:
    if _categories_are_known(invoice):
        return
    for category, _, at, group in _header(invoice):
        for code in codes_of(group, exact=True):
            if code is not None and code not in VAT_CATEGORIES:
                yield Breach(category, found=code, at=at)
    for n, vat in _lines(invoice):
        code = _code(vat, "category")
        if code is not None and code not in VAT_CATEGORIES:
            yield Breach("BT-151", found=code, at=f"BG-25[{n}]/BG-30")


@rule(
    "BR-FR-15",
    "BT-151",
    "BT-118",
    "BT-95",
    "BT-102",
    fr="Le type de TVA (BT-151, BT-118…) n'est pas admis en France.",
    en="The VAT category is not one of those allowed in France.",
    conseil="Choisissez S, E, AE, K, G, O ou Z ; L et M ne servent qu'aux Canaries, à Ceuta et à "
    "Melilla.",
    source=SOURCE,
    apart=True,
)
def a_vat_category_is_in_use_in_france(invoice: Invoice, _: Invoice) -> Breaches:
    """Of lines, allowances, charges and breakdown, as they are written."""
    return tuple(_bad_categories(invoice)) or None


def _has_tax(group: Any) -> bool:
    """True where an allowance or charge says anything of its VAT."""
    if not hasattr(group, "vat_category"):
        return True
    said = (group.tax_scheme, group.vat_rate, group.exemption_reason, group.exemption_code)
    return any(one is not None for one in said)


def _no_categories(invoice: Invoice) -> Iterator[Breach]:
    held = figures_of(invoice)
    tallies = (held.lines, held.allowances, held.charges, held.breakdown)
    if not any(None in tally.every for tally in tallies):
        return
    for category, _, at, group in _header(invoice):
        codes = codes_of(group, exact=True)
        if None in codes and (len(codes) > 1 or _has_tax(group)):
            yield Breach(category, at=at)
    for n, vat in _lines(invoice):
        kinds = (as_written(invoice.lines[n - 1], "kind"),)
        if vat.category is None and _WITHOUT_VAT.isdisjoint(kinds):
            yield Breach("BT-151", at=f"BG-25[{n}]/BG-30")


@variant(
    "BR-FR-15",
    Syntax.CII,
    why="La feuille CII refuse aussi une TVA sans type, sauf sur une ligne GROUP ou INFORMATION.",
)
def a_vat_of_cii_has_a_category_in_use_in_france(invoice: Invoice, _: Invoice) -> Breaches:
    """Only where the block of the VAT is there."""
    return (*_bad_categories(invoice), *_no_categories(invoice)) or None


def _rates(group: Any, field: str) -> Iterator[str]:
    """Yield each rate of a group as it is written, with the blanks around it."""
    odd = group.odd.get(field) if group.odd is not None else None
    for n, value in enumerate(every(group, field)):
        if n == 0 and odd is not None and odd.written is not None:
            yield odd.written
        elif value is not None:
            yield f"{value:f}"


def further_categories(group: Any) -> Iterator[LineVat]:
    """Yield the further VAT categories of an allowance or charge."""
    if isinstance(group, DocumentAllowance | DocumentCharge):
        yield from (one for one in every(group, "vat_category")[1:] if isinstance(one, LineVat))


def rates_are_known(invoice: Invoice) -> bool:
    """True where every rate is a French one and written once, which is quick to see of most."""
    return once(invoice, _rates_are_known)


def _rates_are_known(invoice: Invoice) -> bool:
    seen = invoice.values
    # Among them are the percentages of allowances and charges, which may be any.
    percentages = seen.percentages if seen is not None else None
    if percentages and not percentages.others and RATES.issuperset(percentages.regular):
        return True
    for line in invoice.lines:
        vat = line.vat
        if vat is not None and (line.odd is not None or not _is_known(vat, vat.rate)):
            return False
    groups: tuple[DocumentAllowance | DocumentCharge, ...] = (*invoice.allowances, *invoice.charges)
    return all(_is_known(one, one.vat_rate) for one in groups) and all(
        _is_known(row, row.rate) for row in invoice.vat_breakdown
    )


def _is_known(group: Group, rate: Decimal | None) -> bool:
    return group.odd is None and (rate is None or str(rate) in RATES)


def _bad_rates(invoice: Invoice, *, lines: bool) -> Iterator[Breach]:
    for _, term, at, group in _header(invoice):
        field = "vat_rate" if hasattr(group, "vat_rate") else "rate"
        further = (rate for one in further_categories(group) for rate in _rates(one, "rate"))
        for rate in (*_rates(group, field), *further):
            if rate not in RATES:
                yield Breach(term, found=rate, at=at)
    for n, vat in _lines(invoice) if lines else ():
        for rate in _rates(vat, "rate"):
            if rate not in RATES:
                yield Breach("BT-152", found=rate, at=f"BG-25[{n}]/BG-30")


@rule(
    "BR-FR-16",
    "BT-152",
    "BT-119",
    "BT-96",
    "BT-103",
    fr="Le taux de TVA (BT-152, BT-119…) n'est pas un taux français, ou est écrit avec trop de "
    "décimales.",
    en="The VAT rate is not a French one, or is written with too many decimals.",
    conseil="Écrivez un taux en vigueur en France, par exemple 20, 10, 5.5, 2.1 ou 0, avec deux "
    "décimales au plus.",
    source=SOURCE,
    apart=True,
)
def a_vat_rate_is_in_use_in_france(invoice: Invoice, _: Invoice) -> Breaches:
    """Rates are compared as texts: ``20.000`` is not of the list."""
    if rates_are_known(invoice):
        return None
    return tuple(_bad_rates(invoice, lines=True)) or None


@variant(
    "BR-FR-16",
    Syntax.UBL_CREDIT_NOTE,
    why="La feuille UBL ne contrôle pas le taux des lignes d'un avoir.",
)
def a_vat_rate_of_a_credit_note_is_in_use_in_france(invoice: Invoice, _: Invoice) -> Breaches:
    """Of allowances, charges and breakdown."""
    if rates_are_known(invoice):
        return None
    return tuple(_bad_rates(invoice, lines=False)) or None
