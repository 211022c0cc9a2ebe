"""Rows of the tables of syntax rules: what may stand once, how both syntaxes say it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from chorus_edi.domain.demands import Distinct
from chorus_edi.domain.scenarios import Syntax
from chorus_edi.domain.terms import label_of
from chorus_edi.rules.inspection import Ask, Text, ask

_CONDITION = re.compile(r"\[(?:[^\[\]]|\[[^\[\]]*\])*\]")


class Once(NamedTuple):
    """A row: in each of some elements, a path that may be there once.

    Attributes:
        rule: the published id.
        term: the term that stands there.
        each: the elements (XPath from the document).
        path: what may be there once (XPath from such an element).
        suspects: what may break the rule beside the end of the path.
        least: 1 where it must be there.
        distinct: where it may be there several times, in one value.
        others: further terms, where the element is met in several groups.
    """

    rule: str
    term: str
    each: str
    path: str
    suspects: tuple[str, ...] = ()
    least: int = 0
    distinct: Distinct | None = None
    others: tuple[str, ...] = ()


def register_once(
    rows: Iterable[Once], syntaxes: frozenset[Syntax], source: str, module: str
) -> None:
    """Register one rule per row."""
    for row in rows:
        demand = Ask(
            each=row.each,
            counted=row.path,
            least=row.least,
            most=1,
            distinct=row.distinct,
            suspects=row.suspects,
        )
        ask(
            row.rule,
            row.term,
            *row.others,
            asks=(demand,),
            syntaxes=syntaxes,
            text=_text(row),
            source=source,
            module=module,
        )


def _text(row: Once) -> Text:
    label, path = label_of(row.term), plain(row.path)
    if row.distinct is not None:
        how, fr, en = "in one value only", "a plusieurs valeurs", "has several values"
        conseil = f"Donnez partout la même valeur à {path} ({row.term})."
    elif row.least:
        how, fr, en = "exactly once", "manque ou figure plusieurs fois", "is missing or repeated"
        conseil = f"Donnez {path} ({row.term}) une fois et une seule."
    else:
        how, fr, en = "at most once", "figure plusieurs fois", "stands more than once"
        conseil = f"Ne gardez qu'un seul élément {path} ({row.term})."
    return Text(
        name=f"{row.term} is given {how} in {path}",
        fr=f"{label.fr} ({row.term}) : l'élément {path} {fr}.",
        en=f"{label.en} ({row.term}): the element {path} {en}.",
        conseil=conseil,
    )


def plain(path: str) -> str:
    """Write a path without its conditions, as a person reads it."""
    bare = path
    while "[" in bare:
        bare = _CONDITION.sub("", bare)
    return bare.removeprefix("//")
