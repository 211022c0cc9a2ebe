"""A rule is a short function; the decorator above it is its identity card."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any, TypeAlias, TypeVar

import msgspec

from chorus_edi.domain.findings import Severity
from chorus_edi.domain.invoice import Group, Invoice
from chorus_edi.domain.labels import Label
from chorus_edi.domain.motives import Motive
from chorus_edi.domain.scenarios import Syntax
from chorus_edi.domain.terms import TERMS, label_of, terms_of
from chorus_edi.errors import Defect

VAT_CATEGORIES = frozenset({"BT-95", "BT-102", "BT-118", "BT-151"})
"""Terms that hold the VAT category of their own group."""

_GROUPS = {term.opens for term in TERMS.values()} | {Invoice}

G = TypeVar("G")


class Breach(msgspec.Struct, frozen=True):
    """How a group breaks a rule.

    Attributes:
        term: the term at fault: of the rule's own group, or of a group that does not repeat.
        found: the value found; None where the term is absent.
        expected: the value expected, where there is one.
        at: address of the term's group (``BG-25[3]``), where it is neither of those above.
    """

    term: str
    found: str | Decimal | None = None
    expected: str | Decimal | None = None
    at: str | None = None


Check: TypeAlias = Callable[[Any, Invoice], Breach | None]
"""Judges one instance of a group; the invoice gives what the group alone does not tell."""


class Judgement(msgspec.Struct, frozen=True, kw_only=True):
    """How a rule is applied.

    Attributes:
        each: the group the check is run on, instance by instance.
        check: the function.
        given: terms of that group without which the check is not called.
        category: VAT category code of that group without which the check is not called.
    """

    each: type[Group]
    check: Check
    given: tuple[str, ...] = ()
    category: str | None = None


class Variant(msgspec.Struct, frozen=True):
    """The judgement of one syntax, where its official sheet differs from the norm, and why."""

    judgement: Judgement
    why: str


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """A registered rule. It is a value: a rule set may hold it with another severity.

    Attributes:
        id: the authority's id where there is one, else ``CE-…``.
        name: the sentence that must be true.
        terms: terms concerned.
        severity: fatal refuses, warning informs.
        motive: the official motive of the refusal.
        message: what is wrong, in both languages.
        conseil: what to change, one French sentence.
        source: where the rule is published.
        judgement: how it is applied.
        variants: how it is applied where a syntax has its own sheet.
    """

    id: str
    name: str
    terms: tuple[str, ...]
    severity: Severity
    motive: Motive
    message: Label
    conseil: str
    source: str
    judgement: Judgement
    variants: dict[Syntax, Variant] = msgspec.field(default_factory=dict)

    def judged_in(self, syntax: Syntax | None) -> Judgement:
        """Return how the rule is applied to a syntax."""
        variant = self.variants.get(syntax) if syntax else None
        return variant.judgement if variant else self.judgement


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
    severity: Severity = Severity.FATAL,
    motive: Motive = Motive.REJ_SEMAN,
    name: str | None = None,
) -> Callable[[Callable[[G, Invoice], Breach | None]], Callable[[G, Invoice], Breach | None]]:
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
        category: VAT category code the rule is about.
        severity: fatal refuses, warning informs.
        motive: the official motive of the refusal.
        name: the sentence that must be true; read from the function's name where not said (a
            family registered in a loop gives one per rule).

    Raises:
        Defect: a second use of the id, an unknown term, an empty text, an impossible condition.
    """

    def register(
        check: Callable[[G, Invoice], Breach | None],
    ) -> Callable[[G, Invoice], Breach | None]:
        card = Rule(
            id=rule_id,
            name=name or _sentence(check),
            terms=terms,
            severity=severity,
            motive=motive,
            message=Label(fr, en),
            conseil=conseil,
            source=source,
            judgement=_judgement(rule_id, each, check, given, category),
        )
        _refuse_a_bad_card(card)
        CATALOGUE[rule_id] = card
        return check

    return register


def variant(
    rule_id: str,
    syntax: Syntax,
    *,
    why: str,
    each: type[G] | None = None,
    given: tuple[str, ...] = (),
    category: str | None = None,
) -> Callable[[Callable[[G, Invoice], Breach | None]], Callable[[G, Invoice], Breach | None]]:
    """Register the decorated function as the judgement of a rule in one syntax.

    For the few rules whose official sheets do not say the same in both syntaxes.

    Args:
        rule_id: a rule already registered.
        syntax: the syntax judged otherwise.
        why: the difference between the sheets, one English sentence.
        each: as for ``rule``.
        given: as for ``rule``.
        category: as for ``rule``.

    Raises:
        Defect: an unknown rule, a second variant for the syntax, an impossible condition.
    """

    def register(
        check: Callable[[G, Invoice], Breach | None],
    ) -> Callable[[G, Invoice], Breach | None]:
        card = CATALOGUE.get(rule_id)
        if card is None or syntax in card.variants or not why.strip():
            raise Defect(f"{rule_id}: a variant needs its rule, a syntax still free and a reason")
        added = Variant(_judgement(rule_id, each, check, given, category), why)
        variants = {**card.variants, syntax: added}
        CATALOGUE[rule_id] = msgspec.structs.replace(card, variants=variants)
        return check

    return register


def registered_in(package: str) -> tuple[Rule, ...]:
    """Return the rules whose functions live in a package, in the order of their ids."""
    inside = [r for r in CATALOGUE.values() if _module(r).startswith(f"{package}.")]
    return tuple(sorted(inside, key=lambda r: id_order(r.id)))


def id_order(rule_id: str) -> tuple[tuple[str, int], ...]:
    """Sort key that puts ``BR-2`` before ``BR-10``, and ``BR-16`` before ``BR-CO-10``."""
    parts = re.findall(r"([^\W\d]*)(\d*)", rule_id)
    return tuple((word, int(digits or 0)) for word, digits in parts if word or digits)


def _module(card: Rule) -> str:
    return str(card.judgement.check.__module__)


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
    if category is not None and not VAT_CATEGORIES & single:
        raise Defect(f"{rule_id}: {group.__name__} has no VAT category")
    return Judgement(each=group, check=check, given=given, category=category)


def _refuse_a_bad_card(card: Rule) -> None:
    if card.id in CATALOGUE:
        raise Defect(f"{card.id} is defined twice")
    if not card.terms:
        raise Defect(f"{card.id} names no term")
    for term in card.terms:
        label_of(term)  # a Defect where there is no such term
    texts = (card.id, card.name, card.message.fr, card.message.en, card.conseil, card.source)
    if not all(text.strip() for text in texts):
        raise Defect(f"{card.id}: a text of its identity card is empty")
