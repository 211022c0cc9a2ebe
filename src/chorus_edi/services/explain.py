"""What a code met on a screen or in a report means: rule, motive, status or business term."""

from __future__ import annotations

import difflib
import importlib
import pkgutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, partial
from types import ModuleType
from typing import Any, NamedTuple

import msgspec

from chorus_edi import pipeline, stages
from chorus_edi.domain import motives, statuses
from chorus_edi.domain.cadres import CADRES
from chorus_edi.domain.findings import Severity
from chorus_edi.domain.labels import Label
from chorus_edi.domain.lifecycle import FLUX_TRANSITIONS, TRANSITIONS
from chorus_edi.domain.motives import Motive
from chorus_edi.domain.processing_motives import PROCESSING_MOTIVES, ProcessingMotive, Use
from chorus_edi.domain.scenarios import Circuit, Profile, RuleSet, cadre_family
from chorus_edi.domain.statuses import DocumentState, FluxState, InvoiceStatus
from chorus_edi.domain.terms import ROOT, SUB_TERMS, TERMS, Term, label_of
from chorus_edi.domain.unused_statuses import (
    UNUSED_FLUX_STATES,
    UNUSED_INVOICE_STATUSES,
    Unused,
)
from chorus_edi.formats.svrl import published_id
from chorus_edi.rules import chorus_b2g
from chorus_edi.rules.br_fr.unjudged import UNJUDGED
from chorus_edi.rules.extended_ctc_fr.profile import changes_of
from chorus_edi.rules.registry import CATALOGUE, Confidence, Rule
from chorus_edi.rules.sets import profile_version, versions
from chorus_edi.services import explain_facturx
from chorus_edi.services.explain_facturx import profile_ids, profiles_of
from chorus_edi.services.places import places_of
from chorus_edi.services.rule_details import SEVERITY_NAMES, details_of, motive_text, terms


class Explanation(msgspec.Struct, frozen=True):
    """What a code means.

    Attributes:
        code: the code, as it is officially written.
        nature: what kind of code it is, French.
        title: its meaning, French.
        details: French name and text of what more there is to say, in reading order; a text may
            have several lines, the first of which sums it up.
    """

    code: str
    nature: str
    title: str
    details: tuple[tuple[str, str], ...] = ()


class Card(NamedTuple):
    """What the tables of stages and pipeline have in common; they differ in what they add."""

    message: Label
    conseil: str
    terms: tuple[str, ...]
    motive: Motive | None
    source: str
    confidence: Confidence | None
    severity: Severity | None
    circuit: Circuit | None
    in_afnor: str


def explain(code: str) -> Explanation | None:
    """Explain a code, whatever its case; None where nothing has this code.

    A sheet gives each control of a rule its own id (``BR-FR-15_BT-95_BT-118``): the rule is told.
    """
    asked = code.strip().upper()
    tell = _index().get(asked) or _index().get(published_id(asked, ""))
    return tell() if tell else None


def near(code: str) -> list[str]:
    """Return up to three known codes that look like one."""
    return difflib.get_close_matches(code.strip().upper(), list(_index()), n=3)


@cache
def _index() -> dict[str, Callable[[], Explanation]]:
    """Return every code, in capitals, and how to explain it; the first to claim a code keeps it."""
    sources: list[tuple[str, Callable[[], Explanation]]] = [
        *((rule.id, partial(_rule, rule)) for rule in _rules().values()),
        *((rule_id, partial(_profile_rule, rule_id)) for rule_id in profile_ids()),
        *((one.id, partial(_unjudged, one)) for one in (*UNJUDGED, *chorus_b2g.UNJUDGED)),
        *((code, partial(_card, code, card)) for code, card in platform_rules().items()),
        *((motive.value, partial(_motive, motive)) for motive in Motive),
        *((motive.value, partial(_processing, motive)) for motive in ProcessingMotive),
        *((state.value, partial(_flux_state, state)) for state in FluxState),
        *((status.value, partial(_invoice_status, status)) for status in InvoiceStatus),
        *((state.value, partial(_document_state, state)) for state in DocumentState),
        *((term.id, partial(_term, term)) for term in TERMS.values()),
        *((sub_term, partial(_sub_term, sub_term, of)) for sub_term, of in SUB_TERMS.items()),
        *((cadre, partial(_cadre, cadre, label)) for cadre, label in CADRES.items()),
        *((code, partial(_unused, code, one)) for code, one in UNUSED_FLUX_STATES.items()),
        *((code, partial(_unused, code, one)) for code, one in UNUSED_INVOICE_STATUSES.items()),
    ]
    index: dict[str, Callable[[], Explanation]] = {}
    for code, tell in sources:
        index.setdefault(code.upper(), tell)
    return index


def _rules() -> Mapping[str, Rule]:
    versions()  # loads every rule set, which fills the catalogue
    return CATALOGUE


def platform_rules() -> dict[str, Card]:
    """Return the rules that steps apply outside the rule sets: table ``RULES`` of each module."""
    found: dict[str, Card] = {}
    for module in (*_modules_of(stages), *_modules_of(pipeline)):
        for code, card in _entries(getattr(module, "RULES", ())):
            found[code] = Card(
                message=card if isinstance(card, Label) else card.message,
                conseil=getattr(card, "conseil", ""),
                terms=getattr(card, "terms", ()),
                motive=getattr(card, "motive", None),
                source=getattr(card, "source", ""),
                confidence=getattr(card, "confidence", None),
                severity=getattr(card, "severity", None),
                circuit=getattr(card, "circuit", None),
                in_afnor=getattr(card, "in_afnor", ""),
            )
    return found


def _modules_of(package: ModuleType) -> Iterator[ModuleType]:
    names = sorted(entry.name for entry in pkgutil.iter_modules(package.__path__))
    return (importlib.import_module(f"{package.__name__}.{name}") for name in names)


def _entries(table: Mapping[str, Any] | tuple[Any, ...]) -> Iterable[tuple[str, Any]]:
    if isinstance(table, Mapping):
        return table.items()
    return [(card.id, card) for card in table]


def _rule(rule: Rule) -> Explanation:
    sets = [v.label for v in versions() if any(r.id == rule.id for r in v.rules)]
    extended = _extended().get(rule.id)
    extensions = [] if extended is None else ["EXTENDED-CTC-FR"]
    changes = () if extended is None else changes_of(rule, extended)
    otherwise = ((f"Dans EXTENDED-CTC-FR, en {syntax}", why) for syntax, why in changes)
    told = details_of(rule, [*sets, *profiles_of(rule.id), *extensions], otherwise)
    return Explanation(rule.id, "règle de gestion", rule.message.fr, tuple(told))


@cache
def _extended() -> Mapping[str, Rule]:
    """Return the rules of the French extension, by id."""
    newest = next(v for v in reversed(versions()) if v.name is RuleSet.EN16931)
    version = profile_version(Profile.EXTENDED_CTC_FR, newest.label)
    return {rule.id: rule for rule in version.rules}


def _unjudged(rule: chorus_b2g.Unjudged) -> Explanation:
    told = (*_english(rule.about), ("Pourquoi", rule.why), ("Source", rule.source))
    return Explanation(rule.id, "règle de gestion non contrôlée", rule.about.fr, told)


def _profile_rule(rule_id: str) -> Explanation:
    told = tuple(explain_facturx.details_of(rule_id))
    nature = "règle d'un profil Factur-X"
    return Explanation(rule_id, nature, explain_facturx.title_of(rule_id), told)


def _card(code: str, card: Card) -> Explanation:
    details = [
        *_english(card.message),
        ("Que faire", card.conseil),
        *terms(card.terms),
        ("Gravité", SEVERITY_NAMES[card.severity] if card.severity else ""),
        ("Motif", motive_text(card.motive) if card.motive else ""),
        ("Source", card.source),
        ("Certitude", card.confidence.label.fr if card.confidence else ""),
        ("Circuit", f"{card.circuit} seulement" if card.circuit else ""),
        ("Dans le circuit AFNOR", card.in_afnor),
    ]
    told = tuple((name, text) for name, text in details if text)
    return Explanation(code, "règle de la plateforme", card.message.fr, told)


def _motive(motive: Motive) -> Explanation:
    label = motives.LABELS[motive]
    effect = (
        "irrecevabilité : tout le flux est refusé"
        if motive.irrecevable
        else "rejet : cette facture seule est refusée"
    )
    rules = [rule.id for rule in _rules().values() if rule.motive is motive]
    rules += [code for code, card in platform_rules().items() if card.motive is motive]
    details = (*_english(label), ("Effet", effect), ("Règles", ", ".join(rules)))
    told = tuple(pair for pair in details if pair[1])
    return Explanation(motive.value, "motif de refus", label.fr, told)


def _processing(motive: ProcessingMotive) -> Explanation:
    row = PROCESSING_MOTIVES[motive]
    uses = ", ".join(use.value for use in Use if use in row.uses)
    details = (*_english(row.label), ("Pour", uses), ("Motif AFNOR", row.afnor))
    return Explanation(motive.value, "motif donné par qui traite la facture", row.label.fr, details)


def _unused(code: str, unused: Unused) -> Explanation:
    nature = "code officiel que la plateforme n'emploie pas"
    return Explanation(code, nature, unused.reason.fr, _english(unused.reason))


def _flux_state(state: FluxState) -> Explanation:
    label = statuses.FLUX_LABELS[state]
    following = [after.value for before, after in FLUX_TRANSITIONS if before is state]
    details = (*_english(label), *_following(following))
    return Explanation(state.value, "état d'un flux", label.fr, details)


def _document_state(state: DocumentState) -> Explanation:
    label = statuses.DOCUMENT_LABELS[state]
    return Explanation(state.value, "état d'un document d'un flux", label.fr, _english(label))


def _invoice_status(status: InvoiceStatus) -> Explanation:
    row = statuses.INVOICE_STATUSES[status]
    edi = (("Numéro EDI (CPPStatut)", row.edi),) if row.edi else ()
    afnor = (("Numéro AFNOR (CDAR)", str(row.afnor)),) if row.afnor else ()
    rows = (one for rows in TRANSITIONS.values() for one in rows)
    leads = dict.fromkeys(one.target.value for one in rows if one.source is status)
    following = [code for code in leads if code != status]
    return Explanation(
        status.value,
        "statut d'une facture",
        row.label.fr,
        (
            *_english(row.label),
            *edi,
            *afnor,
            *_following(following),
        ),
    )


def _following(codes: list[str]) -> tuple[tuple[str, str], ...]:
    return (("Ensuite", ", ".join(codes) if codes else "rien : c'est un état final"),)


def _term(term: Term) -> Explanation:
    nature = "groupe de données" if term.opens else "donnée de la facture"
    group = f"{term.group} {label_of(term.group).fr}" if term.group != ROOT else "la facture"
    times = "plusieurs fois" if term.repeated else "une fois au plus"
    rules = [rule.id for rule in _rules().values() if term.id in rule.terms]
    sub_terms = [sub_term for sub_term, of in SUB_TERMS.items() if of is term]
    details = (
        *_english(term.label),
        ("Dans", f"{group}, {times}"),
        *places_of(term.id),
        ("Précisions", ", ".join(sub_terms)),
        ("Règles", ", ".join(rules)),
    )
    told = tuple(pair for pair in details if pair[1])
    return Explanation(term.id, nature, term.label.fr, told)


def _sub_term(sub_term: str, of: Term) -> Explanation:
    label = label_of(sub_term)
    rules = [rule.id for rule in _rules().values() if sub_term in rule.terms]
    details = (
        *_english(label),
        ("Précise", f"{of.id} {of.label.fr}"),
        *places_of(sub_term),
        ("Règles", ", ".join(rules)),
    )
    told = tuple(pair for pair in details if pair[1])
    return Explanation(sub_term, "précision d'une donnée", label.fr, told)


def _cadre(code: str, label: Label) -> Explanation:
    circuit = cadre_family(code)
    where = "CE-CADRE ou BT-23" if circuit is Circuit.HISTORIQUE else "BT-23"
    details = (*_english(label), ("Circuit", str(circuit)), ("Donnée", where))
    return Explanation(code, "cadre de facturation", label.fr, details)


def _english(label: Label) -> tuple[tuple[str, str], ...]:
    return (("En anglais", label.en),)
