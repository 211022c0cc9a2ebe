"""Compiles a mapping table into what reader and locator walk by: a dict of operations per element.

An operation is the tuple ``(kind, slot, field, argument, address)``:

* ``slot`` says which dict of the current scope takes the value (see ``scopes``). A negative slot
  is the document's own dict, lent to an inner scope for the terms that both syntaxes write inside a
  repeated element (BT-83, BT-8).
* ``address`` is the term's address from the scope on.

Tuples and plain dicts because this is the hot path (facts: speed-notes 1.5).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, TypeAlias

from chorus_edi.domain.groups import Group, Identifier
from chorus_edi.domain.invoice import Invoice
from chorus_edi.domain.terms import ROOT, TERMS, DataType, Term, beyond_en16931, terms_of
from chorus_edi.errors import Defect
from chorus_edi.formats.code_places import place_of
from chorus_edi.formats.mapping.conditions import chooser, selector_paths
from chorus_edi.formats.mapping.table import (
    DESCENDANT,
    Entry,
    Path,
    Step,
    Table,
    repeats,
    resolve,
)
from chorus_edi.formats.scopes import Scope, Single, closer

# Kinds of operations; the walkers test them in this order, the most frequent first.
CODE = 0  # code, identifier or reference: blanks around it are taken away
LISTED = 1  # the same, of a code list: argument is its number (code_places.place_of)
LOOKED = 2  # the same, where only looking tells the list: argument as code_places.place_of says
MEASURE = 3  # quantity: argument is the attribute of its unit, and its operation
NUMBER = 4  # quantity, rate
PRICE = 5  # number in a currency, of any decimals
AMOUNT = 6  # number in a currency, of two decimals
TEXT = 7  # text, kept as written; argument as code_places.place_of says
DATE = 8
STEP = 9  # container: argument is the dispatch of its children, slot how many there are at least
OPEN = 10  # single group: argument is (dispatch, its own slot, child that denies it, class of those
# that are kept beside the first)
GROUP = 11  # repeated group: argument is (dispatch, the three attributes of its scope)
IDENTIFIER = 12  # identifier with its scheme: argument is (the sibling that holds it, or None;
# what code_places.place_of says)
SWITCH = 13  # condition: argument is (choose, dispatch per answer, dispatch of the rest); its field
# is not empty where the choice is by another term, and the reader then keeps the element;
# slot is 1 where it may stand several times
IDENTIFIERS = 14  # as IDENTIFIER, repeated
WITH_ATTRIBUTES = 15  # value and attributes: argument is (dispatch, operations by attribute)
NOTE = 16  # BG-1 of UBL, both terms in one text; argument as code_places.place_of says
ATTACHMENT = 17
SEARCH = 18  # first descendant of this local name, wherever it stands
KNOWN = 19  # carries no term, and is no surprise; argument as code_places.place_of says
HOLDER = 20  # container of a term: argument is (dispatch, value where it lacks it, it repeats)
CATEGORY = 21  # STEP to the VAT category of an allowance or charge: argument is (dispatch, the
# fields of tax, category and rate); further ones are kept beside the first, as the category's
INDICATOR = 22  # tells an allowance from a charge in CII: kept where it is neither true nor false
EXTENSION = 23  # term or group of the profile EXTENDED, which to EN 16931 is not mapped: argument
# is the dispatch of the element itself

Op: TypeAlias = tuple[int, int, str, Any, str]
Dispatch: TypeAlias = Callable[[Any], Op | None]
"""The ``get`` of a dict Clark name → operation: what a walker calls for each element."""


class Compiled(NamedTuple):
    """A compiled table: dispatch of the root's children, and the document's scope."""

    get: Dispatch
    scope: Scope


class _Node:
    """A place in the document: its rows, and the places below by name and condition."""

    def __init__(self, path: tuple[str, ...] = ()) -> None:
        self.path = path
        self.entries: list[Entry] = []
        self.below: dict[str, dict[str, _Node]] = {}
        self.told_apart = False

    def at(self, path: Path) -> _Node:
        node = self
        for step in path:
            here = _Node((*node.path, step.name))
            node = node.below.setdefault(step.name, {}).setdefault(step.condition, here)
        return node

    def carries_rows(self) -> bool:
        below = (node for cases in self.below.values() for node in cases.values())
        return bool(self.entries) or any(node.carries_rows() for node in below)

    def extends(self) -> bool:
        """True where what it carries is beyond EN 16931."""
        return any(beyond_en16931(entry.term.id) for entry in self.entries)

    def told(self, always: _Node) -> _Node:
        """Return this place, which a condition tells apart, with what is there in any case."""
        both = self.merged(always)
        both.told_apart = True
        return both

    def merged(self, other: _Node) -> _Node:
        both = _Node(self.path or other.path)
        both.entries = [*self.entries, *other.entries]
        for source in (self, other):
            for name, cases in source.below.items():
                for condition, node in cases.items():
                    there = both.below.setdefault(name, {})
                    there[condition] = there.get(condition, _Node(node.path)).merged(node)
        return both


def compile_table(table: Table) -> Compiled:
    """Compile a checked table.

    Raises:
        Defect: two conditions on one element look at different things, or a group is laid out in a
            way that the operations above cannot express.
    """
    root = _Node()
    for entry in table.entries:
        root.at(entry.path).entries.append(entry)
    for path in (*table.known, *_looked_at(table)):
        root.at(path)
    compiler = _Compiler(table)
    return Compiled(compiler.dispatch(root, ROOT), compiler.scope(ROOT))


def _looked_at(table: Table) -> list[Path]:
    """Return the paths of elements that conditions and schemes read: they are no surprise."""
    paths: list[Path] = []
    for entry in table.entries:
        for depth, step in enumerate(entry.path, 1):
            # Conditions are left out of the base: the element is there whatever the answer.
            base = (*entry.path[: depth - 1], Step(step.name, "", step.text))
            paths.extend(
                resolve(base, selector, table.prefixes) for selector in selector_paths(step)
            )
        if entry.row.scheme:
            paths.append(resolve(entry.path[:-1], entry.row.scheme, table.prefixes))
    return paths


_KINDS = {
    DataType.TEXT: TEXT,
    DataType.CODE: CODE,
    DataType.REFERENCE: CODE,
    DataType.DATE: DATE,
    DataType.BINARY: ATTACHMENT,
    DataType.AMOUNT: AMOUNT,
    DataType.UNIT_PRICE: PRICE,
    DataType.QUANTITY: NUMBER,
    DataType.PERCENTAGE: NUMBER,
}


def _kind(term: Term) -> int:
    if term.data_type is DataType.IDENTIFIER:
        if term.value_type is not Identifier:
            return CODE
        return IDENTIFIERS if term.repeated else IDENTIFIER
    assert term.data_type is not None
    return _KINDS[term.data_type]


class _Compiler:
    def __init__(self, table: Table) -> None:
        self._table = table
        self._rows = {e.term.id: e.row for e in table.entries if e.term.opens is not None}
        self._slots: dict[str, dict[str, int]] = {}
        self._lent: set[str] = set()
        for entry in table.entries:
            slots = self._slots.setdefault(entry.scope, {entry.scope: 0})
            if entry.term.opens is not None and not repeats(entry.row):
                slots[entry.term.id] = len(slots)

    def scope(self, group: str) -> Scope:
        """Describe how a scope is opened and closed."""
        slots = self._slots.get(group, {group: 0})
        singles = []
        for single, slot in reversed(slots.items()):
            if single == group:
                continue
            term = TERMS[single]
            assert term.opens is not None
            singles.append(
                Single(
                    slot=slot,
                    parent=slots[term.group],
                    field=term.field,
                    cls=term.opens,
                    tuples=_tuples(term.opens),
                    once=term.repeated,
                )
            )
        cls = TERMS[group].opens if group != ROOT else Invoice
        assert cls is not None
        close = closer(cls, _tuples(cls), tuple(singles))
        return Scope(len(slots), group in self._lent, close)

    def dispatch(self, node: _Node, scope: str) -> Dispatch:
        """Return the dispatch of what stands below a node."""
        ops: dict[Any, Op] = {}
        for name, cases in node.below.items():
            if not name.startswith("@"):
                ops[name] = self._choice(name, cases, scope)
        return ops.get

    def _choice(self, name: str, cases: dict[str, _Node], scope: str) -> Op:
        always = cases.get("", _Node())
        conditional = {condition: node for condition, node in cases.items() if condition}
        if not conditional:
            return self._element(name, always, scope)
        choose, answers = chooser(conditional, self._table)
        dispatches: dict[str | None, Dispatch] = {
            answer: {name: self._element(name, conditional[condition].told(always), scope)}.get
            for answer, condition in answers.items()
        }
        rest = {name: self._element(name, always, scope)} if always.carries_rows() else {}
        otherwise = dispatches.pop(None, rest.get)
        by_term = "=BT-" in next(iter(conditional))
        several = any(repeats(e.row) for node in conditional.values() for e in node.entries)
        argument = (choose, dispatches, otherwise)
        return (SWITCH, int(several), "kept" if by_term else "", argument, "")

    def _element(self, name: str, node: _Node, scope: str) -> Op:
        if node.extends() and not beyond_en16931(scope):
            return (EXTENSION, 0, "", {name: self._plain(name, node, scope)}.get, "")
        op = self._plain(name, node, scope)
        below = [e for cases in node.below.values() for n in cases.values() for e in n.entries]
        held = [e for e in below if e.row.holder]
        if not held:
            return op
        kind, slot, field, _, address = self._value(held[0], scope)
        blank = Identifier() if kind in (IDENTIFIER, IDENTIFIERS) else ""
        return (HOLDER, slot, field, ({name: op}.get, blank, kind == IDENTIFIERS), address)

    def _plain(self, name: str, node: _Node, scope: str) -> Op:
        groups = [e for e in node.entries if e.term.opens is not None]
        values = [e for e in node.entries if e.term.opens is None]
        if len(groups) > 1 or (groups and values and not _is_note(groups[0], values)):
            raise Defect(f"{name} is more than one thing: {[e.term.id for e in node.entries]}")
        if groups:
            return self._group(groups[0], node, scope, note=bool(values))
        attributes = {
            attribute[1:]: self._value(cases[""].entries[0], scope)
            for attribute, cases in node.below.items()
            if attribute.startswith("@")
        }
        if attributes:
            kind, slot, field, _, address = own = self._value(values[0], scope)
            if kind == NUMBER and len(attributes) == 1:
                return (MEASURE, slot, field, attributes.popitem(), address)
            return (WITH_ATTRIBUTES, 0, "", ({name: own}.get, tuple(attributes.items())), "")
        if values:
            return self._value(values[0], scope)
        return self._container(node, scope)

    def _container(self, node: _Node, scope: str) -> Op:
        if scope in _INDICATED and node.path[-1].endswith("}Indicator"):
            return (INDICATOR, 0, "indicator", None, "")
        if not node.below:
            return (KNOWN, 0, "", place_of(node.path), "")
        search = next((name for name in node.below if name.startswith(DESCENDANT)), None)
        if search is None:
            if category := _category_fields(node):
                slot = self._slots[scope][scope]
                return (CATEGORY, slot, category[1], (self.dispatch(node, scope), category), "")
            # What a condition tells apart holds all that the table names in it, and a discount on
            # a price of CII both its amount and what it is.
            whole = node.told_apart or node.path[-1].endswith(_DISCOUNT)
            least = len(node.below) if whole else 1
            return (STEP, least, "", self.dispatch(node, scope), "")
        found = node.below[search][""].entries[0]
        _, slot, field, _, address = self._value(found, scope)
        return (SEARCH, slot, field, search.removeprefix(DESCENDANT), address)

    def _group(self, entry: Entry, node: _Node, scope: str, *, note: bool) -> Op:
        group = entry.term.id
        slots = self._slots[scope]
        field, address = entry.term.field, self._address(entry, scope)
        if entry.scope != scope:
            raise Defect(f"{group} opens inside {scope} but belongs to {entry.scope}")
        parent = slots[entry.term.group]
        if note:
            return (NOTE, parent, field, place_of(node.path), address)
        if repeats(entry.row):
            get = self.dispatch(node, group)
            return (GROUP, parent, field, (get, *self.scope(group)), address)
        prefixes = self._table.prefixes
        unless = resolve((), entry.row.unless, prefixes)[0].name if entry.row.unless else None
        several = entry.term.opens if entry.row.several else None
        argument = (self.dispatch(node, scope), slots[group], unless, several)
        return (OPEN, parent, field, argument, address)

    def _value(self, entry: Entry, scope: str) -> Op:
        scheme = entry.row.scheme
        address = self._address(entry, scope)
        if entry.scope == scope:
            slot = self._slots[scope][entry.term.group]
        elif entry.scope == ROOT and entry.term.group == ROOT:
            slot = -1
            self._lent.add(scope)
        else:
            raise Defect(f"{entry.term.id} stands inside {scope} but belongs to {entry.scope}")
        kind = _kind(entry.term)
        judged = place_of([step.name for step in entry.path])
        if kind == CODE and judged != ():
            kind = LISTED if isinstance(judged, int) else LOOKED
        if kind in (IDENTIFIER, IDENTIFIERS):
            sibling = resolve((), scheme, self._table.prefixes)[0].name if scheme else None
            return (kind, slot, entry.term.field, (sibling, judged), address)
        return (kind, slot, entry.term.field, judged, address)

    def _address(self, entry: Entry, scope: str) -> str:
        parts = [entry.term.id]
        if entry.row.once:
            parts = [f"{entry.term.id}[1]"]
        group = entry.term.group
        while group not in (scope, ROOT):
            once = "[1]" if self._rows[group].once else ""
            parts.append(f"{group}{once}")
            group = TERMS[group].group
        return "/".join(reversed(parts))


def _tuples(cls: type[Group]) -> tuple[str, ...]:
    return tuple(term.field for term in terms_of(cls) if term.repeated)


def _is_note(group: Entry, values: list[Entry]) -> bool:
    return group.term.id == "BG-1" and {e.term.id for e in values} == {"BT-21", "BT-22"}


def _category_fields(node: _Node) -> tuple[str, ...]:
    """Return the fields of the VAT category below a container; none where it is another one."""
    below = [node for cases in node.below.values() for node in cases.values()]
    deeper = [n for node in below for cases in node.below.values() for n in cases.values()]
    entries = [entry for place in (*below, *deeper) for entry in place.entries]
    fields = tuple(name for name in _CATEGORY_FIELDS if name in {e.term.field for e in entries})
    return fields if fields == _CATEGORY_FIELDS else ()


_DISCOUNT = "}AppliedTradeAllowanceCharge"
_INDICATED = frozenset({"BG-20", "BG-21", "BG-27", "BG-28"})
_CATEGORY_FIELDS = ("tax_scheme", "vat_category", "vat_rate")
