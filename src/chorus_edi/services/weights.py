"""Makes the weights of rules from the configuration, refusing what no rule answers to."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from chorus_edi.domain.findings import Severity
from chorus_edi.domain.motives import Motive
from chorus_edi.domain.partners import Partner
from chorus_edi.domain.scenarios import Circuit
from chorus_edi.domain.weighing import FAMILY, Weighing, Weights
from chorus_edi.errors import ConfigurationError
from chorus_edi.rules.sets import versions
from chorus_edi.services.explain_facturx import profile_ids
from chorus_edi.stages import resolve

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
        ConfigurationError: an unknown rule or motive, a rule that always refuses; all are told.
    """
    senders = {partner.code: partner.severities for partner in partners if partner.severities}
    mistakes = [
        *(m for circuit, held in severities.items() for m in _of_rules(f"{circuit}", held)),
        *(m for circuit, held in motives.items() for m in _of_motives(f"{circuit}", held)),
        *(m for code, held in senders.items() for m in _of_rules(f"partenaire {code}", held)),
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
def rule_ids() -> frozenset[str]:
    """Return the rules that may be weighed: those of the sets, and what a recipient demands."""
    demanded = (card.id for card in resolve.RULES if card.in_afnor)
    return frozenset(
        (*(rule.id for version in versions() for rule in version.rules), *profile_ids(), *demanded)
    )


def _of_rules(where: str, held: Severities) -> Iterator[str]:
    for rule in held:
        if rule in KEPT:
            yield f"{where} : {rule} refuse toujours (sans numéro ni date, rien à enregistrer)"
        elif rule not in rule_ids():
            yield f"{where} : règle inconnue : {rule}{_near(rule)}"


def _of_motives(where: str, held: Mapping[str, str]) -> Iterator[str]:
    for rule, code in held.items():
        family = rule.removesuffix(FAMILY)
        known = any(one.startswith(family) for one in rule_ids())
        if not (known if rule.endswith(FAMILY) else rule in rule_ids()):
            yield f"{where} : règle inconnue : {rule}{_near(rule)}"
        if code not in set(Motive) or Motive(code).irrecevable:
            yield f"{where} : {rule} : {code} n'est pas un motif de rejet"


def _near(rule: str) -> str:
    found = difflib.get_close_matches(rule, sorted(rule_ids()), n=1)
    return f" (voulez-vous dire {found[0]} ?)" if found else ""
