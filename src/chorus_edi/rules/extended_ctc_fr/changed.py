"""How EXTENDED-CTC-FR judges rules that keep their id of EN 16931, or of a profile of Factur-X.

The sheet of UBL changes what a preceding invoice is: a line refers to invoices too. That of CII
does as the sheet of EN 16931 for UBL does: blank is absent, and a category is of the VAT.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from msgspec.structs import replace

from chorus_edi.domain.demands import Demand
from chorus_edi.domain.findings import Severity
from chorus_edi.domain.labels import Label
from chorus_edi.domain.scenarios import Syntax
from chorus_edi.rules.en16931.vat_families import FAMILIES
from chorus_edi.rules.extended_ctc_fr import changed_cii, kept
from chorus_edi.rules.extended_ctc_fr.cards import SOURCE, UBL
from chorus_edi.rules.extended_ctc_fr.changed_vat import (
    OTHER_ROWS,
    of_rows_not_in_a_family,
    of_the_vat,
)
from chorus_edi.rules.extended_ctc_fr.vat import SHARED, base_check_of_cii, base_text
from chorus_edi.rules.registry import CATALOGUE, Judgement, Rule, Variant

Change = Callable[[Rule], Rule]

_OF_LINES = "La feuille ne regarde que les références de la facture, non celles des lignes."
_NOT_HERE = "Cette feuille n'a pas cette règle."
_ANYWHERE, _OF_HEADER = "//cac:BillingReference", "/*/cac:BillingReference"


def as_in_extended_ctc(rule: Rule) -> Rule:
    """Return a rule as the extension judges it; the same where nothing changes."""
    change = _changes().get(rule.id)
    return rule if change is None else change(rule)


@cache
def _changes() -> Mapping[str, Change]:
    changes: dict[str, Change] = {
        "BR-CO-25": _in_invoices_only,
        SHARED: _base_of_exports,
        "UBL-SR-06": _of_the_header,
        "UBL-SR-07": _of_the_header,
        "CII-SR-465": _only_warns,
        "CII-SR-466": _only_warns,
        "CII-SR-471": _exchanged,
        "CII-SR-472": _exchanged,
    }
    changes.update(dict.fromkeys(OTHER_ROWS, _other_rows))
    changes.update(dict.fromkeys(_of_families(), _of_the_vat))
    changes.update(dict.fromkeys(changed_cii.CHECKS, _in_cii))
    return changes


def _of_families() -> tuple[str, ...]:
    """Return the rules on one VAT category that the sheet of CII asks of the VAT alone."""
    numbers = ("02", "03", "04", "05", "06", "07", "09", "10", "11", "12")
    ids = (f"BR-{of.prefix}-{number}" for of in FAMILIES for number in numbers)
    # What is zero-rated has no VAT, of whatever tax.
    unchanged = {"BR-Z-09", *kept.CII.split()}
    return tuple(rule_id for rule_id in ids if rule_id in CATALOGUE.keys() - unchanged)


def _judged_in_cii(rule: Rule, judgement: Judgement, why: str) -> Rule:
    known = rule.variants.get(Syntax.CII)
    severity = known.severity if known else None
    variants = {**rule.variants, Syntax.CII: Variant(judgement, why, severity)}
    return replace(rule, variants=variants)


def _in_cii(rule: Rule) -> Rule:
    change = changed_cii.CHECKS[rule.id]
    judgement = Judgement(each=change.each, check=change.check, given=change.given)
    changed = _judged_in_cii(rule, judgement, change.why)
    return _of_the_header(changed) if rule.id == "BR-55" else changed


def _other_rows(rule: Rule) -> Rule:
    return of_rows_not_in_a_family(rule, _judged_in_cii)


def _of_the_vat(rule: Rule) -> Rule:
    return of_the_vat(rule, _judged_in_cii)


def _of_the_header(rule: Rule) -> Rule:
    """Ask of the references of the invoice what is asked of any."""
    held = rule.inspection
    if held is None:
        return rule
    demands = tuple(_moved(demand) for demand in held.demands if _is_moved(demand))
    inspection = replace(held, demands=demands) if demands else None
    return replace(rule, inspection=inspection)


def _is_moved(demand: Demand) -> bool:
    """False for a demand on references that stand elsewhere: it is not asked."""
    return demand.each == _ANYWHERE


def _moved(demand: Demand) -> Demand:
    return replace(demand, each=_OF_HEADER)


def _only_warns(rule: Rule) -> Rule:
    return replace(rule, severity=Severity.WARNING)


def _exchanged(rule: Rule) -> Rule:
    """Give a rule what the other of the two asks: the sheets number them the other way round."""
    other = CATALOGUE["CII-SR-472" if rule.id == "CII-SR-471" else "CII-SR-471"]
    held = other.inspection
    assert held is not None
    demands = tuple(replace(demand, rule=rule.id) for demand in held.demands)
    return replace(other, id=rule.id, inspection=replace(held, demands=demands))


def _in_invoices_only(rule: Rule) -> Rule:
    """Leave the credit notes of UBL alone."""
    left_out = {Syntax.UBL_CREDIT_NOTE: Variant(None, "La feuille n'en dit rien des avoirs UBL.")}
    return replace(rule, variants={**rule.variants, **left_out}, source=SOURCE)


def _base_of_exports(rule: Rule) -> Rule:
    """Give the rule of MINIMUM what the sheet of CII asks under its id, as of other categories."""
    of = next(one for one in FAMILIES if one.code == "G")
    assert rule.judgement is not None
    judgement: Any = replace(rule.judgement, check=base_check_of_cii(of))
    text = base_text(of)
    return replace(
        rule,
        judgement=judgement,
        variants=dict.fromkeys(UBL, Variant(None, _NOT_HERE)),
        message=Label(text.fr, text.en),
        conseil=text.conseil,
        name=text.name,
        source=SOURCE,
    )
