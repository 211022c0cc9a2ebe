"""Identity cards of the rules that the tables of the profiles hold, written from their demands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from chorus_edi.domain.demands import Demand
from chorus_edi.domain.findings import Severity
from chorus_edi.domain.labels import Label
from chorus_edi.domain.motives import Motive
from chorus_edi.domain.scenarios import Syntax
from chorus_edi.domain.usages import Usage, Use
from chorus_edi.rules.facturx.table import LISTS, UNUSED_ATTRIBUTE, UNUSED_ELEMENT
from chorus_edi.rules.registry import Inspection, Rule

_CII = frozenset({Syntax.CII})
_MOST_TOLD = 3

_ELSE = "else "
_CONDITIONS = {
    "allowance": ("ChargeIndicator=false", "ChargeIndicator=false"),
    "charge": ("ChargeIndicator=true", "ChargeIndicator=true"),
    "@listID": ("@listID absent", "@listID missing"),
    "@currencyID=BT-5": (
        "@currencyID égal à la devise de la facture (BT-5)",
        "@currencyID equal to the invoice currency (BT-5)",
    ),
    "@currencyID=BT-6": (
        "@currencyID égal à la devise de comptabilisation (BT-6)",
        "@currencyID equal to the accounting currency (BT-6)",
    ),
}
"""Conditions of the tables as people say them, in French and English; the others as they are."""

_OURS = {
    UNUSED_ELEMENT: (
        "no element stands there that the profile does not use",
        Label(
            "Un élément est présent que le profil Factur-X annoncé n'utilise pas.",
            "An element is there that the claimed Factur-X profile does not use.",
        ),
        "Retirez cet élément, ou corrigez le type ou le schéma qui le désigne, ou annoncez un "
        "profil Factur-X plus complet.",
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
    held = demands_by_rule(usage).items()
    return tuple(_card(rule, demands, profile, module) for rule, demands in held)


def demands_by_rule(usage: Usage) -> dict[str, list[Demand]]:
    """Return the demands of a table by id, both in its order."""
    by_rule: dict[str, list[Demand]] = {}
    for use in _uses(usage.root):
        for demand in use.demands():
            by_rule.setdefault(demand.rule, []).append(demand)
    return by_rule


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
        inspection=Inspection((), _CII, module, {one: sentences(one) for one in demands}),
    )


def _said(demands: list[Demand]) -> tuple[str, Label, str]:
    messages, advice = zip(*(sentences(demand) for demand in demands), strict=True)
    french = _joined((message.fr for message in messages), " ")
    english = _joined((message.en for message in messages), " ")
    return _name(english), Label(french, english), advice[0]


def _joined(sentences: Iterable[str], between: str) -> str:
    """Join different sentences, the first few of them."""
    return between.join(list(dict.fromkeys(sentences))[:_MOST_TOLD])


def sentences(demand: Demand) -> tuple[Label, str]:
    """Say what is wrong where a demand is not met, and what to do, in French."""
    where = demand.each.rpartition("/")[2] or "rsm:CrossIndustryInvoice"
    what = demand.counted
    if demand.rule in _OURS:
        return _unused(what, where), _OURS[demand.rule][2]
    if "=" in what.partition("[")[0]:
        attribute, _, codes = what.partition("=")
        return _coded(where if attribute == "." else f"{where}/{attribute}", codes)
    if what[0] == "@":
        message = Label(
            f"L'attribut « {what} » manque sur « {where} ».",
            f"The attribute '{what}' is missing on '{where}'.",
        )
        return message, f"Ajoutez l'attribut « {what} » à l'élément « {where} »."
    return _counted(what, where, demand)


def _unused(what: str, where: str) -> Label:
    """Say that a profile does not use an element or attribute, or only under some conditions."""
    name, _, condition = what.removesuffix("]").partition("[")
    if not condition.startswith(_ELSE):
        return Label(
            f"Le profil Factur-X annoncé n'utilise pas « {name} » dans « {where} ».",
            f"The claimed Factur-X profile does not use '{name}' in '{where}'.",
        )
    others = condition.removeprefix(_ELSE).replace("!", "").split()
    french = _either([_CONDITIONS.get(one, (one, one))[0] for one in others], "ou")
    english = _either([_CONDITIONS.get(one, (one, one))[1] for one in others], "or")
    return Label(
        f"Le profil Factur-X annoncé n'utilise « {name} » dans « {where} » qu'avec {french}.",
        f"The claimed Factur-X profile uses '{name}' in '{where}' only with {english}.",
    )


def _coded(subject: str, named: str) -> tuple[Label, str]:
    """Say that a value is none of a list of codes, by its name, or of a few values."""
    held = LISTS.get(named)
    if held is not None and len(held.codes) > _MOST_TOLD:
        french = f"un code de la liste {held.id}"
        return (
            Label(
                f"La valeur de « {subject} » n'est pas {french} admis par le profil.",
                f"The value of '{subject}' is no code of the list {held.id} that the profile "
                "allows.",
            ),
            f"Remplacez la valeur de « {subject} » par {french} ({held.label.fr}).",
        )
    values = sorted(held.codes) if held is not None else named.split("|")
    french = _either(values, "ou")
    return (
        Label(
            f"La valeur de « {subject} » doit être {french}.",
            f"The value of '{subject}' must be {_either(values, 'or')}.",
        ),
        f"Remplacez la valeur de « {subject} » par {french}.",
    )


def _either(values: list[str], word: str) -> str:
    *first, last = values
    return f"{', '.join(first)} {word} {last}" if first else last


_TIMES = {
    (1, 1): ("exactement une fois", "exactly once"),
    (0, 1): ("une fois au plus", "at most once"),
    (0, 2): ("deux fois au plus", "at most twice"),
    (1, None): ("au moins une fois", "at least once"),
}


def _counted(what: str, where: str, demand: Demand) -> tuple[Label, str]:
    french, english = _TIMES[demand.least, demand.most]
    return (
        Label(
            f"« {what} » doit figurer {french} dans « {where} ».",
            f"'{what}' must stand {english} in '{where}'.",
        ),
        f"Faites figurer « {what} » {french} dans « {where} ».",
    )


def _name(sentence: str) -> str:
    return f"{sentence[0].lower()}{sentence[1:].rstrip('.')}"
