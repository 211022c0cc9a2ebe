"""Every business term and group: its names, its data type, and where the model keeps it.

The structure comes from the annotations of ``domain/invoice.py``; this module adds what they do not
say: the semantic data type of a term (EN 16931-1, 6.5) and its two names (domain/term_names.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import msgspec

from chorus_edi.domain.groups import BG, BT, Attachment, Group, Identifier
from chorus_edi.domain.invoice import Invoice
from chorus_edi.domain.labels import Label
from chorus_edi.domain.term_names import GROUP_NAMES, TERM_NAMES
from chorus_edi.errors import Defect

ROOT = "BG-0"
"""The group of terms that stand directly in the invoice; it is not part of an address."""


class DataType(Enum):
    """Semantic data types of EN 16931-1; the value is their letter in the table of names."""

    AMOUNT = "A"
    BINARY = "B"
    CODE = "C"
    DATE = "D"
    IDENTIFIER = "I"
    PERCENTAGE = "P"
    QUANTITY = "Q"
    REFERENCE = "R"
    TEXT = "T"
    UNIT_PRICE = "U"

    @property
    def number(self) -> bool:
        """True where the model keeps a ``Decimal``."""
        return self in _NUMBERS


_NUMBERS = {DataType.AMOUNT, DataType.PERCENTAGE, DataType.QUANTITY, DataType.UNIT_PRICE}


# Sub-terms whose name is not "scheme identifier" of the term they belong to.
_SUB_TERMS = {
    "BT-125-1": Label("Code MIME du document joint", "Attached document Mime code"),
    "BT-125-2": Label("Nom de fichier du document joint", "Attached document Filename"),
    "BT-158-2": Label(
        "Version du schéma de la classification de l'article",
        "Item classification identifier: scheme version identifier",
    ),
}
_SUB_TERM = re.compile(r"(BT-\d+)-\d+")
_NUMBERED = re.compile(r"(B[TG])-(\d*)")
FRENCH = "EXT-FR-FE-"
"""Beginning of the ids of the French extension (AFNOR XP Z12-012)."""

_LAST = {"BT": 165, "BG": 32}
# Kept as an identifier, but the norm gives it no scheme.
_WITHOUT_SCHEME = "BT-84"


class Term(msgspec.Struct, frozen=True, kw_only=True):
    """One business term or group of the model.

    Attributes:
        id: ``BT-131``, ``BG-25``, ``CE-SERVICE``.
        label: its two names.
        group: id of the group that holds it; ``BG-0`` for the invoice itself.
        owner: class of that group.
        field: its field there.
        repeated: True where the field is a tuple.
        data_type: its data type; None for a group.
        opens: class of the group it opens; None for a term.
        value_type: Python type of one value (``str``, ``Decimal``, ``Identifier``, …).
    """

    id: str
    label: Label
    group: str
    owner: type[Group]
    field: str
    repeated: bool
    data_type: DataType | None = None
    opens: type[Group] | None = None
    value_type: type


def _value_type(hint: Any) -> tuple[type, bool]:
    """Split ``X | None`` or ``tuple[X, ...]`` into X and whether it repeats."""
    repeated = get_origin(hint) is tuple
    bare = next(a for a in get_args(hint) if a not in (type(None), ...))
    return bare, repeated


def _names(table: str) -> dict[str, tuple[str, Label]]:
    named = {}
    for line in table.strip().splitlines():
        head, en, fr = line.split("|")
        term, _, letter = head.partition(" ")
        named[term] = (letter, Label(fr, en))
    return named


def _collect(owner: type[Group], group: str, names: dict[str, tuple[str, Label]]) -> Iterator[Term]:
    """Yield the terms of a group and of the groups in it, in the norm's order."""
    for field, hint in get_type_hints(owner, include_extras=True).items():
        if get_origin(hint) is not Annotated:
            continue  # what travels with a group and is no term
        bare, mark = get_args(hint)
        value_type, repeated = _value_type(bare)
        if mark.id not in names:
            raise Defect(f"{mark.id} has no names in domain/term_names.py")
        letter, label = names[mark.id]
        term = Term(
            id=mark.id,
            label=label,
            group=group,
            owner=owner,
            field=field,
            repeated=repeated,
            data_type=DataType(letter) if isinstance(mark, BT) else None,
            opens=value_type if isinstance(mark, BG) else None,
            value_type=value_type,
        )
        _check_type(term)
        yield term
        if term.opens is not None:
            yield from _collect(term.opens, term.id, names)


def _check_type(term: Term) -> None:
    """Hold the data type of the tables against the annotations."""
    if term.data_type is None:
        return
    if term.data_type.number:
        allowed: set[type] = {Decimal}
    elif term.data_type is DataType.BINARY:
        allowed = {Attachment}
    elif term.data_type is DataType.IDENTIFIER:
        allowed = {str, Identifier}
    else:
        allowed = {str}
    if term.value_type not in allowed:
        raise Defect(f"{term.id} is {term.data_type.name} but the model has {term.value_type}")


def _all_terms() -> dict[str, Term]:
    names = _names(TERM_NAMES) | _names(GROUP_NAMES)
    terms: dict[str, Term] = {}
    for term in _collect(Invoice, ROOT, names):
        if term.id in terms:
            raise Defect(f"{term.id} stands twice in the model")
        terms[term.id] = term
    unused = names.keys() - terms.keys() - {ROOT}
    if unused:
        raise Defect(f"named in domain/term_names.py but not in the model: {sorted(unused)}")
    return terms


def _has_scheme(term: str) -> bool:
    return _SUB_TERM.fullmatch(f"{term}-1") is not None and term != _WITHOUT_SCHEME


def beyond_en16931(term_id: str) -> bool:
    """True for a term or group that only EXTENDED of Factur-X or the French extension has.

    EN 16931-1:2017 ends at BT-165 and BG-32.
    """
    if term_id.startswith(FRENCH):
        return True
    match = _NUMBERED.match(term_id)
    return match is not None and (not match[2] or int(match[2]) > _LAST[match[1]])


TERMS: dict[str, Term] = _all_terms()
"""Term or group id → what it is, in the model's order."""

SUB_TERMS: dict[str, Term] = {
    f"{term.id}-{number}": term
    for term in TERMS.values()
    for number in (1, 2)
    if f"{term.id}-{number}" in _SUB_TERMS
    or (number == 1 and term.value_type is Identifier and _has_scheme(term.id))
}
"""Sub-term (``BT-29-1``) → the term whose element it qualifies."""

_ROOT_LABEL = _names(GROUP_NAMES)[ROOT][1]
_OF_GROUP: dict[type[Group], tuple[Term, ...]] = {
    owner: tuple(term for term in TERMS.values() if term.owner is owner)
    for owner in dict.fromkeys(term.owner for term in TERMS.values())
}


def label_of(term_id: str) -> Label:
    """Return the names of a term, group or sub-term (``BT-29-1``).

    Raises:
        Defect: nothing has this id.
    """
    term = TERMS.get(term_id)
    if term is not None:
        return term.label
    if term_id in _SUB_TERMS:
        return _SUB_TERMS[term_id]
    if term_id == ROOT:
        return _ROOT_LABEL
    sub_term = _SUB_TERM.fullmatch(term_id)
    if sub_term is None or sub_term[1] not in TERMS:
        raise Defect(f"no term is called {term_id}")
    of = TERMS[sub_term[1]].label
    return Label(f"{of.fr} : identifiant du schéma", f"{of.en}: scheme identifier")


def terms_of(group: type[Group]) -> tuple[Term, ...]:
    """Return the terms and groups that a group holds, in the norm's order."""
    return _OF_GROUP[group]


def addresses_of(group: Group, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the address and value of each term present, in the norm's order.

    Values are ``str``, ``Decimal``, ``Identifier`` or ``Attachment``; groups are walked, not
    yielded.
    """
    for term in _OF_GROUP[type(group)]:
        value = getattr(group, term.field)
        values = value if term.repeated else () if value is None else (value,)
        for number, item in enumerate(values, 1):
            index = f"[{number}]" if term.repeated else ""
            address = f"{prefix}{term.id}{index}"
            if term.opens is None:
                yield address, item
            else:
                yield from addresses_of(item, f"{address}/")
