"""What an official sheet (the authority's Schematron, as XSLT) says of a document."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

import msgspec

from chorus_edi.domain.scenarios import RULE_SETS, Circuit, Profile, RuleSet, Syntax


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

    @property
    def warnings(self) -> frozenset[str]:
        """The published ids of what only informs."""
        return frozenset(fired.rule for fired in self.fired if not fired.fatal)


_UBL_SHEETS = {Profile.EXTENDED_CTC_FR: "extended-ctc-fr-ubl"}
_CII_SHEETS = {
    Profile.MINIMUM: "facturx-minimum-rules",
    Profile.BASIC_WL: "facturx-basicwl-rules",
    Profile.BASIC: "facturx-basic-rules",
    Profile.EXTENDED: "facturx-extended-rules",
    Profile.EXTENDED_CTC_FR: "extended-ctc-fr-cii",
}
_FRENCH_SHEETS = {
    Syntax.UBL_INVOICE: "br-fr-flux2-ubl",
    Syntax.UBL_CREDIT_NOTE: "br-fr-flux2-ubl",
    Syntax.CII: "br-fr-flux2-cii",
}


def sheets_for(
    syntax: Syntax | None,
    profile: Profile | None,
    circuit: Circuit | None,
    requested: Sequence[RuleSet] | None,
) -> tuple[str, ...]:
    """Return the sheets that judge a document (ids of ``schemas/MANIFEST.toml``).

    That of its syntax and profile, then the French one where it applies. No authority published a
    sheet for the historic circuit: its documents have one only where rule sets are asked for.
    """
    if syntax is None:
        return ()
    asked = set(requested) if requested is not None else set(RULE_SETS[circuit])
    sheets: tuple[str, ...] = ()
    if RuleSet.EN16931 in asked:
        known = _CII_SHEETS if syntax is Syntax.CII else _UBL_SHEETS
        usual = "facturx-en16931-rules" if syntax is Syntax.CII else "en16931-ubl"
        sheets = (known.get(profile, usual) if profile else usual,)
    return (*sheets, _FRENCH_SHEETS[syntax]) if RuleSet.BR_FR in asked else sheets
