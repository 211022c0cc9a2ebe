"""Run rules over one invoice: walk the model once, run each group's rules on each instance."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from operator import attrgetter
from typing import Any, NamedTuple, TypeAlias

from chorus_edi.domain.dossier import Place
from chorus_edi.domain.findings import Finding, Stage
from chorus_edi.domain.invoice import Group, Invoice
from chorus_edi.domain.scenarios import Syntax
from chorus_edi.domain.terms import terms_of
from chorus_edi.errors import Defect
from chorus_edi.rules.addresses import route
from chorus_edi.rules.registry import VAT_CATEGORIES, Breach, Check, Judgement, Rule
from chorus_edi.rules.text import BLANKS

PATTERNS = 4096
"""Patterns of present terms remembered per group; a hostile document may invent more."""

_ABSENT = type(None)

_Judged: TypeAlias = tuple[Rule, Judgement]
_Call: TypeAlias = tuple[Rule, Check]


class Hit(NamedTuple):
    """A rule that an invoice breaks.

    Attributes:
        rule: its identity card.
        breach: the term at fault, the values found and expected.
        address: that term in the semantic model, indices from 1 (``BG-25[2]/BT-131``).
    """

    rule: Rule
    breach: Breach
    address: str


class Plan:
    """Rules, sorted by the group they speak of, ready to run. Safe to use again and again."""

    def __init__(self, rules: Iterable[Rule], syntax: Syntax | None = None) -> None:
        """Compile rules for one syntax; without one, every rule is judged as the norm says."""
        judged = [(rule, rule.judged_in(syntax)) for rule in rules]
        self._root = _node(Invoice, "", judged) or _Node("", Invoice, _Applicable(Invoice, []), ())

    def examine(self, invoice: Invoice) -> tuple[Hit, ...]:
        """Return every breach, never stopping at the first.

        Order: the model's (a group before those inside it, in the norm's order, instances in the
        document's), and within one instance that of the rules given.
        """
        hits: list[Hit] = []
        _visit(self._root, invoice, (), invoice, hits)
        return tuple(hits)


@dataclass(frozen=True, slots=True)
class _Node:
    """One group at its place in the model.

    ``where`` is its address with ``{}`` for each index on the way.
    """

    where: str
    group: type[Group]
    applicable: _Applicable
    children: tuple[tuple[Callable[[Any], Any], bool, _Node], ...]


def _node(group: type[Group], where: str, judged: list[_Judged]) -> _Node | None:
    """Compile a group and what is below it; None where no rule speaks of any of it."""
    children = []
    for term in terms_of(group):
        if term.opens is not None:
            step = f"{term.id}[{{}}]" if term.repeated else term.id
            child = _node(term.opens, f"{where}/{step}" if where else step, judged)
            if child is not None:
                children.append((attrgetter(term.field), term.repeated, child))
    own = [one for one in judged if one[1].each is group]
    if not own and not children:
        return None
    return _Node(where, group, _Applicable(group, own), tuple(children))


def _visit(
    node: _Node, group: Any, indices: tuple[int, ...], invoice: Invoice, hits: list[Hit]
) -> None:
    for rule, check in node.applicable.to(group):
        breach = check(group, invoice)
        if breach is not None:
            hits.append(Hit(rule, breach, _address(node, indices, breach)))
    for held_by, many, child in node.children:
        held = held_by(group)
        if not held:
            continue
        if many:
            # Counted here: tuple.index compares deeply and gives equal lines the first's number.
            for index, instance in enumerate(held, 1):
                _visit(child, instance, (*indices, index), invoice, hits)
        else:
            _visit(child, held, indices, invoice, hits)


def _address(node: _Node, indices: tuple[int, ...], breach: Breach) -> str:
    if breach.at is not None:
        return f"{breach.at}/{breach.term}"
    below = route(node.group, breach.term)
    if below is not None:
        here = node.where.format(*indices)
        return f"{here}/{below}" if here else below
    elsewhere = route(Invoice, breach.term)
    if elsewhere is None:
        raise Defect(f"a breach names {breach.term} of a repeated group without saying which")
    return elsewhere


class _Applicable:
    """Which rules of a group have something to judge in an instance of it.

    Most rules are about terms that most instances lack, or about one of nine VAT categories:
    the pattern of an instance (its category, and which of the terms in question it has) says
    which to call, and instances share a few patterns (facts: speed-notes 3, variant E1).
    """

    __slots__ = ("_calls", "_categories", "_conditions", "_fields", "_plans", "_values")

    def __init__(self, group: type[Group], judged: list[_Judged]) -> None:
        named = {term.id: term.field for term in terms_of(group)}
        self._categories = frozenset(j.category for _, j in judged if j.category is not None)
        self._fields = tuple(dict.fromkeys(named[term] for _, j in judged for term in j.given))
        self._conditions = tuple(
            (rule, j.check, j.category, frozenset(named[term] for term in j.given))
            for rule, j in judged
        )
        self._calls: tuple[_Call, ...] = tuple((rule, j.check) for rule, j in judged)
        self._plans: dict[tuple[Any, ...], tuple[_Call, ...]] = {}
        self._values = self._getter(named)

    def _getter(self, named: dict[str, str]) -> Callable[[Any], tuple[Any, ...]] | None:
        """Return what reads the pattern's values, the category (or any value) first."""
        if not self._categories and not self._fields:
            return None
        category = [name for term, name in named.items() if term in VAT_CATEGORIES]
        # With a single name attrgetter would give the bare value, so the first is read twice.
        first = category[0] if self._categories else self._fields[0]
        return attrgetter(first, *(self._fields or (first,)))

    def to(self, instance: Group) -> tuple[_Call, ...]:
        """Return the checks to call on an instance, in order."""
        if self._values is None:
            return self._calls
        first, *values = self._values(instance)
        category = self._category(first)
        # The types of the values are the mask: NoneType where a term is absent.
        pattern = (category, *map(type, values))
        found = self._plans.get(pattern)
        if found is None:
            found = self._select(category, pattern[1:])
            if len(self._plans) < PATTERNS:
                self._plans[pattern] = found
        return found

    def _category(self, value: Any) -> str | None:
        """Return the category where a rule asks for it; what no rule knows is all one."""
        if not self._categories or value is None:
            return None
        code = str(value.strip(BLANKS))
        return code if code in self._categories else None

    def _select(self, category: str | None, types: tuple[Any, ...]) -> tuple[_Call, ...]:
        present = {
            name for name, kind in zip(self._fields, types, strict=False) if kind is not _ABSENT
        }
        return tuple(
            (rule, check)
            for rule, check, wanted, given in self._conditions
            if wanted in (None, category) and given <= present
        )


def finding_of(hit: Hit, place: Place, stage: Stage = Stage.CHECK) -> Finding:
    """Say a hit as a finding, with its place in the sender's file."""
    rule, breach = hit.rule, hit.breach
    others = tuple(term for term in rule.terms if term != breach.term)
    return Finding(
        rule=rule.id,
        severity=rule.severity,
        stage=stage,
        motive=rule.motive,
        message=rule.message,
        conseil=rule.conseil,
        terms=(breach.term, *others),
        address=hit.address,
        location=place.location,
        line=place.line,
        column=place.column,
        found=_written(breach.found),
        expected=_written(breach.expected),
    )


def _written(value: str | Decimal | None) -> str | None:
    """Write a value as a person reads it: never with an exponent."""
    return f"{value:f}" if isinstance(value, Decimal) else value
