"""How a circuit and a partner weigh what rules find: its severity, and its official motive.

A rule keeps its card; what is found by it is weighed once, before the verdict. Severities and
motives other than these are configured (``[regles]`` of the settings, ``gravites`` of a partner).
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from chorus_edi.domain.findings import Finding, Findings, Severity
from chorus_edi.domain.motives import Motive
from chorus_edi.domain.scenarios import Circuit

FAMILY = "*"
"""Ends the name of a family of rules: ``BR-FR-CPRO-*``."""

MOTIVES: Mapping[Circuit, Mapping[str, Motive]] = {
    # FNFE, list CL-09, keeps REJ_SEMAN for what a schematron finds; the State's text (Chorus Pro
    # v1.1, 3.2.3.3) answers the same with REJ_COH: hence a table that the operator may change.
    Circuit.AFNOR: {
        "BR-*": Motive.REJ_SEMAN,
        "UBL-*": Motive.REJ_SEMAN,
        "CII-*": Motive.REJ_SEMAN,
        "BR-FR-CPRO-*": Motive.REJ_CONT_B2G,
    },
}
"""Circuit → rule or family → official motive; the rule's card says it where the table does not."""


class Weighing(msgspec.Struct, frozen=True):
    """What weighs otherwise than on the cards.

    Attributes:
        severities: rule → its severity here.
        motives: rule or family → its motive here.
    """

    severities: Mapping[str, Severity] = {}
    motives: Mapping[str, Motive] = {}

    def weigh(self, findings: Findings) -> Findings:
        """Return findings with the severities and motives that apply here."""
        if not (self.severities or self.motives):
            return findings
        return tuple(map(self._weighed, findings))

    def motive_of(self, rule: str) -> Motive | None:
        """Return the motive of a rule here, its longest family before the shorter ones."""
        exact = self.motives.get(rule)
        if exact is not None:
            return exact
        held = (one for one in self.motives if one.endswith(FAMILY) and rule.startswith(one[:-1]))
        family = max(held, key=len, default=None)
        return None if family is None else self.motives[family]

    def _weighed(self, finding: Finding) -> Finding:
        if finding.stage.technical:
            return finding
        severity = self.severities.get(finding.rule, finding.severity)
        motive = self.motive_of(finding.rule) or finding.motive
        if severity is finding.severity and motive is finding.motive:
            return finding
        return msgspec.structs.replace(finding, severity=severity, motive=motive)


class Weights(msgspec.Struct, frozen=True):
    """Every weighing that is configured; a partner's severities stand above his circuit's.

    Attributes:
        circuits: by circuit.
        partners: severities by partner's code.
    """

    circuits: Mapping[Circuit, Weighing] = {}
    partners: Mapping[str, Mapping[str, Severity]] = {}

    def of(self, circuit: Circuit | None, partner: str | None) -> Weighing:
        """Return what applies to a document of a circuit that a partner sent."""
        set_here = self.circuits.get(circuit, Weighing()) if circuit else Weighing()
        official = MOTIVES.get(circuit, {}) if circuit else {}
        own = self.partners.get(partner, {}) if partner else {}
        return Weighing(
            severities={**set_here.severities, **own},
            motives={**official, **set_here.motives},
        )
