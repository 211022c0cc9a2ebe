"""How the examples of a rule read: what the invoice says, and what is found in it, in French.

The examples are the cases beside the rules (``rules/*/cases``, ``rules/*/syntax_cases``): package
data, read when somebody asks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache, partial
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import TypeVar

import msgspec

from chorus_edi import rules
from chorus_edi.domain.findings import excerpt
from chorus_edi.domain.groups import Attachment, Identifier
from chorus_edi.domain.terms import TERMS, addresses_of, label_of
from chorus_edi.rules.cases import BASE, Case, invoice_of, read_cases
from chorus_edi.rules.registry import Rule
from chorus_edi.rules.syntax_cases import Edit, SyntaxCase, read_syntax_cases

T = TypeVar("T", Case, SyntaxCase)


class Example(msgspec.Struct, frozen=True):
    """An example, ready to be read.

    Attributes:
        kept: True where the rule is kept.
        lines: the invoice, then what is found in it; French, each a sentence or a value.
    """

    kept: bool
    lines: tuple[str, ...]


def examples_of(rule: Rule) -> tuple[Example, ...]:
    """Return an example that breaks a rule and one that keeps it, where there are such."""
    on_model = _cases().get(rule.id, ())
    on_xml = _syntax_cases().get(rule.id, ())
    told = []
    for kept in (False, True):
        cases = [one for one in on_model if one.passes is kept]
        edited = [one for one in on_xml if (one.breaks is None) is kept]
        if cases:
            case = min(cases, key=partial(_rank, rule))
            told.append(Example(kept, tuple(_case_lines(case, rule))))
        elif edited:
            first = next((one for one in edited if one.edits), edited[0])
            told.append(Example(kept, tuple(_edited_lines(first))))
    return tuple(told)


@cache
def _cases() -> Mapping[str, Sequence[Case]]:
    return _by_rule("cases", read_cases)


@cache
def _syntax_cases() -> Mapping[str, Sequence[SyntaxCase]]:
    return _by_rule("syntax_cases", read_syntax_cases)


def _by_rule(folder: str, read: Callable[[str], Iterable[T]]) -> Mapping[str, Sequence[T]]:
    found: dict[str, list[T]] = {}
    for text in _texts(folder):
        for case in read(text):
            found.setdefault(case.rule, []).append(case)
    return found


def _texts(folder: str) -> Iterator[str]:
    """Yield the case files of every rule set."""
    for package in _sorted(files(rules)):
        held = package / folder
        if held.is_dir():
            yield from (one.read_text("utf-8") for one in _sorted(held) if one.is_file())


def _sorted(folder: Traversable) -> list[Traversable]:
    return sorted(folder.iterdir(), key=lambda one: one.name)


def _rank(rule: Rule, case: Case) -> tuple[bool, bool, int]:
    """Put first what holds in every syntax; of those that keep the rule, what shows its terms."""
    if not case.passes:
        return case.syntax is not None, False, 0
    about = {_term_of(term) for term in rule.terms}
    shown = {_last(address) for address, _ in addresses_of(case.invoice())}
    return case.syntax is not None, not _plain(case), -len(about & shown)


def _plain(case: Case) -> bool:
    """True where an example shows no value that only a rule's author thinks of."""
    values = (text for value in case.set.values() for text in _listed(value))
    return all(text == text.strip() and text.isprintable() for text in values)


def _listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def _case_lines(case: Case, rule: Rule) -> Iterator[str]:
    told = [*_drops(case), *_values(case, rule)]
    where = f", en {case.syntax.value}" if case.syntax else ""
    yield f"Une petite facture ({_small()}){where}" + (", où :" if told else ".")
    yield from told
    if not case.passes:
        yield _verdict(case.breaks, case.found, case.expected, absent=_lacks(case))


def _small() -> str:
    """Say what the small invoice is that cases start from."""
    lines, total = BASE["BG-25/BT-126"], BASE["BG-22/BT-109"]
    return f"{len(lines)} lignes, {total} {BASE['BT-5']} hors TVA, TVA à {BASE['BG-23/BT-119']} %"


def _drops(case: Case) -> Iterator[str]:
    """Yield what the example lacks; what it gives again is among its values."""
    for address in case.drop:
        if address not in case.set:
            again = any(one.startswith(f"{address}/") for one in case.set)
            yield f"{_named(address)} : " + ("seulement ce qui suit" if again else "absent")


def _values(case: Case, rule: Rule) -> Iterator[str]:
    """Yield what the example is about: what differs from the small invoice, the rule's terms."""
    usual = dict(addresses_of(invoice_of({**BASE, **case.base})))
    about = {_term_of(term) for term in rule.terms}
    for address in case.set:
        if TERMS[_last(address)].opens is not None:
            yield f"{_named(address)} : présent, mais vide"
    for address, value in addresses_of(case.invoice()):
        if _last(address) in about or usual.get(address) != value:
            yield f"{_named(address)} = {_shown(value)}"
    for codes in case.codes.values():
        yield from (f"code écrit : {_shown(code)}" for code in codes)


def _lacks(case: Case) -> bool:
    """True where what breaks the rule is that something is not there."""
    there = (address for address, _ in addresses_of(case.invoice()))
    return not any(f"{one}/".startswith(f"{case.breaks}/") for one in there)


def _verdict(address: str, found: str | None, expected: str | None, *, absent: bool) -> str:
    said = [f"trouvé {_shown(found)}"] if found is not None else ["absent"] * absent
    said += [f"attendu {_shown(expected)}"] if expected is not None else []
    where = _named(address) if address else "le document"
    return f"Constat : {where}" + (f" : {', '.join(said)}" if said else "")


def _shown(value: str | Decimal | Identifier | Attachment) -> str:
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, Attachment):
        return f"{value.name} ({value.size} octets)" if value.size > 1 else value.name
    if isinstance(value, Identifier):
        scheme = f" (schéma {value.scheme})" if value.scheme else ""
        return f"{_shown(value.value or '')}{scheme}"
    if not value.strip():
        return "(des blancs)" if value else "(vide)"
    return _excerpt(value) if value == value.strip() else f"« {_excerpt(value)} »"


def _excerpt(text: str) -> str:
    """Return a text, or how it begins and how long it is."""
    short = excerpt(text)
    return text if len(short) >= len(text) else f"{short} ({len(text)} caractères)"


def _edited_lines(case: SyntaxCase) -> Iterator[str]:
    how = "ainsi modifiée :" if case.edits else "telle quelle."
    yield f"La facture complète, en {case.syntax.value}, {how}"
    yield from map(_said, case.edits)
    if case.breaks is not None:
        yield _verdict(case.breaks, case.found, None, absent=False)


def _said(edit: Edit) -> str:
    """Say a change of the document."""
    if edit.double:
        return f"deux fois {_element(edit.double)}"
    if edit.drop:
        return f"sans {_element(edit.drop)}"
    if edit.into:
        return f"dans {_element(edit.into)}, en plus : {edit.add}"
    return f"{_element(edit.set)} = {_shown(edit.to)}"


def _element(path: str) -> str:
    """Return a path from the document as people write it."""
    return path.lstrip("/").removeprefix("*/").removeprefix("rsm:CrossIndustryInvoice/")


def _named(address: str) -> str:
    return f"{address} ({label_of(_last(address)).fr})"


def _last(address: str) -> str:
    return address.rpartition("/")[2].partition("[")[0]


def _term_of(term: str) -> str:
    """Return the term that a sub-term belongs to, any other id as it is."""
    return term if term in TERMS else term.rpartition("-")[0]
