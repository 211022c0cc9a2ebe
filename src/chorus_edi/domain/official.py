"""What an official sheet (the authority's Schematron, as XSLT) says of a document."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

import msgspec

from chorus_edi.domain.scenarios import (
    RULE_SETS,
    Circuit,
    Nature,
    Profile,
    RuleSet,
    Syntax,
    judging_profile,
)


class SheetOutcome(StrEnum):
    """What a sheet concludes; a sheet that gives no report concludes nothing."""

    VALID = "valid"
    INVALID = "invalid"
    UNDECIDED = "undecided"


class Fired(msgspec.Struct, frozen=True):
    """One assertion of a sheet that a document does not meet, or one report that it provokes.

    Attributes:
        rule: the published id; the text, for a report that has none.
        fatal: True where it makes the document invalid.
        text: what the sheet says of it, white space folded.
        id: the id the sheet itself gives (``FX-SCH-A-000047``), empty where it gives none.
    """

    rule: str
    fatal: bool
    text: str
    id: str = ""


class SheetVerdict(msgspec.Struct, frozen=True, kw_only=True):
    """The verdict of one sheet on one document.

    Attributes:
        sheet: id of the artefact (``schemas/MANIFEST.toml``).
        fired: each assertion once, in the order of the report.
        undecided: why the sheet gave no report (its dynamic error, its crash, its deadline); empty
            where it gave one.
    """

    sheet: str
    fired: tuple[Fired, ...] = ()
    undecided: str = ""

    @property
    def outcome(self) -> SheetOutcome:
        """The verdict: warnings do not make a document invalid."""
        if self.undecided:
            return SheetOutcome.UNDECIDED
        return SheetOutcome.INVALID if self.fatal else SheetOutcome.VALID

    @property
    def fatal(self) -> frozenset[str]:
        """The published ids that make the document invalid."""
        return frozenset(fired.rule for fired in self.fired if fired.fatal)

    def on_en16931(self) -> SheetVerdict:
        """Return what it says of EN 16931 alone, under the ids of EN 16931."""
        told = ((share(self.sheet, fired), fired) for fired in self.fired)
        fired = (msgspec.structs.replace(one, rule=rule) for rule, one in told if rule is not None)
        return msgspec.structs.replace(self, fired=tuple(fired))

    @property
    def warnings(self) -> frozenset[str]:
        """The published ids of what only informs."""
        return frozenset(fired.rule for fired in self.fired if not fired.fatal)


class Asked(NamedTuple):
    """One sheet that a document is put before.

    Attributes:
        sheet: id of the artefact.
        en16931_only: what it says of EN 16931 alone counts: it is the sheet of a profile, asked in
            the place of the one of EN 16931 for CII, which no package holds.
    """

    sheet: str
    en16931_only: bool = False


UBL = "en16931-ubl"
CII = "facturx-en16931-rules"
CTC = "extended-ctc-fr-cii"
CTC_UBL = "extended-ctc-fr-ubl"
EN16931_SHEETS = {"ubl": (Asked(UBL),), "cii": (Asked(CII, True), Asked(CTC, True))}
"""The sheets that hold EN 16931, the one that decides where both hold a rule first."""

CII_CODE_LISTS = {
    # The sheet of the profile checks code lists under ids of its own. EXTENDED-CTC-FR-CII holds
    # the others under their published ids; these it replaces by broader ones of the extension.
    "FX-SCH-A-000282": "BR-CL-07",
    "FX-SCH-A-000617": "BR-CL-07",
    "FX-SCH-A-000567": "BR-CL-10",
    "FX-SCH-A-000579": "BR-CL-10",
    "FX-SCH-A-000597": "BR-CL-10",
    "FX-SCH-A-000604": "BR-CL-20",
    "FX-SCH-A-000624": "BR-CL-20",
    "FX-SCH-A-000287": "BR-CL-24",
}
"""Id of an assertion of FACTUR-X_EN16931 → the published rule it checks."""

_CTC_SHARE = re.compile(r"(BR-CL|CII-SR|CII-DT)-\d+")
_PROFILE_SHARE = re.compile(r"BR-(?!CL-).*|CII-SR-\d+")


def share(sheet: str, fired: Fired) -> str | None:
    """Return the rule of EN 16931 that a firing tells; None where this sheet has no say in it.

    UBL: every id. CII: BR-* (but the code lists) and CII-SR of FACTUR-X_EN16931 and its code lists
    that the map above names; BR-CL, CII-SR and CII-DT of EXTENDED-CTC-FR-CII.
    """
    if sheet == UBL:
        return fired.rule
    if sheet == CTC:
        return fired.rule if _CTC_SHARE.fullmatch(fired.rule) else None
    if fired.id in CII_CODE_LISTS:
        return CII_CODE_LISTS[fired.id]
    return fired.rule if _PROFILE_SHARE.fullmatch(fired.rule) else None


_FACTUR_X_SHEETS = {
    Profile.MINIMUM: "facturx-minimum-rules",
    Profile.BASIC_WL: "facturx-basicwl-rules",
    Profile.BASIC: "facturx-basic-rules",
    Profile.EN16931: CII,
    Profile.EXTENDED: "facturx-extended-rules",
}
_FRENCH_SHEETS = {
    Syntax.UBL_INVOICE: Asked("br-fr-flux2-ubl"),
    Syntax.UBL_CREDIT_NOTE: Asked("br-fr-flux2-ubl"),
    Syntax.CII: Asked("br-fr-flux2-cii"),
}


def sheets_for(
    nature: Nature, circuit: Circuit | None, requested: Sequence[RuleSet] | None
) -> tuple[Asked, ...]:
    """Return the sheets that judge a document as we do.

    That of its profile or of EN 16931, then the French one where it applies. No authority published
    a sheet for the historic circuit: its documents have one only where rule sets are asked for.

    Args:
        nature: what the document is.
        circuit: its circuit.
        requested: rule sets asked for, whatever it claims; None: those of its scenario.
    """
    asked = set(requested) if requested is not None else set(RULE_SETS[circuit])
    sheets: tuple[Asked, ...] = ()
    if RuleSet.EN16931 in asked:
        sheets = _of_en16931(nature, circuit) if requested is None else _usual(nature.syntax)
    return (*sheets, _FRENCH_SHEETS[nature.syntax]) if RuleSet.BR_FR in asked else sheets


def _of_en16931(nature: Nature, circuit: Circuit | None) -> tuple[Asked, ...]:
    profile = judging_profile(nature, circuit)
    if profile is None:
        return _usual(nature.syntax)
    if profile is Profile.EXTENDED_CTC_FR:
        return (Asked(CTC if nature.syntax is Syntax.CII else CTC_UBL),)
    return (Asked(_FACTUR_X_SHEETS[profile]),)


def _usual(syntax: Syntax) -> tuple[Asked, ...]:
    return EN16931_SHEETS["cii" if syntax is Syntax.CII else "ubl"]
