"""A mapping table: which element carries which term, and the checks a table must pass.

A path is written from the element of the term's group (``..`` leaves it, ``.`` is it). Its steps
are ``prefix:Name``, at the end ``@attribute`` or ``descendant::Name``. A step may carry a
condition: ``[path='a|b']`` (no matter the case, nor blanks around it; an empty alternative means
absent), ``[path=='a|b']`` (that very text), ``[@attribute=BT-5]`` (equals that term of the
invoice), ``[else]`` (none of the other conditions on this element).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import msgspec

from chorus_edi.domain.terms import ROOT, TERMS, Term
from chorus_edi.errors import Defect


class Row(msgspec.Struct, frozen=True):
    """One line of a table.

    Attributes:
        term: a term or group of the model.
        path: where it stands, from the element of the group that holds it.
        scheme: sibling that holds the identifier's scheme, where it is no attribute.
        unless: child whose presence says that the element is not this group.
        once: a group that the model repeats but that this syntax writes at most once in its parent.
        holder: the element around it that lacks it counts as the term left blank.
        several: a single group that this syntax may repeat; further ones are kept beside the first.
    """

    term: str
    path: str
    scheme: str | None = None
    unless: str | None = None
    once: bool = False
    holder: bool = False
    several: bool = False


class Step(NamedTuple):
    """One step: Clark name (``@name``, ``descendant::Name``), condition, and how it is written."""

    name: str
    condition: str
    text: str


Path = tuple[Step, ...]

ELSE = "else"
DESCENDANT = "descendant::"
_STEP = re.compile(r"(\.\.|\.|@\w+|descendant::\w+|(\w+):(\w+))(?:\[([^\]]*)\])?(?:/|\Z)")


class Entry(NamedTuple):
    """A row with its full path.

    Attributes:
        row: the row.
        term: its term.
        path: steps from the document's root element.
        scope: the nearest group above that repeats; ``BG-0`` for the whole document.
        within: steps from the element of ``scope``; equal to ``path`` under ``BG-0``.
    """

    row: Row
    term: Term
    path: Path
    scope: str
    within: Path


class Table(NamedTuple):
    """A checked table.

    Attributes:
        entries: the rows with their full paths, in the table's order.
        known: paths that carry no term but are no surprise.
        absent: terms that have no place in this syntax, and why.
        prefixes: prefix → namespace.
        first: term → its first row.
        names: term → the names of all elements on the paths of its rows.
    """

    entries: tuple[Entry, ...]
    known: tuple[Path, ...]
    absent: Mapping[str, str]
    prefixes: Mapping[str, str]
    first: Mapping[str, Entry]
    names: Mapping[str, frozenset[str]]

    def of(self, term: str) -> Entry | None:
        """Return the first row of a term; None where the syntax has no place for it."""
        return self.first.get(term)

    def paths_of(self, term: str) -> list[Path]:
        """Return every path of a term, from the document's root element."""
        return [entry.path for entry in self.entries if entry.term.id == term]


def written(path: Iterable[Step]) -> str:
    """Return a path as people read it, conditions as predicates; the element itself is ``.``."""
    steps = (f"{s.text}[{_predicate(s.condition)}]" if s.condition else s.text for s in path)
    return "/".join(steps) or "."


def _predicate(condition: str) -> str:
    """Write a condition as XPath does, but for a term it compares with, and what remains."""
    if condition == ELSE:
        return "autres cas"
    selector, _, value = condition.partition("=")
    if "'" not in value:
        return condition
    answers = value.strip("='").split("|")
    tests = (f"{selector}='{one}'" if one else f"not({selector})" for one in answers)
    return " or ".join(tests)


def steps(path: str, prefixes: Mapping[str, str]) -> Iterator[Step]:
    """Yield the steps of a path.

    Raises:
        Defect: the path cannot be read, or uses an unknown prefix.
    """
    position = 0
    while position < len(path):
        found = _STEP.match(path, position)
        if found is None:
            raise Defect(f"not a path: {path}")
        text, prefix, local, condition = found.groups()
        if prefix is not None and prefix not in prefixes:
            raise Defect(f"unknown prefix in {path}")
        name = f"{{{prefixes[prefix]}}}{local}" if prefix else text
        yield Step(name, condition or "", text)
        position = found.end()


def resolve(base: Path, path: str, prefixes: Mapping[str, str]) -> Path:
    """Put a path onto the path of its group, ``..`` taken away."""
    full = list(base)
    for step in steps(path, prefixes):
        if step.name == "..":
            full.pop()
        elif step.name != ".":
            full.append(step)
    return tuple(full)


def build(
    rows: Sequence[Row],
    known: Iterable[str],
    absent: Mapping[str, str],
    prefixes: Mapping[str, str],
) -> Table:
    """Make a table and check it.

    Raises:
        Defect: a term without row or reason (or with both), an unknown term or prefix, two rows on
            one path.
    """
    unknown = sorted({row.term for row in rows} - TERMS.keys())
    if unknown:
        raise Defect(f"rows of unknown terms: {unknown}")
    groups = {row.term: row for row in rows if TERMS[row.term].opens is not None}
    entries = tuple(_entry(row, groups, prefixes) for row in rows)
    _check_complete(entries, absent)
    _check_paths(entries)
    return Table(
        entries=entries,
        known=tuple(resolve((), path, prefixes) for path in known),
        absent=absent,
        prefixes=prefixes,
        first={entry.term.id: entry for entry in reversed(entries)},
        names=_names(entries),
    )


def _names(entries: Iterable[Entry]) -> Mapping[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for entry in entries:
        own = frozenset(step.name for step in entry.path)
        found[entry.term.id] = found.get(entry.term.id, frozenset()) | own
    return found


def _full_path(
    term: str, path: str, groups: Mapping[str, Row], prefixes: Mapping[str, str]
) -> Path:
    group = TERMS[term].group
    if group == ROOT:
        return resolve((), path, prefixes)
    if group not in groups:
        raise Defect(f"{term} has a row but {group} has none")
    base = _full_path(group, groups[group].path, groups, prefixes)
    return resolve(base, path, prefixes)


def repeats(row: Row) -> bool:
    """True where each element of this row opens a group of its own."""
    term = TERMS[row.term]
    return term.opens is not None and term.repeated and not row.once


def _entry(row: Row, groups: Mapping[str, Row], prefixes: Mapping[str, str]) -> Entry:
    path = _full_path(row.term, row.path, groups, prefixes)
    scope = TERMS[row.term].group
    while scope != ROOT and not repeats(groups[scope]):
        scope = TERMS[scope].group
    base = () if scope == ROOT else _full_path(scope, groups[scope].path, groups, prefixes)
    if path[: len(base)] != base:
        raise Defect(f"{row.term} stands outside {scope}: {row.path}")
    return Entry(row, TERMS[row.term], path, scope, path[len(base) :])


def _check_complete(entries: Sequence[Entry], absent: Mapping[str, str]) -> None:
    mapped = {entry.term.id for entry in entries}
    silent = TERMS.keys() - mapped - absent.keys()
    if silent:
        raise Defect(f"neither row nor reason: {sorted(silent)}")
    if mapped & absent.keys():
        raise Defect(f"row and reason of absence: {sorted(mapped & absent.keys())}")
    if absent.keys() - TERMS.keys():
        raise Defect(f"absent but unknown: {sorted(absent.keys() - TERMS.keys())}")


def _check_paths(entries: Sequence[Entry]) -> None:
    # The note is the one element that is read twice: its text holds code and text (BT-21, BT-22).
    values = [e for e in entries if e.term.opens is None and e.row.path != "."]
    taken: dict[tuple[tuple[str, str], ...], str] = {}
    for entry in values:
        key = tuple((step.name, step.condition) for step in entry.path)
        if key in taken:
            raise Defect(f"{entry.term.id} and {taken[key]} stand on one path: {entry.row.path}")
        taken[key] = entry.term.id
