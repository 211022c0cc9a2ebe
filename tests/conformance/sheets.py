"""The official sheets as data: every assertion they hold, and which of them bind our proof."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from lxml import etree

from chorus_edi.adapters.files.artefacts import load_manifest, sheets
from chorus_edi.domain.official import CTC, CTC_UBL, EN16931_SHEETS, Fired, share
from chorus_edi.formats.svrl import published_id

UBL_FR = "br-fr-flux2-ubl"
CII_FR = "br-fr-flux2-cii"
WHOLE = frozenset({UBL_FR, CII_FR, CTC_UBL, CTC})
"""Sheets that are asked for all that they say: those of flow 2 and of the French extension."""

_VARIABLE = re.compile(r"\$([\w-]+)")
_XSL = "{http://www.w3.org/1999/XSL/Transform}"
_SVRL = "{http://purl.oclc.org/dsdl/svrl}"


class Assertion(NamedTuple):
    """One assertion of a sheet: what it fires, and on which nodes it is tried."""

    sheet: str
    fired: Fired
    context: str
    test: str


@cache
def paths() -> dict[str, Path]:
    """Return the file of each sheet of the manifest, proved by its digest."""
    return sheets(load_manifest())


@cache
def assertions(sheet: str) -> tuple[Assertion, ...]:
    """Return every assertion and report of a sheet, in its order."""
    tree = etree.parse(paths()[sheet])
    return tuple(_assertions(sheet, tree))


def _assertions(sheet: str, tree: Any) -> Iterator[Assertion]:
    for element in tree.iter(f"{_SVRL}failed-assert", f"{_SVRL}successful-report"):
        said = {a.get("name"): "".join(a.itertext()) for a in element.findall(f"{_XSL}attribute")}
        template = next(element.iterancestors(f"{_XSL}template"))
        text = " ".join("".join(element.find(f"{_SVRL}text").itertext()).split())
        own = said.get("id", "")
        fired = Fired(published_id(own, text), said.get("flag") != "warning", text, own)
        context = " ".join(template.get("match", "").split())
        test = " ".join(element.get("test", "").split())
        if sheet in WHOLE:
            # Their tests speak of variables: what a variable stands for is put in its place.
            held = {**_variables(tree.getroot()), **_variables(template)}
            context, test = _inlined(context, held), _inlined(test, held)
        yield Assertion(sheet, fired, context, test)


def _variables(element: Any) -> dict[str, str]:
    """Return what the variables of a sheet, or of one of its templates, stand for."""
    return {
        one.get("name"): " ".join(one.get("select", "").split())
        for one in element.findall(f"{_XSL}variable")
    }


def _inlined(text: str, variables: dict[str, str]) -> str:
    """Put what variables stand for in their places, those in them too; an expression's own stay."""
    for _ in variables:
        text = _VARIABLE.sub(lambda found: variables.get(found[1], found[0]), text)
    return text


def fatal_share(syntax: str, sheet: str, fired: Fired) -> str | None:
    """Return the rule that a fatal firing proves; None where this sheet has no say in it."""
    return _share(syntax, sheet, fired) if fired.fatal else None


def _share(syntax: str, sheet: str, fired: Fired) -> str | None:
    return share(sheet, fired) if syntax in EN16931_SHEETS else fired.rule


def warned(syntax: str, sheet: str, fired: Fired) -> str | None:
    """Return the rule that a warning tells; None where this sheet has no say in it.

    They are shared as what is fatal, and what is fatal in a sheet is no warning of another.
    """
    if fired.fatal:
        return None
    rule = _share(syntax, sheet, fired)
    return rule if rule not in fatal_rules(syntax) else None


SHEETS = {
    **{syntax: tuple(asked.sheet for asked in held) for syntax, held in EN16931_SHEETS.items()},
    "ubl-fr": (UBL_FR,),
    "cii-fr": (CII_FR,),
    "ubl-ext": (CTC_UBL,),
    "cii-ext": (CTC,),
}
"""What is asked of a syntax, the sheet that decides where both hold a rule first.

``ubl-fr`` and ``cii-fr`` are the same syntaxes before the French sheets of flow 2, ``ubl-ext`` and
``cii-ext`` before those of the profile EXTENDED-CTC-FR.
"""

EXTENSION = "en16931+extended-ctc-fr"
_SETS = {"fr": "br-fr", "ext": EXTENSION}


@cache
def fatal_rules(syntax: str) -> dict[str, tuple[Assertion, ...]]:
    """Return every fatal rule of a syntax (``ubl`` or ``cii``) and the assertions behind it."""
    return _held(syntax, fatal_share)


@cache
def warning_rules(syntax: str) -> dict[str, tuple[Assertion, ...]]:
    """Return every rule of a syntax that only warns, and the assertions behind it."""
    return _held(syntax, warned)


def _held(
    syntax: str, shared: Callable[[str, str, Fired], str | None]
) -> dict[str, tuple[Assertion, ...]]:
    found: dict[str, list[Assertion]] = {}
    for sheet in SHEETS[syntax]:
        for assertion in assertions(sheet):
            rule = shared(syntax, sheet, assertion.fired)
            if rule is not None:
                found.setdefault(rule, []).append(assertion)
    return {rule: tuple(held) for rule, held in found.items()}


@cache
def peculiar(syntax: str) -> tuple[str, ...]:
    """Return the fatal rules of a syntax that EN 16931 has not, or does not test word for word."""
    grammar, _, kind = syntax.partition("-")
    usual = fatal_rules(grammar) if kind else {}
    return tuple(
        rule
        for rule, held in fatal_rules(syntax).items()
        if _tests(held) != _tests(usual.get(rule, ()))
    )


def _tests(held: Iterable[Assertion]) -> set[tuple[str, str]]:
    return {(one.context, one.test) for one in held}


def set_of(syntax: str) -> str:
    """Return the set of ours that is held against the sheets of a syntax."""
    return _SETS.get(syntax.partition("-")[2], "en16931")
