"""Makes the weights of rules from the configuration, refusing what no rule answers to."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache

from chorus_edi.domain.findings import Severity
from chorus_edi.domain.motives import Motive
from chorus_edi.domain.partners import Partner
from chorus_edi.domain.scenarios import RULE_SETS, Circuit, Profile, RuleSet
from chorus_edi.domain.weighing import FAMILY, Weighing, Weights
from chorus_edi.errors import ConfigurationError
from chorus_edi.formats.svrl import published_id
from chorus_edi.rules import recipient
from chorus_edi.rules.sets import profile_version, versions
from chorus_edi.services.explain import platform_rules
from chorus_edi.services.explain_facturx import profile_ids
from chorus_edi.stages import check

KEPT = ("BR-02", "BR-03")
"""Rules that always refuse: no invoice can be entered without its number and its day."""

Severities = Mapping[str, Severity]


def weights_of(
    severities: Mapping[Circuit, Severities],
    motives: Mapping[Circuit, Mapping[str, str]],
    partners: Iterable[Partner],
) -> Weights:
    """Return the weights that are configured.

    Args:
        severities: by circuit, severity by rule.
        motives: by circuit, official code by rule or family of rules (``BR-FR-*``).
        partners: who may have severities of their own.

    Raises:
        ConfigurationError: an unknown rule or motive, a rule of another circuit or one that always
            refuses: what would change nothing; all are told.
    """
    senders = {partner.code: partner.severities for partner in partners if partner.severities}
    mistakes = [
        *(m for one, held in severities.items() for m in _of_rules(one.value, held, (one,))),
        *(m for one, held in motives.items() for m in _of_motives(one, held)),
        *(
            mistake
            for code, held in senders.items()
            for mistake in _of_rules(f"partenaire {code}", held, tuple(Circuit))
        ),
    ]
    if mistakes:
        raise ConfigurationError("\n  ".join(["règles :", *mistakes]))
    circuits = {
        circuit: Weighing(
            severities=severities.get(circuit, {}),
            motives={rule: Motive(code) for rule, code in motives.get(circuit, {}).items()},
        )
        for circuit in {*severities, *motives}
    }
    return Weights(circuits, senders)


@cache
def _weighable(circuit: Circuit) -> frozenset[str]:
    """Return the rules of a circuit whose severity may be changed."""
    return _of_sets(circuit) | recipient.weighable_in(circuit) | check.weighable_in(circuit)


@cache
def _judged(circuit: Circuit) -> frozenset[str]:
    """Return the rules whose findings are weighed in a circuit, and so may have another motive."""
    return _of_sets(circuit) | recipient.ids_in(circuit) | check.RULES.keys()


def _of_sets(circuit: Circuit) -> frozenset[str]:
    names = RULE_SETS[circuit]
    ids = {rule.id for one in versions() if one.name in names for rule in one.rules}
    if RuleSet.EN16931 in names:
        ids.update(profile_ids())
        ids.update(
            rule.id
            for one in versions()
            if one.name is RuleSet.EN16931
            for rule in profile_version(Profile.EXTENDED_CTC_FR, one.label).rules
        )
    return frozenset(ids)


def _known() -> frozenset[str]:
    """Return every rule there is, weighed or not."""
    judged = (rule for circuit in Circuit for rule in _judged(circuit))
    return frozenset((*judged, *platform_rules()))


def _of_rules(where: str, held: Severities, circuits: Sequence[Circuit]) -> Iterator[str]:
    """Yield what is wrong with severities that hold in some circuits: each must change one."""
    for rule in held:
        if rule in KEPT:
            yield f"{where} : {rule} refuse toujours (sans numéro ni date, rien à enregistrer)"
        elif rule.endswith(FAMILY):
            yield f"{where} : {rule} : la gravité se change règle par règle, sans « {FAMILY} »"
        elif not any(rule in _weighable(circuit) for circuit in circuits):
            yield f"{where} : {_why_not(rule, circuits, _weighable)}"


def _of_motives(circuit: Circuit, held: Mapping[str, str]) -> Iterator[str]:
    for rule, code in held.items():
        family = rule.removesuffix(FAMILY)
        known = any(one.startswith(family) for one in _judged(circuit))
        if not (known if rule.endswith(FAMILY) else rule in _judged(circuit)):
            yield f"{circuit} : {_why_not(rule, (circuit,), _judged)}"
        if code not in set(Motive) or Motive(code).irrecevable:
            yield f"{circuit} : {rule} : {code} n'est pas un motif de rejet"


def _why_not(
    rule: str, circuits: Sequence[Circuit], among: Callable[[Circuit], frozenset[str]]
) -> str:
    """Say why a rule cannot be changed in some circuits: unknown, of another one, or for good."""
    here = next((name for one in circuits if (name := recipient.named_in(rule, one))), None)
    if here is not None and here != rule:
        return f"{rule} : cette règle s'y appelle {here}"
    elsewhere = [one.value for one in Circuit if rule in among(one)]
    if elsewhere:
        return f"{rule} : cette règle n'est pas de ce circuit (circuit {', '.join(elsewhere)})"
    published = published_id(rule, "")
    if published != rule and published in _known():
        return f"{rule} est un contrôle de la règle {published} : écrivez {published}"
    if rule in _known():
        return f"{rule} : cette règle de la plateforme ne peut pas être changée"
    candidates = sorted({name for one in circuits for name in among(one)})
    found = difflib.get_close_matches(rule, candidates, n=1)
    suggested = f" (voulez-vous dire {found[0]} ?)" if found else ""
    return f"règle inconnue : {rule}{suggested}"
