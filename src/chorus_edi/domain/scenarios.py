"""The one table from what a document claims to be to its schema, rule sets and circuit."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import NamedTuple

import msgspec


class Container(StrEnum):
    """How the invoice data travel; ``COMPANION`` is a file that holds none, and comes with some."""

    XML = "xml"
    FACTUR_X = "factur-x"
    PDF = "pdf"
    COMPANION = "accompagnement"


class Syntax(StrEnum):
    """Grammar of the invoice data."""

    UBL_INVOICE = "UBL-Invoice"
    UBL_CREDIT_NOTE = "UBL-CreditNote"
    CII = "CII"


class Circuit(StrEnum):
    """Which body of rules an invoice follows (facts: chorus-pro 0)."""

    HISTORIQUE = "historique"
    AFNOR = "afnor"


class RuleSet(StrEnum):
    """Sets that ``validate --rules`` may name."""

    EN16931 = "en16931"
    BR_FR = "br-fr"
    CHORUS_B2G = "chorus-b2g"
    CHORUS_HISTORIQUE = "chorus-historique"


class Profile(StrEnum):
    """What BT-24 claims."""

    MINIMUM = "minimum"
    BASIC_WL = "basicwl"
    BASIC = "basic"
    EN16931 = "en16931"
    EXTENDED = "extended"
    EXTENDED_CTC_FR = "extended-ctc-fr"
    XRECHNUNG = "xrechnung"
    PEPPOL = "peppol"


_UBL = "urn:oasis:names:specification:ubl:schema:xsd"
_CII = "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"
BELOW_EN16931 = frozenset({Profile.MINIMUM, Profile.BASIC_WL})
"""Profiles that hold less than an invoice of EN 16931: its rules do not judge them."""

FACTUR_X = frozenset({*BELOW_EN16931, Profile.BASIC, Profile.EN16931, Profile.EXTENDED})
"""Profiles of Factur-X that have rules of their own."""

_PROFILES_OF_THE_REFORM = frozenset({Profile.EXTENDED_CTC_FR})

ROOTS: dict[str, Syntax] = {
    f"{{{_UBL}:Invoice-2}}Invoice": Syntax.UBL_INVOICE,
    f"{{{_UBL}:CreditNote-2}}CreditNote": Syntax.UBL_CREDIT_NOTE,
    f"{{{_CII}}}CrossIndustryInvoice": Syntax.CII,
}
"""Root element (Clark name) → syntax."""

_CADRE_HISTORIQUE = re.compile(r"A(?:[1-9]|1[0-9]|2[0-5])")
_CADRE_AFNOR = re.compile(r"[BSM][0-9]")
_LIKE_CADRE_AFNOR = re.compile(r"[BSM]\s*[0-9]{1,2}", re.IGNORECASE)

_PROFILES: tuple[tuple[str, Profile], ...] = (
    # First match wins: the most specific claim stands above what it contains.
    ("extended-ctc-fr", Profile.EXTENDED_CTC_FR),
    ("xrechnung", Profile.XRECHNUNG),
    ("peppol", Profile.PEPPOL),
    ("1p0:minimum", Profile.MINIMUM),
    ("2p0:minimum", Profile.MINIMUM),
    ("1p0:basicwl", Profile.BASIC_WL),
    ("2p0:basicwl", Profile.BASIC_WL),
    ("1p0:basic", Profile.BASIC),
    ("2p0:basic", Profile.BASIC),
    ("1p0:extended", Profile.EXTENDED),
    ("2p0:extended", Profile.EXTENDED),
    ("urn:cen.eu:en16931:2017", Profile.EN16931),
    ("1p0:en16931", Profile.EN16931),
    ("1p0:comfort", Profile.EN16931),
)


class Claim(msgspec.Struct, frozen=True, kw_only=True):
    """What a document says it is, before anything of it is believed.

    Attributes:
        syntax: grammar of its root element.
        container: how the data travel.
        specification: BT-24.
        process: BT-23 (for UBL of the historic circuit, the CategoryCode extension).
        imposed: the circuit of the interface that the flow was sent by, where it names one.
        dates_without_format: CII whose BT-2 carries no ``format`` attribute.
        historic_fields: UBL with the CategoryCode extension or ``schemeName`` 1-7 on a party
            identifier.
        follows_the_reform: a note or an address that only the French reform knows, see
            ``domain/reform.py``.
    """

    syntax: Syntax
    container: Container
    specification: str | None = None
    process: str | None = None
    imposed: Circuit | None = None
    dates_without_format: bool = False
    historic_fields: bool = False
    follows_the_reform: bool = False


class Nature(NamedTuple):
    """What a document is, as far as that chooses who judges it by EN 16931."""

    syntax: Syntax
    container: Container
    profile: Profile | None


class Scenario(msgspec.Struct, frozen=True, kw_only=True):
    """How a document is judged.

    Attributes:
        circuit: None where neither the document nor its sender says.
        profile: what BT-24 claims; None where it claims nothing known.
        judged_as: the profile whose own rules judge it instead of those of EN 16931; see
            ``judging_profile``.
        schema: id of an artefact of ``schemas/MANIFEST.toml``.
        rule_sets: sets that apply under ``auto``, in order.
    """

    circuit: Circuit | None
    profile: Profile | None
    judged_as: Profile | None = None
    schema: str
    rule_sets: tuple[RuleSet, ...]


def cadre_family(code: str | None) -> Circuit | None:
    """Return the circuit whose list of cadres a code belongs to (A1…A25, or B/S/M and a digit)."""
    if code is None:
        return None
    code = code.strip()
    if _CADRE_HISTORIQUE.fullmatch(code):
        return Circuit.HISTORIQUE
    return Circuit.AFNOR if _CADRE_AFNOR.fullmatch(code) else None


def circuit_of(claim: Claim, default: Circuit | None) -> Circuit | None:
    """Return the circuit of a document: the first sign that speaks, else the sender's default.

    What only looks like a cadre of the reform (``s1``, ``S 1``, ``B10``) is a sign too, the last
    one: its rules then say that the cadre is wrong.
    """
    if claim.imposed is not None:
        return claim.imposed
    if Circuit.HISTORIQUE in (cadre_family(claim.process), cadre_family(claim.specification)):
        return Circuit.HISTORIQUE
    if cadre_family(claim.process) is Circuit.AFNOR:
        return Circuit.AFNOR
    if claim.dates_without_format or claim.historic_fields:
        return Circuit.HISTORIQUE
    if claim.follows_the_reform or profile_of(claim.specification) in _PROFILES_OF_THE_REFORM:
        return Circuit.AFNOR
    # A code that only looks like one of the historic list is no sign: its rules replace the others.
    return Circuit.AFNOR if _LIKE_CADRE_AFNOR.fullmatch(claim.process or "") else default


def contradicts_interface(claim: Claim) -> bool:
    """True where BT-23 is of the other family than the flow's interface."""
    family = cadre_family(claim.process)
    return claim.imposed is not None and family is not None and family is not claim.imposed


def profile_of(specification: str | None) -> Profile | None:
    """Return the profile that BT-24 claims."""
    claimed = (specification or "").strip().lower()
    return next((profile for part, profile in _PROFILES if part in claimed), None)


def judging_profile(nature: Nature, circuit: Circuit | None) -> Profile | None:
    """Return the profile whose own rules judge a document instead of those of EN 16931.

    EXTENDED-CTC-FR, the French extension, has rules in both syntaxes, in a PDF and alone. The
    profiles of Factur-X are CII: alone, it is an invoice of the norm where it claims EN 16931, and
    what a Factur-X carries, taken out of its PDF, where it claims another profile.
    """
    if circuit is Circuit.HISTORIQUE:
        return None
    if nature.profile is Profile.EXTENDED_CTC_FR:
        return nature.profile
    if nature.syntax is not Syntax.CII:
        return None
    alone = nature.container is not Container.FACTUR_X
    if nature.profile not in FACTUR_X or (alone and nature.profile is Profile.EN16931):
        return None
    return nature.profile


_UBL_SCHEMAS = {
    Syntax.UBL_INVOICE: "ubl-invoice-2.1",
    Syntax.UBL_CREDIT_NOTE: "ubl-creditnote-2.1",
}
_FACTURX_SCHEMAS = {
    Profile.MINIMUM: "facturx-minimum",
    Profile.BASIC_WL: "facturx-basicwl",
    Profile.BASIC: "facturx-basic",
    Profile.EN16931: "facturx-en16931",
    Profile.XRECHNUNG: "facturx-en16931",
    Profile.EXTENDED: "facturx-extended",
}
RULE_SETS: dict[Circuit | None, tuple[RuleSet, ...]] = {
    Circuit.HISTORIQUE: (RuleSet.CHORUS_HISTORIQUE,),
    Circuit.AFNOR: (RuleSet.EN16931, RuleSet.BR_FR, RuleSet.CHORUS_B2G),
    None: (RuleSet.EN16931,),
}
"""Circuit → sets that apply under ``auto``, in order."""


def scenario_for(claim: Claim, default: Circuit | None) -> Scenario:
    """Return how a document is judged.

    UBL is judged by UBL 2.1. CII is judged by D22B, save Factur-X outside the historic circuit,
    which is judged by the schema of its own profile.
    """
    circuit = circuit_of(claim, default)
    profile = profile_of(claim.specification)
    schema = _UBL_SCHEMAS.get(claim.syntax, "cii-d22b")
    if claim.container is Container.FACTUR_X and circuit is not Circuit.HISTORIQUE and profile:
        schema = _FACTURX_SCHEMAS.get(profile, schema)
    return Scenario(
        circuit=circuit,
        profile=profile,
        judged_as=judging_profile(Nature(claim.syntax, claim.container, profile), circuit),
        schema=schema,
        rule_sets=RULE_SETS[circuit],
    )
