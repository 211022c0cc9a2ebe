"""Examples of rules kept and broken: data beside the rules, for the tests and for ``explain``.

A case says what differs from one small invoice that keeps every rule::

    [[case]]
    rule = "BR-CO-10"
    name = "one cent too many"
    set = { "BG-22/BT-106" = "30.01", "BG-25/BT-131" = ["10.00", "20.00"] }
    drop = ["BG-22/BT-107"]
    breaks = "BG-22/BT-106"

A list gives one value to each instance of the group that repeats; ``""`` on a group opens it
empty. An identifier may be followed by its scheme: ``"123 @ 0225"``; ``" @ "`` is one without
value. A file is its name and type: ``"a.pdf @ application/pdf"``, and its size in bytes where that
matters: ``"a.pdf @ application/pdf @ 1000"``.

A file of cases may begin with a table ``[base]``: what the invoices of its circuit have beside that
one. Reading files is for the caller.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, TypeAlias

import msgspec

from chorus_edi.domain.groups import Attachment, Group, Identifier
from chorus_edi.domain.invoice import Invoice
from chorus_edi.domain.money import amount
from chorus_edi.domain.scenarios import Syntax
from chorus_edi.domain.seen import SeenCodes
from chorus_edi.domain.terms import TERMS, Term, terms_of
from chorus_edi.errors import Defect

Values: TypeAlias = Mapping[str, str | list[str]]
_Step: TypeAlias = tuple[str, int]
_Path: TypeAlias = tuple[_Step, ...]

BASE: Values = {
    "BT-1": "F-2026-001",
    "BT-2": "2026-01-15",
    "BT-3": "380",
    "BT-5": "EUR",
    "BG-2/BT-24": "urn:cen.eu:en16931:2017",
    "BG-4/BT-27": "Papeterie Durand",
    "BG-4/BT-31": "FR12999901231",
    "BG-4/BG-5/BT-40": "FR",
    "BG-7/BT-44": "Commune de Valmont",
    "BG-7/BG-8/BT-55": "FR",
    "BG-22/BT-106": "30.00",
    "BG-22/BT-109": "30.00",
    "BG-22/BT-110": "6.00",
    "BG-22/BT-112": "36.00",
    "BG-22/BT-115": "36.00",
    "BG-23/BT-116": "30.00",
    "BG-23/BT-117": "6.00",
    "BG-23/BT-118-0": "VAT",
    "BG-23/BT-118": "S",
    "BG-23/BT-119": "20",
    "BG-25/BT-126": ["1", "2"],
    "BG-25/BT-129": ["1", "2"],
    "BG-25/BT-130": ["C62", "C62"],
    "BG-25/BT-131": ["10.00", "20.00"],
    "BG-25/BG-29/BT-146": ["10.00", "10.00"],
    "BG-25/BG-30/BT-151-0": ["VAT", "VAT"],
    "BG-25/BG-30/BT-151": ["S", "S"],
    "BG-25/BG-30/BT-152": ["20", "20"],
    "BG-25/BG-31/BT-153": ["Ramette", "Cahier"],
}
"""A small invoice that keeps every rule; all names are invented."""

_STEP = re.compile(r"([A-Z][A-Z0-9-]*)(?:\[([1-9][0-9]*)\])?")


class Case(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One example.

    Attributes:
        rule: id of the rule it is about.
        name: what is particular about it, a few English words.
        syntax: the syntax it is judged in, where the rule has a variant.
        base: values by address, over those of ``BASE``, that all cases of its file share.
        set: values by address, over those.
        drop: addresses taken out of both, with all below them.
        codes: codes that a reader saw, by rule, where they are not terms of the model.
        breaks: address of the term at fault; empty where the rule is kept.
        found: the value the breach gives.
        expected: the value the breach asks for.
    """

    rule: str
    name: str
    syntax: Syntax | None = None
    base: dict[str, str | list[str]] = {}
    set: dict[str, str | list[str]] = {}
    drop: tuple[str, ...] = ()
    codes: dict[str, tuple[str, ...]] = {}
    breaks: str = ""
    found: str | None = None
    expected: str | None = None

    @property
    def passes(self) -> bool:
        """True where the rule is kept."""
        return not self.breaks

    def invoice(self) -> Invoice:
        """Return the invoice it describes.

        Raises:
            Defect: an address or a value that the model does not know.
        """
        kept = [
            (path, value)
            for path, value in dict([*_paths(BASE), *_paths(self.base)]).items()
            if not any(_below(path, dropped) for dropped in self.drop)
        ]
        invoice = _invoice(dict([*kept, *_paths(self.set)]))
        if not self.codes:
            return invoice
        return msgspec.structs.replace(invoice, codes=SeenCodes(self.codes))


class Family(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One example for each rule of a family: ``{}`` stands for what tells the rules apart.

    Attributes:
        rule: id of the rules, with ``{}`` for the word of each.
        words: word in the id → what ``{}`` stands for in values and in what is found.
        syntaxes: as ``syntax`` of a case; one case for each, ``norm`` for the norm.
        name: as for a case, and so are the others.
    """

    rule: str
    words: dict[str, str]
    syntaxes: tuple[str, ...] = ("norm",)
    name: str
    set: dict[str, str | list[str]] = {}
    drop: tuple[str, ...] = ()
    breaks: str = ""
    found: str | None = None
    expected: str | None = None

    def cases(self) -> Iterator[Case]:
        """Yield the cases it stands for."""
        for word, code in self.words.items():
            for syntax in self.syntaxes:
                yield Case(
                    rule=self.rule.replace("{}", word),
                    name=f"{self.name}, {code}, {syntax}",
                    syntax=None if syntax == "norm" else Syntax(syntax),
                    set={at: _filled(value, code) for at, value in self.set.items()},
                    drop=self.drop,
                    breaks=self.breaks,
                    found=None if self.found is None else self.found.replace("{}", code),
                    expected=None if self.expected is None else self.expected.replace("{}", code),
                )


def _filled(value: str | list[str], code: str) -> str | list[str]:
    if isinstance(value, str):
        return value.replace("{}", code)
    return [one.replace("{}", code) for one in value]


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    base: dict[str, str | list[str]] = {}
    case: tuple[Case, ...] = ()
    family: tuple[Family, ...] = ()


def read_cases(toml: str) -> tuple[Case, ...]:
    """Read the text of a case file: tables ``[base]``, ``[[case]]`` and ``[[family]]``.

    Raises:
        Defect: it is not a list of cases.
    """
    try:
        file = msgspec.convert(tomllib.loads(toml), _File)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise Defect(f"bad case file: {error}") from error
    if not file.case and not file.family:
        raise Defect("bad case file: there is no case in it")
    cases = (*file.case, *(case for family in file.family for case in family.cases()))
    return tuple(msgspec.structs.replace(case, base=file.base) for case in cases)


def invoice_of(values: Values) -> Invoice:
    """Build an invoice from values by address.

    ``{"BT-1": "F1", "BG-25/BT-131": ["10.00", "20.00"]}`` has a number and two lines.

    Raises:
        Defect: an address or a value that the model does not know.
    """
    return _invoice(dict(_paths(values)))


def _paths(values: Values) -> Iterator[tuple[_Path, str]]:
    """Yield each value under its path, every repeated step with its index."""
    for address, value in values.items():
        steps = [_step(text) for text in address.split("/")]
        if isinstance(value, str):
            yield tuple((term, index or 1) for term, index in steps), value
            continue
        free = next((n for n, (t, i) in enumerate(steps) if TERMS[t].repeated and i is None), None)
        if free is None:
            raise Defect(f"{address} takes one value, not a list")
        for number, each in enumerate(value, 1):
            steps[free] = (steps[free][0], number)
            yield tuple((term, index or 1) for term, index in steps), each


def _step(text: str) -> tuple[str, int | None]:
    match = _STEP.fullmatch(text)
    if match is None or match[1] not in TERMS:
        raise Defect(f"no term or group is called {text}")
    return match[1], int(match[2]) if match[2] else None


def _below(path: _Path, address: str) -> bool:
    """True where a path is an address or below it; a step without index means every instance."""
    wanted = [_step(text) for text in address.split("/")]
    return len(wanted) <= len(path) and all(
        term == here and index in (None, number)
        for (term, index), (here, number) in zip(wanted, path, strict=False)
    )


def _invoice(values: Mapping[_Path, str]) -> Invoice:
    tree: dict[_Step, Any] = {}
    for path, value in values.items():
        node = tree
        for step in path[:-1]:
            node = node.setdefault(step, {})
        if TERMS[path[-1][0]].opens is None:
            node[path[-1]] = value
        else:
            node.setdefault(path[-1], {})
    built = _group(Invoice, tree)
    assert isinstance(built, Invoice)
    return built


def _group(cls: type[Group], tree: dict[_Step, Any]) -> Group:
    fields: dict[str, Any] = {}
    for term in terms_of(cls):
        held = [_value(term, tree.pop(step)) for step in sorted(tree) if step[0] == term.id]
        if held:
            fields[term.field] = tuple(held) if term.repeated else held[0]
    if tree:
        raise Defect(f"{cls.__name__} does not hold {sorted(tree)}")
    return cls(**fields)


def _value(term: Term, given: Any) -> Any:
    if term.opens is not None:
        return _group(term.opens, given)
    if term.value_type is str:
        return given
    if term.value_type is Identifier:
        value, _, scheme = given.partition(" @ ")
        return Identifier() if given == " @ " else Identifier(value=value, scheme=scheme or None)
    if term.value_type is Attachment and " @ " in given:
        name, mime, *size = given.split(" @ ")
        many = int(size[0]) if size else 1
        return Attachment(mime=mime, filename=name, name=name, media_type=mime, size=many)
    number = amount(given) if term.value_type is Decimal else None
    if number is None:
        raise Defect(f"{term.id} cannot be {given!r}")
    return number
