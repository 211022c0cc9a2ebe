"""Validate: is the document valid by the schema of its scenario?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from chorus_edi.domain.dossier import Parsed, Place, Validated
from chorus_edi.domain.findings import Finding, Outcome, Passed, Refused, Severity, Stage
from chorus_edi.domain.labels import Label
from chorus_edi.domain.motives import Motive
from chorus_edi.domain.scenarios import Circuit, Syntax
from chorus_edi.formats.faults import TechnicalRule
from chorus_edi.formats.locate import Locator
from chorus_edi.formats.xsd import Schema
from chorus_edi.formats.xsd_faults import SchemaFault

XSD_RULE = "CE-XSD"
RULES: dict[str, TechnicalRule] = {
    XSD_RULE: TechnicalRule(
        stage=Stage.VALIDATE,
        motive=Motive.IRR_SYNTAX,
        message=Label(
            "Le fichier doit être valide selon le schéma XSD de son format.",
            "The file must be valid by the XSD schema of its format.",
        ),
        conseil="Corrigez le fichier à l'endroit indiqué, d'après le schéma officiel.",
    ),
}


class Schemas(Protocol):
    """Where schemas come from, by the id a scenario names."""

    def __getitem__(self, id: str, /) -> Schema:
        """Return a compiled schema."""
        ...


def validator(
    schemas: Schemas, *, keep_going: bool = False, thorough: bool = False
) -> Callable[[Parsed], Outcome[Validated]]:
    """Make the step.

    Args:
        schemas: compiled schemas.
        keep_going: let an invalid document pass, with its fatal findings, so that the rules may
            speak too.
        thorough: also look for the faults that the first engine stops before (seconds at the
            first invalid document of a process).
    """

    def validate(parsed: Parsed) -> Outcome[Validated]:
        faults = schemas[parsed.scenario.schema].faults(
            parsed.tree,
            parsed.xml,
            _places_in(parsed),
            without_delivery=_accepts_no_delivery(parsed),
            thorough=thorough,
        )
        findings = tuple(map(_finding, faults))
        if findings and not keep_going:
            return Refused(findings)
        return Passed(Validated(parsed=parsed), findings)

    return validate


def _places_in(parsed: Parsed) -> Callable[[Sequence[Any]], tuple[Place, ...]]:
    """Make no locator before there is a fault to place."""
    return lambda elements: Locator(parsed.tree, parsed.xml, parsed.syntax).of_elements(elements)


def _accepts_no_delivery(parsed: Parsed) -> bool:
    """Historic CII may lack its delivery group, as the official sample FSO1116A_P01 does."""
    return parsed.scenario.circuit is Circuit.HISTORIQUE and parsed.syntax is Syntax.CII


def _finding(fault: SchemaFault) -> Finding:
    return Finding(
        rule=XSD_RULE,
        severity=Severity.FATAL,
        stage=Stage.VALIDATE,
        motive=Motive.IRR_SYNTAX,
        message=fault.message,
        conseil=fault.conseil,
        location=fault.place.location,
        line=fault.place.line,
        column=fault.place.column,
        found=fault.found,
        expected=fault.expected,
    )
