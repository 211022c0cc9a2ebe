"""What there is to say of one rule: its terms and their places, its weight, its examples."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from chorus_edi.domain import motives
from chorus_edi.domain.demands import Demand
from chorus_edi.domain.findings import SEVERITIES_FR, Severity
from chorus_edi.domain.motives import Motive
from chorus_edi.domain.scenarios import Syntax
from chorus_edi.domain.terms import ROOT, label_of
from chorus_edi.rules.registry import Confidence, Rule, Variant
from chorus_edi.services.examples import examples_of
from chorus_edi.services.places import short_places_of

SEVERITY_NAMES = {severity: name for name, severity in SEVERITIES_FR.items()}
"""Severity → its French name."""

_UBL = (Syntax.UBL_INVOICE, Syntax.UBL_CREDIT_NOTE)
_LONGEST_PATH = 180
"""Characters of a path with its conditions that a person still reads."""


def details_of(
    rule: Rule, sets: Iterable[str], otherwise: Iterable[tuple[str, str]] = ()
) -> Iterator[tuple[str, str]]:
    """Yield French name and text of what there is to say, in reading order; see ``Explanation``.

    Args:
        rule: the rule.
        sets: labels of the rule sets that hold it.
        otherwise: French name and text of where one of them judges it otherwise.
    """
    yield "En anglais", rule.message.en
    yield "Que faire", rule.conseil
    yield from terms(rule.terms)
    yield from _demands(rule)
    if rule.judgement is None and rule.inspection is None:
        yield "Contrôle", "avec l'annuaire des destinataires"
    yield "Gravité", SEVERITY_NAMES[rule.severity]
    yield from _variants(rule)
    if Severity.FATAL in {rule.severity, *(v.severity for v in rule.variants.values())}:
        yield "Motif", motive_text(rule.motive)
    yield "Source", rule.source
    if rule.confidence is not Confidence.PUBLISHED:
        yield "Certitude", rule.confidence.label.fr
    yield "Jeux de règles", ", ".join(sets)
    yield from otherwise
    for example in examples_of(rule):
        yield f"Exemple {'accepté' if example.kept else 'refusé'}", "\n".join(example.lines)


def terms(ids: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield each term with its French name and its places."""
    for term in ids:
        places = () if term == ROOT else short_places_of(term)
        lines = [f"{term} {label_of(term).fr}", *(f"{name} : {path}" for name, path in places)]
        yield "Donnée", "\n".join(lines)


def motive_text(motive: Motive) -> str:
    """Return a motive with its French name."""
    return f"{motive.value} ({motives.LABELS[motive].fr})"


def _demands(rule: Rule) -> Iterator[tuple[str, str]]:
    """Yield what a rule on the XML itself counts there."""
    if rule.inspection is None:
        return
    names = " et ".join(_names(rule.inspection.syntaxes))
    shown = [one for one in map(_demand, rule.inspection.demands) if len(one) <= _LONGEST_PATH]
    if left := len(rule.inspection.demands) - len(shown):
        shown.append(_untold(left, among=bool(shown)))
    yield f"Contrôle du XML ({names})", "\n".join(shown)


def _untold(count: int, *, among: bool) -> str:
    """Say how many demands are not shown, for their length; ``among``: others are."""
    several = "s" * (count > 1)
    if among:
        return f"et {count} comparaison{several} de plus"
    return f"{count} comparaison{several}, trop longue{several} pour être écrite{several} ici"


def _demand(demand: Demand) -> str:
    where = "dans le document" if demand.each == "/*" else f"dans chaque {demand.each}"
    what = demand.counted if demand.distinct is None else f"valeur différente de {demand.counted}"
    return f"{where} : {_times(demand.least, demand.most)} {what}"


def _times(least: int, most: int | None) -> str:
    if most is None:
        return f"au moins {least}"
    if most == 0:
        return "aucun"
    return f"exactement {most}" if least == most else f"au plus {most}"


def _variants(rule: Rule) -> Iterator[tuple[str, str]]:
    """Yield where the sheet of a syntax judges otherwise; syntaxes that agree together."""
    together: dict[str, list[Syntax]] = {}
    for syntax, variant in rule.variants.items():
        said = f"{_effect(rule, syntax, variant)}{variant.why}"
        together.setdefault(said, []).append(syntax)
    for said, syntaxes in together.items():
        yield f"En {' et '.join(_names(syntaxes))}", said


def _effect(rule: Rule, syntax: Syntax, variant: Variant) -> str:
    if variant.severity is not None:
        return f"{SEVERITY_NAMES[variant.severity].capitalize()}. "
    on_xml = rule.inspection is not None and syntax in rule.inspection.syntaxes
    return "Jamais constatée. " if variant.judgement is None and not on_xml else ""


def _names(syntaxes: Iterable[Syntax]) -> list[str]:
    """Return the names of syntaxes in order; ``UBL`` for both of its documents."""
    held = set(syntaxes)
    both = held.issuperset(_UBL)
    names = [syntax.value for syntax in Syntax if syntax in held and not (both and syntax in _UBL)]
    return ["UBL", *names] if both else names
