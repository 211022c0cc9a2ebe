"""The conditions of mapping tables: what an element must say for a row to be meant.

Every condition on one element looks at the same thing (a child, an attribute), so one look decides.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

from chorus_edi.errors import Defect
from chorus_edi.formats.mapping.table import ELSE, Step, Table, resolve

Choose: TypeAlias = Callable[[Any, Any], str]
"""(element, root element) → answer; an answer that no condition names means ``[else]``."""

_CONDITION = re.compile(r"([^=]+)=(?:'([^']*)'|(BT-\d+))")


def _parts(condition: str) -> tuple[str, str | None, str | None]:
    found = _CONDITION.fullmatch(condition)
    if found is None:
        raise Defect(f"not a condition: [{condition}]")
    selector, values, term = found.groups()
    return selector, values, term


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
        selector, values, term = _parts(condition)
        selectors.add((selector, term is not None))
        terms += [term] if term else []
        for answer in [term] if term else (values or "").upper().split("|"):
            if answer in answers:
                raise Defect(f"two rows for one condition: [{condition}]")
            answers[answer] = condition
    if len(selectors) != 1:
        raise Defect(f"conditions on one element look at different things: {sorted(selectors)}")
    selector, by_term = selectors.pop()
    return (_by_term(selector, terms, table) if by_term else _by_text(selector, table)), answers


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
    return element.text or ""


def _by_text(selector: str, table: Table) -> Choose:
    if selector.startswith("@"):
        attribute = selector[1:]
        return lambda element, _: (element.get(attribute) or "").strip().upper()
    names = tuple(step.name for step in resolve((), selector, table.prefixes))
    return lambda element, _: (child_text(element, names) or "").strip().upper()


def _by_term(selector: str, terms: list[str], table: Table) -> Choose:
    """Choose the first term whose value the attribute repeats; an absent attribute means the first.

    The terms are looked up in the document, not in what was read so far: elements may come in any
    order where the schema is not obeyed.
    """
    attribute = selector.removeprefix("@")
    places = []
    for term in terms:
        entry = table.of(term)
        if entry is None:
            raise Defect(f"a condition compares with {term}, which has no row")
        places.append((term, tuple(step.name for step in entry.path)))

    def choose(element: Any, root: Any) -> str:
        said = element.get(attribute)
        if said is None:
            return terms[0]
        for term, names in places:
            declared = child_text(root, names)
            if said.strip() == (declared or "").strip():
                return term
        return ""

    return choose


def holds(step: Step, element: Any, root: Any, table: Table) -> bool:
    """True where an element meets the condition of its step, which is not ``[else]``."""
    choose, answers = chooser((step.condition,), table)
    return choose(element, root) in answers


def as_xpath(step: Step, table: Table, write: Callable[[str], str]) -> str:
    """Write a step's condition as an XPath predicate; "" where it has none, or no fixed value.

    Args:
        step: a step of a table's path.
        table: that table.
        write: Clark name → step of an XPath.
    """
    if not step.condition or step.condition == ELSE:
        return ""
    selector, values, _ = _parts(step.condition)
    value = (values or "").split("|")[0]
    if not value:
        return ""
    if not selector.startswith("@"):
        found = resolve((), selector, table.prefixes)
        selector = "/".join(write(looked_at.name) for looked_at in found)
    return f"[{selector}='{value}']"
