"""Check: every rule that applies is run, then one verdict: a supplier learns all his faults."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import msgspec

from chorus_edi.domain.dossier import Checked, Parsed, Place, Resolved
from chorus_edi.domain.findings import (
    Finding,
    Findings,
    NotChecked,
    Outcome,
    Passed,
    Refused,
    Severity,
    Stage,
    excerpt,
)
from chorus_edi.domain.labels import Label
from chorus_edi.domain.money import LONGEST
from chorus_edi.domain.motives import Motive
from chorus_edi.domain.reform import is_domestic
from chorus_edi.domain.scenarios import BELOW_EN16931, Circuit, RuleSet, contradicts_interface
from chorus_edi.domain.terms import TERMS, addresses_of
from chorus_edi.rules.plan import Hit, Plan, finding_of, seen_at
from chorus_edi.rules.registry import Confidence
from chorus_edi.rules.sets import in_force, labels_for, plan_of

CADRE_RULE = "CE-CADRE-01"
IDENTITY_RULE = "CE-ID-01"
NUMBER_RULE = "CE-NUM-01"
FUTURE_RULE = "G1.07"
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIMED = re.compile(r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})(?:T.*|Z|[+-][0-9]{2}:[0-9]{2})")

# What CE-ID-01 says of each case.
_NO_NUMBER = Label("La facture n'a pas de numéro (BT-1).", "The invoice has no number (BT-1).")
_NO_DAY = Label(
    "La facture n'a pas de date d'émission (BT-2).", "The invoice has no issue date (BT-2)."
)
_UNREADABLE = Label(
    "La date d'émission (BT-2) est illisible : il faut un jour, un mois et une année.",
    "The issue date (BT-2) cannot be read: it must have a day, a month and a year.",
)
_TOO_PRECISE = Label(
    "La date d'émission (BT-2) porte une heure ou un fuseau horaire.",
    "The issue date (BT-2) carries an hour or a time zone.",
)


class PlatformRule(NamedTuple):
    """Identity card of a rule that the flow itself demands; source where it is a published one.

    ``circuit`` is the only one where it holds; None where it holds in all.
    """

    message: Label
    conseil: str
    motive: Motive = Motive.REJ_SEMAN
    terms: tuple[str, ...] = ()
    source: str = ""
    confidence: Confidence | None = None
    severity: Severity = Severity.FATAL
    circuit: Circuit | None = None


RULES: dict[str, PlatformRule] = {
    CADRE_RULE: PlatformRule(
        Label(
            "Le cadre de facturation (BT-23) n'est pas de la famille du code interface du flux.",
            "The billing framework (BT-23) is not of the family of the flow's interface code.",
        ),
        "Corrigez le cadre de facturation ou déposez la facture sous l'interface de son circuit.",
    ),
    IDENTITY_RULE: PlatformRule(
        Label(
            "La facture n'a pas de numéro (BT-1) ou de date (BT-2) lisible.",
            "The invoice has no readable number (BT-1) or date (BT-2).",
        ),
        "Indiquez le numéro de la facture et sa date d'émission complète : jour, mois, année.",
    ),
    NUMBER_RULE: PlatformRule(
        Label(
            f"Un nombre est illisible : il a plus de {LONGEST} caractères, ou n'en est pas un.",
            f"A number cannot be read: it has more than {LONGEST} characters, or is none.",
        ),
        "Écrivez ce nombre en chiffres, avec un point décimal s'il le faut, et rien d'autre.",
    ),
    FUTURE_RULE: PlatformRule(
        Label(
            "La date de la facture (BT-2) est postérieure à son dépôt.",
            "The date of the invoice (BT-2) is later than its deposit.",
        ),
        "Corrigez la date de la facture, ou déposez-la ce jour-là.",
        terms=("BT-2",),
        source="Annexe 7 V1.9, G1.07",
        confidence=Confidence.PUBLISHED,
        circuit=Circuit.HISTORIQUE,
    ),
}


def weighable_in(circuit: Circuit | None) -> frozenset[str]:
    """Return the rules of this step whose severity may be changed: those that were published."""
    return frozenset({FUTURE_RULE} if circuit is RULES[FUTURE_RULE].circuit else ())


_BELOW = "Profil plus court que la norme, que cette syntaxe ne connaît pas."
_NOT_IN_FORCE = "Jeu de règles pas en vigueur ce jour-là."
_NOT_PUBLIC = "Sans objet : ni note ADN ni annuaire ne disent que le destinataire est public."
_NO_CIRCUIT = (
    "Facture entre parties de France sans signe d'un circuit : ni cadre (BT-23), ni note BAR ou "
    "ADN, ni adresse 0225."
)
_NO_SCHEMA = "Non appliqué : le fichier n'est pas conforme à son schéma."

Step = Callable[[Resolved], Outcome[Checked]]
Unresolved = Callable[[Parsed], tuple[NotChecked, ...]]


def checker(requested: Sequence[RuleSet] | None, unresolved: Unresolved) -> Step:
    """Build the step.

    Args:
        requested: sets to apply whatever the document claims; None chooses by its scenario.
        unresolved: says what the resolve step could not check of a document, and why.
    """

    def check(resolved: Resolved) -> Outcome[Checked]:
        parsed = resolved.parsed
        sets = _applicable(resolved, requested)
        profile = parsed.scenario.judged_as if requested is None else None
        labels = labels_for(sets, parsed.detected.document.day, profile)
        checked = Checked(
            resolved=resolved,
            rule_sets=labels,
            not_checked=(*_missing(resolved, requested, sets), *unresolved(parsed)),
        )
        findings = _platform_findings(parsed, sets) if requested is None else ()
        unreadable = tuple(_unreadable_numbers(parsed))
        findings += (*unreadable, *_dates_to_come(parsed, sets))
        findings += _but_for(unreadable, _rule_findings(parsed, plan_of(labels, parsed.syntax)))
        if any(finding.fatal for finding in findings):
            return Refused(findings, checked)
        return Passed(checked, findings)

    return check


def asked(parsed: Parsed, requested: Sequence[RuleSet] | None) -> tuple[RuleSet, ...]:
    """Return the sets that ought to judge a document: those asked for, else its scenario's."""
    return parsed.scenario.rule_sets if requested is None else tuple(requested)


def unapplied(parsed: Parsed, requested: Sequence[RuleSet] | None) -> tuple[NotChecked, ...]:
    """Say which sets were not applied to a document that stopped at its schema."""
    return tuple(NotChecked(name.value, _NO_SCHEMA) for name in asked(parsed, requested))


def none_in_force(parsed: Parsed, requested: Sequence[RuleSet] | None) -> bool:
    """True where sets ought to judge a document, and none of them judges what its day brought."""
    sets, day = asked(parsed, requested), parsed.detected.document.day
    return bool(sets) and all(in_force(name, day) is None for name in sets)


def _applicable(resolved: Resolved, requested: Sequence[RuleSet] | None) -> tuple[RuleSet, ...]:
    """Return the sets that do judge it: in force, meant for its profile and its recipient."""
    parsed = resolved.parsed
    return tuple(
        name
        for name in asked(parsed, requested)
        if in_force(name, parsed.detected.document.day) is not None
        and (requested is not None or not (_above(parsed, name) or _private(resolved, name)))
    )


def _private(resolved: Resolved, name: RuleSet) -> bool:
    """True for the rules on invoices to public bodies, where nothing says it is one."""
    return name is RuleSet.CHORUS_B2G and not resolved.public


def _above(parsed: Parsed, name: RuleSet) -> bool:
    scenario = parsed.scenario
    below = scenario.profile in BELOW_EN16931 and scenario.judged_as is None
    return name is RuleSet.EN16931 and below


def _missing(
    resolved: Resolved, requested: Sequence[RuleSet] | None, applied: Sequence[RuleSet]
) -> tuple[NotChecked, ...]:
    missing = tuple(
        NotChecked(name.value, _why_missing(resolved, name))
        for name in asked(resolved.parsed, requested)
        if name not in applied
    )
    if requested is None and _may_be_of_a_circuit(resolved.parsed):
        return (*missing, NotChecked(RuleSet.BR_FR.value, _NO_CIRCUIT))
    return missing


def _may_be_of_a_circuit(parsed: Parsed) -> bool:
    """True where nothing names a circuit, though French rules judge what French parties send."""
    return parsed.scenario.circuit is None and is_domestic(parsed.invoice)


def _why_missing(resolved: Resolved, name: RuleSet) -> str:
    if in_force(name, resolved.parsed.detected.document.day) is None:
        return _NOT_IN_FORCE
    return _BELOW if _above(resolved.parsed, name) else _NOT_PUBLIC


def _rule_findings(parsed: Parsed, plan: Plan) -> Findings:
    hits = plan.examine(parsed.invoice)
    offences = parsed.inspect(plan.demands)
    if not hits and not offences:
        return ()
    places = parsed.locate([hit.address for hit in hits])
    placed = _with_strays(parsed, list(zip(hits, places, strict=True)))
    found = tuple(finding_of(hit, place) for hit, place in placed)
    return found + tuple(finding_of(plan.hit_by(one), one.place) for one in offences)


def _with_strays(parsed: Parsed, placed: list[tuple[Hit, Place]]) -> list[tuple[Hit, Place]]:
    """Give the codes that the model has no place for the place where they stand in the XML."""
    strays = [number for number, (hit, _) in enumerate(placed) if hit.breach.stray]
    if strays:
        hits = [placed[number][0] for number in strays]
        sightings = parsed.sight([(hit.rule.id, str(hit.breach.found)) for hit in hits])
        for number, hit, seen in zip(strays, hits, sightings, strict=True):
            if seen is not None:
                placed[number] = seen_at(hit, seen.address), seen.place
    return placed


def _platform_findings(parsed: Parsed, applied: Sequence[RuleSet]) -> Findings:
    """Check what the flow itself demands, whatever the rule sets."""
    claim = parsed.claim
    findings: list[Finding] = []
    # The set of the historic circuit has its own rule on what a cadre may be (CE-CADRE-02).
    if contradicts_interface(claim) and RuleSet.CHORUS_HISTORIQUE not in applied:
        address = "CE-CHORUS/CE-CADRE" if _cadre_apart(parsed) else "BG-2/BT-23"
        findings.append(_finding(parsed, CADRE_RULE, address, claim.process))
    findings.extend(_identity_findings(parsed, RuleSet.EN16931 in applied))
    return tuple(findings)


def _identity_findings(parsed: Parsed, absence_told: bool) -> Iterator[Finding]:
    """Demand a number and a day: without them nothing can be unique in its year.

    ``absence_told``: BR-02 and BR-03 say what is missing; a day that is none is said by no rule.
    """
    number, day = parsed.invoice.number, parsed.invoice.issue_date
    if not (absence_told or (number or "").strip()):
        finding = _finding(parsed, IDENTITY_RULE, "BT-1", number)
        yield msgspec.structs.replace(finding, message=_NO_NUMBER)
    unreadable = _DATE.fullmatch(day or "") is None
    if unreadable and not (absence_told and not (day or "").strip()):
        yield _told_of_day(_finding(parsed, IDENTITY_RULE, "BT-2", day), day or "")


def _told_of_day(finding: Finding, day: str) -> Finding:
    """Say what is wrong with a day: missing, with an hour or a time zone, or none at all."""
    timed = _TIMED.fullmatch(day.strip())
    if timed is None:
        return msgspec.structs.replace(finding, message=_UNREADABLE if day.strip() else _NO_DAY)
    return msgspec.structs.replace(
        finding,
        message=_TOO_PRECISE,
        conseil="Écrivez la date seule, sans heure ni fuseau horaire.",
        expected=timed["day"],
    )


def _unreadable_numbers(parsed: Parsed) -> Iterator[Finding]:
    """Tell the numbers that the model lacks though they are written: rules call them absent."""
    doubtful = [address for address in parsed.irregular if _is_number(address)]
    present = {address for address, _ in addresses_of(parsed.invoice)} if doubtful else set()
    for address in doubtful:
        if address not in present:
            yield _finding(parsed, NUMBER_RULE, address, None)


def _dates_to_come(parsed: Parsed, applied: Sequence[RuleSet]) -> Iterator[Finding]:
    """Tell an issue date after the day of deposit, which the model does not hold."""
    day, deposited = parsed.invoice.issue_date or "", parsed.detected.document.deposited.isoformat()
    if RuleSet.CHORUS_HISTORIQUE in applied and _DATE.fullmatch(day) and day > deposited:
        yield _finding(parsed, FUTURE_RULE, "BT-2", day, f"{deposited} au plus tard")


def _but_for(unreadable: Findings, findings: Findings) -> Findings:
    """Leave out what calls a number absent that is there, but cannot be read: it was told."""
    if not unreadable:
        return findings
    told = {finding.address for finding in unreadable}
    return tuple(f for f in findings if f.found is not None or f.address not in told)


def _is_number(address: str) -> bool:
    data_type = TERMS[_term_of(address)].data_type
    return data_type is not None and data_type.number


def _term_of(address: str) -> str:
    return address.rpartition("/")[2].partition("[")[0]


def _cadre_apart(parsed: Parsed) -> bool:
    chorus = parsed.invoice.chorus
    return chorus is not None and chorus.cadre == parsed.claim.process


def _finding(
    parsed: Parsed, rule: str, address: str, found: str | None, expected: str | None = None
) -> Finding:
    (place,) = parsed.locate([address])
    card = RULES[rule]
    return Finding(
        rule=rule,
        severity=Severity.FATAL,
        stage=Stage.CHECK,
        motive=card.motive,
        message=card.message,
        conseil=card.conseil,
        terms=(_term_of(address),),
        address=address,
        location=place.location,
        line=place.line,
        column=place.column,
        found=None if found is None else excerpt(found),
        expected=expected,
    )
