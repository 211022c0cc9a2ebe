"""Identity cards of the rules that the tables of the profiles hold, written from their demands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from chorus_edi.domain.demands import Demand
from chorus_edi.domain.findings import Severity
from chorus_edi.domain.labels import Label
from chorus_edi.domain.motives import Motive
from chorus_edi.domain.scenarios import Syntax
from chorus_edi.domain.usages import Usage, Use
from chorus_edi.rules.facturx.table import UNUSED_ATTRIBUTE, UNUSED_ELEMENT
from chorus_edi.rules.registry import Inspection, Rule

_CII = frozenset({Syntax.CII})
_MOST_TOLD = 3

_OURS = {
    UNUSED_ELEMENT: (
        "no element stands there that the profile does not use",
        Label(
            "Un élément est présent que le profil Factur-X annoncé n'utilise pas.",
            "An element is there that the claimed Factur-X profile does not use.",
        ),
        "Retirez cet élément, ou annoncez un profil Factur-X plus complet.",
    ),
    UNUSED_ATTRIBUTE: (
        "no attribute stands there that the profile does not use",
        Label(
            "Un attribut est présent que le profil Factur-X annoncé n'utilise pas ici.",
            "An attribute is there that the claimed Factur-X profile does not use here.",
        ),
        "Retirez cet attribut de l'élément indiqué.",
    ),
}
"""What the sheets report without an id."""


def cards(usage: Usage, profile: str, module: str) -> tuple[Rule, ...]:
    """Write one card for each id of a table, in its order.

    Args:
        usage: the table.
        profile: the profile's name, as people write it.
        module: where it is registered.
    """
    by_rule: dict[str, list[Demand]] = {}
    for use in _uses(usage.root):
        for demand in use.demands():
            by_rule.setdefault(demand.rule, []).append(demand)
    return tuple(_card(rule, held, profile, module) for rule, held in by_rule.items())


def _uses(use: Use) -> Iterator[Use]:
    yield use
    for below in use.below:
        yield from _uses(below)


def _card(rule: str, demands: list[Demand], profile: str, module: str) -> Rule:
    name, message, conseil = _OURS.get(rule) or _said(demands)
    return Rule(
        id=rule,
        name=name,
        terms=(),
        severity=Severity.FATAL,
        motive=Motive.REJ_SEMAN,
        message=message,
        conseil=conseil,
        source=f"Factur-X 1.09, profil {profile}",
        # Its demands are in the table, which is walked as a whole.
        inspection=Inspection((), _CII, module),
    )


def _said(demands: list[Demand]) -> tuple[str, Label, str]:
    french, english, advice = zip(*(_sentences(demand) for demand in demands), strict=True)
    return (
        _name(_joined(english, " ")),
        Label(_joined(french, " "), _joined(english, " ")),
        advice[0],
    )


def _joined(sentences: Iterable[str], between: str) -> str:
    """Join different sentences, the first few of them."""
    return between.join(list(dict.fromkeys(sentences))[:_MOST_TOLD])


def _sentences(demand: Demand) -> tuple[str, str, str]:
    """Say a demand in French and in English, and what to do."""
    where = demand.each.rpartition("/")[2] or "rsm:CrossIndustryInvoice"
    what = demand.counted
    if "=" in what.partition("[")[0]:
        subject = where if what[0] == "." else f"{where}/{what.partition('=')[0]}"
        return (
            f"La valeur de « {subject} » n'est pas un code admis par le profil.",
            f"The value of '{subject}' is not a code that the profile allows.",
            f"Remplacez la valeur de « {subject} » par un code de la liste admise.",
        )
    if what[0] == "@":
        return (
            f"L'attribut « {what} » manque sur « {where} ».",
            f"The attribute '{what}' is missing on '{where}'.",
            f"Ajoutez l'attribut « {what} » à l'élément « {where} ».",
        )
    return _counted(what, where, demand)


_TIMES = {
    (1, 1): ("exactement une fois", "exactly once"),
    (0, 1): ("une fois au plus", "at most once"),
    (0, 2): ("deux fois au plus", "at most twice"),
    (1, None): ("au moins une fois", "at least once"),
}


def _counted(what: str, where: str, demand: Demand) -> tuple[str, str, str]:
    french, english = _TIMES[demand.least, demand.most]
    return (
        f"« {what} » doit figurer {french} dans « {where} ».",
        f"'{what}' must stand {english} in '{where}'.",
        f"Faites figurer « {what} » {french} dans « {where} ».",
    )


def _name(sentence: str) -> str:
    return f"{sentence[0].lower()}{sentence[1:].rstrip('.')}"
