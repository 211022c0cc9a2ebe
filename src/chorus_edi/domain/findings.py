"""What an examination found, and what it adds up to.

A refusal is a value: it leaves a step by the same door as an acceptance.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Generic, TypeAlias, TypeVar

import msgspec

from chorus_edi.domain.labels import Label
from chorus_edi.domain.motives import Motive

T = TypeVar("T")

LONGEST = 200
"""Characters shown of a value that was found: hostile ones have millions."""


class Severity(StrEnum):
    """How much a finding weighs."""

    FATAL = "fatal"
    WARNING = "warning"


SEVERITIES_FR = {"bloquante": Severity.FATAL, "avertissement": Severity.WARNING}
"""What people call a severity, and write in a configuration."""


class Stage(StrEnum):
    """Which step made a finding; the first four judge the flow, the last three one invoice."""

    UNPACK = "unpack"
    DETECT = "detect"
    PARSE = "parse"
    VALIDATE = "validate"
    RESOLVE = "resolve"
    CHECK = "check"
    DECIDE = "decide"

    @property
    def technical(self) -> bool:
        """True where one fatal finding makes the whole flow irrecevable (facts 1.8)."""
        return self in _TECHNICAL


_TECHNICAL = frozenset({Stage.UNPACK, Stage.DETECT, Stage.PARSE, Stage.VALIDATE})


class Finding(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One sentence of a rejection report.

    Attributes:
        rule: id of the rule (``BR-CO-10``, ``CE-XSD``); the authority's where there is one.
        severity: fatal refuses, warning informs.
        stage: the step that made it.
        motive: the official motive a fatal finding gives the refusal.
        message: what is wrong, in both languages.
        conseil: what to change, one French sentence.
        terms: business terms concerned, the first being the one at fault (``BT-131``).
        address: place in the semantic model, with indices from 1 (``BG-25[2]/BT-131``).
        location: XPath that selects the element in the sender's own file.
        line: line in the sender's file, from 1; None where there is no place.
        column: column, from 1.
        found: value found, as written; its beginning, where it is long.
        expected: value expected, where there is one.
    """

    rule: str
    severity: Severity
    stage: Stage
    motive: Motive
    message: Label
    conseil: str = ""
    terms: tuple[str, ...] = ()
    address: str = ""
    location: str = ""
    line: int | None = None
    column: int | None = None
    found: str | None = None
    expected: str | None = None

    @property
    def fatal(self) -> bool:
        """True where it refuses."""
        return self.severity is Severity.FATAL


Findings: TypeAlias = tuple[Finding, ...]


def excerpt(value: str) -> str:
    """Return a value as a finding shows it: its beginning, with … where there is more."""
    # A plain text, whatever a library's text drags along (a tree, which no worker could send).
    return str(value) if len(value) <= LONGEST else f"{value[:LONGEST]}…"


def visible(value: str) -> str:
    """Return a value as people read it: with the blanks around it, which may be all that is wrong.

    Nothing, which would not be seen at all, is ``(vide)``.
    """
    return f'"{value}"' if value != value.strip() else value or "(vide)"


class NotChecked(msgspec.Struct, frozen=True):
    """A rule, or a set of rules, that was not applied, and why (French)."""

    rule: str
    reason: str


class Passed(msgspec.Struct, Generic[T], frozen=True):
    """The step produced its value, perhaps with remarks."""

    value: T
    findings: Findings = ()


class Refused(msgspec.Struct, frozen=True):
    """The step stops here; the findings say why. ``reached`` is the last value made, if any."""

    findings: Findings
    reached: object = None


Outcome: TypeAlias = Passed[T] | Refused
