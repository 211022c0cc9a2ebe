"""Registers rules on the XML itself: what they ask is data, and whoever holds the XML checks it."""

from __future__ import annotations

import re

import msgspec

from chorus_edi.domain.demands import Demand, Distinct, Key
from chorus_edi.domain.findings import Severity
from chorus_edi.domain.labels import Label
from chorus_edi.domain.motives import Motive
from chorus_edi.domain.scenarios import Syntax
from chorus_edi.rules.registry import CATALOGUE, Confidence, Inspection, Rule, enter

UBL = frozenset({Syntax.UBL_INVOICE, Syntax.UBL_CREDIT_NOTE})
CII = frozenset({Syntax.CII})

_PREDICATE = re.compile(r"\[(?:[^\[\]]|\[[^\]]*\])*\]")
_LAST = re.compile(r"(?:\w+:(\w+)|(@\w+))$")


class Ask(msgspec.Struct, frozen=True, kw_only=True):
    """A demand before it belongs to a rule; attributes as in ``Demand``.

    ``suspects`` names what may break it beside what is counted, which is always among it.
    """

    each: str
    counted: str
    least: int = 0
    most: int | None = None
    distinct: Distinct | None = None
    given: tuple[tuple[str, str], ...] = ()
    keys: tuple[Key, ...] = ()
    suspects: tuple[str, ...] = ()

    def of(self, rule: str) -> Demand:
        """Return the demand of a rule."""
        return Demand(
            rule=rule,
            each=self.each,
            counted=self.counted,
            least=self.least,
            most=self.most,
            distinct=self.distinct,
            given=self.given,
            keys=self.keys,
            suspects=(*last_steps(self.counted), *self.suspects),
        )


class Text(msgspec.Struct, frozen=True, kw_only=True):
    """The sentences of a rule's card: see ``Rule``."""

    name: str
    fr: str
    en: str
    conseil: str


def first(path: str) -> str:
    """Return the path of the first ten elements of a path.

    For what is compared with much of the document: a hostile one has thousands of each.
    """
    return f"({path})[position() <= 10]"


def last_steps(path: str) -> tuple[str, ...]:
    """Return the names that a path (or several, joined by ``|``) ends with, without prefixes.

    ``cac:Price/cbc:Amount[. > 0]`` ends with ``Amount``, ``@name`` with itself, ``self::*`` with
    nothing.
    """
    bare = _PREDICATE.sub("", path)
    ends = (_LAST.search(one.strip()) for one in bare.split("|"))
    return tuple(dict.fromkeys(end[1] or end[2] for end in ends if end))


def ask(  # noqa: PLR0913 - one argument per line of the identity card
    rule_id: str,
    *terms: str,
    asks: tuple[Ask, ...],
    syntaxes: frozenset[Syntax],
    text: Text,
    source: str,
    module: str,
    severity: Severity = Severity.FATAL,
    motive: Motive = Motive.REJ_SEMAN,
    confidence: Confidence = Confidence.PUBLISHED,
) -> None:
    """Register a rule on the XML itself.

    Args:
        rule_id: the published id.
        *terms: terms concerned, the one usually at fault first.
        asks: what it asks; it is broken where one is not met.
        syntaxes: the only ones it speaks of.
        text: its sentences.
        source: where it is published.
        module: the module that registers it.
        severity: fatal refuses, warning informs.
        motive: the official motive of the refusal.
        confidence: how sure we are of what the rule says.

    Raises:
        Defect: a second use of the id, an unknown term, an empty text.
    """
    enter(
        Rule(
            id=rule_id,
            name=text.name,
            terms=terms,
            severity=severity,
            motive=motive,
            message=Label(text.fr, text.en),
            conseil=text.conseil,
            source=source,
            confidence=confidence,
            inspection=Inspection(tuple(one.of(rule_id) for one in asks), syntaxes, module),
        )
    )


def ask_also(rule_id: str, asked: Ask, syntaxes: frozenset[Syntax], module: str) -> None:
    """Add to a rule that is judged on the model what it asks of the XML as well.

    Args:
        rule_id: a rule already registered.
        asked: what it asks; the rule is broken where it is not met.
        syntaxes: those whose sheet asks it.
        module: the module that adds it.

    Raises:
        KeyError: there is no such rule.
    """
    card = CATALOGUE[rule_id]
    held = card.inspection or Inspection((), frozenset(), module)
    added = Inspection((*held.demands, asked.of(rule_id)), held.syntaxes | syntaxes, held.module)
    CATALOGUE[rule_id] = msgspec.structs.replace(card, inspection=added)
