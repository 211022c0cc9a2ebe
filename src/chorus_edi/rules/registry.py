"""A rule is a short function; the decorator above it is its identity card."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeAlias, TypeVar

import msgspec

from chorus_edi.domain.demands import Demand
from chorus_edi.domain.findings import Severity
from chorus_edi.domain.groups import Group
from chorus_edi.domain.invoice import Invoice
from chorus_edi.domain.labels import Label
from chorus_edi.domain.motives import Motive
from chorus_edi.domain.scenarios import Syntax
from chorus_edi.domain.terms import TERMS, label_of, terms_of
from chorus_edi.errors import Defect

VAT_CATEGORIES = frozenset({"BT-95", "BT-102", "BT-118", "BT-151"})
"""Terms that hold the VAT category of their own group."""

_GROUPS = {term.opens for term in TERMS.values()} | {Invoice}

G = TypeVar("G")


class Confidence(StrEnum):
    """How sure we are of what a rule says.

    Attributes:
        PUBLISHED: its authority's own text or artefact says so, and we read it.
        RENDERED: read in somebody else's rendering of a text that we did not see.
        INFERRED: concluded by us, from samples or from what the texts leave open.
    """

    PUBLISHED = "published"
    RENDERED = "rendered"
    INFERRED = "inferred"

    @property
    def label(self) -> Label:
        """What it says, in both languages."""
        return _CONFIDENCES[self]


_CONFIDENCES = {
    Confidence.PUBLISHED: Label(
        "texte ou artefact officiel, lu", "official text or artefact, read"
    ),
    Confidence.RENDERED: Label(
        "lue chez un tiers, texte officiel non vu",
        "read with a third party, official text not seen",
    ),
    Confidence.INFERRED: Label(
        "déduite par nous des textes ou des exemples", "concluded by us from texts or examples"
    ),
}


class Breach(msgspec.Struct, frozen=True):
    """How a group breaks a rule.

    Attributes:
        term: the term at fault: of the rule's own group, or of a group that does not repeat.
        found: the value found; None where the term is absent.
        expected: the value expected, where there is one.
        at: address of the term's group (``BG-25[3]``), where it is neither of those above.
        index: which one, where the group holds several of the term.
        stray: True for a code that stands where the model has no place for it: the address is that
            of the rule's usual term, until the code is found in the XML.
        message: what is wrong, where the rule's own message says too little.
        conseil: what to change, where it is not what the rule says.
    """

    term: str
    found: str | Decimal | None = None
    expected: str | Decimal | None = None
    at: str | None = None
    index: int | None = None
    stray: bool = False
    message: Label | None = None
    conseil: str | None = None


Breaches: TypeAlias = Breach | tuple[Breach, ...] | None
"""What a check finds: nothing, one breach, or several where one look finds them all."""

Check: TypeAlias = Callable[[Any, Invoice], Breaches]
"""Judges one instance of a group; the invoice gives what the group alone does not tell."""


class Judgement(msgspec.Struct, frozen=True, kw_only=True):
    """How a rule is applied.

    Attributes:
        each: the group the check is run on, instance by instance.
        check: the function.
        given: terms of that group without which the check is not called.
        category: VAT category code of that group without which the check is not called; for the
            invoice, a code that some line, allowance, charge or breakdown must have.
        amounts_only: it finds nothing where the reader saw no amount that is long or written
            otherwise than most (``SeenValues``), and is not called.
    """

    each: type[Group]
    check: Check
    given: tuple[str, ...] = ()
    category: str | None = None
    amounts_only: bool = False


class Variant(msgspec.Struct, frozen=True):
    """How one syntax judges, where its official sheet differs from the norm.

    Attributes:
        judgement: None where its sheet cannot find the rule broken.
        why: the difference, French.
        severity: where it weighs the rule otherwise.
    """

    judgement: Judgement | None
    why: str
    severity: Severity | None = None


class Inspection(msgspec.Struct, frozen=True):
    """How a rule on the XML itself is applied: what it asks, of which syntaxes.

    Attributes:
        demands: it is broken where one of them is not met.
        syntaxes: the only ones it speaks of.
        module: where it is registered.
        said: for a rule of demands that have little in common, what is wrong and what to do where
            one of them is not met.
    """

    demands: tuple[Demand, ...]
    syntaxes: frozenset[Syntax]
    module: str
    said: dict[Demand, tuple[Label, str]] = msgspec.field(default_factory=dict)


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """A registered rule. It is a value: a rule set may hold it with another severity.

    Attributes:
        id: the authority's id where there is one, else ``CE-…``.
        name: the sentence that must be true.
        terms: terms concerned; a rule on an element that carries none may have none.
        severity: fatal refuses, warning informs.
        motive: the official motive of the refusal.
        message: what is wrong, in both languages.
        conseil: what to change, one French sentence.
        source: where the rule is published.
        confidence: how sure we are of it.
        judgement: how it is applied to the model; None for a rule on the XML itself, and for one
            that a step judges with more than the document.
        inspection: how a rule on the XML itself is applied; None for the others.
        variants: how it is applied where a syntax has its own sheet.
        module: where it is registered, for a rule that a step judges.
        apart: True where each term is judged for itself: a finding names the one at fault alone.
    """

    id: str
    name: str
    terms: tuple[str, ...]
    severity: Severity
    motive: Motive
    message: Label
    conseil: str
    source: str
    confidence: Confidence = Confidence.PUBLISHED
    judgement: Judgement | None = None
    inspection: Inspection | None = None
    variants: dict[Syntax, Variant] = msgspec.field(default_factory=dict)
    module: str = ""
    apart: bool = False

    def judged_in(self, syntax: Syntax | None) -> Judgement | None:
        """Return how the rule is applied to the model of a syntax; None where it looks at XML."""
        variant = self.variants.get(syntax) if syntax else None
        return variant.judgement if variant else self.judgement

    def weighed_in(self, syntax: Syntax | None) -> Rule:
        """Return the rule with the severity it has in a syntax."""
        variant = self.variants.get(syntax) if syntax else None
        if variant is None or variant.severity is None:
            return self
        return msgspec.structs.replace(self, severity=variant.severity)


CATALOGUE: dict[str, Rule] = {}
"""Every rule, by id, in the order of registration."""


def rule(  # noqa: PLR0913 - one argument per line of the identity card
    rule_id: str,
    *terms: str,
    fr: str,
    en: str,
    conseil: str,
    source: str,
    each: type[G] | None = None,
    given: tuple[str, ...] = (),
    category: str | None = None,
    amounts_only: bool = False,
    severity: Severity = Severity.FATAL,
    motive: Motive = Motive.REJ_SEMAN,
    name: str | None = None,
    confidence: Confidence = Confidence.PUBLISHED,
    apart: bool = False,
) -> Callable[[Callable[[G, Invoice], Breaches]], Callable[[G, Invoice], Breaches]]:
    """Register the decorated function as a rule.

    Args:
        rule_id: the published id; an id may be retired, never used again.
        *terms: terms concerned, the one usually at fault first.
        fr: what is wrong, in French.
        en: what is wrong, in English.
        conseil: what to change, one French sentence.
        source: where the rule is published.
        each: the group the rule speaks of, instance by instance; the invoice where not said.
        given: terms of that group without which the rule has nothing to judge.
        category: VAT category code the rule is about; without it the rule has nothing to judge.
        amounts_only: only how amounts are written can break the rule: see ``Judgement``.
        severity: fatal refuses, warning informs.
        motive: the official motive of the refusal.
        name: the sentence that must be true; read from the function's name where not said (a
            family registered in a loop gives one per rule).
        confidence: how sure we are of what the rule says.
        apart: True where each term is judged for itself.

    Raises:
        Defect: a second use of the id, an unknown term, an empty text, an impossible condition.
    """

    def register(
        check: Callable[[G, Invoice], Breaches],
    ) -> Callable[[G, Invoice], Breaches]:
        card = Rule(
            id=rule_id,
            name=name or _sentence(check),
            terms=terms,
            severity=severity,
            motive=motive,
            message=Label(fr, en),
            conseil=conseil,
            source=source,
            apart=apart,
            confidence=confidence,
            judgement=msgspec.structs.replace(
                _judgement(rule_id, each, check, given, category), amounts_only=amounts_only
            ),
        )
        enter(card)
        return check

    return register


def enter(card: Rule) -> None:
    """Enter a rule in the catalogue.

    Raises:
        Defect: a second use of the id, an unknown term, an empty text.
    """
    _refuse_a_bad_card(card)
    CATALOGUE[card.id] = card


def variant(
    rule_id: str,
    *syntaxes: Syntax,
    why: str,
    each: type[G] | None = None,
    given: tuple[str, ...] = (),
    category: str | None = None,
    severity: Severity | None = None,
) -> Callable[[Callable[[G, Invoice], Breaches]], Callable[[G, Invoice], Breaches]]:
    """Register the decorated function as the judgement of a rule in some syntaxes.

    For the rules whose official sheets do not say the same in both syntaxes.

    Args:
        rule_id: a rule already registered.
        *syntaxes: the syntaxes judged otherwise.
        why: the difference between the sheets, one French sentence.
        each: as for ``rule``.
        given: as for ``rule``.
        category: as for ``rule``.
        severity: where these syntaxes weigh the rule otherwise.

    Raises:
        Defect: an unknown rule, a second variant for a syntax, an impossible condition.
    """

    def register(
        check: Callable[[G, Invoice], Breaches],
    ) -> Callable[[G, Invoice], Breaches]:
        judgement = _judgement(rule_id, each, check, given, category)
        _vary(rule_id, syntaxes, Variant(judgement, why, severity))
        return check

    return register


def unjudged(rule_id: str, *syntaxes: Syntax, why: str) -> None:
    """Say that a rule is not judged on the model of some syntaxes.

    Either their sheets cannot find it broken, whatever the document, or it is asked of the XML.

    Args:
        rule_id: a rule already registered.
        *syntaxes: the syntaxes.
        why: what is wrong with their test, or what it looks at, one French sentence.

    Raises:
        Defect: an unknown rule, a second variant for a syntax.
    """
    _vary(rule_id, syntaxes, Variant(None, why))


def _vary(rule_id: str, syntaxes: tuple[Syntax, ...], added: Variant) -> None:
    card = CATALOGUE.get(rule_id)
    taken = card is None or bool(card.variants.keys() & set(syntaxes))
    if card is None or taken or not syntaxes or not added.why.strip():
        raise Defect(f"{rule_id}: a variant needs its rule, a syntax still free and a reason")
    variants = {**card.variants, **dict.fromkeys(syntaxes, added)}
    CATALOGUE[rule_id] = msgspec.structs.replace(card, variants=variants)


def registered_in(package: str) -> tuple[Rule, ...]:
    """Return the rules whose functions live in a package, in the order of their ids."""
    inside = [r for r in CATALOGUE.values() if _module(r).startswith(f"{package}.")]
    return tuple(sorted(inside, key=lambda r: id_order(r.id)))


def id_order(rule_id: str) -> tuple[tuple[str, int], ...]:
    """Sort key that puts ``BR-2`` before ``BR-10``, and ``BR-16`` before ``BR-CO-10``."""
    parts = re.findall(r"([^\W\d]*)(\d*)", rule_id)
    return tuple((word, int(digits or 0)) for word, digits in parts if word or digits)


def _module(card: Rule) -> str:
    if card.judgement is not None:
        return str(card.judgement.check.__module__)
    return card.inspection.module if card.inspection else card.module


def _sentence(check: Callable[..., Any]) -> str:
    return check.__name__.strip("_").replace("_", " ")


def _judgement(
    rule_id: str,
    each: type[Any] | None,
    check: Check,
    given: tuple[str, ...],
    category: str | None,
) -> Judgement:
    group = each or Invoice
    if group not in _GROUPS:
        raise Defect(f"{rule_id}: {group.__name__} is not a business group")
    single = {term.id for term in terms_of(group) if not term.repeated}
    if lost := [term for term in given if term not in single]:
        raise Defect(f"{rule_id}: {lost} cannot be conditions, {group.__name__} has no such term")
    if category is not None and group is not Invoice and not VAT_CATEGORIES & single:
        raise Defect(f"{rule_id}: {group.__name__} has no VAT category")
    return Judgement(each=group, check=check, given=given, category=category)


def _refuse_a_bad_card(card: Rule) -> None:
    if card.id in CATALOGUE:
        raise Defect(f"{card.id} is defined twice")
    if not card.terms and card.inspection is None:
        raise Defect(f"{card.id} names no term")
    for term in card.terms:
        label_of(term)  # a Defect where there is no such term
    texts = (card.id, card.name, card.message.fr, card.message.en, card.conseil, card.source)
    if not all(text.strip() for text in texts):
        raise Defect(f"{card.id}: a text of its identity card is empty")
