"""The conditions of mapping tables: what an element must say for a row to be meant.

Every condition on one element looks at the same thing (a child, an attribute), so one look decides.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

from chorus_edi.errors import Defect
from chorus_edi.formats.mapping.table import ELSE, Step, Table, resolve
from chorus_edi.formats.texts import BLANKS, text_of


class Declared:
    """Terms of one document that conditions compare with; each is looked up once.

    They are looked up in the document, not in what was read so far: elements may come in any order
    where the schema is not obeyed. A hostile document has a million elements that ask.
    """

    __slots__ = ("_root", "_texts")

    def __init__(self, root: Any) -> None:
        self._root = root
        self._texts: dict[tuple[str, ...], str] = {}

    def text(self, names: tuple[str, ...]) -> str:
        """Return the text at a path of Clark names from the root element; "" where absent."""
        found = self._texts.get(names)
        if found is None:
            found = self._texts[names] = (child_text(self._root, names) or "").strip(BLANKS)
        return found


Choose: TypeAlias = Callable[[Any, Declared], str]
"""(element, its document's terms) → answer; one that no condition names means ``[else]``."""

_CONDITION = re.compile(r"([^=]+)(==?)(?:'([^']*)'|(BT-\d+))")
_EXACT = "=="


def _parts(condition: str) -> tuple[str, str, str | None, str | None]:
    found = _CONDITION.fullmatch(condition)
    if found is None:
        raise Defect(f"not a condition: [{condition}]")
    selector, sign, values, term = found.groups()
    return selector, sign, values, term


def selector_paths(step: Step) -> list[str]:
    """Return the elements that a step's condition looks at, as paths from the step."""
    if not step.condition or step.condition == ELSE:
        return []
    selector = _parts(step.condition)[0]
    return [] if selector.startswith("@") else [selector.partition("/@")[0]]


def chooser(conditions: Iterable[str], table: Table) -> tuple[Choose, dict[str | None, str]]:
    """Return how to choose among the conditions on one element, and the condition of each answer.

    The answer None stands for ``[else]``.

    Raises:
        Defect: the conditions look at different things, or two say the same.
    """
    answers: dict[str | None, str] = {}
    selectors, terms = set(), []
    for condition in conditions:
        if condition == ELSE:
            answers[None] = condition
            continue
        selector, sign, values, term = _parts(condition)
        selectors.add((selector, sign, term is not None))
        terms += [term] if term else []
        said = values or ""
        for answer in [term] if term else (said if sign == _EXACT else said.upper()).split("|"):
            if answer in answers:
                raise Defect(f"two rows for one condition: [{condition}]")
            answers[answer] = condition
    if len(selectors) != 1:
        raise Defect(f"conditions on one element look at different things: {sorted(selectors)}")
    selector, sign, by_term = selectors.pop()
    if by_term:
        return _by_term(selector, terms, table), answers
    return _by_text(selector, table, exact=sign == _EXACT), answers


def child_text(element: Any, names: tuple[str, ...]) -> str | None:
    """Return the text of the first descendant by this path of Clark names; None where absent."""
    for name in names:
        # A plain loop is several times quicker than find().
        for child in element:
            if child.tag == name:
                element = child
                break
        else:
            return None
    return text_of(element)


def _by_text(selector: str, table: Table, *, exact: bool) -> Choose:
    if selector.startswith("@"):
        attribute = selector[1:]
        if exact:
            return lambda element, _: element.get(attribute) or ""
        return lambda element, _: (element.get(attribute) or "").strip(BLANKS).upper()
    names = tuple(step.name for step in resolve((), selector, table.prefixes))
    if exact:
        return lambda element, _: child_text(element, names) or ""
    return lambda element, _: (child_text(element, names) or "").strip(BLANKS).upper()


def _by_term(selector: str, terms: list[str], table: Table) -> Choose:
    """Choose the first term whose value the attribute repeats; an absent one means the first."""
    attribute = selector.removeprefix("@")
    places = []
    for term in terms:
        entry = table.of(term)
        if entry is None:
            raise Defect(f"a condition compares with {term}, which has no row")
        places.append((term, tuple(step.name for step in entry.path)))

    def choose(element: Any, declared: Declared) -> str:
        said = element.get(attribute)
        if said is None:
            return terms[0]
        for term, names in places:
            if said.strip(BLANKS) == declared.text(names):
                return term
        return ""

    return choose


def holds(step: Step, element: Any, declared: Declared, table: Table) -> bool:
    """True where an element meets the condition of its step, which is not ``[else]``."""
    choose, answers = chooser((step.condition,), table)
    return choose(element, declared) in answers


def as_xpath(
    step: Step, table: Table, write: Callable[[str], str], declared: Declared | None = None
) -> str:
    """Write a step's condition as an XPath predicate; "" where it has none, or no fixed value.

    Args:
        step: a step of a table's path.
        table: that table.
        write: Clark name → step of an XPath.
        declared: the document, where a condition compares with a term of it.
    """
    if not step.condition or step.condition == ELSE:
        return ""
    selector, _, values, term = _parts(step.condition)
    entry = table.of(term) if term else None
    if entry is not None and declared is not None:
        value = declared.text(tuple(one.name for one in entry.path))
    else:
        value = (values or "").split("|")[0]
    if not value or "'" in value:
        return ""
    if not selector.startswith("@"):
        found = resolve((), selector, table.prefixes)
        selector = "/".join(write(looked_at.name) for looked_at in found)
    return f"[{selector}='{value}']"
