"""How the sheet of CII judges VAT categories: of the VAT alone, as it is written, in any case.

A row of the breakdown that is of one of the nine categories and of the VAT is asked what its
category asks, and nothing of what is asked of every row: the sheet tries one list of rules per
element, and finds that of the category first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from msgspec.structs import replace

from chorus_edi.domain.demands import Demand
from chorus_edi.domain.invoice import Invoice
from chorus_edi.domain.scenarios import Syntax
from chorus_edi.domain.settlement import VatBreakdown
from chorus_edi.rules.en16931.vat_families import FAMILIES
from chorus_edi.rules.figures import categories_of, code_of, is_written_vat
from chorus_edi.rules.inspection import CII
from chorus_edi.rules.registry import Breach, Breaches, Check, Inspection, Judgement, Rule
from chorus_edi.rules.text import as_written, every

Judged = Callable[[Rule, Judgement, str], Rule]
"""(rule, how CII judges it, why) → the rule so judged."""

OTHER_ROWS = ("BR-45", "BR-46", "BR-47", "BR-48", "BR-CO-03", "BR-DEC-19", "BR-DEC-20")
"""Rules on every row of the breakdown."""

_CODES = {of.prefix: of.code for of in FAMILIES}
_WHY_VAT = "La feuille CII de l'extension ne juge que ce qui relève de la TVA."
_WHY_ROWS = (
    "La feuille CII de l'extension n'examine ainsi que les ventilations d'une autre taxe ou d'une "
    "autre catégorie que les neuf de la norme."
)
_LINES, _ALLOWANCES, _CHARGES = "02", "03", "04"
_GROUPS = {_LINES: "lines", _ALLOWANCES: "allowances", _CHARGES: "charges"}
_HEADER = {"06": ("allowances", "BG-20"), "07": ("charges", "BG-21")}
_OF_INVOICE = frozenset({"11", "12"})


# -- rows of no family ---------------------------------------------------------------------------


def of_rows_not_in_a_family(rule: Rule, judged: Judged) -> Rule:
    """Return a rule on every row of the breakdown, asked of what is left to it."""
    if rule.id == "BR-CO-03":
        return _one_vat_point(rule)
    known = rule.judged_in(Syntax.CII)
    assert known is not None
    inner = _OF_THE_VAT.get(rule.id, known.check)

    def check(row: VatBreakdown, invoice: Invoice) -> Breaches:
        return None if _is_in_a_family(row) else inner(row, invoice)

    return judged(rule, replace(known, check=check), _WHY_ROWS)


def _is_in_a_family(row: VatBreakdown) -> bool:
    return as_written(row, "category") in _CODES.values() and is_written_vat(row)


def _has_a_category(row: VatBreakdown, _: Invoice) -> Breach | None:
    given = row.category is not None and is_written_vat(row)
    return None if given else Breach("BT-118")


def _has_a_rate(row: VatBreakdown, _: Invoice) -> Breach | None:
    return None if row.rate is not None and is_written_vat(row) else Breach("BT-119")


_OF_THE_VAT: dict[str, Check] = {"BR-47": _has_a_category, "BR-48": _has_a_rate}

_WRITTEN_VAT = "translate(ram:TypeCode, 'vat', 'VAT') = 'VAT'"
_IN_A_FAMILY = " or ".join(f"ram:CategoryCode = '{code}'" for code in _CODES.values())
_VAT_POINT = Demand(
    rule="BR-CO-03",
    each="//ram:ApplicableHeaderTradeSettlement/ram:ApplicableTradeTax"
    f"[not(({_IN_A_FAMILY}) and {_WRITTEN_VAT})][//ram:TaxPointDate]",
    counted="//ram:DueDateTypeCode",
    most=0,
    suspects=("TaxPointDate",),
)


def _one_vat_point(rule: Rule) -> Rule:
    """Ask that no date of the VAT point is in a document that has a code of one."""
    assert rule.inspection is not None
    return replace(rule, inspection=Inspection((_VAT_POINT,), CII, rule.inspection.module))


# -- rules on a category -------------------------------------------------------------------------


def of_the_vat(rule: Rule, judged: Judged) -> Rule:
    """Return a rule on a VAT category, asked of what is of the VAT."""
    known = rule.judged_in(Syntax.CII)
    if known is None or rule.judgement is None:
        return rule
    _, prefix, number = rule.id.split("-")
    if number in _GROUPS:
        # The identifiers are those that the sheet of UBL asks for.
        guarded = _where_used(rule.judgement.check, _GROUPS[number], _CODES[prefix])
    elif number in _OF_INVOICE:
        guarded = _where_used(known.check, "vat_breakdown", _CODES[prefix])
    elif number in _HEADER:
        # Asked of the invoice: what is an allowance by "0" is judged nowhere else.
        guarded = _of_each_category(known.check, *_HEADER[number], _CODES[prefix])
        known = replace(known, each=Invoice)
    else:
        guarded = _of_vat_alone(known.check)
    return judged(rule, replace(known, check=guarded), _WHY_VAT)


def _of_vat_alone(inner: Check) -> Check:
    def check(group: Any, invoice: Invoice) -> Breaches:
        return inner(group, invoice) if is_written_vat(group) else None

    return check


def _of_each_category(inner: Check, field: str, group: str, code: str) -> Check:
    """Judge allowances, or charges, by each of their categories that is of this code."""

    def check(invoice: Invoice, _: Invoice) -> Breaches:
        found = (
            replace(breach, at=f"{group}[{number}]")
            for number, one in enumerate(getattr(invoice, field), 1)
            if (breach := _first(inner, one, code, invoice)) is not None
        )
        return tuple(found) or None

    return check


def _first(inner: Check, group: Any, code: str, invoice: Invoice) -> Breach | None:
    for vat in categories_of(group):
        if code_of(vat, exact=True) == code and is_written_vat(vat):
            breach = inner(replace(group, vat_rate=vat.rate, odd=None), invoice)
            if isinstance(breach, Breach):
                return breach
    return None


def _where_used(inner: Check, field: str, code: str) -> Check:
    def check(invoice: Invoice, _: Invoice) -> Breaches:
        return inner(invoice, invoice) if _is_used(getattr(invoice, field), code) else None

    return check


def _is_used(groups: Iterable[Any], code: str) -> bool:
    return any(
        code_of(vat, exact=True) == code and is_written_vat(vat)
        for group in groups
        for vat in _vats(group)
    )


def _vats(group: Any) -> tuple[Any, ...]:
    """Return the VAT categories of a line, an allowance, a charge or a row of the breakdown."""
    if hasattr(group, "vat_category"):
        return categories_of(group)
    return every(group, "vat") if hasattr(group, "vat") else (group,)
