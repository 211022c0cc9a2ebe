"""What the tests of the sheets speak of: contexts to look for, paths to walk, values they compare.

The XPath of a sheet is not evaluated here (lxml knows XPath 1.0): names, steps and literals are
enough to know where a change will make a rule speak.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

from lxml import etree

from tests.conformance.sheets import fatal_rules

PREFIXES = {
    "ubl": "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2",
    "cn": "urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2",
    "cac": "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
    "cbc": "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
    "rsm": "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100",
    "ram": "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100",
    "qdt": "urn:un:unece:uncefact:data:standard:QualifiedDataType:100",
    "udt": "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100",
}

_FUNCTIONS = {
    (None, "ends-with"): lambda _context, text, end: _text(text).endswith(end),
    (None, "upper-case"): lambda _context, text: _text(text).upper(),
}
_VALUE_OF = re.compile(r"Value of '(@\w+)'")
_NOT_NEGATIVE = re.compile(r">=?\s*0\b")
_DECIMALS = re.compile(r"substring-after\(|round\(\. \* 100\)")
_LENGTH = re.compile(r"string-length\(\.\) le (\d+)")
_CUSTOM = re.compile(r"custom:([\w-]+)")
# What the functions of the French sheets take, and what they do not.
_TELLING = {
    "is-valid-id-format": ("F 1", "F#1", "A" * 36),
    "is-valid-date-format": ("1999-12-31", "2026-10-01Z", "19991231", "20260230", "20240229"),
    "is-valid-billing-mode": ("S1", "M2", "B4", "S8", "M9", "A1"),
    "is-valid-bar-treatment": ("B2B", "B2C", "B2G"),
    "is-valid-schemeid-format": ("A B", "A+B", "A.B_C-D"),
    "is-valid-decimal-19-2": ("1.001", "1.", "+1.00", "12345678901234567890"),
    "is-valid-decimal-19-4": ("1.00001", "+1", "1.0000"),
    "is-valid-decimal-19-6": ("1.0000001", "-1.00", "+1"),
    "is-valid-decimal-19-6-positive": ("1.0000001", "-1.00", "1.000000"),
    "is-valid-percent-4-2-positive": ("20.001", "100.00", "-5", "5"),
    # The number of the second sub-invoice, which the others may take (``grouped``).
    "isSpecialContract": ("F2026-00020",),
    "isSpecialContractBD": ("S9", "M9"),
    "isSpecialContractMV": ("S8", "M8"),
}
_CALL = re.compile(r"/(?:\w+:)?[\w-]+\(")
_STEP = re.compile(r"(//|/)?(\.\.|\.(?![\w.])|@[\w:-]+|\w+:[\w-]+|\*)")
_LITERAL = re.compile(r"'([^']*)'|\"([^\"]*)\"")
_SHORTEST_LIST, _MOST_LITERALS = 40, 30


class Step(NamedTuple):
    """One step of a path: how it is reached (``/``, ``//`` or nothing) and what it names."""

    axis: str
    name: str


class Aim(NamedTuple):
    """One assertion, as a mutator sees it.

    Attributes:
        rule: what it proves.
        contexts: what finds the nodes it is tried on.
        paths: what its test looks at, from such a node.
        conditions: what the conditions on the node itself look at.
        literals: what it compares with.
        counts: True where it counts what it finds.
        either: True where one of several things is enough for it.
    """

    rule: str
    contexts: tuple[Any, ...]
    paths: tuple[tuple[Step, ...], ...]
    conditions: tuple[tuple[Step, ...], ...]
    literals: tuple[str, ...]
    counts: bool
    either: bool


@cache
def aims(syntax: str, beginnings: str) -> dict[str, tuple[Aim, ...]]:
    """Return the aims of every fatal rule whose id begins with one of some beginnings."""
    return {
        rule: tuple(_aim(rule, one.context, f"{one.test} {_named(one.fired.text)}") for one in held)
        for rule, held in fatal_rules(syntax).items()
        if rule.startswith(tuple(beginnings.split(",")))
    }


def _aim(rule: str, context: str, test: str) -> Aim:
    return Aim(
        rule,
        tuple(_finder(one) for one in _alternatives(context)),
        tuple(dict.fromkeys(_paths(test))),
        tuple(dict.fromkeys(_predicates(context))),
        (*_literals(f"{context} {test}"), *_telling(test)),
        "count(" in test,
        " or " in test,
    )


def _telling(test: str) -> Iterator[str]:
    """Yield figures that a test of figures does not take: below zero, or of too many decimals."""
    if _NOT_NEGATIVE.search(test):
        yield "-1.00"
    if _DECIMALS.search(test):
        yield from ("1.001", "20.005")
    for length in _LENGTH.findall(test):
        yield "A" * (int(length) + 1)
    for name in _CUSTOM.findall(test):
        yield from _TELLING.get(name, ())


def _named(text: str) -> str:
    """Return what the text of a check by code list names: its test speaks of a variable only."""
    said = _VALUE_OF.match(text)
    return said[1] if said else ""


def _alternatives(context: str) -> list[str]:
    """Split a pattern at the bars that stand outside its predicates."""
    parts, depth = [""], 0
    for character in context:
        depth += (character == "[") - (character == "]")
        if character == "|" and not depth:
            parts.append("")
        else:
            parts[-1] += character
    return [part.strip() for part in parts]


def _finder(pattern: str) -> Any:
    """Compile a pattern for lxml; without predicates and brackets where it does not know them."""
    said = pattern.replace("false()", "'false'").replace("true()", "'true'")
    bare = _without_predicates(pattern)
    for form in (said, bare, bare.replace("(", "").replace(")", "").strip()):
        path = form if form.startswith("/") else f"//{form}"
        try:
            finder = etree.XPath(path, namespaces=PREFIXES, extensions=_FUNCTIONS)
            finder(etree.Element("probe"))
        except (etree.XPathSyntaxError, etree.XPathEvalError):
            continue
        return finder
    return etree.XPath("/*")


def _text(value: Any) -> str:
    first = value[0] if isinstance(value, list) and value else value
    return str(getattr(first, "text", first) or "")


def _without_predicates(text: str) -> str:
    kept, depth = "", 0
    for character in text:
        depth += character == "["
        kept += "" if depth else character
        depth -= character == "]"
    return kept


def _predicates(context: str) -> Iterator[tuple[Step, ...]]:
    """Yield what the conditions on the node itself look at."""
    for pattern in _alternatives(context):
        at = pattern.rfind("[") if pattern.endswith("]") else -1
        if at >= 0:
            yield from _paths(pattern[at + 1 : -1])


def _paths(text: str, before: tuple[Step, ...] = ()) -> Iterator[tuple[Step, ...]]:
    """Yield every path of an expression, those in predicates joined to what they qualify."""
    at = 0
    while at < len(text):
        if literal := _LITERAL.match(text, at):
            at = literal.end()
            continue
        if not _STEP.match(text, at) or (at and re.match(r"[\w:$-]", text[at - 1])):
            at += 1
            continue
        steps, at, inner = _one_path(text, at)
        for qualified, predicate in inner:
            yield from _paths(predicate, (*before, *qualified))
        if steps and steps != (Step("", "."),):
            yield (*before, *steps)


def _one_path(
    text: str, at: int
) -> tuple[tuple[Step, ...], int, list[tuple[tuple[Step, ...], str]]]:
    start = at
    steps: list[Step] = []
    inner: list[tuple[tuple[Step, ...], str]] = []
    while found := _STEP.match(text, at):
        if steps and not found[1]:
            break
        if text[found.end() : found.end() + 1] == "(":
            break
        at = found.end()
        steps.append(Step(found[1] or "", found[2]))
        while text[at : at + 1] == "[":
            end = _closing(text, at)
            inner.append((tuple(steps), text[at + 1 : end]))
            at = end + 1
    if call := _CALL.match(text, at):
        # What stands between the brackets is read from where the path has come to.
        end = _closing(text, call.end() - 1, "()")
        inner.append((tuple(steps), text[call.end() : end]))
        at = end + 1
    return tuple(steps), max(at, start + 1), inner


def _closing(text: str, at: int, pair: str = "[]") -> int:
    depth = 0
    for place in range(at, len(text)):
        depth += (text[place] == pair[0]) - (text[place] == pair[1])
        if not depth:
            return place
    return len(text)


def _literals(text: str) -> Iterator[str]:
    for found in _LITERAL.finditer(text):
        literal = found[1] or found[2] or ""
        words = literal.split() if len(literal) > _SHORTEST_LIST else [literal]
        yield from (word for word in words[:_MOST_LITERALS] if word.isalnum())
