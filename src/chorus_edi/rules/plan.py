"""Run rules over one invoice: walk the model once, run each group's rules on each instance."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from operator import attrgetter
from typing import Any, NamedTuple, TypeAlias

from msgspec.structs import replace

from chorus_edi.domain.demands import Demand, Demands
from chorus_edi.domain.dossier import Offence, Place
from chorus_edi.domain.findings import Finding, Stage, excerpt
from chorus_edi.domain.groups import Group
from chorus_edi.domain.invoice import Invoice
from chorus_edi.domain.scenarios import Syntax
from chorus_edi.domain.terms import ROOT, terms_of
from chorus_edi.domain.usages import Usage
from chorus_edi.errors import Defect
from chorus_edi.rules.addresses import route
from chorus_edi.rules.figures import INDICATOR, begin, codes_of, figures_of, forget
from chorus_edi.rules.registry import VAT_CATEGORIES, Breach, Breaches, Check, Judgement, Rule
from chorus_edi.rules.text import BLANKS

PATTERNS = 4096
"""Patterns of present terms remembered per group; a hostile document may invent more."""

_FEW = 2
"""Conditional rules of a group that are cheaper to ask each for itself than by the pattern."""

_ABSENT = type(None)
_NO_CATEGORY: frozenset[str] = frozenset()

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
    """Rules, sorted by the group they speak of, ready to run, again and again; not by two threads.

    Attributes:
        demands: what its rules ask of the XML of a syntax; whoever holds the XML checks them.
    """

    def __init__(
        self, rules: Iterable[Rule], syntax: Syntax | None = None, usage: Usage | None = None
    ) -> None:
        """Compile rules for one syntax; without one, every rule is judged as the norm says.

        Args:
            rules: the rules.
            syntax: the syntax of the documents.
            usage: the table that some of the rules come from.
        """
        rules = tuple(rule.weighed_in(syntax) for rule in rules)
        judged = [(rule, j) for rule in rules if (j := rule.judged_in(syntax)) is not None]
        # The CII sheet compares categories as they are written, the UBL sheet without blanks.
        self._exact = syntax is Syntax.CII
        self._root = _root(judged, self._exact)
        self._root_of_plain = _root([j for j in judged if not j[1].amounts_only], self._exact)
        inspected = [r for r in rules if r.inspection and syntax in r.inspection.syntaxes]
        self._inspected = {rule.id: rule for rule in inspected}
        self.demands = Demands(
            tuple(d for r in inspected if r.inspection for d in r.inspection.demands), usage
        )

    def examine(self, invoice: Invoice) -> tuple[Hit, ...]:
        """Return every breach, never stopping at the first.

        Order: the model's (a group before those inside it, in the norm's order, instances in the
        document's), and within one instance that of the rules given.
        """
        hits: list[Hit] = []
        values = invoice.values
        plain = values is not None and not values.amounts.others
        begin(exact=self._exact)
        try:
            _visit(self._root_of_plain if plain else self._root, invoice, (), invoice, hits)
        finally:
            forget()
        return tuple(hits)

    def hit_by(self, offence: Offence) -> Hit:
        """Say what the XML does not meet of the demands as a breach of its rule."""
        rule = _narrowed(self._inspected[offence.demand.rule], offence.demand)
        if not rule.terms:
            term = offence.address.rpartition("/")[2].partition("[")[0] or ROOT
            return Hit(rule, Breach(term, offence.found), offence.address)
        address = offence.address or route(Invoice, rule.terms[0]) or ""
        there = address.rpartition("/")[2].partition("[")[0]
        term = there if there in rule.terms else rule.terms[0]
        return Hit(rule, Breach(term, offence.found), address)


def _narrowed(rule: Rule, demand: Demand) -> Rule:
    """Return a rule with what it says of one of its demands."""
    said = rule.inspection.said.get(demand) if rule.inspection else None
    return rule if said is None else replace(rule, message=said[0], conseil=said[1])


@dataclass(frozen=True, slots=True)
class _Node:
    """One group at its place in the model.

    ``where`` is its address with ``{}`` for each index on the way, ``field`` where its parent
    holds it; ``held`` gives what it holds of its children, in their order.
    """

    where: str
    field: str
    group: type[Group]
    applicable: _Applicable
    children: tuple[tuple[bool, _Node], ...]
    held: Callable[[Any], tuple[Any, ...]]


def _root(judged: list[_Judged], exact: bool) -> _Node:
    nothing = _Node("", "", Invoice, _Applicable(Invoice, [], exact), (), _getter([]))
    return _node(Invoice, "", "", judged, exact) or nothing


def _node(
    group: type[Group], where: str, field: str, judged: list[_Judged], exact: bool
) -> _Node | None:
    """Compile a group and what is below it; None where no rule speaks of any of it."""
    children = []
    for term in terms_of(group):
        if term.opens is not None:
            step = f"{term.id}[{{}}]" if term.repeated else term.id
            below = f"{where}/{step}" if where else step
            child = _node(term.opens, below, term.field, judged, exact)
            if child is not None:
                children.append((term.repeated, child))
    own = [one for one in judged if one[1].each is group]
    if not own and not children:
        return None
    held = _getter([child.field for _, child in children])
    return _Node(where, field, group, _Applicable(group, own, exact), tuple(children), held)


def _getter(fields: list[str]) -> Callable[[Any], tuple[Any, ...]]:
    """Return what reads fields of a group, in one call."""
    if not fields:
        return lambda _: ()
    get = attrgetter(*fields)
    # A single name gives the bare value.
    return get if len(fields) > 1 else lambda group: (get(group),)


def _visit(
    node: _Node, group: Any, indices: tuple[int, ...], invoice: Invoice, hits: list[Hit]
) -> None:
    for rule, check in node.applicable.to(group):
        breach = check(group, invoice)
        if breach is not None:
            found = breach if isinstance(breach, tuple) else (breach,)
            hits.extend(Hit(rule, one, _address(node, indices, one)) for one in found)
    if not node.children:
        return
    for held, (many, child) in zip(node.held(group), node.children, strict=False):
        if not held:
            continue
        if many:
            # Counted here: tuple.index compares deeply and gives equal lines the first's number.
            for index, instance in enumerate(held, 1):
                _visit(child, instance, (*indices, index), invoice, hits)
        else:
            _visit(child, held, indices, invoice, hits)
            if group.odd is not None and child.field in group.odd:
                for instance in group.odd[child.field].further:
                    _visit(child, instance, indices, invoice, hits)


def _address(node: _Node, indices: tuple[int, ...], breach: Breach) -> str:
    index = "" if breach.index is None else f"[{breach.index}]"
    if breach.at is not None:
        return f"{breach.at}/{breach.term}{index}" if breach.at else f"{breach.term}{index}"
    below = route(node.group, breach.term)
    if below is not None:
        here = node.where.format(*indices)
        return f"{here}/{below}{index}" if here else f"{below}{index}"
    elsewhere = route(Invoice, breach.term)
    if elsewhere is None:
        raise Defect(f"a breach names {breach.term} of a repeated group without saying which")
    return f"{elsewhere}{index}"


class _Applicable:
    """Which rules of a group have something to judge in an instance of it.

    Most rules are about terms that most instances lack, or about one of nine VAT categories:
    the pattern of an instance (its category, and which of the terms in question it has) says
    which to call, and instances share a few patterns (facts: speed-notes 3, variant E1).
    """

    __slots__ = (
        "_alone", "_by_code", "_calls", "_categories", "_conditions", "_exact", "_fields", "_plans",
        "_values", "_whole", "_without",
    )  # fmt: skip

    def __init__(self, group: type[Group], judged: list[_Judged], exact: bool) -> None:
        self._exact = exact
        named = {term.id: term.field for term in terms_of(group)}
        self._categories = frozenset(j.category for _, j in judged if j.category is not None)
        self._alone = {code: frozenset((code,)) for code in self._categories}
        self._fields = tuple(dict.fromkeys(named[term] for _, j in judged for term in j.given))
        self._conditions = tuple(
            (rule, j.check, j.category, frozenset(named[term] for term in j.given))
            for rule, j in judged
        )
        self._calls: tuple[_Call, ...] = tuple(
            (rule, _guarded(check, given) if given else check)
            for rule, check, _, given in self._conditions
        )
        self._plans: dict[tuple[Any, ...], tuple[_Call, ...]] = {}
        self._whole = group is Invoice
        self._values = self._getter(named)
        self._by_code = {code: self._select(category, ()) for code, category in self._alone.items()}
        self._without = self._select(_NO_CATEGORY, ())

    def _getter(self, named: dict[str, str]) -> Callable[[Any], tuple[Any, ...]] | None:
        """Return what reads the pattern's values, the category (or any value) first."""
        conditional = sum(1 for *_, given in self._conditions if given)
        if not self._categories and conditional <= _FEW:
            return None
        category = [name for term, name in named.items() if term in VAT_CATEGORIES]
        # With a single name attrgetter would give the bare value, so the first is read twice.
        first = category[0] if category else (*self._fields, *named.values())[0]
        return attrgetter(first, *(self._fields or (first,)))

    def to(self, instance: Group) -> tuple[_Call, ...]:
        """Return the checks to call on an instance, in order."""
        odd = instance.odd
        if odd is not None and INDICATOR in odd:
            return ()
        if self._values is None:
            return self._calls
        values = self._values(instance)
        if odd is None and not (self._fields or self._whole):
            code = values[0]
            bare = code if self._exact or code is None else code.strip(BLANKS)
            return self._by_code.get(bare, self._without)
        if self._whole:
            category = self._used_in(instance)
        elif not self._categories:
            category = _NO_CATEGORY
        elif odd is None:
            category = self._category(values[0])
        else:
            category = self._odd_categories(instance)
        # The types of the values are the mask: NoneType where a term is absent.
        pattern = (category, *map(type, values))
        found = self._plans.get(pattern)
        if found is None:
            found = self._select(category, pattern[2:])
            if len(self._plans) < PATTERNS:
                self._plans[pattern] = found
        return found

    def _used_in(self, invoice: Any) -> frozenset[str]:
        """Return the categories, among those that a rule asks for, that an invoice uses."""
        if not self._categories:
            return _NO_CATEGORY
        return figures_of(invoice).categories & self._categories

    def _category(self, value: Any) -> frozenset[str]:
        """Return the category where a rule asks for it; what no rule knows is all one."""
        if value is None:
            return _NO_CATEGORY
        return self._alone.get(value if self._exact else value.strip(BLANKS), _NO_CATEGORY)

    def _odd_categories(self, instance: Group) -> frozenset[str]:
        """Return the categories of a group that may have several, or write one with blanks."""
        if not self._categories:
            return _NO_CATEGORY
        found = _NO_CATEGORY
        for code in codes_of(instance, exact=self._exact):
            found |= self._category(code)
        return found

    def _select(self, categories: frozenset[str], types: tuple[Any, ...]) -> tuple[_Call, ...]:
        present = {
            name for name, kind in zip(self._fields, types, strict=False) if kind is not _ABSENT
        }
        return tuple(
            (rule, check)
            for rule, check, wanted, given in self._conditions
            if (wanted is None or wanted in categories) and given <= present
        )


def _guarded(check: Check, given: Collection[str]) -> Check:
    """Return a check that is only made where some fields are there."""
    if len(given) == 1:
        term = attrgetter(*given)
        return lambda group, invoice: None if term(group) is None else check(group, invoice)

    def guarded(group: Any, invoice: Invoice) -> Breaches:
        for field in given:
            if getattr(group, field) is None:
                return None
        return check(group, invoice)

    return guarded


def seen_at(hit: Hit, address: str) -> Hit:
    """Say where the code of a stray breach stands: at a term, or in the group around it."""
    group, _, last = address.rpartition("/")
    term, bracket, index = last.partition("[")
    scheme = f"{term}-1"
    if scheme in hit.rule.terms:
        term = scheme
        address = f"{group}{'/' if group else ''}{term}{bracket}{index}"
    return Hit(hit.rule, replace(hit.breach, term=term or ROOT, stray=False), address)


def finding_of(hit: Hit, place: Place, stage: Stage = Stage.CHECK) -> Finding:
    """Say a hit as a finding, with its place in the sender's file."""
    rule, breach = hit.rule, hit.breach
    others = () if rule.apart else tuple(term for term in rule.terms if term != breach.term)
    return Finding(
        rule=rule.id,
        severity=rule.severity,
        stage=stage,
        motive=rule.motive,
        message=breach.message or rule.message,
        conseil=breach.conseil or rule.conseil,
        terms=(breach.term, *others),
        address=hit.address,
        location=place.location,
        line=place.line,
        column=place.column,
        found=_written(breach.found),
        expected=_written(breach.expected),
    )


def _written(value: str | Decimal | None) -> str | None:
    """Write a value as a person reads it: never with an exponent, never at any length."""
    if value is None:
        return None
    return excerpt(f"{value:f}" if isinstance(value, Decimal) else value)
